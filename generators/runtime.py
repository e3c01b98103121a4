"""The decoder's three networks at work, fed by role.

`Generator` holds what belongs to the base picture (its planes, its parameters, and what a base graph made
of them), or to the latest ones where the network takes several, and is then given the parameters of one picture after
the other. `Translator` stands before it,
`Enhancer` behind it. Inputs are found by the roles that the contract gives them, so a network of another
make needs another contract, not another program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from generators.checking import StreamFacts, check_graph, check_stream
from generators.contract import Tensor
from generators.errors import ContractError, ParameterError
from generators.feeding import Array, Material, Picture, checked_picture, parameters_from, picture_from, value
from generators.model_file import ModelFile
from generators.parameters import FaceParameters
from generators.roles import FLAT, OF_THE_BASE, POINTS, Network, Role
from generators.sessions import Session

OF_GFVE = frozenset({Role.ENHANCEMENT_MATRICES, Role.PUPILS})
"""Roles of a picture's GFVE message."""


class Runner:
    """What all networks have in common: a model, its contract held against its graph, its session.

    Attributes:
        contract: what the network takes and gives.
        provider: who really runs it, in onnxruntime's words: ``CPUExecutionProvider``.
        threads: within one operator; 0: as many as onnxruntime likes.
    """

    network: Network

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        """Start the sessions and hold the contract against the graphs.

        Raises:
            ModelError: onnxruntime refuses the model or the provider is not there.
            ContractError: the contract does not describe the graphs, or is that of another kind of network.
        """
        self.contract = model.contract
        self.threads = threads
        if self.contract.network != self.network:
            raise ContractError(f"{model.name} is of {self.contract.network}, where {self.network} is needed")
        self._main = Session(model.main, model.name, provider=provider, threads=threads)
        self.provider = self._main.provider
        check_graph(self.contract, self._main.inputs, self._main.outputs)
        self._base_graph: Session | None = None
        if self.contract.base is not None:
            assert model.base is not None
            self._base_graph = Session(model.base, self.contract.base.file, provider=provider, threads=threads)
            check_graph(self.contract, self._base_graph.inputs, self._base_graph.outputs, base=True)

    def takes(self, role: Role) -> bool:
        """Whether there is an input of this role."""
        return any(t.role == role for t in self.contract.inputs)


