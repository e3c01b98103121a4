"""Finding the edition of the syntax that a stream was written in.

A message that is read along the wrong description hardly ever ends in exact alignment bits with sane values, and
several never do. So each candidate reads the messages with a state of its own, and misfits are counted; a message that
cannot be read counts more than one that is odd, as extension data and far keypoints are allowed. Where several fit, the
order of preference of :data:`gfv_sei.syntax.editions.EDITIONS` decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import UNIT_BITS, DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.syntax.reading import Known

UNREADABLE = 3
"""What a message that cannot be read counts among the misfits of an edition; more than any that can."""

_SANE_COORDINATE = 2 << UNIT_BITS


def oddities(msg: Message) -> int:
    """How much a message that could be read does not look like one that was meant: its end, far keypoints."""
    inexact = "payload_trailing_bits" in msg.fields or "reserved_payload_extension_data" in msg.fields
    columns = msg.exact.coordinates if msg.exact is not None else None
    sane = columns is None or all(-_SANE_COORDINATE <= v <= _SANE_COORDINATE for column in columns[:2] for v in column)
    return inexact + (not sane)


class SyntaxChoice:
    """Reads messages along every candidate and counts the misfits.

    misfits     by name of the edition: oddities of messages, and UNREADABLE for each that cannot be read
    messages    how many were looked at; GFVE messages are the same everywhere and do not count
    """

    def __init__(self) -> None:
        self.misfits = dict.fromkeys(EDITIONS, 0)
        self.messages = 0
        self._states = {name: DecodingState() for name in EDITIONS}

    def add(self, payload_type: int, payload: bytes) -> None:
        """Look at the next message of the stream."""
        if payload_type != GFV:
            return
        self.messages += 1
        arrays: Known = {}
        for name, state in self._states.items():
            try:
                self.misfits[name] += oddities(parse_payload(payload_type, payload, name, state, arrays=arrays))
            except GfvError:
                self.misfits[name] += UNREADABLE

    def decided(self) -> None:
        """No more messages come, so what the candidates remember is of no more use."""
        self._states.clear()

    @property
    def best(self) -> str:
        """The edition with the least misfits."""
        return min(self.misfits, key=lambda name: self.misfits[name])

    @property
    def equals(self) -> list[str]:
        """The other editions that fit just as well."""
        best = self.best
        return [name for name, count in self.misfits.items() if name != best and count == self.misfits[best]]

    @property
    def in_words(self) -> str:
        """``vsei4, fits draft-b as well``."""
        return self.best + (f", fits {' and '.join(self.equals)} as well" if self.equals else "")


def choose_syntax(payloads: Iterable[tuple[int, bytes]]) -> SyntaxChoice:
    """Look at all messages of a stream, given as payload type and payload."""
    choice = SyntaxChoice()
    for payload_type, payload in payloads:
        choice.add(payload_type, payload)
    choice.decided()
    return choice
