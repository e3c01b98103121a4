"""SEI NAL units with several messages, with types and sizes at the edges, and with odd ends."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

import pytest
from streams.annexb import put_together, take_apart, with_sei
from streams.clips import CLIPS, PLAIN
from streams.records import injected, read, removed

Clip = Callable[[str], bytes]

GFV = bytes.fromhex("e6221108d1")  # a base message with two keypoints, see unit/hand_made_keypoints.py
PLACES = [(name, place) for name in PLAIN for place in ("prefix", "suffix") if (name, place) != ("avc-plain", "suffix")]
each_place = pytest.mark.parametrize(("name", "place"), PLACES)
EDGES = (0, 1, 127, 128, 254, 255, 256, 509, 510, 511, 765)


def messages_of(stream: bytes, place: str) -> list[tuple[int, bytes]]:
    """Types and payloads of the messages in the unit that a test added."""
    found = read(stream, payload_types=None, errors="record")
    unit = next(record["nal"] for record in found if record["payload_type"] == 223)
    ours = [record for record in found if record["nal"] == unit]
    assert {record["position"] for record in ours} == {place}
    return [(record["payload_type"], bytes.fromhex(record.get("payload_hex", GFV.hex()))) for record in ours]


@each_place
def test_one_of_several_messages_is_taken_out(name: str, place: str, clip: Clip) -> None:
    codec = CLIPS[name].codec
    others = [(5, bytes(16) + b"hello"), (132, b"\0" * 17), (4, b"\xb5\0\0\3\0"), (600, b"")]
    for at in range(len(others) + 1):
        mixed = [*others[:at], (223, GFV), *others[at:], (223, GFV)]
        stream = with_sei(clip(name), codec, place, *mixed)
        assert messages_of(stream, place) == mixed
        assert removed(stream) == with_sei(clip(name), codec, place, *others)


@each_place
def test_types_that_are_asked_for_are_taken_out(name: str, place: str, clip: Clip) -> None:
    codec = CLIPS[name].codec
    stream = with_sei(clip(name), codec, place, (600, b"abc"), (223, GFV), (601, b"\0\0\0"))
    assert removed(stream, 600) == with_sei(clip(name), codec, place, (223, GFV), (601, b"\0\0\0"))
    assert removed(stream, 601, 223) == with_sei(clip(name), codec, place, (600, b"abc"))
    assert removed(stream, 600, 601, 223) == removed(stream, 223, 601, 600) == clip(name)
    assert removed(stream, 602) == stream


@each_place
@pytest.mark.parametrize("number", EDGES)
def test_payload_types_at_the_edges(name: str, place: str, number: int, clip: Clip) -> None:
    if number in {"avc": (30, 37), "hevc": (133,), "vvc": (133,)}[CLIPS[name].codec]:
        return
    stream = with_sei(clip(name), CLIPS[name].codec, place, (number, b"x\0\0\0\1"), (223, GFV))
    assert messages_of(stream, place) == [(number, b"x\0\0\0\1"), (223, GFV)]
    assert removed(stream) == with_sei(clip(name), CLIPS[name].codec, place, (number, b"x\0\0\0\1"))


@each_place
@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("fill", [0, 3, 0xFF, 0x80])
def test_payload_sizes_at_the_edges(name: str, place: str, size: int, fill: int, clip: Clip) -> None:
    payload = bytes([fill]) * size
    stream = with_sei(clip(name), CLIPS[name].codec, place, (700, payload), (223, GFV), (701, payload))
    assert messages_of(stream, place) == [(700, payload), (223, GFV), (701, payload)]
    assert removed(stream) == with_sei(clip(name), CLIPS[name].codec, place, (700, payload), (701, payload))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("payload_type", [0, 254, 255, 256, 510, 511])
@pytest.mark.parametrize("size", [0, 254, 255, 256, 510, 511])
def test_any_type_and_size_goes_in_and_comes_out(name: str, payload_type: int, size: int, clip: Clip) -> None:
    payload = Random(size).randbytes(size)
    record = {"au": 1, "payload_type": payload_type, "payload_hex": payload.hex()}
    stream = injected(clip(name), [record])
    found = [one for one in read(stream, payload_types={payload_type}) if one["au"] == 1]
    assert record.items() <= found[-1].items()
    assert found[-1]["payload_size"] == size
    if not read(clip(name), payload_types={payload_type}):
        assert removed(stream, payload_type) == clip(name)


ZEROS = ("000000", "000001", "000002", "000003", "0000", "00", "00000300", "ff0000", "80000000", "0000030000")


NETWORK = "f96c"  # a base message whose payload ends with the bytes of a network, whatever these are


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("start", ZEROS)
def test_emulation_prevention_at_both_ends_of_a_payload(name: str, start: str, clip: Clip) -> None:
    units = sum(1 for unit in take_apart(clip(name)) if unit.nal)
    for end in ZEROS:
        hexes = [start + end, start + "55" + end]
        records = [{"au": 0, "payload_type": 600, "payload_hex": one} for one in hexes]
        stream = injected(clip(name), [*records, {"au": 0, "payload_type": 223, "payload_hex": NETWORK + hexes[0]}])
        assert [record["payload_hex"] for record in read(stream, payload_types={600})] == hexes
        (message,) = read(stream)
        assert base64.b64decode(message["message"]["gfv_nn_payload_byte"]).hex() == hexes[0]
        added = sum(1 for unit in take_apart(stream) if unit.nal) - units
        assert added == (1 if name == "avc-plain" else 3)
        assert removed(stream, 600, 223) == clip(name)


@each_place
def test_a_missing_stop_bit(name: str, place: str, clip: Clip) -> None:
    codec = CLIPS[name].codec
    stream = with_sei(clip(name), codec, place, (600, b"abc"), (223, GFV), stop=b"")
    assert messages_of(stream, place) == [(600, b"abc"), (223, GFV)]
    assert removed(stream) == with_sei(clip(name), codec, place, (600, b"abc"), stop=b"")
    for end in (b"abc\0\0", b"\0\0"):  # a NAL unit cannot end with a zero byte, so a 3 stands behind these
        stream = with_sei(clip(name), codec, place, (223, GFV), (600, end), stop=b"")
        assert messages_of(stream, place) == [(223, GFV), (600, end)]
        assert removed(stream) == with_sei(clip(name), codec, place, (600, end), stop=b"")
    ends_like_a_stop_bit = GFV[:-1] + b"\x80"
    stream = with_sei(clip(name), codec, place, (223, GFV), (600, ends_like_a_stop_bit), stop=b"")
    assert messages_of(stream, place) == [(223, GFV), (600, ends_like_a_stop_bit)]
    assert removed(stream) == with_sei(clip(name), codec, place, (600, ends_like_a_stop_bit), stop=b"")


@each_place
@pytest.mark.parametrize("broken", ["df", "dfff", "dfffff", "df0a0102", "ff", "ffff", "0500dfff80"])
def test_a_broken_unit_is_an_error_and_is_kept(name: str, place: str, broken: str, clip: Clip) -> None:
    units = take_apart(clip(name))
    template = take_apart(with_sei(clip(name), CLIPS[name].codec, place, (600, b"")))
    added = next(number for number, unit in enumerate(template) if unit not in units)
    header = template[added].nal[: 1 if name == "avc-plain" else 2]
    template[added] = template[added]._replace(nal=header + bytes.fromhex(broken))
    stream = put_together(template)
    assert removed(stream) == stream
    errors = [record for record in read(stream, errors="record") if "error" in record]
    assert len(errors) == 1
    assert errors[0]["nal"] == added
    assert f"NAL unit {added}" in errors[0]["error"]


@each_place
def test_an_empty_sei_unit_is_left_alone(name: str, place: str, clip: Clip) -> None:
    stream = with_sei(clip(name), CLIPS[name].codec, place)
    assert removed(stream) == stream
    assert read(stream) == []


@pytest.mark.parametrize("name", PLAIN)
def test_avc_shares_one_unit_and_others_have_one_each(name: str, clip: Clip) -> None:
    records = [{"au": 0, "payload_type": kind, "payload_hex": GFV.hex()} for kind in (223, 600, 223)]
    stream = injected(clip(name), records)
    found = read(stream, payload_types={223, 600})
    assert [record["payload_type"] for record in found] == [223, 600, 223]
    assert len({record["nal"] for record in found}) == (1 if name == "avc-plain" else 3)
