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
from generators.models.catalogue import CATALOGUE
from generators.needing import needing

if TYPE_CHECKING:
    from generators.analysis import Analyser
    from generators.contract import Contract
    from generators.model_file import ModelFile
    from generators.runtime import Enhancer, Generator, Translator

DEFAULT = "warp"

BESIDE = (".base.onnx", ".analysis.onnx")
"""Ends of the names of files that belong to a model and are none themselves."""


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
    """The model file of a known generator, of a path that ends in ``.onnx``, or of a folder that holds one model.

    Raises:
        ModelError: there is no such generator, or the file cannot be read.
        ContractError: the file's contract is missing or malformed.
    """
    with needing("a generator", "networks"):
        if os.fspath(which) in GENERATORS:
            return GENERATORS[os.fspath(which)].model()
        path = model_path(which)
        from generators.model_file import read_model

        return read_model(path)


def load_contract(which: str | os.PathLike[str]) -> Contract:
    """The contract of a model alone; arguments and errors as of `load_model`."""
    with needing("a generator", "networks"):
        if os.fspath(which) in GENERATORS:
            return GENERATORS[os.fspath(which)].model().contract
        path = model_path(which)
        from generators.model_file import contract_of

        return contract_of(path)


def model_path(which: str | os.PathLike[str]) -> Path:
    """The ``.onnx`` file that is meant: by its path, or by the folder that holds one model and what belongs to it.

    Raises:
        ModelError: there is no such file, or the folder holds no model or several.
    """
    path = Path(which)
    if path.is_dir():
        inside = sorted(file for file in path.glob("*.onnx") if not file.name.endswith(BESIDE))
        if len(inside) != 1:
            found = ", ".join(file.name for file in inside) or "none"
            raise ModelError(f"{path} is to hold one model", value=found, allowed="one .onnx file, and those beside it")
        return inside[0]
    if path.suffix.lower() != ".onnx":
        if os.fspath(which) in CATALOGUE:
            raise ModelError(
                f"{os.fspath(which)!r} is an architecture without weights: gfv models export {which} -o FOLDER makes a "
                "generator of it from yours, and gfv models train one from clips; give that here, by its file or folder"
            )
        raise ModelError(
            f"no generator is called {os.fspath(which)!r}",
            allowed=f"{', '.join(GENERATORS)}, or MODEL.onnx, or a folder that holds one",
        )
    return path


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
        provider: ``cpu``, ``cuda``, ... (`sessions.PROVIDERS`), or onnxruntime's own name.
        threads: within one operator; 0 leaves it to onnxruntime.
        contract: for an ONNX file that has none with it.

    Raises:
        ModelError: no such generator; a file that cannot be read or run; no onnxruntime or no provider.
        ContractError: the contract is missing, malformed, does not describe the graph, or is not that of a
            GenerativeNN.
    """
    with needing("a generator", "networks"):
        from generators.runtime import Generator

        return Generator(_model(which, contract), provider=provider, threads=threads)


def load_translator(
    which: str | os.PathLike[str] | bytes,
    *,
    provider: str = "cpu",
    threads: int = 2,
    contract: Contract | None = None,
) -> Translator:
    """A TranslatorNN; arguments and errors as of `load_generator`."""
    with needing("a generator", "networks"):
        from generators.runtime import Translator

        return Translator(_model(which, contract), provider=provider, threads=threads)


def load_analyser(
    which: str | os.PathLike[str],
    *,
    provider: str = "cpu",
    threads: int = 2,
) -> Analyser:
    """An AnalysisNN, by its own file or by that of the GenerativeNN whose contract names it.

    Args:
        which: an ``.onnx`` file, or a folder that holds one model.
        provider: as of `load_generator`.
        threads: as of `load_generator`.

    Raises:
        ModelError: no such file; it names no AnalysisNN; a file that cannot be read or run.
        ContractError: a contract is missing, malformed, or does not describe its graph.
    """
    with needing("a generator", "networks"):
        from generators.analysis import Analyser
        from generators.model_file import read_analysis

        return Analyser(read_analysis(model_path(which)), provider=provider, threads=threads)


def load_enhancer(
    which: str | os.PathLike[str] | bytes,
    *,
    provider: str = "cpu",
    threads: int = 2,
    contract: Contract | None = None,
) -> Enhancer:
    """An EnhancerNN; arguments and errors as of `load_generator`."""
    with needing("a generator", "networks"):
        from generators.runtime import Enhancer

        return Enhancer(_model(which, contract), provider=provider, threads=threads)


def _model(which: str | os.PathLike[str] | bytes, contract: Contract | None) -> ModelFile:
    if not isinstance(which, bytes) and contract is None:
        return load_model(which)
    from generators.model_file import read_model

    return read_model(which if isinstance(which, bytes) else Path(which), contract=contract)
