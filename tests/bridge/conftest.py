"""Source pictures for the bridge tests: scikit-image's astronaut through a window that moves along a path."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from vtm_bridge.colour import from_rgb8
from vtm_bridge.pictures import Picture, PictureFormat

FACES = Path(__file__).parents[3] / "shared" / "data" / "faces"


@pytest.fixture(scope="session")
def astronaut() -> npt.NDArray[np.uint8]:
    data = pytest.importorskip("skimage.data", reason="scikit-image is not installed")
    return np.ascontiguousarray(data.astronaut())


@pytest.fixture(scope="session")
def clip(astronaut: npt.NDArray[np.uint8]) -> Callable[..., Iterator[Picture]]:
    def make(format: PictureFormat, pictures: int = 4) -> Iterator[Picture]:
        for i in range(pictures):
            top, left = 2 * i, 180 - i
            window = astronaut[top : top + format.height, left : left + format.width]
            yield from_rgb8(np.ascontiguousarray(window), format)

    return make


@pytest.fixture(scope="session")
def faces() -> Path:
    if not FACES.is_dir():
        pytest.skip(f"no real face videos here ({FACES})")
    return FACES


@pytest.fixture
def children() -> Iterator[Callable[[], list[str]]]:
    """Lists the processes that the test started and that still run, or have not been collected."""

    def now() -> list[str]:
        ps = ["ps", "-o", "pid=,ppid=,args=", "-A"]
        rows = subprocess.run(ps, capture_output=True, text=True, check=True).stdout.splitlines()
        return [row for row in rows if row.split()[1] == str(os.getpid()) and "ps -o" not in row]

    before = {row.split()[0] for row in now()}

    def alive() -> list[str]:
        deadline = time.monotonic() + 30
        while True:
            mine = [row for row in now() if row.split()[0] not in before]
            if not mine or time.monotonic() > deadline:
                return mine
            time.sleep(0.02)

    yield alive
    for row in alive():
        os.kill(int(row.split()[0]), signal.SIGKILL)
