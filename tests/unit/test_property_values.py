"""From values to messages: what a reader makes of them is within half a unit of what was given, and never drifts."""

from __future__ import annotations

import copy
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.made_messages import GFV, GFVE, SYNTAXES

import gfv_sei
from gfv_sei.syntax.layout import CoordinateLayout, GfvLayout, MatrixLayout

Record = tuple[int, dict[str, Any], dict[str, Any]]

PREDICTION = {
    GFV: ("gfv_kps_pred_flag", "gfv_matrix_pred_flag"),
    GFVE: ("gfve_matrix_pred_flag",),
}


class Talker:
    """Makes records with values: a face that moves a little from message to message, and jumps now and then."""

    def __init__(self, r: Random) -> None:
        self.r = r
        dimensions = 2 + self.yes()
        self.points = [[self.real(1.0) for _ in range(dimensions)] for _ in range(r.choice((1, 2, 3, 10)))]
        types = r.sample((0, 1, 2, 3, 4, 5, 6, 7, 8, 63), r.randint(1, 3))
        self.matrices = [self.matrix(kind) for kind in types]
        self.enhancing = [self.some(r.randint(1, 3), r.randint(1, 3)) for _ in range(r.randint(1, 3))]
        self.pupils = {eye: [self.real(1.0), self.real(1.0)] for eye in ("left", "right")}
        self.precision = {part: r.choice((1, 3, 8, 12, 32)) for part in ("coordinate", "matrix", "gfve", "pupil")}
        self.steady = self.yes()
        self.count = 0

    def yes(self, out_of: int = 2) -> bool:
        return self.r.randint(1, out_of) == 1

    def real(self, most: float) -> float:
        kind = self.r.randint(0, 9)
        if kind == 0:
            return self.r.choice((0.0, -0.0, most, -most, most / 2, 2.0**-33, -(2.0**-33), 1e-300))
        if kind == 1:
            return self.r.randint(-1000, 1000) / 1000 * most * (1 - 2.0**-9)  # just below a unit
        return (self.r.getrandbits(40) / 2.0**39 - 1) * most

    def some(self, height: int, width: int) -> list[list[float]]:
        return [[self.real(self.r.choice((1.0, 4.0, 1000.0))) for _ in range(width)] for _ in range(height)]

    def matrix(self, kind: int) -> dict[str, Any]:
        d = len(self.points[0])
        number, height, width = 1, d, 1 if kind in (5, 6) else d
        if kind in (0, 1):
            number = len(self.points) if self.yes() else self.r.randint(1, 4)
        elif kind in (2, 3) or kind > 6:
            height, width = self.r.randint(1, 3), self.r.randint(1, 3)
            number = self.r.randint(1, 3) if kind > 6 else 1
        return {"type": kind, "elements": [self.some(height, width) for _ in range(number)]}

    def move(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.move(one) for one in value]
        if isinstance(value, dict):
            return {name: one if name == "type" else self.move(one) for name, one in value.items()}
        if self.yes(3):
            return value
        return self.real(2.0) if self.yes(20) else value + self.real(0.03)

    def next_record(self) -> Record:
        self.points, self.matrices = self.move(self.points), self.move(self.matrices)
        self.enhancing, self.pupils = self.move(self.enhancing), self.move(self.pupils)
        self.pupils = {eye: [max(-1.0, min(1.0, v)) for v in point] for eye, point in self.pupils.items()}
        if not self.steady and self.yes(4):
            self.precision[self.r.choice(tuple(self.precision))] = self.r.choice((1, 7, 9, 20, 31))
        base = self.count == 0 or self.yes(8)
        count = 0 if base or self.yes(4) else self.count
        self.count += 1
        return self.gfve(base, count) if self.yes(4) else self.gfv(base, count)

    def gfv(self, base: bool, count: int) -> Record:
        header: dict[str, Any] = {
            "gfv_id": 3,
            "gfv_cnt": count,
            "gfv_coordinate_precision_factor_minus1": self.precision["coordinate"] - 1,
            "gfv_matrix_element_precision_factor_minus1": self.precision["matrix"] - 1,
        }
        if not count:
            header["gfv_base_picture_flag"] = int(base)
        values: dict[str, Any] = {"coordinates": self.points}
        if self.yes():
            values["matrices"] = self.matrices
        else:
            del header["gfv_matrix_element_precision_factor_minus1"]
        return GFV, header, values

    def gfve(self, base: bool, count: int) -> Record:
        header: dict[str, Any] = {
            "gfve_id": 1,
            "gfve_gfv_id": 3,
            "gfve_gfv_cnt": count,
            "gfve_matrix_element_precision_factor_minus1": self.precision["gfve"] - 1,
        }
        if not count:
            header["gfve_base_picture_flag"] = int(base)
        values: dict[str, Any] = {"matrices": [{"elements": self.enhancing}]}
        if base:
            header["gfve_pupil_coordinate_precision_factor_minus1"] = self.precision["pupil"] - 1
            values["pupils"] = self.pupils
        return GFVE, header, values


