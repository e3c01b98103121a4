"""Arrays that are longer than the stretch of bits that is read at a time, and numbers longer than usual in them."""

import random

import pytest

from gfv_sei import GfvError, message_from_dict, parse_payload, write_payload

KEYPOINTS = 6000  # some 20 kB of payload


def message(magnitudes):
    chance = random.Random(len(magnitudes))
    signs = [[chance.randrange(2) if value else 0 for value in magnitudes] for _ in "xy"]
    return {
        "gfv_id": 3,
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 0,
        "gfv_chroma_key_info_present_flag": 0,
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_present_flag": 1,
        "gfv_kps_pred_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 31,
        "gfv_num_kps_minus1": len(magnitudes) - 1,
        "gfv_coordinate_z_present_flag": 0,
        "gfv_coordinate_x_abs": magnitudes,
        "gfv_coordinate_x_sign_flag": signs[0],
        "gfv_coordinate_y_abs": magnitudes[::-1],
        "gfv_coordinate_y_sign_flag": [s if v else 0 for s, v in zip(signs[1], magnitudes[::-1], strict=True)],
        "gfv_matrix_present_flag": 0,
    }


def magnitudes(seed, longest):
    chance = random.Random(seed)
    return [chance.getrandbits(chance.randrange(longest)) for _ in range(KEYPOINTS)]


@pytest.mark.parametrize("longest", [2, 9, 32, 40])
def test_a_long_array_comes_back(longest):
    made = message(magnitudes(longest, longest))
    payload = write_payload(message_from_dict(223, made))
    read = parse_payload(223, payload)
    assert read.to_dict() == made
    assert sum(bits for _, _, bits, _ in read.elements) == 8 * len(payload)
    coded = [(name, value) for name, value, _, _ in read.elements if name == "gfv_coordinate_x_abs"]
    assert [value for _, value in coded] == made["gfv_coordinate_x_abs"]
    codes = {name: descriptor for name, _, _, descriptor in read.elements if name.startswith("gfv_coordinate_x_")}
    assert codes == {"gfv_coordinate_x_abs": "ue(v)", "gfv_coordinate_x_sign_flag": "u(1)"}


def test_signs_of_zero_have_no_element():
    made = message([0, 5, 0, 0, 7, 0])
    read = parse_payload(223, write_payload(message_from_dict(223, made)))
    names = [name for name, _, _, _ in read.elements]
    assert names.count("gfv_coordinate_x_abs") == 6
    assert names.count("gfv_coordinate_x_sign_flag") == 2


@pytest.mark.parametrize("kept", [4090, 4096, 4097, 8192, 10000])
def test_a_long_array_that_ends_early_names_the_element(kept):
    payload = write_payload(message_from_dict(223, message(magnitudes(5, 9))))
    with pytest.raises(GfvError) as refused:
        parse_payload(223, payload[:kept])
    assert refused.value.element.startswith("gfv_coordinate_")
    assert refused.value.element.endswith(" ]")
    # The element that the bits end in begins less than a code before the end.
    assert 8 * kept - 40 < refused.value.bit <= 8 * kept


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("gfv_coordinate_x_abs", 4321, -1),
        ("gfv_coordinate_x_abs", 4321, 1.0),
        ("gfv_coordinate_x_abs", 4321, True),
        ("gfv_coordinate_y_abs", 17, 2**70),
        ("gfv_coordinate_y_sign_flag", 5999, 2),
        ("gfv_coordinate_y_sign_flag", 5999, [1]),
    ],
)
def test_a_wrong_value_in_a_long_array_is_named(name, place, value):
    made = message([value + 1 for value in magnitudes(6, 9)])
    made[name] = [*made[name][:place], value, *made[name][place + 1 :]]
    with pytest.raises(GfvError) as refused:
        write_payload(message_from_dict(223, made))
    assert refused.value.element == f"{name}[ {place} ]"
