"""Streams for tests, encoded once per run, and what ffmpeg says of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from streams.clips import CLIPS

from gfv_sei.process import find_ffmpeg


@pytest.fixture(scope="session")
def ffmpeg() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run ffmpeg, which has to print no error."""
    program = find_ffmpeg()

    def run(*words: str | os.PathLike[str], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [program, "-hide_banner", "-loglevel", "error", "-y", *(os.fspath(word) for word in words)]
        return subprocess.run(command, input=stdin, capture_output=True, check=True, timeout=120)

    return run


@pytest.fixture(scope="session")
def clip_path(
    tmp_path_factory: pytest.TempPathFactory, ffmpeg: Callable[..., subprocess.CompletedProcess[bytes]]
) -> Callable[[str], Path]:
    """The file of a clip by its name. All workers of a run share the files."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "clips"
    folder.mkdir(exist_ok=True)

    def path(name: str) -> Path:
        file = folder / f"{name}.{CLIPS[name].codec}"
        if not file.exists():
            part = folder / f"{name}.{os.getpid()}.part"
            ffmpeg(*CLIPS[name].command, part)
            assert part.stat().st_size
            part.replace(file)
        return file

    return path


@pytest.fixture(scope="session")
def clip(clip_path: Callable[[str], Path]) -> Callable[[str], bytes]:
    """The bytes of a clip by its name."""
    return lambda name: clip_path(name).read_bytes()


@pytest.fixture(scope="session")
def decoded(
    tmp_path_factory: pytest.TempPathFactory, ffmpeg: Callable[..., subprocess.CompletedProcess[bytes]]
) -> Callable[[bytes, str], list[str]]:
    """What ffmpeg decodes of a stream: a line with time and hash per picture. It must find nothing wrong."""
    folder = tmp_path_factory.mktemp("decoded")
    formats = {"vvc": "vvc", "hevc": "hevc", "avc": "h264"}

    def decode(stream: bytes, codec: str) -> list[str]:
        file = folder / "stream"
        file.write_bytes(stream)
        done = ffmpeg("-f", formats[codec], "-i", file, "-f", "framemd5", "-")
        assert done.stderr == b""
        return [line for line in done.stdout.decode().splitlines() if not line.startswith("#")]

    return decode
