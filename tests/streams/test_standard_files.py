"""Standard input and output that are full, closed or cut off: exit status 1 and one line, whatever Python buffers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from streams.records import face_records

Clip = Callable[[str], bytes]

READING = {
    "inspect": ["inspect", "-"],
    "inspect json": ["inspect", "--format", "json", "-"],
    "inspect trace": ["inspect", "--format", "trace", "-"],
    "extract": ["extract", "-", "-o", "-"],
    "remove": ["remove", "-", "-o", "-"],
    "inject": ["inject", "-", "params.jsonl", "-o", "-"],
    "params": ["inject", "face.265", "-", "-o", "-"],
    "validate": ["validate", "-"],
    "validate json": ["validate", "--json", "-"],
    "compare": ["compare", "-", "face.265"],
    "codify": ["codify", "-"],
    "payload decode": ["payload", "decode", "-"],
    "payload encode": ["payload", "encode", "-"],
    "vtm-cfg export": ["vtm-cfg", "export", "-", "-o", "-"],
    "vtm-cfg import": ["vtm-cfg", "import", "-", "-o", "-"],
}
WRITING = {
    **{name: [word if word != "-" or at > words.index("-") else "face.265" for at, word in enumerate(words)]
       for name, words in READING.items()
       if name not in ("params", "payload decode", "payload encode", "vtm-cfg export", "vtm-cfg import")},
    "payload decode": ["payload", "decode", "36d4d11903107d06604c40"],
    "vtm-cfg export": ["vtm-cfg", "export", "params.jsonl", "-o", "-"],
    "validate rules": ["validate", "--rules"],
    "completion": ["completion", "bash"],
    "help": ["--help"],
    "help of a command": ["inspect", "--help"],
    "version": ["--version"],
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, clip: Clip) -> Path:
    import gfv_sei

    folder = tmp_path_factory.mktemp("standard")
    gfv_sei.inject(clip("hevc-plain"), face_records(2), folder / "face.265")
    (folder / "params.jsonl").write_text("".join(json.dumps(record) + "\n" for record in face_records(2)))
    return folder


def in_shell(command: str, words: list[str], redirect: str, place: Path, buffered: bool = True) -> tuple[int, str]:
    """Exit status and standard error of the command with a redirection of the shell's."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    environment |= {} if buffered else {"PYTHONUNBUFFERED": "1"}
    line = ["sh", "-c", f'exec "$0" "$@" {redirect}', command, "--quiet", *words]
    done = subprocess.run(line, cwd=place, capture_output=True, env=environment, timeout=120, text=True)
    return done.returncode, done.stderr


def only(text: str) -> str:
    """The one line of an error."""
    assert text.startswith("gfv: "), text
    assert text.count("\n") == 1, text
    return text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", WRITING)
def test_a_full_disk_is_one_line_and_status_1(command: str, gfv_command: str, place: Path) -> None:
    status, text = in_shell(gfv_command, WRITING[command], ">/dev/full", place)
    assert (status, only(text)) == (1, "gfv: cannot write standard output: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["inspect", "remove", "help"])
def test_a_full_disk_without_buffering(command: str, gfv_command: str, place: Path) -> None:
    status, text = in_shell(gfv_command, WRITING[command], ">/dev/full", place, buffered=False)
    assert status == 1
    assert "No space left on device" in only(text)


@pytest.mark.parametrize("command", READING)
def test_closed_standard_input(command: str, gfv_command: str, place: Path) -> None:
    status, text = in_shell(gfv_command, READING[command], "<&-", place)
    assert (status, only(text)) == (1, "gfv: standard input is closed\n")


@pytest.mark.parametrize("command", sorted(WRITING.keys() - {"help", "help of a command", "version"}))
def test_closed_standard_output(command: str, gfv_command: str, place: Path) -> None:
    status, text = in_shell(gfv_command, WRITING[command], ">&-", place)
    assert (status, only(text)) == (1, "gfv: standard output is closed\n")


@pytest.mark.parametrize("command", ["inspect", "extract", "remove"])
def test_closed_standard_error(command: str, gfv_command: str, place: Path) -> None:
    assert in_shell(gfv_command, [*WRITING[command]], ">/dev/null 2>&-", place) == (0, "")
    assert in_shell(gfv_command, ["inspect", "missing"], "2>&-", place) == (1, "")


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv, to be somebody who may not read")
def test_what_may_not_be_read_is_no_wrong_usage(gfv_command: str) -> None:
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*nobody, sys.executable, "-c", ""], capture_output=True).returncode:
        pytest.skip("somebody else cannot run Python from here")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to others
        Path(folder).chmod(0o755)
        hidden = Path(folder, "hidden")
        hidden.touch(0)
        for words in (["inspect", hidden], ["inject", hidden, hidden, "-o", "-"], ["compare", hidden, hidden]):
            command = [*nobody, gfv_command, *map(str, words)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            assert (done.returncode, done.stderr) == (1, f"gfv: cannot open {hidden}: Permission denied\n")


def test_an_empty_name_is_no_file(gfv_command: str, place: Path) -> None:
    for words in (["inspect", ""], ["extract", "face.265", "-o", ""], ["compare", "face.265", ""]):
        done = subprocess.run([gfv_command, *words], cwd=place, capture_output=True, text=True, timeout=120)
        assert done.returncode == 2
        assert "an empty name is no file" in done.stderr
    for words in (["payload", "decode", ""], ["payload", "encode", ""]):
        status, text = in_shell(gfv_command, words, "", place)
        assert (status, only(text)) == (1, "gfv: an empty argument is neither hex digits nor the name of a file\n")


@pytest.mark.parametrize("what", ["empty", "no stream"])
def test_what_is_no_stream_is_named(what: str, gfv_command: str, place: Path) -> None:
    bad = place / what
    bad.write_bytes({"empty": b"", "no stream": b"no video\n" * 100}[what])
    for words in (["inspect", what], ["extract", what, "-o", "-"], ["compare", "face.265", what], ["validate", what]):
        status, text = in_shell(gfv_command, words, "", place)
        assert status == 1
        assert only(text).startswith(f"gfv: {what}: ")
    for words in (["inspect", "-"], ["extract", "-", "-o", "-"], ["compare", "face.265", "-"], ["codify", "-"]):
        status, text = in_shell(gfv_command, words, f"<'{what}'", place)
        assert status == 1
        assert only(text).startswith("gfv: standard input: ")


def test_a_name_of_several_lines_stays_on_one(gfv_command: str, place: Path) -> None:
    status, text = in_shell(gfv_command, ["inspect", "two\nlines\x1b[31m"], "", place)
    assert (status, only(text)) == (1, "gfv: cannot open two\\nlines\\x1b[31m: No such file or directory\n")
