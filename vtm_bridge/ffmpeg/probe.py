"""What ffmpeg says about a stream, read from the lines that it prints.

There is no ffprobe in imageio-ffmpeg's wheel, and the text is what ffmpeg has offered for twenty years.
What a line does not hold stays None, so another version's wording costs knowledge, not correctness.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from fractions import Fraction

from gfv_sei.containers.command import start, worth_keeping
from gfv_sei.errors import ToolError
from gfv_sei.process import run
from vtm_bridge.codec import Source
from vtm_bridge.ffmpeg.command import take_from

_CODECS = {"vvc": "vvc", "hevc": "hevc", "h264": "avc"}
# The names of ffmpeg for MatrixCoefficients 1, 5, 6 and 9 of H.273.
_MATRIX = {"bt709": "bt709", "bt470bg": "bt601", "smpte170m": "bt601", "bt2020nc": "bt2020"}
_SITING = {"left": "left", "center": "center", "topleft": "topleft"}
# Both at the start of a line, behind the level: titles and the like may hold such lines too, but are set in further.
_VIDEO = re.compile(r"  Stream #(\d+):(\d+).*?: Video: (?P<codec>[\w-]+)(?P<rest>.*)")
_PIXELS = re.compile(r", (?P<format>[a-z][a-z0-9_]+)(?:\((?P<tags>[^)]*)\))?, (?P<w>\d+)x(?P<h>\d+)")
_RATE = re.compile(r", (?P<rate>[\d.]+)(?P<kilo>k?) fps")
# The line "graph ... input" describes the first decoded picture.
_GRAPH = re.compile(r"w:(?P<w>\d+) h:(?P<h>\d+) pixfmt:(?P<format>\S+) .*?csp:(?P<matrix>\S+) range:(?P<range>\S+)")


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """The first video stream of a file.

    ``codec`` is "vvc", "hevc", "avc", or ffmpeg's name of another one. ``pixels`` is ffmpeg's pixel format.
    Size in luma samples after cropping. ``matrix``, ``full_range``, ``siting`` and ``fps`` are None where
    the stream does not say; the rate is rounded to two decimals by ffmpeg, but for the rates over 1001.
    """

    codec: str
    pixels: str
    width: int
    height: int
    matrix: str | None = None
    full_range: bool | None = None
    siting: str | None = None
    fps: Fraction | None = None


class Listener:
    """Collects what the lines of one ffmpeg run say about its input; to be used as ``on_stderr``."""

    def __init__(self) -> None:
        self.info: StreamInfo | None = None
        self.changed = ""
        """In words, if decoded pictures came in another size or pixel format than the first: what was and what is."""
        self.output_began = threading.Event()
        self._in_input = False
        self._decoded = ""

    def __call__(self, line: str) -> bool:
        """Take one line; whether it belongs into an error message."""
        text = re.sub(r"^(\[[^\]]*\] )+", "", line) if line.startswith("[") else ""
        if text.startswith("Input #0"):
            self._in_input = True
        elif text.startswith("Output #0"):
            self._in_input = False
            self.output_began.set()
        elif self._in_input and self.info is None and (found := _VIDEO.match(text)):
            self.info = _from_stream(found)
        elif self.info is not None and (seen := _GRAPH.match(text)) is not None:
            self.info = _with_picture(self.info, seen)
            kind = f"{seen['w']}x{seen['h']} {seen['format']}"
            if self._decoded not in ("", kind):
                self.changed = self.changed or f"from {self._decoded} to {kind}"
            self._decoded = kind
        return worth_keeping(line)


def probe(source: Source, *, timeout: float | None = 60.0) -> StreamInfo:
    """What the first video stream of a file or a raw stream is, without decoding all of it.

    Raises ToolError, with ffmpeg's words, if there is none.
    """
    words, stdin = take_from(source)
    listener = Listener()
    command = [*start("verbose"), *words, "-map", "0:v:0", "-c", "copy", "-frames:v", "1", "-f", "null", "-"]
    run(command, stdin=stdin, timeout=timeout, on_stderr=listener)
    if listener.info is None:
        raise ToolError("ffmpeg said nothing that we understand about the video stream")
    return listener.info


def _from_stream(found: re.Match[str]) -> StreamInfo | None:
    pixels = _PIXELS.search(found["rest"])
    if pixels is None:
        return None
    # In brackets: range, then matrix or matrix/primaries/transfer, scan order, siting; each only where known.
    words = [word for part in (pixels["tags"] or "").split(", ") for word in part.split("/")[:1]]
    speed = _RATE.search(found["rest"])
    return StreamInfo(
        _CODECS.get(found["codec"], found["codec"]),
        pixels["format"],
        int(pixels["w"]),
        int(pixels["h"]),
        _first(_MATRIX, words),
        True if "pc" in words else False if "tv" in words else None,
        _first(_SITING, words),
        None if speed is None else _fps(float(speed["rate"]) * (1000 if speed["kilo"] else 1)),
    )


def _with_picture(info: StreamInfo, seen: re.Match[str]) -> StreamInfo:
    ranged = {"pc": True, "tv": False}.get(seen["range"], info.full_range)
    matrix = _MATRIX.get(seen["matrix"], info.matrix)
    return StreamInfo(info.codec, seen["format"], int(seen["w"]), int(seen["h"]), matrix, ranged, info.siting, info.fps)


def _first(names: dict[str, str], words: list[str]) -> str | None:
    return next((names[word] for word in words if word in names), None)


def _fps(printed: float) -> Fraction | None:
    """The rate that ffmpeg prints with two decimals: 29.97 is 30000/1001."""
    if printed <= 0:
        return None
    ntsc = Fraction(round(printed * 1.001) * 1000, 1001)
    if abs(float(ntsc) - printed) < 0.006 and printed != round(printed):
        return ntsc
    return Fraction(printed).limit_denominator(100)
