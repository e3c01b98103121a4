"""A message that breaks a rule of the syntax is refused where it does, in reading and in writing alike."""

from __future__ import annotations

import pytest
from unit.made_messages import some
from unit.refusals import REFUSALS, Refusal

import gfv_sei

each_refusal = pytest.mark.parametrize(
    ("refusal", "syntax"),
    [pytest.param(one, syntax, id=f"{one.about}-{syntax}") for one in REFUSALS for syntax in one.syntaxes],
)


@each_refusal
def test_reading_refuses_it_there(refusal: Refusal, syntax: str) -> None:
    state = gfv_sei.DecodingState()
    with pytest.raises(gfv_sei.PayloadError) as refused:
        gfv_sei.parse_payload(refusal.payload_type, refusal.payload, syntax, state)
    error = refused.value
    element = refusal.element.removesuffix("[ 0 ]")
    assert (error.element or "").removesuffix("[ 0 ]") == element
    assert isinstance(error, gfv_sei.PredictionError) == refusal.predicts
    assert error.bit == len("".join(refusal.bits.split()[:-1]))
    assert syntax in str(error)


@each_refusal
def test_writing_refuses_it_there(refusal: Refusal, syntax: str) -> None:
    msg = gfv_sei.message_from_dict(refusal.payload_type, refusal.message)
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.write_payload(msg, syntax)
    assert (refused.value.element or "").removesuffix("[ 0 ]") == refusal.element.removesuffix("[ 0 ]")


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b", "draft-a"])
def test_a_refused_message_leaves_the_state_as_it_was(syntax: str) -> None:
    made = [one for one in some(5, syntax, 30) if one.payload_type == 223]
    with_it, without = gfv_sei.DecodingState(), gfv_sei.DecodingState()
    writing = gfv_sei.DecodingState()
    for one in made:
        payload = gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message), syntax, writing)
        broken = payload[: len(payload) // 3]
        with pytest.raises(gfv_sei.PayloadError):
            gfv_sei.parse_payload(one.payload_type, broken, syntax, with_it)
        found = gfv_sei.parse_payload(one.payload_type, payload, syntax, with_it)
        assert found.values == gfv_sei.parse_payload(one.payload_type, payload, syntax, without).values


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b", "draft-a"])
def test_another_identifier_has_nothing_to_predict_from(syntax: str) -> None:
    """State is kept per gfv_id, and per pair of gfve_id and gfve_gfv_id."""
    for one in (one for seed in range(40) for one in some(seed, syntax, 8) if one.predicted):
        if one.message.get("gfv_base_picture_flag"):
            continue
        state = gfv_sei.DecodingState()
        for before in some(99, syntax, 5):
            other = dict(before.message)
            other |= {"gfv_id": 77} if before.payload_type == 223 else {"gfve_id": 77}
            try:
                gfv_sei.write_payload(gfv_sei.message_from_dict(before.payload_type, other), syntax, state)
            except gfv_sei.GfvError:
                continue
        with pytest.raises(gfv_sei.GfvError) as refused:
            gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message), syntax, state)
        assert (refused.value.element or "").endswith(("pred_flag", "present_idx"))


def test_unknown_syntaxes_and_payload_types_are_named() -> None:
    with pytest.raises(gfv_sei.GfvError, match=r"draft-c.*vsei4, draft-b, draft-a"):
        gfv_sei.parse_payload(223, b"\x80", "draft-c")
    with pytest.raises(gfv_sei.GfvError, match="payload_type"):
        gfv_sei.parse_payload(222, b"\x80")
    with pytest.raises(gfv_sei.GfvError, match="payload_type"):
        gfv_sei.message_from_dict(5, {})
