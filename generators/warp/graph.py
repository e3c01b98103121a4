"""The warp as an ONNX graph, node by node what ``reference`` computes.

Nothing in it needs more than opset 17, the oldest one that has everything and that every onnxruntime from
1.18 on runs. K, height and width are open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from generators.contract import Contract, Size, Tensor
from generators.model_file import with_contract
from generators.roles import Network, Role
from generators.warp import settings as c
from generators.warp.reference import places

OPSET = 17

CONTRACT = Contract(
    name="warp",
    network=Network.GENERATIVE,
    summary="Keypoint-driven warping of the base picture by successive correction; needs no training.",
    sizes={"K": Size(1, 1024), "D": Size(2, 3), "H": Size(2, 16384), "W": Size(2, 16384)},
    inputs=(
        Tensor("base_picture", Role.BASE_PICTURE, (1, 3, "H", "W"), value_range=(0.0, 1.0), colour="RGB"),
        Tensor("base_keypoints", Role.BASE_KEYPOINTS, ("K", "D"), convention="edges"),
        Tensor("keypoints", Role.KEYPOINTS, ("K", "D"), convention="edges"),
    ),
    outputs=(Tensor("picture", Role.GENERATED_PICTURE, (1, 3, "H", "W"), value_range=(0.0, 1.0), colour="RGB"),),
    licence="BSD-3-Clause",
    source="generators.warp of this repository; z, where there is one, has no influence",
)


class _Builder:
    """Collects nodes and constants. Each method adds one node and gives the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, value: Any, dtype: Any = np.float32) -> str:
        array = np.asarray(value, dtype=dtype)
        name = f"c_{array.dtype}_{'x'.join(map(str, array.shape))}_{len(self.constants)}"
        for known, tensor in self.constants.items():
            if tensor == numpy_helper.from_array(array, known):
                return known
        self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant(values, np.int64)

    def add(self, operator: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def sum(self, tensor: str, axis: int, *, keep: bool = True) -> str:
        return self.add("ReduceSum", tensor, self.integers(axis), keepdims=int(keep))

    def square(self, tensor: str) -> str:
        return self.add("Mul", tensor, tensor)

    def squared_distances(self, one: str, other: str) -> str:
        """[N, 2] and [K, 2] to [N, K], by differences: the shorter form by products loses digits."""
        difference = self.add(
            "Sub",
            self.add("Unsqueeze", one, self.integers(1)),
            self.add("Unsqueeze", other, self.integers(0)),
        )
        return self.sum(self.square(difference), 2, keep=False)

    def gaussian(self, squared: str, divisor: str) -> str:
        return self.add("Exp", self.add("Div", squared, divisor))

    def mean(self, weights: str, values: str, extra: str | None = None) -> str:
        total = self.sum(weights, 1)
        if extra is not None:
            total = self.add("Add", total, extra)
        return self.add("Div", self.add("MatMul", weights, values), total)


class _Sides(NamedTuple):
    """Sizes of the picture, as names of outputs: its shape, the same as numbers, both turned round, half sides.

    Half sides are in units of the shorter one.
    """

    shape: str
    height_width: str
    swapped: str
    half: str


def build() -> onnx.ModelProto:
    """The model, checked by onnx, its contract inside. Its parts have the names of what they are in ``reference``."""
    b = _Builder()
    sides = _sides(b)
    start, moved = _points(b, "base_keypoints", sides), _points(b, "keypoints", sides)
    identity, between, divisor = _reaches(b, start)
    believed = _believed(b, start, moved, identity, between, divisor)
    flow = _spread(b, sides, b.add("Sub", start, believed), believed, divisor)
    _sample(b, sides, _enlarge(b, sides, flow))

    def ports(tensors: Sequence[Tensor]) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(t.name, TensorProto.FLOAT, list(t.shape)) for t in tensors]

    graph = helper.make_graph(
        b.nodes, "warp", ports(CONTRACT.inputs), ports(CONTRACT.outputs), list(b.constants.values())
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="gfv")
    onnx.checker.check_model(model, full_check=True)
    return with_contract(model, CONTRACT)


def _sides(b: _Builder) -> _Sides:
    shape = b.add("Shape", "base_picture", start=2)
    height_width = b.add("Cast", shape, to=TensorProto.FLOAT)
    swapped = b.add("Gather", height_width, b.integers(1, 0), axis=0)
    shorter = b.add("ReduceMin", height_width, axes=[0], keepdims=1)
    return _Sides(shape, height_width, swapped, b.add("Div", swapped, shorter))


def _points(b: _Builder, name: str, sides: _Sides) -> str:
    """Keypoints in units of the shorter half side: [K, 2]."""
    flat = b.add("Slice", name, b.integers(0), b.integers(2), b.integers(1))  # z has no influence
    return b.add("Mul", b.add("Clip", flat, b.constant(-c.LIMIT), b.constant(c.LIMIT)), sides.half)


