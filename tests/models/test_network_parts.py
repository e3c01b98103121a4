"""Grids, heatmaps, anti-aliasing and relative motion, against the reference; properties of the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from network_vectors import difference, files, torch

from generators.errors import ParameterError
from generators.models.blocks import AntiAliasInterpolation2d, Hourglass, HourglassSizes, antialiased, gaussian_kernel
from generators.models.geometry import gaussians, identity_grid, inverse_2x2, mean_place, warp
from generators.models.relative import hull_area, relative_motion, size_ratio

TOLERANCE = 1e-6


@pytest.mark.parametrize("vectors", files("primitives_"))
def test_relative_motion(vectors):
    names = {"keypoints": "value", "jacobians": "jacobian"}
    source, driving, first, moved = (
        {ours: vectors.arrays[f"{who}_{theirs}"] for ours, theirs in names.items()}
        for who in ("source", "driving", "initial", "relative")
    )
    found = relative_motion(driving, first, source)
    for key, array in moved.items():
        assert np.abs(found[key] - array).max() <= 1e-5
    scale = size_ratio(source["keypoints"][0], first["keypoints"][0])
    assert scale == pytest.approx(float(vectors.arrays["adapt_scale"]), rel=1e-6)
    points = {"keypoints": source["keypoints"]}
    found = relative_motion(driving, first, points, scale=scale)
    assert list(found) == ["keypoints"]
    assert np.abs(found["keypoints"] - vectors.arrays["relative_adapt_value"]).max() <= 1e-5


@pytest.mark.parametrize("vectors", files("primitives_"))
def test_grids_and_heatmaps(vectors):
    for name in vectors.arrays:
        if name.startswith("gauss_"):
            height, width = vectors.arrays[name].shape[-2:]
            made = gaussians(vectors.tensor("source_value"), height, width)
            assert difference(made, vectors.tensor(name)) <= TOLERANCE
        if name.startswith("grid_"):
            height, width = vectors.arrays[name].shape[:2]
            assert difference(identity_grid(height, width, torch.zeros(1)), vectors.tensor(name)) <= TOLERANCE


@pytest.mark.parametrize("vectors", files("primitives_"))
def test_anti_aliasing(vectors):
    scales = [name.removeprefix("aa_kernel_") for name in vectors.arrays if name.startswith("aa_kernel_")]
    assert scales
    for scale in scales:
        times = round(1 / float(scale))
        assert difference(gaussian_kernel(times), vectors.tensor(f"aa_kernel_{scale}")) <= TOLERANCE
        made = AntiAliasInterpolation2d(3, times)(vectors.picture("aa_in"))
        assert difference(made, vectors.tensor(f"aa_out_{scale}")) <= TOLERANCE


def test_a_picture_of_the_same_size_has_no_kernel():
    same = antialiased(3, 1)
    picture = torch.rand(1, 3, 8, 8)
    assert not same.state_dict()
    assert torch.equal(same(picture), picture)


def test_hull_of_a_square_with_points_inside_and_on_its_edges():
    inside = [[0.5, 0.5], [0.2, 0.9]]
    edges = [[0, 0.5], [0.5, 1]]
    assert hull_area(np.array([[0, 0], [1, 0], [1, 1], [0, 1], *inside, *edges])) == pytest.approx(1)
    assert size_ratio(np.array([[0, 0], [2, 0], [0, 2]]), np.array([[0, 0], [1, 0], [0, 1]])) == pytest.approx(2)
    with pytest.raises(ParameterError, match="points on a line"):
        size_ratio(np.eye(2), np.array([[0, 0], [1, 1], [2, 2.0]]))


def test_inverse_in_closed_form():
    matrices = torch.randn(50, 2, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert difference(inverse_2x2(matrices), torch.linalg.inv(matrices)) < 1e-9


def test_the_mean_place_of_a_single_point_is_that_point():
    maps = torch.zeros(1, 2, 5, 9)
    maps[0, 0, 0, 8] = maps[0, 1, 2, 4] = 1
    assert mean_place(maps).tolist() == [[[1, -1], [0, 0]]]


def test_the_identity_grid_moves_nothing_where_corners_are_aligned():
    picture = torch.rand(1, 3, 6, 7, generator=torch.Generator().manual_seed(2))
    grid = identity_grid(6, 7, picture)[None]
    assert difference(warp(picture, grid, align_corners=True), picture) < TOLERANCE
    assert difference(warp(picture, grid, align_corners=False), picture) > 0.1


def test_channels_of_an_hourglass():
    # ../shared/reference/generators.md, section 4.
    with torch.device("meta"):
        detector, motion = Hourglass(3, HourglassSizes(32, 1024, 5)), Hourglass(44, HourglassSizes(64, 1024, 5))
        assert (detector.channels_out, motion.channels_out) == (35, 108)
        assert [tuple(x.shape[1:]) for x in motion.stages(torch.zeros(1, 44, 64, 64))] == [
            (1024, 2, 2),
            (2048, 4, 4),
            (1024, 8, 8),
            (512, 16, 16),
            (256, 32, 32),
            (108, 64, 64),
        ]
