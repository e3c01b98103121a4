"""A translator as an ONNX graph with its contract: eight matrix products, so it is written node by node."""

from __future__ import annotations

import onnx
from onnx import TensorProto, helper, numpy_helper

from generators.contract import Contract, Tensor
from generators.model_file import with_contract
from generators.models.translators import Translator, layers
from generators.roles import Network, Role

OPSET = 13
"""Has all that is needed; newer runtimes take older graphs."""

GIVEN = "parameters"
MADE = "translated"


def export_translator(
    translator: Translator, *, name: str | None = None, source: str = "", licence: str = ""
) -> onnx.ModelProto:
    """The graph: ``parameters`` [1, values of the source] to ``translated`` [1, values of the target].

    Args:
        translator: with its weights.
        name: of the model; by default of the two profiles.
        source: where the weights come from.
        licence: of the weights.
    """
    ours, theirs = translator.source, translator.target
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []
    at = GIVEN
    every = layers(translator)
    for i, (weights, biases, rectified) in enumerate(every):
        constants += [numpy_helper.from_array(weights, f"weights_{i}"), numpy_helper.from_array(biases, f"biases_{i}")]
        to = MADE if i == len(every) - 1 else f"sum_{i}"
        nodes.append(helper.make_node("Gemm", [at, f"weights_{i}", f"biases_{i}"], [to], transB=1))
        at = to
        if rectified:
            nodes.append(helper.make_node("Relu", [to], [f"layer_{i}"]))
            at = f"layer_{i}"
    ports = {
        GIVEN: helper.make_tensor_value_info(GIVEN, TensorProto.FLOAT, [1, ours.values]),
        MADE: helper.make_tensor_value_info(MADE, TensorProto.FLOAT, [1, theirs.values]),
    }
    graph = helper.make_graph(nodes, "translator", [ports[GIVEN]], [ports[MADE]], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="gfv")
    onnx.checker.check_model(model, full_check=True)
    contract = Contract(
        name=f"{ours.profile.name}-to-{theirs.profile.name}" if name is None else name,
        network=Network.TRANSLATOR,
        summary=f"Parameters of {ours.profile.name} to those of {theirs.profile.name}.",
        inputs=(Tensor(GIVEN, Role.PARAMETERS, (1, ours.values), parts=ours.parts()),),
        outputs=(Tensor(MADE, Role.PARAMETERS, (1, theirs.values), parts=theirs.parts()),),
        variant={"source": ours.profile.name, "target": theirs.profile.name},
        licence=licence,
        source=source,
    )
    return with_contract(model, contract)
