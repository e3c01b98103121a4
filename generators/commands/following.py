"""What makes the parameters for a generator, as the options of ``gfv encode`` have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generators.registry import DEFAULT, load_analyser, load_contract
from gfv_sei.errors import GfvError

if TYPE_CHECKING:
    from generators.pipeline.following import Follower


class Chosen(NamedTuple):
    """What follows the face.

    precision  bits of the fraction of coordinates and matrix elements
    fusion     whether the generator takes the decoded driving picture
    size       width and height of the pictures that it takes; None: any
    new_base   when a new base picture is coded, where that is left to the generator; see `encode.FaceSettings`
    """

    follower: Follower
    precision: int
    fusion: bool = False
    size: tuple[int, int] | None = None
    new_base: str | int = "auto"


def chosen_follower(generator: str, analysis: str | None, points: int | None, precision: int | None) -> Chosen:
    """A tracker for the default generator, for others the AnalysisNN that is named here or in the contract.

    Raises:
        GfvError: there is no such model, it has no AnalysisNN, or options do not go together.
    """
    from generators.pipeline.encode import AUTO, REFERENCE_DISTANCE
    from generators.pipeline.following import Analysing, Tracking
    from generators.roles import Role

    if generator == DEFAULT and analysis is None:
        bits = 8 if precision is None else precision
        return Chosen(Tracking(points, bits), bits)
    if points is not None:
        raise GfvError("the number of keypoints is that of the AnalysisNN", element="points", value=points)
    contract = load_contract(generator)
    analyser = load_analyser(generator if analysis is None else analysis)
    fusion = any(t.role == Role.CODED_PICTURE for t in contract.inputs)
    height, width = analyser.size or (None, None)
    return Chosen(
        Analysing(analyser, contract, fusion=fusion),
        (analyser.contract.bits or 8) if precision is None else precision,
        fusion,
        None if height is None or width is None else (width, height),
        REFERENCE_DISTANCE if contract.most_references > 1 else AUTO,
    )
