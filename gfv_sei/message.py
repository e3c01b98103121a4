"""One GFV or GFVE message: its syntax elements, its bits, and what it means.

msg = parse_payload(223, payload, syntax="vsei4", state=state)
payload = write_payload(msg, syntax="vsei4", state=state)
"""

from __future__ import annotations

import binascii
from contextlib import suppress
from typing import Any

from gfv_sei.errors import GfvError, MessageError, PayloadError, PredictionError
from gfv_sei.meaning.derive import derive_gfv, derive_gfve
from gfv_sei.meaning.encode import encode_gfv, encode_gfve
from gfv_sei.meaning.reserved import is_reserved
from gfv_sei.meaning.sharing import scaled
from gfv_sei.meaning.state import UNIT_BITS, DecodingState, Values
from gfv_sei.syntax.coder import Arrays, nest
from gfv_sei.syntax.editions import DEFAULT, Edition, edition_named
from gfv_sei.syntax.layout import GfveLayout, GfvLayout, Inherited
from gfv_sei.syntax.noting import LostError, NotingCoder
from gfv_sei.syntax.parts import PAYLOAD_BYTES
from gfv_sei.syntax.payload_types import GFV, GFVE, KNOWN_TYPES, MESSAGE_TYPES, MessageType
from gfv_sei.syntax.reading import Element, Known, ReadingCoder
from gfv_sei.syntax.writing import WritingCoder
from gfv_sei.wording import in_short

ALIASES = {
    "gfv_base_pic_flag": "gfv_base_picture_flag",
    "gfv_drive_pic_fusion_flag": "gfv_fusion_pic_flag",
    "gfv_mode_idc": "gfv_nn_mode_idc",
    "gfv_uri_tag": "gfv_nn_tag_uri",
    "gfv_uri": "gfv_nn_uri",
    "gfve_mode_idc": "gfve_nn_mode_idc",
    "gfve_uri_tag": "gfve_nn_tag_uri",
    "gfve_nn_uri_tag": "gfve_nn_tag_uri",
    "gfve_uri": "gfve_nn_uri",
}
"""Names that reference software or its error messages use, taken on input for those of the standard."""

UNIT = 1 / (1 << UNIT_BITS)


class Message:
    """One message.

    payload_type   223 (GFV) or 224 (GFVE)
    syntax         name of the edition it was read with; None for a message that was made and not read
    fields         syntax elements by name, arrays as nested lists, absent elements left out, bytes as bytes
    payload        the bits it was read from, without emulation prevention; None if made
    layout         precisions, counts and sizes in force for it; None if made
    inherited      what the messages before it left for it, when it was read; None if made
    exact          its values in units of 2^-32; None if made
    """

    __slots__ = (
        "_elements",
        "exact",
        "fields",
        "inherited",
        "layout",
        "payload",
        "payload_type",
        "set_to_base",
        "syntax",
    )

    def __init__(self, payload_type: int, fields: dict[str, Any]) -> None:
        self.payload_type = payload_type
        self.fields = fields
        self.syntax: str | None = None
        self.payload: bytes | None = None
        self.layout: GfvLayout | GfveLayout | None = None
        self.exact: Values | None = None
        self.set_to_base = False  # the base flag as a setting; of interest to the quirks of reference encoders
        self.inherited: Inherited | None = None
        self._elements: list[Element] | None = None  # where they were asked for on reading

    def __repr__(self) -> str:
        return f"<{self.type.structure} {self.identifier} cnt {self.count}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.payload_type == other.payload_type and self.fields == other.fields

    __hash__ = None  # type: ignore[assignment]  # its fields can change

    @property
    def type(self) -> MessageType:
        """What messages of its payload type call their elements."""
        return MESSAGE_TYPES[self.payload_type]

    @property
    def identifier(self) -> tuple[Any, ...]:
        """(gfv_id,) or (gfve_id, gfve_gfv_id)."""
        return tuple(map(self.fields.get, self.type.identifiers))

    @property
    def count(self) -> Any:
        """gfv_cnt or gfve_gfv_cnt."""
        return self.fields.get(self.type.cnt)

    @property
    def ignored(self) -> str | None:
        """Why a decoder shall ignore this message, None if it shall not (semantics of gfv_id and gfve_id)."""
        name = self.type.identifiers[0]
        value = self.fields.get(name)
        return f"{name} {value} is reserved" if isinstance(value, int) and is_reserved(value) else None

    @property
    def elements(self) -> list[Element]:
        """(name, value, bits, descriptor) of every coded element in coding order, of a message that was read.

        Alignment bits and payload bytes are listed one by one; the bits add up to the length of the payload.
        """
        if self.payload is None or self.syntax is None:
            raise GfvError("a message that was made has no bits yet; write it and read it to see its elements")
        if self._elements is not None:
            return self._elements
        inherited = self.inherited
        reader = ReadingCoder(self.payload, trace=True)
        _description(edition_named(self.syntax), self.payload_type)(reader, lambda *_: inherited)
        reader.tail()
        assert reader.trace is not None
        return reader.trace

    @property
    def values(self) -> dict[str, Any]:
        """What the message means after prediction, as the ``values`` object of a JSON Lines record."""
        found: dict[str, Any] = {}
        if self.exact is None or self.layout is None:
            return found
        if self.exact.coordinates is not None:
            columns = [scaled(column, UNIT) for column in self.exact.coordinates]
            found["coordinates"] = [list(point) for point in zip(*columns, strict=True)]
        if self.exact.matrices is not None and self.layout.matrices is not None:
            found["matrices"] = []
            typed = zip(self.layout.matrices.types, self.exact.matrices, strict=True)
            nested = [(kind.type_idx, nest(scaled(flat, UNIT), kind.size)) for kind, flat in typed]
            if self.payload_type == GFVE:
                found["matrices"] = [{"elements": [matrix for _, one in nested for matrix in one]}]
            else:
                found["matrices"] = [{"type": type_idx, "elements": elements} for type_idx, elements in nested]
        if self.exact.pupils is not None:
            x0, y0, x1, y1 = (value * UNIT for value in self.exact.pupils)
            found["pupils"] = {"left": [x0, y0], "right": [x1, y1]}
        return found

    def to_dict(self) -> dict[str, Any]:
        """The ``message`` object of a JSON Lines record: lossless, bytes as base64."""
        return {
            name: binascii.b2a_base64(value, newline=False).decode() if isinstance(value, bytes) else value
            for name, value in self.fields.items()
        }


