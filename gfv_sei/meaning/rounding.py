"""From real numbers to integers of a precision: our way, and the ways of the reference encoders.

A number that is to be coded is given exactly, as an integer numerator over a power of two: differences to a reference
are formed without rounding, and only here something is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gfv_sei.errors import GfvError

Exact = tuple[int, int]
"""Numerator and denominator, which is a power of two."""


class Magnitude(NamedTuple):
    """A rounded number: sign flag, and the magnitude in units of 2^-q."""

    sign: int
    units: int


def nearest(value: Exact, q: int) -> Magnitude:
    """Round half away from zero; the magnitude carries into the integer part by itself."""
    n, d = value
    units = ((abs(n) << q + 1) + d) // (2 * d)
    return Magnitude(int(n < 0 and units > 0), units)


def truncated_sum(value: Exact, q: int) -> Magnitude:
    """VTM, HM and JM for coordinates: the integer part, toward zero, of v * 2^q + 0.5, also for negative v."""
    n, d = value
    doubled = (n << q + 1) + d
    units = abs(doubled) // (2 * d)
    return Magnitude(int(doubled < 0 and units > 0), units)


def clipped_fraction(value: Exact, q: int) -> Magnitude:
    """VTM, HM and JM for absolute matrix elements: the fraction is rounded, and cut to 2^q - 1 instead of carried."""
    n, d = value
    integer, rest = divmod(abs(n), d)
    fraction = min(((rest << q + 1) + d) // (2 * d), (1 << q) - 1)
    units = integer << q | fraction
    return Magnitude(int(n < 0 and units > 0), units)


class Rounding(NamedTuple):
    """How an encoder rounds.

    coordinate, element, delta, pupil   rounding of coordinates, absolute and predicted matrix elements, pupils
    delta_carries       whether a fraction of a GFV difference that rounds up to 2^q goes into the integer part;
                        the reference encoders write 2^q as the fraction, which ue(v) can carry
    gfve_delta          what becomes of such a fraction in GFVE, where it has q bits: "carry"; "drop", as JM does;
                        "refuse", as VTM and HM stop there
    precision_of_base   whether what is predicted is rounded to the precision of the base message, which decoders take;
                        the reference encoders round to the one that is configured for the message
    """

    name: str
    coordinate: Callable[[Exact, int], Magnitude]
    element: Callable[[Exact, int], Magnitude]
    pupil: Callable[[Exact, int], Magnitude] = nearest
    delta_carries: bool = True
    gfve_delta: str = "carry"
    precision_of_base: bool = True

    def gfv_delta(self, value: Exact, q: int) -> tuple[int, int, int]:
        """Sign, integer and fraction of a predicted GFV matrix element."""
        sign, units = nearest(value, q)
        if not self.delta_carries:
            integer = abs(value[0]) // value[1]
            return sign, integer, units - (integer << q)
        return sign, units >> q, units & (1 << q) - 1

    def gfve_delta_parts(self, value: Exact, q: int) -> tuple[int, int, int]:
        """Sign, integer and fraction of a predicted GFVE matrix element."""
        sign, units = nearest(value, q)
        integer = abs(value[0]) // value[1]
        if units - (integer << q) == 1 << q and self.gfve_delta != "carry":
            if self.gfve_delta == "refuse":
                raise GfvError(
                    f"a difference rounds up to the next integer, where the {self.name} encoder stops with an error",
                    element="gfve_matrix_delta_element_dec",
                    value=1 << q,
                    allowed=f"0 to {(1 << q) - 1}",
                )
            return (sign if integer else 0), integer, 0
        return sign, units >> q, units & (1 << q) - 1


OURS = Rounding("gfv", nearest, nearest)
_VTM = Rounding(
    "VTM", truncated_sum, clipped_fraction, delta_carries=False, gfve_delta="refuse", precision_of_base=False
)

ROUNDINGS = {
    "vtm": _VTM,
    "hm": _VTM._replace(name="HM"),
    "jm": _VTM._replace(name="JM", gfve_delta="drop"),
}
"""How the reference encoders round, by the name that --compat takes."""
