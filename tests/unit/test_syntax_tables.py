"""The syntax tables that are drawn of the descriptions, and the JSON Schema made of them, beside real messages."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from unit.made_messages import GFV, SYNTAXES, Made, some
from unit.vectors import each_vector, payload_of

import gfv_sei
from gfv_sei.schema import record_schema
from gfv_sei.schema.build import text
from gfv_sei.syntax.drawing import UP_TO_THE_END, Row, draw, refusals
from gfv_sei.syntax.editions import EDITIONS

BEHIND = {
    "payload_bit_equal_to_one",
    "payload_bit_equal_to_zero",
    "payload_trailing_bits",
    "reserved_payload_extension_data",
}


@cache
def table(syntax: str, payload_type: int) -> dict[str, Row]:
    return {row.name: row for row in draw(EDITIONS[syntax].describe(payload_type))}


@cache
def made(syntax: str) -> list[list[gfv_sei.Message]]:
    """Sequences of messages, written and read again."""
    found = []
    for seed in range(80):
        writer, reader = gfv_sei.DecodingState(), gfv_sei.DecodingState()
        found.append([_read(one, syntax, writer, reader) for one in some(seed, syntax, 6)])
    return found


def _read(one: Made, syntax: str, writer: Any, reader: Any) -> gfv_sei.Message:
    message = gfv_sei.message_from_dict(one.payload_type, one.message)
    payload = gfv_sei.write_payload(message, syntax, writer)
    return gfv_sei.parse_payload(one.payload_type, payload, syntax, reader, trace=True)


def met(row: Row, rows: dict[str, Row], coded: dict[str, Any]) -> bool:
    """Whether the words of a condition hold for a message."""

    def holds(literal: str) -> bool:
        names, negated, values = re.fullmatch(r"(.+?) is (not )?(.+)", literal).groups()
        if negated:
            return any(coded.get(name, 0) != 0 for name in names.split(" or "))
        value = coded.get(names, rows[names].absent)
        if value is None:
            return False
        listed = [int(v) for v in re.findall(r"\d+", values)]
        return value in listed or (values.endswith("or more") and value >= listed[-1])

    return row.present == "always" or any(
        all(holds(literal) for literal in cube.split(" and ")) for cube in row.present.split("; or ")
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_elements_are_coded_just_where_the_table_says(syntax):
    """Elements outside of loops; those in loops have values of their own in each turn."""
    checked = set()
    for sequence in made(syntax):
        inherited: dict[Any, Any] = {}
        for message in sequence:
            rows = table(syntax, message.payload_type)
            there = {name for name, *_ in message.elements}
            coded = dict(message.fields)
            if "gfv_coordinate_z_present_flag" in coded:
                if coded.get("gfv_base_picture_flag"):
                    inherited[message.identifier] = coded["gfv_coordinate_z_present_flag"]
            elif coded.get("gfv_coordinate_present_flag"):
                coded["gfv_coordinate_z_present_flag"] = inherited[message.identifier]
            for row in rows.values():
                looped = any(rows[name].subscripts for name in re.findall(r"gfve?_\w+", row.present) if name in rows)
                none = row.is_alignment or row.descriptor == UP_TO_THE_END  # may be none where there could be some
                if not looped and not (row.subscripts and row.sparse) and not none:
                    assert (row.name in there) == met(row, rows, coded), (row, message.fields)
                    checked.add((row.name, row.name in there))
    assert {name for name, there in checked if there} & {name for name, there in checked if not there}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_table_has_the_elements_of_real_messages_in_their_order_and_no_others(syntax):
    seen = {223: set(), 224: set()}
    for sequence in made(syntax):
        for message in sequence:
            rows = table(syntax, message.payload_type)
            order = list(rows)
            names = list(dict.fromkeys(name for name, *_ in message.elements if name not in BEHIND))
            assert set(names) <= set(rows)
            flat = [name for name in names if not rows[name].subscripts]
            assert flat == sorted(flat, key=order.index)
            for name, value, bits, descriptor in message.elements:
                if name in rows:
                    row = rows[name]
                    assert row.descriptor.startswith(descriptor) or (row.descriptor, descriptor) == (
                        "u(v)",
                        f"u({bits})",
                    )
                    assert row.most is None or isinstance(value, str) or value <= row.most
            seen[message.payload_type].update(names)
    for payload_type, names in seen.items():
        assert names == set(table(syntax, payload_type)) - {
            name for name, row in table(syntax, payload_type).items() if row.is_alignment and name not in names
        }


def test_the_rows_that_are_easily_wrong():
    rows = table("vsei4", GFV)
    assert rows["gfv_fusion_pic_flag"].present == "gfv_cnt is 0 and gfv_base_picture_flag is 0"
    assert rows["gfv_matrix_width_minus1"].present == "gfv_matrix_type_idx is 2, 3 or 7 or more"
    assert rows["gfv_matrix_type_idx"].descriptor == "u(6)"
    for syntax in SYNTAXES:
        element = table(syntax, GFV)["gfv_matrix_element_int"]
        assert element.present == "gfv_matrix_present_flag is 1 and gfv_matrix_pred_flag is 0"
    assert table("draft-a", GFV)["gfv_matrix_type_idx"].descriptor == "ue(v)"
    assert table("draft-b", GFV)["gfv_drive_picture_fusion_flag"].present == "gfv_base_picture_flag is 0"
    pupil = table("vsei4", 224)["gfve_pupil_left_eye_dx_coordinate_abs"]
    assert pupil.allowed == "0 to 2 << (gfve_pupil_coordinate_precision_factor_minus1 + 1)"
    assert pupil.present == "gfve_pupil_coordinate_present_idx is 1 or 3"


def test_what_is_refused():
    assert [refusal.element for refusal in refusals(EDITIONS["vsei4"].gfv)] == [
        "gfv_matrix_present_flag",
        "gfv_matrix_type_idx",
        "gfv_matrix_pred_flag",
        "gfv_kps_pred_flag",
    ]
    assert "gfv_matrix_type_idx" not in [refusal.element for refusal in refusals(EDITIONS["draft-a"].gfv)]


def test_the_published_schema_is_current():
    """If not: python -m gfv_sei.schema.build > gfv_sei/schema/record.schema.json"""
    assert json.loads(text()) == record_schema()


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(record_schema())
    return jsonschema.Draft202012Validator(record_schema())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_schema_takes_every_made_message(syntax, validator, gfv_place):
    for sequence in made(syntax)[::4]:
        for message in sequence:
            validator.validate({**gfv_place, **said(message)})


@each_vector(without=("edge_",))
def test_the_schema_takes_messages_of_reference_software(vector, validator, gfv_place):
    state = gfv_sei.DecodingState()
    for one in vector.messages:
        try:
            message = gfv_sei.parse_payload(one["payload_type"], payload_of(one), vector.software.syntax, state)
        except gfv_sei.GfvError:
            continue
        validator.validate({**gfv_place, **said(message)})


def test_the_schema_refuses_what_is_no_record(validator, gfv_place):
    good = {**gfv_place, **said(made("vsei4")[0][0])}
    for change in (
        {"message": {**good["message"], "gfv_nonsense": 1}},
        {"message": {**good["message"], "gfv_matrix_present_flag": 2}},
        {"message": {**good["message"], "gfv_matrix_present_flag": [1]}},
        {"values": {"coordinates": [[1.0]]}},
        {"au": -1},
        {"more": 0},
    ):
        assert not validator.is_valid({**good, **change}), change
    assert not validator.is_valid({name: value for name, value in good.items() if name != "au"})
    assert not validator.is_valid({name: value for name, value in good.items() if name != "message"})


@pytest.fixture(scope="module")
def gfv_place():
    return {
        "au": 0,
        "nal": 5,
        "offset": 1074,
        "codec": "vvc",
        "nal_type": 24,
        "position": "suffix",
        "layer_id": 0,
        "temporal_id": 0,
    }


def said(message: gfv_sei.Message) -> dict[str, Any]:
    found = {
        "payload_type": message.payload_type,
        "payload_size": len(message.payload),
        "syntax": message.syntax,
        "message": message.to_dict(),
        "values": message.values,
        "elements": [list(element) for element in message.elements],
    }
    return found if message.ignored is None else {**found, "ignored": message.ignored}
