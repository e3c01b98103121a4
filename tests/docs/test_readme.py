"""The README tells the truth: its commands and its Python run, in the order in which they stand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.S)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with face.mp4: a second of the demo's own picture on its camera path."""
    pytest.importorskip("skimage", reason="the demo's picture comes with scikit-image")
    from itertools import islice

    from generators.demo import FPS, camera_path
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import write_mp4

    folder = tmp_path_factory.mktemp("readme")
    write_mp4((to_rgb8(picture) for picture in islice(camera_path(128, 128), 10)), folder / "face.mp4", FPS)
    return folder


def test_every_example_runs(folder):
    blocks = BLOCK.findall(README.read_text())
    assert [kind for kind, _ in blocks] == ["sh", "sh", "sh", "sh", "python", "sh"]
    for kind, text in blocks:
        commands = ["bash", "-euo", "pipefail", "-c", text] if kind == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(commands, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{text}\n{done.stderr}"


def test_the_shortest_record_can_be_injected(folder, tmp_path):
    import json

    import gfv_sei
    from vtm_bridge.ffmpeg import encode, read_video

    (line,) = re.findall(r"```json\n(.*?)\n```", README.read_text())
    base = tmp_path / "base.264"
    _, pictures = read_video(folder / "face.mp4", pictures=1)
    encode(pictures, base, "avc")
    gfv_sei.inject(base, [json.loads(line)], tmp_path / "out.264")
    (record,) = gfv_sei.read_messages(tmp_path / "out.264")
    assert record["values"]["coordinates"] == [[0.1484375, -0.12890625], [0.3984375, 0.19921875]]


def test_commands_are_all_listed():
    """Every command that gfv --help lists has a help text of its own, and the README's commands exist."""
    listed = subprocess.run(["gfv", "--help"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  (\w[\w-]*)  ", listed.split("Commands:")[1], re.M)
    for used in set(re.findall(r"^gfv (\w[\w-]*)", README.read_text(), re.M)):
        assert used in names
    for name in names:
        text = subprocess.run(["gfv", name, "--help"], capture_output=True, text=True, check=True).stdout
        assert text.startswith(f"Usage: gfv {name} ")
