"""GFV messages with keypoints, put together by hand: hex, bits, elements, JSON and values, side by side."""

from unit.hand_made import fixture

# fmt: off
fixture(
    "base_absolute",
    "a base message with two keypoints, coded absolutely; a zero has no sign",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "e6 22 11 08 d1",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    1                                  gfv_low_confidence_face_parameter_flag = 1
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    00100                              gfv_coordinate_precision_factor_minus1 = 3
    010                                gfv_num_kps_minus1 = 1
    0                                  gfv_coordinate_z_present_flag = 0
    00100                              gfv_coordinate_x_abs = 3
    0                                  gfv_coordinate_x_sign_flag = 0
    1                                  gfv_coordinate_y_abs = 0
    000010001                          gfv_coordinate_x_abs = 16
    1                                  gfv_coordinate_x_sign_flag = 1
    010                                gfv_coordinate_y_abs = 1
    0                                  gfv_coordinate_y_sign_flag = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 1,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 3,
     'gfv_num_kps_minus1': 1,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [3, 16],
     'gfv_coordinate_x_sign_flag': [0, 1],
     'gfv_coordinate_y_abs': [0, 1],
     'gfv_coordinate_y_sign_flag': [0, 0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.1875, 0.0], [-1.0, 0.0625]]},
    after=(),
)

fixture(
    "base_chained",
    "a base message in 3D: each keypoint is predicted from the one before",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "00 80 63 b8 00 04 00 01 1f 98 a8 00 00 80 00 68",
    """
    00000000100000000                  gfv_id = 255
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    1                                  gfv_kps_pred_flag = 1
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    011                                gfv_num_kps_minus1 = 2
    1                                  gfv_coordinate_z_present_flag = 1
    000000000000000010000000000000000  gfv_coordinate_z_max_value_minus1 = 65535
    010                                gfv_coordinate_dx_abs = 1
    0                                  gfv_coordinate_dx_sign_flag = 0
    011                                gfv_coordinate_dy_abs = 2
    1                                  gfv_coordinate_dy_sign_flag = 1
    1                                  gfv_coordinate_dz_abs = 0
    1                                  gfv_coordinate_dx_abs = 0
    1                                  gfv_coordinate_dy_abs = 0
    00110                              gfv_coordinate_dz_abs = 5
    0                                  gfv_coordinate_dz_sign_flag = 0
    010                                gfv_coordinate_dx_abs = 1
    1                                  gfv_coordinate_dx_sign_flag = 1
    010                                gfv_coordinate_dy_abs = 1
    0                                  gfv_coordinate_dy_sign_flag = 0
    00000000000000000100000000000000001 gfv_coordinate_dz_abs = 131072
    1                                  gfv_coordinate_dz_sign_flag = 1
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 255,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 1,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 2,
     'gfv_coordinate_z_present_flag': 1,
     'gfv_coordinate_z_max_value_minus1': 65535,
     'gfv_coordinate_dx_abs': [1, 0, 1],
     'gfv_coordinate_dx_sign_flag': [0, 0, 1],
     'gfv_coordinate_dy_abs': [2, 0, 1],
     'gfv_coordinate_dy_sign_flag': [1, 0, 0],
     'gfv_coordinate_dz_abs': [0, 5, 131072],
     'gfv_coordinate_dz_sign_flag': [0, 0, 1],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.5, -1.0, 0.0], [0.5, -1.0, 2.5], [0.0, -0.5, -65533.5]]},
    after=(),
)

fixture(
    "base_finest",
    "precision 32: one unit is 2^-32, and 2^32 units are 1",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "00 40 38 81 04 80 00 00 00 10 00 00 00 1a",
    """
    0000000001000000001                gfv_id = 512
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    00000100000                        gfv_coordinate_precision_factor_minus1 = 31
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    010                                gfv_coordinate_x_abs = 1
    0                                  gfv_coordinate_x_sign_flag = 0
    00000000000000000000000000000000100000000000000000000000000000001 gfv_coordinate_y_abs = 4294967296
    1                                  gfv_coordinate_y_sign_flag = 1
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 512,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 31,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [1],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [4294967296],
     'gfv_coordinate_y_sign_flag': [1],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[2.3283064365386963e-10, -1.0]]},
    after=(),
)

fixture(
    "driving_absolute_vsei4",
    "a driving message with keypoints of its own, one of them in 3D",
    223,
    ('vsei4',),
    "d4 b9 64 22",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    0                                  gfv_base_picture_flag = 0
    1                                  gfv_fusion_pic_flag = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    010                                gfv_coordinate_precision_factor_minus1 = 1
    1                                  gfv_num_kps_minus1 = 0
    1                                  gfv_coordinate_z_present_flag = 1
    1                                  gfv_coordinate_z_max_value_minus1 = 0
    00101                              gfv_coordinate_x_abs = 4
    1                                  gfv_coordinate_x_sign_flag = 1
    00100                              gfv_coordinate_y_abs = 3
    0                                  gfv_coordinate_y_sign_flag = 0
    010                                gfv_coordinate_z_abs = 1
    0                                  gfv_coordinate_z_sign_flag = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 0,
     'gfv_fusion_pic_flag': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 1,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 1,
     'gfv_coordinate_z_max_value_minus1': 0,
     'gfv_coordinate_x_abs': [4],
     'gfv_coordinate_x_sign_flag': [1],
     'gfv_coordinate_y_abs': [3],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_coordinate_z_abs': [1],
     'gfv_coordinate_z_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[-1.0, 0.75, 0.25]]},
    after=(),
)

