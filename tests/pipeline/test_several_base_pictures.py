"""Generators that take the latest base pictures of a face: which ones they get, and MRDAC from a clip and back.

MRDAC's weights are untrained (seeded), so what is held against each other is numbers, not beauty.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper
from order.order_material import encode
from painting import BASE, IMAGE, OUT, POINT, UNIT, file_of, gfv, graph, injected, levels, player
from small_networks import SETTINGS, SIDE, request_of
from small_networks import gfv as run
from test_playing import PICTURES as REORDERED_PICTURES
from test_playing import REORDERED

import gfv_sei
from generators import FaceParameters, load_analyser, load_generator
from generators.commands.following import chosen_follower
from generators.contract import Contract, Size, Tensor
from generators.errors import ContractError
from generators.macs import count_model
from generators.model_file import ModelFile
from generators.models.requests import built, fulfil
from generators.pipeline.encode import FaceSettings, encode_video
from generators.pipeline.networks import InForce
from generators.quality import psnr
from generators.registry import load_model
from generators.roles import Network, Role
from generators.runtime import Generator
from vtm_bridge import EncodeSettings, get_decoder
from vtm_bridge.colour import from_rgb, to_rgb
from vtm_bridge.ffmpeg import read_video
from vtm_bridge.pictures import Y4MReader

torch = pytest.importorskip("torch", reason="MRDAC is exported from torch")

CODECS = ("vvc", "hevc", "avc")
PICTURES = 12
DISTANCE = 2
BASES = PICTURES // DISTANCE
KEPT = 4


def adding(what: Role, least: int = 1, most: int = 3) -> ModelFile:
    """A picture as light as the sum over its base pictures: of their keypoint's x, or of their distances."""
    held = {
        Role.BASE_KEYPOINTS: Tensor("held", Role.BASE_KEYPOINTS, ("R", 1, 2)),
        Role.BASE_DISTANCES: Tensor("held", Role.BASE_DISTANCES, ("R",)),
    }[what]
    nodes = [
        helper.make_node("ReduceSum", ["held"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "unit"], ["level"]),
        helper.make_node("Mul", ["base", "zero"], ["dark"]),
        helper.make_node("ReduceSum", ["kp"], ["current"], keepdims=0),
        helper.make_node("Sum", ["dark", "level", "current"], ["out"]),
    ]
    unit = np.float32(1 if what == Role.BASE_KEYPOINTS else UNIT)
    constants = {"unit": unit, "zero": np.float32(0)}
    inputs = {"base": IMAGE, "kp": [1, 2], "held": list(held.shape)}
    contract = Contract(
        "adding",
        Network.GENERATIVE,
        (BASE, POINT, held),
        (OUT,),
        sizes={"R": Size(least, most)},
        references="R",
    )
    return file_of(graph(nodes, inputs, {"out": IMAGE}, constants), contract)


@pytest.fixture(scope="module")
def intra() -> bytes:
    return encode("avc", "keyint=1", 8)


def shown(model: ModelFile, stream: bytes, records: list[dict], folder: Path, **options) -> list[int | str]:
    return levels(player(model, **options).play(str(injected(stream, records, folder / "stream"))))


def rising(numbers: range, **more) -> list[dict]:
    """Base pictures whose points are 1, 2, 4, ... units, each with a generated picture behind it."""
    return [record for n in numbers for record in (gfv(n, 0, 2**n * UNIT, base=True, **more), gfv(n, 1, 0.0, **more))]


def test_the_latest_ones_are_kept(intra, tmp_path):
    found = shown(adding(Role.BASE_KEYPOINTS), intra, rising(range(6)), tmp_path)
    assert found == ["coded", 1, "coded", 3, "coded", 7, "coded", 14, "coded", 28, "coded", 56, "coded", "coded"]


def test_base_pictures_that_nothing_is_generated_from_alone_count_too(intra, tmp_path):
    records = [gfv(n, 0, 2**n * UNIT, base=True) for n in range(6)] + [gfv(5, 1, 0.0)]
    assert shown(adding(Role.BASE_KEYPOINTS), intra, records, tmp_path)[5:7] == ["coded", 56]


