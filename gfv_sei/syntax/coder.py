"""The vocabulary in which syntax structures are described, and what the coders of it share.

A description is a Python function that stands beside the syntax table of the standard line for line::

    def buffering_example(s: Coder) -> None:
        if s.flag("present_flag"):
            count = s.ue("num_values_minus1", 15) + 1
            for _ in s.loop("num_values_minus1", count, least=1):
                s.ue("value")

Run with a :class:`~gfv_sei.syntax.reading.ReadingCoder` it takes the elements from bits, run with a
:class:`~gfv_sei.syntax.writing.WritingCoder` it puts the elements of a message into bits; each call returns the value
of the element either way, so conditions are written once. Trace, JSON and error texts come from the same calls.

How values are kept: a dictionary from element name to value. Inside a loop the value of each element becomes one
entry of a list, in a loop inside a loop of a list of lists. An element of a loop must be met in each turn of it,
coded or inferred, so that the place in the list is always the subscript; an element without a value in some turn
holds None there. Both coders insist on it, so a description that forgets a branch fails at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple, Protocol

UE_MAX = 2**32 - 2
"""Largest value of ue(v) that H.264, H.265, H.266 and H.274 allow."""

UE_WIDE = 2**63
"""Largest value taken for coordinates and delta fractions: with 32 bits of precision they can exceed UE_MAX."""


Arrays = dict[str, list[list[int]]]
"""Of each element of signed numbers its arrays in coding order, each flat: what values are computed from."""


class Part(NamedTuple):
    """One part of a number: ue(v) up to ``most``, or, where ``bits`` is not 0, u(v) of so many bits."""

    name: str
    bits: int = 0
    most: int = UE_WIDE

    @property
    def descriptor(self) -> str:
        """As in the syntax table. How many bits there are follows from a precision, so it is not u(n)."""
        return "u(v)" if self.bits else "ue(v)"


class SignedNumber(NamedTuple):
    """A number that is coded as one magnitude or as integer and fraction, and a sign."""

    parts: tuple[Part, ...]
    sign_flag: str


class SignedRow:
    """The signed numbers of one turn of a loop, in coding order.

    Compared by identity, so that coders can remember what they prepared for a row: make each row once.
    """

    __slots__ = ("entries", "least", "names", "numbers")

    def __init__(self, *numbers: SignedNumber, entries: int = 1) -> None:
        self.numbers = numbers
        self.entries = entries
        """What the row counts for: :mod:`gfv_sei.syntax.limit`."""
        self.least = sum(part.bits or 1 for number in numbers for part in number.parts)
        """Bits that the row takes at the least."""
        self.names = frozenset(name for parts, flag in numbers for name in (*(part.name for part in parts), flag))
        """Its elements."""


class Coder(Protocol):
    """What a description may ask for. The words are those of the descriptors in clause 7.2 of the video standards."""

    def u(self, name: str, n: int) -> int:
        """u(n): unsigned, n bits."""

    def u_v(self, name: str, n: int) -> int:
        """u(v): the same where n follows from another element."""

    def flag(self, name: str) -> int:
        """u(1)."""

    def ue(self, name: str, most: int = UE_MAX) -> int:
        """ue(v), allowed from 0 to ``most``."""

    def st(self, name: str) -> str:
        """st(v): UTF-8 up to a zero byte, starting at a whole byte."""

    def align(self, name: str) -> None:
        """u(1) equal to 0, as often as it takes to come to a whole byte."""

    def payload_bytes(self, name: str) -> None:
        """b(8), as many as there are to the end of the payload."""

    def infer(self, name: str, value: int | None) -> int:
        """The element is not coded here and has this value (None: no value at all, for a place in a loop)."""

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        """Repeat what follows, over one subscript or several (the last one fastest).

        ``announced_by`` is the element that says how often, ``least`` the number of bits that one turn takes at the
        least: a reader refuses counts that the bits left cannot hold before anything is allocated.
        """

    def signed(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        """Repeat a row of signed numbers; what that is, :func:`signed` says in the other words.

        All arrays of the two messages are such rows, and nearly all their bits, so this word is what coders make
        fast.
        """

    def fail(self, reason: str, element: str, **place: Any) -> Exception:
        """The error, to be raised, for a message that is broken at this element for ``reason``."""


def signed(s: Coder, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
    """A loop over signed numbers: of each its parts, then its sign flag if a part is not 0.

    A coder with a fast way for whole arrays goes this one where the fast one does not apply, and for the error.
    """
    for _ in s.loop(announced_by, *counts, least=row.least):
        for parts, sign_flag in row.numbers:
            any_part = 0
            for name, bits, most in parts:
                any_part |= s.u_v(name, bits) if bits else s.ue(name, most)
            if any_part:
                s.flag(sign_flag)
            else:
                s.infer(sign_flag, 0)


def subscripts(counts: tuple[int, ...], turn: int) -> list[int]:
    """The subscripts of turn number ``turn`` in a loop over ``counts``."""
    found = []
    for count in reversed(counts):
        turn, index = divmod(turn, count)
        found.append(index)
    return found[::-1]


def nest(flat: list[Any], counts: tuple[int, ...]) -> list[Any]:
    """Turn a flat list with the last subscript fastest into lists of lists; none of them is the list that was given."""
    if len(counts) == 1:
        return flat[:]
    for count in reversed(counts[1:]):
        size = len(flat)
        flat = [flat[i : i + count] for i in range(0, size, count)] if count < size else [flat[:]]
    return flat


def flatten(nested: Any) -> Any:
    """Lists in lists as one list; None stays None."""
    while nested and isinstance(nested[0], list):
        nested = list(chain.from_iterable(nested))
    return nested
