"""The adapters with the real programs, each test for those that are found; the others skip and say what to set."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import vtm_bridge
from gfv_sei.errors import GfvError, ToolError
from vtm_bridge import EncodeSettings
from vtm_bridge.codec import MAX_QP, CodedPicture
from vtm_bridge.ffmpeg import encode as ffmpeg_encode
from vtm_bridge.ffmpeg import mux
from vtm_bridge.pictures import Picture, PictureFormat
from vtm_bridge.programs import ProgramError

ENCODERS = {"vtm": "vvc", "hm": "hevc", "jm": "avc", "x265": "hevc", "x264": "avc"}
DECODERS = {"vtm": "vvc", "hm": "hevc", "jm": "avc"}
DECODER_OF = {codec: name for name, codec in DECODERS.items()}
HASHES = {"vtm", "hm"}
ROOT = Path(__file__).parents[2]

SMALL = PictureFormat(64, 64, fps=Fraction(25))
IDR = {"vvc": {7, 8}, "hevc": {19, 20}, "avc": {5}}
CODED = {"vvc": set(range(12)), "hevc": set(range(32)), "avc": set(range(1, 6))}


def encoder(name: str, **options):
    try:
        return vtm_bridge.get_encoder(name, **options)
    except ToolError as error:
        pytest.skip(error.reason)


def decoder(name: str):
    try:
        return vtm_bridge.get_decoder(name)
    except ToolError as error:
        pytest.skip(error.reason)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where temporary folders go; nothing may be left in it."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert not list(place.iterdir())


@pytest.fixture(scope="module")
def hashed(clip):
    """A stream of two pictures with hashes, where the encoder writes them; made once for each encoder."""
    made: dict[str, bytes] = {}

    def make(name: str) -> bytes:
        if name not in made:
            file = io.BytesIO()
            settings = EncodeSettings(codec=ENCODERS[name], qp=27, structure="lowdelay")
            encoder(name, picture_hash=name in HASHES).encode(clip(SMALL, 2), file, settings)
            made[name] = file.getvalue()
        return made[name]

    return make


def psnr(a: Picture, b: Picture) -> tuple[float, ...]:
    errors = (np.mean((x.astype(np.float64) - y) ** 2) for x, y in zip(a.planes, b.planes, strict=True))
    return tuple(float(10 * np.log10(a.format.peak**2 / error)) for error in errors)


def pictures_are_idr(stream: bytes, codec: str) -> list[bool]:
    heads = [stream[m.end() : m.end() + 2] for m in re.finditer(b"\0\0\1", stream)]
    if codec == "vvc":
        types = [head[1] >> 3 for head in heads]
    else:
        types = [head[0] >> 1 & 63 if codec == "hevc" else head[0] & 31 for head in heads]
    return [t in IDR[codec] for t in types if t in CODED[codec]]


@pytest.mark.parametrize(
    ("structure", "period", "idr"),
    [
        ("intra", None, [True] * 4),
        ("lowdelay", None, [True, False, False, False]),
        ("lowdelay", 3, [True, False, False, True]),
    ],
)
@pytest.mark.parametrize("name", ENCODERS)
def test_encode_and_decode(
    name: str, structure: str, period: int | None, idr: list[bool], clip, tmp_path: Path
) -> None:
    codec = ENCODERS[name]
    seen: list[CodedPicture] = []
    path = tmp_path / "stream"
    settings = EncodeSettings(codec=codec, qp=30, structure=structure, intra_period=period)
    report = encoder(name, picture_hash=name in HASHES).encode(clip(SMALL, 4), path, settings, progress=seen.append)
    stream = path.read_bytes()
    assert report.bytes == len(stream)
    assert report.pictures == 4
    assert report.coded == tuple(seen)
    assert [picture.number for picture in seen] == [0, 1, 2, 3]
    assert [picture.kind == "I" for picture in seen] == idr
    assert pictures_are_idr(stream, codec) == idr
    assert sum(picture.bits or 0 for picture in seen) <= 8 * len(stream)
    if structure == "intra":
        assert {picture.qp for picture in seen} == {30}

    by_ffmpeg = list(vtm_bridge.get_decoder().decode(path, codec))
    for source, picture, told in zip(clip(SMALL, 4), by_ffmpeg, seen, strict=True):
        assert picture.format == SMALL
        if name != "vtm" or structure == "intra":  # else it is that against its filtered input
            planes, tolerance = (1, 0.5) if name in ("x264", "x265") else (3, 0.02)
            assert told.psnr[:planes] == pytest.approx(psnr(source, picture)[:planes], abs=tolerance)
    seen.clear()
    again = list(decoder(DECODER_OF[codec]).decode(path, progress=seen.append))
    assert len(seen) == 4
    assert [p.format for p in again] == [p.format for p in by_ffmpeg]
    assert all(a.same_samples(b) for a, b in zip(again, by_ffmpeg, strict=True))


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("vtm", PictureFormat(66, 50, "420", 10)),
        ("vtm", PictureFormat(33, 17, "444", 8)),
        ("vtm", PictureFormat(34, 17, "422", 12)),
        ("vtm", PictureFormat(17, 33, "400", 9)),
        ("hm", PictureFormat(66, 50, "420", 10)),
        ("hm", PictureFormat(33, 17, "444", 12)),
        ("hm", PictureFormat(34, 17, "422", 8)),
        ("hm", PictureFormat(17, 33, "400", 8)),
        ("jm", PictureFormat(64, 48, "420", 10)),
        ("jm", PictureFormat(33, 17, "444", 8)),
        ("jm", PictureFormat(80, 48, "422", 14)),
        ("jm", PictureFormat(17, 33, "400", 8)),
        ("x265", PictureFormat(66, 50, "420", 10)),
        ("x265", PictureFormat(33, 17, "444", 12)),
        ("x264", PictureFormat(66, 50, "420", 10)),
        ("x264", PictureFormat(34, 17, "422", 8)),
    ],
)
def test_sizes_chroma_formats_and_depths(name: str, format: PictureFormat, clip) -> None:
    file = io.BytesIO()
    report = encoder(name).encode(clip(format, 1), file, EncodeSettings(codec=ENCODERS[name], qp=20))
    assert len(report.coded[0].psnr) == (1 if format.chroma == "400" else 3)
    (picture,) = decoder(DECODER_OF[ENCODERS[name]]).decode(file.getvalue())
    assert picture.format == format
    assert psnr(picture, next(clip(format, 1)))[0] > 36


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("name", ["vtm", "hm", "jm"])
def test_the_ends_of_the_range_of_qp(name: str, depth: int, clip) -> None:
    """The programs write small numbers into their logs with other blanks than large ones."""
    codec, format = ENCODERS[name], PictureFormat(32, 32, bit_depth=depth)
    for qp in (0, MAX_QP[codec]):
        file = io.BytesIO()
        settings = EncodeSettings(codec=codec, qp=qp)
        assert encoder(name).encode(clip(format, 1), file, settings).coded[0].qp == qp
        seen: list[CodedPicture] = []
        (picture,) = decoder(name).decode(file.getvalue(), progress=seen.append)
        assert picture.format.but(fps=format.fps) == format
        assert [told.qp for told in seen] == [qp]
        source = next(clip(format, 1))
        largest = np.abs(picture.planes[0].astype(int) - source.planes[0]).max() / format.peak
        assert (largest < 0.02) == (qp == 0)


@pytest.mark.parametrize("name", ENCODERS)
def test_colour_properties_arrive(name: str, clip) -> None:
    codec = ENCODERS[name]
    format = SMALL.but(matrix="bt2020", full_range=True, siting="topleft", fps=Fraction(50))
    file = io.BytesIO()
    encoder(name).encode(clip(format, 1), file, EncodeSettings(codec=codec))
    # A VVC stream has its rate in HRD parameters only, which VTM does not write, and ffmpeg does not read HM's.
    fps = format.fps if name not in ("vtm", "hm") else Fraction(25)
    (picture,) = decoder(DECODER_OF[codec]).decode(file.getvalue())
    assert picture.format == format.but(fps=fps)


def test_other_configurations_by_preset(clip) -> None:
    hm = encoder("hm")
    settings = EncodeSettings(codec="hevc", preset="encoder_intra_main10.cfg")
    report = hm.encode(clip(SMALL, 1), io.BytesIO(), settings)
    assert any(word.endswith("encoder_intra_main10.cfg") for word in report.command)
    with pytest.raises(ToolError, match=r"no configuration file nonsense\.cfg"):
        hm.encode(clip(SMALL, 1), io.BytesIO(), EncodeSettings(codec="hevc", preset="nonsense.cfg"))


def test_extra_arguments_and_what_the_program_says_of_them(clip, tmp_path: Path) -> None:
    settings = EncodeSettings(codec="hevc", extra=("--NoSuchOption=1",))
    with pytest.raises(ProgramError, match=r"HM encoder failed with exit status(.|\n)*NoSuchOption") as caught:
        encoder("hm").encode(clip(SMALL, 1), tmp_path / "a.265", settings)
    assert any("HM software" in line for line in caught.value.log)
    assert not (tmp_path / "a.265").exists()


# The picture hash.


@pytest.mark.parametrize("name", sorted(HASHES))
def test_a_hash_that_does_not_fit_is_an_error(name: str, hashed) -> None:
    stream, reader = hashed(name), decoder(DECODER_OF[ENCODERS[name]])
    log: list[str] = []
    for _ in reader.decode(stream):
        pass
    # Change the first hash: the payload of type 132 begins with its size and with hash type 0 for MD5.
    at = re.search(rb"\x84[\x21-\x33]\x00|\x84[\x21-\x33][^\x00]", stream)
    assert at is not None
    place = at.end() + 4
    broken = stream[:place] + bytes([stream[place] ^ 0x44]) + stream[place + 1 :]
    with pytest.raises(ProgramError, match="does not have the hash that the stream gives for it") as caught:
        log += [str(picture) for picture in reader.decode(broken)]
    assert not log
    assert any("ERROR" in line for line in caught.value.log)


def test_without_a_hash_no_sei_message_is_written(clip) -> None:
    for name, unit_type in (("vtm", {23, 24}), ("hm", {39, 40})):
        file = io.BytesIO()
        encoder(name).encode(clip(SMALL, 1), file, EncodeSettings(codec=ENCODERS[name]))
        heads = [file.getvalue()[m.end() : m.end() + 2] for m in re.finditer(b"\0\0\1", file.getvalue())]
        types = {head[1] >> 3 if name == "vtm" else head[0] >> 1 & 63 for head in heads}
        assert not types & unit_type


# What goes wrong.


@pytest.mark.parametrize("name", DECODERS)
def test_streams_that_end_early(name: str, hashed, children) -> None:
    stream, reader = hashed(name), decoder(name)
    for keep in (25, 100, len(stream) // 2):
        with pytest.raises(ToolError) as caught:
            list(reader.decode(stream[:keep], DECODERS[name]))
        assert "decoder" in str(caught.value)
    assert not children()


@pytest.mark.parametrize("name", DECODERS)
def test_noise_is_an_error(name: str, children) -> None:
    reader = decoder(name)
    noise = b"\0\0\1" + np.random.default_rng(1).integers(1, 255, 3000, np.uint8).tobytes()
    with pytest.raises(GfvError):
        list(reader.decode(noise, DECODERS[name]))
    assert not children()


@pytest.mark.parametrize("name", ["vtm", "hm", "jm"])
def test_a_killed_encoder(name: str, clip, tmp_path: Path, children) -> None:
    def kill(picture: CodedPicture) -> None:
        ps = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True)
        rows = [row.split(None, 2) for row in ps.stdout.splitlines()]
        for pid in [int(pid) for pid, parent, comm in rows if parent == str(os.getpid()) and comm.strip() != "ps"]:
            os.kill(pid, signal.SIGKILL)

    settings = EncodeSettings(codec=ENCODERS[name], qp=12, structure="lowdelay")
    big = PictureFormat(128, 128)
    with pytest.raises(ProgramError, match="encoder was ended by signal SIGKILL") as caught:
        encoder(name).encode(clip(big, 6 if name == "vtm" else 40), tmp_path / "a", settings, progress=kill)
    assert caught.value.log
    assert not (tmp_path / "a").exists()
    assert not children()


@pytest.mark.parametrize("name", ENCODERS)
def test_cancelling_ends_the_encoder(name: str, clip, tmp_path: Path, children) -> None:
    class EnoughError(Exception):
        pass

    def cancel(picture: CodedPicture) -> None:
        raise EnoughError

    settings = EncodeSettings(codec=ENCODERS[name], structure="lowdelay")
    with pytest.raises(EnoughError):
        encoder(name).encode(clip(SMALL, 6), tmp_path / "a", settings, progress=cancel)
    assert not (tmp_path / "a").exists()
    assert not children()


@pytest.mark.parametrize("name", DECODERS)
def test_leaving_a_decoder_early(name: str, hashed, children) -> None:
    pictures = decoder(name).decode(hashed(name))
    next(pictures)
    pictures.close()
    assert not children()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_we_end_the_encoder_ends(how: signal.Signals, tmp_path: Path) -> None:
    if how != signal.SIGINT and sys.platform != "linux":
        pytest.skip("only Linux can kill a program when the one that started it ends")
    encoder("vtm")
    program = (
        "import numpy as np\n"
        "from vtm_bridge import EncodeSettings, get_encoder\n"
        "from vtm_bridge.pictures import Picture, PictureFormat\n"
        "f = PictureFormat(256, 256)\n"
        "r = np.random.default_rng(1)\n"
        "p = [Picture(f, tuple(r.integers(0, 255, s, np.uint8) for s in f.plane_shapes)) for _ in range(3)]\n"
        f"e = get_encoder('vtm')\n"
        f"print('ready', flush=True)\n"
        f"e.encode(p, {str(tmp_path / 'a.266')!r}, EncodeSettings(codec='vvc', qp=5))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as python:
        assert python.stdout is not None
        assert python.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            python.wait(1.5)
        groups = ["ps", "-A", "-o", "ppid=,pgid="]
        rows = subprocess.run(groups, capture_output=True, text=True, check=True).stdout.splitlines()
        (group,) = {row.split()[1] for row in rows if row.split()[0] == str(python.pid)}
        python.send_signal(how)
        _, errors = python.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors or how != signal.SIGINT
    time.sleep(0.2)
    rows = subprocess.run(["ps", "-A", "-o", "pgid=,state="], capture_output=True, text=True, check=True).stdout
    assert [row for row in rows.splitlines() if row.split()[0] == group and row.split()[1] != "Z"] == []
    assert not (tmp_path / "a.266").exists()
    if how != signal.SIGINT:  # nobody is left to take the folders away
        for left in (tmp_path / "temporary").iterdir():
            shutil.rmtree(left)


@pytest.mark.parametrize("name", ENCODERS)
def test_an_output_that_is_full(name: str, clip) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(GfvError, match="No space left"):
        encoder(name).encode(clip(SMALL, 1), full, EncodeSettings(codec=ENCODERS[name]))


def on_a_full_disk(kib: int, place: Path, program: str) -> str:
    """Run a Python program whose temporary folders are on a disk of so many KiB; its last line."""
    place.mkdir()
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, so no small disk can be mounted")
    mount = f"mount -t tmpfs -o size={kib}k gfv {place}"
    wrap = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*wrap, mount], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here: user namespaces are not allowed")
    environment = {**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(ROOT)}
    command = [*wrap, f'{mount} && "$0" -c "$1"; echo "left: $(ls {place})"', sys.executable, program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.stdout.endswith("left: \n"), done.stdout + done.stderr
    return done.stderr


_START = (
    "import io, sys\n"
    "import numpy as np\n"
    "from vtm_bridge import EncodeSettings, get_decoder, get_encoder\n"
    "from vtm_bridge.pictures import Picture, PictureFormat\n"
    "f = PictureFormat(64, 64)\n"
    "r = np.random.default_rng(1)\n"
    "p = [Picture(f, tuple(r.integers(0, 255, s, np.uint8) for s in f.plane_shapes))]\n"
)


@pytest.mark.parametrize("name", ["vtm", "hm", "jm"])
def test_a_disk_that_is_full_when_an_encoder_writes(name: str, tmp_path: Path) -> None:
    encoder(name)
    out = tmp_path / "a"
    # Noise at a low QP gives more than the 4 KiB that are left beside the picture.
    settings = f"EncodeSettings(codec={ENCODERS[name]!r}, qp=2)"
    program = f"{_START}get_encoder({name!r}).encode(p, {str(out)!r}, {settings})\n"
    errors = on_a_full_disk(12, tmp_path / "disk", program)
    assert re.search(r"is the disk full|encoder (failed|was ended)|No space left", errors), errors
    assert "Error" in errors.splitlines()[-1] or "ProgramError" in errors
    assert not out.exists()
    assert "cannot write the pictures for the encoder: No space left" in on_a_full_disk(4, tmp_path / "disk2", program)
    assert not out.exists()


@pytest.mark.parametrize("name", DECODERS)
def test_a_disk_that_is_full_when_a_decoder_writes(name: str, hashed, tmp_path: Path) -> None:
    stream = tmp_path / "stream"
    stream.write_bytes(hashed(name))
    decoder(name)
    errors = on_a_full_disk(8, tmp_path / "disk", f"{_START}list(get_decoder({name!r}).decode({str(stream)!r}))\n")
    assert "ProgramError" in errors, errors
    assert re.search(r"cannot be read|disk is full|error writing", errors), errors


# Sources.


@pytest.mark.parametrize("name", DECODERS)
def test_decoders_take_all_kinds_of_sources(name: str, hashed, tmp_path: Path) -> None:
    stream, codec = hashed(name), DECODERS[name]
    path = tmp_path / "-b name: with, signs"
    path.write_bytes(stream)
    mux(stream, tmp_path / "a.mp4", 25, codec=codec)
    sources = [path, str(path), stream, io.BytesIO(stream), [stream[:99], stream[99:]], tmp_path / "a.mp4"]
    shown = [[p.planes[0].tobytes() for p in decoder(name).decode(source)] for source in sources]
    assert all(pictures == shown[0] for pictures in shown)
    assert len(shown[0]) == 2


@pytest.mark.parametrize("name", DECODERS)
def test_what_ffmpeg_encodes_decodes_to_the_same(name: str, clip) -> None:
    codec = DECODERS[name]
    reader = decoder(name)
    file = io.BytesIO()
    ffmpeg_encode(clip(SMALL, 6), file, codec, 30, "randomaccess", preset="faster")
    theirs = list(reader.decode(file.getvalue(), codec))
    ours = list(vtm_bridge.get_decoder().decode(file.getvalue(), codec))
    assert [p.format for p in theirs] == [p.format for p in ours]
    assert all(a.same_samples(b) for a, b in zip(theirs, ours, strict=True))
