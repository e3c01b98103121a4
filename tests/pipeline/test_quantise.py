"""gfv models quantise: smaller numbers from the command line, calibrated on a clip."""

from __future__ import annotations

import re

import pytest
from painting import Run
from small_networks import SIDE

from generators.model_file import read_model


@pytest.mark.parametrize("name", ["dac", "hdac", "cfte"])
def test_int8_of_a_network_with_its_own_analysis(name, models, face_clip, tmp_path):
    """Calibrated on what its AnalysisNN makes of the clip; it plays from another folder than the float network's."""
    made = tmp_path / "small" / f"{name}-int8.onnx"
    made.parent.mkdir()
    done = Run("models", "quantise", models(name), face_clip, "-o", made)
    assert done.returncode == 0, done.stderr
    found = re.search(r"int8 against float, 1 picture that nothing was found on: ([\d.]+) dB at least", done.stderr)
    assert float(found[1]) > 15  # untrained: what it makes is noise, on which 8 bits show
    contract = read_model(made).contract
    assert (contract.name, contract.variant["precision"]) == (f"{name}-int8", "int8")
    stream, out = tmp_path / "face.266", tmp_path / "face.y4m"
    size = f"{SIDE}x{SIDE}"
    coded = Run("encode", face_clip, "-o", stream, "--generator", made, "--size", size, "--pictures", 3)
    assert coded.returncode == 0, coded.stderr
    played = Run("decode", stream, "-o", out, "--generator", made)
    assert played.returncode == 0, played.stderr
    assert out.read_bytes().count(b"FRAME") == 3


def test_fp16_needs_no_clip(models, tmp_path):
    done = Run("models", "quantise", models("fomm"), "-o", tmp_path / "half.onnx", "--precision", "fp16")
    assert done.returncode == 0, done.stderr
    assert read_model(tmp_path / "half.onnx").contract.variant["precision"] == "fp16"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["warp", "-o", "x.onnx"], "int8 is calibrated on pictures"),
        (["warp", "face.mp4", "-o", "x"], "MODEL.onnx"),
        (["none.onnx", "face.mp4", "-o", "x.onnx"], "none.onnx"),
        (["warp", "text", "-o", "x.onnx"], "no video that ffmpeg reads"),
    ],
)
def test_what_cannot_be(words, said, face_clip, tmp_path):
    (tmp_path / "text").write_text("no video")
    stands_for = {"face.mp4": face_clip, "text": tmp_path / "text"}
    words = [stands_for.get(word, word) for word in words[:-1]] + [tmp_path / words[-1]]
    done = Run("models", "quantise", *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.onnx").exists()
