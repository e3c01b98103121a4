"""What an error says, word by word: the element with its subscripts, its value, what is allowed, where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from unit.test_boundaries import BASE, keypoints, matrices

import gfv_sei

HEAD = "111 000"  # gfv_id 0, gfv_cnt 0, base; no network, no chroma key, confident
READ = {
    "nothing at all": (
        "",
        "gfv_id",
        None,
        "the payload of 0 bytes ends here, at least 1 bit short",
        None,
        0,
    ),
    "ends before an element": (
        f"{HEAD} 10",
        "gfv_coordinate_precision_factor_minus1",
        None,
        "the payload of 1 byte ends here, at least 1 bit short",
        None,
        8,
    ),
    "ends inside of an element": (
        f"{HEAD} 101 00000",
        "gfv_num_kps_minus1",
        None,
        "the payload of 2 bytes ends here, at least 8 bits short",
        None,
        9,
    ),
    "ends inside of an array": (
        f"{HEAD} 101 011 0 11 11 00000000",
        "gfv_coordinate_x_abs[ 2 ]",
        None,
        "the payload of 4 bytes ends here, at least 16 bits short",
        None,
        17,
    ),
    "no code": (
        "0" * 96,
        "gfv_id",
        None,
        "starts with more than 64 zero bits, which no ue(v) in use does",
        None,
        0,
    ),
    "out of range": (
        f"{HEAD} 10 00000100001 11111",
        "gfv_coordinate_precision_factor_minus1",
        32,
        "out of range",
        "0 to 31",
        8,
    ),
    "out of range in an array": (
        f"{HEAD} 01 1 1 000111 1 010 010 10 10 {'0' * 32}1{'0' * 32} 0 10 10 10",
        "gfv_matrix_element_int[ 0 ][ 0 ][ 1 ][ 0 ]",
        2**32 - 1,
        "out of range",
        "0 to 4294967294",
        27,
    ),
    "a count too large": (
        f"{HEAD} 101 00000101001 0 11",
        "gfv_num_kps_minus1",
        None,
        "announces 41 entries, which take at least 82 bits, with 3 bits left",
        None,
        9,
    ),
    "alignment": (
        f"111 1 010 1 {'0' * 32}",
        "gfv_nn_alignment_zero_bit_a",
        1,
        "an alignment bit is not 0",
        "0",
        7,
    ),
    "a text without end": (
        "111 1 010 0 01100001 01100001",
        "gfv_nn_tag_uri",
        None,
        "the text has no zero byte at its end",
        None,
        8,
    ),
    "a size too large": (
        f"{HEAD} 01 1 1 000111 1 0001000 1 1010101",
        "gfv_matrix_type_idx[ 0 ]",
        None,
        "announces 8 entries, which take at least 16 bits, with 7 bits left",
        None,
        10,
    ),
    "the second type without keypoints": (
        f"{HEAD} 01 1 010 000111 1 1 1 000001 11111",
        "gfv_matrix_type_idx[ 1 ]",
        1,
        "one affine or covariance matrix belongs to one keypoint, but the message has no keypoints",
        "2 to 63 where gfv_coordinate_present_flag is 0",
        21,
    ),
    "a size of the second type too large": (
        f"{HEAD} 01 1 010 000111 1 1 1 000111 0001000 1 1 10 10",
        "gfv_matrix_type_idx[ 1 ]",
        None,
        "announces 8 entries, which take at least 16 bits, with 2 bits left",
        None,
        21,
    ),
    "too many types": (
        f"{HEAD} 01 1 00110 11",
        "gfv_num_matrix_types_minus1",
        None,
        "announces 6 entries, which take at least 36 bits, with 2 bits left",
        None,
        9,
    ),
    "neither keypoints nor matrices": (
        f"{HEAD} 00",
        "gfv_matrix_present_flag",
        0,
        "a message has coordinates, matrices or both",
        "1 where gfv_coordinate_present_flag is 0",
        7,
    ),
    "ends before a flag": (
        "00100 110",
        "gfv_chroma_key_info_present_flag",
        None,
        "the payload of 1 byte ends here, at least 1 bit short",
        None,
        8,
    ),
    "ends before the values of a chroma key": (
        "111 0 1 1 11",
        "gfv_chroma_key_info_present_flag",
        None,
        "announces 3 entries, which take at least 3 bits, with 2 bits left",
        None,
        4,
    ),
    "what matrices are predicted from": (
        "1 010 0 0 1 1",
        "gfv_matrix_pred_flag",
        1,
        "predicts from a base message, but no base message of this gfv_id with matrices came before",
        None,
        7,
    ),
    "what is predicted from": (
        "1 010 0 1 1 000",
        "gfv_kps_pred_flag",
        1,
        "predicts from a base message, but no base message of this gfv_id with coordinates came before",
        None,
        6,
    ),
}
"""Bits, element, value, reason, what is allowed, first bit of the element."""


@pytest.mark.parametrize("what", READ)
def test_reading(what: str) -> None:
    bits, *expected = READ[what]
    bits = bits.replace(" ", "")
    bits += "0" * (-len(bits) % 8)
    with pytest.raises(gfv_sei.PayloadError) as refused:
        gfv_sei.parse_payload(223, int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:])
    error = refused.value
    assert [error.element, error.value, error.reason, error.allowed, error.bit] == expected
    assert error.clause == "H.274 generative_face_video( ), vsei4"


URI = {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 1, "gfv_nn_tag_uri": "a", "gfv_nn_uri": "b"}
KEY = {
    "gfv_chroma_key_info_present_flag": 1,
    "gfv_chroma_key_purpose_idc": 0,
    "gfv_chroma_key_value_present_flag": [0, 1, 0],
    "gfv_chroma_key_value": [None, 7, None],
    "gfv_chroma_key_thr_present_flag": 0,
}
ROWS = [[[0] * 3] * 2, [[0] * 3] * 2]
MISSING = "is missing: the elements before it say that it is coded"
TEXT, BITS = ("must be text without a zero byte", "UTF-8 text"), ("must be text of 0s and 1s", "0s and 1s")
LENGTH = {
    number: (f"must be a list of {number}", "1 value" if number == 1 else f"{number} values") for number in (1, 2, 3)
}
TWO_TYPES = {
    name: value * 2 if isinstance(value, list) else value + (name == "gfv_num_matrix_types_minus1")
    for name, value in matrices().items()
}
INFERRED = ("is not coded here and is inferred to be 0", "0")
FURTHER = {name: value for name, value in BASE.items() if "present_flag" not in name or "coordinate" in name}
FURTHER |= {"gfv_cnt": 1, "gfv_matrix_present_flag": 0}
del FURTHER["gfv_base_picture_flag"]
FLAG, ABS = ("a flag is 0 or 1", "0, 1"), ("out of range", "0 to 9223372036854775808")
WRITTEN: list[tuple[dict[str, Any], str, Any, tuple[str, str | None]]] = [
    (BASE | {"gfv_id": None}, "gfv_id", None, (MISSING, "0 to 4294967294")),
    (BASE | {"gfv_id": "x"}, "gfv_id", "'x'", ("out of range", "0 to 4294967294")),
    (BASE | {"gfv_id": 10**90}, "gfv_id", 10**90, ("out of range", "0 to 4294967294")),
    (BASE | {"gfv_id": [0] * 90}, "gfv_id", "[" + "0, " * 25 + "0...", ("out of range", "0 to 4294967294")),
    (BASE | {"gfv_nn_present_flag": 2}, "gfv_nn_present_flag", 2, FLAG),
    (
        BASE | {"no_such_element": [1, 2]},
        "no_such_element",
        "[1, 2]",
        ("has no place in this message: the elements before it say that it is not coded", "absent"),
    ),
    (
        BASE | {"gfv_coordinate_x_sign_flag": [1]},
        "gfv_coordinate_x_sign_flag[ 0 ]",
        1,
        INFERRED,
    ),
    (FURTHER | {"gfv_base_picture_flag": 1}, "gfv_base_picture_flag", 1, INFERRED),
    (BASE | {"gfv_fusion_pic_flag": 1}, "gfv_fusion_pic_flag", 1, INFERRED),
    (matrices() | {"gfv_matrix_pred_flag": 1}, "gfv_matrix_pred_flag", 1, INFERRED),
    (keypoints(3) | {"gfv_coordinate_y_abs": [0, 0, -1]}, "gfv_coordinate_y_abs[ 2 ]", -1, ABS),
    (keypoints(3) | {"gfv_coordinate_y_abs": [0, None, 1]}, "gfv_coordinate_y_abs[ 1 ]", None, (MISSING, None)),
    (
        keypoints(3) | {"gfv_coordinate_x_abs": [4, 0, 2], "gfv_coordinate_x_sign_flag": [0, 0, 2]},
        "gfv_coordinate_x_sign_flag[ 2 ]",
        2,
        FLAG,
    ),
    (
        matrices(2, 2, 3) | {"gfv_matrix_element_int": [[ROWS[0], [[0] * 3, [0, 0, 2**32]]]]},
        "gfv_matrix_element_int[ 0 ][ 1 ][ 1 ][ 2 ]",
        2**32,
        ("out of range", "0 to 4294967294"),
    ),
    (
        matrices(2, 2, 3) | {"gfv_matrix_element_dec": [[ROWS[0], [[0] * 3, [0, 2, 0]]]]},
        "gfv_matrix_element_dec[ 0 ][ 1 ][ 1 ][ 1 ]",
        2,
        ("out of range", "0 to 1, in 1 bit"),
    ),
    *(
        (matrices(2, 2, 3) | {"gfv_matrix_element_int": given}, "gfv_matrix_element_int" + place, value, LENGTH[number])
        for given, place, value, number in (
            (5, "", 5, 1),
            ([5], "[ 0 ]", 5, 2),
            ([[ROWS[0]]], "[ 0 ]", "'1 value'", 2),
            ([[[[0] * 3], ROWS[1]]], "[ 0 ][ 0 ]", "'1 value'", 2),
            ([[[[0] * 3, [0] * 2], ROWS[1]]], "[ 0 ][ 0 ][ 1 ]", "'2 values'", 3),
            ([[ROWS[0], [5, [0] * 3]]], "[ 0 ][ 1 ][ 0 ]", 5, 3),
        )
    ),
    (
        TWO_TYPES | {"gfv_matrix_element_dec": [[[[0]]], [[[0, 0]]]]},
        "gfv_matrix_element_dec[ 1 ][ 0 ][ 0 ]",
        "'2 values'",
        LENGTH[1],
    ),
    (
        matrices() | {"gfv_matrix_type_idx": [64]},
        "gfv_matrix_type_idx[ 0 ]",
        64,
        ("out of range", "0 to 63, in 6 bits"),
    ),
    (BASE | URI | {"gfv_nn_uri": "a\0b"}, "gfv_nn_uri", "'a\\x00b'", TEXT),
    (BASE | URI | {"gfv_nn_uri": 5}, "gfv_nn_uri", 5, TEXT),
    (
        BASE | {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": [1]},
        "gfv_nn_payload_byte",
        "[1]",
        ("must be bytes", "bytes; in JSON a string in base64"),
    ),
    (
        BASE | KEY | {"gfv_chroma_key_value": [1, 7, None]},
        "gfv_chroma_key_value[ 0 ]",
        1,
        ("is not coded here and cannot have a value", "absent"),
    ),
    (
        BASE | KEY | {"gfv_chroma_key_value": [None, 256, None]},
        "gfv_chroma_key_value[ 1 ]",
        256,
        ("out of range", "0 to 255, in 8 bits"),
    ),
    (BASE | KEY | {"gfv_chroma_key_value": [None] * 3}, "gfv_chroma_key_value[ 1 ]", None, (MISSING, None)),
    (
        BASE | {"payload_trailing_bits": "1"},
        "payload_trailing_bits",
        "1",
        ("the payload is not a whole number of bytes", None),
    ),
    (BASE | {"payload_trailing_bits": "12"}, "payload_trailing_bits", "'12'", BITS),
    (BASE | {"payload_trailing_bits": "X1"}, "payload_trailing_bits", "'X1'", BITS),
    (BASE | {"reserved_payload_extension_data": 1}, "reserved_payload_extension_data", 1, BITS),
]
"""Message, element, value as it is shown, reason and what is allowed."""


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: f"{one[1]} {one[3][0][:30]}")
def test_writing(one: tuple[dict[str, Any], str, Any, tuple[str, str | None]]) -> None:
    message, element, value, (reason, allowed) = one
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    error = refused.value
    assert (error.element, error.value, error.reason, error.allowed) == (element, value, reason, allowed)
    assert type(error.value) is type(value)


@pytest.mark.parametrize(
    ("message", "inferred"),
    [
        (FURTHER, "gfv_base_picture_flag"),
        (FURTHER, "gfv_fusion_pic_flag"),
        (BASE, "gfv_fusion_pic_flag"),
        (matrices(), "gfv_matrix_pred_flag"),
    ],
)
def test_what_is_inferred_may_be_given(message: dict[str, Any], inferred: str) -> None:
    payloads = [
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, one)) for one in (message, message | {inferred: 0})
    ]
    assert payloads[0] == payloads[1]


@pytest.mark.parametrize("bad", ["\ud800", "a\udcff\ud800"])
def test_text_that_is_no_utf_8(bad: str) -> None:
    with pytest.raises(gfv_sei.MessageError, match="cannot be written as UTF-8") as refused:
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, BASE | URI | {"gfv_nn_uri": bad}))
    assert (refused.value.element, refused.value.allowed) == ("gfv_nn_uri", "UTF-8 text")
    assert "\\ud800" in str(refused.value.value)
    assert str(refused.value).isascii()


@pytest.mark.parametrize("given", [[0, 0], 5, [], [[0]]])
def test_an_array_of_another_length(given: Any) -> None:
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, BASE | {"gfv_coordinate_x_abs": given}))
    assert refused.value.element == "gfv_coordinate_x_abs" + "[ 0 ]" * (given == [[0]])
    if given != [[0]]:
        assert (refused.value.reason, refused.value.allowed) == ("must be a list of 1", "1 value")
