"""The parts that all ffmpeg commands share: start of the line, inputs, outputs, what to keep of its
chatter.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, cast

from gfv_sei.errors import GfvError
from gfv_sei.process import CHUNK, find_ffmpeg
from vtm_bridge.codec import Source, Target, require_codec

RAW_FORMAT = {"vvc": "vvc", "hevc": "hevc", "avc": "h264"}
"""ffmpeg's names of the raw stream formats, which are also the beginnings of its bitstream filters' names."""

ENVIRONMENT = {"AV_LOG_FORCE_NOCOLOR": "1"}


def start(level: str = "warning") -> list[str]:
    """The program and what each command begins with. Each line that it prints starts with its level."""
    return [find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", f"level+{level}"]


def worth_keeping(line: str) -> bool:
    """Whether a line of ffmpeg's belongs into an error message: no chatter, no progress, no header of an
    input.
    """
    return not re.search(r"\[(info|verbose)\]", line) and not line.startswith(" ")


def file_name(path: str | os.PathLike[str]) -> str:
    """A path as ffmpeg takes it: with ``file:`` in front, no name is mistaken for an option or for a
    protocol.
    """
    return f"file:{os.fspath(path)}"


def take_from(source: Source, codec: str | None = None) -> tuple[list[str], Iterable[bytes] | None]:
    """The input's arguments for a source, and what to feed to standard input.

    Only files and pipes may be opened, also by what an input (a playlist, an MP4 with references) names
    itself.
    """
    words = ["-protocol_whitelist", "file,pipe"]
    if codec is not None:
        require_codec(codec)
        words += ["-f", RAW_FORMAT[codec]]
    if isinstance(source, str | os.PathLike):
        if not Path(source).exists():
            raise GfvError(f"there is no file {os.fspath(source)}")
        return [*words, "-i", file_name(source)], None
    return [*words, "-i", "pipe:0"], pieces(source)


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


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A path beside this one to write to; it takes this one's place at the end, or vanishes on an error.

    So there is never half a file of the right name. What exists and is no plain file (a pipe, /dev/null) is
    written to directly.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        yield path
        return
    if not path.parent.is_dir():
        raise GfvError(f"cannot write {path}: there is no folder {path.parent}")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def rate(fps: Fraction | int | float) -> Fraction:
    """A picture rate as a fraction; GfvError if it is not positive. Floats go to the nearest below 1001."""
    exact = fps if isinstance(fps, Fraction) else Fraction(fps).limit_denominator(1001)
    if exact <= 0:
        raise GfvError("the picture rate is positive", element="fps", value=fps)
    return exact


def rate_text(fps: Fraction) -> str:
    """A picture rate as ffmpeg takes it."""
    return f"{fps.numerator}/{fps.denominator}"


def params(**values: Any) -> str:
    """``key=value`` pairs as filters and encoder libraries take them; None leaves one out."""
    return ":".join(f"{key}={value}" for key, value in values.items() if value is not None)
