"""Any valid sequence of messages, put into real streams: read back the same, and taken out without a trace."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streams.clips import PLAIN
from streams.records import counted, injected, read, removed
from unit.made_messages import SYNTAXES, Made, sequences

Clip = Callable[[str], bytes]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", PLAIN)
def test_in_and_read_and_out_again(name: str, syntax: str, clip: Clip) -> None:
    base = clip(name)
    access_units = counted(base)["access_units"]
    places = ["prefix"] if name == "avc-plain" else ["prefix", "suffix"]

    @settings(max_examples=max(60, settings().max_examples // 4))
    @given(
        sequences(syntax), st.lists(st.integers(0, access_units - 1), min_size=6, max_size=6), st.sampled_from(places)
    )
    def check(made: list[Made], units: list[int], place: str) -> None:
        records = [
            {"au": au, "payload_type": one.payload_type, "message": one.message}
            for au, one in zip(sorted(units[: len(made)]), made, strict=True)
        ]
        stream = injected(base, records, syntax=syntax, nal=place)
        found = read(stream, syntax)
        assert [record["au"] for record in found] == [record["au"] for record in records]
        assert [record["position"] for record in found] == [place] * len(made)
        assert json.loads(json.dumps([record["message"] for record in found])) == [one.message for one in made]
        assert [record["values"] for record in found] == [one.values for one in made]
        assert [8 * record["payload_size"] for record in found] == [one.bits for one in made]
        assert removed(stream) == base
        assert injected(base, found, syntax=syntax, nal="record") == stream

    check()
