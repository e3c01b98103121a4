"""generative_face_video( ) as VTM 23.7 and 23.8 write it (``draft-a``; JVET-AJ0207).

Against ``draft-b``: gfv_matrix_type_idx is ue(v), affine and covariance matrices may stand without keypoints, and a
predicted message takes the layout of its matrices from the message before.
"""

from __future__ import annotations

from gfv_sei.syntax import gfv_draft_b
from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.layout import CoordinateLayout, GfvLayout, Inherited, Known, MatrixLayout, MatrixType
from gfv_sei.syntax.matrices import PER_KEYPOINT, elements, matrix_type, predicted_layout


def generative_face_video(s: Coder, known: Known) -> GfvLayout:
    """The whole message: that of ``draft-b`` with other matrices."""
    return gfv_draft_b.generative_face_video(s, known, matrices)


def matrices(
    s: Coder, base: int, coded: CoordinateLayout | None, inherited: Inherited
) -> tuple[MatrixLayout | None, int]:
    """gfv_matrix_present_flag to gfv_matrix_delta_element_sign_flag."""
    if not s.flag("gfv_matrix_present_flag"):
        return None, 0
    gfv_matrix_pred_flag = s.infer("gfv_matrix_pred_flag", 0) if base else s.flag("gfv_matrix_pred_flag")
    if gfv_matrix_pred_flag:
        layout = predicted_layout(s, inherited.previous_matrices)
    else:
        precision = s.ue("gfv_matrix_element_precision_factor_minus1", 31) + 1
        num_types = s.ue("gfv_num_matrix_types_minus1") + 1
        types = []
        for _ in s.loop("gfv_num_matrix_types_minus1", num_types, least=1):
            type_idx = s.ue("gfv_matrix_type_idx", 64)
            if type_idx in PER_KEYPOINT and coded is None:
                types.append(matrices_without_keypoints(s, type_idx))
            else:
                types.append(matrix_type(s, type_idx, coded))
        layout = MatrixLayout(precision, tuple(types))
    elements(s, layout, gfv_matrix_pred_flag)
    return layout, gfv_matrix_pred_flag


def matrices_without_keypoints(s: Coder, type_idx: int) -> MatrixType:
    """Types 0 and 1 in a message without keypoints: the number is coded by itself, the size is 2 x 2."""
    s.infer("gfv_num_matrices_equal_to_num_kps_flag", None)
    number = s.ue("gfv_num_matrices_info", 1023) + 1
    for absent in (
        "gfv_num_matrices_minus1",
        "gfv_matrix_width_minus1",
        "gfv_matrix_height_minus1",
        "gfv_matrix_for_3D_space_flag",
    ):
        s.infer(absent, None)
    return MatrixType(type_idx, number, 2, 2)