fixture(
    "driving_predicted_vsei4",
    "a driving message predicts from the base message, whose precision and number hold",
    223,
    ('vsei4',),
    "d6 48 44 94",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    0                                  gfv_base_picture_flag = 0
    1                                  gfv_fusion_pic_flag = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    1                                  gfv_kps_pred_flag = 1
    00100                              gfv_coordinate_dx_abs = 3
    1                                  gfv_coordinate_dx_sign_flag = 1
    000010001                          gfv_coordinate_dy_abs = 16
    0                                  gfv_coordinate_dy_sign_flag = 0
    010                                gfv_coordinate_dx_abs = 1
    0                                  gfv_coordinate_dx_sign_flag = 0
    1                                  gfv_coordinate_dy_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 0,
     'gfv_fusion_pic_flag': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 1,
     'gfv_coordinate_dx_abs': [3, 1],
     'gfv_coordinate_dx_sign_flag': [1, 0],
     'gfv_coordinate_dy_abs': [16, 0],
     'gfv_coordinate_dy_sign_flag': [0, 0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 1.0], [-0.9375, 0.0625]]},
    after=('base_absolute',),
)

fixture(
    "driving_absolute_draft-b",
    "a driving message with keypoints of its own, one of them in 3D",
    223,
    ('draft-b', 'draft-a'),
    "d4 b9 64 22",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    0                                  gfv_base_picture_flag = 0
    1                                  gfv_drive_picture_fusion_flag = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    010                                gfv_coordinate_precision_factor_minus1 = 1
    1                                  gfv_num_kps_minus1 = 0
    1                                  gfv_coordinate_z_present_flag = 1
    1                                  gfv_coordinate_z_max_value_minus1 = 0
    00101                              gfv_coordinate_x_abs = 4
    1                                  gfv_coordinate_x_sign_flag = 1
    00100                              gfv_coordinate_y_abs = 3
    0                                  gfv_coordinate_y_sign_flag = 0
    010                                gfv_coordinate_z_abs = 1
    0                                  gfv_coordinate_z_sign_flag = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 0,
     'gfv_drive_picture_fusion_flag': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 1,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 1,
     'gfv_coordinate_z_max_value_minus1': 0,
     'gfv_coordinate_x_abs': [4],
     'gfv_coordinate_x_sign_flag': [1],
     'gfv_coordinate_y_abs': [3],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_coordinate_z_abs': [1],
     'gfv_coordinate_z_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[-1.0, 0.75, 0.25]]},
    after=(),
)

fixture(
    "driving_predicted_draft-b",
    "a driving message predicts from the base message, whose precision and number hold",
    223,
    ('draft-b', 'draft-a'),
    "d6 48 44 94",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    0                                  gfv_base_picture_flag = 0
    1                                  gfv_drive_picture_fusion_flag = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    1                                  gfv_kps_pred_flag = 1
    00100                              gfv_coordinate_dx_abs = 3
    1                                  gfv_coordinate_dx_sign_flag = 1
    000010001                          gfv_coordinate_dy_abs = 16
    0                                  gfv_coordinate_dy_sign_flag = 0
    010                                gfv_coordinate_dx_abs = 1
    0                                  gfv_coordinate_dx_sign_flag = 0
    1                                  gfv_coordinate_dy_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 0,
     'gfv_drive_picture_fusion_flag': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 1,
     'gfv_coordinate_dx_abs': [3, 1],
     'gfv_coordinate_dx_sign_flag': [1, 0],
     'gfv_coordinate_dy_abs': [16, 0],
     'gfv_coordinate_dy_sign_flag': [0, 0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 1.0], [-0.9375, 0.0625]]},
    after=('base_absolute',),
)

fixture(
    "further_vsei4",
    "a further message predicts from the message before; it has no fusion flag",
    223,
    ('vsei4',),
    "a7 54 a0",
    """
    1                                  gfv_id = 0
    010                                gfv_cnt = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    1                                  gfv_kps_pred_flag = 1
    1                                  gfv_coordinate_dx_abs = 0
    010                                gfv_coordinate_dy_abs = 1
    1                                  gfv_coordinate_dy_sign_flag = 1
    010                                gfv_coordinate_dx_abs = 1
    0                                  gfv_coordinate_dx_sign_flag = 0
    1                                  gfv_coordinate_dy_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 1,
     'gfv_coordinate_dx_abs': [0, 1],
     'gfv_coordinate_dx_sign_flag': [0, 0],
     'gfv_coordinate_dy_abs': [1, 0],
     'gfv_coordinate_dy_sign_flag': [1, 0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.9375], [-0.875, 0.0625]]},
    after=('base_absolute', 'driving_predicted_vsei4'),
)

fixture(
    "further_draft-b",
    "a further message predicts from the message before; it has a fusion flag",
    223,
    ('draft-b', 'draft-a'),
    "a3 aa 50",
    """
    1                                  gfv_id = 0
    010                                gfv_cnt = 1
    0                                  gfv_drive_picture_fusion_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    1                                  gfv_kps_pred_flag = 1
    1                                  gfv_coordinate_dx_abs = 0
    010                                gfv_coordinate_dy_abs = 1
    1                                  gfv_coordinate_dy_sign_flag = 1
    010                                gfv_coordinate_dx_abs = 1
    0                                  gfv_coordinate_dx_sign_flag = 0
    1                                  gfv_coordinate_dy_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 1,
     'gfv_drive_picture_fusion_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 1,
     'gfv_coordinate_dx_abs': [0, 1],
     'gfv_coordinate_dx_sign_flag': [0, 0],
     'gfv_coordinate_dy_abs': [1, 0],
     'gfv_coordinate_dy_sign_flag': [1, 0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.9375], [-0.875, 0.0625]]},
    after=('base_absolute', 'driving_predicted_draft-b'),
)
