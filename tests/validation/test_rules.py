"""Every rule can be broken, alone, and the finding says where; what breaks none is silent."""

from __future__ import annotations

import pytest
from validation.breaking import (
    BASE,
    CASES,
    GFV,
    NONE,
    POINT,
    Case,
    Sent,
    enhancement,
    further,
    gfv,
    gfve,
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
            found += checker.message(item.payload_type, item.payload)
        else:
            found += checker.end_of_access_unit(item.irap)
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


def test_causes() -> None:
    """Habits of reference writers that a finding fits are named."""
    network = whole(ue(1) + ue(1) + "00" + POINT) + u(0xFA, 8) + u(0xB5, 8)
    checker = Checker("draft-b", "avc")
    assert "bytes of a network" in cause_of(checker, BASE, raw(GFV, network))
    # JM stores every second message only, so a chain drifts.
    checker = Checker("draft-b", "avc")
    step = ue(1) + ue(1) + "0" + "0" + "11" + ue(14) + "0" + ue(0) + NONE
    assert "every second message" in cause_of(checker, BASE, gfv(step))
    # A second base message with another layout; VTM goes on with the first one.
    checker = Checker()
    one, two = (f"1{ue(3)}{ue(0)}{ue(0)}{ue(n - 1)}" + "1" + "0" * 4 + ("1" + "0" * 4) * (n - 1) for n in (1, 3))
    bases = [gfve(enhancement(layout + "00")) for layout in (one, two)]
    short = gfve(enhancement("1" + "1" + "1" + "0" * 4 + "00", cnt=1))
    found = [cause_of(checker, BASE, gfv(further(1)), bases[0]), cause_of(checker, bases[1], short)]
    assert found[0] == ""
    assert "appends matrix numbers and sizes" in found[1]


def cause_of(checker: Checker, *items: Sent) -> str:
    """The cause of the last finding."""
    found = [one for item in items for one in checker.message(item.payload_type, item.payload)]
    return (found[-1].cause or "") if found else ""


def test_every_rule_about_messages_is_broken_by_some() -> None:
    assert {case.rule for case in CASES} == {name for name in RULES if name.startswith("GFV")}
