"""Fuzzing without atheris: seeds, and what a random generator with a seed of its own makes of them. Repeatable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from conformance.fuzz.limits import ExceededError, limited
from conformance.fuzz.targets import TARGETS


class Found(NamedTuple):
    """An input that broke something, and what came of it."""

    data: bytes
    what: BaseException


class Run(NamedTuple):
    """What came of a run: executions, seeds, seconds, findings."""

    executions: int
    seeds: int
    seconds: float
    found: list[Found]


def run(name: str, seconds: float, seed: int = 0, every: int = 1, most: int | None = None) -> Run:
    """Run a target for some time, or for at most ``most`` executions; ends at the fifth finding."""
    target = TARGETS[name]
    given = target.seeds(every)
    found: list[Found] = []
    start = time.monotonic()
    executions = 0
    for data in _inputs(name, given, seed):
        if executions >= len(given) and time.monotonic() - start > seconds:
            break
        if executions == most or len(found) == 5:
            break
        executions += 1
        problem = execute(name, data)
        if problem is not None and not any(_alike(problem, one.what) for one in found):
            found.append(Found(data, problem))
    return Run(executions, len(given), time.monotonic() - start, found)


def execute(name: str, data: bytes) -> BaseException | None:
    """Run a target on one input; what went wrong, None if nothing did."""
    try:
        limited(TARGETS[name].run, data, TARGETS[name].allowed)
    except (Exception, ExceededError) as problem:
        return problem
    return None


def _inputs(name: str, given: list[bytes], seed: int) -> Iterator[bytes]:
    """The seeds, then changed ones without end; some changes are changed on."""
    yield from given
    mutate = TARGETS[name].mutate
    r = Random(f"{name} {seed}")
    while True:
        data = r.choice(given)
        for _ in range(r.choice((1, 1, 2, 4))):
            data = mutate(data, r)
            yield data


def _alike(one: BaseException, other: BaseException) -> bool:
    """Whether two problems arose at the same place."""
    return type(one) is type(other) and _place(one) == _place(other)


def _place(problem: BaseException) -> tuple[str, int] | None:
    trace = problem.__traceback__
    place = None
    while trace is not None:
        place = (Path(trace.tb_frame.f_code.co_filename).name, trace.tb_lineno)
        trace = trace.tb_next
    return place
