"""What messages of one identifier owe to earlier pictures, as far as rules speak of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gfv_sei.meaning.reserved import has_reserved, is_reserved
from gfv_sei.meaning.state import MOST_IDENTIFIERS
from gfv_sei.syntax.layout import GfveLayout, GfvLayout, MatrixLayout
from gfv_sei.syntax.noting import REFERENCE, SIZE
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.picture_unit import Place
from gfv_sei.validation.reading import OTHER_LAYOUT, Reading
from gfv_sei.validation.rules import RULES, Finding

NOT_LOST, PREVIOUS_LOST, BASE_LOST = range(3)
"""What is not known of earlier messages: nothing, the last one, the last base message."""

_ONCE_PER_BASE = frozenset(("GFV-PRED-003", "GFV-PRED-006", "GFV-PRED-007", "GFV-BASE-002", "GFV-BASE-003"))
"""What is said again only after the next base message."""


class Layers(NamedTuple):
    """What an SEI NAL unit goes with where a stream is thinned out."""

    temporal_id: int
    layer_id: int


class Track:
    """One identifier.

    base_au         access unit of the last base message; None before the first
    base_content    hash of its payload
    reachable_from  the last access unit at which decoding may begin so that it meets that base message
    layers          temporal id and layer id of its SEI NAL unit, of the lowest layer where it stands in several
    lost            what is not known of its earlier messages because they could not be read
    kept            kinds of values that the last base message left as an earlier one gave them
    before          access unit and kinds of values of the last message that could be read
    ignored         of the last base message and of the last message that could be read, whether decoders ignore it
    first_matrices  layout of the matrices of the first base message that had any
    told            rules that are not reported again for now
    unjudged        whether messages before, or what they left, were beyond the limits of this program
    """

    __slots__ = (
        "base_au",
        "base_content",
        "before",
        "first_matrices",
        "given",
        "ignored",
        "kept",
        "layers",
        "lost",
        "network",
        "pupils",
        "reachable_from",
        "told",
        "unjudged",
    )

    def __init__(self, unjudged: bool = False, lost: int = NOT_LOST) -> None:
        self.unjudged = unjudged
        self.lost = lost
        self.base_au: int | None = None
        self.base_content: int | None = None
        self.before: tuple[int, set[str]] = (-1, set())
        self.ignored = (False, False)
        self.reachable_from = -1
        self.layers = Layers(0, 0)
        self.given: set[str] = set()
        self.kept: set[str] = set()
        self.network: int | None = None
        self.pupils = False
        self.first_matrices: MatrixLayout | None = None
        self.told: set[str] = set()


class History:
    """Takes all messages of a stream but those that decoders ignore; ``end_of_access_unit`` says when one is over.

    It keeps ``MOST_IDENTIFIERS``, as the state of a decoder does here.
    """

    def __init__(self) -> None:
        self.tracks: OrderedDict[tuple[int, ...], Track] = OrderedDict()  # the longest unused first
        self.forgotten = False
        self.lost = NOT_LOST  # what is not known of identifiers without a base message, which may have been lost
        self.last_irap = self.irap_before = -1
        # Of this access unit, identifiers with a base message, and by identifier and rule the first messages that rely
        # on an earlier one.
        self.based: set[tuple[int, ...]] = set()
        self.relying: dict[tuple[tuple[int, ...], str], tuple[Reading, str, Place]] = {}

    def add(self, reading: Reading, place: Place, lenient: bool, layers: Layers) -> Iterator[Finding]:
        """Take the next message, after it was read; with ``lenient`` notes that follow from a loss are taken out.

        Findings about it lack the ``place``, those that come at the end of the access unit have it.
        ``layers`` are those of its SEI NAL unit.
        """
        identifier = reading.identifier
        if identifier is None and lenient:
            self.lose()
        if identifier is None or any(map(is_reserved, identifier)):
            return
        track = self._track(identifier)
        track.unjudged |= any(note.kind == SIZE for note in reading.notes)
        base = reading.base
        if lenient or track.unjudged:
            yield from self._losses(reading, track, base)
        if base:
            self._base_layers(reading, track, layers)
            track.base_au = track.reachable_from = place["au"]
            track.told -= _ONCE_PER_BASE
            self.based.add(identifier)
            yield from self._base(reading, track)
        elif reading.payload_type == GFV and track.base_au is None and reading.count == 0:
            yield from self._without_base(reading, track)
        if reading.msg is not None and not base:
            yield from self._references(reading, track, place)
            yield from self._reliance(reading, track, place, layers)
            yield from self._ignored(reading, track)
        ignored = has_reserved(reading.fields)
        if base:
            track.ignored = (ignored, ignored)
        if reading.msg is not None:
            track.before = (place["au"], _kinds(reading))
            track.ignored = (track.ignored[0], ignored)

    def lose(self) -> None:
        """A message could not even be told whose it is: it may have been the first base message of any identifier."""
        if self.lost == BASE_LOST:
            return  # those without a base message have been marked, and new ones begin so
        self.lost = BASE_LOST
        for track in self.tracks.values():
            if track.base_au is None:
                track.lost = BASE_LOST

    def _track(self, identifier: tuple[int, ...]) -> Track:
        track = self.tracks.get(identifier)
        if track is None:
            track = self.tracks[identifier] = Track(self.forgotten, self.lost)
            if len(self.tracks) > MOST_IDENTIFIERS:
                oldest, _ = self.tracks.popitem(last=False)
                self.based.discard(oldest)
                for rule in ("GFV-PRED-003", "GFV-BASE-002"):
                    self.relying.pop((oldest, rule), None)
                self.forgotten = True
        else:
            self.tracks.move_to_end(identifier)
        return track

    def end_of_access_unit(self, au: int, irap: bool, skipped: bool = False) -> Iterator[Finding]:
        """What can be said when it is known what picture the access unit holds; as ``Placement`` says it."""
        if irap:
            self.last_irap, self.irap_before = au, self.last_irap
        # What is skipped with the last IRAP picture is decoded from the one before on.
        begins = self.irap_before if skipped else self.last_irap
        if skipped:
            for identifier in self.based:
                self.tracks[identifier].reachable_from = self.last_irap - 1
        for (identifier, rule), (reading, name, place) in self.relying.items():
            track = self.tracks[identifier]
            if track.reachable_from < begins:
                track.told.add(rule)
                what = f"where decoding begins at access unit {begins}, the base message is not decoded"
                yield Finding(RULES[rule], what, bit=reading.bit(name), element=name, **place)
        self.based.clear()
        self.relying.clear()

    def _losses(self, reading: Reading, track: Track, base: bool) -> Iterator[Finding]:
        whole = reading.msg is not None
        if whole and (base or (track.lost == PREVIOUS_LOST and (not reading.refers_back or _renews(reading, track)))):
            track.lost = NOT_LOST
        if track.lost == BASE_LOST or (track.lost == PREVIOUS_LOST and reading.refers_back):
            follow = [note for note in reading.notes if note.kind in (REFERENCE, OTHER_LAYOUT)]
            kinds = _predicted_kinds(reading)
            reading.uncertain = bool(kinds)
            if (follow or kinds) and "GFV-PRED-005" not in track.told:
                track.told.add("GFV-PRED-005")
                name = follow[0].name if follow else _flag(reading, kinds[0])
                what = "refers to what could not be read"
                yield Finding(RULES["GFV-PRED-005"], what, bit=reading.bit(name), element=name)
            reading.notes = [note for note in reading.notes if note not in follow]
        if not whole and any(note.kind != REFERENCE for note in reading.notes):
            track.lost = max(track.lost, BASE_LOST if base else PREVIOUS_LOST)
        if track.lost == NOT_LOST:
            track.told.discard("GFV-PRED-005")
            track.unjudged &= not base

    def _base_layers(self, reading: Reading, track: Track, layers: Layers) -> None:
        content = hash(reading.payload)
        if content == track.base_content and layers.layer_id > track.layers.layer_id:
            layers = track.layers  # a copy, without which the message is still there
        track.layers, track.base_content = layers, content

    def _base(self, reading: Reading, track: Track) -> Iterator[Finding]:
        network = _network(reading.fields, reading.type.element)
        if network is not None:
            if track.network is not None and network != track.network:
                name = reading.type.element("nn_mode_idc")
                what = "announces another network than an earlier base message"
                yield Finding(RULES["GFV-NN-006"], what, bit=reading.bit(name), element=name)
            track.network = network
        layout = reading.msg.layout if reading.msg is not None else None
        if layout is None:
            return
        has = _kinds(reading)
        for kind in ("coordinates", "matrices"):
            if kind in has:
                track.given.add(kind)
                track.kept.discard(kind)
            elif kind in track.given:
                track.kept.add(kind)
        if track.first_matrices is None:
            track.first_matrices = layout.matrices
        if isinstance(layout, GfveLayout):
            now = layout.pupils.present_idx > 0
            if track.pupils and not now:
                name = "gfve_pupil_coordinate_present_idx"
                what = "a base message without pupils, after one with pupils, sets them to 0"
                yield Finding(
                    RULES["GFVE-PUP-002"], what, bit=reading.bit(name), element=name, value=0, allowed="1 to 3"
                )
            track.pupils = now

    def _without_base(self, reading: Reading, track: Track) -> Iterator[Finding]:
        if (
            track.unjudged
            or track.lost == BASE_LOST
            or "GFV-BASE-001" in track.told
            or any(note.kind == REFERENCE for note in reading.notes)
        ):
            return
        track.told.add("GFV-BASE-001")
        name = "gfv_base_picture_flag"
        what = f"no base message of gfv_id {reading.fields['gfv_id']} came before, so there is no picture to drive"
        yield Finding(RULES["GFV-BASE-001"], what, bit=reading.bit(name), element=name, value=0)

    def _references(self, reading: Reading, track: Track, place: Place) -> Iterator[Finding]:
        for kind in _predicted_kinds(reading):
            if kind in track.kept:
                track.kept.discard(kind)
                name = _flag(reading, kind)
                what = f"the last base message had no {kind}; those of an earlier one are used"
                yield Finding(RULES["GFV-PRED-004"], what, bit=reading.bit(name), element=name, value=1)
            au, before = track.before
            if not reading.count or au != place["au"] or kind in before or kind == "pupils" or reading.uncertain:
                continue
            if "GFV-PRED-006" not in track.told:
                track.told.add("GFV-PRED-006")
                name = _flag(reading, kind)
                what = f"the message before has no {kind}; those of the last one that had are used"
                yield Finding(RULES["GFV-PRED-006"], what, bit=reading.bit(name), element=name, value=1)

    def _reliance(self, reading: Reading, track: Track, place: Place, layers: Layers) -> Iterator[Finding]:
        """What relies on a base message: prediction, and every driving message, which needs the base picture."""
        kinds = _predicted_kinds(reading)
        if track.base_au is None or not (kinds or (reading.payload_type == GFV and reading.count == 0)):
            return
        rule, name = "GFV-BASE-002", "gfv_base_picture_flag"
        if kinds:
            rule, name = "GFV-PRED-003", _flag(reading, kinds[0])
        for id_name, own, of_base in zip(("TemporalId", "nuh_layer_id"), layers, track.layers, strict=True):
            if own < of_base and "GFV-BASE-003" not in track.told:
                track.told.add("GFV-BASE-003")
                what = f"{id_name} is {own}, that of the base message {of_base}"
                yield Finding(RULES["GFV-BASE-003"], what, bit=reading.bit(name), element=name)
        if track.base_au != place["au"] and not track.told & {rule, "GFV-PRED-003"}:
            identifier = reading.identifier
            assert identifier is not None
            self.relying.setdefault((identifier, rule), (reading.place_alone, name, place))

    def _ignored(self, reading: Reading, track: Track) -> Iterator[Finding]:
        """Whether decoders have what the message relies on, which they do not if they ignored it."""
        base, before = track.ignored
        kinds = _predicted_kinds(reading)
        needs_base = kinds or reading.payload_type == GFV
        if not ((base and needs_base) or (before and kinds and reading.refers_back)) or has_reserved(reading.fields):
            return
        if "GFV-PRED-007" not in track.told:
            track.told.add("GFV-PRED-007")
            name = _flag(reading, kinds[0]) if kinds else "gfv_cnt"
            what = f"decoders ignore the {'base message' if base else 'message before'}, for what is reserved in it"
            yield Finding(RULES["GFV-PRED-007"], what, bit=reading.bit(name), element=name)


def _renews(reading: Reading, track: Track) -> bool:
    """Whether the message gives all values anew that later ones may refer to."""
    return not track.pupils and not _predicted_kinds(reading) and track.given <= _kinds(reading)


def _kinds(reading: Reading) -> set[str]:
    """What the message has of coordinates and matrices."""
    layout = reading.msg.layout if reading.msg is not None else None
    kinds = {"matrices"} if layout is not None and layout.matrices is not None else set()
    return kinds | {"coordinates"} if isinstance(layout, GfvLayout) and layout.coordinates is not None else kinds


def _predicted_kinds(reading: Reading) -> list[str]:
    layout = reading.msg.layout if reading.msg is not None else None
    kinds = []
    if isinstance(layout, GfvLayout) and layout.coordinates_predicted:
        kinds.append("coordinates")
    if layout is not None and layout.matrices_predicted:
        kinds.append("matrices")
    if isinstance(layout, GfveLayout) and layout.pupils.present_idx:
        kinds.append("pupils")
    return kinds if not reading.base else []


def _flag(reading: Reading, kind: str) -> str:
    """The element that says that values of this kind are predicted."""
    if kind == "matrices":
        return reading.type.element("matrix_pred_flag")
    return {"coordinates": "gfv_kps_pred_flag", "pupils": "gfve_pupil_coordinate_present_idx"}[kind]


def _network(fields: dict[str, Any], element: Callable[[str], str]) -> int | None:
    """The network that a base message announces, as a hash; None if it announces none."""
    if element("nn_mode_idc") not in fields:
        return None
    names = ("nn_mode_idc", "nn_tag_uri", "nn_uri", "nn_payload_byte")
    return hash(tuple(fields.get(element(name)) for name in names))
