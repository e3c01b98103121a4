"""gfv payload"""

from __future__ import annotations

import binascii
import json
import re
from pathlib import Path

import click

from gfv_sei.cli.names import AUTO, any_syntax, message_type
from gfv_sei.cli.options import examples, is_file, note, read_whole, write_as_option, write_out, write_syntax_option
from gfv_sei.syntax.payload_types import GFV

_HEX = re.compile(rb"\s*(?:0[xX])?(?:[0-9a-fA-F]{2}[\s:]*)+")

payload_type_option = click.option(
    "--payload-type", type=message_type, default=GFV, show_default=True, help="Type of the payload: GFV or GFVE."
)


@click.group("payload")
def command() -> None:
    """Read or write one SEI payload, without a stream around it."""


@command.command(
    "decode",
    epilog=examples(
        "gfv payload decode 36d4d11903107d06604c40 --format trace",
        "gfv payload decode 36d4d11903107d06604c40 > message.json",
    ),
)
@click.argument("payloads", metavar="[PAYLOAD]...", nargs=-1)
@payload_type_option
@click.option(
    "--syntax",
    type=any_syntax,
    default="auto",
    show_default=True,
    help="Edition of the GFV syntax; auto picks one that fits.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("json", "trace")),
    default="json",
    show_default=True,
    help="One JSON object per payload, or one line per syntax element.",
)
@click.option("--elements", is_flag=True, help="Add a list of the coded elements to the JSON.")
def decode(payloads: tuple[str, ...], payload_type: int, syntax: str, output_format: str, elements: bool) -> None:
    """Decode a PAYLOAD and show its content.

    PAYLOAD is hex digits, or a file of hex digits or bytes (- or nothing: standard input), without payload type, size
    or emulation prevention. Several payloads are decoded in order with one state, like the messages of a stream. In a
    file of hex digits, each line is a payload if every line is a complete one, as payload encode writes them; otherwise
    the whole file is one payload.
    """
    from gfv_sei.cli.trace import trace_lines
    from gfv_sei.errors import GfvError
    from gfv_sei.meaning.state import DecodingState
    from gfv_sei.message import parse_payload
    from gfv_sei.stream.records import describe
    from gfv_sei.stream.syntax_choice import choose_syntax

    data = [payload for given in payloads or ("-",) for payload in _read_payloads(given, payload_type, syntax)]
    choice = choose_syntax((payload_type, payload) for payload in data) if syntax == AUTO else None
    if choice is not None:
        syntax = choice.best
    state = DecodingState()
    for index, payload in enumerate(data):
        try:
            msg = parse_payload(payload_type, payload, syntax, state)
        except GfvError as error:
            raise error.at(file=f"payload {index}" if len(data) > 1 else None) from None
        if output_format == "trace":
            write_out("".join(trace_lines(msg, bits=True)))
        else:
            record = {"payload_type": payload_type, "payload_size": len(payload), "syntax": syntax}
            write_out(json.dumps(describe(record, msg, elements)) + "\n")
    if choice is not None:
        note(f"syntax {choice.in_words}")


@command.command("encode", epilog=examples("gfv payload encode message.json"))
@click.argument("messages", metavar="[MESSAGE]...", nargs=-1)
@payload_type_option
@write_syntax_option
@write_as_option
@click.option("--binary", is_flag=True, help="Write bytes instead of one line of hex digits per payload.")
def encode(messages: tuple[str, ...], payload_type: int, syntax: str, compat: str | None, binary: bool) -> None:
    """Encode a MESSAGE as a payload.

    MESSAGE is JSON, or a file with one JSON object per line (- or nothing: standard input). The object is the message
    object of a record, or a record with message or values. The payload_type of a record overrides the option.
    """
    from gfv_sei.stream.inject import PayloadWriter

    writer = PayloadWriter(syntax, compat)
    for given in messages or ("-",):
        for record in _read_messages(given):
            if not {"message", "values", "payload_hex"} & record.keys():
                record = {"message": record}
            _, payload = writer.payload({"payload_type": payload_type, **record})
            write_out(payload if binary else payload.hex() + "\n")


def hex_payload(text: str | bytes) -> bytes | None:
    """The bytes that hex digits stand for, with or without 0x, spaces and colons; None if it is no such text."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    if not _HEX.fullmatch(data):
        return None
    return binascii.unhexlify(re.sub(rb"^\s*0[xX]|[\s:]", b"", data))


def _read_payloads(given: str, payload_type: int, syntax: str) -> list[bytes]:
    if given != "-" and not is_file(given) and (payload := hex_payload(given)) is not None:
        return [payload]
    data = _read(given)
    whole = hex_payload(data)
    if whole is None:
        return [data]
    lines = [payload for line in data.splitlines() if (payload := hex_payload(line))]
    return lines if b"".join(lines) == whole and _are_whole(lines, payload_type, syntax) else [whole]


def _are_whole(payloads: list[bytes], payload_type: int, syntax: str) -> bool:
    """Whether each can be read as a payload; parts of one, as tools that print hex digits break lines, cannot."""
    from gfv_sei.errors import GfvError
    from gfv_sei.meaning.state import DecodingState
    from gfv_sei.message import parse_payload
    from gfv_sei.stream.syntax_choice import choose_syntax

    if syntax == AUTO:
        syntax = choose_syntax((payload_type, payload) for payload in payloads).best
    state = DecodingState()
    try:
        for payload in payloads:
            parse_payload(payload_type, payload, syntax, state)
    except GfvError:
        return False
    return True


def _read_messages(given: str) -> list[dict[str, object]]:
    from gfv_sei.errors import MessageError

    text = given.encode() if given.lstrip().startswith("{") else _read(given)
    try:
        whole = json.loads(text)
        found = whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise MessageError(f"not JSON: {error}") from None
    if not all(isinstance(record, dict) for record in found):
        raise MessageError("a message is a JSON object")
    return found


def _read(given: str) -> bytes:
    from gfv_sei.errors import GfvError
    from gfv_sei.stream.source import standard_input

    if given == "-":
        return read_whole(standard_input(), "standard input")
    if not given:
        raise GfvError("an empty argument is neither hex digits nor the name of a file")
    try:
        with Path(given).open("rb") as file:
            return read_whole(file, given)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        if _HEX.fullmatch(f"{given}0".encode("utf-8", "surrogateescape")):
            reason = "its last byte lacks a digit"
        raise GfvError(f"neither hex digits nor a file that can be read: {given[:80]}: {reason}") from None
