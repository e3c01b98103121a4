"""CFTE: a face in sixteen numbers.

Chen, Wang, Wang, Ye, Yan, "Beyond Keypoint Coding: Temporal Evolution Inference with Compact Feature Representation
for Talking Face Video Compression", DCC 2022. The parameters are a 4x4 map that a network learned to squeeze the
face into; the motion is read from how it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from generators.models.animation import AnimationGenerator, down_blocks, encoded, up_blocks
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import (
    Hourglass,
    HourglassSizes,
    SameBlock2d,
    Style,
    UpBlock2d,
    antialiased,
    last_conv,
    residual_chain,
)
from generators.models.catalogue import CATALOGUE
from generators.models.dense_motion import Motion
from generators.models.geometry import identity_grid, resized_grid, warp
from generators.models.settings import GeneratorSizes, PictureSettings
from generators.needing import needing

HALVINGS = 4
"""From the hourglass's output to the feature: 64 to 4."""

PEDESTAL = 2.0**-36
"""By which the parameters of the normalisation are kept from 0; from the published code of that layer."""


@dataclass(frozen=True)
class CfteSettings(PictureSettings):
    """CFTE's.

    flow            how the small features of the base picture are moved before the motion network reads them:
                    by OpenCV's optical flow between the 4x4 maps, as published (``farneback``), or not at all
                    (``zero``). On maps that small the flow stays under 3e-4 pixels, and pictures differ by 1e-5
                    at most; zero is what an exported graph can do, and makes that branch part of `encode_base`
    align_corners   of both warps
    detector        sizes of the analysis model's hourglass
    motion          sizes of the motion network's hourglass
    motion_encoder  sizes of what squeezes the small base picture to a map as small as the feature, and back
    generator       sizes of encoder and decoder
    """

    flow: Literal["farneback", "zero"] = "farneback"
    align_corners: bool = False
    detector: HourglassSizes = field(default_factory=lambda: HourglassSizes(32, 1024, 5))
    motion: HourglassSizes = field(default_factory=lambda: HourglassSizes(64, 512, 4))
    motion_encoder: GeneratorSizes = field(default_factory=lambda: GeneratorSizes(64, 512, HALVINGS, 4))
    generator: GeneratorSizes = field(default_factory=GeneratorSizes)

    @property
    def style(self) -> Style:
        """Of all its blocks."""
        return Style(depthwise=self.depthwise)

    @property
    def multiple(self) -> int:
        """Height and width of pictures have to be multiples of it."""
        return self.times << max(self.detector.num_blocks, self.motion.num_blocks, HALVINGS)


class Gdn(nn.Module):
    """Generalised divisive normalisation (Balle, Laparra, Simoncelli, ICLR 2016) of a single channel."""

    def __init__(self) -> None:
        super().__init__()
        self.beta = nn.Parameter(torch.full((1,), (1.0 + PEDESTAL) ** 0.5))
        self.gamma = nn.Parameter(torch.full((1, 1), (0.1 + PEDESTAL) ** 0.5))

    def forward(self, x: Tensor) -> Tensor:
        """[N, 1, H, W], the same out."""
        beta = self.beta.clamp(min=(1e-6 + PEDESTAL) ** 0.5) ** 2 - PEDESTAL
        gamma = self.gamma.clamp(min=PEDESTAL**0.5) ** 2 - PEDESTAL
        return x / torch.sqrt(beta + gamma.view(()) * x**2)


class CompactFeature(nn.Module):
    """The analysis model: an hourglass, and convolutions that halve its output down to 4x4."""

    def __init__(self, settings: CfteSettings) -> None:
        super().__init__()
        self.predictor = Hourglass(3, settings.detector, settings.style)
        self.down = antialiased(3, settings.times)
        channels = self.predictor.channels_out
        for i in range(1, HALVINGS + 1):
            self.add_module(f"conv{i}", nn.Conv2d(channels, 1, 5, stride=2, padding=2))
            self.add_module(f"gdn{i}", Gdn())
            channels = 1

    def forward(self, picture: Tensor) -> Parameters:
        """[N, 3, H, W] in 0..1 to ``feature`` [N, 1, 4, 4] (for a picture that is 64x64 when made small)."""
        x = self.predictor(self.down(picture))
        for i in range(1, HALVINGS + 1):
            x = self.get_submodule(f"gdn{i}")(self.get_submodule(f"conv{i}")(x))
        return {"feature": x}


