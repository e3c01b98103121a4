"""In what two messages differ: the first element, or the first value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from gfv_sei.comparison.side import Item
from gfv_sei.meaning.header import header_of
from gfv_sei.message import Message
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.wording import counted

Difference = dict[str, Any]

Judge = Callable[[Item, Item], Difference | None]
"""Says in what two messages differ; None if in nothing."""

_FUSION = {edition.fusion_flag: "fusion flag" for edition in EDITIONS.values()}  # editions have two names for it


def by_bits(a: Item, b: Item) -> Difference | None:
    """The first syntax element in which two payloads differ, with its number among those of its name.

    What is no GFV or GFVE message, or cannot be read, is compared bit by bit.
    """
    if a.payload == b.payload and a.identity.payload_type == b.identity.payload_type:
        return None
    bits = {"bits": [8 * len(a.payload), 8 * len(b.payload)]}
    if a.identity.payload_type != b.identity.payload_type:
        return {"element": "payloadType", "a": a.identity.payload_type, "b": b.identity.payload_type, **bits}
    if a.message is not None and b.message is not None:
        found = _first_element(a.message, b.message)
        if found is not None:
            return {**found, **bits}
    return {"bit": _first_bit(a.payload, b.payload), **_errors(a, b), **bits}


def by_values(tolerance: float) -> Judge:
    """Compares what messages mean after prediction, whatever their bits; numbers may differ by ``tolerance``."""

    def judge(a: Item, b: Item) -> Difference | None:
        if a.message is None or b.message is None or a.identity.payload_type != b.identity.payload_type:
            return by_bits(a, b)
        found = next(_apart(_header(a.message), _header(b.message), "", 0.0), None)
        found = found or next(_apart(a.message.values, b.message.values, "", tolerance), None)
        return found and {**found, "bits": [8 * len(a.payload), 8 * len(b.payload)]}

    return judge


def _first_element(a: Message, b: Message) -> Difference | None:
    names: dict[str, int] = {}
    bit = 0
    for mine, other in zip_longest(a.elements, b.elements):
        name = (mine or other)[0]
        number = names.get(name, 0)
        if mine is None or other is None or mine[:3] != other[:3]:
            found: Difference = {"element": name, "number": number, "bit": bit}
            for side, element in (("a", mine), ("b", other)):
                # Where the names differ, one message has another element at this place.
                same = element is not None and element[0] == name
                found[side] = element[1] if same else None if element is None else f"({element[0]} {element[1]})"
            return found
        names[name] = number + 1
        bit += mine[2]
    return None


def _first_bit(a: bytes, b: bytes) -> int:
    for number, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return 8 * number + 8 - (one ^ other).bit_length()
    return 8 * min(len(a), len(b))


def _errors(a: Item, b: Item) -> Difference:
    return {f"error_{side}": item.error for side, item in (("a", a), ("b", b)) if item.error is not None}


def _header(message: Message) -> dict[str, Any]:
    return {_FUSION.get(name, name): value for name, value in header_of(message.fields).items() if value != 0}


def _apart(a: Any, b: Any, where: str, tolerance: float) -> Iterator[Difference]:
    """Places in nested values that are apart, the first one first."""
    if isinstance(a, dict) and isinstance(b, dict):
        for name in dict.fromkeys((*a, *b)):
            yield from _apart(a.get(name), b.get(name), f"{where}.{name}" if where else name, tolerance)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for number, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _apart(one, other, f"{where}[{number}]", tolerance)
    elif isinstance(a, (int, float)) and isinstance(b, (int, float)):
        if abs(a - b) > tolerance:
            yield {"value": where, "a": a, "b": b, "difference": abs(a - b)}
    elif a != b:
        yield {"value": where, "a": _size_or_value(a), "b": _size_or_value(b)}


def _size_or_value(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return f"{len(value)} of them"
    return counted(len(value), "byte") if isinstance(value, bytes) else value
