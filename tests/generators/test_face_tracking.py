"""The encoder's side, on real faces: points, tracking, and the picture that comes out of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from generators.errors import ParameterError
from generators.face_region import face_region
from generators.parameters import FaceParameters
from generators.pictures import to_planes
from generators.points import choose
from generators.quality import psnr, psnr_luma
from generators.registry import load_generator
from generators.tracking import FaceTracker

CLIPS = {
    # Gain over repeating the base picture that is asked for, in dB; measured 4.8 to 10.
    "grid_bbaf2n_256": 5.0,
    "grid_lbbc2a_256": 3.5,
    "grid_swiz3n_256": 5.0,
    "pyfeat_man_256": 8.0,
    "pyfeat_man_512": 7.5,
    "pexels_woman_256": 5.0,
}


@pytest.mark.parametrize("name", CLIPS)
def test_the_warp_follows_the_head(clip, name):
    frames = clip(name, step=4 if name.endswith("256") else 6)
    tracker, warp = FaceTracker(), load_generator("warp")
    base = tracker.start(frames[0]).quantised(8)
    still = to_planes(frames[0])
    warp.set_base(still, base)
    figures = []
    for frame in frames[1:]:
        made = warp.generate(tracker.track(frame).quantised(8))
        real = to_planes(frame)
        figures.append([psnr(still, real), psnr(made, real), psnr_luma(still, real), psnr_luma(made, real)])
    repeated, warped, repeated_luma, warped_luma = np.mean(figures, axis=0)
    print(
        f"{name}: {len(figures)} pictures, PSNR repeating {repeated:.2f} (luma {repeated_luma:.2f}), "
        f"warped {warped:.2f} (luma {warped_luma:.2f}) dB"
    )
    assert warped > repeated + CLIPS[name]
    assert warped_luma > repeated_luma + CLIPS[name]


@pytest.mark.parametrize("name", ["grid_swiz3n_256", "pyfeat_man_512"])
def test_a_face_is_found_in_the_clips(clip, name):
    (frame,) = clip(name, limit=1)
    region = face_region(frame)
    assert region.detected
    middle = np.array([region.x + region.width / 2, region.y + region.height / 2]) / frame.shape[1]
    assert np.abs(middle - 0.52).max() < 0.15
    assert 0.4 < region.width / frame.shape[1] < 0.8


def test_no_face_no_failure():
    region = face_region(np.zeros((90, 160, 3), np.uint8))
    assert not region.detected
    assert (region.x + region.width / 2, region.y + region.height / 2) == (80, 45)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 28, 100])
def test_exactly_so_many_points_all_apart_and_inside(face_picture, count):
    grey = cv2.cvtColor(face_picture, cv2.COLOR_RGB2GRAY)
    for picture in (grey, np.full_like(grey, 128)):
        points = choose(picture, face_region(face_picture), count).points
        assert points.shape == (count, 2)
        assert points.min() >= 0
        assert (points <= [255, 255]).all()
        assert len(np.unique(points.round(1), axis=0)) == count


def moved(picture: np.ndarray, angle: float, scale: float, shift: tuple[float, float]) -> tuple:
    """The picture turned, scaled and shifted, and the map that did it."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, scale)
    matrix[:, 2] += shift
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), matrix


def test_points_go_where_the_picture_goes(face_picture):
    tracker = FaceTracker(20)
    base = tracker.start(face_picture).keypoints
    for step in range(1, 6):
        picture, matrix = moved(face_picture, 1.2 * step, 1 + 0.01 * step, (1.5 * step, -step))
        found = tracker.track(picture)
        pixels = ((base + 1) * 256 - 1) / 2
        expected = (2 * (np.c_[pixels, np.ones(20)] @ matrix.T) + 1) / 256 - 1
        inside = (np.abs(expected) < 0.85).all(axis=1) & (np.abs(base) < 0.85).all(axis=1)
        assert np.median(np.abs(found.keypoints - expected)[inside]) < 0.01
        assert not found.low_confidence


