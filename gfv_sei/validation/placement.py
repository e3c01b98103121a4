"""SEI NAL units with messages of ours: their bytes, their headers, and where they stand among the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gfv_sei.meaning.quirks import PREFIX_SEI
from gfv_sei.nal.codec import AVC, EXTENSION, SLICE, VVC, Codec
from gfv_sei.nal.escape import unescape
from gfv_sei.sei.framing import split_messages
from gfv_sei.stream.scanner import NalUnit
from gfv_sei.validation.picture_unit import Place
from gfv_sei.validation.rules import RULES, Finding

_NOT_PREVENTED = re.compile(rb"\x00\x00[\x00-\x02]|\x00\x00\x03[\x04-\xff]")

_MOST_WAITING = 1 << 13
"""Prefix SEI NAL units whose picture has not come yet that are kept in mind, as many as messages of a picture unit."""


class _SeiUnit(NamedTuple):
    """An SEI NAL unit: the header, and where it stands; of a prefix one the picture has not come yet."""

    nal_type: int
    layer_id: int
    temporal_id: int
    place: Place


class Placement:
    """Follows the NAL units of a stream."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.roles = codec.roles
        self.au = -1
        self._types: set[int] = set()  # of the slices of this access unit, in its first layer
        self._pictures: dict[int, int] = {}  # temporal id by layer, of the pictures of this access unit
        self._begun = False  # whether a picture has begun behind whose first slice no prefix SEI NAL unit came
        self._sliced = True  # whether that picture's first slice has come
        self._ended: int | None = None  # lowest layer whose sequence has ended behind the slices of this access unit
        self._first = False  # whether this access unit is the first behind the end of a sequence
        self._waiting: list[_SeiUnit] = []
        self._prefix_told = False

    @property
    def irap(self) -> bool:
        """Whether decoding may begin at the picture of this access unit.

        It may where all its slices are of an IRAP picture; and it does behind the end of a sequence, where VVC may go
        on with gradual decoding refresh instead.
        """
        return bool(self._types) and (self._first or self._types <= self.roles.irap)

    @property
    def skipped(self) -> bool:
        """Whether the picture is left out where decoding begins at the IRAP picture before."""
        return bool(self._types) and self._types <= self.roles.skipped

    def nal(self, nal: NalUnit, au: int, begins: bool) -> Iterator[Finding]:
        """Take the next NAL unit, whatever it is; ``begins`` says whether a picture begins with it."""
        if au != self.au:
            self.au = au
            self._first = self._ended is not None and self._ended <= next(iter(self._pictures), 0)
            self._pictures.clear()
            self._types.clear()
            self._ended = None
        nal_type = nal.nal_type
        if begins:
            self._begun, self._sliced = True, False
        if self.codec.kinds[nal_type] in (SLICE, EXTENSION):
            self._ended = None
            self._sliced = True
            self._pictures.setdefault(nal.layer_id, nal.temporal_id)
            if nal.layer_id == next(iter(self._pictures)) and self.codec.kinds[nal_type] == SLICE:
                self._types.add(nal_type)
            if self._waiting:
                yield from self._slice(nal)
        elif nal_type in self.roles.ends:
            self._ended = nal.layer_id if self._ended is None else min(nal.layer_id, self._ended)
            yield from self.finish()
        elif self._waiting:
            yield from self._between(nal_type)

    def sei(self, nal: NalUnit, au: int) -> Iterator[Finding]:
        """Take an SEI NAL unit with messages of ours, after ``nal`` had it."""
        place: Place = {"au": au, "nal": nal.index, "offset": nal.offset}
        one = _SeiUnit(nal.nal_type, nal.layer_id, nal.temporal_id, place)
        for found in self._bytes(nal.data):
            yield found._replace(**place)
        if self.codec.position(nal.nal_type) == "prefix":
            self._begun = self._begun and not self._sliced
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append(one)
            if self.codec is not AVC and not self._prefix_told:
                self._prefix_told = True
                what = f"in a prefix SEI NAL unit; {PREFIX_SEI}" if self.codec is VVC else "in a prefix SEI NAL unit"
                yield Finding(RULES["SEI-013"], what, element="nal_unit_type", value=nal.nal_type, **place)
            return
        if self._ended is not None:
            what = "a suffix SEI NAL unit behind the end of its sequence"
            yield Finding(RULES["SEI-008"], what, element="nal_unit_type", value=nal.nal_type, **place)
        elif not self._pictures:
            what = "a suffix SEI NAL unit before the first slice of its access unit"
            yield Finding(RULES["SEI-007"], what, element="nal_unit_type", value=nal.nal_type, **place)
        else:
            yield from self._compared(one)

    def finish(self) -> Iterator[Finding]:
        """The stream, or a sequence of it, has ended."""
        for one in self._waiting:
            yield _found("SEI-005", "no picture follows it in its sequence", one)
        self._waiting.clear()

    def _slice(self, nal: NalUnit) -> Iterator[Finding]:
        # A slice that begins with another than the first macroblock begins no picture; where a picture's slices may
        # come in any order (Baseline and Extended profile) an encoder still writes the first one first.
        inside = not self._begun or (self.codec is AVC and nal.data[1:2] < b"\x80")
        for one in self._waiting:
            if inside:
                yield _found("SEI-006", "a prefix SEI NAL unit between the slices of a picture", one)
            else:
                yield from self._compared(one)
        self._waiting.clear()

    def _between(self, nal_type: int) -> Iterator[Finding]:
        """A NAL unit between a prefix SEI NAL unit and its picture."""
        if nal_type == self.roles.delimiter:
            for one in self._waiting:
                yield _found("SEI-009", "an access unit delimiter follows it", one)
            self._waiting.clear()
        elif nal_type in self.roles.parameter_sets:
            what = f"{self.codec.names[nal_type]} follows it"
            for one in self._waiting:
                yield _found("SEI-010", what, one)
            self._waiting.clear()

    def _compared(self, one: _SeiUnit) -> Iterator[Finding]:
        """Layer and temporal id against those of the pictures of the access unit."""
        place = one.place
        temporal = self._pictures.get(one.layer_id)
        if temporal is None:
            layers = ", ".join(map(str, self._pictures))
            what = "no picture of this layer stands beside it"
            yield Finding(RULES["SEI-012"], what, element="nuh_layer_id", value=one.layer_id, allowed=layers, **place)
        elif one.temporal_id != temporal:
            rule = RULES["SEI-011" if one.temporal_id < temporal else "SEI-012"]
            what = f"its picture has temporal id {temporal}"
            yield Finding(rule, what, element="TemporalId", value=one.temporal_id, allowed=str(temporal), **place)

    def _bytes(self, data: bytes) -> Iterator[Finding]:
        yield from self._header(data)
        broken = _NOT_PREVENTED.search(data)
        if broken is not None:
            what = f"{broken[0].hex(' ')} at byte {broken.start()} of the NAL unit"
            yield Finding(RULES["SEI-003"], what)
        # A payload may end with the byte that looks like trailing bits when those are missing.
        if not data.endswith(b"\x80") or self._swallowed(data):
            what = "the last message reaches to the end of the NAL unit"
            yield Finding(RULES["SEI-002"], what, element="rbsp_trailing_bits", allowed="80")

    def _swallowed(self, data: bytes) -> bool:
        rbsp = unescape(data[self.codec.header_bytes :])
        return split_messages(rbsp).end == len(rbsp)

    def _header(self, data: bytes) -> Iterator[Finding]:
        for name, byte, mask in self.codec.zero_bits:
            value = data[byte] & mask
            if value:
                value //= mask & -mask
                yield Finding(RULES["SEI-004"], "not 0", element=name, value=value, allowed="0")
        if self.codec is not AVC and not data[1] & 7:
            yield Finding(RULES["SEI-004"], "is 0", element="nuh_temporal_id_plus1", value=0, allowed="1 to 7")


def _found(rule: str, what: str, one: _SeiUnit) -> Finding:
    return Finding(RULES[rule], what, element="nal_unit_type", value=one.nal_type, **one.place)
