from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import vtm_bridge
from gfv_sei.containers.command import start
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import run
from vtm_bridge.codec import CODECS, STRUCTURES, EncodeSettings
from vtm_bridge.colour import to_rgb8, with_bit_depth
from vtm_bridge.ffmpeg import (
    decode,
    demux_to_annexb,
    encode,
    framemd5,
    mux,
    probe,
    read_image,
    read_video,
    write_mp4,
)
from vtm_bridge.pictures import Picture, PictureFormat, write_png

SMALL = PictureFormat(96, 64, matrix="bt601", fps=Fraction(30))
FAST = "faster"  # a preset that all three know

SEI = {"vvc": {23, 24}, "hevc": {39, 40}, "avc": {6}}
DELIMITER = {"vvc": {20}, "hevc": {35}, "avc": {9}}
IDR = {"vvc": {7, 8}, "hevc": {19, 20}, "avc": {5}}
CODED = {"vvc": set(range(12)), "hevc": set(range(32)), "avc": set(range(1, 6))}


def psnr(a: Picture, b: Picture) -> float:
    """Of luma, in dB."""
    assert a.format.bit_depth == b.format.bit_depth
    difference = a.planes[0].astype(np.float64) - b.planes[0]
    return float(10 * np.log10(a.format.peak**2 / max(float(np.mean(difference**2)), 1e-9)))


def unit_types(stream: bytes, codec: str) -> list[int]:
    heads = [stream[m.end() : m.end() + 2] for m in re.finditer(b"\0\0\1", stream)]
    if codec == "vvc":
        return [head[1] >> 3 for head in heads]
    return [head[0] >> 1 & 63 if codec == "hevc" else head[0] & 31 for head in heads]


def encoded(pictures, codec: str, structure: str = "intra", **more) -> bytes:
    file = io.BytesIO()
    report = encode(pictures, file, codec, structure=structure, preset=FAST, **more)
    assert report.bytes == len(file.getvalue())
    assert file.getvalue()[:4] in (b"\0\0\0\1", b"\0\0\1")
    return file.getvalue()


