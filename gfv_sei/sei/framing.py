"""SEI messages in the RBSP of an SEI NAL unit (clause 7.3.2.3 of H.264, 7.3.2.4 of H.265, 7.3.2.8 of H.266)."""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.errors import StreamError


class SeiMessage(NamedTuple):
    """One message: its type, where its type and size bytes start, where its payload starts and ends."""

    payload_type: int
    start: int
    payload: int
    end: int


def split_messages(rbsp: bytes, start: int = 0) -> list[SeiMessage]:
    """The messages of ``rbsp[start:]``, an RBSP or a part of one that ends with its trailing bits.

    A missing stop bit is tolerated. Raises StreamError where a type or size runs out of the data.
    """
    end = len(rbsp)
    if rbsp.endswith(b"\x80"):
        end -= 1
    messages = []
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
                f"an SEI message of payloadType {payload_type} has {size} bytes by its size, "
                f"but only {len(rbsp) - position} are left in the NAL unit"
            )
        messages.append(SeiMessage(payload_type, first, position, position + size))
        position += size
    return messages


def frame_message(payload_type: int, payload: bytes) -> bytes:
    """One message: type, size, payload."""
    return _ff_coded(payload_type) + _ff_coded(len(payload)) + payload


def _ff_coded(value: int) -> bytes:
    return b"\xff" * (value // 255) + bytes([value % 255])
