"""The generators that have a name.

A new one is a function that gives a `model_file.ModelFile`, and a line in `GENERATORS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generators.errors import ModelError

if TYPE_CHECKING:
    from generators.contract import Contract
    from generators.model_file import ModelFile
    from generators.runtime import Enhancer, Generator, Translator

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
        provider: ``cpu``, ``cuda``, ... (`sessions.PROVIDERS`), or onnxruntime's own name.
        threads: within one operator; 0 leaves it to onnxruntime.
        contract: for an ONNX file that has none with it.

    Raises:
        ModelError: no such generator; a file that cannot be read or run; no onnxruntime or no provider.
        ContractError: the contract is missing, malformed, does not describe the graph, or is not that of a
            GenerativeNN.
    """
    with _installed():
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
    with _installed():
        from generators.runtime import Translator

        return Translator(_model(which, contract), provider=provider, threads=threads)


def load_enhancer(
    which: str | os.PathLike[str] | bytes,
    *,
    provider: str = "cpu",
    threads: int = 2,
    contract: Contract | None = None,
) -> Enhancer:
    """An EnhancerNN; arguments and errors as of `load_generator`."""
    with _installed():
        from generators.runtime import Enhancer

        return Enhancer(_model(which, contract), provider=provider, threads=threads)


def _model(which: str | os.PathLike[str] | bytes, contract: Contract | None) -> ModelFile:
    if not isinstance(which, bytes) and contract is None:
        return load_model(which)
    from generators.model_file import read_model

    return read_model(which if isinstance(which, bytes) else Path(which), contract=contract)


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelError(f"generators need {error.name}: install gfv[networks]") from error
