"""The end of generative_face_video( ), the same in every draft: keypoints, matrices, bytes of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.coordinates import coordinates
from gfv_sei.syntax.layout import CoordinateLayout, GfvLayout, Inherited, Known, MatrixLayout
from gfv_sei.syntax.matrices import matrices
from gfv_sei.syntax.parts import network_payload

MatrixPart = Callable[[Coder, int, CoordinateLayout | None, Inherited], tuple[MatrixLayout | None, int]]


def face_parameters(
    s: Coder,
    known: Known,
    gfv_id: int,
    gfv_cnt: int,
    base: int,
    network_follows: bool,
    matrix_part: MatrixPart = matrices,
) -> GfvLayout:
    """gfv_coordinate_present_flag to the end; ``matrix_part`` describes the matrices where a draft has its own."""
    inherited = known(gfv_id)
    keypoints, keypoints_predicted = coordinates(s, base, inherited)
    matrix_layout, matrices_predicted = matrix_part(s, base, keypoints, inherited)
    if keypoints is None and matrix_layout is None:
        absent: dict[str, Any] = {"value": 0, "allowed": "1 where gfv_coordinate_present_flag is 0"}
        raise s.fail("a message has coordinates, matrices or both", "gfv_matrix_present_flag", **absent)
    if network_follows:
        network_payload(s, "gfv")
    return GfvLayout((gfv_id,), gfv_cnt, base, keypoints, keypoints_predicted, matrix_layout, matrices_predicted)
