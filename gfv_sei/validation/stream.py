"""All findings of a stream, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gfv_sei.errors import GfvError, PredictionError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import parse_payload
from gfv_sei.stream.records import AUTO, Broken, MessageReader
from gfv_sei.stream.source import Source, is_reopenable, open_stream
from gfv_sei.stream.syntax_choice import SyntaxChoice, choose_syntax
from gfv_sei.syntax.editions import DEFAULT, edition_named
from gfv_sei.validation.checks import PictureUnit, check_message
from gfv_sei.validation.rules import RULES, Finding


def validate(
    source: Source,
    syntax: str = AUTO,
    *,
    codec: str | None = None,
    on_syntax: Callable[[str, SyntaxChoice | None], None] | None = None,
) -> Iterator[Finding]:
    """Every rule that the GFV and GFVE messages of a stream break, in bitstream order, one at a time.

    ``on_syntax`` is called with the edition that the stream is checked against, and how it was chosen. On a pipe,
    which cannot be read twice, auto means vsei4.
    """
    choice = None
    if syntax == AUTO:
        syntax = DEFAULT
        if is_reopenable(source):
            with open_stream(source, codec) as stream:
                carried = MessageReader(stream).carried()
                choice = choose_syntax((m.payload_type, m.payload) for m in carried if not isinstance(m, Broken))
            syntax = choice.best
    edition_named(syntax)
    if on_syntax is not None:
        on_syntax(syntax, choice)
    with open_stream(source, codec) as stream:
        yield from _findings(MessageReader(stream, syntax), syntax)


def _findings(reader: MessageReader, syntax: str) -> Iterator[Finding]:
    state = DecodingState()
    unit, unit_au = PictureUnit(), -1
    codec = reader.codec.name
    for message in reader.carried():
        nal = message.nal
        place: dict[str, Any] = {"au": message.au, "nal": nal.index, "offset": nal.offset}
        if message.au != unit_au:
            yield from (found._replace(**where) for found, where in unit.finish())
            unit, unit_au = PictureUnit(), message.au
        if isinstance(message, Broken):
            yield Finding(RULES["SEI-001"], message.error.reason, **place)
            continue
        try:
            msg = parse_payload(message.payload_type, message.payload, syntax, state)
        except GfvError as error:
            rule = RULES["GFV-PRED-001" if isinstance(error, PredictionError) else "GFV-SYN-001"]
            yield Finding(
                rule,
                error.reason,
                bit=error.bit,
                element=error.element,
                value=error.value,
                allowed=error.allowed,
                **place,
            )
            continue
        yield from (found._replace(**place) for found in check_message(msg, codec))
        yield from (found._replace(**place) for found in unit.add(msg, place))
    yield from (found._replace(**where) for found, where in unit.finish())
