"""FV2V: free-view talking heads.

Wang, Mallya, Liu, "One-Shot Free-View Neural Talking-Head Synthesis for Video Conferencing", CVPR 2021. The base
picture becomes a *volume* of features, and points move in space. Points are the same 15 for every picture of a
person, *canonical* ones, turned, moved and deformed by what the head does, so a message carries the head alone:
rotation, translation, and the expression as a displacement per point.

NVIDIA published no program. Two others' programs share the keys of all networks and compute different things
with them (`Fv2vSettings.blocks`, ``rotation``); both are here, written from a description of what they compute.

GFV can carry either the head, to which the decoder adds the canonical points by its own analysis of the base
picture, or the moved points themselves, 3-D, with which it needs no analysis (`Fv2vSettings.by_points`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.animation import down_blocks, encoded, up_blocks
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import (
    PLAIN,
    DownBlock2d,
    HourglassSizes,
    ResBlock2d,
    SameBlock2d,
    antialiased,
    last_conv,
)
from generators.models.blocks3d import Hourglass3d, ResBlock3d, Style3d, UpBlock3d
from generators.models.catalogue import CATALOGUE
from generators.models.geometry import resized
from generators.models.geometry3d import Sampling, gaussians3d, identity_grid3d, mean_place3d, warp3d
from generators.models.head import HeadEstimator, RotationForm, degrees, placed, rotation_matrix
from generators.models.ranges import check_numbers
from generators.models.settings import GeneratorSizes
from generators.models.spade import DOUBLINGS as SPADE_DOUBLINGS
from generators.models.spade import AdaptiveDecoder, without_spectral_norm


@dataclass(frozen=True)
class HeadSizes:
    """block_expansion, max_features and num_bins of the head estimator, as the published configurations call them."""

    block_expansion: int = 64
    max_features: int = 2048
    num_bins: int = 66

    def __post_init__(self) -> None:
        # The narrowest blocks have an eighth of the channels at the end, and a quarter of that inside.
        check_numbers(self, least={"max_features": 32})


@dataclass(frozen=True)
class Fv2vSettings:
    """The GFVC software's by default.

    size          side of the square pictures
    keypoints     number of points
    detector      sizes of the network that finds the canonical points
    times         that network works on the picture made so many times smaller
    head          sizes of the head estimator
    depth         cells of a volume from front to back (reshape_depth)
    channels      of the volume of features (feature_channel, and reshape_channel of the generator)
    compressed    channels of the volume that the motion network sees (compress)
    motion        sizes of the motion network's hourglass
    generator     sizes of what encodes the base picture and makes the current one
    blocks        how 3-D blocks halve and double
    rotation      which angle turns about which axis
    align_corners of all warps
    sampling      how a volume is sampled; for graphs that are to run everywhere: ``gather``
    by_points     whether parameters are the moved points; otherwise they are the head's
    decoder       what makes a picture of the moved features: ``residual`` blocks, or ``spade``, an option of
                  zhanglonghao1992's, with twice the weights
    """

    size: int = 256
    keypoints: int = 15
    detector: HourglassSizes = field(default_factory=lambda: HourglassSizes(32, 1024, 5))
    times: int = 1
    head: HeadSizes = field(default_factory=HeadSizes)
    depth: int = 16
    channels: int = 32
    compressed: int = 4
    motion: HourglassSizes = field(default_factory=lambda: HourglassSizes(32, 1024, 5))
    generator: GeneratorSizes = field(default_factory=GeneratorSizes)
    blocks: Style3d = field(default_factory=Style3d)
    rotation: RotationForm = "gfvc"
    align_corners: bool = False
    sampling: Sampling = "grid_sample"
    by_points: bool = False
    decoder: Literal["residual", "spade"] = "residual"

    def __post_init__(self) -> None:
        check_numbers(self)
        if self.size % self.multiple:
            raise ModelError(
                "a network of this depth cannot take such pictures",
                element="size",
                value=self.size,
                allowed=f"multiples of {self.multiple}",
            )
        if self.decoder == "spade" and self.generator.num_down_blocks != SPADE_DOUBLINGS:
            raise ModelError(
                "the SPADE decoder doubles twice",
                element="num_down_blocks",
                value=self.generator.num_down_blocks,
                allowed=str(SPADE_DOUBLINGS),
            )

    @property
    def multiple(self) -> int:
        """Height and width of pictures have to be multiples of it."""
        halvings = self.generator.num_down_blocks + self.motion.num_blocks
        return max(self.times << self.detector.num_blocks, 1 << halvings)


class PointPredictor(nn.Module):
    """From a picture down to a point, then up again as a volume, without connections."""

    def __init__(self, sizes: HourglassSizes, depth: int, style: Style3d) -> None:
        super().__init__()
        self.down_blocks = nn.Sequential()
        for i in range(sizes.num_blocks):
            self.down_blocks.add_module(f"down{i}", DownBlock2d(3 if i == 0 else sizes.width(i), sizes.width(i + 1)))
        deepest = sizes.width(sizes.num_blocks)
        self.conv = nn.Conv2d(deepest, deepest * depth, 1)
        self.up_blocks = nn.Sequential()
        for j, i in enumerate(reversed(range(sizes.num_blocks))):
            self.up_blocks.add_module(f"up{j}", UpBlock3d(sizes.width(i + 1), sizes.width(i), style))
        self.depth = depth

    def forward(self, x: Tensor) -> Tensor:
        """[N, 3, H, W] to [N, block_expansion, depth, H, W]."""
        out = self.conv(self.down_blocks(x))
        volume: Tensor = self.up_blocks(out.unflatten(1, (-1, self.depth)))
        return volume


class PointEstimator(nn.Module):
    """Module ``kp_detector``: the canonical points."""

    def __init__(self, settings: Fv2vSettings) -> None:
        super().__init__()
        self.predictor = PointPredictor(settings.detector, settings.depth, settings.blocks)
        self.kp = nn.Conv3d(settings.detector.width(0), settings.keypoints, 3, padding=1)
        self.down = antialiased(3, settings.times)

    def forward(self, picture: Tensor) -> Tensor:
        """[N, 3, H, W] in 0..1 to [N, K, 3]."""
        return mean_place3d(self.kp(self.predictor(self.down(picture))))


class Motion3d(NamedTuple):
    """What the motion network decided.

    deformation  [N, D, h, w, 3]: where in the base volume each place comes from, in grid units
    occlusion    [N, 1, h, w], 0..1: how much of what comes from there to trust
    mask         [N, K + 1, D, h, w]: the share of each point's motion, the background's first
    """

    deformation: Tensor
    occlusion: Tensor
    mask: Tensor


class DenseMotion3d(nn.Module):
    """From points to a field of motion, in space: each point moves its surroundings by a translation."""

    def __init__(self, settings: Fv2vSettings) -> None:
        super().__init__()
        offers = settings.keypoints + 1
        self.hourglass = Hourglass3d(offers * (settings.compressed + 1), settings.motion, settings.blocks)
        channels = self.hourglass.channels_out
        self.mask = nn.Conv3d(channels, offers, 7, padding=3)
        self.compress = nn.Conv3d(settings.channels, settings.compressed, 1)
        self.norm = nn.BatchNorm3d(settings.compressed)
        self.occlusion = nn.Conv2d(channels * settings.depth, 1, 7, padding=3)
        self.align_corners, self.sampling = settings.align_corners, settings.sampling

    def compressed(self, volume: Tensor) -> Tensor:
        """The base volume as this network sees it: [N, C, D, h, w] to [N, compressed, D, h, w]."""
        return F.relu(self.norm(self.compress(volume)))

    def forward(self, compressed: Tensor, base: Tensor, current: Tensor) -> Motion3d:
        """The motion from points [N, K, 3] of the base picture to those of the current one."""
        batch, channels, depth, height, width = compressed.shape
        stay = identity_grid3d(depth, height, width, compressed)
        moved = stay + (base - current)[:, :, None, None, None, :]
        offers = torch.cat([stay.expand(batch, 1, -1, -1, -1, -1), moved], dim=1)
        count = offers.shape[1]
        copies = compressed.unsqueeze(1).expand(-1, count, -1, -1, -1, -1).flatten(0, 1)
        warped = warp3d(copies, offers.flatten(0, 1), align_corners=self.align_corners, sampling=self.sampling)
        warped = warped.view(batch, count, channels, depth, height, width)
        change = gaussians3d(current, depth, height, width) - gaussians3d(base, depth, height, width)
        heatmaps = torch.cat([torch.zeros_like(change[:, :1]), change], dim=1).unsqueeze(2)
        seen = torch.cat([heatmaps, warped], dim=2).flatten(1, 2)
        features = self.hourglass(seen)
        mask = F.softmax(self.mask(features), dim=1)
        # One axis after the other: all at once would hold every offer a second time.
        deformation = torch.stack([(mask * offers[..., axis]).sum(dim=1) for axis in range(3)], dim=-1)
        return Motion3d(deformation, torch.sigmoid(self.occlusion(features.flatten(1, 2))), mask)


class PointGenerator(nn.Module):
    """Module ``generator``, driven by points in space."""

    def __init__(self, settings: Fv2vSettings) -> None:
        super().__init__()
        sizes = settings.generator
        deepest = sizes.width(sizes.num_down_blocks)
        planes = settings.channels * settings.depth
        self.dense_motion_network = DenseMotion3d(settings)
        self.first = SameBlock2d(3, sizes.width(0), 3 if settings.decoder == "spade" else 7)
        self.down_blocks = down_blocks(sizes, PLAIN)
        self.second = nn.Conv2d(deepest, planes, 1)
        self.resblocks_3d = nn.Sequential()
        for i in range(sizes.num_bottleneck_blocks):
            self.resblocks_3d.add_module(f"3dr{i}", ResBlock3d(settings.channels))
        self.third = SameBlock2d(planes, deepest, slope=0.01)
        self.fourth = nn.Conv2d(deepest, deepest, 1)
        self.decoder = AdaptiveDecoder(deepest, sizes.width(0)) if settings.decoder == "spade" else None
        if self.decoder is None:
            self.resblocks_2d = nn.Sequential()
            for i in range(sizes.num_bottleneck_blocks):
                self.resblocks_2d.add_module(f"2dr{i}", ResBlock2d(deepest))
            self.up_blocks = up_blocks(sizes, PLAIN)
            self.final = last_conv(sizes.width(0), 3, wrapped=False)
        self.depth, self.align_corners, self.sampling = settings.depth, settings.align_corners, settings.sampling

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``volume`` [N, C, D, H / 4, W / 4] and ``compressed``, the same with fewer channels
        for the motion network.
        """
        features = encoded(picture, self.first, self.down_blocks)
        volume = self.resblocks_3d(self.second(features).unflatten(1, (-1, self.depth)))
        return {"volume": volume, "compressed": self.dense_motion_network.compressed(volume)}

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Motion3d:
        """The decisions of the motion network."""
        motion: Motion3d = self.dense_motion_network(features["compressed"], base["keypoints"], current["keypoints"])
        return motion

    def generate(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1.

        Args:
            features: of the base picture, from `encode_base`.
            base: ``keypoints`` [N, K, 3] of the base picture.
            current: those of the picture to make.
        """
        motion = self.motion(features, base, current)
        moved = warp3d(features["volume"], motion.deformation, align_corners=self.align_corners, sampling=self.sampling)
        out = self.fourth(self.third(moved.flatten(1, 2)))
        out = out * resized(motion.occlusion, out, align_corners=False)
        if self.decoder is not None:
            picture: Tensor = self.decoder(out)
            return picture
        out = self.resblocks_2d(out)
        for block in self.up_blocks:
            out = block(out)
        return torch.sigmoid(self.final(out))

    def forward(self, picture: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """Both steps: base picture [N, 3, H, W] in 0..1, its points and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current)


