"""Taking SEI messages out of a stream."""

from __future__ import annotations

from collections.abc import Iterable

from gfv_sei.errors import StreamError
from gfv_sei.nal.codec import Codec
from gfv_sei.nal.escape import escape, unescape
from gfv_sei.sei.framing import frame_message, split_messages
from gfv_sei.sei.nesting import is_nesting, without_nested
from gfv_sei.stream.scanner import NalUnit, Scanner
from gfv_sei.stream.source import Source, open_stream
from gfv_sei.stream.target import Target, open_target
from gfv_sei.syntax.payload_types import GFV, GFVE


def remove(source: Source, target: Target, payload_types: Iterable[int] = (GFV, GFVE), codec: str | None = None) -> int:
    """Copy a stream without the SEI messages of some payload types; return how many were taken out.

    Every other byte stays as it was. A NAL unit with other messages keeps those; messages inside of scalable nesting
    are found, too. A NAL unit that is broken is kept whole.
    """
    unwanted = frozenset(payload_types)
    removed = 0
    with open_stream(source, codec) as stream, open_target(target) as out:
        scanner = Scanner(stream, stream.codec, out, only_sei=True)
        for nal in scanner:
            kept, count = without(stream.codec, nal, unwanted)
            if not count:
                continue
            removed += count
            assert nal.end is not None
            if kept is None:
                scanner.copy_to(nal.offset)
            else:
                scanner.copy_to(nal.offset + nal.prefix)
                scanner.insert(kept)
            scanner.skip_to(nal.end)
    return removed


def without(codec: Codec, nal: NalUnit, unwanted: frozenset[int]) -> tuple[bytes | None, int]:
    """An SEI NAL unit without the messages of some types, None if no message is left; and how many those were."""
    header = codec.header_bytes
    rbsp = unescape(nal.data[header:])
    try:
        messages = split_messages(rbsp)
    except StreamError:
        return nal.data, 0
    parts = []
    count = 0
    for message in messages:
        if message.payload_type in unwanted:
            count += 1
            continue
        if is_nesting(codec, message.payload_type):
            payload = rbsp[message.payload : message.end]
            try:
                inner = without_nested(codec, message.payload_type, payload, unwanted)
            except StreamError:
                inner = payload
            if inner is not payload:
                count += 1
                if inner is not None:
                    parts.append(frame_message(message.payload_type, inner))
                continue
        parts.append(rbsp[message.start : message.end])
    if not count:
        return nal.data, 0
    if not parts:
        return None, count
    tail = rbsp[messages[-1].end :]
    return nal.data[:header] + escape(b"".join(parts) + tail), count
