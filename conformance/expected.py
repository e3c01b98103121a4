"""What a reader must find in a stream of the suite, and whether it is what the case asked for.

The files that go into a package come from our own reader. So that they are more than its opinion of itself, they are
compared with what the case wrote: payloads byte for byte, values within half a unit of the precision.
"""

from __future__ import annotations

import io
import json
from typing import Any

from conformance.sketch import Written
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.stream.extract import extract
from gfv_sei.syntax.coder import UE_MAX
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES

Record = dict[str, Any]

IDENTIFYING = tuple(name for one in MESSAGE_TYPES.values() for name in one.identifying)


class UnexpectedError(GfvError):
    """A stream does not hold what its case wrote: a fault of ours."""


def elements_file(stream: bytes, codec: str) -> bytes:
    """All messages with their elements, as ``gfv extract --elements --order --syntax vsei4`` writes them."""
    out = io.BytesIO()
    extract(stream, out, DEFAULT, elements=True, order=True, codec=codec)
    return out.getvalue()


def records_of(lines: bytes) -> list[Record]:
    """The records of a file of JSON Lines."""
    return [json.loads(line) for line in lines.splitlines()]


def values_file(records: list[Record]) -> bytes:
    """Of each message the picture, the identifiers, and the values alone."""
    lines = []
    for record in records:
        kept: Record = {name: record[name] for name in ("au", "poc", "display", "payload_type") if name in record}
        kept |= {name: record["message"][name] for name in IDENTIFYING if name in record["message"]}
        kept |= {name: record[name] for name in ("ignored", "values") if name in record}
        lines.append(json.dumps(kept) + "\n")
    return "".join(lines).encode()


def check(written: list[Written], records: list[Record]) -> None:
    """Raise UnexpectedError unless the records say what was written. Nested messages are left to the case."""
    asked = [one for one in written if one.payload_type in (GFV, GFVE)]
    asked.sort(key=lambda one: (one.au, one.position != "prefix"))
    found = [record for record in records if "nested_in" not in record]
    if len(asked) != len(found):
        raise UnexpectedError(f"messages written: {len(asked)}, found: {len(found)}")
    state = DecodingState()
    for number, (one, record) in enumerate(zip(asked, found, strict=True)):
        place = (record["au"], record["payload_type"], record["payload_size"], record["position"])
        wanted = (one.au, one.payload_type, len(one.payload), one.position)
        if "error" in record or place != wanted:
            raise UnexpectedError(f"message {number} is {place} and was to be {wanted}; {record.get('error', '')}")
        for name, value, _, descriptor in record["elements"]:
            if descriptor == "ue(v)" and value > UE_MAX:
                raise UnexpectedError(
                    "this stream has values that other readers of ue(v) refuse", element=name, value=value
                )
        msg = parse_payload(one.payload_type, one.payload, DEFAULT, state)
        for kind, values in (one.values or {}).items():
            half_unit = 0.5 ** (_precision(msg, kind) + 1)
            for a, b in zip(_flat(values), _flat(_same_eyes(values, record["values"][kind])), strict=True):
                if abs(a - b) > half_unit:
                    raise UnexpectedError(f"{kind} of message {number} are {b} and were to be {a}", au=record["au"])


def _precision(msg: Message, kind: str) -> int:
    """Bits of fraction of ``coordinates``, ``matrices`` or ``pupils``, inherited ones too."""
    precision = getattr(msg.layout, kind).precision
    assert isinstance(precision, int)
    return precision


def _same_eyes(asked: Any, found: Any) -> Any:
    """Of pupils, those that were asked for; the other one has the value of its reference."""
    return {eye: found[eye] for eye in asked} if isinstance(asked, dict) else found


def _flat(value: Any) -> list[float]:
    """All numbers in lists and objects, in order, but for the types of matrices."""
    if isinstance(value, dict):
        return [number for name in sorted(value) if name != "type" for number in _flat(value[name])]
    if isinstance(value, list):
        return [number for part in value for number in _flat(part)]
    return [value]
