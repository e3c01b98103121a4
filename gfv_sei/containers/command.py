"""What all ffmpeg commands have in common."""

from __future__ import annotations

import os
import re

from gfv_sei.process import find_ffmpeg

RAW_FORMAT = {"vvc": "vvc", "hevc": "hevc", "avc": "h264"}
"""ffmpeg's names of the raw stream formats, by codec."""

CODEC_OF = {name: codec for codec, name in RAW_FORMAT.items()}

# Only files and pipes may be opened, also by what an input (a playlist, an MP4 with references) names itself.
LOCAL_ONLY = ("-protocol_whitelist", "file,pipe")


def start(level: str = "warning") -> list[str]:
    """The program and what each command begins with. Each line that it prints starts with its level."""
    return [find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", f"level+{level}"]


def worth_keeping(line: str) -> bool:
    """Whether a line of ffmpeg's belongs into an error message: no chatter, no progress, no header of an input."""
    return not re.search(r"\[(info|verbose)\]", line) and not line.startswith(" ")


def file_name(path: str | os.PathLike[str]) -> str:
    """A path as ffmpeg takes it: with ``file:`` in front, no name is mistaken for an option or for a protocol."""
    return f"file:{os.fspath(path)}"
