"""gfv compare: what one stream has and the other has not, or elsewhere, or otherwise."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.records import face_records, injected, read

from gfv_sei.comparison.aligning import WINDOW, Aligner
from gfv_sei.comparison.differences import by_bits
from gfv_sei.comparison.side import Side

Base = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]
Record = dict[str, Any]


def absolute(number: int, gfv_cnt: int = 0, au: int | None = None) -> Record:
    """A message that depends on no other one."""
    return {
        "au": number if au is None else au,
        "payload_type": 223,
        "gfv_id": number,
        "gfv_cnt": gfv_cnt,
        "gfv_base_picture_flag": 1,
        "values": {"coordinates": [[number / 64, 0.5], [-0.25, 0.125]]},
    }


@pytest.fixture
def compare(gfv: Run, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Compare two streams; the JSON document. The text must tell the same numbers, and both exit alike."""

    def run(a: bytes, b: bytes, *words: str) -> dict[str, Any]:
        for name, stream in (("a", a), ("b", b)):
            (tmp_path / name).write_bytes(stream)
        done = gfv("compare", tmp_path / "a", tmp_path / "b", "--format", "json", *words)
        text = gfv("compare", tmp_path / "a", "-", *words, stdin=b)
        assert done.returncode == text.returncode, (done.stderr, text.stderr)
        assert done.stderr == text.stderr == b""
        found = json.loads(done.stdout)
        counts = found["summary"]
        assert done.returncode == int(any(counts[k] for k in ("changed", "moved", "only_in_a", "only_in_b")))
        last = text.stdout.decode().splitlines()[-1]
        assert last.startswith(f"{counts['equal']} equal, {counts['changed']} changed, {counts['moved']} moved, ")
        assert max(map(len, text.stdout.decode().splitlines())) <= 100
        assert text.stdout.count(b"\nau ") + text.stdout.startswith(b"au ") == len(found["differences"])
        return found

    return run


Compare = Callable[..., dict[str, Any]]


def counts(found: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in found["summary"].items() if isinstance(count, int) and count}


def test_equal(compare: Compare, base: Base) -> None:
    stream = injected(base("vvc"), face_records(4))
    for words in ([], ["--by", "id"], ["--by", "order"], ["--values"]):
        found = compare(stream, stream, *words)
        assert found["differences"] == []
        assert counts(found) == {"equal": 12}


@pytest.mark.parametrize("by", ["au", "id", "order"])
@pytest.mark.parametrize("codec", ["hevc", "avc"])
def test_codecs_compare(codec: str, by: str, compare: Compare, base: Base) -> None:
    """The same messages in VVC and in another codec; AVC packs them in prefix NAL units."""
    a, b = (injected(base(one), face_records(4)) for one in ("vvc", codec))
    assert counts(compare(a, b, "--ignore-nal", "--by", by)) == {"equal": 12}
    found = compare(a, b, "--by", by)
    assert counts(found) == ({"equal": 12} if codec == "hevc" else {"moved": 12})
    if codec == "avc":
        assert found["differences"][0]["moved"] == {"position": ["suffix", "prefix"]}
        assert found["differences"][1]["moved"] == {"position": ["suffix", "prefix"], "in_nal": [0, 1]}
    assert [found["summary"][side]["codec"] for side in "ab"] == ["vvc", codec]


def test_missing(compare: Compare, base: Base) -> None:
    records = [absolute(number) for number in range(4)]
    a, b = (injected(base("hevc"), some) for some in (records, records[:1] + records[2:]))
    for by in ("au", "id"):
        found = compare(a, b, "--by", by)
        assert counts(found) == {"equal": 3, "only_in_a": 1}
        (difference,) = found["differences"]
        (record,) = [record for record in read(a) if record["au"] == 1]
        assert difference == {
            "kinds": ["only_in_a"],
            "payload_type": 223,
            "gfv_id": 1,
            "gfv_cnt": 0,
            "a": {name: record[name] for name in ("au", "nal", "offset", "position")},
        }
        assert counts(compare(b, a, "--by", by)) == {"equal": 3, "only_in_b": 1}
    assert counts(compare(a, b, "--by", "order")) == {"equal": 1, "changed": 2, "moved": 2, "only_in_a": 1}