def traced(stream: bytes, codec: str, element: str) -> list[int]:
    """Values of a syntax element, by ffmpeg's own parser."""
    name = {"vvc": "vvc", "hevc": "hevc", "avc": "h264"}[codec]
    lines: list[str] = []
    words = ["-f", name, "-i", "pipe:0", "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
    run([*start("info"), *words], stdin=stream, timeout=60, on_stderr=lines.append)
    return [int(line.rsplit("=", 1)[1]) for line in lines if f" {element} " in line]


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("codec", CODECS)
def test_encode_and_decode(codec: str, structure: str, clip) -> None:
    period = 4 if structure == "randomaccess" else None
    stream = encoded(clip(SMALL, 10), codec, structure, qp=27, intra_period=period)
    assert encoded(clip(SMALL, 10), codec, structure, qp=27, intra_period=period) == stream

    types = unit_types(stream, codec)
    assert not set(types) & (SEI[codec] | DELIMITER[codec])
    coded = [t for t in types if t in CODED[codec]]
    assert len(coded) == 10
    assert coded[0] in IDR[codec]
    assert sum(t in IDR[codec] for t in coded) == {"intra": 10, "lowdelay": 1, "randomaccess": 3}[structure]

    pictures = list(decode(stream, codec))
    depth = 10 if codec == "vvc" else 8
    assert len(pictures) == 10
    assert {p.format for p in pictures} == {SMALL.but(bit_depth=depth)}
    assert min(psnr(a, with_bit_depth(b, depth)) for a, b in zip(pictures, clip(SMALL, 10), strict=True)) > 33
    hashes = [hashlib.md5(b"".join(p.blocks())).hexdigest() for p in pictures]
    assert framemd5(stream, codec) == hashes


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("qp", [22, 37])
def test_intra_pictures_have_exactly_the_qp(codec: str, qp: int, clip) -> None:
    stream = encoded(clip(SMALL, 6), codec, qp=qp)
    initial = {"vvc": "pps_init_qp_minus26", "hevc": "init_qp_minus26", "avc": "pic_init_qp_minus26"}[codec]
    delta = {"vvc": "sh_qp_delta", "hevc": "slice_qp_delta", "avc": "slice_qp_delta"}[codec]
    base = set(traced(stream, codec, initial))
    deltas = traced(stream, codec, delta)
    assert len(deltas) == 6
    assert {26 + a + b for a in base for b in deltas} == {qp}


@pytest.mark.parametrize("codec", CODECS)
def test_low_delay_keeps_the_order_and_the_distance(codec: str, clip, tmp_path: Path) -> None:
    stream = encoded(clip(SMALL, 9), codec, "lowdelay", intra_period=4)
    coded = [t for t in unit_types(stream, codec) if t in CODED[codec]]
    assert [i for i, t in enumerate(coded) if t in IDR[codec]] == [0, 4, 8]
    mux(stream, tmp_path / "a.mp4", 25)
    assert display_order(tmp_path / "a.mp4") == list(range(9))


@pytest.mark.parametrize("codec", CODECS)
def test_colour_properties_arrive(codec: str, clip) -> None:
    format = SMALL.but(matrix="bt2020", full_range=True, siting="topleft", fps=Fraction(24000, 1001))
    stream = encoded(clip(format, 2), codec)
    got = next(decode(stream, codec)).format
    depth = 10 if codec == "vvc" else 8
    # ffmpeg's decoder does not say the siting of VVC, though it is in the stream.
    siting = "left" if codec == "vvc" else "topleft"
    assert got == format.but(bit_depth=depth, siting=siting)
    element = {
        "vvc": "vui_chroma_sample_loc_type_frame",
        "hevc": "chroma_sample_loc_type_top_field",
        "avc": "chroma_sample_loc_type_top_field",
    }[codec]
    assert set(traced(stream, codec, element)) == {2}


@pytest.mark.parametrize(
    ("codec", "chroma", "depth"),
    [
        ("hevc", "400", 8),
        ("hevc", "422", 12),
        ("hevc", "444", 10),
        ("avc", "422", 8),
        ("avc", "444", 10),
        ("vvc", "420", 10),
    ],
)
def test_other_chroma_formats_and_depths(codec: str, chroma: str, depth: int, clip) -> None:
    format = PictureFormat(66, 50, chroma, depth)
    picture = next(decode(encoded(clip(format, 1), codec, qp=20)))
    assert picture.format == format
    assert psnr(picture, next(clip(format, 1))) > 36


@pytest.mark.parametrize(
    ("codec", "format", "words"),
    [
        ("vvc", PictureFormat(64, 64, "444"), "chroma = 444.*allowed: 420"),
        ("avc", PictureFormat(64, 64, "400"), "chroma = 400"),
        ("vvc", PictureFormat(64, 64, bit_depth=12), "bit_depth = 12.*allowed: 8, 10"),
        ("hevc", PictureFormat(65, 64), "width = 65.*even"),
        ("avc", PictureFormat(64, 63), "height = 63.*even"),
    ],
)
def test_formats_that_a_codec_cannot_hold(codec: str, format: PictureFormat, words: str, clip) -> None:
    with pytest.raises(GfvError, match=words):
        encode(clip(format, 1), io.BytesIO(), codec)


@pytest.mark.parametrize(
    "wrong",
    [{"codec": "av1"}, {"qp": 64}, {"structure": "ipp"}, {"threads": 0}, {"intra_period": 4}],
)
def test_settings_are_checked(wrong: dict) -> None:
    with pytest.raises(GfvError, match=f"{next(iter(wrong))} = {next(iter(wrong.values()))}"):
        EncodeSettings(**{"codec": "vvc", **wrong})


def test_reports_count_what_they_say(clip, tmp_path: Path) -> None:
    report = encode(clip(SMALL, 5), tmp_path / "a.264", "avc", preset=FAST)
    assert report.bytes == (tmp_path / "a.264").stat().st_size
    assert report.pictures == 5
    assert report.bits_per_second == pytest.approx(report.bytes * 8 * 30 / 5)
    assert report.seconds > 0
    assert "libx264" in report.command
    assert [path.name for path in tmp_path.iterdir()] == ["a.264"]


def test_no_picture_and_changing_pictures(clip, tmp_path: Path, children) -> None:
    def changing() -> Iterator[Picture]:
        yield from clip(SMALL, 2)
        yield from clip(SMALL.but(width=98), 1)

    with pytest.raises(GfvError, match="no picture to encode"):
        encode([], tmp_path / "a.265", "hevc")
    with pytest.raises(GfvError, match="width 98 against 96"):
        encode(changing(), tmp_path / "a.265", "hevc", preset=FAST)
    assert not list(tmp_path.iterdir())
    assert not children()


def test_a_failing_encoder_is_quoted(clip, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"failed with exit status(.|\n)*Error setting preset"):
        encode(clip(SMALL, 2), tmp_path / "a.265", "hevc", preset="nonsense")
    assert not list(tmp_path.iterdir())


def test_a_stream_that_ffmpeg_loses_is_an_error(clip, tmp_path: Path) -> None:
    # Without its pre-filter libvvenc has no delay, and with one thread ffmpeg 9.0.2 then writes nothing and says
    # that all went well. A version that has mended it writes the three pictures.
    params = ("-vvenc-params", "intraperiod=1:mctf=0:bim=0")
    problem = ""
    try:
        encode(clip(SMALL, 3), tmp_path / "a.266", "vvc", preset=FAST, threads=1, extra=params)
    except ToolError as error:
        problem = str(error)
    if problem:
        assert "took 3 pictures but wrote 0 access units" in problem
        assert not list(tmp_path.iterdir())
    else:
        assert len(framemd5(tmp_path / "a.266")) == 3


def test_a_slow_encoder_is_ended(clip, tmp_path: Path, children) -> None:
    with pytest.raises(ToolError, match="kept us waiting"):
        encode(clip(PictureFormat(320, 256), 40), tmp_path / "a.266", "vvc", 10, preset="slower", timeout=0.2)
    assert not list(tmp_path.iterdir())
    assert not children()


def test_an_encoder_takes_from_a_decoder_as_it_goes(clip, children) -> None:
    first = encoded(clip(SMALL, 4), "avc", qp=20)
    second = encoded(decode(first, "avc"), "hevc", qp=20)
    assert len(framemd5(second)) == 4
    assert not children()


@pytest.mark.parametrize("codec", CODECS)
def test_decode_takes_all_kinds_of_sources(codec: str, clip, tmp_path: Path) -> None:
    stream = encoded(clip(SMALL, 3), codec)
    path = tmp_path / "-i name: with, signs"
    path.write_bytes(stream)
    sources = [
        stream,
        path,
        str(path),
        io.BytesIO(stream),
        (stream[i : i + 99] for i in range(0, len(stream), 99)),
    ]
    first = [p.planes[0].tobytes() for p in decode(stream, codec)]
    for source in sources:
        assert [p.planes[0].tobytes() for p in decode(source)] == first


def test_leaving_a_decoder_early_leaves_nothing_behind(clip, children) -> None:
    stream = encoded(clip(SMALL, 20), "avc")
    pictures = decode(stream * 50, "avc")
    next(pictures)
    pictures.close()
    assert not children()
    for _ in decode(stream * 50, "avc"):
        break
    assert not children()


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("what", ["empty", "noise", "beheaded"])
def test_broken_streams_are_errors_with_ffmpegs_words(codec: str, what: str, clip, children) -> None:
    stream = encoded(clip(SMALL, 3), codec)
    units = [m.start() for m in re.finditer(b"\0\0\1", stream)]
    slices = [i for i, t in zip(units, unit_types(stream, codec), strict=True) if t in CODED[codec]]
    headless = b"".join(stream[i : units[units.index(i) + 1] if i != units[-1] else None] for i in slices)
    data = {"empty": b"", "noise": b"\1\2noise" * 500, "beheaded": headless}[what]
    with pytest.raises(ToolError) as caught:
        list(decode(data, codec))
    assert "the last lines it wrote" in str(caught.value)
    assert "[verbose]" not in str(caught.value)
    assert not children()


@pytest.mark.parametrize("codec", CODECS)
def test_pictures_that_change_on_the_way_are_an_error(codec: str, clip, children) -> None:
    """ffmpeg would scale all of them to the size of the first, without a word."""
    stream = encoded(clip(SMALL, 2), codec) + encoded(clip(SMALL.but(width=128), 2), codec)
    with pytest.raises(GfvError, match=r"the decoded pictures change from 96x\d+ .* to 128x"):
        list(decode(stream, codec))
    assert not children()


def test_pictures_of_red_green_and_blue_are_an_error(astronaut, tmp_path: Path, children) -> None:
    write_png(tmp_path / "rgb.png", astronaut)
    path = tmp_path / "rgb.265"
    words = ["-i", str(tmp_path / "rgb.png"), "-c:v", "libx265", "-pix_fmt", "gbrp", "-x265-params", "log-level=none"]
    run([*start("error"), *words, str(path)], timeout=60)
    with pytest.raises(GfvError, match=r"coded as G, B and R \(matrix_coeffs 0\)"):
        list(decode(path))
    assert not children()


def test_a_broken_picture_is_an_error_unless_concealed(clip) -> None:
    stream = bytearray(encoded(clip(SMALL, 6), "vvc", "lowdelay"))
    half = len(stream) // 2
    stream[half : half + 40] = bytes(b ^ 0x5A for b in stream[half : half + 40])
    with pytest.raises(ToolError, match="failed with exit status"):
        list(decode(bytes(stream), "vvc"))
    assert list(decode(bytes(stream), "vvc", conceal=True))


def test_missing_files_and_other_codecs() -> None:
    with pytest.raises(GfvError, match="there is no file /no/such/file"):
        list(decode("/no/such/file"))
    with pytest.raises(GfvError, match="there is no file http://"):
        probe("http://localhost:9/a.mp4")
    with pytest.raises(GfvError, match="codec = av1"):
        list(decode(b"x", "av1"))


def test_a_playlist_cannot_make_us_fetch(tmp_path: Path) -> None:
    playlist = tmp_path / "list.ffconcat"
    playlist.write_text("ffconcat version 1.0\nfile 'http://127.0.0.1:9/a.ts'\n")
    with pytest.raises(ToolError, match=r"whitelist|[Uu]nsafe|not permitted"):
        read_video(playlist)


def display_order(path: Path) -> list[int]:
    words = ["-i", str(path), "-c", "copy", "-f", "framecrc", "pipe:1"]
    lines = run([*start("error"), *words], timeout=60).stdout.decode().splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    step = int(rows[0][3])
    return [int(row[2]) // step for row in rows]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30000, 1001)])
def test_mux_and_demux_reordered_pictures(codec: str, fps: Fraction, clip, tmp_path: Path) -> None:
    stream = encoded(clip(SMALL, 21), codec, "randomaccess", intra_period=16)
    path = tmp_path / "a.mp4"
    assert mux(stream, path, fps) == 21
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    order = display_order(path)
    assert sorted(order) == list(range(21))
    assert order != list(range(21))
    assert probe(path).fps == fps
    assert framemd5(path) == framemd5(stream)
    back = b"".join(demux_to_annexb(path))
    assert framemd5(back, codec) == framemd5(stream)
    coded = [t for t in unit_types(back, codec) if t in CODED[codec]]
    assert coded == [t for t in unit_types(stream, codec) if t in CODED[codec]]


def test_demux_of_other_containers(clip, tmp_path: Path) -> None:
    stream = encoded(clip(SMALL, 5), "hevc", "lowdelay")
    mux(stream, tmp_path / "a.mp4", 25)
    for name in ("a.mkv", "a.ts"):
        run([*start("error"), "-i", str(tmp_path / "a.mp4"), "-c", "copy", str(tmp_path / name)], timeout=60)
        assert framemd5(b"".join(demux_to_annexb(tmp_path / name)), "hevc") == framemd5(stream)


def test_mux_refuses_what_has_no_pictures(clip, tmp_path: Path) -> None:
    with pytest.raises(ToolError):
        mux(b"\1\2noise" * 500, tmp_path / "a.mp4", codec="hevc")
    with pytest.raises(GfvError, match="cannot write"):
        mux(encoded(clip(SMALL, 1), "hevc", "intra"), tmp_path / "none" / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_demux_refuses_other_codecs(astronaut, tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", astronaut[:32, :32])
    with pytest.raises(GfvError, match="codec = png"):
        next(demux_to_annexb(tmp_path / "a.png"))


@pytest.mark.parametrize("size", [(64, 48), (65, 47)])
def test_mp4_of_rgb_frames(size: tuple[int, int], astronaut, tmp_path: Path) -> None:
    width, height = size
    frames = [np.ascontiguousarray(astronaut[2 * i : 2 * i + height, 180 : 180 + width]) for i in range(5)]
    assert write_mp4(iter(frames), tmp_path / "a.mp4", 29.97, crf=12) == 5
    info = probe(tmp_path / "a.mp4")
    assert (info.codec, info.matrix, info.full_range) == ("avc", "bt709", False)
    assert (info.width, info.height) == (width + width % 2, height + height % 2)
    format, pictures = read_video(tmp_path / "a.mp4")
    assert format.fps == Fraction(30000, 1001) or format.fps == Fraction(29.97).limit_denominator(1001)
    for frame, picture in zip(frames, pictures, strict=True):
        assert np.mean(np.abs(to_rgb8(picture)[:height, :width].astype(int) - frame)) < 4


def test_mp4_refuses_no_frames_and_changing_ones(tmp_path: Path) -> None:
    frame = np.zeros((32, 32, 3), np.uint8)
    with pytest.raises(GfvError, match="no picture"):
        write_mp4([], tmp_path / "a.mp4", 25)
    with pytest.raises(GfvError, match="differ in size"):
        write_mp4([frame, frame[:16]], tmp_path / "a.mp4", 25)
    with pytest.raises(GfvError, match="crf = 99"):
        write_mp4([frame], tmp_path / "a.mp4", 25, crf=99)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("size", [(64, 64), (31, 45), (200, 90)])
def test_reading_an_image_at_a_size(fit: str, size: tuple[int, int], astronaut, tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", astronaut[:128, 160:260])
    format, pictures = read_video(tmp_path / "a.png", size, fit=fit, chroma="444")
    assert (format.width, format.height, format.chroma) == (*size, "444")
    (picture,) = pictures
    rgb = to_rgb8(picture)
    if fit == "pad":
        assert rgb[0, 0].max() <= 2
        assert rgb[-1, -1].max() <= 2
    else:
        assert rgb[0, 0].min() > 20
        assert rgb[-1, -1].max() > 20


def test_an_image_keeps_its_colours(astronaut, tmp_path: Path) -> None:
    source = np.ascontiguousarray(astronaut[:101, 160:261])
    write_png(tmp_path / "a.png", source)
    format, pictures = read_video(tmp_path / "a.png", chroma="444", bit_depth=10)
    assert (format.matrix, format.full_range, format.width) == ("bt709", False, 101)
    assert np.abs(to_rgb8(next(pictures)).astype(int) - source).max() <= 1


def test_read_video_counts_and_closes(clip, tmp_path: Path, children) -> None:
    encode(clip(SMALL, 12), tmp_path / "a.264", "avc", preset=FAST)
    format, pictures = read_video(tmp_path / "a.264", pictures=3)
    assert len(list(pictures)) == 3
    format, pictures = read_video(tmp_path / "a.264", fps=Fraction(15))
    assert format.fps == 15
    assert len(list(pictures)) == 6
    format, pictures = read_video(tmp_path / "a.264")
    next(pictures)
    del pictures
    assert not children()
    with pytest.raises(GfvError, match="fit = squeeze"):
        read_video(tmp_path / "a.264", (8, 8), fit="squeeze")
    with pytest.raises(ToolError):
        read_video(Path(__file__))


def test_unreadable_images_are_errors(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(ToolError):
        read_image(tmp_path / "a.png")


def test_a_real_face(faces: Path) -> None:
    format, pictures = read_video(faces / "grid_bbaf2n_256.mp4", (96, 96), pictures=3)
    assert format == PictureFormat(96, 96, "420", 8, "bt709", False, "left", Fraction(25))
    stream = encoded(pictures, "vvc", "lowdelay", qp=32)
    assert len(framemd5(stream, "vvc")) == 3


def test_encoders_and_decoders_by_name() -> None:
    assert vtm_bridge.encoder_names()[:2] == ("auto", "ffmpeg")
    assert vtm_bridge.get_encoder("auto").name == vtm_bridge.get_encoder("ffmpeg").name == "ffmpeg"
    assert vtm_bridge.get_decoder().codecs == CODECS
    with pytest.raises(GfvError, match=r"encoder = nonsense.*allowed: auto, ffmpeg"):
        vtm_bridge.get_encoder("nonsense")
    with pytest.raises(GfvError, match="there is already a decoder"):
        vtm_bridge.register_decoder("ffmpeg", "a:b")


def test_the_interface_does_the_same(clip) -> None:
    file = io.BytesIO()
    settings = EncodeSettings(codec="hevc", preset=FAST, threads=1)
    report = vtm_bridge.get_encoder().encode(clip(SMALL, 2), file, settings)
    assert report.pictures == 2
    assert len(list(vtm_bridge.get_decoder().decode(file.getvalue()))) == 2


def test_importing_the_bridge_is_cheap() -> None:
    import sys

    program = "import sys, vtm_bridge, vtm_bridge.registry, vtm_bridge.codec; print('numpy' in sys.modules)"
    done = run([sys.executable, "-c", program], timeout=60)
    assert done.stdout == b"False\n"
