"""Damaging payloads and messages, the same way in every run."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import gfv_sei


def cut_bytes(payload: bytes) -> Iterator[bytes]:
    """Every shorter payload that starts alike."""
    for length in range(len(payload)):
        yield payload[:length]


def cut_bits(payload: bytes) -> Iterator[bytes]:
    """The payload with its last bits zeroed, from one bit to all of them."""
    number, size = int.from_bytes(payload, "big"), len(payload)
    for bits in range(1, 8 * size + 1):
        yield (number >> bits << bits).to_bytes(size, "big")


def corrupted(payload: bytes, r: Random) -> bytes:
    """A few bits turned, bytes changed, left out, doubled, or put in."""
    data = bytearray(payload)
    for _ in range(r.choice((1, 1, 2, 5))):
        if not data:
            break
        at = r.randrange(len(data))
        match r.randrange(6):
            case 0 | 1:
                data[at] ^= 1 << r.randrange(8)
            case 2:
                data[at] = r.choice((0, 0xFF, 0x80, r.randrange(256)))
            case 3:
                del data[at : at + r.choice((1, 1, 4))]
            case 4:
                data[at:at] = data[at : at + r.choice((1, 8))]
            case 5:
                data[at:at] = bytes(r.choice((1, 4, 8))) if r.randrange(2) else r.randbytes(r.choice((1, 3)))
    return bytes(data)


def read_and_write_back(payload_type: int, payload: bytes, syntax: str, state: gfv_sei.DecodingState) -> bool:
    """Whether the payload is taken; if so, every bit of it comes back. Anything but a GfvError is a failure."""
    try:
        msg = gfv_sei.parse_payload(payload_type, payload, syntax, state, derive=False)
    except gfv_sei.GfvError as error:
        assert str(error)  # noqa: PT017
        return False
    again = gfv_sei.message_from_dict(payload_type, msg.to_dict())
    rewritten = without_values(again, syntax, state)
    assert rewritten is None or rewritten == payload
    return True


def without_values(msg: gfv_sei.Message, syntax: str, state: gfv_sei.DecodingState) -> bytes | None:
    """The payload, or None where values cannot be derived: writing does that, and refuses what has none."""
    try:
        return gfv_sei.write_payload(msg, syntax, _copy(state))
    except gfv_sei.PredictionError:
        return None


def _copy(state: gfv_sei.DecodingState) -> gfv_sei.DecodingState:
    from copy import deepcopy

    return deepcopy(state)


RUBBISH: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    1,
    2,
    63,
    64,
    1024,
    2**31,
    2**32 - 1,
    2**32,
    2**64,
    10**40,
    -(10**40),
    0.0,
    0.5,
    1.0,
    float("nan"),
    float("inf"),
    "",
    "0",
    "1" * 9,
    "AA==",
    "\ud800",
    "a\0b",
    b"",
    [],
    [0],
    [None],
    [[0]],
    [0, 1],
    [[[[0]]]],
    [float("nan")],
    [True],
    ["1"],
    {},
    {"a": 1},
    [[]],
    [[[0], 0]],
)


def mutated(value: Any, r: Random) -> Any:
    """A JSON value with something wrong somewhere inside."""
    if isinstance(value, dict) and value and r.randrange(8):
        name = r.choice(list(value))
        other = dict(value)
        match r.randrange(6):
            case 0:
                del other[name]
            case 1:
                other[r.choice(("gfv_cnt", "gfv_matrix_type_idx", "no_such_element", "gfv_base_pic_flag"))] = r.choice(
                    RUBBISH
                )
            case _:
                other[name] = mutated(value[name], r)
        return other
    if isinstance(value, list) and value and r.randrange(8):
        at = r.randrange(len(value))
        match r.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case _:
                return [*value[:at], mutated(value[at], r), *value[at + 1 :]]
    return r.choice(RUBBISH)
