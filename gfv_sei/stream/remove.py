"""Taking SEI messages out of a stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gfv_sei.errors import StreamError
from gfv_sei.nal.codec import Codec
from gfv_sei.nal.escape import escape, unescape
from gfv_sei.sei.framing import frame_message, split_messages
from gfv_sei.sei.identify import identify
from gfv_sei.sei.nesting import Unwanted, is_nesting, without_nested
from gfv_sei.sei.payload_types import set_of_types
from gfv_sei.stream.scanner import NalUnit, Scanner
from gfv_sei.stream.source import Source, open_stream
from gfv_sei.stream.target import Target, open_stream_target
from gfv_sei.syntax.payload_types import GFV, GFVE

if TYPE_CHECKING:
    from fractions import Fraction


def remove(
    source: Source,
    target: Target,
    payload_types: Iterable[int] = (GFV, GFVE),
    codec: str | None = None,
    *,
    gfv_id: int | None = None,
    gfv_cnt: int | None = None,
    fps: Fraction | float = 25,
) -> int:
    """Copy a stream without some SEI messages; return how many were taken out.

    payload_types       which kinds of messages
    gfv_id, gfv_cnt     only GFV messages with these, and GFVE messages for them
    fps                 picture rate where a byte stream becomes a container

    Every other byte stays as it was. A NAL unit with other messages keeps those; messages inside of scalable nesting
    are found, too. A NAL unit that is broken is kept whole.
    """
    types = set_of_types(payload_types)
    unwanted = _unwanted(types, gfv_id, gfv_cnt)
    alone = frozenset() if gfv_id is not None or gfv_cnt is not None else types - {255}
    removed = 0
    with open_stream(source, codec) as stream, open_stream_target(target, stream, fps) as out:
        scanner = Scanner(stream, stream.codec, out, only_sei=True)
        payload_at = 3 + stream.codec.header_bytes + 2
        for at, end in scanner.spans():
            buffer = scanner.buffer
            # The usual case is told by its bytes alone: one message of a wanted type, as long as its size says.
            if (
                end > at + payload_at
                and buffer[at + payload_at - 2] in alone
                and end - at == payload_at + buffer[at + payload_at - 1] + 1
                and buffer[end - 1] == 0x80
                and buffer.find(b"\0\0\3", at + 3, end) < 0
            ):
                scanner.drop(at, end)
                removed += 1
            else:
                removed += take_out(scanner, scanner.nal_unit(0, at, end), unwanted)
    return removed


def take_out(scanner: Scanner, nal: NalUnit, unwanted: Unwanted) -> int:
    """Leave messages out of the SEI NAL unit that the scanner is at, all of it if none is left; return how many."""
    kept, count = without(scanner.codec, nal, unwanted)
    if count:
        assert nal.end is not None
        if kept is None:
            scanner.copy_to(nal.offset)
        else:
            scanner.copy_to(nal.offset + nal.prefix)
            scanner.insert(kept)
        scanner.skip_to(nal.end)
    return count


def without(codec: Codec, nal: NalUnit, unwanted: Unwanted) -> tuple[bytes | None, int]:
    """An SEI NAL unit without some messages, None if no message is left; and how many those were."""
    header = codec.header_bytes
    rbsp = unescape(nal.data[header:])
    try:
        messages = split_messages(rbsp)
    except StreamError:
        return nal.data, 0
    kept = bytearray()
    count = 0
    for message in messages:
        payload = rbsp[message.payload : message.end]
        if unwanted(message.payload_type, payload):
            count += 1
            continue
        if is_nesting(codec, message.payload_type):
            try:
                inner = without_nested(codec, message.payload_type, payload, unwanted)
            except StreamError:
                inner = payload
            if inner is not payload:
                count += 1
                if inner is not None:
                    kept += frame_message(message.payload_type, inner)
                continue
        kept += rbsp[message.start : message.end]
    if not count:
        return nal.data, 0
    if not kept:
        return None, count
    return nal.data[:header] + escape(bytes(kept) + rbsp[messages.end :]), count


def _unwanted(payload_types: frozenset[int], gfv_id: int | None, gfv_cnt: int | None) -> Unwanted:
    if gfv_id is None and gfv_cnt is None:
        return lambda payload_type, payload: payload_type in payload_types

    def unwanted(payload_type: int, payload: bytes) -> bool:
        if payload_type not in payload_types:
            return False
        identity = identify(payload_type, payload)
        return (gfv_id is None or identity.face == gfv_id) and (gfv_cnt is None or identity.cnt == gfv_cnt)

    return unwanted
