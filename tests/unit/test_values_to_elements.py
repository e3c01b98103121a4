"""From values to elements: what follows from a header, and values that no message can have.

The error of those names the place in the record, what stands there, and what may.
"""

from __future__ import annotations

from typing import Any

import pytest

import gfv_sei
from gfv_sei.meaning.quirks import WRITERS, Quirks

FACE = {"gfv_id": 0}
FURTHER = {"gfv_id": 0, "gfv_cnt": 1}
POINT = [[0.0, 0.0]]
POINT_3D = [[0.0, 0.0, 0.5]]
BOX = {"type": 7, "elements": [[[1, 2]]]}


def of_type(kind: int, height: int, width: int, number: int = 1) -> list[dict[str, Any]]:
    return [{"type": kind, "elements": [[[0.5] * width] * height] * number}]


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str, Any, str | None]] = [
    ({}, {"coordinates": POINT}, "gfv_id", None, None),
    ({"gfv_id": "x"}, {"coordinates": POINT}, "gfv_id", "x", None),
    (FACE | {"gfv_cnt": -1}, {"coordinates": POINT}, "gfv_cnt", -1, None),
    # keypoints
    (FACE, {"coordinates": 5}, "coordinates", None, None),
    (FACE, {"coordinates": [5]}, "coordinates", None, None),
    (FACE, {"coordinates": [[1]]}, "coordinates[ 0 ]", 1, "2, 3"),
    (FACE, {"coordinates": [[0] * 4]}, "coordinates[ 0 ]", 4, "2, 3"),
    (FACE, {"coordinates": [[0, 0], [0, 0, 0]]}, "coordinates[ 1 ]", 3, None),
    (FACE, {"coordinates": [[0, 0], [0, "x"]]}, "coordinates[ 1 ][ 1 ]", "'x'", None),
    (FACE, {"coordinates": [[True, 0]]}, "coordinates[ 0 ][ 0 ]", "True", None),
    (FACE, {"coordinates": [[0, -(2**32)]]}, "coordinates[ 0 ][ 1 ]", -(2**32), "magnitudes below 2^32"),
    *(
        (FACE | {f"gfv_{part}_precision_factor_minus1": q}, values, f"gfv_{part}_precision_factor_minus1", q, "0 to 31")
        for part, values in (("coordinate", {"coordinates": POINT}), ("matrix_element", {"matrices": [BOX]}))
        for q in (-1, 32)
    ),
    (
        FACE | {"gfv_coordinate_z_max_value_minus1": -1},
        {"coordinates": POINT_3D},
        "gfv_coordinate_z_max_value_minus1",
        -1,
        None,
    ),
    (FURTHER | {"gfv_kps_pred_flag": 1}, {"coordinates": POINT}, "gfv_kps_pred_flag", 1, "0"),
    # matrices
    (FACE, {"matrices": 5}, "matrices", None, None),
    (FACE, {"matrices": [5]}, "matrices", None, None),
    (FACE, {"matrices": [BOX, {}]}, "matrices[ 1 ].type", None, None),
    (FACE, {"matrices": [BOX, {"type": 7}]}, "matrices[ 1 ].elements", None, None),
    (FACE, {"matrices": [BOX, {"type": 7, "elements": [[]]}]}, "matrices[ 1 ].elements", None, None),
    (FACE, {"matrices": [{"type": 7, "elements": [[5]]}]}, "matrices[ 0 ].elements[ 0 ][ 0 ]", None, None),
    (
        FACE,
        {"matrices": [{"type": 7, "elements": [[[1]], [[1, 2]]]}]},
        "matrices[ 0 ].elements[ 1 ][ 0 ]",
        None,
        None,
    ),
    (
        FACE,
        {"matrices": [{"type": 7, "elements": [[[1]], [["x"]]]}]},
        "matrices[ 0 ].elements[ 1 ][ 0 ][ 0 ]",
        "'x'",
        None,
    ),
    (FACE, {"matrices": of_type(4, 2, 2, 2)}, "matrices", 2, "1"),
    (FACE, {"matrices": of_type(4, 1, 1)}, "matrices", "1 x 1", "2 or 3 x 2 or 3, rows x columns"),
    (FACE, {"matrices": of_type(4, 2, 3)}, "matrices", "2 x 3", "2 x 2, rows x columns"),
    (FACE, {"matrices": of_type(5, 4, 1)}, "matrices", "4 x 1", "2 or 3 x 1, rows x columns"),
    (FACE, {"coordinates": POINT, "matrices": of_type(6, 2, 2)}, "matrices", "2 x 2", "2 x 1, rows x columns"),
    (FACE, {"coordinates": POINT_3D, "matrices": of_type(0, 2, 2)}, "matrices", "2 x 2", "3 x 3, rows x columns"),
    (FURTHER | {"gfv_matrix_pred_flag": 1}, {"matrices": [BOX]}, "gfv_matrix_pred_flag", 1, "0"),
]
"""Header, values, element, value as it is shown, what is allowed."""

