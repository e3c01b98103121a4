"""Streams of real encoders in many shapes: what goes in comes out, and decoders see no difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streams.annexb import take_apart
from streams.clips import CLIPS
from streams.records import counted, face_records, injected, read, removed

import gfv_sei

each_clip = pytest.mark.parametrize("name", CLIPS)
Clip = Callable[[str], bytes]
Decoded = Callable[[bytes, str], list[str]]


@each_clip
def test_access_units_are_the_pictures_that_ffmpeg_decodes(name: str, clip: Clip, decoded: Decoded) -> None:
    stream, codec = clip(name), CLIPS[name].codec
    summary = counted(stream)
    assert summary["codec"] == codec
    assert summary["access_units"] == summary["pictures"] == len(decoded(stream, codec))
    assert summary["pictures"] >= CLIPS[name].pictures
    units = take_apart(stream)
    assert summary["nal_units"] == len(units)
    assert summary["bytes"] == len(stream) == sum(row["bytes"] for row in summary["nal_unit_types"])
    for row in summary["nal_unit_types"]:
        assert row["count"] == sum(unit.nal_type(codec) == row["nal_type"] for unit in units)


@each_clip
@pytest.mark.parametrize("nal", [None, "prefix"])
def test_in_and_out_again(name: str, nal: str | None, clip: Clip) -> None:
    base, codec = clip(name), CLIPS[name].codec
    access_units = counted(base)["access_units"]
    records = face_records(access_units)
    stream = injected(base, records, nal=nal)
    found = read(stream)
    assert [record["au"] for record in found] == [record["au"] for record in records]
    wanted = "prefix" if nal or codec == "avc" else "suffix"
    assert {record["position"] for record in found} == {wanted}
    for record, given in zip(found, records, strict=True):
        assert record["payload_type"] == given["payload_type"]
        for key, value in given["values"].items():
            if key == "coordinates":
                assert record["values"][key] == value  # multiples of a unit: exact
    assert counted(stream)["access_units"] == access_units
    assert removed(stream) == base
    assert injected(base, found, nal="record") == stream
    assert injected(stream, []) == stream
    assert removed(base) == base


@each_clip
@pytest.mark.parametrize("nal", [None, "prefix"])
def test_decoders_see_the_same_pictures(name: str, nal: str | None, clip: Clip, decoded: Decoded) -> None:
    base, codec = clip(name), CLIPS[name].codec
    pictures = decoded(base, codec)
    stream = injected(base, face_records(counted(base)["access_units"]), nal=nal)
    assert len(stream) > len(base)
    assert decoded(stream, codec) == pictures


@each_clip
def test_messages_stand_in_the_access_unit_of_their_picture(name: str, clip: Clip) -> None:
    """One message for each access unit alone: read back with the right number, and next to its slices."""
    base, codec = clip(name), CLIPS[name].codec
    access_units = counted(base)["access_units"]
    (record, *_) = face_records(1)
    for au in (0, access_units // 2, access_units - 1):
        stream = injected(base, [record | {"au": au}])
        (found,) = read(stream)
        assert found["au"] == au
        units = take_apart(stream)
        at = found["nal"]
        neighbour = units[at + 1] if codec == "avc" else units[at - 1]
        assert units[at].is_sei(codec)
        assert neighbour.is_slice(codec)


@each_clip
def test_other_messages_are_kept(name: str, clip: Clip) -> None:
    """Every SEI message that the encoder wrote is there before and after, byte for byte."""
    base = clip(name)
    before = read(base, payload_types=None)
    stream = injected(base, face_records(counted(base)["access_units"]))
    after = [record for record in read(stream, payload_types=None) if record["payload_type"] not in (223, 224)]
    kept = ("au", "payload_type", "payload_hex", "position")
    assert [[record[key] for key in kept] for record in after] == [[record[key] for key in kept] for record in before]


@each_clip
def test_a_record_too_many_leaves_nothing(name: str, clip: Clip) -> None:
    access_units = counted(clip(name))["access_units"]
    records = [*face_records(1), face_records(1)[0] | {"au": access_units}]
    with pytest.raises(gfv_sei.PlanError, match=f"the stream has {access_units}"):
        injected(clip(name), records)


def test_there_are_streams_of_every_codec() -> None:
    assert {clip.codec for clip in CLIPS.values()} == {"vvc", "hevc", "avc"}
    assert len(CLIPS) >= 12
