"""What fuzzing found, each input once more; its first line says what was wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conformance.fuzz.limits import BYTES, limited
from conformance.fuzz.plain import execute
from generators.contract import Contract
from generators.errors import ContractError
from gfv_sei.cli.inject import read_records
from gfv_sei.errors import GfvError
from gfv_sei.stream.inject import PayloadWriter

FILES = sorted(Path(__file__).with_name("regressions").glob("*.hex"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_does_not_happen_again(file: Path) -> None:
    head, _, body = file.read_text().partition("\n")
    target, _, why = head.removeprefix("# ").partition(": ")
    assert why
    problem = execute(target, bytes.fromhex(body))
    assert problem is None, f"{why}, once more: {problem!r}"


def test_lists_in_lists_as_deep_as_json_goes(tmp_path: Path) -> None:
    """What can just be read could not be shown in the error that refuses it, some calls deeper: RecursionError."""
    refused = 0
    for depth in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit()):
        line = b'{"payload_type": 223, "message": {"gfv_coordinate_present_flag": 1, "gfv_id": %s}}'
        file = tmp_path / "records"
        file.write_bytes(line % (b"[" * depth + b"]" * depth))
        with file.open("rb") as lines, pytest.raises(GfvError) as error:
            PayloadWriter().payload(next(read_records(lines, "it")))
        assert str(error.value)
        refused += "gfv_id" in str(error.value)
    assert refused


def test_an_integer_of_more_digits_than_python_writes() -> None:
    assert "gfv_id" in str(GfvError("is too large", element="gfv_id", value=10**5000))


def test_contracts_of_many_tensors() -> None:
    """Each name was looked for among all: time grew with the square, twenty seconds for a megabyte."""

    def read(data: bytes) -> None:
        with pytest.raises(ContractError):
            Contract.from_json(data)

    given = {"format": "gfv-network-contract", "version": 1, "name": "x", "network": "GenerativeNN", "outputs": []}
    tensors = [{"name": f"n{i}", "role": "keypoints", "shape": [1, 2]} for i in range(40_000)]
    data = json.dumps({**given, "inputs": tensors}).encode()
    limited(read, data, allowed=BYTES)
