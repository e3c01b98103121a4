"""What messages do to each other: which findings a sequence of them has, and which it has not.

Beside the cases of ``breaking``, each of which breaks one rule at one place: values at the limit of a rule, messages
that are repeated, losses and what ends them, references that are new again.
"""

from __future__ import annotations

import pytest
from validation.breaking import (
    BASE,
    CUT,
    ENHANCING,
    GFV,
    NEXT,
    NEXT_IRAP,
    NEXT_SKIPPED,
    NO_PUPILS,
    NONE,
    PUPILS,
    SAME_MATRIX,
    SMALL,
    STEP,
    TAG,
    URI,
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
    matrices,
    number,
    raw,
    u,
    ue,
    whole,
    with_key,
    with_network,
    with_uri,
)
from validation.test_rules import findings_of

Items = tuple[Sent | UnitEnd, ...]

NO_CHANGE = differences(0, 0) + NONE
FAR = differences(15, 1) + NONE
MATRIX = matrices((1, 2))
WITH_MATRIX = gfv(base(keypoints(3, 4) + MATRIX))
NEW_POINTS = keypoints(3, 4)
NEW_MATRIX = "10" + MATRIX[1:]  # with a prediction flag, as in any message but a base message
OTHER = gfv(base(keypoints(5, 6) + NONE))
LOST_DRIVING = raw(GFV, whole(driving(keypoints(3, 4, count=2)).replace("^", "")))
LOST_BASE = raw(GFV, whole(base(keypoints(3, 4, count=2))))
NEW_ENHANCED = ENHANCING[1:]
EYES = gfve(enhancement(PUPILS))
RESERVED_MODE = gfv(base(network="1" + ue(2)))
RESERVED_TYPE = gfv(further(1, NEW_POINTS + "10" + matrices((1, 2), type_idx=u(32, 6))[1:]))


def minus(magnitude: int) -> str:
    return ue(magnitude) + "1"


AT_A_LIMIT: dict[str, Items] = {
    **{f"gfv_id {value}": (gfv(base(gfv_id=ue(value))),) for value in (255, 512, 2**31 - 1)},
    "64 matrix types": (gfv(base(NONE + "1" + ue(3) + ue(63) + (u(7, 6) + ue(0) * 3) * 64 + element(1, 2, 4) * 64)),),
    "all chroma key values": (gfv(with_key(values=("1" + u(9, 8)) * 3)),),
    "an upper threshold of 255": (gfv(with_key(thresholds="1" + u(200, 8) + ue(54))),),
    "x and y of 1 and -1": (gfv(base("10" + ue(3) + ue(0) + "0" + number(16) + minus(16) + NONE)),),
    "z of the announced maximum": (gfv(base(keypoints(1, 1, 48, z="1" + ue(2)) + NONE)),),
    "a pupil at 1 and -1": (BASE, gfve(enhancement(NONE + "01" + ue(3) + number(16) + minus(16)))),
    "three differences of 0 that fill the payload": (
        gfv(base(NONE + "1" + ue(3) + ue(2) + SMALL * 3 + element(1, 2, 4) * 3)),
        raw(GFV, ue(1) + ue(1) + "0" + NONE + "11" + "11" * 3),
    ),
    "a fraction of 2^q - 1": (gfv(base(NONE + MATRIX)), gfv(further(1, NONE + "11" + ue(0) + ue(15) + "0"))),
}

