"""Two readings of one stream: where they first differ."""

from __future__ import annotations

from typing import Any

from gfv_sei.meaning.reserved import has_reserved
from gfv_sei.wording import counted

Record = dict[str, Any]

TOLERANCE = 2.0**-33
"""Values of ours are whole units of 2^-32; what differs by more than half a unit is another value."""

_PLACE = ("au", "payload_type", "payload_size")


def first_difference(expected: list[Record], found: list[Record]) -> str | None:
    """In words, the first place where a reading is not what it should be; None if there is none.

    A reader may leave out ``elements`` or ``values``, and messages that decoders ignore; what it gives has to be right.
    """
    if len(found) != len(expected):
        heeded = [record for record in expected if not _is_ignored(record)]
        if len(found) != len(heeded):
            return f"{counted(len(expected), 'message')} expected, {len(found)} found"
        expected = heeded
    for number, (wanted, got) in enumerate(zip(expected, found, strict=True)):
        difference = _message(wanted, got)
        if difference is not None:
            return f"message {number} (access unit {wanted['au']}): {difference}"
    return None


def _is_ignored(record: Record) -> bool:
    """Whether decoders shall ignore a message: its identifier, network mode, or a matrix type is reserved."""
    return "ignored" in record or has_reserved(record.get("message", {}))


def _message(wanted: Record, got: Any) -> str | None:
    if not isinstance(got, dict):
        return "is no object"
    if "error" in got:
        return f"could not be read: {got['error']}"
    if "message" not in got and "elements" not in got:
        return "has neither message nor elements"
    for name in _PLACE:
        if name in got and got[name] != wanted[name]:
            return f"{name}: expected {wanted[name]}, found {got[name]}"
    if "elements" in got and (difference := _elements(wanted["elements"], got["elements"])) is not None:
        return difference
    if "message" in got and (difference := _value("", wanted["message"], got["message"])) is not None:
        return difference
    return _value("values", wanted["values"], got["values"]) if "values" in got else None


def _elements(wanted: list[Any], got: Any) -> str | None:
    """Elements as [name, value, bits, descriptor]; of those found, the last two may be missing."""
    if not isinstance(got, list) or not all(isinstance(one, list) and len(one) > 1 for one in got):
        return "elements are no list of [name, value, ...]"
    for number, one in enumerate(wanted):
        if number >= len(got):
            return f"element {one[0]}: expected {one[1]!r}, found no further element"
        if one[: len(got[number])] != got[number][: len(one)]:
            return f"element {one[0]}: expected {_shown(one)}, found {_shown(got[number])}"
    if len(got) > len(wanted):
        return f"element {got[len(wanted)][0]}: nothing expected, found {got[len(wanted)][1]!r}"
    return None


def _value(where: str, wanted: Any, got: Any) -> str | None:
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in (*wanted, *(name for name in got if name not in wanted)):
            place = f"{where}.{name}" if where else name
            if name not in got or name not in wanted:
                return f"{place}: {'nothing expected, but found' if name in got else 'expected, but not found'}"
            if (difference := _value(place, wanted[name], got[name])) is not None:
                return difference
        return None
    if isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            return f"{where}: {counted(len(wanted), 'entry', 'entries')} expected, {len(got)} found"
        differences = (_value(f"{where}[ {k} ]", a, b) for k, (a, b) in enumerate(zip(wanted, got, strict=True)))
        return next((one for one in differences if one is not None), None)
    if isinstance(wanted, float) and isinstance(got, (int, float)) and abs(wanted - got) <= TOLERANCE:
        return None
    return None if wanted == got else f"{where}: expected {_shown(wanted)}, found {_shown(got)}"


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) == 4 and isinstance(value[0], str):
        value = f"{value[0]} = {value[1]} in {counted(value[2], 'bit')}"
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
