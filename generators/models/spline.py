"""Thin-plate splines: maps of the plane that take given points to given points.

F. L. Bookstein, "Principal warps: thin-plate splines and the decomposition of deformations", IEEE PAMI 11, 1989.
Such a map is an affine one plus a sum over its control points of w_j U(r_j), U(r) = r^2 log r^2, r_j being the
distance to point j. Five control points give a system of 8 equations, with 0.01 added to its diagonal so that
it stays solvable where points meet.

The system is solved in float64: in float32 its errors reach the picture (with random weights up to 1e-3).
`generators.spline` solves the same one in numpy, for model files that leave it to the decoder.
"""

from __future__ import annotations

import torch
from torch import Tensor

from generators.spline import DIAGONAL, EPSILON, POINTS


def radial(squared: Tensor) -> Tensor:
    """U(r) for squared distances."""
    return squared * torch.log(squared + EPSILON)


def spline(controls: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The maps that take control points to targets.

    Made of plain arithmetic, without a matrix inverse and without searching for pivots, so that it may stand
    inside a graph as well as before it.

    Args:
        controls: [..., 5, 2].
        targets: [..., 5, 2].

    Returns:
        ``affine`` [..., 2, 3], of [x, y, 1], and ``weights`` [..., 5, 2] of U(r_j), in the type of ``targets``.
    """
    points, goals = controls.double(), targets.double()
    away = points.unsqueeze(-2) - points.unsqueeze(-3)
    kernel = radial((away**2).sum(-1))
    plane = torch.cat([points, torch.ones_like(points[..., :1])], dim=-1)
    upper = torch.cat([kernel, plane], dim=-1)
    lower = torch.cat([plane.transpose(-1, -2), torch.zeros_like(plane[..., :3, :])], dim=-1)
    system = torch.cat([upper, lower], dim=-2)
    size = system.shape[-1]
    system = system + DIAGONAL * torch.eye(size, dtype=system.dtype, device=system.device)
    right = torch.cat([goals, torch.zeros_like(goals[..., :3, :])], dim=-2)
    solution = _solved(system, right).to(targets.dtype)
    return solution[..., POINTS:, :].transpose(-1, -2), solution[..., :POINTS, :]


def splined(at: Tensor, controls: Tensor, affine: Tensor, weights: Tensor) -> Tensor:
    """Where maps take places.

    Args:
        at: [height, width, 2].
        controls: [N, T, 5, 2], of T maps.
        affine: [N, T, 2, 3], from `spline`.
        weights: [N, T, 5, 2].

    Returns:
        [N, T, height, width, 2]
    """
    height, width = at.shape[:2]
    flat = at.reshape(-1, 2)
    linear: Tensor = flat @ affine[..., :2].transpose(-1, -2) + affine[..., 2].unsqueeze(-2)
    away = flat.unsqueeze(1) - controls.unsqueeze(2)
    bent = radial((away**2).sum(-1)) @ weights
    return (linear + bent).view(*linear.shape[:2], height, width, 2)


def _solved(system: Tensor, right: Tensor) -> Tensor:
    """The solution [..., 8, M] of [..., 8, 8] and [..., 8, M].

    By orthogonal columns (modified Gram-Schmidt on system and right side together, which is as stable as
    Householder's method: Bjorck, BIT 7, 1967), then from the last unknown to the first.
    """
    size = system.shape[-1]
    left = [system[..., :, j] for j in range(size)]
    rest = right
    triangle: list[list[Tensor]] = []
    sides: list[Tensor] = []
    for j in range(size):
        length = (left[j] ** 2).sum(-1, keepdim=True).sqrt()
        unit = left[j] / length
        row = [length]
        for k in range(j + 1, size):
            share = (unit * left[k]).sum(-1, keepdim=True)
            left[k] = left[k] - share * unit
            row.append(share)
        side = (unit.unsqueeze(-1) * rest).sum(-2)
        rest = rest - unit.unsqueeze(-1) * side.unsqueeze(-2)
        triangle.append(row)
        sides.append(side)
    unknowns: list[Tensor] = []
    for j in reversed(range(size)):
        value = sides[j]
        for k, known in enumerate(unknowns):  # the last unknown first
            value = value - triangle[j][size - 1 - k - j] * known
        unknowns.append(value / triangle[j][0])
    return torch.stack(unknowns[::-1], dim=-2)
