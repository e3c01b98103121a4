"""The streams of the benchmark. Nothing is downloaded: the bundled ffmpeg encodes what it draws itself.

Encoding 160 MB would take minutes, so a piece of some pictures is encoded, once, and repeated end to end until the
stream has its size. A piece is one closed coded video sequence that starts with an IDR picture and its parameter sets,
so the repetition is a stream like any other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gfv_sei.process import find_ffmpeg
from tests.benchmarks.measure import BenchmarkError, discard, environment
from tests.benchmarks.messages import ANOTHER, FEATURE, records

PIECES = Path("bench-out")
"""Where encoded pieces stay for the next run; a few MB each."""

ROOM = 4 << 30
"""Bytes that have to be free in a tmpfs, and of memory, for it to be used."""

MUXER = {"avc": "h264", "hevc": "hevc", "vvc": "vvc"}
"""ffmpeg's name of the byte stream format, also good as a file name suffix."""

_LARGE = "testsrc2=size={size}:rate=30,noise=alls={noise}:allf=t:all_seed=1"
_SMALL = "testsrc2=size=64x64:rate=30"
_X264 = "-pix_fmt yuv420p -c:v libx264 -threads 2 -bf 0 -g 9999 -x264-params scenecut=0"
_X265 = "-pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=error:info=0:keyint=9999:scenecut=0"
_VVENC = "-pix_fmt yuv420p10le -c:v libvvenc -preset faster -period 60"


@dataclass(frozen=True)
class Recipe:
    """How a stream is made: a piece of so many ``pictures``, repeated to so many bytes (or pictures) in all.

    msgs streams count in pictures, the others in bytes. Matrices of every eighth message are of the size
    ``every_eighth``.
    """

    codec: str
    source: str
    encoder: str
    pictures: int
    bytes: int = 0
    in_all: int = 0
    every_eighth: tuple[int, int] = ANOTHER

    @property
    def words(self) -> list[str]:
        """The words of ffmpeg's command line between program and output."""
        source = ["-f", "lavfi", "-i", self.source, "-frames:v", str(self.pictures)]
        return [*source, *self.encoder.split(), "-f", MUXER[self.codec]]


_BIG, _SMALL_BYTES, _TINY = 160_000_000, 20_000_000, 4_000_000

_avc_small = Recipe("avc", _SMALL, f"{_X264} -preset veryfast -qp 33", 600, bytes=_SMALL_BYTES)
_hevc_small = Recipe("hevc", _SMALL, f"{_X265}:qp=38", 600, bytes=_SMALL_BYTES)
_vvc_small = Recipe("vvc", _SMALL, f"{_VVENC} -qp 30", 600, bytes=_SMALL_BYTES)

RECIPES = {
    "avc_big": Recipe(
        "avc", _LARGE.format(size="1280x720", noise=20), f"{_X264} -preset ultrafast -qp 33", 60, bytes=_BIG
    ),
    "hevc_big": Recipe("hevc", _LARGE.format(size="1280x720", noise=30), f"{_X265}:qp=32", 30, bytes=_BIG),
    "vvc_big": Recipe("vvc", _LARGE.format(size="640x360", noise=20), f"{_VVENC} -qp 21", 32, bytes=_BIG),
    "avc_small": _avc_small,
    "hevc_small": _hevc_small,
    "vvc_small": _vvc_small,
    "avc_msgs": replace(_avc_small, bytes=0, in_all=12_000),
    "hevc_msgs": replace(_hevc_small, bytes=0, in_all=21_000),
    "vvc_msgs": replace(_vvc_small, bytes=0, in_all=18_000),
    # To VTM's reader every matrix has the size of the first one (quirk first_layout_kept).
    "vvc_even": replace(_vvc_small, bytes=0, in_all=18_000, every_eighth=FEATURE),
    "vvc_tiny": Recipe("vvc", _SMALL, f"{_VVENC} -qp 58", 600, bytes=_TINY),
}


@dataclass(frozen=True)
class Stream:
    """A stream on disk, and the messages in it as they were given to ``gfv inject``, where that is of use."""

    name: str
    codec: str
    path: Path
    pictures: int
    params: Path | None = None

    @property
    def megabytes(self) -> float:
        """10^6 bytes."""
        return self.path.stat().st_size / 1e6


