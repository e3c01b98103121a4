"""Which messages of a stream a command is asked for: options, and the test of a record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from gfv_sei.message import Message
    from gfv_sei.sei.identify import Identity
    from gfv_sei.stream.records import Record

Command = TypeVar("Command", bound=Callable[..., Any])


class Numbers(NamedTuple):
    """A set of numbers as ranges, each with its first and last number; the last of an open range is None."""

    ranges: tuple[tuple[int, int | None], ...]

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(
            first <= number and (last is None or number <= last) for first, last in self.ranges
        )


_RANGE = re.compile(r"\s*(\d{1,18})?(-)?(\d{1,18})?\s*", re.ASCII)


def numbers(text: str) -> Numbers:
    """Numbers on the command line: ``3``, ``3-7``, ``3-`` or ``-7``, several with commas between."""
    return Numbers(tuple(_range(part) for part in text.split(",")))


def _range(text: str) -> tuple[int, int | None]:
    found = _RANGE.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        raise click.BadParameter(f"{text!r} is no number and no range such as 3-7 or 3-")
    first = int(found[1] or 0)
    last = int(found[3]) if found[3] else None if found[2] else first
    if last is not None and last < first:
        raise click.BadParameter(f"{text!r} ends before it begins")
    return first, last


class Selection(NamedTuple):
    """What is asked for; a part that is None takes everything."""

    au: Numbers | None = None
    face: int | None = None
    cnt: int | None = None

    def takes(self, record: Record, message: Message | None) -> bool:
        """Whether a record is asked for; ``message`` is what was read for it, if it could be."""
        if self.au is not None and record["au"] not in self.au:
            return False
        if self.face is None and self.cnt is None:
            return True
        identity = identity_of(record, message)
        return (
            identity is not None
            and (self.face is None or identity.face == self.face)
            and (self.cnt is None or identity.cnt == self.cnt)
        )


EVERYTHING = Selection()


def identity_of(record: Record, message: Message | None) -> Identity | None:
    """Whose message a record is of; None if it is no GFV or GFVE message."""
    from gfv_sei.sei.identify import identify
    from gfv_sei.stream.records import OURS

    payload_type = record.get("payload_type")
    if payload_type not in OURS:
        return None
    if "payload_hex" in record:  # it could not be read
        return identify(payload_type, bytes.fromhex(record["payload_hex"]))
    assert message is not None
    assert message.payload is not None
    return identify(payload_type, message.payload)


def selection_options(command: Command) -> Command:
    """The options --au and --id, as parameters ``au`` and ``face``."""
    for option in (
        click.option(
            "--id", "face", type=click.IntRange(0), help="Only messages with this gfv_id, and the GFVE messages for it."
        ),
        click.option(
            "--au",
            type=numbers,
            metavar="RANGES",
            help="Only these access units: 3, 3-7, 3-, or a list such as 0,4-9.",
        ),
    ):
        command = option(command)
    return command
