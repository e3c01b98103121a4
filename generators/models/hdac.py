"""HDAC: a hybrid of animation and a low-quality coded picture.

Konuko, Lathuiliere, Valenzise, "A Hybrid Deep Animation Codec for Low-Bitrate Video Conferencing", ICIP 2022; with
high frequencies of the base picture (HDAC-HF): VCIP 2024. The decoded picture of the same time, of a quality too
low to show, goes in beside the moved features; in GFV this is gfv_fusion_pic_flag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.animation import down_blocks, encoded, up_blocks
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import AntiAlias, ResBlock2d, SameBlock2d, Style
from generators.models.catalogue import CATALOGUE
from generators.models.dac import DacGenerator, DacSettings, detector
from generators.models.dense_motion import Motion
from generators.models.geometry import resized
from generators.models.settings import GeneratorSizes

FILTERS = {
    "1": ((-1.0, -1.0, -1.0), (-1.0, 8.0, -1.0), (-1.0, -1.0, -1.0)),
    "2": ((1.0, 1.0, 1.0), (1.0, -8.0, 1.0), (1.0, 1.0, 1.0)),
    "3": ((0.0, 1.0, 0.0), (1.0, -4.0, 1.0), (0.0, 1.0, 0.0)),
    # Not symmetric; presumably a slip, but it is what weights trained with it know.
    "4": ((0.0, 1.0, 0.0), (-1.0, 4.0, -1.0), (0.0, -1.0, 0.0)),
}
"""The high-pass filters under their published names."""


@dataclass(frozen=True)
class HighFrequencies:
    """What of the encoder's features goes to the decoder directly, in HDAC-HF.

    filter   one of `FILTERS`, applied to the features as they are: with it the other two have no effect, which
             is how the published code reads; None: none
    deform   move them
    occlude  fade them out
    """

    filter: Literal["1", "2", "3", "4"] | None = "3"
    deform: bool = True
    occlude: bool = True


@dataclass(frozen=True)
class HdacSettings(DacSettings):
    """HDAC's: DAC's with bilinear anti-aliasing, in every copy. ``high_frequencies``: of HDAC-HF; None: HDAC."""

    antialias: AntiAlias = "bilinear"
    high_frequencies: HighFrequencies | None = None


class HdacGenerator(DacGenerator):
    """DAC's generator with a second encoder, for the coded picture."""

    def __init__(self, settings: HdacSettings) -> None:
        super().__init__(settings)
        self.high_frequencies = settings.high_frequencies

    def add_inner(self, sizes: GeneratorSizes, style: Style) -> None:
        """Second encoder, a bottleneck for both, decoder."""
        width = sizes.width(sizes.num_down_blocks)
        self.base = SameBlock2d(3, sizes.width(0), 7, style)
        self.base_down_blocks = down_blocks(sizes, style)
        self.main_bottleneck = nn.Sequential(
            *(ResBlock2d(2 * width, style) for _ in range(sizes.num_bottleneck_blocks))
        )
        self.bt_output_layer = SameBlock2d(2 * width, width, 3, style)
        self.up_blocks = up_blocks(sizes, style)

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``features``, ``small`` and, with high frequencies, ``skip_0`` (the deepest), ...
        """
        kept = [self.first(picture)]
        for block in self.down_blocks:
            kept.append(block(kept[-1]))
        out = {"features": kept[-1], "small": self.dense_motion_network.down(picture)}
        if self.high_frequencies is not None:
            skips = reversed(kept[1:])
            out |= {f"skip_{i}": self._filtered(skip, self.high_frequencies) for i, skip in enumerate(skips)}
        return out

    def generate(
        self,
        features: Mapping[str, Tensor],
        base: Parameters,
        current: Parameters,
        coded: Tensor | None = None,
    ) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1.

        Args:
            features: of the base picture, from `encode_base`.
            base: its ``keypoints`` [N, K, 2].
            current: those of the picture to make.
            coded: the decoded low-quality picture of the same time, as the base picture; None: there is none.
        """
        motion = self.motion(features, base, current)
        moved = self.moved(features["features"], motion)
        beside = torch.zeros_like(moved) if coded is None else encoded(coded, self.base, self.base_down_blocks)
        out = self.bt_output_layer(self.main_bottleneck(torch.cat([moved, beside], dim=1)))
        for i, block in enumerate(self.up_blocks):
            if self.high_frequencies is not None:
                out = F.normalize(out + self._skip(features[f"skip_{i}"], motion, self.high_frequencies), dim=1)
            out = block(out)
        return torch.sigmoid(self.final(out))

    def forward(self, picture: Tensor, base: Parameters, current: Parameters, coded: Tensor | None = None) -> Tensor:
        """Both steps: base picture, its parameters, current ones and coded picture, to the picture."""
        return self.generate(self.encode_base(picture), base, current, coded)

    @staticmethod
    def _filtered(x: Tensor, options: HighFrequencies) -> Tensor:
        if options.filter is None:
            return x
        kernel = x.new_tensor(FILTERS[options.filter])
        return F.conv2d(x, kernel.expand(x.shape[1], 1, 3, 3), padding=1, groups=x.shape[1])

    def _skip(self, x: Tensor, motion: Motion, options: HighFrequencies) -> Tensor:
        if options.filter is None and options.deform:
            x = self.deformed(x, motion)
        if options.filter is None and options.occlude:
            x = x * resized(motion.occlusion, x, align_corners=True)
        return x


ARCHITECTURE = Architecture(
    about=CATALOGUE["hdac"],
    settings=HdacSettings,
    variants={"hdac": HdacSettings(), "hdac-hf": HdacSettings(high_frequencies=HighFrequencies())},
    modules={"kp_detector": detector, "generator": HdacGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    dropped=("ref_coder.",),
)
