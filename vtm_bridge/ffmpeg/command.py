"""What ffmpeg commands share that read or write pictures: inputs, outputs, parameters.

What all ffmpeg commands have in common is in :mod:`gfv_sei.containers.command`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from gfv_sei.containers.command import GIVEN, RAW_FORMAT
from gfv_sei.errors import GfvError
from gfv_sei.files import whole_file
from gfv_sei.process import CHUNK
from vtm_bridge.codec import Source, Target, require_codec

ENVIRONMENT = {"AV_LOG_FORCE_NOCOLOR": "1"}


def take_from(source: Source, codec: str | None = None) -> tuple[list[str], Iterable[bytes] | Path]:
    """The input's arguments for a source, and what standard input is to be."""
    words: list[str] = []
    if codec is not None:
        require_codec(codec)
        words += ["-f", RAW_FORMAT[codec]]
    if isinstance(source, str | os.PathLike):
        if not Path(source).exists():
            raise GfvError(f"there is no file {os.fspath(source)}")
        return [*words, *GIVEN], Path(source)
    return [*words, "-protocol_whitelist", "pipe", "-i", "pipe:0"], pieces(source)


def pieces(source: bytes | BinaryIO | Iterable[bytes]) -> Iterable[bytes]:
    """Bytes, an open file or an iterable as an iterable."""
    if isinstance(source, bytes):
        return (source,)
    if hasattr(source, "read"):
        return _chunks(cast(BinaryIO, source))
    return source


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


@contextmanager
def give_to(target: Target) -> Iterator[BinaryIO]:
    """A binary file for a target; see ``whole_file`` for paths."""
    if isinstance(target, str | os.PathLike):
        with whole_file(target) as path, path.open("wb") as file:
            yield file
    else:
        yield target


def params(**values: Any) -> str:
    """``key=value`` pairs as filters and encoder libraries take them; None leaves one out."""
    return ":".join(f"{key}={value}" for key, value in values.items() if value is not None)
