"""Places in volumes: what ``geometry`` has for pictures, with a third axis.

A volume is [N, C, D, H, W], depth first; a place is (x, y, z) on the last axis, each from -1 at the centre of
the first cell to 1 at that of the last.
"""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor

from generators.models.geometry import TEMPERATURE, VARIANCE, line

Sampling = Literal["grid_sample", "gather"]
"""Two ways to the same numbers. ``grid_sample`` is one operator, which ONNX has for volumes from opset 20 on
and which most runtimes but onnxruntime's CPU lack; ``gather`` is made of operators that each of them has."""


def identity_grid3d(depth: int, height: int, width: int, like: Tensor) -> Tensor:
    """Each place as its own coordinates, [depth, height, width, 3]."""
    shape = (depth, height, width)
    x = line(width, like)[None, None, :].expand(shape)
    y = line(height, like)[None, :, None].expand(shape)
    z = line(depth, like)[:, None, None].expand(shape)
    return torch.stack([x, y, z], dim=-1)


def gaussians3d(points: Tensor, depth: int, height: int, width: int, variance: float = VARIANCE) -> Tensor:
    """Heatmaps of points: [N, K, 3] to [N, K, depth, height, width], 1 at the point."""
    away = identity_grid3d(depth, height, width, points) - points[:, :, None, None, None, :]
    return torch.exp(-0.5 * (away**2).sum(-1) / variance)


def mean_place3d(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Softmax over all places, then the mean of the grid under it: [N, K, D, H, W] to points [N, K, 3]."""
    weights = F.softmax(logits.flatten(2) / temperature, dim=2)
    grid = identity_grid3d(logits.shape[2], logits.shape[3], logits.shape[4], logits)
    # One axis after the other: the product of all with all would be three times as large as the volume.
    return torch.stack([(weights * grid[..., axis].flatten()).sum(dim=2) for axis in range(3)], dim=-1)


def warp3d(x: Tensor, grid: Tensor, *, align_corners: bool, sampling: Sampling = "grid_sample") -> Tensor:
    """Sampled linearly at ``grid`` [N, D', H', W', 3], zeros outside: [N, C, D, H, W] to [N, C, D', H', W']."""
    if sampling == "gather":
        return _gathered(x, grid, align_corners)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=align_corners)


def _gathered(x: Tensor, grid: Tensor, align_corners: bool) -> Tensor:
    """The eight cells around each place, weighted by how near they are."""
    n, channels = x.shape[:2]
    cells = x.flatten(2)
    corners = []
    for axis, size in enumerate((x.shape[4], x.shape[3], x.shape[2])):
        at = (grid[..., axis] + 1) / 2 * (size - 1) if align_corners else ((grid[..., axis] + 1) * size - 1) / 2
        # From a whole cell outside on, all is zero; so far away an index would not fit its type.
        at = at.flatten(1).clamp(-1, size)
        low = torch.floor(at)
        share = at - low
        corners.append([_corner(low, 1 - share, size), _corner(low + 1, share, size)])
    result = torch.zeros(1, dtype=x.dtype, device=x.device)
    for z_index, z_weight in corners[2]:
        for y_index, y_weight in corners[1]:
            for x_index, x_weight in corners[0]:
                index = (z_index * x.shape[3] + y_index) * x.shape[4] + x_index
                found = torch.gather(cells, 2, index[:, None, :].expand(n, channels, index.shape[1]))
                result = result + found * (z_weight * y_weight * x_weight)[:, None, :]
    return result.view(n, channels, *grid.shape[1:4])


def _corner(at: Tensor, weight: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """An index that is surely inside, and its weight, 0 where the place was not."""
    inside = (at >= 0) & (at <= size - 1)
    return at.clamp(0, size - 1).to(torch.int64), weight * inside.to(weight.dtype)
