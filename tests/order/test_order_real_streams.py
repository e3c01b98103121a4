"""Output order and picture order count of streams of many structures, as ffmpeg's decoders have them."""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from order_material import (
    END_OF_SEQUENCE,
    Stream,
    encode,
    lsbs_by_ffmpeg,
    marked,
    ours,
    pocs_by_ffmpeg,
    shown,
    shown_by_ffmpeg,
)

from gfv_sei import inject, read_messages, remove
from gfv_sei.nal.avc_headers import read_sps as read_avc_sps
from gfv_sei.nal.codec import HEVC, SLICE, VVC
from gfv_sei.process import run
from gfv_sei.stream.scanner import Scanner

STREAMS = Path(__file__).parent / "streams"

RASL = {"avc": (), "hevc": (8, 9), "vvc": (3,)}

ENCODED = {
    "avc": [
        ("", 20),
        ("bframes=0:keyint=8", 20),  # POC type 2
        ("bframes=3:b-pyramid=normal:keyint=10", 30),
        ("bframes=3:b-pyramid=strict:keyint=250", 30),
        ("bframes=2:b-pyramid=none", 20),
        ("bframes=3:open-gop=1:keyint=8:min-keyint=4", 30),
        ("slices=4", 10),
        ("slices=4:interlaced=1:tff=1:bframes=2", 16),
        ("keyint=1", 10),
        ("keyint=2:bframes=1", 12),
        ("interlaced=1:bff=1", 16),
        ("bframes=16:b-adapt=0:b-pyramid=normal:ref=16", 40),
        ("nal-hrd=vbr:vbv-maxrate=500:vbv-bufsize=500", 12),
        ("weightp=2:weightb=1:ref=8:cabac=0:aud=1", 20),
        ("intra-refresh=1:keyint=10", 30),
    ],
    "hevc": [
        ("", 20),
        ("bframes=0:keyint=8", 20),
        ("bframes=4:b-pyramid=1:keyint=10:min-keyint=10:open-gop=0", 30),
        ("bframes=4:open-gop=1:keyint=8:min-keyint=8:scenecut=0", 40),
        ("bframes=8:b-adapt=0:b-pyramid=1", 30),
        ("slices=2", 10),
        ("keyint=1", 10),
        ("radl=2:open-gop=0:keyint=8:min-keyint=8:bframes=4", 30),
        ("interlace=tff", 16),
        ("temporal-layers=3:bframes=7:b-adapt=0", 30),
        ("log2-max-poc-lsb=4", 40),
        ("repeat-headers=1:keyint=5:aud=1", 20),
    ],
    "vvc": [
        ("", 20),
        ("gopsize=8:picreordering=0:decodingrefreshtype=none", 30),
        ("gopsize=16:decodingrefreshtype=cra:intraperiod=16", 40),
        ("gopsize=16:decodingrefreshtype=idr:intraperiod=16", 40),
        ("gopsize=32:decodingrefreshtype=cra_cre:intraperiod=32", 70),
        ("gopsize=16:poc0idr=1:intraperiod=16", 40),
        ("decodingrefreshtype=idr_no_radl:intraperiod=32:gopsize=32", 70),
        ("intraperiod=1", 8),
    ],
}


def verify(codec: str, data: bytes, *, base: bytes | None = None):
    """Compare with ffmpeg; ``base`` is what it gets to decode where it cannot decode the stream as it is."""
    units = ours(data, codec)
    assert [unit.au for unit in units] == list(range(len(units)))
    mine = shown(units)
    decodable = data if base is None else base
    pictures = shown_by_ffmpeg(codec, marked(codec, decodable, len(units)))
    if codec != "avc":
        # Marks of pictures that the decoder skips stay with it until the next one; fields are pictures here.
        pictures = [numbers[-1:] for numbers in pictures]
    assert pictures == mine

    decoded, output = pocs_by_ffmpeg(codec, decodable)
    if codec != "avc":
        assert output == [units[numbers[0]].poc for numbers in mine]
    types = Stream(codec, decodable).types()
    known = [
        unit.poc
        for unit, nal_type in zip(units, types, strict=True)
        if unit.poc is not None and not (unit.display is None and nal_type in RASL[codec])
    ]
    if codec == "vvc":
        lsbs = lsbs_by_ffmpeg(codec, decodable)
        assert [lsb & 15 for lsb in lsbs] == [unit.poc & 15 for unit in units[-len(lsbs) :]]
    else:
        # AVC pictures before the first that decoding can begin at are decoded, too, though not output.
        assert decoded[-len(known) :] == known
    return units


