"""Thin-plate splines of five points each: the motion of the TPS generator, solved in float64.

J. Zhao, H. Zhang, "Thin-Plate Spline Motion Model for Image Animation", CVPR 2022: each group of five keypoints
defines one transformation of the picture. With U(r) = r^2 log(r^2 + 1e-9) and the driving points q_1 to q_5 of the
current picture as control points, a place z is fetched from

    T(z) = A [x y 1]^T + sum over j of w_j U(|z - q_j|)

in the base picture, where T(q_j) is the source point p_j of the base picture. The system that gives A and w has eight
unknowns per coordinate; 0.01 on its diagonal keeps it solvable where points coincide, at the price that T(q_j) only
comes near p_j.

This is for model files that leave the solution to the decoder (`preparations`), because eight by eight inverses come
out of most exporters wrong or not at all, and lose digits in float32. Our own exports of TPS solve the same system
inside the graph, in float64 and by plain arithmetic (`generators.models.spline`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

POINTS = 5
"""Keypoints of one transformation: the control points of one spline."""

EPSILON = 1e-9
"""Keeps the logarithm finite at a control point."""

DIAGONAL = 0.01
"""What is added to the diagonal of the system."""

Floats = NDArray[np.float64]


def radial(squared: Floats) -> Floats:
    """U of squared distances."""
    return squared * np.log(squared + EPSILON)


def solve(source: Floats, driving: Floats) -> tuple[Floats, Floats]:
    """The splines that lead from the current picture to the base picture.

    Args:
        source: [5 N, 2], keypoints of the base picture; point 5 k + j is point j of transformation k.
        driving: [5 N, 2], those of the current picture.

    Returns:
        A as [N, 2, 3] and w as [N, 5, 2].

    Raises:
        numpy.linalg.LinAlgError: points so far apart that the system is singular to float64.
    """
    control = driving.reshape(-1, POINTS, 2)
    number = len(control)
    squared = np.square(control[:, :, None] - control[:, None]).sum(axis=-1)
    homogeneous = np.concatenate([control, np.ones((number, POINTS, 1))], axis=2)
    system = np.zeros((number, POINTS + 3, POINTS + 3))
    system[:, :POINTS, :POINTS] = radial(squared)
    system[:, :POINTS, POINTS:] = homogeneous
    system[:, POINTS:, :POINTS] = homogeneous.transpose(0, 2, 1)
    system += DIAGONAL * np.eye(POINTS + 3)
    wanted = np.zeros((number, POINTS + 3, 2))
    wanted[:, :POINTS] = source.reshape(-1, POINTS, 2)
    found = np.asarray(np.linalg.solve(system, wanted), np.float64)
    return found[:, POINTS:].transpose(0, 2, 1), found[:, :POINTS]
