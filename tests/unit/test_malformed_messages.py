"""Messages as JSON that nobody checked: a payload comes of them, or a GfvError, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.damage import RUBBISH, mutated
from unit.made_messages import SYNTAXES, some
from unit.test_property_values import records_of

import gfv_sei
from gfv_sei.stream.inject import PayloadWriter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)

NAMES = sorted(
    {name for syntax in SYNTAXES for seed in range(80) for one in some(seed, syntax, 8) for name in one.message}
)


def write(payload_type: int, message: Any, syntax: str, state: gfv_sei.DecodingState | None = None) -> bytes | None:
    try:
        payload = gfv_sei.write_payload(gfv_sei.message_from_dict(payload_type, message), syntax, state)
    except gfv_sei.GfvError as error:
        assert str(error)  # noqa: PT017
        assert len(str(error)) < 2000  # noqa: PT017
        return None
    assert isinstance(payload, bytes)
    return payload


@given(st.sampled_from((223, 224)), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12))
def test_any_json_under_the_names_of_elements(payload_type: int, message: dict[str, Any]) -> None:
    for syntax in SYNTAXES:
        write(payload_type, message, syntax)


@given(JSON)
def test_any_json_in_place_of_a_message(message: Any) -> None:
    for payload_type in (223, 224):
        write(payload_type, message, "vsei4")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_valid_messages_with_something_wrong_inside(syntax: str) -> None:
    """What is taken in spite of it reads back as what was written."""
    r = Random(17)
    taken = refused = 0
    for seed in range(250):
        states = [gfv_sei.DecodingState(), gfv_sei.DecodingState()]
        for one in some(seed, syntax, 5):
            for _ in range(6):
                before = deepcopy(states)
                payload = write(one.payload_type, mutated(one.message, r), syntax, before[0])
                if payload is None:
                    refused += 1
                    continue
                taken += 1
                found = gfv_sei.parse_payload(one.payload_type, payload, syntax, before[1])
                assert gfv_sei.write_payload(found, syntax, deepcopy(states[0])) == payload
            payload = write(one.payload_type, one.message, syntax, states[0])
            assert payload is not None
            gfv_sei.parse_payload(one.payload_type, payload, syntax, states[1])
    assert refused > taken > 0


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_element_missing_in_turn(syntax: str) -> None:
    """An element is missed by its name, unless it is one that follows from others or that ends the payload."""
    optional = ("sign_flag", "reserved_payload_extension_data", "payload_trailing_bits", "present_flag")
    for seed in range(60):
        state = gfv_sei.DecodingState()
        for one in some(seed, syntax, 4):
            for name in one.message:
                message = {other: value for other, value in one.message.items() if other != name}
                payload = write(one.payload_type, message, syntax, deepcopy(state))
                assert payload is None or name.endswith(optional) or None in _flat(one.message[name])
            write(one.payload_type, one.message, syntax, state)


def _flat(value: Any) -> list[Any]:
    return [one for part in value for one in _flat(part)] if isinstance(value, list) else [value]


def test_an_element_that_has_no_place_is_refused_by_name() -> None:
    (one,) = some(1, "vsei4", 1)
    for name in ("gfv_fusion", "gfv_coordinate_q_abs", "gfve_id" if one.payload_type == 223 else "gfv_id"):
        with pytest.raises(gfv_sei.MessageError) as refused:
            gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message | {name: 1}))
        assert refused.value.element == name


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_values_with_something_wrong_inside(syntax: str) -> None:
    r = Random(23)
    for seed in range(200):
        writing, reading = gfv_sei.DecodingState(), gfv_sei.DecodingState()
        for payload_type, header, values in records_of(Random(seed))[:5]:
            wrong_header = mutated(header, r) if r.randrange(2) else header
            wrong_values = mutated(values, r) if wrong_header is header or r.randrange(2) else values
            try:
                msg = gfv_sei.message_from_values(payload_type, wrong_header, wrong_values, syntax, writing)
                payload = gfv_sei.write_payload(msg, syntax, writing)
            except gfv_sei.GfvError as error:
                assert str(error)  # noqa: PT017
                continue
            gfv_sei.parse_payload(payload_type, payload, syntax, reading)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("key", ["payload_type", "message", "values", "payload_hex"])
def test_records_with_rubbish(key: str, rubbish: Any) -> None:
    valid = {"payload_type": 223, "gfv_id": 0, "gfv_cnt": 0}
    for record in (valid | {key: rubbish}, {key: rubbish}, {"payload_type": 224, "message": {}, key: rubbish}):
        try:
            PayloadWriter().payload(record)
        except gfv_sei.GfvError as error:
            assert str(error)  # noqa: PT017


@pytest.mark.parametrize("text", ["0", "0g", "zz", "00 11", "0x00", "é0", "00\n", "\ud800\ud800", "0" * 99])
def test_payload_hex_that_is_no_hex(text: str) -> None:
    with pytest.raises(gfv_sei.MessageError) as refused:
        PayloadWriter().payload({"payload_type": 5, "payload_hex": text})
    assert refused.value.element == "payload_hex"


def test_payload_hex_that_is_hex() -> None:
    assert PayloadWriter().payload({"payload_type": 5, "payload_hex": ""}) == (5, b"")
    assert PayloadWriter().payload({"payload_type": 300, "payload_hex": "00Ff"}) == (300, b"\x00\xff")


@pytest.mark.parametrize("text", ["A", "A===", "AA=A", "%%%%", "é", "AA==\n", "AAA=AAAA"])
def test_base64_that_is_none(text: str) -> None:
    with pytest.raises(gfv_sei.MessageError, match="gfv_nn_payload_byte"):
        gfv_sei.message_from_dict(223, {"gfv_nn_payload_byte": text})


def test_aliases_are_taken_and_not_twice() -> None:
    found = gfv_sei.message_from_dict(223, {"gfv_base_pic_flag": 1, "gfv_drive_pic_fusion_flag": 0})
    assert found.fields == {"gfv_base_picture_flag": 1, "gfv_fusion_pic_flag": 0}
    with pytest.raises(gfv_sei.MessageError, match="twice"):
        gfv_sei.message_from_dict(223, {"gfv_base_pic_flag": 1, "gfv_base_picture_flag": 1})


def test_json_of_a_message_has_no_bytes_in_it() -> None:
    for syntax in SYNTAXES:
        for seed in range(30):
            for one in some(seed, syntax, 4):
                json.dumps(gfv_sei.message_from_dict(one.payload_type, one.message).to_dict(), allow_nan=False)
