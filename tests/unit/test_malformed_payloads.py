"""Payloads that are cut or damaged: each is refused with a GfvError, or taken and then comes back bit for bit."""

from __future__ import annotations

from copy import deepcopy
from random import Random

import pytest
from unit.damage import corrupted, cut_bits, cut_bytes, read_and_write_back
from unit.made_messages import SYNTAXES, some
from unit.vectors import Vector, each_vector, payload_of

import gfv_sei


@each_vector()
def test_every_cut_at_a_byte(vector: Vector) -> None:
    syntax, state = vector.software.syntax, gfv_sei.DecodingState()
    for message in vector.messages:
        payload = payload_of(message)
        for shorter in cut_bytes(payload):
            read_and_write_back(message["payload_type"], shorter, syntax, state)
        gfv_sei.parse_payload(message["payload_type"], payload, syntax, state)


@each_vector()
def test_every_cut_at_a_bit(vector: Vector) -> None:
    syntax, state = vector.software.syntax, gfv_sei.DecodingState()
    for message in vector.messages:
        payload = payload_of(message)
        for zeroed in cut_bits(payload):
            read_and_write_back(message["payload_type"], zeroed, syntax, state)
        gfv_sei.parse_payload(message["payload_type"], payload, syntax, state)


@each_vector()
def test_damage_read_along_every_syntax(vector: Vector) -> None:
    r = Random(vector.name)
    states = {syntax: gfv_sei.DecodingState() for syntax in SYNTAXES}
    for message in vector.messages:
        payload = payload_of(message)
        for _ in range(12):
            damaged = corrupted(payload, r)
            for syntax, state in states.items():
                read_and_write_back(message["payload_type"], damaged, syntax, state)
                read_and_write_back(447 - message["payload_type"], damaged, syntax, state)
        for syntax, state in states.items():
            try:
                gfv_sei.parse_payload(message["payload_type"], payload, syntax, state)
            except gfv_sei.GfvError:
                assert syntax != vector.software.syntax


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_damage_in_streams_of_made_up_messages(syntax: str) -> None:
    """With values: what follows a damaged message may predict from rubbish, and still nothing but a GfvError comes."""
    r = Random(3)
    for seed in range(120):
        writing, reading = gfv_sei.DecodingState(), gfv_sei.DecodingState()
        for one in some(seed, syntax, 8):
            payload = gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message), syntax, writing)
            damaged = corrupted(payload, r) if r.randrange(2) else payload
            before = deepcopy(reading)
            try:
                msg = gfv_sei.parse_payload(one.payload_type, damaged, syntax, reading)
            except gfv_sei.GfvError:
                continue
            assert isinstance(msg.values, dict)
            assert sum(bits for _, _, bits, _ in msg.elements) == 8 * len(damaged)
            again = gfv_sei.message_from_dict(one.payload_type, msg.to_dict())
            assert gfv_sei.write_payload(again, syntax, before) == damaged


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("payload_type", [223, 224])
def test_noise(payload_type: int, syntax: str) -> None:
    r = Random(11)
    taken = 0
    for _ in range(4000):
        payload = r.randbytes(r.choice((0, 1, 2, 3, 5, 8, 13, 40)))
        taken += read_and_write_back(payload_type, payload, syntax, gfv_sei.DecodingState())
    assert taken > 0


def test_other_kinds_of_bytes_are_taken() -> None:
    payload = bytes.fromhex("e622 1108 d1")
    for given in (payload, bytearray(payload), memoryview(payload)):
        assert gfv_sei.parse_payload(223, given).values["coordinates"][1] == [-1.0, 0.0625]
