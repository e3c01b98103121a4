"""The picture units of a stream with their messages and their places in output order.

Messages hang on access units in decoding order, decoders give pictures in output order, and what ties the two is the
place that each access unit has in output order. That place is known some access units later only, so three readers
go through the file side by side, each at its own pace: one for the places, one for GFV messages, one for GFVE
messages. None of them keeps more than it has to: the messages of a picture are taken one at a time, however many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import groupby
from typing import Any, NamedTuple

from gfv_sei.nal.picture_order import AccessUnit
from gfv_sei.stream.order import display_order
from gfv_sei.stream.records import read_messages
from gfv_sei.syntax.payload_types import GFV, GFVE

Record = dict[str, Any]
Note = Callable[[str], None]


class PictureUnit(NamedTuple):
    """The access unit of one picture of the output; both of a frame whose fields are coded one by one.

    display        index of its picture in output order; None where it is not output
    faces          the records of its GFV messages, to be taken before the next unit is
    enhancements   the records of its GFVE messages, likewise
    """

    au: int
    display: int | None
    faces: Iterator[Record]
    enhancements: Iterator[Record]


def picture_units(source: str, syntax: str = "auto") -> Iterator[PictureUnit]:
    """The picture units of a stream file in decoding order."""
    faces = _ByAccessUnit(read_messages(source, syntax, errors="record", payload_types=(GFV,)))
    enhancements = _ByAccessUnit(read_messages(source, syntax, errors="record", payload_types=(GFVE,)))
    for units in _frames(display_order(source)):
        numbers = [unit.au for unit in units]
        yield PictureUnit(numbers[0], units[0].display, faces.of(numbers), enhancements.of(numbers))


def _frames(units: Iterator[AccessUnit]) -> Iterator[list[AccessUnit]]:
    """Access units by themselves, or two with the fields of one frame."""
    before: AccessUnit | None = None
    for unit in units:
        if before is None:
            before = unit
        elif before.display is not None and before.display == unit.display:
            yield [before, unit]
            before = None
        else:
            yield [before]
            before = unit
    if before is not None:
        yield [before]


class _ByAccessUnit:
    """Records in bitstream order, taken access unit by access unit."""

    def __init__(self, records: Iterator[Record]) -> None:
        self.groups = groupby(records, key=lambda record: int(record["au"]))
        self.au = -1
        self.group: Iterator[Record] = iter(())

    def of(self, numbers: list[int]) -> Iterator[Record]:
        for number in numbers:
            while self.au < number:
                self.au, self.group = next(self.groups, (1 << 62, iter(())))
            if self.au == number:
                yield from self.group


def in_count_order(records: Iterator[Record], note: Note) -> Iterator[Record]:
    """The GFV messages of one gfv_id in one picture unit by gfv_cnt, each count once.

    Counts go from 0 up by 1, so nothing has to wait; in a stream that breaks this rule, what comes too early waits,
    and what comes a second time is left out.
    """
    waiting: list[tuple[int, int, Record]] = []
    expected = 0
    for number, record in enumerate(records):
        count = record["message"]["gfv_cnt"]
        if count < expected or any(count == other for other, *_ in waiting):
            note(f"access unit {record['au']}: gfv_cnt {count} comes again and is played once")
            continue
        heappush(waiting, (count, number, record))
        while waiting and waiting[0][0] == expected:
            yield heappop(waiting)[2]
            expected += 1
    if waiting:
        note(f"access unit {waiting[0][2]['au']}: gfv_cnt goes to {waiting[0][0]} without {expected}")
    while waiting:
        yield heappop(waiting)[2]
