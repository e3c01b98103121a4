"""Clips made here: a face-like pattern that moves, as video files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from vtm_bridge.ffmpeg import write_mp4

SIDE, PICTURES = 64, 10


def moving(seed: int) -> np.ndarray:
    """RGB uint8 [PICTURES, SIDE, SIDE, 3]: blobs on a background, swaying, one of them changing its colour."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    places, colours = random.uniform(0.3, 0.7, (6, 2)), random.uniform(0, 1, (6, 3))
    pictures = []
    for time in range(PICTURES):
        sway = 0.06 * np.sin(2 * np.pi * time / PICTURES)
        picture = np.stack([0.4 + 0.2 * x, 0.5 + 0 * x, 0.6 - 0.2 * y], axis=-1)
        for index, (place, colour) in enumerate(zip(places, colours, strict=True)):
            weight = np.exp(-((x - place[0] - sway) ** 2 + (y - place[1]) ** 2) / 0.008)[..., None]
            picture = picture * (1 - weight) + weight * (colour if index else colour * time / PICTURES)
        pictures.append(picture)
    return np.rint(np.stack(pictures) * 255).astype(np.uint8)


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A folder with two clips."""
    where = tmp_path_factory.mktemp("clips")
    for seed in range(2):
        write_mp4(iter(moving(seed)), str(where / f"clip{seed}.mp4"), Fraction(25))
    return where
