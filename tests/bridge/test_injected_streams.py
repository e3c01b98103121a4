"""Streams with messages in them decode as without: every decoder there is, every message of the reference vectors.

Of the reference decoders those of HM and JM know no GFV and have to pass over the messages. VTM's reads those of its
own version, with a memory that goes wrong when faces are mixed, so test_sei_log gives it each file of them by itself.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import gfv_sei
import vtm_bridge
from gfv_sei.errors import ToolError
from gfv_sei.stream.inject import inject
from vtm_bridge.ffmpeg import encode
from vtm_bridge.pictures import PictureFormat

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
SETS = ("vtm24-payload", "vtm23.7-payload", "hm", "jm")
DECODERS = {"hevc": "hm", "avc": "jm"}
PICTURES = 6


def decoder(name: str):
    try:
        return vtm_bridge.get_decoder(name)
    except ToolError as error:
        pytest.skip(error.reason)


@pytest.fixture(scope="module")
def base(clip):
    """Reordered pictures; made once for each codec."""
    made: dict[str, bytes] = {}

    def make(codec: str) -> bytes:
        if codec not in made:
            file = io.BytesIO()
            encode(clip(PictureFormat(64, 64), PICTURES), file, codec, 30, "randomaccess", preset="faster")
            made[codec] = file.getvalue()
        return made[codec]

    return make


def vectors(folder: str) -> list[dict[str, Any]]:
    """All messages of a folder, each file at one of the pictures in turn."""
    if not (VECTORS / folder).is_dir():
        pytest.skip(f"the reference vectors are not here: no {VECTORS / folder}")
    files = sorted((VECTORS / folder).glob("*.json"))
    assert len(files) > 30
    return [
        {"au": number % PICTURES, "payload_type": message["payload_type"], "payload_hex": message["payload_hex"]}
        for number, path in enumerate(files)
        for message in json.loads(path.read_text())["messages"]
    ]


def injected(stream: bytes, records: list[dict[str, Any]], nal: str) -> bytes:
    out = io.BytesIO()
    assert inject(stream, records, out, nal=nal) == len(records)
    found = list(gfv_sei.read_messages(out.getvalue(), "vsei4", errors="record"))
    assert Counter(record["au"] for record in found) == Counter(record["au"] for record in records)
    return out.getvalue()


PLACES = [("vvc", "suffix"), ("vvc", "prefix"), ("hevc", "suffix"), ("hevc", "prefix"), ("avc", "prefix")]


@pytest.mark.parametrize(("codec", "nal"), PLACES)
@pytest.mark.parametrize("folder", SETS)
def test_ffmpeg_decodes_the_same_pictures(folder: str, codec: str, nal: str, base) -> None:
    stream = injected(base(codec), vectors(folder), nal)
    reader = vtm_bridge.get_decoder()
    before, after = (list(reader.decode(data, codec)) for data in (base(codec), stream))
    assert len(after) == PICTURES
    assert all(a.same_samples(b) for a, b in zip(after, before, strict=True))


@pytest.mark.parametrize(("codec", "nal"), [(codec, nal) for codec, nal in PLACES if codec in DECODERS])
@pytest.mark.parametrize("folder", SETS)
def test_reference_decoders_decode_the_same_pictures(folder: str, codec: str, nal: str, base) -> None:
    reader = decoder(DECODERS[codec])
    stream = injected(base(codec), vectors(folder), nal)
    before, after = (list(reader.decode(data, codec)) for data in (base(codec), stream))
    by_ffmpeg = list(vtm_bridge.get_decoder().decode(base(codec), codec))
    assert len(after) == PICTURES
    assert all(a.same_samples(b) for a, b in zip(after, before, strict=True))
    assert all(a.same_samples(b) for a, b in zip(after, by_ffmpeg, strict=True))
