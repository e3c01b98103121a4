"""Messages that break one rule of the syntax each, as bits and as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

BASE = "1 1 1 0 0 0"  # gfv_id 0, gfv_cnt 0, base, no network, no chroma key, confident
FURTHER = "1 010 0"  # gfv_id 0, gfv_cnt 1, confident (in vsei4)
FURTHER_OF_DRAFTS = "1 010 0 0"  # the same with a fusion flag
HEADER = {"gfv_id": 0, "gfv_cnt": 0, "gfv_base_picture_flag": 1, "gfv_nn_present_flag": 0}
HEADER |= {"gfv_chroma_key_info_present_flag": 0, "gfv_low_confidence_face_parameter_flag": 0}
COUNT_1 = {"gfv_id": 0, "gfv_cnt": 1, "gfv_low_confidence_face_parameter_flag": 0}
FUSION = {"gfv_drive_picture_fusion_flag": 0}
ENHANCING = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": 1}


class Refusal(NamedTuple):
    """``element`` is where it is refused, the last one of ``bits``; ``predicts``, whether that is for its reference."""

    about: str
    payload_type: int
    syntaxes: tuple[str, ...]
    bits: str
    message: dict[str, Any]
    element: str
    predicts: bool = False

    @property
    def payload(self) -> bytes:
        bits = self.bits.replace(" ", "")
        whole = bits.ljust(-(-len(bits) // 8) * 8 + 64, "0")
        return int(whole, 2).to_bytes(len(whole) // 8, "big")


def _predicted(syntaxes: tuple[str, ...], further: str, header: dict[str, Any]) -> list[Refusal]:
    nothing = {"gfv_coordinate_present_flag": 0}
    return [
        Refusal(
            "keypoints without a base message",
            223,
            syntaxes,
            f"{further} 1 1",
            header | {"gfv_coordinate_present_flag": 1, "gfv_kps_pred_flag": 1},
            "gfv_kps_pred_flag",
            True,
        ),
        Refusal(
            "matrices without a base message",
            223,
            syntaxes,
            f"{further} 0 1 1",
            header | nothing | {"gfv_matrix_present_flag": 1, "gfv_matrix_pred_flag": 1},
            "gfv_matrix_pred_flag",
            True,
        ),
        Refusal(
            "neither keypoints nor matrices",
            223,
            syntaxes,
            f"{further} 0 0",
            header | nothing | {"gfv_matrix_present_flag": 0},
            "gfv_matrix_present_flag",
        ),
    ]


REFUSALS = [
    *_predicted(("vsei4",), FURTHER, COUNT_1),
    *_predicted(("draft-b", "draft-a"), FURTHER_OF_DRAFTS, COUNT_1 | FUSION),
    *(
        Refusal(
            f"matrices of type {type_idx} without keypoints",
            223,
            ("vsei4", "draft-b"),
            f"{BASE} 0 1 1 1 {type_idx:06b}",
            HEADER
            | {"gfv_coordinate_present_flag": 0, "gfv_matrix_present_flag": 1}
            | {"gfv_matrix_element_precision_factor_minus1": 0, "gfv_num_matrix_types_minus1": 0}
            | {"gfv_matrix_type_idx": [type_idx]},
            "gfv_matrix_type_idx[ 0 ]",
        )
        for type_idx in (0, 1)
    ),
    Refusal(
        "GFVE matrices without a base message",
        224,
        ("vsei4", "draft-b", "draft-a"),
        "1 1 010 1 1",
        ENHANCING | {"gfve_matrix_present_flag": 1, "gfve_matrix_pred_flag": 1},
        "gfve_matrix_pred_flag",
        True,
    ),
    Refusal(
        "pupils without a base message",
        224,
        ("vsei4", "draft-b", "draft-a"),
        "1 1 010 0 11",
        ENHANCING | {"gfve_matrix_present_flag": 0, "gfve_pupil_coordinate_present_idx": 3},
        "gfve_pupil_coordinate_present_idx",
        True,
    ),
]
