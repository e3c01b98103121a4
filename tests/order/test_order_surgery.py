"""Structures that no encoder at hand makes, cut into the bits of real streams; broken streams; bounded memory."""

from __future__ import annotations

import contextlib
import io
import random
from pathlib import Path

import pytest
from order_material import Stream, encode, marked, ours, pocs_by_ffmpeg, shown, shown_by_ffmpeg

from gfv_sei.bits import BitReader, BitWriter
from gfv_sei.errors import GfvError
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.avc_headers import read_pps, read_sps
from gfv_sei.nal.codec import AVC, CODECS, HEVC, VVC
from gfv_sei.nal.escape import escape, unescape
from gfv_sei.nal.hevc_headers import read_sps as read_hevc_sps
from gfv_sei.nal.parameter_sets import UNREADABLE
from gfv_sei.nal.picture_order import AccessUnit, Output
from gfv_sei.nal.vvc_headers import read_pps as read_vvc_pps
from gfv_sei.nal.vvc_headers import read_sps as read_vvc_sps
from gfv_sei.stream.order import Delayed, display_order
from gfv_sei.stream.scanner import Scanner

STREAMS = Path(__file__).parent / "streams"


def nal_units(data: bytes) -> list[bytes]:
    return [nal.rstrip(b"\0") for nal in data.split(b"\0\0\1")[1:]]


def joined(nals) -> bytes:
    return b"".join(b"\0\0\0\1" + nal for nal in nals)


