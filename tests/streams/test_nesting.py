"""Messages inside of scalable nesting messages: found, taken out, and the rest of the nesting kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streams.annexb import message, with_sei
from streams.clips import CLIPS
from streams.records import read, removed

Clip = Callable[[str], bytes]

GFV = bytes.fromhex("e6221108d1")
GFVE = bytes.fromhex("fc00")


def ue(value: int) -> str:
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def header_bits(kind: str, messages: int) -> str:
    """The header of a nesting message."""
    return {
        "hevc all layers": "0 0 1",
        "hevc layers": f"0 0 0 001 {ue(1)} 000000 000001",
        "hevc operation points": f"1 1 0 {ue(1)} 001 {ue(0)} 000 {ue(3)}",
        "hevc default operation point": f"0 1 1 {ue(1)} 010 {ue(300)}",
        "vvc all layers": f"0 0 1 {ue(messages - 1)}",
        "vvc layers": f"0 0 0 {ue(2)} 000001 000011 {ue(messages - 1)}",
        "vvc output layer sets": f"1 0 {ue(1)} {ue(0)} {ue(5)} {ue(messages - 1)}",
        "vvc subpictures": f"0 1 1 {ue(1)} {ue(7)} 00000001 11111111 {ue(messages - 1)}",
        "avc svc all": "1",
        "avc svc layers": f"0 {ue(1)} 000 0000 001 000 0001 010",
        "avc mvc all": "0 1",
        "avc mvc views": f"0 0 {ue(0)} 0000000011",
        "avc mvc operation point": f"1 {ue(1)} 0000000011 0000000001 101",
    }[kind]


KINDS = [
    "hevc all layers",
    "hevc layers",
    "hevc operation points",
    "hevc default operation point",
    "vvc all layers",
    "vvc layers",
    "vvc output layer sets",
    "vvc subpictures",
    "avc svc all",
    "avc svc layers",
    "avc mvc all",
    "avc mvc views",
    "avc mvc operation point",
]


def nesting(kind: str, *messages: tuple[int, bytes]) -> tuple[int, bytes]:
    """Payload type and payload of a nesting message."""
    bits = header_bits(kind, len(messages)).replace(" ", "")
    whole = bits.ljust(-(-len(bits) // 8) * 8, "0")
    payload = int(whole, 2).to_bytes(len(whole) // 8, "big") + b"".join(message(*one) for one in messages)
    return {"avc svc": 30, "avc mvc": 37}.get(kind[:7], 133), payload


def stream_with(clip: Clip, kind: str, *messages: tuple[int, bytes]) -> bytes:
    codec = kind[: kind.index(" ")]
    return with_sei(clip(f"{codec}-plain"), codec, "prefix", *messages)


@pytest.mark.parametrize("kind", KINDS)
def test_messages_inside_are_read(kind: str, clip: Clip) -> None:
    number, payload = nesting(kind, (600, b"abc"), (223, GFV), (5, b"\0\0\0"))
    stream = stream_with(clip, kind, (number, payload))
    (found,) = read(stream)
    assert found["nested_in"] == number
    assert found["payload_size"] == len(GFV)
    everything = [record for record in read(stream, payload_types=None) if record["nal"] == found["nal"]]
    assert [record["payload_type"] for record in everything] == [number, 600, 223, 5]
    assert everything[0]["payload_hex"] == payload.hex()


@pytest.mark.parametrize("kind", KINDS)
def test_messages_inside_are_taken_out(kind: str, clip: Clip) -> None:
    others = [(600, b"abc"), (5, b"\0\0\0")]
    for at in range(3):
        mixed = [*others[:at], (223, GFV), *others[at:], (224, GFVE)]
        stream = stream_with(clip, kind, nesting(kind, *mixed))
        assert removed(stream) == stream_with(clip, kind, nesting(kind, *others))


@pytest.mark.parametrize("kind", KINDS)
def test_a_nesting_that_becomes_empty_goes_too(kind: str, clip: Clip) -> None:
    stream = stream_with(clip, kind, nesting(kind, (223, GFV), (224, GFVE)))
    assert removed(stream) == clip(f"{kind[: kind.index(' ')]}-plain")
    beside = stream_with(clip, kind, (600, b"x"), nesting(kind, (223, GFV)), (223, GFV), (601, b"\0"))
    assert removed(beside) == stream_with(clip, kind, (600, b"x"), (601, b"\0"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_nesting_without_ours_is_not_touched(kind: str, clip: Clip) -> None:
    stream = stream_with(clip, kind, nesting(kind, (600, b"abc")), (223, GFV))
    assert removed(stream) == stream_with(clip, kind, nesting(kind, (600, b"abc")))


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_messages_inside_stays(kind: str, clip: Clip) -> None:
    number, mixed = nesting(kind, (223, GFV), (600, b"abc"))
    _, rest = nesting(kind, (600, b"abc"))
    stream = stream_with(clip, kind, (number, mixed + b"\x80"))
    assert removed(stream) == stream_with(clip, kind, (number, rest + b"\x80"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("vvc")])
def test_a_nesting_of_nothing_stays(kind: str, clip: Clip) -> None:
    stream = stream_with(clip, kind, nesting(kind), (223, GFV))
    assert removed(stream) == stream_with(clip, kind, nesting(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_nesting_is_kept(kind: str, clip: Clip) -> None:
    number, payload = nesting(kind, (223, GFV))
    for length in range(len(payload)):
        stream = stream_with(clip, kind, (number, payload[:length]), (600, b"x"))
        assert removed(stream) in (stream, stream_with(clip, kind, (600, b"x")))
        read(stream, errors="record")
    stream = stream_with(clip, kind, (number, b""), (223, GFV))
    assert removed(stream) == stream_with(clip, kind, (number, b""))


def test_codecs_do_not_share_their_nesting_types(clip: Clip) -> None:
    for codec, number in (("hevc", 37), ("vvc", 30), ("avc", 133)):
        stream = with_sei(clip(f"{codec}-plain"), codec, "prefix", (number, b"\x20" + message(223, GFV)))
        assert read(stream) == []
        assert removed(stream) == stream
    assert set(CLIPS) >= {"hevc-plain", "vvc-plain", "avc-plain"}