def made(codec: str, params: str, frames: int) -> bytes:
    """One of them; x265 makes no several slices of small pictures."""
    return encode(codec, params, frames, size="256x128" if codec == "hevc" and "slices" in params else "64x64")


@pytest.mark.parametrize(
    ("codec", "params", "frames"), [(codec, *case) for codec, cases in ENCODED.items() for case in cases]
)
def test_what_encoders_make(codec, params, frames):
    units = verify(codec, made(codec, params, frames))
    assert len(units) == frames
    assert sorted(unit.display for unit in units) == list(range(frames))


def test_the_structures_are_what_they_are_for():
    """Without a program beside the bundled ffmpeg: at least 24, of all the kinds that matter to picture order."""
    streams = [(codec, made(codec, *case)) for codec, cases in ENCODED.items() for case in cases]
    assert len(streams) >= 24
    codec_of = {".264": "avc", ".266": "vvc"}
    streams += [(codec_of[path.suffix], path.read_bytes()) for path in STREAMS.glob("*.26?")]
    types = {codec: set() for codec in ENCODED}
    poc_types, fields = set(), 0
    reordered, sliced = Counter(), Counter()
    for codec, data in streams:
        stream, units = Stream(codec, data), ours(data, codec)
        types[codec] |= set(stream.types())
        order = [unit.display for unit in units if unit.display is not None]
        reordered[codec] += order != sorted(order)
        slices = sum(stream.codec.kinds[nal_type] == SLICE for _, nal_type, *_ in stream.nals)
        sliced[codec] += slices > len(units)
        for unit, nal_type, *_ in stream.nals if codec == "avc" else ():
            if nal_type == 7:
                poc_types.add(read_avc_sps(unit[unit.index(b"\0\0\1") + 3 :])[1].poc_type)
        fields += sum(unit.partner is not None for unit in units)
    assert types["avc"] == {1, 5}
    assert types["hevc"] == {0, 1, 2, 3, 6, 7, 8, 9, 19, 20, 21}  # sub-layers, RADL, RASL, both IDR, CRA
    assert types["vvc"] == {0, 1, 2, 3, 7, 8, 9, 10}  # sub-layers, RADL, RASL, both IDR, CRA, GDR
    assert poc_types == {0, 1, 2}
    assert fields
    assert all(reordered[codec] >= 3 and sliced[codec] for codec in ENCODED)


@pytest.mark.parametrize(
    ("name", "frames", "units"),
    [("fields", 10, 20), ("paff", 14, 22), ("poc_type_1", 10, 10), ("poc_type_1_fields", 10, 20)],
)
def test_fields_and_poc_type_1(name, frames, units):
    found = verify("avc", (STREAMS / f"{name}.264").read_bytes())
    assert len(found) == units
    assert len({unit.display for unit in found}) == frames
    for unit in found:
        if unit.partner is not None:
            assert unit.partner.au == unit.au + 1
            assert unit.partner.display == unit.display
            assert abs(unit.partner.poc - unit.poc) == 1


def test_picture_headers_of_their_own():
    verify("vvc", (STREAMS / "picture_headers.266").read_bytes())


