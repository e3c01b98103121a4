from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gfv_sei.errors import ToolError
from gfv_sei.process import OUTPUT, Child, find_ffmpeg, run, stream


def test_output_comes_back_and_stderr_does_not_mix_in() -> None:
    done = run(["sh", "-c", "echo out; echo err >&2"])
    assert done.stdout == b"out\n"
    assert done.stderr_tail == ("err",)


def test_no_shell_reads_the_arguments() -> None:
    assert run(["echo", "$HOME; `id` *"]).stdout == b"$HOME; `id` *\n"


def test_an_error_has_name_status_and_the_last_twelve_lines() -> None:
    with pytest.raises(ToolError) as caught:
        run(["sh", "-c", "for i in $(seq 40); do echo line $i >&2; done; exit 3"])
    lines = str(caught.value).splitlines()
    assert lines[0] == "sh failed with exit status 3; the last lines it wrote:"
    assert [line.strip() for line in lines[1:]] == [f"line {i}" for i in range(29, 41)]


def test_an_error_names_the_signal() -> None:
    with pytest.raises(ToolError, match="sh was ended by signal SIGSEGV"):
        run(["sh", "-c", "kill -SEGV $$"])


def test_an_error_does_not_pass_on_terminal_codes() -> None:
    with pytest.raises(ToolError) as caught:
        run(["sh", "-c", r"printf '\033[31mred\007\n' >&2; exit 1"])
    assert "\x1b" not in str(caught.value)
    assert "red" in str(caught.value)


def test_a_missing_program_is_named() -> None:
    with pytest.raises(ToolError, match="cannot start /no/such/program: No such file"):
        run(["/no/such/program"])


@pytest.mark.parametrize(
    ("command", "sleepers"),
    [
        (["sleep", "60"], {"sleep 60"}),
        (["sh", "-c", "sleep 61 & sleep 62"], {"sleep 61", "sleep 62"}),
        (["sh", "-c", "exec 1>&-; sleep 63"], {"sleep 63"}),  # no output left to wait for, but it does not end
    ],
)
def test_a_hanging_child_is_ended_with_its_group(command: list[str], sleepers: set[str], children) -> None:
    began = time.monotonic()
    with pytest.raises(ToolError, match=r"kept us waiting for more than 0\.3 s"):
        run(command, stdin=[b"x"], timeout=0.3)
    assert time.monotonic() - began < 30
    assert not children()
    everyone = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert not sleepers & set(everyone.splitlines())


def test_a_child_that_never_reads_does_not_block_the_feeder(children) -> None:
    with pytest.raises(ToolError, match="kept us waiting"):
        run(["sleep", "65"], stdin=(bytes(1 << 20) for _ in range(100)), timeout=0.3)
    assert not children()


def test_the_clock_stands_still_while_we_work(children) -> None:
    def slow():
        for _ in range(3):
            time.sleep(0.6)
            yield b"x"

    assert run(["cat"], stdin=slow(), timeout=1.5).stdout == b"xxx"
    pieces = stream(["sh", "-c", "echo 1; sleep 0.1; echo 2"], timeout=1.5)
    got = next(pieces)
    time.sleep(1.7)
    assert got + b"".join(pieces) == b"1\n2\n"


def test_both_ways_at_once_in_constant_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    block = memoryview(bytearray(1 << 20)).cast("H")
    total = sum(len(piece) for piece in stream(["cat"], stdin=(block for _ in range(300))))
    assert total == 300 << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


def test_a_flood_on_stderr_does_not_stall() -> None:
    done = run(["sh", "-c", "head -c 30000000 /dev/zero | tr '\\0' e >&2; echo; echo end >&2"])
    assert done.stdout == b"\n"
    assert all(len(line) <= 1000 for line in done.stderr_tail)


def test_a_child_may_stop_reading_early() -> None:
    assert run(["head", "-c", "3"], stdin=(b"abcdef" * 100_000 for _ in range(100))).stdout == b"abc"


