"""Where streams come from: bytes, paths, binary files that give a little at a time, pipes, containers."""

from __future__ import annotations

import io
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from streams.clips import CLIPS, PLAIN
from streams.records import counted, face_records, injected, read, removed

import gfv_sei

Clip = Callable[[str], bytes]
Ffmpeg = Callable[..., subprocess.CompletedProcess[bytes]]


class Dribble(io.RawIOBase):
    """A file that gives fewer bytes than it is asked for."""

    def __init__(self, data: bytes, most: int) -> None:
        self.file = io.BytesIO(data)
        self.r = Random(most)
        self.most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read(min(len(buffer), self.r.randint(1, self.most)))
        buffer[: len(data)] = data
        return len(data)


@pytest.fixture(scope="module", params=PLAIN)
def stream(request: pytest.FixtureRequest, clip: Clip) -> bytes:
    base = clip(request.param)
    return injected(base, face_records(counted(base)["access_units"]))


@pytest.mark.parametrize("most", [1, 2, 3, 7, 1000, 100000])
def test_files_that_give_a_little_at_a_time(stream: bytes, most: int) -> None:
    assert read(Dribble(stream, most)) == read(stream)
    out = io.BytesIO()
    gfv_sei.remove(Dribble(stream, most), out)
    assert out.getvalue() == removed(stream)
    back = io.BytesIO()
    gfv_sei.inject(Dribble(out.getvalue(), most), iter(read(stream)), back)
    assert back.getvalue() == stream


