"""gfv vtm-cfg."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from option_files.face_records import Record

from gfv_sei.cli import main
from gfv_sei.stream.inject import PayloadWriter


def run(*words: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["vtm-cfg", *map(str, words)], input=stdin)


def records(**more: Any) -> list[Record]:
    first: Record = {"au": 2, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": {"coordinates": [[0.5, 0.25]]}}
    enhancement = {"gfve_id": 1, "gfve_gfv_id": 1, "gfve_gfv_cnt": 0, "values": {"pupils": {"left": [0.5, 0.5]}}}
    return [first | more, {"au": 2, "payload_type": 224, **enhancement}]


def lines(given: list[Record]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in given)


def payloads(given: list[Record], syntax: str = "vsei4", compat: str = "vtm") -> list[tuple[int, bytes]]:
    writer = PayloadWriter(syntax, compat)
    return [writer.payload(record) for record in given]


def read(text: str | bytes) -> list[Record]:
    return [json.loads(line) for line in text.splitlines()]


def test_there_and_back_through_pipes() -> None:
    out = run("export", "-", "-o", "-", stdin=lines(records()))
    assert out.exit_code == 0, out.output
    back = run("import", "-", "-o", "-", stdin=out.stdout_bytes)
    assert back.exit_code == 0, back.output
    assert payloads(read(back.stdout_bytes)) == payloads(records())
    assert "--compat vtm --syntax vsei4" in back.stderr


def test_jm_gets_two_files(tmp_path: Path) -> None:
    source = tmp_path / "params.jsonl"
    source.write_bytes(lines(records()))
    done = run("export", source, "-o", tmp_path / "face.cfg", "--for", "jm")
    assert done.exit_code == 0, done.output
    assert "face-gfve.cfg" in done.stderr
    files = [tmp_path / "face.cfg", tmp_path / "face-gfve.cfg"]
    back = run("import", *files, "-o", "-", "--from", "jm")
    assert payloads(read(back.stdout_bytes), "draft-b", "jm") == payloads(records(), "draft-b", "jm")
    done = run("export", source, "-o", "-", "--for", "jm")
    assert done.exit_code == 2
    done = run("export", source, "-o", "-", "--for", "jm", "--gfve-output", tmp_path / "other")
    assert done.exit_code == 0
    assert (tmp_path / "other").read_bytes() == files[1].read_bytes()
    assert run("export", source, "-o", "-", "--gfve-output", tmp_path / "other").exit_code == 2


NETWORK = {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": base64.b64encode(b"net").decode()}


def test_a_network_lies_beside_the_option_file_and_nothing_else_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    options = folder / "my face.cfg"
    given = lines(records(**NETWORK))
    assert run("export", "-", "-o", "-", stdin=given).exit_code == 1
    assert run("export", "-", "-o", options, stdin=given).exit_code == 0
    assert (folder / "my-face.gfv.nnr").read_bytes() == b"net"
    found = run("import", options, "-o", "-")
    assert payloads(read(found.stdout_bytes)) == payloads(records(**NETWORK))
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    text = options.read_text()
    for elsewhere in ("../secret", str(tmp_path / "secret"), "link", ".", "no-such-file", "a\0b", "x" * 5000):
        options.write_text(text.replace("my-face.gfv.nnr", elsewhere))
        refused = run("import", options, "-o", folder / "out.jsonl")
        assert refused.exit_code == 1
        assert "--network" in refused.stderr
        assert not (folder / "out.jsonl").exists()
    allowed = run("import", options, "-o", "-", "--network", tmp_path / "secret")
    assert base64.b64decode(read(allowed.stdout_bytes)[0]["gfv_nn_payload_byte"]) == b"secret"
    assert run("import", "-", "-o", "-", stdin=text.encode()).exit_code == 1


def test_refusals_are_one_line_and_leave_no_file(tmp_path: Path) -> None:
    for given, why in (
        (lines(records(gfv_id=9999)), "record 0: gfv_id = 9999"),
        (b"not json\n", "line 1: not JSON"),
        (b"", "no GFV or GFVE messages"),
    ):
        refused = run("export", "-", "-o", tmp_path / "out.cfg", stdin=given)
        assert refused.exit_code == 1
        assert why in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert not list(tmp_path.iterdir())
    assert run("import", tmp_path / "none", "-o", "-").exit_code == 1
    (tmp_path / "two\nlines.cfg").write_text("SEIGenerativeFaceVideoId: x\n")
    refused = run("import", tmp_path / "two\nlines.cfg", "-o", "-")
    assert refused.exit_code == 1
    assert "two\\nlines.cfg: SEIGenerativeFaceVideoId = x: line 1: is no number" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert run("import", "-", "-o", "-", stdin=b"\xff\xfe").exit_code == 1
    assert run("export", "-", "-o", "-", "--for", "x264").exit_code == 2


def test_the_access_unit_can_be_chosen() -> None:
    given = records() + [record | {"au": 5} for record in records(gfv_id=8)]
    out = run("export", "-", "-o", "-", "--au", "5", stdin=lines(given))
    assert "Id: 8" in out.stdout
    assert "left out 2 messages of 1 other access unit" in out.stderr


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b"])
def test_the_edition_of_vtm_can_be_chosen(syntax: str) -> None:
    out = run("export", "-", "-o", "-", "--syntax", syntax, stdin=lines(records()))
    assert ("DrivePicFusionFlag" in out.stdout) == (syntax == "draft-b")
