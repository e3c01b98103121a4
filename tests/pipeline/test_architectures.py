"""Each published architecture from a clip to a stream and back: gfv encode, gfv decode, all three codecs.

The networks are narrow and their weights seeded, so what is held against each other is numbers, not beauty: parameters
in the stream against what the AnalysisNN gives, pictures of gfv decode against the graphs run by hand.
"""

from __future__ import annotations

import re
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from small_networks import SETTINGS, SIDE, gfv

import gfv_sei
from generators import FaceParameters, load_analyser, load_generator
from generators.model_file import contract_of
from generators.quality import psnr
from generators.registry import model_path
from generators.roles import Role
from gfv_sei.cli import main
from gfv_sei.process import find_ffmpeg
from vtm_bridge import get_decoder
from vtm_bridge.colour import from_rgb, to_rgb
from vtm_bridge.ffmpeg import read_video
from vtm_bridge.pictures import Y4MReader

CODECS = ("vvc", "hevc", "avc")
PICTURES = 4
WORDS = ("--pictures", PICTURES)


def encoded(clip: Path, model: Path, codec: str, folder: Path, *words) -> Path:
    stream = folder / f"face.{codec}"
    gfv("encode", clip, "-o", stream, "--codec", codec, "--generator", model, "--fps", 6, *WORDS, *words)
    return stream


def source_of(clip: Path):
    """The pictures that ``encoded`` codes."""
    return list(read_video(clip, (SIDE, SIDE), fps=Fraction(6), pictures=PICTURES)[1])


def decoded_pictures(stream: Path, folder: Path):
    """The coded pictures of a stream, without messages."""
    plain = folder / "plain"
    gfv_sei.remove(stream, plain)
    return list(get_decoder().decode(plain))


def flat(parameters: FaceParameters) -> tuple[np.ndarray, ...]:
    points = () if parameters.keypoints is None else (parameters.keypoints,)
    return (*points, *(m.stacked for m in parameters.matrices))


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", SETTINGS)
def test_from_a_clip_to_a_stream_and_back(name, codec, clip, models, tmp_path):
    model = models(name)
    contract = contract_of(model_path(model))
    fusion = any(t.role == Role.CODED_PICTURE for t in contract.inputs)
    stream = encoded(clip, model, codec, tmp_path)
    records = list(gfv_sei.read_messages(stream))
    numbers = list(range(PICTURES))
    assert [r["au"] for r in records] == (numbers if fusion else [0] * PICTURES)
    assert [r["message"]["gfv_cnt"] for r in records] == ([0] * PICTURES if fusion else numbers)
    assert [r["message"].get("gfv_fusion_pic_flag", 0) for r in records] == [0, *[int(fusion)] * (PICTURES - 1)]
    assert gfv("validate", stream)

    # The parameters of the stream are those of the AnalysisNN, to half a step of its precision.
    coded = decoded_pictures(stream, tmp_path)
    analyser = load_analyser(model)
    true = [analyser.start(to_rgb(coded[0]))]
    true += [analyser.follow(to_rgb(picture)) for picture in source_of(clip)[1:]]
    sent = [FaceParameters.from_values(r["values"]) for r in records]
    half_step = 0.5**analyser.contract.bits / 2
    for ours, theirs in zip(sent, true, strict=True):
        for array, other in zip(flat(ours), flat(theirs), strict=True):
            assert np.abs(array - other).max() <= half_step + 1e-9
    assert any(np.any(a != b) for one, two in pairwise(true) for a, b in zip(flat(one), flat(two), strict=True))

    # The pictures are those of the graphs, sample by sample.
    out = tmp_path / "out.y4m"
    gfv("decode", stream, "-o", out, "--generator", model)
    with out.open("rb") as file:
        shown = list(Y4MReader(file))
    assert len(shown) == PICTURES
    assert shown[0].same_samples(coded[0])
    made = [by_hand(model, coded, which, fusion) for which in (sent, true)]
    for picture, planes in zip(shown[1:], made[0], strict=True):
        assert picture.same_samples(from_rgb(planes, picture.format))
    assert any(not picture.same_samples(shown[1]) for picture in shown[2:])
    assert min(psnr(a, b) for a, b in zip(*made, strict=True)) > 25  # what the coding of parameters costs


