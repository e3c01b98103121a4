"""The registry of cases, and what all of them promise."""

from __future__ import annotations

import re

import pytest

import gfv_sei
from conformance.breaking import Edit
from conformance.build import chosen
from conformance.case import cases
from conformance.numbers import keypoints, matrix
from conformance.pictures import STRUCTURES
from conformance.sketch import Sketch
from gfv_sei.errors import GfvError
from gfv_sei.meaning.quirks import READERS
from gfv_sei.meaning.state import DecodingState
from gfv_sei.nal.codec import CODEC_NAMES
from gfv_sei.validation.rules import DEMANDED, RULES

POSITIVE = [case for case in cases().values() if not case.negative]
NEGATIVE = [case for case in cases().values() if case.negative]


def test_there_are_as_many_as_were_asked_for() -> None:
    assert len(POSITIVE) >= 40
    assert sum(len(case.codecs) for case in POSITIVE) >= 120
    assert sum(len(case.codecs) for case in NEGATIVE) >= 150


def test_names_and_documentation() -> None:
    for case in cases().values():
        assert re.fullmatch(r"[A-Z]+_[A-Z]|NEG_[A-Z]+\d{3}_[A-Z]+", case.name)
        assert case.title
        assert not case.title.endswith(".")
        assert case.about[0].endswith(".")
        assert case.codecs
        assert set(case.codecs) <= set(CODEC_NAMES)
        assert case.structure in STRUCTURES


def test_what_is_said_of_a_case_differs_from_what_is_said_of_others() -> None:
    assert len({case.title for case in POSITIVE}) == len(POSITIVE)
    assert len({case.make.__doc__ for case in POSITIVE}) == len(POSITIVE)


def test_notices_are_rules_that_leave_a_stream_conforming() -> None:
    for case in POSITIVE:
        assert {RULES[rule].severity for rule in case.notices} <= {"warning", "ignored"}


@pytest.mark.parametrize("codec", CODEC_NAMES)
def test_every_rule_is_broken_in_this_codec_where_it_can_be(codec: str) -> None:
    broken = set()
    for case in NEGATIVE:
        if codec in case.codecs:
            sketch = Sketch(codec, case.syntax)
            case.make(sketch)
            assert sketch.broken
            broken |= {one.rule for one in sketch.broken}
    # A codec has no places, layers or extension data that another one has.
    less = {
        "vvc": {"SEI-006"},
        "hevc": {"SEI-011", "GFV-BASE-003"},
        "avc": {"SEI-007", "SEI-008", "SEI-011", "SEI-012", "SEI-013", "GFV-SYN-003", "GFV-BASE-003"},
    }
    assert set(DEMANDED) - broken == less[codec]


def test_cases_are_chosen_by_name_and_by_subject() -> None:
    assert [case.name for case in chosen(["KPS_B", "CNT_A"])] == ["CNT_A", "KPS_B"]
    assert {case.name.rpartition("_")[0] for case in chosen(["PUP"])} == {"PUP"}
    assert chosen(["NEG"]) == NEGATIVE
    assert {case.name.rpartition("_")[0] for case in chosen(["NEG_SEI013"])} == {"NEG_SEI013"}
    assert [case.name for case in chosen(codecs=["avc"], names=["SEI_A", "SEI_B"])] == ["SEI_B"]
    with pytest.raises(GfvError, match="no such case"):
        chosen(["KPS_B", "NOTHING"])


@pytest.mark.parametrize("case", POSITIVE, ids=lambda case: case.name)
def test_a_message_that_is_taken_apart_and_not_changed_is_the_same(case) -> None:
    sketch = Sketch("vvc")
    case.make(sketch)
    last = sketch.written[-1]
    if last.payload_type not in (223, 224):
        pytest.skip("its last message is none of ours")
    assert Edit(sketch).put() == last.payload


@pytest.mark.parametrize("compat", sorted(READERS))
def test_reading_as_reference_software_does_ends_in_values_or_in_an_error_of_ours(compat: str) -> None:
    """Their readers take some of these streams for others, which must not surprise ours when it follows them."""
    refused = 0
    for case in POSITIVE:
        sketch, state = Sketch("vvc"), DecodingState(READERS[compat])
        case.make(sketch)
        for one in sketch.written:
            if one.payload_type in (223, 224):
                try:
                    gfv_sei.parse_payload(one.payload_type, one.payload, state=state)
                except GfvError:
                    refused += 1
    assert refused  # one state for all identifiers alone makes some unreadable


def test_numbers_are_the_same_each_time_and_in_range() -> None:
    assert keypoints(5, 2, axes=3) == keypoints(5, 2, axes=3)
    assert keypoints(5, 1) != keypoints(5, 2)
    for q in (1, 8, 32):
        for step in (0, 7):
            flat = [value for point in keypoints(40, step, axes=3, q=q) for value in point]
            assert all(abs(value) <= 1 and value * 2**q == int(value * 2**q) for value in flat)
    assert matrix(2, 3, 1) != matrix(2, 3, 2)
