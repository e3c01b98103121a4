"""Counting the messages of each identifier, for the summary of inspect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gfv_sei.sei.payload_types import payload_type_name
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.wording import counted, noun

if TYPE_CHECKING:
    from gfv_sei.sei.identify import Identity

_MOST = 1000
"""Identifiers that are counted one by one: a stream may have as many as messages, and memory is not for that."""

_SHOWN = 16


class Tally:
    """Numbers of messages, their bits and the range of their counts, by payload type and identifiers."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, tuple[int, ...]], list[int]] = {}  # messages, bits, least and greatest count
        self.others = 0
        self.bits = 0

    def add(self, identity: Identity, payload_size: int) -> None:
        """Count a message whose payload has so many bytes."""
        bits = 8 * payload_size
        self.bits += bits
        key = (identity.payload_type, identity.own)
        row = self.rows.get(key)
        count = identity.cnt or 0
        if row is None:
            if len(self.rows) == _MOST:
                self.others += 1
                return
            row = self.rows[key] = [0, 0, count, count]
        row[0] += 1
        row[1] += bits
        row[2], row[3] = min(row[2], count), max(row[3], count)

    def lines(self, pictures: int, stream_bytes: int) -> Iterator[str]:
        """A line per identifier, then their part of the stream."""
        if not self.rows:
            return
        shown = sorted(self.rows.items())
        for (payload_type, own), (messages, bits, least, greatest) in shown[:_SHOWN]:
            counts = f"gfv_cnt {least}" if least == greatest else f"gfv_cnt {least} to {greatest}"
            kind = f"{noun(messages, 'message')} of {_whose(payload_type, own)}"
            yield f"  {messages:8} {kind:<40} {bits:12} bits  {counts}"
        if (left := len(shown) - _SHOWN) > 0:
            yield f"           and of {left}{' or more' if self.others else ''} {noun(left, 'further identifier')}"
        share = 100 * self.bits / (8 * stream_bytes)
        per_picture = f", {self.bits / pictures:.1f} a coded picture" if pictures else ""
        yield f"GFV and GFVE payloads: {counted(self.bits, 'bit')}{per_picture}, {share:.3g} % of the stream"


def _whose(payload_type: int, own: tuple[int, ...]) -> str:
    if not own:
        return f"{payload_type_name(payload_type)}, cut off"
    return f"gfv_id {own[0]}" if payload_type == GFV else f"gfve_id {own[0]} for gfv_id {own[1]}"
