"""A face video to a stream and back, through the commands, with real encoders and decoders."""

import contextlib
import os
import pty
import re
import subprocess

import numpy as np
import pytest

import gfv_sei
from generators.quality import psnr_luma
from gfv_sei.process import find_ffmpeg
from vtm_bridge import get_decoder
from vtm_bridge.colour import to_rgb8
from vtm_bridge.ffmpeg import framemd5, read_video, write_mp4
from vtm_bridge.pictures import Y4MReader

CODECS = {"vvc": "suffix", "hevc": "suffix", "avc": "prefix"}


def gfv(*arguments, **options):
    return subprocess.run(["gfv", *map(str, arguments)], capture_output=True, **options)


@pytest.fixture(scope="module", params=CODECS)
def coded(request, face_clip, tmp_path_factory):
    """The stream of the clip in one codec, and what encode said of it."""
    path = tmp_path_factory.mktemp("coded") / f"face.{request.param}"
    done = gfv("encode", face_clip, "-o", path, "--codec", request.param)
    assert done.returncode == 0, done.stderr
    return request.param, path, done.stderr.decode()


def luma(path):
    _, pictures = read_video(path)
    return [picture.planes[0].astype(np.float32) / 255 for picture in pictures]


def test_the_stream_has_one_coded_picture_and_a_message_for_each(coded):
    codec, path, said = coded
    records = list(gfv_sei.read_messages(path))
    assert [r["message"]["gfv_cnt"] for r in records] == list(range(12))
    assert {r["au"] for r in records} == {0}
    assert {r["position"] for r in records} == {CODECS[codec]}
    assert len(framemd5(path)) == 1
    assert gfv("validate", path).returncode == 0
    assert re.search(r"12 pictures of 128x128, 1 of them coded", said)


def test_what_encode_reports_is_what_the_stream_has(coded, tmp_path):
    _, path, said = coded
    base, sei, total = map(
        int, re.search(r"base pictures (\d+) bytes, .* units (\d+) bytes .*together (\d+) bytes", said).groups()
    )
    gfv_sei.remove(path, tmp_path / "base")
    assert base == (tmp_path / "base").stat().st_size
    assert total == base + sei == path.stat().st_size


def test_messages_are_predicted_from_the_one_before(coded):
    _, path, _ = coded
    further = [r["message"] for r in gfv_sei.read_messages(path)][1:]
    assert all(message["gfv_kps_pred_flag"] for message in further)


def test_generated_pictures_follow_the_face(coded, face_clip, tmp_path):
    """Higher quality than repeating the base picture, and the base picture as it was decoded."""
    _, path, _ = coded
    out = tmp_path / "out.y4m"
    assert gfv("decode", path, "-o", out).returncode == 0
    with out.open("rb") as file:
        pictures = list(Y4MReader(file))
    assert len(pictures) == 12
    peak = pictures[0].format.peak
    made = [picture.planes[0].astype(np.float32) / peak for picture in pictures]
    source = luma(face_clip)

    def quality(ours):
        return [10 * np.log10(1 / np.mean((a - b) ** 2)) for a, b in zip(source[1:], ours, strict=True)]

    repeated, generated = np.mean(quality([made[0]] * 11)), np.mean(quality(made[1:]))
    assert generated > repeated + 3


@pytest.mark.parametrize("ending", ["mp4", "y4m", "yuv", "folder"])
def test_every_kind_of_output(coded, tmp_path, ending):
    codec, path, _ = coded
    out = tmp_path / ("pictures" if ending == "folder" else f"out.{ending}")
    done = gfv("decode", path, "-o", out)
    assert done.returncode == 0, done.stderr
    if ending == "folder":
        assert [p.name for p in sorted(out.iterdir())] == [f"picture-{i:05}.png" for i in range(12)]
    elif ending == "yuv":
        assert out.stat().st_size == 12 * 128 * 128 * 3 // 2 * (2 if codec == "vvc" else 1)
    else:
        assert len(list(read_video(out)[1])) == 12


def test_the_coded_picture_comes_out_untouched(coded, tmp_path):
    _, path, _ = coded
    out = tmp_path / "out.y4m"
    assert gfv("decode", path, "-o", out).returncode == 0
    (base,) = get_decoder().decode(path)
    with out.open("rb") as file:
        first = next(iter(Y4MReader(file)))
    assert first.same_samples(base)


def test_pipes_at_both_ends(coded, tmp_path):
    _, path, _ = coded
    out = tmp_path / "out.y4m"
    assert gfv("decode", path, "-o", out).returncode == 0
    piped = gfv("decode", "-", "-o", "-", input=path.read_bytes())
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout == out.read_bytes()


def test_encode_has_pipes_at_both_ends(face_clip, tmp_path):
    words = ("--codec", "avc", "--pictures", "4")
    assert gfv("encode", face_clip, "-o", tmp_path / "out.264", *words).returncode == 0
    piped = gfv("encode", "-", "-o", "-", *words, input=face_clip.read_bytes(), env={**os.environ, "TMPDIR": tmp_path})
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout == (tmp_path / "out.264").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out.264"]
    for data in (b"", b"no video\n" * 100):
        done = gfv("encode", "-", "-o", tmp_path / "none.264", *words, input=data)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert not (tmp_path / "none.264").exists()


def test_a_new_base_picture_every_so_often(face_clip, tmp_path):
    out = tmp_path / "out.264"
    assert gfv("encode", face_clip, "-o", out, "--codec", "avc", "--new-base", "5").returncode == 0
    records = [(r["au"], r["message"]["gfv_cnt"]) for r in gfv_sei.read_messages(out)]
    assert records == [(0, i) for i in range(5)] + [(1, i) for i in range(5)] + [(2, 0), (2, 1)]
    shown = tmp_path / "out.y4m"
    assert gfv("decode", out, "-o", shown).returncode == 0
    with shown.open("rb") as file:
        assert sum(1 for _ in Y4MReader(file)) == 12


