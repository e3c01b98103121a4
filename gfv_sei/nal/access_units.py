"""Where access units begin, found while NAL units go by.

The rules of the three standards have one shape: after the last slice of a picture, the first NAL unit of certain
types, or else the first slice of the next picture, begins the next access unit. They differ in how the first slice
of a picture is told: HEVC has a flag for it, VVC a picture header, AVC compares fields of slice headers.

A picture of a higher layer belongs to the access unit of the pictures below it: a new access unit begins only with a
picture whose layer is not above that of the picture before.
"""

from __future__ import annotations

from gfv_sei.nal.avc_slices import AvcSlices
from gfv_sei.nal.codec import AVC, EXTENSION, LEADING, PICTURE_HEADER, SLICE, Codec


class AccessUnits:
    """Counts access units. Feed it every NAL unit in order.

    au          index of the access unit that the last NAL unit belongs to
    begins      whether the last NAL unit was the first slice (or the picture header) of a picture
    pictures    number of pictures so far
    """

    def __init__(self, codec: Codec) -> None:
        self.kinds = codec.kinds
        self.avc = AvcSlices() if codec is AVC else None
        # In HEVC the first bit behind the header says first slice segment, in VVC picture header in slice header.
        self.first_flag_at = codec.header_bytes
        self.au = -1
        self.pictures = 0
        self.begins = False
        self.layer = 0
        # True from a picture's first slice until what begins the next access unit.
        self.slices_seen = True

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
        elif kind == PICTURE_HEADER:
            self._picture(layer_id)
        return max(self.au, 0)

    def _next(self) -> None:
        self.au += 1
        self.layer = -1
        self.slices_seen = False

    def _picture(self, layer_id: int) -> None:
        if self.slices_seen and (self.au < 0 or layer_id <= self.layer):
            self._next()
        self.layer = layer_id
        self.slices_seen = False
        self.begins = True
        self.pictures += 1

    def _first_slice(self, nal_type: int, head: bytes) -> bool:
        if self.avc is not None:
            return self.avc.first_slice(nal_type, head)
        return len(head) > self.first_flag_at and head[self.first_flag_at] >= 0x80


def is_slice(codec: Codec, nal_type: int) -> bool:
    """Whether the NAL unit is a VCL NAL unit."""
    return codec.kinds[nal_type] in (SLICE, EXTENSION)
