"""All findings of a stream, in one pass; or of messages that have no stream around them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.stream.records import AUTO, OURS, Broken, Carried, choice_by_all, sei_messages
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import Opened, Source, as_file, is_reopenable, open_stream
from gfv_sei.stream.syntax_choice import SyntaxChoice
from gfv_sei.syntax.editions import DEFAULT, EDITIONS, edition_named
from gfv_sei.syntax.payload_types import GFVE
from gfv_sei.validation.causes import Causes
from gfv_sei.validation.checks import check_message
from gfv_sei.validation.history import History, Layers
from gfv_sei.validation.picture_unit import PictureUnit, Place
from gfv_sei.validation.placement import Placement
from gfv_sei.validation.reading import LENIENT, MODES, read
from gfv_sei.validation.rules import RULES, Finding


def validate(
    source: Source,
    syntax: str = AUTO,
    *,
    codec: str | None = None,
    mode: str = LENIENT,
    on_syntax: Callable[[str, SyntaxChoice | None], None] | None = None,
) -> Iterator[Finding]:
    """Every rule that the GFV and GFVE messages of a stream break, in bitstream order, one at a time.

    ``mode`` is how messages are read (:mod:`gfv_sei.validation.reading`): lenient or strict. ``on_syntax`` is called
    with the edition that the stream is checked against, and how it was chosen: by all messages, so with auto the
    stream is read twice, standard input from a temporary copy; a binary file, which is read once, is taken for vsei4.
    Raises StreamError where the source is no stream; whatever is wrong with messages is a finding.
    """
    if mode not in MODES:
        raise GfvError("unknown mode", element="mode", value=mode, allowed=", ".join(MODES))
    named = isinstance(source, (str, Path)) and str(source) != "-"
    words = ["gfv", "inspect", str(source) if named else "FILE", "--format", "trace"]
    if syntax != AUTO:
        words += ["--syntax", syntax]
    if codec is not None:
        words += ["--codec", codec]
    command = shlex.join(words)
    with as_file("-") if syntax == AUTO and source == "-" else nullcontext(source) as readable:
        choice = None
        if syntax == AUTO:
            choice = choice_by_all(readable, codec) if is_reopenable(readable) else None
            syntax = choice.best if choice is not None else DEFAULT
        edition_named(syntax)
        if on_syntax is not None:
            on_syntax(syntax, choice)
        with open_stream(readable, codec) as stream:
            for finding in _findings(stream, syntax, mode):
                yield finding._replace(show=f"{command} --au {finding.au}")


def _findings(stream: Opened, syntax: str, mode: str) -> Iterator[Finding]:
    codec = stream.codec
    checker = Checker(syntax, codec.name, mode)
    placement = Placement(codec)
    units = AccessUnits(codec)
    sei_types = codec.sei_types
    au = -1
    for nal in Scanner(stream, codec):
        before = au
        au = units.feed(nal.nal_type, nal.layer_id, nal.data)
        if au > before >= 0:  # one that is counted back goes on with the one before
            checker.au = before
            yield from checker.end_of_access_unit(placement.irap, placement.skipped)
        yield from placement.nal(nal, au, units.begins)
        if nal.nal_type not in sei_types:
            continue
        number = sum(isinstance(message, Carried) for message in sei_messages(codec, nal, au, OURS))
        if number:
            yield from placement.sei(nal, au)
        place: Place = {"au": au, "nal": nal.index, "offset": nal.offset}
        for which, message in enumerate(sei_messages(codec, nal, au, OURS)):
            if isinstance(message, Broken):
                yield Finding(RULES["SEI-001"], message.error.reason, **place)
                checker.lose(nal.layer_id)
            else:
                if message.nested_in is not None:
                    checker.reach_beyond(nal.layer_id)
                unit = checker.unit(nal.layer_id, message.scope)
                where = {**place, "message": which} if number > 1 else place
                ids = nal.temporal_id, nal.layer_id
                yield from checker.message(message.payload_type, message.payload, where, unit, *ids)
    yield from placement.finish()
    checker.au = au
    yield from checker.end_of_access_unit(placement.irap, placement.skipped)


class Checker:
    """Checks messages one after another; ``end_of_access_unit`` says where the picture units among them end.

    It needs no stream: payloads from anywhere will do.
    """

    def __init__(self, syntax: str = DEFAULT, codec: str = "vvc", mode: str = LENIENT) -> None:
        self.syntax, self.codec, self.mode = edition_named(syntax).name, codec, mode
        self.state = DecodingState()
        self.history = History()
        self.causes = Causes(self.syntax, codec, self.state, self.history.tracks)
        self.au = 0
        self._units: dict[tuple[int, bytes], PictureUnit] = {}
        self._reaching: set[int] = set()  # layers whose SEI NAL units may speak of pictures of other layers
        self._gfve_told = False

    def unit(self, layer_id: int = 0, scope: bytes = b"") -> PictureUnit:
        """The picture unit of a layer in this access unit; with ``scope`` what a nesting message lists.

        What is listed may be all of the picture unit or other ones, so either may have what the other lacks.
        """
        found = self._units.get((layer_id, scope))
        if found is None:
            found = self._units[layer_id, scope] = PictureUnit()
            found.unknown = bool(self._reaching - {layer_id})
            if scope:
                found.unknown = self.unit(layer_id).unknown = True
        return found

    def reach_beyond(self, layer_id: int) -> None:
        """A nesting message of this layer may be for others as well, which then have messages that are not seen there.

        Which layers it is for takes parameter sets to tell: by lists of layers, or of operation points.
        """
        if layer_id in self._reaching:
            return  # units that came since know of it
        self._reaching.add(layer_id)
        for (other, _), unit in self._units.items():
            unit.unknown |= other != layer_id

    def lose(self, layer_id: int) -> None:
        """An SEI NAL unit of this layer, which may have had any messages, could not be taken apart."""
        self.unit(layer_id).unknown = True
        if self.mode == LENIENT:
            self.history.lose()

    def message(
        self,
        payload_type: int,
        payload: bytes,
        place: Place | None = None,
        unit: PictureUnit | None = None,
        temporal_id: int = 0,
        layer_id: int = 0,
    ) -> Iterator[Finding]:
        """Take the next payload; ``place`` says where it stands, at least its ``au``, the rest of its NAL unit."""
        if place is None:
            place = {"au": self.au}
        if unit is None:
            unit = self.unit()
        self.au = place["au"]
        reading = read(payload_type, payload, self.syntax, self.state, self.mode)
        related = [
            *self.history.add(reading, place, self.mode == LENIENT, Layers(temporal_id, layer_id)),
            *unit.add(reading, place),
        ]
        for finding in (*check_message(reading, self.codec), *self._edition(reading.payload_type), *related):
            yield finding._replace(cause=self.causes.of(finding, reading), **place)

    def end_of_access_unit(self, irap: bool = False, skipped: bool = False) -> Iterator[Finding]:
        """The access unit is over; ``irap`` and ``skipped`` as of ``Placement``."""
        yield from self.history.end_of_access_unit(self.au, irap, skipped)
        for unit in self._units.values():
            yield from unit.finish()
        self._units.clear()
        self._reaching.clear()
        self.au += 1

    def _edition(self, payload_type: int) -> Iterator[Finding]:
        came_with = EDITIONS[self.syntax].gfve_came_with
        if payload_type == GFVE and came_with is not None and not self._gfve_told:
            self._gfve_told = True
            what = f"GFVE came with {EDITIONS[came_with].written_by}"
            yield Finding(RULES["GFV-SYN-017"], what, element="payloadType", value=GFVE)
