"""Programs that may be installed: what holds without any of them. Small shell scripts stand for programs that hang,
say another name, or come from another time; the real ones are run in test_reference_programs.py.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import vtm_bridge
from gfv_sei.errors import GfvError, ToolError
from vtm_bridge import EncodeSettings
from vtm_bridge.pictures import PictureFormat
from vtm_bridge.programs import ProgramError, hm, jm, kinds, vtm, x264, x265
from vtm_bridge.programs.config import find_config
from vtm_bridge.programs.encoder import Job
from vtm_bridge.programs.program import Log, execute, numbers

NAMES = {"vtm": "vvc", "hm": "hevc", "jm": "avc", "x265": "hevc", "x264": "avc"}
SMALL = PictureFormat(64, 48, matrix="bt601", full_range=True, siting="topleft", fps=Fraction(30000, 1001))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where temporary folders go; nothing may be left in it."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert not list(place.iterdir())


@pytest.fixture
def script(tmp_path: Path):
    """A program with a banner, and what it does when it is run for anything else."""

    def make(banner: str, body: str, ask: str = "--help") -> str:
        path = tmp_path / "program"
        path.write_text(f'#!/bin/sh\n[ "$1" = "{ask}" ] && {{ echo "{banner}"; exit 1; }}\n{body}\n')
        path.chmod(0o755)
        (tmp_path / "cfg").mkdir(exist_ok=True)
        for name in (*vtm.CONFIGS.values(), *hm.CONFIGS.values(), jm.CONFIG):
            (tmp_path / "cfg" / name).touch()
        return str(path)

    return make


def job(codec: str, **more) -> Job:
    settings = EncodeSettings(codec=codec, qp=29, structure=more.pop("structure", "intra"), extra=("--more",))
    settings = replace(settings, intra_period=more.pop("intra_period", None))
    whole = {"format": SMALL, "settings": settings, "pictures": 5, "source": "in.yuv", "target": "out.bin"}
    return Job(**{**whole, "config": Path("/c/a.cfg"), **more})


# Finding.


def test_without_a_program_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for kind in kinds():
        monkeypatch.delenv(kind.variable, raising=False)
        said = f"no {kind.label} here: name it in the .* {kind.variable}, or put it on the PATH as "
        with pytest.raises(ToolError, match=said + r"[\w.]+(, [\w.]+)*( or [\w.]+)?$"):
            kind.find()
    (alone,) = (kind for kind in kinds() if kind.variable == "GFV_X265")
    with pytest.raises(ToolError, match=r"on the PATH as x265$"):
        alone.find()
    for name in NAMES:
        with pytest.raises(ToolError, match=f"{name.upper()}|{name} encoder here"):
            vtm_bridge.get_encoder(name)
    for name in ("vtm", "hm", "jm"):
        with pytest.raises(ToolError, match=f"GFV_{name.upper()}_DECODER"):
            vtm_bridge.get_decoder(name)


def test_a_wish_wins_and_is_not_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    places = {}
    for where in ("asked", "set", "path"):
        (tmp_path / where).mkdir()
        places[where] = tmp_path / where / "EncoderApp"
        places[where].write_text("#!/bin/sh\n")
        places[where].chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("GFV_VTM_ENCODER", raising=False)
    assert vtm.ENCODER.find() == str(places["path"])
    monkeypatch.setenv("GFV_VTM_ENCODER", str(places["set"]))
    assert vtm.ENCODER.find() == str(places["set"])
    assert vtm.ENCODER.find(places["asked"]) == str(places["asked"])
    places["set"].chmod(0o644)
    with pytest.raises(ToolError, match="the environment variable GFV_VTM_ENCODER says"):
        vtm.ENCODER.find()
    with pytest.raises(ToolError, match="the VTM encoder asked for says"):
        vtm.ENCODER.find(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["EncoderAppStatic", "EncoderApp", "EncoderAppStaticd", "EncoderAppd"])
def test_all_usual_builds_are_found(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / name).write_text("#!/bin/sh\n")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GFV_VTM_ENCODER", raising=False)
    assert vtm.ENCODER.find() == str(tmp_path / name)


def test_names_of_builds() -> None:
    assert "TAppEncoderStatic" in hm.ENCODER.names
    assert {"lencod", "lencod.exe", "lencod_static"} <= set(jm.ENCODER.names)


# Knowing.


@pytest.mark.parametrize(
    ("banner", "words"),
    [
        ("HM software: Encoder Version [18.0]", 'does not say that it is a VTM encoder; it says "HM software'),
        ("VVCSoftware: VTM Decoder Version 24.0", "does not say that it is a VTM encoder"),
        ("", "does not say that it is a VTM encoder"),
        ("VVCSoftware: VTM Encoder Version 8.2 [Linux]", r"version = 8.2: .* too old .*allowed: 20 or later"),
    ],
)
def test_another_program_or_version_is_refused(banner: str, words: str, script) -> None:
    path = script(banner, "exit 0")
    with pytest.raises(ToolError, match=words):
        vtm_bridge.get_encoder("vtm", program=path)


def test_versions() -> None:
    assert numbers("19.1 (FRExt)") == (19, 1)
    assert numbers("24.0rc1") == (24, 0)
    assert numbers("x") == ()


# Configuration files.


def test_configuration_files_are_found_beside_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for part in ("bin/linux/release", "cfg", "elsewhere"):
        (tmp_path / part).mkdir(parents=True)
    program = tmp_path / "bin/linux/release/EncoderApp"
    program.touch()
    monkeypatch.delenv("GFV_VTM_CFG", raising=False)
    with pytest.raises(ToolError, match=r"^no configuration file a.cfg .*GFV_VTM_CFG.*looked in .*/cfg$"):
        find_config(str(program), "a.cfg", "GFV_VTM_CFG")
    (tmp_path / "cfg/a.cfg").touch()
    (tmp_path / "cfg/b.cfg").touch()
    (tmp_path / "elsewhere/a.cfg").touch()
    assert find_config(str(program), "a.cfg", "GFV_VTM_CFG") == tmp_path / "cfg/a.cfg"
    assert find_config(str(program), "a.cfg", "GFV_VTM_CFG", "b.cfg") == tmp_path / "cfg/b.cfg"
    given = tmp_path / "elsewhere/a.cfg"
    assert find_config(str(program), "b.cfg", "GFV_VTM_CFG", given) == given
    link = tmp_path / "link"
    link.symlink_to(program)
    assert find_config(str(link), "a.cfg", "GFV_VTM_CFG") == tmp_path / "cfg/a.cfg"
    monkeypatch.setenv("GFV_VTM_CFG", str(tmp_path / "elsewhere"))
    assert find_config(str(program), "a.cfg", "GFV_VTM_CFG") == given


# Command lines: settings in, words out.


def test_the_command_of_vtm() -> None:
    words = vtm.encoder_command("/b/EncoderApp", job("vvc", picture_hash=True))
    assert words[:9] == ["/b/EncoderApp", "-c", "/c/a.cfg", "-i", "in.yuv", "-b", "out.bin", "-o", "/dev/null"]
    assert words[-1] == "--more"
    assert {
        *("--SourceWidth=64", "--SourceHeight=48", "--FrameRate=30000/1001", "--FramesToBeEncoded=5", "--QP=29"),
        *("--InputBitDepth=8", "--InternalBitDepth=8", "--InputChromaFormat=420", "--ConformanceWindowMode=1"),
        *("--SEIDecodedPictureHash=1", "--Level=4.1", "--MatrixCoefficients=6", "--VideoFullRange=1"),
        *("--ChromaSampleLocType=2", "--TemporalSubsampleRatio=1"),
    } <= set(words)
    other = vtm.encoder_command("p", job("vvc", format=SMALL.but(chroma="444", bit_depth=10)))
    assert {"--InternalBitDepth=10", "--ChromaFormatIDC=444", "--SEIDecodedPictureHash=0"} <= set(other)
    assert not [word for word in other if "ChromaSampleLocType" in word]


@pytest.mark.parametrize(
    ("chroma", "depth", "profile"),
    [
        ("420", 8, "main"),
        ("420", 10, "main10"),
        ("420", 12, "main12"),
        ("400", 8, "monochrome"),
        ("400", 10, "monochrome12"),
        ("422", 8, "main_422_10"),
        ("444", 10, "main_444_10"),
    ],
)
def test_the_command_of_hm(chroma: str, depth: int, profile: str) -> None:
    words = hm.encoder_command("p", job("hevc", format=SMALL.but(chroma=chroma, bit_depth=depth)))
    assert {f"--Profile={profile}", f"--InternalBitDepth={depth}", f"--InputChromaFormat={chroma}"} <= set(words)
    assert {"--FrameRate=30", "--TargetBitrate=20000000", "--QP=29"} <= set(words)


@pytest.mark.parametrize(
    ("width", "height", "level"),
    [(64, 64, "4.1"), (1920, 1088, "4.1"), (3840, 2160, "5.2"), (64, 8000, "5.2"), (8192, 4320, "6.2")],
)
def test_levels(width: int, height: int, level: str) -> None:
    words = vtm.encoder_command("p", job("vvc", format=PictureFormat(width, height)))
    assert f"--Level={level}" in words


@pytest.mark.parametrize(
    ("structure", "period", "idr"), [("intra", None, 1), ("lowdelay", None, 0), ("lowdelay", 7, 7)]
)
def test_the_command_of_jm(structure: str, period: int | None, idr: int) -> None:
    words = jm.encoder_command("p", job("avc", structure=structure, intra_period=period))
    values = dict(word.split("=") for word in words if "=" in word)
    assert values["IDRPeriod"] == values["IntraPeriod"] == str(idr)
    assert (values["QPISlice"], values["QPPSlice"], values["NumberBFrames"]) == ("29", "29", "0")
    assert (values["YUVFormat"], values["SourceBitDepthLuma"], values["ProfileIDC"]) == ("1", "8", "100")
    assert (values["VUI_num_units_in_tick"], values["VUI_time_scale"]) == ("1001", "60000")
    assert words[1:3] == ["-d", "/c/a.cfg"]


@pytest.mark.parametrize(
    ("chroma", "depth", "idc"), [("420", 8, 100), ("420", 10, 110), ("422", 8, 122), ("444", 8, 244), ("420", 12, 244)]
)
def test_profiles_of_jm(chroma: str, depth: int, idc: int) -> None:
    assert jm.profile_idc(SMALL.but(chroma=chroma, bit_depth=depth)) == idc


def test_the_commands_of_x265_and_x264() -> None:
    intra, low = job("hevc"), job("hevc", structure="lowdelay", intra_period=7)
    words = " ".join(x265.encoder_command("p", intra))
    assert "--qp 29 --keyint 1 --ipratio 1" in words
    assert "--ctu 32" in words
    assert "--colormatrix smpte170m --range full --chromaloc 2" in words
    words = " ".join(x265.encoder_command("p", low))
    assert "--keyint 7 --bframes 0 --min-keyint 7" in words
    words = " ".join(x264.encoder_command("p", replace(intra, settings=replace(intra.settings, codec="avc"))))
    assert "--qp 29 --keyint 1 --ipratio 1" in words
    assert words.endswith("--more in.yuv")


# Log lines.


@pytest.mark.parametrize(
    ("parse", "line", "values"),
    [
        (
            vtm.jvet.picture_of,
            "POC    2 LId:  0 TId: 0 ( TRAIL, B-SLICE, QP 39 )        112 bits [Y 36.3730 dB    U 38.4251 dB    "
            "V 36.2207 dB] [ET     0 ] [L0 1 0] [L1 1c 0]",
            (2, "B", 39, 112, (36.373, 38.4251, 36.2207)),
        ),
        (
            vtm.jvet.picture_of,
            "POC    0 TId: 0 ( I-SLICE, nQP 31 QP 32 )       3896 bits [Y inf dB    U 37.6106 dB    V 36.8012 dB]",
            (0, "I", 32, 3896, (float("inf"), 37.6106, 36.8012)),
        ),
        (vtm.jvet.picture_of, "POC    1 TId: 0 ( b-SLICE, QP 40 ) [DT  0.000] [L0 0 ]", (1, "B", 40, None, ())),
        (vtm.jvet.picture_of, "POC    1 TId: 0 ( B-SLICE, QP  5 ) [DT  0.000] [L0 0 ]", (1, "B", 5, None, ())),
        (vtm.jvet.picture_of, "POC    0 TId: 0 ( I-SLICE, QP-12 ) [DT  0.000] [L0 ]", (0, "I", -12, None, ())),
    ],
)
def test_log_lines(parse, line: str, values: tuple) -> None:
    picture = parse(line)
    assert (picture.number, picture.kind, picture.qp, picture.bits, picture.psnr) == values


@pytest.mark.parametrize("line", ["", "POC", "00000(NVB)     312 ", "TOOL CFG: IBD:0", "Error: POC 3 is odd"])
def test_other_log_lines(line: str) -> None:
    assert vtm.jvet.picture_of(line) is None
    assert jm._CODED.match(line) is None


def test_a_log_keeps_repeated_lines_once() -> None:
    log = Log()
    for line in ("a", "b", "b", "b", "", "", "c"):
        log.add(line)
    assert log.lines == ["a", "b", "(and 2 more like this)", "", "", "c"]
    for _ in range(1000):
        log.add("error")
    with pytest.raises(ProgramError, match="same line over and over"):
        log.add("error")
    assert len(log.lines) < 20


# Running.


def test_all_of_the_log_is_in_the_error_and_its_end_in_the_text(tmp_path: Path) -> None:
    program = "import sys\nfor i in range(40): print(i, file=(sys.stdout, sys.stderr)[i % 2], flush=True)\nsys.exit(3)"
    with pytest.raises(ProgramError, match="the tool failed with exit status 3; the last lines it wrote:") as caught:
        execute([sys.executable, "-c", program], tmp_path, "the tool", 20)
    assert caught.value.log == tuple(map(str, range(40)))
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [str(i) for i in range(28, 40)]


def test_what_was_said_of_an_error_early_is_in_the_text_too() -> None:
    log = ["start", "cannot open a.yuv", *(f"line {i}" for i in range(30))]
    assert [line.strip() for line in str(ProgramError("it failed", log)).splitlines()] == [
        "it failed; the last lines it wrote:",
        "cannot open a.yuv",
        "...",
        *(f"line {i}" for i in range(18, 30)),
    ]


def test_a_program_that_vanishes(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="cannot start /no/such"):
        execute(["/no/such"], tmp_path, "the tool", 20)


def test_a_flood_ends_the_program(tmp_path: Path, children) -> None:
    with pytest.raises(ProgramError, match="over and over"):
        execute([str(shutil.which("yes")), "error"], tmp_path, "the tool", 20)
    assert not children()


def test_a_program_that_hangs_is_ended(script, clip, folder: Path, tmp_path: Path, children) -> None:
    path = script("VVCSoftware: VTM Encoder Version 24.0", "echo started; sleep 70 & sleep 71")
    began = time.monotonic()
    settings = EncodeSettings(codec="vvc", timeout=2)
    with pytest.raises(ProgramError, match=r"VTM encoder kept us waiting for more than 2 s(.|\n)*started"):
        vtm_bridge.get_encoder("vtm", program=path).encode(clip(SMALL, 1), tmp_path / "a.266", settings)
    path = script("VVCSoftware: VTM Decoder Version 24.0", "echo started; sleep 72")
    with pytest.raises(ProgramError, match="VTM decoder kept us waiting"):
        list(vtm_bridge.get_decoder("vtm", program=path).decode(b"\0\0\1\0\x79" + bytes(50), "vvc", timeout=0.4))
    assert time.monotonic() - began < 60
    assert not (tmp_path / "a.266").exists()
    assert not children()
    everyone = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert not {"sleep 70", "sleep 71", "sleep 72"} & set(everyone.splitlines())


def test_a_banner_that_never_comes(script, monkeypatch: pytest.MonkeyPatch, children) -> None:
    monkeypatch.setattr("vtm_bridge.programs.program.BANNER_TIMEOUT", 0.3)
    path = script("", "exit 0", ask="--never")
    Path(path).write_text("#!/bin/sh\nsleep 73\n")
    with pytest.raises(ToolError, match=r"does not say that it is a HM decoder; program kept us waiting for more than"):
        vtm_bridge.get_decoder("hm", program=path)
    assert not children()
    Path(path).write_text("#!/bin/sh\nkill -SEGV $$\n")
    with pytest.raises(ToolError, match=r"is a HM decoder; program was ended by signal SIGSEGV$"):
        vtm_bridge.get_decoder("hm", program=path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 0", "took 1 picture but coded 0"),
        ("echo 'POC 0 ( I-SLICE, QP 32 ) 800 bits'", "wrote 0 bytes of a stream of 100: is the disk full"),
        ("echo 'POC 0 ( I-SLICE, QP 32 ) 800 bits'; echo short > out.bin", "wrote 6 bytes of a stream of 100"),
        ("echo 'POC 0 ( I-SLICE, QP 32 ) 800 bits [Y 1x dB U 1.2.3 dB V - dB]'; mkdir out.bin", "wrote 0 bytes"),
        ("kill -SEGV $$", "HM encoder was ended by signal SIGSEGV"),
    ],
)
def test_an_encoder_that_does_half_its_work(body: str, words: str, script, clip, folder, tmp_path: Path) -> None:
    encoder = vtm_bridge.get_encoder("hm", program=script("HM software: Encoder Version [18.0]", body))
    with pytest.raises(ProgramError, match=words):
        encoder.encode(clip(SMALL, 1), tmp_path / "a.265", EncodeSettings(codec="hevc"))
    assert not (tmp_path / "a.265").exists()
    assert not list(tmp_path.glob(".*.part"))


# What is asked for.


@pytest.mark.parametrize(
    ("format", "more", "words"),
    [
        (SMALL.but(width=65), {}, "width = 65.*even numbers with chroma 420"),
        (SMALL.but(height=47), {}, "height = 47"),
        (SMALL.but(bit_depth=16), {}, "bit_depth = 16.*allowed: 8, 9, 10, 12"),
        (SMALL, {"codec": "hevc"}, "codec = hevc.*allowed: vvc"),
        (SMALL, {"structure": "randomaccess"}, "structure = randomaccess.*allowed: intra, lowdelay"),
    ],
)
def test_what_cannot_be_coded_is_said(format: PictureFormat, more: dict, words: str, script, clip) -> None:
    encoder = vtm_bridge.get_encoder("vtm", program=script("VTM Encoder Version 24.0", "exit 0"))
    with pytest.raises(GfvError, match=words):
        encoder.encode(clip(format, 1), io.BytesIO(), EncodeSettings(**{"codec": "vvc", **more}))
    with pytest.raises(GfvError, match="no picture to encode"):
        encoder.encode([], io.BytesIO(), EncodeSettings(codec="vvc"))


@pytest.mark.parametrize(
    ("format", "words"),
    [
        (SMALL.but(width=8), "width = 8.*16 or more"),
        (SMALL.but(bit_depth=10, width=72), "width = 72.*multiples of 16 above 8 bits"),
        (SMALL.but(bit_depth=10, chroma="400"), "chroma = 400.*above 8 bits"),
    ],
)
def test_what_lencod_gets_wrong_is_refused(format: PictureFormat, words: str, script) -> None:
    encoder = vtm_bridge.get_encoder("jm", program=script("JM-19.1", "exit 0", ask="-v"))
    with pytest.raises(GfvError, match=words):
        encoder.require(format)


def test_there_is_no_picture_hash_in_avc(script) -> None:
    with pytest.raises(GfvError, match="picture_hash = True"):
        vtm_bridge.get_encoder("jm", program=script("JM-19.1", "exit 0", ask="-v"), picture_hash=True)


def test_a_decoder_refuses_other_codecs(script, folder: Path) -> None:
    decoder = vtm_bridge.get_decoder("hm", program=script("HM software: Decoder Version [18.0]", "exit 0"))
    avc = b"\0\0\0\1\x67\x64\0\x0a" + bytes(20) + b"\0\0\0\1\x68\xee"
    with pytest.raises(GfvError, match=r"codec = avc.*allowed: hevc"):
        list(decoder.decode(avc))
    with pytest.raises(GfvError, match=r"codec = vvc"):
        list(decoder.decode(avc, "vvc"))
    with pytest.raises(ToolError, match="the stream is empty"):
        list(decoder.decode(b"", "hevc"))
    with pytest.raises(GfvError, match="there is no file /no/such"):
        list(decoder.decode("/no/such"))
    assert vtm_bridge.get_decoder("hm", program=decoder.program).codecs == ("hevc",)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (":", "VTM decoder decoded 1 picture but wrote none"),
        ("mkdir out.y4m", "VTM decoder decoded 1 picture but wrote none"),
        ("head -c 9999 /dev/zero > out.y4m", r"^VTM 24\.0 wrote no Y4M file, which we need; 24\.0 can"),
        ("printf 'YUV4MPEG2 W9999999 H9 F25:1 C420jpeg\nFRAME\n' > out.y4m", "cannot be read: width = 9999999"),
        ("printf 'YUV4MPEG2 W64 H64 F25:1 C420jpeg\nFRAME\nabc' > out.y4m", "cannot be read: .*6141 of 6144 bytes"),
    ],
)
def test_a_decoder_that_does_half_its_work(output: str, words: str, script, folder: Path) -> None:
    body = f"echo 'POC 0 LId: 0 TId: 0 ( IDR_N_LP, I-SLICE, QP  5 ) [DT 0]'; {output}"
    decoder = vtm_bridge.get_decoder("vtm", program=script("VVCSoftware: VTM Decoder Version 24.0", body))
    with pytest.raises(ProgramError, match=words) as caught:
        list(decoder.decode(b"\0\0\1\0\x79" + bytes(50), "vvc"))
    assert str(caught.value).count("last lines") == 1