EYES = {"left": [0, 0], "right": [0, 0]}
REFUSED_IN_GFVE: list[tuple[dict[str, Any], dict[str, Any], str, Any, str | None]] = [
    ({}, {"matrices": [{}]}, "matrices", None, None),
    ({}, {"matrices": [{"elements": []}]}, "matrices", None, None),
    ({}, {"matrices": [{"elements": [[[1]]]}] * 2}, "matrices", None, None),
    ({}, {"matrices": [{"elements": [[[1]], []]}]}, "matrices[ 0 ].elements", None, None),
    ({}, {"matrices": [{"elements": [[[1]], [[1], [2, 3]]]}]}, "matrices[ 0 ].elements[ 1 ][ 1 ]", None, None),
    ({}, {"matrices": [{"elements": [[[1]], [["x"]]]}]}, "matrices[ 0 ].elements[ 1 ][ 0 ][ 0 ]", "'x'", None),
    (
        {"gfve_gfv_cnt": 1, "gfve_matrix_pred_flag": 1},
        {"matrices": [{"elements": [[[1]]]}]},
        "gfve_matrix_pred_flag",
        1,
        "0",
    ),
    (
        {"gfve_matrix_element_precision_factor_minus1": 32},
        {"matrices": [{"elements": [[[1]]]}]},
        "gfve_matrix_element_precision_factor_minus1",
        32,
        "0 to 31",
    ),
    ({}, {"pupils": 5}, "pupils", None, None),
    ({}, {"pupils": {"up": [0, 0]}}, "pupils", None, None),
    ({}, {"pupils": {"left": [0, 0], "right": [0]}}, "pupils.right", None, None),
    ({}, {"pupils": {"left": [0, "x"]}}, "pupils.left", "'x'", None),
    *(
        (
            {"gfve_pupil_coordinate_present_idx": idx},
            {"pupils": EYES},
            "gfve_pupil_coordinate_present_idx",
            idx,
            "0 to 3",
        )
        for idx in (-1, 4, True)
    ),
    (
        {"gfve_pupil_coordinate_precision_factor_minus1": 32},
        {"pupils": EYES},
        "gfve_pupil_coordinate_precision_factor_minus1",
        32,
        "0 to 31",
    ),
]


@pytest.mark.parametrize(
    ("payload_type", "header", "values", "element", "value", "allowed"),
    [
        *((223, *one) for one in REFUSED),
        (223, {"gfv_id": 0}, {"coordinates": [[0, 0]], "pupils": EYES}, "values.pupils", None, "coordinates, matrices"),
        (
            223,
            {"gfv_id": 0},
            {"coordinates": [[0, 0]], "matrixes": []},
            "values.matrixes",
            None,
            "coordinates, matrices",
        ),
        *((224, {"gfve_id": 0, "gfve_gfv_id": 0} | header, *rest) for header, *rest in REFUSED_IN_GFVE),
        (224, {"gfve_id": 0, "gfve_gfv_id": 0}, {"coordinates": []}, "values.coordinates", None, "matrices, pupils"),
    ],
)
def test_values_that_are_refused(
    payload_type: int, header: dict[str, Any], values: dict[str, Any], element: str, value: Any, allowed: str | None
) -> None:
    with pytest.raises(gfv_sei.MessageError) as refused:
        gfv_sei.message_from_values(payload_type, header, values)
    error = refused.value
    assert error.reason
    assert (error.element, error.value, error.allowed) == (element, value, allowed)