class Reference(NamedTuple):
    """One base picture to the main graph.

    fixed   inputs that stay the same, as for this picture alone
    number  of the picture in the video of the face
    """

    fixed: dict[str, Array]
    number: int

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of the inputs; base pictures go together only where these are the same."""
        return {name: array.shape for name, array in self.fixed.items()}


@dataclass
class OfBase:
    """What a GenerativeNN has of a base picture in force.

    references  the base pictures that the network takes, the oldest first, the one in force last
    parameters  of the base picture
    size        of the picture, height and width
    sizes       what the letters in shapes are
    fitting     facts of messages that were found to fit
    """

    references: tuple[Reference, ...]
    parameters: FaceParameters
    size: tuple[int, int]
    sizes: dict[str, int]
    fitting: list[StreamFacts]


class Generator(Runner):
    """A GenerativeNN, with its base picture.

    Usage::

        generator = load_generator("warp")
        generator.set_base(picture, parameters_of_the_base_message)
        for parameters in messages:
            face = generator.generate(parameters)

    A network that takes several base pictures gets the latest ones that were set, as many as its contract says. H.274
    knows one at a time, that of the last base message; what a GenerativeNN remembers of those before is its own affair.

    Attributes:
        of_base: what it has of the base picture; may be kept, and set again to come back to that picture, and to those
            before it. None forgets them.
    """

    network = Network.GENERATIVE

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        super().__init__(model, provider=provider, threads=threads)
        self._output = self.contract.output(Role.GENERATED_PICTURE)
        self.of_base: OfBase | None = None
        self._number = -1
        self._together: tuple[OfBase, dict[str, Array]] | None = None

    def check(self, facts: StreamFacts) -> None:
        """Hold the contract against a stream, before the first picture.

        Raises:
            ContractError: with every mismatch, in the terms of the syntax.
        """
        check_stream(self.contract, facts, provided=self.made_by_base_graph(None))

    @property
    def analyses(self) -> bool:
        """Whether its base graph makes parameters of the base picture."""
        return self.contract.base is not None and any(t.role in OF_THE_BASE for t in self.contract.base.outputs)

    @property
    def needs_coded_picture(self) -> bool:
        """Whether it makes no picture without the decoded driving picture."""
        return any(t.role == Role.CODED_PICTURE and not t.optional for t in self.contract.inputs)

    def set_base(
        self,
        picture: Picture,
        parameters: FaceParameters,
        *,
        fusion: bool | None = None,
        recompute: bool = False,
        number: int | None = None,
    ) -> None:
        """Take a new base picture, and do all work that depends on it alone.

        Of several, those before it are those of ``of_base`` that have its size and parameters of its form.

        Args:
            picture: float32 [3, H, W], RGB, 0 to 1; the decoded base picture.
            parameters: those of the base message.
            fusion: whether pictures will come with the decoded driving picture (gfv_fusion_pic_flag); None: not
                known yet.
            recompute: where the base graph has an analysis network, take the base parameters from it even if
                the message carries them, as the software of the first publications does.
            number: of the picture in the video, for networks that look at how long ago base pictures were; None: one
                more than of the picture before.

        Raises:
            ContractError: network and stream do not fit; every mismatch is in it.
            ParameterError: the picture is not of that form.
            ModelError: onnxruntime failed.
        """
        planes = checked_picture(picture, "the base picture")
        facts = StreamFacts.of(parameters, planes.shape[1], planes.shape[2], fusion=fusion)
        from_graph = self.made_by_base_graph(None if recompute else parameters)
        sizes = check_stream(self.contract, facts, provided=from_graph)
        material = Material(current=parameters, base=parameters, pictures={Role.BASE_PICTURE: planes})
        fixed: dict[str, Array] = {}
        if self._base_graph is not None:
            assert self.contract.base is not None
            feeds = {t.name: value(t, material, sizes) for t in self.contract.base.inputs}
            fixed = self._base_graph.run(sorted(from_graph), feeds)
            analysed = [t for t in self.contract.base.outputs if t.role in OF_THE_BASE]
            material = replace(material, base=parameters_from(analysed, fixed, parameters, sizes))
        for tensor in self.contract.inputs:
            if tensor.role in OF_THE_BASE and tensor.name not in fixed:
                fixed[tensor.name] = value(self.contract.of_one_reference(tensor), material, sizes)
        names = {t.name for t in self.contract.inputs}
        own = Reference({name: array for name, array in fixed.items() if name in names}, self._counted(number))
        earlier = () if self.of_base is None else self.of_base.references
        latest = (*(one for one in earlier if one.shapes == own.shapes), own)[-self.contract.most_references :]
        self.of_base = OfBase(latest, material.base, (facts.height, facts.width), sizes, [facts])

    def generate(
        self, parameters: FaceParameters, *, coded_picture: Picture | None = None, number: int | None = None
    ) -> Picture:
        """The face picture of one message.

        Args:
            parameters: of the picture to make; of the same form as those of the base picture.
            coded_picture: float32 [3, H, W], RGB, 0 to 1: the decoded driving picture, where
                gfv_fusion_pic_flag is 1 and the network takes it.
            number: as of `set_base`.

        Returns:
            float32 [3, H, W], RGB, 0 to 1.

        Raises:
            ContractError: no base picture was set, or the message has another form than the base message.
            ParameterError: the coded picture is not of that form.
            ModelError: onnxruntime failed.
        """
        ours = self.of_base
        if ours is None:
            raise ContractError("there is no base picture yet: a base message comes before all others of its id")
        facts = StreamFacts.of(parameters, *ours.size, fusion=coded_picture is not None)
        if facts not in ours.fitting:
            self._check_current(facts, ours)
        pictures: dict[Role, Picture] = {}
        if coded_picture is not None:
            coded = checked_picture(coded_picture, "the decoded driving picture")
            if coded.shape[1:] != ours.size:
                raise ParameterError("the decoded driving picture is not of the size of the base picture")
            pictures[Role.CODED_PICTURE] = coded
        used = self._used(ours)
        number = self._counted(number)
        distances = np.array([number - one.number for one in used])
        material = Material(current=parameters, base=ours.parameters, pictures=pictures, distances=distances)
        feeds = dict(self._fixed(ours, used))
        sizes = ours.sizes if self.contract.references is None else {**ours.sizes, self.contract.references: len(used)}
        for tensor in self.contract.inputs:
            if tensor.name not in feeds:
                feeds[tensor.name] = value(tensor, material, sizes)
        return picture_from(self._main.run([self._output.name], feeds)[self._output.name], self._output, sizes)

    def _counted(self, number: int | None) -> int:
        """The number of a picture, and that it was there."""
        self._number = self._number + 1 if number is None else number
        return self._number

    def _used(self, ours: OfBase) -> tuple[Reference, ...]:
        """The base pictures, the oldest repeated where the network takes no fewer."""
        if self.contract.references is None:
            return ours.references
        missing = self.contract.sizes[self.contract.references].min - len(ours.references)
        return (*ours.references[:1] * missing, *ours.references)

    def _fixed(self, ours: OfBase, used: tuple[Reference, ...]) -> dict[str, Array]:
        """The inputs that stay the same; put together once for each base picture in force."""
        if self.contract.references is None:
            return used[-1].fixed
        if self._together is None or self._together[0] is not ours:
            several = {t.name for t in self.contract.inputs if self.contract.of_each_reference(t)}
            found = {
                name: np.concatenate([one.fixed[name] for one in used]) if name in several else array
                for name, array in used[-1].fixed.items()
            }
            self._together = ours, found
        return self._together[1]

    def _check_current(self, facts: StreamFacts, ours: OfBase) -> None:
        """A message of another form than those before has to fit, and agree with its base message in its sizes."""
        sizes = check_stream(self.contract, facts, provided=ours.references[-1].fixed)
        for name, size in sizes.items():
            if ours.sizes.setdefault(name, size) != size:
                raise ContractError(
                    f"the message does not fit its base message: {name} of {self.contract.name!r} is {size}, "
                    f"it was {ours.sizes[name]}"
                )
        ours.fitting = [*ours.fitting[-3:], facts]

    def made_by_base_graph(self, parameters: FaceParameters | None) -> set[str]:
        """What the base graph makes; if parameters are given, what the message carries itself is left out."""
        if self.contract.base is None:
            return set()
        made = self.contract.base.outputs
        return {t.name for t in made if parameters is None or not _carried(t, parameters)}


class Translator(Runner):
    """A TranslatorNN: parameters of the stream to those that the GenerativeNN takes."""

    network = Network.TRANSLATOR

    def translate(self, parameters: FaceParameters, base: FaceParameters | None = None) -> FaceParameters:
        """Translate the parameters of one message.

        Args:
            parameters: of the message.
            base: those of its base message as the stream has them; None: this is the base message.

        Returns:
            Coordinates and matrices of the network's outputs; pupils and GFVE matrices as they were.

        Raises:
            ContractError: the message has another form than the network takes.
            ModelError: onnxruntime failed.
        """
        sizes = check_stream(self.contract, StreamFacts.of(parameters, 1, 1))
        material = Material(current=parameters, base=base or parameters, pictures={})
        feeds = {t.name: value(t, material, sizes) for t in self.contract.inputs}
        made = self._main.run([t.name for t in self.contract.outputs], feeds)
        untyped = tuple(m for m in parameters.matrices if m.type is None)
        rest = replace(parameters, keypoints=None, matrices=untyped)
        return parameters_from(self.contract.outputs, made, rest, sizes)


class Enhancer(Runner):
    """An EnhancerNN: a generated picture and its GFVE message to a better picture."""

    network = Network.ENHANCER

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        super().__init__(model, provider=provider, threads=threads)
        self._output = self.contract.output(Role.ENHANCED_PICTURE)

    def enhance(
        self,
        picture: Picture,
        parameters: FaceParameters,
        *,
        base: FaceParameters | None = None,
        pictures: Mapping[Role, Picture] | None = None,
    ) -> Picture:
        """Enhance one picture.

        Args:
            picture: float32 [3, H, W], RGB, 0 to 1, as the GenerativeNN made it.
            parameters: of the picture, with the matrices (type None) and pupils of its GFVE message.
            base: those of the base picture, likewise.
            pictures: others that the network may take: base picture, decoded driving picture.

        Returns:
            float32 [3, H', W'], RGB, 0 to 1.

        Raises:
            ContractError: the message has another form than the network takes.
            ParameterError: the picture is not of that form.
            ModelError: onnxruntime failed.
        """
        planes = checked_picture(picture, "the generated picture")
        there = {**(pictures or {}), Role.GENERATED_PICTURE: planes}
        fusion = Role.CODED_PICTURE in there
        sizes = check_stream(self.contract, StreamFacts.of(parameters, *planes.shape[1:], fusion=fusion))
        material = Material(current=parameters, base=base or parameters, pictures=there)
        feeds = {t.name: value(t, material, sizes) for t in self.contract.inputs}
        return picture_from(self._main.run([self._output.name], feeds)[self._output.name], self._output, sizes)


def _carried(tensor: Tensor, parameters: FaceParameters) -> bool:
    """Whether a message carries base parameters that the base graph makes as well."""
    if tensor.role == Role.BASE_KEYPOINTS:
        return parameters.keypoints is not None
    if tensor.role == Role.BASE_MATRICES:
        return bool(parameters.of_type(tensor.matrix_type or 0))
    if tensor.role == Role.BASE_PUPILS:
        return bool(parameters.pupils)
    if tensor.role in FLAT:
        return all(
            parameters.keypoints is not None if part.role in POINTS else bool(parameters.of_type(part.matrix_type or 0))
            for part in tensor.parts
        )
    return False
