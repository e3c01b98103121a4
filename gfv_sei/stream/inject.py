"""Putting messages into a stream, at their access units.

Where a message stands
    prefix: right before the first slice of its picture, or the picture header or prefix NAL unit that belongs to it,
    so behind delimiters and parameter sets. suffix: right behind the slices of its picture, before anything else.
    The header of the NAL unit has layer and temporal id of those slices.

How many to a NAL unit
    One, as the reference encoders do; all of a picture where packing is asked for, and always in AVC.

Where messages stand already
    Those of the same payload type and identifiers in the same access unit are a conflict: the new ones are added to
    them, take their place, or are refused.

Which access unit a record is for may be said in other ways, see :mod:`gfv_sei.stream.placement`.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from gfv_sei.errors import GfvError, MessageError, PlanError
from gfv_sei.meaning.quirks import WRITERS, quirks_of
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import message_from_dict, message_from_values, write_payload
from gfv_sei.nal.access_units import AccessUnits, is_slice
from gfv_sei.nal.codec import ATTACHED, AVC, Codec
from gfv_sei.nal.escape import escape
from gfv_sei.sei.framing import LARGEST_TYPE, frame_message
from gfv_sei.sei.identify import Identity, identify
from gfv_sei.stream.placement import STRICT, Arrangement, Misfits, Tell, placed
from gfv_sei.stream.remove import take_out, without
from gfv_sei.stream.scanner import NalUnit, Scanner
from gfv_sei.stream.source import Source, open_stream
from gfv_sei.stream.target import Target, open_stream_target
from gfv_sei.syntax.editions import DEFAULT, EDITIONS, edition_named
from gfv_sei.syntax.payload_types import MESSAGE_TYPES
from gfv_sei.wording import counted, in_short

if TYPE_CHECKING:
    from fractions import Fraction

Record = dict[str, Any]

PREFIX, SUFFIX, AS_RECORDED = "prefix", "suffix", "record"
NAL_PLACES = (PREFIX, SUFFIX, AS_RECORDED)
"""Kinds of SEI NAL units to write; the last is that of each record's ``position``."""

APPEND, REPLACE, REFUSE = "append", "replace", "refuse"
CONFLICTS = (APPEND, REPLACE, REFUSE)
"""What happens where messages of the same payload type and identifiers stand in the access unit already."""


class PayloadWriter:
    """Turns records into SEI payloads, with the state that prediction needs."""

    def __init__(self, syntax: str = DEFAULT, compat: str | None = None) -> None:
        self.syntax = edition_named(syntax).name
        self.state = DecodingState(quirks_of(WRITERS, compat))

    def payload(self, record: Record) -> tuple[int, bytes]:
        """payloadType and payload of a record. Raises MessageError where it is not one."""
        try:
            return self._payload(record)
        except GfvError as error:
            read_as = record.get("syntax")
            if isinstance(read_as, str) and read_as in EDITIONS and read_as != self.syntax:
                error.reason += f"; the record was read with syntax {read_as} and is written with {self.syntax}"
            raise

    def _payload(self, record: Record) -> tuple[int, bytes]:
        payload_type = record.get("payload_type")
        if type(payload_type) is not int or not 0 <= payload_type <= LARGEST_TYPE:
            allowed = f"a number from 0 to {LARGEST_TYPE}"
            raise MessageError("no payload type", element="payload_type", value=in_short(payload_type), allowed=allowed)
        message, values = record.get("message"), record.get("values")
        if message is None and values is None:
            return payload_type, _raw(record)
        if payload_type not in MESSAGE_TYPES:
            raise MessageError(
                "is no type whose syntax is known; give payload_hex",
                element="payload_type",
                value=payload_type,
            )
        if message is not None and not isinstance(message, dict):
            raise MessageError("must be an object", element="message")
        if message and (values is None or MESSAGE_TYPES[payload_type].always_coded in message):
            msg = message_from_dict(payload_type, message)
        else:
            header = {name: value for name, value in record.items() if name.startswith(("gfv_", "gfve_"))}
            if isinstance(values, dict):
                header |= {name: value for name, value in values.items() if name.startswith(("gfv_", "gfve_"))}
            header |= message or {}
            msg = message_from_values(payload_type, header, {} if values is None else values, self.syntax, self.state)
        return payload_type, write_payload(msg, self.syntax, self.state)