def test_output_apart_from_what_is_printed() -> None:
    # dd, because dash cannot redirect to numbers above 9.
    script = f"echo chatter; echo data | dd status=none of=/dev/fd/{OUTPUT}; echo more >&2"
    with Child(["sh", "-c", script]) as child:
        assert child.stdout.read() == b"data\n"
    assert child.stderr_tail == ("chatter", "more")


@pytest.mark.parametrize("how", ["close", "drop", "throw"])
def test_leaving_a_stream_early_ends_the_child(how: str, children) -> None:
    closed = []

    def endless():
        try:
            while True:
                yield b"y" * 1000
        finally:
            closed.append(True)

    pieces = stream(["cat"], stdin=endless())
    assert next(pieces)
    if how == "close":
        pieces.close()
    elif how == "throw":
        with pytest.raises(KeyboardInterrupt):
            pieces.throw(KeyboardInterrupt())
    del pieces
    assert not children()
    assert closed == [True]


def test_an_exception_of_the_input_comes_out_as_it_is(children) -> None:
    def broken():
        yield b"1"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(["cat"], stdin=broken())
    with pytest.raises(KeyError, match="mine"):
        run(["sh", "-c", "sleep 67"], stdin=broken())
    assert not children()


def test_an_exception_of_the_listener_comes_out(children) -> None:
    def listener(line: str) -> None:
        raise KeyError(line)

    with pytest.raises(KeyError, match="said"):
        run(["sh", "-c", "echo said >&2; sleep 66"], on_stderr=listener)
    assert not children()


def test_the_crash_is_reported_before_the_truncation() -> None:
    def parse() -> None:
        with Child(["sh", "-c", "echo half; echo boom >&2; exit 1"]) as child:
            assert child.stdout.readline() == b"half\n"
            child.stdout.readline()
            pytest.fail("the parser saw the end of the output first")

    with pytest.raises(ToolError, match="boom"):
        parse()


def test_unread_output_does_not_hide_the_status() -> None:
    with (
        pytest.raises(ToolError, match="exit status 4"),
        Child(["sh", "-c", "head -c 500000 /dev/zero; exit 4"]),
    ):
        pass


def test_ctrl_c_ends_the_child(tmp_path: Path) -> None:
    script = tmp_path / "wait.py"
    script.write_text(
        "from gfv_sei.process import run\n"
        "run(['sh', '-c', 'echo $$ >&2; sleep 64'], on_stderr=lambda line: print(line, flush=True))\n"
    )
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=path
    ) as python:
        assert python.stdout is not None
        child = int(python.stdout.readline())
        python.send_signal(signal.SIGINT)
        _, errors = python.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors
    states = ["ps", "-A", "-o", "pgid=,state="]
    rows = subprocess.run(states, capture_output=True, text=True, check=True).stdout.splitlines()
    # A zombie is one that has ended; who inherited it may not have collected it yet.
    assert [row for row in rows if row.split()[0] == str(child) and row.split()[1] != "Z"] == []


def test_ffmpeg_is_found_and_runs() -> None:
    assert run([find_ffmpeg(), "-version"]).stdout.startswith(b"ffmpeg version")


def test_a_wish_for_another_ffmpeg_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wish = tmp_path / "my ffmpeg"
    wish.write_text("#!/bin/sh\necho mine\n")
    monkeypatch.setenv("GFV_FFMPEG", str(wish))
    with pytest.raises(ToolError, match="GFV_FFMPEG says"):
        find_ffmpeg()
    wish.chmod(0o755)
    assert find_ffmpeg() == str(wish)


def test_without_any_ffmpeg_it_says_what_to_install(tmp_path: Path) -> None:
    # A Python that sees no site-packages, and a PATH with nothing on it.
    program = "from gfv_sei.process import find_ffmpeg; find_ffmpeg()"
    environment = {"PATH": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert "pip install imageio-ffmpeg" in done.stderr
