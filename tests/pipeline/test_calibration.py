"""Colour calibration: a generator that shifts colours, and the decoded base picture that says so."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import helper
from order.order_material import encode
from painting import BASE, IMAGE, OUT, POINT, decoded, file_of, gfv, graph, injected, player

from generators.contract import Contract
from generators.parameters import FaceParameters
from generators.pipeline.calibration import GAINS, Calibration, region
from generators.roles import Network


def drifting():
    """A network whose pictures are 0.8 times the base picture plus x, and darker in each channel by another amount."""
    made = graph(
        [
            helper.make_node("Split", ["kp", "halves"], ["x", "y"], axis=1),
            helper.make_node("Mul", ["base", "gain"], ["dull"]),
            helper.make_node("Add", ["dull", "x"], ["light"]),
            helper.make_node("Sub", ["light", "shift"], ["out"]),
        ],
        {"base": IMAGE, "kp": [1, 2]},
        {"out": IMAGE},
        {
            "halves": np.array([1, 1]),
            "gain": np.float32(0.8),
            "shift": np.array([0.05, 0.0, -0.1], np.float32).reshape(3, 1, 1),
        },
    )
    return file_of(made, Contract("drifting", Network.GENERATIVE, (BASE, POINT), (OUT,)))


@pytest.mark.parametrize(("mode", "light"), [("base", 0.0), ("picture", 0.0), ("picture", 0.125)])
def test_generated_pictures_get_the_colours_of_the_base_picture(mode, light, tmp_path):
    path = injected(encode("avc", "keyint=1", 1), [gfv(0, 0, 0.0, base=True), gfv(0, 1, light)], tmp_path / "s")
    (true,) = decoded(path)
    _, off = player(drifting()).play(str(path))
    assert np.abs(off.generated - true).mean() > 0.04
    _, shown = player(drifting(), calibrate=mode).play(str(path))
    assert np.abs(shown.generated - true).max() < 1e-4


def test_a_change_of_light_survives_calibration_by_the_base_picture(tmp_path):
    records = [gfv(0, 0, 0.0, base=True), gfv(0, 1, 0.125)]
    path = injected(encode("avc", "keyint=1", 1), records, tmp_path / "s")
    (true,) = decoded(path)
    _, shown = player(drifting(), calibrate="base").play(str(path))
    middle = (true > 0.1) & (true < 0.8)  # what is not clipped
    np.testing.assert_allclose((shown.generated - true)[middle], 0.125 / 0.8, atol=1e-3)


def test_a_flat_picture_gets_an_offset_only():
    flat = np.full((3, 8, 8), 0.5, np.float32)
    busy = np.random.default_rng(1).random((3, 8, 8), dtype=np.float32)
    found = Calibration.matching(flat, busy)
    np.testing.assert_array_equal(found.gain, 1)
    np.testing.assert_allclose(found(flat).mean(axis=(1, 2)), busy.mean(axis=(1, 2)), atol=1e-6)


def test_gains_stay_within_bounds():
    busy = np.random.default_rng(1).random((3, 8, 8), dtype=np.float32)
    dull = busy * np.float32(0.05)
    assert Calibration.matching(dull, busy).gain == pytest.approx(np.full((3, 1, 1), GAINS[1]))
    assert Calibration.matching(busy, dull).gain == pytest.approx(np.full((3, 1, 1), GAINS[0]))


def test_the_region_is_that_of_the_keypoints():
    picture = np.zeros((3, 64, 32), np.float32)
    points = FaceParameters(np.array([[-0.5, 0.0], [0.5, 0.5]]))
    assert region(picture, points).shape == (3, 16, 16)
    assert region(picture, FaceParameters()).shape == picture.shape
    assert region(picture, FaceParameters(np.zeros((4, 2)))).shape == picture.shape
    assert region(picture, FaceParameters(np.array([[-9.0, -9.0, 0.0], [9.0, 9.0, 0.0]]))).shape == picture.shape
