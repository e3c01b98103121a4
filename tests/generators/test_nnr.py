"""Units of ISO/IEC 15938-17 streams, and the hook that decodes them."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper, numpy_helper
from tiny_networks import model

from generators.errors import ModelError
from generators.nnr import decoded, listed, units


def unit(kind: int, body: bytes, *, independent: int = 1, part: int | None = None, long: bool = False) -> bytes:
    """A unit, written bit by bit from the description."""
    head = f"{kind:06b}{independent}{int(part is not None)}" + ("" if part is None else f"{part:08b}")
    size = (4 if long else 2) + len(head) // 8 + len(body)
    bits = (f"1{size:031b}" if long else f"0{size:015b}") + head
    return int(bits, 2).to_bytes(len(bits) // 8) + body


STREAM = unit(0, b"\0") + unit(1, b"ab") + unit(3, b"", part=7) + unit(5, bytes(300), long=True, independent=0)


def test_units_of_every_form():
    found = list(units(STREAM))
    assert [(u.type, u.size, u.independent, u.part, u.complete) for u in found] == [
        (0, 4, True, None, True),
        (1, 5, True, None, True),
        (3, 4, True, 7, True),
        (5, 305, False, None, True),
    ]
    assert [u.offset for u in found] == [0, 4, 9, 13]
    assert listed(STREAM)[0] == "NNR_STR, start: 4 bytes"
    assert listed(STREAM)[2] == "NNR_TPL, topology: 4 bytes, part 7"


def test_what_is_cut_off_or_no_unit_is_said():
    assert listed(STREAM[:-1])[-1] == "NNR_NDU, compressed data: 305 bytes, cut off"
    assert listed(unit(40, b"") + b"\0\1\0") == ["type 40, unknown: 3 bytes", "3 bytes after the last unit"]
    assert listed(b"") == []
    assert listed(b"\x80") == ["1 byte after the last unit"]


@given(st.binary(max_size=200))
def test_any_bytes_will_do(payload):
    end = 0
    for one in units(payload):
        assert one.offset == end
        assert one.size >= 3
        end = one.offset + one.size
        assert one.complete == (end <= len(payload))


def base() -> bytes:
    weight = numpy_helper.from_array(np.zeros(4, np.float32), "weight")
    return model(
        [helper.make_node("Add", ["x", "weight"], ["y"])], {"x": [4]}, {"y": [4]}, [weight]
    ).SerializeToString()


def raw_floats(payload: bytes, base: bytes) -> bytes:
    """A decoder: the float32 numbers of the only unit of compressed data are the weights."""
    (data,) = (payload[u.offset + 3 : u.offset + u.size] for u in units(payload) if u.type == 5)
    network = onnx.load_model_from_string(base)
    network.graph.initializer[0].raw_data = data
    return network.SerializeToString()


def test_a_decoder_of_the_users_puts_a_payload_onto_a_base_model():
    weights = np.arange(4, dtype=np.float32)
    made = decoded(unit(0, b"\0") + unit(5, weights.tobytes()), base(), raw_floats)
    (found,) = onnx.load_model_from_string(made).graph.initializer
    np.testing.assert_array_equal(numpy_helper.to_array(found), weights)


def test_what_a_decoder_makes_is_looked_over():
    with pytest.raises(ModelError, match="no unit"):
        decoded(b"\xff\xff", base(), raw_floats)
    with pytest.raises(ModelError, match="the decoded network is not an ONNX file"):
        decoded(unit(5, b""), base(), lambda payload, base: b"rubbish")
