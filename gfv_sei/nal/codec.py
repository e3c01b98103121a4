"""What differs between AVC, HEVC and VVC below the SEI message, as data.

Sources: H.264 clauses 7.3.1 and 7.4.1.2.3, H.265 clauses 7.3.1.2 and 7.4.2.4.4, H.266 clauses 7.3.1.2 and 7.4.2.4.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

# What a NAL unit type is for the order of NAL units in an access unit.
SLICE = 0  # VCL: coded slices of a picture
EXTENSION = 1  # VCL of another layer or view, which never begins an access unit (AVC types 20, 21)
LEADING = 2  # begins a new access unit when it comes after a slice: parameter sets, delimiters, prefix SEI
TRAILING = 3  # belongs to what came before: suffix SEI, filler data, end of sequence
PICTURE_HEADER = 4  # VVC: begins a picture, as the first slice does where it carries the header itself
ATTACHED = 5  # goes with the slice behind it: the AVC prefix NAL unit, which stands before each slice of its picture


class Header(NamedTuple):
    """A NAL unit header. AVC has no layer and no temporal id in it; both are 0 there."""

    nal_type: int
    layer_id: int
    temporal_id: int


class Roles(NamedTuple):
    """NAL unit types by what they are for the order of NAL units (H.264 table 7-1, H.265 table 7-1, H.266 table 5).

    delimiter       access unit delimiter
    irap            slices of pictures at which decoding may begin
    skipped         slices of pictures that are left out (RASL) where it begins at the IRAP picture before them
    ends            end of sequence, end of bitstream
    parameter_sets  what a picture refers to
    """

    delimiter: int
    irap: frozenset[int]
    skipped: frozenset[int]
    ends: frozenset[int]
    parameter_sets: frozenset[int]


class Codec(NamedTuple):
    """One codec.

    header_bytes    length of the NAL unit header
    type_at         which byte of it holds the NAL unit type
    zero_bits       elements of it that are 0 in SEI NAL units: name, byte, mask
    names           of the NAL unit types, as the standard or its software has them
    kinds           what each NAL unit type is, see above; one byte per type
    roles           some of them by what they are for
    sei_prefix      NAL unit type of SEI messages before the slices, sei_suffix that of those after (None: AVC)
    any_sei         finds the start code prefix and header of SEI NAL units, whatever their other header fields
    whole           NAL unit types that access units and picture order must read whole (SPS, PPS)
    header          reads a header; make_header makes one of NAL unit type, layer and temporal id
    """

    name: str
    header_bytes: int
    type_at: int
    zero_bits: tuple[tuple[str, int, int], ...]
    names: tuple[str, ...]
    kinds: bytes
    roles: Roles
    sei_prefix: int
    sei_suffix: int | None
    any_sei: re.Pattern[bytes]
    whole: frozenset[int]
    header: Callable[[bytes | bytearray], Header]
    make_header: Callable[[int, int, int], bytes]

    @property
    def sei_types(self) -> frozenset[int]:
        """The NAL unit types that hold SEI messages."""
        return frozenset(t for t in (self.sei_prefix, self.sei_suffix) if t is not None)

    def nal_type(self, name: str) -> int:
        """The NAL unit type of this name."""
        return self.names.index(name)

    def position(self, nal_type: int) -> str:
        """``prefix`` or ``suffix``."""
        return "suffix" if nal_type == self.sei_suffix else "prefix"


def _kinds(size: int, *ranges: tuple[int, int, int]) -> bytes:
    kinds = bytearray([TRAILING]) * size
    for first, last, kind in ranges:
        kinds[first : last + 1] = bytes([kind]) * (last + 1 - first)
    return bytes(kinds)


def _names(size: int, text: str, default: str) -> tuple[str, ...]:
    names = [default] * size
    for item in text.split():
        number, name = item.split(":")
        names[int(number)] = name
    return tuple(names)


def _numbers(names: tuple[str, ...], wanted: str) -> frozenset[int]:
    return frozenset(map(names.index, wanted.split()))


def _avc_header(data: bytes | bytearray) -> Header:
    return Header(data[0] & 31, 0, 0)


def _hevc_header(data: bytes | bytearray) -> Header:
    return Header(data[0] >> 1 & 63, (data[0] & 1) << 5 | data[1] >> 3, max(0, (data[1] & 7) - 1))


def _vvc_header(data: bytes | bytearray) -> Header:
    return Header(data[1] >> 3, data[0] & 63, max(0, (data[1] & 7) - 1))


_FORBIDDEN_ZERO_BIT = ("forbidden_zero_bit", 0, 0x80)

_AVC_NAMES = _names(
    32,
    "1:slice 2:slice_data_partition_a 3:slice_data_partition_b 4:slice_data_partition_c 5:idr_slice 6:sei 7:sps "
    "8:pps 9:aud 10:end_of_seq 11:end_of_stream 12:filler_data 13:sps_extension 14:prefix_nal_unit 15:subset_sps "
    "16:dps 19:auxiliary_slice 20:slice_extension 21:slice_extension_3d",
    "unspecified",
)

AVC = Codec(
    name="avc",
    header_bytes=1,
    type_at=0,
    zero_bits=(_FORBIDDEN_ZERO_BIT, ("nal_ref_idc", 0, 0x60)),
    names=_AVC_NAMES,
    kinds=_kinds(
        32,
        (1, 5, SLICE),
        (6, 9, LEADING),
        (13, 13, LEADING),
        (14, 14, ATTACHED),
        (15, 18, LEADING),
        (20, 21, EXTENSION),
    ),
    roles=Roles(
        delimiter=_AVC_NAMES.index("aud"),
        irap=_numbers(_AVC_NAMES, "idr_slice"),
        skipped=frozenset(),
        ends=_numbers(_AVC_NAMES, "end_of_seq end_of_stream"),
        parameter_sets=_numbers(_AVC_NAMES, "sps pps sps_extension subset_sps"),
    ),
    sei_prefix=_AVC_NAMES.index("sei"),
    sei_suffix=None,
    any_sei=re.compile(rb"\x00\x00\x01[\x06\x26\x46\x66]"),
    whole=_numbers(_AVC_NAMES, "sps pps"),
    header=_avc_header,
    make_header=lambda nal_type, layer_id, temporal_id: bytes([nal_type]),
)

_HEVC_NAMES = _names(
    64,
    "0:TRAIL_N 1:TRAIL_R 2:TSA_N 3:TSA_R 4:STSA_N 5:STSA_R 6:RADL_N 7:RADL_R 8:RASL_N 9:RASL_R 16:BLA_W_LP "
    "17:BLA_W_RADL 18:BLA_N_LP 19:IDR_W_RADL 20:IDR_N_LP 21:CRA_NUT 32:VPS_NUT 33:SPS_NUT 34:PPS_NUT 35:AUD_NUT "
    "36:EOS_NUT 37:EOB_NUT 38:FD_NUT 39:PREFIX_SEI_NUT 40:SUFFIX_SEI_NUT",
    "reserved",
)

HEVC = Codec(
    name="hevc",
    header_bytes=2,
    type_at=0,
    zero_bits=(_FORBIDDEN_ZERO_BIT,),
    names=_HEVC_NAMES,
    kinds=_kinds(64, (0, 31, SLICE), (32, 35, LEADING), (39, 39, LEADING), (41, 44, LEADING), (48, 55, LEADING)),
    roles=Roles(
        delimiter=_HEVC_NAMES.index("AUD_NUT"),
        irap=frozenset(range(_HEVC_NAMES.index("BLA_W_LP"), 24)),  # 22 and 23 are reserved for IRAP pictures
        skipped=_numbers(_HEVC_NAMES, "RASL_N RASL_R"),
        ends=_numbers(_HEVC_NAMES, "EOS_NUT EOB_NUT"),
        parameter_sets=_numbers(_HEVC_NAMES, "VPS_NUT SPS_NUT PPS_NUT"),
    ),
    sei_prefix=_HEVC_NAMES.index("PREFIX_SEI_NUT"),
    sei_suffix=_HEVC_NAMES.index("SUFFIX_SEI_NUT"),
    any_sei=re.compile(rb"\x00\x00\x01[\x4e-\x51]"),
    whole=_numbers(_HEVC_NAMES, "SPS_NUT PPS_NUT"),
    header=_hevc_header,
    make_header=lambda nal_type, layer_id, temporal_id: bytes(
        [nal_type << 1 | layer_id >> 5, (layer_id & 31) << 3 | temporal_id + 1]
    ),
)

_VVC_NAMES = _names(
    32,
    "0:TRAIL_NUT 1:STSA_NUT 2:RADL_NUT 3:RASL_NUT 7:IDR_W_RADL 8:IDR_N_LP 9:CRA_NUT 10:GDR_NUT 12:OPI_NUT "
    "13:DCI_NUT 14:VPS_NUT 15:SPS_NUT 16:PPS_NUT 17:PREFIX_APS_NUT 18:SUFFIX_APS_NUT 19:PH_NUT 20:AUD_NUT "
    "21:EOS_NUT 22:EOB_NUT 23:PREFIX_SEI_NUT 24:SUFFIX_SEI_NUT 25:FD_NUT",
    "reserved",
)

VVC = Codec(
    name="vvc",
    header_bytes=2,
    type_at=1,
    zero_bits=(_FORBIDDEN_ZERO_BIT, ("nuh_reserved_zero_bit", 0, 0x40)),
    names=_VVC_NAMES,
    kinds=_kinds(
        32,
        (0, 11, SLICE),
        (12, 17, LEADING),
        (19, 19, PICTURE_HEADER),
        (20, 20, LEADING),
        (23, 23, LEADING),
        (26, 26, LEADING),
        (28, 29, LEADING),
    ),
    roles=Roles(
        delimiter=_VVC_NAMES.index("AUD_NUT"),
        irap=_numbers(_VVC_NAMES, "IDR_W_RADL IDR_N_LP CRA_NUT"),
        skipped=_numbers(_VVC_NAMES, "RASL_NUT"),
        ends=_numbers(_VVC_NAMES, "EOS_NUT EOB_NUT"),
        parameter_sets=_numbers(_VVC_NAMES, "DCI_NUT VPS_NUT SPS_NUT PPS_NUT"),
    ),
    sei_prefix=_VVC_NAMES.index("PREFIX_SEI_NUT"),
    sei_suffix=_VVC_NAMES.index("SUFFIX_SEI_NUT"),
    any_sei=re.compile(rb"\x00\x00\x01[\x00-\x7f][\xb8-\xc7]", re.S),
    whole=_numbers(_VVC_NAMES, "SPS_NUT PPS_NUT"),
    header=_vvc_header,
    make_header=lambda nal_type, layer_id, temporal_id: bytes([layer_id, nal_type << 3 | temporal_id + 1]),
)

CODECS = {codec.name: codec for codec in (VVC, HEVC, AVC)}
"""All three by name."""

CODEC_NAMES = tuple(CODECS)
