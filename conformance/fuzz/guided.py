"""Fuzzing with atheris: libFuzzer, which is told which branches of our Python an input reaches.

It ends its process itself, so it runs in one of its own, whose output comes line by line. Half of the inputs are
changed by libFuzzer, which learns what it compares with, and half by the mutator of the target.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

CORPUS, FINDINGS = "corpus", "findings"
"""Folders below that of a run: inputs that reach something new, and those that break something."""

OURS = ("gfv_sei", "vtm_bridge", "generators")
"""Packages in which branches are counted."""

LONGEST = 1 << 17
"""Bytes of the longest input."""

# Instrumented code is slower.
_SLACK = 6.0

_STATUS = re.compile(r"#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)")


class Status(NamedTuple):
    """How far a run is: executions, branches and features reached, inputs kept, and their size as libFuzzer has it."""

    executions: int
    coverage: int
    features: int
    corpus: int
    corpus_size: str


def available() -> bool:
    """Whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def run(name: str, seconds: int, folder: Path, seed: int, every: int) -> Iterator[Status | str]:
    """Run a target in a process of its own; gives how far it is, and its lines where it found something."""
    command = [sys.executable, "-m", "conformance.fuzz.guided", name, str(seconds), str(folder), str(seed), str(every)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            status = _STATUS.search(line)
            if status:
                yield Status(int(status[1]), int(status[2]), int(status[3]), int(status[4]), status[5])
            elif not line.startswith(("INFO:", "#")):
                yield line


def _fuzz(name: str, seconds: str, folder: str, seed: str, every: str) -> None:
    """The process of a run."""
    import atheris

    with atheris.instrument_imports(include=list(OURS), enable_loader_override=False):
        from conformance.fuzz.targets import TARGETS

        target = TARGETS[name]
        given = target.seeds(int(every))
        for data in given[:8]:  # modules that are imported where they are used are to be counted, too
            target.run(data)
    from conformance.fuzz.limits import limited

    corpus, findings = Path(folder, CORPUS, name), Path(folder, FINDINGS, name)
    for place in (corpus, findings):
        place.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(given):
        Path(corpus, f"seed-{number}").write_bytes(data)

    def once(data: bytes) -> None:
        limited(target.run, data, target.allowed, _SLACK)

    def mutate(data: bytes, longest: int, number: int) -> bytes:
        r = Random(number)
        changed: Any = target.mutate(data, r) if number & 1 else atheris.Mutate(data, longest)
        return bytes(changed[:longest])

    arguments = [f"-max_total_time={seconds}", f"-seed={int(seed) + 1}", f"-max_len={LONGEST}", "-timeout=60"]
    arguments += ["-rss_limit_mb=2048", f"-artifact_prefix={findings}/", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *arguments], once, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    _fuzz(*sys.argv[1:])
