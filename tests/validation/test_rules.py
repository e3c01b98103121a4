"""Every rule can be broken, alone, and the finding says where; what breaks none is silent."""

from __future__ import annotations

import pytest
from validation.breaking import (
    BASE,
    CASES,
    GFV,
    GFVE,
    NEXT,
    NONE,
    POINT,
    PUPILS,
    Case,
    Sent,
    UnitEnd,
    base,
    differences,
    driving,
    element,
    enhancement,
    further,
    gfv,
    gfve,
    keypoints,
    number,
    raw,
    u,
    ue,
    whole,
)

from gfv_sei import RULES, Finding
from gfv_sei.validation.stream import Checker


def findings_of(case: Case, mode: str = "lenient") -> list[Finding]:
    checker = Checker(case.syntax, case.codec, mode)
    found: list[Finding] = []
    for item in case.items:
        if isinstance(item, Sent):
            found += checker.message(item.payload_type, item.payload, temporal_id=item.temporal_id)
        else:
            found += checker.end_of_access_unit(item.irap, item.skipped)
    found += checker.end_of_access_unit()
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.element}")
def test_a_rule_that_is_broken(case: Case) -> None:
    found = findings_of(case)
    assert sorted(one.rule.identifier for one in found) == sorted((case.rule, *case.also)), found
    (one,) = (one for one in found if one.rule.identifier == case.rule)
    assert (one.element, one.value, one.allowed) == (case.element, case.value, case.allowed)
    assert one.what
    if case.places:
        assert (one.au, one.bit) in case.places
    else:
        assert one.bit is None
    assert (case.cause or "") in (one.cause or "")
    assert bool(case.cause) == bool(one.cause)


TAIL = u(0xFAB5, 16)
NO_CHANGE, FAR = (differences(n, 0) + NONE for n in (0, 15))
OTHER_FACE = gfv(base(gfv_id=ue(5)))
PUPILS_OF_OTHERS = gfve(ue(7) + ue(1) + ue(0) + "1" + NONE + PUPILS)
DRIFTING_PUPILS = (
    BASE,
    gfve(enhancement(PUPILS)),
    NEXT,
    BASE,
    gfve(enhancement(NONE + "01" + number(15) * 2, flag="0")),
)
LAYOUTS = [gfve(enhancement("1" + ue(3) + ue(0) * 2 + ue(n - 1) + element(1, 0, 4) * n + "00")) for n in (1, 3)]
SHORT = gfve(enhancement("11" + "10000" + "00", cnt=1))


def with_tail(message: str, tail: str) -> Sent:
    """Extension data or bits that are no alignment behind the last element, and rubbish."""
    return raw(GFV, whole(message + tail))


@pytest.mark.parametrize(
    ("cause", "syntax", "codec", "items"),
    [
        # a network behind messages that announce none
        ("bytes of a network", "draft-b", "avc", (BASE, raw(GFV, whole(ue(1) + ue(1) + "00" + POINT) + TAIL))),
        ("bytes of a network", "vsei4", "vvc", (BASE, with_tail(further(1), u(0xB5, 8) + "1"))),
        ("bytes of a network", "vsei4", "vvc", (BASE, with_tail(further(1), "0" * 16))),
        ("", "vsei4", "vvc", (BASE, with_tail(further(1), u(0xB5 >> 1, 7) + "1"))),
        ("", "vsei4", "vvc", (with_tail(base(), TAIL + "1"),)),
        # a message of another edition, which has one flag more
        ("well-formed in draft-b", "vsei4", "vvc", (BASE, gfv(ue(1) + ue(1) + "00" + FAR))),
        ("", "vsei4", "vvc", (BASE, with_tail(ue(1) + ue(1) + "00" + POINT, TAIL))),
        # predicted from the base message of another identifier
        ("One state serves all", "vsei4", "vvc", (OTHER_FACE, NEXT, gfv(driving(NO_CHANGE)))),
        ("", "vsei4", "vvc", (gfv(ue(5) + driving()[3:].replace("^", "")), NEXT, gfv(driving(NO_CHANGE)))),
        ("", "vsei4", "vvc", (PUPILS_OF_OTHERS, gfv(driving(NO_CHANGE)))),
        ("", "vsei4", "avc", (gfv(further(1, NO_CHANGE)),)),
        # values that drift away
        ("base flag is configured", "vsei4", "vvc", (BASE, NEXT, gfv(driving(FAR)))),
        ("base flag is configured", "vsei4", "vvc", DRIFTING_PUPILS),
        ("every second message", "draft-b", "avc", (BASE, gfv(ue(1) + ue(1) + "00" + FAR))),
        ("", "vsei4", "vvc", (BASE, gfv(further(1, FAR)))),
        ("", "vsei4", "avc", (BASE, gfv(further(1, keypoints(17, 0) + NONE)))),
        ("", "vsei4", "avc", (gfv(base("11" + keypoints(17, 0)[2:] + NONE)),)),
        # a second base message with another layout; VTM goes on with the first one
        ("appends matrix numbers and sizes", "vsei4", "vvc", (BASE, gfv(further(1)), *LAYOUTS, SHORT)),
        ("", "vsei4", "vvc", (BASE, gfv(further(1)), LAYOUTS[1], SHORT)),
        ("", "vsei4", "vvc", (BASE, raw(GFVE, whole(ue(256) + ue(1) + ue(1) + "10")))),  # one that decoders ignore
        ("", "vsei4", "vvc", (BASE, gfv(further(1)), *LAYOUTS, gfve(enhancement("10" + ue(3) + ue(9), cnt=1)))),
    ],
)
def test_causes(cause: str, syntax: str, codec: str, items: tuple[Sent | UnitEnd, ...]) -> None:
    """Habits of reference writers that a finding fits are named, and nothing where none fits."""
    checker = Checker(syntax, codec)
    found = []
    for item in items:
        if isinstance(item, Sent):
            found = list(checker.message(*item[:2]))
        else:
            list(checker.end_of_access_unit(item.irap))
    assert found
    assert cause in (found[0].cause or "")
    assert bool(cause) == bool(found[0].cause)


def test_every_rule_about_messages_is_broken_by_some() -> None:
    assert {case.rule for case in CASES} == {name for name in RULES if name.startswith("GFV")}
