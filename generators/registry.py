"""The generators that have a name.

A new one is a function that gives a `model_file.ModelFile`, and a line in `GENERATORS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generators.errors import ModelError

if TYPE_CHECKING:
    from generators.contract import Contract
    from generators.model_file import ModelFile
    from generators.runtime import Generator

DEFAULT = "warp"


def _warp() -> ModelFile:
    from generators.model_file import ModelFile
    from generators.warp.graph import CONTRACT, build

    return ModelFile(build().SerializeToString(), CONTRACT, name="warp")


@dataclass(frozen=True)
class Entry:
    """A generator with a name: one line for people, and how to come by its model."""

    name: str
    summary: str
    model: Callable[[], ModelFile]


GENERATORS = {
    entry.name: entry for entry in (Entry("warp", "the base picture pulled by its keypoints; needs no weights", _warp),)
}


def known_generators() -> tuple[str, ...]:
    """The names that `load_generator` knows, the default first."""
    return (DEFAULT, *(name for name in GENERATORS if name != DEFAULT))


def load_model(which: str | os.PathLike[str]) -> ModelFile:
    """The model file of a known generator, or of a path that ends in ``.onnx``.

    Raises:
        ModelError: there is no such generator, or the file cannot be read.
        ContractError: the file's contract is missing or malformed.
    """
    name = os.fspath(which)
    if name in GENERATORS:
        return GENERATORS[name].model()
    if Path(name).suffix.lower() != ".onnx":
        raise ModelError(f"no generator is called {name!r}", allowed=f"{', '.join(GENERATORS)}, or MODEL.onnx")
    from generators.model_file import read_model

    return read_model(Path(name))


def load_generator(
    which: str | os.PathLike[str] | bytes = DEFAULT,
    *,
    provider: str = "cpu",
    threads: int = 2,
    contract: Contract | None = None,
) -> Generator:
    """A generator, ready for `Generator.set_base`.

    Args:
        which: a name from `known_generators`, the path of an ONNX file, or its bytes.
        provider: ``cpu``, ``cuda``, ... (`runtime.PROVIDERS`), or onnxruntime's own name.
        threads: within one operator; 0 leaves it to onnxruntime.
        contract: for an ONNX file that has none with it.

    Raises:
        ModelError: no such generator; a file that cannot be read or run; no onnxruntime or no provider.
        ContractError: the contract is missing, malformed, or does not describe the graph.
    """
    try:
        from generators.model_file import read_model
        from generators.runtime import Generator

        if isinstance(which, bytes):
            model = read_model(which, contract=contract)
        elif contract is not None:
            model = read_model(Path(which), contract=contract)
        else:
            model = load_model(which)
        return Generator(model, provider=provider, threads=threads)
    except ModuleNotFoundError as error:
        raise ModelError(f"generators need {error.name}: install gfv[networks]") from error