class Streams:
    """Makes streams when they are first asked for.

    scale   1 for the full sizes; 0.1 takes a tenth
    """

    def __init__(self, folder: Path, gfv: str, scale: float, say: Callable[[str], None]) -> None:
        self.folder, self.gfv, self.scale, self.say = folder, gfv, scale, say
        self.ffmpeg = find_ffmpeg()
        self._made: dict[str, Stream] = {}
        self._params: dict[str, Path] = {}

    def plain(self, name: str, part: float = 1) -> Stream:
        """A stream as the encoder made it; a ``part`` of it, at least one piece, if asked for (0: one piece)."""
        return self._once(f"{name}{_part(part)}", lambda label: self._repeated(label, name, part, self._piece(name)))

    def params(self, name: str, part: float = 1) -> Path:
        """The records that ``gfv inject`` puts into the stream, one per picture."""
        label = f"{name}{_part(part)}"
        path = self.folder / f"{label}.jsonl"
        if label not in self._params:
            _write_records(path, name, self.plain(name, part).pictures)
            self._params[label] = path
        return path

    def injected(self, name: str, part: float = 1) -> Stream:
        """The stream with a message to each picture, made by one ``gfv inject``."""

        def make(label: str) -> Stream:
            base, params = self.plain(name, part), self.params(name, part)
            path = self.folder / f"{label}.{MUXER[base.codec]}"
            self._inject(base.path, params, path)
            return replace(base, name=label, path=path, params=params)

        return self._once(f"{name}{_part(part)}_gfv", make)

    def repeated(self, name: str, part: float = 1) -> Stream:
        """The stream with a message to each picture, made by repeating one piece with its messages.

        Much faster than ``injected`` for hundreds of thousands of messages, and as good for who removes them.
        """

        def make(label: str) -> Stream:
            piece = self._piece(name)
            params = self.folder / f"{name}_piece.jsonl"
            _write_records(params, name, RECIPES[name].pictures)
            path = self.folder / f"{name}_piece_gfv"
            self._inject(piece, params, path)
            found = self._repeated(label, name, part, path)
            discard([path, params])
            return found

        return self._once(f"{name}{_part(part)}_rep", make)

    def forget(self, name: str) -> None:
        """Delete all streams of a name: memory of a tmpfs is memory."""
        for label in [label for label in self._made if label.startswith(name)]:
            discard([self._made.pop(label).path])
        for label in [label for label in self._params if label.startswith(name)]:
            discard([self._params.pop(label)])

    def _once(self, label: str, make: Callable[[str], Stream]) -> Stream:
        if label not in self._made:
            self.say(f"making {label}")
            self._made[label] = make(label)
        return self._made[label]

    def _repeated(self, label: str, name: str, part: float, piece: Path) -> Stream:
        recipe = RECIPES[name]
        times = self._times(name, part)
        path = self.folder / f"{label}.{MUXER[recipe.codec]}"
        data = piece.read_bytes()
        with path.open("wb") as file:
            for _ in range(times):
                file.write(data)
        return Stream(label, recipe.codec, path, times * recipe.pictures)

    def _times(self, name: str, part: float) -> int:
        """How often the piece goes into the stream; the same number whether it has messages or not."""
        recipe = RECIPES[name]
        # in pieces
        whole = recipe.in_all / recipe.pictures if recipe.in_all else recipe.bytes / self._piece(name).stat().st_size
        return max(1, round(part * max(1, round(whole * self.scale))))

    def _piece(self, name: str) -> Path:
        """The encoded piece, from the run before if that used the same words."""
        recipe = RECIPES[name]
        key = hashlib.sha256("\0".join([self.ffmpeg, *recipe.words]).encode()).hexdigest()[:12]
        path = PIECES / f"piece-{key}.{MUXER[recipe.codec]}"
        if path.exists():
            return path
        self.say(f"encoding {recipe.pictures} pictures for {name}")
        PIECES.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        self._run([self.ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *recipe.words, str(part)])
        part.replace(path)
        return path

    def _inject(self, base: Path, params: Path, out: Path) -> None:
        self._run([self.gfv, "inject", str(base), str(params), "-o", str(out)])

    def _run(self, words: list[str]) -> None:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment(self.folder),
        )
        if done.returncode:
            raise BenchmarkError(f"{' '.join(words[:2])} failed: {done.stderr.strip()[-1000:]}")


def _part(part: float) -> str:
    return "" if part == 1 else f"_{part:g}"


def _write_records(path: Path, name: str, pictures: int) -> None:
    made = records(pictures, every_eighth=RECIPES[name].every_eighth)
    with path.open("w") as file:
        file.writelines(f"{json.dumps(record)}\n" for record in made)


@contextmanager
def work_folder(keep: Path | None) -> Iterator[Path]:
    """Where streams and outputs go: the folder to keep, or a temporary one in memory, or else one on disk."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) and _has_room(memory) else None
    with tempfile.TemporaryDirectory(prefix="gfv-bench-", dir=parent) as folder:
        yield Path(folder)


def _has_room(folder: Path) -> bool:
    if shutil.disk_usage(folder).free < ROOM:
        return False
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        available = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return False
    return available * 1024 >= ROOM
