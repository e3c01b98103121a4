"""From which message values are predicted, when messages with other layouts stand in between; told by plain numbers."""

from __future__ import annotations

from typing import Any

import pytest
from unit.test_boundaries import BASE, keypoints, matrices

import gfv_sei
from gfv_sei.meaning.quirks import READERS, Quirks

FURTHER = {"gfv_id": 0, "gfv_low_confidence_face_parameter_flag": 0}
DRIVING = {"gfv_base_picture_flag": 0, "gfv_fusion_pic_flag": 0}
IN_3D = {"gfv_coordinate_z_present_flag": 1, "gfv_coordinate_z_max_value_minus1": 0}


def points(cnt: int, predicted: int, x: list[int], y: list[int], z: list[int] | None = None) -> dict[str, Any]:
    """A message with keypoints of positive numbers, in units of a half."""
    letters = "d" if predicted else ""
    axes = {"x": x, "y": y} | ({} if z is None else {"z": z})
    message = FURTHER | (DRIVING if cnt == 0 else {}) | {"gfv_cnt": cnt}
    message |= {"gfv_coordinate_present_flag": 1, "gfv_kps_pred_flag": predicted, "gfv_matrix_present_flag": 0}
    if not predicted:
        message |= {"gfv_coordinate_precision_factor_minus1": 0, "gfv_num_kps_minus1": len(x) - 1}
        message |= {"gfv_coordinate_z_present_flag": 0} if z is None else IN_3D
    for axis, numbers in axes.items():
        message[f"gfv_coordinate_{letters}{axis}_abs"] = numbers
        message[f"gfv_coordinate_{letters}{axis}_sign_flag"] = [0] * len(numbers)
    return message


def boxes(cnt: int, predicted: int, rows: list[list[list[int]]]) -> dict[str, Any]:
    """A message with matrices of type 7 of positive whole numbers, [matrix][row][column]."""
    letters = "delta_" if predicted else ""
    message = FURTHER | (DRIVING if cnt == 0 else {}) | {"gfv_cnt": cnt}
    message |= {"gfv_coordinate_present_flag": 0, "gfv_matrix_present_flag": 1, "gfv_matrix_pred_flag": predicted}
    if not predicted:
        sized = matrices(len(rows), len(rows[0]), len(rows[0][0]))
        message |= {
            name: value
            for name, value in sized.items()
            if name.endswith(("minus1", "type_idx")) and name.startswith("gfv_") and "coordinate" not in name
        }
    zeros = [[[[0] * len(row) for row in one] for one in rows]]
    message[f"gfv_matrix_{letters}element_int"] = [rows]
    message[f"gfv_matrix_{letters}element_dec"] = zeros
    message[f"gfv_matrix_{letters}element_sign_flag"] = zeros
    return message


def base_boxes(rows: list[list[list[int]]]) -> dict[str, Any]:
    return matrices(len(rows), len(rows[0]), len(rows[0][0])) | {"gfv_matrix_element_int": [rows]}


def written(*messages: dict[str, Any], payload_type: int = 223) -> list[bytes]:
    state = gfv_sei.DecodingState()
    return [gfv_sei.write_payload(gfv_sei.message_from_dict(payload_type, one), "vsei4", state) for one in messages]


def last_values(*messages: dict[str, Any], state: gfv_sei.DecodingState | None = None) -> dict[str, Any]:
    """What the last message means to a reader; all but that are written, too."""
    state = state or gfv_sei.DecodingState()
    found: dict[str, Any] = {}
    for payload in written(*messages):
        found = gfv_sei.parse_payload(223, payload, "vsei4", state).values
    return found


def refused(*messages: dict[str, Any]) -> gfv_sei.GfvError:
    written(*messages[:-1])
    with pytest.raises(gfv_sei.PredictionError) as error:
        written(*messages)
    return error.value


