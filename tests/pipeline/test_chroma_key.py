"""The chroma key: what a message says of it, how near is near, and the background that comes in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from order.order_material import encode
from painting import gfv, injected, player

import gfv_sei
from generators.pipeline.chroma_key import Background, ChromaKey
from gfv_sei.errors import GfvError
from vtm_bridge.colour import from_rgb
from vtm_bridge.ffmpeg import encode as encode_pictures
from vtm_bridge.pictures import PictureFormat
from vtm_bridge.pictures.png import write_png

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
FORMAT = PictureFormat(64, 64)
RED, BLUE = (np.array(colour, np.float32).reshape(3, 1, 1) for colour in ((1, 0, 0), (0.1, 0.1, 0.9)))


@pytest.mark.parametrize(
    ("name", "syntax", "key"),
    [
        ("vtm24-payload/chroma_key_0", "vsei4", ChromaKey(0, (236, 239, 130), 192, 301)),
        ("vtm24-payload/chroma_key_1", "vsei4", ChromaKey(1, (50, 220, 100), 48, 75)),
        ("vtm24-payload/chroma_key_3", "vsei4", ChromaKey(0, (50, 77, 100), 48, 75)),
        ("vtm23.7-payload/chroma_key_0", "draft-a", ChromaKey(0, (236, 239, 130), 192, 108)),
        ("hm/chroma_key_1", "draft-b", ChromaKey(0, (50, 220, 100), 48, 75)),
    ],
)
def test_keys_of_reference_encoders(name, syntax, key):
    path = VECTORS / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"the vectors are not here: no {path}")
    payload = bytes.fromhex(json.loads(path.read_text())["messages"][0]["payload_hex"])
    assert ChromaKey.of(gfv_sei.parse_payload(223, payload, syntax=syntax).to_dict()) == key


def test_no_key_without_its_flag():
    assert ChromaKey.of({"gfv_chroma_key_info_present_flag": 0}) is None


def test_between_the_thresholds_face_and_background_are_mixed():
    """Grey levels 100 to 200 in R'G'B', from a key of grey 100: the distance is sqrt(3) levels."""
    grey = np.repeat(np.linspace(100, 200, 101, dtype=np.float32)[None, None] / 255, 3, axis=0)
    face = ChromaKey(1, (100, 100, 100), 50, 100).face(grey, FORMAT, "rgb")[0]
    expected = np.clip((np.arange(101) * np.sqrt(3) - 50) / 50, 0, 1)
    np.testing.assert_allclose(face, expected, atol=1e-4)
    hard = ChromaKey(1, (100, 100, 100), 50, 20).face(grey, FORMAT, "rgb")[0]
    np.testing.assert_array_equal(hard[:28], 0)
    np.testing.assert_array_equal(hard[31:], 1)


def test_components_are_those_of_the_coded_picture():
    """The default key is a blue in Y'CbCr and a green in R'G'B'."""
    key = ChromaKey(1, (50, 220, 100), 48, 75)
    blue = np.broadcast_to(BLUE, (3, 4, 4)).astype(np.float32)
    green = np.broadcast_to(np.array([0.2, 0.86, 0.39], np.float32).reshape(3, 1, 1), (3, 4, 4)).astype(np.float32)
    assert key.face(blue, FORMAT).max() == 0
    assert key.face(green, FORMAT).min() == 1
    assert key.face(green, FORMAT, "rgb").max() == 0
    assert key.face(blue, FORMAT, "rgb").min() == 1


@pytest.mark.parametrize("what", ["#123", "#12345g", "#"])
def test_colours_that_are_none(what):
    with pytest.raises(GfvError, match="#rrggbb"):
        Background(what)


def test_a_background_from_a_file_fills_the_picture(tmp_path):
    picture = np.zeros((30, 60, 3), np.uint8)
    picture[:, 15:45] = (0, 200, 0)  # what is left of it in a square
    write_png(tmp_path / "b.png", picture)
    planes = Background(str(tmp_path / "b.png")).planes(32, 32)
    assert planes.shape == (3, 32, 32)
    assert np.abs(planes[1, 4:-4, 4:-4] - 200 / 255).max() < 0.02
    assert planes[0, 4:-4, 4:-4].max() < 0.03
    with pytest.raises(GfvError):
        Background(str(tmp_path / "none.png")).planes(32, 32)


@pytest.fixture(scope="module")
def stream(tmp_path_factory) -> bytes:
    """One picture: left half of the default key's colour, right half red."""
    planes = np.broadcast_to(BLUE, (3, 64, 64)).astype(np.float32)
    planes[:, :, 32:] = RED
    path = tmp_path_factory.mktemp("key") / "s"
    encode_pictures([from_rgb(planes, FORMAT)], path, "avc", qp=10)
    return path.read_bytes()


def test_base_and_generated_pictures_get_the_background(stream, tmp_path):
    key = {"gfv_chroma_key_info_present_flag": 1, "gfv_chroma_key_purpose_idc": 1}
    path = injected(stream, [gfv(0, 0, 0.0, base=True, **key), gfv(0, 1, 0.0, 1.0)], tmp_path / "s")
    notes: list[str] = []
    white = player(notes=notes, background=Background("white"))
    for shown in white.play(str(path)):
        left, right = shown.generated[:, :, 4:28], shown.generated[:, :, 36:60]
        assert left.min() > 0.99
        assert np.abs(right - RED).max() < 0.05
    assert white.counts.keyed == 2
    assert not notes
    plain, _ = player(notes=notes).play(str(path))
    assert plain.coded is not None
    assert "--background" in notes[0]


def test_a_key_for_face_recognition_is_no_background(stream, tmp_path):
    key = {"gfv_chroma_key_info_present_flag": 1, "gfv_chroma_key_purpose_idc": 2}
    path = injected(stream, [gfv(0, 0, 0.0, base=True, **key)], tmp_path / "s")
    notes: list[str] = []
    (shown,) = player(notes=notes, background=Background("white")).play(str(path))
    assert shown.coded is not None
    assert "face recognition" in notes[0]


def test_the_key_ends_with_the_next_base_message(tmp_path):
    key = {"gfv_chroma_key_info_present_flag": 1}
    records = [gfv(0, 0, 0.0, base=True, **key), gfv(1, 0, 0.0, base=True), gfv(1, 1, 0.0, 1.0)]
    path = injected(encode("avc", "keyint=1", 2), records, tmp_path / "s")
    shown = list(player(background=Background("white")).play(str(path)))
    assert [one.coded is None for one in shown] == [True, False, True]
    np.testing.assert_array_equal(shown[2].generated.shape, (3, 64, 64))
    machine = player(background=Background("white"))
    assert len(list(machine.play(str(path)))) == 3
    assert machine.counts.keyed == 1
