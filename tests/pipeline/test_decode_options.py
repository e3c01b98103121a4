"""The options of gfv decode and gfv encode, as a user gives them, on real streams."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from onnx import helper
from order.order_material import encode
from painting import (
    BASE,
    IMAGE,
    OUT,
    SHAPE,
    UNIT,
    Run,
    brightening,
    doubling,
    file_of,
    gfv,
    gfve,
    graph,
    injected,
    paint,
)

from generators import load_generator
from generators.contract import BaseGraph, Contract, Tensor
from generators.errors import ParameterError
from generators.model_file import with_contract
from generators.pipeline.decode import Player, Settings
from generators.roles import Network, Role
from gfv_sei.containers.mux import read_times
from vtm_bridge.ffmpeg import read_video

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "vtm24-bitstreams"
FIRST = [gfv(0, n, 8 * n * UNIT, base=n == 0) for n in range(3)]


def luma(level: float) -> int:
    return round(16 + 219 * level / 256)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Networks as files, and a stream with a face and an enhancement."""
    folder = tmp_path_factory.mktemp("options")
    for name, model in (("paint", paint()), ("doubling", doubling()), ("brightening", brightening())):
        (folder / f"{name}.onnx").write_bytes(model.main)
    records = [*FIRST, *(gfve(0, n, 32 * UNIT, base=n == 0) for n in range(2))]
    injected(encode("hevc", "keyint=1:bframes=0", 2), records, folder / "s.265")
    return folder


def decode(folder, stream, *options, generator="paint.onnx"):
    """The first luma sample of each picture; the run."""
    out = folder / "out.yuv"
    out.unlink(missing_ok=True)
    done = Run("decode", stream, "-o", out, "--generator", folder / generator, "--threads", 1, *options)
    data = out.read_bytes() if out.exists() else b""
    return list(data[:: 64 * 64 * 3 // 2]), done


def test_all_three_networks(folder):
    levels, done = decode(
        folder,
        folder / "s.265",
        *("--translator", folder / "doubling.onnx", "--enhancer", folder / "brightening.onnx"),
    )
    assert levels[1:3] == [luma(16 + 32), luma(32)]
    cpu = "on CPUExecutionProvider"
    assert f"4 pictures; doubling {cpu}, paint {cpu}, brightening {cpu}" in done.stderr
    assert "1 picture enhanced" in done.stderr


def test_a_value_range_that_the_contract_does_not_say_is_noticed(folder):
    """Output from 0 to 255 without a word of it is a usual slip, and all one sees is white; a little more is usual."""
    for name, factor, seen in (("vivid", 1.2, False), ("bytes", 255.0, True)):
        node = helper.make_node("Mul", ["base", "factor"], ["out"])
        made = graph([node], {"base": IMAGE}, {"out": IMAGE}, {"factor": np.float32(factor)})
        model = file_of(made, Contract(name, Network.GENERATIVE, (BASE,), (OUT,)))
        (folder / f"{name}.onnx").write_bytes(model.main)
        _, done = decode(folder, folder / "s.265", generator=f"{name}.onnx")
        assert done.returncode == 0, done.stderr
        assert (f"pictures of '{name}' go from " in done.stderr) == seen
    _, done = decode(folder, folder / "s.265")
    assert "go from" not in done.stderr


def test_pictures_smaller_than_the_base_picture_go_into_a_folder(folder, tmp_path):
    made = graph(
        [helper.make_node("AveragePool", ["base"], ["out"], kernel_shape=[2, 2], strides=[2, 2])],
        {"base": IMAGE},
        {"out": [1, 3, "h", "w"]},
    )
    small = Tensor("out", Role.GENERATED_PICTURE, (1, 3, "h", "w"))
    model = file_of(made, Contract("smaller", Network.GENERATIVE, (BASE,), (small,)))
    (folder / "smaller.onnx").write_bytes(model.main)
    for ending in (".yuv", ".y4m", ".mp4"):
        out = tmp_path / f"out{ending}"
        done = Run("decode", folder / "s.265", "-o", out, "--generator", folder / "smaller.onnx", "--threads", 1)
        assert done.returncode == 1
        assert "size = 32x32: the generated picture has another size" in done.stderr
        assert "a folder of PNG files takes both (allowed: 64x64)" in done.stderr
        assert not out.exists()
    done = Run("decode", folder / "s.265", "-o", tmp_path / "p", "--generator", folder / "smaller.onnx")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "p").iterdir())) == 4


def test_every_mismatch_of_every_network_is_said_at_once(folder):
    warp = Run("decode", folder / "s.265", "-o", folder / "x.yuv", "--translator", folder / "paint.onnx")
    assert "of GenerativeNN, where TranslatorNN is needed" in warp.stderr
    records = [gfv(0, 0, 0.0, base=True), gfve(0, 0, 0.0, base=True)]
    records[0]["values"] = {"coordinates": [[0, 0, 0], [0, 0, 0]]}
    records[1]["values"] = {"matrices": [{"elements": [[[1, 2]]]}]}
    path = injected(encode("avc", "keyint=1", 1), records, folder / "wrong.264")
    _, done = decode(folder, path, "--translator", folder / "doubling.onnx", "--enhancer", folder / "brightening.onnx")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    for words in (
        "for 'doubling': gfv_num_kps_minus1: 1, 2 keypoints",
        "for 'doubling': gfv_coordinate_z_present_flag: 1",
        "for 'brightening': gfve_matrix_width_minus1[ 0 ]: 1",
    ):
        assert words in done.stderr


