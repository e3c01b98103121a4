"""Which picture a record is for: by access unit, by place in output order, or by picture order count.

One key places all records of a plan: the one that is asked for, else the first of ``au``, ``display`` and ``poc`` that
the first record has. A record may have the others as well; they are not looked at.

au          index of the access unit in decoding order
display     index of the picture in output order; the two fields of an AVC frame share one, and the first field gets
            the message. Access units that are not output have none.
poc         picture order count. It counts anew in each coded video sequence, so records by ``poc`` stand in the order
            of sequences, those of a picture together: a record is looked for in the sequence of the record before it
            (at first, of the first picture), and if there is no such picture, or its POC comes back after others, in
            those behind it, where the nearest one counts. A plan with few records may leave open which sequence it
            means; ``display`` does not.

What does not fit
    strict      a record whose picture the stream does not have is an error, which gives the first one and the counts
    skip        it is left out, as is one that has no key or is for a layer without a picture
    hold        it goes to the last picture before its own: for ``au`` and ``display`` the last one, for ``poc`` that
                with the next lower POC in the sequence reached, or its lowest one. Its identifiers stay as they are,
                so a message whose gfv_cnt is taken there has to be given another one by who makes the plan.
    Pictures without records are no mismatch.

Memory
    ``au`` is found while the stream goes by. Otherwise, and to hold, the stream is read twice: first its pictures are
    listed, at 8 to 17 bytes each. The records wait on disk (in memory up to a megabyte), with 24 bytes each in memory,
    and come back in the order of access units, in each in that of the plan. A stream from a pipe is copied to a
    temporary file.

    Since messages predict from those before them in decoding order, values are coded in that order, whatever the
    order of the plan. A record that gives its elements (``message``) is written as it is; if it predicts, moving it
    among others may change what it means.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, groupby, islice
from typing import IO, Any, Protocol

from gfv_sei.errors import GfvError, PlanError
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.stream.order import display_order
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import Source, open_stream, rereadable, watched
from gfv_sei.wording import counted

Record = dict[str, Any]

AU, DISPLAY, POC = "au", "display", "poc"
PLACES = (AU, DISPLAY, POC)
"""Keys of records that say which picture they are for; without a choice the first one counts that is there."""

STRICT, SKIP, HOLD = "strict", "skip", "hold"
MISMATCHES = (STRICT, SKIP, HOLD)
"""What happens to a record whose picture is not in the stream."""

Tell = Callable[[str], object]
"""Is told of each record that was left out or put elsewhere, in words."""

_IN_MEMORY = 1 << 20  # bytes of records that wait in memory before they go to disk
_NONE = -1
_LOWEST_POC = -(1 << 31)
_AU_BITS = 32
_FAR = 1 << 62  # a key as good as any beyond it


class Misfits:
    """What is done about records that do not fit. Raises PlanError if the choice is none there is."""

    def __init__(self, mismatch: str = STRICT, tell: Tell | None = None) -> None:
        if mismatch not in MISMATCHES:
            raise PlanError("unknown", element="mismatch", value=mismatch, allowed=", ".join(MISMATCHES))
        self.skips = mismatch == SKIP
        self.holds = mismatch == HOLD
        self.tell = tell

    def left_out(self, error: PlanError) -> None:
        """A record has no place: raise the error, or say that it is left out."""
        if not self.skips:
            raise error
        self.say(f"left out: {error}")

    def say(self, text: str) -> None:
        """Tell of a record."""
        if self.tell is not None:
            self.tell(text)


class Pictures(Protocol):
    """The pictures of a stream by one of the keys."""

    count: int
    """How many there are."""

    def find(self, key: int) -> int:
        """Access unit of the picture with this key, below 0 if there is none."""

    def before(self, key: int) -> int:
        """Access unit of the last picture before this key, which find did not find; below 0 if there is none."""

    def span(self) -> str:
        """Which they are, in words that follow their number."""


class ByAu:
    """Pictures by index in decoding order: only how many there are matters."""

    def __init__(self, source: Source, codec: str | None) -> None:
        with open_stream(source, codec) as stream:
            units = AccessUnits(stream.codec)
            for nal in Scanner(stream, stream.codec):
                units.feed(nal.nal_type, nal.layer_id, nal.data)
        self.count = units.au + 1

    def find(self, key: int) -> int:
        return key if key < self.count else _NONE

    def before(self, key: int) -> int:
        return self.count - 1

    def span(self) -> str:
        return f"(0 to {self.count - 1})"


class ByDisplay:
    """Pictures by index in output order."""

    def __init__(self, source: Source, codec: str | None) -> None:
        self.units = array("q")
        for unit in display_order(source, codec):
            if unit.display is None:
                continue
            while len(self.units) <= unit.display:
                self.units.append(_NONE)
            if self.units[unit.display] == _NONE:
                self.units[unit.display] = unit.au
        self.count = len(self.units)

    def find(self, key: int) -> int:
        return self.units[key] if key < self.count else _NONE

    def before(self, key: int) -> int:
        return self.units[-1] if self.count else _NONE

    def span(self) -> str:
        return f"(0 to {self.count - 1})"


class ByPoc:
    """Pictures by picture order count; see the rule above for repeated ones.

    decoded     a number for each picture, its POC above its access unit, in decoding order
    begins      index in it of the first picture of each sequence
    keys        the same numbers, sorted
    used        of each key whether it was asked for
    at          number of the sequence reached
    listed      the sorted keys of one sequence, and its number
    """

    def __init__(self, source: Source, codec: str | None) -> None:
        self.decoded = array("Q")
        self.begins = array("q", [0])
        sequence = None
        for unit in display_order(source, codec):
            if unit.poc is None:
                continue
            if sequence is not None and unit.sequence != sequence:
                self.begins.append(len(self.decoded))
            sequence = unit.sequence
            self.decoded.append(_key(unit.poc, unit.au))
        self.count = len(self.decoded)
        self.keys = array("Q", sorted(self.decoded))
        self.used = bytearray(self.count)
        self.at = 0
        self.last: int | None = None
        self.listed: tuple[int, Sequence[int]] = _NONE, ()

    def find(self, key: int) -> int:
        place = self._place(key, self.at)
        if place >= 0 and self.used[place] and key != self.last:
            place = self._place(key, self.at + 1)
        if place < 0:
            return _NONE
        self.used[place] = 1
        self.last = key
        au = _au(self.keys[place])
        self.at = bisect_right(self.begins, au, key=lambda begin: _au(self.decoded[begin])) - 1
        return au

    def _place(self, poc: int, sequence: int) -> int:
        """Index in keys of the first picture with this POC from a sequence on."""
        if sequence >= len(self.begins) or not self.count or not _LOWEST_POC <= poc < -_LOWEST_POC:
            return _NONE
        place = bisect_left(self.keys, _key(poc, _au(self.decoded[self.begins[sequence]])))
        return place if place < self.count and _poc(self.keys[place]) == poc else _NONE

    def before(self, key: int) -> int:
        if not self.count:
            return _NONE
        if self.listed[0] != self.at:
            end = self.begins[self.at + 1] if self.at + 1 < len(self.begins) else self.count
            self.listed = self.at, array("Q", sorted(self.decoded[self.begins[self.at] : end]))
        keys = self.listed[1]
        return _au(keys[max(bisect_left(keys, key, key=_poc) - 1, 0)])

    def span(self) -> str:
        return f"in {counted(len(self.begins), 'sequence')}"


def _key(poc: int, au: int) -> int:
    return (poc - _LOWEST_POC) << _AU_BITS | au


def _poc(key: int) -> int:
    return (key >> _AU_BITS) + _LOWEST_POC


def _au(key: int) -> int:
    return key & ((1 << _AU_BITS) - 1)


_LISTS: dict[str, Callable[[Source, str | None], Pictures]] = {AU: ByAu, DISPLAY: ByDisplay, POC: ByPoc}
_NAMES = {AU: "access unit", DISPLAY: "display", POC: "POC"}


class Kept:
    """Records on disk, with their numbers in the plan; where each begins stays in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.starts = array("q")
        self.size = 0

    def add(self, number: int, record: Record) -> None:
        """The next one, with its number in the plan. Raises PlanError if it is not made of what JSON has."""
        try:
            line = json.dumps([number, record]).encode() + b"\n"
        except (TypeError, ValueError, RecursionError) as error:
            raise PlanError(f"record {number} cannot be kept as JSON: {error}") from None
        self.starts.append(self.size)
        try:
            self.file.write(line)
        except OSError as error:
            raise GfvError(f"cannot keep the records on disk: {error.strerror}") from error
        self.size += len(line)

    def __getitem__(self, place: int) -> tuple[int, Record]:
        self.file.seek(self.starts[place])
        number, record = json.loads(self.file.readline())
        return number, record


