"""Picture order count of VVC (H.266 clause 8.3.1), and which pictures are output (clauses 8.1.1 and C.5.2).

The picture header has the count, the slice NAL unit the type that says what the count is relative to. So where the
header has a NAL unit of its own, the count is known with the slice behind it.
"""

from __future__ import annotations

from gfv_sei.bits import BitReader
from gfv_sei.nal.codec import VVC
from gfv_sei.nal.escape import unescape
from gfv_sei.nal.parameter_sets import UNREADABLE, Store
from gfv_sei.nal.picture_order import AccessUnit, PictureOrder, nearest
from gfv_sei.nal.vvc_headers import (
    CRA,
    GDR,
    IDR,
    RADL,
    RASL,
    SPS,
    PictureHeader,
    Pps,
    Sps,
    picture_format,
    read_picture_header,
    read_pps,
    read_sps,
)


class VvcOrder(PictureOrder):
    """Takes parameter sets, picture headers and the first slice behind each.

    previous        PicOrderCntVal of prevTid0Pic
    skipping        whether RASL pictures are not output: their CRA picture began the decoding
    recovery_poc    pictures below it are not output: a GDR picture began the decoding
    """

    reads = VVC.whole
    ends = VVC.roles.ends

    def __init__(self) -> None:
        super().__init__()
        self.sps = Store(read_sps)
        self.pps = Store(read_pps)
        self.header_bits = b""
        self.format_of: dict[int, tuple[Sps, Pps]] = {}
        self.previous = 0
        self.skipping = False
        self.recovery_poc: int | None = None

    def read(self, nal_type: int, layer_id: int, nal: bytes) -> None:
        (self.sps if nal_type == SPS else self.pps).add(nal, layer_id)

    def picture_header(self, layer_id: int, head: bytes) -> None:
        self.header_bits = head[2:]
        self.pending = True

    def _format(self, layer_id: int, header: PictureHeader) -> None:
        sps, pps = self.format_of.get(layer_id, (None, None))
        if header.sps is not sps or header.pps is not pps:
            self.format_of[layer_id] = header.sps, header.pps
            self.formats[layer_id] = picture_format(header.sps, header.pps)

    def picture(self, unit: AccessUnit, nal_type: int, layer_id: int, head: bytes) -> None:
        if head[2] & 0x80:
            reader = BitReader(unescape(head[2:]))
            reader.u(1)
        else:
            reader = BitReader(unescape(self.header_bits))
        self.pending = False
        counts = self.counts(unit, layer_id)
        try:
            header = read_picture_header(reader, layer_id, self.sps, self.pps)
        except UNREADABLE:
            header = None
        if header is not None:
            self._format(layer_id, header)
        if not counts:
            return
        if header is None:
            self.not_shown(unit)
            return
        sps = header.sps
        unit.format = self.formats[layer_id]
        if self.starting and nal_type not in VVC.roles.irap | {GDR}:
            self.not_shown(unit)
            return
        begins = self.starting or nal_type in IDR
        if header.poc_msb is not None:
            poc = (header.poc_msb << sps.poc_lsb_bits) + header.poc_lsb
        elif begins:
            poc = header.poc_lsb
        else:
            poc = nearest(header.poc_lsb, sps.poc_lsb_bits, self.previous)
        if begins:
            self.skipping = nal_type == CRA
            self.recovery_poc = poc + header.recovery_poc_cnt if nal_type == GDR else None
            self.output.flush()
        elif nal_type == CRA:
            self.skipping = False
        self.starting = False
        unit.poc = poc
        unit.sequence = self.output.sequence
        if head[1] & 7 == 1 and not header.non_reference and nal_type not in (RADL, RASL):
            self.previous = poc
        recovering = self.recovery_poc is not None and poc < self.recovery_poc
        if not header.pic_output or recovering or (self.skipping and nal_type == RASL):
            self.not_shown(unit)
        else:
            self.output.add(poc, unit, sps.reorder)
