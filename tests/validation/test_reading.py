"""Reading on behind what is wrong: everything in one message is found, nothing is made up, nothing breaks."""

from __future__ import annotations

import sys
import tracemalloc
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from unit.damage import corrupted, cut_bits, cut_bytes
from unit.made_messages import SYNTAXES, some
from unit.test_memory import ANNOUNCING, payload_of
from validation.breaking import (
    BASE,
    GFV,
    NONE,
    TAG,
    base,
    differences,
    element,
    further,
    gfv,
    keypoints,
    number,
    raw,
    u,
    ue,
    whole,
    zero_ended,
)

import gfv_sei
from gfv_sei.syntax.noting import NotingCoder
from gfv_sei.validation.reading import read
from gfv_sei.validation.stream import Checker


def rules(found: list[gfv_sei.Finding]) -> list[str]:
    return [one.rule.identifier for one in found]


DRIVING = {"gfv_cnt": 0, "gfv_base_picture_flag": 0, "gfv_kps_pred_flag": 0}
POINT = {"coordinates": [[0.5, 0.5]]}

MANY_THINGS = raw(
    GFV,
    whole(
        whole(ue(300) + ue(0) + "1" + "1" + ue(1), "1")
        + zero_ended(b"no tag")
        + TAG[:8]
        + zero_ended(b"no uri")
        + ("1" + ue(5) + "0" * 3 + "1" + u(3, 8) + ue(300) + "0")
        + ("10" + ue(3) + ue(1) + "1" + ue(70000) + (number(20) + number(3) + number(1)) * 2)
        + ("1" + ue(3) + ue(1) + u(40, 6) + ue(0) * 3 + u(7, 6) + ue(0) * 3 + element(2**32 - 1, 2, 4) * 2)
        + "0110" * 5
    ),
)


def test_everything_wrong_in_one_message_is_found() -> None:
    found = list(Checker().message(*MANY_THINGS[:2]))
    assert rules(found) == [
        "GFV-SYN-015",
        "GFV-SYN-011",
        "GFV-SYN-012",
        "GFV-SYN-010",
        "GFV-SYN-007",
        "GFV-ID-001",
        "GFV-NN-003",
        "GFV-NN-004",
        "GFV-SYN-003",
        "GFV-CRD-001",
        "GFV-MAT-001",
    ]
    keypoint = next(one for one in found if one.rule.identifier == "GFV-CRD-001")
    assert (keypoint.element, keypoint.value) == ("x of keypoint 0", 1.25)
    assert "2 of 2" in keypoint.what


def test_strict_stops_at_the_first() -> None:
    assert rules(list(Checker(mode="strict").message(*MANY_THINGS[:2]))) == ["GFV-SYN-015", "GFV-ID-001"]


FAULTY_BASE = gfv(base(keypoints(3, 4, 1, z="1" + ue(70000)) + NONE))
PREDICTED = gfv(further(1, differences(1, 1, 0) + NONE))


def test_lenient_keeps_what_can_be_used() -> None:
    """A base message with a fault that does not matter for prediction is predicted from; a strict decoder has none."""
    outcomes = {}
    for mode in ("lenient", "strict"):
        checker = Checker(mode=mode)
        outcomes[mode] = [rules(list(checker.message(*sent[:2]))) for sent in (FAULTY_BASE, PREDICTED)]
    assert outcomes == {
        "lenient": [["GFV-SYN-010"], []],
        "strict": [["GFV-SYN-010"], ["GFV-PRED-001"]],
    }


def test_a_loss_is_told_once_and_ends_with_the_next_base_message() -> None:
    checker = Checker()
    step = gfv(further(1, differences(1, 1) + NONE))
    lost = raw(GFV, whole(base(keypoints(3, 4, count=2))))
    found = []
    for sent in (lost, step, step._replace(payload=gfv(further(2, differences(1, 1) + NONE)).payload)):
        found += checker.message(*sent[:2])
    found += checker.end_of_access_unit()
    assert rules(found) == ["GFV-SYN-005", "GFV-PRED-005"]
    found = []
    for sent in (BASE, step):
        found += checker.message(*sent[:2])
    assert found == []


def test_a_loss_ends_where_values_are_given_anew() -> None:
    """Keypoints coded absolutely are known again, and a chain behind them; until then nothing is said about values."""
    lost = raw(GFV, whole(ue(1) + ue(1) + "0" + keypoints(3, 4, count=2)))
    far = gfv(further(2, differences(15, 15) + NONE))
    anew = [gfv(further(2)), gfv(further(3, differences(15, 1) + NONE))]
    checker = Checker()
    found = [one for sent in (BASE, lost, far) for one in checker.message(*sent[:2])]
    assert rules(found) == ["GFV-SYN-005", "GFV-PRED-005"]
    checker = Checker()
    found = [one for sent in (BASE, lost, *anew) for one in checker.message(*sent[:2])]
    assert rules(found) == ["GFV-SYN-005", "GFV-CRD-001"]


