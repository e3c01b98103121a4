"""Messages inside of scalable nesting messages.

Syntax of the headers: H.264 clauses F.13.1.1 (scalable nesting of SVC, payloadType 30) and G.13.1.1 (MVC, 37),
H.265 clause D.2.24 (133), H.266 clause D.6.1 (133).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gfv_sei.bits import BitReader, BitWriter, EndOfBits, LongPrefix
from gfv_sei.errors import StreamError
from gfv_sei.nal.codec import AVC, HEVC, VVC, Codec
from gfv_sei.sei.framing import SeiMessages, frame_message, split_messages

NESTING_TYPES = {AVC.name: (30, 37), HEVC.name: (133,), VVC.name: (133,)}


Unwanted = Callable[[int, bytes], bool]
"""Tells by type and payload whether a message is to go."""


class Nested(NamedTuple):
    """What a nesting message holds.

    messages        those inside, positions counted in the payload of the nesting message
    count_at        bit position of the element that counts them; None where nothing does (AVC, HEVC)
    partial         whether they are for some layers, views, subpictures or operation points, by a list
    """

    messages: SeiMessages
    count_at: int | None
    partial: bool


def is_nesting(codec: Codec, payload_type: int) -> bool:
    """Whether messages of this type hold others."""
    return payload_type in NESTING_TYPES[codec.name]


def nested_messages(codec: Codec, payload_type: int, payload: bytes) -> Nested:
    """The messages inside of a nesting message. Raises StreamError where it is broken."""
    reader = BitReader(payload)
    count_at = None
    try:
        if codec is VVC:
            partial = _skip_vvc(reader)
            count_at = reader.position
            reader.ue()
        elif codec is HEVC:
            partial = _skip_hevc(reader)
        elif payload_type == 37:
            partial = _skip_mvc(reader)
        else:
            partial = _skip_svc(reader)
    except (EndOfBits, LongPrefix):
        raise StreamError(f"the header of a scalable nesting message (payloadType {payload_type}) is broken") from None
    return Nested(split_messages(payload, (reader.position + 7) // 8), count_at, partial)


def without_nested(codec: Codec, payload_type: int, payload: bytes, unwanted: Unwanted) -> bytes | None:
    """The payload of a nesting message without some messages; None if no message is left."""
    messages, count_at, _ = nested_messages(codec, payload_type, payload)
    body = bytearray()
    kept = 0
    for message in messages:
        inner = payload[message.payload : message.end]
        if not unwanted(message.payload_type, inner):
            kept += 1
            body += frame_message(message.payload_type, inner)
    if kept == messages.number:  # one that holds none has nothing to lose either
        return payload
    if not kept:
        return None
    body += payload[messages.end :]
    if count_at is None:
        return payload[: messages.start] + body
    reader, writer = BitReader(payload), BitWriter()
    writer.u(reader.u(count_at), count_at)
    writer.ue(kept - 1)
    writer.u(0, -writer.position % 8)
    return writer.getvalue() + body


# Each goes behind a header and returns whether that lists what the messages are for.


def _skip_vvc(r: BitReader) -> bool:
    by_ols = r.u(1)
    by_subpicture = r.u(1)
    if by_ols:
        for _ in range(r.ue() + 1):
            r.ue()
    elif not r.u(1):
        for _ in range(r.ue()):  # further layers; the one of the NAL unit needs no mention
            r.u(6)
    if by_subpicture:
        count = r.ue() + 1
        bits = r.ue() + 1
        for _ in range(count):
            r.u(bits)
    return bool(by_ols or by_subpicture)


def _skip_hevc(r: BitReader) -> bool:
    r.u(1)
    if r.u(1):
        default_op = r.u(1)
        for _ in range(default_op, r.ue() + 1):
            r.u(3)
            r.ue()
    elif r.u(1):
        return False
    else:
        r.u(3)
        for _ in range(r.ue() + 1):
            r.u(6)
    return True


def _skip_mvc(r: BitReader) -> bool:
    if r.u(1):
        for _ in range(r.ue() + 1):
            r.u(10)
        r.u(3)
    elif r.u(1):
        return False
    else:
        for _ in range(r.ue() + 1):
            r.u(10)
    return True


def _skip_svc(r: BitReader) -> bool:
    if r.u(1):
        return False
    for _ in range(r.ue() + 1):
        r.u(10)
    return True
