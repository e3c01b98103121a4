"""The warp in numpy, line by line what ``graph`` builds; for the encoder, and to test the graph against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.warp.settings import (
    ABSENT,
    DOUBT,
    GRID,
    LIMIT,
    NARROWEST,
    NEIGHBOURS,
    PASSES,
    REACH,
    SELF,
    STILL,
    WIDEST,
)

Array = NDArray[Any]


def aspect(height: int, width: int) -> Array:
    """Half sides x and y of the picture [2], the shorter one being 1."""
    sides: Array = np.array([width, height]) / min(width, height)
    return sides


def centres(count: int) -> Array:
    """Centres of ``count`` pixels in a row [count], the row from -1 to 1."""
    line: Array = (2 * np.arange(count) + 1) / count - 1
    return line


def places(count: int = GRID) -> Array:
    """Centres of a count x count grid over the picture, row by row [count^2, 2], as x, y in -1 to 1."""
    x, y = np.meshgrid(centres(count), centres(count))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def squared_distances(one: Array, other: Array) -> Array:
    """[N, 2] and [K, 2] to [N, K]."""
    dx = one[:, 0:1] - other[:, 0]
    dy = one[:, 1:2] - other[:, 1]
    squares: Array = dx * dx + dy * dy
    return squares


def reaches(base: Array) -> Array:
    """Standard deviation of the first Gaussian of each point, [K, 2] to [K], both in half sides."""
    count = len(base)
    distances = np.sqrt(squared_distances(base, base)) + ABSENT * np.eye(count, dtype=base.dtype)
    nearest = np.sort(distances, axis=1)[:, : min(NEIGHBOURS, count)]
    widths: Array = np.clip(REACH * nearest.mean(axis=1), NARROWEST, WIDEST)
    return widths


def believed(base: Array, moved: Array, reach: Array) -> Array:
    """What is made of the displacement base - moved of each point after hearing its neighbours, [K, 2]."""
    shift = base - moved
    weights = np.exp(squared_distances(base, base) / (-2 * reach * reach))
    weights = weights * (1 - np.eye(len(base), dtype=base.dtype)) + SELF * np.eye(len(base), dtype=base.dtype)
    expected = weights @ shift / weights.sum(axis=1, keepdims=True)
    doubt = ((shift - expected) ** 2).sum(axis=1, keepdims=True) / DOUBT**2
    result: Array = expected + (shift - expected) / (1 + doubt * doubt)
    return result


def spread(at: Array, points: Array, values: Array, reach: Array) -> Array:
    """Values known at points to any places, by successive correction.

    Args:
        at: [N, 2] places, in half sides, as all lengths here.
        points: [K, 2] where values are known.
        values: [K, C].
        reach: [K] from `reaches`.

    Returns:
        [N, C]
    """
    outside = np.exp(squared_distances(at, points) / (-2 * reach * reach))
    inside = np.exp(squared_distances(points, points) / (-2 * reach * reach))
    result = np.zeros((len(at), values.shape[1]), dtype=values.dtype)
    left = values
    for step in range(PASSES):
        if step:  # half the width: the fourth power
            outside, inside = np.square(np.square(outside)), np.square(np.square(inside))
        result = result + (outside @ left) / (outside.sum(axis=1, keepdims=True) + STILL)
        left = left - (inside @ left) / (inside.sum(axis=1, keepdims=True) + STILL)
    return result


def field(base: Array, current: Array, height: int, width: int, *, grid: int = GRID) -> Array:
    """Where to look, relative to each place of the grid: [grid, grid, 2], x and y, the picture being 2 wide.

    Args:
        base: [K, 2] keypoints in the base picture, x and y in -1 to 1.
        current: [K, 2] the same points now.
        height: of the picture, in pixels; with width it gives the aspect ratio.
        width: of the picture.
        grid: places per side.
    """
    sides = aspect(height, width).astype(base.dtype)
    start = np.clip(base, -LIMIT, LIMIT) * sides
    moved = np.clip(current, -LIMIT, LIMIT) * sides
    reach = reaches(start)
    shift = believed(start, moved, reach)
    at = places(grid).astype(base.dtype) * sides
    result: Array = spread(at, start - shift, shift, reach) / sides
    return result.reshape(grid, grid, 2)


def enlarge(coarse: Array, height: int, width: int) -> Array:
    """[rows, columns, C] to [height, width, C], linear between centres, constant beyond the outermost."""

    def weights(count: int, wanted: int) -> Array:
        position = np.clip((centres(wanted) + 1) * count / 2 - 0.5, 0, count - 1)
        low = np.floor(position).astype(int)
        matrix = np.zeros((wanted, count), dtype=coarse.dtype)
        np.add.at(matrix, (np.arange(wanted), low), 1 - (position - low))
        np.add.at(matrix, (np.arange(wanted), np.minimum(low + 1, count - 1)), position - low)
        return matrix

    rows, columns = weights(coarse.shape[0], height), weights(coarse.shape[1], width)
    result: Array = np.einsum("hr,rcx,wc->hwx", rows, coarse, columns, optimize=True)
    return result


def sample(picture: Array, look: Array) -> Array:
    """Bilinear samples of [C, H, W] at look [h, w, 2], x and y in -1 to 1 from edge to edge: [C, h, w]."""
    _, height, width = picture.shape
    x = np.clip((look[..., 0] + 1) * width / 2 - 0.5, 0, width - 1)
    y = np.clip((look[..., 1] + 1) * height / 2 - 0.5, 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    u, v = x - left, y - top
    above = picture[:, top, left] * (1 - u) + picture[:, top, right] * u
    below = picture[:, bottom, left] * (1 - u) + picture[:, bottom, right] * u
    result: Array = above * (1 - v) + below * v
    return result


def warp(picture: Array, base: Array, current: Array) -> Array:
    """The generated picture [3, H, W] for a base picture [3, H, W] and keypoints [K, 2] then and now."""
    _, height, width = picture.shape
    flow = enlarge(field(base, current, height, width), height, width)
    x, y = np.meshgrid(centres(width), centres(height))
    return sample(picture, np.stack([x, y], axis=-1) + flow)
