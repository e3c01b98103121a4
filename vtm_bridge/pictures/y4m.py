"""YUV4MPEG2 (``.y4m``): a one-line header with tags, then ``FRAME`` and the planes for each picture.

The format comes from mjpegtools (yuv4mpeg(5)); the ``C`` tags for more than 8 bits and ``XCOLORRANGE`` are
ffmpeg's. It has no tag for the colour matrix, and none for the chroma siting above 8 bits. We write those as
comments ``XGFV_MATRIX=`` and ``XGFV_SITING=``, which others skip and our reader understands; without them the
reader takes what its caller says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import BinaryIO

from gfv_sei.errors import GfvError
from vtm_bridge.pictures.format import MATRICES, SITINGS, PictureFormat
from vtm_bridge.pictures.picture import Picture
from vtm_bridge.pictures.raw import read_planes, require_format

MAGIC = b"YUV4MPEG2"
MAX_LINE = 4096
"""Bytes of a header or FRAME line; real ones have below 200."""

_SITED = {"420jpeg": "center", "420mpeg2": "left", "420paldv": "topleft", "420": "center"}
_INTERLACE = {
    "p": "progressive",
    "t": "top field first",
    "b": "bottom field first",
    "m": "mixed",
    "?": "unknown",
}
_CHROMA_WORDS = "420jpeg, 420mpeg2, 420paldv, 420, 422, 444, mono, and 420p9, 422p9, 444p9, mono9 up to 16"


@dataclass(frozen=True, slots=True)
class Y4MHeader:
    """The header line, taken apart.

    ``interlace`` is one of p, t, b, m and ?; ``aspect`` the sample aspect ratio or None where it is not
    known; ``comments`` the X tags and ``unknown`` the tags of other letters, both without loss and in their
    order.
    """

    format: PictureFormat
    interlace: str = "p"
    aspect: Fraction | None = None
    comments: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tags:
    width: int = 0
    height: int = 0
    fps: Fraction = Fraction(25)
    interlace: str = "p"
    aspect: Fraction | None = None
    chroma: tuple[str, int, str | None] = ("420", 8, "center")
    comments: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Y4MReader:
    """Iterates over the pictures of a Y4M file or pipe, which stays open.

    ``matrix``, ``full_range`` and ``siting`` are for what the header does not say. A header without rate,
    or with the ``0:0`` that stands for an unknown one, gives 25 pictures per second; one without ``C`` is
    4:2:0 with JPEG siting, as mjpegtools has it. Raises GfvError for a header that is broken or asks for
    too much memory (with tag, value and what is allowed), for a file that ends within a picture, and for
    samples that exceed the bit depth.
    """

    def __init__(
        self, file: BinaryIO, *, matrix: str = "bt709", full_range: bool = False, siting: str = "left"
    ) -> None:
        self._file = file
        self._index = 0
        self.header = parse_header(_line(file, "the Y4M header"), matrix, full_range, siting)
        self.format = self.header.format

    def __iter__(self) -> Iterator[Picture]:
        return self

    def __next__(self) -> Picture:
        start = self._file.read(1)
        if not start:
            raise StopIteration
        line = start + _line(self._file, f"the FRAME line of picture {self._index}")
        if line.split(b" ", 1)[0] != b"FRAME":
            raise GfvError(
                f"picture {self._index} does not start with its FRAME line",
                element="line",
                value=_shown(line),
                allowed="FRAME, then tags",
            )
        picture = read_planes(self._file, self.format, self._index, may_end=False)
        assert picture is not None
        self._index += 1
        return picture


class Y4MWriter:
    """Writes pictures of one format to a binary file or pipe, which stays open; the header goes out at
    once.
    """

    def __init__(self, file: BinaryIO, format: PictureFormat) -> None:
        self.format = format
        self._file = file
        file.write(header_line(format))

    def write(self, picture: Picture) -> None:
        """Append one picture; GfvError if its format is another."""
        require_format(self.format, picture)
        self._file.write(b"FRAME\n")
        for block in picture.blocks():
            self._file.write(block)


def header_line(format: PictureFormat) -> bytes:
    """The header for a format, with its line feed."""
    depth = format.bit_depth
    if format.chroma == "400":
        chroma = "mono" if depth == 8 else f"mono{depth}"
    elif depth > 8:
        chroma = f"{format.chroma}p{depth}"
    elif format.chroma == "420":
        chroma = {"center": "420jpeg", "left": "420mpeg2", "topleft": "420paldv"}[format.siting]
    else:
        chroma = format.chroma
    words = (
        MAGIC.decode(),
        f"W{format.width}",
        f"H{format.height}",
        f"F{format.fps.numerator}:{format.fps.denominator}",
        "Ip",
        "A1:1",
        f"C{chroma}",
        f"XCOLORRANGE={'FULL' if format.full_range else 'LIMITED'}",
        f"XGFV_MATRIX={format.matrix}",
        f"XGFV_SITING={format.siting}",
    )
    return " ".join(words).encode() + b"\n"


def parse_header(line: bytes, matrix: str = "bt709", full_range: bool = False, siting: str = "left") -> Y4MHeader:
    """Take a header line (without its line feed) apart; see Y4MReader for the arguments and the errors."""
    words = line.split(b" ")
    if words[0] != MAGIC:
        raise GfvError("not a Y4M file", element="first word", value=_shown(words[0]), allowed=MAGIC.decode())
    tags = _Tags()
    seen: set[str] = set()
    for word in words[1:]:
        if word:
            _take(word.decode("latin-1"), tags, seen)
    for letter, name in (("W", "width"), ("H", "height")):
        if letter not in seen:
            what = f"the Y4M header has no {name}"
            raise GfvError(what, element=f"tag {letter}", allowed="a positive integer")
    chroma, depth, sited = tags.chroma
    stated = dict(comment.partition("=")[::2] for comment in tags.comments)
    ranged = {"FULL": True, "LIMITED": False}.get(stated.get("COLORRANGE", ""), full_range)
    ours = stated.get("GFV_SITING", "")
    format = PictureFormat(
        tags.width,
        tags.height,
        chroma,
        depth,
        stated["GFV_MATRIX"] if stated.get("GFV_MATRIX") in MATRICES else matrix,
        ranged,
        sited or (ours if ours in SITINGS else siting),
        tags.fps,
    )
    return Y4MHeader(format, tags.interlace, tags.aspect, tuple(tags.comments), tuple(tags.unknown))


def _take(word: str, tags: _Tags, seen: set[str]) -> None:
    letter, value = word[0], word[1:]
    if letter in "WHFIAC":
        if letter in seen:
            raise _broken(letter, value, "each of W, H, F, I, A and C once")
        seen.add(letter)
    match letter:
        case "W":
            tags.width = _positive(letter, value)
        case "H":
            tags.height = _positive(letter, value)
        case "F":
            tags.fps = _ratio(letter, value) or Fraction(25)
        case "A":
            tags.aspect = _ratio(letter, value)
        case "I":
            if value not in _INTERLACE:
                raise _broken(letter, value, ", ".join(f"{k} ({v})" for k, v in _INTERLACE.items()))
            tags.interlace = value
        case "C":
            tags.chroma = _chroma(value)
        case "X":
            tags.comments.append(value)
        case _:
            tags.unknown.append(word)


def _broken(letter: str, value: str, allowed: str) -> GfvError:
    return GfvError("a tag of the Y4M header is broken", element=f"tag {letter}", value=_shown(value), allowed=allowed)


def _shown(text: str | bytes) -> str:
    return repr(text[:60])


def _positive(letter: str, value: str) -> int:
    # Nine digits are more than any size has; int() alone takes signs, underscores and other scripts' digits.
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", value, re.ASCII) or len(value) > 40:
        raise _broken(letter, value, "a positive integer")
    return int(value)


def _ratio(letter: str, value: str) -> Fraction | None:
    match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", value, re.ASCII)
    if match is None:
        raise _broken(letter, value, "numerator:denominator")
    top, bottom = int(match[1]), int(match[2])
    if top == 0 and bottom in (0, 1):
        return None
    if top == 0 or bottom == 0:
        raise _broken(letter, value, "two positive integers, or 0:0 where it is not known")
    return Fraction(top, bottom)


def _chroma(value: str) -> tuple[str, int, str | None]:
    """Chroma format, bit depth, and the siting where the tag says it."""
    if value in _SITED:
        return "420", 8, _SITED[value]
    match = re.fullmatch(r"(420|422|444)p([0-9]{1,2})|(422|444)|mono([0-9]{1,2})?", value, re.ASCII)
    if match is None:
        raise _broken("C", value, _CHROMA_WORDS)
    depth = int(match[2] or match[4] or 8)
    if not 8 <= depth <= 16:
        raise _broken("C", value, _CHROMA_WORDS)
    return match[1] or match[3] or "400", depth, None


def _line(file: BinaryIO, what: str) -> bytes:
    line = file.readline(MAX_LINE + 1)
    if not line.endswith(b"\n"):
        short = len(line) <= MAX_LINE
        raise GfvError(f"the file ends within {what}" if short else f"{what} is longer than {MAX_LINE} bytes")
    return line[:-1]
