"""What one execution may take, and what it may end with."""

from __future__ import annotations

import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from gfv_sei.errors import GfvError

MIB = 1 << 20

BYTES, ELEMENTS = 1.0, 60.0
"""Seconds of processor time that an execution may take for each megabyte of input: where bytes alone are gone through,
and where messages are read. A megabyte can hold eight million elements of one bit each, and each becomes a number, is
read along three editions, derived, and written as JSON; on such messages ``extract`` was measured at 22 seconds for a
megabyte."""

SECONDS = 2.0
"""Seconds that an execution may take in any case."""

MEMORY = 64 * MIB
"""Memory that an execution may take besides ``MEMORY_PER_BYTE`` for each byte of input."""

MEMORY_PER_BYTE = 8

# ru_maxrss counts kilobytes, on macOS bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class ExceededError(BaseException):
    """An execution took more than it may. No Exception, so that no code under test takes it for one of its own."""


def peak_memory() -> int:
    """The most memory that this process had so far, in bytes: a system call, cheap enough for each execution."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


@contextmanager
def refusing() -> Iterator[None]:
    """A GfvError is an answer, if it says something; whatever else comes is a finding."""
    try:
        yield
    except GfvError as error:
        if not str(error):
            raise AssertionError("an error without words") from error


def limited(function: Callable[[bytes], object], data: bytes, pace: float = BYTES, slack: float = 1.0) -> None:
    """Run a function on an input within the limits, times ``slack``. Raises ExceededError where it takes more.

    ``pace`` is one of ``BYTES`` and ``ELEMENTS``.

    Memory counts as far as it goes beyond what the process ever had before, so the first executions of a process are
    the sharpest. Must be called from the main thread.
    """
    seconds = slack * (SECONDS + pace * len(data) / MIB)
    memory = slack * (MEMORY + MEMORY_PER_BYTE * len(data))

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise ExceededError(f"more than {seconds:.1f} s for {len(data)} bytes")

    before = peak_memory()
    start = time.process_time()
    handler = signal.signal(signal.SIGPROF, over)
    # Processor time, so a machine that is busy with other things changes nothing.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        function(data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
    took = time.process_time() - start
    if took > seconds:  # one call into C code, which no signal interrupts
        raise ExceededError(f"{took:.1f} s for {len(data)} bytes")
    grown = peak_memory() - before
    if grown > memory:
        raise ExceededError(f"{grown // MIB} MiB for {len(data)} bytes")