def test_two_layers_in_vvc():
    data = (STREAMS / "two_layers.266").read_bytes()
    base = b"".join(
        b"\0\0\0\1" + nal for nal in data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:] if nal[0] & 63 == 0
    )
    assert len(base) < len(data)
    units = verify("vvc", data, base=base)
    assert [(unit.poc, unit.display) for unit in units] == [(unit.poc, unit.display) for unit in ours(base, "vvc")]


def second_layer(codec: str, data: bytes) -> bytes:
    """The stream with a copy of each slice and parameter set as layer 1 behind it."""
    out = []
    for unit, nal_type, *_ in Stream(codec, data).nals:
        out.append(unit)
        start = unit.index(b"\0\0\1") + 3
        head = bytes([unit[start], unit[start + 1] | 8] if codec == "hevc" else [unit[start] | 1, unit[start + 1]])
        if nal_type < 32 if codec == "hevc" else nal_type < 12:
            out.append(unit[:start] + head + unit[start + 2 :])
    return b"".join(out)


@pytest.mark.parametrize("codec", ["hevc", "vvc"])
def test_pictures_of_a_second_layer_change_nothing(codec):
    data = encode(codec, {"hevc": "bframes=3", "vvc": "gopsize=16"}[codec], 20)
    alone = [(unit.au, unit.poc, unit.display) for unit in ours(data, codec)]
    assert [(unit.au, unit.poc, unit.display) for unit in ours(second_layer(codec, data), codec)] == alone


def lowest_layer(data: bytes) -> bytes:
    """HEVC: what has nuh_layer_id 0."""
    nals = [unit for unit, *_ in Stream("hevc", data).nals]
    heads = [unit[unit.index(b"\0\0\1") + 3 :][:2] for unit in nals]
    return b"".join(unit for unit, head in zip(nals, heads, strict=True) if not head[0] & 1 and head[1] < 8)


def test_parameter_sets_between_the_layers_of_an_access_unit():
    """x265's alpha layer: at each random access picture the headers come once more before the second layer."""
    frames = 20
    data = encode("hevc", "bframes=3:keyint=8:min-keyint=8:scenecut=0:repeat-headers=1", frames, pixels="yuva420p")
    kinds = [(nal_type, unit[unit.index(b"\0\0\1") + 4] >> 3) for unit, nal_type, *_ in Stream("hevc", data).nals]
    assert any(a == (20, 0) and b[0] == 32 for a, b in pairwise(kinds))
    units = ours(data, "hevc")
    assert [unit.au for unit in units] == list(range(frames))
    # The bundled ffmpeg 9.0.2 crashes on this alpha layer, so it gets the lowest layer of the result.
    lowest = lowest_layer(marked("hevc", data, frames))
    assert shown(units) == [numbers[-1:] for numbers in shown_by_ffmpeg("hevc", lowest)]
    summary = inspected(data)
    assert (summary["access_units"], summary["pictures"]) == (frames, 2 * frames)
    assert summary["formats"][0]["layer_id"] == 0
    for place in ("au", "display"):
        records = [
            {place: number, "payload_type": 600, "payload_hex": f"{number:02x}", "layer_id": 0}
            for number in range(frames)
        ]
        out = io.BytesIO()
        assert inject(data, records, out, place=place) == frames
        found = [(r["au"], int(r["payload_hex"], 16)) for r in read_messages(out.getvalue(), payload_types=[600])]
        assert [au for au, _ in found] == list(range(frames))
        assert [n for _, n in found] == [unit.au if place == "au" else unit.display for unit in units]
        back = io.BytesIO()
        remove(out.getvalue(), back, [600])
        assert back.getvalue() == data


