"""A little fuzzing in each run of the tests, the same inputs every time; `make fuzz` goes on from there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.fuzz.plain import run
from conformance.fuzz.targets import TARGETS

EXECUTIONS = {
    "extract": 60,
    "inspect": 60,
    "validate": 50,
    "inject": 120,
    "options": 150,
    "container": 12,
    "records": 150,
}
"""Of slow targets; of others ``MANY``."""

MANY = 400


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_gfv_errors(name: str) -> None:
    """Within the limits of time and memory, too: conformance.fuzz.limits."""
    most = EXECUTIONS.get(name, MANY)
    done = run(name, seconds=600, every=40, most=most)
    assert done.found == []
    assert done.executions == most


def test_the_command(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "conformance.fuzz", "contract", "--plain", "--seconds", "1", "--out", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=True)
    assert "0 findings" in done.stdout


def test_the_same_inputs_every_time() -> None:
    first, second = (run("contract", 600, seed=5, most=50) for _ in range(2))
    assert first._replace(seconds=0) == second._replace(seconds=0)
