"""gfv completion: the scripts work in the shells that are here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]

BASH = r"""
eval "$(gfv completion bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
function_of_gfv=$(complete -p gfv | sed 's/.*-F \([^ ]*\) .*/\1/')
$function_of_gfv gfv
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def completed(gfv_command: str, tmp_path: Path) -> Callable[..., list[str]]:
    """What bash offers for the last of some words."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not here")
    path = f"{Path(gfv_command).parent}{os.pathsep}{os.environ['PATH']}"

    def run(*words: str) -> list[str]:
        done = subprocess.run(
            [shell, "-c", BASH, "bash", "gfv", *words],
            capture_output=True,
            text=True,
            env={"PATH": path, "HOME": str(tmp_path)},
            cwd=tmp_path,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


def test_commands(completed: Callable[..., list[str]]) -> None:
    assert {"inspect", "extract", "compare", "codify", "completion", "decode", "encode"} <= set(completed(""))
    assert completed("comp") == ["compare", "completion"]
    assert completed("payload", "") == ["decode", "encode"]
    assert sorted(completed("--ver")) == ["--verbose", "--version"]


def test_options_and_choices(completed: Callable[..., list[str]]) -> None:
    assert "--limit" in completed("inspect", "--l")
    assert completed("inspect", "--format", "t") == ["text", "trace"]
    assert completed("compare", "--by", "") == ["au", "order", "id"]
    assert completed("completion", "z") == ["zsh"]


def test_bash_completes_files_with_a_terminal(gfv_command: str, tmp_path: Path) -> None:
    """An interactive bash: what a user sees who presses the tabulator key."""
    import pty
    import select
    import time

    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not here")
    (tmp_path / "face-one.266").touch()
    path = f"{Path(gfv_command).parent}{os.pathsep}{os.environ['PATH']}"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [bash, "--norc", "--noprofile", "-i"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "PS1": "$ "},
        start_new_session=True,
    )
    os.close(theirs)
    seen, end = b"", time.monotonic() + 60

    def wait_for(wanted: bytes) -> None:
        nonlocal seen
        while wanted not in seen:
            assert time.monotonic() < end, seen
            if select.select([ours], [], [], 0.1)[0]:
                seen += os.read(ours, 4096)

    try:
        os.write(ours, b'eval "$(gfv completion bash)"; echo ready-$((1 + 1))\n')
        wait_for(b"ready-2")
        os.write(ours, b"gfv insp\t")
        wait_for(b"gfv inspect ")
        os.write(ours, b"fac\t")
        wait_for(b"face-one.266")
        os.write(ours, b"\x15exit\n")
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str, gfv: Run, gfv_command: str, tmp_path: Path) -> None:
    done = gfv("completion", shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"_GFV_COMPLETE" in done.stdout
    if program := shutil.which(shell):
        script = tmp_path / "script"
        script.write_bytes(done.stdout)
        assert subprocess.run([program, "-n", script], capture_output=True).returncode == 0
    # Both sides of the protocol without the shell: what the script would be told.
    words = {"COMP_WORDS": "gfv ins", "COMP_CWORD": "1" if shell != "fish" else "ins"}
    asked = subprocess.run(
        [gfv_command],
        env={**os.environ, **words, "_GFV_COMPLETE": f"{shell}_complete"},
        capture_output=True,
        text=True,
    )
    assert "inspect" in asked.stdout.replace("\n", " ").replace(",", " ").split()


def test_help_says_where_it_goes(gfv: Run) -> None:
    text = gfv("completion", "--help").stdout.decode()
    for word in ("~/.bashrc", "~/.zshrc", "completions/gfv.fish"):
        assert word in text


@pytest.mark.parametrize("words", [[], ["tcsh"], ["bash", "zsh"]], ids=str)
def test_wrong_usage(words: list[str], gfv: Run) -> None:
    done = gfv("completion", *words)
    assert (done.returncode, done.stdout) == (2, b"")
