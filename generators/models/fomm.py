"""FOMM: first-order motion model.

Siarohin, Lathuiliere, Tulyakov, Ricci, Sebe, "First Order Motion Model for Image Animation", NeurIPS 2019. Each
point carries a Jacobian, so it moves its surroundings by an affine map; VTM's sample stream is of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass

from generators.models.animation import AnimationGenerator
from generators.models.architecture import Architecture
from generators.models.blocks import Style
from generators.models.catalogue import CATALOGUE
from generators.models.dense_motion import DenseMotion
from generators.models.detector import KeypointDetector
from generators.models.settings import KeypointSettings


@dataclass(frozen=True)
class FommSettings(KeypointSettings):
    """FOMM's, with what its copies disagree on.

    align_small  align_corners of the warps of the small base picture, one per point
    align_last   align_corners of the warp of the features
    first_order  whether Jacobians and heatmaps reach the motion network. GFVC software v1 left both out
    """

    align_small: bool = False
    align_last: bool = False
    first_order: bool = True

    @property
    def style(self) -> Style:
        """Of all its blocks."""
        return Style(depthwise=self.depthwise)


def detector(settings: FommSettings) -> KeypointDetector:
    """FOMM's detector: points and Jacobians."""
    return KeypointDetector(
        settings.keypoints,
        settings.detector,
        settings.times,
        padding=0,
        wrapped=False,
        jacobians=True,
        style=settings.style,
    )


def generator(settings: FommSettings) -> AnimationGenerator:
    """FOMM's generator; without ``first_order`` it passes over the Jacobians."""
    motion = DenseMotion(
        settings.keypoints,
        settings.motion,
        settings.times,
        wrapped=False,
        align_corners=settings.align_small,
        jacobians=settings.first_order,
        heatmaps=settings.first_order,
        style=settings.style,
    )
    return AnimationGenerator(
        motion,
        settings.generator,
        wrapped=False,
        align_warp=settings.align_last,
        align_resize=False,
        style=settings.style,
    )


ARCHITECTURE = Architecture(
    about=CATALOGUE["fomm"],
    settings=FommSettings,
    variants={
        "original": FommSettings(),
        "original-aligned": FommSettings(align_small=True, align_last=True),
        "gfvc-v1": FommSettings(first_order=False),
        "goluck": FommSettings(align_small=True, align_last=True, first_order=False),
        "gfvc-v2": FommSettings(align_last=True),
    },
    modules={"kp_detector": detector, "generator": generator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
)
