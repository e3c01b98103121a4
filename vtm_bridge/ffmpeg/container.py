"""Elementary streams into containers, from wherever they come; the work is in :mod:`gfv_sei.containers`."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from gfv_sei import containers
from gfv_sei.containers import demux_to_annexb
from gfv_sei.nal.detect import detect_codec
from gfv_sei.process import DEFAULT_TIMEOUT
from vtm_bridge.codec import Source
from vtm_bridge.ffmpeg.command import pieces

__all__ = ["demux_to_annexb", "mux"]

_START = 1 << 16


def mux(
    annexb: Source,
    out: str | os.PathLike[str],
    fps: Fraction | int | float = 25,
    *,
    codec: str | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Wrap an elementary stream into a container at a constant rate; see :func:`gfv_sei.containers.mux`.

    ``codec`` None finds it out from the stream.
    """
    if not isinstance(annexb, str | os.PathLike):
        with TemporaryDirectory(prefix="gfv-mux-") as folder:
            path = Path(folder, "stream")
            with path.open("wb") as file:
                file.writelines(pieces(annexb))
            return mux(path, out, fps, codec=codec, timeout=timeout)
    if codec is None:
        with Path(annexb).open("rb") as file:
            codec = detect_codec(file.read(_START)).name
    return containers.mux(annexb, out, fps, codec=codec, timeout=timeout)
