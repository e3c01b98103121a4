"""What real encoders write breaks no rule, but where their habits do, which are then named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from unit.made_messages import SYNTAXES, some

import gfv_sei
from gfv_sei.validation.stream import Checker

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
FOLDERS = {
    "vtm24-payload": ("vsei4", "vvc"),
    "hm": ("draft-b", "hevc"),
    "jm": ("draft-b", "avc"),
    "vtm23.7-payload": ("draft-a", "vvc"),
}

NO_PICTURE = {"GFVE-ASC-001", "GFVE-ASC-002", "GFVE-CNT-001"}
"""Rules about picture units, which sequences of GFVE messages alone have none of."""

EXPECTED = {
    "ids_4": {"GFV-CNT-001"},  # made up with a gap
    "quirk_nn_payload_nonbase_0": {"GFV-SYN-003", "GFV-SYN-004"},
    "quirk_nn_payload_nonbase_1": {"GFV-SYN-003", "GFV-SYN-004"},
}
"""Errors that sequences break on purpose."""


def sequences(folder: str) -> list[Path]:
    found = sorted((VECTORS / folder).glob("*.json"))
    if not found:
        pytest.skip(f"no vectors in {VECTORS / folder}")
    return found


def checked(messages: list[dict[str, Any]], syntax: str, codec: str) -> Iterator[gfv_sei.Finding]:
    """A picture unit begins where the counts of an identifier do not go on."""
    checker = Checker(syntax, codec)
    counts: dict[Any, int] = {}
    for message in messages:
        params = message["params"]
        if message["payload_type"] == 223:
            if params["gfv_cnt"] <= counts.get(params["gfv_id"], -1):
                yield from checker.end_of_access_unit()
                counts.clear()
            counts[params["gfv_id"]] = params["gfv_cnt"]
        yield from checker.message(message["payload_type"], bytes.fromhex(message["payload_hex"]))
    yield from checker.end_of_access_unit()


@pytest.mark.parametrize("folder", FOLDERS)
def test_payloads_of_reference_writers(folder: str) -> None:
    syntax, codec = FOLDERS[folder]
    for path in sequences(folder):
        sequence = json.loads(path.read_text("utf-8", "surrogateescape"))
        found = list(checked(sequence["messages"], syntax, codec))
        errors = {one.rule.identifier for one in found if one.rule.severity == "error"}
        assert errors - NO_PICTURE <= EXPECTED.get(path.stem, set()), path.stem
        for one in found:
            if one.rule.identifier in ("GFV-SYN-003", "GFV-SYN-004", "GFV-MAT-002"):
                assert one.cause, (path.stem, one)
            if path.stem.startswith("quirk_two_ids"):
                assert "One state serves all identifiers" in (one.cause or "")


def test_streams_of_vtm() -> None:
    streams = sorted((VECTORS / "vtm24-bitstreams").glob("*.bit"))
    if not streams:
        pytest.skip("no streams of VTM here")
    for path in streams:
        for mode in ("lenient", "strict"):
            found = [one.rule.identifier for one in gfv_sei.validate(path, mode=mode)]
            expected = {"drive_picture_not_base": ["GFV-BASE-001"], "nn_uri_chroma_key": ["GFV-CHR-001"]}
            assert found == expected.get(path.stem, []), path.stem


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_made_up_messages(syntax: str) -> None:
    """Whatever the writer takes is well-formed; only what messages have to do with each other may be wrong."""
    within = {name for name, rule in gfv_sei.RULES.items() if "SYN" in name and rule.severity == "error"}
    for seed in range(150):
        state = gfv_sei.DecodingState()
        checker = Checker(syntax)
        for made in some(seed, syntax, 6):
            msg = gfv_sei.message_from_dict(made.payload_type, made.message)
            payload = gfv_sei.write_payload(msg, syntax, state)
            found = {one.rule.identifier for one in checker.message(made.payload_type, payload)}
            odd = {name for name in ("payload_trailing_bits",) if name in made.message}
            assert not found & within - ({"GFV-SYN-002"} if odd else set())
            assert not {name for name in found if "PRED-001" in name or "PRED-002" in name}


def test_a_message_of_another_edition_is_told() -> None:
    """A further message of draft-b has one bit more than one of vsei4."""
    for path in sequences("hm"):
        if path.stem.startswith("coord2d_pred_chain"):
            sequence = json.loads(path.read_text())
            found = list(checked(sequence["messages"], "vsei4", "hevc"))
            assert found
            for one in found:
                assert "well-formed in draft-b" in (one.cause or "") or one.rule.identifier == "GFV-PRED-005"
