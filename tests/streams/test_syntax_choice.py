"""Finding out which draft a stream was written in, also where only a late message tells."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.clips import PLAIN
from streams.records import injected, read

import gfv_sei

Clip = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]
Record = dict[str, Any]

# What tells the drafts apart (gfv-syntax.md section 6): vsei4 has no fusion flag in messages with a count above 0,
# and draft-a codes types of matrices as ue(v).
TELLING: dict[str, Record] = {
    "vsei4": {"gfv_cnt": 1, "values": {"coordinates": [[0.25, 0.5], [0.125, -0.25]]}},
    "draft-b": {"gfv_cnt": 1, "values": {"coordinates": [[0.25, 0.5], [0.125, -0.25]]}},
    "draft-a": {
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "values": {
            "coordinates": [[0.25, 0.5], [0.125, -0.25]],
            "matrices": [{"type": 0, "elements": [[[1.0, 0.25], [0.5, -1.0]], [[1.5, 0.0], [0.0, 2.0]]]}],
        },
    },
}


def plain(number: int) -> Record:
    """A base message with keypoints alone: the same bits in every draft."""
    return {
        "au": 0,
        "payload_type": 223,
        "gfv_id": 1,
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_coordinate_precision_factor_minus1": 9,
        "values": {"coordinates": [[number / 1024, 0.5], [-0.25, -number / 1024]]},
    }


def records(syntax: str, undecided: int) -> list[Record]:
    telling = {"au": 0, "payload_type": 223, "gfv_id": 1, **TELLING[syntax]}
    return [*(plain(number) for number in range(undecided)), telling]


@pytest.fixture(scope="module")
def late(clip: Clip) -> Callable[[str, int], bytes]:
    made: dict[tuple[str, int], bytes] = {}

    def make(syntax: str, undecided: int) -> bytes:
        if (syntax, undecided) not in made:
            made[syntax, undecided] = injected(clip("hevc-plain"), records(syntax, undecided), syntax=syntax)
        return made[syntax, undecided]

    return make


each_draft = pytest.mark.parametrize("syntax", TELLING)


@each_draft
@pytest.mark.parametrize("undecided", [1, 63, 64, 65, 300])
def test_the_message_that_tells_may_come_late(syntax: str, undecided: int, late: Callable[..., bytes]) -> None:
    stream = late(syntax, undecided)
    found = read(stream)
    assert len(found) == undecided + 1
    assert {record["syntax"] for record in found} == {syntax}
    assert [record["values"] for record in found] == [record["values"] for record in records(syntax, undecided)]
    assert found == read(stream, syntax)


@each_draft
@pytest.mark.parametrize("undecided", [1, 64, 300])
@pytest.mark.parametrize("target", ["file", "standard output"])
def test_extract_finds_it(
    syntax: str, undecided: int, target: str, late: Callable[..., bytes], gfv: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "in.bit", tmp_path / "out.jsonl"
    path.write_bytes(late(syntax, undecided))
    done = gfv("extract", path, "-o", out if target == "file" else "-")
    assert done.returncode == 0, done.stderr
    assert f"syntax {syntax}" in done.stderr.decode().splitlines()[-1]
    text = out.read_bytes() if target == "file" else done.stdout
    assert [json.loads(line) for line in text.splitlines()] == read(late(syntax, undecided), syntax)
    assert [file.name for file in tmp_path.iterdir() if file not in (path, out)] == []


@each_draft
def test_other_commands_find_it(syntax: str, late: Callable[..., bytes], gfv: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.bit"
    path.write_bytes(late(syntax, 300))
    done = gfv("inspect", "--format", "json", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["syntax"] == syntax
    assert f"GFV syntax: {syntax}".encode() in gfv("inspect", path).stdout
    assert json.loads(gfv("validate", "--json", path).stdout)["syntax"] == syntax


@each_draft
def test_from_a_pipe_the_start_decides(syntax: str, late: Callable[..., bytes], gfv: Run) -> None:
    done = gfv("extract", "-", "-o", "-", stdin=late(syntax, 1))
    assert done.returncode == 0
    assert {json.loads(line)["syntax"] for line in done.stdout.splitlines()} == {syntax}
    done = gfv("extract", "-", "-o", "-", stdin=late(syntax, 300))
    assert done.returncode == (0 if syntax == "vsei4" else 1)
    assert b"Traceback" not in done.stderr
    told = gfv("extract", "-", "-o", "-", "--syntax", syntax, stdin=late(syntax, 300))
    assert told.returncode == 0
    assert len(told.stdout.splitlines()) == 301


@pytest.mark.parametrize("syntax", ["draft-b", "draft-a"])
def test_an_edition_that_reads_an_odd_message_comes_before_one_that_does_not(syntax: str, clip: Clip) -> None:
    """Far keypoints and extension data are allowed, so a stream of such messages still has an edition."""
    far = {"coordinates": [[900.0, 0.5], [0.25, -700.0]]}
    told = {"au": 0, "payload_type": 223, "gfv_id": 1, **TELLING[syntax]}
    base = {"au": 0, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "gfv_base_picture_flag": 1, "values": far}
    told = told | {"values": told["values"] | far}
    made = [told] if syntax == "draft-a" else [base, told, told | {"gfv_cnt": 2}]
    for one in made:
        one["reserved_payload_extension_data"] = "10110"
    stream = injected(clip("vvc-plain"), made, syntax=syntax)
    assert {record["syntax"] for record in read(stream)} == {syntax}


def test_a_tie_goes_to_the_standard(clip: Clip, gfv: Run) -> None:
    stream = injected(clip("vvc-plain"), records("vsei4", 5)[:-1])
    readers: list[Any] = []
    assert {record["syntax"] for record in gfv_sei.read_messages(stream, on_syntax=readers.append)} == {"vsei4"}
    assert readers[0].others == ["draft-b", "draft-a"]
    done = gfv("extract", "-", "-o", "-", stdin=stream)
    assert b"all GFV messages fit draft-b and draft-a as well" in done.stderr


@pytest.mark.parametrize("name", PLAIN)
@each_draft
def test_in_every_codec(name: str, syntax: str, clip: Clip) -> None:
    stream = injected(clip(name), records(syntax, 2), syntax=syntax)
    assert {record["syntax"] for record in read(stream)} == {syntax}
    out = io.BytesIO()
    gfv_sei.remove(stream, out)
    assert out.getvalue() == clip(name)
