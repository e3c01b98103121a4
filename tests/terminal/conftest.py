"""Streams with messages for the commands that a person looks at, and a terminal to look at them on."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streams.clips import CLIPS
from streams.records import face_records, injected
from terminal.playing import Playing

from gfv_sei.process import find_ffmpeg


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The bytes of a tiny stream of a real encoder, by codec."""
    folder = tmp_path_factory.mktemp("bases")
    made: dict[str, bytes] = {}

    def stream(codec: str) -> bytes:
        if codec not in made:
            clip = CLIPS[f"{codec}-plain"]
            file = folder / codec
            command = [find_ffmpeg(), "-hide_banner", "-loglevel", "error", "-y", *clip.command, file]
            subprocess.run(command, check=True, timeout=120)
            made[codec] = file.read_bytes()
        return made[codec]

    return stream


@pytest.fixture(scope="session")
def faces(base: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The path of such a stream with the messages of four access units in it."""
    folder = tmp_path_factory.mktemp("faces")

    def path(codec: str = "vvc") -> Path:
        file = folder / f"face-{codec}.bit"
        if not file.exists():
            file.write_bytes(injected(base(codec), face_records(4)))
        return file

    return path


@pytest.fixture(scope="session")
def on_terminal(gfv_command: str) -> Callable[..., str]:
    """Run `gfv` with standard output on a pseudo terminal; what it showed there."""

    def run(*words: str | os.PathLike[str], **environment: str) -> str:
        ours, theirs = pty.openpty()
        inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PYTHONWARNINGS")}
        process = subprocess.Popen(
            [gfv_command, *words],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env={**inherited, "TERM": "xterm", **environment},
        )
        os.close(theirs)
        shown = b""
        with process, os.fdopen(ours, "rb", buffering=0) as screen:
            while True:
                try:
                    piece = screen.read(1 << 16)
                except OSError:  # how Linux says that the other side is closed
                    break
                if not piece:
                    break
                shown += piece
            assert process.wait(60) == 0
        return shown.decode().replace("\r\n", "\n")

    return run


@pytest.fixture
def play(gfv_command: str) -> Iterator[Callable[..., Playing]]:
    """Start a player."""
    running: list[subprocess.Popen[str]] = []

    def run(*words: str | Path) -> Playing:
        process = subprocess.Popen(
            [gfv_command, "play", *words, "--threads", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return Playing(process)

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
