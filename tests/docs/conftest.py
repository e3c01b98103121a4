"""A face video for the examples of README and documentation."""

from __future__ import annotations

import shutil
from itertools import islice

import pytest


@pytest.fixture(scope="session")
def face_video(tmp_path_factory):
    """face.mp4: ten pictures of the demo's own portrait on its camera path."""
    pytest.importorskip("skimage", reason="the demo's picture comes with scikit-image")
    from generators.demo import FPS, camera_path
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import write_mp4

    path = tmp_path_factory.mktemp("face") / "face.mp4"
    write_mp4((to_rgb8(picture) for picture in islice(camera_path(128, 128), 10)), path, FPS)
    return path


@pytest.fixture(scope="session")
def face_stream(face_video, gfv):
    """face.266: that video, coded."""
    path = face_video.with_name("face.266")
    done = gfv("encode", face_video, "-o", path)
    assert done.returncode == 0, done.stderr.decode()
    return path


@pytest.fixture
def folder(face_video, tmp_path):
    """An empty folder with face.mp4."""
    shutil.copy(face_video, tmp_path)
    return tmp_path
