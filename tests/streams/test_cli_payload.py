"""gfv payload: one payload without a stream around it, as hex, as bytes, from files and from standard input."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import unit.hand_made_enhancements
import unit.hand_made_framing
import unit.hand_made_keypoints
import unit.hand_made_matrices  # noqa: F401  # each of the four fills FIXTURES
from unit.hand_made import FIXTURES

Run = Callable[..., subprocess.CompletedProcess[bytes]]

CHAIN = [FIXTURES[name] for name in ("base_absolute", "driving_predicted_vsei4", "further_vsei4")]
ENHANCING = [FIXTURES[name] for name in ("enhancement_base", "enhancement_driving", "enhancement_further")]


def messages(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["message"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("chain", [CHAIN, ENHANCING], ids=["223", "224"])
def test_decode_hex_on_the_command_line(chain: list, gfv: Run) -> None:
    number = str(chain[0].payload_type)
    done = gfv("payload", "decode", "--payload-type", number, *(one.hex for one in chain))
    assert messages(done) == [one.message for one in chain]
    assert [json.loads(line)["values"] for line in done.stdout.splitlines()] == [one.values for one in chain]


@pytest.mark.parametrize("points", [40, 400])
def test_hex_digits_that_are_longer_than_a_name_can_be(points: int, gfv: Run) -> None:
    """A file name ends at 255 bytes, a path at 4096; a message is often longer."""
    header = {"gfv_id": 1, "gfv_cnt": 0, "gfv_kps_pred_flag": 0, "gfv_coordinate_precision_factor_minus1": 15}
    record = header | {"values": {"coordinates": [[i / 1000, -i / 1000] for i in range(points)]}}
    payload = gfv("payload", "encode", json.dumps(record)).stdout.decode()
    assert len(payload) > {40: 255, 400: 4096}[points]
    for command in (("payload", "decode"), ("payload", "decode", "--format", "trace"), ("codify",)):
        done = gfv(*command, payload.strip())
        assert done.returncode == 0, done.stderr
        assert b"gfv_num_kps_minus1" in done.stdout or payload.strip().encode() in done.stdout


@pytest.mark.parametrize("write", ["{}", "0x{}", "{}\n", "{}\n\n", " {}"])
def test_decode_hex_from_standard_input_and_files(write: str, gfv: Run, tmp_path: Path) -> None:
    text = write.format(CHAIN[0].hex).encode()
    for words in ([], ["-"]):
        assert messages(gfv("payload", "decode", *words, stdin=text)) == [CHAIN[0].message]
    file = tmp_path / "payload.hex"
    file.write_bytes(text)
    assert messages(gfv("payload", "decode", file)) == [CHAIN[0].message]


def test_decode_bytes(gfv: Run, tmp_path: Path) -> None:
    file = tmp_path / "payload.bin"
    file.write_bytes(CHAIN[0].payload)
    assert messages(gfv("payload", "decode", file)) == [CHAIN[0].message]
    assert messages(gfv("payload", "decode", stdin=CHAIN[0].payload)) == [CHAIN[0].message]


@pytest.mark.parametrize("chain", [CHAIN, ENHANCING], ids=["223", "224"])
def test_encode_and_back(chain: list, gfv: Run, tmp_path: Path) -> None:
    number = str(chain[0].payload_type)
    texts = [json.dumps(one.message) for one in chain]
    done = gfv("payload", "encode", "--payload-type", number, *texts)
    assert done.stdout.decode().split() == [one.payload.hex() for one in chain]
    lines = gfv("payload", "encode", "--payload-type", number, stdin="\n".join(texts).encode())
    assert lines.stdout == done.stdout
    file = tmp_path / "messages.jsonl"
    file.write_text("\n".join(texts))
    assert gfv("payload", "encode", "--payload-type", number, file).stdout == done.stdout
    binary = gfv("payload", "encode", "--binary", "--payload-type", number, *texts)
    assert binary.stdout == b"".join(one.payload for one in chain)
    records = "\n".join(json.dumps({"payload_type": one.payload_type, "message": one.message}) for one in chain)
    assert gfv("payload", "encode", stdin=records.encode()).stdout == done.stdout


def test_encode_values(gfv: Run) -> None:
    record = {
        "gfv_id": 0,
        "gfv_cnt": 0,
        "gfv_low_confidence_face_parameter_flag": 1,
        "gfv_coordinate_precision_factor_minus1": 3,
        "gfv_kps_pred_flag": 0,
        "values": CHAIN[0].values,
    }
    assert gfv("payload", "encode", json.dumps(record)).stdout.decode().strip() == CHAIN[0].payload.hex()


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b", "draft-a"])
def test_every_syntax(syntax: str, gfv: Run) -> None:
    chosen = {"vsei4": "further_vsei4", "draft-b": "chroma_key_drafts", "draft-a": "affine_without_keypoints"}[syntax]
    one = FIXTURES[chosen]
    before = [FIXTURES[name] for name in one.after]
    payloads = [each.hex for each in (*before, one)]
    assert messages(gfv("payload", "decode", "--syntax", syntax, *payloads))[-1] == one.message
    done = gfv("payload", "encode", "--syntax", syntax, *(json.dumps(each.message) for each in (*before, one)))
    assert done.stdout.decode().split()[-1] == one.payload.hex()


def test_trace(gfv: Run) -> None:
    done = gfv("payload", "decode", "--format", "trace", CHAIN[0].hex)
    assert done.returncode == 0
    position = 0
    for line, (bits, name, value) in zip(done.stdout.decode().splitlines(), CHAIN[0].rows, strict=True):
        where, _, found_name, found_value, found_bits = line.split()
        assert (int(where), found_name, found_value, found_bits) == (position, name, str(value), bits)
        position += len(bits)


@pytest.mark.parametrize(
    "words",
    [
        ["decode", "zz"],
        ["decode", "e62"],
        ["decode", "e6"],
        ["decode", "no such file"],
        ["decode", "."],
        ["decode", ""],
        ["decode", "--payload-type", "224", "00"],
        ["encode", "{"],
        ["encode", "{}"],
        ["encode", "[1]"],
        ["encode", "no such file"],
        ["encode", '{"gfv_id": 1.5}'],
        ["encode", '{"payload_type": 1, "message": {}}'],
        ["encode", '{"values": {"coordinates": [[0, 0]]}}'],
        ["encode", '{"payload_hex": "0"}'],
    ],
    ids=" ".join,
)
def test_refusals(words: list[str], gfv: Run) -> None:
    done = gfv("payload", *words)
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert done.stdout == b""
    text = done.stderr.decode()
    assert text.startswith("gfv: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text


@pytest.mark.parametrize("text", [b"\xff\xfe", b"not json", b"[" * 100000, b'{"a":1}{"b":2}', b"null", b"NaN"])
def test_encode_rubbish_from_standard_input(text: bytes, gfv: Run) -> None:
    done = gfv("payload", "encode", stdin=text)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"not hex", b"e", b"e6 2", b"\0" * 100000])
def test_decode_rubbish_from_standard_input(text: bytes, gfv: Run) -> None:
    done = gfv("payload", "decode", stdin=text)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr


def test_an_error_says_which_payload_it_is_about(gfv: Run) -> None:
    done = gfv("payload", "decode", CHAIN[0].hex, "36d4")
    assert done.returncode == 1
    assert done.stderr.startswith(b"gfv: payload 1: bit ")
    assert gfv("payload", "decode", "36d4").stderr.startswith(b"gfv: bit ")


def test_an_odd_number_of_digits_is_told(gfv: Run) -> None:
    done = gfv("payload", "decode", "36d4d")
    assert done.returncode == 1
    assert done.stderr.endswith(b": 36d4d: its last byte lacks a digit\n")


@pytest.mark.parametrize("chain", [CHAIN, ENHANCING], ids=["223", "224"])
def test_what_encode_writes_decode_reads(chain: list, gfv: Run, tmp_path: Path) -> None:
    number = ["--payload-type", str(chain[0].payload_type)]
    written = gfv("payload", "encode", *number, stdin="\n".join(json.dumps(one.message) for one in chain).encode())
    assert written.stdout.count(b"\n") == len(chain) > 1
    assert messages(gfv("payload", "decode", *number, stdin=written.stdout)) == [one.message for one in chain]
    file = tmp_path / "payloads.hex"
    file.write_bytes(written.stdout.replace(b"\n", b"\r\n"))
    assert messages(gfv("payload", "decode", *number, file)) == [one.message for one in chain]


@pytest.mark.parametrize("width", [2, 4, 8])
def test_one_payload_on_several_lines(width: int, gfv: Run) -> None:
    """As tools break lines that print bytes as hex digits."""
    digits = CHAIN[0].payload.hex()
    assert len(digits) > width
    text = "\n".join(digits[at : at + width] for at in range(0, len(digits), width))
    assert messages(gfv("payload", "decode", stdin=text.encode())) == [CHAIN[0].message]


def test_decode_says_the_syntax(gfv: Run) -> None:
    words = ["payload", "decode", CHAIN[0].hex, "--format", "trace"]
    assert gfv(*words).stderr == b"gfv: syntax vsei4, fits draft-b and draft-a as well\n"
    keyed = "36d4d11903107d06604c40"  # chroma key, which each edition has in another way
    assert gfv("payload", "decode", keyed).stderr == b"gfv: syntax vsei4\n"
    assert gfv(*words, "--syntax", "vsei4").stderr == gfv("--quiet", *words).stderr == b""


@pytest.mark.parametrize("end", [b" " * 200_000, b":" * 200_000, b"00 " * 100_000], ids=["blanks", "colons", "bytes"])
def test_hex_digits_are_told_from_bytes_in_no_time(end: bytes, gfv: Run, tmp_path: Path) -> None:
    (tmp_path / "payload").write_bytes(CHAIN[0].hex.encode() + end + b"x")
    began = time.monotonic()
    done = gfv("payload", "decode", tmp_path / "payload")
    assert done.returncode == 1
    assert time.monotonic() - began < 30  # by trying all ways to share the blanks out it takes minutes
