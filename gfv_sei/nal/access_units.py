"""Where access units begin, found while NAL units go by; and with ``order``, which picture is shown when.

The rules of the three standards have one shape: after the last slice of a picture, the first NAL unit of certain
types, or else the first slice of the next picture, begins the next access unit. They differ in how the first slice
of a picture is told: HEVC has a flag for it, VVC a picture header, AVC compares fields of slice headers.

A picture of a higher layer belongs to the access unit of the pictures below it: a new access unit begins only with a
picture whose layer is not above that of the picture before. x265 repeats parameter sets between two layers of an
access unit. They look like the beginning of the next one, and are counted as its, but if the picture behind them is of
a higher layer and there is no delimiter, it is counted back (H.265 clause F.7.4.2.4.4: only what stands before a
picture of the lowest layer begins an access unit).

Picture order costs some reading of headers, so it is done only where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei.nal.avc_headers import AvcSlices
from gfv_sei.nal.codec import AVC, EXTENSION, HEVC, LEADING, PICTURE_HEADER, SLICE, TRAILING, Codec

if TYPE_CHECKING:
    from gfv_sei.nal.picture_order import AccessUnit, PictureOrder


class AccessUnits:
    """Counts access units. Feed it every NAL unit in order.

    au          index of the access unit that the last NAL unit belongs to. It goes up, but see above for layers.
    begins      whether the last NAL unit was the first slice (or the picture header) of a picture
    pictures    number of pictures so far
    order       with ``order``: what derives picture order, None without
    unit        with ``order``: the access unit that the last NAL unit belongs to. Its poc is known with its first
                slice, its display some pictures later; ``finish`` settles those that are left.
    """

    def __init__(self, codec: Codec, order: bool = False) -> None:
        self.kinds = codec.kinds
        self.avc = AvcSlices() if codec is AVC else None
        # In HEVC the first bit behind the header says first slice segment, in VVC picture header in slice header.
        self.first_flag_at = codec.header_bytes
        self.au = -1
        self.pictures = 0
        self.begins = False
        self.layer = 0
        self.layer_before = 0  # of the last picture of the access unit before
        self.delimiter = codec.roles.delimiter
        self.delimited = False  # whether a delimiter began this access unit, so that it is certain
        # True from a picture's first slice until what begins the next access unit.
        self.slices_seen = True
        self.order = _picture_order(codec, self.avc) if order else None
        self.unit: AccessUnit | None = None
        if order:
            self._new_unit(0)

    def feed(self, nal_type: int, layer_id: int, head: bytes) -> int:
        """Take the next NAL unit and return the index of its access unit.

        ``head`` holds the NAL unit from its header on: all of it for the types that the codec lists as ``whole``,
        else at least the first 64 bytes or what there are.
        """
        kind = self.kinds[nal_type]
        self.begins = False
        if kind == SLICE:
            if self._first_slice(nal_type, head):
                self._picture(layer_id)
            self.slices_seen = True
        elif kind == LEADING:
            if self.avc is not None:
                self.avc.parameter_set(nal_type, head)
            if self.slices_seen and (self.au < 0 or layer_id <= self.layer):
                self._next()
            if nal_type == self.delimiter:
                self.delimited = True
        elif kind == PICTURE_HEADER:
            self._picture(layer_id)
        if self.order is not None:
            self._order(self.order, kind, nal_type, layer_id, head)
        return max(self.au, 0)

    def finish(self) -> None:
        """The stream has ended: settle every access unit. Does nothing without ``order``."""
        if self.order is not None and self.unit is not None:
            self.order.finish()
            self.unit.settled = True

    def _next(self) -> None:
        self.au += 1
        self.layer_before = self.layer
        self.layer = -1
        self.slices_seen = self.delimited = False
        # It may be there already, counted back.
        if self.order is not None and self.unit is not None and self.unit.au != self.au:
            self._new_unit(self.au)

    def _picture(self, layer_id: int) -> None:
        if self.slices_seen and (self.au < 0 or layer_id <= self.layer):
            self._next()
        elif self.au > 0 and self.layer < 0 and layer_id > self.layer_before and not self.delimited:
            self.au -= 1
        self.layer = layer_id
        self.slices_seen = False
        self.begins = True
        self.pictures += 1

    def _first_slice(self, nal_type: int, head: bytes) -> bool:
        if self.avc is not None:
            # Behind a delimiter or parameter sets it is, even if its header looks like that of the picture before:
            # streams of one IDR picture each that were joined have equal ones.
            return self.avc.first_slice(nal_type, head) or not self.slices_seen
        return len(head) > self.first_flag_at and head[self.first_flag_at] >= 0x80

    def _new_unit(self, au: int) -> None:
        if self.unit is not None and not self.unit.pictured:
            self.unit.settled = True
        assert self.order is not None
        self.unit = self.order.new_unit(au)

    def _order(self, order: PictureOrder, kind: int, nal_type: int, layer_id: int, head: bytes) -> None:
        if kind == SLICE:
            if (self.begins or order.pending) and self.unit is not None:
                order.picture(self.unit, nal_type, layer_id, head)
        elif kind == LEADING:
            if nal_type in order.reads:
                order.read(nal_type, layer_id, head)
        elif kind == PICTURE_HEADER:
            order.picture_header(layer_id, head)
        elif kind == TRAILING and nal_type in order.ends:
            order.sequence_ends(layer_id)


def _picture_order(codec: Codec, slices: AvcSlices | None) -> PictureOrder:
    if slices is not None:
        from gfv_sei.nal.avc_order import AvcOrder

        return AvcOrder(slices)
    if codec is HEVC:
        from gfv_sei.nal.hevc_order import HevcOrder

        return HevcOrder()
    from gfv_sei.nal.vvc_order import VvcOrder

    return VvcOrder()


def is_slice(codec: Codec, nal_type: int) -> bool:
    """Whether the NAL unit is a VCL NAL unit."""
    return codec.kinds[nal_type] in (SLICE, EXTENSION)
