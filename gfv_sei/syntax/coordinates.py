"""The keypoint part of generative_face_video( ): gfv_coordinate_present_flag to gfv_coordinate_dz_sign_flag."""

from __future__ import annotations

from functools import cache

from gfv_sei.errors import PredictionError
from gfv_sei.syntax.coder import Coder, Part, SignedNumber, SignedRow
from gfv_sei.syntax.layout import CoordinateLayout, Inherited
from gfv_sei.syntax.limit import POINT

ABSOLUTE = {
    axis: SignedNumber((Part(f"gfv_coordinate_{axis}_abs"),), f"gfv_coordinate_{axis}_sign_flag") for axis in "xyz"
}
"""An absolute coordinate, by axis."""

PREDICTED = {
    axis: SignedNumber((Part(f"gfv_coordinate_d{axis}_abs"),), f"gfv_coordinate_d{axis}_sign_flag") for axis in "xyz"
}
"""A difference to the reference, by axis."""


@cache
def keypoint(predicted: int, axes: str) -> SignedRow:
    """One keypoint."""
    coded = PREDICTED if predicted else ABSOLUTE
    return SignedRow(*(coded[axis] for axis in axes), entries=POINT)


def coordinates(s: Coder, base: int, inherited: Inherited) -> tuple[CoordinateLayout | None, int]:
    """Keypoints. Returns their layout, None without keypoints, and gfv_kps_pred_flag.

    ``base`` is gfv_base_picture_flag, ``inherited`` what the messages before left.
    """
    if not s.flag("gfv_coordinate_present_flag"):
        return None, 0
    gfv_kps_pred_flag = s.flag("gfv_kps_pred_flag")
    if base or not gfv_kps_pred_flag:
        precision = s.ue("gfv_coordinate_precision_factor_minus1", 31) + 1
        num_kps = s.ue("gfv_num_kps_minus1") + 1
        z_present = s.flag("gfv_coordinate_z_present_flag")
        z_max = s.ue("gfv_coordinate_z_max_value_minus1", 2**16 - 1) + 1 if z_present else None
        layout = CoordinateLayout(precision, num_kps, z_present, z_max)
    elif inherited.coordinates is not None:
        layout = inherited.coordinates
    else:
        raise s.fail(
            "predicts from a base message, but no base message of this gfv_id with coordinates came before",
            "gfv_kps_pred_flag",
            kind=PredictionError,
            value=1,
        )
    s.signed("gfv_num_kps_minus1", (layout.num_kps,), keypoint(gfv_kps_pred_flag, layout.axes))
    return layout, gfv_kps_pred_flag