def test_what_the_header_does_not_say_follows() -> None:
    """The first message is a base message; parts of which an element is given are present."""
    header = FACE | {"gfv_nn_mode_idc": 2, "gfv_chroma_key_value": [9, None, None]}
    header |= {"gfv_chroma_key_thr_lower": 7, "gfv_chroma_key_thr_upper_delta_minus1": 4}
    state = gfv_sei.DecodingState()
    msg = gfv_sei.message_from_values(223, header, {"coordinates": POINT_3D}, state=state)
    fields = gfv_sei.parse_payload(223, gfv_sei.write_payload(msg, state=state)).fields
    expected = {
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 1,
        "gfv_chroma_key_info_present_flag": 1,
        "gfv_chroma_key_value_present_flag": [1, 0, 0],
        "gfv_chroma_key_thr_present_flag": 1,
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 7,
        "gfv_coordinate_z_max_value_minus1": 0,
        "gfv_matrix_present_flag": 0,
    }
    assert expected.items() <= fields.items()
    again = gfv_sei.message_from_values(223, FACE, {"coordinates": POINT_3D}, state=state).fields
    assert (again["gfv_base_picture_flag"], again["gfv_kps_pred_flag"]) == (0, 1)
    enhancing = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_nn_mode_idc": 2}
    fields = gfv_sei.message_from_values(224, enhancing, {"matrices": [{"elements": [[[1]]]}]}).fields
    assert (fields["gfve_gfv_cnt"], fields["gfve_base_picture_flag"], fields["gfve_nn_present_flag"]) == (0, 1, 1)
    settings = {"gfve_gfv_cnt": 1, "gfve_base_picture_flag": 1, "gfve_nn_present_flag": 1}
    fields = gfv_sei.message_from_values(224, enhancing | settings, {"pupils": EYES}).fields
    assert not {"gfve_base_picture_flag", "gfve_nn_present_flag", "gfve_nn_mode_idc"} & fields.keys()


def said(payload_type: int, records: list[tuple[dict[str, Any], dict[str, Any]]], **quirks: Any) -> list[Any]:
    """What a reader makes of the last of some messages: its elements and its values."""
    writing, reading = gfv_sei.DecodingState(Quirks(**quirks)), gfv_sei.DecodingState()
    for header, values in records:
        msg = gfv_sei.message_from_values(payload_type, header, values, state=writing)
        found = gfv_sei.parse_payload(payload_type, gfv_sei.write_payload(msg, state=writing), state=reading)
    return [found.fields, found.values]


def test_predicted_values_have_the_precision_of_the_base_message_whatever_is_given() -> None:
    """Decoders take that one. A message that need not be predicted keeps the one given, and is absolute."""
    coordinates = [(FACE | {"gfv_coordinate_precision_factor_minus1": 7}, {"coordinates": POINT})]
    other = FURTHER | {"gfv_coordinate_precision_factor_minus1": 0}
    moved = {"coordinates": [[0.25, -0.125]]}
    fields, values = said(223, [*coordinates, (other | {"gfv_kps_pred_flag": 1}, moved)])
    assert (fields["gfv_coordinate_dx_abs"], values) == ([64], moved)
    fields, values = said(223, [*coordinates, (other, moved)])
    assert (fields["gfv_coordinate_precision_factor_minus1"], values["coordinates"]) == (0, [[0.5, 0.0]])

    matrices = [(FACE | {"gfv_matrix_element_precision_factor_minus1": 7}, {"matrices": [BOX]})]
    other = FURTHER | {"gfv_matrix_element_precision_factor_minus1": 0, "gfv_matrix_pred_flag": 1}
    turned = {"matrices": [{"type": 7, "elements": [[[1.25, 2.125]]]}]}
    assert said(223, [*matrices, (other, turned)])[1] == turned

    pupils = {"left": [0.5, 0.25], "right": [0.25, 0.125]}
    base = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": 0, "gfve_pupil_coordinate_precision_factor_minus1": 7}
    further = base | {"gfve_gfv_cnt": 1, "gfve_pupil_coordinate_precision_factor_minus1": 3}
    assert said(224, [(base, {"pupils": EYES}), (further, {"pupils": pupils})])[1] == {"pupils": pupils}
    for quirk in WRITERS.values():
        with pytest.raises(gfv_sei.MessageError, match="rounds to another precision"):
            said(224, [(base, {"pupils": EYES}), (further, {"pupils": pupils})], rounding=quirk.rounding)