def test_consecutive_idr_pictures_of_avc_differ_in_their_number(face_clip, tmp_path):
    """H.264, 7.4.3: idr_pic_id. JM's decoder takes pictures that do not for one."""
    out = tmp_path / "out.264"
    assert gfv("encode", face_clip, "-o", out, "--codec", "avc", "--new-base", "3").returncode == 0
    words = [find_ffmpeg(), "-v", "verbose", "-f", "h264", "-i", out, "-c", "copy", "-bsf:v", "trace_headers"]
    log = subprocess.run([*map(str, words), "-f", "null", "-"], capture_output=True, check=True).stderr
    assert re.findall(rb"idr_pic_id .*= (\d+)", log) == [b"0", b"1", b"0", b"1"]
    sets = re.findall(rb"\] (Sequence|Picture) Parameter Set", log)
    assert sets == [b"Sequence", b"Picture"] * (len(sets) // 2)
    if os.environ.get("GFV_JM_DECODER"):
        gfv_sei.remove(out, tmp_path / "plain.264")
        assert len(list(get_decoder("jm").decode(tmp_path / "plain.264"))) == 4


def test_a_scene_change_gets_a_new_base_picture(face_clip, tmp_path):
    """With auto, when the face is lost for good."""
    _, pictures = read_video(face_clip)
    rgb = [to_rgb8(picture) for picture in pictures]
    flipped = [255 - picture[::-1, ::-1] for picture in rgb]
    clip, out = tmp_path / "cut.mp4", tmp_path / "cut.264"
    write_mp4([*rgb, *flipped], clip, 25, crf=10)
    assert gfv("encode", clip, "-o", out, "--codec", "avc").returncode == 0
    starts = [r for r in gfv_sei.read_messages(out) if r["message"].get("gfv_base_picture_flag")]
    assert len(starts) >= 2


def test_a_stream_without_messages_comes_out_as_it_is(coded, tmp_path):
    _, path, _ = coded
    plain, out = tmp_path / "plain", tmp_path / "out.y4m"
    gfv_sei.remove(path, plain)
    done = gfv("decode", plain, "-o", out)
    assert done.returncode == 0
    assert b"no GFV base message" in done.stderr


def test_other_faces_and_ignored_messages_are_passed_over(coded, tmp_path):
    _, path, _ = coded
    records = list(gfv_sei.read_messages(path))
    others = [
        {"au": 0, "payload_type": 223, "message": {**record["message"], "gfv_id": gfv_id}}
        for gfv_id in (7, 300)
        for record in records[:2]
    ]
    both, out = tmp_path / "both", tmp_path / "out.y4m"
    gfv_sei.inject(path, others, both)
    done = gfv("decode", both, "-o", out, "--gfv-id", "0")
    assert done.returncode == 0, done.stderr
    assert b"gfv_id 7 is passed over" in done.stderr
    assert b"gfv_id 300 is reserved" in done.stderr
    with out.open("rb") as file:
        assert sum(1 for _ in Y4MReader(file)) == 12


def on_a_terminal(*arguments):
    """What the command writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(["gfv", *map(str, arguments)], stderr=theirs) as process:
        os.close(theirs)
        text = b""
        with contextlib.suppress(OSError):  # the terminal ends with its last writer
            while piece := os.read(ours, 4096):
                text += piece
    os.close(ours)
    assert process.returncode == 0, text
    return text.decode()


def test_progress_is_shown_on_a_terminal_only(coded, tmp_path):
    _, path, said = coded
    assert "coding" not in said
    assert re.search(r"generating .*12/12", on_a_terminal("decode", path, "-o", tmp_path / "o.y4m"))


def test_progress_of_coding(face_clip, tmp_path):
    written = on_a_terminal("encode", face_clip, "-o", tmp_path / "o.264", "--codec", "avc", "--pictures", 3)
    assert re.search(r"coding .*3/3", written)


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["encode", "missing.mp4", "-o", "x.266"], 1, "missing.mp4"),
        (["encode", "{clip}", "-o", "x.266", "--codec", "mpeg2"], 2, "--codec"),
        (["encode", "{clip}", "-o", "x.266", "--size", "big"], 2, "256x256"),
        (["encode", "{clip}", "-o", "x.266", "--new-base", "0"], 2, "--new-base"),
        (["encode", "{clip}", "-o", "x.266", "--generator", "none"], 1, "generator"),
        (["encode", "{clip}", "-o", "x.264", "--codec", "avc", "--nal", "suffix"], 1, "AVC has no suffix"),
        (["decode", "{clip}", "-o", "out.avi"], 2, ".mp4, .y4m, .yuv"),
        (["decode", "{clip}", "-o", "out.y4m", "--generator", "none"], 1, "no generator"),
        (["decode", "{clip}", "-o", "out.y4m", "--fps", "-1"], 2, "--fps"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(face_clip, tmp_path, arguments, status, text):
    done = gfv(*(a.format(clip=face_clip) for a in arguments), cwd=tmp_path, text=True)
    assert done.returncode == status
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_psnr_agrees_with_ours(face_clip):
    """The quality that the demo prints is that of the formula."""
    first, second = luma(face_clip)[:2]
    stacked = [np.stack([plane] * 3) for plane in (first, second)]
    assert psnr_luma(*stacked) == pytest.approx(10 * np.log10(1 / np.mean((first - second) ** 2)), abs=0.01)