def test_the_oldest_is_repeated_where_the_network_takes_no_fewer(intra, tmp_path):
    found = shown(adding(Role.BASE_KEYPOINTS, least=3), intra, rising(range(4)), tmp_path)
    assert found[1:8:2] == [3 * 1, 2 * 1 + 2, 1 + 2 + 4, 2 + 4 + 8]


def test_distances_are_in_pictures_of_the_face(intra, tmp_path):
    """Those without a message are pictures too; those of other faces are not."""
    records = [
        *(gfv(0, count, 0.0, base=count == 0) for count in range(3)),
        *(gfv(1, count, 0.0, base=count == 0) for count in range(2)),
        gfv(2, 0, 0.0, base=True, gfv_id=7),
        gfv(4, 0, 0.0),
    ]
    # Numbers: 0 1 2 at access unit 0, 3 4 at 1, none at 2, 5 at 3, 6 at 4.
    expected = ["coded", 1, 2, "coded", 4 + 1, "coded", 6 + 3, "coded", "coded", "coded"]
    assert shown(adding(Role.BASE_DISTANCES), intra, records, tmp_path, gfv_id=0) == expected


def test_each_face_has_its_own(intra, tmp_path):
    records = rising(range(2)) + rising(range(2, 5), gfv_id=9)
    model = adding(Role.BASE_KEYPOINTS)
    assert shown(model, intra, records, tmp_path, gfv_id=0)[1:4:2] == [1, 3]
    assert shown(model, intra, records, tmp_path, gfv_id=9)[1:6:2] == [4, 12, 28]


@pytest.mark.parametrize("codec", REORDERED)
def test_which_came_before_is_a_matter_of_decoding_order(codec, tmp_path):
    """The second base picture is shown after pictures that look at it, and at the one before it."""
    stream = encode(codec, REORDERED[codec], REORDERED_PICTURES)
    records = [gfv(au, 0, 2**au * UNIT, base=True) for au in range(3)]
    records += [gfv(au, 0, 0.0) for au in range(3, REORDERED_PICTURES)]
    found = shown(adding(Role.BASE_KEYPOINTS), stream, records, tmp_path)
    assert sorted(found, key=str) == [7] * (REORDERED_PICTURES - 3) + ["coded"] * 3


def test_no_more_of_them_are_held(tmp_path):
    """Streams are long, memory is not."""
    number = 20
    records = [gfv(n, count, 0.0, base=count == 0) for n in range(number) for count in range(2)]
    path = injected(encode("avc", "keyint=1", number), records, tmp_path / "stream")
    alive = []
    for _ in player(adding(Role.BASE_KEYPOINTS)).play(str(path)):
        gc.collect()
        alive.append(sum(type(one) is InForce for one in gc.get_objects()))
    assert max(alive) <= 3


def test_a_graph_of_another_number_is_refused():
    model = adding(Role.BASE_KEYPOINTS)
    contract = replace(model.contract, sizes={"R": Size(1, 4)})
    fixed = onnx.load_model_from_string(model.main)
    fixed.graph.input[2].type.tensor_type.shape.dim[0].dim_value = 3
    with pytest.raises(ContractError, match="the graph has 3 base pictures, but the contract says 1 to 4"):
        Generator(file_of(fixed, contract), threads=1)


