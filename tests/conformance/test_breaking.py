"""Changing messages and byte streams: what is changed is changed, and nothing else."""

from __future__ import annotations

import pytest

import gfv_sei
from conformance.breaking import Edit, Units
from conformance.case import cases
from conformance.pictures import STRUCTURES, base_stream
from conformance.sketch import Sketch

POINTS = [[0.25, -0.5], [0.125, 0.75]]


def face() -> Sketch:
    sketch = Sketch("vvc")
    sketch.face(3).base(coordinates=POINTS, predict=0)
    return sketch


def fields(payload: bytes) -> dict[str, object]:
    return gfv_sei.parse_payload(223, payload).fields


def test_an_element_gets_another_value() -> None:
    sketch = face()
    before = fields(sketch.written[-1].payload)
    after = fields(Edit(sketch).ue("gfv_coordinate_x_abs", 5, 1).put())
    assert after == {**before, "gfv_coordinate_x_abs": [64, 5]}
    assert len(sketch.written) == 1


def test_bits_are_added_and_left_out() -> None:
    payload = Edit(face()).ue("gfv_num_kps_minus1", 2).add_behind("gfv_coordinate_y_sign_flag", "11").put()
    assert fields(payload)["gfv_coordinate_x_abs"] == [64, 32, 0]
    with pytest.raises(gfv_sei.GfvError, match="gfv_num_kps_minus1: announces 2 entries"):
        fields(Edit(face()).end_before("gfv_coordinate_x_abs").put())


def test_the_element_at_a_bit() -> None:
    edit = Edit(face())
    assert edit.element_at(0) == "gfv_id"
    assert edit.element_at(5) == "gfv_cnt"
    assert edit.element_at(6) == "gfv_base_picture_flag"
    with pytest.raises(ValueError, match="no such bit"):
        edit.element_at(10_000)


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_nal_units_are_moved_and_nothing_is_lost(codec: str) -> None:
    sketch = Sketch(codec)
    cases()["CNT_B"].make(sketch)
    stream = sketch.stream(base_stream(codec, "inter"))
    units = Units(stream, codec)
    again = units.stream()
    assert list(gfv_sei.read_messages(again, syntax="vsei4"))[-1]["message"]["gfv_cnt"] == 0
    assert again.replace(b"\0\0\0\1", b"\0\0\1") == stream.replace(b"\0\0\0\1", b"\0\0\1")
    assert len([one for one in units.types() if one in units.codec.sei_types]) == STRUCTURES["inter"].pictures
    units.move(units.sei(2), 0)
    assert units.sei(0) == 0
    assert sorted(units.units) == sorted(Units(stream, codec).units)
