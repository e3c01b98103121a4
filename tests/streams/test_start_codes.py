"""Start codes of three and four bytes in any mixture, and zero bytes wherever Annex B allows them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from streams.annexb import Unit, put_together, take_apart
from streams.clips import CLIPS, PLAIN
from streams.records import counted, face_records, injected, read, removed

Clip = Callable[[str], bytes]


def with_zeros(stream: bytes, r: Random, most: int) -> bytes:
    """Every start code with 0 to ``most`` zero bytes before its three bytes, and as many at the end."""
    units = [Unit(bytes(r.randint(0, most)) + b"\0\0\1", unit.nal) for unit in take_apart(stream) if unit.nal]
    return put_together(units) + bytes(r.randint(0, most))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", PLAIN)
def test_in_and_out_again(name: str, seed: int, clip: Clip) -> None:
    r = Random(seed)
    base = with_zeros(clip(name), r, r.choice((1, 2, 5, 200)))
    summary = counted(base)
    assert summary["access_units"] == counted(clip(name))["access_units"]
    records = face_records(summary["access_units"])
    for nal in (None, "prefix"):
        stream = injected(base, records, nal=nal)
        found = read(stream)
        assert [record["au"] for record in found] == [record["au"] for record in records]
        assert removed(stream) == base
        assert injected(base, found, nal="record") == stream


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", PLAIN)
def test_offsets_are_where_the_start_codes_are(name: str, seed: int, clip: Clip) -> None:
    r = Random(seed)
    stream = with_zeros(injected(clip(name), face_records(3)), r, 3)
    units = take_apart(stream)
    for record in read(stream):
        at, nal = record["offset"], units[record["nal"]].nal
        start = 4 if stream[at : at + 4] == b"\0\0\0\1" else 3
        assert stream[at + start - 3 : at + start] == b"\0\0\1"
        assert stream[at + start : at + start + len(nal)] == nal
        assert start == 4 or at == 0 or stream[at - 1] != 0


@pytest.mark.parametrize("zeros", range(6))
@pytest.mark.parametrize("name", PLAIN)
def test_messages_at_the_very_end(name: str, zeros: int, clip: Clip) -> None:
    """Zero bytes behind the last NAL unit stay where they are, whatever is put in before or behind them."""
    base = clip(name) + bytes(zeros)
    last = counted(base)["access_units"] - 1
    stream = injected(base, [record | {"au": last} for record in face_records(1)])
    assert len(read(stream)) == 3
    assert removed(stream) == base
    assert removed(removed(stream)) == base


@pytest.mark.parametrize("name", PLAIN)
def test_without_the_first_zero(name: str, clip: Clip) -> None:
    """A stream that begins with a start code of three bytes, and with messages first of all."""
    units = take_apart(clip(name))
    units[0] = Unit(b"\0\0\1", units[0].nal)
    base = put_together(units)
    stream = injected(base, face_records(1), nal="prefix")
    assert removed(stream) == base
    slices = [unit for unit in units if unit.is_slice(CLIPS[name].codec)]
    bare = put_together([Unit(b"\0\0\1", slices[0].nal), *slices[1:]])
    stream = injected(bare, face_records(1), nal="prefix", codec=CLIPS[name].codec)
    assert len(read(stream, codec=CLIPS[name].codec)) == 3
    assert removed(stream, codec=CLIPS[name].codec) == bare
