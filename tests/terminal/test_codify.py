"""gfv codify: the Python that it prints is run here, and must make the very payloads of the stream."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.records import face_records, injected, read
from unit.vectors import FOLDER, SOFTWARE

import gfv_sei
from gfv_sei.codify.stream import codify_payloads

Base = Callable[[str], bytes]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


def executed(program: str) -> dict[str, list[str]]:
    """Run a program's test functions; the payloads that each of them wrote, as hex."""
    assert program.isascii()
    assert max(map(len, program.splitlines())) <= 120
    names: dict[str, Any] = {}
    exec(compile(program, "codified", "exec"), names)
    tests = {name: call for name, call in names.items() if name.startswith("test_")}
    assert len(tests) == program.count("\ndef ")
    written: dict[str, list[str]] = {}
    write = gfv_sei.write_payload
    for name, call in tests.items():
        payloads = written.setdefault(name, [])

        def noted(*arguments: Any, into: list[str] = payloads) -> bytes:
            payload = write(*arguments)
            into.append(payload.hex())
            return payload

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gfv_sei, "write_payload", noted)
            call()
    return written


def printed(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def payloads_of(stream: Path) -> list[str]:
    """The payloads of a stream as hex, in its order."""
    return payloads_from(stream.read_bytes())


def payloads_from(stream: bytes) -> list[str]:
    readers: list[Any] = []
    return [readers[-1].message.payload.hex() for _ in gfv_sei.read_messages(stream, on_syntax=readers.append)]


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_every_message_of_a_stream(codec: str, faces: Callable[..., Path], gfv: Run) -> None:
    program = printed(gfv("codify", faces(codec), "--limit", "99"))
    written = executed(program)
    assert [payloads[-1] for payloads in written.values()] == payloads_of(faces(codec))
    # The first is a base message and needs none, the next is predicted from it, and so on.
    assert [len(payloads) for payloads in written.values()][:2] == [1, 2]


def test_it_runs_as_pasted(faces: Callable[..., Path], gfv: Run, tmp_path: Path) -> None:
    """As a file of its own under pytest, warnings as errors."""
    test = tmp_path / "test_pasted.py"
    test.write_text(printed(gfv("codify", faces(), "--limit", "3")))
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    ruff = Path(sys.executable).with_name("ruff")
    if ruff.is_file():
        done = subprocess.run([ruff, "format", "--diff", "--line-length=120", test], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_what_it_asserts_can_fail(faces: Callable[..., Path], gfv: Run) -> None:
    program = printed(gfv("codify", faces()))
    hexes = re.findall(r'== "([0-9a-f]+)"', program)
    assert hexes == payloads_of(faces())[:1]
    with pytest.raises(AssertionError):
        executed(program.replace(hexes[0], hexes[0][::-1]))
    with pytest.raises(AssertionError):
        executed(re.sub(r'("gfv_coordinate_x_abs": \[)(\d+)', r"\g<1>1", program))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], (0, 3, 0)),
        (["--au", "2"], (2, 3, 0)),
        (["--cnt", "1", "--au", "3"], (3, 3, 1)),
        (["--id", "3", "--cnt", "1"], (0, 3, 1)),
    ],
)
def test_which_message(words: list[str], wanted: tuple[int, ...], faces: Callable[..., Path], gfv: Run) -> None:
    done = gfv("codify", faces(), *words)
    au, gfv_id, gfv_cnt = wanted
    written = executed(printed(done))
    assert list(written) == [f"test_au_{au}_gfv_{gfv_id}_cnt_{gfv_cnt}"]
    at = [(r["au"], r["message"].get("gfv_id"), r["message"].get("gfv_cnt")) for r in read(faces())].index(wanted)
    assert written.popitem()[1][-1] == payloads_of(faces())[at]
    assert (b"would do, too" in done.stderr) == (words != ["--cnt", "1", "--au", "3"])
    assert b"would do, too" not in gfv("-q", "codify", faces(), *words).stderr


def test_only_what_is_needed(base: Base, gfv: Run) -> None:
    """A driving message is predicted from the base message alone, whatever lies between."""
    stream = injected(base("hevc"), [r for r in face_records(6) if r["payload_type"] == 223])
    written = executed(printed(gfv("codify", "-", "--au", "5", "--cnt", "0", stdin=stream)))
    assert len(written.popitem()[1]) == 2
    written = executed(printed(gfv("codify", "-", "--au", "5", "--cnt", "1", stdin=stream)))
    assert len(written.popitem()[1]) == 3