def test_too_few_keypoints_before() -> None:
    error = refused(keypoints(3), points(1, 0, [1], [1]), points(2, 1, [0] * 3, [0] * 3))
    assert (error.element, error.value) == ("gfv_kps_pred_flag", 1)
    assert error.reason == "the message that is predicted from has 1 keypoint in 2 dimensions, too few for 3 in 2"


def test_too_few_dimensions_before() -> None:
    base = BASE | IN_3D | {"gfv_coordinate_z_abs": [1], "gfv_coordinate_z_sign_flag": [0]}
    error = refused(base, points(1, 0, [1, 1], [1, 1]), points(2, 1, [0], [0], [0]))
    assert (error.element, error.value) == ("gfv_kps_pred_flag", 1)
    assert error.reason == "the message that is predicted from has 2 keypoints in 2 dimensions, too few for 1 in 3"


def test_more_keypoints_before_than_are_needed() -> None:
    """The layout is that of the base message, the reference the message before."""
    values = last_values(keypoints(1), points(1, 0, [2, 9], [4, 9]), points(2, 1, [1], [1]))
    assert values == {"coordinates": [[1.5, 2.5]]}


def test_keypoints_of_the_next_picture_start_from_the_base() -> None:
    values = last_values(keypoints(1), points(1, 0, [2], [4]), points(0, 1, [1], [3]))
    assert values == {"coordinates": [[0.5, 1.5]]}


def test_matrices_of_another_layout_before() -> None:
    error = refused(base_boxes([[[1]]]), boxes(1, 0, [[[5, 6]]]), boxes(2, 1, [[[1]]]))
    assert (error.element, error.value) == ("gfv_matrix_pred_flag", 1)
    assert error.reason == "the message that is predicted from has other matrix types or sizes than the base message"


def test_matrices_of_the_same_number_of_elements_are_another_layout() -> None:
    assert refused(base_boxes([[[1, 2]]]), boxes(1, 0, [[[5], [6]]]), boxes(2, 1, [[[1, 1]]])).value == 1


def test_matrices_of_the_next_picture_start_from_the_base_whatever_came_between() -> None:
    values = last_values(base_boxes([[[1, 2]]]), boxes(1, 0, [[[5], [6]]]), boxes(0, 1, [[[10, 20]]]))
    assert values == {"matrices": [{"type": 7, "elements": [[[11.0, 22.0]]]}]}


def test_matrices_of_the_same_picture_start_from_the_message_before() -> None:
    values = last_values(base_boxes([[[1, 2]]]), boxes(1, 0, [[[5, 6]]]), boxes(2, 1, [[[10, 20]]]))
    assert values == {"matrices": [{"type": 7, "elements": [[[15.0, 26.0]]]}]}


def as_vtm_reads(base: list[Any], between: list[Any], third: list[Any]) -> dict[str, Any]:
    """What the last of three messages means to it. Ours refuses to write that, so it is written behind the base."""
    state = gfv_sei.DecodingState(READERS["vtm"])
    predicted = written(base_boxes(base), boxes(2, 1, third))[-1]
    found: dict[str, Any] = {}
    for payload in (*written(base_boxes(base), boxes(1, 0, between)), predicted):
        found = gfv_sei.parse_payload(223, payload, "vsei4", state).values
    return found


@pytest.mark.parametrize("more", [0, 1])
def test_vtm_goes_by_subscripts(more: int) -> None:
    """Its reader takes the elements of the message before at the same matrix, row and column, whatever sizes it has."""
    between = [[[5, 6, 7], [8, 9, 10]], [[11, 12, 13], [14, 15, 16]], [[17, 18, 19], [20, 21, 22]]][: 2 + more]
    found = as_vtm_reads([[[1, 2]], [[3, 4]]], between, [[[10, 20]], [[30, 40]]])
    assert found == {"matrices": [{"type": 7, "elements": [[[15.0, 26.0]], [[41.0, 52.0]]]}]}