def open_gops(codec: str) -> tuple[Stream, bytes, list[int]]:
    """A stream with open GOPs and the access units of its random access points behind the first."""
    params, point = {
        "avc": ("bframes=3:open-gop=1:keyint=8:min-keyint=8:scenecut=0", None),
        "hevc": ("bframes=4:b-adapt=0:open-gop=1:keyint=8:min-keyint=8:scenecut=0", 21),
        "vvc": ("gopsize=16:decodingrefreshtype=cra:intraperiod=16", 9),
    }[codec]
    data = encode(codec, params, 50)
    stream = Stream(codec, data)
    if codec == "avc":
        # Where x264 puts a recovery point message.
        return stream, data, [au for _, nal_type, _, au, _ in stream.nals if nal_type == 6 and au]
    return stream, data, [au for au, nal_type in enumerate(stream.types()) if nal_type == point]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("codec", ["avc", "hevc", "vvc"])
def test_starting_at_a_random_access_point(codec, number):
    stream, _, points = open_gops(codec)
    units = verify(codec, stream.start_at(points[number]))
    if codec != "avc":
        types = stream.types()[points[number] :]
        skipped = [unit.au for unit in units if unit.display is None]
        assert skipped
        # All RASL pictures of the first CRA are skipped and none of the others.
        assert skipped == [au for au in range([*points, 50][number + 1] - points[number]) if types[au] in RASL[codec]]
        assert all(unit.poc is not None for unit in units)


@pytest.mark.parametrize("codec", ["avc", "hevc"])
def test_starting_before_a_random_access_point(codec):
    # ffmpeg's VVC decoder then outputs RASL pictures, which VTM's does not.
    stream, _, points = open_gops(codec)
    units = verify(codec, stream.start_at(points[0] - 3))
    assert [unit.poc for unit in units[:3]] == [None] * 3
    assert [unit.display for unit in units[:3]] == [None] * 3


def test_starting_before_a_cra_picture_in_vvc():
    stream, _, points = open_gops("vvc")
    late = ours(stream.start_at(points[0] - 3), "vvc")
    assert [(unit.poc, unit.display) for unit in late[:3]] == [(None, None)] * 3
    there = ours(stream.start_at(points[0]), "vvc")
    assert [(unit.poc, unit.display) for unit in late[3:]] == [(unit.poc, unit.display) for unit in there]


def test_starting_at_a_gradual_refresh_in_avc():
    stream = Stream("avc", encode("avc", "intra-refresh=1:keyint=10:bframes=0:ref=1", 40, size="160x96"))
    points = [au for _, nal_type, _, au, _ in stream.nals if nal_type == 6 and au]
    units = verify("avc", stream.start_at(points[0]))
    assert units[0].display is None


def test_starting_at_a_gradual_refresh_in_vvc():
    data = (STREAMS / "gdr_start.266").read_bytes()
    units = ours(data, "vvc")
    _, output = pocs_by_ffmpeg("vvc", data)
    assert output == [unit.poc for unit in units if unit.display is not None]
    assert [unit.display for unit in units[:4]] == [None, None, None, 0]


@pytest.mark.parametrize("codec", ["avc", "hevc", "vvc"])
def test_streams_behind_each_other(codec):
    stream, data, points = open_gops(codec)
    verify(codec, data + data)
    verify(codec, stream.up_to(7) + data)
    if codec != "avc":
        # A CRA picture that no end of sequence precedes continues the count, although a picture is missing.
        verify(codec, stream.up_to(points[0] - 1) + stream.start_at(points[0]))
    verify(codec, data + END_OF_SEQUENCE[codec] + data)


@pytest.mark.parametrize("first", [3, 6, 10, 50])
def test_cra_behind_an_end_of_sequence_in_hevc(first):
    # NoOutputOfPriorPicsFlag is inferred to be 1, so pictures that wait are lost.
    stream, _, points = open_gops("hevc")
    # The count after it must differ from theirs: ffmpeg takes two pictures with the same one for the same picture.
    units = verify("hevc", stream.up_to(first) + END_OF_SEQUENCE["hevc"] + stream.start_at(points[3]))
    assert any(unit.display is None for unit in units[:first])


