"""Which translator stands between a stream and a generator, where nobody says: the only one that fits."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from small_networks import torch

from generators.models.translators import new_translator, save_translator
from gfv_sei.cli import main


def gfv(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def translator(folder, source: str, target: str, seed: int = 1):
    """A translator with seeded weights, by way of a file of the published form and the command."""
    folder.mkdir(exist_ok=True)
    torch.manual_seed(seed)
    save_translator(new_translator(source, target), folder.parent / "weights.pth")
    path = folder / f"{source}-{target}-{seed}.onnx"
    done = gfv("models", "export-translator", source, target, "--weights", folder.parent / "weights.pth", "-o", path)
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def streams(face_clip, models, tmp_path_factory):
    """Streams of parameters of two methods."""
    folder = tmp_path_factory.mktemp("streams")
    words = ("--codec", "avc", "--pictures", 3)
    for name in ("cfte", "fomm"):
        done = gfv("encode", face_clip, "-o", folder / name, "--generator", models(name), *words)
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def decode(streams, models, tmp_path):
    def play(stream: str, generator: str, *words):
        out = tmp_path / "out.yuv"
        registry = () if "--registry" in words else ("--registry", tmp_path / "none.json")
        done = gfv("decode", streams / stream, "-o", out, "--generator", models(generator), *registry, *words)
        return done, out.read_bytes() if done.exit_code == 0 else b""

    return play


def test_the_one_that_fits_is_used(decode, tmp_path):
    folder = tmp_path / "translators"
    path = translator(folder, "CFTE", "DAC-10")
    for source, target in (("CFTE", "FV2V"), ("TPS", "DAC-10"), ("DAC-10", "CFTE")):
        translator(folder, source, target)
    chosen, picture = decode("cfte", "dac", "--translators", folder)
    assert chosen.exit_code == 0, chosen.output
    assert f"translating by CFTE-to-DAC-10 ({path})" in chosen.output
    given, expected = decode("cfte", "dac", "--translator", path)
    assert given.exit_code == 0
    assert picture == expected


def test_of_several_the_user_has_to_choose(decode, tmp_path):
    folder = tmp_path / "translators"
    paths = [translator(folder, "CFTE", "DAC-10", seed) for seed in (1, 2)]
    done, _ = decode("cfte", "dac", "--translators", folder)
    assert done.exit_code == 1
    assert "several translators fit" in done.output
    assert all(str(path) in done.output for path in paths)


def test_registered_ones_are_at_hand(decode, tmp_path):
    registry = tmp_path / "models.json"
    path = translator(tmp_path / "translators", "CFTE", "DAC-10")
    assert gfv("models", "register", "urn:example:t", path, "--registry", registry).exit_code == 0
    done, _ = decode("cfte", "dac", "--registry", registry)
    assert done.exit_code == 0, done.output
    assert "translating by" in done.output
    translator(tmp_path / "translators", "CFTE", "DAC-10", seed=2).replace(path)
    done, _ = decode("cfte", "dac", "--registry", registry)
    assert done.exit_code == 1
    assert "is not the file that was registered" in done.output


def test_without_one_what_does_not_fit_is_said(decode, tmp_path):
    translator(tmp_path / "translators", "TPS", "DAC-10")
    done, _ = decode("cfte", "dac", "--translators", tmp_path / "translators")
    assert done.exit_code == 1
    assert "gfv_coordinate_present_flag" in done.output


def test_what_the_generator_takes_is_not_translated(decode, tmp_path):
    """Points of FOMM go into DAC; whether they were meant for it, the stream does not say."""
    path = translator(tmp_path / "translators", "FOMM", "DAC-10")
    done, picture = decode("fomm", "dac", "--translators", tmp_path / "translators")
    assert done.exit_code == 0, done.output
    assert re.search(rf"takes the stream but not its matrices of type 0.*{re.escape(str(path))}", done.output)
    assert picture == decode("fomm", "dac")[1]
    assert picture != decode("fomm", "dac", "--translator", path)[1]