def farneback(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Optical flow by OpenCV between two 8-bit maps [h, w]: [h, w, 2], x and y in pixels.

    Farneback, "Two-Frame Motion Estimation Based on Polynomial Expansion", SCIA 2003, with CFTE's settings.

    Raises:
        ModelError: OpenCV is not installed.
    """
    with needing("CFTE with optical flow", "networks"):
        import cv2

    flow = cv2.calcOpticalFlowFarneback(
        before,
        after,
        np.zeros((*before.shape, 2), np.float32),
        pyr_scale=0.5,
        levels=2,
        winsize=15,
        iterations=3,
        poly_n=5,
        poly_sigma=1.2,
        flags=0,
    )
    return np.asarray(flow)


def sparse_flow(base: Tensor, current: Tensor) -> Tensor:
    """Optical flow between features, from the current one to that of the base picture.

    Each array is first stretched to 0..255 as a whole, over all pictures of the batch; one that is constant has
    nothing to stretch (the published code divides by zero), and becomes 0.

    Args:
        base: feature of the base picture, [N, 1, h, w].
        current: that of the current picture.

    Returns:
        [N, h, w, 2], x and y in pixels of the feature.
    """

    def stretched(feature: Tensor) -> np.ndarray:
        array = feature.detach().cpu().numpy()[:, 0]
        span = array.max() - array.min()
        if span == 0:
            return np.zeros(array.shape, np.uint8)
        return np.asarray(np.rint((array - array.min()) / span * 255), np.uint8)

    pairs = zip(stretched(current), stretched(base), strict=True)
    return torch.from_numpy(np.stack([farneback(before, after) for before, after in pairs])).to(base)


def warp_by_pixels(x: Tensor, flow: Tensor, *, align_corners: bool) -> Tensor:
    """[N, C, h, w], each place taken from as many pixels away as ``flow`` [N, h, w, 2] says."""
    height, width = x.shape[2:]
    pixel = flow.new_tensor([2.0 / (width - 1), 2.0 / (height - 1)])
    return warp(x, identity_grid(height, width, x) + flow * pixel, align_corners=align_corners)


class CfteMotion(nn.Module):
    """The motion network: from how the feature changes, and the small base picture, to a field in pixels."""

    def __init__(self, settings: CfteSettings) -> None:
        super().__init__()
        sizes, style = settings.motion_encoder, settings.style
        self.hourglass = Hourglass(4, settings.motion, style)
        self.flow = last_conv(self.hourglass.channels_out, 2, wrapped=False)
        self.occlusion = last_conv(self.hourglass.channels_out, 1, wrapped=False)
        self.down = antialiased(3, settings.times)
        self.up_blocks = nn.ModuleList(UpBlock2d(1, 1, style) for _ in range(HALVINGS))
        self.first = SameBlock2d(3, sizes.width(0), 7, style)
        self.motiondown_blocks = down_blocks(sizes, style)
        self.motionup_blocks = up_blocks(sizes, style)
        self.bottleneck = residual_chain(sizes.width(sizes.num_down_blocks), sizes.num_bottleneck_blocks, style)
        self.final = last_conv(sizes.width(0), 3, wrapped=False)
        self.align_corners = settings.align_corners

    def squeezed(self, picture: Tensor) -> Tensor:
        """The base picture as a map as small as the feature, [N, 512, 4, 4]."""
        return encoded(self.down(picture), self.first, self.motiondown_blocks)

    def unfolded(self, squeezed: Tensor, flow: Tensor) -> Tensor:
        """That map, moved by ``flow`` [N, 4, 4, 2] in its own pixels, back up: three channels [N, 3, 64, 64]."""
        x = self.bottleneck(warp_by_pixels(squeezed, flow, align_corners=self.align_corners))
        for block in self.motionup_blocks:
            x = block(x)
        out: Tensor = self.final(x)
        return out

    def forward(self, unfolded: Tensor, base: Parameters, current: Parameters) -> Motion:
        """The motion of a picture; its ``deformation`` is in pixels, ``mask`` all ones (there is one offer)."""
        # The current one first, as published: in training, norms count both, and the second counts more.
        wide = {"current": current["feature"], "base": base["feature"]}
        for block in self.up_blocks:
            wide = {who: block(x) for who, x in wide.items()}
        features = self.hourglass(torch.cat([wide["current"] - wide["base"], unfolded], dim=1))
        occlusion = torch.sigmoid(self.occlusion(features))
        flow = self.flow(features).permute(0, 2, 3, 1)
        return Motion(flow, occlusion, torch.ones_like(occlusion), unfolded)


class CfteGenerator(AnimationGenerator):
    """FOMM's generator, moved by pixels."""

    def __init__(self, settings: CfteSettings) -> None:
        super().__init__(
            CfteMotion(settings),
            settings.generator,
            wrapped=False,
            align_warp=settings.align_corners,
            align_resize=False,
            style=settings.style,
        )
        self.flow = settings.flow

    def encode_base(self, picture: Tensor) -> dict[str, Tensor]:
        """What depends on the base picture alone.

        [N, 3, H, W] in 0..1 to ``features``, and ``unfolded``, or, where a flow comes in between, ``squeezed``.
        """
        out = {"features": encoded(picture, self.first, self.down_blocks)}
        squeezed = self.dense_motion_network.squeezed(picture)
        if self.flow == "farneback":
            return out | {"squeezed": squeezed}
        still = squeezed.new_zeros(squeezed.shape[0], *squeezed.shape[2:], 2)
        return out | {"unfolded": self.dense_motion_network.unfolded(squeezed, still)}

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Motion:
        """The decisions of the motion network; parameters hold ``feature`` [N, 1, 4, 4]."""
        unfolded = features.get("unfolded")
        if unfolded is None:
            flow = sparse_flow(base["feature"], current["feature"])
            unfolded = self.dense_motion_network.unfolded(features["squeezed"], flow)
        motion: Motion = self.dense_motion_network(unfolded, base, current)
        return motion

    def deformed(self, x: Tensor, motion: Motion) -> Tensor:
        """Features moved; where the field is of another size, its values are not scaled, as published."""
        field = resized_grid(motion.deformation, x, align_corners=False)
        return warp_by_pixels(x, field, align_corners=self.align_warp)


ARCHITECTURE = Architecture(
    about=CATALOGUE["cfte"],
    settings=CfteSettings,
    variants={"gfvc-v2": CfteSettings(), "goluck": CfteSettings(align_corners=True)},
    modules={"kp_detector": CompactFeature, "generator": CfteGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    # The flow is OpenCV's, which no graph holds; the exporter would make a constant of the example's.
    in_graphs={"flow": "zero"},
)
