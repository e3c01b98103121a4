"""Parameters of each method as values of a record, through a stream's payloads, and back. Needs no torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from generators.errors import ParameterError
from generators.models.layout import PROFILES, find_profile
from generators.parameters import FaceParameters
from gfv_sei import DecodingState, message_from_values, parse_payload, write_payload

# Values of one inter picture: ../shared/reference/generators.md, section 1; MRDAC, RDAC, HDAC as DAC.
VALUES = {
    "FOMM": 60,
    "DAC-10": 20,
    "DAC-20": 40,
    "DAC-40": 80,
    "CFTE": 16,
    "FV2V": 57,
    "FV2V-points": 45,
    "TPS": 100,
    "HDAC": 20,
    "RDAC": 20,
    "RT": 56,
    "MRDAC": 20,
}
# Q in the published software, as bits of a fraction: section 2.1 there.
QUANTISER = {"FOMM": 64, "DAC-10": 64, "CFTE": 4, "FV2V": 256, "HDAC": 64, "RDAC": 128, "MRDAC": 512}


def some(profile, seed=0):
    random = np.random.default_rng(seed)
    return {name: random.uniform(-1, 1, shape) for name, shape in profile.shapes.items()}


def test_sizes_and_precisions_are_the_published_ones():
    assert {name: profile.values for name, profile in PROFILES.items()} == VALUES
    assert {name: 2 ** PROFILES[name].bits[0] for name in QUANTISER} == QUANTISER


@pytest.mark.parametrize("name", PROFILES)
def test_there_and_back(name):
    profile = find_profile(name)
    params = some(profile)
    found = profile.from_values(profile.to_values(params))
    assert list(found) == list(params)
    assert all(np.array_equal(found[key], array) for key, array in params.items())


@pytest.mark.parametrize("name", PROFILES)
def test_a_batch_of_one_is_one_picture(name):
    profile = find_profile(name)
    params = some(profile)
    batch = {key: array[None].astype(np.float32) for key, array in params.items()}
    values = profile.to_values(batch)
    assert values == profile.to_values({key: array.astype(np.float32) for key, array in params.items()})


@pytest.mark.parametrize("name", PROFILES)
def test_through_the_payloads_of_a_stream(name):
    profile = find_profile(name)
    rng = np.random.default_rng(1)
    # Steps as small as a face's, so that the writer predicts; after the first, each from the one before.
    tracks = {key: np.cumsum(rng.normal(0, 0.01, (6, *shape)), axis=0) for key, shape in profile.shapes.items()}
    writing, reading = DecodingState(), DecodingState()
    for number in range(6):
        params = {key: track[number] for key, track in tracks.items()}
        header = profile.header(base=number == 0, gfv_cnt=max(0, number - 1))
        message = message_from_values(223, {"gfv_id": 1} | header, profile.to_values(params), state=writing)
        parsed = parse_payload(223, write_payload(message, state=writing), state=reading)
        assert parsed.to_dict().get("gfv_fusion_pic_flag", 0) == int(profile.fusion and number == 1)
        found = profile.from_values(parsed.values)
        for key, array in params.items():
            assert np.abs(found[key] - array).max() <= 0.5 ** profile.bits[0] / 2


def test_more_bits_where_they_are_asked_for():
    fields = find_profile("FOMM").header(base=True, bits=9)
    assert fields["gfv_coordinate_precision_factor_minus1"] == 8
    assert fields["gfv_matrix_element_precision_factor_minus1"] == 8
    assert "gfv_matrix_element_precision_factor_minus1" not in find_profile("DAC-10").header(base=True)


def test_another_number_of_keypoints():
    profile = find_profile("FOMM-15")
    assert profile.shapes == {"keypoints": (15, 2), "jacobians": (15, 2, 2)}
    assert find_profile(profile.name) == find_profile("FOMM").with_points(15)
    assert profile.to_parameters(some(profile)).matrices[0].stacked.shape == (15, 2, 2)
    assert find_profile("DAC-12").keypoints.number == 12
    for name in ("FOMM-0", "FOMM-1025", "CFTE-3", "X-3"):
        with pytest.raises(ParameterError):
            find_profile(name)


def test_matrices_are_read_tolerantly():
    profile = find_profile("FV2V")
    params = some(profile)
    values = profile.to_values(params)
    rotation, translation, expression = values["matrices"]
    expression = {"type": 20, "elements": [[row] for row in expression["elements"][0]]}
    translation = {"type": 9, "elements": [[[x for (x,) in translation["elements"][0]]]]}
    other = {"type": 7, "elements": [np.zeros((4, 4)).tolist()]}
    found = profile.from_values({"matrices": [other, expression, translation, rotation]})
    assert all(np.array_equal(found[key], array) for key, array in params.items())


def test_the_type_that_is_meant_goes_first():
    profile = find_profile("CFTE")
    params = some(profile)
    meant = profile.to_values(params)["matrices"][0]
    other = {"type": 9, "elements": [np.zeros((4, 4)).tolist()]}
    found = profile.from_values({"matrices": [other, meant]})
    assert np.array_equal(found["feature"], params["feature"])


def test_what_does_not_fit_is_said():
    fomm, cfte = find_profile("FOMM"), find_profile("CFTE")
    params = some(fomm)
    with pytest.raises(ParameterError, match=r"gfv_num_kps_minus1 = no keypoints.*allowed: \[10, 2\]"):
        fomm.from_parameters(FaceParameters())
    with pytest.raises(ParameterError, match="gfv_num_kps_minus1"):
        fomm.from_parameters(FaceParameters(np.zeros((11, 2))))
    with pytest.raises(ParameterError, match=r"gfv_matrix_type_idx = no matrices.*allowed: 40 values"):
        fomm.from_values({"coordinates": params["keypoints"].tolist()})
    with pytest.raises(ParameterError, match="gfv_matrix_type_idx = 40 of type 0"):
        cfte.from_values(fomm.to_values(params))
    with pytest.raises(ParameterError, match="allowed: keypoints, jacobians"):
        fomm.to_values({"keypoints": params["keypoints"]})
    with pytest.raises(ParameterError, match=r"allowed: \[10, 2, 2\]"):
        fomm.to_values(params | {"jacobians": np.zeros((10, 4))})
    with pytest.raises(ParameterError, match="not finite"):
        fomm.to_values(params | {"jacobians": np.full((10, 2, 2), np.nan)})
    with pytest.raises(ParameterError, match="no profile is called 'x'"):
        find_profile("x")


def test_profiles_need_no_torch():
    code = "import sys, generators.models.layout; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