@pytest.mark.parametrize("by", ["au", "id"])
def test_moved(by: str, compare: Compare, base: Base) -> None:
    records = [absolute(number) for number in range(4)]
    moved = [*records[:1], absolute(1, au=3), *records[2:]]
    found = compare(injected(base("avc"), records), injected(base("avc"), moved), "--by", by, "--ignore-nal")
    assert counts(found) == {"equal": 3, "moved": 1}
    (difference,) = found["differences"]
    assert difference["kinds"] == ["moved"]
    assert difference["moved"] == {"au": [1, 3]}
    assert (difference["gfv_id"], difference["a"]["au"], difference["b"]["au"]) == (1, 1, 3)


def test_changed(compare: Compare, base: Base) -> None:
    """The first element that differs, its place and its values are those of the traces of both streams."""
    records = [absolute(number) for number in range(3)]
    other = copy.deepcopy(records)
    other[2]["values"]["coordinates"][1] = [-0.25, 0.25]
    a, b = (injected(base("vvc"), some) for some in (records, other))
    found = compare(a, b)
    assert counts(found) == {"equal": 2, "changed": 1}
    (difference,) = found["differences"]
    mine, theirs = (read(stream, elements=True)[2]["elements"] for stream in (a, b))
    at = next(i for i, (one, two) in enumerate(zip(mine, theirs, strict=False)) if one[:3] != two[:3])
    name = mine[at][0]
    assert difference["changed"] == {
        "element": name,
        "number": sum(element[0] == name for element in mine[:at]),
        "bit": sum(element[2] for element in mine[:at]),
        "a": mine[at][1],
        "b": theirs[at][1],
        "bits": [sum(element[2] for element in elements) for elements in (mine, theirs)],
    }
    assert name.startswith("gfv_coordinate_")


def test_another_coding_of_the_same_values(compare: Compare, base: Base) -> None:
    """Absolute in one stream, predicted in the other: other bits, the same meaning."""
    records = [record for record in face_records(3) if record["payload_type"] == 223]
    for record in records:
        record["values"].pop("matrices", None)
    told = [{**r, "gfv_kps_pred_flag": 0} for r in records]
    a, b = (injected(base("hevc"), some) for some in (records, told))
    changed = compare(a, b)
    assert changed["summary"]["changed"] >= 4
    assert {d["changed"]["element"] for d in changed["differences"]} == {"gfv_kps_pred_flag"}
    assert counts(compare(a, b, "--values")) == {"equal": 6}


def test_editions_compare_by_values(compare: Compare, base: Base) -> None:
    records = [record for record in face_records(3) if record["payload_type"] == 223]
    a, b = (injected(base("hevc"), records, syntax=syntax) for syntax in ("vsei4", "draft-b"))
    assert compare(a, b)["summary"]["changed"] > 0
    found = compare(a, b, "--values")
    assert counts(found) == {"equal": 6}
    assert [found["summary"][side]["syntax"] for side in "ab"] == ["vsei4", "draft-b"]


def test_tolerance(compare: Compare, base: Base) -> None:
    records = [absolute(number) for number in range(3)]
    other = copy.deepcopy(records)
    other[1]["values"]["coordinates"][0][0] += 1 / 128
    a, b = (injected(base("avc"), some) for some in (records, other))
    found = compare(a, b, "--values")
    assert counts(found) == {"equal": 2, "changed": 1}
    changed = found["differences"][0]["changed"]
    assert changed["value"] == "coordinates[0][0]"
    assert changed["difference"] == abs(changed["a"] - changed["b"]) == 1 / 128
    assert counts(compare(a, b, "--values", "--tolerance", "0.0078")) == {"equal": 2, "changed": 1}
    assert counts(compare(a, b, "--values", "--tolerance", "0.0079")) == {"equal": 3}
    other[2]["gfv_low_confidence_face_parameter_flag"] = 1
    other[0]["values"]["coordinates"].append([0.0, 0.0])
    found = compare(a, injected(base("avc"), other), "--values", "--tolerance", "1")
    assert [d["changed"]["value"] for d in found["differences"]] == [
        "coordinates",
        "gfv_low_confidence_face_parameter_flag",
    ]


