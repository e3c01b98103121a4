"""gfv --quiet and gfv --verbose, the same for every command."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from streams.records import face_records, injected

Run = Callable[..., subprocess.CompletedProcess[bytes]]
TIME = r"gfv: {}: \d+\.\d{{3}} s, \d+ MiB at most\n"


def test_quiet_hides_notes(faces: Callable[..., Path], gfv: Run) -> None:
    usual = gfv("extract", faces(), "-o", "-")
    quiet = gfv("--quiet", "extract", faces(), "-o", "-")
    assert usual.stderr == b"gfv: syntax vsei4\n"
    assert quiet.stderr == b""
    assert quiet.stdout == usual.stdout
    assert gfv("-q", "validate", faces()).stderr == b""


def test_quiet_does_not_hide_errors(base: Callable[[str], bytes], gfv: Run, tmp_path: Path) -> None:
    stream = injected(base("hevc"), [*face_records(1), {"au": 1, "payload_type": 223, "payload_hex": "ff"}])
    for command in (["extract", "-", "-o", tmp_path / "out"], ["inspect", "-"]):
        done = gfv("-q", *command, stdin=stream)
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
    done = gfv("-q", "inspect", tmp_path / "missing")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)


def test_verbose_adds_details(faces: Callable[..., Path], gfv: Run, tmp_path: Path) -> None:
    params, again = tmp_path / "params.jsonl", tmp_path / "again.bit"
    done = gfv("--verbose", "extract", faces(), "-o", params)
    assert re.fullmatch(r"gfv: syntax vsei4\ngfv: 12 records written\n" + TIME.format("extract"), done.stderr.decode())
    done = gfv("-v", "remove", faces(), "-o", again)
    assert re.fullmatch(r"gfv: 12 messages removed\n" + TIME.format("remove"), done.stderr.decode())
    done = gfv("-v", "inject", again, params, "-o", tmp_path / "back.bit")
    assert re.fullmatch(r"gfv: 12 messages inserted, syntax vsei4\n" + TIME.format("inject"), done.stderr.decode())
    assert (tmp_path / "back.bit").read_bytes() == faces().read_bytes()


def test_verbose_says_which_programs_run(faces: Callable[..., Path], gfv: Run, tmp_path: Path) -> None:
    video = tmp_path / "face.mp4"
    gfv("remove", faces("avc"), "-o", video).check_returncode()
    done = gfv("-v", "inspect", "--limit", "0", video)
    assert done.returncode == 0
    running = [line for line in done.stderr.decode().splitlines() if line.startswith("gfv: running ")]
    assert running
    assert all("ffmpeg" in line for line in running)
    assert any(str(video) in line for line in running)


def test_an_error_has_its_time_as_well(gfv: Run, tmp_path: Path) -> None:
    done = gfv("-v", "inspect", tmp_path / "missing")
    assert done.returncode == 1
    assert re.fullmatch(TIME.format("inspect") + r"gfv: cannot open .*\n", done.stderr.decode())


@pytest.mark.parametrize("words", [["-q", "-v"], ["--loud"]], ids=" ".join)
def test_wrong_usage(words: list[str], faces: Callable[..., Path], gfv: Run) -> None:
    done = gfv(*words, "inspect", faces())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error: " in done.stderr
