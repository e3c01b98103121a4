"""Large arrays of values that take little memory where many of their values are the same.

An integer beyond 256 or a float is an object of its own, three or four times as large as its place in a list. An array
of many entries in few bits has few different values, and here they stand for all their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MANY = 4096
"""Values up to which an array is small, and values that a large one can share."""


def exact(values: Iterable[int], number: int) -> list[int]:
    """``number`` integers as a list."""
    return list(values) if number <= MANY else list(map(_Integers().__getitem__, values))


def slices(number: int) -> Iterator[slice]:
    """The parts, each small, of an array of ``number`` values."""
    return (slice(first, first + MANY) for first in range(0, number, MANY))


def scaled(values: list[int], unit: float) -> list[float]:
    """Integers in units of ``unit``."""
    return [value * unit for value in values] if len(values) <= MANY else list(map(_Floats(unit).__getitem__, values))


class _Integers(dict[int, int]):
    def __missing__(self, value: int) -> int:
        if len(self) < MANY:
            self[value] = value
        return value


class _Floats(dict[int, float]):
    def __init__(self, unit: float) -> None:
        super().__init__()
        self.unit = unit

    def __missing__(self, value: int) -> float:
        found = value * self.unit
        if len(self) < MANY:
            self[value] = found
        return found
