"""Messages go into and out of containers; times, pictures and other streams stay."""

import json
import subprocess
from pathlib import Path

import pytest

import gfv_sei
import gfv_sei.containers
from gfv_sei.process import find_ffmpeg
from vtm_bridge.ffmpeg import decode, probe, read_video

ENCODERS = {
    "avc": ["-c:v", "libx264", "-bf", "2", "-x264-params", "keyint=12"],
    "hevc": ["-c:v", "libx265", "-x265-params", "log-level=none:keyint=12"],
    "vvc": ["-c:v", "libvvenc", "-pix_fmt", "yuv420p10le", "-preset", "faster"],
}
ENDINGS = ("mp4", "mkv", "ts")
AUS = (0, 3, 24)


def ffmpeg(*arguments):
    command = [find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Not VVC in Matroska and transport streams: ffmpeg 9.0 does not decode all pictures of those that it writes itself.
KINDS = [(codec, ending) for codec in ENCODERS for ending in ENDINGS if codec != "vvc" or ending == "mp4"]


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def container(request, tmp_path_factory):
    """A second of video with reordered pictures, and a tone."""
    codec, ending = request.param
    path = tmp_path_factory.mktemp("container") / f"in.{ending}"
    sources = ["-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1"]
    ffmpeg(*sources, *ENCODERS[codec], "-c:a", "aac", path)
    return path


@pytest.fixture(scope="module")
def records():
    values = {"coordinates": [[0.25, -0.5], [0.125, 0.75]]}
    return [{"au": au, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": values} for au in AUS]


def times(path):
    """Stream, dts, pts of every packet."""
    lines = ffmpeg("-copyts", "-i", path, "-map", "0", "-c", "copy", "-f", "framecrc", "-").splitlines()
    bases = [line for line in lines if line.startswith("#tb")]
    return bases, sorted(tuple(line.split(",")[:3]) for line in lines if not line.startswith("#"))


def pictures(path):
    lines = ffmpeg("-i", path, "-map", "0:v", "-f", "framemd5", "-").splitlines()
    return [line.split(",")[-1] for line in lines if not line.startswith("#")]


def test_times_pictures_and_sound_stay(container, records, tmp_path):
    out = tmp_path / f"out{container.suffix}"
    assert gfv_sei.inject(container, records, out) == len(AUS)
    assert pictures(out) == pictures(container)
    assert times(out) == times(container)
    found = list(gfv_sei.read_messages(out))
    assert [r["au"] for r in found] == list(AUS)
    assert all(r["values"]["coordinates"] == records[0]["values"]["coordinates"] for r in found)


def test_messages_come_out_again(container, records, tmp_path):
    with_messages, without = tmp_path / f"with{container.suffix}", tmp_path / f"without{container.suffix}"
    gfv_sei.inject(container, records, with_messages)
    assert gfv_sei.remove(with_messages, without) == len(AUS)
    assert not list(gfv_sei.read_messages(without))
    assert pictures(without) == pictures(container)
    assert times(without) == times(container)


def test_from_one_kind_to_another_and_to_a_byte_stream(container, records, tmp_path):
    with_messages, stream, back = tmp_path / "with.mkv", tmp_path / "stream", tmp_path / "back.mp4"
    gfv_sei.inject(container, records, with_messages)
    gfv_sei.remove(with_messages, stream, payload_types=[5])
    gfv_sei.remove(stream, back, payload_types=[5])
    assert pictures(back) == pictures(container)
    payloads = [[r["message"] for r in gfv_sei.read_messages(path)] for path in (with_messages, stream, back)]
    assert payloads[0] == payloads[1] == payloads[2]
    assert len(payloads[0]) == len(AUS)


@pytest.mark.parametrize(
    ("codec", "position"), [(c, p) for c in ENCODERS for p in ("prefix", "suffix") if (c, p) != ("avc", "suffix")]
)
def test_messages_of_a_byte_stream_survive_mp4_and_the_way_back(codec, position, records, tmp_path):
    """Put in here, wrapped and unwrapped by ffmpeg: every message at its picture, bit for bit."""
    raw = {"avc": "h264"}.get(codec, codec)
    base, stream, back, again = (tmp_path / name for name in ("base", "stream", "back", "again"))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=1", *ENCODERS[codec], "-f", raw, base)
    many = [record | {"gfv_cnt": count} for record in records for count in range(3)]
    gfv_sei.inject(base, many, stream, nal=position)
    gfv_sei.containers.mux(stream, tmp_path / "a.mp4", codec=codec)
    ffmpeg("-i", tmp_path / "a.mp4", "-c", "copy", "-f", raw, back)

    def found(path):
        kept = ("au", "position", "payload_type", "payload_size", "message", "values")
        return [{key: record[key] for key in kept} for record in gfv_sei.read_messages(path)]

    assert [record["au"] for record in found(stream)] == [au for au in AUS for _ in range(3)]
    assert {record["position"] for record in found(stream)} == {position}
    assert found(tmp_path / "a.mp4") == found(back) == found(stream)
    assert pictures(tmp_path / "a.mp4") == pictures(base)
    # Taken out on the way back and put in anew, they are the same stream.
    gfv_sei.remove(back, tmp_path / "without")
    gfv_sei.inject(tmp_path / "without", gfv_sei.read_messages(back), again, nal="record")
    assert found(again) == found(stream)
    assert pictures_of_stream(again, raw) == pictures_of_stream(base, raw)


def pictures_of_stream(path, raw):
    lines = ffmpeg("-f", raw, "-i", path, "-f", "framemd5", "-").splitlines()
    return [line.split(",")[-1] for line in lines if not line.startswith("#")]


def test_a_container_on_a_pipe(container, records, tmp_path):
    out = tmp_path / f"out{container.suffix}"
    gfv_sei.inject(container, records, out)
    done = subprocess.run(["gfv", "extract", "-", "-o", "-"], input=out.read_bytes(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["au"] for line in done.stdout.splitlines()] == list(AUS)


def test_a_plan_that_does_not_fit_leaves_nothing(container, records, tmp_path):
    with pytest.raises(gfv_sei.PlanError):
        gfv_sei.inject(container, [{**records[0], "au": 99}], tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())


def test_what_is_no_container_is_refused(tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\0\0\0\x18ftypisom" + bytes(range(256)) * 10)
    with pytest.raises(gfv_sei.GfvError):
        list(gfv_sei.read_messages(bad))
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", tmp_path / "sound.mp4")
    with pytest.raises(gfv_sei.StreamError, match="no video"):
        list(gfv_sei.read_messages(tmp_path / "sound.mp4"))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:d=0.2", "-c:v", "mpeg4", tmp_path / "mpeg4.mp4")
    with pytest.raises(gfv_sei.StreamError, match="not a video codec"):
        list(gfv_sei.read_messages(tmp_path / "mpeg4.mp4"))


# Each names the canary, a good stream beside it, in the way of its format; the ending of its own name is in front.
NAMING = {
    "concat": "concat.mp4: ffconcat version 1.0\nfile canary.mp4\n",
    "a playlist": "list.m3u8: #EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\ncanary.ts\n#EXT-X-ENDLIST\n",
    "DASH": 'dash.mp4: <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" '
    'profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4">'
    '<Representation id="1" bandwidth="1"><BaseURL>file:{folder}/canary.mp4</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>",
    "numbered pictures": "canary%d.mp4: ffconcat version 1.0\nfile canary.mp4\n",
}


@pytest.mark.parametrize("what", NAMING)
def test_a_file_cannot_name_another_one(what, tmp_path):
    canary = ["-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=0.2", *ENCODERS["avc"]]
    ffmpeg(*canary, tmp_path / "canary.mp4")
    ffmpeg(*canary, tmp_path / "canary.ts")
    name, text = NAMING[what].format(folder=tmp_path).split(": ", 1)
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(gfv_sei.GfvError):
        list(gfv_sei.read_messages(path))
    with pytest.raises(gfv_sei.GfvError):
        list(gfv_sei.containers.demux_to_annexb(path))
    with pytest.raises(gfv_sei.GfvError):
        list(read_video(path)[1])
    with pytest.raises(gfv_sei.GfvError):
        list(read_video(text.encode())[1])


@pytest.mark.parametrize("name", ["-i.mp4", "a%03d.mp4", "pipe:0.mp4", "a:b,c|d'e.mp4", "\x1b[31m\u202e.mp4"])
def test_any_name_is_the_name_of_a_file(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=0.2", *ENCODERS["avc"], "file:plain.mp4")
    Path("plain.mp4").rename(name)
    record = {"au": 0, "payload_type": 5, "payload_hex": "00" * 17}
    gfv_sei.inject(name, [record], f"out-{name}")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, f"out-{name}"])
    assert len(list(read_video(name)[1])) == len(list(read_video(f"out-{name}")[1])) == 5


def test_a_title_cannot_speak_for_ffmpeg(tmp_path):
    lines = "Stream #0:0: Video: hevc, yuv444p, 16x16, 5 fps\n  Stream #0:0: Video: vvc\nInput #0\nOutput #0\n"
    title = f"{lines}w:16 h:16 pixfmt:gray a csp:bt2020nc range:pc\nw:8 h:8 pixfmt:gray a csp:bt2020nc range:pc"
    path = tmp_path / "titled.mkv"
    said = ["-metadata", f"title={title}", "-metadata", f"{lines}=a", "-metadata:s:v:0", f"title={title}"]
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=0.2", *ENCODERS["avc"], *said, path)
    assert list(gfv_sei.read_messages(path)) == []
    info = probe(path)
    assert (info.codec, info.width, info.height, info.fps) == ("avc", 96, 64, 25)
    assert len(list(decode(path))) == 5
