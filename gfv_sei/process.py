"""Run other programs: no shell, no deadlock, no unbounded memory, nothing left running.

A program that both reads and writes through pipes stalls as soon as one side is full and nobody empties it. So
three hands work at once: one thread feeds standard input from an iterable, one thread empties standard error and
keeps the last lines of it, and the caller takes standard output at its own pace. Each pipe holds a few kilobytes,
nothing is collected on the way, and a stream of any length passes in constant memory.

The child gets a process group of its own. Whatever ends the ``with`` block early (an exception, Ctrl-C, a generator
that is closed or thrown away, the time-out) kills that whole group, so that helpers which the program started go
with it.

The time-out counts the seconds for which the child keeps *us* waiting. While the caller works between two pieces
of output, or the iterable works on the next piece of input, the clock stands still: a slow consumer is no fault of
the child.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import select
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gfv_sei.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]  # 3.12; a type for readers only
    from types import TracebackType

DEFAULT_TIMEOUT = 3600.0
"""Seconds of waiting for a child before it is ended, where the caller names no other number."""

TAIL_LINES = 12
TAIL_LINE_LENGTH = 1000
CHUNK = 1 << 16
_SLICE = 0.1  # seconds; how often a wait looks at the clock
_GRACE = 10.0  # seconds that a thread of ours may take to notice that the child is gone


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left behind: all of its standard output, the last lines of its standard error, its time."""

    stdout: bytes
    stderr_tail: tuple[str, ...]
    seconds: float
