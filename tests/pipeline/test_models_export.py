"""gfv models export of architectures, the files that come of it, and that only this needs torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from small_networks import SETTINGS, SIDE, Request, fulfil, gfv, request_of

from generators import load_analyser, load_generator
from generators.errors import ContractError, ModelError
from generators.model_file import contract_of, read_model
from generators.registry import model_path
from generators.roles import Network
from gfv_sei.cli import main
from vtm_bridge.pictures import Y4MReader

FEW = ("--pictures", 3)
DAC = [word for key, value in SETTINGS["dac"].items() for word in ("--settings", f"{key}={value}")]

BLOCKER = """
import sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            open({log!r}, "a").write(name + "\\n")
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

sys.meta_path.insert(0, NoTorch())
"""


def test_neither_encoding_nor_decoding_needs_torch(clip, models, tmp_path):
    """Where torch cannot be imported, and nobody tries to."""
    model = models("fomm")
    folder, log = tmp_path / "site", tmp_path / "asked-for"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCKER.format(log=str(log)))
    environment = {**os.environ, "PYTHONPATH": str(folder)}

    def run(*words):
        return subprocess.run(list(map(str, words)), capture_output=True, text=True, env=environment)

    blocked = run(sys.executable, "-c", "import torch")
    assert "No module named 'torch'" in blocked.stderr
    log.unlink()
    stream, out = tmp_path / "face.266", tmp_path / "out.y4m"
    for words in (
        ("encode", clip, "-o", stream, "--generator", model, *FEW),
        ("decode", stream, "-o", out, "--generator", model),
        ("models", "list"),
        ("models", "info", model),
    ):
        done = run("gfv", *words)
        assert done.returncode == 0, done.stderr
    with out.open("rb") as file:
        assert len(list(Y4MReader(file))) == 3
    assert not log.exists(), log.read_text()
    done = run("gfv", "models", "export", "fomm", "-o", tmp_path / "x", "--untrained", 0)
    assert done.returncode == 1
    assert "pip install -e '.[train]'" in done.stderr


def test_untrained_weights_are_said_to_be(tmp_path):
    said = gfv("models", "export", "dac", "-o", tmp_path / "m", "--untrained", 5, "--size", SIDE, *DAC)
    names = {f"dac-{SIDE}{end}" for end in (".onnx", ".base.onnx", ".analysis.onnx")}
    assert {path.name for path in (tmp_path / "m").iterdir()} == names
    assert all(name in said for name in names)
    contract = json.loads(gfv("models", "info", tmp_path / "m"))
    assert contract["source"] == "untrained, seed 5"
    assert contract["analysis"]["file"] == f"dac-{SIDE}.analysis.onnx"
    # The same seed gives the same weights.
    gfv("models", "export", "dac", "-o", tmp_path / "n", "--untrained", 5, "--size", SIDE, *DAC)
    assert read_model(tmp_path / "m" / f"dac-{SIDE}.onnx").main == read_model(tmp_path / "n" / f"dac-{SIDE}.onnx").main


def test_an_architecture_without_analysis(clip, tmp_path):
    """What there is comes out, and both say what encoders do in its place."""
    said = gfv("models", "export", "rt", "-o", tmp_path / "m", "--untrained", 1)
    assert {path.name for path in (tmp_path / "m").iterdir()} == {"rt-256.onnx", "rt-256.base.onnx"}
    assert "gfv: rt has no AnalysisNN; its keypoints are those that gfv encode tracks without --generator" in said
    assert "AnalysisNN" not in gfv("models", "export", "rt", "-o", tmp_path / "n", "--untrained", 1, "--no-analysis")
    refused = CliRunner().invoke(
        main, ["encode", str(clip), "-o", str(tmp_path / "x"), "--generator", str(tmp_path / "m")]
    )
    assert refused.exit_code == 1
    assert "needs no --generator when encoding" in refused.output
    gfv("encode", clip, "-o", tmp_path / "x.264", "--codec", "avc", "--size", "256x256", *FEW)
    words = ("decode", tmp_path / "x.264", "-o", tmp_path / "x.yuv", "--generator", tmp_path / "m")
    assert "3 pictures" in gfv(*words)


def test_weights_of_a_file_are_named(models, tmp_path):
    contract = contract_of(model_path(models("rdac")))
    assert contract.source.startswith("rdac.npz, sha256 ")
    assert contract.licence == "CC0-1.0"
    # One file for each module, the main graph by its own name, without an AnalysisNN.
    request = request_of("dac", tmp_path)
    weights = request.weights[0]
    each = ("--weights", f"kp_detector={weights}", "--weights", f"generator={weights}")
    gfv("models", "export", "dac", "-o", tmp_path / "mine.onnx", *each, "--no-analysis", *DAC)
    assert contract_of(tmp_path / "mine.onnx").analysis is None
    with pytest.raises(ModelError, match="names no AnalysisNN"):
        load_analyser(tmp_path / "mine.onnx")


def test_base_parameters_recomputed_by_the_decoder(clip, tmp_path):
    gfv("models", "export", "dac", "-o", tmp_path / "m", "--untrained", 1, "--base-analysis", *DAC)
    gfv("encode", clip, "-o", tmp_path / "x.264", "--codec", "avc", "--generator", tmp_path / "m", *FEW)
    words = ("decode", tmp_path / "x.264", "-o", tmp_path / "x.yuv", "--generator", tmp_path / "m")
    assert "3 pictures" in gfv(*words, "--base-parameters", "recomputed")


def test_another_analysis_than_the_contract_says_is_refused(models, tmp_path):
    for path in models("dac").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    other = models("mrdac") / f"mrdac-{SIDE}.analysis.onnx"
    (tmp_path / f"dac-{SIDE}.analysis.onnx").write_bytes(other.read_bytes())
    with pytest.raises(ModelError, match="is another one: sha256"):
        load_analyser(tmp_path)


def test_an_analysis_is_no_generator(models):
    analysis = models("dac") / f"dac-{SIDE}.analysis.onnx"
    assert contract_of(analysis).network == Network.ANALYSIS
    with pytest.raises(ContractError, match="is of AnalysisNN, where GenerativeNN is needed"):
        load_generator(analysis)
    analyser = load_analyser(analysis)
    with pytest.raises(ContractError, match="no base picture yet: start comes before follow"):
        analyser.follow(np.zeros((3, SIDE, SIDE), np.float32))
    analyser.start(np.zeros((3, SIDE, SIDE), np.float32))
    with pytest.raises(ContractError, match="where the base picture is"):
        analyser.follow(np.zeros((3, SIDE, 2 * SIDE), np.float32))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("models", "export", "nothing", "-o", "x"), "there is no such generator or architecture"),
        (("models", "export", "dac", "-o", "x"), "either files or untrained"),
        (("models", "export", "dac", "-o", "x", "--untrained", "1", "--settings", "flow=zero"), "no such setting"),
        (("models", "export", "dac", "-o", "x", "--untrained", "1", "--settings", "keypoints=ten"), "a whole number"),
        (("models", "export", "dac", "-o", "x", "--untrained", "1", "--settings", "antialias=sharp"), "picked, bil"),
        (("models", "export", "dac", "-o", "x", "--untrained", "1", "--variant", "v9"), "gfvc-v2, abc"),
        (("models", "export", "dac", "-o", "x", "--weights", "missing.npz"), "cannot read missing.npz"),
        (("models", "export-translator", "FOMM", "X", "--weights", "w.pth", "-o", "x"), "no translators for 'X'"),
        (("encode", "{clip}", "-o", "x", "--generator", "{empty}"), "is to hold one model"),
        (("encode", "{clip}", "-o", "x", "--generator", "rt"), "gfv models export rt -o FOLDER"),
        (
            ("encode", "{clip}", "-o", "x", "--generator", "rtt"),
            "no generator is called 'rtt' (allowed: warp, or",
        ),
        (("models", "export", "dac", "-o", "x", "--weights", "generator={weights}", *DAC), "--no-analysis"),
        (("encode", "{clip}", "-o", "x", "--generator", "{model}", "--points", "5"), "that of the AnalysisNN"),
    ],
)
def test_what_cannot_be_done_is_said(words, said, clip, models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    places = {"clip": clip, "empty": tmp_path / "empty", "model": models("dac")}
    places["weights"] = request_of("dac", tmp_path).weights[0]
    done = CliRunner().invoke(main, [word.format(**places) for word in words])
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "setting", "said"),
    [
        ("dac", "motion.width=3", "motion.width: there is no such setting"),
        ("dac", "keypoints=-3", "keypoints = -3: no network here has that number (allowed: 1 to 8192)"),
        ("dac", "motion.num_blocks=0", "motion.num_blocks = 0: no network here has that number (allowed: 1 to 13)"),
        ("dac", "motion.num_blocks=1000000", "motion.num_blocks = 1000000: "),
        # The last output of an hourglass is as wide as its block_expansion, and would not be.
        ("dac", "detector.max_features=4", "detector.max_features = 4: no network here has that number (allowed: 32 "),
        ("dac", "generator.num_down_blocks=-1", "generator.num_down_blocks = -1: "),
        ("dac", "generator.block_expansion=100000000", "generator.block_expansion = 100000000: "),
        ("dac", "inner=0", "inner = 0: "),
        ("rdac", "residual_features=0", "residual_features = 0: "),
        ("fv2v", "depth=0", "depth = 0: "),
        ("fv2v", "head.max_features=8", "head.max_features = 8: no network here has that number (allowed: 32 to 8192)"),
        ("tps", "transformations=0", "transformations = 0: "),
        ("rt", "synthesis=0", "synthesis = 0: "),
        ("rt", "width=-1", "width = -1: "),
    ],
)
def test_settings_that_no_network_has(name, setting, said, tmp_path):
    words = ["models", "export", name, "-o", str(tmp_path / "x"), "--untrained", "1", "--settings", setting]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "x").exists()


def test_settings_as_text():
    request = Request(architecture="rdac", untrained=0, settings={"refinement": "none", "conditional": "yes"})
    with pytest.raises(ModelError, match="true, false"):
        fulfil(request, "unused")
