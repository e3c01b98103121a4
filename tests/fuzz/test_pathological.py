"""Streams that nobody writes: time grows with their size and no faster, memory does not grow, or in proportion."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from conformance.fuzz.limits import MIB
from conformance.fuzz.pathological import KINDS, OPERATIONS, allowed_memory

# The streams are small, so the memory that may go beyond them is, too.
SOME = 16 * MIB

# Four times the size may take four times as long; with the square of the size it would be sixteen times.
FACTOR, NOTHING = 9, 0.1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_time_and_memory(operation: str) -> None:
    """Processor time, in a process of its own, so that other tests and other processes do not matter."""
    words = [sys.executable, "-m", "conformance.fuzz.pathological", "--small", "--operation", operation]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=True)
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for _, name, _, _ in runs] == list(KINDS)
    for _, name, (_, before, _), (size, seconds, memory) in runs:
        assert seconds < FACTOR * before + NOTHING, name
        assert memory < allowed_memory(name, 4 * KINDS[name].small, size, SOME), name
