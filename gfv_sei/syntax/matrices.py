"""The matrix part of generative_face_video( ): gfv_matrix_present_flag to gfv_matrix_delta_element_sign_flag."""

from __future__ import annotations

from functools import cache
from typing import cast

from gfv_sei.errors import PredictionError
from gfv_sei.syntax.coder import UE_MAX, Coder, Part, SignedNumber, SignedRow
from gfv_sei.syntax.layout import CoordinateLayout, Inherited, MatrixLayout, MatrixType

AFFINE, COVARIANCE, MOUTH, EYE, HEAD_ROTATION, HEAD_TRANSLATION, HEAD_LOCATION, COMPACT_FEATURE = range(8)
"""The values of gfv_matrix_type_idx that have a meaning of their own; 8 to 31 are the application's."""

MATRIX_TYPES = (
    "affine",
    "covariance",
    "mouth",
    "eye",
    "head rotation",
    "head translation",
    "head location",
    "compact feature",
)
"""They in words."""

PER_KEYPOINT = (AFFINE, COVARIANCE)
SIZED = (MOUTH, EYE)
HEAD = (HEAD_ROTATION, HEAD_TRANSLATION, HEAD_LOCATION)


def matrices(
    s: Coder, base: int, coded: CoordinateLayout | None, inherited: Inherited
) -> tuple[MatrixLayout | None, int]:
    """Matrices. Returns their layout, None without matrices, and gfv_matrix_pred_flag.

    ``coded`` is the layout of the keypoints of this message, ``inherited`` what the messages before left.
    """
    if not s.flag("gfv_matrix_present_flag"):
        return None, 0
    gfv_matrix_pred_flag = s.infer("gfv_matrix_pred_flag", 0) if base else s.flag("gfv_matrix_pred_flag")
    if gfv_matrix_pred_flag:
        layout = predicted_layout(s, inherited.matrices)
    else:
        precision = s.ue("gfv_matrix_element_precision_factor_minus1", 31) + 1
        num_types = s.ue("gfv_num_matrix_types_minus1") + 1
        types = []
        for _ in s.loop("gfv_num_matrix_types_minus1", num_types, least=6):
            type_idx = s.u("gfv_matrix_type_idx", 6)
            if type_idx in PER_KEYPOINT and coded is None:
                raise s.fail(
                    "one affine or covariance matrix belongs to one keypoint, but the message has no keypoints",
                    "gfv_matrix_type_idx",
                    value=type_idx,
                    allowed="2 to 63 where gfv_coordinate_present_flag is 0",
                )
            types.append(matrix_type(s, type_idx, coded))
        layout = MatrixLayout(precision, tuple(types))
    elements(s, layout, gfv_matrix_pred_flag)
    return layout, gfv_matrix_pred_flag


def matrix_type(s: Coder, type_idx: int, coded: CoordinateLayout | None) -> MatrixType:
    """What follows gfv_matrix_type_idx[ i ]: how many matrices there are, and their size."""
    number, height, width = 1, 0, 0
    if type_idx in PER_KEYPOINT:
        number = matrices_of_keypoints(s, cast(CoordinateLayout, coded).num_kps)
    else:
        s.infer("gfv_num_matrices_equal_to_num_kps_flag", None)
        s.infer("gfv_num_matrices_info", None)
    if type_idx >= COMPACT_FEATURE:
        number = s.ue("gfv_num_matrices_minus1", 1023) + 1
    else:
        s.infer("gfv_num_matrices_minus1", None)
    if type_idx in SIZED or type_idx >= COMPACT_FEATURE:
        width = s.ue("gfv_matrix_width_minus1", 1023) + 1
        height = s.ue("gfv_matrix_height_minus1", 1023) + 1
    else:
        s.infer("gfv_matrix_width_minus1", None)
        s.infer("gfv_matrix_height_minus1", None)
    z_present = coded.z_present if coded else 0
    if type_idx in HEAD and coded is None:
        z_present = s.flag("gfv_matrix_for_3D_space_flag")
    else:
        s.infer("gfv_matrix_for_3D_space_flag", None)
    if not height:
        height = 3 if z_present else 2
        width = 1 if type_idx in (HEAD_TRANSLATION, HEAD_LOCATION) else height
    return MatrixType(type_idx, number, height, width)


def matrices_of_keypoints(s: Coder, num_kps: int) -> int:
    """The number of matrices of type 0 or 1: that of the keypoints, or any other, coded so that none stands twice."""
    if s.flag("gfv_num_matrices_equal_to_num_kps_flag"):
        s.infer("gfv_num_matrices_info", None)
        return num_kps
    info = s.ue("gfv_num_matrices_info", 1023)
    return info + 1 if info < num_kps - 1 else info + 2


def predicted_layout(s: Coder, inherited: MatrixLayout | None) -> MatrixLayout:
    """The layout of predicted matrices, which is that of the message they inherit it from."""
    if inherited is None:
        raise s.fail(
            "predicts from a base message, but no base message of this gfv_id with matrices came before",
            "gfv_matrix_pred_flag",
            kind=PredictionError,
            value=1,
        )
    return inherited


@cache
def absolute(prefix: str, q: int) -> SignedRow:
    """An absolute matrix element of GFV or GFVE."""
    parts = (Part(f"{prefix}_matrix_element_int", most=UE_MAX), Part(f"{prefix}_matrix_element_dec", q))
    return SignedRow(SignedNumber(parts, f"{prefix}_matrix_element_sign_flag"))


# ue(v) in all software, though the absolute fraction and the one of GFVE are u(v).
DELTA = SignedRow(
    SignedNumber(
        (Part("gfv_matrix_delta_element_int", most=UE_MAX), Part("gfv_matrix_delta_element_dec")),
        "gfv_matrix_delta_element_sign_flag",
    )
)
"""The difference of a matrix element to its reference."""


def elements(s: Coder, layout: MatrixLayout, predicted: int) -> None:
    """The element loop: type, matrix, row, column."""
    element = DELTA if predicted else absolute("gfv", layout.precision)
    for i in s.loop("gfv_num_matrix_types_minus1", len(layout.types), least=2):
        s.signed("gfv_matrix_type_idx", layout.types[i].size, element)
