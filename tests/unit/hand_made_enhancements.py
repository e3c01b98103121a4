"""GFVE messages, put together by hand: hex, bits, elements, JSON and values, side by side."""

from unit.hand_made import fixture

# fmt: off
fixture(
    "enhancement_base",
    "two matrices, height before width, and both pupils: the right one starts from the left",
    224,
    ('vsei4', 'draft-b', 'draft-a'),
    "5d 4a d7 91 92 b6 58 44 25",
    """
    010                                gfve_id = 1
    1                                  gfve_gfv_id = 0
    1                                  gfve_gfv_cnt = 0
    1                                  gfve_base_picture_flag = 1
    0                                  gfve_nn_present_flag = 0
    1                                  gfve_matrix_present_flag = 1
    010                                gfve_matrix_element_precision_factor_minus1 = 1
    010                                gfve_num_matrices_minus1 = 1
    1                                  gfve_matrix_height_minus1 = 0
    011                                gfve_matrix_width_minus1 = 2
    010                                gfve_matrix_height_minus1 = 1
    1                                  gfve_matrix_width_minus1 = 0
    1                                  gfve_matrix_element_int = 0
    11                                 gfve_matrix_element_dec = 3
    0                                  gfve_matrix_element_sign_flag = 0
    010                                gfve_matrix_element_int = 1
    00                                 gfve_matrix_element_dec = 0
    1                                  gfve_matrix_element_sign_flag = 1
    1                                  gfve_matrix_element_int = 0
    00                                 gfve_matrix_element_dec = 0
    1                                  gfve_matrix_element_int = 0
    00                                 gfve_matrix_element_dec = 0
    1                                  gfve_matrix_element_int = 0
    01                                 gfve_matrix_element_dec = 1
    0                                  gfve_matrix_element_sign_flag = 0
    11                                 gfve_pupil_coordinate_present_idx = 3
    011                                gfve_pupil_coordinate_precision_factor_minus1 = 2
    00101                              gfve_pupil_left_eye_dx_coordinate_abs = 4
    1                                  gfve_pupil_left_eye_dx_coordinate_sign_flag = 1
    000010001                          gfve_pupil_left_eye_dy_coordinate_abs = 16
    0                                  gfve_pupil_left_eye_dy_coordinate_sign_flag = 0
    0001001                            gfve_pupil_right_eye_dx_coordinate_abs = 8
    0                                  gfve_pupil_right_eye_dx_coordinate_sign_flag = 0
    1                                  gfve_pupil_right_eye_dy_coordinate_abs = 0
    """,
    message={'gfve_id': 1,
     'gfve_gfv_id': 0,
     'gfve_gfv_cnt': 0,
     'gfve_base_picture_flag': 1,
     'gfve_nn_present_flag': 0,
     'gfve_matrix_present_flag': 1,
     'gfve_matrix_element_precision_factor_minus1': 1,
     'gfve_num_matrices_minus1': 1,
     'gfve_matrix_height_minus1': [0, 1],
     'gfve_matrix_width_minus1': [2, 0],
     'gfve_matrix_element_int': [[[0, 1, 0]], [[0], [0]]],
     'gfve_matrix_element_dec': [[[3, 0, 0]], [[0], [1]]],
     'gfve_matrix_element_sign_flag': [[[0, 1, 0]], [[0], [0]]],
     'gfve_pupil_coordinate_present_idx': 3,
     'gfve_pupil_coordinate_precision_factor_minus1': 2,
     'gfve_pupil_left_eye_dx_coordinate_abs': 4,
     'gfve_pupil_left_eye_dx_coordinate_sign_flag': 1,
     'gfve_pupil_left_eye_dy_coordinate_abs': 16,
     'gfve_pupil_left_eye_dy_coordinate_sign_flag': 0,
     'gfve_pupil_right_eye_dx_coordinate_abs': 8,
     'gfve_pupil_right_eye_dx_coordinate_sign_flag': 0,
     'gfve_pupil_right_eye_dy_coordinate_abs': 0},
    values={'matrices': [{'elements': [[[0.75, -1.0, 0.0]], [[0.0], [0.25]]]}],
     'pupils': {'left': [-0.5, 2.0], 'right': [0.5, 2.0]}},
    after=(),
)

