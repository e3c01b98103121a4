"""What `gfv conformance build` makes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from conformance.build import IncompleteError, build, make, require_complete
from conformance.case import cases
from conformance.coverage import PATHS, collect, measure
from conformance.expected import UnexpectedError, check, elements_file, records_of
from conformance.sketch import Sketch
from gfv_sei.validation.rules import DEMANDED
from vtm_bridge.ffmpeg import framemd5

HEADINGS = (
    "Bitstream name",
    "Specification",
    "Functional stage",
    "Title",
    "Purpose",
    "Expected result",
    "Profile and level",
    "Picture size and format",
    "Picture rate",
    "Number of pictures",
    "Number of GFV and GFVE messages",
)


def files_of(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def test_packages(suite) -> None:
    assert {one["codec"] for one in suite.streams} == {"vvc", "hevc", "avc"}
    for entry, path in zip(suite.streams, suite.packages, strict=True):
        name, files = entry["name"], files_of(path)
        stream = files[f"{name}.bit"]
        assert hashlib.md5(stream).hexdigest() == entry["bitstream_md5"] == files[f"{name}.md5"].decode().split()[0]
        note = files[f"{name}.txt"].decode()
        assert [heading for heading in HEADINGS if f"{heading}\n" not in f"\n{note}"] == []
        assert max(map(len, note.splitlines())) <= 120
        told = note.partition("\nFiles\n")[2].splitlines()
        assert {line.partition(": ")[0] for line in told if line.startswith(f"{name}")} == set(files)
        if "findings" in entry:
            assert path.parent.parent.name == "negative"
            assert json.loads(files[f"{name}_findings.json"]) == entry["findings"]
            continue
        assert set(files) == {name + end for end in (".bit", ".md5", "_yuv.md5", ".jsonl", "_values.jsonl", ".txt")}
        pictures = [line.split()[0] for line in files[f"{name}_yuv.md5"].decode().splitlines()]
        assert pictures[1:] == framemd5(stream, entry["codec"])
        assert len(pictures) == entry["pictures"] + 1
        assert f"\nNumber of GFV and GFVE messages\n{entry['messages']}\n" in note
        assert files[f"{name}.jsonl"] == elements_file(stream, entry["codec"])
        values = records_of(files[f"{name}_values.jsonl"])
        assert [one["values"] for one in values] == [one["values"] for one in records_of(files[f"{name}.jsonl"])]


def test_what_is_told_of_the_suite(suite) -> None:
    coverage = json.loads((suite.folder / "coverage.json").read_text())
    names = {one["name"] for one in suite.streams}
    reached = [row for row in coverage["branches"] if row["streams"]]
    assert all(set(row["streams"]) <= names for part in coverage.values() for row in part)
    page = (suite.folder / "coverage.md").read_text()
    assert f"{len(reached)} of {len(coverage['branches'])} branches" in page
    assert "| `gfv_kps_pred_flag` | 0 | 1 |" in page
    readme = (suite.folder / "README.md").read_text()
    negative = sum("findings" in one for one in suite.streams)
    assert f"{len(suite.streams) - negative} streams that conform, {negative} negative ones" in readme
    schema = json.loads((suite.folder / "record.schema.json").read_text())
    lines = files_of(suite.packages[0])[f"{suite.streams[0]['name']}.jsonl"].splitlines()
    assert set(json.loads(lines[0])) <= set(schema["properties"])
    catalogue = (suite.folder / "cases.md").read_text()
    for entry in suite.streams:
        assert f"## {entry['case']}: {entry['title']}\n" in catalogue


def test_the_same_bytes_each_time(suite, gfv, tmp_path: Path) -> None:
    """Also with several processes, and whatever else is built."""
    done = gfv("conformance", "build", tmp_path, "--case", "KPS_B", "--case", "BASE_C", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    again = list(tmp_path.rglob("*.zip"))
    assert len(again) == 6
    for path in again:
        assert path.read_bytes() == (suite.folder / path.relative_to(tmp_path)).read_bytes()


def test_all_cases_in_one_codec(tmp_path: Path) -> None:
    """Every stream of AVC is what its case says: that of VVC and HEVC is checked by `make conformance`."""
    outcome = build(tmp_path, codecs=["avc"])
    assert outcome.streams == sum("avc" in case.codecs for case in cases().values() if not case.negative)
    assert outcome.negatives == sum("avc" in case.codecs for case in cases().values() if case.negative)
    assert outcome.branches[0] == outcome.branches[1]
    assert outcome.rules[1] == len(DEMANDED)


def test_a_case_that_does_not_exist(gfv, tmp_path: Path) -> None:
    done = gfv("conformance", "build", tmp_path, "--case", "NOTHING")
    assert done.returncode == 1
    assert b"case = NOTHING: there is no such case or subject" in done.stderr
    assert not (tmp_path / "index.json").exists()


def test_list(gfv) -> None:
    lines = gfv("conformance", "list", "--case", "KPS").stdout.decode().splitlines()
    assert len(lines) == 12
    assert lines[0].split() == ["KPS_A", "vvc,hevc,avc", *["absolute", "keypoints", "in", "two", "dimensions"]]


# What the build refuses


def sketched(codec: str, name: str, structure: str = "one") -> tuple[Sketch, bytes]:
    from conformance.pictures import base_stream

    sketch = Sketch(codec)
    cases()[name].make(sketch)
    return sketch, sketch.stream(base_stream(codec, structure))


def test_a_reader_that_finds_other_values_than_the_case_wrote() -> None:
    sketch, stream = sketched("avc", "CNT_A")
    records = records_of(elements_file(stream, "avc"))
    check(sketch.written, records)
    records[3]["values"]["coordinates"][2][0] += 2**-9
    with pytest.raises(UnexpectedError, match="coordinates of message 3"):
        check(sketch.written, records)
    with pytest.raises(UnexpectedError, match="messages written: 125, found: 124"):
        check(sketch.written, records[1:])


def test_a_case_whose_stream_breaks_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conformance import case as registry
    from conformance.build import Job, coded_pictures

    broken = cases()["NEG_GFVCNT001_A"]._replace(negative=False, name="CNT_Z")
    monkeypatch.setitem(registry._CASES, "CNT_Z", broken)
    with pytest.raises(UnexpectedError, match=r"CNT_Z_AVC_1: the validator finds GFV-CNT-001"):
        make(Job("CNT_Z", "avc"), coded_pictures("one", "avc"), tmp_path)
    silent = cases()["CNT_A"]._replace(negative=True, name="NEG_X_A", make=_says_too_much)
    monkeypatch.setitem(registry._CASES, "NEG_X_A", silent)
    with pytest.raises(UnexpectedError, match=r"NEG_X_A_AVC_1: .*was to find.*GFV-CNT-001"):
        make(Job("NEG_X_A", "avc"), coded_pictures("one", "avc"), tmp_path)


def _says_too_much(s: Sketch) -> None:
    s.face(1).base(coordinates=[[0.0, 0.0]])
    s.breaks("GFV-CNT-001", "gfv_cnt")


def test_a_suite_that_leaves_something_out() -> None:
    _, stream = sketched("avc", "CNT_A")
    found = collect({"CNT_A_AVC_1": measure(stream, "avc")})
    assert 0 < sum(bool(by) for by in found.branches.values()) < len(found.branches)
    reached = {path for path, by in found.paths.items() if by}
    assert reached == {f"2D keypoints, predicted, {kind} message" for kind in ("base", "further")}
    assert reached < set(PATHS)
    with pytest.raises(IncompleteError, match=r"gfve.py line .*3D keypoints, absolute, base message.*rule SEI-001"):
        require_complete(found, set(DEMANDED) - {"SEI-001"})