class Arrangement:
    """The records of a plan with their access units."""

    def __init__(self, pictures: Pictures, place: str, misfits: Misfits, kept: Kept) -> None:
        self.pictures = pictures
        self.place = place
        self.misfits = misfits
        self.kept = kept
        self.keys = array("q")
        # The records of each access unit as a chain: its first and last one, and behind each the next.
        self.first = array("q")
        self.last = array("q")
        self.following = array("q")

    def read(self, records: Iterable[Record]) -> None:
        """Take all records. Raises PlanError where one does not fit."""
        numbered = enumerate(records)
        for number, record in numbered:
            key = self._key_of(number, record)
            if key is None:
                continue
            au = self.pictures.find(key)
            if au < 0:
                what = f"record {number} is for {_NAMES[self.place]} {key}"
                if self.misfits.holds and (au := self.pictures.before(key)) >= 0:
                    self.misfits.say(f"{what}, held at access unit {au}")
                else:
                    self._missing(what, numbered)
                    continue
            self._chain(au)
            self.kept.add(number, record)

    def _key_of(self, number: int, record: Record) -> int | None:
        key = record.get(self.place) if isinstance(record, dict) else None
        if type(key) is int and (key >= 0 or self.place == POC):
            key = max(-_FAR, min(key, _FAR))
            self.keys.append(key)
            return key
        allowed = "a number" if self.place == POC else "a number from 0"
        error = PlanError(
            f"record {number} must say its {_NAMES[self.place]}, {allowed}", element=self.place, value=key
        )
        if not isinstance(record, dict) or self.place in record:
            raise error
        self.misfits.left_out(error)
        return None

    def _missing(self, what: str, rest: Iterable[tuple[int, Record]]) -> None:
        """A record has no picture: count what else there is, if that ends it."""
        stream = f"the stream has {self.pictures.count} {self.pictures.span()}"
        if self.misfits.skips:
            self.misfits.say(f"left out: {what}; {stream}")
            return
        for number, record in rest:
            self._key_of(number, record)
        raise PlanError(f"{what}; there are records for {counted(self._named(), 'picture')}, {stream}")

    def _named(self) -> int:
        """How many pictures the records name; with POCs, how many there are in a row."""
        if self.place != POC:
            return len(set(self.keys))
        return sum(1 for _ in groupby(self.keys))

    def _chain(self, au: int) -> None:
        while len(self.first) <= au:
            self.first.append(_NONE)
            self.last.append(_NONE)
        number = len(self.following)
        self.following.append(_NONE)
        if self.first[au] < 0:
            self.first[au] = number
        else:
            self.following[self.last[au]] = number
        self.last[au] = number

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        """The records and their numbers in the order of access units, in each in that of the plan."""
        for au, place in enumerate(self.first):
            while place >= 0:
                number, record = self.kept[place]
                yield number, {**record, AU: au}
                place = self.following[place]