SILENT: dict[str, Items] = {
    "the same GFV message again": (BASE, gfv(further(1)), gfv(further(1))),
    "a base message with differences again": (gfv(base("11" + NEW_POINTS[2:] + NONE)),) * 2,
    "the same GFVE message again": (BASE, EYES, EYES),
    "a GFVE message without pupils and prediction again": (
        *(BASE, gfv(further(1)), gfve(enhancement(NO_PUPILS, cnt=1)), gfve(enhancement(NO_PUPILS, cnt=1))),
    ),
    "a whole list again": (
        *(BASE, gfv(further(1, NO_CHANGE)), EYES, gfv(further(2, NO_CHANGE)), gfve(enhancement(NONE + STEP, cnt=2))),
        *(BASE, gfv(further(1, NO_CHANGE)), EYES, gfv(further(2, NO_CHANGE)), gfve(enhancement(NONE + STEP, cnt=2))),
    ),
    "the last message again, which is absolute, and what is predicted from it": (
        *(BASE, gfv(further(1)), gfv(further(1)), gfv(further(2, NO_CHANGE))),
    ),
    "reserved modes in messages on which none relies": (
        *(RESERVED_MODE, NEXT, BASE, NEXT, gfv(driving(NO_CHANGE)), gfv(further(1, NO_CHANGE)), NEXT, RESERVED_MODE),
        *(gfve(with_network(ue(2) + NO_PUPILS)), NEXT, BASE, gfve(enhancement(NO_PUPILS))),
    ),
    "absolute enhancement at an IRAP picture, which relies on no other": (
        *(BASE, gfve(enhancement(NO_PUPILS)), NEXT_IRAP, NEXT_IRAP, BASE),
        *(gfve(enhancement("10" + NEW_ENHANCED + "00", flag="0")), NEXT),
    ),
    "absolute values behind a message of a reserved type": (
        *(BASE, RESERVED_TYPE, gfv(further(2)), gfv(further(3, NO_CHANGE)), NEXT, gfv(driving(NO_CHANGE))),
    ),
    "the same network again": (gfv(with_uri(TAG, URI)), NEXT, gfv(with_uri(TAG, URI))),
    "counts begin anew in the next picture unit": (BASE, gfv(further(1)), NEXT, OTHER, gfv(further(1, NO_CHANGE))),
    "a base message at the last IRAP picture": (BASE, NEXT_IRAP, gfv(driving(NO_CHANGE)), NEXT),
    "no IRAP picture at all": (BASE, NEXT, gfv(driving(NO_CHANGE)), NEXT),
    "pictures that are left out with what they refer to": (
        *(BASE, NEXT_IRAP, NEXT_IRAP, gfv(driving()), NEXT_SKIPPED, gfv(driving(NO_CHANGE)), NEXT_SKIPPED),
        *(BASE, NEXT, gfv(driving(NO_CHANGE))),
    ),
    "the message before of an earlier picture has no keypoints": (
        *(BASE, gfv(further(1, NONE + NEW_MATRIX)), NEXT),
        *(gfv(driving(NO_CHANGE)), gfv(further(1, NO_CHANGE))),
    ),
    "a driving message predicts from the base message": (
        *(BASE, gfv(further(1, NONE + NEW_MATRIX)), NEXT),
        gfv(driving(NO_CHANGE)),
    ),
    "a base message of a lower temporal id": (BASE, NEXT, gfv(driving(NO_CHANGE))._replace(temporal_id=1)),
    "keypoints given anew after a base message without": (
        *(BASE, NEXT, gfv(base(NONE + MATRIX)), NEXT, BASE, NEXT),
        *(gfv(driving(NO_CHANGE)), NEXT),
    ),
}

EMPTY = raw(GFV, "")

WHOLE = next(bits for x in range(9) for y in range(9) if len(bits := base(keypoints(x, y) + NONE)) % 8 == 0)
"""A message that ends on a byte."""

NO_COUNT = raw(GFV, whole(ue(1) + "0"))
"""A message that ends behind its identifier."""