def test_a_network_of_another_make_with_its_contract_beside_it(folder):
    """The same file without metadata: a contract beside it, or named."""
    bare = paint()
    import onnx

    made = onnx.load_model_from_string(bare.main)
    del made.metadata_props[:]
    (folder / "bare.onnx").write_bytes(made.SerializeToString())
    levels, done = decode(folder, folder / "s.265", generator="bare.onnx")
    assert done.returncode == 1
    assert "bare.json" in done.stderr
    (folder / "elsewhere.json").write_text(bare.contract.to_json())
    levels, _ = decode(folder, folder / "s.265", "--contract", folder / "elsewhere.json", generator="bare.onnx")
    assert levels[1:3] == [luma(8), luma(16)]
    (folder / "bare.json").write_text(bare.contract.to_json())
    assert decode(folder, folder / "s.265", generator="bare.onnx")[0] == levels
    wrong = json.loads(bare.contract.to_json())
    wrong["inputs"][1]["shape"] = [1, 3]
    (folder / "bare.json").write_text(json.dumps(wrong))
    _, done = decode(folder, folder / "s.265", generator="bare.onnx")
    assert done.returncode == 1
    assert "input 'kp': the graph has shape [1, 2], but the contract says [1, 3]" in done.stderr


def test_base_parameters_from_the_message_or_recomputed(folder):
    """An analysis network that always finds 64/256; the picture shows x of the base picture's keypoint."""
    analysis = graph(
        [helper.make_node("Identity", ["found"], ["point"])],
        {"picture": IMAGE},
        {"point": [1, 2]},
        {"found": np.array([[64 * UNIT, 0]], np.float32)},
    )
    main = graph(
        [
            helper.make_node("Split", ["point", "halves"], ["x", "y"], axis=1),
            helper.make_node("Mul", ["base", "y"], ["nothing"]),
            helper.make_node("Add", ["nothing", "x"], ["out"]),
        ],
        {"base": IMAGE, "point": [1, 2]},
        {"out": IMAGE},
        {"halves": np.array([1, 1])},
    )
    point = Tensor("point", Role.BASE_KEYPOINTS, (1, 2))
    base = BaseGraph("analysing-base.onnx", (Tensor("picture", Role.BASE_PICTURE, SHAPE),), (point,))
    contract = Contract("analysing", Network.GENERATIVE, (BASE, point), (OUT,), base=base)
    (folder / "analysing.onnx").write_bytes(with_contract(main, contract).SerializeToString())
    (folder / "analysing-base.onnx").write_bytes(analysis.SerializeToString())
    records = [gfv(0, 0, 32 * UNIT, base=True), gfv(0, 1, 0.0)]
    path = injected(encode("avc", "keyint=1", 1), records, folder / "analysed.264")
    for choice, level in (("message", 32), ("recomputed", 64)):
        levels, _ = decode(folder, path, "--base-parameters", choice, generator="analysing.onnx")
        assert levels[1] == luma(level)
    _, done = decode(folder, path, "--base-parameters", "recomputed")
    assert done.returncode == 1
    assert "'paint' has no analysis network" in done.stderr


