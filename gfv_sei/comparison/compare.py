"""Comparing two streams."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from gfv_sei.comparison.aligning import AU, BY, WINDOW, Aligner, Pair
from gfv_sei.comparison.differences import Difference, Judge, by_bits, by_values
from gfv_sei.comparison.side import Item, Side
from gfv_sei.errors import GfvError
from gfv_sei.stream.records import AUTO, OURS
from gfv_sei.stream.source import Source
from gfv_sei.syntax.payload_types import MESSAGE_TYPES

_NAL_PLACE = ("position", "in_nal", "nested_in")  # of a Place


class Comparison:
    """Compares stream ``a`` with stream ``b``.

    by              how messages find each other: see Aligner
    values          compare what messages mean after prediction, not their bits
    tolerance       numbers of values may differ by so much
    ignore_nal      prefix or suffix, nesting, and how messages share NAL units do not matter
    syntax, codec   of both streams, as in read_messages
    payload_types   other messages are compared bit by bit

    Iterating gives the differences; ``summary`` is complete when they are through. Raises GfvError where a stream
    cannot be read; a message that cannot be is compared by its bits.
    """

    def __init__(
        self,
        a: Source,
        b: Source,
        *,
        by: str = AU,
        values: bool = False,
        tolerance: float = 0.0,
        ignore_nal: bool = False,
        syntax: str = AUTO,
        codec: str | None = None,
        payload_types: Collection[int] = OURS,
    ) -> None:
        if by not in BY:
            raise GfvError("unknown", element="by", value=by, allowed=", ".join(BY))
        if not 0 <= tolerance < float("inf"):
            raise GfvError("must be a number from 0", element="tolerance", value=tolerance)
        self.sides = tuple(Side(source, syntax, codec, payload_types) for source in (a, b))
        self.judge: Judge = by_values(tolerance) if values else by_bits
        self.by, self.ignore_nal = by, ignore_nal
        self.counts = Counter(dict.fromkeys(("equal", "changed", "moved", "only_in_a", "only_in_b"), 0))

    def __iter__(self) -> Iterator[Difference]:
        aligner = Aligner(self.by, lambda one, other: self.judge(one, other) is None)
        a, b = map(iter, self.sides)
        held: list[tuple[int, int, Difference]] = []
        for number, pair in enumerate(aligner.pairs(a, b)):
            found = self._difference(pair)
            if found is None:
                self.counts["equal"] += 1
            else:
                heapq.heappush(held, (pair.au, number, found))
            while held and (held[0][0] < aligner.oldest or len(held) > WINDOW):
                yield heapq.heappop(held)[2]
        while held:
            yield heapq.heappop(held)[2]

    @property
    def summary(self) -> dict[str, Any]:
        """Both streams, and numbers of messages; one that was both changed and moved counts in both."""
        a, b = (side.summary() for side in self.sides)
        return {"a": a, "b": b, **self.counts}

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        a, b = self.sides
        return any(count for name, count in self.counts.items() if name != "equal") or a.broken != b.broken

    def _difference(self, pair: Pair) -> Difference | None:
        a, b = pair
        if a is None or b is None:
            item = a or b
            assert item is not None
            kind = "only_in_b" if a is None else "only_in_a"
            self.counts[kind] += 1
            error = {} if item.error is None else {"error": item.error}
            return {"kinds": [kind], **_whose(item), kind[-1]: _where(item), **error}
        changed, moved = self.judge(a, b), self._moved(a, b)
        if changed is None and not moved:
            return None
        found: Difference = {"kinds": [], **_whose(a), "a": _where(a), "b": _where(b)}
        for kind, what in (("changed", changed), ("moved", moved)):
            if what:
                self.counts[kind] += 1
                found["kinds"].append(kind)
                found[kind] = what
        return found

    def _moved(self, a: Item, b: Item) -> dict[str, list[Any]]:
        mine, other = a.place._asdict(), b.place._asdict()
        ignored = _NAL_PLACE if self.ignore_nal else ()
        return {name: [mine[name], other[name]] for name in mine if mine[name] != other[name] and name not in ignored}


def _whose(item: Item) -> dict[str, Any]:
    identity = item.identity
    found: dict[str, Any] = {"payload_type": identity.payload_type}
    if identity.cnt is not None:
        names = MESSAGE_TYPES[identity.payload_type].identifying
        found |= zip(names, (*identity.own, identity.cnt), strict=True)
    return found


def _where(item: Item) -> dict[str, Any]:
    return {"au": item.place.au, "nal": item.nal, "offset": item.offset, "position": item.place.position}
