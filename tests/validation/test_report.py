"""`gfv validate`: its reports, its exit status, and the commands that it recommends."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from streams.annexb import message
from validation.breaking import BASE, CASES, NONE, Sent, base, gfv, keypoints
from validation.test_places import stream

import gfv_sei
from gfv_sei.validation.page import GROUPS, rules_page
from gfv_sei.validation.report import SHOWN, Report

Run = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).resolve().parents[2]


def with_messages(*sent: Sent) -> bytes:
    return stream("vvc", "sps slice suffix", body=b"".join(message(*one[:2]) for one in sent))


WARNED = with_messages(gfv(base(keypoints(17, 4) + NONE)))
TOO_MANY = next(case for case in CASES if case.rule == "GFV-SYN-006")
BROKEN = with_messages(*(one for one in TOO_MANY.items if isinstance(one, Sent)), *2 * (gfv(base(NONE + NONE)),))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, data in (("good", with_messages(BASE)), ("warned", WARNED), ("broken", BROKEN)):
        (tmp_path / f"{name} stream.bit").write_bytes(data)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "status", "last"), [("good", 0, "conforms"), ("warned", 0, "1 warning"), ("broken", 1, "")]
)
def test_text_and_exit_status(name: str, status: int, last: str, files: Path, gfv: Run) -> None:
    done = gfv("validate", f"{name} stream.bit", cwd=files)
    assert done.returncode == status, done.stdout
    assert done.stdout.decode().splitlines()[-1].startswith(last)


def test_json(files: Path, gfv: Run) -> None:
    one, other = (
        gfv("validate", *words, "broken stream.bit", cwd=files) for words in (["--json"], ["--format", "json"])
    )
    assert one.stdout == other.stdout
    report = json.loads(one.stdout)
    assert report["syntax"] == "vsei4"
    assert list(report["counts"]) == ["error", "warning", "ignored"]
    assert sum(report["counts"].values()) == len(report["findings"])
    assert report["conforms"] is False
    for finding in report["findings"]:
        assert gfv_sei.RULES[finding["rule"]].severity == finding["severity"]
        assert {"au", "nal", "offset", "what", "demands", "clause", "show"} <= set(finding)


def test_json_of_streams_that_conform(files: Path, gfv: Run) -> None:
    """The same keys whatever there is to say."""
    good, warned = (
        json.loads(gfv("validate", "--json", f"{name} stream.bit", cwd=files).stdout) for name in ("good", "warned")
    )
    assert list(good) == list(warned) == ["findings", "syntax", "conforms", "counts"]
    assert good == {
        "findings": [],
        "syntax": "vsei4",
        "conforms": True,
        "counts": {"error": 0, "warning": 0, "ignored": 0},
    }
    assert warned["conforms"] is True
    assert warned["counts"] == {"error": 0, "warning": 1, "ignored": 0}


def test_junit(files: Path, gfv: Run) -> None:
    for name in ("good", "warned", "broken"):
        done = gfv("validate", "--format", "junit", f"{name} stream.bit", cwd=files)
        suite = ElementTree.fromstring(done.stdout)
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests", "")) == len(gfv_sei.RULES)
        failed = [case.get("name") for case in cases if case.find("failure") is not None]
        assert len(failed) == int(suite.get("failures", ""))
        assert bool(failed) == (done.returncode == 1) == (name == "broken")
        numbers = [failure.get("message", "").partition(":")[0] for failure in suite.iter("failure")]
        assert set(numbers) == ({"1 time", "2 times"} if name == "broken" else set())
        assert (name == "warned") == any(case.find("system-out") is not None for case in cases)


def test_a_junit_report_does_not_grow_with_the_findings() -> None:
    found = next(iter(gfv_sei.validate(WARNED)))._replace(element="<&\0\udcff>")
    report = Report("\udcff\n.bit")
    suite = ElementTree.fromstring("".join(report.lines((found for _ in range(5000)), "junit")))
    (text,) = suite.iter("system-out")
    assert (text.text or "").count("GFV-CRD-001") == SHOWN
    assert f"{5000 - SHOWN} more" in (text.text or "")


def test_the_command_that_shows_the_place(files: Path, gfv_command: str) -> None:
    """It runs as it stands, and has a line for the element, where the finding says it is."""
    name = str(files / "broken stream.bit")
    found = list(gfv_sei.validate(name))
    assert {"GFV-SYN-006", "GFV-MAT-003"} <= {one.rule.identifier for one in found}
    for one in found:
        assert one.show is not None
        words = shlex.split(one.show)
        assert words[:3] == ["gfv", "inspect", name]
        done = subprocess.run([gfv_command, *words[1:]], capture_output=True, text=True)
        if one.rule.identifier.startswith("GFV-CNT"):
            continue
        lines = [line.split() for line in done.stdout.splitlines()]
        assert [str(one.bit), (one.element or "").partition("[")[0]] in [
            [line[0], *line[2:3]] for line in lines if line
        ]


def test_inspect_shows_one_access_unit(files: Path, gfv: Run) -> None:
    two = WARNED + stream("vvc", "trail suffix")
    (files / "two.bit").write_bytes(two)
    whole = gfv("inspect", "--format", "trace", "two.bit", cwd=files).stdout.decode()
    parts = [gfv("inspect", "--format", "trace", "--au", n, "two.bit", cwd=files).stdout.decode() for n in "012"]
    assert parts[0] + parts[1] == whole
    assert parts[2] == ""


def test_the_rules_are_listed(gfv: Run) -> None:
    done = gfv("validate", "--rules")
    assert done.returncode == 0
    assert done.stdout.decode() == rules_page()
    listed = json.loads(gfv("validate", "--rules", "--json").stdout)
    assert [rule["identifier"] for rule in listed] == list(gfv_sei.RULES)
    assert gfv("validate").returncode == 2


def test_the_committed_page_is_that_of_the_registry() -> None:
    """If this fails: `gfv validate --rules > docs/rules.md`."""
    assert (ROOT / "docs" / "rules.md").read_text() == rules_page()
    for name, rule in gfv_sei.RULES.items():
        assert name == rule.identifier
        assert rules_page().count(f"| {name} |") == 1
        assert name.rpartition("-")[0] in GROUPS


def test_the_first_seventeen_keep_their_names() -> None:
    numbers = {"SEI": 1, "GFV-SYN": 4, "GFV-PRED": 1, "GFV-ID": 1, "GFV-NN": 1, "GFV-MAT": 2, "GFV-CRD": 2}
    numbers |= {"GFV-CNT": 2, "GFV-FUS": 1, "GFVE-ASC": 2}
    assert sum(numbers.values()) == 17
    assert {f"{group}-{i:03}" for group, most in numbers.items() for i in range(1, most + 1)} <= set(gfv_sei.RULES)


def test_modes_and_unknown_words(files: Path, gfv: Run) -> None:
    assert gfv("validate", "--mode", "strict", "broken stream.bit", cwd=files).returncode == 1
    assert gfv("validate", "--mode", "kind", "broken stream.bit", cwd=files).returncode == 2
    with pytest.raises(gfv_sei.GfvError, match="unknown mode"):
        next(gfv_sei.validate(WARNED, mode="kind"))


def test_standard_input_is_judged_as_a_file_is(gfv: Run) -> None:
    """The edition is found by all messages, also on a pipe."""
    case = next(case for case in CASES if case.rule == "GFV-FUS-001")
    data = with_messages(*(one for one in case.items if isinstance(one, Sent)))
    done = gfv("validate", "--json", "-", stdin=data)
    report = json.loads(done.stdout)
    assert report["syntax"] == "draft-b"
    assert [one["rule"] for one in report["findings"]] == ["GFV-FUS-001"]
    assert report["findings"][0]["show"].startswith("gfv inspect FILE ")


def test_memory_does_not_grow_with_the_stream() -> None:
    import tracemalloc

    peaks = []
    for times in (500, 500, 2000):  # the first fills what Python keeps for reuse
        data = b"".join((stream("vvc", "sps slice suffix suffix"), stream("vvc", "trail suffix"))) * times
        tracemalloc.start()
        for _ in gfv_sei.validate(data, "vsei4"):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] + (1 << 18)
