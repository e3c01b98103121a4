"""Changes to a message element by element, and to the SEI messages and NAL units that it travels in."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise
from random import Random

from conformance.fuzz.mutation import blind
from conformance.fuzz.packing import pack, unpack
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import parse_payload
from gfv_sei.nal.codec import CODECS, Codec
from gfv_sei.nal.detect import detect_codec
from gfv_sei.nal.escape import escape, unescape
from gfv_sei.sei.framing import frame_message, split_messages
from gfv_sei.sei.nesting import NESTING_TYPES
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.payload_types import GFV, GFVE

_START_CODE = re.compile(rb"\x00\x00\x01")

_VALUES = (0, 1, 2, 3, 7, 63, 64, 255, 511, 1023, 1024, 2**16 - 1, 2**16, 2**31, 2**32 - 2, 2**32 - 1, 2**63, 2**64)
"""Ends of ranges, and what is beyond them."""


def editions() -> list[str]:
    """The names of the editions, in an order that numbers can choose by."""
    return list(EDITIONS)


def changed_payload(payload_type: int, payload: bytes, syntax: str, state: DecodingState, r: Random) -> bytes:
    """A message with one or some of its elements changed; one that cannot be read is changed blindly."""
    try:
        elements = parse_payload(payload_type, payload, syntax, state, derive=False, trace=True).elements
    except GfvError:
        return blind(payload, r)
    bits = f"{int.from_bytes(payload, 'big'):0{8 * len(payload)}b}"
    parts: list[tuple[str, str]] = []
    position = 0
    for _, _, size, descriptor in elements:
        parts.append((descriptor, bits[position : position + size]))
        position += size
    for _ in range(r.choice((1, 1, 1, 2, 4))):
        _change(parts, r)
    found = "".join(code for _, code in parts)
    found += "0" * (-len(found) % 8)
    return int("1" + found, 2).to_bytes(len(found) // 8 + 1, "big")[1:]


def _change(parts: list[tuple[str, str]], r: Random) -> None:
    if not parts:
        return
    at = r.randrange(len(parts))
    descriptor, code = parts[at]
    match r.randrange(12):
        case 0:
            del parts[at]
        case 1:
            parts[at:at] = [parts[at]] * r.choice((1, 1, 2, 20))
        case 2:
            other = r.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        case 3:
            del parts[at:]
        case 4:
            parts[at] = (descriptor, "0" * r.choice((1, 33, 65, 80)))
        case 5:
            parts.insert(at, ("", f"{r.getrandbits(16):016b}"))
        case _ if descriptor == "ue(v)":
            old = int(code or "1", 2) - 1
            value = r.choice((*_VALUES, old + 1, max(old - 1, 0), r.getrandbits(r.randrange(1, 34))))
            number = f"{value + 1:b}"
            parts[at] = (descriptor, "0" * (len(number) - 1) + number)
        case _:
            size = len(code)
            value = r.choice((0, (1 << size) - 1, r.getrandbits(size) if size else 0, int(code or "0", 2) ^ 1))
            parts[at] = (descriptor, f"{value:0{size}b}" if size else "")


def changed_messages(data: bytes, r: Random) -> bytes:
    """An input of :mod:`conformance.fuzz.packing` with its messages or their elements changed."""
    choice, messages = unpack(data)
    if not messages or not r.randrange(10):
        return blind(data, r)
    at = r.randrange(len(messages))
    match r.randrange(8):
        case 0:
            del messages[at]
        case 1:
            messages.insert(at, messages[r.randrange(len(messages))])
        case 2:
            choice = r.randrange(256)
        case _:
            syntax = editions()[choice % len(EDITIONS)]
            state = DecodingState()
            for payload_type, payload in messages[:at]:
                with suppress(GfvError):
                    parse_payload(payload_type, payload, syntax, state)
            payload_type, payload = messages[at]
            messages[at] = (payload_type, changed_payload(payload_type, payload, syntax, state, r))
    return pack(choice, messages)


def changed_stream(data: bytes, r: Random) -> bytes:
    """A byte stream with its NAL units, their SEI messages, or elements of these changed."""
    try:
        codec = detect_codec(data)
    except GfvError:
        return blind(data, r)
    spans = [*(match.span() for match in _START_CODE.finditer(data)), (len(data), len(data))]
    units = [data[end:after] for (_, end), (after, _) in pairwise(spans)]
    if len(units) > 3000:
        return blind(data, r)
    at = r.randrange(len(units))
    sei = [k for k, unit in enumerate(units) if len(unit) > 2 and codec.header(unit).nal_type in codec.sei_types]
    match r.randrange(16):
        case 0:
            del units[at]
        case 1:
            units[at:at] = [units[r.randrange(len(units))]] * r.choice((1, 1, 2, 100))
        case 2:
            other = r.randrange(len(units))
            units[at], units[other] = units[other], units[at]
        case 3:
            units[at] = blind(units[at][:4], r) + units[at][4:]
        case 4:
            units[at] += r.choice((b"\0", b"\0\0", b"\0\0\3", b"\3", b"\0" * 1000))
        case 5:
            units[at] = units[at][: r.randrange(len(units[at]) + 1)]
        case 6:
            units[at] = blind(units[at], r)
        case 7:
            return blind(data, r)
        case 8 if codec.name != "avc" or r.randrange(2):
            units[at] = bytes([r.randrange(256) for _ in range(codec.header_bytes)]) + units[at][codec.header_bytes :]
        case _ if sei:
            at = r.choice(sei)
            size = codec.header_bytes
            units[at] = units[at][:size] + escape(changed_rbsp(codec, unescape(units[at][size:]), r))
    return b"".join(r.choice((b"\0\0\0\1", b"\0\0\0\1", b"\0\0\1", b"\0\0\0\0\1")) + unit for unit in units)


def changed_rbsp(codec: Codec, rbsp: bytes, r: Random) -> bytes:
    """The messages of an SEI NAL unit changed: in their elements, their number, sizes and types, or nested."""
    try:
        messages = [(m.payload_type, rbsp[m.payload : m.end]) for m in split_messages(rbsp)]
    except GfvError:
        return blind(rbsp, r)
    if not messages:
        return blind(rbsp, r)
    at = r.randrange(len(messages))
    payload_type, payload = messages[at]
    match r.randrange(10):
        case 0:
            del messages[at]
        case 1:
            messages[at:at] = [messages[at]] * r.choice((1, 2, 60))
        case 2:
            messages[at] = (r.choice((0, 4, 5, 30, 37, 132, 133, GFV, GFVE, 255, 256, 70000)), payload)
        case 3:
            return b"".join(frame_message(*one) for one in messages) + r.choice((b"", b"\x80\0", b"\xff" * 50, b"\xdf"))
        case 4:
            lying = frame_message(payload_type, payload + bytes(r.choice((1, 2, 255, 5000))))[: -r.choice((1, 2, 255))]
            return b"".join(frame_message(*one) for one in messages[:at]) + lying + b"\x80"
        case 5 | 6:
            for _ in range(r.choice((1, 1, 2, 40))):
                payload = nested(codec, frame_message(payload_type, payload), r)
                payload_type = r.choice(NESTING_TYPES[codec.name])
            messages[at] = (payload_type, payload)
        case _ if payload_type in (GFV, GFVE):
            syntax = r.choice(editions())
            messages[at] = (payload_type, changed_payload(payload_type, payload, syntax, DecodingState(), r))
        case _:
            messages[at] = (payload_type, blind(payload, r))
    return b"".join(frame_message(*one) for one in messages) + b"\x80"


def nested(codec: Codec, inner: bytes, r: Random) -> bytes:
    """The payload of a scalable nesting message with these messages inside; its head now and then a broken one."""
    heads = {
        "avc": (b"\x80", b"\x40", b"\xc0"),
        "hevc": (b"\x20", b"\x70", b"\x30\x80", b"\x60"),
        "vvc": (b"\x30", b"\x10", b"\x28", b"\xa8"),
    }
    return r.choice((*heads[codec.name], r.randbytes(2))) + inner


def codec_names() -> list[str]:
    """The codecs, in an order that numbers can choose by."""
    return list(CODECS)
