"""ONNX files of one or two nodes, to stand for networks."""

from __future__ import annotations

import onnx
from onnx import TensorProto, helper

FLOAT = TensorProto.FLOAT


def ports(shapes: dict[str, list], dtype: int = FLOAT) -> list[onnx.ValueInfoProto]:
    return [helper.make_tensor_value_info(name, dtype, shape) for name, shape in shapes.items()]


def model(nodes, inputs, outputs, initializers=(), opset=17, domains=()) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "tiny", ports(inputs), ports(outputs), list(initializers))
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(d, 1) for d in domains)]
    return helper.make_model(graph, opset_imports=imports, ir_version=8)


def scale_by_mean(height="H", width="W", points=10) -> onnx.ModelProto:
    """Picture times the mean of the current keypoints."""
    return model(
        [
            helper.make_node("ReduceMean", ["kp"], ["mean"], keepdims=0),
            helper.make_node("Mul", ["source", "mean"], ["prediction"]),
        ],
        {"source": [1, 3, height, width], "kp": [1, points, 2]},
        {"prediction": [1, 3, height, width]},
    )
