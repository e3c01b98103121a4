"""The messages of one picture unit, as far as rules relate them to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gfv_sei.meaning.reserved import has_reserved, is_reserved
from gfv_sei.syntax.layout import GfveLayout
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.reading import Reading
from gfv_sei.validation.rules import RULES, Finding

Place = dict[str, Any]
"""Where a message stands: the fields of a finding that say so."""


MOST = 1 << 13
"""Messages of a picture unit that are kept in mind."""


class _Enhancement(NamedTuple):
    """A GFVE message about which something can only be said at the end of its picture unit."""

    face: int
    cnt: int
    base: bool
    ignored: bool
    in_order: bool
    reading: Reading
    place: Place


class _Seen(NamedTuple):
    """What is kept of a message.

    payload     its hash
    before      the last count of its identifier that was new before it
    ignored     whether decoders ignore it for a reserved mode or type
    """

    payload: int
    before: int | None
    ignored: bool


class PictureUnit:
    """Takes the messages of a picture unit in order. Messages that decoders ignore are nothing to it.

    A message of which not even identifier and count can be read may have been any: what others lack may be that one.
    So may those that come when ``MOST`` are known, which is said once.
    """

    def __init__(self) -> None:
        self.unknown = False
        self.full = False
        self.seen: dict[tuple[int, ...], _Seen] = {}  # by identifiers and count
        self.counts: dict[tuple[int, ...], int] = {}  # the last one of each identifier, leaving out repetitions
        self.last: dict[tuple[int, ...], int] = {}  # the same with repetitions
        self.base: dict[int, bool] = {}
        self.enhancements: list[_Enhancement] = []

    def add(self, reading: Reading, place: Place) -> Iterator[Finding]:
        """Take the next message; what can be said only later comes from ``finish``, with its ``place``."""
        identifier, cnt = reading.identifier, reading.count
        if identifier is None or cnt is None:
            self.unknown = True
            return
        if any(map(is_reserved, identifier)):
            return
        if len(self.enhancements) == MOST or (len(self.seen) == MOST and (*identifier, cnt) not in self.seen):
            if not self.full:
                what = f"{MOST} messages of this picture unit came before; what follows is not compared with others"
                yield Finding(RULES["GFV-LIM-001"], what)
            self.unknown = self.full = True
            return
        if reading.payload_type == GFV:
            yield from self._face(reading, identifier, cnt)
        else:
            yield from self._enhancement(reading, identifier, cnt, place)

    def _face(self, reading: Reading, identifier: tuple[int, ...], cnt: int) -> Iterator[Finding]:
        if (*identifier, cnt) in self.seen:
            yield from self._again(reading, identifier, cnt, "GFV-CNT-002", "gfv_cnt")
            return
        yield from self._first(reading, identifier, cnt, "gfv_cnt")
        expected = self.counts.get(identifier, -1) + 1
        if cnt != expected and not self.unknown:
            what = f"the next gfv_cnt of gfv_id {identifier[0]} in this picture unit is {expected}"
            yield _at(reading, "GFV-CNT-001", what, "gfv_cnt", cnt, str(expected))
        self.counts[identifier] = cnt
        if cnt == 0:
            self.base[identifier[0]] = reading.base
        elif self.base.get(identifier[0]):
            name = "gfv_drive_picture_fusion_flag"  # vsei4 codes no flag beside a base picture
            if reading.fields.get(name):
                yield _at(reading, "GFV-FUS-001", "fusion beside a base picture", name, 1, "0")

    def _enhancement(self, reading: Reading, identifier: tuple[int, ...], cnt: int, place: Place) -> Iterator[Finding]:
        face = identifier[1]
        coded_base = bool(reading.fields.get("gfve_base_picture_flag"))
        in_order = (face, cnt) in self.seen
        ignored = has_reserved(reading.fields)
        if coded_base or not in_order or (self.seen[face, cnt].ignored and not ignored):
            alone = reading.place_alone
            self.enhancements.append(_Enhancement(face, cnt, coded_base, ignored, in_order, alone, place))
        if (*identifier, cnt) in self.seen:
            yield from self._again(reading, identifier, cnt, "GFVE-CNT-001", "gfve_gfv_cnt")
            return
        yield from self._first(reading, identifier, cnt, "gfve_gfv_cnt")
        before = self.counts.get(identifier, -1)
        if cnt < before:
            what = f"a message of gfve_id {identifier[0]} and gfve_gfv_id {face} with count {before} came before"
            yield _at(reading, "GFVE-CNT-002", what, "gfve_gfv_cnt", cnt, f"{before} or more")
        self.counts[identifier] = cnt

    def _first(self, reading: Reading, identifier: tuple[int, ...], cnt: int, name: str) -> Iterator[Finding]:
        """A message that stands in the picture unit for the first time."""
        one = _Seen(hash(reading.payload), self.counts.get(identifier), has_reserved(reading.fields))
        self.seen[*identifier, cnt] = one
        yield from self._reference(reading, identifier, cnt, one.before, name)

    def _again(
        self, reading: Reading, identifier: tuple[int, ...], cnt: int, rule: str, name: str
    ) -> Iterator[Finding]:
        one = self.seen[*identifier, cnt]
        if one.payload != hash(reading.payload):
            yield _at(reading, rule, "another message of this picture unit has the same and another content", name, cnt)
            self.last[identifier] = cnt
        else:
            yield from self._reference(reading, identifier, cnt, one.before, name)

    def _reference(
        self, reading: Reading, identifier: tuple[int, ...], cnt: int, before: int | None, name: str
    ) -> Iterator[Finding]:
        """Whether the message before is, with and without repetitions, the one whose count is ``before``."""
        last = self.last.get(identifier)
        self.last[identifier] = cnt
        if last != before and reading.refers_back and _predicted(reading):
            what = f"is predicted from a repeated message with count {last}, and without repetitions from another one"
            if last == cnt:
                what = "is repeated and predicted: read twice, its differences are added twice"
            yield _at(reading, "GFV-CNT-003", what, name, cnt)

    def finish(self) -> Iterator[Finding]:
        """What can be said when all messages of the picture unit are known."""
        for one in self.enhancements:
            names = f"gfv_id {one.face} and gfv_cnt {one.cnt}"
            if (one.face, one.cnt) not in self.seen:
                if not self.unknown:
                    what = f"no GFV message with {names} in this picture unit"
                    yield _at(one.reading, "GFVE-ASC-001", what, "gfve_gfv_cnt", one.cnt)._replace(**one.place)
                continue
            if not one.in_order:
                what = f"the GFV message with {names} comes only later"
                yield _at(one.reading, "GFVE-ASC-003", what, "gfve_gfv_cnt", one.cnt)._replace(**one.place)
            if self.seen[one.face, one.cnt].ignored and not one.ignored:
                what = f"decoders ignore the GFV message with {names}, for what is reserved in it"
                yield _at(one.reading, "GFVE-ASC-004", what, "gfve_gfv_cnt", one.cnt)._replace(**one.place)
            if one.base and not self.base.get(one.face):
                what = f"the GFV message of gfv_id {one.face} is no base message"
                found = _at(one.reading, "GFVE-ASC-002", what, "gfve_base_picture_flag", 1, "0")
                yield found._replace(**one.place)


def _at(reading: Reading, rule: str, what: str, element: str, value: int, allowed: str | None = None) -> Finding:
    return Finding(RULES[rule], what, bit=reading.bit(element), element=element, value=value, allowed=allowed)


def _predicted(reading: Reading) -> bool:
    layout = reading.msg.layout if reading.msg is not None else None
    if layout is None:
        return False
    if isinstance(layout, GfveLayout):
        return bool(layout.matrices_predicted or layout.pupils.present_idx)
    return bool(layout.coordinates_predicted or layout.matrices_predicted)