def _raw(record: Record) -> bytes:
    given = record.get("payload_hex")
    if not isinstance(given, str):
        raise MessageError("a record needs message, values or payload_hex", element="record")
    try:
        return binascii.unhexlify(given)
    except (binascii.Error, ValueError) as error:
        raise MessageError(f"is no hex text: {error}", element="payload_hex") from None


class Plan:
    """The records of an injection in the order of access units, taken one access unit at a time, with their numbers."""

    def __init__(self, records: Iterable[Record] | Arrangement, misfits: Misfits | None = None) -> None:
        self.misfits = misfits or Misfits()
        self.pictures = 0  # how many access units have records
        # A list can be put in order; a stream of records has to be, since it is not kept.
        numbered: Iterable[tuple[int, Record]] = records if isinstance(records, Arrangement) else enumerate(records)
        if isinstance(records, (list, tuple)):
            for number, record in enumerate(records):
                self._check(number, record)
            numbered = sorted(numbered, key=lambda pair: pair[1]["au"])
        self.records: Iterator[tuple[int, Record]] = iter(numbered)
        self.number = -1
        self.at = 0
        self.next: Record | None = None  # None: there is none
        self._advance()

    def take(self, au: int) -> list[tuple[int, Record]]:
        """The records of an access unit."""
        found = []
        while self.next is not None and self.at == au:
            found.append((self.number, self.next))
            self._advance()
        return found

    def finish(self, access_units: int) -> None:
        """The stream has ended; records that are left do not fit it. Raises PlanError if none may be left out."""
        if self.next is None:
            return
        first, number, left = self.at, self.number, 0
        stream = f"the stream has {access_units} (0 to {access_units - 1})" if access_units else "the stream has none"
        while self.next is not None:
            if self.misfits.skips:
                self.misfits.say(f"left out: record {self.number} is for access unit {self.at}; {stream}")
            left += 1
            self._advance()
        if not self.misfits.skips:
            raise PlanError(
                f"record {number} is for access unit {first}, but {stream}; there are records for "
                f"{counted(self.pictures, 'access unit')}, {counted(left, 'record')} left over"
            )

    def _advance(self) -> None:
        self.next = None
        for number, record in self.records:
            self._check(number, record)
            self.number, self.next = number, record
            break
        if self.next is None:
            return
        au = self.next["au"]
        if au < self.at:
            raise PlanError(
                f"record {self.number} is for access unit {au}, after one for {self.at}: records that are read one "
                "by one must be in the order of access units"
            )
        self.pictures += au != self.at or not self.pictures
        self.at = au

    @staticmethod
    def _check(number: int, record: Record) -> None:
        au = record.get("au") if isinstance(record, dict) else None
        if type(au) is not int or au < 0:
            raise PlanError(f"record {number} must say its access unit, a number from 0", element="au", value=au)


class Waiting(NamedTuple):
    """A message that is to be put into the access unit."""

    number: int
    au: int
    layer_id: int
    prefix: bool
    identity: Identity
    message: bytes


