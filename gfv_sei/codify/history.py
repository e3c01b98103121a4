"""Which earlier messages a message needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.syntax.payload_types import GFV

_READINGS = 20_000  # messages that are read again at most to find what can be left out: about a second

# What later messages may depend on, of an IdentifierState.
_REMEMBERED = (
    "inherited",
    "base_coordinates",
    "previous_coordinates",
    "base_matrices",
    "previous_matrices",
    "base_pupils",
    "previous_pupils",
)

Own = tuple[int, tuple[Any, ...]]
"""payloadType and identifiers, which is what messages share that are predicted from each other."""


class History:
    """The messages so far, by payloadType and identifiers, as far as later ones may depend on them.

    Where a base message leaves nothing of what was before it, that is forgotten.
    """

    def __init__(self, syntax: str) -> None:
        self.syntax = syntax
        self.messages: dict[Own, list[bytes]] = {}

    def before(self, message: Message) -> list[bytes]:
        """The payloads that came before a message."""
        return self.messages.get((message.payload_type, message.identifier), [])

    def add(self, message: Message, state: DecodingState) -> None:
        """Add a message that was read; ``state`` is that of the stream behind it."""
        assert message.payload is not None
        assert message.layout is not None
        known = self.messages.setdefault((message.payload_type, message.identifier), [])
        if message.layout.base and known and self._leaves_nothing(message, state):
            known.clear()
        known.append(message.payload)

    def _leaves_nothing(self, message: Message, state: DecodingState) -> bool:
        assert message.payload is not None
        alone = replayed(message.payload_type, [message.payload], self.syntax)
        own = message.identifier
        one, other = (s.face(*own) if message.payload_type == GFV else s.enhancement(*own) for s in (alone, state))
        return all(getattr(one, name) == getattr(other, name) for name in _REMEMBERED)


def replayed(payload_type: int, payloads: Sequence[bytes], syntax: str) -> DecodingState:
    """The state behind some messages. Raises PredictionError where one of them needs another."""
    state = DecodingState()
    for payload in payloads:
        parse_payload(payload_type, payload, syntax, state)
    return state


def needed(payload_type: int, earlier: Sequence[bytes], payload: bytes, syntax: str) -> list[bytes]:
    """Those of the earlier messages without which ``payload`` would not mean what it means behind them all.

    They are found by trying, in ever smaller pieces, since which of them matter depends on every part of every
    message. Where they are so many that this takes too long, some that do not matter are left in.
    """
    wanted = _values(payload_type, earlier, payload, syntax)
    assert wanted is not None
    found = list(earlier)
    left = _READINGS
    size = len(found)
    while size and left > 0:
        end = len(found)
        while end > 0 and left > 0:  # the last first: what is in front may be there for its sake
            start = max(0, end - size)
            fewer = found[:start] + found[end:]
            left -= len(fewer) + 1
            if _values(payload_type, fewer, payload, syntax) == wanted:
                found = fewer
            end = start
        size = min(size, len(found)) // 2
    return found


def _values(payload_type: int, earlier: Sequence[bytes], payload: bytes, syntax: str) -> dict[str, Any] | None:
    """What a message means behind some others; None where it or one of them cannot be read so."""
    try:
        state = replayed(payload_type, earlier, syntax)
        return parse_payload(payload_type, payload, syntax, state).values
    except GfvError:
        return None
