"""The messages of a stream, or payloads alone, as a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gfv_sei.codify.history import History
from gfv_sei.codify.text import Program
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.stream.records import AUTO, MessageReader, read_messages
from gfv_sei.stream.source import Source
from gfv_sei.stream.syntax_choice import choose_syntax

Takes = Callable[[dict[str, Any], Message | None], bool]


def codify_stream(
    source: Source,
    takes: Takes,
    syntax: str = AUTO,
    *,
    codec: str | None = None,
    alone: bool = False,
    limit: int | None = None,
    on_more: Callable[[int], object] | None = None,
) -> Iterator[str]:
    """A program for those messages of a stream that ``takes`` says yes to, given record and message.

    At most ``limit`` of them; ``on_more`` is told the number of further ones. Raises GfvError where there is none, or
    where one of them cannot be read.
    """
    readers: list[MessageReader] = []
    program: Program | None = None
    history: History | None = None
    done = more = 0
    for record in read_messages(source, syntax, errors="record", codec=codec, on_syntax=readers.append, tracing=True):
        reader = readers[-1]
        if history is None:
            assert reader.syntax is not None
            history = History(reader.syntax)
        readable = "error" not in record
        message = reader.message
        if "payload_type" in record and takes(record, message):
            if not readable:
                raise GfvError(record["error"])
            if limit is not None and done == limit:
                more += 1
            else:
                assert message is not None
                if program is None:
                    program = Program(history.syntax, alone)
                    yield program.head(f"Messages of {_name(source)}")
                yield program.test(message, history.before(message), record["au"])
                done += 1
        if readable:
            assert message is not None
            history.add(message, reader.state)
    if not done:
        raise GfvError("no such message in the stream")
    if more and on_more is not None:
        on_more(more)


def _name(source: Source) -> str:
    named = isinstance(source, (str, Path)) and str(source) != "-"
    return Path(str(source)).name if named else "a stream"


def codify_payloads(
    payload_type: int, payloads: Sequence[bytes], syntax: str = AUTO, *, alone: bool = False
) -> Iterator[str]:
    """A program for the last of some payloads; those before it are what it may be predicted from."""
    if syntax == AUTO:
        syntax = choose_syntax((payload_type, payload) for payload in payloads).best
    state = DecodingState()
    history = History(syntax)
    message: Message | None = None
    for payload in payloads:
        if message is not None:
            history.add(message, state)
        message = parse_payload(payload_type, payload, syntax, state)
    assert message is not None
    program = Program(syntax, alone)
    yield program.head("A payload")
    yield program.test(message, history.before(message))