def _reaches(b: _Builder, start: str) -> tuple[str, str, str]:
    """The identity matrix, squared distances of points, and what turns those into weights: [K, K], [K, K], [K]."""
    count = b.add("Shape", start, start=0, end=1)
    square_shape = b.add("Concat", count, count, axis=0)
    identity = b.add("EyeLike", b.add("ConstantOfShape", square_shape), dtype=TensorProto.FLOAT)
    between = b.squared_distances(start, start)
    far = b.add("Add", b.add("Sqrt", between), b.add("Mul", identity, b.constant(c.ABSENT)))
    k = b.add("Min", count, b.integers(c.NEIGHBOURS))
    nearest = "nearest"
    b.nodes.append(helper.make_node("TopK", [far, k], [nearest, "nearest_index"], axis=1, largest=0))
    reach = b.add(
        "Clip",
        b.add("Mul", b.add("ReduceMean", nearest, axes=[1], keepdims=0), b.constant(c.REACH)),
        b.constant(c.NARROWEST),
        b.constant(c.WIDEST),
    )
    return identity, between, b.add("Mul", b.square(reach), b.constant(-2.0))


def _believed(b: _Builder, start: str, moved: str, identity: str, between: str, divisor: str) -> str:
    """How far each point has moved, as far as the others agree: [K, 2]."""
    shift = b.add("Sub", start, moved)
    others = b.add("Mul", b.gaussian(between, divisor), b.add("Sub", b.constant(1.0), identity))
    expected = b.mean(b.add("Add", others, b.add("Mul", identity, b.constant(c.SELF))), shift)
    contradiction = b.add("Sub", shift, expected)
    doubt = b.add("Div", b.sum(b.square(contradiction), 1), b.constant(c.DOUBT**2))
    trusted = b.add("Div", contradiction, b.add("Add", b.square(doubt), b.constant(1.0)))
    return b.add("Add", expected, trusted)


def _spread(b: _Builder, sides: _Sides, now: str, believed: str, divisor: str) -> str:
    """The movement of each place of a coarse grid: [places, 2]."""
    at = b.add("Mul", b.constant(places()), sides.half)
    outside = b.gaussian(b.squared_distances(at, now), divisor)
    inside = b.gaussian(b.squared_distances(now, now), divisor)
    left, result = believed, ""
    for step in range(c.PASSES):
        if step:
            outside, inside = b.square(b.square(outside)), b.square(b.square(inside))
        part = b.mean(outside, left, b.constant(c.STILL))
        result = b.add("Add", result, part) if result else part
        if step + 1 < c.PASSES:
            left = b.add("Sub", left, b.mean(inside, left, b.constant(c.STILL)))
    return result


def _enlarge(b: _Builder, sides: _Sides, flow: str) -> str:
    """The movement of each pixel, -1 to 1 being the picture: [1, 2, H, W]."""
    coarse = b.add("Reshape", b.add("Div", flow, sides.half), b.integers(1, c.GRID, c.GRID, 2))
    planes = b.add("Transpose", coarse, perm=[0, 3, 1, 2])
    full = b.add("Concat", b.integers(1, 2), sides.shape, axis=0)
    return b.add("Resize", planes, "", "", full, mode="linear", coordinate_transformation_mode="half_pixel")


def _sample(b: _Builder, sides: _Sides, flow: str) -> None:
    """The output: of each pixel what the base picture has where it came from."""

    def row(index: int, form: Sequence[int]) -> str:
        """Centres of the pixels along one side."""
        size = b.add("Gather", sides.height_width, b.constant(index, np.int64), axis=0)
        steps = b.add("Range", b.constant(0.0), size, b.constant(1.0))
        twice = b.add("Add", b.add("Mul", steps, b.constant(2.0)), b.constant(1.0))
        line = b.add("Sub", b.add("Div", twice, size), b.constant(1.0))
        return b.add("Reshape", line, b.integers(*form))

    x = b.add("Expand", row(1, (1, 1, 1, -1)), b.add("Concat", b.integers(1, 1), sides.shape, axis=0))
    y = b.add("Expand", row(0, (1, 1, -1, 1)), b.add("Concat", b.integers(1, 1), sides.shape, axis=0))
    # Beyond the border: the nearest pixel. Sampling with border padding would say so itself, but takes onnxruntime
    # 1.31 seven times as long as zeros, so places are kept between the centres of the outermost pixels.
    look = b.add("Add", b.add("Concat", x, y, axis=1), flow)
    inner = b.add("Sub", b.constant(1.0), b.add("Div", b.constant(1.0), sides.swapped))
    most = b.add("Reshape", inner, b.integers(1, 2, 1, 1))
    look = b.add("Min", b.add("Max", look, b.add("Neg", most)), most)
    b.add(
        "GridSample",
        "base_picture",
        b.add("Transpose", look, perm=[0, 2, 3, 1]),
        name="picture",
        mode="bilinear",
        padding_mode="zeros",
        align_corners=0,
    )