def lines(action) -> int:
    """How many lines of Python an action runs, those of loops each time: work that no other process disturbs."""
    number = 0

    def count(frame, event, argument):
        nonlocal number
        number += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        action()
    finally:
        sys.settrace(before)
    return number


def test_losses_cost_the_same_however_many_faces_lack_a_base_message() -> None:
    def losses(checker: Checker) -> int:
        return lines(lambda: [list(checker.message(GFV, b"")) for _ in range(2000)])

    many = Checker()
    for face in range(512, 3512):
        payload = gfv_sei.write_payload(gfv_sei.message_from_values(GFV, {**DRIVING, "gfv_id": face}, POINT))
        list(many.message(GFV, payload))
    assert losses(many) < 2 * losses(Checker())


def test_nesting_costs_the_same_however_many_lists_there_were() -> None:
    work = []
    for lists in (800, 8000):
        checker = Checker()

        def nest(checker: Checker = checker, lists: int = lists) -> None:
            for one in range(lists):
                checker.reach_beyond(0)
                checker.unit(0, one.to_bytes(2, "big"))

        work.append(lines(nest))
        assert checker.unit(1).unknown
        assert checker.unit(0).unknown
    assert work[1] < 11 * work[0]


def test_far_out_of_range_ends_the_reading() -> None:
    """Nothing behind such a value can be trusted, so nothing is said about it."""
    payload = gfv(base(keypoints(3, 4, q=1 << 20, z="1" + ue(1 << 20)) + NONE))
    (one,) = Checker().message(*payload[:2])
    assert (one.rule.identifier, one.value) == ("GFV-SYN-008", (1 << 20) - 1)


def parsed(payload_type: int, payload: bytes, syntax: str, state: gfv_sei.DecodingState) -> tuple[Any, Any]:
    try:
        return gfv_sei.parse_payload(payload_type, payload, syntax, state, derive=False), None
    except gfv_sei.GfvError as error:
        return None, error


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_it_finds_fault_with_what_readers_refuse_and_with_nothing_else(syntax: str) -> None:
    """The noting coder runs the same description by other means; both must agree about what is broken, and where."""
    r = Random(5)
    refused = taken = 0
    for seed in range(120):
        state = gfv_sei.DecodingState()
        for made in some(seed, syntax, 3):
            good = gfv_sei.write_payload(gfv_sei.message_from_dict(made.payload_type, made.message), syntax, state)
            for payload in (good, *(corrupted(good, r) for _ in range(4)), r.choice(list(cut_bits(good)))):
                reading = read(made.payload_type, payload, syntax, deepcopy(state), "strict")
                coder = NotingCoder(payload, trace=True)
                layout = reading.again(coder)
                msg, error = parsed(made.payload_type, payload, syntax, state)
                if error is not None:
                    refused += 1
                    note = coder.notes[0]
                    assert layout is None or note.kind in ("range", "alignment")
                    assert note.element == error.element
                    assert note.kind == "code" or note.value == error.value
                else:
                    taken += 1
                    assert coder.notes == []
                    assert coder.fields == msg.fields
                    assert coder.trace == msg.elements
    assert refused > 100
    assert taken > 100


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_damaged_messages_never_break_the_checks(syntax: str) -> None:
    r = Random(9)
    for seed in range(60):
        state = gfv_sei.DecodingState()
        checkers = [Checker(syntax, r.choice(("vvc", "hevc", "avc")), mode) for mode in ("lenient", "strict")]
        for made in some(seed, syntax, 4):
            msg = gfv_sei.message_from_dict(made.payload_type, made.message)
            payload = gfv_sei.write_payload(msg, syntax, state)
            for damaged in (corrupted(payload, r), r.choice([*cut_bytes(payload)]), payload):
                for checker in checkers:
                    for one in checker.message(made.payload_type, damaged):
                        assert one.bit is None or 0 <= one.bit <= 8 * len(damaged)
                        assert len(str(one.to_dict())) < 3000
                    if r.random() < 0.3:
                        list(checker.end_of_access_unit(r.random() < 0.5))


@pytest.mark.parametrize("what", ANNOUNCING)
def test_what_cannot_be_there_takes_no_memory(what: str) -> None:
    payload_type, bits = ANNOUNCING[what]
    tracemalloc.start()
    try:
        found = rules(list(Checker().message(payload_type, payload_of(bits, 64))))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "GFV-SYN-006" in found
    assert peak < 1 << 20


def calls(action) -> int:
    """How many functions an action calls, those in C as well: work that no other process disturbs."""
    number = 0

    def count(frame, event, argument) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return number


def test_many_faults_take_one_pass() -> None:
    """As many faults as elements: one finding of each kind comes out, with work in proportion to the payload."""
    work = []
    for types in (1700, 17000):
        bits = base(NONE + "1" + ue(0) + ue(types - 1) + (u(40, 6) + ue(0) * 3) * types + element(1, 1, 1) * types)
        payload = gfv(bits).payload
        found: list[str] = []
        work.append(calls(lambda payload=payload, found=found: found.extend(rules(Checker().message(GFV, payload)))))
        assert found == ["GFV-MAT-001", "GFV-MAT-005"]
    assert work[1] < 11 * work[0]