@pytest.mark.parametrize("between", [[[[5, 6]]], [[[5], [6], [7], [8]]] * 2])
def test_vtm_cannot_go_by_subscripts_beyond_the_end(between: list[Any]) -> None:
    with pytest.raises(gfv_sei.PredictionError, match="other matrix types or sizes"):
        as_vtm_reads([[[1, 2]], [[3, 4]]], between, [[[10, 20]], [[30, 40]]])


@pytest.mark.parametrize("reader", [None, "vtm", "hm", "jm"])
def test_all_readers_take_the_precision_and_number_of_types_of_the_last_base_message(reader: str | None) -> None:
    """VTM and HM keep the sizes of the first one, but only those."""
    value = {"type": 7, "elements": [[[0.5]]]}
    more = {"type": 8, "elements": [[[0.5]]]}
    writing = gfv_sei.DecodingState()
    reading = gfv_sei.DecodingState(READERS[reader] if reader else Quirks())
    for q, base, types in ((1, 1, [value]), (3, 1, [value, more]), (3, 0, [value, more])):
        header = {"gfv_id": 0, "gfv_cnt": 1 - base, "gfv_base_picture_flag": base, "gfv_matrix_pred_flag": 1 - base}
        header["gfv_matrix_element_precision_factor_minus1"] = q - 1
        given = [one | {"elements": [[[0.5 if base else 0.625]]]} for one in types]
        msg = gfv_sei.message_from_values(223, header, {"matrices": given}, state=writing)
        found = gfv_sei.parse_payload(223, gfv_sei.write_payload(msg, state=writing), state=reading).values
    assert [one["type"] for one in found["matrices"]] == [7, 8]
    assert [one["elements"] for one in found["matrices"]] == [[[[0.625]]]] * 2


def test_base_matrices_that_were_overwritten_by_others() -> None:
    """By that habit alone, as `gfv inspect` looks at it, there is nothing to predict from."""
    payloads = written(base_boxes([[[1, 2]]]), boxes(1, 0, [[[5], [6], [7]]]), boxes(0, 1, [[[10, 20]]]))
    state = gfv_sei.DecodingState(Quirks(base_matrices_overwritten=True))
    for payload in payloads[:-1]:
        gfv_sei.parse_payload(223, payload, "vsei4", state)
    with pytest.raises(gfv_sei.PredictionError, match="other matrix types or sizes"):
        gfv_sei.parse_payload(223, payloads[-1], "vsei4", state)


@pytest.mark.parametrize(("cnt", "expected"), [(0, 0.25), (2, 0.75)])
def test_pupils_start_from_the_base_in_the_next_picture_and_from_the_message_before_in_the_same(
    cnt: int, expected: float
) -> None:
    def pupils(cnt: int, base: int, units: int) -> dict[str, Any]:
        message: dict[str, Any] = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": cnt}
        message |= {"gfve_base_picture_flag": base} if cnt == 0 else {}
        message |= {"gfve_nn_present_flag": 0, "gfve_pupil_coordinate_precision_factor_minus1": 2} if base else {}
        message |= {"gfve_matrix_present_flag": 0, "gfve_pupil_coordinate_present_idx": 1}
        for axis in "xy":
            message[f"gfve_pupil_left_eye_d{axis}_coordinate_abs"] = units
            message[f"gfve_pupil_left_eye_d{axis}_coordinate_sign_flag"] = 0
        return message

    payloads = written(pupils(0, 1, 1), pupils(1, 0, 4), pupils(cnt, 0, 1), payload_type=224)
    state = gfv_sei.DecodingState()
    for payload in payloads:
        found = gfv_sei.parse_payload(224, payload, "vsei4", state).values
    assert found["pupils"]["left"] == [expected, expected]


