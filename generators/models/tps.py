"""TPS: thin-plate spline motion model.

Zhao, Zhang, "Thin-Plate Spline Motion Model for Image Animation", CVPR 2022. Points come in groups of five, and
each group moves its surroundings by a thin-plate spline (`spline`). What moving cannot give is painted in at
four sizes of the picture, each with an occlusion map of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.animation import down_blocks
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import (
    Hourglass,
    HourglassSizes,
    ResBlock2d,
    SameBlock2d,
    Style,
    UpBlock2d,
    antialiased,
    last_conv,
)
from generators.models.catalogue import CATALOGUE
from generators.models.geometry import gaussians, identity_grid, resized, resized_grid, warp
from generators.models.resnet import ResNet18
from generators.models.settings import GeneratorSizes, PictureSettings
from generators.models.spline import spline, splined
from generators.spline import POINTS


@dataclass(frozen=True)
class TpsSettings(PictureSettings):
    """The published ``vox-256`` by default.

    transformations  number of splines, five points each
    motion           sizes of the motion network's hourglass
    generator        sizes of the inpainting network; its residual blocks are not a bottleneck, two stand at each size
    """

    transformations: int = 10
    motion: HourglassSizes = field(default_factory=lambda: HourglassSizes(64, 1024, 5))
    generator: GeneratorSizes = field(
        default_factory=lambda: GeneratorSizes(num_down_blocks=3, num_bottleneck_blocks=0)
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.times != 1 << self.doublings or self.doublings > self.generator.num_down_blocks:
            raise ModelError(
                "occlusion maps come by doubling from the size that the motion network works at",
                element="inner",
                value=self.inner,
                allowed=f"{self.size} halved up to {self.generator.num_down_blocks} times",
            )
        if self.generator.num_down_blocks - self.motion.num_blocks >= self.doublings:
            raise ModelError(
                "the motion network gives no occlusion map as small as the deepest features",
                element="num_blocks",
                value=self.motion.num_blocks,
                allowed=f"more than {self.generator.num_down_blocks - self.doublings}",
            )

    @property
    def doublings(self) -> int:
        """From the size that the motion network works at to the picture's."""
        return self.times.bit_length() - 1

    @property
    def keypoints(self) -> int:
        """Number of points: point 5 k + j is point j of transformation k."""
        return POINTS * self.transformations

    @property
    def multiple(self) -> int:
        """Height and width of pictures have to be multiples of it."""
        return max(self.times << self.motion.num_blocks, 1 << self.generator.num_down_blocks)

    @property
    def style(self) -> Style:
        """Of all its blocks."""
        return Style(norm="instance", depthwise=self.depthwise)


class PointDetector(nn.Module):
    """Module ``kp_detector``: points straight from a ResNet on the whole picture."""

    def __init__(self, settings: TpsSettings) -> None:
        super().__init__()
        self.fg_encoder = ResNet18(2 * settings.keypoints)

    def forward(self, picture: Tensor) -> Parameters:
        """[N, 3, H, W] in 0..1 to ``keypoints`` [N, K, 2]."""
        numbers = 2 * torch.sigmoid(self.fg_encoder(picture)) - 1
        return {"keypoints": numbers.view(len(picture), -1, 2)}


class SplineMotion(NamedTuple):
    """What the motion network decided.

    deformation  [N, h, w, 2]: where in the base picture each place comes from, in grid units
    occlusion    [N, 1, ...] each, 0..1, smallest first: how much of what comes from there to trust
    mask         [N, T + 1, h, w]: the share of each transformation, the background's first
    warped       [N, T + 1, 3, h, w]: the base picture by each transformation
    """

    deformation: Tensor
    occlusion: list[Tensor]
    mask: Tensor
    warped: Tensor


