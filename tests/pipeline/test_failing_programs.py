"""encode and decode with a program beside them that is missing, of another version, hangs, or is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

NAMES = {"vtm": "vvc", "hm": "hevc", "jm": "avc"}
BANNERS = {
    "vtm": "VVCSoftware: VTM {} Version 24.0",
    "hm": "HM software: {} Version [18.0]",
    "jm": "JM-19.1\nJM 19.1 (FRExt): compiled, {}",
}


def commands(name, face_clip, coded):
    """Code a picture, and decode a stream of this codec."""
    codec = NAMES[name]
    yield "Encoder", ["encode", face_clip, "-o", "out", "--codec", codec, "--encoder", name, "--pictures", "2"]
    yield "Decoder", ["decode", coded(codec), "-o", "out.y4m", "--decoder", name]


@pytest.fixture(scope="module")
def coded(face_clip, tmp_path_factory):
    made = {}

    def make(codec):
        if codec not in made:
            made[codec] = tmp_path_factory.mktemp("coded") / "stream"
            words = ["gfv", "encode", face_clip, "-o", made[codec], "--codec", codec, "--pictures", "2"]
            subprocess.run(words, check=True, capture_output=True)
        return made[codec]

    return make


@pytest.fixture
def place(tmp_path):
    for name in ("temporary", "work"):
        (tmp_path / name).mkdir()
    return tmp_path


def environment(place, program=None):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GFV_")}
    variables |= {"TMPDIR": str(place / "temporary"), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    for name in NAMES if program else ():
        variables |= {f"GFV_{name.upper()}_{kind}": str(program) for kind in ("ENCODER", "DECODER")}
    return variables


def script(place, banner, body):
    """A program that says what it is when it is asked, and else does something."""
    (place / "bin" / "cfg").mkdir(parents=True, exist_ok=True)
    from vtm_bridge.programs import hm, jm, vtm

    for config in (*vtm.CONFIGS.values(), *hm.CONFIGS.values(), jm.CONFIG):
        (place / "bin" / "cfg" / config).touch()
    path = place / "bin" / "program"
    path.write_text(f'#!/bin/sh\ncase "$1" in --help|-v|-h) echo "{banner}"; exit 1;; esac\n{body}\n')
    path.chmod(0o755)
    return path


def run(words, place, program=None):
    command = ["gfv", *map(str, words)]
    env = environment(place, program)
    done = subprocess.run(command, capture_output=True, text=True, cwd=place / "work", env=env, timeout=60)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, done.stderr
    nothing_left(place)
    return done.stderr


def nothing_left(place):
    left = [path.name for path in (place / "temporary").iterdir()]
    assert left in ([], [".ses"])  # which onnxruntime makes when it is imported
    assert not list((place / "work").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_missing(name, face_clip, coded, place):
    for kind, words in commands(name, face_clip, coded):
        assert f"GFV_{name.upper()}_{kind.upper()}" in run(words, place)


@pytest.mark.parametrize("name", NAMES)
def test_another_program_and_another_version(name, face_clip, coded, place):
    for kind, words in commands(name, face_clip, coded):
        program = script(place, "cat (GNU coreutils) 9.1", "exit 0")
        assert f"does not say that it is a {name.upper()} {kind.lower()}" in run(words, place, program)
    if name == "vtm":
        old = script(place, "VVCSoftware: VTM Encoder Version 8.2 [Linux]", "exit 0")
        assert "too old" in run(next(commands(name, face_clip, coded))[1], place, old)


@pytest.mark.parametrize("body", ["kill -KILL $$", "exit 3", "exit 0"])
@pytest.mark.parametrize("name", NAMES)
def test_killed_failing_or_doing_nothing(name, body, face_clip, coded, place):
    for kind, words in commands(name, face_clip, coded):
        program = script(place, BANNERS[name].format(kind), body)
        errors = run(words, place, program)
        said = {"kill -KILL $$": "SIGKILL", "exit 3": "status 3", "exit 0": f"{name.upper()} {kind.lower()}"}
        assert said[body] in errors


def running(group_of):
    rows = subprocess.run(["ps", "-A", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    return [row for row in rows.splitlines() if group_of in row and " Z" not in row and "ps -A" not in row]


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("name", NAMES)
def test_a_program_that_hangs_ends_with_us(name, how, status, face_clip, coded, place):
    if how == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux can kill a program when the one that started it ends")
    for number, (kind, words) in enumerate(commands(name, face_clip, coded)):
        marker = f"sleep 8{number}{os.getpid()}"
        program = script(place, BANNERS[name].format(kind), f"{marker} & {marker}")
        command = ["gfv", *map(str, words)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=place / "work", env=environment(place, program)
        ) as child:
            deadline = time.monotonic() + 60
            while len(running(marker)) < 2:
                assert child.poll() is None, child.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            child.send_signal(how)
            _, errors = child.communicate(timeout=60)
        assert child.returncode == status
        assert b"Traceback" not in errors
        assert not (place / "work" / words[3]).exists()
        if how != signal.SIGKILL:  # else nobody is left to take the folders away, or what a program has started itself
            assert not running(marker)
            nothing_left(place)
            continue
        deadline = time.monotonic() + 30
        while running(str(program)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not running(str(program))
        for row in running(marker):
            os.kill(int(row.split()[0]), signal.SIGKILL)
        for path in (place / "work").iterdir():
            assert path.name.endswith(".part")
            path.unlink()
