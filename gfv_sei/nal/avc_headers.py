"""AVC parameter sets and slice headers, as far as pictures, their order and their format need them.

Clauses are those of H.264. Readers raise what :data:`~gfv_sei.nal.parameter_sets.UNREADABLE` lists.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from gfv_sei.bits import BitReader
from gfv_sei.nal.codec import AVC
from gfv_sei.nal.escape import unescape
from gfv_sei.nal.parameter_sets import UNREADABLE, OutOfRangeError, PictureFormat, Store, chroma_units, limited

IDR, SEI, SPS, PPS = map(AVC.nal_type, ("idr_slice", "sei", "sps", "pps"))
PARTITION_B, PARTITION_C = map(AVC.nal_type, ("slice_data_partition_b", "slice_data_partition_c"))
_RECOVERY_POINT = 6

P_SLICE, B_SLICE, I_SLICE, SP_SLICE, SI_SLICE = range(5)

# profile_idc values whose SPS says its chroma format (clause 7.3.2.1.1)
_WITH_CHROMA_FORMAT = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))

# profile_idc values that with constraint_set3_flag are intra profiles, whose pictures are all output at once (E.2.1)
_INTRA_PROFILES = frozenset((44, 86, 100, 110, 122, 244))

# MaxDpbMbs by level_idc (table A-1)
_MAX_DPB_MBS = {
    9: 396,
    10: 396,
    11: 900,
    12: 2376,
    13: 2376,
    20: 2376,
    21: 4752,
    22: 8100,
    30: 8100,
    31: 18000,
    32: 20480,
    40: 32768,
    41: 32768,
    42: 34816,
    50: 110400,
    51: 184320,
    52: 184320,
    60: 696320,
    61: 696320,
    62: 696320,
}
MAX_DPB_FRAMES = 16

# More samples in a row than any level allows.
_MAX_MBS = 1 << 14

_EXTENDED_SAR = 255

# Bytes of a slice that are looked at, should its reader give more.
_LONGEST_HEADER = 512


class Sps(NamedTuple):
    """What is needed of a sequence parameter set.

    offsets         sums of offset_for_ref_frame: the first, the first two, and so on (POC type 1)
    reorder         how many frames at most precede one in decoding order and follow it in output order
    """

    format: PictureFormat
    separate_colour_planes: int
    frame_num_bits: int
    poc_type: int
    poc_lsb_bits: int
    delta_poc_always_zero: int
    offset_for_non_ref_pic: int
    offset_for_top_to_bottom_field: int
    offsets: tuple[int, ...]
    frame_mbs_only: int
    reorder: int


class Pps(NamedTuple):
    """What is needed of a picture parameter set.

    whole says whether all of it could be read; else the slice headers end with picture order count for us.
    """

    sps_id: int
    bottom_field_poc_present: int
    whole: bool = False
    active_l0: int = 1
    active_l1: int = 1
    weighted_pred: int = 0
    weighted_bipred: int = 0
    redundant_pic_cnt_present: int = 0


class SliceHeader(NamedTuple):
    """The start of a slice header, up to what picture order count needs."""

    first_mb: int
    slice_type: int
    sps: Sps
    pps: Pps
    reference: bool
    idr: bool
    frame_num: int
    field: int
    bottom: int
    poc_lsb: int
    delta0: int
    delta1: int
    signature: tuple[int, ...]


class Marking(NamedTuple):
    """What dec_ref_pic_marking says that matters for output order."""

    no_output_of_prior_pics: int = 0
    resets: bool = False


class _Samples(NamedTuple):
    """How samples are coded; for profiles whose SPS does not say, 4:2:0 of 8 bits."""

    chroma_format: int = 1
    separate_colour_planes: int = 0
    bit_depth: int = 8
    chroma_bit_depth: int = 8


def _samples(r: BitReader, profile_idc: int) -> _Samples:
    """chroma_format_idc to the scaling matrix."""
    if profile_idc not in _WITH_CHROMA_FORMAT:
        return _Samples()
    chroma_format = limited(r.ue(), 3)
    separate = r.u(1) if chroma_format == 3 else 0
    bit_depth = 8 + limited(r.ue(), 6)
    chroma_bit_depth = 8 + limited(r.ue(), 6)
    r.u(1)  # qpprime_y_zero_transform_bypass_flag
    if r.u(1):  # seq_scaling_matrix_present_flag
        for i in range(8 if chroma_format != 3 else 12):
            if r.u(1):
                _scaling_list(r, 16 if i < 6 else 64)
    return _Samples(chroma_format, separate, bit_depth, chroma_bit_depth)


class _PocType(NamedTuple):
    """What an SPS says of picture order count; see Sps."""

    poc_type: int
    poc_lsb_bits: int = 0
    delta_poc_always_zero: int = 0
    offset_for_non_ref_pic: int = 0
    offset_for_top_to_bottom_field: int = 0
    offsets: tuple[int, ...] = ()


def _poc_type(r: BitReader) -> _PocType:
    """pic_order_cnt_type to offset_for_ref_frame."""
    poc_type = limited(r.ue(), 2)
    if poc_type == 0:
        return _PocType(poc_type, limited(r.ue(), 12) + 4)
    if poc_type == 2:
        return _PocType(poc_type)
    delta_poc_always_zero, non_ref, top_to_bottom = r.u(1), r.se(), r.se()
    steps = [r.se() for _ in range(limited(r.ue(), 255))]
    return _PocType(poc_type, 0, delta_poc_always_zero, non_ref, top_to_bottom, tuple(accumulate(steps)))


def _dpb_frames(profile_idc: int, constraints: int, level_idc: int, mbs: int) -> int:
    """Frames that a level lets a decoder store, of ``mbs`` macroblocks each (clauses A.3.1 and E.2.1)."""
    if profile_idc in _INTRA_PROFILES and constraints & 0x10:
        return 0
    if level_idc not in _MAX_DPB_MBS:
        return MAX_DPB_FRAMES
    level_1b = level_idc == 11 and constraints & 0x10 and profile_idc in (66, 77, 88)
    return min(_MAX_DPB_MBS[9 if level_1b else level_idc] // mbs, MAX_DPB_FRAMES)


def read_sps(nal: bytes) -> tuple[int, Sps]:
    """seq_parameter_set_id and the rest (clause 7.3.2.1.1)."""
    r = BitReader(unescape(nal[1:]))
    profile_idc, constraints, level_idc = r.u(8), r.u(8), r.u(8)
    sps_id = limited(r.ue(), 31)
    samples = _samples(r, profile_idc)
    frame_num_bits = limited(r.ue(), 12) + 4
    poc = _poc_type(r)
    r.ue()  # max_num_ref_frames
    r.u(1)  # gaps_in_frame_num_value_allowed_flag
    width = limited(r.ue(), _MAX_MBS) + 1
    map_units = limited(r.ue(), _MAX_MBS) + 1
    frame_mbs_only = r.u(1)
    height = map_units * (2 - frame_mbs_only)
    crop, reorder = _sps_tail(r, frame_mbs_only, _dpb_frames(profile_idc, constraints, level_idc, width * height))
    if poc.poc_type == 2:
        reorder = 0  # output order is decoding order
    unit_x, unit_y = (1, 1) if samples.separate_colour_planes else chroma_units(samples.chroma_format)
    unit_y *= 2 - frame_mbs_only
    picture_format = PictureFormat(
        max(0, 16 * width - unit_x * (crop[0] + crop[1])),
        max(0, 16 * height - unit_y * (crop[2] + crop[3])),
        16 * width,
        16 * height,
        samples.chroma_format,
        samples.bit_depth,
        samples.chroma_bit_depth,
    )
    return sps_id, Sps(picture_format, samples.separate_colour_planes, frame_num_bits, *poc, frame_mbs_only, reorder)


def _scaling_list(r: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + r.se()) % 256
        last = following or last


def _sps_tail(r: BitReader, frame_mbs_only: int, fallback: int) -> tuple[list[int], int]:
    """Cropping and max_num_reorder_frames. What is broken here leaves what slice headers need as it was."""
    crop = [0, 0, 0, 0]
    reorder = fallback
    try:
        if not frame_mbs_only:
            r.u(1)  # mb_adaptive_frame_field_flag
        r.u(1)  # direct_8x8_inference_flag
        if r.u(1):
            crop = [limited(r.ue(), 16 * _MAX_MBS) for _ in range(4)]
        if r.u(1):
            reorder = _vui(r, fallback)
    except UNREADABLE:
        pass
    return crop, reorder


def _vui(r: BitReader, fallback: int) -> int:
    """max_num_reorder_frames of the VUI (clause E.1.1), if it has one."""
    if r.u(1) and r.u(8) == _EXTENDED_SAR:
        r.u(32)
    if r.u(1):  # overscan_info_present_flag
        r.u(1)
    if r.u(1):  # video_signal_type_present_flag
        r.u(4)
        if r.u(1):
            r.u(24)
    if r.u(1):  # chroma_loc_info_present_flag
        r.ue()
        r.ue()
    if r.u(1):  # timing_info_present_flag
        r.u(65)
    nal_hrd = r.u(1)
    if nal_hrd:
        _hrd(r)
    vcl_hrd = r.u(1)
    if vcl_hrd:
        _hrd(r)
    if nal_hrd or vcl_hrd:
        r.u(1)
    r.u(1)  # pic_struct_present_flag
    if not r.u(1):  # bitstream_restriction_flag
        return fallback
    r.u(1)
    for _ in range(4):
        r.ue()
    return limited(r.ue(), MAX_DPB_FRAMES)


def _hrd(r: BitReader) -> None:
    """hrd_parameters (clause E.1.2)."""
    count = limited(r.ue(), 31) + 1
    r.u(8)
    for _ in range(count):
        r.ue()
        r.ue()
        r.u(1)
    r.u(20)


def read_pps(nal: bytes) -> tuple[int, Pps]:
    """pic_parameter_set_id and the rest (clause 7.3.2.2)."""
    r = BitReader(unescape(nal[1:]))
    pps_id = limited(r.ue(), 255)
    sps_id = limited(r.ue(), 31)
    r.u(1)
    pps = Pps(sps_id, r.u(1))
    try:
        return pps_id, _pps_tail(r, pps)
    except UNREADABLE:
        return pps_id, pps


def _pps_tail(r: BitReader, pps: Pps) -> Pps:
    groups = limited(r.ue(), 7) + 1
    if groups > 1:
        map_type = limited(r.ue(), 6)
        if map_type == 0:
            for _ in range(groups):
                r.ue()
        elif map_type == 2:
            for _ in range(2 * (groups - 1)):
                r.ue()
        elif map_type in (3, 4, 5):
            r.u(1)
            r.ue()
        elif map_type == 6:
            size = limited(r.ue(), _MAX_MBS * _MAX_MBS) + 1
            bits = (groups - 1).bit_length()
            for _ in range(size):
                r.u(bits)
    active_l0 = limited(r.ue(), 31) + 1
    active_l1 = limited(r.ue(), 31) + 1
    weighted_pred = r.u(1)
    weighted_bipred = r.u(2)
    for _ in range(3):
        r.se()  # pic_init_qp_minus26, pic_init_qs_minus26, chroma_qp_index_offset
    r.u(2)
    return Pps(
        pps.sps_id, pps.bottom_field_poc_present, True, active_l0, active_l1, weighted_pred, weighted_bipred, r.u(1)
    )


def read_slice_header(r: BitReader, header: int, all_sps: Store[Sps], all_pps: Store[Pps]) -> SliceHeader | int:
    """slice_header up to the picture order count (clause 7.3.3), ``header`` being the NAL unit header's byte.

    Only first_mb_in_slice where the parameter sets are not known.
    """
    first_mb = r.ue()
    slice_type = r.ue() % 5
    pps_id = r.ue()
    pps = all_pps.get(pps_id)
    sps = all_sps.get(pps.sps_id) if pps else None
    if pps is None or sps is None:
        return first_mb
    if sps.separate_colour_planes:
        r.u(2)
    frame_num = r.u(sps.frame_num_bits)
    field = bottom = 0
    if not sps.frame_mbs_only:
        field = r.u(1)
        bottom = r.u(1) if field else 0
    idr = header & 31 == IDR
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
    reference = header & 0x60 != 0
    signature = (frame_num, pps_id, field, bottom, reference, idr, idr_pic_id, poc_lsb, delta0, delta1)
    return SliceHeader(
        first_mb, slice_type, sps, pps, reference, idr, frame_num, field, bottom, poc_lsb, delta0, delta1, signature
    )


def read_marking(r: BitReader, header: SliceHeader) -> Marking:
    """dec_ref_pic_marking of a reference picture (clause 7.3.3.3); ``r`` stands behind what read_slice_header read.

    A header that is longer than the bytes that are there, which takes many explicit weights, counts as one without
    memory management.
    """
    try:
        _skip_to_marking(r, header)
        if header.idr:
            return Marking(no_output_of_prior_pics=r.u(1))
        resets = False
        if r.u(1):  # adaptive_ref_pic_marking_mode_flag
            while operation := r.ue():
                if operation in (1, 3):
                    r.ue()
                if operation in (2, 3, 4, 6):
                    r.ue()
                resets = resets or operation == 5
        return Marking(resets=resets)
    except UNREADABLE:
        return Marking()


def _skip_to_marking(r: BitReader, header: SliceHeader) -> None:
    pps, slice_type = header.pps, header.slice_type
    if not pps.whole:
        raise OutOfRangeError
    if pps.redundant_pic_cnt_present:
        r.ue()
    active = [pps.active_l0, pps.active_l1]
    lists = {P_SLICE: 1, SP_SLICE: 1, B_SLICE: 2}.get(slice_type, 0)
    if slice_type == B_SLICE:
        r.u(1)  # direct_spatial_mv_pred_flag
    if lists and r.u(1):  # num_ref_idx_active_override_flag
        for i in range(lists):
            active[i] = limited(r.ue(), 31) + 1
    for _ in range(lists):  # ref_pic_list_modification (clause 7.3.3.1)
        if r.u(1):
            while limited(r.ue(), 3) != 3:
                r.ue()
    if (lists == 1 and pps.weighted_pred) or (lists == 2 and pps.weighted_bipred == 1):
        _pred_weight_table(r, header.sps, active[:lists])


def _pred_weight_table(r: BitReader, sps: Sps, active: list[int]) -> None:
    """pred_weight_table (clause 7.3.3.2)."""
    chroma = sps.format.chroma_format != 0 and not sps.separate_colour_planes
    r.ue()
    if chroma:
        r.ue()
    for count in active:
        for _ in range(count):
            if r.u(1):
                r.se()
                r.se()
            if chroma and r.u(1):
                for _ in range(4):
                    r.se()


def read_recovery_point(nal: bytes) -> int | None:
    """recovery_frame_cnt of a recovery point SEI message (clause D.1.8), None if the NAL unit has none."""
    data = unescape(nal[1:])
    at = 0
    while at + 2 < len(data):
        payload_type = size = 0
        while data[at : at + 1] == b"\xff":
            payload_type += 255
            at += 1
        payload_type += data[at] if at < len(data) else 0
        at += 1
        while data[at : at + 1] == b"\xff":
            size += 255
            at += 1
        size += data[at] if at < len(data) else 0
        at += 1
        if payload_type == _RECOVERY_POINT:
            try:
                return BitReader(data[at : at + size]).ue()
            except UNREADABLE:
                return None
        at += size
    return None


class AvcSlices:
    """Tells the first slice of a primary coded picture from the others (clause 7.4.1.2.4).

    header, reader      header of the slice that was fed last, if its parameter sets are known, and where it ended
    """

    def __init__(self) -> None:
        self.sps = Store(read_sps)
        self.pps = Store(read_pps)
        self.before: tuple[int, ...] | None = None
        self.header: SliceHeader | None = None
        self.reader: BitReader | None = None

    def parameter_set(self, nal_type: int, nal: bytes) -> None:
        """Remember a parameter set; a broken one is as good as none."""
        if nal_type == SPS:
            self.sps.add(nal)
        elif nal_type == PPS:
            self.pps.add(nal)

    def first_slice(self, nal_type: int, head: bytes) -> bool:
        """Whether this slice is the first of its picture.

        Comparing values that are not coded alike for IDR and other pictures is harmless: whether a picture is IDR is
        one of the fields.
        """
        self.header = None
        if nal_type in (PARTITION_B, PARTITION_C):
            return False
        self.reader = reader = BitReader(unescape(head[1:_LONGEST_HEADER]))
        try:
            found = read_slice_header(reader, head[0], self.sps, self.pps)
        except UNREADABLE:
            return False
        now: tuple[int, ...] = ()
        if isinstance(found, int):
            first_mb = found
        else:
            self.header, now, first_mb = found, found.signature, found.first_mb
        before, self.before = self.before, now
        if before is None:
            return True
        if now == () or before == ():
            return first_mb == 0
        return now != before