WRONG: dict[str, tuple[Items, str]] = {
    "a broken message again": ((BASE, CUT, CUT), "SYN-005 SYN-005"),
    "a message of unknown count may be any": ((NO_COUNT, EYES), "SYN-005"),
    "two for messages that are not there or not there yet": (
        (gfve(enhancement(PUPILS, gfv_id=ue(5))), EYES, BASE),
        "ASC-001 ASC-003",
    ),
    "a value 16 times out of range, and what follows": (
        (gfv(with_key(purpose=ue(48), values="1" + u(9, 8) + "00")),),
        "SYN-011 CHR-001",
    ),
    "a value further out, which ends the reading": (
        (gfv(with_key(purpose=ue(49), values="1" + u(9, 8) + "00")),),
        "SYN-011",
    ),
    "no base message, in each of two identifiers": (
        (gfv(driving()), gfv(ue(5) + driving()[3:].replace("^", "")), NEXT, gfv(driving())),
        "BASE-001 BASE-001",
    ),
    "prediction across IRAP pictures, told once per base message": (
        2 * (BASE, NEXT_IRAP, NEXT_IRAP, gfv(driving(NO_CHANGE)), NEXT, gfv(driving(NO_CHANGE)), NEXT),
        "PRED-003 PRED-003",
    ),
    "a base message of a picture that is left out": (
        (BASE, NEXT_IRAP, BASE, NEXT_SKIPPED, gfv(driving()), NEXT, gfv(driving(NO_CHANGE)), NEXT, gfv(driving())),
        "BASE-002 PRED-003",
    ),
    "a picture that is left out, in a stream with two IRAP pictures before it": (
        (BASE, NEXT_IRAP, NEXT_IRAP, NEXT_IRAP, gfv(driving(NO_CHANGE)), NEXT_SKIPPED),
        "PRED-003",
    ),
    "a driving message that needs the base picture, behind one that is predicted": (
        (BASE, NEXT_IRAP, NEXT_IRAP, gfv(driving(NO_CHANGE)), NEXT, gfv(driving()), NEXT),
        "PRED-003",
    ),
    "both of them in one picture": (
        (BASE, NEXT_IRAP, gfv(driving()), gfv(further(1, NO_CHANGE)), NEXT_IRAP),
        "BASE-002 PRED-003",
    ),
    "a repeated message before one that is predicted": (
        (BASE, gfv(further(1, NO_CHANGE)), BASE, gfv(further(2, NO_CHANGE))),
        "CNT-003",
    ),
    "two base messages, of which the last one counts": ((BASE, OTHER, gfv(further(1, FAR))), "CNT-002 CRD-001"),
    "two messages again, without the one before them": (
        (BASE, *2 * (gfv(further(1, NO_CHANGE)), gfv(further(2, NO_CHANGE)))),
        "CNT-003",
    ),
    "another message of the same count before one that is predicted": (
        (BASE, gfv(further(1, NO_CHANGE)), OTHER, gfv(further(2, NO_CHANGE))),
        "CNT-002 CNT-003",
    ),
    "repeated enhancement before one that is predicted": (
        (
            *(BASE, EYES, gfv(further(1)), gfve(enhancement(NONE + STEP, cnt=1)), EYES),
            *(gfv(further(2)), gfve(enhancement(NONE + STEP, cnt=2))),
        ),
        "CNT-003",
    ),
    "what relies on messages that decoders ignore, once per base message": (
        (
            *(RESERVED_MODE, NEXT, gfv(driving(NO_CHANGE)), gfv(further(1, NO_CHANGE)), NEXT),
            *(RESERVED_MODE, NEXT, gfv(driving()), gfv(further(1))),
        ),
        "PRED-007 PRED-007",
    ),
    "enhancement of a message that decoders ignore, before and behind it": (
        (gfve(ue(9) + ue(1) + ue(0) + "1" + NONE + PUPILS), RESERVED_MODE, EYES),
        "ASC-003 ASC-004 ASC-004",
    ),
    "no base message, at an IRAP picture": ((NEXT, gfv(driving()), NEXT_IRAP), "BASE-001"),
    "a driving message at an IRAP picture that cannot be read": ((BASE, NEXT, LOST_DRIVING, NEXT_IRAP), "SYN-005"),
    "the message before stands in another picture unit, wrongly": (
        (BASE, gfv(further(1, NONE + NEW_MATRIX)), NEXT, gfv(further(1, NO_CHANGE))),
        "CNT-001",
    ),
    "the message before has keypoints and lacks matrices": (
        (WITH_MATRIX, gfv(further(1, NO_CHANGE)), gfv(further(2, differences(0, 0) + SAME_MATRIX))),
        "PRED-006",
    ),
    "a message of unknown identifier may have been the base message": (
        (EMPTY, NEXT, gfv(driving(NO_CHANGE)), NEXT, gfv(driving(NO_CHANGE))),
        "SYN-005 PRED-005",
    ),
    "also that of an identifier that was met before": (
        (gfv(driving()), NEXT, EMPTY, NEXT, gfv(driving(NO_CHANGE))),
        "BASE-001 SYN-005 PRED-005",
    ),
    "so nothing is known of a base message to be driven": ((EMPTY, NEXT, gfv(driving())), "SYN-005"),
    "but one that is there is there": ((BASE, EMPTY, NEXT, gfv(driving(FAR))), "SYN-005 CRD-001"),
    "and the next one ends it": ((EMPTY, BASE, NEXT, gfv(driving(FAR))), "SYN-005 CRD-001"),
    "one pupil, then none": (
        (BASE, gfve(enhancement(NONE + "01" + ue(3) + number(1) * 2)), NEXT, BASE, gfve(enhancement(NO_PUPILS))),
        "PUP-002",
    ),
    "a loss ends at a driving message of count 0": (
        (BASE, CUT, NEXT, gfv(driving(NO_CHANGE)), gfv(further(1, FAR))),
        "SYN-005 CRD-001",
    ),
    "and does not at the next one": ((BASE, NEXT, LOST_DRIVING, gfv(further(1, FAR))), "SYN-005 PRED-005"),
    "nor at a driving message, where it was the base message": (
        (BASE, NEXT, LOST_BASE, NEXT, gfv(driving(NO_CHANGE))),
        "SYN-005 PRED-005",
    ),
    "two losses": (
        (BASE, CUT, gfv(further(2, NO_CHANGE)), NEXT) * 2,
        "SYN-005 PRED-005 SYN-005 PRED-005",
    ),
    "a loss ends where keypoints and matrices are given anew": (
        (WITH_MATRIX, CUT, gfv(further(2, NEW_POINTS + NEW_MATRIX)), gfv(further(3, FAR))),
        "SYN-005 CRD-001",
    ),
    "but not where only keypoints are": (
        (WITH_MATRIX, CUT, gfv(further(2)), gfv(further(3, FAR))),
        "SYN-005 PRED-005",
    ),
    "and not where only matrices are": (
        (WITH_MATRIX, CUT, gfv(further(2, NONE + NEW_MATRIX)), gfv(further(3, FAR))),
        "SYN-005 PRED-005",
    ),
    "a precision of 32 bits can be used": (
        (gfv(base(keypoints(3, 4, 1, q=32, z="1" + ue(70000)) + NONE)), gfv(further(1, differences(1, 1, 1) + NONE))),
        "SYN-010",
    ),
    "one of 33 bits cannot": (
        (
            gfv(base(NONE + "1" + ue(32) + ue(0) + u(7, 6) + ue(0) * 3 + element(1, 2, 33))),
            gfv(further(1, NONE + SAME_MATRIX)),
        ),
        "SYN-008 PRED-005",
    ),
}


