"""What users get wrong, and what a stream may hold: exit status 1, one line that says what, and nothing written."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import helper
from painting import IMAGE, Run, graph

from generators.pipeline.chroma_key import Background
from gfv_sei.cli import main
from gfv_sei.errors import GfvError

CODECS = ("vvc", "hevc", "avc")


@pytest.fixture(scope="module")
def stream(face_clip, tmp_path_factory):
    path = tmp_path_factory.mktemp("stream") / "face.266"
    done = Run("encode", face_clip, "-o", path, "--pictures", 3, "--gfv-id", 4)
    assert done.returncode == 0, done.stderr
    return path


def refused(tmp_path, *words, output="out.y4m") -> str:
    """The line of a command that is to fail, with no output left."""
    out = tmp_path / output
    done = Run(*words, "-o", out)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert not out.exists()
    return done.stderr


@pytest.mark.parametrize("output", ["out.y4m", "out.yuv", "out.mp4", "out"])
def test_a_network_whose_pictures_are_no_numbers(stream, output, tmp_path):
    nodes = [helper.make_node("Sub", ["x", "two"], ["less"]), helper.make_node("Log", ["less"], ["out"])]
    made = graph(nodes, {"x": IMAGE}, {"out": IMAGE}, {"two": np.float32(2)})
    onnx.save(made, tmp_path / "log.onnx")
    shape = [1, 3, "H", "W"]
    contract = {
        "format": "gfv-network-contract",
        "version": 1,
        "name": "log",
        "network": "GenerativeNN",
        "inputs": [{"name": "x", "role": "base_picture", "shape": shape}],
        "outputs": [{"name": "out", "role": "generated_picture", "shape": shape}],
    }
    (tmp_path / "log.json").write_text(json.dumps(contract))
    said = refused(tmp_path, "decode", stream, "--generator", tmp_path / "log.onnx", output=output)
    assert "access unit 0" in said
    assert "output 'out' holds infinities or values that are no numbers" in said


def test_a_stream_that_is_cut_off_in_its_first_picture(stream, tmp_path):
    """In VVC: the decoders of HEVC and AVC make a picture of what there is."""
    cut = tmp_path / "cut"
    cut.write_bytes(stream.read_bytes()[:600])
    assert "the stream may be cut off or damaged, no picture is decoded" in refused(tmp_path, "decode", cut)


def test_the_log_of_a_program_that_fails_is_there_for_the_asking(stream, tmp_path):
    junk = tmp_path / "junk.266"
    junk.write_bytes(b"\x55" * 3000)
    said = refused(tmp_path, "encode", junk)
    assert "junk.266: no video that ffmpeg reads" in said
    assert "gfv --verbose shows" in said
    words = ["gfv", "--verbose", "encode", str(junk), "-o", str(tmp_path / "x")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") > 2
    assert "the last lines it wrote" not in done.stderr


def test_a_folder_has_the_pictures_of_one_video(stream, tmp_path):
    folder = tmp_path / "of.3"
    folder.mkdir()
    for name in ("picture-00000.png", "picture-00007.png", "mine.png"):
        (folder / name).write_bytes(b"before")
    cut = tmp_path / "cut"
    cut.write_bytes(stream.read_bytes()[:600])
    before = sorted(folder.iterdir())
    assert Run("decode", cut, "-o", folder).returncode == 1
    assert sorted(folder.iterdir()) == before
    assert {path.read_bytes() for path in before} == {b"before"}
    done = Run("decode", stream, "-o", folder)
    assert done.returncode == 0, done.stderr
    names = [path.name for path in sorted(folder.iterdir())]
    assert names == ["mine.png", "picture-00000.png", "picture-00001.png", "picture-00002.png"]
    assert (folder / "picture-00000.png").read_bytes()[1:4] == b"PNG"
    assert Run("decode", stream, "-o", f"{tmp_path}/new.3/", "--id", "all").returncode == 0
    assert len(list((tmp_path / "new.3-id4").iterdir())) == 3
    done = Run("decode", stream, "-o", tmp_path / "new.3")
    assert (done.returncode, (tmp_path / "new.3").exists()) == (2, False)
    assert "end its name with /" in done.stderr
    assert "cannot write pictures to" in Run("decode", stream, "-o", cut / "inside").stderr


def test_a_face_that_is_not_there(stream, tmp_path):
    said = Run("decode", stream, "-o", tmp_path / "out.y4m", "--id", 5)
    assert said.returncode == 1
    assert "gfv_id = 5: the stream has no message of this face" in said.stderr
    assert "gfv_id 4 is passed over" in said.stderr
    assert not (tmp_path / "out.y4m").exists()


def test_a_background_that_is_not_there(stream, tmp_path):
    """Even where the stream has no chroma key: whoever names a file wants it."""
    assert "no such file or colour" in refused(tmp_path, "decode", stream, "--background", tmp_path / "no.png")
    with pytest.raises(GfvError, match="allowed: a file, #rrggbb, black"):
        Background("mauve")


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(("side", "pictures"), [("250x254", 2), ("64x64", 1)])
def test_odd_sizes_and_single_pictures_play(codec, side, pictures, face_clip, tmp_path):
    path, out = tmp_path / "stream", tmp_path / "out.y4m"
    assert (
        Run("encode", face_clip, "-o", path, "--codec", codec, "--size", side, "--pictures", pictures).returncode == 0
    )
    done = Run("decode", path, "-o", out)
    assert done.returncode == 0, done.stderr
    assert f"gfv: {pictures} picture{'' if pictures == 1 else 's'};" in done.stderr
    width, height = side.split("x")
    assert out.read_bytes().startswith(f"YUV4MPEG2 W{width} H{height} ".encode())


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("decode", ("-o", "x.mov"), "Invalid value for '-o': 'x.mov' is of no known kind"),
        ("decode", ("-o", "x.y4m", "--id", "9" * 5000), "is neither a number nor all"),
        ("decode", ("-o", "x.y4m", "--id", "\N{ARABIC-INDIC DIGIT ONE}"), "is neither a number nor all"),
        ("decode", ("-o", "x.y4m", "--fps", "\N{ARABIC-INDIC DIGIT ONE}"), "is not like 25 or 30000/1001"),
        ("encode", ("-o", "x.266", "--new-base", "\N{SUPERSCRIPT TWO}"), "is not auto, never or a number"),
        ("encode", ("-o", "x.266", "--new-base", "9" * 5000), "is not auto, never or a number"),
        ("encode", ("-o", "x.266", "--size", "9" * 5000 + "x64"), "is not like 256x256"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_values_that_no_option_takes(command, words, said, face_clip, tmp_path, monkeypatch):
    """Python's own digits are more than 0 to 9, and of too many of them it makes no number."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [command, str(face_clip), *words])
    assert done.exit_code == 2
    assert said in done.output
    assert not list(tmp_path.iterdir())
    assert isinstance(done.exception, SystemExit)


def test_a_video_of_standard_input_has_no_other_name(tmp_path):
    words = ["gfv", "encode", "-", "-o", str(tmp_path / "x")]
    done = subprocess.run(words, input=b"\x55" * 3000, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"gfv: standard input: no video that ffmpeg reads; ")
