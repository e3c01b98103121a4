"""The 2-D blocks that the networks of this field share, under the attribute names that their checkpoints have.

Source: Siarohin et al., "First Order Motion Model for Image Animation" (NeurIPS 2019), from which all other
networks here took them. What the families do differently in the same blocks is a `Style`, so that a block is
written once. Pictures and features are [N, C, H, W], float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.ranges import HALVINGS, check_numbers

Doubling = Literal["nearest", "bilinear"]
Norm = Literal["batch", "instance"]
AntiAlias = Literal["picked", "bilinear"]


@dataclass(frozen=True)
class Style:
    """How a family builds its blocks.

    norm       ``batch``; ``instance`` has scale and shift, and no running statistics (TPS)
    doubling   ``nearest``; ``bilinear`` with align_corners (DAC and what grew out of it)
    depthwise  every 3x3 convolution as a depthwise 3x3, key ``conv.dw``, and a 1x1, ``conv.pw``: lite models
    """

    norm: Norm = "batch"
    doubling: Doubling = "nearest"
    depthwise: bool = False


PLAIN = Style()


@dataclass(frozen=True)
class HourglassSizes:
    """block_expansion, max_features and num_blocks, as the published configurations call them."""

    block_expansion: int
    max_features: int
    num_blocks: int

    def __post_init__(self) -> None:
        # Else the last output, which is as wide as block_expansion says, would be narrower.
        check_numbers(self, least={"max_features": self.block_expansion}, most={"num_blocks": HALVINGS})

    def width(self, level: int) -> int:
        """Channels after ``level`` halvings; level 0 is the decoder's last output."""
        return min(self.max_features, self.block_expansion << level)

    def channels_out(self, channels_in: int) -> int:
        """What an hourglass gives: its last decoder block, and its input behind it."""
        return self.block_expansion + channels_in


class DepthwiseConv(nn.Module):
    """A 3x3 convolution in two steps: 3x3 in each channel alone, then 1x1 across channels."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.dw = nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in)
        self.pw = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, H, W]."""
        out: Tensor = self.pw(self.dw(x))
        return out


class WrappedConv(nn.Module):
    """A convolution one level deeper, key ``conv``, as DAC and its family name their last layers."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, padding: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        """The convolution."""
        out: Tensor = self.conv(x)
        return out


def last_conv(channels_in: int, channels_out: int, *, padding: int = 3, wrapped: bool) -> nn.Module:
    """The 7x7 convolution without norm that ends a network: plain, or `WrappedConv`."""
    if wrapped:
        return WrappedConv(channels_in, channels_out, 7, padding)
    return nn.Conv2d(channels_in, channels_out, 7, padding=padding)


def block_conv(channels_in: int, channels_out: int, kernel: int, style: Style) -> nn.Module:
    """The convolution of a block; keeps the size. Only 3x3 ones become depthwise."""
    if kernel == 3 and style.depthwise:
        return DepthwiseConv(channels_in, channels_out)
    return nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)


def norm_of(channels: int, style: Style) -> nn.Module:
    """The normalisation of a block."""
    if style.norm == "instance":
        return nn.InstanceNorm2d(channels, affine=True)
    return nn.BatchNorm2d(channels)


def doubled(x: Tensor, doubling: Doubling) -> Tensor:
    """[N, C, H, W] to [N, C, 2 H, 2 W]."""
    if doubling == "bilinear":
        return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


class _ConvBlock(nn.Module):
    """Convolution, norm, ReLU: the part that the three blocks below have in common."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, style: Style) -> None:
        super().__init__()
        self.conv = block_conv(channels_in, channels_out, kernel, style)
        self.norm = norm_of(channels_out, style)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)))


class SameBlock2d(_ConvBlock):
    """Keeps the size; ``slope`` above 0 makes the ReLU a leaky one (FV2V's ``third``: 0.01)."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int = 3, style: Style = PLAIN, *, slope: float = 0.0
    ) -> None:
        super().__init__(channels_in, channels_out, kernel, style)
        self.slope = slope

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, H, W]."""
        if self.slope:
            return F.leaky_relu(self.norm(self.conv(x)), self.slope)
        return super().forward(x)


class DownBlock2d(_ConvBlock):
    """Halves the size, by the mean over 2x2 at the end."""

    def __init__(self, channels_in: int, channels_out: int, style: Style = PLAIN) -> None:
        super().__init__(channels_in, channels_out, 3, style)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, H / 2, W / 2]."""
        return F.avg_pool2d(super().forward(x), 2)


class UpBlock2d(_ConvBlock):
    """Doubles the size, at the start."""

    def __init__(self, channels_in: int, channels_out: int, style: Style = PLAIN) -> None:
        super().__init__(channels_in, channels_out, 3, style)
        self.doubling = style.doubling

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, 2 H, 2 W]."""
        return super().forward(doubled(x, self.doubling))


