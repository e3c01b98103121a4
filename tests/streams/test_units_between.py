"""What stands between the slices of AVC, HEVC and VVC streams: delimiters, parameter sets, filler, prefix NAL units."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from streams.annexb import DELIMITERS, FILLERS, Unit, put_together, take_apart
from streams.clips import CLIPS, PLAIN
from streams.records import counted, face_records, injected, read, removed

Clip = Callable[[str], bytes]

# H.264 clause 7.3.1 and G.7.3.1.1: type 14 with an SVC extension header, and nothing behind it but a flag.
PREFIX_UNIT = b"\x6e\x40\x00\x17\x00\x80"


def with_prefix_units(stream: bytes) -> bytes:
    """An AVC base layer as SVC has it: a prefix NAL unit before each slice."""
    units = []
    for unit in take_apart(stream):
        if unit.is_slice("avc"):
            units.append(Unit(unit.start, PREFIX_UNIT))
            unit = unit._replace(start=b"\0\0\1")
        units.append(unit)
    return put_together(units)


@pytest.mark.parametrize("name", [name for name, clip in CLIPS.items() if clip.codec == "avc"])
def test_messages_stand_before_the_prefix_unit_of_their_slice(name: str, clip: Clip) -> None:
    base = with_prefix_units(clip(name))
    summary = counted(base)
    assert summary["access_units"] == summary["pictures"] == counted(clip(name))["access_units"]
    stream = injected(base, face_records(summary["access_units"]))
    assert [record["au"] for record in read(stream)] == [
        record["au"] for record in face_records(summary["access_units"])
    ]
    assert removed(stream) == base
    units = take_apart(stream)
    for record in read(stream):
        assert units[record["nal"] + 1].nal == PREFIX_UNIT
        assert units[record["nal"] + 2].is_slice("avc")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", PLAIN)
def test_delimiters_parameter_sets_and_filler_between_pictures(name: str, seed: int, clip: Clip) -> None:
    """Parameter sets again and delimiters before pictures, filler data behind them: the pictures are counted alike."""
    r, codec = Random(seed), CLIPS[name].codec
    units = take_apart(clip(name))
    first = next(number for number, unit in enumerate(units) if unit.is_slice(codec))
    sets = [unit for unit in units[:first] if not unit.is_sei(codec)]
    mixed: list[Unit] = []
    for number, unit in enumerate(units):
        if unit.is_slice(codec) and number >= first:
            before_slice = [Unit(b"\0\0\0\1", DELIMITERS[codec])] if number > first else []
            if r.randrange(2) and number > first:
                before_slice += sets
            mixed += before_slice
            mixed.append(unit)
            for _ in range(r.randrange(3)):
                mixed.append(Unit(b"\0\0\1", FILLERS[codec] + b"\xff" * r.randrange(40) + b"\x80"))
        else:
            mixed.append(unit)
    base = put_together(mixed)
    access_units = counted(clip(name))["access_units"]
    assert counted(base)["access_units"] == access_units
    for nal in (None, "prefix"):
        stream = injected(base, face_records(access_units), nal=nal)
        assert [record["au"] for record in read(stream)] == [record["au"] for record in face_records(access_units)]
        assert removed(stream) == base


def test_first_slices_are_told_in_any_order_of_slices(clip: Clip) -> None:
    """AVC allows slices in any order: first_mb_in_slice may be other than 0 at the start of a picture."""
    stream = clip("avc-slices-aud")
    pictures: list[list[Unit]] = []
    for unit in take_apart(stream):
        if unit.nal_type("avc") == 9:
            pictures.append([])
        pictures[-1].append(unit)
    shuffled = []
    for picture in pictures:
        slices = [unit for unit in picture if unit.is_slice("avc")]
        assert len(slices) == 4
        rest = [unit for unit in picture if not unit.is_slice("avc")]
        shuffled += [unit for unit in rest if unit.nal_type("avc") != 9]  # without delimiters only slice headers tell
        shuffled += [slices[2]._replace(start=b"\0\0\0\1"), slices[0], slices[3], slices[1]]
    base = put_together(shuffled)
    summary = counted(base)
    assert summary["access_units"] == summary["pictures"] == len(pictures)
    records = face_records(len(pictures))
    assert [record["au"] for record in read(injected(base, records))] == [record["au"] for record in records]
    assert removed(injected(base, records)) == base


@pytest.mark.parametrize("name", PLAIN)
def test_end_of_sequence_and_unknown_units(name: str, clip: Clip) -> None:
    """End of sequence behind a picture, and reserved or unspecified NAL units, belong to no message of ours."""
    codec = CLIPS[name].codec
    end = {"vvc": b"\x00\xa9", "hevc": b"\x4a\x01", "avc": b"\x0a"}[codec]
    unknown = {"vvc": b"\x00\xf9\xaa", "hevc": b"\x7c\x01\xaa", "avc": b"\x1e\xaa"}[codec]
    base = clip(name) + b"\0\0\1" + unknown + b"\0\0\1" + end
    access_units = counted(clip(name))["access_units"]
    assert counted(base)["access_units"] == access_units
    twice = base + clip(name)
    assert counted(twice)["access_units"] == 2 * access_units
    for stream in (base, twice):
        records = face_records(counted(stream)["access_units"])
        assert [one["au"] for one in read(injected(stream, records))] == [one["au"] for one in records]
        assert removed(injected(stream, records)) == stream
