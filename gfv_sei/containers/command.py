"""What all ffmpeg commands have in common."""

from __future__ import annotations

import os
import re
from fractions import Fraction

from gfv_sei.errors import GfvError
from gfv_sei.process import find_ffmpeg
from gfv_sei.wording import in_short

RAW_FORMAT = {"vvc": "vvc", "hevc": "hevc", "avc": "h264"}
"""ffmpeg's names of the raw stream formats, by codec."""

CODEC_OF = {name: codec for codec, name in RAW_FORMAT.items()}

# What an input names (a playlist its parts, an index of subtitles those) is opened by the same protocols as the input.
# So an input from outside comes as a file that is open already, and nothing can be named: no address, and no file.
GIVEN = ("-protocol_whitelist", "fd", "-i", "fd:")
"""An input that is the file which ``Child`` gets as ``stdin``, by its path; ffmpeg can seek in it."""

OUR_FILE = ("-protocol_whitelist", "file", "-i")
"""What stands before the name of a file that we wrote, or of a byte stream whose format is given as well."""


def start(level: str = "warning") -> list[str]:
    """The program and what each command begins with. Each line that it prints starts with its level."""
    return [find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", f"level+{level}"]


def worth_keeping(line: str) -> bool:
    """Whether a line of ffmpeg's belongs into an error message: no chatter, no progress, no header of an input."""
    return not re.search(r"\[(info|verbose)\]", line) and not line.startswith(" ")


def file_name(path: str | os.PathLike[str]) -> str:
    """A path as ffmpeg takes it: with ``file:`` in front, no name is mistaken for an option or for a protocol."""
    return f"file:{os.fspath(path)}"


def rate(fps: Fraction | int | float) -> Fraction:
    """A picture rate, in pictures per second, as a fraction; floats go to the nearest with a denominator up to 1001.

    Raises GfvError if it is not positive.
    """
    try:
        exact = fps if isinstance(fps, Fraction) else Fraction(fps).limit_denominator(1001)
    except (TypeError, ValueError, ArithmeticError):  # no number, not a number, infinite
        exact = Fraction(0)
    if exact <= 0:
        raise GfvError("the picture rate must be positive", element="fps", value=in_short(fps))
    return exact


def rate_text(fps: Fraction) -> str:
    """A picture rate as ffmpeg takes it."""
    return f"{fps.numerator}/{fps.denominator}"
