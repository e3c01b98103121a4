"""Streams that nobody writes: work grows with their size and no faster, memory does not grow, or in proportion."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from conformance.fuzz.limits import MIB
from conformance.fuzz.pathological import KINDS, OPERATIONS, allowed_memory

# The streams are small, so the memory that may go beyond them is, too.
SOME = 16 * MIB

# Four times the size may take four times as many calls; with the square of the size it would be sixteen times. Whoever
# goes through the same bytes in large steps calls little: what comes to less than this is no work.
FACTOR, NOTHING = 5, 2000


@pytest.mark.parametrize("operation", OPERATIONS)
def test_work_and_memory(operation: str) -> None:
    """In a process of its own, so that the memory of other tests does not matter."""
    words = [sys.executable, "-m", "conformance.fuzz.pathological", "--small", "--operation", operation]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=True)
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for _, name, _, _ in runs] == list(KINDS)
    for _, name, (_, _, _, before), (size, _, memory, calls) in runs:
        assert calls < FACTOR * before + NOTHING, name
        assert memory < allowed_memory(name, size, SOME), name
    _, _, (*_, few), (*_, many) = next(run for run in runs if run[1] == "messages of one picture")
    assert 2 * few < many, "calls are counted"
