"""What the samples of a picture mean: size, chroma format, bit depth, colour matrix, range, siting, rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gfv_sei.errors import GfvError

CHROMA = {"400": None, "420": (2, 2), "422": (2, 1), "444": (1, 1)}
"""Chroma formats and how many luma samples a chroma sample covers, horizontally and vertically."""

MATRICES = ("bt709", "bt601", "bt2020")
"""MatrixCoefficients 1, 5 or 6, and 9 of H.273 (8.3)."""

SITINGS = ("left", "center", "topleft")
"""ChromaLocType 0, 1 and 2 of H.273 (8.7). It only matters where chroma is subsampled."""

MAX_SIDE = 32768
MAX_BYTES = 1 << 29
"""Of one picture. 8192x8192 in 16-bit 4:4:4, twice what the highest level of VVC decodes, is 384 MiB."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """The format of a picture; raises GfvError, naming the attribute, if one is out of range.

    width, height  luma samples, 1 to 32768, the picture at most 512 MiB; odd sizes are fine, chroma rounds up
    chroma         "400", "420", "422" or "444"
    bit_depth      8 to 16, the same for luma and chroma
    matrix         "bt709", "bt601" or "bt2020" (non-constant luminance): H.273, clause 8.3
    full_range     VideoFullRangeFlag of H.273: luma from 0, not from 16 (at 8 bits)
    siting         where chroma samples lie: "left", "center" or "topleft" (ChromaLocType 0, 1, 2)
    fps            pictures per second
    """

    width: int
    height: int
    chroma: str = "420"
    bit_depth: int = 8
    matrix: str = "bt709"
    full_range: bool = False
    siting: str = "left"
    fps: Fraction = Fraction(25)

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            _require(name, getattr(self, name), range(1, MAX_SIDE + 1), f"1 to {MAX_SIDE}")
        _require("chroma", self.chroma, CHROMA, ", ".join(CHROMA))
        _require("bit_depth", self.bit_depth, range(8, 17), "8 to 16")
        _require("matrix", self.matrix, MATRICES, ", ".join(MATRICES))
        _require("siting", self.siting, SITINGS, ", ".join(SITINGS))
        if not isinstance(self.fps, Fraction) or self.fps <= 0:
            raise GfvError("the picture rate is a positive Fraction", element="fps", value=self.fps)
        if self.picture_bytes > MAX_BYTES:
            raise GfvError(
                "one picture would take too much memory",
                element="width x height",
                value=f"{self.width}x{self.height}",
                allowed=f"at most {MAX_BYTES} bytes a picture; this format takes {self.picture_bytes}",
            )

    @property
    def plane_shapes(self) -> tuple[tuple[int, int], ...]:
        """(rows, columns) of Y, Cb and Cr, or of Y alone for 4:0:0."""
        step = CHROMA[self.chroma]
        if step is None:
            return ((self.height, self.width),)
        chroma = (-(-self.height // step[1]), -(-self.width // step[0]))
        return ((self.height, self.width), chroma, chroma)

    @property
    def sample_bytes(self) -> int:
        """Bytes of a sample in memory and in raw and Y4M files: 1 for 8 bits, 2 (little-endian) above."""
        return 1 if self.bit_depth == 8 else 2

    @property
    def picture_bytes(self) -> int:
        """Bytes of all planes."""
        return self.sample_bytes * sum(rows * columns for rows, columns in self.plane_shapes)

    @property
    def peak(self) -> int:
        """Largest value that a sample can have."""
        return (1 << self.bit_depth) - 1

    def but(self, **changes: Any) -> PictureFormat:
        """The same format but for some attributes."""
        return replace(self, **changes)

    def difference(self, other: PictureFormat) -> str:
        """In words, the attributes that differ, empty if none does: ``width 64 against 96, chroma ...``."""
        pairs = ((n, getattr(self, n), getattr(other, n)) for n in self.__slots__)
        return ", ".join(f"{name} {ours} against {theirs}" for name, ours, theirs in pairs if ours != theirs)


def _require(name: str, value: Any, allowed: Any, words: str) -> None:
    if isinstance(value, bool) or value not in allowed:
        raise GfvError("not a picture format that we know", element=name, value=value, allowed=words)