def test_a_precision_may_be_given_where_nothing_is_coded_with_it() -> None:
    precisions = {f"gfv_{part}_precision_factor_minus1": 7 for part in ("coordinate", "matrix_element")}
    assert said(223, [(FACE | precisions, {"coordinates": POINT})])[1] == {"coordinates": POINT}
    assert said(223, [(FACE | precisions, {"matrices": [BOX]})])[1] == {"matrices": [BOX]}
    precisions = {f"gfve_{part}_precision_factor_minus1": 7 for part in ("pupil_coordinate", "matrix_element")}
    enhancing = {"gfve_id": 0, "gfve_gfv_id": 0} | precisions
    assert said(224, [(enhancing, {"pupils": {"left": [0, 0]}})])[1]["pupils"]["left"] == [0, 0]
    assert said(224, [(enhancing, {"matrices": [{"elements": [[[1]]]}]})])[1] == {"matrices": [{"elements": [[[1]]]}]}
    for name in precisions:
        with pytest.raises(gfv_sei.MessageError, match="out of range"):
            gfv_sei.message_from_values(224, enhancing | {name: 32}, {})


def test_what_goes_beyond_the_z_maximum_of_the_base_message_is_not_predicted() -> None:
    """A predicted message inherits that maximum."""
    base = (FACE, {"coordinates": POINT_3D})
    far = {"coordinates": [[0.0, 0.0, 1.5]]}
    fields, values = said(223, [base, (FURTHER, far)])
    assert (fields["gfv_kps_pred_flag"], fields["gfv_coordinate_z_max_value_minus1"], values) == (0, 1, far)
    assert said(223, [base, (FURTHER | {"gfv_kps_pred_flag": 1}, far)])[1] == far
    maximum = {"gfv_coordinate_z_max_value_minus1": 5}
    assert said(223, [base, (FURTHER | maximum, {"coordinates": POINT_3D})])[0]["gfv_kps_pred_flag"] == 0
    wide = (FACE | maximum, {"coordinates": POINT_3D})
    for header in (FURTHER, FURTHER | maximum):
        assert said(223, [wide, (header, far)])[0]["gfv_kps_pred_flag"] == 1


def test_a_base_message_is_not_predicted_whatever_is_given() -> None:
    elements = {"matrices": [{"elements": [[[1]]]}]}
    fields, values = said(224, [({"gfve_id": 0, "gfve_gfv_id": 0, "gfve_matrix_pred_flag": 1}, elements)])
    assert "gfve_matrix_pred_flag" not in fields
    assert values == elements


@pytest.mark.parametrize("wanted", [0, 1, None])
def test_a_base_message_that_the_reference_writer_does_not_store(wanted: int | None) -> None:
    """JM then has the layout of one base message and the values of another, so matrices cannot be predicted."""
    state = gfv_sei.DecodingState(Quirks(every_second_stored=True))
    for row in ([1, 2], [1, 2, 3]):
        header = FACE | {"gfv_base_picture_flag": 1}
        msg = gfv_sei.message_from_values(223, header, {"matrices": [{"type": 7, "elements": [[row]]}]}, state=state)
        gfv_sei.write_payload(msg, state=state)
    header = FACE | {"gfv_base_picture_flag": 0, "gfv_matrix_pred_flag": wanted}
    values = {"matrices": [{"type": 7, "elements": [[[1, 2, 3]]]}]}
    if wanted:
        with pytest.raises(gfv_sei.MessageError, match="cannot predict"):
            gfv_sei.message_from_values(223, header, values, state=state)
    else:
        assert gfv_sei.message_from_values(223, header, values, state=state).fields["gfv_matrix_pred_flag"] == 0
