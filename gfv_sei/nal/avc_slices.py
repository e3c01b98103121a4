"""As much of AVC parameter sets and slice headers as it takes to tell pictures apart (H.264 clause 7.4.1.2.4)."""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.bits import BitReader, EndOfBits, LongPrefix
from gfv_sei.nal.escape import unescape

IDR = 5
PARTITION_B, PARTITION_C = 3, 4
SPS, PPS = 7, 8

# profile_idc values whose SPS says its chroma format (clause 7.3.2.1.1)
_WITH_CHROMA_FORMAT = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))


class Sps(NamedTuple):
    """What slice headers need of a sequence parameter set."""

    separate_colour_planes: int
    frame_num_bits: int
    poc_type: int
    poc_lsb_bits: int
    delta_poc_always_zero: int
    frame_mbs_only: int


class Pps(NamedTuple):
    """What slice headers need of a picture parameter set."""

    sps_id: int
    bottom_field_poc_present: int


def read_sps(nal: bytes) -> tuple[int, Sps]:
    """seq_parameter_set_id and the rest. Raises EndOfBits or LongPrefix where the NAL unit is broken."""
    r = BitReader(unescape(nal[1:]))
    profile_idc = r.u(8)
    r.u(16)
    sps_id = r.ue()
    separate = 0
    if profile_idc in _WITH_CHROMA_FORMAT:
        chroma_format_idc = r.ue()
        if chroma_format_idc == 3:
            separate = r.u(1)
        r.ue()
        r.ue()
        r.u(1)
        if r.u(1):
            for i in range(8 if chroma_format_idc != 3 else 12):
                if r.u(1):
                    _scaling_list(r, 16 if i < 6 else 64)
    frame_num_bits = r.ue() + 4
    poc_type = r.ue()
    poc_lsb_bits = delta_poc_always_zero = 0
    if poc_type == 0:
        poc_lsb_bits = r.ue() + 4
    elif poc_type == 1:
        delta_poc_always_zero = r.u(1)
        r.se()
        r.se()
        for _ in range(min(r.ue(), 255)):
            r.se()
    r.ue()
    r.u(1)
    r.ue()
    r.ue()
    return sps_id, Sps(separate, frame_num_bits, poc_type, poc_lsb_bits, delta_poc_always_zero, r.u(1))


def _scaling_list(r: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + r.se()) % 256
        last = following or last


def read_pps(nal: bytes) -> tuple[int, Pps]:
    """pic_parameter_set_id and the rest. Raises as read_sps."""
    r = BitReader(unescape(nal[1:33]))
    pps_id = r.ue()
    sps_id = r.ue()
    r.u(1)
    return pps_id, Pps(sps_id, r.u(1))


class AvcSlices:
    """Tells the first slice of a primary coded picture from the others."""

    def __init__(self) -> None:
        self.sps: dict[int, Sps] = {}
        self.pps: dict[int, Pps] = {}
        self.before: tuple[int, ...] | None = None

    def parameter_set(self, nal_type: int, nal: bytes) -> None:
        """Remember a parameter set; a broken one is as good as none."""
        try:
            if nal_type == SPS:
                sps_id, sps = read_sps(nal)
                self.sps[sps_id & 31] = sps
            elif nal_type == PPS:
                pps_id, pps = read_pps(nal)
                self.pps[pps_id & 255] = pps
        except (EndOfBits, LongPrefix):
            return

    def first_slice(self, nal_type: int, head: bytes) -> bool:
        """Whether this slice is the first of its picture."""
        if nal_type in (PARTITION_B, PARTITION_C):
            return False
        try:
            now, first_mb = self._signature(nal_type, head)
        except (EndOfBits, LongPrefix):
            return False
        before, self.before = self.before, now
        if before is None:
            return True
        if now == () or before == ():
            return first_mb == 0
        return now != before

    def _signature(self, nal_type: int, head: bytes) -> tuple[tuple[int, ...], int]:
        """The fields that differ between slices of different pictures, and first_mb_in_slice.

        Empty where the parameter sets are not known. Comparing values that are not coded alike for IDR and other
        pictures is harmless: whether a picture is IDR is one of the fields.
        """
        r = BitReader(unescape(head[1:64]))
        first_mb = r.ue()
        r.ue()
        pps_id = r.ue()
        pps = self.pps.get(pps_id)
        sps = self.sps.get(pps.sps_id) if pps else None
        if pps is None or sps is None:
            return (), first_mb
        if sps.separate_colour_planes:
            r.u(2)
        frame_num = r.u(sps.frame_num_bits)
        field = bottom = 0
        if not sps.frame_mbs_only:
            field = r.u(1)
            bottom = r.u(1) if field else 0
        idr = nal_type == IDR
        idr_pic_id = r.ue() if idr else 0
        poc_lsb = delta0 = delta1 = 0
        if sps.poc_type == 0:
            poc_lsb = r.u(sps.poc_lsb_bits)
            if pps.bottom_field_poc_present and not field:
                delta0 = r.se()
        elif sps.poc_type == 1 and not sps.delta_poc_always_zero:
            delta0 = r.se()
            if pps.bottom_field_poc_present and not field:
                delta1 = r.se()
        is_reference = head[0] & 0x60 != 0
        now = (frame_num, pps_id, field, bottom, is_reference, idr, idr_pic_id, poc_lsb, delta0, delta1)
        return now, first_mb
