"""Chroma key: purposes, values present and absent, thresholds."""

from __future__ import annotations

from itertools import product

from conformance.case import case
from conformance.numbers import keypoints
from conformance.sketch import Sketch


@case("KEY_A", "chroma key without values and thresholds")
def all_inferred(s: Sketch) -> None:
    """Chroma key information for each purpose (0 to 2) of which everything else is absent.

    The values are then 50, 220 and 100, the thresholds 48 and 75.
    """
    for purpose in range(3):
        s.face(purpose).base(
            coordinates=keypoints(2), gfv_chroma_key_info_present_flag=1, gfv_chroma_key_purpose_idc=purpose
        )


@case("KEY_B", "values of some components", notices=("GFV-CHR-001",))
def some_values(s: Sketch) -> None:
    """All eight combinations of components whose chroma key value is present; values reach 0 and 255."""
    for number, present in enumerate(product((0, 1), repeat=3)):
        values = [value if flag else None for flag, value in zip(present, (0, 255, 17 * number), strict=True)]
        s.face(number).base(coordinates=keypoints(2), gfv_chroma_key_purpose_idc=1, gfv_chroma_key_value=values)


@case("KEY_C", "thresholds", notices=("GFV-CHR-002",))
def thresholds(s: Sketch) -> None:
    """Thresholds at both ends of their ranges, with all values present.

    The elements can say an upper threshold of up to 511, above every sample of 8 bits, which draws a warning.
    """
    for number, (lower, delta) in enumerate(((0, 0), (255, 0), (0, 255), (48, 26), (100, 154))):
        s.face(number).base(
            coordinates=keypoints(2),
            gfv_chroma_key_purpose_idc=2,
            gfv_chroma_key_value=[10, 20, 30],
            gfv_chroma_key_thr_lower=lower,
            gfv_chroma_key_thr_upper_delta_minus1=delta,
        )


@case("KEY_D", "chroma key that changes with the base picture", "periods")
def changes(s: Sketch) -> None:
    """A chroma key holds until the next base message of its face, which here has another one, or none."""
    face = s.face(1)
    face.base(coordinates=keypoints(2), gfv_chroma_key_purpose_idc=1, gfv_chroma_key_value=[16, 128, 128])
    s.au = 2
    face.driving(coordinates=keypoints(2, 1))
    s.au = 4
    face.base(coordinates=keypoints(2, 2), gfv_chroma_key_purpose_idc=1, gfv_chroma_key_value=[235, 128, 40])
    s.au = 6
    face.base(coordinates=keypoints(2, 3))
