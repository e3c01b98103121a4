from __future__ import annotations

import contextlib
import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gfv_sei.errors import GfvError
from vtm_bridge.ffmpeg import read_image
from vtm_bridge.pictures import (
    CHROMA,
    MATRICES,
    SITINGS,
    Picture,
    PictureFormat,
    RawReader,
    RawWriter,
    Y4MReader,
    Y4MWriter,
    write_png,
)
from vtm_bridge.pictures.y4m import parse_header

formats = st.builds(
    PictureFormat,
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(sorted(CHROMA)),
    st.integers(8, 16),
    st.sampled_from(MATRICES),
    st.booleans(),
    st.sampled_from(SITINGS),
    st.fractions(Fraction(1, 100), 1000, max_denominator=1001),
)


def noise(format: PictureFormat, seed: int = 0) -> Picture:
    random = np.random.default_rng(seed)
    dtype = np.uint8 if format.bit_depth == 8 else np.uint16
    planes = tuple(random.integers(0, format.peak + 1, shape, dtype) for shape in format.plane_shapes)
    return Picture(format, planes)


class Pipe(io.RawIOBase):
    """Hands out a few bytes at a time, as pipes may."""

    def __init__(self, data: bytes) -> None:
        self.inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self.inner.readinto(memoryview(buffer)[:7])


@given(formats, st.integers(0, 3))
@settings(deadline=None)
def test_y4m_gives_back_what_was_written(format: PictureFormat, count: int) -> None:
    file = io.BytesIO()
    writer = Y4MWriter(file, format)
    pictures = [noise(format, i) for i in range(count)]
    for picture in pictures:
        writer.write(picture)
    for source in (io.BytesIO(file.getvalue()), Pipe(file.getvalue())):
        reader = Y4MReader(source)  # type: ignore[arg-type]
        assert reader.format == format
        back = list(reader)
        assert len(back) == count
        assert all(a.same_samples(b) for a, b in zip(pictures, back, strict=True))


@given(formats)
@settings(deadline=None)
def test_raw_gives_back_what_was_written(format: PictureFormat) -> None:
    file = io.BytesIO()
    writer = RawWriter(file, format)
    for i in range(2):
        writer.write(noise(format, i))
    assert len(file.getvalue()) == 2 * format.picture_bytes
    back = list(RawReader(io.BytesIO(file.getvalue()), format))
    assert [p.same_samples(noise(format, i)) for i, p in enumerate(back)] == [True, True]


@pytest.mark.parametrize(
    ("tag", "chroma", "depth", "siting"),
    [
        ("420jpeg", "420", 8, "center"),
        ("420mpeg2", "420", 8, "left"),
        ("420paldv", "420", 8, "topleft"),
        ("420", "420", 8, "center"),
        ("420p10", "420", 10, "left"),
        ("422p10", "422", 10, "left"),
        ("422", "422", 8, "left"),
        ("444p12", "444", 12, "left"),
        ("444", "444", 8, "left"),
        ("mono", "400", 8, "left"),
        ("mono10", "400", 10, "left"),
        ("mono16", "400", 16, "left"),
    ],
)
def test_chroma_tags(tag: str, chroma: str, depth: int, siting: str) -> None:
    format = parse_header(f"YUV4MPEG2 W4 H2 F25:1 C{tag}".encode()).format
    assert (format.chroma, format.bit_depth, format.siting) == (chroma, depth, siting)


def test_all_tags_are_kept() -> None:
    header = parse_header(b"YUV4MPEG2 W4 H2 F30000:1001 It A10:11 C444 Zwhat XCOLORRANGE=FULL Xother K")
    assert header.format == PictureFormat(4, 2, "444", full_range=True, fps=Fraction(30000, 1001))
    assert header.interlace == "t"
    assert header.aspect == Fraction(10, 11)
    assert header.unknown == ("Zwhat", "K")
    assert header.comments == ("COLORRANGE=FULL", "other")


