"""DAC: deep animation codec, driven by points alone.

Konuko, Valenzise, Lathuiliere, "Ultra-Low Bitrate Video Conferencing Using Deep Image Animation", ICASSP 2021.
FOMM's networks without Jacobians, with bilinear doubling, align_corners throughout and heatmaps as large as the
features. HDAC, MRDAC and RDAC grew out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from generators.models.animation import AnimationGenerator
from generators.models.architecture import Architecture
from generators.models.blocks import AntiAlias, Style
from generators.models.catalogue import CATALOGUE
from generators.models.dense_motion import DenseMotion
from generators.models.detector import KeypointDetector
from generators.models.settings import KeypointSettings


@dataclass(frozen=True)
class DacSettings(KeypointSettings):
    """DAC's. ``antialias``: ``picked`` in the GFVC software, ``bilinear`` in animation-based-codecs."""

    antialias: AntiAlias = "picked"

    @property
    def style(self) -> Style:
        """Of all its blocks."""
        return Style(doubling="bilinear", depthwise=self.depthwise)


def detector(settings: DacSettings, *, wrapped: bool = True) -> KeypointDetector:
    """The family's detector; ``wrapped`` is off for MRDAC."""
    return KeypointDetector(
        settings.keypoints,
        settings.detector,
        settings.times,
        padding=3,
        wrapped=wrapped,
        jacobians=False,
        antialias=settings.antialias,
        style=settings.style,
    )


def dense_motion(settings: DacSettings) -> DenseMotion:
    """The family's motion network."""
    return DenseMotion(
        settings.keypoints,
        settings.motion,
        settings.times,
        wrapped=True,
        align_corners=True,
        jacobians=False,
        antialias=settings.antialias,
        style=settings.style,
    )


class DacGenerator(AnimationGenerator):
    """The family's generator; ``wrapped`` is off for MRDAC."""

    def __init__(self, settings: DacSettings, *, wrapped: bool = True) -> None:
        super().__init__(
            dense_motion(settings),
            settings.generator,
            wrapped=wrapped,
            align_warp=True,
            align_resize=True,
            style=settings.style,
        )


ARCHITECTURE = Architecture(
    about=CATALOGUE["dac"],
    settings=DacSettings,
    variants={"gfvc-v2": DacSettings(), "abc": DacSettings(antialias="bilinear")},
    modules={"kp_detector": detector, "generator": DacGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    # A picture codec that animation-based-codecs may train along with the generator.
    dropped=("ref_coder.",),
)
