"""Bad input on the command line: exit status 1, one line that says why, nothing written over, nothing left behind."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from streams.records import face_records

Clip = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]

COMMANDS = {
    "inspect": ["inspect", "IN"],
    "inspect json": ["inspect", "--format", "json", "IN"],
    "inspect trace": ["inspect", "--format", "trace", "IN"],
    "extract": ["extract", "IN", "-o", "OUT"],
    "extract told": ["extract", "IN", "--syntax", "draft-b", "-o", "OUT"],
    "inject": ["inject", "IN", "PARAMS", "-o", "OUT"],
    "remove": ["remove", "IN", "-o", "OUT"],
    "validate": ["validate", "IN"],
    "validate json": ["validate", "--json", "IN"],
}
WRITING = ["extract", "extract told", "inject", "remove"]

BAD: dict[str, bytes] = {
    "an empty file": b"",
    "one byte": b"\0",
    "random bytes": Random(1).randbytes(5000),
    "text": b"no video\n" * 100,
    "zeros": bytes(5000),
}


@pytest.fixture
def place(tmp_path: Path, clip: Clip) -> Path:
    (tmp_path / "good.bit").write_bytes(clip("hevc-plain"))
    (tmp_path / "out").write_bytes(b"what was there before")
    (tmp_path / "params.jsonl").write_text("".join(json.dumps(record) + "\n" for record in face_records(2)))
    return tmp_path


def words(command: list[str], source: Path | str, out: Path | str, params: Path | str) -> list[str]:
    stands_for = {"IN": str(source), "OUT": str(out), "PARAMS": str(params)}
    return [stands_for.get(word, word) for word in command]


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line that a failed command wrote."""
    assert done.returncode == 1, (done.stdout, done.stderr)
    text = done.stderr.decode()
    assert "Traceback" not in text
    assert text.startswith("gfv: ")
    assert text.count("\n") == 1, text
    assert text[:-1].isprintable()
    return text


def untouched(place: Path, more: tuple[str, ...] = ()) -> None:
    assert (place / "out").read_bytes() == b"what was there before"
    assert sorted(file.name for file in place.iterdir()) == sorted(("good.bit", "out", "params.jsonl", *more))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("what", BAD)
def test_what_is_no_stream(command: str, what: str, place: Path, gfv: Run) -> None:
    bad = place / "bad"
    bad.write_bytes(BAD[what])
    done = gfv(*words(COMMANDS[command], bad, place / "out", place / "params.jsonl"))
    refused(done)
    assert done.stdout == b""
    untouched(place, ("bad",))
    refused(gfv(*words(COMMANDS[command], "-", place / "out", place / "params.jsonl"), stdin=BAD[what]))
    untouched(place, ("bad",))


@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_opened(command: str, place: Path, gfv: Run) -> None:
    for path in (place, place / "missing", place / "good.bit" / "below"):
        text = refused(gfv(*words(COMMANDS[command], path, place / "out", place / "params.jsonl")))
        assert "cannot" in text
        untouched(place)


@pytest.mark.parametrize("command", WRITING)
def test_what_cannot_be_written(command: str, place: Path, gfv: Run) -> None:
    for out in (place, place / "missing" / "out", place / "good.bit" / "out"):
        text = refused(gfv(*words(COMMANDS[command], place / "good.bit", out, place / "params.jsonl")))
        assert str(out) in text
        untouched(place)


GOOD = json.dumps(face_records(1)[0]).encode()
BAD_PARAMS: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{not json}\n", "line 1"),
    "a line cut off": (GOOD + b"\n" + GOOD[:-20], "line 2"),
    "not UTF-8": (GOOD + b"\n\xff\xfe{}\n", "line 2"),
    "a list": (b"[]\n", "line 1"),
    "a number": (GOOD + b"\n\n7\n", "line 3"),
    "nothing in it": (b"{}\n", "access unit"),
    "deeply nested": (b"[" * 100000 + b"\n", "line 1"),
    "no type": (b'{"au": 0}\n', "payload_type"),
    "no content": (b'{"au": 0, "payload_type": 223}\n', "message, values or payload_hex"),
    "bad hex": (b'{"au": 0, "payload_type": 5, "payload_hex": "xyz"}\n', "payload_hex"),
    "a late access unit": (b'{"au": 99, "payload_type": 5, "payload_hex": ""}\n', "99"),
    "the wrong order": (
        b'{"au": 2, "payload_type": 5, "payload_hex": ""}\n{"au": 1, "payload_type": 5, "payload_hex": ""}\n',
        "order",
    ),
    "an au that is text": (b'{"au": "0", "payload_type": 5, "payload_hex": ""}\n', "au"),
    "an au below 0": (b'{"au": -1, "payload_type": 5, "payload_hex": ""}\n', "au"),
    "a value that is no number": (GOOD.replace(b"0.5", b"NaN", 1) + b"\n", "coordinates"),
    "a float for a flag": (
        b'{"au": 0, "payload_type": 224, "message": {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": 1,'
        b' "gfve_matrix_present_flag": 0.0, "gfve_pupil_coordinate_present_idx": 0}}\n',
        "gfve_matrix_present_flag",
    ),
    "an element out of range": (
        b'{"au": 0, "payload_type": 224, "message": {"gfve_id": 4294967295, "gfve_gfv_id": 0, "gfve_gfv_cnt": 1,'
        b' "gfve_matrix_present_flag": 0, "gfve_pupil_coordinate_present_idx": 0}}\n',
        "gfve_id = 4294967295",
    ),
    "another layer": (
        b'{"au": 0, "layer_id": 3, "payload_type": 5, "payload_hex": ""}\n',
        "record 0, access unit 0: layer",
    ),
}


