"""Whether a contract makes sense by itself, without graph or stream."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generators.roles import (
    FLAT,
    GIVES,
    MOST_REFERENCES,
    OF_EACH_REFERENCE,
    PICTURES,
    POINTS,
    TAKES,
    TYPED_MATRICES,
    Network,
    Role,
    without_batch,
)

if TYPE_CHECKING:
    from generators.contract import AnalysisGraph, BaseGraph, Contract, Tensor


def problems_of(contract: Contract) -> Iterator[str]:
    """What makes no sense in a contract, without looking at a graph or a stream; in words."""
    if not contract.name.isprintable():  # it is shown to people
        yield f"the name {contract.name!r} is not one line of text"
    yield from _graph_problems(contract)
    graphs = [("inputs", contract.inputs), ("outputs", contract.outputs)]
    if contract.base is not None:
        graphs += [("base inputs", contract.base.inputs), ("base outputs", contract.base.outputs)]
    for what, tensors in graphs:
        names = Counter(t.name for t in tensors)
        yield from (f"{what} name {n!r} twice" for n in sorted(n for n, number in names.items() if number > 1))
        for tensor in tensors:
            yield from (f"{what} {tensor.name!r} {p}" for p in _tensor_problems(tensor))
    yield from _role_problems(contract)
    yield from (f"size {n!r} admits nothing: {s}" for n, s in contract.sizes.items() if s.min > s.max)
    yield from _reference_problems(contract)


def _graph_problems(contract: Contract) -> Iterator[str]:
    network = contract.network
    if contract.base is not None:
        yield from _file_problems("base", contract.base)
        if network not in (Network.GENERATIVE, Network.ANALYSIS):
            yield f"{network} has no base graph"
    if contract.analysis is not None:
        yield from _file_problems("analysis", contract.analysis)
        if network != Network.GENERATIVE:
            yield f"{network} has no analysis graph"
    if contract.bits is not None and network != Network.ANALYSIS:
        yield f"{network} codes nothing, so it has no bits"


def _role_problems(contract: Contract) -> Iterator[str]:
    network = contract.network
    if not any(t.role in GIVES[network] for t in contract.outputs):
        yield f"{network} has no output of role {' or '.join(GIVES[network])}"
    if network == Network.ANALYSIS and not any(t.role == Role.SOURCE_PICTURE for t in contract.inputs):
        yield f"{network} has no input of role {Role.SOURCE_PICTURE}"
    for tensor in contract.inputs:
        if tensor.role not in TAKES[network]:
            yield f"nothing feeds input {tensor.name!r} of role {tensor.role} in {network}"


def _reference_problems(contract: Contract) -> Iterator[str]:
    letter = contract.references
    stacked = [t for t in contract.inputs if contract.of_each_reference(t)]
    if letter is None:
        if any(t.role == Role.BASE_DISTANCES for t in contract.inputs):
            yield "has distances of base pictures, but no references"
        return
    if contract.network != Network.GENERATIVE:
        yield f"{contract.network} takes one base picture"
    size = contract.sizes.get(letter)
    if size is None or size.max > MOST_REFERENCES or size.multiple != 1:
        yield f"the number of references {letter!r} needs a size of at most {MOST_REFERENCES}"
    if not stacked:
        yield f"no input is of {letter!r} references"
    for tensor in stacked:
        if tensor.role not in OF_EACH_REFERENCE:
            yield f"input {tensor.name!r} is of {letter!r} references, but has role {tensor.role}"
    of_base = () if contract.base is None else (*contract.base.inputs, *contract.base.outputs)
    elsewhere = [t for t in contract.inputs if letter in t.shape[1:]]
    elsewhere += [t for t in (*contract.outputs, *of_base) if letter in t.shape]
    for tensor in elsewhere:
        yield f"{tensor.name!r} has {letter!r} elsewhere than at the start of an input of the main graph"
    for tensor in contract.inputs:
        if tensor.role == Role.BASE_DISTANCES and tensor.shape != (letter,):
            yield f"{tensor.name!r} holds distances of base pictures in shape {list(tensor.shape)}, not [{letter!r}]"


def _file_problems(what: str, graph: BaseGraph | AnalysisGraph) -> Iterator[str]:
    if not re.fullmatch(r"[\w.-]+\.onnx", graph.file, re.ASCII):
        yield f"{what} graph {graph.file!r} is not the bare name of an .onnx file"
    if graph.sha256 is not None and not re.fullmatch("[0-9a-f]{64}", graph.sha256):
        yield f"sha256 of the {what} graph is not 64 hexadecimal digits"


def _tensor_problems(tensor: Tensor) -> Iterator[str]:
    role, shape = tensor.role, tensor.shape
    if role in PICTURES:
        planes = without_batch(shape, 3)
        if len(planes) != 3 or planes[0] != 3:
            yield f"is a picture of shape {list(shape)}, not [1, 3, H, W]"
    elif tensor.value_range is not None or tensor.colour is not None:
        yield f"has a colour or value range, but role {role}"
    if role in POINTS:
        if len(without_batch(shape, 2)) != 2:
            yield f"holds keypoints in shape {list(shape)}, not [K, 2] or [K, 3]"
    elif tensor.convention is not None:
        yield f"has a keypoint convention, but role {role}"
    if (role in TYPED_MATRICES) != (tensor.matrix_type is not None):
        yield "needs a matrix_type" if role in TYPED_MATRICES else f"has a matrix_type, but role {role}"
    if (role == Role.ENHANCEMENT_MATRICES) != (tensor.matrix_index is not None):
        yield "has a matrix_index without role enhancement_matrices, or the role without it"
    if (role == Role.PREPARED) != (tensor.prepare is not None):
        yield "needs a preparation" if role == Role.PREPARED else f"has a preparation, but role {role}"
    if (role in FLAT) != bool(tensor.parts):
        yield "needs parts" if role in FLAT else f"has parts, but role {role}"
    for part in tensor.parts:
        if (part.role in TYPED_MATRICES) != (part.matrix_type is not None):
            yield f"has a part {part.role} with matrix_type {part.matrix_type}"
