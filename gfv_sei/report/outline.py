"""The outline of a message: which elements it has and how they are nested, without their values.

An outline is a list of numbers, each of which stands for a *kind* of entry: an element with name and descriptor, an
inferred element with its value, the begin of a loop with its counts, the end of a loop. Messages of a stream share
their kinds, and much of their outlines, which is what makes a page with thousands of them small. With the payload
beside it, an outline gives every element with its position, value and subscripts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.syntax.coder import SignedRow
from gfv_sei.syntax.editions import edition_named
from gfv_sei.syntax.layout import Known
from gfv_sei.syntax.reading import ReadingCoder

INFERRED, OPEN, CLOSE = "inferred", "loop", "end"
"""What stands in place of a descriptor for entries that take no bits."""

MOST_KINDS = 1 << 16
"""Kinds of entries that the outlines of a stream may have; they are numbered with 16 bits."""

Kind = tuple[str, str, int, Any]
"""Name, descriptor, bits (-1: as many as its ue(v) takes), and the inferred value or the counts of the loop."""


class OutlineCoder(ReadingCoder):
    """Reads a payload with all that a description says on the way: inferred elements, and where loops begin and end."""

    __slots__ = ("entries",)

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload, trace=True)
        assert self.trace is not None
        self.entries: list[tuple[str, Any, int, str]] = self.trace

    def infer(self, name: str, value: int | None) -> int:
        self.entries.append((name, value, 0, INFERRED))
        return super().infer(name, value)

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        self.entries.append((announced_by, counts, 0, OPEN))
        yield from super().loop(announced_by, *counts, least=least)
        self.entries.append((announced_by, None, 0, CLOSE))

    def rows(self, row: SignedRow, turns: int) -> tuple[dict[str, list[int]], int]:
        return {}, 0  # one by one, since the fast way passes over inferred signs

    def payload_bytes(self, name: str) -> None:
        # One entry for all of them: a network may have millions.
        trace, self.trace = self.trace, None
        super().payload_bytes(name)
        self.trace = trace
        self.entries.append((name, None, 8 * len(self.fields[name]), "b(8)"))


class Outlines:
    """Makes outlines; ``kinds`` is what their numbers mean."""

    def __init__(self, syntax: str) -> None:
        self.edition = edition_named(syntax)
        self.kinds: dict[Kind, int] = {}

    def outline(self, payload_type: int, payload: bytes, known: Known) -> array[int]:
        """The outline of a payload, as far as it follows the syntax. ``known`` has to be as before the message."""
        coder = OutlineCoder(payload)
        with suppress(GfvError):  # where a payload breaks, its record says what is wrong
            describe = self.edition.describe(payload_type)
            describe(coder, known)
            coder.tail()
        return array("H", self._numbers(coder.entries))

    def _numbers(self, entries: list[tuple[str, Any, int, str]]) -> Iterator[int]:
        kinds = self.kinds
        for name, value, bits, descriptor in entries:
            if descriptor == "ue(v)":
                kind: Kind = (name, descriptor, -1, None)
            elif bits:
                kind = (name, descriptor, bits, None)
            else:
                kind = (name, descriptor, 0, value)
            number = kinds.get(kind)
            if number is None:
                if len(kinds) == MOST_KINDS:
                    return
                number = kinds[kind] = len(kinds)
            yield number
