"""A command that is ended, finds no room, or has a program beside it that fails: one clear line, and nothing is left.

No half of an output under the name of the output, no temporary file, no child. SIGKILL gives nobody the chance to take
away the file beside the output; it has another name then.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import family, gone
from streams.records import face_records, injected

import gfv_sei
from gfv_sei.containers import demux, mux
from gfv_sei.process import find_ffmpeg

Clip = Callable[[str], bytes]

COMMANDS = {
    "extract": ["extract", "IN", "-o", "OUT"],
    "inject": ["inject", "IN", "PARAMS", "-o", "OUT"],
    "inject by display": ["inject", "IN", "PARAMS", "-o", "OUT", "--place", "display"],
    "inject held": ["inject", "IN", "PARAMS", "-o", "OUT", "--mismatch", "hold"],
    "remove": ["remove", "IN", "-o", "OUT"],
}
READING = {
    "inspect": ["inspect", "IN"],
    "inspect json": ["inspect", "--format", "json", "IN"],
    "inspect trace": ["inspect", "--format", "trace", "IN"],
    "validate": ["validate", "--json", "IN"],
}
each_command = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture
def place(tmp_path: Path, clip: Clip) -> Path:
    """A folder of inputs, with a folder for temporary files."""
    (tmp_path / "temporary").mkdir()
    records = [record | {"display": record["au"]} for record in face_records(9)]
    (tmp_path / "params.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    (tmp_path / "in.bit").write_bytes(injected(clip("hevc-plain"), records))
    return tmp_path


@pytest.fixture(scope="session")
def mp4(tmp_path_factory: pytest.TempPathFactory, clip: Clip) -> Path:
    folder = tmp_path_factory.mktemp("mp4")
    (folder / "in.bit").write_bytes(injected(clip("hevc-plain"), face_records(9)))
    mux(folder / "in.bit", folder / "in.mp4", codec="hevc")
    return folder / "in.mp4"


def words(command: list[str], place: Path, source: object = "in.bit", out: object = "out.bit") -> list[str]:
    stands_for = {"IN": str(source), "OUT": str(out), "PARAMS": str(place / "params.jsonl")}
    return ["gfv", *(stands_for.get(word, word) for word in command)]


def environment(place: Path, **more: object) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(place / "temporary"), **{name: str(value) for name, value in more.items()}}


def run(command: list[str], place: Path, *, stdin: bytes = b"", **more: Any) -> subprocess.CompletedProcess[bytes]:
    options = {"stdout": subprocess.PIPE, **more}
    env = options.pop("env", environment(place))
    return subprocess.run(
        command, input=stdin, stderr=subprocess.PIPE, cwd=place, env=env, timeout=60, check=False, **options
    )


def one_line(done: subprocess.CompletedProcess[bytes]) -> str:
    text = done.stderr.decode()
    assert done.returncode == 1, text
    assert text.startswith("gfv: ")
    assert text.count("\n") == 1, text
    return text


def nothing_left(place: Path, parts: int = 0) -> None:
    names = sorted(path.name for path in place.iterdir())
    assert [name for name in names if name not in ("in.bit", "params.jsonl", "temporary", "ffmpeg")] == [
        name for name in names if name.endswith(".part")
    ]
    assert sum(name.endswith(".part") for name in names) <= parts
    assert not list((place / "temporary").iterdir())


# Ended from outside

ENDINGS = [(signal.SIGINT, 130, "gfv: interrupted\n"), (signal.SIGTERM, 143, "gfv: terminated\n")]


@pytest.fixture
def waiting(place: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """A command that has got the first half of its input from a pipe and waits for the rest."""
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], data: bytes, ready: Callable[[int], object]) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=place,
            env=environment(place),
        )
        started.append(child)
        assert child.stdin is not None
        child.stdin.write(data)
        child.stdin.flush()
        deadline = time.monotonic() + 60
        while not ready(child.pid):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.communicate()


def ended(child: subprocess.Popen[bytes], how: signal.Signals) -> str:
    child.send_signal(how)
    child.wait(60)  # its standard input is still open
    assert child.stderr is not None
    return child.stderr.read().decode()


@pytest.mark.parametrize(("how", "status", "text"), ENDINGS, ids=["SIGINT", "SIGTERM"])
@each_command
def test_ended_while_it_reads(command: str, how: signal.Signals, status: int, text: str, place: Path, waiting) -> None:
    data = (place / "in.bit").read_bytes() * 200
    begun = lambda pid: list(place.glob(".*.part")) or list((place / "temporary").iterdir())  # noqa: E731
    child = waiting(words(COMMANDS[command], place, "-"), data, begun)
    errors = ended(child, how)
    assert child.returncode == status
    assert errors.endswith(text)
    assert "Traceback" not in errors
    nothing_left(place)


@pytest.mark.parametrize("command", ["extract", "inject", "remove"])
def test_killed_while_it_reads(command: str, place: Path, waiting) -> None:
    data = (place / "in.bit").read_bytes() * 200
    child = waiting(words(COMMANDS[command], place, "-"), data, lambda pid: list(place.glob(".*.part")))
    ended(child, signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    nothing_left(place, parts=1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_ffmpeg_of_a_command_that_is_ended_ends(how: signal.Signals, place: Path, mp4: Path, waiting) -> None:
    """inject reads the base from a container through ffmpeg and waits for records."""
    copy = place / "temporary" / "in.mp4"  # long enough to fill the pipe from ffmpeg
    (place / "temporary" / "long.bit").write_bytes((place / "in.bit").read_bytes() * 150)
    mux(place / "temporary" / "long.bit", copy, codec="hevc")
    command = ["gfv", "inject", str(copy), "-", "-o", "out.bit"]
    record = (json.dumps(face_records(1)[0]) + "\n").encode()
    child = waiting(command, record, lambda pid: list(place.glob(".*.part")) and len(family(pid)) == 1)
    children = family(child.pid)
    ended(child, how)
    assert gone(children)
    for path in (place / "temporary").iterdir():
        path.unlink()
    nothing_left(place, parts=int(how == signal.SIGKILL))


# No room


@pytest.mark.parametrize("command", [*COMMANDS, *READING])
def test_standard_output_that_is_full(command: str, place: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        done = run(words({**COMMANDS, **READING}[command], place, out="-"), place, stdout=full)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert "No space left" in lines[-1]
    assert "Traceback" not in done.stderr.decode()
    nothing_left(place)


def on_a_small_disk(kib: int, disk: Path, command: list[str], place: Path) -> subprocess.CompletedProcess[bytes]:
    """Run with a disk of so many KiB there; what it leaves on it comes on standard output."""
    disk.mkdir(exist_ok=True)
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, so no small disk can be mounted")
    mount = f"mount -t tmpfs -o size={kib}k gfv {disk}"
    wrap = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*wrap, mount], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here: user namespaces are not allowed")
    script = f'{mount} && "$@"; status=$?; ls -A {disk}; exit $status'
    return run([*wrap, script, "sh", *command], place, stdin=(place / "in.bit").read_bytes() * 50)


@each_command
def test_a_disk_that_is_full(command: str, place: Path) -> None:
    done = on_a_small_disk(4, place / "disk", words(COMMANDS[command], place, "-", place / "disk" / "out"), place)
    assert "No space left" in done.stderr.decode().splitlines()[-1]
    assert (done.returncode, done.stdout) == (1, b"")
    (place / "disk").rmdir()
    nothing_left(place)


def test_no_room_for_temporary_files(place: Path, mp4: Path) -> None:
    """The copy of a piped base that is read twice, and of a piped container."""
    done = on_a_small_disk(8, place / "temporary", words(COMMANDS["inject by display"], place, "-"), place)
    assert "cannot make a copy of the stream, which is read twice: No space left" in one_line(done)
    (place / "in.bit").write_bytes(mp4.read_bytes())
    done = on_a_small_disk(8, place / "temporary", words(COMMANDS["extract"], place, "-"), place)
    assert "No space left" in one_line(done)
    nothing_left(place)


# ffmpeg, which commands need for containers


def script(place: Path, body: str) -> Path:
    path = place / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


PROGRAMS = {
    "missing": (None, "GFV_FFMPEG says"),
    "not a program": ("", "neither an Annex B|holds no video|cannot start"),
    "another program": ("echo 'cat (GNU coreutils) 9.1' >&2; exit 1", "neither an Annex B.*|holds no video"),
    "silent": ("exit 0", "holds no video"),
    "killed": ("kill -KILL $$", "SIGKILL"),
    "stops half way": (
        'case "$*" in *pipe:1*) head -c 2000 {stream}; kill -SEGV $$;; *) exec {ffmpeg} "$@";; esac',
        "SIGSEGV",
    ),
}


@pytest.mark.parametrize("command", ["extract", "inject by display", "remove", "inspect json"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_ffmpeg_that_does_not_work(program: str, command: str, place: Path, mp4: Path) -> None:
    body, reason = PROGRAMS[program]
    path = place / "nothing"
    if body is not None:
        path = script(place, body.format(stream=place / "in.bit", ffmpeg=find_ffmpeg()))
    done = run(words({**COMMANDS, **READING}[command], place, mp4), place, env=environment(place, GFV_FFMPEG=path))
    assert done.returncode == 1
    errors = done.stderr.decode()
    assert "Traceback" not in errors
    assert re.search(reason, errors), errors
    nothing_left(place)


@pytest.mark.parametrize("command", ["inject", "remove"])
@pytest.mark.parametrize("program", ["missing", "silent", "killed"])
def test_a_container_that_cannot_be_written(program: str, command: str, place: Path) -> None:
    body, _ = PROGRAMS[program]
    path = script(place, body) if body is not None else place / "nothing"
    done = run(words(COMMANDS[command], place, out="out.mp4"), place, env=environment(place, GFV_FFMPEG=path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()
    nothing_left(place)


def everyone() -> list[str]:
    """The command lines of all processes."""
    return subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout.splitlines()


def test_an_ffmpeg_that_hangs(place: Path, mp4: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = "7" + str(os.getpid())
    monkeypatch.setenv("GFV_FFMPEG", str(script(place, f"sleep {marker} & sleep {marker}")))
    began = time.monotonic()
    with pytest.raises(gfv_sei.GfvError, match=r"kept us waiting for more than 0\.3 s"), demux(mp4, timeout=0.3):
        pass
    with pytest.raises(gfv_sei.GfvError, match=r"kept us waiting for more than 0\.3 s"):
        mux(place / "in.bit", place / "out.mp4", codec="hevc", timeout=0.3)
    assert time.monotonic() - began < 60
    while f"sleep {marker}" in everyone():  # who is killed may take a moment to go
        assert time.monotonic() - began < 60
        time.sleep(0.02)
    nothing_left(place)


# Streams that end too soon


@pytest.mark.parametrize("command", [*COMMANDS, *READING])
def test_a_container_that_is_cut_off(command: str, place: Path, mp4: Path) -> None:
    cut = place / "temporary" / "cut.mp4"
    cut.write_bytes(mp4.read_bytes()[: mp4.stat().st_size // 2])
    text = one_line(run(words({**COMMANDS, **READING}[command], place, cut), place))
    assert "neither an Annex B byte stream nor a container that ffmpeg reads" in text
    cut.unlink()
    nothing_left(place)


@pytest.mark.parametrize("name", ["vvc-plain", "hevc-plain", "avc-plain"])
def test_a_stream_that_ends_in_a_message(name: str, place: Path, clip: Clip) -> None:
    """What can be read is read and the rest is told of; what edits copies the broken end as it is."""
    stream = injected(clip(name), face_records(5))
    last = [record for record in gfv_sei.read_messages(stream) if record["payload_type"] == 223][-1]
    (place / "in.bit").write_bytes(stream[: last["offset"] + 7 + last["payload_size"] // 2])
    done = run(words(COMMANDS["extract"], place, out="-"), place)
    assert done.returncode == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 10
    assert [("error" in record) for record in found] == [False] * (len(found) - 1) + [True]
    assert len([line for line in done.stderr.decode().splitlines() if "access unit" in line]) == 1
    for command in READING.values():
        done = run(words(command, place), place)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
    done = run(words(COMMANDS["remove"], place, out="-"), place)
    assert done.returncode == 0
    assert len(done.stdout) < last["offset"]
    assert list(gfv_sei.read_messages(done.stdout, codec=name.split("-")[0], errors="record"))[:-1] == []
