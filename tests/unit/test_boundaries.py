"""The largest and smallest values that elements may have, and one beyond."""

from __future__ import annotations

from typing import Any

import pytest

import gfv_sei

BASE = {
    "gfv_id": 0,
    "gfv_cnt": 0,
    "gfv_base_picture_flag": 1,
    "gfv_nn_present_flag": 0,
    "gfv_chroma_key_info_present_flag": 0,
    "gfv_low_confidence_face_parameter_flag": 0,
    "gfv_coordinate_present_flag": 1,
    "gfv_kps_pred_flag": 0,
    "gfv_coordinate_precision_factor_minus1": 0,
    "gfv_num_kps_minus1": 0,
    "gfv_coordinate_z_present_flag": 0,
    "gfv_coordinate_x_abs": [0],
    "gfv_coordinate_x_sign_flag": [0],
    "gfv_coordinate_y_abs": [0],
    "gfv_coordinate_y_sign_flag": [0],
    "gfv_matrix_present_flag": 0,
}


def matrices(number: int = 1, height: int = 1, width: int = 1, q: int = 1) -> dict[str, Any]:
    """A message with zero matrices of type 7."""
    zeros = [[[[0] * width for _ in range(height)] for _ in range(number)]]
    message = {name: value for name, value in BASE.items() if "coordinate_" not in name and "kps" not in name}
    return message | {
        "gfv_coordinate_present_flag": 0,
        "gfv_matrix_present_flag": 1,
        "gfv_matrix_element_precision_factor_minus1": q - 1,
        "gfv_num_matrix_types_minus1": 0,
        "gfv_matrix_type_idx": [7],
        "gfv_num_matrices_minus1": [number - 1],
        "gfv_matrix_width_minus1": [width - 1],
        "gfv_matrix_height_minus1": [height - 1],
        "gfv_matrix_element_int": zeros,
        "gfv_matrix_element_dec": zeros,
        "gfv_matrix_element_sign_flag": zeros,
    }


def keypoints(number: int) -> dict[str, Any]:
    zeros = {name: [0] * number for name in BASE if name.endswith(("_abs", "y_sign_flag", "x_sign_flag"))}
    return BASE | {"gfv_num_kps_minus1": number - 1} | zeros


def info(value: int, number: int) -> dict[str, Any]:
    """Affine matrices whose number is not that of the one keypoint."""
    elements = matrices(number, 2, 2)
    sized = ("gfv_num_matrices_minus1", "gfv_matrix_width_minus1", "gfv_matrix_height_minus1")
    message = BASE | {
        name: one for name, one in elements.items() if name not in (*sized, "gfv_coordinate_present_flag")
    }
    return message | {
        "gfv_matrix_type_idx": [0],
        "gfv_num_matrices_equal_to_num_kps_flag": [0],
        "gfv_num_matrices_info": [value],
    }


def there_and_back(message: dict[str, Any]) -> None:
    payload = gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    assert gfv_sei.parse_payload(223, payload).to_dict() == message


LARGEST = {
    "gfv_id": BASE | {"gfv_id": 2**32 - 2},
    "gfv_coordinate_precision_factor_minus1": BASE | {"gfv_coordinate_precision_factor_minus1": 31},
    "gfv_coordinate_z_max_value_minus1": BASE
    | {
        "gfv_coordinate_z_present_flag": 1,
        "gfv_coordinate_z_max_value_minus1": 65535,
        "gfv_coordinate_z_abs": [65536],
        "gfv_coordinate_z_sign_flag": [1],
    },
    "gfv_matrix_element_precision_factor_minus1": matrices(q=32),
    "gfv_num_matrices_minus1": matrices(number=1024),
    "gfv_matrix_width_minus1": matrices(width=1024),
    "gfv_matrix_height_minus1": matrices(height=1024),
    "gfv_num_matrices_info": info(1023, 1025),
    "gfv_matrix_type_idx": matrices() | {"gfv_matrix_type_idx": [63]},
    "gfv_chroma_key_purpose_idc": BASE
    | {
        "gfv_chroma_key_info_present_flag": 1,
        "gfv_chroma_key_purpose_idc": 2,
        "gfv_chroma_key_value_present_flag": [0, 0, 0],
        "gfv_chroma_key_thr_present_flag": 0,
    },
    "gfv_chroma_key_thr_upper_delta_minus1": BASE
    | {
        "gfv_chroma_key_info_present_flag": 1,
        "gfv_chroma_key_purpose_idc": 0,
        "gfv_chroma_key_value_present_flag": [0, 0, 0],
        "gfv_chroma_key_thr_present_flag": 1,
        "gfv_chroma_key_thr_lower": 255,
        "gfv_chroma_key_thr_upper_delta_minus1": 255,
    },
}


@pytest.mark.parametrize("element", LARGEST)
def test_the_largest_value_comes_back(element: str) -> None:
    there_and_back(LARGEST[element])


@pytest.mark.parametrize("element", LARGEST)
def test_one_more_is_refused_by_name(element: str) -> None:
    message = dict(LARGEST[element])
    before = message[element]
    message[element] = [before[0] + 1] if isinstance(before, list) else before + 1
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    assert (refused.value.element or "").startswith(element)
    assert refused.value.allowed


@pytest.mark.parametrize("element", LARGEST)
def test_a_negative_value_is_refused_by_name(element: str) -> None:
    message = dict(LARGEST[element])
    message[element] = [-1] if isinstance(message[element], list) else -1
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    assert (refused.value.element or "").startswith(element)


@pytest.mark.parametrize("number", [1, 2, 255, 256, 1023, 1024, 5000])
def test_many_keypoints(number: int) -> None:
    there_and_back(keypoints(number))


@pytest.mark.parametrize(("value", "number"), [(0, 2), (1, 3), (1022, 1024)])
def test_numbers_of_matrices_leave_out_that_of_the_keypoints(value: int, number: int) -> None:
    there_and_back(info(value, number))


@pytest.mark.parametrize("value", [0, 1, 2**31 - 1, 2**31, 2**32 - 2])
@pytest.mark.parametrize("q", [1, 31, 32])
def test_matrix_elements_of_any_size(value: int, q: int) -> None:
    message = matrices(q=q) | {
        "gfv_matrix_element_int": [[[[value]]]],
        "gfv_matrix_element_dec": [[[[(1 << q) - 1]]]],
        "gfv_matrix_element_sign_flag": [[[[1]]]],
    }
    there_and_back(message)
    payload = gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    (matrix,) = gfv_sei.parse_payload(223, payload).values["matrices"]
    assert matrix["elements"] == [[[float(-(value + ((1 << q) - 1) / (1 << q)))]]]


def test_2_to_the_32_minus_1_is_no_ue() -> None:
    """The code of 2^32 - 1 has 32 zeros; H.274 ends one before it."""
    bits = "0" * 32 + "1" + "0" * 32 + "1"
    payload = int(bits.ljust(72, "0"), 2).to_bytes(9, "big")
    with pytest.raises(gfv_sei.PayloadError) as refused:
        gfv_sei.parse_payload(223, payload)
    assert (refused.value.element, refused.value.bit) == ("gfv_id", 0)
    assert refused.value.value == 2**32 - 1