def by_hand(model: Path, coded, parameters, fusion: bool) -> list[np.ndarray]:
    generator = load_generator(model)
    generator.set_base(to_rgb(coded[0]), parameters[0], fusion=fusion)
    return [
        generator.generate(one, coded_picture=to_rgb(coded[number]) if fusion else None)
        for number, one in enumerate(parameters[1:], 1)
    ]


@pytest.mark.parametrize("codec", CODECS)
def test_base_pictures_and_layers_take_turns(codec, clip, models, tmp_path):
    """Two base pictures, each with coded pictures behind it; AVC's IDR pictures differ in their number."""
    model = models("hdac")
    stream = encoded(clip, model, codec, tmp_path, "--new-base", 2, "--fusion-qp", 50)
    flags = [
        (r["au"], r["message"]["gfv_base_picture_flag"], r["message"].get("gfv_fusion_pic_flag", 0))
        for r in gfv_sei.read_messages(stream)
    ]
    assert flags == [(0, 1, 0), (1, 0, 1), (2, 1, 0), (3, 0, 1)]
    out = tmp_path / "out.y4m"
    gfv("decode", stream, "-o", out, "--generator", model)
    with out.open("rb") as file:
        assert len(list(Y4MReader(file))) == PICTURES
    assert gfv("validate", stream)
    if codec == "avc":
        words = [find_ffmpeg(), "-v", "verbose", "-f", "h264", "-i", stream, "-c", "copy", "-bsf:v", "trace_headers"]
        log = subprocess.run([*map(str, words), "-f", "null", "-"], capture_output=True, check=True).stderr
        assert re.findall(rb"idr_pic_id .*= (\d+)", log) == [b"1", b"0", b"1", b"0"]


def test_coded_pictures_of_a_container_have_their_times(clip, models, tmp_path):
    model = models("hdac")
    stream = tmp_path / "face.mp4"
    gfv("encode", clip, "-o", stream, "--codec", "avc", "--generator", model, *WORDS)
    out = tmp_path / "out.y4m"
    said = gfv("decode", stream, "-o", out, "--generator", model, "--timing", "coded")
    assert f"{PICTURES} pictures" in said


def test_pictures_are_brought_to_the_size_of_the_network(clip, models, tmp_path):
    stream = encoded(clip, models("dac"), "avc", tmp_path)
    (base,) = decoded_pictures(stream, tmp_path)
    assert (base.format.width, base.format.height) == (SIDE, SIDE)
    done = CliRunner().invoke(
        main,
        [*map(str, ("encode", clip, "-o", tmp_path / "x", "--generator", models("dac"), "--size", "96x96", *WORDS))],
    )
    assert done.exit_code == 1
    assert "picture height: 96, but the network takes 64 rows" in done.output


def test_an_analysis_of_ones_own(clip, models, tmp_path):
    """--analysis takes the place of the one that the contract names, precision that of its bits."""
    analysis = models("mrdac") / f"mrdac-{SIDE}.analysis.onnx"
    stream = encoded(clip, models("dac"), "avc", tmp_path, "--analysis", analysis, "--precision", 12)
    messages = [r["message"] for r in gfv_sei.read_messages(stream)]
    assert messages[0]["gfv_coordinate_precision_factor_minus1"] == 11
    analyser = load_analyser(analysis)
    (coded,) = decoded_pictures(stream, tmp_path)
    sent = FaceParameters.from_values(next(iter(gfv_sei.read_messages(stream)))["values"])
    assert np.abs(analyser.start(to_rgb(coded)).keypoints - sent.keypoints).max() <= 0.5**13
