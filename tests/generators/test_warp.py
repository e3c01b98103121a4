"""The warp: identity, translation, any K and size, and the graph against the formula in numpy."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from generators.parameters import FaceParameters
from generators.registry import load_generator
from generators.warp import reference
from generators.warp.graph import build


@pytest.fixture(scope="module")
def warp():
    return load_generator("warp")


def made(warp, picture, base, current):
    warp.set_base(picture, FaceParameters(base))
    return warp.generate(FaceParameters(current))


def test_the_exported_graph_is_valid_and_loads():
    model = build()
    onnx.checker.check_model(model, full_check=True)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    assert [i.name for i in session.get_inputs()] == ["base_picture", "base_keypoints", "keypoints"]
    assert build().SerializeToString() == model.SerializeToString()


@pytest.mark.parametrize("count", [1, 2, 5, 50])
@pytest.mark.parametrize("size", [(64, 64), (97, 33), (16, 250), (512, 512), (2, 3)])
def test_still_points_leave_the_base_picture(warp, smooth_picture, count, size):
    picture = smooth_picture(*size)
    base = np.random.default_rng(count).uniform(-1, 1, (count, 2))
    result = made(warp, picture, base, base)
    assert result.shape == picture.shape
    assert np.abs(result - picture).max() < 1e-3


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 50])
@pytest.mark.parametrize("size", [(64, 64), (97, 33), (128, 256)])
def test_graph_and_formula_agree(warp, smooth_picture, count, size):
    picture = smooth_picture(*size)
    rng = np.random.default_rng(count)
    base = rng.uniform(-1, 1, (count, 2))
    current = base + rng.normal(0, 0.15, (count, 2))
    expected = reference.warp(picture.astype(np.float64), base, current)
    assert np.abs(made(warp, picture, base, current) - expected).max() < 2e-4


def test_translation_of_all_points_moves_the_picture(warp, smooth_picture):
    picture = smooth_picture(128, 128)
    x, y = np.meshgrid(np.linspace(-0.9, 0.9, 5), np.linspace(-0.9, 0.9, 5))
    base = np.stack([x.ravel(), y.ravel()], axis=1)
    by = 8  # pixels to the right and half of that down
    moved = made(warp, picture, base, base + np.array([by * 2 / 128, by / 128]))
    difference = moved[:, 20:-20, 20:-20] - np.roll(picture, (by // 2, by), (1, 2))[:, 20:-20, 20:-20]
    unmoved = moved[:, 20:-20, 20:-20] - picture[:, 20:-20, 20:-20]
    # A weight for "no motion" is part of every mean, so a little of the way may be missing.
    assert np.abs(difference).mean() < 0.03 * np.abs(unmoved).mean()


def test_a_single_point_takes_its_surroundings_along(warp, smooth_picture):
    picture = smooth_picture(64, 64)
    moved = made(warp, picture, np.zeros((1, 2)), np.array([[8 / 64, 0.0]]))
    near = np.abs(moved - np.roll(picture, 4, 2))[:, 28:36, 28:36]
    assert near.max() < 0.05


def test_far_from_every_point_the_picture_stays():
    x, y = np.meshgrid(np.linspace(-0.15, 0.15, 4), np.linspace(-0.15, 0.15, 4))
    base = np.stack([x.ravel(), y.ravel()], axis=1)
    shift = np.array([0.1, 0.05])
    field = reference.field(base, base + shift, 128, 128)
    np.testing.assert_allclose(field[32, 34], -shift, atol=0.002)
    edges = np.concatenate([field[0], field[-1], field[:, 0], field[:, -1]])
    assert np.abs(edges).max() < 0.1 * shift[0]
    corners = field[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.abs(corners).max() < 1e-4


def test_z_has_no_influence(warp, smooth_picture):
    picture = smooth_picture(48, 48)
    rng = np.random.default_rng(3)
    base, current = rng.uniform(-1, 1, (6, 2)), rng.uniform(-1, 1, (6, 2))
    flat = made(warp, picture, base, current)
    deep = made(warp, picture, np.c_[base, rng.random(6)], np.c_[current, rng.random(6)])
    np.testing.assert_array_equal(flat, deep)


def test_one_wild_point_among_good_ones_does_little(warp, smooth_picture):
    picture = smooth_picture(128, 128)
    x, y = np.meshgrid(np.linspace(-0.8, 0.8, 5), np.linspace(-0.8, 0.8, 5))
    base = np.stack([x.ravel(), y.ravel()], axis=1)
    good = base + 0.05
    wild = good.copy()
    wild[12] += [0.9, -0.7]
    disturbed = np.abs(made(warp, picture, base, wild) - made(warp, picture, base, good))
    assert disturbed.mean() < 0.1 * np.abs(made(warp, picture, base, good) - picture).mean()


@pytest.mark.parametrize("value", [0.0, 1e30, -(2.0**32)])
def test_any_numbers_give_a_picture(warp, smooth_picture, value):
    picture = smooth_picture(32, 32)
    base = np.full((7, 2), 0.25)
    result = made(warp, picture, base, np.full((7, 2), value))
    assert np.isfinite(result).all()
    assert result.min() >= -1e-6
    assert result.max() <= 1 + 1e-6


def test_circles_stay_circles_in_wide_pictures():
    # Around one point, the field depends on the distance in pixels only.
    field = reference.field(np.zeros((1, 2)), np.array([[0.05, 0.0]]), 100, 200)
    along_x = field[32, 32 + 8, 0]  # 8 of 64 places to the right: 25 of 200 pixels
    along_y = field[32 + 16, 32, 0]  # 16 of 64 places down: 25 of 100 pixels
    assert along_x == pytest.approx(along_y, rel=0.05)


def test_the_derivative_of_the_field_is_what_refinement_takes_it_for():
    rng = np.random.default_rng(2)
    base = rng.uniform(-0.8, 0.8, (9, 2))
    at, reach = reference.places(16), reference.reaches(base)
    unit = reference.spread(at, base, np.eye(9), reach)
    step = 1e-5
    moved = base.copy()
    moved[4, 0] += step
    change = reference.field(base, moved, 64, 64, grid=16)[..., 0].ravel() / step
    np.testing.assert_allclose(change, -unit[:, 4], atol=1e-3)
