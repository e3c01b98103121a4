"""`values` objects to arrays and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import ParameterError
from generators.parameters import FaceParameters
from gfv_sei.errors import GfvError

VALUES = {
    "coordinates": [[0.15, -0.13], [1.0, -1.0], [0.1 + 0.2, 0.0]],
    "matrices": [
        {"type": 7, "elements": [[[1.5, 2.25]]]},
        {"type": 0, "elements": [[[1, 0], [0, 1]], [[0.5, 0], [0, 2]], [[3, 4], [5, 6]]]},
        {"type": 7, "elements": [[[9.0]]]},
    ],
    "pupils": {"left": [-0.25, 0.125], "right": [0.25, 0.125]},
}


def test_values_come_back_exactly_through_json():
    back = FaceParameters.from_values(json.loads(json.dumps(VALUES))).to_values()
    assert json.loads(json.dumps(back)) == VALUES


def test_parts_are_arrays_of_the_stated_shapes():
    parameters = FaceParameters.from_values(VALUES)
    assert parameters.keypoints.shape == (3, 2)
    assert [m.stacked.shape for m in parameters.matrices] == [(1, 1, 2), (3, 2, 2), (1, 1, 1)]
    assert [m.stacked.shape for m in parameters.of_type(7)] == [(1, 1, 2), (1, 1, 1)]
    assert parameters.pupils["left"].tolist() == [-0.25, 0.125]


def test_z_stays_with_its_point():
    parameters = FaceParameters.from_values({"coordinates": [[0.5, 0.25, -3.0]]})
    assert parameters.keypoints.tolist() == [[0.5, 0.25, -3.0]]


def test_what_is_absent_stays_absent():
    assert FaceParameters.from_values({}).to_values() == {}
    assert FaceParameters.from_values({"pupils": {"left": [0, 0]}}).to_values() == {"pupils": {"left": [0, 0]}}


def test_matrices_of_a_gfve_message_have_no_type_and_may_differ_in_size():
    values = {"matrices": [{"elements": [[[1.0]], [[1.0, 2.0], [3.0, 4.0]]]}]}
    parameters = FaceParameters.from_values(values)
    assert parameters.matrices[0].type is None
    assert parameters.to_values() == values
    with pytest.raises(ParameterError, match="different sizes"):
        _ = parameters.matrices[0].stacked


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"coordinates": []},
        {"coordinates": [1, 2]},
        {"coordinates": [[1]]},
        {"coordinates": [[1, 2, 3, 4]]},
        {"coordinates": [[1, 2], [3]]},
        {"coordinates": [["1", "2"]]},
        {"coordinates": [[True, False]]},
        {"coordinates": [[float("nan"), 0]]},
        {"coordinates": [[float("inf"), 0]]},
        {"coordinates": [[10**400, 0]]},
        {"coordinates": "ab"},
        {"matrices": {"type": 0}},
        {"matrices": [{"type": 0}]},
        {"matrices": [{"type": 64, "elements": [[[1]]]}]},
        {"matrices": [{"type": True, "elements": [[[1]]]}]},
        {"matrices": [{"type": 7, "elements": []}]},
        {"matrices": [{"type": 7, "elements": [[1]]}]},
        {"matrices": [{"type": 7, "elements": [[[1]], [[1, 2]]]}]},
        {"pupils": [0, 0]},
        {"pupils": {"left": [0]}},
    ],
)
def test_other_forms_are_refused(values):
    with pytest.raises(ParameterError):
        FaceParameters.from_values(values)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "elements", "left"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["coordinates", "matrices", "pupils"]), JSON))
def test_any_json_is_taken_or_refused_with_a_gfv_error(values):
    try:
        parameters = FaceParameters.from_values(values)
    except GfvError:
        return
    again = FaceParameters.from_values(parameters.to_values())
    assert again.to_values() == parameters.to_values()


def test_quantising_goes_to_the_nearest_step():
    points = np.array([[0.3, -0.3], [1 / 512 + 1e-9, -1 / 1024]])
    quantised = FaceParameters(points).quantised(8).keypoints
    assert (quantised * 256).tolist() == [[77, -77], [1, 0]]
    assert np.abs(quantised - points).max() <= 1 / 512
