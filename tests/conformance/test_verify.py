"""`gfv conformance verify`: readers that are right, wrong, broken or slow, and suites that were tampered with."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.comparing import first_difference
from conformance.package import zipped
from conformance.reports import FORMATS
from conformance.verify import Verdict
from gfv_sei.errors import ToolError
from vtm_bridge.programs import vtm


@pytest.fixture
def copy(suite, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(suite.folder, folder)
    return folder


def tamper(folder: Path, package: str, ending: str, change: Callable[[bytes], bytes]) -> None:
    path = folder / package
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = path.stem + ending
    files[name] = change(files[name])
    path.write_bytes(zipped(files))


def report(done) -> dict[str, tuple[str, str]]:
    streams = json.loads(done.stdout)["streams"]
    return {one["name"]: (one["verdict"], one["detail"]) for one in streams}


def python(tmp_path: Path, text: str) -> str:
    """A command that runs this Python program."""
    path = tmp_path / "tool.py"
    path.write_text(text)
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))} {{}}"


def test_our_reader_passes(suite, gfv) -> None:
    done = gfv("conformance", "verify", suite.folder)
    assert done.returncode == 0, done.stdout
    assert done.stdout.decode() == f"gfv: {len(suite.streams)} streams: {len(suite.streams)} pass\n"


def test_a_command_that_prints_what_we_print_passes(suite, gfv, gfv_command: str) -> None:
    tool = f"{gfv_command} extract {{}} --syntax vsei4 -o -"
    done = gfv("conformance", "verify", suite.folder, "--tool", tool, "--case", "MAT_T", "--case", "NEG_SEI013")
    assert done.returncode == 0, done.stdout
    assert b" pass" in done.stdout


def test_a_stream_that_was_tampered_with(copy: Path, gfv) -> None:
    tamper(copy, "vvc/KPS_B_VVC_1.zip", ".bit", lambda data: data[:-3] + bytes([data[-3] ^ 4]) + data[-2:])
    done = gfv("conformance", "verify", copy, "--case", "KPS", "--format", "json")
    found = report(done)
    assert done.returncode == 1
    assert found["KPS_B_VVC_1"][0] == "failed"
    assert "not the one that the suite tells of" in found["KPS_B_VVC_1"][1]
    assert found["KPS_B_HEVC_1"] == found["KPS_B_AVC_1"] == ("pass", "")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (b'"gfv_coordinate_dx_abs", ', b'"gfv_coordinate_dx_abs", 1', "element gfv_coordinate_dx_abs: expected"),
        (b'"au": 1', b'"au": 2', "au: expected 2, found 1"),
        (b'"payload_size": ', b'"payload_size": 1', "payload_size: expected"),
        (b'"coordinates": [[', b'"coordinates": [[1', "values.coordinates[ 0 ][ 0 ]: expected"),
        (b'"gfv_id": 0', b'"gfv_id": 3', "gfv_id: expected 3, found 0"),
    ],
)
def test_an_expectation_that_was_tampered_with(copy: Path, gfv, old: bytes, new: bytes, where: str) -> None:
    tamper(copy, "avc/KPS_B_AVC_1.zip", ".jsonl", lambda data: data.replace(old, new, 1))
    done = gfv("conformance", "verify", copy, "--case", "KPS_B", "--codec", "avc")
    assert done.returncode == 1
    assert done.stdout.decode().startswith("KPS_B_AVC_1: differs: message ")
    assert where in done.stdout.decode()


def test_a_finding_that_was_tampered_with(copy: Path, gfv) -> None:
    change = (b'"element": "nal_unit_type"', b'"element": "other"')
    tamper(copy, "negative/vvc/NEG_SEI013_A_VVC_1.zip", "_findings.json", lambda data: data.replace(*change))
    tamper(copy, "negative/vvc/NEG_SEI013_B_VVC_1.zip", "_findings.json", lambda data: b"[]")
    done = gfv("conformance", "verify", copy, "--case", "NEG_SEI013")
    assert done.returncode == 1
    found = "SEI-013, au 0, nal {}, element"
    assert done.stdout.decode().splitlines()[:2] == [
        f"NEG_SEI013_A_VVC_1: differs: expected {found.format(3)} other, found {found.format(3)} nal_unit_type",
        f"NEG_SEI013_B_VVC_1: differs: expected no further finding, found {found.format(2)} nal_unit_type",
    ]


@pytest.mark.parametrize(
    ("program", "verdict", "detail"),
    [
        ("", "differs", "messages expected, 0 found"),
        ("print('no JSON')", "differs", "line 1 of the output is no JSON: 'no JSON'"),
        ("import os; os.write(1, b'\\xff\\0' * 99)", "differs", "line 1 of the output is no JSON"),
        ("for _ in range(11): print('[1]')", "differs", "message 0 (access unit 0): is no object"),
        ("for _ in range(11): print('{}')", "differs", "has neither message nor elements"),
        ("import sys; sys.exit(3)", "failed", "exit status 3"),
        (
            "import sys; sys.exit('no such chroma key')",
            "failed",
            "exit status 1; the program's last line: 'no such chro",
        ),
        ("import sys; print('Error: no SPS', file=sys.stderr); sys.exit('took 3 s')", "failed", "'Error: no SPS'"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "SIGSEGV"),
        ("import time; time.sleep(60)", "timed out", "more than 1 s"),
    ],
)
def test_tools_that_are_wrong(suite, gfv, tmp_path: Path, program: str, verdict: str, detail: str) -> None:
    words = ["--case", "KPS_B", "--codec", "hevc", "--timeout", "1", "--format", "json"]
    done = gfv("conformance", "verify", suite.folder, "--tool", python(tmp_path, program), *words)
    assert done.returncode == 1
    assert report(done)["KPS_B_HEVC_1"][0] == verdict
    assert detail in report(done)["KPS_B_HEVC_1"][1]


def test_a_tool_may_refuse_negative_streams_but_not_crash(suite, gfv, tmp_path: Path) -> None:
    words = ["--case", "NEG_SEI013_A", "--codec", "vvc", "--format", "json"]
    refuses = python(tmp_path, "import sys; sys.exit(1)")
    assert gfv("conformance", "verify", suite.folder, "--tool", refuses, *words).returncode == 0
    crashes = python(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    done = gfv("conformance", "verify", suite.folder, "--tool", crashes, *words)
    assert report(done) == {"NEG_SEI013_A_VVC_1": ("crashed", report(done)["NEG_SEI013_A_VVC_1"][1])}
    assert done.returncode == 1


def test_reports(copy: Path, gfv, tmp_path: Path) -> None:
    tamper(copy, "avc/PUP_A_AVC_1.zip", ".jsonl", lambda data: data.replace(b'"au": 1', b'"au": 7', 1))
    outputs = {}
    for form in ("text", "json", "junit", "markdown"):
        path = tmp_path / f"report.{form}"
        words = ["--case", "PUP_A", "--case", "SEI_E", "--format", form, "-o", path]
        assert gfv("conformance", "verify", copy, *words).returncode == 1
        outputs[form] = path.read_text()
    assert outputs["text"].splitlines()[-1] == "gfv: 6 streams: 1 differs, 5 pass"
    assert json.loads(outputs["json"])["counts"] == {"pass": 5, "differs": 1}
    tests = ET.fromstring(outputs["junit"])
    assert (tests.get("tests"), tests.get("failures"), tests.get("skipped")) == ("6", "1", "0")
    failure = tests.find("testcase[@name='PUP_A_AVC_1']/failure")
    assert failure is not None
    assert "au: expected 7, found 1" in str(failure.get("message"))
    assert "| PUP_A | avc | hevc | vvc |" not in outputs["markdown"]
    row = next(line for line in outputs["markdown"].splitlines() if line.startswith("| PUP_A |"))
    assert row == "| PUP_A | pass | pass | differs | both pupils |"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--tool", "true", "--vtm"], 2, b"give one"),
        (["--tool", "no-such-program"], 1, b"no such program"),
        (["--tool", "'"], 1, b"cannot be taken apart"),
        (["--tool", ""], 1, b"no such program"),
        (["--case", "KPS_Z"], 1, b"has no such stream"),
    ],
)
def test_wrong_usage(suite, gfv, words: list[str], status: int, says: bytes) -> None:
    done = gfv("conformance", "verify", suite.folder, *words)
    assert done.returncode == status
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "index",
    [
        None,
        b"",
        b"[]",
        b'{"streams": [{}]}',
        b'{"streams": [{"name": "a", "case": "a", "codec": "vvc", "title": "a"}]}',
        b'{"streams": [7]}',
        b'{"streams": "abc"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_folders_that_are_no_suite(gfv, tmp_path: Path, index: bytes | None) -> None:
    if index is not None:
        (tmp_path / "index.json").write_bytes(index)
    done = gfv("conformance", "verify", tmp_path)
    assert done.returncode == 1
    assert b"conformance suite" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_index_names_no_file_outside_of_the_suite(copy: Path, gfv) -> None:
    text = (copy / "index.json").read_text().replace('"vvc/KPS_B', '"../vvc/KPS_B')
    (copy / "index.json").write_text(text)
    done = gfv("conformance", "verify", copy)
    assert done.returncode == 1
    assert b"no place in this folder" in done.stderr


def test_broken_packages(copy: Path, gfv) -> None:
    (copy / "vvc/KPS_B_VVC_1.zip").write_bytes(b"PK, but no zip file")
    (copy / "hevc/KPS_B_HEVC_1.zip").unlink()
    tamper(copy, "avc/KPS_B_AVC_1.zip", ".jsonl", lambda data: data[: len(data) // 2])
    done = gfv("conformance", "verify", copy, "--case", "KPS_B", "--format", "json")
    found = report(done)
    assert done.returncode == 1
    assert found["KPS_B_VVC_1"][0] == found["KPS_B_HEVC_1"][0] == "failed"
    assert "cannot be read" in found["KPS_B_VVC_1"][1]
    assert "there is no package" in found["KPS_B_HEVC_1"][1]
    assert found["KPS_B_AVC_1"][0] == "failed"


EVIL = "\x1b[31m\u202e\n\ud800<script>"


@pytest.mark.parametrize("key", ["name", "case", "codec", "title", "package", "syntax"])
def test_what_an_index_says_reaches_no_report_as_it_is(copy: Path, gfv, key: str, tmp_path: Path) -> None:
    index = json.loads((copy / "index.json").read_text())
    index["streams"][0][key] = EVIL
    (copy / "index.json").write_text(json.dumps(index))
    for words in (["verify", copy], ["export", copy, "--fluster", "-o", tmp_path / "out"]):
        done = gfv("conformance", *words)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
        assert f"{key} of a stream is" in done.stderr.decode()
        assert done.stderr.decode()[:-1].isprintable()


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "-x", "a b", ""])
def test_names_of_streams_are_words(copy: Path, gfv, name: str) -> None:
    text = (copy / "index.json").read_text().replace('"KPS_B_VVC_1"', json.dumps(name))
    (copy / "index.json").write_text(text)
    done = gfv("conformance", "verify", copy)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"name of a stream is" in done.stderr


def test_what_a_package_says_reaches_no_terminal_as_it_is(copy: Path, gfv) -> None:
    tamper(copy, "vvc/KPS_B_VVC_1.zip", ".md5", lambda data: EVIL.encode("utf-8", "replace"))
    index = json.loads((copy / "index.json").read_text())
    for one in index["streams"]:
        one["title"] = "a <script> | here"
    (copy / "index.json").write_text(json.dumps(index))
    done = gfv("conformance", "verify", copy, "--case", "KPS_B")
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, len(lines), all(map(str.isprintable, lines))) == (1, 2, True)
    done = gfv("conformance", "verify", copy, "--case", "KPS_B", "--format", "markdown")
    assert "<script>" not in done.stdout.decode()
    assert r"a &lt;script&gt; \| here" in done.stdout.decode()


def changed(*changes: tuple[bytes, int, bytes]) -> Callable[[bytes], bytes]:
    """Other bytes in the headers of a zip file: behind which signature, where, which."""

    def change(data: bytes) -> bytes:
        found = bytearray(data)
        for signature, place, other in changes:
            at = -1
            while (at := found.find(signature, at + 1)) >= 0:
                found[at + place : at + place + len(other)] = other
        return bytes(found)

    return change


PACKAGES = {
    "encrypted": changed((b"PK\1\2", 8, b"\1"), (b"PK\3\4", 6, b"\1")),
    "another method": changed((b"PK\1\2", 10, b"\x63"), (b"PK\3\4", 8, b"\x63")),
    "sizes that lie": changed((b"PK\1\2", 24, b"\5\0\0\0")),
    "broken data": lambda data: data[:60] + bytes(byte ^ 0x5A for byte in data[60:300]) + data[300:],
}


@pytest.mark.parametrize("what", [*PACKAGES, "a device", "a pipe"])
def test_packages_that_cannot_be_read_are_no_crash_of_the_reader(copy: Path, gfv, what: str) -> None:
    path = copy / "vvc/KPS_B_VVC_1.zip"
    if what in PACKAGES:
        path.write_bytes(PACKAGES[what](path.read_bytes()))
    else:
        path.unlink()
        path.symlink_to("/dev/zero") if what == "a device" else os.mkfifo(path)
    done = gfv("conformance", "verify", copy, "--case", "KPS_B", "--codec", "vvc", "--format", "json")
    (verdict, detail) = report(done)["KPS_B_VVC_1"]
    assert verdict == "failed"
    assert "cannot be read" in detail


def test_messages_that_decoders_ignore_may_be_left_out() -> None:
    heeded = {"au": 0, "payload_type": 223, "payload_size": 9, "message": {"gfv_id": 1}, "values": {}, "elements": []}
    ignored = {**heeded, "message": {"gfv_id": 300}, "ignored": "gfv_id 300 is reserved"}
    expected = [heeded, ignored]
    assert first_difference(expected, expected) is None
    assert first_difference(expected, [heeded]) is None
    assert first_difference(expected, [ignored]) is not None
    for said in (
        {"gfv_nn_mode_idc": 2},
        {"gfve_nn_mode_idc": 2**32 - 2},
        {"gfv_matrix_type_idx": [7, 32]},
    ):
        reserved = {**heeded, "message": {"gfv_id": 1, **said}}
        assert first_difference([reserved, heeded], [heeded]) is None
    for said in ({"gfv_nn_mode_idc": 1}, {"gfv_matrix_type_idx": [31, 7]}, {"gfv_matrix_type_idx": []}):
        usual = {**heeded, "message": {"gfv_id": 1, **said}}
        assert first_difference([usual, heeded], [heeded]) == "2 messages expected, 1 found"
    assert first_difference(expected, []) == "2 messages expected, 0 found"
    assert first_difference([heeded], [{"message": {"gfv_id": 1}}]) is None
    assert first_difference([heeded], [{"message": {"gfv_id": 1, "x": 0}}]) is not None


def test_vtm_agrees(suite, gfv) -> None:
    try:
        vtm.DECODER.version(vtm.DECODER.find())
    except ToolError as error:
        pytest.skip(error.reason)
    words = ["--vtm", "--case", "KPS_B", "--case", "PUP_A", "--case", "SEI_E", "--case", "NN_C", "--format", "json"]
    done = gfv("conformance", "verify", suite.folder, *words)
    assert done.returncode == 0, done.stdout
    found = report(done)
    assert {name for name, (verdict, _) in found.items() if verdict == "pass"} == {
        f"{case}_VVC_1" for case in ("KPS_B", "PUP_A", "SEI_E", "NN_C")
    }
    assert {verdict for name, (verdict, _) in found.items() if "VVC" not in name} == {"skipped"}


def test_the_name_of_a_reader_breaks_no_report() -> None:
    verdict = Verdict("KPS_A_AVC_1", "KPS_A", "avc", "title", False, "pass", "", 0.0)
    made = {form: write([verdict], "a | b <c>\nd \x1b[2J") for form, write in FORMATS.items()}
    assert made["markdown"].startswith("# a \\| b &lt;c&gt; d  [2J on the GFV conformance suite\n\n")
    assert made["text"] == "a | b <c> d  [2J: 1 stream: 1 pass\n"
    assert "\x1b" not in made["junit"] + made["json"]