def records_of(r: Random) -> list[Record]:
    talker = Talker(r)
    return [talker.next_record() for _ in range(r.randint(1, 12))]


# By seed: simplifying a conversation number by number would take minutes and make it no clearer.
RECORDS: st.SearchStrategy[list[Record]] = st.integers(0, 2**32).map(lambda seed: records_of(Random(seed)))


def flat(nested: Any) -> list[float]:
    return [value for part in nested for value in flat(part)] if isinstance(nested, list) else [nested]


def require_half_a_unit(found: Any, given: Any, q: int) -> None:
    ours, theirs = flat(found), flat(given)
    assert len(ours) == len(theirs)
    for mine, wanted in zip(ours, theirs, strict=True):
        assert abs(Fraction(mine) - Fraction(wanted)) <= Fraction(1, 2 << q), (mine, wanted, q)


def precision_in_force(msg: gfv_sei.Message, part: str) -> int:
    assert msg.layout is not None
    layout = getattr(msg.layout, part)
    assert layout is not None
    return layout.precision


def check_values(made: list[Record], syntax: str) -> None:
    writing, reading = gfv_sei.DecodingState(), gfv_sei.DecodingState()
    for payload_type, header, values in made:
        msg = gfv_sei.message_from_values(payload_type, header, values, syntax, writing)
        payload = gfv_sei.write_payload(msg, syntax, writing)
        found = gfv_sei.parse_payload(payload_type, payload, syntax, reading)
        assert found.values.keys() >= values.keys()
        if "coordinates" in values:
            require_half_a_unit(
                found.values["coordinates"], values["coordinates"], precision_in_force(found, "coordinates")
            )
        if "matrices" in values:
            assert [one.get("type") for one in found.values["matrices"]] == [
                one.get("type") for one in values["matrices"]
            ]
            require_half_a_unit(
                [one["elements"] for one in found.values["matrices"]],
                [one["elements"] for one in values["matrices"]],
                precision_in_force(found, "matrices"),
            )
        for eye, point in values.get("pupils", {}).items():
            require_half_a_unit(found.values["pupils"][eye], point, precision_in_force(found, "pupils"))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_values_come_back_within_half_a_unit(syntax: str) -> None:
    @settings(max_examples=max(150, settings().max_examples))
    @given(RECORDS)
    def check(made: list[Record]) -> None:
        check_values(made, syntax)

    check()


def bits_without_alignment(payload_type: int, payload: bytes, syntax: str, state: gfv_sei.DecodingState) -> int:
    msg = gfv_sei.parse_payload(payload_type, payload, syntax, state)
    return sum(bits for name, _, bits, _ in msg.elements if not name.startswith("payload_bit_equal_to"))


def cost(record: Record, syntax: str, state: gfv_sei.DecodingState, **forced: int) -> int | None:
    """Bits of a record with a prediction flag forced; None where it cannot be, or by the base message's settings."""
    payload_type, header, values = record
    writing, reading = copy.deepcopy(state), copy.deepcopy(state)
    try:
        msg = gfv_sei.message_from_values(payload_type, header | forced, values, syntax, writing)
    except gfv_sei.MessageError:
        return None
    payload = gfv_sei.write_payload(msg, syntax, writing)
    layout = gfv_sei.parse_payload(payload_type, payload, syntax, copy.deepcopy(state)).layout
    assert layout is not None
    precisions: dict[str, MatrixLayout | CoordinateLayout | None]
    precisions = {"gfve_matrix_element" if payload_type == GFVE else "gfv_matrix_element": layout.matrices}
    if isinstance(layout, GfvLayout) and layout.coordinates is not None:
        precisions["gfv_coordinate"] = layout.coordinates
        z_max = layout.coordinates.z_max
        if z_max is not None and any(abs(z) > z_max for *_, z in values["coordinates"]):
            return None
    for part, coded in precisions.items():
        wanted = header.get(f"{part}_precision_factor_minus1")
        if coded is not None and wanted is not None and coded.precision != wanted + 1:
            return None
    return bits_without_alignment(payload_type, payload, syntax, reading)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_chosen_prediction_is_the_cheapest(syntax: str) -> None:
    @settings(max_examples=max(150, settings().max_examples))
    @given(RECORDS)
    def check(made: list[Record]) -> None:
        state = gfv_sei.DecodingState()
        for record in made:
            payload_type, header, values = record
            chosen = cost(record, syntax, state)
            assert chosen is not None
            for flag in PREDICTION[payload_type]:
                if flag.startswith("gfv_matrix") and "matrices" not in values:
                    continue
                for forced in (0, 1):
                    other = cost(record, syntax, state, **{flag: forced})
                    assert other is None or chosen <= other, f"{flag} = {forced} takes {other} bits, not {chosen}"
            msg = gfv_sei.message_from_values(payload_type, header, values, syntax, state)
            gfv_sei.write_payload(msg, syntax, state)

    check()


