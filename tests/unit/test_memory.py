"""A few bytes can announce gigabytes: that is refused before anything is allocated."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import pytest
from unit.damage import corrupted
from unit.made_messages import SYNTAXES, some

import gfv_sei

MIB = 1 << 20


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    """What is imported at the first use is not to be counted."""
    gfv_sei.write_payload(gfv_sei.parse_payload(223, bytes.fromhex("e6221108d1")))


def ue(value: int) -> str:
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def payload_of(bits: str, size: int = 0) -> bytes:
    bits = bits.replace(" ", "")
    return int(bits.ljust(max(8 * size, -(-len(bits) // 8) * 8), "0"), 2).to_bytes(max(size, -(-len(bits) // 8)), "big")


@contextmanager
def within(limit: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < limit, f"{peak} bytes at most"


MANY = ue(2**32 - 2)
K = ue(1023)
BASE = "1 1 1 0 0 0"
GFVE_BASE = "1 1 1 1 0"

ANNOUNCING = {
    "keypoints": (223, f"{BASE} 1 0 {ue(0)} {MANY} 0"),
    "keypoints in a chain": (223, f"{BASE} 1 1 {ue(31)} {MANY} 1 {ue(65535)}"),
    "matrix types": (223, f"{BASE} 0 1 {ue(0)} {MANY}"),
    "matrices": (223, f"{BASE} 0 1 {ue(0)} {ue(0)} 000111 {K}{K}{K}"),
    "matrices of many types": (223, f"{BASE} 0 1 {ue(31)} {ue(19)}" + f" 000111 {K}{K}{K}" * 20),
    "matrices of keypoints": (223, f"{BASE} 1 0 {ue(0)} {ue(0)} 0 1 1 1 {ue(31)} {ue(0)} 000000 0 {K}"),
    "enhancing matrices": (224, f"{GFVE_BASE} 1 {ue(31)} {K}"),
    "large enhancing matrices": (224, f"{GFVE_BASE} 1 {ue(0)} {ue(1)} " + f"{K}{K}" * 2),
}
"""Payload type, and bits up to where the elements would come."""


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b"])
@pytest.mark.parametrize("what", ANNOUNCING)
def test_what_cannot_be_there_is_refused(what: str, syntax: str) -> None:
    """Also if some of it is there: behind the announcement come ones, each of which is a whole element."""
    payload_type, bits = ANNOUNCING[what]
    for more in (0, 200, 4000):
        payload = payload_of(bits + "1" * (8 * more + -len(bits.replace(" ", "")) % 8))
        with within(MIB + 64 * more), pytest.raises(gfv_sei.PayloadError, match="announces") as refused:
            gfv_sei.parse_payload(payload_type, payload, syntax)
        error = refused.value
        assert error.element is not None
        assert error.bit is not None
        assert error.bit <= 8 * len(payload)


def test_a_thousand_types_of_draft_a() -> None:
    """A type takes a bit there, but each has an element of two bits more."""
    payload = payload_of(f"{BASE} 0 1 {ue(0)} {MANY}", 1000)
    with within(MIB), pytest.raises(gfv_sei.PayloadError):
        gfv_sei.parse_payload(223, payload, "draft-a")


def test_a_code_of_many_zeros_is_no_number() -> None:
    with within(4 * MIB), pytest.raises(gfv_sei.PayloadError) as refused:
        gfv_sei.parse_payload(223, bytes(MIB))
    assert (refused.value.element, refused.value.bit) == ("gfv_id", 0)


@pytest.mark.parametrize("element", ["gfv_num_kps_minus1", "gfv_num_matrix_types_minus1"])
def test_a_message_that_announces_too_much_is_refused_in_writing(element: str) -> None:
    message = {
        "gfv_id": 0,
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 0,
        "gfv_chroma_key_info_present_flag": 0,
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_present_flag": int("kps" in element),
        "gfv_kps_pred_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 0,
        "gfv_coordinate_z_present_flag": 0,
        "gfv_coordinate_x_abs": [0],
        "gfv_coordinate_y_abs": [0],
        "gfv_matrix_present_flag": int("matrix" in element),
        "gfv_matrix_element_precision_factor_minus1": 0,
        "gfv_matrix_type_idx": [7],
        element: 2**32 - 2,
    }
    other = "matrix" if "kps" in element else "coordinate"
    message = {name: value for name, value in message.items() if other not in name or name.endswith("present_flag")}
    with within(MIB), pytest.raises(gfv_sei.MessageError):
        gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))


def test_a_matrix_of_2_to_the_30_elements_is_refused_in_writing() -> None:
    message = {
        "gfv_id": 0,
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 0,
        "gfv_chroma_key_info_present_flag": 0,
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_present_flag": 0,
        "gfv_matrix_present_flag": 1,
        "gfv_matrix_element_precision_factor_minus1": 0,
        "gfv_num_matrix_types_minus1": 0,
        "gfv_matrix_type_idx": [7],
        "gfv_num_matrices_minus1": [1023],
        "gfv_matrix_width_minus1": [1023],
        "gfv_matrix_height_minus1": [1023],
    }
    some_elements = {f"gfv_matrix_element_{part}": [[[[0]]]] for part in ("int", "dec")}
    for given in ({}, some_elements):
        with within(MIB), pytest.raises(gfv_sei.MessageError) as refused:
            gfv_sei.write_payload(gfv_sei.message_from_dict(223, message | given))
        assert (refused.value.element or "").startswith("gfv_matrix_element_")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_damaged_payloads_take_no_more_than_whole_ones(syntax: str) -> None:
    r = Random(29)
    writing = gfv_sei.DecodingState()
    payloads = [
        (one.payload_type, gfv_sei.write_payload(gfv_sei.message_from_dict(*one[:2]), syntax, writing))
        for one in some(8, syntax, 40)
    ]
    with within(4 * MIB):
        for _ in range(25):
            state = gfv_sei.DecodingState()
            for payload_type, payload in payloads:
                with suppress(gfv_sei.GfvError):
                    gfv_sei.parse_payload(payload_type, corrupted(payload, r), syntax, state)


def test_a_large_network_takes_little_more_than_its_bytes() -> None:
    size = 8 * MIB
    payload = payload_of(f"1 1 1 1 {ue(0)} 0 0 1 0 {ue(0)} {ue(0)} 0 1 1 0") + bytes(size)
    with within(4 * size):
        msg = gfv_sei.parse_payload(223, payload)
        assert len(msg.fields["gfv_nn_payload_byte"]) >= size
        assert gfv_sei.write_payload(msg) == payload
