"""How the reference encoders round the real numbers of an option file, and the real number that gives an element.

These functions do in floating point, step by step, what the encoders do, where :mod:`gfv_sei.meaning.rounding` is
exact: a number goes into an option file only after it was seen to come out as the element that it is for.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TypeVar

Code = TypeVar("Code")

INT = 2**31
"""The encoders convert to int; nothing at or beyond this can be said."""


def coordinate(value: float, reference: float, q: int) -> tuple[int, int] | None:
    """Sign flag and magnitude of a keypoint coordinate; None where the encoder's int overflows."""
    scaled = (value - reference) * (1 << q) + 0.5
    if not abs(scaled) < INT:
        return None
    units = int(scaled)
    return int(units < 0), abs(units)


def absolute(value: float, reference: float, q: int) -> tuple[int, int, int] | None:
    """Sign flag, integer and fraction of an absolute matrix element; ``reference`` is not looked at."""
    magnitude = abs(value)
    if not magnitude < INT:
        return None
    integer = int(magnitude)
    fraction = min(int((magnitude - integer) * (1 << q) + 0.5), (1 << q) - 1)
    return int(value < 0 and bool(integer or fraction)), integer, fraction


def delta(value: float, reference: float, q: int) -> tuple[int, int, int] | None:
    """Sign flag, integer and fraction of a predicted matrix element. The fraction may come out as 2^q."""
    difference = value - reference
    magnitude = abs(difference)
    if not magnitude < INT:
        return None
    integer = int(magnitude)
    fraction = int((magnitude - integer) * (1 << q) + 0.5)
    return int(difference < 0 and bool(integer or fraction)), integer, fraction


def pupil(value: float, reference: float, q: int) -> tuple[int, int] | None:
    """Sign flag and magnitude of a pupil coordinate."""
    difference = value - reference
    scaled = abs(difference) * (1 << q) + 0.5
    if not scaled < INT:
        return None
    units = int(scaled)
    return int(difference < 0 and units > 0), units


def centre_of_coordinate(wanted: tuple[int, int], reference: float, q: int) -> float:
    """The middle of the numbers that become this coordinate.

    Adding a half and cutting toward zero, the encoders make -k of what lies between -k - 1.5 and -k - 0.5.
    """
    sign, units = wanted
    if units == 0:
        return reference
    return reference + (-units - 1 if sign else units) / (1 << q)


def centre_of_element(wanted: tuple[int, int, int], reference: float, q: int) -> float:
    """A number whose magnitude against the reference is this integer and fraction."""
    sign, integer, fraction = wanted
    part = fraction / (1 << q) if fraction < 1 << q else 1 - 0.25 / (1 << q)
    return reference - (integer + part) if sign else reference + (integer + part)


def centre_of_pupil(wanted: tuple[int, int], reference: float, q: int) -> float:
    """A number whose difference to the reference is this."""
    sign, units = wanted
    return reference + (-units if sign else units) / (1 << q)


def number_for(
    wanted: Code,
    code: Callable[[float], Code | None],
    centre: float,
    given: float | None,
    low: float,
    high: float,
) -> float | None:
    """A number between ``low`` and ``high`` that is coded as ``wanted``; None where there is none.

    That is ``given`` if it will do. The numbers that will do are an interval around ``centre``, so if it reaches into
    the range at all, its nearest point there is among them.
    """
    for value in (given, centre, min(max(centre, low), high)):
        if value is not None and isfinite(value) and low <= value <= high and code(value) == wanted:
            return value
    return None