def message_from_dict(payload_type: int, d: dict[str, Any]) -> Message:
    """The message that ``to_dict`` made ``d`` from. Whether its elements fit together is found when it is written."""
    if type(payload_type) is not int or payload_type not in MESSAGE_TYPES:
        raise MessageError("no message type of ours", element="payload_type", value=payload_type, allowed=KNOWN_TYPES)
    if not isinstance(d, dict) or not set(map(type, d)) <= {str}:
        raise MessageError("a message is an object from element names to values", element="message")
    fields = dict(d)
    for given in ALIASES.keys() & fields.keys():
        name = ALIASES[given]
        if name in fields:
            raise MessageError(f"is given twice, once as {given}", element=name)
        fields[name] = fields.pop(given)
    for name in PAYLOAD_BYTES:
        value = fields.get(name)
        if isinstance(value, str):
            try:
                fields[name] = binascii.a2b_base64(value, strict_mode=bool(value))
            except (binascii.Error, ValueError) as error:
                raise MessageError(f"is not base64: {error}", element=name) from None
    return Message(payload_type, fields)


def parse_payload(
    payload_type: int,
    payload: bytes,
    syntax: str = DEFAULT,
    state: DecodingState | None = None,
    *,
    derive: bool = True,
    trace: bool = False,
    arrays: Known | None = None,
) -> Message:
    """Read one SEI payload (without type, size and emulation prevention).

    ``state`` carries what earlier messages of the stream left for prediction and moves on; without one the message
    stands alone. With ``trace`` its elements are recorded on the way, and need not be read again. With ``derive`` off
    only the syntax is read: no values, no move of the state. Who reads the same payload along several editions gives
    each time the same ``arrays``, at first an empty dictionary, so that what they have in common is read once. Raises
    PayloadError where the bits do not follow the syntax, PredictionError where they refer to values that are not there,
    TooLargeError where they announce more than is read of one message (:mod:`gfv_sei.syntax.limit`).
    """
    edition = edition_named(syntax)
    describe = _description(edition, payload_type)
    if not isinstance(payload, (bytes, bytearray, memoryview)):
        raise PayloadError("a payload is bytes", element="payload", value=in_short(payload))
    state = _given(state)
    reader = ReadingCoder(bytes(payload), trace, arrays)
    try:
        layout = describe(reader, state.inherited_by)
        reader.tail()
    except GfvError as error:
        if error.bit is None and derive:  # who reads the syntax alone only asks whether it fits
            error.with_traceback(None)
            del reader  # what was read before it can go
            error.bit = _place_of_refused(bytes(payload), describe, state)
        raise _explained(error, state).at(clause=_clause(payload_type, syntax)) from None
    msg = Message(payload_type, reader.fields)
    msg.syntax = edition.name
    msg._elements = reader.trace
    msg.payload = reader.data
    msg.layout = layout
    msg.inherited = state.inherited_by(*layout.identifier)
    if derive:
        msg.exact = advance(reader.fields, reader.arrays, layout, edition, state)
    return msg


