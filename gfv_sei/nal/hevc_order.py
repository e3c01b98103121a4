"""Picture order count of HEVC (H.265 clause 8.3.1), and which pictures are output (clauses 8.1.3, 8.3.1, C.5.2)."""

from __future__ import annotations

from gfv_sei.nal.codec import HEVC
from gfv_sei.nal.hevc_headers import (
    CRA,
    IRAP,
    LAST_SUB_LAYER_NON_REFERENCE,
    LEADING_PICTURES,
    RASL,
    SPS,
    read_pps,
    read_slice_header,
    read_sps,
)
from gfv_sei.nal.parameter_sets import UNREADABLE, Store
from gfv_sei.nal.picture_order import AccessUnit, PictureOrder, nearest


class HevcOrder(PictureOrder):
    """Takes parameter sets and first slice segments.

    previous    PicOrderCntVal of prevTid0Pic
    skipping    whether RASL pictures are not output: their IRAP picture began the decoding (NoRaslOutputFlag)
    """

    reads = HEVC.whole
    ends = HEVC.roles.ends

    def __init__(self) -> None:
        super().__init__()
        self.sps = Store(read_sps)
        self.pps = Store(read_pps)
        self.previous = 0
        self.skipping = False

    def read(self, nal_type: int, layer_id: int, nal: bytes) -> None:
        (self.sps if nal_type == SPS else self.pps).add(nal, layer_id)

    def picture(self, unit: AccessUnit, nal_type: int, layer_id: int, head: bytes) -> None:
        counts = self.counts(unit, layer_id)
        try:
            header = read_slice_header(head, nal_type, layer_id, self.sps, self.pps)
        except UNREADABLE:
            header = None
        if header is not None and header.sps.format is not None:
            self.formats[layer_id] = header.sps.format
        if not counts:
            return
        if header is None:
            self.not_shown(unit)
            return
        sps = header.sps
        unit.format = sps.format
        irap = nal_type in IRAP
        if self.starting and not irap:
            self.not_shown(unit)
            return
        if irap:
            self.skipping = self.starting or nal_type != CRA
            if self.skipping:
                # A CRA picture infers the flag to be 1; a BLA and an IDR picture say it (C.5.2.2).
                self.output.flush(discard=nal_type == CRA or header.no_output_of_prior_pics == 1)
        begins = irap and self.skipping
        poc = header.poc_lsb if begins else nearest(header.poc_lsb, sps.poc_lsb_bits, self.previous)
        self.starting = False
        unit.poc = poc
        unit.sequence = self.output.sequence
        leading = nal_type in LEADING_PICTURES
        sub_layer_non_reference = nal_type <= LAST_SUB_LAYER_NON_REFERENCE and nal_type & 1 == 0
        if head[1] & 7 == 1 and not leading and not sub_layer_non_reference:
            self.previous = poc
        if not header.pic_output or (self.skipping and nal_type in RASL):
            self.not_shown(unit)
        else:
            self.output.add(poc, unit, sps.reorder)
