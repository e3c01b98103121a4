"""From a picture to points: the analysis model of FOMM, DAC, HDAC and MRDAC.

The points have no labels; the network found for itself which places are worth following.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from generators.models.architecture import Parameters
from generators.models.blocks import AntiAlias, Hourglass, HourglassSizes, Style, WrappedConv, antialiased
from generators.models.geometry import mean_place, softmax_of_maps


class KeypointDetector(nn.Module):
    """An hourglass on the picture made ``times`` smaller, one heatmap per point, the mean place of each.

    Args:
        keypoints: their number, K.
        sizes: of the hourglass.
        times: the network works on the picture made so many times smaller.
        padding: of the 7x7 convolution that gives the heatmaps. 0 (FOMM) makes them 6 smaller than the
            hourglass's output, and still they span -1 to 1: points at the very edge are out of reach, and the
            weights know that.
        wrapped: key ``kp.conv`` in place of ``kp``.
        jacobians: whether each point has a 2x2 matrix too (FOMM).
        antialias, style: see `blocks`.
    """

    def __init__(
        self,
        keypoints: int,
        sizes: HourglassSizes,
        times: int,
        *,
        padding: int,
        wrapped: bool,
        jacobians: bool,
        antialias: AntiAlias = "picked",
        style: Style,
    ) -> None:
        super().__init__()
        self.predictor = Hourglass(3, sizes, style)
        channels = self.predictor.channels_out
        self.kp: nn.Module
        if wrapped:
            self.kp = WrappedConv(channels, keypoints, 7, padding)
        else:
            self.kp = nn.Conv2d(channels, keypoints, 7, padding=padding)
        self.jacobian = None
        if jacobians:
            self.jacobian = nn.Conv2d(channels, 4 * keypoints, 7, padding=padding)
            # So that training begins with the identity at every point.
            nn.init.zeros_(self.jacobian.weight)
            self.jacobian.bias = nn.Parameter(torch.tensor([1.0, 0.0, 0.0, 1.0]).repeat(keypoints))
        self.down = antialiased(3, times, antialias)

    def forward(self, picture: Tensor) -> Parameters:
        """[N, 3, H, W] in 0..1 to ``keypoints`` [N, K, 2] and, where there are any, ``jacobians`` [N, K, 2, 2]."""
        features = self.predictor(self.down(picture))
        heatmaps = softmax_of_maps(self.kp(features))
        found = {"keypoints": mean_place(heatmaps)}
        if self.jacobian is not None:
            batch, points, height, width = heatmaps.shape
            maps = self.jacobian(features).view(batch, points, 4, height, width)
            weighted = (heatmaps.unsqueeze(2) * maps).sum(dim=(3, 4))
            found["jacobians"] = weighted.view(batch, points, 2, 2)
        return found
