"""Networks at work: onnxruntime sessions, fed by role.

`Generator` holds what belongs to the base picture (its planes, its parameters, and what a base graph made
of them) and is then given the parameters of one picture after the other. Inputs are found by the roles that
the contract gives them, so a network of another make needs another contract, not another program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.checking import Port, StreamFacts, check_graph, check_stream, is_of_base
from generators.contract import (
    OF_THE_BASE,
    PICTURES,
    POINTS,
    TYPED_MATRICES,
    Role,
    Tensor,
)
from generators.errors import ContractError, ModelError, ParameterError
from generators.model_file import ModelFile
from generators.parameters import FaceParameters

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""Short names of onnxruntime's execution providers."""

Array = NDArray[Any]
Picture = NDArray[np.float32]

_DTYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64"}


def session(data: bytes, name: str, *, provider: str = "cpu", threads: int = 2) -> Any:
    """An onnxruntime session over a model's bytes, `model_file` having looked them over.

    Args:
        data: the ONNX file.
        name: what to call it in errors.
        provider: a key of `PROVIDERS`, or onnxruntime's own name. The CPU takes over what it cannot run;
            ``session.get_providers()[0]`` says who is really at work.
        threads: within one operator; 0 leaves it to onnxruntime.

    Raises:
        ModelError: the provider is not there, or onnxruntime refuses the model.
    """
    import onnxruntime as ort

    wanted = PROVIDERS.get(provider, provider)
    available = ort.get_available_providers()
    if wanted not in available:
        names = [short for short, long in PROVIDERS.items() if long in available]
        raise ModelError(f"onnxruntime has no provider {provider!r} here", allowed=", ".join(names))
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong comes back as an exception
    providers = [wanted] if wanted == PROVIDERS["cpu"] else [wanted, PROVIDERS["cpu"]]
    try:
        return ort.InferenceSession(data, options, providers=providers)
    except Exception as error:  # onnxruntime raises classes of its own that derive from Exception only
        raise ModelError(f"onnxruntime does not take {name}: {_first_line(error)}") from error


