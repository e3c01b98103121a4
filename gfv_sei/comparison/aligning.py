"""Finding the pairs of messages of two streams that belong together, in one pass and bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from gfv_sei.comparison.side import Item

AU, ID, ORDER = "au", "id", "order"
BY = (AU, ORDER, ID)

WINDOW = 4096
"""Messages that a stream goes on before a message of the other one stops waiting for its partner."""

WAITING_BYTES = 1 << 23
"""Bytes of payload that wait at most."""

_END = 1 << 62  # behind every access unit
_CANDIDATES = 16  # messages of the same identity elsewhere that are looked at to find one that was moved


class Pair(NamedTuple):
    """Two messages that belong together, or one whose partner the other stream has not."""

    a: Item | None
    b: Item | None

    @property
    def au(self) -> int:
        """The access unit in A, or in B where A has none."""
        item = self.a or self.b
        assert item is not None
        return item.place.au


class _Waiting:
    """Messages of one stream that wait, by key and in the order in which they came."""

    def __init__(self) -> None:
        self.items: dict[int, tuple[Hashable, Item]] = {}
        self.keys: dict[Hashable, deque[Item]] = {}
        self.bytes = 0

    def add(self, key: Hashable, item: Item) -> None:
        self.items[item.number] = key, item
        self.keys.setdefault(key, deque()).append(item)
        self.bytes += len(item.payload)

    def take(self, key: Hashable, wanted: Callable[[Item], bool] | None = None) -> Item | None:
        """Take out the first message of a key; of those that come first, the first that is wanted."""
        queue = self.keys.get(key)
        if not queue:
            return None
        for item in list(queue)[:_CANDIDATES] if wanted is not None else (queue[0],):
            if wanted is None or wanted(item):
                self._remove(key, item)
                return item
        return None

    def first(self) -> Item | None:
        """The message that waits longest."""
        return next(iter(self.items.values()))[1] if self.items else None

    def take_first(self) -> Item:
        key, item = next(iter(self.items.values()))
        self._remove(key, item)
        return item

    def _remove(self, key: Hashable, item: Item) -> None:
        del self.items[item.number]
        queue = self.keys[key]
        if queue[0] is item:
            queue.popleft()
        else:
            queue.remove(item)
        if not queue:
            del self.keys[key]
        self.bytes -= len(item.payload)


class Aligner:
    """Makes pairs of the messages of streams A and B.

    by      "au": same access unit and identifiers, and where one is missing there, the same message elsewhere; "id":
            the k-th message of certain identifiers and count in A with the k-th of these in B; "order": the k-th
            message with the k-th
    same    whether two messages of the same identity say the same; this is how a moved message is known

    Pairs come in no particular order; ``oldest`` says before which access unit none will come any more.
    """

    def __init__(self, by: str, same: Callable[[Item, Item], bool]) -> None:
        self.by = by
        self.same = same
        self.near = (_Waiting(), _Waiting())  # of access units that the other stream has not left yet
        self.far = (_Waiting(), _Waiting())
        self.at = [0, 0]

    def pairs(self, a: Iterator[Item], b: Iterator[Item]) -> Iterator[Pair]:
        """All pairs."""
        sides = (a, b)
        heads = [next(a, None), next(b, None)]
        turn = 0
        while heads[0] is not None or heads[1] is not None:
            side = self._side(heads, turn)
            item = heads[side]
            assert item is not None
            heads[side] = next(sides[side], None)
            turn = 1 - side
            self.at[side] = _END if heads[side] is None else item.place.au
            if self.by == AU:
                yield from self._left_behind(item.place.au)
            partner = self.near[1 - side].take(self._key(item))
            if partner is not None:
                yield Pair(item, partner) if side == 0 else Pair(partner, item)
            else:
                self.near[side].add(self._key(item), item)
            yield from self._too_long()
        yield from self._left_behind(None)
        for side in (0, 1):
            while self.far[side].items:
                yield _alone(side, self.far[side].take_first())

    @property
    def oldest(self) -> int:
        """The first access unit that a later pair may be of, of those whose messages were read."""
        waiting = [first.place.au for one in (*self.near, *self.far) if (first := one.first()) is not None]
        return min(*self.at, *waiting)

    def _side(self, heads: list[Item | None], turn: int) -> int:
        a, b = heads
        if a is None or b is None:
            return 0 if b is None else 1
        if self.by == AU and a.place.au != b.place.au:
            return 0 if a.place.au < b.place.au else 1
        return turn

    def _key(self, item: Item) -> Hashable:
        if self.by == ORDER:
            return ()
        return (item.place.au, item.identity) if self.by == AU else item.identity

    def _left_behind(self, au: int | None) -> Iterator[Pair]:
        """Messages of access units before ``au``, which have no partner there: it may be elsewhere."""
        for side in (0, 1):
            near = self.near[side]
            while (item := near.first()) is not None and (au is None or item.place.au < au):
                near.take_first()
                yield from self._elsewhere(side, item)

    def _elsewhere(self, side: int, item: Item) -> Iterator[Pair]:
        if self.by == AU:
            other = self.far[1 - side].take(item.identity, lambda one: self.same(item, one))
            if other is not None:
                yield Pair(item, other) if side == 0 else Pair(other, item)
                return
        self.far[side].add(item.identity, item)

    def _too_long(self) -> Iterator[Pair]:
        for side in (0, 1):
            for waiting in (self.near[side], self.far[side]):
                while len(waiting.items) > WINDOW or waiting.bytes > WAITING_BYTES:
                    yield _alone(side, waiting.take_first())


def _alone(side: int, item: Item) -> Pair:
    return Pair(item, None) if side == 0 else Pair(None, item)
