"""MACs and parameters against counts made by hand, and against published figures."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from tiny_networks import model

from generators.errors import ModelError
from generators.macs import count_graph, count_model
from generators.registry import load_model


def weights(**shapes: tuple[int, ...]) -> list[onnx.TensorProto]:
    return [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in shapes.items()]


def test_a_small_network_counted_by_hand():
    counted = count_graph(
        model(
            [
                helper.make_node("Conv", ["x", "w1", "b1"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2]),  # 8x8 to 4x4
                helper.make_node("Relu", ["a"], ["r"]),
                helper.make_node("Conv", ["r", "w2"], ["d"], pads=[1, 1, 1, 1], group=6),  # each channel alone
                helper.make_node("ConvTranspose", ["d", "w3"], ["u"], strides=[2, 2]),  # 4x4 to 8x8
                helper.make_node("GridSample", ["u", "grid"], ["s"]),
                helper.make_node("GlobalAveragePool", ["s"], ["g"]),
                helper.make_node("Flatten", ["g"], ["f"]),
                helper.make_node("Gemm", ["f", "w4", "b4"], ["h"], transB=1),
                helper.make_node("MatMul", ["h", "w5"], ["y"]),
            ],
            {"x": [1, 3, "H", "H"], "grid": [1, 5, 5, 2]},
            {"y": [1, 2]},
            weights(w1=(6, 3, 3, 3), b1=(6,), w2=(6, 1, 3, 3), w3=(6, 4, 2, 2), w4=(10, 4), b4=(10,), w5=(10, 2)),
        ),
        {"H": 8},
    )
    by_hand = [6 * 3 * 9 * 16, 6 * 9 * 16, 6 * 4 * 4 * 16, 0, 4 * 10, 10 * 2]
    assert [node.macs for node in counted.nodes] == by_hand
    assert counted.macs == sum(by_hand)
    assert counted.samples == 4 * 5 * 5
    assert [node.parameters for node in counted.nodes] == [168, 54, 96, 0, 50, 20]
    assert counted.parameters == 388


def test_open_sizes_have_to_be_given():
    graph = model(
        [helper.make_node("Conv", ["x", "w"], ["y"])],
        {"x": [1, 3, "H", "W"]},
        {"y": [1, 2, "H", "W"]},
        weights(w=(2, 3, 1, 1)),
    )
    with pytest.raises(ModelError, match="is not known"):
        count_graph(graph, {"H": 4})
    assert count_graph(graph, {"H": 4, "W": 5}).macs == 2 * 3 * 20
    with pytest.raises(ModelError, match="leaves sizes open"):
        count_model(load_model("warp"))


def test_the_warp_is_nearly_free():
    counted = count_model(load_model("warp"), {"H": 256, "W": 256, "K": 28, "D": 2})
    assert counted.base is None
    assert counted.picture.samples == 3 * 256 * 256
    assert counted.kmac_per_pixel < 0.1


# ../shared/reference/generators.md, section 1, and section 11 for what is done once per base picture. 1e9 MACs.
@pytest.mark.parametrize(("name", "whole", "base"), [("fomm", 53.6, 10.3), ("cfte", 54.8, None)])
def test_published_networks(name, whole, base):
    pytest.importorskip("torch")
    from generators.models import find_architecture
    from generators.models.export import export

    counted = count_model(export(find_architecture(name).build()))
    assert counted.base is not None
    assert (counted.picture.macs + counted.base.macs) / 1e9 == pytest.approx(whole, abs=0.05)
    assert base is None or counted.base.macs / 1e9 == pytest.approx(base, abs=0.05)
