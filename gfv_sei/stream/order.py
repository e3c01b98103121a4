"""The access units of a stream with their places in output order, and things that wait for theirs.

A picture's place is known only when no later picture can come before it any more, some pictures further on in the
stream. What is written in bitstream order along with it has to wait as long: :class:`Delayed` keeps it. A few
pictures wait at a time, except where a stream shows a picture long after it was decoded; then everything behind it
waits, too, and ``LONGEST_WAIT`` bounds that. However few they are, pictures may have any number of messages: records
that wait are in memory up to a bound and on disk beyond it (:class:`Shelf`).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import IO, Any, Generic, TypeVar

from gfv_sei.errors import GfvError
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.picture_order import AccessUnit
from gfv_sei.stream.json_text import record_text
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import Source, open_stream

T = TypeVar("T")

LONGEST_WAIT = 1 << 16
"""Items that wait at most. No two pictures of a decoder's memory are further apart than 2^15 in picture order."""


class Delayed(Generic[T]):
    """A queue of things that belong to access units, each of which leaves when its access unit is settled."""

    def __init__(self) -> None:
        self.queue: deque[tuple[AccessUnit, T]] = deque()

    def put(self, unit: AccessUnit, item: T) -> None:
        """Add an item."""
        self.queue.append((unit, item))

    def ready(self) -> Iterator[tuple[AccessUnit, T]]:
        """Take out what can go: the items at the front whose access units are settled, or too many of them."""
        queue = self.queue
        while queue and (queue[0][0].settled or len(queue) > LONGEST_WAIT):
            yield queue.popleft()


_IN_MEMORY = 1 << 17
_RECORD = 64
"""Bytes of payload behind the records that wait in memory, and what each of them counts besides. In memory a record
takes a hundred times that and more."""

Held = dict[str, Any] | int
"""A record, or where it is on disk."""


class Shelf:
    """Records that wait; what would take much memory is on disk meanwhile, as JSON."""

    def __init__(self) -> None:
        self.weight = 0  # of those in memory
        self.on_disk = 0
        self.end = 0
        self.file: IO[bytes] | None = None

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *error: object) -> None:
        if self.file is not None:
            self.file.close()

    def put(self, record: dict[str, Any]) -> Held:
        """The record itself, or a number that stands for it. Raises GfvError if the disk does not take it."""
        weight = _weight(record)
        if self.weight + weight <= _IN_MEMORY or not self.weight:
            self.weight += weight
            return record
        place = self.end
        try:
            if self.file is None:
                import tempfile

                self.file = tempfile.TemporaryFile(prefix="gfv-")  # noqa: SIM115  # closed at the end of the block
            self.file.seek(place)
            for text in record_text(record):
                self.file.write(text.encode())
            self.file.write(b"\n")
            self.end = self.file.tell()
        except OSError as error:
            raise GfvError(f"cannot keep records on disk that wait for their place: {error.strerror}") from error
        self.on_disk += 1
        return place

    def take(self, held: Held) -> dict[str, Any]:
        """The record, which leaves the shelf."""
        if isinstance(held, dict):
            self.weight -= _weight(held)
            return held
        assert self.file is not None
        self.file.seek(held)
        record: dict[str, Any] = json.loads(self.file.readline())
        self.on_disk -= 1
        if not self.on_disk:
            self.end = 0  # what is there may be written over
        return record


def _weight(record: dict[str, Any]) -> int:
    size: int = record.get("payload_size", 0)
    return size + _RECORD


def display_order(source: Source, codec: str | None = None) -> Iterator[AccessUnit]:
    """The access units of a stream in decoding order, each when its ``poc`` and ``display`` are final.

    ``source`` and ``codec`` are those of :func:`~gfv_sei.stream.records.read_messages`.
    """
    delayed: Delayed[None] = Delayed()
    with open_stream(source, codec) as stream:
        units = AccessUnits(stream.codec, order=True)
        before: AccessUnit | None = None
        for nal in Scanner(stream, stream.codec):
            units.feed(nal.nal_type, nal.layer_id, nal.data)
            if units.unit is not before and units.unit is not None and units.au >= 0:
                before = units.unit
                delayed.put(before, None)
                for unit, _ in delayed.ready():
                    yield unit
        units.finish()
        for unit, _ in delayed.ready():
            yield unit
