"""rt: a generator for the clock, ours.

It starts from the pictures of the generator ``warp``: the same field of motion from the same keypoints, so a
`generators.tracking.FaceTracker` is its encoder's side and a stream made for one plays through the other. What is
learned is a correction of the field; where moving the base picture fails, how much of a blurred picture to show in its
place; and colours to add. All of that is done on a grid a quarter as wide as the picture, by dense 3x3 convolutions,
which is where a CPU's arithmetic is near its peak; pixels become channels on the way in and channels pixels on the way
out (Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
Network", CVPR 2016). The only thing that runs at full size is the last warp, of three planes.

With fresh weights the corrections are zero, and the picture is the warp's with a little of the blurred one. (Where
``synthesis`` is not 256 the field has another grid than the warp's, so then it is nearly the warp's.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from numpy.typing import NDArray
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import SameBlock2d
from generators.models.catalogue import CATALOGUE
from generators.models.ranges import check_numbers
from generators.models.spreading import places, spread_field

CELL = 4
"""Side of the square of pixels that one place of the grid stands for."""

DOUBT = -3.0
"""Logit of the share of the blurred picture, before any training."""

COLOUR, MOTION = 0.05, 0.05
"""What an output of 1 of the last layer stands for: a difference of colour, and of place, in half places of the grid.

Small, so that the first steps of training do not leave the warp's pictures behind."""


@dataclass(frozen=True)
class RtSettings:
    """rt's.

    size       side of the square pictures
    synthesis  side that the learned parts see and make; larger pictures are moved at their own size and corrected
               at this one, by the same weights
    keypoints  their number in an exported graph; the weights do not depend on it
    width      channels at ``synthesis`` / 4
    deep       channels at ``synthesis`` / 8
    base       residual blocks of what is done once per base picture
    outer      residual blocks on the way in, and half as many on the way out, rounded up
    inner      residual blocks at ``synthesis`` / 8
    """

    size: int = 256
    synthesis: int = 256
    keypoints: int = 28
    width: int = 64
    deep: int = 128
    base: int = 2
    outer: int = 2
    inner: int = 2

    def __post_init__(self) -> None:
        check_numbers(self, least={"base": 0, "outer": 0, "inner": 0})
        if self.synthesis % (2 * CELL) or self.size < self.synthesis or self.size % self.synthesis:
            raise ModelError(
                f"a network that works at {self.synthesis} cannot take such pictures",
                element="size",
                value=self.size,
                allowed=f"multiples of {self.synthesis}, which is one of {2 * CELL}",
            )

    @property
    def grid(self) -> int:
        """Places per side."""
        return self.synthesis // CELL


class Residual(nn.Module):
    """Convolution, norm, ReLU, convolution, norm, plus the input, ReLU: every norm folds into a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = SameBlock2d(channels, channels)
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels, H, W], the same out."""
        return F.relu(x + self.norm(self.conv(self.first(x))))


def residuals(channels: int, number: int) -> nn.Sequential:
    """So many in a row."""
    return nn.Sequential(*(Residual(channels) for _ in range(number)))


