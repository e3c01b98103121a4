"""Several messages in one input: a byte that chooses, then for each message its kind, its size in two bytes, its bytes.

Every sequence of bytes is an input: a size that goes beyond the end means what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gfv_sei.syntax.payload_types import GFV, GFVE

LONGEST = 0xFFFF


class Packed(NamedTuple):
    """Messages (payload type, payload), and the number that chooses how they are read."""

    choice: int
    messages: list[tuple[int, bytes]]


def pack(choice: int, messages: Iterable[tuple[int, bytes]]) -> bytes:
    """Messages as one input; payloads are cut to ``LONGEST`` bytes."""
    parts = [bytes([choice & 0xFF])]
    for payload_type, payload in messages:
        payload = payload[:LONGEST]
        parts += [bytes([payload_type == GFVE]), len(payload).to_bytes(2, "big"), payload]
    return b"".join(parts)


def unpack(data: bytes) -> Packed:
    """An input taken apart."""
    messages = []
    position = 1
    while position + 3 <= len(data):
        size = int.from_bytes(data[position + 1 : position + 3], "big")
        payload = data[position + 3 : position + 3 + size]
        messages.append((GFVE if data[position] & 1 else GFV, payload))
        position += 3 + size
    return Packed(data[0] if data else 0, messages)
