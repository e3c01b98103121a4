"""A TranslatorNN for a stream whose parameters are not those of the generator, out of those that are at hand.

At hand are the files of a folder that the user names, and those TranslatorNNs in the user's list of networks (`known`).
Contracts say what each takes and gives, so whether one stands between a stream and a generator can be told without
running it. It is used if it is the only one: which of several is meant, the user has to say.

A translator is looked for only where the generator refuses the stream. Where it takes the stream as it is, but not all
that the stream carries, it may be of the same method or of another, and the stream does not say: the player then goes
on without, and says which translators there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generators.checking import StreamFacts, mismatches, translated
from generators.contract import Contract
from generators.errors import ContractError
from generators.known import Known
from generators.model_file import ModelFile, read_model
from generators.roles import FLAT, POINTS, TYPED_MATRICES, Network, Role
from generators.runtime import Generator, Translator
from gfv_sei.errors import GfvError


@dataclass(frozen=True)
class Candidate:
    """A translator that is at hand: where it is, and what it is."""

    path: Path
    model: ModelFile


class Translators:
    """The translators at hand; files are read when the first stream needs one."""

    def __init__(
        self,
        folder: Path | None,
        known: Iterable[Known],
        note: Callable[[str], None],
        *,
        provider: str = "cpu",
        threads: int = 2,
    ) -> None:
        """Say where they are.

        Args:
            folder: whose ``.onnx`` files are looked through; None: none.
            known: entries of the user's list; those of other networks are passed over.
            note: is told which was chosen, and what could not be read.
            provider: as of `registry.load_generator`.
            threads: likewise.
        """
        self.folder, self.known, self.note = folder, tuple(known), note
        self.provider, self.threads = provider, threads
        self._loaded: dict[Path, Translator] = {}

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """All of them, each file once."""
        sums = {Path(entry.path): entry.sha256 for entry in self.known}
        found: dict[str, Candidate] = {}
        inside = sorted(self.folder.glob("*.onnx")) if self.folder is not None else []
        for path in dict.fromkeys([*inside, *sums]):
            try:
                model = read_model(path)
            except GfvError as error:
                if path in sums:
                    self.note(f"a registered network cannot be read: {error}")
                continue  # in the folder, graphs that belong to others have no contract
            digest = hashlib.sha256(model.main).hexdigest()
            if path in sums and sums[path] != digest:
                self.note(f"{path} is not the file that was registered, and passed over")
            elif model.contract.network == Network.TRANSLATOR:
                found.setdefault(digest, Candidate(path, model))
        return tuple(found.values())

    def between(self, facts: StreamFacts, generator: Contract, made_by_base: Iterable[str] = ()) -> list[Candidate]:
        """Those that take all parameters of the stream, and give what the generator takes."""
        made_by_base = set(made_by_base)
        fitting = []
        for candidate in self.candidates:
            contract = candidate.model.contract
            wrong, sizes = mismatches(contract, facts)
            if wrong or _untaken(contract, facts):
                continue
            behind = translated(contract, facts, sizes)
            if not mismatches(generator, behind, provided=made_by_base)[0]:
                fitting.append(candidate)
        return fitting

    def choose(self, facts: StreamFacts, generator: Generator) -> Translator | None:
        """The translator for a stream; None where the generator takes the stream as it is, or none fits.

        Raises:
            ContractError: several fit.
            ModelError: onnxruntime refuses the one that fits.
        """
        made_by_base = generator.made_by_base_graph(None)
        refused = bool(mismatches(generator.contract, facts, provided=made_by_base)[0])
        left = _untaken(generator.contract, facts)
        if not refused and not left:
            return None
        fitting = self.between(facts, generator.contract, made_by_base)
        names = ", ".join(f"{one.model.contract.name} ({one.path})" for one in fitting)
        if not refused:
            if fitting:
                self.note(
                    f"{generator.contract.name!r} takes the stream but not its {', '.join(left)}; if it was made for "
                    f"another generator, --translator takes one of: {names}"
                )
            return None
        if len(fitting) > 1:
            raise ContractError(
                f"several translators fit between the stream and {generator.contract.name!r}, say which: {names}"
            )
        for one in fitting:
            if one.path not in self._loaded:
                self.note(f"translating by {names}")
                self._loaded[one.path] = Translator(one.model, provider=self.provider, threads=self.threads)
            return self._loaded[one.path]
        return None


def _untaken(contract: Contract, facts: StreamFacts) -> Sequence[str]:
    """What of a stream's parameters no input takes."""
    roles = set()
    types = set()
    for tensor in contract.inputs:
        for part in tensor.parts if tensor.role in FLAT else (tensor,):
            roles.add(part.role)
            if part.role in TYPED_MATRICES:
                types.add(part.matrix_type)
    left = [] if facts.keypoints is None or roles & {*POINTS, Role.PREPARED} else ["keypoints"]
    return [*left, *(f"matrices of type {m[0]}" for m in facts.matrices if m[0] not in types)]
