"""The 3-D blocks of FV2V, under the attribute names that its checkpoints have.

Features are [N, C, D, H, W]. Depth keeps its size everywhere; "half" and "double" mean height and width. Two
programs share the keys of these blocks and compute different things with them: `Style3d` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.blocks import HourglassDecoder, HourglassEncoder, HourglassSizes


@dataclass(frozen=True)
class Style3d:
    """How a block halves and doubles.

    halving   ``strided``: by the convolution (GFVC software); ``pooled``: by a mean at the end (zhanglonghao1992)
    doubling  ``linear``, without align_corners (GFVC software), or ``nearest`` (zhanglonghao1992)
    """

    halving: Literal["strided", "pooled"] = "strided"
    doubling: Literal["linear", "nearest"] = "linear"


class DownBlock3d(nn.Module):
    """Halves height and width."""

    def __init__(self, channels_in: int, channels_out: int, style: Style3d) -> None:
        super().__init__()
        self.pooled = style.halving == "pooled"
        stride = 1 if self.pooled else (1, 2, 2)
        self.conv = nn.Conv3d(channels_in, channels_out, 3, stride=stride, padding=1)
        self.norm = nn.BatchNorm3d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, D, H, W] to [N, channels_out, D, H / 2, W / 2]."""
        out = F.relu(self.norm(self.conv(x)))
        return F.avg_pool3d(out, (1, 2, 2)) if self.pooled else out


class UpBlock3d(nn.Module):
    """Doubles height and width."""

    def __init__(self, channels_in: int, channels_out: int, style: Style3d) -> None:
        super().__init__()
        self.conv = nn.Conv3d(channels_in, channels_out, 3, padding=1)
        self.norm = nn.BatchNorm3d(channels_out)
        self.linear = style.doubling == "linear"

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, D, H, W] to [N, channels_out, D, 2 H, 2 W]."""
        n, channels, depth, height, width = x.shape
        # As a picture of C x D planes: the same numbers, as depth keeps its size, by an operator that every
        # ONNX runtime has.
        planes = x.reshape(n, channels * depth, height, width)
        if self.linear:
            planes = F.interpolate(planes, scale_factor=2.0, mode="bilinear", align_corners=False)
        else:
            planes = F.interpolate(planes, scale_factor=2.0, mode="nearest")
        return F.relu(self.norm(self.conv(planes.view(n, channels, depth, 2 * height, 2 * width))))


class ResBlock3d(nn.Module):
    """Norm, ReLU, convolution, twice, plus the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv3d(channels, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm3d(channels)
        self.norm2 = nn.BatchNorm3d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels, D, H, W], the same out."""
        out: Tensor = self.conv1(F.relu(self.norm1(x)))
        out = self.conv2(F.relu(self.norm2(out))) + x
        return out


class HourglassDecoder3d(HourglassDecoder):
    """A decoder that ends in a convolution of its own."""

    def __init__(self, channels_in: int, sizes: HourglassSizes, style: Style3d) -> None:
        super().__init__(sizes, partial(UpBlock3d, style=style))
        channels = sizes.channels_out(channels_in)
        self.conv = nn.Conv3d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm3d(channels)

    def forward(self, kept: list[Tensor]) -> Tensor:
        """The encoder's tensors to one as large as its input."""
        return F.relu(self.norm(self.conv(super().forward(kept))))


class Hourglass3d(nn.Module):
    """Encoder and decoder; height and width have to be multiples of 2^num_blocks."""

    def __init__(self, channels_in: int, sizes: HourglassSizes, style: Style3d) -> None:
        super().__init__()
        self.encoder = HourglassEncoder(channels_in, sizes, partial(DownBlock3d, style=style))
        self.decoder = HourglassDecoder3d(channels_in, sizes, style)
        self.channels_out = sizes.channels_out(channels_in)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, D, H, W] to [N, block_expansion + C, D, H, W]."""
        out: Tensor = self.decoder(self.encoder(x))
        return out