@pytest.mark.parametrize("first", [7, 50])
def test_cra_behind_an_end_of_sequence_in_vvc(first):
    """ffmpeg's decoder then outputs RASL pictures and loses the order, so it decodes the parts one by one."""
    stream, _, points = open_gops("vvc")
    parts = [stream.up_to(first), stream.start_at(points[0])]
    expected, aus = [], 0
    for part in parts:
        length = len(ours(part, "vvc"))
        shown_alone = shown_by_ffmpeg("vvc", marked("vvc", part, length))
        expected += [[numbers[-1] + aus] for numbers in shown_alone]
        aus += length
    assert shown(ours(END_OF_SEQUENCE["vvc"].join(parts), "vvc")) == expected


@pytest.mark.parametrize(
    ("codec", "highest"), [("hevc", 0), ("hevc", 1), ("vvc", 0), ("vvc", 1), ("vvc", 2), ("vvc", 3)]
)
def test_gaps_where_temporal_sub_layers_are_left_out(codec, highest):
    params = {"hevc": "temporal-layers=3:bframes=7:b-adapt=0", "vvc": "gopsize=16:intraperiod=16"}[codec]
    stream = Stream(codec, encode(codec, params, 40))
    thinned = stream.without_layers_above(highest)
    units = verify(codec, thinned)
    assert len(units) < 40


def test_gaps_where_non_reference_pictures_are_left_out_in_avc():
    stream, _, _ = open_gops("avc")
    thinned = stream.join(lambda nal_type, tid, au, first: nal_type > 5 or first & 0x60)
    assert len(verify("avc", thinned)) < 50


def test_many_pictures_with_few_bits_of_picture_order():
    # The count wraps its least significant bits ten times.
    units = verify("hevc", encode("hevc", "log2-max-poc-lsb=4:keyint=-1:bframes=3", 170))
    assert max(unit.poc for unit in units) == 169


def test_long_gaps_within_a_sequence():
    # All but the lowest sub-layer is gone, for longer than half of what 4 bits of picture order can tell apart.
    stream = Stream("hevc", encode("hevc", "temporal-layers=5:bframes=15:b-adapt=0:keyint=-1:log2-max-poc-lsb=5", 90))
    units = verify("hevc", stream.without_layers_above(0))
    assert all(b.poc - a.poc >= 8 for a, b in pairwise(units[:-2]))


@pytest.mark.parametrize(
    ("codec", "pixels", "size", "expected"),
    [
        ("avc", "yuv420p", "66x50", (66, 50, 80, 64, 1, 8, 8)),
        ("avc", "yuv422p10le", "64x50", (64, 50, 64, 64, 2, 10, 10)),
        ("avc", "yuv444p", "66x50", (66, 50, 80, 64, 3, 8, 8)),
        ("avc", "gray", "64x64", (64, 64, 64, 64, 0, 8, 8)),
        ("hevc", "yuv420p", "66x50", (66, 50, 72, 56, 1, 8, 8)),
        ("hevc", "yuv422p10le", "66x50", (66, 50, 72, 56, 2, 10, 10)),
        ("hevc", "yuv444p12le", "66x50", (66, 50, 72, 56, 3, 12, 12)),
        ("hevc", "gray", "64x64", (64, 64, 64, 64, 0, 8, 8)),
        ("vvc", "yuv420p10le", "66x50", (66, 50, 72, 56, 1, 10, 10)),
    ],
)
def test_picture_format(codec, pixels, size, expected):
    data = encode(codec, "", 3, size=size, pixels=pixels)
    assert {tuple(unit.format) for unit in ours(data, codec)} == {expected}
    (found,) = inspected(data)["formats"]
    names = ("width", "height", "coded_width", "coded_height", "chroma_format", "bit_depth", "chroma_bit_depth")
    width, height, coded_width, coded_height, chroma_format, *depths = expected
    chroma = ("4:0:0", "4:2:0", "4:2:2", "4:4:4")[chroma_format]
    assert found == {
        "layer_id": 0,
        **dict(zip(names, (width, height, coded_width, coded_height, chroma, *depths), strict=True)),
    }
    coded = "" if (width, height) == (coded_width, coded_height) else f" (coded {coded_width}x{coded_height})"
    assert f"\npictures: {width}x{height}{coded}, {chroma}, {depths[0]} bit\n" in inspected(data, "text")