def rules_of(items: Items, syntax: str = "vsei4") -> str:
    """The findings, by the ends of their names, but for messages that decoders ignore."""
    found = findings_of(Case("", "", items, syntax=syntax))
    return " ".join(one.rule.identifier.partition("-")[2] for one in found if one.rule.severity != "ignored")


@pytest.mark.parametrize("what", {**AT_A_LIMIT, **SILENT})
def test_nothing_is_wrong(what: str) -> None:
    assert rules_of({**AT_A_LIMIT, **SILENT}[what]) == ""


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_and_how_often(what: str) -> None:
    items, rules = WRONG[what]
    assert rules_of(items) == rules


@pytest.mark.parametrize(
    ("syntax", "items", "rules"),
    [
        ("draft-a", (BASE, NEXT, gfv(driving(NO_CHANGE)), gfv(driving(NO_CHANGE))), "CNT-003"),
        ("draft-b", (BASE, NEXT, gfv(driving(NO_CHANGE)), gfv(driving(NO_CHANGE))), ""),
        ("draft-a", (BASE, BASE, NEXT, gfv(driving(NO_CHANGE))), ""),
        ("draft-a", (BASE, NEXT, LOST_DRIVING, NEXT, gfv(driving(FAR))), "SYN-005 PRED-005"),
        ("draft-b", (BASE, NEXT, LOST_DRIVING, NEXT, gfv(driving(FAR))), "SYN-005 CRD-001"),
        ("draft-a", (BASE, NEXT, LOST_DRIVING, NEXT, gfv(driving()), NEXT, gfv(driving(FAR))), "SYN-005 CRD-001"),
        ("draft-a", (BASE, EYES, EYES, NEXT, BASE, EYES), "SYN-017"),
        ("draft-b", (gfv(base(key="1" + "000" + "1" + ue(75) + "0")),), "CHR-002"),
        ("draft-b", (gfv(base(key="1" + "000" + "1" + ue(74) + "0")),), ""),
        ("draft-b", (gfv(base(key="1" + "000" + "0" + "1" + ue(255))),), ""),
        ("draft-b", (gfv(base(key="1" + "000" + "0" + "1" + ue(256))),), "CHR-002"),
    ],
)
def test_what_only_drafts_have(syntax: str, items: Items, rules: str) -> None:
    assert rules_of(items, syntax) == rules


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((gfv(base(NONE + "1" + ue(3) + ue(0) + SMALL + element(2**32 - 1, 0, 4))),), "out of range"),
        ((gfv(base(NONE + "1" + ue(3) + ue(2) + SMALL * 3 + element(2**32 - 1, 0, 4) * 3)),), "at 2 more places"),
        ((raw(GFV, ue(3) + ue(0) + "1" + "0"),), "of 1 byte ends here, at least 1 bit short"),
        ((BASE, *2 * (gfv(further(1, NO_CHANGE)),)), "its differences are added twice"),
        (
            (BASE, gfv(further(1, NO_CHANGE)), BASE, gfv(further(2, NO_CHANGE))),
            "predicted from a repeated message with count 0",
        ),
        (
            (BASE._replace(temporal_id=3), NEXT, gfv(driving())._replace(temporal_id=1)),
            "TemporalId is 1, that of the base message 3",
        ),
        ((raw(GFV, whole(base() + "0")),), f"the last {-len(base()) % 8} bits of the payload are no alignment"),
        ((raw(GFV, WHOLE + "10000000"),), "a byte of alignment follows"),
        ((raw(GFV, WHOLE + "1" + "0" * 15),), "whole bytes of zeros follow"),
        ((BASE, gfv(further(2))), "gfv_id 1 in this picture unit is 1"),
        ((BASE, gfve(enhancement(NO_PUPILS, cnt=1, gfv_id=ue(3)))), "gfv_id 3 and gfv_cnt 1"),
        (
            (BASE, gfv(further(1)), gfve(enhancement(NO_PUPILS, cnt=1)), EYES),
            "gfve_id 2 and gfve_gfv_id 1 with count 1",
        ),
    ],
)
def test_numbers_in_the_words_of_a_finding(items: Items, words: str) -> None:
    (one,) = findings_of(Case("", "", items))
    assert words in one.what
    assert ("more place" in one.what) == ("more place" in words)
