"""What is computed of the parameters outside of a network's graph, by name.

A contract asks for a preparation with an input of role ``prepared``. Adding one is a function from the parameters of
the base picture and of the current picture to an array, and a line in `PREPARATIONS`. They are part of this program:
a model file can name one, but cannot bring one along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generators import spline
from generators.errors import ParameterError
from generators.parameters import FaceParameters
from gfv_sei.wording import counted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Preparation:
    """One preparation.

    name      as contracts have it
    group     it takes keypoints x, y in groups of so many
    compute   from keypoints of the base picture and of the current one, each [K, 2], to the array
    summary   one line for people
    """

    name: str
    group: int
    compute: Callable[[Floats, Floats], Floats]
    summary: str

    def __call__(self, base: FaceParameters, current: FaceParameters) -> Floats | None:
        """The array, or None where the base picture or the current one has no keypoints.

        Raises:
            ParameterError: the keypoints do not go into such groups, or have no solution.
        """
        if base.keypoints is None or current.keypoints is None:
            return None
        points = base.keypoints, current.keypoints
        if any(p.shape[1] != 2 or len(p) % self.group for p in points) or len(points[0]) != len(points[1]):
            raise ParameterError(
                f"{self.name} cannot be computed from {len(points[0])} and {counted(len(points[1]), 'keypoint')}",
                allowed=f"as many in both pictures, x and y, a multiple of {self.group}",
            )
        try:
            return self.compute(*points)
        except np.linalg.LinAlgError as error:
            raise ParameterError(f"{self.name} has no solution for these keypoints: {error}") from error


PREPARATIONS = {
    preparation.name: preparation
    for preparation in (
        Preparation(
            "tps_affine",
            spline.POINTS,
            lambda base, current: spline.solve(base, current)[0],
            "[N, 2, 3]: the affine part of the thin-plate splines from current to base picture",
        ),
        Preparation(
            "tps_weights",
            spline.POINTS,
            lambda base, current: spline.solve(base, current)[1],
            "[N, 5, 2]: the weights of their control points",
        ),
    )
}
"""By name."""
