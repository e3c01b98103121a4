"""What commands print for programs is what the published JSON Schema of a record says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.records import face_records, injected

from gfv_sei.schema import record_schema

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def check() -> Callable[[object], None]:
    """Object to what is no record."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    validate: Callable[[object], None] = jsonschema.Draft202012Validator(record_schema()).validate
    return validate


@pytest.fixture
def lines(gfv: Run) -> Lines:
    """The records that a command prints, one per line."""

    def run(*words: str | Path, status: int = 0, stdin: bytes = b"") -> list[dict[str, Any]]:
        done = gfv(*words, stdin=stdin)
        assert done.returncode == status, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
@pytest.mark.parametrize(
    "words", [[], ["--elements"], ["--order"], ["--compat", "vtm"], ["--syntax", "draft-b"]], ids=" ".join
)
def test_extract(codec: str, words: list[str], faces: Callable[..., Path], lines: Lines, check) -> None:
    # As another edition some messages cannot be read, which makes exit status 1 and records with an error.
    found = lines("extract", faces(codec), "-o", "-", *words, status=int("draft-b" in words))
    assert len(found) == 12
    for record in found:
        check(record)
    assert all(("elements" in record) == ("--elements" in words) for record in found if "error" not in record)
    assert all(("poc" in record) == ("--order" in words) for record in found)
    assert any("error" in record for record in found) == ("draft-b" in words)


def test_extract_of_other_messages_and_of_broken_ones(base: Callable[[str], bytes], lines: Lines, check) -> None:
    records = [*face_records(1), {"au": 1, "payload_type": 223, "payload_hex": "ff"}]
    other = {"au": 1, "payload_type": 5, "payload_hex": "00" * 16 + "41"}
    stream = injected(base("avc"), [*records, other])
    found = lines("extract", "-", "-o", "-", stdin=stream, status=1)
    assert ["error" in record for record in found] == [False, False, False, True]
    others = lines("extract", "-", "-o", "-", "--payload-type", "5", stdin=stream)
    assert any(record["payload_hex"].startswith("00" * 16) for record in others)
    for record in (*found, *others):
        check(record)


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_inspect(codec: str, faces: Callable[..., Path], gfv: Run, check) -> None:
    done = gfv("inspect", faces(codec), "--format", "json")
    assert done.returncode == 0, done.stderr
    messages = json.loads(done.stdout)["messages"]
    ours = [message for message in messages if message["payload_type"] in (223, 224)]
    assert len(ours) == 12
    for record in ours:
        check(record)


def test_what_gfv_encode_makes(tmp_path: Path, gfv: Run, lines: Lines, check) -> None:
    pytest.importorskip("onnxruntime", reason="the extra networks is not installed")
    pytest.importorskip("skimage", reason="the demo's picture comes with scikit-image")
    from itertools import islice

    from generators.demo import FPS, camera_path
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import write_mp4

    write_mp4((to_rgb8(picture) for picture in islice(camera_path(96, 96), 8)), tmp_path / "face.mp4", FPS)
    gfv("encode", tmp_path / "face.mp4", "-o", tmp_path / "face.265", "--codec", "hevc").check_returncode()
    found = lines("extract", tmp_path / "face.265", "-o", "-", "--order", "--elements")
    assert len(found) == 8
    for record in found:
        check(record)