def test_interlaced_avc_has_the_height_of_frames():
    units = ours(encode("avc", "interlaced=1", 4, size="64x52"), "avc")
    assert units[0].format[:4] == (64, 52, 64, 64)


def inspected(data: bytes, output_format: str = "json"):
    """What gfv inspect says: the summary, or the text."""
    out = run(["gfv", "inspect", "--format", output_format, "-"], stdin=data).stdout.decode()
    return json.loads(out)["summary"] if output_format == "json" else out


def test_formats_that_change_and_parameter_sets_that_are_broken():
    first, second = (encode("vvc", "", 3, size=size) for size in ("64x64", "96x48"))
    broken = b"\0\0\1" + bytes([0, 15 << 3 | 1, 0, 1, 2])
    found = inspected(first + broken + second + first)["formats"]
    assert [(f["width"], f["height"]) for f in found] == [(64, 64), (96, 48)]
    text = inspected((STREAMS / "two_layers.266").read_bytes(), "text")
    for layer in (0, 1):
        assert f"\npictures of layer {layer}: 64x64, 4:2:0, 10 bit\n" in text


def test_a_flood_of_formats_is_cut_off():
    """A stream of nothing but parameter sets: as many formats as one may want, in bounded memory."""
    from gfv_sei.nal.formats import MOST, Formats

    formats = Formats(HEVC)
    sps = next(unit[4:] for unit, nal_type, *_ in Stream("hevc", encode("hevc", "", 3)).nals if nal_type == 33)
    for layer_id in range(64):
        formats.feed(33, layer_id, sps)
        formats.feed(33, layer_id, sps[:5])
    assert len(formats.found) == MOST
    formats.feed(33, 64, sps)
    assert len(formats.found) == MOST


def test_layers_have_formats():
    from gfv_sei.nal.access_units import AccessUnits

    units = AccessUnits(VVC, order=True)
    for nal in Scanner(io.BytesIO((STREAMS / "two_layers.266").read_bytes()), VVC):
        units.feed(nal.nal_type, nal.layer_id, nal.data)
    assert units.order.formats[0] == units.order.formats[1]
    assert units.order.formats[1].bit_depth == 10


@pytest.mark.skipif(not os.environ.get("GFV_VTM_DECODER"), reason="GFV_VTM_DECODER names no decoder")
@pytest.mark.parametrize("case", ["whole", "cut", "eos", "two_layers", "picture_headers"])
def test_vtm_agrees(case, tmp_path):
    stream, data, points = open_gops("vvc")
    if case in ("two_layers", "picture_headers"):
        data = (STREAMS / f"{case}.266").read_bytes()
    elif case == "cut":
        data = stream.start_at(points[0])
    elif case == "eos":
        data = stream.up_to(7) + END_OF_SEQUENCE["vvc"] + stream.start_at(points[0])
    file = tmp_path / "stream.266"
    file.write_bytes(data)
    units = ours(data, "vvc")
    output = tmp_path / "output.yuv"
    words = [os.environ["GFV_VTM_DECODER"], "-b", str(file), "-o", str(output), "-p", "0"]
    log = run(words).stdout.decode()
    decoded = [int(found[1]) for found in re.finditer(r"^POC +(-?\d+) LId: +0 ", log, re.M)]
    expected = [unit.poc for unit in units if unit.display is not None]
    assert decoded == expected  # VTM leaves out what it does not output
    if case != "two_layers":  # whose layers go to files of their own
        size = units[0].format.width * units[0].format.height * 3 // 2
        assert output.stat().st_size in (len(expected) * size, len(expected) * size * 2)