class ResBlock2d(nn.Module):
    """Norm, ReLU, convolution, twice, plus the input."""

    def __init__(self, channels: int, style: Style = PLAIN) -> None:
        super().__init__()
        self.conv1 = block_conv(channels, channels, 3, style)
        self.conv2 = block_conv(channels, channels, 3, style)
        self.norm1 = norm_of(channels, style)
        self.norm2 = norm_of(channels, style)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels, H, W], the same out."""
        out: Tensor = self.conv1(F.relu(self.norm1(x)))
        out = self.conv2(F.relu(self.norm2(out)))
        return out + x


def residual_chain(channels: int, number: int, style: Style = PLAIN) -> nn.Sequential:
    """``r0``, ``r1``, ...: the bottleneck of FOMM, DAC, CFTE and MRDAC."""
    chain = nn.Sequential()
    for i in range(number):
        chain.add_module(f"r{i}", ResBlock2d(channels, style))
    return chain


class HourglassEncoder(nn.Module):
    """``down_blocks``: gives its input and the output of each block, the deepest last.

    ``block``: makes one of them, from its channels in and out.
    """

    def __init__(self, channels_in: int, sizes: HourglassSizes, block: Callable[[int, int], nn.Module]) -> None:
        super().__init__()
        self.down_blocks = nn.ModuleList(
            block(channels_in if i == 0 else sizes.width(i), sizes.width(i + 1)) for i in range(sizes.num_blocks)
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        """[N, channels_in, ..., H, W] to ``num_blocks`` + 1 tensors, each half as high and wide as the one before."""
        kept = [x]
        for block in self.down_blocks:
            kept.append(block(kept[-1]))
        return kept


class HourglassDecoder(nn.Module):
    """``up_blocks``: back up from the deepest, each output joined by the encoder's of the same size, behind it.

    ``block``: as of `HourglassEncoder`.
    """

    def __init__(self, sizes: HourglassSizes, block: Callable[[int, int], nn.Module]) -> None:
        super().__init__()
        deepest = sizes.num_blocks - 1
        self.up_blocks = nn.ModuleList(
            block((1 if i == deepest else 2) * sizes.width(i + 1), sizes.width(i)) for i in range(deepest, -1, -1)
        )

    def stages(self, kept: list[Tensor]) -> list[Tensor]:
        """The deepest tensor and what each block gives once joined, in the order in which they are made."""
        out = [kept[-1]]
        for block, same in zip(self.up_blocks, reversed(kept[:-1]), strict=True):
            out.append(torch.cat([block(out[-1]), same], dim=1))
        return out

    def forward(self, kept: list[Tensor]) -> Tensor:
        """The last of the stages, as large as the encoder's input."""
        return self.stages(kept)[-1]


class Hourglass(nn.Module):
    """Encoder and decoder with connections between the same sizes.

    Height and width have to be multiples of 2^num_blocks.
    """

    def __init__(self, channels_in: int, sizes: HourglassSizes, style: Style = PLAIN) -> None:
        super().__init__()
        self.encoder = HourglassEncoder(channels_in, sizes, partial(DownBlock2d, style=style))
        self.decoder = HourglassDecoder(sizes, partial(UpBlock2d, style=style))
        self.channels_out = sizes.channels_out(channels_in)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to [N, block_expansion + C, H, W]."""
        return self.stages(x)[-1]

    def stages(self, x: Tensor) -> list[Tensor]:
        """Every stage of the decoder, see `HourglassDecoder.stages` (TPS reads more than the last)."""
        return self.decoder.stages(self.encoder(x))


def gaussian_kernel(times: int) -> Tensor:
    """The anti-aliasing kernel for a picture to be ``times`` smaller, [side, side], sum 1.

    Sides 5, 13 and 29 for 2, 4 and 8 times.
    """
    sigma = (times - 1) / 2
    side = 2 * round(4 * sigma) + 1
    at = torch.arange(side, dtype=torch.float32)
    line = torch.exp(-((at - (side - 1) / 2) ** 2) / (2 * sigma**2))
    kernel = line[:, None] * line[None, :]
    return kernel / kernel.sum()


class AntiAliasInterpolation2d(nn.Module):
    """A picture made ``times`` smaller: a fixed Gaussian, zeros beyond the border, then fewer samples.

    ``picked`` takes every ``times``-th sample, beginning with the first. ``bilinear`` resizes with
    align_corners, as animation-based-codecs and every HDAC do; the numbers differ, the keys do not. The kernel
    is a buffer, so it is in checkpoints: ``weight``, [channels, 1, side, side].
    """

    weight: Tensor

    def __init__(self, channels: int, times: int, kind: AntiAlias = "picked") -> None:
        super().__init__()
        kernel = gaussian_kernel(times)
        self.register_buffer("weight", kernel.expand(channels, 1, *kernel.shape).clone())
        self.times, self.kind = times, kind

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to [N, C, H / times, W / times]."""
        side = self.weight.shape[-1]
        step = self.times if self.kind == "picked" else 1
        x = F.conv2d(x, self.weight, stride=step, padding=side // 2, groups=self.weight.shape[0])
        if self.kind == "bilinear":
            x = F.interpolate(x, scale_factor=1 / self.times, mode="bilinear", align_corners=True)
        return x


def antialiased(channels: int, times: int, kind: AntiAlias = "picked") -> nn.Module:
    """The module ``down``; for ``times`` 1 one that does nothing and has no keys, as in the published networks."""
    return nn.Identity() if times == 1 else AntiAliasInterpolation2d(channels, times, kind)