@pytest.mark.parametrize("what", BAD_PARAMS)
def test_records_that_are_none(what: str, place: Path, gfv: Run) -> None:
    text, reason = BAD_PARAMS[what]
    (place / "params.jsonl").write_bytes(text)
    done = gfv("inject", place / "good.bit", place / "params.jsonl", "-o", place / "out")
    assert reason in refused(done)
    untouched(place)
    assert reason in refused(gfv("inject", place / "good.bit", "-", "-o", place / "out", stdin=text))
    untouched(place)


def test_params_that_cannot_be_opened(place: Path, gfv: Run) -> None:
    for params in (place / "missing", place):
        refused(gfv("inject", place / "good.bit", params, "-o", place / "out"))
        untouched(place)


def test_a_file_that_is_replaced_keeps_its_permissions(place: Path, gfv: Run) -> None:
    (place / "out").chmod(0o640)
    assert gfv("remove", place / "good.bit", "-o", place / "out").returncode == 0
    assert (place / "out").stat().st_mode & 0o777 == 0o640


WRONG_USAGE = [
    ["no-such-command"],
    ["--no-such-option"],
    ["extract"],
    ["extract", "good.bit"],
    ["extract", "good.bit", "-o"],
    ["extract", "good.bit", "-o", "x", "--syntax", "draft-z"],
    ["inject", "good.bit", "-o", "x"],
    ["inject", "good.bit", "params.jsonl", "-o", "x", "--nal", "middle"],
    ["inject", "good.bit", "params.jsonl", "-o", "x", "--compat", "vvdec"],
    ["inject", "-", "-", "-o", "x"],
    ["remove", "good.bit", "-o", "x", "--payload-type", "-1"],
    ["remove", "good.bit", "-o", "x", "--payload-type", "y"],
    ["inspect", "good.bit", "--format", "xml"],
    ["validate"],
    ["payload", "decode", "--payload-type", "222", "00"],
    ["payload", "encode", "--syntax", "auto", "{}"],
]


@pytest.mark.parametrize("usage", WRONG_USAGE, ids=" ".join)
def test_wrong_usage(usage: list[str], place: Path, gfv: Run) -> None:
    done = gfv(*usage, cwd=place)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Error: " in done.stderr
    assert b"Traceback" not in done.stderr
    untouched(place)


def test_help_of_every_command(gfv: Run) -> None:
    top = gfv("--help")
    assert top.returncode == 0
    sections = top.stdout.decode().partition("Show this message and exit.")[2]
    commands = [line.split()[0] for line in sections.splitlines() if line.startswith("  ")]
    assert {"inspect", "extract", "inject", "remove", "validate", "payload"} <= set(commands)
    for command in [[name] for name in commands] + [["payload", "decode"], ["payload", "encode"]]:
        for option in ("--help", "-h"):
            done = gfv(*command, option)
            assert done.returncode == 0, command
            assert done.stderr == b""
            assert done.stdout.startswith(b"Usage: gfv " + " ".join(command).encode())
    assert gfv("--version").stdout.startswith(b"gfv, version ")


@pytest.mark.parametrize(
    "command",
    [
        ["inject", "IN", "/dev/zero", "-o", "OUT"],
        ["payload", "encode", "/dev/zero"],
        ["payload", "decode", "/dev/zero"],
        ["vtm-cfg", "import", "/dev/zero", "-o", "OUT"],
        ["vtm-cfg", "export", "/dev/zero", "-o", "OUT"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
@pytest.mark.parametrize("room", [1 << 28, 1 << 33], ids=["little memory", "memory"])
def test_a_text_without_end(command: list[str], room: int, place: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (room, room))

    line = ["gfv", *words(command, place / "good.bit", place / "out", "")]
    text = refused(subprocess.run(line, capture_output=True, preexec_fn=limited, timeout=60))
    assert ("not enough memory" in text) == (room < 1 << 30)
    assert "too long" in text or room < 1 << 30
    assert (place / "out").read_bytes() == b"what was there before"


@pytest.mark.parametrize("name", ["a" * 255, "\u7af9" * 85])
def test_the_longest_names_can_be_written(name: str, place: Path, gfv: Run) -> None:
    done = gfv("remove", place / "good.bit", "-o", place / name)
    assert (done.returncode, (place / name).read_bytes()) == (0, (place / "good.bit").read_bytes())
