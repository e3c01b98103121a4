"""gfv models, gfv doctor, and the demo as make runs it."""

import json
import os
import re
import subprocess
import sys

import numpy as np


def run(*arguments, **options):
    return subprocess.run([*map(str, arguments)], capture_output=True, text=True, **options)


def test_models_are_listed_and_described():
    assert "warp" in run("gfv", "models", "list").stdout
    contract = json.loads(run("gfv", "models", "info", "warp").stdout)
    assert contract


def test_an_exported_generator_plays_like_the_built_in_one(face_clip, tmp_path):
    model, stream = tmp_path / "warp.onnx", tmp_path / "face.264"
    assert run("gfv", "models", "export", "warp", "-o", model).returncode == 0
    assert run("gfv", "encode", face_clip, "-o", stream, "--codec", "avc", "--pictures", 4).returncode == 0
    outputs = []
    for generator in ("warp", model):
        out = tmp_path / "out.yuv"
        done = run("gfv", "decode", stream, "-o", out, "--generator", generator)
        assert done.returncode == 0, done.stderr
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1]


def test_an_architecture_is_told_of_in_words():
    about = json.loads(run("gfv", "models", "info", "mrdac").stdout)
    assert "latest base pictures" in about["takes"]
    assert about["profiles"] == ["MRDAC"]


def test_a_model_that_is_none_is_refused(face_clip, tmp_path):
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(os.urandom(100))
    done = run("gfv", "decode", face_clip, "-o", tmp_path / "x.mp4", "--generator", bad)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_doctor_lists_what_there_is():
    done = run("gfv", "doctor")
    assert done.returncode == 0, done.stdout
    for word in ("libvvenc", "libx265", "libx264", "onnxruntime", "warp"):
        assert word in done.stdout
    assert re.search(r"ok +providers .*  (\S+, )*cpu", done.stdout)


def test_doctor_breaks_no_line_that_fits_a_terminal():
    done = run("gfv", "doctor", env={**os.environ, "COLUMNS": "80"})
    for line in done.stdout.splitlines():
        assert len(line) <= 80 or "/" in line, line  # a path is as long as it is


def test_doctor_without_ffmpeg_says_so(tmp_path):
    done = run("gfv", "doctor", env={**os.environ, "GFV_FFMPEG": str(tmp_path / "nothing")})
    assert done.returncode == 1
    assert "GFV_FFMPEG" in done.stdout


def test_the_demo_leaves_what_it_promises(face_clip, tmp_path):
    """On a clip of one's own; the default input is the same but for its camera path."""
    done = run(sys.executable, "-m", "generators.demo", "--video", face_clip, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert "face.mp4" in names  # what the commands of the README begin with
    for codec, ending in (("vvc", "266"), ("hevc", "265"), ("avc", "264")):
        assert {
            f"face.{ending}",
            f"side-by-side-{codec}.mp4",
            f"contact-sheet-{codec}.png",
            f"inspect-{codec}.txt",
        } <= names
    table = [line.split() for line in (tmp_path / "table.txt").read_text().splitlines()[2:5]]
    assert [row[0] for row in table] == ["vvc", "hevc", "avc"]
    for row in table:
        repeated, generated = float(row[6]), float(row[8])
        assert np.isfinite(repeated)
        assert generated > repeated
