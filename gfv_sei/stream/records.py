"""Reading the messages of a stream as records of JSON Lines.

The syntax is found on the way (``auto``): the first messages are read along every edition, and the best one is taken.
Should a later message not fit it, although another edition had fitted as well until then, the stream is looked at as
a whole; a caller that can start again is told to, by SyntaxChangedError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError, StreamError
from gfv_sei.meaning.quirks import READERS, quirks_of
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.codec import Codec
from gfv_sei.nal.escape import unescape
from gfv_sei.nal.picture_order import AccessUnit
from gfv_sei.sei.framing import SeiMessages, split_messages
from gfv_sei.sei.nesting import is_nesting, nested_messages
from gfv_sei.sei.payload_types import set_of_types
from gfv_sei.stream.order import Delayed, Held, Shelf
from gfv_sei.stream.scanner import NalUnit, Scanner
from gfv_sei.stream.source import Opened, Source, is_reopenable, open_stream
from gfv_sei.stream.survey import Survey
from gfv_sei.stream.syntax_choice import SyntaxChoice, choose_syntax, oddities
from gfv_sei.syntax.editions import edition_named
from gfv_sei.syntax.payload_types import GFV, MESSAGE_TYPES
from gfv_sei.wording import in_short

Record = dict[str, Any]

AUTO = "auto"
RAISE, RECORD = "raise", "record"
OURS = frozenset(MESSAGE_TYPES)

# With auto: messages, and bytes of them, that are looked at before the first record comes out.
_FIRST_MESSAGES = 64
_FIRST_BYTES = 1 << 20


class SyntaxChangedError(GfvError):
    """The stream as a whole may be of another syntax than its start looked like; ``choice`` says which it is."""

    def __init__(self, choice: SyntaxChoice) -> None:
        super().__init__(f"the stream as a whole fits {choice.best}; read it with that syntax")
        self.choice = choice


class Carried(NamedTuple):
    """One SEI message and where it stands.

    nested_in   payloadType of the nesting message around it
    scope       header of that, if it lists what its messages are for: layers, views, subpictures, operation points
    """

    au: int
    nal: NalUnit
    payload_type: int
    payload: bytes
    nested_in: int | None = None
    scope: bytes = b""


class Broken(NamedTuple):
    """An SEI NAL unit that cannot be taken apart."""

    au: int
    nal: NalUnit
    error: StreamError


def sei_messages(
    codec: Codec, nal: NalUnit, au: int, payload_types: Collection[int] | None = None
) -> Iterator[Carried | Broken]:
    """The messages of an SEI NAL unit, nested ones too; of some payload types or of all."""
    rbsp = unescape(nal.data[codec.header_bytes :])
    try:
        yield from _carried(codec, nal, au, rbsp, split_messages(rbsp), payload_types)
    except StreamError as error:
        yield Broken(au, nal, error)


def _carried(
    codec: Codec,
    nal: NalUnit,
    au: int,
    data: bytes,
    messages: SeiMessages,
    payload_types: Collection[int] | None,
    nested_in: int | None = None,
    scope: bytes = b"",
) -> Iterator[Carried | Broken]:
    for message in messages:
        payload_type = message.payload_type
        wanted = payload_types is None or payload_type in payload_types
        nesting = nested_in is None and is_nesting(codec, payload_type)
        if not wanted and not nesting:
            continue
        payload = data[message.payload : message.end]
        if wanted:
            yield Carried(au, nal, payload_type, payload, nested_in, scope)
        if nesting:
            inner = nested_messages(codec, payload_type, payload)
            header = payload[: inner.messages.start] if inner.partial else b""
            yield from _carried(codec, nal, au, payload, inner.messages, payload_types, payload_type, header)


class MessageReader:
    """Reads the records of one open stream.

    syntax      the edition that is used; known once the first record is out
    others      editions that fitted as well
    looked_at   how many messages they were told by
    whole       whether these are all messages of the stream
    watchful    whether a message that does not fit ends the reading with SyntaxChangedError
    units       the counter of access units, whose numbers hold for the part of the stream that was read
    message     the message of the last record; None if it has none
    any_read    whether a message could be read
    """

    def __init__(
        self,
        stream: Opened,
        syntax: str = AUTO,
        *,
        payload_types: Collection[int] | None = OURS,
        elements: bool = False,
        errors: str = RAISE,
        survey: Survey | None = None,
        compat: str | None = None,
        tracing: bool = False,
        order: bool = False,
        shared: bool = False,
    ) -> None:
        """Begin at the start of a stream; ``survey`` counts on the way, the rest is as in ``read_messages``."""
        self.stream = stream
        self.codec = stream.codec
        self.syntax = None if syntax == AUTO else edition_named(syntax).name
        self.others: list[str] = []
        self.looked_at = 0
        self.whole = False
        self.watchful = False
        self.payload_types = None if payload_types is None else set_of_types(payload_types)
        if errors not in (RAISE, RECORD):
            raise GfvError("unknown", element="errors", value=in_short(errors), allowed=f"{RAISE}, {RECORD}")
        self.elements = elements
        self.shared = shared
        self.tracing = tracing
        self.errors = errors
        self.state = DecodingState(quirks_of(READERS, compat))
        self.message: Message | None = None
        self.any_read = False
        self.units = AccessUnits(stream.codec, order=order)
        self.order = order
        self.unit: AccessUnit | None = None
        self.survey = survey
        self.scanner = Scanner(stream, stream.codec)

    def carried(self) -> Iterator[Carried | Broken]:
        """All messages that are asked for, as they stand in the stream."""
        feed = self.units.feed
        sei_types = self.codec.sei_types
        survey = self.survey
        for nal in self.scanner:
            au = feed(nal.nal_type, nal.layer_id, nal.data)
            if survey is not None:
                survey.nal(nal)
            nal.unit = self.units.unit
            if nal.nal_type in sei_types:
                yield from sei_messages(self.codec, nal, au, self.payload_types)

    def __iter__(self) -> Iterator[Record]:
        return self._in_order() if self.order else self._records()

    def _in_order(self) -> Iterator[Record]:
        """The records with ``poc`` and ``display``, each as soon as its place in output order is settled."""
        delayed: Delayed[Held] = Delayed()
        with Shelf() as shelf:
            for record in self._records():
                assert self.unit is not None
                delayed.put(self.unit, shelf.put(record))
                del record
                yield from _placed(delayed, shelf)
            self.units.finish()
            yield from _placed(delayed, shelf)

    def _records(self) -> Iterator[Record]:
        messages = self.carried()
        if self.syntax is None:
            first = self._choose(messages)
            messages = chain(first, messages)
        for message in messages:
            self.unit = message.nal.unit
            yield self.record(message)

    def _choose(self, messages: Iterator[Carried | Broken]) -> list[Carried | Broken]:
        """Look at the first messages to choose the syntax, and give them back."""
        choice = SyntaxChoice()
        first: list[Carried | Broken] = []
        size = 0
        self.whole = True
        for message in messages:
            first.append(message)
            if isinstance(message, Carried):
                choice.add(message.payload_type, message.payload)
                size += len(message.payload)
            if len(first) >= _FIRST_MESSAGES or size >= _FIRST_BYTES:
                self.whole = False
                break
        self.adopt(choice)
        return first

    def adopt(self, choice: SyntaxChoice) -> None:
        """Read along the edition that was chosen."""
        choice.decided()
        self.syntax, self.others, self.looked_at = choice.best, choice.equals, choice.messages

    def record(self, message: Carried | Broken) -> Record:
        """One message as a record."""
        self.message = None  # a large one is not to be there beside the next
        if self.survey is not None:
            if isinstance(message, Broken):
                self.survey.broken += 1
            else:
                self.survey.message(message.payload_type, len(message.payload))
        found = self._place(message.au, message.nal)
        if isinstance(message, Broken):
            found["error"] = self._recorded(message.error, message)
            return found
        found["payload_type"] = message.payload_type
        found["payload_size"] = len(message.payload)
        if message.nested_in is not None:
            found["nested_in"] = message.nested_in
        if message.payload_type in OURS:
            self._read(message, found)
        else:
            found["payload_hex"] = message.payload.hex()
        return found

    def _place(self, au: int, nal: NalUnit) -> Record:
        """Where the messages of a NAL unit stand."""
        return {
            "au": au,
            "nal": nal.index,
            "offset": nal.offset,
            "codec": self.codec.name,
            "nal_type": nal.nal_type,
            "position": self.codec.position(nal.nal_type),
            "layer_id": nal.layer_id,
            "temporal_id": nal.temporal_id,
        }

    def _read(self, message: Carried, found: Record) -> None:
        """Read a GFV or GFVE message, and put what it says into its record."""
        assert self.syntax is not None
        found["syntax"] = self.syntax
        trace = self.elements or self.tracing
        try:
            msg = parse_payload(message.payload_type, message.payload, self.syntax, self.state, trace=trace)
        except GfvError as error:
            if self.watchful:
                raise _MisfitError from error
            text = self._recorded(error, message)
            found["payload_hex"] = message.payload.hex()
            found["error"] = text
            return
        self.message = msg
        self.any_read = True
        if self.watchful and message.payload_type == GFV and oddities(msg):
            raise _MisfitError
        if self.tracing:
            return
        describe(found, msg, self.elements)
        if self.elements and not self.shared:
            found["elements"] = list(map(list, found["elements"]))

    def _recorded(self, error: GfvError, message: Carried | Broken) -> str:
        """The text of an error with its place, for the record; where errors are raised, it is raised."""
        error.at(au=message.au, nal=message.nal.index, offset=message.nal.offset)
        if self.errors == RAISE:
            raise error
        return str(error)


def _placed(delayed: Delayed[Held], shelf: Shelf) -> Iterator[Record]:
    for unit, held in delayed.ready():
        record = shelf.take(held)
        place = {"poc": unit.poc, "display": unit.display}
        # Behind the access unit that they are about; a picture that is not output has no place in output order.
        yield {"au": record["au"], **{k: v for k, v in place.items() if v is not None}, **record}


class _MisfitError(Exception):
    """A message does not fit the syntax that was chosen, and others had fitted as well."""


def describe(found: Record, msg: Message, elements: bool) -> Record:
    """Add to a record what a message says."""
    found["message"] = msg.to_dict()
    found["values"] = msg.values
    if msg.ignored is not None:
        found["ignored"] = msg.ignored
    if elements:
        found["elements"] = msg.elements
    return found


def read_messages(
    source: Source,
    syntax: str | SyntaxChoice = AUTO,
    *,
    elements: bool = False,
    payload_types: Collection[int] | None = OURS,
    errors: str = RAISE,
    codec: str | None = None,
    on_syntax: Any = None,
    may_restart: bool = False,
    surveyed: bool = False,
    tracing: bool = False,
    order: bool = False,
    compat: str | None = None,
    shared: bool = False,
) -> Iterator[Record]:
    """The GFV and GFVE messages of a stream as records, one at a time, in bitstream order.

    source          path, ``-``, bytes, or a binary file; a byte stream or a container that ffmpeg demuxes
    syntax          vsei4, draft-a, draft-b, or auto; or how it was chosen by all messages of the stream
    elements        adds ``elements``, the list of coded elements with their bits
    payload_types   other SEI messages may be asked for, too (None: all); their records hold ``payload_hex``
    errors          "raise" raises the GfvError of the first message that cannot be read; "record" goes on, and the
                    record of such a message holds ``error`` and ``payload_hex``
    codec           vvc, hevc or avc, where the content would not tell
    on_syntax       called with the MessageReader when the syntax is known
    surveyed        counts NAL units on the way, in the ``survey`` of the MessageReader
    compat          vtm, hm or jm: the values that this decoder would show, its quirks included
    order           adds ``poc``, the picture order count, and ``display``, the index in output order, where they exist;
                    a record then waits until the place of its picture is settled
    tracing         records say only where a message stands; the ``message`` of the MessageReader has its elements
    shared          ``elements`` are tuples, one for those that are equal: less memory for who only prints them
    may_restart     may raise :class:`gfv_sei.stream.records.SyntaxChangedError`, and the caller starts again with the
                    syntax that it names; without it a file whose start fits several editions is read twice
    """

    def reading(stream: Opened, syntax: str) -> MessageReader:
        return MessageReader(
            stream,
            syntax,
            payload_types=payload_types,
            elements=elements,
            errors=errors,
            survey=Survey(stream.codec) if surveyed else None,
            compat=compat,
            tracing=tracing,
            order=order,
            shared=shared,
        )

    if isinstance(syntax, SyntaxChoice):
        choice = syntax
    else:
        with open_stream(source, codec) as stream:
            reader = reading(stream, syntax)
            records = iter(reader)
            first = next(records, None)
            undecided = bool(reader.others) and not reader.whole and is_reopenable(source)
            if may_restart or not undecided:
                reader.watchful = undecided
                if on_syntax is not None:
                    on_syntax(reader)
                if first is not None:
                    yield first
                del first
                try:
                    yield from records
                except _MisfitError:
                    raise SyntaxChangedError(choice_by_all(source, codec)) from None
                return
        # What came out could not be taken back, so all messages are looked at first.
        choice = choice_by_all(source, codec)
    with open_stream(source, codec) as stream:
        reader = reading(stream, choice.best)
        reader.adopt(choice)
        reader.whole = True
        if on_syntax is not None:
            on_syntax(reader)
        yield from reader


def choice_by_all(source: Source, codec: str | None) -> SyntaxChoice:
    """The edition that fits all messages of a stream best; the source is read to its end."""
    with open_stream(source, codec) as stream:
        carried = MessageReader(stream).carried()
        return choose_syntax((m.payload_type, m.payload) for m in carried if isinstance(m, Carried))
