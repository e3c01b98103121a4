"""How a message is laid out: what later messages inherit from it, and what its values are computed with.

A description returns one of these. They are what is left of a message when its values are taken away: counts, sizes
and precisions, immutable, so that state can keep them and share them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gfv_sei.syntax.limit import STRUCTURE


class CoordinateLayout(NamedTuple):
    """Of the keypoints: precision q in bits, how many, whether they have z, and the announced maximum of z."""

    precision: int
    num_kps: int
    z_present: int
    z_max: int | None

    @property
    def axes(self) -> str:
        """The letters of the coded axes."""
        return "xyz" if self.z_present else "xy"


class MatrixType(NamedTuple):
    """One matrix type of a message: the type, how many matrices, and their size."""

    type_idx: int
    number: int
    height: int
    width: int

    @property
    def size(self) -> tuple[int, int, int]:
        """Matrices, rows, columns."""
        return (self.number, self.height, self.width)


class MatrixLayout(NamedTuple):
    """Of the matrices: precision q in bits, and the types in coding order."""

    precision: int
    types: tuple[MatrixType, ...]

    @property
    def sizes(self) -> list[int]:
        """How many elements there are of each type."""
        return [number * height * width for _, number, height, width in self.types]

    @property
    def numbers(self) -> int:
        """What it counts for in memory: an entry for each element, and some for each type."""
        return sum(self.sizes) + STRUCTURE * len(self.types)


class GfvLayout(NamedTuple):
    """What one GFV message is, without its values. A part that is absent is None."""

    identifier: tuple[int]
    cnt: int
    base: int
    coordinates: CoordinateLayout | None
    coordinates_predicted: int
    matrices: MatrixLayout | None
    matrices_predicted: int


class PupilLayout(NamedTuple):
    """Of the pupils: precision q in bits (None before any base message with pupils), and which eyes are coded."""

    precision: int | None
    present_idx: int


class GfveLayout(NamedTuple):
    """What one GFVE message is, without its values."""

    identifier: tuple[int, int]
    cnt: int
    base: int
    matrices: MatrixLayout | None
    matrices_predicted: int
    pupils: PupilLayout


class Inherited(NamedTuple):
    """What the messages before left for the next one of the same identifier; None where nothing did.

    coordinates         layout of the keypoints of the last base message that had any
    matrices            layout of the matrices of the last base message that had any
    previous_matrices   layout of the matrices of the last message of any kind that had any
    pupil_precision     precision of the pupils of the last base message that had any
    """

    coordinates: CoordinateLayout | None = None
    matrices: MatrixLayout | None = None
    previous_matrices: MatrixLayout | None = None
    pupil_precision: int | None = None


NOTHING_INHERITED = Inherited()

Known = Callable[..., Inherited]
"""Called by a description with the identifier of the message, as soon as that has been read."""