def test_one_face_or_all_of_them(folder):
    records = [*FIRST, *({**record, "gfv_id": 7} for record in FIRST[:2])]
    path = injected(encode("avc", "keyint=1", 1), records, folder / "two.264")
    assert len(decode(folder, path)[0]) == 3
    assert len(decode(folder, path, "--id", 7)[0]) == 2
    done = Run("decode", path, "-o", folder / "each.yuv", "--generator", folder / "paint.onnx", "--id", "all")
    assert done.returncode == 0, done.stderr
    size = 64 * 64 * 3 // 2
    assert [(folder / f"each-id{n}.yuv").stat().st_size // size for n in (0, 7)] == [3, 2]
    assert not (folder / "each.yuv").exists()


def test_a_background_takes_the_place_of_the_key(folder):
    key = {"gfv_chroma_key_info_present_flag": 1, "gfv_chroma_key_value": [luma(8), 128, 128]}
    records = [{**FIRST[0], **key}, gfv(0, 1, 8 * UNIT), gfv(0, 2, 200 * UNIT)]
    path = injected(encode("avc", "keyint=1", 1), records, folder / "key.264")
    assert decode(folder, path, "--background", "#808080")[0][1:] == [luma(256 * 128 / 255), luma(200)]
    levels, done = decode(folder, folder / "s.265", "--background", "white")
    assert levels[1] == luma(8)
    assert "the background was not used" in done.stderr
    _, done = decode(folder, path, "--background", folder / "missing.png")
    assert done.returncode == 1
    assert "missing.png" in done.stderr


def test_timing_by_coded_pictures(folder):
    levels, _ = decode(folder, folder / "s.265", "--timing", "coded", "--coded-fps", 5, "--fps", 30)
    assert levels[:6] == [levels[0]] * 2 + [luma(8)] * 2 + [luma(16)] * 2
    assert len(levels) == 12


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_encode_writes_containers_with_the_times_of_base_pictures(face_clip, tmp_path, ending):
    out, plain = tmp_path / f"face.{ending}", tmp_path / "face.264"
    options = ("--codec", "avc", "--new-base", 5)
    for target in (out, plain):
        done = Run("encode", face_clip, "-o", target, *options)
        assert done.returncode == 0, done.stderr
    times = read_times(out)
    assert [pts * times.base * 25 for pts in times.pts] == [0, 5, 10]
    streams = []
    for source in (out, plain):
        assert Run("decode", source, "-o", tmp_path / "o.yuv").returncode == 0
        streams.append((tmp_path / "o.yuv").read_bytes())
    assert streams[0] == streams[1]
    if ending != "ts":  # which does not say how long its last picture lasts
        assert Run("decode", out, "-o", tmp_path / "o.yuv", "--timing", "coded").returncode == 0
        assert (tmp_path / "o.yuv").read_bytes() == streams[1]


def test_hold_and_calibrate_are_options(folder):
    records = [{**r, "gfv_low_confidence_face_parameter_flag": int(r["gfv_cnt"] == 2)} for r in FIRST]
    path = injected(encode("avc", "keyint=1", 1), records, folder / "low.264")
    levels, done = decode(folder, path, "--low-confidence", "hold")
    assert levels[1:] == [luma(8), luma(8)]
    assert "1 picture with parameters of low confidence" in done.stderr
    levels, _ = decode(folder, path, "--calibrate", "picture")
    _, (picture,) = read_video(folder / "low.264")
    assert abs(levels[1] - picture.planes[0].mean()) < 6  # a flat picture with the mean of the base picture


@pytest.mark.parametrize("choice", [{"low_confidence": "keep"}, {"key_components": "yuv"}, {"calibrate": "all"}])
def test_choices_of_callers_are_checked(choice):
    ((name, value),) = choice.items()
    with pytest.raises(ParameterError, match=f"{name} = {value}: there is no such choice"):
        Player(load_generator("warp"), settings=Settings(**choice))


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["--id", "x"], 2, "--id"),
        (["--coded-fps", "0"], 2, "--coded-fps"),
        (["--fps", "1e999999999"], 2, "--fps"),
        (["--fps", "25/0"], 2, "--fps"),
        (["--threads", "1000000"], 2, "--threads"),
        (["--timing", "never"], 2, "--timing"),
        (["--base-parameters", "guessed"], 2, "--base-parameters"),
        (["--background", "#12"], 1, "#rrggbb"),
        (["--provider", "quantum"], 1, "no provider 'quantum'"),
        (["--translator", "missing.onnx"], 1, "missing.onnx"),
        (["--enhancer", "warp"], 1, "of GenerativeNN, where EnhancerNN is needed"),
        (["--contract", "missing.json"], 1, "missing.json"),
        (["--registry", "/proc/self/mem"], 1, "cannot read the list of networks"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(folder, tmp_path, monkeypatch, options, status, words):
    monkeypatch.chdir(tmp_path)
    done = Run("decode", folder / "s.265", "-o", tmp_path / "o.yuv", *options)
    assert done.returncode == status
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not os.environ.get("GFV_VTM_DECODER"), reason="GFV_VTM_DECODER names no decoder")
def test_another_decoder_does_not_see_the_messages(face_clip, tmp_path):
    """VTM 24.0's decoder crashes at GFV messages in prefix SEI."""
    assert Run("encode", face_clip, "-o", tmp_path / "s.266", "--nal", "prefix", "--pictures", 4).returncode == 0
    played = []
    for decoder in ("vtm", "ffmpeg"):
        done = Run("decode", tmp_path / "s.266", "-o", tmp_path / "o.yuv", "--decoder", decoder)
        assert done.returncode == 0, done.stderr
        played.append((tmp_path / "o.yuv").read_bytes())
    assert played[0] == played[1]


EXPECTED = {
    "fomm_kp_affine": 5,
    "inter_coded_base_ldb": 16,
    "kp3d_mixed_pred": 5,
    "gfve_matrices_pupils": 4,
    "cfte_compact_feature": "gfv_coordinate_present_flag",
    "drive_picture_not_base": "gfv_base_picture_flag",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_streams_of_the_reference_encoder(tmp_path, name):
    path = VECTORS / f"{name}.bit"
    if not path.is_file():
        pytest.skip(f"the vectors are not here: no {path}")
    done = Run("decode", path, "-o", tmp_path / "pictures", "--networks", "ignore")
    if isinstance(EXPECTED[name], int):
        assert done.returncode == 0, done.stderr
        assert len(list((tmp_path / "pictures").iterdir())) == EXPECTED[name]
    else:
        assert done.returncode == 1
        assert EXPECTED[name] in done.stderr
