"""Whole streams of the real VTM encoder, against what the real VTM decoder printed of them."""

from __future__ import annotations

import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from unit.test_vectors_payload import flat
from unit.vectors import FOLDER

import gfv_sei

STREAMS = sorted((FOLDER / "vtm24-bitstreams").glob("*.bit"))
MISSING = pytest.param(None, marks=pytest.mark.skip(reason=f"the reference bitstreams are not here: no {FOLDER}"))
each_stream = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in STREAMS] or [MISSING])

RENAMED = {
    "gfv_mode_idc": "gfv_nn_mode_idc",
    "gfv_uri_tag": "gfv_nn_tag_uri",
    "gfv_uri": "gfv_nn_uri",
    "gfve_nn_uri_tag": "gfve_nn_tag_uri",
    "gfv_Matrix3DSpaceFlag": "gfv_matrix_for_3D_space_flag",
}
DERIVED = {
    "gfv_coordinate_Xtensor": "X",
    "gfv_coordinate_Ytensor": "Y",
    "gfv_coordinate_Ztensor": "Z",
    "gfv_MatrixElement": "matrices",
    "gfveMatrixElement": "matrices",
    "gfve_PupilCoordinate": "pupils",
}
SECOND_TIME = ("gfv_chroma_key_thr_lower", "gfv_chroma_key_thr_upper_delta_minus1")


def printed(message: dict[str, Any]) -> tuple[list[tuple[str, Any]], dict[str, list[float]]]:
    """The coded elements that the decoder printed, under the standard's names, and the derived values."""
    coded: list[tuple[str, Any]] = []
    derived: dict[str, list[float]] = {}
    thresholds = 0
    for name, text in message["elements"]:
        plain = re.sub(r"\s*\[.*?\]", "", name)
        if plain in DERIVED:
            derived[DERIVED[plain]] = [float(word) for word in text.split()]
            continue
        if plain in ("gfveMatrixNumber", "gfveMatrixWidthXHeight") or name == "gfv_chroma_key_value":
            continue
        if "alignment_zero_bit" in plain:
            assert text == "0"
            continue
        if plain in SECOND_TIME:
            if not thresholds:
                continue  # printed again, defaults filled in
            thresholds -= 1
        name = RENAMED.get(plain, plain)
        value = text if name.endswith("uri") else int(text)
        if name == "gfv_chroma_key_thr_present_flag":
            thresholds = 2 * value
        if name.endswith("nn_payload_byte"):
            name, value = name.replace("gfve", "gfv"), value % 256
        coded.append((name, value))
    return coded, derived


def without_alignment(elements: list[Any]) -> list[tuple[str, Any]]:
    return [
        (name.replace("gfve_nn_payload_byte", "gfv_nn_payload_byte"), value)
        for name, value, *_ in elements
        if "alignment_zero_bit" not in name and not name.startswith("payload_bit_equal_to")
    ]


@each_stream
def test_messages_are_those_that_the_decoder_printed(path: Path) -> None:
    described = json.loads(path.with_suffix(".json").read_text())
    records = list(gfv_sei.read_messages(path, elements=True))
    if not described["decoder_ok"]:
        sent = len(described["input"].get("gfv", ())) + len(described["input"].get("gfve", ()))
        assert len(records) == sent
        return
    wanted = [message for message in described["messages"] if message["message"].startswith("Generative face video")]
    assert len(records) == len(wanted)
    for record, message in zip(records, wanted, strict=True):
        coded, derived = printed(message)
        assert record["payload_size"] == message["bytes"]
        assert without_alignment(record["elements"]) == coded
        assert record["syntax"] == "vsei4"
        values = record["values"]
        ours: dict[str, list[float]] = {
            name: [point[axis] for point in values.get("coordinates", ()) if axis < len(point)]
            for axis, name in enumerate("XYZ")
        }
        if "matrices" in values:
            ours["matrices"] = [value for one in values["matrices"] for value in flat(one["elements"])]
        if "pupils" in values:
            ours["pupils"] = [*values["pupils"]["left"], *values["pupils"]["right"]]
        for name, numbers in derived.items():
            assert len(ours[name]) == len(numbers)
            for mine, other in zip(ours[name], numbers, strict=True):
                assert math.isclose(mine, other, rel_tol=2e-5, abs_tol=1e-5)  # the decoder prints six digits


@each_stream
def test_out_and_in_again_gives_the_stream(path: Path) -> None:
    """VTM places its messages where we do, so the stream comes out as it was."""
    stream = path.read_bytes()
    base, back = io.BytesIO(), io.BytesIO()
    records = list(gfv_sei.read_messages(stream))
    assert gfv_sei.remove(stream, base) == len(records)
    assert list(gfv_sei.read_messages(base.getvalue())) == []
    gfv_sei.inject(base.getvalue(), records, back)
    assert back.getvalue() == stream
