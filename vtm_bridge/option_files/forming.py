"""How many matrices of which size the encoders make of the options of one matrix type.

VTM and HM do this twice, and not alike: the option reader takes numbers off the list of elements, then the builder of
the message picks from what the reader kept (entry 28 of the comparison of reference software). Where both agree, and
agree with the syntax, an option file means what it seems to mean.
"""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.syntax.matrices import COMPACT_FEATURE, HEAD_ROTATION, PER_KEYPOINT, SIZED

Size = tuple[int, int, int]
"""Matrices, rows, columns."""


class TypeOptions(NamedTuple):
    """The options of one matrix type, in the numbers of the option file."""

    type_idx: int
    equal: int
    info: int
    space: int
    number: int
    width: int
    height: int


CARRIED = (
    "gfv_matrix_type_idx",
    "gfv_num_matrices_equal_to_num_kps_flag",
    "gfv_num_matrices_info",
    "gfv_matrix_for_3D_space_flag",
    "gfv_num_matrices_minus1",
    "gfv_matrix_width_minus1",
    "gfv_matrix_height_minus1",
)
"""What carries the fields of TypeOptions, in their order."""


def number_of_matrices(options: TypeOptions, points: int | None) -> int:
    """How many matrices there are; ``points`` is the number of keypoints, None in a message without."""
    if options.type_idx in PER_KEYPOINT:
        if points is None:
            return options.info + 1
        if options.equal:
            return points
        return options.info + (1 if options.info < points - 1 else 2)
    return options.number if options.type_idx >= COMPACT_FEATURE else 1


def read_size(options: TypeOptions, points: int | None, three_d: int) -> Size:
    """What the option reader takes off the list of elements."""
    return _size(options, points, bool(three_d or options.space))


def built_size(options: TypeOptions, points: int | None, three_d: int) -> Size:
    """What the builder of the message takes from what was read; this is what is coded."""
    if options.type_idx in PER_KEYPOINT or points is not None:
        return _size(options, points, bool(three_d))
    return _size(options, points, bool(options.space))


def _size(options: TypeOptions, points: int | None, three_d: bool) -> Size:
    number = number_of_matrices(options, points)
    if options.type_idx in SIZED or options.type_idx >= COMPACT_FEATURE:
        return number, options.height, options.width
    d = 3 if three_d else 2
    return number, d, d if options.type_idx in (*PER_KEYPOINT, HEAD_ROTATION) else 1