fixture(
    "enhancement_driving",
    "predicted matrices have fractions of q bits; the left pupil moves from the base message",
    224,
    ('vsei4', 'draft-b', 'draft-a'),
    "5b 9d 13 8a 60",
    """
    010                                gfve_id = 1
    1                                  gfve_gfv_id = 0
    1                                  gfve_gfv_cnt = 0
    0                                  gfve_base_picture_flag = 0
    1                                  gfve_matrix_present_flag = 1
    1                                  gfve_matrix_pred_flag = 1
    1                                  gfve_matrix_delta_element_int = 0
    00                                 gfve_matrix_delta_element_dec = 0
    1                                  gfve_matrix_delta_element_int = 0
    11                                 gfve_matrix_delta_element_dec = 3
    0                                  gfve_matrix_delta_element_sign_flag = 0
    1                                  gfve_matrix_delta_element_int = 0
    00                                 gfve_matrix_delta_element_dec = 0
    010                                gfve_matrix_delta_element_int = 1
    01                                 gfve_matrix_delta_element_dec = 1
    1                                  gfve_matrix_delta_element_sign_flag = 1
    1                                  gfve_matrix_delta_element_int = 0
    00                                 gfve_matrix_delta_element_dec = 0
    01                                 gfve_pupil_coordinate_present_idx = 1
    010                                gfve_pupil_left_eye_dx_coordinate_abs = 1
    0                                  gfve_pupil_left_eye_dx_coordinate_sign_flag = 0
    1                                  gfve_pupil_left_eye_dy_coordinate_abs = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfve_id': 1,
     'gfve_gfv_id': 0,
     'gfve_gfv_cnt': 0,
     'gfve_base_picture_flag': 0,
     'gfve_matrix_present_flag': 1,
     'gfve_matrix_pred_flag': 1,
     'gfve_matrix_delta_element_int': [[[0, 0, 0]], [[1], [0]]],
     'gfve_matrix_delta_element_dec': [[[0, 3, 0]], [[1], [0]]],
     'gfve_matrix_delta_element_sign_flag': [[[0, 0, 0]], [[1], [0]]],
     'gfve_pupil_coordinate_present_idx': 1,
     'gfve_pupil_left_eye_dx_coordinate_abs': 1,
     'gfve_pupil_left_eye_dx_coordinate_sign_flag': 0,
     'gfve_pupil_left_eye_dy_coordinate_abs': 0},
    values={'matrices': [{'elements': [[[0.75, -0.25, 0.0]], [[-1.25], [0.25]]]}],
     'pupils': {'left': [-0.375, 2.0], 'right': [0.5, 2.0]}},
    after=('enhancement_base',),
)

fixture(
    "enhancement_further",
    "the right pupil moves from the message before, the left one stays; matrices of their own",
    224,
    ('vsei4', 'draft-b', 'draft-a'),
    "55 7e a1 1c",
    """
    010                                gfve_id = 1
    1                                  gfve_gfv_id = 0
    010                                gfve_gfv_cnt = 1
    1                                  gfve_matrix_present_flag = 1
    0                                  gfve_matrix_pred_flag = 0
    1                                  gfve_matrix_element_precision_factor_minus1 = 0
    1                                  gfve_num_matrices_minus1 = 0
    1                                  gfve_matrix_height_minus1 = 0
    1                                  gfve_matrix_width_minus1 = 0
    1                                  gfve_matrix_element_int = 0
    1                                  gfve_matrix_element_dec = 1
    0                                  gfve_matrix_element_sign_flag = 0
    10                                 gfve_pupil_coordinate_present_idx = 2
    1                                  gfve_pupil_right_eye_dx_coordinate_abs = 0
    000010001                          gfve_pupil_right_eye_dy_coordinate_abs = 16
    1                                  gfve_pupil_right_eye_dy_coordinate_sign_flag = 1
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfve_id': 1,
     'gfve_gfv_id': 0,
     'gfve_gfv_cnt': 1,
     'gfve_matrix_present_flag': 1,
     'gfve_matrix_pred_flag': 0,
     'gfve_matrix_element_precision_factor_minus1': 0,
     'gfve_num_matrices_minus1': 0,
     'gfve_matrix_height_minus1': [0],
     'gfve_matrix_width_minus1': [0],
     'gfve_matrix_element_int': [[[0]]],
     'gfve_matrix_element_dec': [[[1]]],
     'gfve_matrix_element_sign_flag': [[[0]]],
     'gfve_pupil_coordinate_present_idx': 2,
     'gfve_pupil_right_eye_dx_coordinate_abs': 0,
     'gfve_pupil_right_eye_dy_coordinate_abs': 16,
     'gfve_pupil_right_eye_dy_coordinate_sign_flag': 1},
    values={'matrices': [{'elements': [[[0.5]]]}], 'pupils': {'left': [-0.375, 2.0], 'right': [0.5, 0.0]}},
    after=('enhancement_base', 'enhancement_driving'),
)

