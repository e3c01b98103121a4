"""Reading one message for checks: as decoders do, and, where that fails, as far as it goes.

Reading is one thing, reporting another. ``strict`` reads as a decoder that refuses a message at the first thing that
is wrong in it; later messages then lack what they refer to, and that is reported, too. ``lenient`` goes on where a
value can still be used, finds everything that is wrong in one message, and keeps its values for later ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gfv_sei.errors import GfvError, PredictionError
from gfv_sei.meaning.state import UNIT_BITS, DecodingState
from gfv_sei.message import Message, advance, parse_payload
from gfv_sei.sei.identify import identify
from gfv_sei.syntax.editions import EDITIONS, edition_named
from gfv_sei.syntax.layout import NOTHING_INHERITED, GfveLayout, GfvLayout, Inherited
from gfv_sei.syntax.noting import REFERENCE, SIZE, LostError, Note, NotingCoder
from gfv_sei.syntax.payload_types import GFV, MESSAGE_TYPES, MessageType
from gfv_sei.syntax.reading import Element

LENIENT, STRICT = "lenient", "strict"
MODES = (LENIENT, STRICT)
"""How messages are read."""

OTHER_LAYOUT = "other layout"
"""A kind of note besides those of the coder: what is referred to is there, but of another layout."""


class Reading:
    """What came of reading one message.

    msg         the message; None where its values are not known
    fields      the elements that were read, at least
    notes       what was wrong
    refused     whether the message is dropped at the first note, so that nothing behind it counts
    uncertain   whether its values were predicted from others than the writer's, as a message in between was lost
    """

    __slots__ = ("_inherited", "_syntax", "fields", "msg", "notes", "payload", "payload_type", "refused", "uncertain")

    def __init__(self, payload_type: int, payload: bytes, syntax: str, inherited: Inherited) -> None:
        self.payload_type = payload_type
        self.payload = payload
        self.msg: Message | None = None
        self.fields: dict[str, Any] = {}
        self.notes: list[Note] = []
        self.refused = False
        self.uncertain = False
        self._syntax, self._inherited = syntax, inherited

    @property
    def elements(self) -> list[Element]:
        """The elements that can be read, in coding order."""
        coder = NotingCoder(self.payload, trace=True)
        self.again(coder)
        return coder.trace or []

    def bit(self, name: str, number: int = 0) -> int | None:
        """The position in the payload of the coded element of this name, the ``number``-th of an array."""
        coder = NotingCoder(self.payload, wanted=(name, number))
        self.again(coder)
        return coder.found

    def again(self, coder: NotingCoder, syntax: str | None = None) -> GfvLayout | GfveLayout | None:
        """Read once more, by another syntax if one is given; the layout, None where reading cannot go on."""
        edition = edition_named(syntax or self._syntax)
        describe = edition.describe(self.payload_type)
        try:
            layout: GfvLayout | GfveLayout = describe(coder, lambda *_: self._inherited)
        except LostError:
            return None
        coder.tail()
        return layout

    @property
    def place_alone(self) -> Reading:
        """The same without what was read: what ``bit`` needs, to be kept for later."""
        return Reading(self.payload_type, self.payload, self._syntax, self._inherited)

    @property
    def type(self) -> MessageType:
        """What messages of its payload type call their elements."""
        return MESSAGE_TYPES[self.payload_type]

    @property
    def identifier(self) -> tuple[int, ...] | None:
        """(gfv_id,) or (gfve_id, gfve_gfv_id); None where the payload does not get that far."""
        names = self.type.identifiers
        found = tuple(self.fields[name] for name in names if name in self.fields)
        return found if len(found) == len(names) else None

    @property
    def count(self) -> int | None:
        """gfv_cnt or gfve_gfv_cnt."""
        return self.fields.get(self.type.cnt)

    @property
    def base(self) -> bool:
        """Whether it is a base message, or could be one."""
        if self.count:
            return False
        return bool(self.fields.get(self.type.element("base_picture_flag"), 1))

    @property
    def refers_back(self) -> bool:
        """Whether its prediction, if it has any, is from the message before and not from the base message."""
        if self.count or self.payload_type != GFV:
            return bool(self.count)
        return not self.base and edition_named(self._syntax).driving_predicts_from == "previous"


def read(payload_type: int, payload: bytes, syntax: str, state: DecodingState, mode: str = LENIENT) -> Reading:
    """Read one GFV or GFVE payload; never fails, whatever is wrong with it."""
    try:
        msg = parse_payload(payload_type, payload, syntax, state)
    except GfvError as error:
        return _read_on(payload_type, payload, syntax, state, mode, error)
    found = Reading(payload_type, payload, syntax, msg.inherited or NOTHING_INHERITED)
    found.msg, found.fields = msg, msg.fields
    return found


def _read_on(
    payload_type: int, payload: bytes, syntax: str, state: DecodingState, mode: str, error: GfvError
) -> Reading:
    """Read again what was refused with ``error``."""
    own = identify(payload_type, payload).own
    found = Reading(payload_type, payload, syntax, state.inherited_by(*own) if own else NOTHING_INHERITED)
    coder = NotingCoder(payload)
    layout = found.again(coder)
    found.fields = coder.fields
    found.notes = coder.notes
    if layout is None:
        pass
    elif not found.notes:
        # The bits are all right, so it was the values that could not be derived.
        found.notes = [_of_error(error, found)]
    elif mode == LENIENT and _usable(layout):
        try:
            exact = advance(coder.fields, coder.arrays, layout, edition_named(syntax), state)
        except PredictionError as refused:
            found.notes.append(_of_error(refused, found))
        else:
            found.msg = msg = Message(payload_type, coder.fields)
            msg.syntax, msg.payload, msg.layout, msg.exact = syntax, payload, layout, exact
    if state.forgotten:
        found.notes = [
            note._replace(kind=SIZE, reason=f"cannot be judged: {state.forgotten}") if note.kind == REFERENCE else note
            for note in found.notes
        ]
    if mode == STRICT:
        found.refused = True
        del found.notes[1:]
    return found


def other_editions(reading: Reading, syntax: str) -> Iterator[str]:
    """The editions besides ``syntax`` by which a GFV payload has nothing wrong in it, given what came before."""
    for name in EDITIONS if reading.payload_type == GFV else ():
        if name != syntax:
            coder = NotingCoder(reading.payload)
            layout = reading.again(coder, name)
            odd = {"payload_trailing_bits", "reserved_payload_extension_data"} & set(coder.fields)
            if layout is not None and not coder.notes and not odd:
                yield name


def _usable(layout: GfvLayout | GfveLayout) -> bool:
    """Whether values can be computed with the precisions of a message."""
    parts: list[Any] = [layout.matrices, layout.coordinates if isinstance(layout, GfvLayout) else layout.pupils]
    return all(part is None or (part.precision or 0) <= UNIT_BITS for part in parts)


def _of_error(error: GfvError, reading: Reading) -> Note:
    element = error.element or ""
    return Note(OTHER_LAYOUT, error.reason, element, reading.bit(element) or 0, error.value, error.allowed)