def test_base_pictures_of_another_size_do_not_go_together():
    several = Tensor("base", Role.BASE_PICTURE, ("R", 3, "H", "W"))
    nodes = [
        helper.make_node("ReduceSum", ["base", "first"], ["sum"], keepdims=1),
        helper.make_node("ReduceSum", ["kp"], ["current"], keepdims=0),
        helper.make_node("Add", ["sum", "current"], ["out"]),
    ]
    made = graph(nodes, {"base": list(several.shape), "kp": [1, 2]}, {"out": IMAGE}, {"first": np.array([0])})
    sizes = {"R": Size(1, 3)}
    contract = Contract("sum", Network.GENERATIVE, (several, POINT), (OUT,), sizes=sizes, references="R")
    generator = Generator(file_of(made, contract), threads=1)
    point = FaceParameters(np.zeros((1, 2)))
    found = []
    for side in (16, 16, 32, 32, 32, 32, 16):
        generator.set_base(np.full((3, side, side), UNIT, np.float32), point)
        found.append(round(float(generator.generate(point).mean() / UNIT)))
    assert found == [1, 2, 1, 2, 3, 3, 1]


class Segments(list):
    """Something to write to that keeps each piece: one for each base picture."""

    def write(self, data) -> None:
        self.append(bytes(data))


def mrdac_segments(clip: Path, model: Path, codec: str) -> list[bytes]:
    """The stream of a clip, in pieces that each begin with a base picture."""
    pictures = read_video(clip, (SIDE, SIDE), fps=Fraction(6), pictures=PICTURES)[1]
    follower = chosen_follower(str(model), None, None, None)
    out = Segments()
    face = FaceSettings(precision=follower.precision, new_base=DISTANCE, gfv_id=3)
    encode_video(pictures, out, EncodeSettings(codec=codec), face=face, follower=follower.follower)
    assert len(out) == BASES
    return out


def played(stream: bytes, model: Path, folder: Path) -> list:
    path, out = folder / "stream", folder / "out.y4m"
    path.write_bytes(stream)
    run("decode", path, "-o", out, "--generator", model)
    with out.open("rb") as file:
        return list(Y4MReader(file))


