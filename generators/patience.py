"""Runs of onnxruntime that can be ended: by the clock, and by Ctrl-C.

A model may hold a loop that never ends, and Python sees no signal while onnxruntime works. So the work is done in a
thread of its own, for which the caller waits. onnxruntime looks between two operators, those inside a loop too, whether
it shall stop; an operator that takes long by itself is left behind, in a thread that does not keep the process alive.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from math import isfinite
from typing import Any

from generators.errors import ModelError

VARIABLE = "GFV_NETWORK_TIMEOUT"

DEFAULT = 600.0
"""Seconds for one run of one graph. The slowest generator at hand takes some seconds for a picture."""

_GRACE = 5.0  # seconds for onnxruntime to come back after it was told to stop


def limit() -> float:
    """Seconds that a run of a graph may take: ``$GFV_NETWORK_TIMEOUT``, else `DEFAULT`.

    Raises:
        ModelError: the variable holds no number of seconds above 0.
    """
    wish = os.environ.get(VARIABLE)
    if not wish:
        return DEFAULT
    try:
        seconds = float(wish)
    except ValueError:
        seconds = 0.0
    if not (isfinite(seconds) and 0 < seconds <= threading.TIMEOUT_MAX):
        raise ModelError(f"the environment variable {VARIABLE} says {wish!r}", allowed="a number of seconds above 0")
    return seconds


def run(session: Any, outputs: Sequence[str], feeds: Mapping[str, Any], seconds: float) -> list[Any]:
    """What ``session.run`` of onnxruntime gives, or raises.

    Raises:
        TimeoutError: it took longer than ``seconds``.
    """
    import onnxruntime as ort

    options = ort.RunOptions()
    made: Future[list[Any]] = Future()

    def work() -> None:
        try:
            made.set_result(session.run(list(outputs), dict(feeds), options))
        except BaseException as error:  # is the caller's to handle
            made.set_exception(error)

    threading.Thread(target=work, name="onnxruntime", daemon=True).start()
    try:
        return made.result(seconds)
    finally:
        if not made.done():
            options.terminate = True
            with suppress(TimeoutError):
                made.exception(_GRACE)
