"""Hex = elements = JSON = values, in every direction, of messages that were put together by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
import unit.hand_made_enhancements
import unit.hand_made_framing
import unit.hand_made_keypoints
import unit.hand_made_matrices  # noqa: F401  # each of the four fills FIXTURES
from unit.hand_made import FIXTURES, Fixture

import gfv_sei
from gfv_sei.stream.inject import PayloadWriter


def each(fixtures: Iterable[Fixture]) -> pytest.MarkDecorator:
    cases = [pytest.param(one, syntax, id=f"{one.name}-{syntax}") for one in fixtures for syntax in one.syntaxes]
    return pytest.mark.parametrize(("fixture", "syntax"), cases)


each_fixture = each(FIXTURES.values())


def state_before(fixture: Fixture, syntax: str) -> gfv_sei.DecodingState:
    state = gfv_sei.DecodingState()
    for name in fixture.after:
        before = FIXTURES[name]
        gfv_sei.parse_payload(before.payload_type, before.payload, syntax, state)
    return state


def read(fixture: Fixture, syntax: str) -> gfv_sei.Message:
    return gfv_sei.parse_payload(fixture.payload_type, fixture.payload, syntax, state_before(fixture, syntax))


@each_fixture
def test_the_bits_of_the_table_are_the_hex(fixture: Fixture, syntax: str) -> None:
    bits = "".join(bits for bits, _, _ in fixture.rows)
    assert bits == f"{int.from_bytes(fixture.payload, 'big'):0{8 * len(fixture.payload)}b}"


@each_fixture
def test_hex_to_elements(fixture: Fixture, syntax: str) -> None:
    found = [(name, value, bits) for name, value, bits, _ in read(fixture, syntax).elements]
    assert found == [(name, value, len(bits)) for bits, name, value in fixture.rows]


@each_fixture
def test_hex_to_json(fixture: Fixture, syntax: str) -> None:
    found = read(fixture, syntax).to_dict()
    assert json.loads(json.dumps(found)) == fixture.message
    in_order = [name for _, name, _ in fixture.rows if not name.startswith("payload_bit_equal_to")]
    first_met = dict.fromkeys(name for name in in_order if "alignment_zero_bit" not in name)
    outside_of_loops = [name for name in first_met if not isinstance(fixture.message[name], list)]
    assert [name for name in found if name in outside_of_loops] == outside_of_loops


@each_fixture
def test_json_to_hex(fixture: Fixture, syntax: str) -> None:
    msg = gfv_sei.message_from_dict(fixture.payload_type, fixture.message)
    assert gfv_sei.write_payload(msg, syntax, state_before(fixture, syntax)) == fixture.payload


@each_fixture
def test_hex_to_values(fixture: Fixture, syntax: str) -> None:
    assert read(fixture, syntax).values == fixture.values


@each_fixture
def test_json_to_values(fixture: Fixture, syntax: str) -> None:
    """What was written leaves the same state as what was read: the next message predicts from it alike."""
    writing, reading = state_before(fixture, syntax), state_before(fixture, syntax)
    gfv_sei.write_payload(gfv_sei.message_from_dict(fixture.payload_type, fixture.message), syntax, writing)
    gfv_sei.parse_payload(fixture.payload_type, fixture.payload, syntax, reading)
    following = [one for one in FIXTURES.values() if syntax in one.syntaxes and one.after[-1:] == (fixture.name,)]
    for one in following:
        found = gfv_sei.parse_payload(one.payload_type, one.payload, syntax, writing)
        assert found.values == gfv_sei.parse_payload(one.payload_type, one.payload, syntax, reading).values


# Values say nothing of trailing bits or networks alone, and a fraction of 1 and more has another, shorter way.
WITHOUT_WAY_BACK = ("extension_bits", "no_alignment_bit", "enhancement_network", "matrices_predicted")

# What a header chooses; the rest of a message follows from the values.
FOLLOWS = (
    "_abs",
    "sign_flag",
    "_matrix_element_",
    "_delta_element",
    "num_matri",
    "num_kps",
    "_type_idx",
    "width",
    "height",
)
PRECISION = "precision_factor_minus1"


@each(one for one in FIXTURES.values() if one.name not in WITHOUT_WAY_BACK)
def test_values_to_hex(fixture: Fixture, syntax: str) -> None:
    """The header and the values of a message, prediction as in the message, give its bits."""
    header = {
        name: value
        for name, value in fixture.message.items()
        if name.endswith(PRECISION) or not any(part in name for part in (*FOLLOWS, "3D"))
    }
    before = state_before(fixture, syntax)
    msg = gfv_sei.message_from_values(fixture.payload_type, header, fixture.values, syntax, before)
    assert gfv_sei.write_payload(msg, syntax, before) == fixture.payload


@each_fixture
def test_a_record_of_it_is_written_as_it_was(fixture: Fixture, syntax: str) -> None:
    writer = PayloadWriter(syntax)
    for name in (*fixture.after, fixture.name):
        one = FIXTURES[name]
        record = {"payload_type": one.payload_type, "message": one.message, "values": one.values}
        assert writer.payload(record) == (one.payload_type, one.payload)


def test_descriptors_are_those_of_the_syntax_table() -> None:
    expected = {
        "gfv_id": "ue(v)",
        "gfv_base_picture_flag": "u(1)",
        "gfv_nn_alignment_zero_bit_a": "u(1)",
        "gfv_nn_tag_uri": "st(v)",
        "gfv_nn_uri": "st(v)",
        "gfv_nn_payload_byte": "b(8)",
        "gfv_chroma_key_value": "u(8)",
        "gfv_chroma_key_thr_upper_delta_minus1": "ue(v)",
        "gfv_coordinate_dx_abs": "ue(v)",
        "gfv_coordinate_x_sign_flag": "u(1)",
        "gfv_matrix_type_idx": "u(6)",
        "gfv_matrix_element_dec": "u(v)",
        "gfv_matrix_delta_element_dec": "ue(v)",
        "gfve_matrix_delta_element_dec": "u(v)",
        "gfve_pupil_coordinate_present_idx": "u(2)",
        "gfve_pupil_left_eye_dx_coordinate_abs": "ue(v)",
    }
    found = {
        name: descriptor
        for one in FIXTURES.values()
        if "vsei4" in one.syntaxes and one.name != "all_matrix_types" and "further" not in one.name
        for name, _, _, descriptor in read(one, "vsei4").elements
    }
    assert {name: found.get(name) for name in expected} == expected


def test_reserved_identifiers_are_to_be_ignored() -> None:
    assert read(FIXTURES["largest_id"], "vsei4").ignored == "gfv_id 4294967294 is reserved"
    assert read(FIXTURES["largest_id_in_use"], "vsei4").ignored is None
    assert read(FIXTURES["base_finest"], "vsei4").ignored is None
