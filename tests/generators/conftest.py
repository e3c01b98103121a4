"""Face clips for tests, where the working tree has them beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

FACES = Path(__file__).resolve().parents[3] / "shared" / "data" / "faces"


@pytest.fixture(scope="session")
def clip():
    """Give frames of a clip, RGB uint8 [H, W, 3]; skips where the clips are not there."""
    import cv2

    def read(name: str, step: int = 1, limit: int = 10_000) -> list[np.ndarray]:
        path = FACES / f"{name}.mp4"
        if not path.is_file():
            pytest.skip(f"the face clips are not here: no {path}")
        capture = cv2.VideoCapture(str(path))
        frames = []
        for index in range(limit * step):
            there, frame = capture.read()
            if not there:
                break
            if index % step == 0:
                frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        capture.release()
        return frames

    return read


@pytest.fixture(scope="session")
def face_picture() -> np.ndarray:
    """A photograph with a face in it, RGB uint8 [256, 256, 3], out of scikit-image's wheel."""
    data = pytest.importorskip("skimage.data")
    import cv2

    return cv2.resize(data.astronaut()[0:300, 60:360], (256, 256), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="session")
def smooth_picture():
    """Make a picture float32 [3, H, W], 0 to 1, without sharp edges, so that sampling errors stay small."""
    import cv2

    def make(height: int, width: int, seed: int = 0) -> np.ndarray:
        noise = np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)
        soft = cv2.GaussianBlur(noise, (0, 0), 3)
        soft = (soft - soft.min()) / (soft.max() - soft.min())
        return np.ascontiguousarray(soft.transpose(2, 0, 1))

    return make
