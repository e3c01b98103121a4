"""What makes the parameters of a video's pictures, one base picture at a time: a tracker, or an AnalysisNN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generators.checking import StreamFacts, check_stream
from vtm_bridge.colour import to_rgb, to_rgb8

if TYPE_CHECKING:
    from generators.analysis import Analyser
    from generators.contract import Contract
    from generators.parameters import FaceParameters
    from generators.tracking import FaceTracker
    from vtm_bridge.pictures import Picture


class Follower(Protocol):
    """Follows a face through a video."""

    def start(self, base: Picture) -> FaceParameters:
        """The parameters of a new base picture, given as decoders have it."""

    def follow(self, picture: Picture) -> FaceParameters:
        """The parameters of a further picture."""


class Tracking:
    """By a `FaceTracker`, a new one for each base picture."""

    def __init__(self, points: int | None, precision: int) -> None:
        """Settings of the trackers; ``points`` None: as many as they like."""
        self.points, self.precision = points, precision
        self._tracker: FaceTracker | None = None

    def start(self, base: Picture) -> FaceParameters:
        from generators.tracking import POINTS, FaceTracker

        self._tracker = FaceTracker(self.points or POINTS, precision=self.precision)
        return self._tracker.start(to_rgb8(base))

    def follow(self, picture: Picture) -> FaceParameters:
        assert self._tracker is not None
        return self._tracker.track(to_rgb8(picture))


class Analysing:
    """By an AnalysisNN. It does not say how far it is to be trusted, so its parameters are never of low confidence."""

    def __init__(self, analyser: Analyser, generator: Contract, *, fusion: bool = False) -> None:
        """Prepare.

        Args:
            analyser: makes the parameters.
            generator: the contract that they have to fit.
            fusion: whether the pictures are coded as well.
        """
        self.analyser, self.generator, self.fusion = analyser, generator, fusion

    def start(self, base: Picture) -> FaceParameters:
        parameters = self.analyser.start(to_rgb(base))
        facts = StreamFacts.of(parameters, base.format.height, base.format.width, fusion=self.fusion)
        made = () if self.generator.base is None else [t.name for t in self.generator.base.outputs]
        check_stream(self.generator, facts, provided=made)
        return parameters

    def follow(self, picture: Picture) -> FaceParameters:
        return self.analyser.follow(to_rgb(picture))
