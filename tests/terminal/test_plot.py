"""gfv plot: the numbers that are drawn are those of the stream, and the same stream gives the same file."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import suppress
from math import isnan
from pathlib import Path

import pytest
from click.testing import CliRunner
from streams.records import face_records, injected, read
from unit.vectors import FOLDER

from gfv_sei.cli import main
from gfv_sei.errors import GfvError
from gfv_sei.plot.series import MOST_POINTS, read_series

Base = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., bytes]:
    """What plot makes of a stream, in this process: loading matplotlib takes longer than drawing."""
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")

    def run(stream: Path, ending: str = "png", *words: str) -> bytes:
        out = tmp_path / f"out.{ending}"
        done = CliRunner().invoke(main, ["plot", str(stream), "-o", str(out), *words])
        assert (done.exit_code, done.stdout) == (0, ""), done.stderr
        return out.read_bytes()

    return run


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_a_name_that_is_no_text(faces: Callable[..., Path], drawn: Callable[..., bytes], tmp_path: Path) -> None:
    odd = tmp_path / "face\udcff\n$x^{$.bit"
    odd.write_bytes(faces().read_bytes())
    assert drawn(odd, "svg").count(b"face\\udcff\\n$x^{$.bit") == 1


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_the_numbers(codec: str, faces: Callable[..., Path]) -> None:
    stream = faces(codec)
    series = read_series(stream)
    records = read(stream, order=True)
    ours = [r for r in records if r["payload_type"] == 223]
    in_order = sorted(ours, key=lambda r: (r["display"], r["message"]["gfv_cnt"]))
    for point, axis in ((0, "x"), (0, "y"), (1, "x"), (1, "y")):
        known = [value for value in series.points[point, axis] if not isnan(value)]
        assert known == [r["values"]["coordinates"][point]["xy".index(axis)] for r in in_order]
    assert sum(series.sei_bits) == sum(8 * r["payload_size"] for r in records)
    assert sum(series.coded_bits) + sum(series.sei_bits) == 8 * stream.stat().st_size
    (base,) = series.bases
    assert series.points[0, "x"][base] == ours[0]["values"]["coordinates"][0][0]
    assert (base == 0) == (ours[0]["display"] == 0)
    assert set(series.matrices) == {7}
    assert set(series.pupils) == {"left x", "left y", "right x", "right y"}
    # A coded picture for each access unit, and behind those with messages one generated picture.
    assert series.pictures == sum(1 for bits in series.coded_bits if bits) + 4


def test_a_part_of_the_access_units(faces: Callable[..., Path]) -> None:
    series = read_series(faces("hevc"), access_units={1, 2})
    assert series.pictures == 4
    assert len([value for value in series.points[0, "x"] if not isnan(value)]) == 4


def test_one_of_several_faces(base: Base, gfv: Run, tmp_path: Path) -> None:
    others = [
        {**r, "gfv_id": 9, "gfv_cnt": 0} for r in face_records(2) if r["payload_type"] == 223 and not r["gfv_cnt"]
    ]
    stream = tmp_path / "in.bit"
    stream.write_bytes(injected(base("avc"), [*face_records(2), *others]))
    assert (read_series(stream).gfv_id, read_series(stream).other_ids) == (3, [9])
    series = read_series(stream, 9)
    assert (series.gfv_id, series.other_ids, len(series.points)) == (9, [3], 4)
    assert sum(series.sei_bits) == sum(8 * r["payload_size"] for r in read(stream))
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    done = gfv("plot", stream, "-o", tmp_path / "out.png")
    assert done.stderr == b"gfv: gfv_id 3 is drawn; the stream has 1 other; --id chooses\n"
    assert gfv("plot", stream, "-o", tmp_path / "out.png", "--id", "9").stderr == b""


def test_many_keypoints_are_drawn_in_part(base: Base) -> None:
    record = face_records(1)[0]
    record["values"]["coordinates"] = [[n / 4096, -n / 4096] for n in range(500)]
    series = read_series(injected(base("vvc"), [record]))
    assert series.num_points == 500
    assert len(series.points) == 2 * MOST_POINTS


def test_what_has_nothing_to_plot(base: Base, faces: Callable[..., Path]) -> None:
    with pytest.raises(GfvError, match="there is no GFV message to plot"):
        read_series(base("hevc"))
    with pytest.raises(GfvError, match="no message of gfv_id 77"):
        read_series(faces("hevc"), 77)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_file_every_time(ending: str, faces: Callable[..., Path], drawn: Callable[..., bytes]) -> None:
    first = drawn(faces(), ending)
    assert first == drawn(faces(), ending)
    assert first != drawn(faces("hevc"), ending)


def test_configuration_of_the_user_does_not_matter(
    faces: Callable[..., Path], drawn: Callable[..., bytes], gfv: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own, which reads it; and so do two processes draw the same."""
    (tmp_path / "matplotlibrc").write_text("font.size: 20\nlines.linewidth: 9\n")
    monkeypatch.chdir(tmp_path)
    assert gfv("plot", faces(), "-o", "-", cwd=tmp_path).stdout == drawn(faces())


