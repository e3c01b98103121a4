"""The GFVC software's parameter coder, byte for byte both ways."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import ParameterError
from generators.models.layout import PROFILES
from generators.parameter_coder import LARGEST, decode, encode, quantise, reconstruct

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "generators"
FOLDER = Path(os.environ.get("GFV_GENERATOR_VECTORS", SHARED))


def entries(kind: str) -> list[Any]:
    """Parameters for `pytest.mark.parametrize`: the cases, or tracks, of all files of this kind, or one skip."""
    found = [
        pytest.param(entry, id=f"{path.stem}-{kind}-{i}")
        for path in (sorted(FOLDER.glob("param_coder_*.json")) if FOLDER.is_dir() else [])
        for i, entry in enumerate(json.loads(path.read_text())[kind])
    ]
    skip = pytest.mark.skip(reason=f"no vectors param_coder_* in {FOLDER}")
    return found or [pytest.param(None, marks=skip, id="none")]


@pytest.mark.parametrize("case", entries("cases"))
def test_bytes_of_single_pictures(case):
    assert encode(case["values"]).hex() == case["hex"]
    assert decode(bytes.fromhex(case["hex"]), case["n"]) == case["values"]


@pytest.mark.parametrize("track", entries("tracks"))
def test_closed_loop(track):
    found = quantise(track["params"], track["q"])
    assert found.residuals.tolist() == track["residuals"]
    assert [data.hex() for data in found.files()] == track["hex"]
    assert np.abs(found.reconstructed - track["reconstructed"]).max() <= 1e-12
    decoded = reconstruct(track["params"][0], map(bytes.fromhex, track["hex"]), track["q"])
    assert np.array_equal(decoded, found.reconstructed)
    assert np.abs(found.reconstructed - track["params"]).max() <= 0.5 / track["q"] + 1e-12


@pytest.mark.parametrize("track", entries("tracks"))
def test_steps_are_those_of_the_profile(track):
    """q is 2 to the precision of the method's profile, for those that have one."""
    profiles = [p for name, p in PROFILES.items() if name.split("-")[0] == track["name"]]
    if not profiles:
        pytest.skip(f"{track['name']} has no profile")
    assert track["q"] == 2 ** profiles[0].bits[0]


@given(st.lists(st.integers(-LARGEST, LARGEST) | st.integers(-3, 3), max_size=60))
def test_any_integers_come_back(values):
    data = encode(values)
    assert decode(data, len(values)) == values
    if values:
        with pytest.raises(ParameterError, match="more parameters"):
            decode(data, len(values) - 1)


@given(st.binary(max_size=60))
def test_any_bytes_end_in_values_or_an_error(data):
    try:
        values = decode(data, 100)
    except ParameterError:
        return
    assert len(values) <= 100
    assert decode(encode(values), 100) == values


def test_a_few_bytes_that_would_hold_millions_of_bits_are_stopped():
    with pytest.raises(ParameterError, match="10 at the most"):
        decode(encode([0] * 100_000), 10)


def test_refusals():
    with pytest.raises(ParameterError, match="too large"):
        encode([LARGEST + 1])
    with pytest.raises(ParameterError, match="not finite"):
        quantise([[0.0], [float("nan")]], 64)
    with pytest.raises(ParameterError, match="too far"):
        quantise([[0.0], [1e30]], 64)
    with pytest.raises(ParameterError, match="pictures, values"):
        quantise([0.0, 1.0], 64)
    with pytest.raises(ParameterError, match=r"file 0 holds 1 value \("):
        reconstruct([0.0, 0.0], [encode([5])], 64)
