"""Raw planar files (``.yuv``): Y, Cb, Cr of one picture after the other and nothing else.

Samples above 8 bits are 16-bit little-endian, as the reference encoders and ffmpeg write them. The format
has to be known from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from gfv_sei.errors import GfvError
from vtm_bridge.pictures.format import PictureFormat
from vtm_bridge.pictures.picture import Picture, Plane, sample_type


class RawReader:
    """Iterates over the pictures of a raw planar file or pipe, which stays open.

    GfvError if the file ends within a picture (it says how many bytes are missing) or a sample exceeds the
    bit depth.
    """

    def __init__(self, file: BinaryIO, format: PictureFormat) -> None:
        self.format = format
        self._file = file
        self._index = 0

    def __iter__(self) -> Iterator[Picture]:
        return self

    def __next__(self) -> Picture:
        picture = read_planes(self._file, self.format, self._index, may_end=True)
        if picture is None:
            raise StopIteration
        self._index += 1
        return picture


class RawWriter:
    """Writes pictures of one format to a binary file or pipe, which stays open."""

    def __init__(self, file: BinaryIO, format: PictureFormat) -> None:
        self.format = format
        self._file = file

    def write(self, picture: Picture) -> None:
        """Append one picture; GfvError if its format is another."""
        require_format(self.format, picture)
        for block in picture.blocks():
            self._file.write(block)


def require_format(format: PictureFormat, picture: Picture) -> None:
    """GfvError, saying what differs, unless the picture has this format."""
    if picture.format != format:
        raise GfvError(f"the picture's format differs from the first's: {picture.format.difference(format)}")


def read_planes(file: BinaryIO, format: PictureFormat, index: int, *, may_end: bool) -> Picture | None:
    """Read the samples of picture ``index``; None at the end of the file where that is allowed."""
    dtype = sample_type(format).newbyteorder("<")
    planes: list[Plane] = []
    taken = 0
    for shape in format.plane_shapes:
        plane: npt.NDArray[Any] = np.empty(shape, dtype)
        got = _fill(file, plane.data.cast("B"))
        taken += got
        if got < plane.nbytes:
            if may_end and taken == 0:
                return None
            raise GfvError(
                f"the file ends within picture {index}: "
                f"{format.picture_bytes - taken} of {format.picture_bytes} bytes are missing"
            )
        planes.append(plane.astype(sample_type(format), copy=False))
    return Picture(format, tuple(planes)).check_range()


def _fill(file: BinaryIO, view: memoryview) -> int:
    """Read until the view is full or the file ends; pipes hand out less than asked for."""
    into = getattr(file, "readinto", None)
    done = 0
    while done < len(view):
        if into is not None:
            got = into(view[done:]) or 0
        else:
            piece = file.read(len(view) - done)
            got = len(piece)
            view[done : done + got] = piece
        if not got:
            break
        done += got
    return done
