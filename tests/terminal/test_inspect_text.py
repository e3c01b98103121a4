"""The text of inspect: a summary first, 100 columns, colour on a terminal alone, and the options that choose."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from streams.records import face_records, injected, read

Run = Callable[..., subprocess.CompletedProcess[bytes]]
CODECS = ("vvc", "hevc", "avc")
LONG_URI = "https://example.org/" + "face/" * 100


def shown(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("codec", CODECS)
def test_the_summary_comes_first(codec: str, faces: Callable[..., Path], gfv: Run) -> None:
    text = shown(gfv("inspect", faces(codec)))
    summary, _, messages = text.partition("\n\n")
    records = read(faces(codec))
    assert summary.startswith(f"{codec.upper()}: ")
    assert f"{faces(codec).stat().st_size} bytes" in summary.splitlines()[0]
    assert "GFV syntax: vsei4" in summary
    bits = {kind: sum(8 * r["payload_size"] for r in records if r["payload_type"] == kind) for kind in (223, 224)}
    assert re.search(rf"8 messages of gfv_id 3 +{bits[223]} bits  gfv_cnt 0 to 1\n", summary)
    assert re.search(rf"4 messages of gfve_id 0 for gfv_id 3 +{bits[224]} bits  gfv_cnt 0\n", summary)
    assert f"GFV and GFVE payloads: {sum(bits.values())} bits" in summary
    assert summary.endswith("findings: none")
    assert messages.startswith("au 0  nal ")
    assert messages.count("\nau ") + 1 == len(read(faces(codec), payload_types=None))


def test_findings_are_counted(base: Callable[[str], bytes], gfv: Run) -> None:
    stream = injected(base("hevc"), [*face_records(1), {"au": 1, "payload_type": 223, "payload_hex": "ff"}])
    done = gfv("inspect", "-", stdin=stream)
    assert done.returncode == 1
    validated = json.loads(gfv("validate", "--json", "-", "--syntax", "vsei4", stdin=stream).stdout)
    assert f"findings: {validated['counts']['error']} error".encode() in done.stdout
    assert b"gfv validate says which" in done.stdout
    assert b"cannot be read: " in done.stdout
    assert done.stderr == b"gfv: 1 SEI message could not be read\n"


def test_it_fits_100_columns(base: Callable[[str], bytes], gfv: Run) -> None:
    records = face_records(2)
    records[0] |= {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 1, "gfv_nn_uri": LONG_URI, "gfv_nn_tag_uri": "tag:x"}
    records[0]["values"]["coordinates"] = [[0.123456789, -0.987654321]] * 60
    records[1]["values"]["coordinates"] = [[0.123456789, -0.987654321]] * 60
    stream = injected(base("vvc"), records[:3])
    text = shown(gfv("inspect", "--explain", "-", stdin=stream))
    assert max(map(len, text.splitlines())) <= 100
    assert "".join(line.strip() for line in text.splitlines()).count("face/") == 100


@pytest.mark.parametrize(
    "words",
    [["inspect"], ["inspect", "--format", "trace"], ["validate"], ["models", "signalled"]],
    ids=" ".join,
)
def test_nothing_of_a_stream_reaches_the_terminal_unescaped(
    words: list[str], base: Callable[[str], bytes], on_terminal: Callable[..., str], tmp_path: Path
) -> None:
    records = face_records(1)[:1]
    records[0] |= {
        "gfv_nn_present_flag": 1,
        "gfv_nn_mode_idc": 1,
        "gfv_nn_uri": "\x1b]0;title\x07",
        "gfv_nn_tag_uri": "",
    }
    name = tmp_path / "in\x1b]0;of the file\x07.bit"
    name.write_bytes(injected(base("avc"), records))
    text = re.sub(r"\x1b\[\d+m", "", on_terminal(*words, name))
    assert "title" in text
    assert text.replace("\n", "").isprintable()


def test_colour_is_for_terminals(faces: Callable[..., Path], gfv: Run, on_terminal: Callable[..., str]) -> None:
    plain = shown(gfv("inspect", faces()))
    assert "\x1b" not in plain
    coloured = on_terminal("inspect", faces())
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert on_terminal("inspect", faces(), NO_COLOR="1") == plain
    assert on_terminal("inspect", faces(), TERM="dumb") == plain
    assert on_terminal("inspect", faces(), NO_COLOR="") == coloured
    machine = shown(gfv("inspect", "--format", "trace", faces()))
    assert on_terminal("inspect", "--format", "trace", faces()) == machine


def test_limit(faces: Callable[..., Path], gfv: Run) -> None:
    whole, some, none = (shown(gfv("inspect", faces(), *words)) for words in ([], ["--limit", "2"], ["--limit", "0"]))
    summary = whole.partition("\n\n")[0]
    assert some.partition("\n\n")[0] == summary
    assert some.count("generative_face_video (223)") == 2
    assert some.endswith(".. and 10 more messages, left out by --limit\n")
    assert none == f"{summary}\n.. and 12 more messages, left out by --limit\n"
    document = json.loads(shown(gfv("inspect", faces(), "--limit", "3", "--format", "json")))
    full = json.loads(shown(gfv("inspect", faces(), "--format", "json")))
    assert document == {"messages": full["messages"][:3], "summary": full["summary"]}


@pytest.mark.parametrize(
    ("ranges", "wanted"),
    [("0", {0}), ("1-2", {1, 2}), ("2-", {2, 3}), ("-1", {0, 1}), ("0, 3", {0, 3}), ("0,1-2,3-99", {0, 1, 2, 3})],
)
def test_access_units(ranges: str, wanted: set[int], faces: Callable[..., Path], gfv: Run) -> None:
    found = json.loads(shown(gfv("inspect", faces("hevc"), "--au", ranges, "--format", "json")))["messages"]
    whole = json.loads(shown(gfv("inspect", faces("hevc"), "--format", "json")))["messages"]
    assert found == [record for record in whole if record["au"] in wanted]
    trace = shown(gfv("inspect", faces("hevc"), "--au", ranges, "--format", "trace"))
    assert {int(number) for number in re.findall(r"^au (\d+)", trace, re.M)} == wanted


def test_one_identifier(base: Callable[[str], bytes], gfv: Run) -> None:
    others = [{**record, "gfv_id": 9} for record in face_records(2) if record["payload_type"] == 223]
    stream = injected(base("vvc"), [*face_records(2), *others, {"au": 1, "payload_type": 223, "payload_hex": "ff"}])
    for output_format in ("json", "trace", "text"):
        done = gfv("inspect", "-", "--id", "9", "--format", output_format, stdin=stream)
        assert b"gfve_gfv_id" not in done.stdout
        if output_format == "json":
            assert {r["message"]["gfv_id"] for r in json.loads(done.stdout)["messages"]} == {9}
        else:
            assert done.stdout.count(b"generative_face_video (223)") == len(others)
    enhanced = gfv("inspect", "-", "--id", "3", "--format", "json", stdin=stream)
    assert len(json.loads(enhanced.stdout)["messages"]) == len(face_records(2))


@pytest.mark.parametrize(
    "words",
    [
        ["--au", "x"],
        ["--au", ""],
        ["--au", "-"],
        ["--au", "7-3"],
        ["--au", "1,,2"],
        ["--au", "1-2-3"],
        ["--au", "\u0663"],
        ["--id", "-1"],
        ["--limit", "-1"],
        ["--limit", "many"],
    ],
    ids=" ".join,
)
def test_wrong_values(words: list[str], faces: Callable[..., Path], gfv: Run) -> None:
    done = gfv("inspect", faces(), *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"Error: Invalid value for '{words[0]}'".encode() in done.stderr


@pytest.mark.parametrize(
    ("words", "formats"),
    [
        (["-o", "page.html"], "html"),
        (["--open"], "html"),
        (["--pictures", "48"], "html"),
        (["--generator", "warp", "--format", "json"], "html"),
        (["--decoder", "vtm", "--format", "trace"], "html"),
        (["--bits"], "trace"),
        (["--explain", "--format", "json"], "text"),
        (["--au", "0", "--format", "html", "--open"], "text or json or trace"),
        (["--id", "0", "--format", "html", "--open"], "text or json or trace"),
        (["--limit", "0", "--format", "html", "--open"], "text or json or trace"),
    ],
    ids=" ".join,
)
def test_an_option_that_the_format_would_not_hear(
    words: list[str], formats: str, faces: Callable[..., Path], gfv: Run
) -> None:
    done = gfv("inspect", faces(), *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f" is for --format {formats}\n".encode() in done.stderr
