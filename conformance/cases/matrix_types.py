"""Matrices: every type, how their number and size are coded, bounds of numbers and sizes."""

from __future__ import annotations

from conformance.case import case
from conformance.numbers import keypoints, matrices
from conformance.sketch import Face, Sketch


def in_all_messages(s: Sketch, face: Face, *shapes: tuple[int, int, int, int], points: int = 0, axes: int = 2) -> None:
    """A base message, two further ones, and a driving one, each with matrices of these shapes.

    A shape is type, number, rows, columns; ``points`` are the keypoints beside them.
    """
    for step in range(4):
        s.au = step // 3
        said = {"matrices": [matrices(*shape, k, step) for k, shape in enumerate(shapes)]}
        if points:
            said["coordinates"] = keypoints(points, step, axes=axes)
        (face.base, face.further, face.further, face.driving)[step](**said)


@case("MAT_A", "affine matrices, one for each keypoint", "wide")
def affine(s: Sketch) -> None:
    """Type 0 with as many 2x2 matrices as there are keypoints, which one flag says; in a second face 3x3 matrices."""
    in_all_messages(s, s.face(1), (0, 6, 2, 2), points=6)
    s.au = 0
    in_all_messages(s, s.face(2), (0, 5, 3, 3), points=5, axes=3)


@case("MAT_B", "covariance matrices, one for each keypoint", "wide")
def covariance(s: Sketch) -> None:
    """Type 1 with as many 2x2 matrices as there are keypoints; in a second face 3x3 matrices."""
    in_all_messages(s, s.face(1), (1, 6, 2, 2), points=6)
    s.au = 0
    in_all_messages(s, s.face(2), (1, 5, 3, 3), points=5, axes=3)


@case("MAT_C", "numbers of matrices that are not that of the keypoints")
def other_numbers(s: Sketch) -> None:
    """Types 0 and 1 with every number from 1 to 9 for 5 keypoints, and with 1 or 2 for a single one.

    gfv_num_matrices_info counts the numbers below that of the keypoints and, leaving that one out, those above it.
    """
    for number in (1, 2, 3, 4, 6, 7, 8, 9):
        for type_idx in (0, 1):
            s.face(10 * number + type_idx).base(
                coordinates=keypoints(5), matrices=[matrices(type_idx, number, 2, 2, number)]
            )
    for number in (1, 2):
        s.face(number).base(coordinates=keypoints(1), matrices=[matrices(0, number, 2, 2)])


@case("MAT_D", "the largest number of affine matrices")
def largest_info(s: Sketch) -> None:
    """gfv_num_matrices_info 1023: 1025 matrices beside one keypoint, and 1024 beside 1030 keypoints."""
    q = {"gfv_matrix_element_precision_factor_minus1": 0}
    s.face(0).base(coordinates=keypoints(1), matrices=[matrices(0, 1025, 2, 2, q=1)], **q)
    s.face(1).base(coordinates=keypoints(1030), matrices=[matrices(0, 1024, 2, 2, q=1)], **q)


@case("MAT_E", "mouth and eyes", "wide")
def mouth_and_eyes(s: Sketch) -> None:
    """Types 2 and 3, of which there is one matrix each of any size: alone, together, and beside keypoints."""
    in_all_messages(s, s.face(0), (2, 1, 6, 1))
    s.au = 0
    in_all_messages(s, s.face(1), (3, 1, 1, 1))
    s.au = 0
    in_all_messages(s, s.face(2), (2, 1, 2, 5), (3, 1, 3, 1), points=2)


@case("MAT_F", "head pose without keypoints", "wide")
def head_alone(s: Sketch) -> None:
    """Types 4, 5 and 6 in messages without keypoints: a flag of each type says whether it is in three dimensions.

    Rotation is 2x2 or 3x3, translation and location have two or three rows and one column. One face has all flags 0,
    one all 1, one both.
    """
    in_all_messages(s, s.face(2), (4, 1, 2, 2), (5, 1, 2, 1), (6, 1, 2, 1))
    s.au = 0
    in_all_messages(s, s.face(3), (4, 1, 3, 3), (5, 1, 3, 1), (6, 1, 3, 1))
    s.au = 0
    in_all_messages(s, s.face(4), (4, 1, 3, 3), (5, 1, 2, 1), (6, 1, 3, 1))


