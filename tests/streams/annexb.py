"""Byte streams taken apart and put together again, for tests that operate on them. Slow and plain on purpose."""

from __future__ import annotations

from typing import NamedTuple

SEI_HEADERS = {
    ("vvc", "prefix"): b"\x00\xb9",
    ("vvc", "suffix"): b"\x00\xc1",
    ("hevc", "prefix"): b"\x4e\x01",
    ("hevc", "suffix"): b"\x50\x01",
    ("avc", "prefix"): b"\x06",
}
HEADER_SIZE = {"vvc": 2, "hevc": 2, "avc": 1}
DELIMITERS = {"vvc": b"\x00\xa1\x28", "hevc": b"\x46\x01\x50", "avc": b"\x09\xf0"}
FILLERS = {"vvc": b"\x00\xc9", "hevc": b"\x4c\x01", "avc": b"\x0c"}


class Unit(NamedTuple):
    """One NAL unit: the zero bytes and start code before it, and its bytes."""

    start: bytes
    nal: bytes

    def nal_type(self, codec: str) -> int:
        if codec == "avc":
            return self.nal[0] & 31
        return self.nal[0] >> 1 & 63 if codec == "hevc" else self.nal[1] >> 3

    def is_slice(self, codec: str) -> bool:
        number = self.nal_type(codec)
        return 1 <= number <= 5 if codec == "avc" else number <= (31 if codec == "hevc" else 11)

    def is_sei(self, codec: str) -> bool:
        return self.nal_type(codec) in {"avc": (6,), "hevc": (39, 40), "vvc": (23, 24)}[codec]


def take_apart(stream: bytes) -> list[Unit]:
    """The units of a stream; zero bytes at its very end become a unit without bytes."""
    parts = stream.split(b"\0\0\1")
    units = []
    zeros = parts[0]
    assert not zeros.strip(b"\0")
    for part in parts[1:]:
        nal = part.rstrip(b"\0")
        units.append(Unit(zeros + b"\0\0\1", nal))
        zeros = part[len(nal) :]
    if zeros:
        units.append(Unit(zeros, b""))
    return units


def put_together(units: list[Unit]) -> bytes:
    return b"".join(unit.start + unit.nal for unit in units)


def escaped(rbsp: bytes) -> bytes:
    """With emulation prevention bytes, byte by byte as clause 7.4.1 of H.264 says it."""
    out = bytearray()
    zeros = 0
    for byte in rbsp:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    if zeros:
        out.append(3)
    return bytes(out)


def ff_coded(value: int) -> bytes:
    out = bytearray()
    while value >= 255:
        out.append(255)
        value -= 255
    return bytes([*out, value])


def message(payload_type: int, payload: bytes) -> bytes:
    return ff_coded(payload_type) + ff_coded(len(payload)) + payload


def sei(codec: str, place: str, *messages: tuple[int, bytes], stop: bytes = b"\x80") -> Unit:
    """An SEI NAL unit with messages, behind a start code of three bytes."""
    rbsp = b"".join(message(*one) for one in messages) + stop
    return Unit(b"\0\0\1", SEI_HEADERS[codec, place] + escaped(rbsp))


def first_slice(units: list[Unit], codec: str) -> int:
    return next(number for number, unit in enumerate(units) if unit.is_slice(codec))


def with_sei(stream: bytes, codec: str, place: str, *messages: tuple[int, bytes], stop: bytes = b"\x80") -> bytes:
    """The stream with one more SEI NAL unit at the first slice: before it, or right behind it."""
    units = take_apart(stream)
    at = first_slice(units, codec) + (place == "suffix")
    units[at:at] = [sei(codec, place, *messages, stop=stop)]
    return put_together(units)
