"""What one execution may take, and what it may end with."""

from __future__ import annotations

import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.wording import counted

MIB = 1 << 20

MEMORY = 64 * MIB
"""Memory that going through bytes may take besides ``MEMORY_PER_BYTE`` for each byte of input."""

MEMORY_PER_BYTE = 8


class Allowance(NamedTuple):
    """What an input allows for: seconds of processor time for each megabyte, memory, memory for each byte."""

    seconds: float
    memory: int
    memory_per_byte: int


BYTES = Allowance(1.0, MEMORY, MEMORY_PER_BYTE)
"""Where bytes alone are gone through."""

ELEMENTS = Allowance(30.0, 128 * MIB, 16)
"""Where messages are read. What one may hold is limited, see :mod:`gfv_sei.syntax.limit`: a 1024 x 1024 matrix must be
read, and its zeros fit into 256 KiB. Each becomes a number, is read along three editions, derived and written as JSON.
Measured, beyond a process that does nothing: ``extract`` of such a matrix 65 MiB and 12 s/MiB, with elements 80 MiB and
14 s/MiB; ``validate`` of one with a broken end 120 MiB and 26 s/MiB; ``extract`` of one with 32 bits of fraction, 4.9
MiB, 177 MiB and 0.7 s/MiB. Messages of thousands of matrix types take 60 to 80 s/MiB, but the largest of them is 22 KiB
and takes 1 to 2 s; only a stream of many such goes beyond this allowance."""

SECONDS = 2.0
"""Seconds that an execution may take in any case."""

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


def limited(function: Callable[[bytes], object], data: bytes, allowed: Allowance = BYTES, slack: float = 1.0) -> None:
    """Run a function on an input within the limits, times ``slack``. Raises ExceededError where it takes more.

    ``allowed`` is one of ``BYTES`` and ``ELEMENTS``.

    Memory counts as far as it goes beyond what the process ever had before, so the first executions of a process are
    the sharpest. Must be called from the main thread.
    """
    seconds = slack * (SECONDS + allowed.seconds * len(data) / MIB)
    memory = slack * (allowed.memory + allowed.memory_per_byte * len(data))

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise ExceededError(f"more than {seconds:.1f} s for {counted(len(data), 'byte')}")

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
        raise ExceededError(f"{took:.1f} s for {counted(len(data), 'byte')}")
    grown = peak_memory() - before
    if grown > memory:
        raise ExceededError(f"{grown // MIB} MiB for {counted(len(data), 'byte')}")
