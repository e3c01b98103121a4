"""The video of a container as a byte stream."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from gfv_sei.containers.command import CODEC_OF, GIVEN, start
from gfv_sei.errors import StreamError, ToolError
from gfv_sei.process import CHUNK, DEFAULT_TIMEOUT, Child

_SPOOL_BLOCK = 1 << 18
# Set in by two characters: titles and the like may hold such a line too, but are set in further.
_VIDEO = re.compile(r"\[info\]   Stream #0:\d+.*?: Video: (\w+)")


@contextmanager
def demux(path: Path | None, piped: Any = None, timeout: float | None = DEFAULT_TIMEOUT) -> Iterator[Any]:
    """The first video stream of a container as a byte stream that is open for reading.

    ``piped`` is read, and kept in a temporary file, where there is no path: ffmpeg has to look at a container twice,
    and MP4 may keep its index at the end. Where a container keeps parameter sets apart, HEVC and VVC streams get those
    in front of each random access picture, even if the stream repeats them itself. Raises StreamError if there is no
    video of ours in it.
    """
    with ExitStack() as stack:
        if path is None:
            copy = stack.enter_context(tempfile.NamedTemporaryFile(prefix="gfv-"))
            _spool(piped, copy)
            path = Path(copy.name)
        codec = codec_of(path, timeout)
        copy_video = ["-map", "0:v:0", "-c", "copy", "-f", codec, "pipe:1"]
        command = [*start("error"), *GIVEN, *copy_video]
        yield stack.enter_context(Child(command, stdin=path, timeout=timeout)).stdout


def demux_to_annexb(path: str | os.PathLike[str], *, timeout: float | None = DEFAULT_TIMEOUT) -> Iterator[bytes]:
    """The first video stream of a file as pieces of a byte stream; see ``demux``."""
    if not Path(path).exists():
        raise StreamError(f"there is no file {os.fspath(path)}")
    with demux(Path(path), timeout=timeout) as file:
        while piece := file.read1(CHUNK):
            yield piece


def codec_of(path: Path, timeout: float | None = DEFAULT_TIMEOUT) -> str:
    """ffmpeg's name of the raw format of the first video stream, which says its codec."""
    found: list[str] = []
    opened = False

    def listen(line: str) -> bool:
        nonlocal opened
        opened = opened or line.startswith("[info] Input #0")
        match = _VIDEO.match(line)
        if match:
            found.append(match[1])
        return "[error]" in line or "[fatal]" in line

    try:
        # Without an output ffmpeg says what its input is, and ends with an error.
        with Child([*start("info"), *GIVEN], stdin=path, on_stderr=listen, timeout=timeout):
            pass
    except ToolError as error:
        if not opened:
            last = (error.wrote or (error.reason,))[-1].split("] ")[-1]
            raise StreamError(f"neither an Annex B byte stream nor a container that ffmpeg reads: {last}") from error
    if not found:
        raise StreamError("the container holds no video")
    if found[0] not in CODEC_OF:
        raise StreamError("not a video codec of ours", element="codec", value=found[0], allowed="vvc, hevc, h264")
    return found[0]


def _spool(piped: Any, file: Any) -> None:
    buffer = bytearray(_SPOOL_BLOCK)
    with memoryview(buffer) as view:
        while got := piped.readinto(view):
            file.write(view[:got])
    file.flush()
