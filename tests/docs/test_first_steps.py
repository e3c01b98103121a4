"""What somebody meets who does not know the commands yet: every mistake gets a line that helps."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]

MISTAKES = {
    ("inspct", "face.266"): (2, "No such command 'inspct'. Did you mean 'inspect'?"),
    ("zzz",): (2, "No such command 'zzz'."),
    ("inspect",): (2, "Missing argument 'IN'."),
    ("inspect", "face.266", "--format", "xml"): (2, "is not one of 'text', 'json', 'trace', 'html'"),
    ("inspect", "empty"): (1, "gfv: empty: the stream is empty"),
    ("inspect", "."): (1, "gfv: cannot open .: Is a directory"),
    ("inspect", "text"): (1, "neither an Annex B byte stream nor a container that ffmpeg reads"),
    ("encode", "empty", "-o", "out.266"): (
        1,
        "empty: no video that ffmpeg reads; the program's last line: '[fatal] Error",
    ),
    ("encode", "text", "-o", "out.266"): (
        1,
        "text: no video that ffmpeg reads; the program's last line: '[fatal] Error",
    ),
    ("encode", "missing", "-o", "out.266"): (1, "gfv: cannot open missing: No such file or directory"),
    ("encode", "text", "-o", "out.266", "--generator", "rt"): (1, "gfv models export rt -o FOLDER makes a generator"),
    ("conformance", "list", "--case", "NO"): (1, "gfv conformance list names them"),
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_a_mistake_gets_a_line_that_helps(words: tuple[str, ...], gfv: Run, tmp_path: Path):
    if words[0] == "encode":
        pytest.importorskip("onnxruntime", reason="the extra networks is not installed")
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("hello world\n")
    status, said = MISTAKES[words]
    done = gfv(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (status, b"")
    *_, last = done.stderr.decode().splitlines()
    assert said in last
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "text"]


def test_a_stream_without_messages_is_said_to_have_none(folder: Path, face_stream: Path, gfv: Run):
    gfv("remove", face_stream, "-o", folder / "base.266").check_returncode()
    for words, said in (
        (["extract", "base.266", "-o", "-"], "gfv: the stream has no GFV or GFVE message\n"),
        (["extract", "base.266", "-o", "-", "--payload-type", "5"], "gfv: the stream has no such message\n"),
        (["validate", "base.266"], "gfv: the stream has no GFV message to check\n"),
        (["remove", "base.266", "-o", "again.266"], "gfv: the stream has no such message; OUT is a copy of it\n"),
    ):
        done = gfv(*words, cwd=folder)
        assert (done.returncode, done.stderr.decode()) == (0, said)
        assert gfv("--quiet", *words, cwd=folder).stderr == b""