class Injector:
    """Goes through a stream and puts the messages of a plan at their places."""

    def __init__(
        self,
        scanner: Scanner,
        plan: Plan,
        writer: PayloadWriter,
        nal: str | None = None,
        on_conflict: str = APPEND,
        pack: bool = False,
    ) -> None:
        codec = scanner.codec
        if nal not in (None, *NAL_PLACES):
            raise PlanError("unknown place", element="nal", value=nal, allowed=", ".join(NAL_PLACES))
        if nal == SUFFIX and codec is AVC:
            raise PlanError("AVC has no suffix SEI messages", element="nal", value=nal, allowed="prefix")
        if on_conflict not in CONFLICTS:
            raise PlanError("unknown", element="on_conflict", value=on_conflict, allowed=", ".join(CONFLICTS))
        self.scanner = scanner
        self.codec: Codec = codec
        self.plan = plan
        self.writer = writer
        self.place = nal or (PREFIX if codec is AVC else SUFFIX)
        self.on_conflict = on_conflict
        self.pack = pack or codec is AVC
        self.units = AccessUnits(codec)
        self.messages = 0
        self.later: list[Waiting] = []  # of this access unit, for pictures still to come
        self.identities: frozenset[Identity] = frozenset()  # of all new messages of this access unit
        self.suffix: list[bytes] = []  # messages that wait for the end of the slices
        self.slices_of: tuple[int, int] = (0, 0)  # layer and temporal id of these slices
        self.attached: NalUnit | None = None
        self.first_in_au = -1  # index of the NAL unit that begins the access unit

    def run(self) -> None:
        """All of the stream."""
        units, codec, scanner = self.units, self.codec, self.scanner
        before = -1
        for nal in scanner:
            units.feed(nal.nal_type, nal.layer_id, nal.data)
            if self.suffix and not self._same_slices(nal):
                self._write_suffix(nal)
            if units.au > before:
                before = units.au
                self._access_unit(nal)
            if nal.nal_type in codec.sei_types and self.identities and self.on_conflict != APPEND:
                self._conflicts(nal)
            if codec.kinds[nal.nal_type] == ATTACHED:
                self.attached = nal
                scanner.hold = nal.offset
                continue
            if units.begins:
                self._picture(nal)
            self.attached = scanner.hold = None
        self._end()

    def _access_unit(self, nal: NalUnit) -> None:
        """The first NAL unit of an access unit is here."""
        self._nothing_left()
        self.first_in_au = nal.index
        self.later = [self._waiting(number, record) for number, record in self.plan.take(self.units.au)]
        self.identities = frozenset(waiting.identity for waiting in self.later)

    def _waiting(self, number: int, record: Record) -> Waiting:
        try:
            payload_type, payload = self.writer.payload(record)
        except GfvError as error:
            raise error.at(record=number, au=record["au"]) from None
        layer_id = record.get("layer_id", 0)
        if type(layer_id) is not int:
            raise PlanError("must be a number", element="layer_id", value=layer_id, record=number, au=record["au"])
        # The count does not matter: a face that is described anew is described anew as a whole.
        asked = self.on_conflict != APPEND
        identity = identify(payload_type, payload)._replace(cnt=None) if asked else Identity(payload_type)
        prefix = self._place_of(record) == PREFIX
        return Waiting(number, record["au"], layer_id, prefix, identity, frame_message(payload_type, payload))

    def _conflicts(self, nal: NalUnit) -> None:
        def conflicts(payload_type: int, payload: bytes) -> bool:
            return identify(payload_type, payload)._replace(cnt=None) in self.identities

        if self.on_conflict == REPLACE:
            take_out(self.scanner, nal, conflicts)
            if nal.index == self.first_in_au:
                self.first_in_au += 1  # for the length of start codes the next one is first now
        elif without(self.codec, nal, conflicts)[1]:
            raise PlanError(
                "the access unit has messages of the same payload type and identifiers already",
                au=self.units.au,
                nal=nal.index,
                offset=nal.offset,
            )

    def _same_slices(self, nal: NalUnit) -> bool:
        return is_slice(self.codec, nal.nal_type) and not self.units.begins and nal.layer_id == self.slices_of[0]

    def _picture(self, nal: NalUnit) -> None:
        """The first NAL unit of a picture's slices is here: place its messages."""
        self.slices_of = (nal.layer_id, nal.temporal_id)
        if not self.later:
            return
        mine = [waiting for waiting in self.later if waiting.layer_id == nal.layer_id]
        self.later = [waiting for waiting in self.later if waiting.layer_id != nal.layer_id]
        self.messages += len(mine)
        self.suffix = [waiting.message for waiting in mine if not waiting.prefix]
        prefix = [waiting.message for waiting in mine if waiting.prefix]
        if prefix:
            before = self.attached or nal
            self._insert(before.offset, self._nal_units(self.codec.sei_prefix, prefix), before)

    def _place_of(self, record: Record) -> str:
        if self.codec is AVC:
            return PREFIX
        if self.place == AS_RECORDED:
            return PREFIX if record.get("position") == PREFIX else SUFFIX
        return self.place

    def _nal_units(self, nal_type: int, messages: list[bytes]) -> list[bytes]:
        header = self.codec.make_header(nal_type, *self.slices_of)
        if self.pack:
            messages = [b"".join(messages)]
        return [header + escape(message + b"\x80") for message in messages]

    def _write_suffix(self, nal: NalUnit) -> None:
        assert self.codec.sei_suffix is not None
        units = self._nal_units(self.codec.sei_suffix, self.suffix)
        self.suffix = []
        self._insert(nal.offset, units, nal)

    def _insert(self, offset: int, units: list[bytes], before: NalUnit) -> None:
        """Add NAL units before the start code of ``before``."""
        self.scanner.copy_to(offset)
        short = offset > 0 and not before.after_zero and before.index != self.first_in_au
        self._insert_units(units, short)

    def _insert_units(self, units: list[bytes], short: bool) -> None:
        """Add NAL units; ``short`` says whether three bytes of start code do for the first."""
        for unit in units:
            self.scanner.insert((b"\0\0\1" if short else b"\0\0\0\1") + unit)
            short = True

    def _end(self) -> None:
        scanner = self.scanner
        if self.suffix:
            assert self.codec.sei_suffix is not None
            scanner.copy_to(scanner.position)
            self._insert_units(self._nal_units(self.codec.sei_suffix, self.suffix), not scanner.ends_with_zero)
            scanner.finish()
        self._nothing_left()
        self.plan.finish(self.units.au + 1)

    def _nothing_left(self) -> None:
        for waiting in self.later:
            error = PlanError(
                "a message is for a layer of which the access unit has no picture",
                element="layer_id",
                value=waiting.layer_id,
                record=waiting.number,
                au=waiting.au,
            )
            self.plan.misfits.left_out(error)
        self.later = []