def test_messages_that_cannot_be_read(compare: Compare, base: Base) -> None:
    broken = [[absolute(0), {"au": 1, "payload_type": 223, "payload_hex": text}] for text in ("ff", "fe", "ff")]
    a, b, c = (injected(base("vvc"), records) for records in broken)
    assert counts(compare(a, c)) == {"equal": 2}
    found = compare(a, b)
    (difference,) = found["differences"]
    assert difference["changed"]["bit"] == 7
    assert set(difference["changed"]) == {"bit", "bits", "error_a", "error_b"}
    assert counts(compare(a, b, "--values")) == counts(found) == {"equal": 1, "changed": 1}


def test_other_payload_types(compare: Compare, base: Base) -> None:
    a, b = (
        injected(base("hevc"), [absolute(0), {"au": 0, "payload_type": 600, "payload_hex": text}])
        for text in ("00ff", "01ff")
    )
    assert counts(compare(a, b)) == {"equal": 1}
    found = compare(a, b, "--payload-type", "600")
    assert found["differences"][0]["changed"] == {"bit": 7, "bits": [16, 16]}


def test_differences_come_in_the_order_of_access_units(compare: Compare, base: Base) -> None:
    records = [absolute(number) for number in range(5)]
    other = copy.deepcopy(records[1:])
    for record in other:
        record["values"]["coordinates"][1][0] = 0.75
    found = compare(injected(base("vvc"), records), injected(base("vvc"), other))
    assert [(d.get("a") or d["b"])["au"] for d in found["differences"]] == [0, 1, 2, 3, 4]
    assert counts(found) == {"only_in_a": 1, "changed": 4}


def test_what_waits_is_bounded(base: Base) -> None:
    """Thousands of messages that have no partner, or a late one."""
    number = WINDOW + 500
    many = [{"au": 0, "payload_type": 600, "payload_hex": f"{n:08x}"} for n in range(number)]
    a, b = (injected(base("avc"), records) for records in (many, [{**many[-1], "au": 8}]))
    aligner = Aligner("au", lambda one, other: by_bits(one, other) is None)
    found = []
    for pair in aligner.pairs(*(iter(Side(stream, payload_types=(600,))) for stream in (a, b))):
        assert max(len(waiting.items) for waiting in (*aligner.near, *aligner.far)) <= WINDOW
        found.append(pair)
    assert sum(pair.a is not None for pair in found) == number
    assert sum(pair.b is not None for pair in found) == 1


def test_streams_that_end_early_or_are_none(base: Base, gfv: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(injected(base("hevc"), face_records(2)))
    for content in (b"", b"no stream", bytes(5000)):
        bad.write_bytes(content)
        for pair in ((good, bad), (bad, good)):
            done = gfv("compare", *pair)
            assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
            assert done.stderr.startswith(f"gfv: {bad}: ".encode())
    whole = good.read_bytes()
    nan = gfv("compare", good, good, "--values", "--tolerance", "nan")
    assert (nan.returncode, nan.stderr) == (1, b"gfv: tolerance = nan: must be a number from 0\n")
    for cut in range(len(whole) // 2, len(whole), 97):
        bad.write_bytes(whole[:cut])
        done = gfv("compare", good, bad)
        assert done.returncode in (0, 1)
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["-", "-"],
        ["good"],
        ["good", "good", "--by", "poc"],
        ["good", "good", "--tolerance", "0.5"],
        ["good", "good", "--values", "--tolerance", "-1"],
        ["good", "good", "--format", "xml"],
    ],
    ids=" ".join,
)
def test_wrong_usage(words: list[str], base: Base, gfv: Run, tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(base("avc"))
    done = gfv("compare", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error: " in done.stderr