@contextmanager
def placed(
    source: Source,
    records: Iterable[Record],
    place: str | None,
    misfits: Misfits,
    codec: str | None = None,
) -> Iterator[tuple[Source, Iterable[Record] | Arrangement]]:
    """The stream to read, and the records for it with the ``au`` of each.

    They are given in the order of access units, unless ``au`` is what places them and nothing is held: these come as
    they are, since a stream can be changed along them in one pass. Raises PlanError where a record does not fit.
    """
    if place not in (None, *PLACES):
        raise PlanError("unknown", element="place", value=place, allowed=", ".join(PLACES))
    if place is None:
        place, records = _key_of_first(records)
    if place == AU and not misfits.holds:
        yield source, records
        return
    with rereadable(source) as again, tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        with watched(_nobody):  # a progress bar shows the reading that copies
            pictures = _LISTS[place](again, codec)
        arrangement = Arrangement(pictures, place, misfits, Kept(file))
        arrangement.read(records)
        yield again, arrangement


def _key_of_first(records: Iterable[Record]) -> tuple[str, Iterable[Record]]:
    """The key by which a plan places its records, told by the first one; and all of them."""
    if not isinstance(records, (list, tuple)):
        records = iter(records)
        first = list(islice(records, 1))
        records = chain(first, records)
    else:
        first = list(records[:1])
    keys = first[0] if first and isinstance(first[0], dict) else {}
    return next((place for place in PLACES if place in keys), AU), records


def _nobody(size: int) -> None:
    """Is told what is read, and does nothing."""
