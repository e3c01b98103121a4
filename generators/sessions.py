"""onnxruntime at work on one graph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from generators import patience
from generators.checking import Port
from generators.errors import ModelError

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

_PLACE = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : |/onnxruntime_src/\S+:\d+ [^()]*(?:\((?:[^()]|\([^()]*\))*\))(?: const)? "
)
"""In onnxruntime's errors: its number for them, and file, line and signature of the function that raised one."""

_DTYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64"}


def providers() -> list[str]:
    """The short names of those that this machine's onnxruntime has, CPU always among them."""
    import onnxruntime as ort

    available = ort.get_available_providers()
    return [short for short, long in PROVIDERS.items() if long in available]


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
    if wanted not in ort.get_available_providers():
        raise ModelError(f"onnxruntime has no provider {provider!r} here", allowed=", ".join(providers()))
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong comes back as an exception
    in_turn = [wanted] if wanted == PROVIDERS["cpu"] else [wanted, PROVIDERS["cpu"]]
    try:
        return ort.InferenceSession(data, options, providers=in_turn)
    except Exception as error:  # onnxruntime raises classes of its own that derive from Exception only
        raise ModelError(f"onnxruntime does not take {name}: {_in_one_line(error)}") from error


class Session:
    """A graph that is loaded; arguments and errors are those of `session`.

    Attributes:
        name: what to call it in errors.
        provider: who really runs it, in onnxruntime's words: ``CPUExecutionProvider``.
        inputs, outputs: as the graph has them.
    """

    def __init__(self, data: bytes, name: str, *, provider: str = "cpu", threads: int = 2) -> None:
        self.name = name
        self._patience = patience.limit()
        self._session = session(data, name, provider=provider, threads=threads)
        self.provider: str = self._session.get_providers()[0]
        self.inputs = [_port(argument) for argument in self._session.get_inputs()]
        self.outputs = [_port(argument) for argument in self._session.get_outputs()]

    def run(self, outputs: Sequence[str], feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Some outputs by name.

        Raises:
            ModelError: onnxruntime failed, or did not come to an end (`generators.patience`).
        """
        if not outputs:  # to onnxruntime, no name at all means every output
            return {}
        try:
            return dict(zip(outputs, patience.run(self._session, outputs, feeds, self._patience), strict=True))
        except TimeoutError:
            raise ModelError(
                f"{self.name} ran for {self._patience:g} seconds without an end, and was stopped",
                allowed=f"as long as the environment variable {patience.VARIABLE} says, in seconds",
            ) from None
        except Exception as error:  # as above
            raise ModelError(f"onnxruntime failed in {self.name}: {_in_one_line(error)}") from error


def _in_one_line(error: Exception) -> str:
    """What onnxruntime says, without the places in its own source; names out of the file cannot reach a terminal."""
    lines = _PLACE.sub("", str(error)).strip().splitlines()
    line = lines[0] if lines else type(error).__name__
    return line if line.isprintable() else ascii(line)


def _port(argument: Any) -> Port:
    shape = tuple(size if isinstance(size, int) else str(size) for size in argument.shape)
    return Port(argument.name, shape, _DTYPES.get(argument.type, argument.type))
