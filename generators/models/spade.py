"""A decoder that is told, at every norm, what the picture is to look like: the other end of FV2V's generator.

Park et al., "Semantic Image Synthesis with Spatially-Adaptive Normalization" (SPADE), CVPR 2019; zhanglonghao1992's
program feeds it the moved features in place of a map of classes.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.architecture import State
from generators.models.blocks import doubled

HIDDEN = 128
"""Channels between features and what they say to a norm."""

SLOPE = 0.2
"""Of every leaky ReLU here."""

MIDDLE = 6
"""Blocks before the first doubling."""

DOUBLINGS = 2
"""How often the size is doubled."""


class AdaptiveNorm(nn.Module):
    """An instance norm whose scale and shift come, place by place, from the features."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.mlp_shared = nn.Sequential(nn.Conv2d(features, HIDDEN, 3, padding=1), nn.ReLU())
        self.mlp_gamma = nn.Conv2d(HIDDEN, channels, 3, padding=1)
        self.mlp_beta = nn.Conv2d(HIDDEN, channels, 3, padding=1)

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        """[N, channels, H, W] under features [N, features, h, w], the same out."""
        said = self.mlp_shared(F.interpolate(features, size=x.shape[2:], mode="nearest"))
        out: Tensor = F.instance_norm(x) * (1 + self.mlp_gamma(said)) + self.mlp_beta(said)
        return out


class AdaptiveBlock(nn.Module):
    """Norm, leaky ReLU, convolution, twice, plus the input, through a 1x1 convolution where widths differ."""

    def __init__(self, channels_in: int, channels_out: int, features: int) -> None:
        super().__init__()
        middle = min(channels_in, channels_out)
        self.learned = channels_in != channels_out
        self.conv_0 = nn.Conv2d(channels_in, middle, 3, padding=1)
        self.conv_1 = nn.Conv2d(middle, channels_out, 3, padding=1)
        if self.learned:
            self.conv_s = nn.Conv2d(channels_in, channels_out, 1, bias=False)
        self.norm_0 = AdaptiveNorm(channels_in, features)
        self.norm_1 = AdaptiveNorm(middle, features)
        if self.learned:
            self.norm_s = AdaptiveNorm(channels_in, features)

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, H, W]."""
        aside = self.conv_s(self.norm_s(x, features)) if self.learned else x
        inner = self.conv_0(F.leaky_relu(self.norm_0(x, features), SLOPE))
        out: Tensor = aside + self.conv_1(F.leaky_relu(self.norm_1(inner, features), SLOPE))
        return out


class AdaptiveDecoder(nn.Module):
    """Module ``decoder``: features [N, ``features``, H, W] to a picture [N, 3, 4 H, 4 W] in 0..1.

    The last block gives ``channels_out`` channels.
    """

    def __init__(self, features: int, channels_out: int) -> None:
        super().__init__()
        wide = 2 * features
        self.fc = nn.Conv2d(features, wide, 3, padding=1)
        for i in range(MIDDLE):
            self.add_module(f"G_middle_{i}", AdaptiveBlock(wide, wide, features))
        self.up_0 = AdaptiveBlock(wide, features, features)
        self.up_1 = AdaptiveBlock(features, channels_out, features)
        self.conv_img = nn.Conv2d(channels_out, 3, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        """The picture."""
        x = self.fc(features)
        for i in range(MIDDLE):
            x = self.get_submodule(f"G_middle_{i}")(x, features)
        x = self.up_0(doubled(x, "nearest"), features)
        x = self.up_1(doubled(x, "nearest"), features)
        return torch.sigmoid(self.conv_img(F.leaky_relu(x, SLOPE)))


def without_spectral_norm(state: State) -> State:
    """A published state with each weight divided by its norm, as it is after training.

    Published files have ``weight_orig`` and the vectors ``weight_u``, ``weight_v`` that training found the norm by.
    """
    folded = {}
    for key, tensor in state.items():
        stem = key.removesuffix("_orig")
        vectors = (state.get(f"{stem}_u"), state.get(f"{stem}_v"))
        if key.endswith("weight_orig") and vectors[0] is not None and vectors[1] is not None:
            folded[stem] = tensor / (vectors[0] @ tensor.flatten(1) @ vectors[1])
        elif not (key.endswith(("weight_u", "weight_v")) and f"{key[:-2]}_orig" in state):
            folded[key] = tensor
    return folded
