"""Measuring whole processes: processor time, wall clock and peak memory, several commands in turn.

Why in turn
    A virtual machine has fast and slow spells of minutes. So the commands that are compared run one after another
    inside of each round, ratios are formed within a round, and the median is taken over these.

Why a program of its own does it (ruler.py)
    ``wait4`` gives the processor time and the peak memory of a child, but the peak does not start at zero: what a
    process was before ``exec`` counts as its own, so with any way to start a program it begins at the size of the
    program that started it, here the benchmark with all its imports. The ruler is a bare interpreter (``-I -S``) that
    imports next to nothing, some 8.5 MB. Every Python program is larger than that from its first line on, and so is
    ffmpeg, so the ruler never shows in what it measures. (GNU time is smaller still, but not everywhere, and one way
    to measure is better than two; both give the same figures.)

Why outputs are deleted before each run
    Writing over a large file waits for its old blocks to be freed, on a disk even for write-back. That would be charged
    to the command. For the same reason outputs go to a tmpfs where there is one with room.

Why children get an environment of their own
    With PYTHONDONTWRITEBYTECODE, as test machines like to set it, each start of gfv would compile its modules, which
    takes longer than all else at start-up. An installed program has them compiled. So variables that change how Python
    starts are dropped, and modules are compiled into the work folder, whatever may be written elsewhere.

Each command runs once before the rounds. That puts its input into the page cache and compiles its modules,
and is when its output is checked.
"""

from __future__ import annotations

import gc
import marshal
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class BenchmarkError(Exception):
    """A command failed, or what it wrote is wrong."""


def expect(condition: object, what: str) -> None:
    """Raise BenchmarkError unless the condition holds."""
    if not condition:
        raise BenchmarkError(what)


@dataclass(frozen=True)
class Command:
    """A command to be measured.

    output      the file that it writes; with ``prints`` that is its standard output
    check       called once with the output, raises BenchmarkError if that is wrong
    times       how often it runs for one measurement, for what takes only milliseconds
    """

    name: str
    words: tuple[str, ...]
    output: Path | None = None
    prints: bool = False
    check: Callable[[Path], None] | None = None
    times: int = 1


@dataclass(frozen=True)
class Sample:
    """Seconds of processor time and of wall clock, of one run; peak memory in MB (10^6 bytes)."""

    cpu: float
    wall: float
    peak: float


@dataclass
class Rounds:
    """What was measured, by command."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def ratios(self, command: str, peer: str, of: str = "cpu") -> list[float]:
        """Of each round, one over the other."""
        pairs = zip(self.samples[command], self.samples[peer], strict=True)
        return [getattr(ours, of) / getattr(theirs, of) for ours, theirs in pairs]

    def median(self, command: str, of: str = "cpu") -> float:
        """Over the rounds."""
        return statistics.median(getattr(sample, of) for sample in self.samples[command])

    def peak(self, command: str) -> float:
        """The highest of the rounds."""
        return max(sample.peak for sample in self.samples[command])


class Ruler:
    """The program that measures, as a context manager."""

    def __init__(self, scratch: Path) -> None:
        self.errors = scratch / "stderr"
        self.environment = environment(scratch)

    def __enter__(self) -> Ruler:
        words = [sys.executable, "-I", "-S", str(Path(__file__).with_name("ruler.py"))]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *exception: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def run(self, command: Command) -> Sample:
        """Run a command. Raises BenchmarkError with what it said if its exit status is not 0."""
        program = shutil.which(command.words[0])
        expect(program, f"{command.words[0]}: no such program")
        stale = [str(path) for path in (self.errors, command.output) if path is not None]
        out = str(command.output) if command.output is not None and command.prints else os.devnull
        words = [str(program), *command.words[1:]]
        samples = []
        for _ in range(command.times):
            answer = self._ask((words, self.environment, out, str(self.errors), stale))
            expect(not isinstance(answer, str), f"{command.name}: {answer}")
            status, cpu, wall, peak = answer
            if status:
                said = self.errors.read_text("utf-8", "replace").strip()[-2000:]
                raise BenchmarkError(f"{command.name}: exit status {status}: {said}")
            samples.append(Sample(cpu, wall, peak * 1024 / 1e6))
        count = len(samples)
        cpu, wall = sum(s.cpu for s in samples) / count, sum(s.wall for s in samples) / count
        return Sample(cpu, wall, max(s.peak for s in samples))

    def rounds(self, commands: Sequence[Command], number: int) -> Rounds:
        """Each command once with a look at its output, then all of them in turn, ``number`` times."""
        for command in commands:
            self.run(command)
            if command.check is not None:
                assert command.output is not None
                command.check(command.output)
            discard([command.output])
        found = Rounds({command.name: [] for command in commands})
        for _ in range(number):
            for command in commands:
                found.samples[command.name].append(self.run(command))
                discard([command.output])
        return found

    def _ask(self, request: tuple[Any, ...]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        marshal.dump(request, self.process.stdin)
        self.process.stdin.flush()
        return marshal.load(self.process.stdout)


def environment(scratch: Path) -> dict[str, str]:
    """Variables for children: ours, but Python starts as usual, with compiled modules."""
    usual = {name: value for name, value in os.environ.items() if name == "PYTHONPATH" or not name.startswith("PYTHON")}
    return usual | {"PYTHONPYCACHEPREFIX": str(scratch / "pycache")}


def discard(paths: Iterable[Path | None]) -> None:
    """Delete outputs that nobody needs any more; what lies in a tmpfs takes memory."""
    for path in paths:
        if path is not None:
            path.unlink(missing_ok=True)


def in_process(actions: dict[str, Callable[[], object]], rounds: int, at_least: float = 0.02) -> dict[str, list[float]]:
    """Seconds of one call of each action, for each round the best of several series, the actions in turn.

    For what is too short for a process of its own. A series takes ``at_least`` seconds; the best of 5 is the one that
    nothing interrupted.
    """
    calls = {}
    for name, action in actions.items():
        action()
        once = _seconds(action, 1)
        calls[name] = max(1, int(at_least / max(once, 1e-7)))
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            found[name].append(min(_seconds(action, calls[name]) for _ in range(5)) / calls[name])
    return found


def _seconds(action: Callable[[], object], calls: int) -> float:
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(calls):
            action()
        return time.process_time() - began
    finally:
        if collecting:
            gc.enable()
