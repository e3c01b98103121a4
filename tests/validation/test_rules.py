"""Every rule can be broken, alone, and the finding says where; what breaks none is silent."""

from __future__ import annotations

import pytest
from validation.breaking import CASES, Case, Sent

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
    assert one.element == case.element
    assert one.what
    if case.marks:
        assert one.bit in case.marks


def test_every_rule_about_messages_is_broken_by_some() -> None:
    assert {case.rule for case in CASES} == {name for name in RULES if name.startswith("GFV")}
