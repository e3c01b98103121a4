"""VVC parameter sets and picture headers, as far as picture order and format need them.

Clauses are those of H.266. Readers raise what :data:`~gfv_sei.nal.parameter_sets.UNREADABLE` lists.

Nearly all of the SPS is read for one bit: ph_pic_output_flag stands behind elements of the picture header whose
presence the coding tools decide. Where that part of an SPS cannot be read, pictures count as output.
"""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.bits import BitReader
from gfv_sei.nal.codec import VVC
from gfv_sei.nal.escape import unescape
from gfv_sei.nal.parameter_sets import UNREADABLE, PictureFormat, Store, chroma_units, limited

RADL, RASL, CRA, GDR = map(VVC.nal_type, ("RADL_NUT", "RASL_NUT", "CRA_NUT", "GDR_NUT"))
IDR = frozenset((VVC.nal_type("IDR_W_RADL"), VVC.nal_type("IDR_N_LP")))
SPS, PPS = map(VVC.nal_type, ("SPS_NUT", "PPS_NUT"))

MAX_DPB_SIZE = 16
_MAX_SIZE = 1 << 17
_MAX_SUBPICS = 1 << 12
_CONSTRAINT_FLAGS = 71  # bits of general_constraints_info between gci_present_flag and gci_num_additional_bits


class Tools(NamedTuple):
    """What of an SPS decides about elements of the picture header before ph_pic_output_flag."""

    alf: int
    lmcs: int
    scaling_list: int
    virtual_boundaries_in_ph: int


class Sps(NamedTuple):
    """What is needed of a sequence parameter set.

    size, window    largest picture, and its conformance window as in Pps
    poc_msb_bits    of ph_poc_msb_cycle_val, 0 where the picture header has none
    extra_ph_bits   how many ph_extra_bit the picture header has
    reorder         dpb_max_num_reorder_pics of the highest sublayer
    """

    size: tuple[int, int]
    window: tuple[int, int]
    chroma_format: int
    bit_depth: int
    poc_lsb_bits: int
    poc_msb_bits: int
    extra_ph_bits: int
    reorder: int
    tools: Tools | None


class Pps(NamedTuple):
    """What is needed of a picture parameter set.

    window      what the conformance window cuts off of width and height, in units of chroma samples; None if not coded
    """

    sps_id: int
    width: int
    height: int
    window: tuple[int, int] | None
    output_flag_present: int
    no_partition: int


class PictureHeader(NamedTuple):
    """The start of a picture header. ``poc_msb`` is None where it is not coded."""

    sps: Sps
    pps: Pps
    non_reference: int
    recovery_poc_cnt: int
    poc_lsb: int
    poc_msb: int | None
    pic_output: int


def read_sps(nal: bytes) -> tuple[int, Sps]:
    """sps_seq_parameter_set_id and the rest (clause 7.3.2.4)."""
    r = BitReader(unescape(nal[2:]))
    sps_id = r.u(4)
    vps_id = r.u(4)
    sublayers = limited(r.u(3), 6)
    chroma_format = r.u(2)
    ctb_log2 = limited(r.u(2), 2) + 5
    with_ptl = r.u(1)
    if with_ptl:
        _profile_tier_level(r, sublayers)
    r.u(1)  # sps_gdr_enabled_flag
    if r.u(1):
        r.u(1)
    width = limited(r.ue(), _MAX_SIZE)
    height = limited(r.ue(), _MAX_SIZE)
    window = _window(r) if r.u(1) else (0, 0)
    if r.u(1):
        _subpictures(r, width, height, ctb_log2)
    bit_depth = 8 + limited(r.ue(), 8)
    r.u(2)
    poc_lsb_bits = limited(r.u(4), 12) + 4
    poc_msb_bits = limited(r.ue(), 31) + 1 if r.u(1) else 0
    extra_ph_bits = r.u(8 * r.u(2)).bit_count()
    r.u(8 * r.u(2))
    reorder = MAX_DPB_SIZE
    tools = None
    try:
        if with_ptl:
            reorder = _dpb_parameters(r, sublayers, r.u(1) if sublayers else 0)
        tools = _tools(r, chroma_format, ctb_log2, poc_lsb_bits, vps_id)
    except UNREADABLE:
        pass
    return sps_id, Sps(
        (width, height), window, chroma_format, bit_depth, poc_lsb_bits, poc_msb_bits, extra_ph_bits, reorder, tools
    )


def _window(r: BitReader) -> tuple[int, int]:
    """Conformance window offsets: left and right, top and bottom."""
    left, right, top, bottom = (limited(r.ue(), _MAX_SIZE) for _ in range(4))
    return left + right, top + bottom


