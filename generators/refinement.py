"""Analysis by synthesis: moving the points so that the warped picture comes nearer to the real one.

Tracking finds where each point went. What counts, however, is the picture that the decoder will make of all
points together, between them too. So the encoder makes that picture and corrects the points by least
squares on its error (Gauss-Newton steps, damped after K. Levenberg and D. Marquardt). This is cheap since
the field is nearly linear in the displacements: the derivative of the warped picture with respect to point
i is, but for the small part by which the weights shift, minus the gradient of the base picture, where it is
sampled, times the field of a unit displacement of point i. Whether a step helped is decided with the field
as it is.

Points that the picture says nothing about, on a blank wall, are held by a weak pull to where tracking left
them.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from generators.warp import reference

SIDE = 128
"""Longer side of the reduced pictures that are compared."""

GRID = 32
"""Places per side of the field; coarser than the decoder's, with hardly a difference in the result."""

STEPS = 6
"""At most so many steps per picture; mostly two or three are enough."""

PULL = 1e4
"""Weight of the pull to the tracked place, in squared grey levels per squared unit of the picture."""

ENOUGH = 0.998
"""A step that leaves more than this share of the error is the last one."""

Floats = NDArray[Any]


class Refiner:
    """Corrects points against one base picture."""

    def __init__(self, base: NDArray[np.uint8], points: NDArray[np.float64]) -> None:
        """With the base picture, grey [H, W], and its keypoints [K, 2] in -1 to 1."""
        self.height, self.width = base.shape
        scale = min(1.0, SIDE / max(base.shape))
        self.size = (max(round(self.width * scale), 4), max(round(self.height * scale), 4))
        self.points = points.astype(np.float32)
        picture = self._reduced(base)
        # Gradients per unit of the picture, which is 2 wide.
        dx = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=1 / 8) * (self.size[0] / 2)
        dy = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=1 / 8) * (self.size[1] / 2)
        self.layers = np.ascontiguousarray(np.stack([picture, dx, dy], axis=-1))
        self.columns, self.rows = np.meshgrid(
            np.arange(self.size[0], dtype=np.float32), np.arange(self.size[1], dtype=np.float32)
        )

    def refine(self, picture: NDArray[np.uint8], tracked: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Better points for one picture.

        Args:
            picture: grey [H, W].
            tracked: [K, 2], in -1 to 1, where tracking has the points.

        Returns:
            Points [K, 2], and the root of the mean squared error that is left, in grey levels.
        """
        target = self._reduced(picture)
        start = tracked.astype(np.float32)
        points = start
        layers = self._warped(points)
        error = self._error(layers, target, points, start)
        damping = 1e-3
        for _ in range(STEPS):
            jacobian = self._jacobian(layers, points)
            normal = jacobian.T @ jacobian
            slope = jacobian.T @ (target - layers[..., 0]).ravel() + PULL * (start - points).T.ravel()
            mean = float(np.trace(normal)) / len(normal)
            for _ in range(3):
                damped = normal + np.eye(len(normal), dtype=np.float32) * np.float32(PULL + damping * mean)
                step = np.linalg.solve(damped, slope).reshape(2, -1).T
                moved = np.clip(points + step, -1, 1)
                new_layers = self._warped(moved)
                new_error = self._error(new_layers, target, moved, start)
                if new_error < error:
                    break
                damping *= 10
            else:
                break
            gain = new_error / error
            points, layers, error = moved, new_layers, new_error
            damping = max(damping / 4, 1e-4)
            if gain > ENOUGH:
                break
        left = float(np.sqrt(np.mean(np.square(target - layers[..., 0]))))
        return points.astype(np.float64), left

    def _reduced(self, picture: NDArray[np.uint8]) -> Floats:
        small = cv2.resize(picture.astype(np.float32), self.size, interpolation=cv2.INTER_AREA)
        return np.asarray(small)

    def _warped(self, points: Floats) -> Floats:
        """Base picture and its gradients [h, w, 3], as they come to lie."""
        field = reference.field(self.points, points, self.height, self.width, grid=GRID)
        flow = cv2.resize(field.astype(np.float32), self.size, interpolation=cv2.INTER_LINEAR)
        x = self.columns + flow[..., 0] * np.float32(self.size[0] / 2)
        y = self.rows + flow[..., 1] * np.float32(self.size[1] / 2)
        return np.asarray(
            cv2.remap(self.layers, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32
        )

    def _error(self, layers: Floats, target: Floats, points: Floats, start: Floats) -> float:
        return float(np.sum(np.square(target - layers[..., 0]))) + PULL * float(np.sum(np.square(points - start)))

    def _jacobian(self, layers: Floats, points: Floats) -> Floats:
        """Derivative of the warped picture by x of all points, then y: [h w, 2 K]."""
        sides = reference.aspect(self.height, self.width).astype(np.float32)
        at = reference.places(GRID).astype(np.float32) * sides
        base = self.points * sides
        unit = np.eye(len(base), dtype=np.float32)
        weights = reference.spread(at, points * sides, unit, reference.reaches(base)).astype(np.float32)
        # One resize per point: OpenCV's takes at most four channels everywhere.
        grid = weights.T.reshape(-1, GRID, GRID)
        full = np.stack([cv2.resize(plane, self.size, interpolation=cv2.INTER_LINEAR) for plane in grid])
        flat = full.reshape(len(base), -1)
        by_x, by_y = layers[..., 1].ravel(), layers[..., 2].ravel()
        return np.concatenate([flat * -by_x, flat * -by_y]).T
