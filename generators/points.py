"""Which points of the base picture to follow.

Three groups, for three jobs: points in the face, where the picture moves most and is looked at most; points
in the rest of the picture, for hair, shoulders and whatever else goes along; anchors at the border, which
keep the background in its place, or move it when the camera does. In the first two groups, points are
corners (J. Shi, C. Tomasi, "Good features to track", CVPR 1994) as far from each other as their number
allows, so that they cover their region; where a region has too few corners, the places farthest from all
points so far make up the number.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generators.face_region import Region

FACE_SHARE = 0.6
"""Share of points that go to the face."""

ANCHORS = 8
"""Anchors at the border, when there are points enough."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Points in pixels [K, 2], centre of the first pixel 0; ``anchor`` [K] says which are anchors."""

    points: Floats
    anchor: NDArray[np.bool_]


def choose(grey: NDArray[np.uint8], face: Region, count: int) -> Choice:
    """Exactly ``count`` points of a grey picture [H, W], face first, then the rest, then anchors."""
    height, width = grey.shape
    anchors = _anchors(height, width, min(ANCHORS, count // 3))
    free = count - len(anchors)
    in_face = min(free, max(1, round(count * FACE_SHARE)))
    inside = _face_mask(grey.shape, face)
    chosen = _corners(grey, inside, in_face, anchors)
    if len(chosen) < free:
        chosen = np.concatenate([chosen, _corners(grey, 255 - inside, free - len(chosen), [*anchors, *chosen])])
    points = np.concatenate([chosen, anchors])
    return Choice(points, np.arange(count) >= free)


def _anchors(height: int, width: int, count: int) -> Floats:
    """Corners of the picture first, then the middles of its sides, a little inside."""
    x0, y0 = 0.03 * width, 0.03 * height
    x1, y1 = width - 1 - x0, height - 1 - y0
    xm, ym = (width - 1) / 2, (height - 1) / 2
    places = [(x0, y0), (x1, y0), (x0, y1), (x1, y1), (x0, ym), (x1, ym), (xm, y0), (xm, y1)]
    return np.array(places[:count]).reshape(-1, 2)


def _face_mask(shape: tuple[int, ...], face: Region) -> NDArray[np.uint8]:
    """An ellipse over brow, ears and chin: detectors draw their box inside those."""
    mask = np.zeros(shape, np.uint8)
    centre = (round(face.x + face.width / 2), round(face.y + face.height * 0.52))
    axes = (max(round(face.width * 0.55), 1), max(round(face.height * 0.68), 1))
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
    return mask if mask.any() else np.full(shape, 255, np.uint8)


def _corners(grey: NDArray[np.uint8], mask: NDArray[np.uint8], count: int, taken: Floats | list[Floats]) -> Floats:
    """``count`` corners inside a mask, spaced as widely as the number allows."""
    if count <= 0:
        return np.empty((0, 2))
    if not mask.any():
        mask = np.full_like(mask, 255)
    spacing = 1.2 * float(np.sqrt(np.count_nonzero(mask) / count))
    found = np.empty((0, 2))
    while spacing >= 2:
        free = mask.copy()
        for x, y in taken:
            cv2.circle(free, (round(x), round(y)), round(spacing * 0.6), 0, -1)
        corners = cv2.goodFeaturesToTrack(grey, count, 0.005, spacing, mask=free, blockSize=5)
        found = np.empty((0, 2)) if corners is None else corners.reshape(-1, 2).astype(np.float64)
        if len(found) >= count:
            return found[:count]
        if len(found) >= 0.75 * count:
            break
        spacing *= 0.9
    return _filled(found, mask, count, taken)


def _filled(found: Floats, mask: NDArray[np.uint8], count: int, taken: Floats | list[Floats]) -> Floats:
    """More points until there are ``count``, each the place of the mask that is farthest from all others."""
    y, x = np.nonzero(mask)
    step = max(1, len(x) // 4096)
    candidates = np.stack([x[::step], y[::step]], axis=1).astype(np.float64)
    middle = candidates.mean(axis=0)
    points = [*found]
    distance = np.full(len(candidates), np.inf)
    for point in [*taken, *points]:
        distance = np.minimum(distance, ((candidates - point) ** 2).sum(axis=1))
    while len(points) < count:
        lone = not np.isfinite(distance).any()
        best = np.argmin(((candidates - middle) ** 2).sum(axis=1)) if lone else np.argmax(distance)
        points.append(candidates[best])
        distance = np.minimum(distance, ((candidates - candidates[best]) ** 2).sum(axis=1))
    return np.array(points)
