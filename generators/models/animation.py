"""From a base picture and a motion to the current picture: the generator of FOMM, and what others make of it.

The base picture is encoded to features a quarter as wide; these are moved, what cannot be had by moving is
faded out (occlusion), residual blocks repair what is missing, and a decoder makes a picture of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from generators.models.architecture import Parameters
from generators.models.blocks import DownBlock2d, SameBlock2d, Style, UpBlock2d, last_conv, residual_chain
from generators.models.dense_motion import Motion
from generators.models.geometry import resized, resized_grid, warp
from generators.models.settings import GeneratorSizes


def down_blocks(sizes: GeneratorSizes, style: Style) -> nn.ModuleList:
    """The encoder behind the first block: each halves the size and, up to the most, doubles the channels."""
    return nn.ModuleList(
        DownBlock2d(sizes.width(level), sizes.width(level + 1), style) for level in range(sizes.num_down_blocks)
    )


def up_blocks(sizes: GeneratorSizes, style: Style) -> nn.ModuleList:
    """The decoder: the way of `down_blocks` back."""
    return nn.ModuleList(
        UpBlock2d(sizes.width(level + 1), sizes.width(level), style) for level in reversed(range(sizes.num_down_blocks))
    )


def encoded(picture: Tensor, first: nn.Module, down: nn.ModuleList) -> Tensor:
    """A picture's features: the first block, then those that halve."""
    features: Tensor = first(picture)
    for block in down:
        features = block(features)
    return features


class AnimationGenerator(nn.Module):
    """FOMM's generator.

    Args:
        motion: the motion network; has ``down``, which makes the picture small.
        sizes: of encoder and decoder.
        wrapped: key ``final.conv`` in place of ``final``.
        align_warp: align_corners of the warp of the features.
        align_resize: align_corners where field and occlusion are resized to the features.
        style: see `blocks`.
    """

    def __init__(
        self,
        motion: nn.Module,
        sizes: GeneratorSizes,
        *,
        wrapped: bool,
        align_warp: bool,
        align_resize: bool,
        style: Style,
    ) -> None:
        super().__init__()
        self.dense_motion_network: Any = motion
        self.first = SameBlock2d(3, sizes.width(0), 7, style)
        self.down_blocks = down_blocks(sizes, style)
        self.add_inner(sizes, style)
        self.final = last_conv(sizes.width(0), 3, wrapped=wrapped)
        self.align_warp, self.align_resize = align_warp, align_resize

    def add_inner(self, sizes: GeneratorSizes, style: Style) -> None:
        """Add the modules between encoder and last layer, in the order that they have in checkpoints."""
        self.up_blocks = up_blocks(sizes, style)
        self.bottleneck = residual_chain(sizes.width(sizes.num_down_blocks), sizes.num_bottleneck_blocks, style)

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``features`` [N, C, H / 4, W / 4] and ``small``, the picture for the motion network.
        """
        features = encoded(picture, self.first, self.down_blocks)
        return {"features": features, "small": self.dense_motion_network.down(picture)}

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Motion:
        """The decisions of the motion network; arguments as for `generate`."""
        motion: Motion = self.dense_motion_network(features["small"], base, current)
        return motion

    def generate(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1.

        Args:
            features: of the base picture, from `encode_base`.
            base: its parameters, by the names of the profile.
            current: those of the picture to make.
        """
        moved = self.moved(features["features"], self.motion(features, base, current))
        return self.decoded(self.bottleneck(moved))

    def forward(self, picture: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """Both steps: base picture [N, 3, H, W] in 0..1, its parameters and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current)

    def deformed(self, x: Tensor, motion: Motion) -> Tensor:
        """Features, or the base picture itself for display, moved: [N, C, H, W], the same out."""
        field = resized_grid(motion.deformation, x, align_corners=self.align_resize)
        return warp(x, field, align_corners=self.align_warp)

    def moved(self, x: Tensor, motion: Motion) -> Tensor:
        """Features moved and faded out where they are not to be trusted."""
        return self.deformed(x, motion) * resized(motion.occlusion, x, align_corners=self.align_resize)

    def decoded(self, x: Tensor) -> Tensor:
        """Features [N, C, H / 4, W / 4] to the picture."""
        for block in self.up_blocks:
            x = block(x)
        return torch.sigmoid(self.final(x))
