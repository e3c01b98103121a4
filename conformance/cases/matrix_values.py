"""Elements of matrices: precisions, bounds, signs, and what they are predicted from."""

from __future__ import annotations

from typing import Any

from conformance.case import case
from conformance.numbers import keypoints, matrices
from conformance.sketch import Sketch


def bits(q: int) -> dict[str, int]:
    """The element that says the precision of matrices."""
    return {"gfv_matrix_element_precision_factor_minus1": q - 1}


def one(rows: list[list[float]], type_idx: int = 7) -> list[dict[str, Any]]:
    """One matrix with these rows."""
    return [{"type": type_idx, "elements": [rows]}]


@case("MAT_O", "absolute matrices", "four")
def absolute(s: Sketch) -> None:
    """Absolute matrices in messages of all kinds; each message stands for itself."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 2, 3, 2)])
    face.further(matrices=[matrices(7, 2, 3, 2, 0, 1)], predict=0)
    for s.au in range(1, 4):
        face.driving(matrices=[matrices(7, 2, 3, 2, 0, 2 * s.au)], predict=0)
        face.further(matrices=[matrices(7, 2, 3, 2, 0, 2 * s.au + 1)], predict=0)


@case("MAT_P", "predicted matrices", "four")
def predicted(s: Sketch) -> None:
    """Predicted matrices in messages of all kinds: from the base message with gfv_cnt 0, else from the message before.

    A reader that replaces its base matrices with each message goes wrong from the second picture on.
    """
    face = s.face(1)
    face.base(matrices=[matrices(7, 2, 3, 2), matrices(8, 1, 1, 4, 1)])
    for step in range(1, 4):
        face.further(matrices=[matrices(7, 2, 3, 2, 0, step), matrices(8, 1, 1, 4, 1, step)], predict=1)
    for s.au in range(1, 4):
        for step in range(3):
            write = face.further if step else face.driving
            now = 5 * s.au + step
            write(matrices=[matrices(7, 2, 3, 2, 0, now), matrices(8, 1, 1, 4, 1, now)], predict=1)


@case("MAT_Q", "all precisions of matrices")
def all_precisions(s: Sketch) -> None:
    """Matrices in each precision from 1 to 32 bits, a face for each, with an absolute and a predicted message."""
    for q in range(1, 33):
        face = s.face(q)
        face.base(matrices=[matrices(7, 1, 2, 2, q, q=q)], **bits(q))
        face.further(matrices=[matrices(7, 1, 2, 2, q, 1, q=q)], predict=1)


@case("MAT_R", "bounds of matrix elements")
def bounds(s: Sketch) -> None:
    """0, the smallest fraction, the largest fraction, 1, and the largest integer 2^32 - 2, of both signs.

    Precisions are 1, 8 and 31 bits; a second message of each face changes all signs by prediction.
    """
    for q in (1, 8, 31):
        step = 1 << 32 - q  # in units of 2^-32
        units = [0, step, (1 << 32) - step, 1 << 32, (1 << 32) + step, (2**31 - 1) << 32]
        row = [sign * unit / 2**32 for unit in units for sign in (1, -1)]
        face = s.face(q)
        face.base(matrices=one([row]), **bits(q))
        face.further(matrices=one([row[::-1]]), predict=1)
    largest = s.face(64)
    largest.base(matrices=one([[float(2**32 - 2), -float(2**32 - 2)]]), **bits(1))
    largest.further(matrices=one([[0.0, 0.0]]), predict=1)


@case("MAT_S", "matrices of another layout than the base message", "four")
def other_layouts(s: Sketch) -> None:
    """Absolute matrices of other types, sizes and precision than those of the base message, between predicted ones.

    A message with gfv_cnt 0 is predicted from the base message whatever came between. One with a higher count is
    predicted only where the message before has the layout of the base message.
    """
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    face.further(matrices=[matrices(9, 1, 3, 3)], predict=0)
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 1, q=20)], predict=0, **bits(20))
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 2, q=20)], predict=1)
    s.au = 1
    face.driving(matrices=[matrices(7, 2, 1, 1)], predict=0)
    s.au = 2
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 3)], predict=1)
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 4)], predict=1)


@case("MAT_T", "keypoints predicted and matrices not, and the reverse", "four")
def each_for_itself(s: Sketch) -> None:
    """All four combinations of the two prediction flags in messages of all kinds but base messages."""
    face = s.face(1)
    points, numbers = keypoints(3), [matrices(0, 3, 2, 2)]
    face.base(coordinates=points, matrices=numbers, gfv_kps_pred_flag=1)
    for s.au in range(4):
        for k in range(4):
            if not (s.au or k):
                continue
            step = 4 * s.au + k
            write = face.further if k else face.driving
            write(
                coordinates=keypoints(3, step),
                matrices=[matrices(0, 3, 2, 2, 0, step)],
                gfv_kps_pred_flag=(k + s.au) % 2,
                gfv_matrix_pred_flag=(k + s.au) // 2 % 2,
            )


@case("MAT_U", "matrices that do not change")
def still(s: Sketch) -> None:
    """All elements 0, and predicted matrices whose differences are all 0: no sign is coded anywhere."""
    face = s.face(1)
    zero = one([[0.0, 0.0], [0.0, 0.0]])
    face.base(matrices=zero)
    face.further(matrices=zero, predict=0)
    face.further(matrices=zero, predict=1)
    other = s.face(2)
    other.base(matrices=[matrices(7, 1, 3, 3)])
    other.further(matrices=[matrices(7, 1, 3, 3)], predict=1)


@case("MAT_V", "fractions of differences that are 1 or more", notices=("GFV-MAT-002",))
def long_fractions(s: Sketch) -> None:
    """gfv_matrix_delta_element_dec of 2^q and above, which ue(v) can carry and encoders in use write.

    The difference is (int + dec / 2^q) with the fraction as it is.
    """
    s.face(0).base(matrices=one([[0.5, -0.25]]), **bits(4))
    for cnt, fractions in enumerate(([16, 0], [40, 16]), 1):
        s.message(
            223,
            {
                "gfv_id": 0,
                "gfv_cnt": cnt,
                "gfv_low_confidence_face_parameter_flag": 0,
                "gfv_coordinate_present_flag": 0,
                "gfv_matrix_present_flag": 1,
                "gfv_matrix_pred_flag": 1,
                "gfv_matrix_delta_element_int": [[[[0, 1]]]],
                "gfv_matrix_delta_element_dec": [[[fractions]]],
                "gfv_matrix_delta_element_sign_flag": [[[[1, 0]]]],
            },
        )
