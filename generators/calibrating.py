"""Examples to calibrate a network on, from clips of faces: what an encoder would send of them, without its coding."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from generators.contract import Contract
from generators.errors import ModelError
from generators.feeding import Picture
from generators.model_file import ModelFile
from generators.parameters import FaceParameters
from generators.pipeline.following import Analysing, Follower, Tracking
from generators.quantisation import Example
from generators.registry import load_analyser
from generators.roles import Role
from vtm_bridge.colour import to_rgb
from vtm_bridge.ffmpeg import read_video

SIDE = 256
"""Of the pictures, for a network that takes any size."""

PER_SECOND = 5
"""Pictures taken of each second of a clip: neighbours teach little."""

PRECISION = 8
"""Bits of fraction of points that are tracked."""


def follower_of(contract: Contract, path: str | os.PathLike[str]) -> Follower:
    """What makes the parameters that a generator takes: its AnalysisNN, or the tracker for one that takes keypoints.

    Args:
        contract: of the generator.
        path: of its file; the AnalysisNN is beside it.

    Raises:
        ModelError: it has no AnalysisNN and takes more than keypoints.
    """
    fusion = takes_coded(contract)
    if contract.analysis is not None:
        return Analysing(load_analyser(path), contract, fusion=fusion)
    roles = {tensor.role for tensor in contract.inputs}
    if Role.MATRICES in roles or fusion:
        raise ModelError(f"{contract.name} has no AnalysisNN, and what it takes cannot be tracked")
    (points,) = {tensor.shape[-2] for tensor in contract.inputs if tensor.role == Role.KEYPOINTS}
    return Tracking(points if isinstance(points, int) else None, PRECISION)


def takes_coded(contract: Contract) -> bool:
    """Whether the network takes the decoded driving picture."""
    return any(tensor.role == Role.CODED_PICTURE for tensor in contract.inputs)


def examples_of(
    model: ModelFile, follower: Follower, clips: Iterable[str | Path], *, pictures: int = 16
) -> Iterator[Example]:
    """One example of each clip.

    In place of decoded pictures they have those of the clip, scaled and cropped to what the network takes.

    Args:
        model: the generator.
        follower: makes the parameters, see `follower_of`.
        clips: files that ffmpeg reads.
        pictures: at most so many of each clip, the base picture, its first, besides.

    Raises:
        ModelError: a clip has fewer than two pictures.
        GfvError: a clip cannot be read, or the parameters do not fit the network.
    """
    height, width = (_side(model.contract, letter) for letter in ("H", "W"))
    for clip in clips:
        _, found = read_video(clip, (width, height), fps=Fraction(PER_SECOND), pictures=pictures + 1)
        currents: list[FaceParameters] = []
        coded: list[Picture] = []
        for base in found:
            parameters = follower.start(base)
            break
        for picture in found:
            currents.append(follower.follow(picture))
            coded.append(to_rgb(picture))
        if not currents:
            raise ModelError(f"{clip} has not two pictures, at {PER_SECOND} a second: nothing to calibrate on")
        yield Example(to_rgb(base), parameters, currents, coded if takes_coded(model.contract) else ())


def _side(contract: Contract, letter: str) -> int:
    size = contract.sizes.get(letter)
    return SIDE if size is None or size.admits(SIDE) else size.min
