"""Streams that cross the borders of the scanner's buffer, at every place where something could be torn apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streams.annexb import FILLERS, Unit, put_together, take_apart, with_sei
from streams.clips import CLIPS, PLAIN
from streams.records import counted, face_records, injected, read, removed

from gfv_sei.stream.scanner import CHUNK

Clip = Callable[[str], bytes]
GFV = bytes.fromhex("e6221108d1")


def filler(codec: str, size: int) -> bytes:
    """A NAL unit with filler data, ``size`` bytes with its start code."""
    head = b"\0\0\1" + FILLERS[codec]
    return head + b"\xff" * (size - len(head) - 1) + b"\x80"


def shifted(base: bytes, codec: str, at: int) -> bytes:
    """The stream with filler data behind its first picture, so that what follows starts at byte ``at``."""
    units = take_apart(base)
    slices = [number for number, unit in enumerate(units) if unit.is_slice(codec)]
    head = put_together(units[: slices[0] + 1])
    return head + filler(codec, at - len(head)) + put_together(units[slices[0] + 1 :])


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("name", PLAIN)
def test_a_border_at_every_byte_of_messages_and_start_codes(name: str, part: int, clip: Clip) -> None:
    codec = CLIPS[name].codec
    access_units = counted(clip(name))["access_units"]
    records = face_records(access_units, per_unit=1)
    added = len(injected(clip(name), records)) - len(clip(name))
    for before in range(part, 140, 4):
        base = shifted(clip(name), codec, CHUNK + 4 - before)
        assert counted(base)["access_units"] == access_units
        stream = injected(base, records)
        assert len(stream) == len(base) + added
        assert [record["au"] for record in read(stream)] == [record["au"] for record in records]
        assert removed(stream) == base
        again = injected(removed(stream), read(stream), nal="record")
        assert again == stream


@pytest.mark.parametrize("name", PLAIN)
def test_zero_bytes_across_a_border(name: str, clip: Clip) -> None:
    codec = CLIPS[name].codec
    units = take_apart(injected(clip(name), face_records(1)))
    slices = [number for number, unit in enumerate(units) if unit.is_slice(codec)]
    head = put_together(units[: slices[0] + 1])
    rest = put_together(units[slices[0] + 1 :])
    for zeros in (1, 2, 3, 70, 300, CHUNK, CHUNK + 1):
        for before in (0, 1, 2, 3, 4, 5, 66, 67, 68, 69):
            stream = head + filler(codec, CHUNK - before - len(head)) + bytes(zeros) + rest
            found = read(stream)
            assert len(found) == 3
            base = removed(stream)
            assert read(base) == []
            assert len(stream) - len(base) == sum(
                len(unit.start.lstrip(b"\0")) + 2 + len(unit.nal) + _zero_byte(unit, zeros, number == slices[0] + 1)
                for number, unit in enumerate(units)
                if unit.is_sei(codec) and unit.nal not in {one.nal for one in take_apart(clip(name))}
            )


def _zero_byte(unit: Unit, zeros: int, first: bool) -> int:
    """Whether a zero byte before the start code belongs to it; zero bytes that a test put before it count, too."""
    return int(len(unit.start) > 3 or (first and zeros > 0))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_units_larger_than_the_buffer(name: str, size: int, clip: Clip) -> None:
    codec = CLIPS[name].codec
    base = shifted(clip(name), codec, size)
    access_units = counted(base)["access_units"]
    assert counted(base)["bytes"] == len(base)
    records = face_records(access_units)
    stream = injected(base, records)
    assert [record["au"] for record in read(stream)] == [record["au"] for record in records]
    assert removed(stream) == base


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("size", [CHUNK - 40, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 3])
def test_messages_larger_than_the_buffer(name: str, size: int, clip: Clip) -> None:
    codec = CLIPS[name].codec
    large = (600, bytes(range(256)) * (size // 256) + bytes(size % 256))
    for messages in ([large, (223, GFV)], [(223, GFV), large], [(223, GFV), large, (223, GFV)]):
        stream = with_sei(clip(name), codec, "prefix", *messages)
        assert [record["payload_size"] for record in read(stream)] == [len(GFV)] * (len(messages) - 1)
        assert removed(stream) == with_sei(clip(name), codec, "prefix", large)
    record = {"au": 1, "payload_type": 223, "payload_hex": "f96c" + (b"\0\0\1" * (size // 3)).hex()}
    stream = injected(clip(name), [record])
    (found,) = read(stream)
    assert found["payload_size"] == 2 + size // 3 * 3
    assert removed(stream) == clip(name)
    assert injected(clip(name), [found]) == stream
