"""`gfv_sei.validate`: how a stream is opened, which edition it is checked against, and the command for each finding."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from streams.annexb import message
from validation.breaking import BASE, CASES, GFV, PUPILS, Sent, base, enhancement, further, gfv, gfve, raw, ue, whole
from validation.test_places import stream
from validation.test_reading import MANY_THINGS

import gfv_sei
from gfv_sei.validation.report import in_words


def with_messages(codec: str, *sent: Sent) -> bytes:
    words = "sps prefix slice" if codec == "avc" else "sps slice suffix"
    return stream(codec, words, body=b"".join(message(*one[:2]) for one in sent))


GAP = with_messages("vvc", BASE, gfv(further(2)))
FUSION = with_messages("hevc", *next(case.items for case in CASES if case.rule == "GFV-FUS-001"))
"""A stream of draft-b."""


@pytest.fixture
def name(tmp_path: Path) -> str:
    path = tmp_path / "a stream.bit"
    path.write_bytes(GAP)
    return str(path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"syntax": "vsei4"}, " --syntax vsei4"),
        ({"codec": "vvc"}, " --codec vvc"),
        ({"syntax": "vsei4", "codec": "vvc"}, " --syntax vsei4 --codec vvc"),
    ],
)
def test_the_command_names_the_source_and_how_it_is_read(options: dict[str, Any], words: str, name: str) -> None:
    with Path(name).open("rb") as file:
        sources = {f"'{name}'": [name, Path(name)], "FILE": [GAP, file]}
        for shown, given in sources.items():
            for source in given:
                (one,) = gfv_sei.validate(source, **options)
                assert one.show == f"gfv inspect {shown} --format trace{words} --au 0"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for syntax in ("auto", "draft-b"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FUSION)))
        (one,) = gfv_sei.validate("-", syntax)
        assert one.rule.identifier == "GFV-FUS-001"
        assert (one.show or "").startswith("gfv inspect FILE ")


@pytest.mark.parametrize(
    ("source", "options", "syntax", "best"),
    [
        (bytes, {}, "draft-b", "draft-b"),
        (bytes, {"syntax": "draft-a"}, "draft-a", None),
        (bytes, {"codec": "vvc"}, "vsei4", "vsei4"),  # read as that, it has no messages
        (io.BytesIO, {}, "vsei4", None),
    ],
)
def test_the_edition_is_told(source: Any, options: dict[str, str], syntax: str, best: str | None) -> None:
    """By all messages; a file object is read once, and taken for vsei4."""
    told: list[tuple[str, Any]] = []
    found = list(gfv_sei.validate(source(FUSION), on_syntax=lambda *what: told.append(what), **options))
    ((chosen, choice),) = told
    assert (chosen, choice and choice.best) == (syntax, best)
    assert bool(found) == ("codec" not in options)


def test_codec_and_mode_reach_the_checks() -> None:
    extended = raw(GFV, whole(base() + "1011" + "1"))
    for codec, rule in (("avc", "GFV-SYN-004"), ("hevc", "GFV-SYN-003")):
        (one,) = gfv_sei.validate(with_messages(codec, extended), "vsei4", codec=codec)
        assert one.rule.identifier == rule
    for mode, all_of_it in (("lenient", True), ("strict", False)):
        rules = {one.rule.identifier for one in gfv_sei.validate(with_messages("vvc", MANY_THINGS), mode=mode)}
        assert "GFV-SYN-015" in rules
        assert ("GFV-SYN-011" in rules) == all_of_it


@pytest.mark.parametrize("codec", ["vvc", "avc"])
def test_a_finding_says_which_of_several_messages_it_is_about(codec: str) -> None:
    """Nested ones count, those of other types do not; one that is told at the end of its picture keeps its number."""
    alone, other = (message(*one[:2]) for one in (gfve(enhancement(PUPILS, gfv_id=ue(5))), gfv(base("00"))))
    body = message(*BASE[:2]) + message(5, bytes(range(16))) + alone
    nested = message(133, b"\x28" + other) if codec == "vvc" else message(30, b"\x80" + other)
    words = "sps prefix slice" if codec == "avc" else "sps slice suffix"
    found = list(gfv_sei.validate(stream(codec, words, body=body + nested, tail=b""), "vsei4", codec=codec))
    assert [(one.rule.identifier, one.message) for one in found] == [
        ("SEI-002", None),
        ("GFV-MAT-003", 2),
        ("GFV-CNT-002", 2),
        ("GFVE-ASC-001", 1),
    ]
    assert ", message 2 of it, bit " in in_words(found[1])


def test_an_unknown_mode() -> None:
    with pytest.raises(gfv_sei.GfvError) as caught:
        next(gfv_sei.validate(GAP, mode="kind"))
    error = caught.value
    assert (error.element, error.value, error.allowed) == ("mode", "kind", "lenient, strict")


def test_a_finding_as_an_object() -> None:
    """What is known of it, and nothing else."""
    (one,) = gfv_sei.validate(GAP, "vsei4")
    found = one.to_dict()
    assert found == {
        "rule": "GFV-CNT-001",
        "severity": "error",
        "what": one.what,
        "demands": gfv_sei.RULES["GFV-CNT-001"].demands,
        "clause": gfv_sei.RULES["GFV-CNT-001"].clause,
        "au": 0,
        "nal": 2,
        "offset": 12,
        "message": 1,
        "bit": 3,
        "element": "gfv_cnt",
        "value": 2,
        "allowed": "1",
        "show": one.show,
    }