class SplineDenseMotion(nn.Module):
    """Module ``dense_motion_network``: points to a field of motion and occlusion maps."""

    def __init__(self, settings: TpsSettings) -> None:
        super().__init__()
        style, offers = settings.style, settings.transformations + 1
        channels_in = settings.keypoints + 1 + 3 * offers
        self.down = antialiased(3, settings.times)
        self.hourglass = Hourglass(channels_in, settings.motion, style)
        last = self.hourglass.channels_out
        self.maps = last_conv(last, offers, wrapped=False)
        # One occlusion map for each size of the inpainting network's features. The largest are beyond the
        # hourglass's own: `up` makes them.
        doublings = settings.doublings
        self.inside = settings.generator.num_down_blocks + 1 - doublings
        self.up = nn.ModuleList(UpBlock2d(last // 2**i, last // 2 ** (i + 1), style) for i in range(doublings))
        joined = [2 * settings.motion.width(i) for i in range(self.inside - 1, 0, -1)]
        widths = [*joined, *(last // 2**i for i in range(doublings + 1))]
        self.occlusion = nn.ModuleList(last_conv(width, 1, wrapped=False) for width in widths)

    def forward(self, small: Tensor, base: Parameters, current: Parameters) -> SplineMotion:
        """The motion of a picture; arguments as for `SplineGenerator.generate`, and the base picture made small."""
        height, width = small.shape[2:]
        offers = self._offers(small, base, current)
        batch, count = offers.shape[:2]
        copies = small.unsqueeze(1).expand(-1, count, -1, -1, -1).flatten(0, 1)
        warped = warp(copies, offers.flatten(0, 1), align_corners=True)
        warped = warped.view(batch, count, 3, height, width)
        change = gaussians(current["keypoints"], height, width) - gaussians(base["keypoints"], height, width)
        heatmaps = torch.cat([torch.zeros_like(change[:, :1]), change], dim=1)
        stages = self.hourglass.stages(torch.cat([heatmaps, warped.flatten(1, 2)], dim=1))
        mask = F.softmax(self.maps(stages[-1]), dim=1)
        deformation = (mask.unsqueeze(-1) * offers).sum(dim=1)
        seen = stages[-self.inside :]
        for block in self.up:
            seen = [*seen, block(seen[-1])]
        occlusion = [torch.sigmoid(conv(x)) for conv, x in zip(self.occlusion, seen, strict=True)]
        return SplineMotion(deformation, occlusion, mask, warped)

    def _offers(self, small: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """[N, T + 1, h, w, 2]: the background's, and those of the splines."""
        stay = identity_grid(small.shape[2], small.shape[3], small)
        controls = _groups(current["keypoints"])
        if "affine" in current:
            affine, weights = current["affine"], current["weights"]
        else:
            affine, weights = spline(controls, _groups(base["keypoints"]))
        moved = splined(stay, controls, affine, weights)
        behind = stay.expand(moved.shape[0], 1, -1, -1, -1)
        if "background" in current:
            homogeneous = torch.cat([stay, torch.ones_like(stay[..., :1])], dim=-1)
            turned = homogeneous @ current["background"].transpose(1, 2).unsqueeze(1)
            behind = (turned[..., :2] / turned[..., 2:]).unsqueeze(1)
        return torch.cat([behind, moved], dim=1)


def _groups(points: Tensor) -> Tensor:
    """[N, K, 2] to [N, T, 5, 2]."""
    return points.reshape(len(points), -1, POINTS, 2)


class InpaintingNetwork(nn.Module):
    """Module ``inpainting_network``: features of the base picture moved, and what is missing painted in."""

    def __init__(self, settings: TpsSettings) -> None:
        super().__init__()
        sizes, style = settings.generator, settings.style
        levels = range(sizes.num_down_blocks)
        self.first = SameBlock2d(3, sizes.width(0), 7, style)
        self.down_blocks = down_blocks(sizes, style)
        self.up_blocks = nn.ModuleList()
        self.resblock = nn.ModuleList()
        for i in reversed(levels):
            # Behind the first, what comes from below is joined by the features of the same size.
            width = sizes.width(i + 1) * (1 if i == levels[-1] else 2)
            self.up_blocks.append(UpBlock2d(width, sizes.width(i), style))
            self.resblock.extend([ResBlock2d(width, style), ResBlock2d(width, style)])
        self.final = last_conv(sizes.width(0), 3, wrapped=False)

    def encode(self, picture: Tensor) -> list[Tensor]:
        """Features of the picture [N, 3, H, W], one tensor per size, the largest first."""
        kept = [self.first(picture)]
        for block in self.down_blocks:
            kept.append(block(kept[-1]))
        return kept

    def forward(self, picture: Tensor, kept: list[Tensor], motion: SplineMotion) -> Tensor:
        """The current picture [N, 3, H, W], from base picture, its features, and the motion."""
        moved = [self.moved(x, motion) * resized(o, x, align_corners=True) for x, o in self._pairs(kept, motion)]
        out, *skips = moved
        for i, (block, skip) in enumerate(zip(self.up_blocks, skips, strict=True)):
            out = block(self.resblock[2 * i + 1](self.resblock[2 * i](out)))
            if skip is not skips[-1]:
                out = torch.cat([out, skip], dim=1)
        trust = resized(motion.occlusion[-1], out, align_corners=True)
        painted = torch.sigmoid(self.final(out * (1 - trust) + skips[-1]))
        return painted * (1 - trust) + self.moved(picture, motion) * trust

    @staticmethod
    def moved(x: Tensor, motion: SplineMotion) -> Tensor:
        """Features, or the base picture itself, [N, C, H, W], where the motion has them."""
        return warp(x, resized_grid(motion.deformation, x, align_corners=True), align_corners=True)

    @staticmethod
    def _pairs(kept: list[Tensor], motion: SplineMotion) -> list[tuple[Tensor, Tensor]]:
        """Features and their occlusion maps, smallest first."""
        return list(zip(reversed(kept), motion.occlusion, strict=True))


class SplineGenerator(nn.Module):
    """Motion and painting together."""

    def __init__(self, motion: SplineDenseMotion, painting: InpaintingNetwork) -> None:
        super().__init__()
        self.dense_motion_network, self.inpainting_network = motion, painting

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``features_0`` (as large as the picture), ``features_1`` (half as large) and so on,
        ``small``, the picture for the motion network, and ``picture`` itself, which is shown where it can be.
        """
        kept = self.inpainting_network.encode(picture)
        features = {f"features_{i}": x for i, x in enumerate(kept)}
        return {**features, "small": self.dense_motion_network.down(picture), "picture": picture}

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> SplineMotion:
        """The decisions of the motion network; arguments as for `generate`."""
        motion: SplineMotion = self.dense_motion_network(features["small"], base, current)
        return motion

    def generate(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1.

        Args:
            features: of the base picture, from `encode_base`.
            base: ``keypoints`` [N, K, 2].
            current: ``keypoints`` [N, K, 2]; and, where the splines were solved before, with `spline.spline`,
                ``affine`` [N, T, 2, 3] and ``weights`` [N, T, 5, 2]; and, where the background moves too,
                ``background`` [N, 3, 3], a map of homogeneous coordinates from the current to the base picture.
        """
        motion = self.motion(features, base, current)
        kept = [features[f"features_{i}"] for i in range(len(self.inpainting_network.down_blocks) + 1)]
        made: Tensor = self.inpainting_network(features["picture"], kept, motion)
        return made

    def forward(self, picture: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """Both steps: base picture [N, 3, H, W] in 0..1, its points and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current)


def _generator(settings: TpsSettings, modules: Mapping[str, nn.Module]) -> nn.Module | None:
    motion, painting = modules.get("dense_motion_network"), modules.get("inpainting_network")
    if isinstance(motion, SplineDenseMotion) and isinstance(painting, InpaintingNetwork):
        return SplineGenerator(motion, painting)
    return None


ARCHITECTURE = Architecture(
    about=CATALOGUE["tps"],
    settings=TpsSettings,
    variants={"original": TpsSettings()},
    modules={
        "kp_detector": PointDetector,
        "dense_motion_network": SplineDenseMotion,
        "inpainting_network": InpaintingNetwork,
    },
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=_generator,
    # Splines and norms of flat areas: with random weights, float32 and float64 differ by 1e-3.
    tolerance=1e-2,
)