fixture(
    "enhancement_network",
    "a network and nothing else; before any base message with pupils there are none",
    224,
    ('vsei4', 'draft-b', 'draft-a'),
    "5f 00 ff",
    """
    010                                gfve_id = 1
    1                                  gfve_gfv_id = 0
    1                                  gfve_gfv_cnt = 0
    1                                  gfve_base_picture_flag = 1
    1                                  gfve_nn_present_flag = 1
    1                                  gfve_nn_mode_idc = 0
    0                                  gfve_matrix_present_flag = 0
    00                                 gfve_pupil_coordinate_present_idx = 0
    0                                  gfve_nn_alignment_zero_bit_b = 0
    0                                  gfve_nn_alignment_zero_bit_b = 0
    0                                  gfve_nn_alignment_zero_bit_b = 0
    0                                  gfve_nn_alignment_zero_bit_b = 0
    0                                  gfve_nn_alignment_zero_bit_b = 0
    11111111                           gfve_nn_payload_byte = 255
    """,
    message={'gfve_id': 1,
     'gfve_gfv_id': 0,
     'gfve_gfv_cnt': 0,
     'gfve_base_picture_flag': 1,
     'gfve_nn_present_flag': 1,
     'gfve_nn_mode_idc': 0,
     'gfve_matrix_present_flag': 0,
     'gfve_pupil_coordinate_present_idx': 0,
     'gfve_nn_payload_byte': '/w=='},
    values={},
    after=(),
)

fixture(
    "enhancement_pupils_reset",
    "a base message without pupils after one with: they fall back to 0",
    224,
    ('vsei4', 'draft-b', 'draft-a'),
    "5c 20",
    """
    010                                gfve_id = 1
    1                                  gfve_gfv_id = 0
    1                                  gfve_gfv_cnt = 0
    1                                  gfve_base_picture_flag = 1
    0                                  gfve_nn_present_flag = 0
    0                                  gfve_matrix_present_flag = 0
    00                                 gfve_pupil_coordinate_present_idx = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfve_id': 1,
     'gfve_gfv_id': 0,
     'gfve_gfv_cnt': 0,
     'gfve_base_picture_flag': 1,
     'gfve_nn_present_flag': 0,
     'gfve_matrix_present_flag': 0,
     'gfve_pupil_coordinate_present_idx': 0},
    values={'pupils': {'left': [0.0, 0.0], 'right': [0.0, 0.0]}},
    after=('enhancement_base',),
)
