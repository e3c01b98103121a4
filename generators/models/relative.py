"""Relative motion: the movement of one face, carried over to another.

Where the current picture shows somebody else than the base picture, or the head at another size, its parameters
cannot be used as they are. What is taken over is how they differ from those of the first picture of their own
sequence. The first publications animate so (Siarohin et al., NeurIPS 2019, section 3.3); coding does not, its
parameters are those of the same face. On parameters alone, so no part of any graph. numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from generators.errors import ParameterError

Floats = NDArray[np.floating]


def relative_motion(
    current: Mapping[str, Floats], first: Mapping[str, Floats], base: Mapping[str, Floats], *, scale: float = 1.0
) -> dict[str, Floats]:
    """Parameters of the base picture, moved as the current ones moved since the first.

    Args:
        current: ``keypoints`` [..., K, 2] and, if there are any, ``jacobians`` [..., K, 2, 2].
        first: those of the first picture of the same sequence.
        base: those of the base picture.
        scale: of the movement; see `size_ratio`.
    """
    moved: dict[str, Floats] = {"keypoints": (current["keypoints"] - first["keypoints"]) * scale + base["keypoints"]}
    if "jacobians" in base:
        moved["jacobians"] = current["jacobians"] @ np.linalg.inv(first["jacobians"]) @ base["jacobians"]
    return moved


def size_ratio(base: Floats, first: Floats) -> float:
    """How much larger the face of the base picture is, by the areas that the points [K, 2] enclose.

    Raises:
        ParameterError: the first picture's points enclose no area.
    """
    area = hull_area(first)
    if area <= 0:
        raise ParameterError("points on a line have no size to compare")
    return float(np.sqrt(hull_area(base) / area))


def hull_area(points: Floats) -> float:
    """Area of the convex hull of points [K, 2] (Andrew's monotone chain)."""
    ordered = sorted(map(tuple, np.asarray(points, np.float64)))
    hull: list[tuple[float, ...]] = []
    for run in (ordered, ordered[::-1]):
        half: list[tuple[float, ...]] = []
        for point in run:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        hull += half[:-1]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(hull, hull[1:] + hull[:1], strict=True)) / 2


def _turn(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> float:
    """Twice the area of the triangle, positive where it is walked to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
