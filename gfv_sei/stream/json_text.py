"""Records as JSON. That of a large message comes in pieces: its text is several times as large as the message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_LARGE = 1 << 14
"""Bytes of payload from which on a record comes in pieces."""

_PIECE = 1 << 12
"""Entries of a list, or characters of a text, that become text at a time."""

dumps = json.JSONEncoder(check_circular=False).encode


def record_text(record: dict[str, Any]) -> Iterator[str]:
    """The text of a record, on one line."""
    if record.get("payload_size", 0) < _LARGE:
        yield dumps(record)
    else:
        yield from _pieces(record)


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        before = "{"
        for name, one in value.items():
            yield f"{before}{dumps(name)}: "
            yield from _pieces(one)
            before = ", "
        yield "}"
    elif isinstance(value, str) and len(value) > _PIECE:
        yield '"'
        for first in range(0, len(value), _PIECE):
            yield dumps(value[first : first + _PIECE])[1:-1]
        yield '"'
    elif isinstance(value, list) and len(value) > _PIECE:
        for first in range(0, len(value), _PIECE):
            yield (", " if first else "[") + dumps(value[first : first + _PIECE])[1:-1]
        yield "]"
    elif isinstance(value, list) and value and isinstance(value[0], (list, dict)):
        before = "["
        for one in value:
            yield before
            yield from _pieces(one)
            before = ", "
        yield "]"
    else:
        yield dumps(value)
