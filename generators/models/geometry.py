"""Places in pictures: grids, heatmaps, points, warps.

Grids run from -1 at the centre of the first pixel to 1 at that of the last, the ``align_corners`` convention.
The networks keep to it even where they sample with align_corners false, which shrinks the picture slightly;
that is part of what they were trained with. A place is (x, y) on the last axis.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor

VARIANCE = 0.01
"""Of the Gaussians that stand for points in motion networks, in grid units."""

TEMPERATURE = 0.1
"""Heatmaps are divided by it before their softmax."""


def line(n: int, like: Tensor) -> Tensor:
    """-1 to 1 in ``n`` steps, [n], on the device and of the type of ``like``."""
    return 2.0 * torch.arange(n, dtype=like.dtype, device=like.device) / (n - 1) - 1.0


def identity_grid(height: int, width: int, like: Tensor) -> Tensor:
    """Each place as its own coordinates, [height, width, 2]."""
    x = line(width, like)[None, :].expand(height, width)
    y = line(height, like)[:, None].expand(height, width)
    return torch.stack([x, y], dim=-1)


def gaussians(points: Tensor, height: int, width: int, variance: float = VARIANCE) -> Tensor:
    """Heatmaps of points: [N, K, 2] to [N, K, height, width], 1 at the point."""
    away = identity_grid(height, width, points) - points[:, :, None, None, :]
    return torch.exp(-0.5 * (away**2).sum(-1) / variance)


def softmax_of_maps(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Each map as a distribution over its places: [N, K, H, W], every map with sum 1."""
    return F.softmax(logits.flatten(2) / temperature, dim=2).view(logits.shape)


def mean_place(heatmaps: Tensor) -> Tensor:
    """The mean of the grid under each map: [N, K, H, W] to points [N, K, 2], never outside -1 to 1."""
    grid = identity_grid(heatmaps.shape[2], heatmaps.shape[3], heatmaps)
    return (heatmaps.unsqueeze(-1) * grid).sum(dim=(2, 3))


def inverse_2x2(matrices: Tensor) -> Tensor:
    """[..., 2, 2] to its inverse, in closed form: ONNX has no operator for it."""
    a, b = matrices[..., 0, 0], matrices[..., 0, 1]
    c, d = matrices[..., 1, 0], matrices[..., 1, 1]
    adjugate = torch.stack([torch.stack([d, -b], dim=-1), torch.stack([-c, a], dim=-1)], dim=-2)
    return adjugate / (a * d - b * c)[..., None, None]


def warp(x: Tensor, grid: Tensor, *, align_corners: bool) -> Tensor:
    """Sampled bilinearly at ``grid`` [N, H', W', 2], zeros beyond the border: [N, C, H, W] to [N, C, H', W']."""
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=align_corners)


def resized(x: Tensor, like: Tensor, *, align_corners: bool) -> Tensor:
    """Bilinearly to the height and width of ``like``, [N, C, H, W]; as it is where it has them."""
    if x.shape[2:] == like.shape[2:]:
        return x
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=align_corners)


def resized_grid(grid: Tensor, like: Tensor, *, align_corners: bool) -> Tensor:
    """A field [N, h, w, 2], values kept, resized to the height and width of ``like`` [N, C, H, W]."""
    if grid.shape[1:3] == like.shape[2:]:
        return grid
    return resized(grid.permute(0, 3, 1, 2), like, align_corners=align_corners).permute(0, 2, 3, 1)
