"""What the parameter sets of the three codecs have in common: they may be broken, they repeat, and they have numbers.

Streams repeat their parameter sets, many before every picture. So what was read is kept by the bytes it was read from,
and a repetition costs one look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from gfv_sei.bits import EndOfBits, LongPrefix

T = TypeVar("T")

# How many parameter sets, and of which size, are kept to be recognized. Larger ones are read each time.
_KEPT = 64
_KEPT_SIZE = 4096


class OutOfRangeError(Exception):
    """A syntax element has a value that the standard does not allow, so what follows it cannot be trusted."""


UNREADABLE = (EndOfBits, LongPrefix, OutOfRangeError)
"""What readers of parameter sets and slice headers raise where the bits are broken."""


def limited(value: int, most: int) -> int:
    """The value, if it is not above what is allowed."""
    if value > most:
        raise OutOfRangeError
    return value


class PictureFormat(NamedTuple):
    """Sizes in luma samples and sample formats of a picture.

    width, height               of what is output, inside of the cropping or conformance window
    coded_width, coded_height   of what is coded
    chroma_format               chroma_format_idc: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
    """

    width: int
    height: int
    coded_width: int
    coded_height: int
    chroma_format: int
    bit_depth: int
    chroma_bit_depth: int

    def to_dict(self) -> dict[str, int | str]:
        """Under the names above, the chroma format in its usual notation."""
        return {**self._asdict(), "chroma_format": ("4:0:0", "4:2:0", "4:2:2", "4:4:4")[self.chroma_format]}


def chroma_units(chroma_format: int) -> tuple[int, int]:
    """SubWidthC and SubHeightC, with 1 for monochrome: the units of cropping and conformance windows."""
    return (1, 2, 2, 1)[chroma_format], (1, 2, 1, 1)[chroma_format]


class Store(Generic[T]):
    """The parameter sets of one kind, by their number and layer; ``read`` gives the number and the content."""

    def __init__(self, read: Callable[[bytes], tuple[int, T]]) -> None:
        self.read = read
        self.sets: dict[tuple[int, int], T] = {}
        self.seen: dict[bytes, tuple[int, T]] = {}

    def add(self, nal: bytes, layer_id: int = 0) -> T | None:
        """Take a parameter set and return its content; a broken one is as good as none."""
        found = self.seen.get(nal)
        if found is None:
            try:
                found = self.read(nal)
            except UNREADABLE:
                return None
            if len(self.seen) >= _KEPT:
                self.seen.clear()
            if len(nal) <= _KEPT_SIZE:
                self.seen[nal] = found
        self.sets[layer_id, found[0]] = found[1]
        return found[1]

    def get(self, number: int, layer_id: int = 0) -> T | None:
        """The parameter set that a picture of this layer refers to: its own layer's, else one of a lower layer."""
        found = self.sets.get((layer_id, number))
        while found is None and layer_id > 0:
            layer_id -= 1
            found = self.sets.get((layer_id, number))
        return found
