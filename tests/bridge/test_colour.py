"""Colour conversion against itself, against numbers from the standard, and against ffmpeg's two scalers."""

from __future__ import annotations

import io

import numpy as np
import pytest

from gfv_sei.errors import GfvError
from gfv_sei.process import find_ffmpeg, run
from vtm_bridge.chroma import downsample, upsample
from vtm_bridge.colour import from_rgb, from_rgb8, to_rgb, to_rgb8, with_bit_depth, with_chroma
from vtm_bridge.ffmpeg.encode import raw_input
from vtm_bridge.pictures import MATRICES, SITINGS, Picture, PictureFormat, Y4MReader


@pytest.fixture(scope="module")
def face(astronaut):
    return np.ascontiguousarray(astronaut[10:139, 160:273])  # 113 x 129, both odd


def flat(format: PictureFormat, *values: int) -> Picture:
    dtype = np.uint8 if format.bit_depth == 8 else np.uint16
    planes = (np.full(s, v, dtype) for s, v in zip(format.plane_shapes, values, strict=True))
    return Picture(format, tuple(planes))


# From the equations of H.273 by hand: white, black, and pure red in BT.709 and BT.601.
@pytest.mark.parametrize(
    ("matrix", "full", "depth", "rgb", "yuv"),
    [
        ("bt709", False, 8, (1, 1, 1), (235, 128, 128)),
        ("bt709", False, 10, (1, 1, 1), (940, 512, 512)),
        ("bt2020", False, 10, (0, 0, 0), (64, 512, 512)),
        ("bt601", True, 8, (1, 1, 1), (255, 128, 128)),
        ("bt601", True, 16, (1, 1, 1), (65535, 32768, 32768)),
        ("bt709", False, 8, (1, 0, 0), (63, 102, 240)),
        ("bt601", False, 8, (1, 0, 0), (81, 90, 240)),
        ("bt601", True, 8, (0, 0, 1), (29, 255, 107)),
        ("bt2020", False, 10, (0, 1, 0), (658, 189, 100)),
    ],
)
def test_known_values(matrix: str, full: bool, depth: int, rgb, yuv) -> None:
    format = PictureFormat(4, 4, "420", depth, matrix, full)
    array = np.broadcast_to(np.array(rgb, np.float32)[:, None, None], (3, 4, 4)).copy()
    picture = from_rgb(array, format)
    assert tuple(int(p[0, 0]) for p in picture.planes) == yuv
    assert np.allclose(to_rgb(flat(format, *yuv)), array, atol=0.006)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("depth", [8, 9, 10, 12, 16])
def test_round_trip_without_subsampling(matrix: str, full: bool, depth: int, face) -> None:
    format = PictureFormat(113, 129, "444", depth, matrix, full)
    back = to_rgb8(from_rgb8(face, format)).astype(int)
    assert np.abs(back - face).max() <= {8: 3, 9: 1}.get(depth, 0)


@pytest.mark.parametrize("siting", SITINGS)
@pytest.mark.parametrize("chroma", ["420", "422"])
def test_round_trip_with_subsampling(chroma: str, siting: str, face) -> None:
    format = PictureFormat(113, 129, chroma, 10, siting=siting)
    back = to_rgb8(from_rgb8(face, format)).astype(float)
    assert 10 * np.log10(255**2 / np.mean((back - face) ** 2)) > 37


def test_the_two_paths_agree(face) -> None:
    picture = from_rgb8(face, PictureFormat(113, 129))
    exact = to_rgb(picture).transpose(1, 2, 0) * 255
    assert np.abs(exact - to_rgb8(picture)).max() < 0.51
    floats = np.ascontiguousarray(face.transpose(2, 0, 1).astype(np.float32) / np.float32(255))
    assert from_rgb(floats, picture.format).same_samples(picture)


@pytest.mark.parametrize("size", [(1, 1), (1, 4), (2, 1), (3, 3), (5, 2)])
@pytest.mark.parametrize("chroma", ["400", "420", "422", "444"])
def test_any_size_works(size: tuple[int, int], chroma: str) -> None:
    format = PictureFormat(*size, chroma)
    grey = np.full((size[1], size[0], 3), 77, np.uint8)
    assert np.abs(to_rgb8(from_rgb8(grey, format)).astype(int) - 77).max() <= 1


@pytest.mark.parametrize(
    ("siting", "horizontal", "vertical"),
    [("left", 0.0, 0.5), ("center", 0.5, 0.5), ("topleft", 0.0, 0.0)],
)
def test_a_ramp_shows_where_the_chroma_samples_lie(siting: str, horizontal: float, vertical: float) -> None:
    format = PictureFormat(16, 12, siting=siting)
    x, y = np.meshgrid(np.arange(16, dtype=np.float32), np.arange(12, dtype=np.float32))
    inner = np.s_[1:-1, 1:-1]
    for ramp, offset in ((x, horizontal), (y, vertical)):
        small = downsample(ramp, format)
        assert np.allclose(small[inner], (ramp[::2, ::2] + offset)[inner])
        assert np.allclose(upsample(small, format)[2:-2, 2:-2], ramp[2:-2, 2:-2])