def bits_of(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def bytes_of(bits: str) -> bytes:
    assert len(bits) % 8 == 0
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def ue(value: int) -> str:
    writer = BitWriter()
    length = writer.ue(value)
    return f"{writer.window:0{length}b}"


def with_mmco5_for_idr(data: bytes) -> tuple[bytes, int]:
    """Each IDR picture behind the first as a non-IDR picture with memory management control operation 5.

    What follows an IDR picture follows such a picture without any change. Returns how many there are, too.
    """
    out = []
    sps = pps = None
    frame_num = 0
    done = -1
    for nal in nal_units(data):
        nal_type = nal[0] & 31
        if nal_type == 7:
            sps = read_sps(nal)[1]
        elif nal_type == 8:
            pps = read_pps(nal)[1]
        elif nal_type in (1, 5):
            r = BitReader(unescape(nal[1:]))
            r.ue(), r.ue(), r.ue()
            if nal_type == 1:
                number = r.u(sps.frame_num_bits)
                frame_num = number if nal[0] & 0x60 else frame_num
            else:
                done += 1
                if done:
                    nal = _mmco5(nal, sps, pps, frame_num + 1)
                frame_num = 0
        out.append(nal)
    return joined(out), done


def _mmco5(nal: bytes, sps, pps, frame_num: int) -> bytes:
    rbsp = unescape(nal[1:])
    bits = bits_of(rbsp)
    r = BitReader(rbsp)
    r.ue(), r.ue(), r.ue()
    start = r.position
    r.u(sps.frame_num_bits)
    r.ue()  # idr_pic_id
    if sps.poc_type == 0:
        r.u(sps.poc_lsb_bits)
        assert not pps.bottom_field_poc_present
    marking = r.position
    r.u(2)
    behind = r.position
    r.se()  # slice_qp_delta
    if r.ue() != 1:  # disable_deblocking_filter_idc
        r.se(), r.se()
    end = r.position
    assert set(bits[end : -(-end // 8) * 8]) <= {"1"}  # cabac_alignment_one_bit
    poc = f"{min(30, (1 << sps.poc_lsb_bits) // 2):0{sps.poc_lsb_bits}b}" if sps.poc_type == 0 else ""
    assert marking >= start
    header = bits[:start] + f"{frame_num:0{sps.frame_num_bits}b}" + poc + "1" + ue(5) + ue(0) + bits[behind:end]
    header += "1" * (-len(header) % 8)
    return bytes([nal[0] & 0x60 | 1]) + escape(bytes_of(header) + rbsp[-(-end // 8) :])


@pytest.mark.parametrize("params", ["bframes=2:b-pyramid=none", "bframes=0", "bframes=3:b-pyramid=normal"])
def test_memory_management_control_operation_5(params):
    original = encode("avc", f"{params}:keyint=8:min-keyint=8:scenecut=0:b-adapt=0", 30)
    data, count = with_mmco5_for_idr(original)
    assert count >= 3
    assert Stream("avc", data).types().count(5) == 1
    units = ours(data, "avc")
    assert shown(units) == shown_by_ffmpeg("avc", marked("avc", data, len(units)))
    # Everything is as with IDR pictures: the count of the picture with the operation is 0, too.
    assert [(unit.poc, unit.display) for unit in units] == [(unit.poc, unit.display) for unit in ours(original, "avc")]


def with_output_flags(data: bytes, hidden: set[int]) -> bytes:
    """VVC: pps_output_flag_present_flag set, and ph_pic_output_flag in each picture header NAL unit."""
    from gfv_sei.nal import vvc_headers
    from gfv_sei.nal.parameter_sets import Store

    out = []
    all_sps, all_pps = Store(read_vvc_sps), Store(read_vvc_pps)
    number = 0
    for nal in nal_units(data):
        nal_type = nal[1] >> 3
        if nal_type == 15:
            all_sps.add(nal)
        if nal_type == 16:
            rbsp = unescape(nal[2:])
            r = BitReader(rbsp)
            r.u(11), r.ue(), r.ue()
            if r.u(1):
                r.ue(), r.ue(), r.ue(), r.ue()
            assert not r.u(1)
            at = r.position
            bits = bits_of(rbsp)
            assert bits[at] == "0"
            nal = nal[:2] + escape(bytes_of(bits[:at] + "1" + bits[at + 1 :]))
            all_pps.add(nal)
        if nal_type == 19:
            r = BitReader(unescape(nal[2:]))
            header = vvc_headers.read_picture_header(r, 0, all_sps, all_pps)
            if not header.non_reference:
                at = r.position - 1
                bits = bits_of(unescape(nal[2:])).rstrip("0")[:-1]
                bits = bits[:at] + ("0" if number in hidden else "1") + bits[at:] + "1"
                nal = nal[:2] + escape(bytes_of(bits + "0" * (-len(bits) % 8)))
            number += 1
        out.append(nal)
    return joined(out)


@pytest.mark.parametrize("hidden", [set(), {1}, {0, 2}])
def test_pictures_that_are_marked_as_not_output_in_vvc(hidden):
    data = with_output_flags((STREAMS / "no_loop_filter.266").read_bytes(), hidden)
    units = ours(data, "vvc")
    assert {unit.au for unit in units if unit.display is None} == hidden
    assert all(unit.poc is not None for unit in units)
    assert shown(units) == [n[-1:] for n in shown_by_ffmpeg("vvc", marked("vvc", data, len(units)))]
    assert pocs_by_ffmpeg("vvc", data)[1] == sorted(unit.poc for unit in units if unit.display is not None)


# Memory


@pytest.mark.parametrize(
    ("codec", "params"),
    [
        ("avc", "bframes=16:b-adapt=0:b-pyramid=normal:keyint=-1"),
        ("hevc", "bframes=8:b-adapt=0:keyint=-1"),
        ("vvc", "gopsize=32:intraperiod=320"),
    ],
)
def test_few_pictures_wait_however_long_a_sequence_is(codec, params):
    data = encode(codec, params, 200, size="64x64")
    units = AccessUnits(CODECS[codec], order=True)
    delayed: Delayed[int] = Delayed()
    longest = before = 0
    out = []
    for nal in Scanner(io.BytesIO(data), CODECS[codec]):
        units.feed(nal.nal_type, nal.layer_id, nal.data)
        assert len(units.order.output.waiting) <= 17
        if units.begins:
            delayed.put(units.unit, units.au)
        out += [au for _, au in delayed.ready()]
        longest = max(longest, units.au - before)
        before = out[-1] if out else 0
    assert longest <= 40  # a group of pictures and the pictures that may be reordered
    units.finish()
    out += [au for _, au in delayed.ready()]
    assert out == list(range(200))


def test_a_picture_that_is_shown_after_all_others_waits_alone():
    output = Output()
    late = AccessUnit(0)
    output.add(1 << 20, late, 2)
    for number in range(1, 10_000):
        output.add(number, AccessUnit(number), 2)
        assert len(output.waiting) <= 2
    assert not late.settled
    output.flush()
    assert late.display == 9_999


def test_without_order_nothing_is_parsed():
    units = AccessUnits(HEVC)
    data = encode("hevc", "", 5)
    for nal in Scanner(io.BytesIO(data), HEVC):
        units.feed(nal.nal_type, nal.layer_id, nal.data)
    units.finish()
    assert units.au == 4
    assert units.unit is None
    assert units.order is None


# Broken streams


def read_all(data: bytes, codec: str) -> list[AccessUnit]:
    try:
        units = list(display_order(data, codec))
    except GfvError:
        return []
    assert all(unit.settled for unit in units)
    shown_pictures = {unit.display for unit in units if unit.display is not None}
    assert shown_pictures == set(range(len(shown_pictures)))
    return units


SMALL = {
    "avc": lambda: (STREAMS / "paff.264").read_bytes(),
    "hevc": lambda: encode("hevc", "bframes=3:keyint=6", 12),
    "vvc": lambda: (STREAMS / "two_layers.266").read_bytes(),
}


@pytest.mark.parametrize("codec", SMALL)
def test_cut_off_anywhere(codec):
    data = SMALL[codec]()
    for end in range(8, min(len(data), 1500), 7):
        read_all(data[:end], codec)


@pytest.mark.parametrize("codec", SMALL)
@pytest.mark.parametrize("seed", range(3))
def test_flipped_bits(codec, seed):
    chance = random.Random(f"{codec} {seed}")
    data = SMALL[codec]()
    heads = [i + 3 for i in range(len(data) - 3) if data[i : i + 3] == b"\0\0\1"]
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(chance.randrange(1, 12)):
            at = min(chance.choice(heads) + chance.randrange(30), len(data) - 1)
            broken[at] ^= 1 << chance.randrange(8)
        read_all(bytes(broken), codec)


READERS = {
    "avc sps": (read_sps, b"\x67"),
    "avc pps": (read_pps, b"\x68"),
    "hevc sps": (read_hevc_sps, b"\x42\x01"),
    "hevc sps of a layer": (read_hevc_sps, b"\x42\x09"),
    "vvc sps": (read_vvc_sps, b"\x00\x79"),
    "vvc pps": (read_vvc_pps, b"\x00\x81"),
}


@pytest.mark.parametrize("reader", READERS)
def test_parameter_sets_of_any_bits(reader):
    read, header = READERS[reader]
    chance = random.Random(reader)
    for size in list(range(40)) * 20:
        # Many ones make short Exp-Golomb codes, so that reading comes far.
        body = bytes(chance.getrandbits(8) | chance.getrandbits(8) for _ in range(size))
        with contextlib.suppress(UNREADABLE):
            read(header + body)


@pytest.mark.parametrize("codec", SMALL)
def test_without_parameter_sets_nothing_is_known_and_nothing_breaks(codec):
    stream = Stream(codec, SMALL[codec]())
    kinds = {"avc": (7, 8), "hevc": (32, 33, 34), "vvc": (14, 15, 16)}[codec]
    units = read_all(stream.join(lambda nal_type, tid, au, first: nal_type not in kinds), codec)
    assert units
    assert all((unit.poc, unit.display, unit.format) == (None, None, None) for unit in units)


def test_a_broken_parameter_set_does_not_replace_a_good_one():
    nals = nal_units(encode("hevc", "bframes=3", 10))
    at = next(i for i, nal in enumerate(nals) if nal[0] >> 1 == 34)
    broken = nals[: at + 1] + [nal[:4] for nal in nals[at - 1 : at + 1]] + nals[at + 1 :]
    assert [unit.display for unit in ours(joined(broken), "hevc")] == [
        unit.display for unit in ours(joined(nals), "hevc")
    ]


def test_codecs_have_whole_parameter_sets():
    assert {7, 8} <= AVC.whole
    assert {33, 34} <= HEVC.whole
    assert {15, 16} <= VVC.whole
