"""One picture: a format and its planes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gfv_sei.errors import GfvError
from vtm_bridge.pictures.format import PictureFormat

Plane = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

PLANE_NAMES = ("Y", "Cb", "Cr")


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A picture: ``planes`` are Y, Cb, Cr (Y alone for 4:0:0) as arrays [rows, columns].

    The arrays are uint8 at 8 bits and uint16 above, their shapes those of ``format.plane_shapes``; GfvError
    if not. They are not copied. Values are not looked at here, that is what ``check_range`` is for.
    """

    format: PictureFormat
    planes: tuple[Plane, ...]

    def __post_init__(self) -> None:
        shapes = self.format.plane_shapes
        if len(self.planes) != len(shapes):
            raise GfvError("wrong number of planes", element="planes", value=len(self.planes), allowed=str(len(shapes)))
        dtype = sample_type(self.format)
        for name, plane, shape in zip(PLANE_NAMES, self.planes, shapes, strict=False):
            if plane.shape != shape or plane.dtype != dtype:
                raise GfvError(
                    "the array does not fit the format",
                    element=f"plane {name}",
                    value=f"{plane.dtype} {plane.shape}",
                    allowed=f"{dtype} {shape}",
                )

    def check_range(self) -> Picture:
        """The picture itself, or GfvError if a sample exceeds the bit depth."""
        if self.format.bit_depth not in (8, 16):
            for name, plane in zip(PLANE_NAMES, self.planes, strict=False):
                top = int(plane.max())
                if top > self.format.peak:
                    raise GfvError(
                        f"a sample exceeds {self.format.bit_depth} bits",
                        element=f"plane {name}",
                        value=top,
                        allowed=f"0 to {self.format.peak}",
                    )
        return self

    def blocks(self) -> Iterator[memoryview]:
        """The planes as files hold them, one after the other, little-endian; no copy where none is needed."""
        for plane in self.planes:
            little: Any = plane.dtype.newbyteorder("<")
            yield np.ascontiguousarray(plane, dtype=little).data.cast("B")

    def same_samples(self, other: Picture) -> bool:
        """Whether all samples are equal."""
        return len(self.planes) == len(other.planes) and all(
            np.array_equal(a, b) for a, b in zip(self.planes, other.planes, strict=True)
        )


def sample_type(format: PictureFormat) -> np.dtype[Any]:
    """The array type of a plane."""
    return np.dtype(np.uint8) if format.bit_depth == 8 else np.dtype(np.uint16)
