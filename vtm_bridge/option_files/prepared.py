"""Records to export, made ready: their payloads, and the messages read from these with the encoder's state."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError, MessageError, PlanError
from gfv_sei.meaning.quirks import WRITERS, quirks_of
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.stream.inject import PayloadWriter
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES
from gfv_sei.wording import counted
from vtm_bridge.option_files.options import Dialect
from vtm_bridge.option_files.translation import translated

Record = dict[str, Any]


class Prepared(NamedTuple):
    """One record: its number, its payload, the message read from it, the values that were asked for."""

    number: int
    payload_type: int
    payload: bytes
    message: Message
    wanted: dict[str, Any]
    network: bytes | None

    @property
    def base(self) -> int:
        """Whether it is a base message."""
        assert self.message.layout is not None
        return self.message.layout.base


def refuse(one: Prepared, dialect: Dialect, why: str, element: str, value: Any, allowed: str) -> MessageError:
    """The error for what an option file cannot say."""
    return MessageError(
        f"cannot be said in an option file of {dialect.title}: {why}",
        record=one.number,
        element=element,
        value=value,
        allowed=allowed,
    )


def pick(records: Iterable[Record], au: int | None, notes: list[str]) -> tuple[int, list[tuple[int, Record]], bool]:
    """The access unit to export, its records with their numbers, and whether there are records of earlier ones."""
    picked: list[tuple[int, Record]] = []
    left: dict[int, int] = {}
    others = 0
    for number, record in enumerate(records):
        if not isinstance(record, dict) or record.get("payload_type") not in (GFV, GFVE):
            others += 1
            continue
        unit = record.get("au", 0)
        if type(unit) is not int or unit < 0:
            raise PlanError(f"record {number} must say its access unit, a number from 0", element="au", value=unit)
        if au is None:
            au = unit
        if unit == au:
            picked.append((number, record))
        else:
            left[unit] = left.get(unit, 0) + 1
    if not picked:
        where = "" if au is None else f" of access unit {au}"
        have = f"; there are some of {', '.join(map(str, sorted(left)[:10]))}" if left else ""
        raise PlanError(f"no GFV or GFVE messages{where} to export{have}")
    if left:
        notes.append(
            f"exported the messages of access unit {au} alone, as an encoder puts all of an option file on one "
            f"picture; left out {counted(sum(left.values()), 'message')} "
            f"of {counted(len(left), 'other access unit')}"
        )
    if others:
        notes.append(f"left out {counted(others, 'record')} of other payload types")
    assert au is not None
    return au, picked, min(left, default=au) < au


def prepare(
    picked: list[tuple[int, Record]], dialect: Dialect, notes: list[str], earlier: bool = False
) -> list[Prepared]:
    """The payload of each record as the encoder writes it, and the message in it."""
    writer = PayloadWriter(dialect.syntax, dialect.name)
    reading = DecodingState(quirks_of(WRITERS, dialect.name))
    raw = DecodingState()
    found = []
    for number, record in picked:
        payload_type = record["payload_type"]
        try:
            message, values = record.get("message"), record.get("values")
            if message is None and values is None:
                message = _parsed_hex(record, raw).to_dict()
            complete = isinstance(message, dict) and MESSAGE_TYPES[payload_type].always_coded in message
            header = _header(record, message, values, complete)
            header, changed = translated(header, dialect, complete)
            if changed:
                text = f"messages were translated to {dialect.syntax}, which {dialect.title} writes"
                notes.extend([text] if text not in notes else [])
            given = {"message": header} | ({} if complete else {"values": values})
            _, payload = writer.payload({"payload_type": payload_type, **given})
            read = parse_payload(payload_type, payload, dialect.syntax, reading)
            network = _network_bytes(header, read, payload_type)
        except GfvError as error:
            error.at(record=number)
            if "came before" in error.reason and earlier:
                error.reason += "; messages of earlier access units are not in the option file"
            raise
        wanted = values if isinstance(values, dict) and not complete else {}
        found.append(Prepared(number, payload_type, payload, read, wanted, network))
    return found


def _header(record: Record, message: Any, values: Any, complete: bool) -> dict[str, Any]:
    if message is not None and not isinstance(message, dict):
        raise MessageError("must be an object", element="message")
    if complete and message is not None:
        return dict(message)
    named: dict[str, Any] = {}
    for one in (record, values, message):
        if isinstance(one, dict):
            named |= {k: v for k, v in one.items() if isinstance(k, str) and k.startswith(("gfv_", "gfve_"))}
    return named


def _parsed_hex(record: Record, state: DecodingState) -> Message:
    try:
        payload = bytes.fromhex(record.get("payload_hex"))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise MessageError(f"a record needs message, values or payload_hex: {error}", element="record") from None
    syntax = record.get("syntax")
    return parse_payload(record["payload_type"], payload, syntax if isinstance(syntax, str) else DEFAULT, state)


def _network_bytes(header: dict[str, Any], read: Message, payload_type: int) -> bytes | None:
    name = MESSAGE_TYPES[payload_type].element("nn_payload_byte")
    found = read.fields.get(name, header.get(name))
    if isinstance(found, str):
        return base64.b64decode(found)
    return found if isinstance(found, bytes) else None