def test_all_kinds_of_sources(stream: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stream.bin"  # the name says nothing; the content does
    path.write_bytes(stream)
    expected = read(stream)
    assert read(path) == read(str(path)) == read(io.BytesIO(stream)) == expected
    with path.open("rb") as file:
        assert read(file) == expected
    with path.open("rb", buffering=0) as raw:
        assert read(raw) == expected


def test_a_pipe(stream: bytes) -> None:
    reading, writing = os.pipe()

    def feed() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(stream)

    thread = threading.Thread(target=feed)
    thread.start()
    with os.fdopen(reading, "rb", buffering=0) as file:
        assert read(file) == read(stream)
    thread.join()


def test_records_from_an_iterator_must_be_in_order_and_from_a_list_need_not(clip: Clip) -> None:
    base = clip("hevc-plain")
    records = face_records(4)
    backwards = [record for au in (3, 2, 1, 0) for record in records if record["au"] == au]
    # values are coded in the order of the list that results, so they predict from one another alike
    assert injected(base, backwards) == injected(base, records)
    with pytest.raises(gfv_sei.PlanError, match="order of access units"):
        gfv_sei.inject(base, iter(backwards), io.BytesIO())


@pytest.mark.parametrize("au", [None, -1, 1.0, True, "0", 10**30])
def test_records_with_a_bad_access_unit(au: Any, clip: Clip) -> None:
    record = {"payload_type": 600, "payload_hex": ""} | ({} if au is None else {"au": au})
    for records in ([record], iter([record])):
        with pytest.raises(gfv_sei.PlanError):
            gfv_sei.inject(clip("avc-plain"), records, io.BytesIO())


@pytest.mark.parametrize("record", [None, 1, "x", [], {}, {"au": 0}])
def test_records_that_are_none(record: Any, clip: Clip) -> None:
    for records in ([record], iter([record])):
        with pytest.raises(gfv_sei.GfvError):
            gfv_sei.inject(clip("avc-plain"), records, io.BytesIO())


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "mov"])
@pytest.mark.parametrize("name", PLAIN)
def test_containers(name: str, suffix: str, clip: Clip, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    base = clip(name)
    stream = injected(base, face_records(counted(base)["access_units"]))
    raw, container = tmp_path / "raw", tmp_path / f"clip.{suffix}"
    raw.write_bytes(stream)
    raw_format = {"avc": "h264"}.get(CLIPS[name].codec, CLIPS[name].codec)
    # only MP4 takes pictures whose times are not known; from there they have some
    ffmpeg("-f", raw_format, "-i", raw, "-c", "copy", tmp_path / "first.mp4")
    ffmpeg("-i", tmp_path / "first.mp4", "-c", "copy", container)
    kept = ("au", "payload_type", "payload_size", "message", "values", "position")
    wanted = [[record[key] for key in kept] for record in read(stream)]
    assert [[record[key] for key in kept] for record in read(container)] == wanted
    with container.open("rb") as file:
        assert [[record[key] for key in kept] for record in read(file)] == wanted
    out = io.BytesIO()
    gfv_sei.remove(container, out)
    assert read(out.getvalue()) == []
    assert counted(out.getvalue())["access_units"] == counted(base)["access_units"]


def test_a_container_without_video(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    sound = tmp_path / "sound.mkv"
    ffmpeg("-f", "lavfi", "-i", "anullsrc", "-t", "0.1", "-c:a", "pcm_s16le", sound)
    with pytest.raises(gfv_sei.StreamError):
        read(sound)


def test_a_container_with_another_codec(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    other = tmp_path / "other.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "2", "-c:v", "mjpeg", other)
    with pytest.raises(gfv_sei.StreamError, match="mjpeg"):
        read(other)


NO_STREAMS = {
    "nothing": b"",
    "one byte": b"\0",
    "zeros": bytes(70000),
    "a start code": b"\0\0\1",
    "a start code and a byte": b"\0\0\0\1\x67",
    "text": b"hello, this is no video at all\n" * 40,
    "noise": Random(4).randbytes(3000),
    "a png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a gzip": b"\x1f\x8b\x08" + Random(5).randbytes(500),
    "forbidden bits": b"\0\0\1\xff\xff\xff" * 50,
}


@pytest.mark.parametrize("what", NO_STREAMS)
def test_what_is_no_stream(what: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(NO_STREAMS[what])
    for source in (path, NO_STREAMS[what], io.BytesIO(NO_STREAMS[what])):
        with pytest.raises(gfv_sei.GfvError) as refused:
            read(source)
        assert "Traceback" not in str(refused.value)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", tmp_path / "missing" / "file"):
        with pytest.raises(gfv_sei.StreamError, match="cannot"):
            read(path)


@pytest.mark.parametrize("name", PLAIN)
def test_streams_cut_anywhere(name: str, clip: Clip) -> None:
    base = clip(name)
    stream = injected(base, face_records(counted(base)["access_units"], per_unit=1))
    whole = read(stream)
    for end in range(1, len(stream), 41):
        try:
            found = read(stream[:end], errors="record", codec=CLIPS[name].codec)
        except gfv_sei.StreamError:
            continue
        good = [record for record in found if "error" not in record]
        assert len(found) - len(good) <= 1
        assert [record["message"] for record in good[:-1]] == [record["message"] for record in whole][
            : max(0, len(good) - 1)
        ]
        out = io.BytesIO()
        gfv_sei.remove(stream[:end], out, codec=CLIPS[name].codec)


@pytest.mark.parametrize("name", PLAIN)
def test_damaged_streams(name: str, clip: Clip) -> None:
    """Noise in a stream ends in records or a GfvError; taking messages out of it twice changes nothing more."""
    r = Random(name)
    base = clip(name)
    stream = injected(base, face_records(counted(base)["access_units"]))
    for _ in range(150):
        data = bytearray(stream)
        for _ in range(r.choice((1, 3, 20))):
            data[r.randrange(len(data))] = r.choice((0, 0, 1, 3, 0xFF, r.randrange(256)))
        try:
            read(bytes(data), errors="record", payload_types=None)
            once = removed(bytes(data))
            assert removed(once) == once or not read(once, errors="record")
            injected(bytes(data), face_records(1))
        except gfv_sei.GfvError as error:
            assert str(error)  # noqa: PT017
