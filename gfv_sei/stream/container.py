"""Streams inside of MP4, Matroska, transport streams and whatever else ffmpeg demuxes, as byte streams."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from gfv_sei.errors import StreamError, ToolError
from gfv_sei.process import Child, find_ffmpeg

# The format that ffmpeg writes as a byte stream; its muxer turns length prefixes into start codes by itself.
_RAW_FORMAT = {"h264": "h264", "hevc": "hevc", "vvc": "vvc"}
_SPOOL_BLOCK = 1 << 18
_VIDEO = re.compile(r"Stream #0:\d+.*?: Video: (\w+)")


@contextmanager
def demux(path: Path | None, piped: Any) -> Iterator[Any]:
    """The first video stream of a container as a byte stream that is open for reading.

    ``piped`` is read, and kept in a temporary file, where there is no path. ffmpeg opens the file itself and nothing
    that the file names.
    """
    ffmpeg = find_ffmpeg()
    with ExitStack() as stack:
        if path is None:
            # ffmpeg has to look at a container twice, and MP4 may keep its index at the end.
            copy = stack.enter_context(tempfile.NamedTemporaryFile(prefix="gfv-"))
            _spool(piped, copy)
            path = Path(copy.name)
        start = [ffmpeg, "-hide_banner", "-nostdin", "-protocol_whitelist", "file,pipe"]
        source = ["-i", f"file:{path}"]
        codec = _probe([*start, *source])
        output = ["-map", "0:v:0", "-c", "copy", "-f", _RAW_FORMAT[codec], "pipe:1"]
        child = stack.enter_context(Child([*start, "-loglevel", "error", *source, *output]))
        yield child.stdout


def _spool(piped: Any, file: Any) -> None:
    buffer = bytearray(_SPOOL_BLOCK)
    with memoryview(buffer) as view:
        while got := piped.readinto(view):
            file.write(view[:got])
    file.flush()


def _probe(command: list[str]) -> str:
    """The codec of the first video stream, from what ffmpeg says of its input before it asks for an output."""
    found: list[str] = []

    def listen(line: str) -> None:
        match = _VIDEO.search(line)
        if match:
            found.append(match[1])

    try:
        with Child(command, on_stderr=listen):
            pass
    except ToolError as error:
        # ffmpeg ends with an error whenever no output is named; only without a stream is it one of ours.
        if not found:
            last = error.reason.splitlines()[-1].strip()
            raise StreamError(f"neither an Annex B byte stream nor a container that ffmpeg reads: {last}") from error
    if not found:
        raise StreamError("the container holds no video")
    if found[0] not in _RAW_FORMAT:
        raise StreamError(
            "the video of the container has no SEI", value=found[0], element="codec", allowed="vvc, hevc, avc"
        )
    return found[0]