def test_files(faces: Callable[..., Path], drawn: Callable[..., bytes], gfv: Run) -> None:
    png = drawn(faces())
    assert png.startswith(b"\x89PNG\r\n")
    svg = drawn(faces(), "SVG")
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert gfv("plot", "-", "-o", "-", "--format", "svg", stdin=faces().read_bytes()).stdout[:5] == svg[:5]
    assert b"<dc:date>" not in svg


def test_names_are_no_formulas(base: Base, drawn: Callable[..., bytes], tmp_path: Path) -> None:
    stream = tmp_path / "$\\frac{$ & <b>.bit"
    stream.write_bytes(injected(base("avc"), face_records(1)))
    ET.fromstring(drawn(stream, "svg"))


def test_streams_of_the_reference_encoder(drawn: Callable[..., bytes]) -> None:
    streams = sorted((FOLDER / "vtm24-bitstreams").glob("*.bit"))
    if not streams:
        pytest.skip(f"the reference vectors are not here: no {FOLDER}")
    for stream in streams[::8]:
        assert drawn(stream).startswith(b"\x89PNG")


def test_without_matplotlib(faces: Callable[..., Path], tmp_path: Path) -> None:
    """Whoever has not installed the extra is told its name."""
    program = (
        "import sys; sys.modules['matplotlib'] = None; from gfv_sei.cli import main; "
        f"sys.argv = ['gfv', 'plot', {str(faces())!r}, '-o', {str(tmp_path / 'out.png')!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "gfv: gfv plot needs matplotlib: in a clone of gfv, pip install -e '.[plot]'\n"
    assert not list(tmp_path.iterdir())


def test_bad_input(base: Base, gfv: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    (tmp_path / "bad").write_bytes(b"no stream")
    (tmp_path / "plain").write_bytes(base("avc"))
    (tmp_path / "good").write_bytes(injected(base("avc"), face_records(1)))
    for words in (
        ["bad", "-o", "x.png"],
        ["plain", "-o", "x.png"],
        ["missing", "-o", "x.png"],
        ["good", "-o", "no/x.png"],
    ):
        done = gfv("plot", *words, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1), words
        assert b"Traceback" not in done.stderr
    assert not (tmp_path / "x.png").exists()
    whole = (tmp_path / "good").read_bytes()
    for cut in range(len(whole) // 2, len(whole), 50):
        with suppress(GfvError):
            assert read_series(whole[:cut]).pictures


@pytest.mark.parametrize("words", [["-o", "x.pdf"], ["-o", "x"], [], ["-o", "x.png", "--au", "z"]], ids=str)
def test_wrong_usage(words: list[str], faces: Callable[..., Path], gfv: Run, tmp_path: Path) -> None:
    done = gfv("plot", faces(), *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert not list(tmp_path.iterdir())
