"""Changes that know nothing of messages: to bytes, to lines, to JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

Mutate = Callable[[bytes, Random], bytes]

_BYTES = (b"\x00", b"\xff", b"\x80", b"\x01", b"\x00\x00\x03", b"\x00\x00\x01", b"\x00\x00\x00\x01", b"\x7f", b"\n")


def blind(data: bytes, r: Random) -> bytes:
    """Bits turned, bytes changed, left out, doubled, put in; a few of these."""
    changed = bytearray(data)
    for _ in range(r.choice((1, 1, 2, 3, 8))):
        at = r.randrange(len(changed) + 1)
        size = r.choice((1, 1, 2, 4, 16, 64))
        match r.randrange(7):
            case 0 | 1 if at < len(changed):
                changed[at] ^= 1 << r.randrange(8)
            case 2 if at < len(changed):
                changed[at] = r.randrange(256)
            case 3:
                del changed[at : at + size]
            case 4:
                changed[at:at] = changed[at : at + size] * r.choice((1, 1, 2, 50))
            case 5:
                changed[at:at] = r.choice(_BYTES) * r.choice((1, 1, 2, 300))
            case _:
                del changed[at:]
                changed += r.randbytes(r.choice((0, 1, 5)))
    return bytes(changed)


RUBBISH: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1, 2, 63, 64, 1024, 2**31, 2**32 - 1, 2**32, 2**64, 10**40, -(10**4000)),
    *(0.5, -0.0, 1e300, float("nan"), float("inf"), "", "0", "AA==", "\ud800", "a\0b", "x" * 1000),
    *([], [0], [None], [[0]], [float("nan")], [[]], [[[0], 0]], {}, {"a": 1}, [0] * 300, "DEEP"),
)
"""Values in places that they are not for. The last one becomes lists in lists in lists."""

_DEEPEST = 900
"""The JSON reader of Python takes about this many lists inside of each other."""


def text_of(value: Any, r: Random) -> bytes:
    """JSON with whatever it holds, also what JSON has no word for."""
    depth = r.choice((5, 200, _DEEPEST))
    return json.dumps(value).replace('"DEEP"', "[" * depth + "]" * depth).encode()


def changed_value(value: Any, r: Random) -> Any:
    """A JSON value with something else somewhere inside."""
    if isinstance(value, dict) and value and r.randrange(10):
        name = r.choice(list(value))
        other = dict(value)
        match r.randrange(8):
            case 0:
                del other[name]
            case 1:
                other[r.choice((r.choice(list(value)), "gfv_cnt", "gfve_nn_payload_byte", "values"))] = r.choice(
                    RUBBISH
                )
            case _:
                other[name] = changed_value(value[name], r)
        return other
    if isinstance(value, list) and value and r.randrange(10):
        at = r.randrange(len(value))
        match r.randrange(8):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, *[value[at]] * r.choice((1, 1, 40))]
            case _:
                return [*value[:at], changed_value(value[at], r), *value[at + 1 :]]
    if isinstance(value, int) and r.randrange(2):
        return r.choice((value + 1, value - 1, -value, 1 - value, value << r.randrange(40)))
    return r.choice(RUBBISH)


def changed_json(data: bytes, r: Random) -> bytes:
    """JSON with something else in it; what is no JSON is changed blindly."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return blind(data, r)
    for _ in range(r.choice((1, 1, 2, 4))):
        value = changed_value(value, r)
    return text_of(value, r)


def changed_lines(data: bytes, r: Random, change: Mutate = changed_json) -> bytes:
    """Lines left out, doubled, exchanged, or one of them changed."""
    lines = data.split(b"\n")
    at = r.randrange(len(lines))
    match r.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = [lines[at]] * r.choice((1, 1, 30))
        case 2:
            other = r.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at] = change(lines[at], r)
    return b"\n".join(lines)


_WORDS = b"|0|1|-1|2147483648|99999999999999999999|1e308|nan|0x1|\xff|#|:|=".split(b"|")


def changed_words(line: bytes, r: Random) -> bytes:
    """A line of words, one of them another one."""
    words = line.split(b" ")
    at = r.randrange(len(words))
    words[at] = r.choice((*_WORDS, words[at] * 2, words[r.randrange(len(words))], b" ".join([words[at]] * 200)))
    return b" ".join(words)
