"""GFVE messages: the largest values that elements may have and one beyond, what is inferred, what the errors say."""

from __future__ import annotations

from typing import Any

import pytest

import gfv_sei

HEAD = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": 0, "gfve_base_picture_flag": 1, "gfve_nn_present_flag": 0}
FURTHER = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": 1}
NO_MATRICES = {"gfve_matrix_present_flag": 0}
NO_PUPILS = {"gfve_pupil_coordinate_present_idx": 0}


def matrices(number: int = 1, height: int = 1, width: int = 1, q: int = 1) -> dict[str, Any]:
    zeros = [[[0] * width] * height] * number
    return HEAD | {
        "gfve_matrix_present_flag": 1,
        "gfve_matrix_element_precision_factor_minus1": q - 1,
        "gfve_num_matrices_minus1": number - 1,
        "gfve_matrix_height_minus1": [height - 1] * number,
        "gfve_matrix_width_minus1": [width - 1] * number,
        "gfve_matrix_element_int": zeros,
        "gfve_matrix_element_dec": zeros,
        "gfve_matrix_element_sign_flag": zeros,
        **NO_PUPILS,
    }


def eye(x: int, y: int = 0, q: int = 1) -> dict[str, Any]:
    found = HEAD | NO_MATRICES | {"gfve_pupil_coordinate_present_idx": 1}
    found["gfve_pupil_coordinate_precision_factor_minus1"] = q - 1
    for axis, units in (("x", x), ("y", y)):
        found[f"gfve_pupil_left_eye_d{axis}_coordinate_abs"] = units
        if units:
            found[f"gfve_pupil_left_eye_d{axis}_coordinate_sign_flag"] = 1
    return found


def written(message: dict[str, Any]) -> bytes:
    return gfv_sei.write_payload(gfv_sei.message_from_dict(224, message))


def refused(message: dict[str, Any]) -> gfv_sei.GfvError:
    with pytest.raises(gfv_sei.GfvError) as error:
        written(message)
    return error.value


LARGEST = {
    "gfve_id": (HEAD | NO_MATRICES | NO_PUPILS | {"gfve_id": 2**32 - 2}, 2**32 - 2),
    "gfve_gfv_id": (HEAD | NO_MATRICES | NO_PUPILS | {"gfve_gfv_id": 2**32 - 2}, 2**32 - 2),
    "gfve_matrix_element_precision_factor_minus1": (matrices(q=32), 31),
    "gfve_num_matrices_minus1": (matrices(number=1024), 1023),
    "gfve_matrix_height_minus1": (matrices(height=1024), 1023),
    "gfve_matrix_width_minus1": (matrices(width=1024), 1023),
    "gfve_pupil_coordinate_precision_factor_minus1": (eye(1, q=32), 31),
    "gfve_pupil_left_eye_dx_coordinate_abs": (eye(4), 4),
    "gfve_pupil_left_eye_dy_coordinate_abs": (eye(0, 512, 8), 512),
}
"""Messages that hold the largest value of an element, and that value."""


@pytest.mark.parametrize("element", LARGEST)
def test_the_largest_value_comes_back_and_one_more_is_refused(element: str) -> None:
    message, largest = LARGEST[element]
    payload = written(message)
    assert gfv_sei.parse_payload(224, payload).to_dict() == message
    one_more = [largest + 1] if isinstance(message[element], list) else largest + 1
    error = refused(message | {element: one_more})
    assert (error.element or "").removesuffix("[ 0 ]") == element
    assert (error.value, error.reason, error.allowed) == (largest + 1, "out of range", f"0 to {largest}")


@pytest.mark.parametrize(
    ("message", "element", "inferred", "other"),
    [
        (FURTHER | NO_MATRICES | NO_PUPILS, "gfve_base_picture_flag", 0, 1),
        (matrices(), "gfve_matrix_pred_flag", 0, 1),
        (eye(0, 1), "gfve_pupil_left_eye_dx_coordinate_sign_flag", 0, 1),
    ],
)
def test_what_is_inferred_may_be_said_and_nothing_else(
    message: dict[str, Any], element: str, inferred: int, other: int
) -> None:
    assert written(message | {element: inferred}) == written(message)
    error = refused(message | {element: other})
    assert (error.element, error.value, error.allowed) == (element, other, str(inferred))
    assert error.reason == f"is not coded here and is inferred to be {inferred}"


REFERENCES = [
    (
        FURTHER | {"gfve_matrix_present_flag": 1, "gfve_matrix_pred_flag": 1},
        "gfve_matrix_pred_flag",
        1,
        "predicts from a base message, but none of this gfve_id and gfve_gfv_id with matrices came before",
        None,
    ),
    (
        FURTHER | NO_MATRICES | {"gfve_pupil_coordinate_present_idx": 2},
        "gfve_pupil_coordinate_present_idx",
        2,
        "pupils need a precision, and no base message of this gfve_id and gfve_gfv_id with pupils came before",
        "0 before a base message with pupils",
    ),
]


@pytest.mark.parametrize(("message", "element", "value", "reason", "allowed"), REFERENCES)
def test_what_is_referred_to_is_missing(
    message: dict[str, Any], element: str, value: int, reason: str, allowed: str | None
) -> None:
    error = refused(message)
    assert (error.element, error.value, error.reason, error.allowed) == (element, value, reason, allowed)


def ue(value: int) -> str:
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


COUNTS = [
    # 8 matrices announced, 10 bits behind: their sizes alone take 16
    (
        f"1 1 1 1 0 1 1 {ue(7)} {'1' * 10}",
        "gfve_num_matrices_minus1",
        "announces 8 entries, which take at least 16 bits",
    ),
    (
        f"1 1 1 1 0 1 1 1 1 {ue(7)} 101",
        "gfve_matrix_width_minus1[ 0 ]",
        "announces 8 entries, which take at least 16 bits",
    ),
    (
        f"1 1 1 1 0 1 {ue(7)} {ue(1)} 11 11 {'1' * 5}",
        "gfve_num_matrices_minus1",
        "announces 2 entries, which take at least 18",
    ),
]


@pytest.mark.parametrize(("bits", "element", "reason"), COUNTS)
def test_counts_that_cannot_be(bits: str, element: str, reason: str) -> None:
    bits = bits.replace(" ", "")
    bits += "0" * (-len(bits) % 8)
    with pytest.raises(gfv_sei.PayloadError) as error:
        gfv_sei.parse_payload(224, int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:])
    assert error.value.element == element
    assert error.value.reason.startswith(reason)