def _profile_tier_level(r: BitReader, sublayers: int) -> None:
    """profile_tier_level(1, sublayers) with general_constraints_info (clauses 7.3.3.1 and 7.3.3.2)."""
    r.u(8 + 8 + 2)
    if r.u(1):  # gci_present_flag
        r.u(_CONSTRAINT_FLAGS)
        r.u(r.u(8))
    r.u(-r.position % 8)
    levels = sum(r.u(1) for _ in range(sublayers))
    r.u(-r.position % 8)
    r.u(8 * levels)
    r.u(32 * r.u(8))


def _subpictures(r: BitReader, width: int, height: int, ctb_log2: int) -> None:
    """The part of the SPS behind sps_subpic_info_present_flag."""
    last = limited(r.ue(), _MAX_SUBPICS)
    independent, same_size = 1, 0
    if last > 0:
        independent = r.u(1)
        same_size = r.u(1)
    size = 1 << ctb_log2
    bits_x = ((width + size - 1) // size - 1).bit_length() if width > size else 0
    bits_y = ((height + size - 1) // size - 1).bit_length() if height > size else 0
    for i in range(last + 1 if last else 0):
        if not same_size or i == 0:
            r.u((bits_x + bits_y) * ((i > 0) + (i < last)))
        if not independent:
            r.u(2)
    id_bits = limited(r.ue(), 15) + 1
    if r.u(1) and r.u(1):
        for _ in range(last + 1):
            r.u(id_bits)


def _dpb_parameters(r: BitReader, sublayers: int, each: int) -> int:
    """dpb_max_num_reorder_pics of the highest sublayer (clause 7.3.4)."""
    reorder = 0
    for _ in range(sublayers + 1 if each else 1):
        r.ue()
        reorder = r.ue()
        r.ue()
    return min(reorder, MAX_DPB_SIZE)


def _tools(r: BitReader, chroma_format: int, ctb_log2: int, poc_lsb_bits: int, vps_id: int) -> Tools:
    """The coding tools: the rest of the SPS up to sps_virtual_boundaries_present_flag."""
    _partitioning(r, chroma_format)
    transform_64 = r.u(1) if ctb_log2 > 5 else 0
    transform_skip = r.u(1)
    if transform_skip:
        r.ue()
        r.u(1)
    if r.u(1):  # sps_mts_enabled_flag
        r.u(2)
    lfnst = r.u(1)
    if chroma_format:
        _chroma_qp_tables(r)
    r.u(1)  # sps_sao_enabled_flag
    alf = r.u(1)
    if alf and chroma_format:
        r.u(1)
    lmcs = r.u(1)
    weighted = r.u(2)
    _reference_picture_lists(r, poc_lsb_bits, weighted != 0, vps_id)
    r.u(1)  # sps_ref_wraparound_enabled_flag
    if r.u(1):  # sps_temporal_mvp_enabled_flag
        r.u(1)
    amvr = r.u(1)
    if r.u(1):  # sps_bdof_enabled_flag
        r.u(1)
    r.u(1)  # sps_smvd_enabled_flag
    if r.u(1):  # sps_dmvr_enabled_flag
        r.u(1)
    if r.u(1):  # sps_mmvd_enabled_flag
        r.u(1)
    merge = 6 - limited(r.ue(), 5)
    r.u(1)  # sps_sbt_enabled_flag
    if r.u(1):  # sps_affine_enabled_flag
        r.ue()
        r.u(1)
        if amvr:
            r.u(1)
        if r.u(1):  # sps_affine_prof_enabled_flag
            r.u(1)
    r.u(2)  # sps_bcw_enabled_flag, sps_ciip_enabled_flag
    if merge >= 2 and r.u(1) and merge >= 3:  # sps_gpm_enabled_flag
        r.ue()
    r.ue()  # sps_log2_parallel_merge_level_minus2
    r.u(3)  # sps_isp_enabled_flag, sps_mrl_enabled_flag, sps_mip_enabled_flag
    if chroma_format:
        r.u(1)
    if chroma_format == 1:
        r.u(2)
    palette = r.u(1)
    act = r.u(1) if chroma_format == 3 and not transform_64 else 0
    if transform_skip or palette:
        r.ue()
    if r.u(1):  # sps_ibc_enabled_flag
        r.ue()
    if r.u(1):  # sps_ladf_enabled_flag
        intervals = r.u(2) + 1
        r.se()
        for _ in range(intervals):
            r.se()
            r.ue()
    scaling_list = r.u(1)
    if scaling_list and lfnst:
        r.u(1)
    if scaling_list and act and r.u(1):
        r.u(1)
    r.u(2)  # sps_dep_quant_enabled_flag, sps_sign_data_hiding_enabled_flag
    virtual_boundaries_in_ph = int(r.u(1) == 1 and r.u(1) == 0)
    return Tools(alf, lmcs, scaling_list, virtual_boundaries_in_ph)


def _partitioning(r: BitReader, chroma_format: int) -> None:
    r.ue()  # sps_log2_min_luma_coding_block_size_minus2
    r.u(1)

    def tree() -> None:
        r.ue()
        if r.ue():
            r.ue()
            r.ue()

    tree()
    if chroma_format and r.u(1):  # sps_qtbtt_dual_tree_intra_flag
        tree()
    tree()


def _chroma_qp_tables(r: BitReader) -> None:
    joint = r.u(1)
    same = r.u(1)
    for _ in range(1 if same else 2 + joint):
        r.se()
        for _ in range(limited(r.ue(), 128) + 1):
            r.ue()
            r.ue()


def _reference_picture_lists(r: BitReader, poc_lsb_bits: int, weighted: bool, vps_id: int) -> None:
    long_term = r.u(1)
    inter_layer = r.u(1) if vps_id else 0
    r.u(1)  # sps_idr_rpl_present_flag
    for _ in range(1 if r.u(1) else 2):
        for _ in range(limited(r.ue(), 64)):
            _ref_pic_list_struct(r, long_term, inter_layer, poc_lsb_bits, weighted)


def _ref_pic_list_struct(r: BitReader, long_term: int, inter_layer: int, poc_lsb_bits: int, weighted: bool) -> None:
    """ref_pic_list_struct in an SPS (clause 7.3.10)."""
    entries = limited(r.ue(), 64)
    in_header = r.u(1) if long_term and entries else 0
    for i in range(entries):
        if inter_layer and r.u(1):
            r.ue()
        elif not long_term or r.u(1):
            delta = r.ue()
            if delta or not (weighted and i):
                r.u(1)
        elif not in_header:
            r.u(poc_lsb_bits)


def read_pps(nal: bytes) -> tuple[int, Pps]:
    """pps_pic_parameter_set_id and the rest (clause 7.3.2.5)."""
    r = BitReader(unescape(nal[2:130]))
    pps_id = r.u(6)
    sps_id = r.u(4)
    r.u(1)
    width = limited(r.ue(), _MAX_SIZE)
    height = limited(r.ue(), _MAX_SIZE)
    window = _window(r) if r.u(1) else None
    if r.u(1):  # pps_scaling_window_explicit_signalling_flag
        for _ in range(4):
            r.se()
    return pps_id, Pps(sps_id, width, height, window, r.u(1), r.u(1))


def picture_format(sps: Sps, pps: Pps) -> PictureFormat:
    """The format of pictures with these parameter sets. Pictures of the largest size may take the SPS's window."""
    window = pps.window
    if window is None:
        window = sps.window if (pps.width, pps.height) == sps.size else (0, 0)
    unit_x, unit_y = chroma_units(sps.chroma_format)
    return PictureFormat(
        max(0, pps.width - unit_x * window[0]),
        max(0, pps.height - unit_y * window[1]),
        pps.width,
        pps.height,
        sps.chroma_format,
        sps.bit_depth,
        sps.bit_depth,
    )


def read_picture_header(r: BitReader, layer_id: int, all_sps: Store[Sps], all_pps: Store[Pps]) -> PictureHeader | None:
    """picture_header_structure up to ph_pic_output_flag (clause 7.3.2.8); None where its parameter sets are not known.

    The same in a NAL unit of its own and in the slice header, behind its flag (clauses 7.3.2.7 and 7.3.7).
    """
    random_access = r.u(1)
    non_reference = r.u(1)
    gradual = r.u(1) if random_access else 0
    if r.u(1):  # ph_inter_slice_allowed_flag
        r.u(1)
    pps = all_pps.get(r.ue(), layer_id)
    sps = all_sps.get(pps.sps_id, layer_id) if pps else None
    if pps is None or sps is None:
        return None
    poc_lsb = r.u(sps.poc_lsb_bits)
    recovery_poc_cnt = r.ue() if gradual else 0
    r.u(sps.extra_ph_bits)
    poc_msb = None
    if sps.poc_msb_bits and r.u(1):
        poc_msb = r.u(sps.poc_msb_bits)
    pic_output = 1
    if pps.output_flag_present and not non_reference:
        pic_output = _pic_output_flag(r, sps, pps)
    return PictureHeader(sps, pps, non_reference, recovery_poc_cnt, poc_lsb, poc_msb, pic_output)


def _pic_output_flag(r: BitReader, sps: Sps, pps: Pps) -> int:
    """ph_pic_output_flag, behind the elements of coding tools.

    With several tiles or slices the PPS may move those of the adaptive loop filter to the slice headers, in a flag
    far behind the partitioning. So with both the bit is not looked for.
    """
    tools = sps.tools
    if tools is None or (tools.alf and not pps.no_partition):
        return 1
    try:
        # Without partitioning alf_info_in_ph is inferred to be 0, so the filter has no elements here.
        if tools.lmcs and r.u(1):
            r.u(2)
            if sps.chroma_format:
                r.u(1)
        if tools.scaling_list and r.u(1):
            r.u(3)
        if tools.virtual_boundaries_in_ph and r.u(1):
            for _ in range(2):
                for _ in range(limited(r.ue(), 3)):
                    r.ue()
        return r.u(1)
    except UNREADABLE:
        return 1
