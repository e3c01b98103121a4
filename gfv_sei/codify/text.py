"""Python that makes messages through the public interface of gfv_sei."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gfv_sei._version import __version__
from gfv_sei.codify.absolute import absolute
from gfv_sei.codify.history import needed, replayed
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, message_from_dict, parse_payload, write_payload

_WIDTH = 100


class Program:
    """A program with a test function for each message that is given to ``test``.

    syntax   the edition of all messages
    alone    code messages absolutely, so that they need no others where the syntax allows it
    """

    def __init__(self, syntax: str, alone: bool = False) -> None:
        self.syntax, self.alone = syntax, alone
        self._names: Counter[str] = Counter()

    def head(self, origin: str) -> str:
        """The beginning; ``origin`` says in words where the messages are from."""
        return (
            f"# {ascii(origin)[1:-1]}, syntax {self.syntax}. Printed by gfv codify {__version__}.\n\nimport gfv_sei\n"
        )

    def test(self, message: Message, earlier: Sequence[bytes], au: int | None = None) -> str:
        """The function for a message that was read behind ``earlier`` ones.

        Raises GfvError if the message cannot be written with the same bits.
        """
        payload = message.payload
        assert payload is not None
        payload_type = message.payload_type
        if self.alone:
            state = replayed(payload_type, earlier, self.syntax)
            payload = write_payload(absolute(message, self.syntax, state), self.syntax, state)
        before = needed(payload_type, earlier, payload, self.syntax)
        return "".join(self._function(payload_type, [*before, payload], message, au))

    def _function(self, payload_type: int, payloads: list[bytes], message: Message, au: int | None) -> Iterator[str]:
        where = "" if au is None else f" of access unit {au}"
        yield f"\n\ndef {self._name(message, au)}() -> None:\n"
        yield f'    """{message.type.structure}, {_whose(message)}{where}."""\n'
        yield "    state = gfv_sei.DecodingState()\n"
        reading, writing = DecodingState(), DecodingState()
        for number, payload in enumerate(payloads):
            msg = parse_payload(payload_type, payload, self.syntax, reading)
            if write_payload(message_from_dict(payload_type, msg.to_dict()), self.syntax, writing) != payload:
                raise GfvError(f"the message is written with other bits than it has: {payload.hex()}", au=au)
            if number < len(payloads) - 1:
                yield f"    # Needed for prediction: {_whose(msg)}.\n"
            yield f"    message = gfv_sei.message_from_dict(\n        {payload_type},\n"
            yield f"        {_literal(msg.to_dict(), 8)},\n    )\n"
            expected = _literal(payload.hex(), 4, 72)
            yield f'    assert gfv_sei.write_payload(message, "{self.syntax}", state).hex() == {expected}\n'

    def _name(self, message: Message, au: int | None) -> str:
        words = ["test", *(["au", au] if au is not None else []), message.type.prefix]
        name = "_".join(map(str, (*words, *message.identifier, "cnt", message.count)))
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}_again_{self._names[name] - 1}"


def _whose(message: Message) -> str:
    return ", ".join(f"{name} {message.fields[name]}" for name in message.type.identifying)


def _literal(value: Any, indent: int, before: int = 48) -> str:
    """A value of JSON as Python, in lines that fit, set in by ``indent`` behind the first, which is ``before`` long."""
    plain = _plain(value)
    if len(plain) + before <= _WIDTH:
        return plain
    inner = indent + 4
    pad, end = "\n" + " " * inner, "\n" + " " * indent
    if isinstance(value, str):
        size = _WIDTH - inner - 2
        pieces = [_plain(value[at : at + size]) for at in range(0, len(value), size)]
        return f"({pad}{pad.join(pieces)}{end})"
    if isinstance(value, dict):
        entries = [f"{_plain(name)}: {_literal(one, inner)}," for name, one in value.items()]
        return f"{{{pad}{pad.join(entries)}{end}}}"
    if any(isinstance(one, (list, dict)) for one in value):
        return f"[{pad}{pad.join(f'{_literal(one, inner)},' for one in value)}{end}]"
    lines: list[str] = []
    line = ""
    for one in value:
        word = f"{_plain(one)},"
        if line and inner + len(line) + 1 + len(word) > _WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return f"[{pad}{pad.join([*lines, line])}{end}]"


def _plain(value: Any) -> str:
    """As Python on one line; text in double quotes where it has none of its own."""
    if isinstance(value, str):
        text = ascii(value)
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(name)}: {_plain(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return repr(value)
