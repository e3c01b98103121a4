"""What is warned of as lost is lost: random streams, decoded from each IRAP picture on and without sub-layers."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import gfv_sei
from gfv_sei.syntax.payload_types import GFV, GFVE
from gfv_sei.validation.stream import Checker

IRAP, SKIPPED, TRAILING = "irap", "skipped", "trailing"


class Picture(NamedTuple):
    """A picture, its temporal id, and its messages: payload type and payload."""

    kind: str
    temporal_id: int
    messages: list[tuple[int, bytes]]


def video(r: Random) -> list[Picture]:
    """A face and its enhancement; all messages but base messages predict, so that whoever lacks one shows it."""
    state = gfv_sei.DecodingState()
    pictures: list[Picture] = []
    for number in range(r.randint(3, 8)):
        kinds = [IRAP, TRAILING, TRAILING, *([SKIPPED] * 2 if pictures and pictures[-1].kind != TRAILING else [])]
        kind = r.choice(kinds) if number else IRAP
        messages: list[tuple[int, bytes]] = []
        pictures.append(Picture(kind, 0 if kind == IRAP else r.randint(0, 2), messages))
        base = int(not number or r.random() < 0.3)
        enhanced_base = int(not number or (base and r.random() < 0.7))
        for cnt in range(r.randint(0 if number else 1, 3)):
            flags: dict[str, Any] = {} if cnt else {"gfv_base_picture_flag": base}
            predicted = {} if base and not cnt else {"gfv_kps_pred_flag": 1}
            points = {"coordinates": [[r.randint(-200, 200) / 256, 0.5]]}
            messages.append((GFV, written(GFV, {"gfv_id": 1, "gfv_cnt": cnt, **flags, **predicted}, points, state)))
            flags = {} if cnt else {"gfve_base_picture_flag": enhanced_base}
            predicted = {} if enhanced_base and not cnt else {"gfve_matrix_pred_flag": 1}
            header = {"gfve_id": 2, "gfve_gfv_id": 1, "gfve_gfv_cnt": cnt, **flags, **predicted}
            values = {"matrices": [{"elements": [[[r.randint(-300, 300) / 256]]]}]}
            messages.append((GFVE, written(GFVE, header, values, state)))
    return pictures


def written(payload_type: int, header: dict[str, Any], values: dict[str, Any], state: gfv_sei.DecodingState) -> bytes:
    msg = gfv_sei.message_from_values(payload_type, header, values, state=state)
    return gfv_sei.write_payload(msg, state=state)


def decoded(pictures: list[Picture], numbers: list[int]) -> dict[tuple[int, int], Any]:
    """The values of the messages of these pictures, "lost" where prediction fails."""
    state, found = gfv_sei.DecodingState(), {}
    for number in numbers:
        for k, one in enumerate(pictures[number].messages):
            try:
                found[number, k] = gfv_sei.parse_payload(*one, state=state).values
            except gfv_sei.PredictionError:
                found[number, k] = "lost"
    return found


def differs(pictures: list[Picture], numbers: list[int]) -> bool:
    """Whether messages of these pictures mean something else where the others are not decoded."""
    whole = decoded(pictures, list(range(len(pictures))))
    return any(whole[place] != values for place, values in decoded(pictures, numbers).items())


def from_picture(pictures: list[Picture], begin: int) -> list[int]:
    """What is decoded from an IRAP picture on: all but the pictures that are skipped with it."""
    rest = list(range(begin + 1, len(pictures)))
    while rest and pictures[rest[0]].kind == SKIPPED:
        rest.pop(0)
    return [begin, *rest]


def test_what_is_lost_is_warned_of_and_nothing_else() -> None:
    outcomes = set()
    for seed in range(250):
        pictures = video(Random(seed))
        checker = Checker()
        found: list[gfv_sei.Finding] = []
        for one in pictures:
            for payload_type, payload in one.messages:
                found += checker.message(payload_type, payload, temporal_id=one.temporal_id)
            found += checker.end_of_access_unit(one.kind == IRAP, one.kind == SKIPPED)
        rules = {one.rule.identifier for one in found}
        begins = [number for number, one in enumerate(pictures) if one.kind == IRAP]
        lost = any(differs(pictures, from_picture(pictures, begin)) for begin in begins)
        sub_layers = ([n for n, one in enumerate(pictures) if one.temporal_id <= most] for most in (0, 1))
        dropped = any(differs(pictures, numbers) for numbers in sub_layers)
        assert rules == ({"GFV-PRED-003"} if lost else set()) | ({"GFV-BASE-003"} if dropped else set()), seed
        outcomes.add((lost, dropped))
    assert len(outcomes) == 4


def values_of(messages: list[tuple[int, bytes]]) -> list[Any]:
    state = gfv_sei.DecodingState()
    return [gfv_sei.parse_payload(*one, state=state).values for one in messages]


def test_repetitions_are_warned_of_where_they_change_what_is_read() -> None:
    """Messages of one picture, some of them repeated: read with the repetitions and without."""
    outcomes = set()
    for seed in range(300):
        r = Random(seed)
        state = gfv_sei.DecodingState()
        places = r.sample(range(-8, 9), 4)
        once: list[tuple[int, bytes]] = []
        for cnt in range(r.randint(1, 4)):
            predict = {"gfv_kps_pred_flag": int(r.random() < 0.8)} if cnt else {"gfv_base_picture_flag": 1}
            points = {"coordinates": [[places[cnt] / 256, 0.5]]}
            once.append((GFV, written(GFV, {"gfv_id": 1, "gfv_cnt": cnt, **predict}, points, state)))
        sent, new = [0], 1
        while new < len(once) or r.random() < 0.3:
            if new < len(once) and r.random() < 0.6:
                sent.append(new)
                new += 1
            else:
                again = r.randrange(new)
                sent += range(again, min(new, again + r.randint(1, 4)))
        checker = Checker()
        rules = {one.rule.identifier for number in sent for one in checker.message(*once[number])}
        without, repeated = values_of(once), values_of([once[number] for number in sent])
        changed = any(values != without[number] for values, number in zip(repeated, sent, strict=True))
        assert rules == ({"GFV-CNT-003"} if changed else set()), seed
        outcomes.add((changed, len(sent) > len(once)))
    assert outcomes == {(False, False), (False, True), (True, True)}
