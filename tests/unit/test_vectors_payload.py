"""Payloads of the reference encoders: read, turned into JSON and back, written again, and what they mean."""

from __future__ import annotations

import json
import math
from typing import Any

from unit.vectors import Vector, each_vector, payload_of, uri_text

import gfv_sei
from gfv_sei.meaning.quirks import READERS

# These end with bytes of a network that no element announces (gfv-syntax.md 8.3, 22).
UNANNOUNCED = "quirk_nn_payload_nonbase"

# JM left no values, and its chains predict from references two messages behind.
WITH_READER = ("vtm", "hm")

AXES = ("X", "Y", "Z")


def listed(elements: list[Any]) -> list[tuple[str, Any, int]]:
    return [(name, value, bits) for name, value, bits, *_ in elements]


def expected(elements: list[Any]) -> list[tuple[str, Any, int]]:
    return [(name, uri_text(value) if isinstance(value, str) else value, bits) for name, value, bits in elements]


@each_vector(without=(UNANNOUNCED,))
def test_elements_are_those_that_the_encoder_wrote(vector: Vector) -> None:
    state = gfv_sei.DecodingState()
    for message in vector.messages:
        payload = payload_of(message)
        msg = gfv_sei.parse_payload(message["payload_type"], payload, vector.software.syntax, state)
        assert listed(msg.elements) == expected(message["elements"])
        assert sum(bits for _, _, bits, _ in msg.elements) == 8 * len(payload)


@each_vector()
def test_json_and_back_gives_the_same_payload(vector: Vector) -> None:
    syntax = vector.software.syntax
    reading, writing = gfv_sei.DecodingState(), gfv_sei.DecodingState()
    for message in vector.messages:
        payload = payload_of(message)
        msg = gfv_sei.parse_payload(message["payload_type"], payload, syntax, reading)
        text = json.dumps(msg.to_dict(), allow_nan=False)
        again = gfv_sei.message_from_dict(message["payload_type"], json.loads(text))
        assert again == msg
        assert gfv_sei.write_payload(again, syntax, writing).hex() == payload.hex()


def refused(message: dict[str, Any], syntax: str, state: gfv_sei.DecodingState) -> gfv_sei.GfvError | None:
    try:
        gfv_sei.parse_payload(message["payload_type"], payload_of(message), syntax, state)
    except gfv_sei.GfvError as error:
        return error
    return None


@each_vector(without=("chroma_key", "coord2d_abs_base", "gfve", "ids", "nn_", "quirk_nn"))
def test_without_its_base_message_a_predicted_message_is_refused(vector: Vector) -> None:
    """A stream that is cut into."""
    for message in vector.messages[1:]:
        coded = {name: value for name, value, _ in message["elements"]}
        predicted = [name for name in ("gfv_kps_pred_flag", "gfv_matrix_pred_flag") if coded.get(name)]
        error = refused(message, vector.software.syntax, gfv_sei.DecodingState())
        if coded.get("gfv_base_picture_flag") or not predicted:
            assert error is None or message["payload_type"] == 224
        else:
            assert isinstance(error, gfv_sei.PredictionError)
            assert error.element in predicted


def flat(nested: Any) -> list[float]:
    return [value for part in nested for value in flat(part)] if isinstance(nested, list) else [nested]


def printed_values(values: dict[str, Any]) -> dict[str, list[float]]:
    """What a reference decoder prints, under one name for all of them."""
    found = {}
    for name, numbers in values.items():
        plain = name.replace("gefv", "gfve").replace("_", "").lower()
        if plain.startswith("gfvcoordinate"):
            found[plain[-len("xtensor")].upper()] = numbers
        elif plain.endswith("matrixelement"):
            found["matrices"] = numbers
        elif plain.endswith("pupilcoordinate"):
            found["pupils"] = numbers
    return found


def our_values(values: dict[str, Any]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for axis, name in enumerate(AXES):
        column = [point[axis] for point in values.get("coordinates", ()) if axis < len(point)]
        if column:
            found[name] = column
    if "matrices" in values:
        found["matrices"] = [value for one in values["matrices"] for value in flat(one["elements"])]
    if "pupils" in values:
        found["pupils"] = [*values["pupils"]["left"], *values["pupils"]["right"]]
    return found


def require_close(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> None:
    assert ours.keys() == theirs.keys()
    for name, numbers in theirs.items():
        assert len(ours[name]) == len(numbers)
        for mine, other in zip(ours[name], numbers, strict=True):
            assert math.isclose(mine, other, rel_tol=1e-6, abs_tol=1e-9), name


# Where the reader of the reference software departs from the syntax tables (gfv-syntax.md section 8.1): base matrices
# overwritten (2), the layout of the first base message kept (4), one state for all identifiers (1), and indices out
# of range (21).
READER_IS_WRONG = ("matrix_pred", "two_base_pictures", "quirk", "coord2d_nonbase_4")


@each_vector(of=WITH_READER, without=READER_IS_WRONG)
def test_values_are_those_that_the_reference_reader_prints(vector: Vector) -> None:
    state = gfv_sei.DecodingState()
    for message in vector.messages:
        msg = gfv_sei.parse_payload(message["payload_type"], payload_of(message), vector.software.syntax, state)
        require_close(our_values(msg.values), printed_values(message["reader"]["values"]))


@each_vector(of=WITH_READER, without=("quirk_matrix_order", UNANNOUNCED))
def test_values_with_the_quirks_of_a_reader_are_those_that_it_prints(vector: Vector) -> None:
    state = gfv_sei.DecodingState(READERS[vector.software.compat])
    for message in vector.messages:
        msg = gfv_sei.parse_payload(message["payload_type"], payload_of(message), vector.software.syntax, state)
        require_close(our_values(msg.values), printed_values(message["reader"]["values"]))


# The inputs of the writer and what is decoded differ by the writer's rounding, at most 1.5 units (8.2, 10), but for
# state that the writer gets wrong: one state for all identifiers (1), the configured base flag (3).
WRITER_IS_WRONG = ("coord2d_nonbase_4", "quirk_two_ids")


@each_vector(of=WITH_READER, without=WRITER_IS_WRONG)
def test_values_are_those_that_the_encoder_was_given(vector: Vector) -> None:
    state = gfv_sei.DecodingState()
    for message in vector.messages:
        params = message["params"]
        msg = gfv_sei.parse_payload(message["payload_type"], payload_of(message), vector.software.syntax, state)
        ours = our_values(msg.values)
        given: dict[str, list[float]] = {}
        if params.get("coordinate_present_flag"):
            given |= {
                name: params[f"coordinate_{name.lower()}"] for name in AXES if params.get(f"coordinate_{name.lower()}")
            }
            if not params["coordinate_z_present_flag"]:
                given.pop("Z", None)
        if params["matrix_present_flag"]:
            rows = params["matrix_types"] if message["payload_type"] == 223 else params["matrices"]
            given["matrices"] = [value for row in rows for value in row["elements"]]
        precision = {"matrices": "matrix_element_precision_factor"}
        for name, numbers in given.items():
            unit = 2.0 ** -params[precision.get(name, "coordinate_precision_factor")]
            assert len(ours[name]) == len(numbers)
            for mine, other in zip(ours[name], numbers, strict=True):
                assert abs(mine - other) <= 1.5 * unit * (1 + 1e-9), name
