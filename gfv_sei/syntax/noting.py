"""The coder that reads on: what is wrong with a payload is noted, and reading goes on where the value can be used.

For whoever wants to know everything that is wrong and not only the first thing. It is slow, and nobody needs it for a
payload that the :class:`~gfv_sei.syntax.reading.ReadingCoder` takes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gfv_sei.bits import EndOfBits, LongPrefix
from gfv_sei.bits.reader import LONGEST_PREFIX
from gfv_sei.errors import PayloadError, PredictionError, TooLargeError
from gfv_sei.syntax.coder import UE_MAX, SignedRow
from gfv_sei.syntax.reading import ReadingCoder

RANGE, ALIGNMENT, TEXT, CODE, END, COUNT, SIZE, LAYOUT, REFERENCE = (
    "range",
    "alignment",
    "text",
    "code",
    "end",
    "count",
    "size",
    "layout",
    "reference",
)
"""Kinds of notes: a value out of range; an alignment bit that is 1; text without an end; a code that is none; the
payload ends; a count that the payload cannot hold; one beyond what is read of a message; parts of the message that do
not go together; prediction from what is not there. Reading goes on behind the first two."""

FAR = 16
"""A value beyond so many times its range is no slip of a writer: the reader has lost its place, and stops."""

TAIL = "tail"
"""The name to want for what follows the last element."""

_ANY = 1 << LONGEST_PREFIX + 1


class Note(NamedTuple):
    """Something wrong at an element; ``times`` counts further places in the same array."""

    kind: str
    reason: str
    element: str
    bit: int
    value: Any = None
    allowed: str | None = None
    times: int = 1

    @property
    def name(self) -> str:
        """The element's name without subscripts."""
        return self.element.partition("[")[0]


class LostError(Exception):
    """Reading cannot go on; the last note says why."""


class NotingCoder(ReadingCoder):
    """Reads one payload along a description, as far as that goes.

    A description ends with its layout, or with LostError; either way ``fields`` hold what was read, and ``notes`` what
    was wrong, one note for each kind and element name, in the order of the payload. ``wanted`` may be the name of an
    element, and its number where there are several: ``found`` is then the bit position of it.
    """

    __slots__ = ("_notes", "_places", "_to_come", "_wanted", "found")

    def __init__(self, payload: bytes, trace: bool = False, wanted: tuple[str, int] = ("", 0)) -> None:
        super().__init__(payload, trace)
        self._notes: dict[tuple[str, str], Note] = {}
        self._places: dict[str, int] = {}  # of the elements of each name, the last one's
        self._wanted, self._to_come = wanted
        self.found: int | None = None

    @property
    def notes(self) -> list[Note]:
        """Everything that was noted."""
        return list(self._notes.values())

    def flag(self, name: str) -> int:
        self._begin(name)
        self._need(1, name)
        return super().flag(name)

    def u(self, name: str, n: int) -> int:
        self._begin(name)
        self._need(n, name)
        return super().u(name, n)

    def ue(self, name: str, most: int = UE_MAX) -> int:
        position = self._begin(name)
        try:
            self.code_length()
        except EndOfBits as end:
            raise self._ends(name, end.missing) from None
        except LongPrefix:
            reason = f"starts with more than {LONGEST_PREFIX} zero bits, which no ue(v) in use does"
            raise self._lost(Note(CODE, reason, self._subscripted(name), position)) from None
        value = super().ue(name, _ANY)
        if value > most:
            note = Note(RANGE, "out of range", self._subscripted(name, last=True), position, value, f"0 to {most}")
            if value > FAR * (most + 1):
                raise self._lost(note._replace(reason="far out of range, so nothing behind it can be trusted"))
            self._add(note)
        return value

    def rows(self, row: SignedRow, turns: int) -> tuple[dict[str, list[int]], int]:
        if self._wanted in row.names:
            return {}, 0  # its place is met element by element alone
        return super().rows(row, turns)

    def refusal(self, kind: type[PayloadError], reason: str, announced_by: str) -> Exception:
        if (RANGE, announced_by) in self._notes:
            return LostError()  # said already
        element = self._subscripted(announced_by, last=True)
        note = SIZE if kind is TooLargeError else COUNT
        return self._lost(Note(note, reason, element, self._place(announced_by)))

    def align(self, name: str) -> None:
        while self.position % 8:
            self._begin(name)
            try:
                super().align(name)
            except PayloadError as error:
                bit = self.position - 1
                self._add(Note(ALIGNMENT, error.reason, name, bit, 1, "0"))

    def st(self, name: str) -> str:
        position = self._begin(name)
        try:
            return super().st(name)
        except PayloadError as error:
            raise self._lost(Note(TEXT, error.reason, name, position)) from None

    def payload_bytes(self, name: str) -> None:
        self._begin(name)
        super().payload_bytes(name)

    def tail(self) -> None:
        self._begin(TAIL)
        super().tail()

    def fail(self, reason: str, element: str, **place: Any) -> Any:
        kind = REFERENCE if place.pop("kind", None) is PredictionError else LAYOUT
        return self._lost(Note(kind, reason, self._subscripted(element, last=True), self._place(element), **place))

    def _begin(self, name: str) -> int:
        """An element of this name comes next; where that is."""
        position = self._places[name] = self.position
        if name == self._wanted:
            if not self._to_come:
                self.found = position
            self._to_come -= 1
        return position

    def _place(self, name: str) -> int:
        """Where the element of this name was, if it is in this message and not inherited."""
        return self._places.get(name, self.position)

    def _need(self, bits: int, name: str) -> None:
        missing = bits - self.remaining
        if missing > 0:
            raise self._ends(name, missing)

    def _ends(self, name: str, missing: int) -> LostError:
        return self._lost(Note(END, self._ending(missing), self._subscripted(name), self.position))

    def _lost(self, note: Note) -> LostError:
        self._add(note)
        return LostError(note.reason)

    def _add(self, note: Note) -> None:
        first = self._notes.setdefault((note.kind, note.name), note)
        if first is not note:
            self._notes[note.kind, note.name] = first._replace(times=first.times + 1)