def test_measured_against_the_base_picture_nothing_drifts(face_picture):
    tracker = FaceTracker(20)
    base = tracker.start(face_picture)
    for step in range(24):
        picture, _ = moved(face_picture, 3 * np.sin(step), 1.0, (4 * np.sin(step), 3 * np.cos(step)))
        tracker.track(picture)
    again = tracker.track(face_picture)
    assert np.abs(again.keypoints - base.keypoints).max() < 0.01


def test_tracking_is_deterministic(face_picture):
    runs = []
    for _ in range(2):
        tracker = FaceTracker()
        tracker.start(face_picture)
        runs.append(tracker.track(moved(face_picture, 4, 1.03, (5, 2))[0]).keypoints)
    np.testing.assert_array_equal(*runs)


def test_refinement_makes_the_picture_better(clip):
    frames = clip("pyfeat_man_256", step=12)
    warp = load_generator("warp")
    means = []
    for refine in (False, True):
        tracker = FaceTracker(refine=refine)
        warp.set_base(to_planes(frames[0]), tracker.start(frames[0]))
        means.append(np.mean([psnr(warp.generate(tracker.track(f)), to_planes(f)) for f in frames[1:]]))
    assert means[1] > means[0] + 1


def test_another_scene_is_low_confidence(face_picture):
    tracker = FaceTracker()
    tracker.start(face_picture)
    noise = np.random.default_rng(0).integers(0, 256, face_picture.shape, dtype=np.uint8)
    lost = tracker.track(noise)
    assert lost.low_confidence
    assert np.isfinite(lost.keypoints).all()
    assert np.abs(lost.keypoints).max() <= 1


@pytest.mark.parametrize("size", [(16, 16), (97, 131), (240, 135)])
@pytest.mark.parametrize("count", [1, 5])
def test_odd_sizes_and_few_points(size, count):
    picture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8), (0, 0), 1.5)
    tracker = FaceTracker(count)
    base = tracker.start(picture)
    assert base.keypoints.shape == (count, 2)
    again = tracker.track(picture)
    assert np.abs(again.keypoints - base.keypoints).max() < 0.01


def test_a_blank_picture_does_not_fail():
    blank = np.full((64, 64, 3), 90, np.uint8)
    tracker = FaceTracker()
    base = tracker.start(blank)
    again = tracker.track(blank)
    np.testing.assert_allclose(again.keypoints, base.keypoints, atol=1e-6)


def test_what_is_no_picture_is_refused():
    tracker = FaceTracker()
    with pytest.raises(ParameterError, match="no base picture"):
        tracker.track(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(ParameterError, match="uint8"):
        tracker.start(np.zeros((64, 64, 3), np.float32))
    with pytest.raises(ParameterError, match="16 x 16"):
        tracker.start(np.zeros((8, 64, 3), np.uint8))
    tracker.start(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(ParameterError, match="base picture"):
        tracker.track(np.zeros((64, 32, 3), np.uint8))
    with pytest.raises(ParameterError, match="1 to 1024"):
        FaceTracker(0)


def test_base_parameters_are_in_the_units_of_the_syntax(face_picture):
    base = FaceTracker(28).start(face_picture)
    assert isinstance(base, FaceParameters)
    assert np.abs(base.keypoints).max() < 1
    # The anchors stand last: 3 per cent from the edges.
    assert base.keypoints[-8:, 0].max() == pytest.approx(1 - 2 * 0.03, abs=0.01)


@pytest.mark.parametrize("precision", [1, 5, 8, 12])
def test_coding_does_not_shift_the_points_of_the_base_picture(face_picture, precision):
    base = FaceTracker(28, precision=precision).start(face_picture)
    np.testing.assert_array_equal(base.quantised(precision).keypoints, base.keypoints)
    with pytest.raises(ParameterError, match="1 to 32"):
        FaceTracker(precision=0)