class Generator:
    """A GenerativeNN, with its base picture.

    Usage::

        generator = load_generator("warp")
        generator.set_base(picture, parameters_of_the_base_message)
        for parameters in messages:
            face = generator.generate(parameters)

    Attributes:
        contract: what the network takes and gives.
        provider: who really runs it, in onnxruntime's words: ``CPUExecutionProvider``.
        threads: within one operator; 0: as many as onnxruntime likes.
    """

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        """Start the sessions and hold the contract against the graphs.

        Raises:
            ModelError: onnxruntime refuses the model or the provider is not there.
            ContractError: the contract does not describe the graphs, or the network is not a GenerativeNN.
        """
        self.contract = model.contract
        self.threads = threads
        self._name = model.name
        self._output = self.contract.output(Role.GENERATED_PICTURE)
        self._main = session(model.main, model.name, provider=provider, threads=threads)
        check_graph(self.contract, *_graph_ports(self._main))
        self._base_graph = None
        if self.contract.base is not None:
            assert model.base is not None
            file = self.contract.base.file
            self._base_graph = session(model.base, file, provider=provider, threads=threads)
            check_graph(self.contract, *_graph_ports(self._base_graph), base=True)
        self.provider: str = self._main.get_providers()[0]
        self._fixed: dict[str, Array] | None = None
        self._facts: StreamFacts | None = None
        self._sizes: dict[str, int] = {}

    def check(self, facts: StreamFacts) -> None:
        """Hold the contract against a stream, before the first picture.

        Raises:
            ContractError: with every mismatch, in the terms of the syntax.
        """
        check_stream(self.contract, facts, provided=self._from_base_graph(None))

    def set_base(
        self,
        picture: Picture,
        parameters: FaceParameters,
        *,
        fusion: bool = False,
        recompute: bool = False,
    ) -> None:
        """Take a new base picture, and do all work that depends on it alone.

        Args:
            picture: float32 [3, H, W], RGB, 0 to 1; the decoded base picture.
            parameters: those of the base message.
            fusion: whether pictures will come with the decoded driving picture (gfv_fusion_pic_flag).
            recompute: where the base graph has an analysis network, take the base parameters from it even if
                the message carries them, as the software of the first publications does.

        Raises:
            ContractError: network and stream do not fit; every mismatch is in it.
            ParameterError: the picture is not of that form.
            ModelError: onnxruntime failed.
        """
        planes = _picture(picture, "the base picture")
        facts = StreamFacts.of(parameters, planes.shape[1], planes.shape[2], fusion=fusion)
        from_graph = self._from_base_graph(None if recompute else parameters)
        sizes = check_stream(self.contract, facts, provided=from_graph)
        fixed: dict[str, Array] = {}
        if self._base_graph is not None:
            assert self.contract.base is not None
            feeds = {
                t.name: self._value(t, planes, parameters, parameters, None, sizes) for t in self.contract.base.inputs
            }
            names = sorted(from_graph)
            if names:  # to onnxruntime, no name at all means every output
                fixed.update(zip(names, self._run(self._base_graph, names, feeds), strict=True))
        for tensor in self.contract.inputs:
            if tensor.role in OF_THE_BASE and tensor.name not in fixed:
                fixed[tensor.name] = self._value(tensor, planes, parameters, parameters, None, sizes)
        self._fixed, self._facts, self._sizes = fixed, facts, sizes

    def generate(self, parameters: FaceParameters, *, coded_picture: Picture | None = None) -> Picture:
        """The face picture of one message.

        Args:
            parameters: of the picture to make; of the same form as those of the base picture.
            coded_picture: float32 [3, H, W], RGB, 0 to 1: the decoded driving picture, where
                gfv_fusion_pic_flag is 1 and the network takes it.

        Returns:
            float32 [3, H, W], RGB, 0 to 1.

        Raises:
            ContractError: no base picture was set, or the message has another form than the base message.
            ParameterError: the coded picture is not of that form.
            ModelError: onnxruntime failed.
        """
        if self._fixed is None or self._facts is None:
            raise ContractError("there is no base picture yet: a base message comes before all others of its id")
        fusion = coded_picture is not None
        facts = StreamFacts.of(parameters, self._facts.height, self._facts.width, fusion=fusion)
        if facts != self._facts:
            self._check_current(facts)
        coded = None
        if coded_picture is not None:
            coded = _picture(coded_picture, "the decoded driving picture")
            if coded.shape[1:] != (self._facts.height, self._facts.width):
                raise ParameterError("the decoded driving picture is not of the size of the base picture")
        feeds = dict(self._fixed)
        for tensor in self.contract.inputs:
            if tensor.name not in feeds:
                feeds[tensor.name] = self._value(tensor, None, None, parameters, coded, self._sizes)
        (made,) = self._run(self._main, [self._output.name], feeds)
        return _from_range(made, self._output)

    def _check_current(self, facts: StreamFacts) -> None:
        """A message of another form than the base message has to fit, and agree with it in its sizes."""
        provided = {t.name for t in self.contract.inputs if is_of_base(t)}
        sizes = check_stream(self.contract, facts, provided=provided)
        for name, size in sizes.items():
            if self._sizes.get(name, size) != size:
                raise ContractError(
                    f"the message does not fit its base message: {name} of {self.contract.name!r} is {size}, "
                    f"it was {self._sizes[name]}"
                )

    def _from_base_graph(self, parameters: FaceParameters | None) -> set[str]:
        """Inputs of the main graph that the base graph makes.

        If parameters are given, those that the message carries are left out.
        """
        if self.contract.base is None:
            return set()
        made = {t.name for t in self.contract.base.outputs}
        if parameters is None:
            return made
        carried = set()
        for tensor in self.contract.inputs:
            if tensor.role == Role.BASE_KEYPOINTS and parameters.keypoints is not None:
                carried.add(tensor.name)
            if tensor.role == Role.BASE_MATRICES and parameters.of_type(tensor.matrix_type or 0):
                carried.add(tensor.name)
            if tensor.role == Role.BASE_PUPILS and parameters.pupils:
                carried.add(tensor.name)
        return made - carried

    def _value(
        self,
        tensor: Tensor,
        picture: Picture | None,
        base: FaceParameters | None,
        current: FaceParameters,
        coded: Picture | None,
        sizes: Mapping[str, int],
    ) -> Array:
        """What goes into an input."""
        role = tensor.role
        parameters = base if role in OF_THE_BASE and base is not None else current
        value: Array | None
        if role in PICTURES:
            value = _to_range(picture if role == Role.BASE_PICTURE else coded, tensor)
        elif role in POINTS:
            value = parameters.keypoints
        elif role in TYPED_MATRICES:
            value = _matrices(parameters, tensor.matrix_type)
        elif role in (Role.PUPILS, Role.BASE_PUPILS):
            value = _pupils(parameters)
        elif role in (Role.PARAMETERS, Role.BASE_PARAMETERS):
            value = _flat(parameters, tensor)
        elif role == Role.ENHANCEMENT_MATRICES:
            untyped = [e for m in parameters.matrices if m.type is None for e in m.elements]
            index = tensor.matrix_index or 0
            value = untyped[index] if index < len(untyped) else None
        else:
            raise ContractError(f"input {tensor.name!r} has role {role}, which nothing feeds in a GenerativeNN")
        shape = [size if isinstance(size, int) else sizes.get(size, -1) for size in tensor.shape]
        if value is None:
            if not tensor.optional:
                raise ContractError(f"the message has nothing for input {tensor.name!r} ({role})")
            return np.zeros([max(size, 1) for size in shape], dtype=tensor.dtype)
        whole = tuple(size if size > 0 else 1 for size in shape)
        if value.size != np.prod(whole):
            raise ContractError(f"input {tensor.name!r} takes {list(whole)}, the message has {list(value.shape)}")
        return np.ascontiguousarray(value, dtype=tensor.dtype).reshape(whole)

    def _run(self, graph: Any, outputs: Sequence[str], feeds: Mapping[str, Array]) -> list[Array]:
        try:
            return list(graph.run(list(outputs), dict(feeds)))
        except Exception as error:  # as above
            raise ModelError(f"onnxruntime failed in {self._name}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _graph_ports(graph: Any) -> tuple[list[Port], list[Port]]:
    def port(argument: Any) -> Port:
        shape = tuple(size if isinstance(size, int) else str(size) for size in argument.shape)
        return Port(argument.name, shape, _DTYPES.get(argument.type, argument.type))

    return [port(a) for a in graph.get_inputs()], [port(a) for a in graph.get_outputs()]


def _picture(picture: Picture, what: str) -> Picture:
    if picture.ndim != 3 or picture.shape[0] != 3 or picture.dtype != np.float32 or picture.size == 0:
        raise ParameterError(
            f"{what} is {picture.dtype} {list(picture.shape)}", allowed="float32 [3, H, W], RGB, 0 to 1"
        )
    return np.ascontiguousarray(picture)


def _to_range(picture: Picture | None, tensor: Tensor) -> Array | None:
    """A picture of 0 to 1 in RGB to what the network knows."""
    if picture is None:
        return None
    planes = picture[::-1] if tensor.colour == "BGR" else picture
    low, high = tensor.value_range or (0.0, 1.0)
    return planes if (low, high) == (0.0, 1.0) else planes * np.float32(high - low) + np.float32(low)


def _from_range(made: Array, tensor: Tensor) -> Picture:
    """A picture of the network to 0 to 1 in RGB, [3, H, W]."""
    planes = made.reshape(made.shape[-3:])
    low, high = tensor.value_range or (0.0, 1.0)
    if (low, high) != (0.0, 1.0):
        planes = (planes - low) / (high - low)
    if tensor.colour == "BGR":
        planes = planes[::-1]
    return np.ascontiguousarray(planes, dtype=np.float32)


def _matrices(parameters: FaceParameters, number: int | None) -> Array | None:
    found = () if number is None else parameters.of_type(number)
    return found[0].stacked if found else None


def _pupils(parameters: FaceParameters) -> Array | None:
    if not parameters.pupils:
        return None
    centre = np.zeros(2)
    return np.stack([parameters.pupils.get(eye, centre) for eye in ("left", "right")])


def _flat(parameters: FaceParameters, tensor: Tensor) -> Array | None:
    parts = []
    for part in tensor.parts:
        value = parameters.keypoints if part.role in POINTS else _matrices(parameters, part.matrix_type)
        if value is None:
            return None
        parts.append(value.ravel())
    return np.concatenate(parts)