@pytest.mark.parametrize("codec", CODECS)
def test_mrdac_from_a_clip_to_a_stream_and_back(codec, clip, models, tmp_path):
    model = models("mrdac")
    segments = mrdac_segments(clip, model, codec)
    stream = tmp_path / "face"
    stream.write_bytes(b"".join(segments))
    assert run("validate", stream)
    records = list(gfv_sei.read_messages(stream))
    assert {r["message"]["gfv_id"] for r in records} == {3}
    assert [r["message"].get("gfv_base_picture_flag", 0) for r in records] == [1, 0] * BASES

    # Base messages carry the parameters of their pictures, as the AnalysisNN finds them in the decoded picture.
    plain = tmp_path / "plain"
    gfv_sei.remove(stream, plain)
    coded = list(get_decoder().decode(plain))
    sent = [torch.from_numpy(FaceParameters.from_values(r["values"]).keypoints).float()[None] for r in records]
    analyser = load_analyser(model)
    for picture, base in zip(coded, sent[::DISTANCE], strict=True):
        assert np.abs(analyser.start(to_rgb(picture)).keypoints - base[0].numpy()).max() <= 0.5**10

    # Pictures are those of the torch network with the same base pictures, to the rounding of a sample.
    network = built(request_of("mrdac", tmp_path))[0].generator
    found = played(b"".join(segments), model, tmp_path)
    assert len(found) == PICTURES
    alone = []
    for number in range(1, PICTURES, DISTANCE):
        bases = range(0, number, DISTANCE)[-KEPT:]
        made = []
        for used in (bases, bases[-1:]):
            with torch.inference_mode():
                made += network(
                    torch.stack([torch.from_numpy(to_rgb(coded[n // DISTANCE])) for n in used]),
                    {"keypoints": torch.cat([sent[n] for n in used])},
                    {"keypoints": sent[number]},
                    torch.tensor([float(number - n) for n in used]),
                )
        expected, other = (from_rgb(one.numpy(), found[number].format) for one in made)
        for plane, true in zip(found[number].planes, expected.planes, strict=True):
            assert np.abs(plane.astype(int) - true.astype(int)).max() <= 1
        alone.append(expected.same_samples(other))
    assert alone == [True] + [False] * (BASES - 1)

    # Without the first base picture, others look different as long as it would have been one of those that are kept.
    later = played(b"".join(segments[1:]), model, tmp_path)
    same = [one.same_samples(other) for one, other in zip(found[DISTANCE:], later, strict=True)]
    assert same[1::DISTANCE] == [False] * (KEPT - 1) + [True] * (BASES - KEPT)


def test_mrdac_with_parameters_recomputed_and_colours_calibrated(clip, models, tmp_path):
    """Parameters of each base picture come from the base graph; coded with as many bits, they are those of the stream.

    Calibration makes the base picture itself once more, from all that are kept.
    """
    stream = b"".join(mrdac_segments(clip, models("mrdac"), "avc"))
    request = request_of("mrdac", tmp_path)
    model = fulfil(type(request)(**{**vars(request), "base_analysis": True}), tmp_path / "own")[0]
    path, out = tmp_path / "face.264", tmp_path / "out.y4m"
    path.write_bytes(stream)
    plain = played(stream, models("mrdac"), tmp_path)
    for words in (("--base-parameters", "recomputed"), ("--calibrate", "base")):
        run("decode", path, "-o", out, "--generator", model, *words)
        with out.open("rb") as file:
            found = list(Y4MReader(file))
        assert len(found) == PICTURES
        made = list(range(1, PICTURES, DISTANCE))
        assert not all(found[n].same_samples(plain[n]) for n in made)
        if words[1] == "recomputed":
            for n in made:
                assert psnr(to_rgb(found[n]), to_rgb(plain[n])) > 25


def test_mrdac_is_played_without_torch(clip, models, tmp_path):
    stream, out = tmp_path / "face.264", tmp_path / "out.y4m"
    stream.write_bytes(b"".join(mrdac_segments(clip, models("mrdac"), "avc")))
    words = ["decode", str(stream), "-o", str(out), "--generator", str(models("mrdac"))]
    program = "import sys; sys.modules['torch'] = None; from gfv_sei.cli import main; main(sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{PICTURES} pictures" in done.stderr


def test_left_to_itself_encode_codes_a_base_picture_every_25(clip, models, tmp_path):
    stream = tmp_path / "face.264"
    run("encode", clip, "-o", stream, "--codec", "avc", "--generator", models("mrdac"), "--pictures", 27, "--fps", 25)
    flags = [r["message"].get("gfv_base_picture_flag", 0) for r in gfv_sei.read_messages(stream)]
    assert [n for n, flag in enumerate(flags) if flag] == ([0, 25] if len(flags) == 27 else [0])
    run(
        "encode", clip, "-o", stream, "--codec", "avc", "--generator", models("mrdac"), "--pictures", 9, "--new-base", 4
    )
    flags = [r["message"].get("gfv_base_picture_flag", 0) for r in gfv_sei.read_messages(stream)]
    assert [n for n, flag in enumerate(flags) if flag] == [0, 4, 8]


@pytest.mark.parametrize(("setting", "value"), [("references", "1"), ("weighted", "false")])
def test_mrdac_by_other_settings(setting, value, models, tmp_path):
    """One base picture: an ordinary contract. All counting the same: no distances."""
    request = request_of("mrdac", tmp_path)
    settings = SETTINGS["mrdac"] | {setting: value}
    path = fulfil(type(request)(**{**vars(request), "settings": settings}), tmp_path / "other")[0]
    contract = load_generator(path).contract
    roles = {tensor.role for tensor in contract.inputs}
    assert Role.BASE_DISTANCES not in roles
    assert contract.most_references == (1 if setting == "references" else KEPT)
    assert (contract.references is None) == (setting == "references")
    ours, usual = (count_model(load_model(model)).picture.macs for model in (path, models("mrdac")))
    assert (ours < usual) == (setting == "references")


def test_mrdac_does_not_keep_more_than_a_decoder_would(tmp_path):
    request = request_of("mrdac", tmp_path)
    settings = SETTINGS["mrdac"] | {"references": "17"}
    with pytest.raises(gfv_sei.GfvError, match="references"):
        built(type(request)(**{**vars(request), "settings": settings}))
