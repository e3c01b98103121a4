"""SEI messages in the RBSP of an SEI NAL unit (clause 7.3.2.3 of H.264, 7.3.2.4 of H.265, 7.3.2.8 of H.266)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gfv_sei.errors import StreamError
from gfv_sei.wording import counted


class SeiMessage(NamedTuple):
    """One message: its type, where its type and size bytes start, where its payload starts and ends."""

    payload_type: int
    start: int
    payload: int
    end: int


class SeiMessages:
    """The messages of an SEI NAL unit or nesting message, checked to be whole; they can be gone through again.

    A message can be as short as two bytes, and an object takes a hundred. So those of long NAL units are not kept but
    found anew each time.

    number      how many there are
    start, end  where the first one starts, where the last one ends
    """

    __slots__ = ("_kept", "_rbsp", "end", "number", "start")

    def __init__(self, rbsp: bytes, start: int) -> None:
        self._rbsp = rbsp
        self.start = self.end = start
        self.number = 0
        self._kept: list[SeiMessage] | None = None
        if len(rbsp) <= _KEPT:
            self._kept = list(_walk(rbsp, start))
            self.number = len(self._kept)
            if self._kept:
                self.end = self._kept[-1].end
        else:
            for message in _walk(rbsp, start):
                self.number += 1
                self.end = message.end

    def __iter__(self) -> Iterator[SeiMessage]:
        return iter(self._kept) if self._kept is not None else _walk(self._rbsp, self.start)


_KEPT = 1 << 16
"""Bytes of the longest RBSP whose messages are kept as objects."""


LARGEST_TYPE = (1 << 24) - 1
"""The largest payloadType that is written. The standards set no limit; this one takes 65793 bytes in the stream."""


def split_messages(rbsp: bytes, start: int = 0) -> SeiMessages:
    """The messages of ``rbsp[start:]``, an RBSP or a part of one that ends with its trailing bits.

    A missing stop bit is tolerated. Raises StreamError where a type or size runs out of the data.
    """
    return SeiMessages(rbsp, start)


def _walk(rbsp: bytes, start: int) -> Iterator[SeiMessage]:
    end = len(rbsp)
    if rbsp.endswith(b"\x80"):
        end -= 1
    position = start
    while position < end:
        first = position
        payload_type = 0
        size = 0
        try:
            while rbsp[position] == 0xFF:
                payload_type += 255
                position += 1
            payload_type += rbsp[position]
            position += 1
            while rbsp[position] == 0xFF:
                size += 255
                position += 1
            size += rbsp[position]
            position += 1
        except IndexError:
            raise StreamError("the NAL unit ends inside of the type or size of an SEI message") from None
        # A payload may end with the byte that looks like trailing bits when those are missing.
        if position + size > len(rbsp):
            raise StreamError(
                f"an SEI message of payloadType {payload_type} has {counted(size, 'byte')} by its size, "
                f"but only {len(rbsp) - position} are left in the NAL unit"
            )
        yield SeiMessage(payload_type, first, position, position + size)
        position += size


def frame_message(payload_type: int, payload: bytes) -> bytes:
    """One message: type, size, payload."""
    return _ff_coded(payload_type) + _ff_coded(len(payload)) + payload


def _ff_coded(value: int) -> bytes:
    return b"\xff" * (value // 255) + bytes([value % 255])
