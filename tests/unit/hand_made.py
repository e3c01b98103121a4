"""The shape of a message that was put together by hand, and where those of ``hand_made_*.py`` are collected."""

from __future__ import annotations

import ast
from typing import Any, NamedTuple


class Fixture(NamedTuple):
    """One message in all its forms.

    ``table`` has one line per coded element: its bits, its name, its value. ``after`` names the fixtures that come
    before it in the stream, for prediction.
    """

    name: str
    about: str
    payload_type: int
    syntaxes: tuple[str, ...]
    hex: str
    table: str
    message: dict[str, Any]
    values: dict[str, Any]
    after: tuple[str, ...]

    @property
    def payload(self) -> bytes:
        return bytes.fromhex(self.hex)

    @property
    def rows(self) -> list[tuple[str, str, Any]]:
        """Bits, name and value of each element."""
        found = []
        for line in self.table.strip().splitlines():
            bits, _, rest = line.strip().partition(" ")
            name, _, value = rest.partition("=")
            found.append((bits, name.strip(), ast.literal_eval(value.strip())))
        return found


FIXTURES: dict[str, Fixture] = {}


def fixture(
    name: str,
    about: str,
    payload_type: int,
    syntaxes: tuple[str, ...],
    hex: str,
    table: str,
    *,
    message: dict[str, Any],
    values: dict[str, Any],
    after: tuple[str, ...] = (),
) -> None:
    assert name not in FIXTURES
    FIXTURES[name] = Fixture(name, about, payload_type, syntaxes, hex, table, message, values, after)