@pytest.mark.parametrize("full", [False, True])
def test_bit_depth_up_and_down_is_exact(full: bool, face) -> None:
    picture = from_rgb8(face, PictureFormat(113, 129, full_range=full))
    for depth in (9, 10, 12, 16):
        deep = with_bit_depth(picture, depth)
        assert deep.format.bit_depth == depth
        assert with_bit_depth(deep, 8).same_samples(picture)
    assert int(with_bit_depth(flat(PictureFormat(2, 2, "400"), 235), 10).planes[0][0, 0]) == 940
    white = flat(PictureFormat(2, 2, "444", full_range=True), 255, 128, 0)
    assert [int(p[0, 0]) for p in with_bit_depth(white, 10).planes] == [1023, 512, 0]


def test_chroma_changes_leave_luma_alone(face) -> None:
    picture = from_rgb8(face, PictureFormat(113, 129, "444"))
    for chroma in ("400", "420", "422"):
        other = with_chroma(picture, chroma)
        assert other.format.chroma == chroma
        assert np.array_equal(other.planes[0], picture.planes[0])
        assert with_chroma(other, "444").format == picture.format
    left, centred = with_chroma(picture, "420"), with_chroma(picture, "420", "center")
    assert (left.format.siting, centred.format.siting) == ("left", "center")
    assert not np.array_equal(left.planes[1], centred.planes[1])
    grey = with_chroma(flat(PictureFormat(2, 2, "400", 10), 5), "420")
    assert [int(p[0, 0]) for p in grey.planes] == [5, 512, 512]


def test_wrong_arrays_are_refused() -> None:
    format = PictureFormat(4, 2)
    with pytest.raises(GfvError, match=r"float32 \(3, 2, 4\)"):
        from_rgb(np.zeros((3, 4, 2), np.float32), format)
    with pytest.raises(GfvError, match="uint8"):
        from_rgb8(np.zeros((2, 4, 3), np.float32), format)  # type: ignore[arg-type]
    with pytest.raises(GfvError, match="no numbers"):
        from_rgb(np.full((3, 2, 4), np.nan, np.float32), format)


def by_ffmpeg(picture: Picture, filters: str) -> np.ndarray:
    """What ffmpeg makes of a picture, as RGB."""
    words = raw_input(picture.format)
    words[-1] += f",{filters},format=rgb24"
    done = run([find_ffmpeg(), "-v", "error", *words, "-f", "rawvideo", "pipe:1"], stdin=picture.blocks(), timeout=60)
    return np.frombuffer(done.stdout, np.uint8).reshape(picture.format.height, picture.format.width, 3)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("depth", [8, 10])
def test_swscale_has_the_same_matrices(matrix: str, full: bool, depth: int, face) -> None:
    picture = from_rgb8(face, PictureFormat(113, 129, "444", depth, matrix, full))
    theirs = by_ffmpeg(picture, "scale=flags=bicubic+accurate_rnd+full_chroma_int")
    assert np.abs(theirs.astype(int) - to_rgb8(picture)).max() <= 2


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("size", [(112, 128), (113, 129)])
def test_swscale_agrees_on_420(depth: int, size: tuple[int, int], face) -> None:
    rgb = np.ascontiguousarray(face[: size[1], : size[0]])
    picture = from_rgb8(rgb, PictureFormat(*size, "420", depth))
    theirs = by_ffmpeg(picture, "scale=flags=bilinear+accurate_rnd+full_chroma_int")
    difference = np.abs(theirs.astype(int) - to_rgb8(picture))
    assert difference.mean() < 0.8
    assert np.percentile(difference, 99) <= 6


@pytest.mark.parametrize("siting", SITINGS)
def test_zimg_agrees_on_the_siting(siting: str, face) -> None:
    # zimg's bilinear filter is ours, so only rounding is left, and a wrong siting would stand out.
    zimg = "zscale=filter=bilinear:dither=none:matrix=gbr,format=gbrp"
    rgb = np.ascontiguousarray(face[:128, :112])
    picture = from_rgb8(rgb, PictureFormat(112, 128, siting=siting))
    theirs = by_ffmpeg(picture, f"setparams=color_primaries=bt709:color_trc=bt709,{zimg}")
    assert np.abs(theirs.astype(int) - to_rgb8(picture)).max() <= 2


def test_ffmpeg_makes_the_same_picture_of_rgb(face) -> None:
    from gfv_sei.containers.command import start

    words = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", "113x129", "-i", "pipe:0"]
    flags = "bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"
    scale = f"scale=flags={flags}:out_color_matrix=bt709:out_range=tv"
    words += ["-vf", f"{scale},format=yuv444p", "-f", "yuv4mpegpipe", "-strict", "-1", "pipe:1"]
    done = run([*start("error"), *words], stdin=face.tobytes(), timeout=60)
    theirs = next(Y4MReader(io.BytesIO(done.stdout)))
    ours = from_rgb8(face, theirs.format)
    for a, b in zip(theirs.planes, ours.planes, strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1
