"""Reading and writing model files.

A file is read once, into memory, looked over, and only then given to onnxruntime, as those same bytes. What
is looked for is anything by which a model makes its runtime open another file or run foreign code: external
tensor data, compiled contexts, operators from outside ONNX. So a model file is data, and the only files that
are opened beside it are the base graph that its contract names and, by encoders, the AnalysisNN; they have to lie in
the same folder.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generators.contract import METADATA_KEY, Contract
from generators.errors import ContractError, ModelError
from generators.roles import Network
from gfv_sei.stream.target import open_target

if TYPE_CHECKING:
    import onnx

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
"""Where operators may come from: the standard, and onnxruntime itself (quantisation, fused operators)."""

REFUSED = frozenset({("com.microsoft", "EPContext"), ("com.microsoft", "PyOp")})
"""Operators in those domains that open files or run code."""

MOST_NODES = 1 << 20
"""Of a graph in which local functions stand in place of their calls; networks have some thousand."""

LARGEST = 2**31 - 1
"""A protobuf message cannot be larger."""


@dataclass(frozen=True)
class ModelFile:
    """A model: the bytes of its main graph, its contract, and the bytes of its base graph if it has one."""

    main: bytes
    contract: Contract
    base: bytes | None = None
    name: str = "the model"


def read_model(model: str | Path | bytes, *, contract: Contract | None = None, base: bytes | None = None) -> ModelFile:
    """Read and look over a model.

    Args:
        model: path of an ONNX file, or its bytes.
        contract: its contract; by default that in the file's metadata, otherwise in ``MODEL.json`` beside
            ``MODEL.onnx``.
        base: bytes of the base graph; by default from the file that the contract names, in the same folder.

    Raises:
        ModelError: a file is missing, unreadable, no ONNX, or asks for what is refused.
        ContractError: there is no contract, or it is malformed.
    """
    data, contract, path, name = _main(model, contract)
    if contract.base is not None and base is None:
        if path is None:
            raise ModelError(f"{name} needs its base graph {contract.base.file}, and was given as bytes alone")
        base = _bytes(path.parent / contract.base.file)
    if contract.base is not None and base is not None:
        found = hashlib.sha256(base).hexdigest()
        if contract.base.sha256 not in (None, found):
            raise ModelError(f"base graph {contract.base.file} is another one: sha256 {found}")
        look_over(base, contract.base.file)
    return ModelFile(data, contract, base if contract.base is not None else None, name)


def contract_of(path: str | Path) -> Contract:
    """The contract of a model file, its other files left alone; errors as of `read_model`."""
    return _main(path, None)[1]


def _main(model: str | Path | bytes, contract: Contract | None) -> tuple[bytes, Contract, Path | None, str]:
    """Bytes of the main graph, contract, path and name."""
    path = None if isinstance(model, bytes) else Path(model)
    data = model if isinstance(model, bytes) else _bytes(Path(model))
    name = "the model" if path is None else path.name
    metadata = _metadata(look_over(data, name))
    return data, contract or _contract(metadata, path, name), path, name


def read_contract(path: str | Path) -> Contract:
    """A contract from a JSON file.

    Raises:
        ModelError: it cannot be read.
        ContractError: it is malformed.
    """
    return Contract.from_json(_bytes(Path(path)), where=f"the contract {Path(path).name}")


def with_contract(model: onnx.ModelProto, contract: Contract) -> onnx.ModelProto:
    """The same model object, with the contract in its metadata in place of any that was there."""
    for entry in list(model.metadata_props):
        if entry.key == METADATA_KEY:
            model.metadata_props.remove(entry)
    model.metadata_props.add(key=METADATA_KEY, value=contract.to_json())
    return model


def read_analysis(path: str | Path) -> ModelFile:
    """The AnalysisNN of a model: the file itself if it is one, else the one that its contract names.

    Raises:
        ModelError: it names none; a file is missing, unreadable, another than the contract says, or asks for what is
            refused.
        ContractError: a contract is missing or malformed.
    """
    contract = contract_of(path)
    if contract.network == Network.ANALYSIS:
        return read_model(path)
    if contract.analysis is None:
        raise ModelError(
            f"the contract of {contract.name!r} names no AnalysisNN, which is what encoders need of it; a generator "
            "that takes tracked keypoints, such as one made by gfv models train, needs no --generator when encoding"
        )
    found = read_model(Path(path).parent / contract.analysis.file)
    digest = hashlib.sha256(found.main).hexdigest()
    if contract.analysis.sha256 not in (None, digest):
        raise ModelError(f"the AnalysisNN {contract.analysis.file} is another one: sha256 {digest}")
    return found


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a device or a pipe may never end
            raise ModelError(f"cannot read {path}: it is not a plain file")
        if path.stat().st_size > LARGEST:
            raise ModelError(f"{path} is too large for an ONNX file", allowed=f"{LARGEST} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:  # a zero byte in the name, or half a surrogate pair
        raise ModelError(f"cannot read {str(path)!a}: it is no name of a file") from error


def _contract(metadata: dict[str, str], path: Path | None, name: str) -> Contract:
    if METADATA_KEY in metadata:
        return Contract.from_json(metadata[METADATA_KEY], where=f"the contract in {name}")
    if path is None:
        raise ContractError(f"{name} has no contract in its metadata ({METADATA_KEY})")
    beside = path.with_suffix(".json")
    if not beside.is_file():
        missing = f"neither {METADATA_KEY} in its metadata nor a file {beside.name} beside it"
        raise ContractError(f"{name} has no contract: {missing}")
    return read_contract(beside)


def _metadata(model: onnx.ModelProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in model.metadata_props}


def look_over(data: bytes, name: str) -> onnx.ModelProto:
    """A model from its bytes, if it asks for nothing but arithmetic.

    Raises:
        ModelError: it is no ONNX file, or one that would open others or run foreign code.
    """
    import onnx

    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf raises what derives from Exception only
        raise ModelError(f"{name} is not an ONNX file") from error
    if not model.HasField("graph") or not model.graph.node:
        raise ModelError(f"{name} is not an ONNX file with a graph")
    local = {(function.domain, function.name) for function in model.functions}
    for part in _within(model):
        if not _is_text(part):
            raise ModelError(f"{name} is not an ONNX file: a name or a text in it is no UTF-8")
        if isinstance(part, onnx.TensorProto):
            if part.data_location == onnx.TensorProto.EXTERNAL or part.external_data:
                raise ModelError(f"{name} keeps {part.name!r} in another file; only models in one file are loaded")
        elif isinstance(part, onnx.NodeProto):
            called = part.domain, part.op_type
            # A local function may take the name of an operator, and onnxruntime may then still run the operator.
            if called in REFUSED or (part.domain not in DOMAINS and called not in local):
                raise ModelError(f"{name} uses the operator {'.'.join(called)!a}, which is not loaded")
    if local and _nodes(model) > MOST_NODES:
        raise ModelError(f"the functions of {name}, put in place, make too many nodes", allowed=f"{MOST_NODES}")
    return model


def _is_text(part: Any) -> bool:
    """Whether what should be text in a part is text: of what is no UTF-8, protobuf gives the bytes."""
    texts = (value for field, value in part.ListFields() if field.type == field.TYPE_STRING)
    return not any(isinstance(one, bytes) for text in texts for one in ([text] if isinstance(text, bytes) else text))


def _nodes(model: onnx.ModelProto) -> float:
    """The nodes of the main graph when the local functions are put in place of their calls, as onnxruntime does.

    Functions that call functions can make any number of a few; those that call themselves have no end.
    """
    import onnx

    called: dict[Any, Counter[Any]] = {}
    for key, part in [*(((f.domain, f.name, f.overload), f) for f in model.functions), (None, model.graph)]:
        nodes = (node for node in _within(part) if isinstance(node, onnx.NodeProto))
        called.setdefault(key, Counter()).update((node.domain, node.op_type, node.overload) for node in nodes)
    sizes: dict[Any, int] = {}
    try:
        for key in TopologicalSorter(called).static_order():
            sizes[key] = sum(sizes[one] * number for one, number in called[key].items()) if key in called else 1
    except CycleError:
        return math.inf
    return sizes[None]


def _within(whole: Any) -> Iterator[Any]:
    """All parts of a model, or of a part of one, itself included.

    Branches, local functions, what their attributes are by default, whatever ONNX adds. What a tensor holds is left
    alone: its numbers are no parts, and may be many.
    """
    import onnx

    left: list[Any] = [whole]
    while left:
        part = left.pop()
        yield part
        if isinstance(part, onnx.TensorProto):
            continue
        for field, value in part.ListFields():
            if field.message_type is not None:
                left.extend([value] if hasattr(value, "ListFields") else value)


def save(model: ModelFile, path: str | Path) -> list[Path]:
    """Write a model: the main graph at ``path``, which ends in .onnx, the base graph beside it.

    Its AnalysisNN, if there is one, is a model by itself, to be written beside it by its own name.

    Returns:
        The files.

    Raises:
        ModelError: the name of the main graph would not go with that of the base graph.
    """
    main = Path(path)
    written = []
    if model.base is not None and model.contract.base is not None:
        beside = main.with_name(model.contract.base.file)
        if beside == main:
            raise ModelError(f"{main} is the name of the base graph")
        with open_target(beside) as file:
            file.write(model.base)
        written.append(beside)
    with open_target(main) as file:
        file.write(model.main)
    return [main, *written]