class RtGenerator(nn.Module):
    """The generator; see the module."""

    def __init__(self, settings: RtSettings) -> None:
        super().__init__()
        width, deep = settings.width, settings.deep
        self.settings = settings
        self.encoder = nn.Sequential(SameBlock2d(3 * CELL**2, width), residuals(width, settings.base))
        # The moved features, the blurred picture, the field, and how much the points say of each place.
        self.entry = SameBlock2d(width + 3 + 2 + 2, width)
        self.outer = residuals(width, settings.outer)
        self.down = nn.Conv2d(width, deep, 3, stride=2, padding=1)
        self.inner = residuals(deep, settings.inner)
        self.up = nn.Conv2d(deep, width, 1)
        self.exit = residuals(width, (settings.outer + 1) // 2)
        self.head = nn.Conv2d(width, 4 * CELL**2 + 2, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        assert self.head.bias is not None
        with torch.no_grad():
            self.head.bias.zero_()
            self.head.bias[3 * CELL**2 : 4 * CELL**2] = DOUBT

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``features`` [N, width + 3, grid, grid], the blurred picture behind what was learned,
        and ``picture``, the picture itself, which is what is moved in the end.
        """
        times = self.settings.size // self.settings.synthesis
        seen = picture if times == 1 else F.avg_pool2d(picture, times)
        learned = self.encoder(F.pixel_unshuffle(seen, CELL))
        return {"features": torch.cat([learned, F.avg_pool2d(seen, CELL)], dim=1), "picture": picture * 1.0}

    def generate(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1; parameters hold ``keypoints`` [N, K, 2]."""
        grid, side = self.settings.grid, self.settings.synthesis
        flow, evidence = spread_field(base["keypoints"], current["keypoints"], grid)
        moved = _sampled(features["features"], places(grid, flow) + flow)
        seen = torch.cat([moved, flow * CELL, evidence], dim=1)
        colour, share, motion = torch.split(self.decided(seen), [3 * CELL**2, CELL**2, 2], dim=1)
        flow = flow + motion * (MOTION / grid)
        colour = F.pixel_shuffle(colour, CELL) * COLOUR
        share = torch.sigmoid(F.pixel_shuffle(share, CELL))
        size = self.settings.size
        warped, blurred = self.warped(features["picture"], flow), self.spread(moved[:, -3:])
        if size != side:
            colour, share = _resized(colour, size), _resized(share, size)
        return (warped + share * (blurred - warped) + colour).clamp(0, 1)

    def decided(self, seen: Tensor) -> Tensor:
        """The learned part: [N, width + 7, grid, grid] to colours, shares and motion [N, 66, grid, grid]."""
        x = self.outer(self.entry(seen))
        inner = self.up(self.inner(F.relu(self.down(x))))
        x = F.relu(x + F.interpolate(inner, scale_factor=2.0, mode="nearest"))
        out: Tensor = self.head(self.exit(x))
        return out

    def warped(self, picture: Tensor, flow: Tensor) -> Tensor:
        """The base picture [N, 3, H, W], moved by a field [N, 2, grid, grid]."""
        side = self.settings.size
        return _sampled(picture, places(side, flow) + self.spread(flow))

    def spread(self, x: Tensor) -> Tensor:
        """[N, C, grid, grid] to the size of the picture, as `_resized` does it.

        By two products with a matrix that is nearly all zeros, which takes a third of the time that onnxruntime 1.31
        takes to resize.
        """
        shares = x.new_tensor(_shares(self.settings.grid, self.settings.size))
        return shares @ (x @ shares.T)

    def forward(self, picture: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """Both steps: base picture [N, 3, H, W] in 0..1, its parameters and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current)


def _sampled(x: Tensor, look: Tensor) -> Tensor:
    """[N, C, H, W], square, sampled bilinearly at ``look`` [N, 2, h, w], x and y, -1 to 1 from edge to edge.

    Beyond the border it is the nearest pixel. That is done by clamping places: in onnxruntime 1.31, sampling with
    border padding takes seven times as long as with zeros.
    """
    most = 1 - 1 / x.shape[-1]
    grid = look.clamp(-most, most).permute(0, 2, 3, 1)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


@cache
def _shares(few: int, many: int) -> NDArray[np.float32]:
    """[many, few]: how much of each of a few samples in a row each of many has, bilinearly; rows sum to 1."""
    place = np.clip((np.arange(many) + 0.5) * few / many - 0.5, 0, few - 1)
    shares: NDArray[np.float32] = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(few))).astype(np.float32)
    return shares


def _resized(x: Tensor, side: int) -> Tensor:
    return F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False)


ARCHITECTURE = Architecture(
    about=CATALOGUE["rt"],
    settings=RtSettings,
    variants={
        "rt": RtSettings(),
        "rt-512": RtSettings(size=512),
        "fast": RtSettings(synthesis=128),
        "light": RtSettings(width=128, deep=256),
        "light-512": RtSettings(size=512, width=128, deep=256),
    },
    modules={"generator": RtGenerator},
    # The encoder's side is generators.tracking, which is no network.
    analysis=lambda settings, modules: None,
    generator=lambda settings, modules: modules.get("generator"),
)
