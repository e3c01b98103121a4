"""Thin-plate splines against the motion that the published TPS network computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generators.errors import ParameterError
from generators.parameters import FaceParameters
from generators.preparations import PREPARATIONS
from generators.spline import POINTS, radial, solve

VECTOR = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "generators" / "tps_reduced_s19_64.npz"
SIDE = 16


@pytest.fixture(scope="module")
def vector():
    if not VECTOR.is_file():
        pytest.skip(f"the network vectors are not here: no {VECTOR}")
    return np.load(VECTOR)


def fetched(picture, places):
    """Samples [3, ...] of a picture [3, H, W] at places [..., 2] in -1 to 1, corners at -1 and 1, zero outside."""
    size = picture.shape[-1]
    x, y = (places[..., i] * (size - 1) / 2 + (size - 1) / 2 for i in (0, 1))
    total = np.zeros((3, *x.shape))
    for i in (0, 1):
        for j in (0, 1):
            column, row = np.floor(x).astype(int) + i, np.floor(y).astype(int) + j
            weight = (1 - abs(x - column)) * (1 - abs(y - row))
            inside = (column >= 0) & (column < size) & (row >= 0) & (row < size)
            total += np.where(inside, weight, 0) * picture[:, row.clip(0, size - 1), column.clip(0, size - 1)]
    return total


def apply(affine, weights, driving, places):
    """T(z) for places [M, 2] under each of N splines: [N, M, 2]."""
    control = driving.reshape(-1, POINTS, 2)
    homogeneous = np.concatenate([places, np.ones((len(places), 1))], axis=1)
    squared = np.square(places[None, :, None] - control[:, None]).sum(axis=-1)
    return np.einsum("nij,mj->nmi", affine, homogeneous) + radial(squared) @ weights


def test_the_pictures_that_the_network_warps(vector):
    """``deformed_source``: the base picture at 16x16, as it is and moved by each of ten transformations."""
    source, driving = (vector[name][0].astype(np.float64) for name in ("kp_source", "kp_driving"))
    small, *warped = vector["deformed_source"][0]
    line = np.linspace(-1, 1, SIDE)
    places = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    moved = apply(*solve(source, driving), driving, places).reshape(10, SIDE, SIDE, 2)
    found = np.stack([fetched(small.astype(np.float64), one) for one in moved])
    assert np.abs(found - np.stack(warped)).max() < 1e-4
    assert np.abs(found - small).max() > 0.1  # they do move


def test_points_that_do_not_move_leave_the_picture_almost_in_place():
    points = np.random.default_rng(2).uniform(-0.8, 0.8, (5, 2))
    affine, weights = solve(points, points)
    assert affine.shape == (1, 2, 3)
    assert weights.shape == (1, 5, 2)
    assert np.abs(apply(affine, weights, points, points)[0] - points).max() < 0.05


def test_coinciding_points_have_a_solution():
    points = np.zeros((10, 2))
    assert all(np.isfinite(part).all() for part in solve(points, points))


def test_a_preparation_takes_keypoints_in_groups():
    affine = PREPARATIONS["tps_affine"]
    one = FaceParameters(np.zeros((10, 2)))
    assert affine(one, FaceParameters()) is None
    assert affine(one, one).shape == (2, 2, 3)
    assert PREPARATIONS["tps_weights"](one, one).shape == (2, 5, 2)
    for other in (np.zeros((11, 2)), np.zeros((10, 3)), np.zeros((5, 2))):
        with pytest.raises(ParameterError, match=r"tps_affine.*a multiple of 5"):
            affine(one, FaceParameters(other))
