"""Any valid sequence of messages: written and read it is the same, its bits add up, and its values are exact."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from unit.made_messages import SYNTAXES, Made, sequences

import gfv_sei


def check_sequence(made: list[Made], syntax: str) -> None:
    """Write, read and write again with the state of a writer, a reader and another writer."""
    states = [gfv_sei.DecodingState() for _ in range(3)]
    for one in made:
        payload = gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message), syntax, states[0])
        assert 8 * len(payload) == one.bits
        msg = gfv_sei.parse_payload(one.payload_type, payload, syntax, states[1])
        found = json.loads(json.dumps(msg.to_dict(), allow_nan=False))
        assert found == json.loads(json.dumps(one.message))
        assert sum(bits for _, _, bits, _ in msg.elements) == one.bits
        assert msg.values == one.values
        again = gfv_sei.message_from_dict(one.payload_type, found)
        assert gfv_sei.write_payload(again, syntax, states[2]) == payload


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_written_and_read_again_it_is_the_same(syntax: str) -> None:
    @settings(max_examples=max(150, settings().max_examples))
    @given(sequences(syntax))
    def check(made: list[Made]) -> None:
        check_sequence(made, syntax)

    check()