def test_a_thousand_predicted_messages_do_not_drift() -> None:
    r = Random(7)
    writing, reading = gfv_sei.DecodingState(), gfv_sei.DecodingState()
    points = [[r.uniform(-0.9, 0.9), r.uniform(-0.9, 0.9)] for _ in range(10)]
    predicted = 0
    for count in range(1000):
        points = [[max(-1.0, min(1.0, v + r.uniform(-0.004, 0.004))) for v in point] for point in points]
        header = {"gfv_id": 0, "gfv_cnt": count, "gfv_coordinate_precision_factor_minus1": 8}
        msg = gfv_sei.message_from_values(GFV, header, {"coordinates": points}, state=writing)
        payload = gfv_sei.write_payload(msg, state=writing)
        found = gfv_sei.parse_payload(GFV, payload, state=reading)
        predicted += found.fields["gfv_kps_pred_flag"]
        require_half_a_unit(found.values["coordinates"], points, 9)
    assert predicted > 900


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_predicted_matrices_have_the_precision_that_they_inherit(syntax: str) -> None:
    """In draft-a that is the one of the message before, elsewhere the one of the base message."""
    writing, reading = gfv_sei.DecodingState(), gfv_sei.DecodingState()
    for count, q, value in ((0, 9, 0.5), (1, 3, 0.5), (2, 9, 0.51)):
        header: dict[str, Any] = {"gfv_id": 0, "gfv_cnt": count, "gfv_matrix_element_precision_factor_minus1": q - 1}
        if count == 1:
            header["gfv_matrix_pred_flag"] = 0
        values = {"matrices": [{"type": 7, "elements": [[[value]]]}]}
        msg = gfv_sei.message_from_values(GFV, header, values, syntax, writing)
        found = gfv_sei.parse_payload(GFV, gfv_sei.write_payload(msg, syntax, writing), syntax, reading)
        require_half_a_unit(found.values["matrices"][0]["elements"], [[[value]]], precision_in_force(found, "matrices"))


SMALL = {
    "GFV": (GFV, 9, [[[[300 / 512]], [[300 / 512]]], [[[0.0]], [[0.0]]]]),
    "GFVE": (GFVE, 1, [[[[0.5]]], [[[0.0]]]]),
}
"""Differences take more bits than the elements themselves, but less than these with their number and sizes."""


@pytest.mark.parametrize("what", SMALL)
def test_sizes_that_need_not_be_coded_count_for_prediction(what: str) -> None:
    payload_type, q, turns = SMALL[what]
    prefix = what.lower()
    identifiers = {"gfv_id": 0} if payload_type == GFV else {"gfve_id": 0, "gfve_gfv_id": 0}
    kind = {"type": 7} if payload_type == GFV else {}
    state = gfv_sei.DecodingState()
    for count, elements in enumerate(turns):
        header = {**identifiers, f"{prefix}_matrix_element_precision_factor_minus1": q - 1}
        header["gfv_cnt" if payload_type == GFV else "gfve_gfv_cnt"] = count
        record = (payload_type, header, {"matrices": [{**kind, "elements": elements}]})
        if count:
            chosen, absolute, predicted = (
                cost(record, "vsei4", state, **flag)
                for flag in ({}, {f"{prefix}_matrix_pred_flag": 0}, {f"{prefix}_matrix_pred_flag": 1})
            )
            assert chosen is not None
            assert absolute is not None
            assert predicted is not None
            assert predicted < absolute
            assert chosen == predicted
        gfv_sei.write_payload(gfv_sei.message_from_values(*record, "vsei4", state), "vsei4", state)
