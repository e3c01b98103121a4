"""MRDAC: DAC with several base pictures at once.

Konuko, Valenzise, "Multi-Reference Generative Face Video Compression with Contrastive Learning", 2024. Each base
picture is moved to the current one by itself; of what they give, the strongest feature at each place is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generators.models.animation import AnimationGenerator
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import AntiAlias, ResBlock2d, SameBlock2d, Style
from generators.models.catalogue import CATALOGUE
from generators.models.dac import DacSettings, dense_motion, detector
from generators.models.dense_motion import Motion
from generators.models.settings import GeneratorSizes


@dataclass(frozen=True)
class MrdacSettings(DacSettings):
    """MRDAC's: DAC's of animation-based-codecs."""

    antialias: AntiAlias = "bilinear"


def reference_weights(distances: Tensor) -> Tensor:
    """How much each base picture counts, from its distance to the current picture.

    [R] distances in pictures, 0 or more, to [R] weights: 1 for the nearest, down to a third. The published
    formula divides by the largest distance; where all are 0, every weight is 1 here, not-a-number there.
    """
    largest = distances.max()
    if largest <= 0:
        return torch.ones_like(distances)
    weights = 1.5 - distances / largest
    return weights / weights.max()


class MrdacGenerator(AnimationGenerator):
    """DAC's generator, its batch axis being the base pictures, R of them, for one current picture."""

    def __init__(self, settings: MrdacSettings) -> None:
        super().__init__(
            dense_motion(settings),
            settings.generator,
            wrapped=False,
            align_warp=True,
            align_resize=True,
            style=settings.style,
        )

    def add_inner(self, sizes: GeneratorSizes, style: Style) -> None:
        """A bottleneck that ends in one more block, and the one for each base picture."""
        super().add_inner(sizes, style)
        width = sizes.width(sizes.num_down_blocks)
        self.bottleneck.add_module("out", SameBlock2d(width, width, 3, style))
        self.aggregation = nn.Sequential()
        for name in ("r_1", "r_2"):
            self.aggregation.add_module(name, ResBlock2d(width, style))

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Motion:
        """The motion from each base picture."""
        points = base["keypoints"]
        return super().motion(features, base, {"keypoints": current["keypoints"].expand_as(points)})

    def generate(
        self,
        features: Mapping[str, Tensor],
        base: Parameters,
        current: Parameters,
        weights: Tensor | None = None,
    ) -> Tensor:
        """The current picture, [1, 3, H, W] in 0..1.

        Args:
            features: of R base pictures, from `encode_base`.
            base: their ``keypoints`` [R, K, 2].
            current: ``keypoints`` [1, K, 2] of the picture to make.
            weights: [R], from `reference_weights`; None: all count the same.
        """
        each = self.aggregation(self.moved(features["features"], self.motion(features, base, current)))
        if weights is not None:
            each = each * weights[:, None, None, None]
        return self.decoded(self.bottleneck(each.amax(dim=0, keepdim=True)))

    def forward(self, picture: Tensor, base: Parameters, current: Parameters, weights: Tensor | None = None) -> Tensor:
        """Both steps: R base pictures [R, 3, H, W], their parameters and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current, weights)


ARCHITECTURE = Architecture(
    about=CATALOGUE["mrdac"],
    settings=MrdacSettings,
    variants={"abc": MrdacSettings()},
    modules={"kp_detector": lambda settings: detector(settings, wrapped=False), "generator": MrdacGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    dropped=("ref_coder.",),
)
