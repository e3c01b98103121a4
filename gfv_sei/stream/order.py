"""The access units of a stream with their places in output order, and things that wait for theirs.

A picture's place is known only when no later picture can come before it any more, some pictures further on in the
stream. What is written in bitstream order along with it has to wait as long: :class:`Delayed` keeps it. A few
pictures wait at a time, except where a stream shows a picture long after it was decoded; then everything behind it
waits, too, and ``LONGEST_WAIT`` bounds that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.picture_order import AccessUnit
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
