"""generative_face_video_enhancement( ), payloadType 224 (JVET-AK0239). All software has the same one.

Mind two differences from GFV: the height of a matrix stands before its width, and the fraction of a difference is
u(v), not ue(v).
"""

from __future__ import annotations

from functools import cache

from gfv_sei.errors import PredictionError
from gfv_sei.syntax.coder import UE_MAX, Coder, Part, SignedNumber, SignedRow
from gfv_sei.syntax.layout import GfveLayout, Known, MatrixLayout, MatrixType, PupilLayout
from gfv_sei.syntax.matrices import absolute
from gfv_sei.syntax.parts import network_header, network_payload

PUPIL = {
    (eye, axis): (
        f"gfve_pupil_{eye}_eye_d{axis}_coordinate_abs",
        f"gfve_pupil_{eye}_eye_d{axis}_coordinate_sign_flag",
    )
    for eye in ("left", "right")
    for axis in "xy"
}
"""Magnitude and sign of a pupil's difference to its reference, by eye and axis, in coding order."""

EYES = ((), ("left",), ("right",), ("left", "right"))
"""The eyes that gfve_pupil_coordinate_present_idx announces."""

NO_TYPE = -1
"""GFVE matrices have no type; their layout carries this in its place."""


def generative_face_video_enhancement(s: Coder, known: Known) -> GfveLayout:
    """The whole message."""
    gfve_id = s.ue("gfve_id")
    gfve_gfv_id = s.ue("gfve_gfv_id")
    identifier = (gfve_id, gfve_gfv_id)
    gfve_gfv_cnt = s.ue("gfve_gfv_cnt")
    base = s.infer("gfve_base_picture_flag", 0) if gfve_gfv_cnt else s.flag("gfve_base_picture_flag")
    network_follows = network_header(s, "gfve") if base else False
    inherited = known(*identifier)
    matrix_layout, matrices_predicted = matrices(s, base, inherited.matrices)
    pupil_layout = pupils(s, base, inherited.pupil_precision)
    if network_follows:
        network_payload(s, "gfve")
    return GfveLayout(identifier, gfve_gfv_cnt, base, matrix_layout, matrices_predicted, pupil_layout)


def matrices(s: Coder, base: int, inherited: MatrixLayout | None) -> tuple[MatrixLayout | None, int]:
    """gfve_matrix_present_flag to gfve_matrix_delta_element_sign_flag."""
    if not s.flag("gfve_matrix_present_flag"):
        return None, 0
    gfve_matrix_pred_flag = s.infer("gfve_matrix_pred_flag", 0) if base else s.flag("gfve_matrix_pred_flag")
    if not gfve_matrix_pred_flag:
        precision = s.ue("gfve_matrix_element_precision_factor_minus1", 31) + 1
        num_matrices = s.ue("gfve_num_matrices_minus1", 1023) + 1
        sizes = []
        for _ in s.loop("gfve_num_matrices_minus1", num_matrices, least=2):
            height = s.ue("gfve_matrix_height_minus1", 1023) + 1
            width = s.ue("gfve_matrix_width_minus1", 1023) + 1
            sizes.append(MatrixType(NO_TYPE, 1, height, width))
        layout = MatrixLayout(precision, tuple(sizes))
    elif inherited is not None:
        layout = inherited
    else:
        raise s.fail(
            "predicts from a base message, but none of this gfve_id and gfve_gfv_id with matrices came before",
            "gfve_matrix_pred_flag",
            kind=PredictionError,
            value=1,
        )
    elements(s, layout, gfve_matrix_pred_flag)
    return layout, gfve_matrix_pred_flag


@cache
def delta(q: int) -> SignedRow:
    """The difference of a matrix element to its reference."""
    parts = (Part("gfve_matrix_delta_element_int", most=UE_MAX), Part("gfve_matrix_delta_element_dec", q))
    return SignedRow(SignedNumber(parts, "gfve_matrix_delta_element_sign_flag"))


def elements(s: Coder, layout: MatrixLayout, predicted: int) -> None:
    """The element loop: matrix, row, column."""
    element = delta(layout.precision) if predicted else absolute("gfve", layout.precision)
    for j in s.loop("gfve_num_matrices_minus1", len(layout.types), least=1 + layout.precision):
        s.signed("gfve_matrix_width_minus1", layout.types[j].size[1:], element)


def pupils(s: Coder, base: int, inherited: int | None) -> PupilLayout:
    """gfve_pupil_coordinate_present_idx to gfve_pupil_right_eye_dy_coordinate_sign_flag."""
    present_idx = s.u("gfve_pupil_coordinate_present_idx", 2)
    if not present_idx:
        return PupilLayout(inherited, 0)
    if base:
        precision = s.ue("gfve_pupil_coordinate_precision_factor_minus1", 31) + 1
    elif inherited is not None:
        precision = inherited
    else:
        raise s.fail(
            "pupils need a precision, and no base message of this gfve_id and gfve_gfv_id with pupils came before",
            "gfve_pupil_coordinate_present_idx",
            kind=PredictionError,
            value=present_idx,
            allowed="0 before a base message with pupils",
        )
    for eye in EYES[present_idx]:
        for axis in "xy":
            magnitude, sign_flag = PUPIL[eye, axis]
            if s.ue(magnitude, 2 << precision):
                s.flag(sign_flag)
            else:
                s.infer(sign_flag, 0)
    return PupilLayout(precision, present_idx)
