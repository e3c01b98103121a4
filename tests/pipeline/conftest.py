"""A short face clip that any machine has: the demo's own picture on its camera path."""

from itertools import islice
from pathlib import Path

import pytest

CLIP = Path(__file__).parents[3] / "shared/data/faces/pexels_woman_256.mp4"


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory):
    """face.mp4, 12 pictures of 128x128."""
    pytest.importorskip("skimage", reason="the demo's picture comes with scikit-image")
    from generators.demo import FPS, camera_path
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import write_mp4

    path = tmp_path_factory.mktemp("clip") / "face.mp4"
    write_mp4((to_rgb8(picture) for picture in islice(camera_path(128, 128), 12)), path, FPS, crf=10)
    return path


@pytest.fixture(scope="session")
def clip(face_clip):
    """A real clip if there is one, else the portrait that moves."""
    return CLIP if CLIP.is_file() else face_clip


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Folders of exported architectures by name, each made once."""
    from small_networks import exported

    made: dict[str, Path] = {}

    def model(name: str) -> Path:
        if name not in made:
            made[name] = exported(name, tmp_path_factory.mktemp("models"))
        return made[name]

    return model
