"""Picture order count of AVC (H.264 clause 8.2.1), fields that share a frame, and output order (clause C.4).

Fields
    Each field is a picture and an access unit of its own. Two fields of opposite parity that follow each other with
    the same frame_num, both or neither of them for reference, are one frame that is output once (definitions 3.30 and
    3.31): both access units have the same ``display``, and each the ``poc`` of its own field. The frame's place is
    decided by the lower one. A field that finds no partner is output by itself.

Memory management control operation 5
    It acts as an IDR picture on what follows: all pictures before are output first, and the picture's own count is
    reduced so that its lower field has 0. ``poc`` is the reduced one, by which it is ordered.

Starting elsewhere than at an IDR picture
    Decoding can begin at a picture with a recovery point SEI message, too. Pictures before the frame_num that it names
    are not output, so with recovery_frame_cnt 0 all are: AVC does not mark leading pictures.
"""

from __future__ import annotations

from gfv_sei.nal.avc_headers import SEI, AvcSlices, SliceHeader, read_marking, read_recovery_point
from gfv_sei.nal.picture_order import AccessUnit, PictureOrder, nearest


class AvcOrder(PictureOrder):
    """Takes the slice headers that AvcSlices has read.

    previous                POC type 0: PicOrderCnt of the previous reference picture, as clause 8.2.1.1 wants it
    frame_num, offset       POC types 1 and 2: prevFrameNum and prevFrameNumOffset
    field                   a first field that may still find its partner: unit, slice header, count
    recovery                recovery_frame_cnt of a message in this access unit, while decoding has not begun
    recovers_at             frame_num from which on pictures are output, after beginning at a recovery point
    """

    reads = frozenset((SEI,))

    def __init__(self, slices: AvcSlices) -> None:
        super().__init__()
        self.slices = slices
        self.previous = 0
        self.frame_num = 0
        self.offset = 0
        self.field: tuple[AccessUnit, SliceHeader, int] | None = None
        self.recovery: int | None = None
        self.recovers_at: int | None = None

    def read(self, nal_type: int, layer_id: int, nal: bytes) -> None:
        if self.starting and self.recovery is None:
            self.recovery = read_recovery_point(nal)

    def picture(self, unit: AccessUnit, nal_type: int, layer_id: int, head: bytes) -> None:
        header, reader = self.slices.header, self.slices.reader
        if not self.counts(unit, layer_id):
            return
        if header is None or reader is None:
            self._close_field()
            self.not_shown(unit)
            return
        if self.starting and not self._begins(header):
            self.not_shown(unit)
            return
        no_output_of_prior_pics, resets = read_marking(reader, header) if header.reference else (0, False)
        top, bottom = self._count(header)
        if resets:
            lowest = _lowest(top, bottom)
            top = None if top is None else top - lowest
            bottom = None if bottom is None else bottom - lowest
            self.previous = top or 0
            self.frame_num = self.offset = 0
        elif header.reference and header.sps.poc_type == 0:
            # With a frame or a top field it is the count of the top field whose bits the next picture continues.
            self.previous = top if top is not None else bottom or 0
        poc = _lowest(top, bottom)
        unit.poc = poc
        unit.sequence = self.output.sequence
        unit.format = header.sps.format
        if self.recovers_at is not None:
            if not header.idr and not (header.reference and header.frame_num == self.recovers_at):
                self.not_shown(unit)
                return
            self.recovers_at = None
        self._place(unit, header, poc, resets, no_output_of_prior_pics)

    def _begins(self, header: SliceHeader) -> bool:
        """Whether decoding can begin here, which it then does."""
        recovery, self.recovery = self.recovery, None
        if not header.idr:
            if recovery is None:
                return False
            self.recovers_at = (header.frame_num + recovery) % (1 << header.sps.frame_num_bits)
        self.starting = False
        return True

    def _place(
        self, unit: AccessUnit, header: SliceHeader, poc: int, resets: bool, no_output_of_prior_pics: int
    ) -> None:
        if self.field is not None:
            first, its_header, its_poc = self.field
            if not resets and _are_partners(its_header, header):
                self.field = None
                first.partner = unit
                self.output.add(min(poc, its_poc), first, header.sps.reorder)
                return
            self._close_field()
        if header.idr or resets:
            self.output.flush(discard=no_output_of_prior_pics == 1)
            unit.sequence = self.output.sequence
        if header.field:
            self.field = unit, header, poc
        else:
            self.output.add(poc, unit, header.sps.reorder)

    def _close_field(self) -> None:
        if self.field is not None:
            unit, header, poc = self.field
            self.field = None
            self.output.add(poc, unit, header.sps.reorder)

    def finish(self) -> None:
        self._close_field()
        super().finish()

    def _count(self, header: SliceHeader) -> tuple[int | None, int | None]:
        """TopFieldOrderCnt and BottomFieldOrderCnt, None for the field that is not there."""
        sps = header.sps
        if sps.poc_type == 0:
            top, bottom = self._type_0(header)
        else:
            if header.idr:
                self.offset = 0
            elif self.frame_num > header.frame_num:
                self.offset += 1 << sps.frame_num_bits
            self.frame_num = header.frame_num
            top, bottom = self._type_1(header) if sps.poc_type == 1 else self._type_2(header)
        if not header.field:
            return top, bottom
        return (None, bottom) if header.bottom else (top, None)

    def _type_0(self, header: SliceHeader) -> tuple[int, int]:
        """Clause 8.2.1.1."""
        if header.idr:
            self.previous = 0
        count = nearest(header.poc_lsb, header.sps.poc_lsb_bits, self.previous)
        return count, count + header.delta0

    def _type_1(self, header: SliceHeader) -> tuple[int, int]:
        """Clause 8.2.1.2."""
        sps = header.sps
        number = self.offset + header.frame_num if sps.offsets else 0
        if number > 0 and not header.reference:
            number -= 1
        expected = 0
        if number > 0:
            cycles, in_cycle = divmod(number - 1, len(sps.offsets))
            expected = cycles * sps.offsets[-1] + sps.offsets[in_cycle]
        if not header.reference:
            expected += sps.offset_for_non_ref_pic
        top = expected + header.delta0
        if header.field:
            return top, top + sps.offset_for_top_to_bottom_field
        return top, top + sps.offset_for_top_to_bottom_field + header.delta1

    def _type_2(self, header: SliceHeader) -> tuple[int, int]:
        """Clause 8.2.1.3."""
        count = 2 * (self.offset + header.frame_num)
        if count and not header.reference:
            count -= 1
        return count, count


def _lowest(top: int | None, bottom: int | None) -> int:
    if top is None:
        return bottom or 0
    return top if bottom is None else min(top, bottom)


def _are_partners(first: SliceHeader, second: SliceHeader) -> bool:
    """Whether two pictures in decoding order are the fields of one frame."""
    return (
        second.field == 1
        and second.bottom != first.bottom
        and second.frame_num == first.frame_num
        and second.reference == first.reference
        and not second.idr
    )