@case("MAT_G", "head pose beside keypoints", "wide")
def head_beside_keypoints(s: Sketch) -> None:
    """Types 4, 5 and 6 beside keypoints, whose dimensions they have; no flag is coded.

    The driving message inherits the flag of z, and with it the size of its matrices, from the base message.
    """
    in_all_messages(s, s.face(2), (4, 1, 2, 2), (5, 1, 2, 1), (6, 1, 2, 1), points=4)
    s.au = 0
    in_all_messages(s, s.face(3), (4, 1, 3, 3), (5, 1, 3, 1), (6, 1, 3, 1), points=4, axes=3)


@case("MAT_H", "compact features", "wide")
def compact_features(s: Sketch) -> None:
    """Type 7 with one 4x4 matrix, with several, and with matrices that are not square, in both directions."""
    for gfv_id, shape in enumerate(((7, 1, 4, 4), (7, 3, 2, 2), (7, 2, 5, 3), (7, 2, 3, 5), (7, 1, 1, 20))):
        s.au = 0
        in_all_messages(s, s.face(gfv_id), shape)


@case("MAT_I", "all types for applications")
def application_types(s: Sketch) -> None:
    """Types 8 to 31, all in one message, each of another number and size; then predicted from it."""
    face = s.face(0)
    shapes = [(kind, 1 + kind % 3, 1 + kind % 4, 1 + kind % 5) for kind in range(8, 32)]
    face.base(matrices=[matrices(*shape) for shape in shapes])
    face.further(matrices=[matrices(*shape, 0, 1) for shape in shapes], predict=1)


@case("MAT_J", "every type in one message", "wide")
def every_type(s: Sketch) -> None:
    """Types 0 to 8 together, with keypoints in three dimensions, in ascending order and in descending order.

    Elements that only some types have (number, width, height, flags) belong to the type that codes them, whatever
    stands before it.
    """
    shapes = [
        *((0, 4, 3, 3), (1, 2, 3, 3), (2, 1, 2, 1), (3, 1, 1, 2), (4, 1, 3, 3), (5, 1, 3, 1), (6, 1, 3, 1)),
        *((7, 2, 2, 3), (8, 1, 3, 2)),
    ]
    in_all_messages(s, s.face(1), *shapes, points=4, axes=3)
    s.au = 0
    in_all_messages(s, s.face(2), *shapes[::-1], points=4, axes=3)


@case("MAT_K", "a type more than once", "wide")
def a_type_twice(s: Sketch) -> None:
    """The same type several times in one message, with the same and with other sizes; affine matrices twice."""
    in_all_messages(s, s.face(1), (7, 1, 2, 2), (7, 1, 2, 2), (7, 2, 3, 1), (2, 1, 2, 2), (2, 1, 1, 1))
    s.au = 0
    in_all_messages(s, s.face(2), (0, 3, 2, 2), (0, 4, 2, 2), (1, 3, 2, 2), points=3)


@case("MAT_L", "reserved types", notices=("GFV-MAT-001",))
def reserved_types(s: Sketch) -> None:
    """Types 32 and 63, which are reserved, beside type 7; the syntax gives them number, width and height.

    A decoder ignores the message that has them, so no other one relies on it.
    """
    face = s.face(0)
    face.base(coordinates=keypoints(3), matrices=[matrices(7, 1, 2, 2)])
    said = [matrices(7, 1, 2, 2), matrices(32, 2, 1, 3), matrices(63, 1, 3, 1)]
    face.further(coordinates=keypoints(3, 1), matrices=said, predict=0)


@case("MAT_M", "64 types in a message")
def many_types(s: Sketch) -> None:
    """gfv_num_matrix_types_minus1 63, each with one element; and one type alone."""
    face = s.face(0)
    face.base(matrices=[matrices(8 + k % 24, 1, 1, 1, k) for k in range(64)])
    face.further(matrices=[matrices(8 + k % 24, 1, 1, 1, k, 1) for k in range(64)], predict=1)


@case("MAT_N", "the largest numbers and sizes")
def largest_sizes(s: Sketch) -> None:
    """Number, width and height of 1024, one at a time, and of 1: gfv_num_matrices_minus1 and its like 1023 and 0."""
    q = {"gfv_matrix_element_precision_factor_minus1": 0}
    for gfv_id, shape in enumerate(
        ((7, 1024, 1, 1), (8, 1, 1, 1024), (31, 1, 1024, 1), (2, 1, 1, 1024), (3, 1, 1024, 1))
    ):
        face = s.face(gfv_id)
        face.base(matrices=[matrices(*shape, q=1)], **q)
        face.further(matrices=[matrices(*shape, 0, 1, q=1)], predict=1)
    s.face(9).base(matrices=[matrices(7, 1, 1, 1, q=1)], **q)