def _place_of_refused(payload: bytes, describe: Any, state: DecodingState) -> int:
    """The first bit of the element that is refused only when others were read behind it.

    Positions are not kept while messages are read, so this one is read once more, by a coder that keeps them.
    """
    again = NotingCoder(payload)
    with suppress(LostError):
        describe(again, state.inherited_by)
    return again.notes[-1].bit


def message_from_values(
    payload_type: int,
    header: dict[str, Any],
    values: dict[str, Any],
    syntax: str = DEFAULT,
    state: DecodingState | None = None,
) -> Message:
    """A message that means ``values`` (the object of a JSON Lines record), to be written next with the same state.

    ``header`` holds the syntax elements that are chosen: gfv_id, gfv_cnt, precisions; what it does not say follows
    (:mod:`gfv_sei.meaning.encode`). A state made with :data:`gfv_sei.meaning.quirks.WRITERS` gives the bits of a
    reference encoder.
    """
    edition = edition_named(syntax)
    header = message_from_dict(payload_type, header).fields
    if not isinstance(values, dict):
        raise MessageError("must be an object", element="values")
    state = _given(state)
    encode = encode_gfv if payload_type == GFV else encode_gfve
    msg = Message(payload_type, encode(header, values, edition, state))
    msg.set_to_base = bool(header.get("gfv_base_picture_flag"))
    return msg


def write_payload(msg: Message, syntax: str = DEFAULT, state: DecodingState | None = None) -> bytes:
    """Write one message as an SEI payload, with its alignment bits.

    ``state`` as in parse_payload, of the writer's side. Raises MessageError where an element is missing, has a
    value out of range, or has no place in the message; PredictionError where it predicts from nothing.
    """
    edition = edition_named(syntax)
    if not isinstance(msg, Message):
        raise MessageError("is no message; message_from_dict makes one", element="msg", value=in_short(msg))
    describe = _description(edition, msg.payload_type)
    state = _given(state)
    writer = WritingCoder(msg.fields, state.quirks.network_everywhere)
    try:
        layout = describe(writer, state.inherited_by)
        writer.tail()
        payload = writer.getvalue()
    except GfvError as error:
        raise _explained(error, state).at(clause=_clause(msg.payload_type, syntax)) from None
    advance(msg.fields, writer.arrays, layout, edition, state, msg.set_to_base)
    return payload


def _given(state: DecodingState | None) -> DecodingState:
    """The state that the caller goes on with, or one that is empty."""
    if state is None:
        return DecodingState()
    if not isinstance(state, DecodingState):
        raise GfvError("is no state of prediction", element="state", value=in_short(state), allowed="a DecodingState")
    return state


def _clause(payload_type: int, syntax: str) -> str:
    return f"H.274 {MESSAGE_TYPES[payload_type].structure}( ), {syntax}"


def _explained(error: GfvError, state: DecodingState) -> GfvError:
    """The error; if it is a reference that is missing, and the state has forgotten some, with that."""
    if isinstance(error, PredictionError) and state.forgotten:
        error.reason += f"; or it is forgotten: {state.forgotten}"
    return error


def advance(
    fields: dict[str, Any],
    arrays: Arrays,
    layout: GfvLayout | GfveLayout,
    edition: Edition,
    state: DecodingState,
    set_to_base: bool = False,
) -> Values:
    """Derive the values of a message, and make them what the next message predicts from."""
    if isinstance(layout, GfvLayout):
        face = state.face(*layout.identifier)
        face.set_to_base = set_to_base
        values = derive_gfv(arrays, layout, face, edition.driving_predicts_from)
        state.keep(layout.identifier, face)
        return values
    enhancement = state.enhancement(*layout.identifier)
    values = derive_gfve(fields, arrays, layout, enhancement)
    state.keep(layout.identifier, enhancement)
    return values


def _description(edition: Edition, payload_type: int) -> Any:
    if type(payload_type) is not int or payload_type not in MESSAGE_TYPES:
        value = in_short(payload_type)
        raise PayloadError("no message type of ours", element="payload_type", value=value, allowed=KNOWN_TYPES)
    return edition.describe(payload_type)