def test_what_a_header_leaves_open() -> None:
    header = parse_header(b"YUV4MPEG2 W4 H2 F0:0 A0:0", matrix="bt601", full_range=True)
    assert header.format == PictureFormat(4, 2, "420", 8, "bt601", True, "center", Fraction(25))
    assert header.aspect is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"RIFF", ["first word", "RIFF", "YUV4MPEG2"]),
        (b"YUV4MPEG2 H2", ["tag W", "no width"]),
        (b"YUV4MPEG2 W0 H2", ["tag W", "'0'", "positive integer"]),
        (b"YUV4MPEG2 W-4 H2", ["tag W", "'-4'"]),
        (b"YUV4MPEG2 W4 W4 H2", ["tag W", "once"]),
        (b"YUV4MPEG2 W4 H\xb2", ["tag H"]),
        (b"YUV4MPEG2 W4 H2 F25", ["tag F", "'25'", "numerator:denominator"]),
        (b"YUV4MPEG2 W4 H2 F25:0", ["tag F", "0:0"]),
        (b"YUV4MPEG2 W4 H2 Ix", ["tag I", "'x'", "p (progressive)"]),
        (b"YUV4MPEG2 W4 H2 A1", ["tag A"]),
        (b"YUV4MPEG2 W4 H2 C411", ["tag C", "'411'", "420mpeg2"]),
        (b"YUV4MPEG2 W4 H2 C420p17", ["tag C", "'420p17'"]),
        (b"YUV4MPEG2 W4 H2 C444alpha", ["tag C", "'444alpha'"]),
        (b"YUV4MPEG2 W32768 H32768", ["too much memory", "32768x32768", "536870912"]),
        (b"YUV4MPEG2 W999999999 H1", ["width", "999999999", "32768"]),
        (b"YUV4MPEG2 W" + b"9" * 3000 + b" H1", ["tag W", "positive integer"]),
    ],
)
def test_broken_headers_name_tag_value_and_what_is_allowed(line: bytes, words: list[str]) -> None:
    with pytest.raises(GfvError) as caught:
        Y4MReader(io.BytesIO(line + b"\nFRAME\n"))
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.lists(st.one_of(st.text("WHFIACXZ0123456789:p?420mono=- ", max_size=12), st.text(max_size=5)), max_size=8))
@settings(deadline=None, max_examples=300)
def test_bogus_tags_are_read_or_refused(tags: list[str]) -> None:
    line = " ".join(["YUV4MPEG2", *tags]).encode("utf-8", "replace").replace(b"\n", b"")
    with contextlib.suppress(GfvError):
        Y4MReader(io.BytesIO(line + b"\n"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(GfvError):
        list(Y4MReader(io.BytesIO(b"YUV4MPEG2 W2 H2 C444\n" + data)))


def test_an_endless_header_is_refused() -> None:
    with pytest.raises(GfvError, match="longer than 4096 bytes"):
        Y4MReader(io.BytesIO(b"YUV4MPEG2 " + b"X" * 10**6))


@given(st.integers(1, 60))
def test_a_truncated_picture_says_what_is_missing(cut: int) -> None:
    format = PictureFormat(6, 4, "420", 10)
    file = io.BytesIO()
    writer = Y4MWriter(file, format)
    writer.write(noise(format))
    writer.write(noise(format))
    reader = Y4MReader(io.BytesIO(file.getvalue()[:-cut]))
    next(reader)
    with pytest.raises(GfvError, match=f"within picture 1: {cut} of 72 bytes are missing"):
        next(reader)
    raw = b"".join(bytes(b) for b in noise(format).blocks())
    with pytest.raises(GfvError, match=f"within picture 0: {cut} of 72 bytes are missing"):
        next(RawReader(io.BytesIO(raw[:-cut]), format))


def test_a_frame_line_is_required() -> None:
    with pytest.raises(GfvError, match="picture 0 does not start with its FRAME line"):
        next(Y4MReader(io.BytesIO(b"YUV4MPEG2 W2 H2\nFROME\n" + bytes(6))))
    assert len(list(Y4MReader(io.BytesIO(b"YUV4MPEG2 W2 H2\nFRAME Ip XY\n" + bytes(6))))) == 1


def test_samples_beyond_the_bit_depth_are_refused() -> None:
    data = np.full(4, 1024, "<u2").tobytes()
    with pytest.raises(GfvError, match=r"plane Y = 1024.*10 bits.*0 to 1023"):
        next(RawReader(io.BytesIO(data), PictureFormat(2, 2, "400", 10)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("width", 0),
        ("height", -1),
        ("width", 32769),
        ("width", True),
        ("chroma", "411"),
        ("bit_depth", 7),
        ("matrix", "rgb"),
        ("siting", "bottom"),
        ("fps", Fraction(0)),
        ("fps", 25.0),
    ],
)
def test_formats_are_checked(name: str, value: object) -> None:
    with pytest.raises(GfvError, match=name):
        PictureFormat(16, 16).but(**{name: value})


def test_pictures_are_checked() -> None:
    y, c = np.zeros((4, 6), np.uint8), np.zeros((2, 3), np.uint8)
    Picture(PictureFormat(6, 4), (y, c, c))
    with pytest.raises(GfvError, match="planes = 1"):
        Picture(PictureFormat(6, 4), (y,))
    with pytest.raises(GfvError, match="plane Cr"):
        Picture(PictureFormat(6, 4), (y, c, y))
    with pytest.raises(GfvError, match="plane Y = uint8"):
        Picture(PictureFormat(6, 4, bit_depth=10), (y, c, c))


def test_a_writer_takes_one_format() -> None:
    writer = Y4MWriter(io.BytesIO(), PictureFormat(4, 4))
    with pytest.raises(GfvError, match="width 6 against 4"):
        writer.write(noise(PictureFormat(6, 4)))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (64, 47)])
def test_png_is_read_by_others(size: tuple[int, int], tmp_path: Path, astronaut) -> None:
    picture = np.ascontiguousarray(astronaut[: size[1], 200 : 200 + size[0]])
    write_png(tmp_path / "a.png", picture)
    assert np.array_equal(read_image(tmp_path / "a.png"), picture)
    cv2 = pytest.importorskip("cv2")
    assert np.array_equal(cv2.imread(str(tmp_path / "a.png"))[..., ::-1], picture)


def test_png_refuses_other_arrays(tmp_path: Path) -> None:
    with pytest.raises(GfvError, match="uint8"):
        write_png(tmp_path / "a.png", np.zeros((4, 4, 3), np.float32))  # type: ignore[arg-type]
    assert not (tmp_path / "a.png").exists()
