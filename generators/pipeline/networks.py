"""The chain of networks: TranslatorNN, GenerativeNN, EnhancerNN, with colour calibration behind the second."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from generators.checking import StreamFacts, mismatches, translated
from generators.choices import BASE, CALIBRATIONS, OFF, require
from generators.errors import ContractError, Mismatch
from generators.pipeline.calibration import Calibration, region
from generators.roles import Role
from generators.runtime import OF_GFVE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generators.parameters import FaceParameters
    from generators.runtime import Enhancer, Generator, OfBase, Translator

    Planes = NDArray[np.float32]


FAR = 0.5
"""How far beyond black and white, as a share of the way between them, a picture may go before a user hears of it.

Networks overshoot by less; one whose value_range is another than its contract says goes further.
"""


class InForce(NamedTuple):
    """A base picture with the networks that hold for it, and all that was made of it once and for all."""

    picture: Planes
    parameters: FaceParameters
    translator: Translator | None
    enhancer: Enhancer | None
    of_base: OfBase | None
    calibration: Calibration | None


class Networks:
    """Makes pictures from base pictures.

    Attributes:
        translator, enhancer: for base pictures to come; they may change from one to the next.
        in_force: the base picture that pictures are made from; may be kept, and set again to come back to it.
        enhanced: how many pictures the enhancer has made.
        beyond: of networks whose pictures went further than `FAR`, by name: the lowest and the highest value, 0 being
            black and 1 white.
    """

    def __init__(
        self,
        generator: Generator,
        translator: Translator | None = None,
        enhancer: Enhancer | None = None,
        *,
        recompute: bool = False,
        calibrate: str = OFF,
    ) -> None:
        """Put networks together.

        Args:
            generator: the GenerativeNN.
            translator: what turns the parameters of the stream into its own, if that is needed.
            enhancer: what makes its pictures better with GFVE messages.
            recompute: take base parameters from the generator's own analysis of the decoded base picture.
            calibrate: off, base or picture; see `calibration`.

        Raises:
            ContractError: the generator has no analysis network.
            ParameterError: there is no such calibration.
        """
        if recompute and not generator.analyses:
            raise ContractError(
                f"{generator.contract.name!r} has no analysis network to recompute base parameters with; "
                "gfv models export --base-analysis makes generators that have one"
            )
        require("calibrate", calibrate, CALIBRATIONS)
        self.generator = generator
        self.translator = translator
        self.enhancer = enhancer
        self.recompute = recompute
        self.calibrate = calibrate
        self.enhanced = 0
        self.beyond: dict[str, tuple[float, float]] = {}
        self.in_force: InForce | None = None

    def check(self, parameters: FaceParameters, height: int, width: int) -> None:
        """Hold all contracts against a base message and the size of its picture.

        Raises:
            ContractError: with every mismatch of every network, in the terms of the syntax.
        """
        facts = StreamFacts.of(parameters, height, width, fusion=None)
        found: list[tuple[str, Mismatch]] = []
        behind = facts
        if self.translator is not None:
            contract = self.translator.contract
            wrong, sizes = mismatches(contract, facts)
            found += [(contract.name, one) for one in wrong]
            behind = translated(contract, facts, sizes)
        contract = self.generator.contract
        wrong, _ = mismatches(contract, behind, provided=self.generator.made_by_base_graph(None))
        found += [(contract.name, one) for one in wrong]
        if self.enhancer is not None and (facts.enhancement or facts.pupils):
            contract = self.enhancer.contract
            found += [(contract.name, one) for one in mismatches(contract, facts)[0]]
        if found:
            names = sorted({name for name, _ in found})
            one = len(names) == 1
            raise ContractError(
                f"the network {names[0]!r} does not fit the stream" if one else "the networks do not fit the stream",
                [m if one else replace(m, subject=f"for {name!r}: {m.subject}") for name, m in found],
            )

    def set_base(
        self, picture: Planes, parameters: FaceParameters, before: InForce | None = None, *, number: int | None = None
    ) -> None:
        """Take a new base picture; arguments and errors are those of `Generator.set_base`.

        ``before`` is the base picture before it, for a network that takes several.
        """
        own = parameters if self.translator is None else self.translator.translate(parameters)
        self.generator.of_base = None if before is None else before.of_base
        self.generator.set_base(picture, own, recompute=self.recompute, number=number)
        calibration = None
        if self.calibrate == BASE and not self.generator.needs_coded_picture:
            calibration = Calibration.matching(self.generator.generate(own, number=number), picture)
        chain = self.translator, self.enhancer
        self.in_force = InForce(picture, parameters, *chain, self.generator.of_base, calibration)

    def generate(
        self, parameters: FaceParameters, coded_picture: Planes | None = None, *, number: int | None = None
    ) -> Planes:
        """The picture of one message; arguments and errors are those of `Generator.generate`.

        The coded picture goes to networks that take one.
        """
        base = self.in_force
        if base is None:
            raise ContractError("there is no base picture yet: a base message comes before all others of its id")
        self.generator.of_base = base.of_base
        own = parameters if base.translator is None else base.translator.translate(parameters, base.parameters)
        made = self._watched(self.generator, self.generator.generate(own, coded_picture=coded_picture, number=number))
        if base.calibration is not None:
            made = base.calibration(made)
        elif self.calibrate != OFF:
            true = region(base.picture, base.parameters)
            made = Calibration.matching(region(made, parameters), true)(made)
        if base.enhancer is None or not self._enhanceable(base.enhancer, parameters):
            return made
        self.enhanced += 1
        others = {Role.BASE_PICTURE: base.picture}
        if coded_picture is not None:
            others[Role.CODED_PICTURE] = coded_picture
        enhanced = base.enhancer.enhance(made, parameters, base=base.parameters, pictures=others)
        return self._watched(base.enhancer, enhanced)

    def _watched(self, network: Generator | Enhancer, made: Planes) -> Planes:
        """The picture as it is; what lies far beyond black and white is kept in mind."""
        low, high = float(made.min()), float(made.max())
        if low < -FAR or high > 1 + FAR:
            name = network.contract.name
            lowest, highest = self.beyond.get(name, (low, high))
            self.beyond[name] = min(low, lowest), max(high, highest)
        return made

    @staticmethod
    def _enhanceable(enhancer: Enhancer, parameters: FaceParameters) -> bool:
        """Whether the picture has a GFVE message, or the network needs none."""
        if parameters.pupils or any(m.type is None for m in parameters.matrices):
            return True
        return not any(t.role in OF_GFVE and not t.optional for t in enhancer.contract.inputs)