@pytest.mark.parametrize("quirks", [Quirks(), READERS["vtm"]])
@pytest.mark.parametrize(("cnt", "expected"), [(0, 11.0), (2, 15.0)])
def test_matrices_of_gfve_start_from_the_base_in_the_next_picture(cnt: int, expected: float, quirks: Quirks) -> None:
    """In software whose reader overwrites the base matrices of GFV as well."""

    def box(cnt: int, base: int, predicted: int, number: int) -> dict[str, Any]:
        message: dict[str, Any] = {"gfve_id": 0, "gfve_gfv_id": 0, "gfve_gfv_cnt": cnt}
        message |= {"gfve_base_picture_flag": base} if cnt == 0 else {}
        message |= {"gfve_nn_present_flag": 0} if base else {"gfve_matrix_pred_flag": predicted}
        message |= {"gfve_matrix_present_flag": 1, "gfve_pupil_coordinate_present_idx": 0}
        if not predicted:
            message |= {"gfve_matrix_element_precision_factor_minus1": 0, "gfve_num_matrices_minus1": 0}
            message |= {"gfve_matrix_height_minus1": [0], "gfve_matrix_width_minus1": [0]}
        name = "gfve_matrix_delta_element" if predicted else "gfve_matrix_element"
        return message | {f"{name}_int": [[[number]]], f"{name}_dec": [[[0]]], f"{name}_sign_flag": [[[0]]]}

    state = gfv_sei.DecodingState(quirks)
    for payload in written(box(0, 1, 0, 1), box(1, 0, 0, 5), box(cnt, 0, 1, 10), payload_type=224):
        found = gfv_sei.parse_payload(224, payload, "vsei4", state).values
    assert found["matrices"] == [{"elements": [[[expected]]]}]


@pytest.mark.parametrize(
    ("quirks", "expected"), [(Quirks(), [0.5, 1.0, 1.5, 2.0]), (Quirks(every_second_stored=True), [0.5, 0.5, 1.0, 1.0])]
)
def test_a_chain_goes_on_from_message_to_message(quirks: Quirks, expected: list[float]) -> None:
    """Or drifts, where only every second message is stored."""
    state = gfv_sei.DecodingState(quirks)
    chain = [points(cnt, 1, [1], [1]) for cnt in (1, 2, 3, 4)]
    found = [gfv_sei.parse_payload(223, one, "vsei4", state).values for one in written(keypoints(1), *chain)]
    assert [one["coordinates"][0][0] for one in found[1:]] == expected


@pytest.mark.parametrize(("quirks", "expected"), [(Quirks(), 1.5), (Quirks(one_state=True), 2.5)])
def test_an_identifier_has_a_state_of_its_own(quirks: Quirks, expected: float) -> None:
    state = gfv_sei.DecodingState(quirks)
    bases = [BASE | {"gfv_id": i, "gfv_coordinate_x_abs": [number]} for i, number in ((0, 2), (1, 4))]
    for payload in written(*bases, points(0, 1, [1], [0])):
        found = gfv_sei.parse_payload(223, payload, "vsei4", state).values
    assert found["coordinates"] == [[expected, 0.0]]


@pytest.mark.parametrize(("quirks", "step"), [(Quirks(), 0), (Quirks(base_follows_setting=True), 1)])
def test_a_base_flag_that_is_not_coded_is_no_base_message(quirks: Quirks, step: int) -> None:
    """Writers of reference software take the message for the next base all the same."""
    state = gfv_sei.DecodingState(quirks)
    for setting, x in (({"gfv_cnt": 0}, 1.0), ({"gfv_cnt": 1, "gfv_base_picture_flag": 1}, 0.5), ({"gfv_cnt": 0}, 1.0)):
        header = {"gfv_id": 0, "gfv_coordinate_precision_factor_minus1": 0, "gfv_kps_pred_flag": 1, **setting}
        msg = gfv_sei.message_from_values(223, header, {"coordinates": [[x, x]]}, "vsei4", state)
        gfv_sei.write_payload(msg, "vsei4", state)
    assert msg.fields["gfv_coordinate_dx_abs"] == [step]
