"""Arithmetic and weights of a network, counted in its ONNX graph.

A MAC is one multiplication with its addition. Counted are convolutions, transposed convolutions and matrix products,
in float and in their quantised forms; biases, norms, activations and resizing are not, as in the publications that
these figures are compared with. Sampling is listed apart, in samples: it costs time (reads from anywhere), hardly any
arithmetic.

What is counted is the graph as it is given. An exporter folds norms into convolutions, so parameters of a file are
somewhat fewer than those of the network that was trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from generators.errors import ModelError

if TYPE_CHECKING:
    import onnx

    from generators.model_file import ModelFile

CONVOLUTIONS = frozenset({"Conv", "ConvInteger", "QLinearConv", "FusedConv", "ConvTranspose"})
PRODUCTS = frozenset({"MatMul", "MatMulInteger", "QLinearMatMul", "Gemm", "FusedMatMul"})
SAMPLERS = frozenset({"GridSample"})

PASSED_ON = frozenset({"QuantizeLinear", "DequantizeLinear", "Cast", "Identity"})
"""Operators through which a constant stays a constant of its own size."""


@dataclass(frozen=True)
class Work:
    """One node.

    name        of the node, or of its first output
    operator    as ONNX calls it
    macs        multiplications with additions; 0 for samplers
    samples     values sampled; 0 for all others
    parameters  values of its constants, weights and bias
    output      shape of its first output
    """

    name: str
    operator: str
    macs: int
    samples: int
    parameters: int
    output: tuple[int, ...]


@dataclass(frozen=True)
class Count:
    """A graph.

    nodes       those that are counted, in order
    parameters  values of all constants of the graph that are floating-point numbers or quantised ones, scales not
                among them
    """

    nodes: tuple[Work, ...]
    parameters: int

    @property
    def macs(self) -> int:
        """In one run."""
        return sum(node.macs for node in self.nodes)

    @property
    def samples(self) -> int:
        """Values sampled in one run."""
        return sum(node.samples for node in self.nodes)


@dataclass(frozen=True)
class ModelCount:
    """A model: what it costs per picture, and what once per base picture.

    picture     the main graph
    base        the base graph; None where there is none
    pixels      of a picture
    """

    picture: Count
    base: Count | None
    pixels: int

    @property
    def kmac_per_pixel(self) -> float:
        """Thousands of MACs per pixel and picture, without what is done once per base picture."""
        return self.picture.macs / self.pixels / 1000

    @property
    def parameters(self) -> int:
        """Of both graphs."""
        return self.picture.parameters + (self.base.parameters if self.base else 0)


def count_graph(model: onnx.ModelProto, sizes: Mapping[str, int] | None = None) -> Count:
    """Count a graph.

    Args:
        model: with any opset; sizes of its inputs may be open.
        sizes: values for open sizes, by name.

    Raises:
        ModelError: the shape of a counted node is not known; give all open sizes.
    """
    import onnx
    from onnx import shape_inference

    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for port in fixed.graph.input:
        for size in port.type.tensor_type.shape.dim:
            if size.dim_param and sizes and size.dim_param in sizes:
                size.dim_value = sizes[size.dim_param]
    for port in fixed.graph.output:
        for size in port.type.tensor_type.shape.dim:
            size.Clear()
    inferred = shape_inference.infer_shapes(fixed, data_prop=True).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in inferred.initializer}
    for port in (*inferred.input, *inferred.value_info, *inferred.output):
        dims = port.type.tensor_type.shape.dim
        if port.type.tensor_type.HasField("shape") and all(size.HasField("dim_value") for size in dims):
            shapes.setdefault(port.name, tuple(size.dim_value for size in dims))
    constants = _constants(inferred)
    nodes = tuple(_works(inferred, shapes, constants))
    weights = {name for name, (_, kind) in constants.items() if kind in _weight_kinds()}
    scales = {
        name
        for node in inferred.node
        if node.op_type in ("QuantizeLinear", "DequantizeLinear")
        for name in node.input[1:]
    }
    roots = {constants[name][0]: name for name in weights - scales}
    return Count(nodes, sum(prod(shapes[root]) for root in roots if root not in scales))


def count_model(model: ModelFile, sizes: Mapping[str, int] | None = None) -> ModelCount:
    """Count a model's graphs for pictures of its size.

    Args:
        model: from `model_file.read_model`, the exporter or the registry.
        sizes: values for the letters of its contract that it leaves open, such as ``K``, ``H`` and ``W``. Of several
            base pictures it gets as many as it takes.

    Raises:
        ModelError: a size is open and not given, or a shape cannot be inferred.
    """
    import onnx

    contract = model.contract
    found = {name: size.min for name, size in contract.sizes.items() if size.min == size.max}
    if contract.references is not None:
        found[contract.references] = contract.most_references
    found |= sizes or {}
    missing = [letter for letter in ("H", "W") if letter not in found]
    if missing:
        raise ModelError(f"{model.name} leaves sizes open", element=", ".join(missing), allowed="a number for each")
    base = None if model.base is None else count_graph(onnx.load_model_from_string(model.base), found)
    main = count_graph(onnx.load_model_from_string(model.main), found)
    return ModelCount(main, base, found["H"] * found["W"])


def _weight_kinds() -> frozenset[int]:
    from onnx import TensorProto

    return frozenset({TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.INT8, TensorProto.UINT8})


def _constants(graph: onnx.GraphProto) -> dict[str, tuple[str, int]]:
    """Names of constant tensors, with the name of the constant that each comes from and its type."""
    found = {tensor.name: (tensor.name, tensor.data_type) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type in PASSED_ON and node.input and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return found


def _works(
    graph: onnx.GraphProto, shapes: Mapping[str, tuple[int, ...]], constants: Mapping[str, tuple[str, int]]
) -> Iterator[Work]:
    for node in graph.node:
        kinds = (CONVOLUTIONS, PRODUCTS, SAMPLERS)
        if not any(node.op_type in kind for kind in kinds):
            continue
        name = node.name or node.output[0]

        def shape(port: str, name: str = name) -> tuple[int, ...]:
            if port not in shapes:
                raise ModelError(f"the shape of {port!r} at node {name!r} is not known", allowed="fixed sizes")
            return shapes[port]

        output = shape(node.output[0])
        own = {constants[port][0] for port in node.input if port in constants}
        parameters = sum(prod(shapes[root]) for root in own if root in shapes)
        macs = samples = 0
        if node.op_type in SAMPLERS:
            samples, parameters = prod(output), 0
        elif node.op_type in CONVOLUTIONS:
            # Positions of the weight: 1, or 3 where each tensor is followed by its scale and zero point.
            weight = shape(node.input[3 if node.op_type == "QLinearConv" else 1])
            # Each weight is used once per place: of the output, or, transposed, of the input.
            places = shape(node.input[0])[2:] if node.op_type == "ConvTranspose" else output[2:]
            macs = prod(weight) * prod(places) * output[0]
        else:
            first = shape(node.input[0])
            transposed = any(a.name == "transA" and a.i for a in node.attribute)
            macs = prod(output) * first[-2 if transposed else -1]
        yield Work(name, node.op_type, macs, samples, parameters, output)
