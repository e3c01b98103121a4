"""Each published architecture from a clip to a stream and back: gfv encode, gfv decode, all three codecs.

The networks are narrow and their weights seeded, so what is held against each other is numbers, not beauty: parameters
in the stream against what the AnalysisNN gives, pictures of gfv decode against the graphs run by hand.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from small_networks import SETTINGS, SIDE

import gfv_sei
from generators import FaceParameters, load_analyser, load_generator
from generators.contract import Role
from generators.model_file import contract_of
from generators.quality import psnr
from generators.registry import model_path
from gfv_sei.cli import main
from vtm_bridge import get_decoder
from vtm_bridge.colour import from_rgb, to_rgb
from vtm_bridge.ffmpeg import read_video
from vtm_bridge.pictures import Y4MReader

CODECS = ("vvc", "hevc", "avc")
PICTURES = 4
CLIP = Path(__file__).parents[3] / "shared/data/faces/pexels_woman_256.mp4"
WORDS = ("--pictures", PICTURES)


@pytest.fixture(scope="session")
def clip(face_clip) -> Path:
    """A real clip if there is one, else the portrait that moves."""
    return CLIP if CLIP.is_file() else face_clip


def gfv(*words) -> str:
    """Run a command in this process; what it says."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


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
