"""The warp's field in torch: what `generators.warp.reference` computes, for batches, and differentiable.

Square pictures only, so all lengths are in half sides as they stand. Constants are those of `generators.warp.settings`:
a network that starts from this field starts from the pictures of the generator ``warp``.

Places are the last axis wherever there are many of them: in onnxruntime, dividing thousands of pairs by one number each
takes longer than the arithmetic of the Gaussians.
"""

from __future__ import annotations

import torch
from torch import Tensor

from generators.warp import settings as c


def centres(count: int, like: Tensor) -> Tensor:
    """Centres of ``count`` pixels in a row from -1 to 1, [count]."""
    return (2 * torch.arange(count, dtype=like.dtype, device=like.device) + 1) / count - 1


def places(count: int, like: Tensor) -> Tensor:
    """Centres of a count x count grid over the picture, [2, count, count]: x and y."""
    line = centres(count, like)
    return torch.stack([line[None, :].expand(count, count), line[:, None].expand(count, count)])


def spread_field(base: Tensor, current: Tensor, grid: int) -> tuple[Tensor, Tensor]:
    """Where to look in the base picture, relative to each place, and how much any keypoint says of it.

    Args:
        base: [N, K, 2] keypoints in the base picture, x and y in -1 to 1 from edge to edge.
        current: [N, K, 2] the same points now.
        grid: places per side.

    Returns:
        Field [N, 2, grid, grid], x and y, the picture being 2 wide; and evidence [N, 2, grid, grid], 0..1, by the
        widest and by the narrowest Gaussians around the points.
    """
    start, moved = base.clamp(-c.LIMIT, c.LIMIT), current.clamp(-c.LIMIT, c.LIMIT)
    among = _squared(start, start)
    divisor = -2 * _reaches(among) ** 2
    shift = _believed(start - moved, among, divisor)
    now = start - shift
    at = places(grid, base).view(1, 2, grid * grid)
    away = [now[:, :, axis, None] - at[:, None, axis] for axis in range(2)]
    outside = torch.exp((away[0].square() + away[1].square()) / divisor.transpose(1, 2))
    inside = torch.exp(_squared(now, now) / divisor)
    left = shift
    fields, said = [], []
    for step in range(c.PASSES):
        if step:  # half the width: the fourth power
            outside, inside = outside.square().square(), inside.square().square()
        # x and y of the sum over points, and the sum of their weights, [N, 3, places]
        sums = torch.cat([left, torch.ones_like(left[:, :, :1])], dim=2).transpose(1, 2) @ outside
        total = sums[:, 2:] + c.STILL
        fields.append(sums[:, :2] / total)
        said.append(sums[:, 2:] / total)
        if step + 1 < c.PASSES:
            left = left - inside @ left / (inside.sum(2, keepdim=True) + c.STILL)
    evidence = torch.cat([said[0], said[-1]], dim=1)
    return sum(fields[1:], fields[0]).view(-1, 2, grid, grid), evidence.view(-1, 2, grid, grid)


def _squared(one: Tensor, other: Tensor) -> Tensor:
    """[N, A, 2] and [N, B, 2] to [N, A, B]."""
    x, y = (one[:, :, None, axis] - other[:, None, :, axis] for axis in range(2))
    return x.square() + y.square()


def _reaches(among: Tensor) -> Tensor:
    """[N, K, K] squared distances between points to the standard deviation of each one's Gaussian, [N, 1, K]."""
    count = among.shape[1]
    away = among.sqrt() + c.ABSENT * torch.eye(count, dtype=among.dtype, device=among.device)
    nearest = away.topk(min(c.NEIGHBOURS, count), dim=2, largest=False).values
    return (c.REACH * nearest.mean(2)).clamp(c.NARROWEST, c.WIDEST)[:, None, :]


def _believed(shift: Tensor, among: Tensor, divisor: Tensor) -> Tensor:
    """Displacements [N, K, 2] after each point has heard its neighbours."""
    own = torch.eye(among.shape[1], dtype=among.dtype, device=among.device)
    weights = torch.exp(among / divisor) * (1 - own) + c.SELF * own
    expected = weights @ shift / weights.sum(2, keepdim=True)
    contradiction = shift - expected
    doubt = contradiction.square().sum(2, keepdim=True) / c.DOUBT**2
    return expected + contradiction / (1 + doubt.square())