def inject(
    base: Source,
    records: Iterable[Record],
    target: Target,
    *,
    syntax: str = DEFAULT,
    nal: str | None = None,
    on_conflict: str = APPEND,
    pack: bool = False,
    compat: str | None = None,
    place: str | None = None,
    mismatch: str = STRICT,
    on_mismatch: Tell | None = None,
    codec: str | None = None,
    fps: Fraction | float = 25,
) -> int:
    """Copy a stream with messages put in; return how many. Every other byte of the stream stays as it was.

    records     as read_messages gives them; needed are ``au``, ``payload_type``, and ``message``, or ``values`` with
                identifiers and precisions, or ``payload_hex``. A list may be in any order, an iterator has to be in
                that of access units. ``layer_id`` says for which layer's picture a message is (default 0).
    place       au, display or poc: the key that says which picture a record is for. By default the first of these
                that the first record has. By the last two records may come in another order than that of the stream.
    mismatch    strict, skip or hold: what happens to a record whose picture is not there. Both are described in
                :mod:`gfv_sei.stream.placement`.
    on_mismatch is told of each record that is left out or held, in words
    nal         prefix, suffix, or record, which takes the place that each record names; by default suffix, and prefix
                in AVC, which has no other. VTM 24.0's decoder crashes on prefix messages.
    on_conflict where messages of the same payload type and identifiers stand in the access unit already: append to
                them, replace them, or refuse
    pack        all messages of a picture in one NAL unit, not one in each
    fps         picture rate where a byte stream becomes a container; a container keeps its times
    compat      vtm, hm or jm: the bits that this encoder would write for the same values, its quirks included

    Raises PlanError where records do not fit the stream; the target is then left as it was.
    """
    misfits = Misfits(mismatch, on_mismatch)
    if not isinstance(records, Iterable):
        raise PlanError("no records", element="records", value=in_short(records), allowed="a list or an iterator")
    with (
        placed(base, records, place, misfits, codec) as (source, in_order),
        open_stream(source, codec) as stream,
        open_stream_target(target, stream, fps) as out,
    ):
        scanner = Scanner(stream, stream.codec, out)
        injector = Injector(scanner, Plan(in_order, misfits), PayloadWriter(syntax, compat), nal, on_conflict, pack)
        injector.run()
        return injector.messages