class HeadGenerator(nn.Module):
    """The generator driven by what the head does; the canonical points come out of the base picture."""

    def __init__(self, points: PointEstimator, generator: PointGenerator) -> None:
        super().__init__()
        self.points, self.generator = points, generator

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """As of `PointGenerator`, and ``canonical`` [N, K, 3]."""
        return {**self.generator.encode_base(picture), "canonical": self.points(picture)}

    def generate(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Tensor:
        """The current picture, [N, 3, H, W] in 0..1.

        Args:
            features: of the base picture, from `encode_base`.
            base: ``rotation`` [N, 3, 3], ``translation`` [N, 3], ``expression`` [N, K, 3] of the base picture.
            current: those of the picture to make.
        """
        canonical = features["canonical"]
        return self.generator.generate(
            features, {"keypoints": _moved(canonical, base)}, {"keypoints": _moved(canonical, current)}
        )

    def forward(self, picture: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """Both steps: base picture [N, 3, H, W] in 0..1, its parameters and the current ones, to the picture."""
        return self.generate(self.encode_base(picture), base, current)


class HeadAnalysis(nn.Module):
    """From a picture to what the head does."""

    def __init__(self, head: HeadEstimator, form: RotationForm) -> None:
        super().__init__()
        self.head = head
        self.form: RotationForm = form

    def forward(self, picture: Tensor) -> Parameters:
        """[N, 3, H, W] in 0..1 to ``rotation`` [N, 3, 3], ``translation`` [N, 3], ``expression`` [N, K, 3]."""
        head = self.head(picture)
        return {
            "rotation": rotation_matrix(degrees(head.yaw), degrees(head.pitch), degrees(head.roll), self.form),
            "translation": head.translation,
            "expression": head.expression.unflatten(1, (-1, 3)),
        }


class PointAnalysis(nn.Module):
    """From a picture to moved points."""

    def __init__(self, points: PointEstimator, head: HeadAnalysis) -> None:
        super().__init__()
        self.points, self.head = points, head

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What all pictures that depend on a base picture have to know of it: its ``canonical`` points [N, K, 3]."""
        return {"canonical": self.points(picture)}

    def forward(self, picture: Tensor, canonical: Tensor | None = None) -> Parameters:
        """[N, 3, H, W] in 0..1 to ``keypoints`` [N, K, 3].

        ``canonical`` [N, K, 3] are the points of the base picture, from `encode_base`; by default, for the base
        picture itself, they are found in this picture.
        """
        if canonical is None:
            canonical = self.points(picture)
        return {"keypoints": _moved(canonical, self.head(picture))}


def _moved(canonical: Tensor, head: Parameters) -> Tensor:
    return placed(canonical, head["rotation"], head["translation"], head["expression"])


def _analysis(settings: Fv2vSettings, modules: Mapping[str, nn.Module]) -> nn.Module | None:
    points, estimator = modules.get("kp_detector"), modules.get("he_estimator")
    if not isinstance(estimator, HeadEstimator):
        return None
    head = HeadAnalysis(estimator, settings.rotation)
    if not settings.by_points:
        return head
    return PointAnalysis(points, head) if isinstance(points, PointEstimator) else None


def _generator(settings: Fv2vSettings, modules: Mapping[str, nn.Module]) -> nn.Module | None:
    points, generator = modules.get("kp_detector"), modules.get("generator")
    if not isinstance(generator, PointGenerator):
        return None
    if settings.by_points:
        return generator
    return HeadGenerator(points, generator) if isinstance(points, PointEstimator) else None


def head_estimator(settings: Fv2vSettings) -> HeadEstimator:
    """Module ``he_estimator``."""
    sizes = settings.head
    return HeadEstimator(settings.keypoints, sizes.block_expansion, sizes.max_features, sizes.num_bins)


GFVC = Fv2vSettings()
ZHANG = Fv2vSettings(times=4, blocks=Style3d("pooled", "nearest"), rotation="zhang")

ARCHITECTURE = Architecture(
    about=CATALOGUE["fv2v"],
    settings=Fv2vSettings,
    variants={
        "gfvc": GFVC,
        "goluck": replace(GFVC, align_corners=True),
        "zhang": ZHANG,
        "zhang-beta": replace(ZHANG, times=1),
        "zhang-spade": replace(ZHANG, decoder="spade"),
    },
    modules={"kp_detector": PointEstimator, "he_estimator": head_estimator, "generator": PointGenerator},
    analysis=_analysis,
    generator=_generator,
    # Volumes are sampled by ONNX itself from opset 20 on, and not everywhere; the gathers give the same numbers.
    folded={"generator": without_spectral_norm},
    in_graphs={"sampling": "gather"},
)
