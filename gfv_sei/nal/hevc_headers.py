"""HEVC parameter sets and slice headers, as far as picture order and format need them.

Clauses are those of H.265. Readers raise what :data:`~gfv_sei.nal.parameter_sets.UNREADABLE` lists.
"""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.bits import BitReader
from gfv_sei.nal.codec import HEVC
from gfv_sei.nal.escape import unescape
from gfv_sei.nal.parameter_sets import UNREADABLE, PictureFormat, Store, chroma_units, limited

IRAP, RASL = HEVC.roles.irap, HEVC.roles.skipped
LEADING_PICTURES = RASL | {HEVC.nal_type("RADL_N"), HEVC.nal_type("RADL_R")}
LAST_SUB_LAYER_NON_REFERENCE = 14  # even types up to here
IDR = frozenset((HEVC.nal_type("IDR_W_RADL"), HEVC.nal_type("IDR_N_LP")))
CRA, SPS, PPS = map(HEVC.nal_type, ("CRA_NUT", "SPS_NUT", "PPS_NUT"))

MAX_DPB_SIZE = 16
_MAX_SIZE = 1 << 17


class Sps(NamedTuple):
    """What is needed of a sequence parameter set.

    format      None in an SPS of a higher layer that leaves it to the VPS
    reorder     sps_max_num_reorder_pics of the highest sub-layer
    """

    format: PictureFormat | None
    separate_colour_planes: int
    poc_lsb_bits: int
    reorder: int


class Pps(NamedTuple):
    """What is needed of a picture parameter set."""

    sps_id: int
    output_flag_present: int
    extra_slice_header_bits: int


class SliceHeader(NamedTuple):
    """The start of the header of a picture's first slice segment."""

    sps: Sps
    no_output_of_prior_pics: int
    pic_output: int
    poc_lsb: int


def read_sps(nal: bytes) -> tuple[int, Sps]:
    """sps_seq_parameter_set_id and the rest (clauses 7.3.2.2.1 and F.7.3.2.2.1)."""
    higher_layer = nal[0] & 1 or nal[1] >> 3
    r = BitReader(unescape(nal[2:]))
    r.u(4)
    sub_layers = r.u(3)  # minus 1; sps_ext_or_max_sub_layers_minus1 in higher layers
    if higher_layer and sub_layers == 7:
        return _multi_layer_sps(r)
    r.u(1)
    limited(sub_layers, 6)
    _profile_tier_level(r, sub_layers)
    sps_id = limited(r.ue(), 15)
    chroma_format = limited(r.ue(), 3)
    separate = r.u(1) if chroma_format == 3 else 0
    width = limited(r.ue(), _MAX_SIZE)
    height = limited(r.ue(), _MAX_SIZE)
    window = [limited(r.ue(), _MAX_SIZE) for _ in range(4)] if r.u(1) else [0, 0, 0, 0]
    bit_depth = 8 + limited(r.ue(), 8)
    chroma_bit_depth = 8 + limited(r.ue(), 8)
    poc_lsb_bits = limited(r.ue(), 12) + 4
    reorder = _reorder(r, sub_layers)
    unit_x, unit_y = (1, 1) if separate else chroma_units(chroma_format)
    picture_format = PictureFormat(
        max(0, width - unit_x * (window[0] + window[1])),
        max(0, height - unit_y * (window[2] + window[3])),
        width,
        height,
        chroma_format,
        bit_depth,
        chroma_bit_depth,
    )
    return sps_id, Sps(picture_format, separate, poc_lsb_bits, reorder)


def _multi_layer_sps(r: BitReader) -> tuple[int, Sps]:
    """An SPS with MultiLayerExtSpsFlag: its picture format is one of those that the VPS lists."""
    sps_id = limited(r.ue(), 15)
    if r.u(1):  # update_rep_format_flag
        r.u(8)
    return sps_id, Sps(None, 0, limited(r.ue(), 12) + 4, MAX_DPB_SIZE)


def _profile_tier_level(r: BitReader, sub_layers: int) -> None:
    """profile_tier_level(1, sub_layers) (clause 7.3.3)."""
    r.u(88)
    r.u(8)
    present = [(r.u(1), r.u(1)) for _ in range(sub_layers)]
    if sub_layers:
        r.u(2 * (8 - sub_layers))
    for profile, level in present:
        r.u(88 * profile + 8 * level)


def _reorder(r: BitReader, sub_layers: int) -> int:
    """sps_max_num_reorder_pics of the highest sub-layer; what is broken here allows for any order."""
    reorder = 0
    try:
        for _ in range(sub_layers + 1 if r.u(1) else 1):
            r.ue()
            reorder = r.ue()
            r.ue()
        return min(reorder, MAX_DPB_SIZE)
    except UNREADABLE:
        return MAX_DPB_SIZE


def read_pps(nal: bytes) -> tuple[int, Pps]:
    """pps_pic_parameter_set_id and the rest (clause 7.3.2.3.1)."""
    r = BitReader(unescape(nal[2:66]))
    pps_id = limited(r.ue(), 63)
    sps_id = limited(r.ue(), 15)
    r.u(1)
    return pps_id, Pps(sps_id, r.u(1), r.u(3))


def read_slice_header(
    head: bytes, nal_type: int, layer_id: int, all_sps: Store[Sps], all_pps: Store[Pps]
) -> SliceHeader | None:
    """slice_segment_header of a first slice segment, up to the picture order count (clause 7.3.6.1).

    None where the parameter sets are not known.
    """
    r = BitReader(unescape(head[2:]))
    r.u(1)
    no_output_of_prior_pics = r.u(1) if nal_type in IRAP else 0
    pps = all_pps.get(r.ue(), layer_id)
    sps = all_sps.get(pps.sps_id, layer_id) if pps else None
    if pps is None or sps is None:
        return None
    r.u(pps.extra_slice_header_bits)
    r.ue()  # slice_type
    pic_output = r.u(1) if pps.output_flag_present else 1
    if sps.separate_colour_planes:
        r.u(2)
    poc_lsb = 0 if nal_type in IDR else r.u(sps.poc_lsb_bits)
    return SliceHeader(sps, no_output_of_prior_pics, pic_output, poc_lsb)
