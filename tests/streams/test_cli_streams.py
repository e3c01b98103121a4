"""The stream commands as a user runs them: files, pipes, what they print, and their exit status."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.clips import CLIPS, PLAIN
from streams.records import counted, face_records, injected, read, removed

Clip = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


def lines(records: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def done_well(done: subprocess.CompletedProcess[bytes]) -> bytes:
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PLAIN)
def test_inject_extract_remove_through_files(name: str, clip: Clip, gfv: Run, tmp_path: Path) -> None:
    base, params, out, back = (tmp_path / part for part in ("base.bit", "params.jsonl", "out.bit", "back.bit"))
    base.write_bytes(clip(name))
    records = face_records(counted(clip(name))["access_units"])
    params.write_bytes(lines(records))
    assert done_well(gfv("inject", base, params, "-o", out)) == b""
    assert out.read_bytes() == injected(clip(name), records)
    assert done_well(gfv("extract", out, "-o", params)) == b""
    assert [json.loads(line) for line in params.read_bytes().splitlines()] == read(out)
    assert done_well(gfv("remove", out, "-o", back)) == b""
    assert back.read_bytes() == clip(name)
    done_well(gfv("inject", back, params, "-o", back))  # the output may be the input
    assert back.read_bytes() == out.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["back.bit", "base.bit", "out.bit", "params.jsonl"]


@pytest.mark.parametrize("name", PLAIN)
def test_the_same_through_pipes(name: str, clip: Clip, gfv: Run, tmp_path: Path) -> None:
    base, params = tmp_path / "base.bit", tmp_path / "params.jsonl"
    base.write_bytes(clip(name))
    records = face_records(counted(clip(name))["access_units"])
    params.write_bytes(lines(records))
    stream = injected(clip(name), records)
    assert done_well(gfv("inject", "-", params, "-o", "-", stdin=clip(name))) == stream
    assert done_well(gfv("inject", base, "-", "-o", "-", stdin=lines(records))) == stream
    extracted = done_well(gfv("extract", "-", "-o", "-", stdin=stream))
    assert [json.loads(line) for line in extracted.splitlines()] == read(stream)
    assert done_well(gfv("inject", base, "-", "-o", "-", stdin=extracted)) == stream
    assert done_well(gfv("remove", "-", "-o", "-", stdin=stream)) == clip(name)


@pytest.mark.parametrize("name", PLAIN)
def test_prefix_and_suffix(name: str, clip: Clip, gfv: Run, tmp_path: Path) -> None:
    params = tmp_path / "params.jsonl"
    params.write_bytes(lines(face_records(2)))
    stream = done_well(gfv("inject", "-", params, "-o", "-", "--nal", "prefix", stdin=clip(name)))
    assert {record["position"] for record in read(stream)} == {"prefix"}
    suffix = gfv("inject", "-", params, "-o", "-", "--nal", "suffix", stdin=clip(name))
    if CLIPS[name].codec == "avc":
        assert (suffix.returncode, suffix.stdout) == (1, b"")
        assert suffix.stderr.decode().count("\n") == 1
        assert "AVC has no suffix SEI" in suffix.stderr.decode()
    else:
        assert {record["position"] for record in read(done_well(suffix))} == {"suffix"}


def test_elements_of_extract(clip: Clip, gfv: Run) -> None:
    stream = injected(clip("vvc-plain"), face_records(2))
    found = [
        json.loads(line) for line in done_well(gfv("extract", "-", "--elements", "-o", "-", stdin=stream)).splitlines()
    ]
    for record in found:
        assert sum(bits for _, _, bits, _ in record["elements"]) == 8 * record["payload_size"]
        assert record["elements"][0][0] in ("gfv_id", "gfve_id")


@pytest.mark.parametrize("name", PLAIN)
def test_other_payload_types(name: str, clip: Clip, gfv: Run, tmp_path: Path) -> None:
    """Messages of any type go in as hex, come out by their type, and are taken out by it; others stay."""
    base, params = clip(name), tmp_path / "params.jsonl"
    others = [
        {"au": au, "payload_type": payload_type, "payload_hex": text}
        for au in (0, 2)
        for payload_type, text in ((600, "00ff"), (224, "0102030405"), (700, ""), (600, "000001" * 100))
    ]
    params.write_bytes(lines(others))
    stream = done_well(gfv("inject", "-", params, "-o", "-", stdin=base))
    assert stream == injected(base, others)
    kept = ("au", "payload_type", "payload_hex")
    for wanted in ((600,), (700, 600)):
        words = [word for payload_type in wanted for word in ("--payload-type", str(payload_type))]
        found = [
            json.loads(line) for line in done_well(gfv("extract", "-", *words, "-o", "-", stdin=stream)).splitlines()
        ]
        expected = [record for record in others if record["payload_type"] in wanted]
        assert [{key: record[key] for key in kept} for record in found] == expected
        without = done_well(gfv("remove", "-", *words, "-o", "-", stdin=stream))
        left = [record for record in others if record["payload_type"] not in wanted]
        assert without == injected(base, left) == removed(stream, *wanted)
    both = injected(base, [*others[:2], *face_records(3)])
    assert done_well(gfv("remove", "-", "-o", "-", stdin=both)) == injected(base, others[:1])


@pytest.mark.parametrize("name", ["vvc-plain", "hevc-slices", "avc-slices-aud"])
def test_inspect(name: str, clip: Clip, gfv: Run) -> None:
    stream = injected(clip(name), face_records(3))
    summary = counted(stream)
    whole = json.loads(done_well(gfv("inspect", "--format", "json", "-", stdin=stream)))
    assert whole["messages"] == read(stream, payload_types=None)
    assert summary.items() <= whole["summary"].items()
    text = done_well(gfv("inspect", "-", stdin=stream)).decode()
    codec = CLIPS[name].codec.upper()
    assert f"{codec}: {summary['access_units']} access units, {summary['pictures']} pictures" in text
    assert text.count("generative_face_video (223)") >= 6
    trace = done_well(gfv("inspect", "--format", "trace", "-", stdin=stream)).decode()
    position = None
    elements = 0
    for line in trace.splitlines():
        if line.startswith("au "):
            position = 0
        elif " gfv_" in line or " gfve_" in line:
            where, descriptor, name_of_element, *_ = line.split()
            assert position == 0 or int(where) > 0
            assert int(where) >= (position or 0)
            position = int(where)
            assert descriptor[-1] == ")"
            assert name_of_element.startswith("gfv")
            elements += 1
    assert elements == sum(
        1 for record in read(stream, elements=True) for name_, *_ in record["elements"] if name_.startswith("gfv")
    )
    with_bits = done_well(gfv("inspect", "--format", "trace", "--bits", "-", stdin=stream)).decode()
    assert len(with_bits.splitlines()) == len(trace.splitlines())


def test_a_message_that_cannot_be_read(clip: Clip, gfv: Run, tmp_path: Path) -> None:
    """It has a record of its own, the others are read, and the exit status says so; it can be put back as it was."""
    broken = {"au": 1, "payload_type": 223, "payload_hex": "ff"}
    stream = injected(clip("hevc-plain"), [*face_records(1), broken])
    done = gfv("extract", "-", "-o", "-", stdin=stream)
    assert done.returncode == 1
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("error" in record) for record in records] == [False, False, False, True]
    assert records[-1]["payload_hex"] == "ff"
    (line,) = done.stderr.decode().splitlines()[1:]
    assert line.startswith("gfv: access unit 1, NAL unit ")
    out = tmp_path / "out.jsonl"
    assert gfv("extract", "-", "-o", out, stdin=stream).returncode == 1
    assert out.read_bytes() == done.stdout
    back = done_well(gfv("inject", "-", out, "-o", "-", stdin=clip("hevc-plain")))
    assert back == stream
    assert gfv("inspect", "-", stdin=stream).returncode == 1
    assert gfv("validate", "-", stdin=stream).returncode == 1


def test_validate(clip: Clip, gfv: Run) -> None:
    good = gfv("validate", "-", stdin=injected(clip("hevc-plain"), face_records(3)))
    assert good.returncode == 0, good.stdout
    assert good.stdout == b"conforms\n"
    wrong = face_records(1)
    wrong[1] |= {"gfv_cnt": 5}
    stream = injected(clip("hevc-plain"), wrong)
    bad = gfv("validate", "--json", "-", stdin=stream)
    assert bad.returncode == 1
    report = json.loads(bad.stdout)
    assert [finding["rule"] for finding in report["findings"]] == ["GFV-CNT-001"]
    assert report["findings"][0]["value"] == 5


@pytest.mark.parametrize(
    "words", [["extract", "IN", "-o", "-"], ["inspect", "IN"], ["inspect", "--format", "json", "IN"]], ids=" ".join
)
def test_a_reader_that_has_enough(words: list[str], clip: Clip, gfv_command: str, tmp_path: Path) -> None:
    """`gfv extract | head -1`: no complaint, and no endless writing."""
    path = tmp_path / "long.bit"
    path.write_bytes(injected(clip("hevc-plain"), face_records(1, per_unit=2000)))
    command = [gfv_command, *(str(path) if word == "IN" else word for word in words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read(1)
        child.stdout.close()
        complaints = child.stderr.read().decode()
    assert child.returncode in (0, 1)
    for word in ("Traceback", "BrokenPipe", "Exception ignored"):
        assert word not in complaints


def test_a_codec_that_is_said(clip: Clip, gfv: Run) -> None:
    stream = injected(clip("hevc-plain"), face_records(1))
    told = done_well(gfv("extract", "-", "--codec", "hevc", "-o", "-", stdin=stream))
    assert told == done_well(gfv("extract", "-", "-o", "-", stdin=stream))
    assert gfv("extract", "-", "--codec", "mpeg2", "-o", "-", stdin=stream).returncode == 2


def test_what_changes_nothing_says_so(clip: Clip, gfv: Run, tmp_path: Path) -> None:
    base, none, out = (tmp_path / part for part in ("base.bit", "none.jsonl", "out.bit"))
    base.write_bytes(clip("avc-plain"))
    none.write_bytes(b"\n")
    for words in (["remove", base, "-o", out], ["inject", base, none, "-o", out]):
        done = gfv(*words)
        assert done_well(done) == b""
        assert done.stderr.count(b"a copy of") == 1
        assert out.read_bytes() == clip("avc-plain")
        assert gfv("--quiet", *words).stderr == b""


def test_an_error_says_which_record_it_is_about(clip: Clip, gfv: Run, tmp_path: Path) -> None:
    """By its number in the plan, also where the plan is put into another order and some of it is left out."""
    (tmp_path / "base.bit").write_bytes(clip("avc-plain"))
    far, good, bad = {"display": 10**6}, {"display": 2}, {"display": 0, "payload_hex": "0g"}
    plan = [{"payload_type": 5, "payload_hex": "00", **record} for record in (far, good, bad)]
    done = gfv("inject", tmp_path / "base.bit", "-", "-o", tmp_path / "out", "--mismatch", "skip", stdin=lines(plan))
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].startswith("gfv: record 2, access unit 0: payload_hex: ")
    layer = [{"au": 1, "payload_type": 5, "payload_hex": "00", "layer_id": 7}]
    done = gfv("inject", tmp_path / "base.bit", "-", "-o", tmp_path / "out", stdin=lines(layer))
    assert done.stderr.decode().startswith("gfv: record 0, access unit 1: layer_id = 7: ")


def test_a_record_of_another_syntax_is_told(clip: Clip, gfv: Run, tmp_path: Path) -> None:
    base, params, out = (tmp_path / part for part in ("base.bit", "params.jsonl", "out.bit"))
    base.write_bytes(clip("avc-plain"))
    params.write_bytes(lines(face_records(2)))
    done_well(gfv("inject", base, params, "--syntax", "draft-b", "-o", out))
    done_well(gfv("extract", out, "--syntax", "draft-b", "-o", params))
    done = gfv("inject", base, params, "-o", out)
    assert done.returncode == 1
    assert b"; the record was read with syntax draft-b and is written with vsei4" in done.stderr
    done_well(gfv("inject", base, params, "-o", tmp_path / "again", "--syntax", "draft-b"))
    assert (tmp_path / "again").read_bytes() == out.read_bytes()


def test_validate_and_inspect_agree_about_the_bit(clip: Clip, gfv: Run) -> None:
    """Of the flag that says prediction where there is nothing to predict from: bit 6 of the payload."""
    alone = [{"au": 0, "payload_type": 223, "payload_hex": "b689"}]
    stream = injected(clip("avc-plain"), alone)
    found = json.loads(gfv("validate", "--json", "-", "--syntax", "vsei4", stdin=stream).stdout)["findings"]
    assert [one["bit"] for one in found if one["element"] == "gfv_kps_pred_flag"] == [6]
    assert b"bit 6 of the payload: gfv_kps_pred_flag = 1: " in gfv("extract", "-", "-o", "-", stdin=stream).stderr
