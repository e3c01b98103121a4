"""What an installed gfv has to do: every command whose code, data or entry point has to be in the wheel."""

from __future__ import annotations

import json
from pathlib import Path

from .wheel import Environment

VIDEO = """
import numpy as np
from vtm_bridge.ffmpeg import write_mp4
rows, columns = np.mgrid[0:64, 0:64]
picture = np.stack([rows * 4, columns * 4, (rows // 8 + columns // 8) % 2 * 200], axis=-1).astype(np.uint8)
write_mp4([np.roll(picture, step, axis=1) for step in range(3)], "face.mp4", 25)
"""


def try_out(environment: Environment, folder: Path) -> None:
    """Run it in a folder that is not the repository; AssertionError where something fails."""
    run = environment.run
    at = {"cwd": folder}
    home = run("python", "-c", "import gfv_sei; print(gfv_sei.__file__)", **at)
    assert str(environment.folder) in home, f"another gfv was imported: {home}"
    assert run("gfv", "--version", **at).startswith("gfv, version ")
    run("python", "-c", VIDEO, **at)
    run("gfv", "encode", "face.mp4", "-o", "face.264", "--codec", "avc", **at)
    assert "generative_face_video" in run("gfv", "inspect", "face.264", **at)
    assert run("gfv", "validate", "face.264", **at)
    run("gfv", "decode", "face.264", "-o", "again.y4m", **at)
    assert (folder / "again.y4m").stat().st_size > 3 * 64 * 64
    assert "warp" in run("gfv", "doctor", **at)
    assert "KPS_A" in run("gfv", "conformance", "list", **at)
    assert run("gfv", "models", "list", **at).startswith("warp ")
    assert json.loads(run("gfv", "models", "info", "warp", **at))["name"] == "warp"
    schema = "import json; from gfv_sei.schema import record_schema; print(json.dumps(record_schema()))"
    assert json.loads(run("python", "-c", schema, **at))["title"]
