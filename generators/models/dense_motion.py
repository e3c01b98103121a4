"""From points to a field of motion: the motion network of FOMM, DAC, HDAC and MRDAC.

Each point offers a motion of its surroundings, the background offers to stay. The network sees the base picture
warped by every one of these offers, and decides, place by place, how much of which to take, and what of the
picture cannot be had by moving the base picture (occlusion). It works on the base picture made smaller.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.architecture import Parameters
from generators.models.blocks import AntiAlias, Hourglass, HourglassSizes, Style, antialiased, last_conv
from generators.models.geometry import gaussians, identity_grid, inverse_2x2, warp


class Motion(NamedTuple):
    """What the network decided.

    deformation  [N, h, w, 2]: where in the base picture each place comes from, in grid units
    occlusion    [N, 1, h, w], 0..1: how much of what comes from there to trust
    mask         [N, K + 1, h, w]: the share of each offer, the background's first
    warped       [N, K + 1, 3, h, w]: the base picture by each offer
    """

    deformation: Tensor
    occlusion: Tensor
    mask: Tensor
    warped: Tensor


class DenseMotion(nn.Module):
    """The motion network.

    Args:
        keypoints: their number, K.
        sizes: of the hourglass.
        times: the network works on the picture made so many times smaller.
        wrapped: keys ``mask.conv``, ``occlusion.conv`` in place of ``mask``, ``occlusion``.
        align_corners: of the small warps.
        jacobians: whether the motion around a point is affine; otherwise it is a translation.
        heatmaps: whether the network sees where the points are; the copies that left this out feed zeros.
        antialias, style: see `blocks`.
    """

    def __init__(
        self,
        keypoints: int,
        sizes: HourglassSizes,
        times: int,
        *,
        wrapped: bool,
        align_corners: bool,
        jacobians: bool,
        heatmaps: bool = True,
        antialias: AntiAlias = "picked",
        style: Style,
    ) -> None:
        super().__init__()
        self.hourglass = Hourglass((keypoints + 1) * 4, sizes, style)
        channels = self.hourglass.channels_out
        self.mask = last_conv(channels, keypoints + 1, wrapped=wrapped)
        self.occlusion = last_conv(channels, 1, wrapped=wrapped)
        self.down = antialiased(3, times, antialias)
        self.align_corners, self.jacobians, self.heatmaps = align_corners, jacobians, heatmaps

    def forward(self, small: Tensor, base: Parameters, current: Parameters) -> Motion:
        """The motion of a picture.

        Args:
            small: base picture after ``self.down``, [N, 3, h, w].
            base: the base picture's ``keypoints`` [N, K, 2] and, if the network uses them, ``jacobians``
                [N, K, 2, 2].
            current: the current picture's.
        """
        batch, _, height, width = small.shape
        offers = self._offers(small, base, current)
        count = offers.shape[1]
        copies = small.unsqueeze(1).expand(-1, count, -1, -1, -1).reshape(batch * count, 3, height, width)
        fields = offers.reshape(batch * count, height, width, 2)
        warped = warp(copies, fields, align_corners=self.align_corners).view(batch, count, 3, height, width)
        seen = torch.cat([self._heatmaps(small, base, current).unsqueeze(2), warped], dim=2)
        features = self.hourglass(seen.view(batch, count * 4, height, width))
        mask = F.softmax(self.mask(features), dim=1)
        deformation = (mask.unsqueeze(-1) * offers).sum(dim=1)
        return Motion(deformation, torch.sigmoid(self.occlusion(features)), mask, warped)

    def _offers(self, small: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """[N, K + 1, h, w, 2]: the background's, which is to stay, and those of the points."""
        height, width = small.shape[2:]
        stay = identity_grid(height, width, small)
        away = stay - current["keypoints"][:, :, None, None, :]
        if self.jacobians:
            turn = base["jacobians"] @ inverse_2x2(current["jacobians"])
            away = (turn[:, :, None, None] @ away.unsqueeze(-1)).squeeze(-1)
        moved = away + base["keypoints"][:, :, None, None, :]
        return torch.cat([stay.expand(moved.shape[0], 1, -1, -1, -1), moved], dim=1)

    def _heatmaps(self, small: Tensor, base: Parameters, current: Parameters) -> Tensor:
        """[N, K + 1, h, w]: where each point is now, minus where it was; zeros for the background."""
        height, width = small.shape[2:]
        points = current["keypoints"]
        if not self.heatmaps:
            return points.new_zeros(points.shape[0], points.shape[1] + 1, height, width)
        change = gaussians(points, height, width) - gaussians(base["keypoints"], height, width)
        return torch.cat([torch.zeros_like(change[:, :1]), change], dim=1)