def test_what_a_new_base_message_makes_needless(base: Base, gfv: Run) -> None:
    """Only the last base message matters if it has all that the one before had."""
    records = [r for r in face_records(4) if r["payload_type"] == 223]
    for record in records:
        if record["au"] in (0, 2):
            record["gfv_base_picture_flag"] = int(record["gfv_cnt"] == 0)
    stream = injected(base("avc"), records)
    (written,) = executed(printed(gfv("codify", "-", "--au", "3", "--cnt", "0", stdin=stream))).values()
    assert len(written) == 2
    assert written[0] == payloads_from(stream)[4]


def test_absolute(faces: Callable[..., Path], gfv: Run) -> None:
    """A predicted message stands alone, and means what it meant."""
    program = printed(gfv("codify", faces(), "--absolute", "--limit", "99"))
    written = executed(program)
    meant = read(faces())
    for payloads, record in zip(written.values(), meant, strict=True):
        if record["payload_type"] == 223:
            (payload,) = payloads
            alone = gfv_sei.parse_payload(223, bytes.fromhex(payload))
            assert alone.values == record["values"]
    assert '"gfv_kps_pred_flag": 1' not in program


def test_payloads(gfv: Run) -> None:
    """The last of some payloads in hex; those before it are its past."""
    (written,) = executed(printed(gfv("codify", "36d4d11903107d06604c40"))).values()
    assert written == ["36d4d11903107d06604c40"]
    past, last = "262148008040101f111eb00804", "24611e25cae0"
    (written,) = executed(printed(gfv("codify", f"0x{past}", last, "--syntax", "vsei4"))).values()
    assert written == [past, last]
    alone = gfv("codify", last)
    assert (alone.returncode, alone.stdout) == (1, b"")
    assert b"gfv_kps_pred_flag" in alone.stderr
    (written,) = executed(printed(gfv("codify", past, last, "--absolute"))).values()
    assert len(written) == 1


@pytest.mark.parametrize("software", SOFTWARE, ids=lambda software: software.folder)
def test_all_payloads_of_reference_encoders(software: Any) -> None:
    files = sorted((FOLDER / software.folder).glob("*.json"))
    if not files:
        pytest.skip("no vectors here")
    import json

    for file in files[:: 1 + len(files) // 40]:
        messages = json.loads(file.read_text())["messages"]
        by_type: dict[int, list[bytes]] = {}
        for message in messages:
            by_type.setdefault(message["payload_type"], []).append(bytes.fromhex(message["payload_hex"]))
            payload_type = message["payload_type"]
            program = "".join(codify_payloads(payload_type, by_type[payload_type], software.syntax))
            (written,) = executed(program).values()
            assert written[-1] == message["payload_hex"]


def test_text_of_a_stream_is_a_literal(base: Base, gfv: Run, tmp_path: Path) -> None:
    """Nothing in a stream, nor its name, becomes code."""
    records = face_records(1)[:1]
    uri = "\"\"\"'''\\\n\r\x1b{}\u2028" + "x" * 300
    records[0] |= {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 1, "gfv_nn_uri": uri, "gfv_nn_tag_uri": '"+f()+"'}
    stream = tmp_path / "a\nraise SystemExit('#')\n.bit"
    stream.write_bytes(injected(base("vvc"), records))
    (written,) = executed(printed(gfv("codify", stream))).values()
    assert written == payloads_of(stream)
    assert gfv_sei.parse_payload(223, bytes.fromhex(written[0])).fields["gfv_nn_uri"] == uri


def test_a_network_in_the_message(base: Base, gfv: Run) -> None:
    import base64

    records = face_records(1)[:1]
    network = {
        "gfv_nn_present_flag": 1,
        "gfv_nn_mode_idc": 0,
        "gfv_nn_payload_byte": base64.b64encode(bytes(900)).decode(),
    }
    stream = injected(base("avc"), [records[0] | network])
    (written,) = executed(printed(gfv("codify", "-", stdin=stream))).values()
    assert written == payloads_from(stream)


def test_what_cannot_be_codified(base: Base, gfv: Run, tmp_path: Path) -> None:
    stream = injected(base("hevc"), [*face_records(1), {"au": 1, "payload_type": 223, "payload_hex": "ff"}])
    for words, reason in (
        (["-", "--id", "77"], "no such message in the stream"),
        (["-", "--au", "1"], "access unit 1, NAL unit "),
        ([tmp_path / "missing"], "cannot open"),
        (["00ff00zz"], "cannot open"),
        (["ff"], "H.274"),
    ):
        done = gfv("codify", *words, stdin=stream)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1), words
        assert reason in done.stderr.decode()
    executed(printed(gfv("codify", "-", "--au", "0", "--limit", "9", stdin=stream)))


@pytest.mark.parametrize("words", [[], ["ff", "zz"], ["ff", "--limit", "0"], ["ff", "--payload-type", "5"]], ids=str)
def test_wrong_usage(words: list[str], gfv: Run) -> None:
    done = gfv("codify", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error: " in done.stderr
