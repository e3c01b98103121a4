"""GFV messages with matrices, put together by hand: hex, bits, elements, JSON and values, side by side."""

from unit.hand_made import fixture

# fmt: off
fixture(
    "all_matrix_types",
    "one of each matrix type beside two keypoints",
    223,
    ('vsei4', 'draft-b'),
    "e2 a7 e2 80 82 84 a1 e2 0a 30 ea 9f ff fd 49 a9 db 52 73 a4 eb 25 d6 92 e4 d0",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    010                                gfv_num_kps_minus1 = 1
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    1                                  gfv_matrix_present_flag = 1
    1                                  gfv_matrix_element_precision_factor_minus1 = 0
    0001010                            gfv_num_matrix_types_minus1 = 9
    000000                             gfv_matrix_type_idx = 0
    1                                  gfv_num_matrices_equal_to_num_kps_flag = 1
    000001                             gfv_matrix_type_idx = 1
    0                                  gfv_num_matrices_equal_to_num_kps_flag = 0
    1                                  gfv_num_matrices_info = 0
    000010                             gfv_matrix_type_idx = 2
    010                                gfv_matrix_width_minus1 = 1
    1                                  gfv_matrix_height_minus1 = 0
    000011                             gfv_matrix_type_idx = 3
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    000100                             gfv_matrix_type_idx = 4
    000101                             gfv_matrix_type_idx = 5
    000110                             gfv_matrix_type_idx = 6
    000111                             gfv_matrix_type_idx = 7
    010                                gfv_num_matrices_minus1 = 1
    1                                  gfv_matrix_width_minus1 = 0
    010                                gfv_matrix_height_minus1 = 1
    011111                             gfv_matrix_type_idx = 31
    1                                  gfv_num_matrices_minus1 = 0
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    111111                             gfv_matrix_type_idx = 63
    1                                  gfv_num_matrices_minus1 = 0
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 1,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0, 0],
     'gfv_coordinate_x_sign_flag': [0, 0],
     'gfv_coordinate_y_abs': [0, 0],
     'gfv_coordinate_y_sign_flag': [0, 0],
     'gfv_matrix_present_flag': 1,
     'gfv_matrix_element_precision_factor_minus1': 0,
     'gfv_num_matrix_types_minus1': 9,
     'gfv_matrix_type_idx': [0, 1, 2, 3, 4, 5, 6, 7, 31, 63],
     'gfv_num_matrices_equal_to_num_kps_flag': [1, 0, None, None, None, None, None, None, None, None],
     'gfv_num_matrices_info': [None, 0, None, None, None, None, None, None, None, None],
     'gfv_num_matrices_minus1': [None, None, None, None, None, None, None, 1, 0, 0],
     'gfv_matrix_width_minus1': [None, None, 1, 0, None, None, None, 0, 0, 0],
     'gfv_matrix_height_minus1': [None, None, 0, 0, None, None, None, 1, 0, 0],
     'gfv_matrix_element_int': [[[[0, 0], [0, 1]], [[0, 0], [0, 2]]],
                                [[[0, 0], [0, 0]]],
                                [[[1, 0]]],
                                [[[2]]],
                                [[[0, 1], [0, 0]]],
                                [[[0], [1]]],
                                [[[2], [0]]],
                                [[[0], [0]], [[1], [2]]],
                                [[[1]]],
                                [[[0]]]],
     'gfv_matrix_element_dec': [[[[1, 0], [0, 0]], [[0, 0], [0, 1]]],
                                [[[1, 1], [0, 0]]],
                                [[[0, 1]]],
                                [[[1]]],
                                [[[0, 0], [1, 0]]],
                                [[[1], [0]]],
                                [[[1], [0]]],
                                [[[1], [0]], [[0], [1]]],
                                [[[0]]],
                                [[[0]]]],
     'gfv_matrix_element_sign_flag': [[[[0, 0], [0, 1]], [[0, 0], [0, 0]]],
                                      [[[0, 0], [0, 0]]],
                                      [[[1, 0]]],
                                      [[[0]]],
                                      [[[0, 1], [0, 0]]],
                                      [[[0], [1]]],
                                      [[[0], [0]]],
                                      [[[0], [0]], [[1], [0]]],
                                      [[[1]]],
                                      [[[0]]]]},
    values={'coordinates': [[0.0, 0.0], [0.0, 0.0]],
     'matrices': [{'type': 0, 'elements': [[[0.5, 0.0], [0.0, -1.0]], [[0.0, 0.0], [0.0, 2.5]]]},
                  {'type': 1, 'elements': [[[0.5, 0.5], [0.0, 0.0]]]},
                  {'type': 2, 'elements': [[[-1.0, 0.5]]]},
                  {'type': 3, 'elements': [[[2.5]]]},
                  {'type': 4, 'elements': [[[0.0, -1.0], [0.5, 0.0]]]},
                  {'type': 5, 'elements': [[[0.5], [-1.0]]]},
                  {'type': 6, 'elements': [[[2.5], [0.0]]]},
                  {'type': 7, 'elements': [[[0.5], [0.0]], [[-1.0], [2.5]]]},
                  {'type': 31, 'elements': [[[-1.0]]]},
                  {'type': 63, 'elements': [[[0.0]]]}]},
    after=(),
)

fixture(
    "all_matrix_types_draft_a",
    "one of each matrix type beside two keypoints, the type as ue(v)",
    223,
    ('draft-a',),
    "e2 a7 e2 b4 b5 26 53 1c 42 a0 41 c0 81 f5 26 a7 6d 49 ce 93 ac 97 5a 4b 93 40",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    010                                gfv_num_kps_minus1 = 1
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    1                                  gfv_matrix_present_flag = 1
    1                                  gfv_matrix_element_precision_factor_minus1 = 0
    0001010                            gfv_num_matrix_types_minus1 = 9
    1                                  gfv_matrix_type_idx = 0
    1                                  gfv_num_matrices_equal_to_num_kps_flag = 1
    010                                gfv_matrix_type_idx = 1
    0                                  gfv_num_matrices_equal_to_num_kps_flag = 0
    1                                  gfv_num_matrices_info = 0
    011                                gfv_matrix_type_idx = 2
    010                                gfv_matrix_width_minus1 = 1
    1                                  gfv_matrix_height_minus1 = 0
    00100                              gfv_matrix_type_idx = 3
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    00101                              gfv_matrix_type_idx = 4
    00110                              gfv_matrix_type_idx = 5
    00111                              gfv_matrix_type_idx = 6
    0001000                            gfv_matrix_type_idx = 7
    010                                gfv_num_matrices_minus1 = 1
    1                                  gfv_matrix_width_minus1 = 0
    010                                gfv_matrix_height_minus1 = 1
    00000100000                        gfv_matrix_type_idx = 31
    1                                  gfv_num_matrices_minus1 = 0
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    0000001000000                      gfv_matrix_type_idx = 63
    1                                  gfv_num_matrices_minus1 = 0
    1                                  gfv_matrix_width_minus1 = 0
    1                                  gfv_matrix_height_minus1 = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    011                                gfv_matrix_element_int = 2
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 1,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0, 0],
     'gfv_coordinate_x_sign_flag': [0, 0],
     'gfv_coordinate_y_abs': [0, 0],
     'gfv_coordinate_y_sign_flag': [0, 0],
     'gfv_matrix_present_flag': 1,
     'gfv_matrix_element_precision_factor_minus1': 0,
     'gfv_num_matrix_types_minus1': 9,
     'gfv_matrix_type_idx': [0, 1, 2, 3, 4, 5, 6, 7, 31, 63],
     'gfv_num_matrices_equal_to_num_kps_flag': [1, 0, None, None, None, None, None, None, None, None],
     'gfv_num_matrices_info': [None, 0, None, None, None, None, None, None, None, None],
     'gfv_num_matrices_minus1': [None, None, None, None, None, None, None, 1, 0, 0],
     'gfv_matrix_width_minus1': [None, None, 1, 0, None, None, None, 0, 0, 0],
     'gfv_matrix_height_minus1': [None, None, 0, 0, None, None, None, 1, 0, 0],
     'gfv_matrix_element_int': [[[[0, 0], [0, 1]], [[0, 0], [0, 2]]],
                                [[[0, 0], [0, 0]]],
                                [[[1, 0]]],
                                [[[2]]],
                                [[[0, 1], [0, 0]]],
                                [[[0], [1]]],
                                [[[2], [0]]],
                                [[[0], [0]], [[1], [2]]],
                                [[[1]]],
                                [[[0]]]],
     'gfv_matrix_element_dec': [[[[1, 0], [0, 0]], [[0, 0], [0, 1]]],
                                [[[1, 1], [0, 0]]],
                                [[[0, 1]]],
                                [[[1]]],
                                [[[0, 0], [1, 0]]],
                                [[[1], [0]]],
                                [[[1], [0]]],
                                [[[1], [0]], [[0], [1]]],
                                [[[0]]],
                                [[[0]]]],
     'gfv_matrix_element_sign_flag': [[[[0, 0], [0, 1]], [[0, 0], [0, 0]]],
                                      [[[0, 0], [0, 0]]],
                                      [[[1, 0]]],
                                      [[[0]]],
                                      [[[0, 1], [0, 0]]],
                                      [[[0], [1]]],
                                      [[[0], [0]]],
                                      [[[0], [0]], [[1], [0]]],
                                      [[[1]]],
                                      [[[0]]]]},
    values={'coordinates': [[0.0, 0.0], [0.0, 0.0]],
     'matrices': [{'type': 0, 'elements': [[[0.5, 0.0], [0.0, -1.0]], [[0.0, 0.0], [0.0, 2.5]]]},
                  {'type': 1, 'elements': [[[0.5, 0.5], [0.0, 0.0]]]},
                  {'type': 2, 'elements': [[[-1.0, 0.5]]]},
                  {'type': 3, 'elements': [[[2.5]]]},
                  {'type': 4, 'elements': [[[0.0, -1.0], [0.5, 0.0]]]},
                  {'type': 5, 'elements': [[[0.5], [-1.0]]]},
                  {'type': 6, 'elements': [[[2.5], [0.0]]]},
                  {'type': 7, 'elements': [[[0.5], [0.0]], [[-1.0], [2.5]]]},
                  {'type': 31, 'elements': [[[-1.0]]]},
                  {'type': 63, 'elements': [[[0.0]]]}]},
    after=(),
)

fixture(
    "head_without_keypoints",
    "rotation in 3D and translation in 2D, without keypoints; the largest integer part there is",
    223,
    ('vsei4', 'draft-b'),
    "e1 48 48 a9 24 92 40 00 00 00 1f ff ff ff fe be",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    0                                  gfv_coordinate_present_flag = 0
    1                                  gfv_matrix_present_flag = 1
    010                                gfv_matrix_element_precision_factor_minus1 = 1
    010                                gfv_num_matrix_types_minus1 = 1
    000100                             gfv_matrix_type_idx = 4
    1                                  gfv_matrix_for_3D_space_flag = 1
    000101                             gfv_matrix_type_idx = 5
    0                                  gfv_matrix_for_3D_space_flag = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    00                                 gfv_matrix_element_dec = 0
    000000000000000000000000000000011111111111111111111111111111111 gfv_matrix_element_int = 4294967294
    11                                 gfv_matrix_element_dec = 3
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    01                                 gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    11                                 gfv_matrix_element_dec = 3
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 0,
     'gfv_matrix_present_flag': 1,
     'gfv_matrix_element_precision_factor_minus1': 1,
     'gfv_num_matrix_types_minus1': 1,
     'gfv_matrix_type_idx': [4, 5],
     'gfv_matrix_for_3D_space_flag': [1, 0],
     'gfv_matrix_element_int': [[[[0, 0, 0], [0, 0, 0], [0, 0, 4294967294]]], [[[0], [0]]]],
     'gfv_matrix_element_dec': [[[[0, 0, 0], [0, 0, 0], [0, 0, 3]]], [[[1], [3]]]],
     'gfv_matrix_element_sign_flag': [[[[0, 0, 0], [0, 0, 0], [0, 0, 1]]], [[[0], [1]]]]},
    values={'matrices': [{'type': 4, 'elements': [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -4294967294.75]]]},
                  {'type': 5, 'elements': [[[0.25], [-0.75]]]}]},
    after=(),
)

fixture(
    "matrices_predicted",
    "differences to the base message; a fraction as ue(v) can be 1 (4/4) and more (9/4)",
    223,
    ('vsei4',),
    "d3 ff fe aa 94 85 60",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    0                                  gfv_base_picture_flag = 0
    1                                  gfv_fusion_pic_flag = 1
    0                                  gfv_low_confidence_face_parameter_flag = 0
    0                                  gfv_coordinate_present_flag = 0
    1                                  gfv_matrix_present_flag = 1
    1                                  gfv_matrix_pred_flag = 1
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    1                                  gfv_matrix_delta_element_dec = 0
    1                                  gfv_matrix_delta_element_int = 0
    010                                gfv_matrix_delta_element_dec = 1
    1                                  gfv_matrix_delta_element_sign_flag = 1
    010                                gfv_matrix_delta_element_int = 1
    1                                  gfv_matrix_delta_element_dec = 0
    0                                  gfv_matrix_delta_element_sign_flag = 0
    1                                  gfv_matrix_delta_element_int = 0
    00101                              gfv_matrix_delta_element_dec = 4
    0                                  gfv_matrix_delta_element_sign_flag = 0
    010                                gfv_matrix_delta_element_int = 1
    0001010                            gfv_matrix_delta_element_dec = 9
    1                                  gfv_matrix_delta_element_sign_flag = 1
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 0,
     'gfv_fusion_pic_flag': 1,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 0,
     'gfv_matrix_present_flag': 1,
     'gfv_matrix_pred_flag': 1,
     'gfv_matrix_delta_element_int': [[[[0, 0, 0], [0, 0, 0], [0, 0, 1]]], [[[0], [1]]]],
     'gfv_matrix_delta_element_dec': [[[[0, 0, 0], [0, 0, 0], [0, 1, 0]]], [[[4], [9]]]],
     'gfv_matrix_delta_element_sign_flag': [[[[0, 0, 0], [0, 0, 0], [0, 1, 0]]], [[[0], [1]]]]},
    values={'matrices': [{'type': 4, 'elements': [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, -0.25, -4294967293.75]]]},
                  {'type': 5, 'elements': [[[1.25], [-4.0]]]}]},
    after=('head_without_keypoints',),
)

fixture(
    "affine_without_keypoints",
    "draft-a alone has affine matrices without keypoints: their number is coded, they are 2 x 2",
    223,
    ('draft-a',),
    "e1 eb 56 4d 26",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    0                                  gfv_coordinate_present_flag = 0
    1                                  gfv_matrix_present_flag = 1
    1                                  gfv_matrix_element_precision_factor_minus1 = 0
    1                                  gfv_num_matrix_types_minus1 = 0
    1                                  gfv_matrix_type_idx = 0
    010                                gfv_num_matrices_info = 1
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    1                                  gfv_matrix_element_dec = 1
    0                                  gfv_matrix_element_sign_flag = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_int = 0
    0                                  gfv_matrix_element_dec = 0
    010                                gfv_matrix_element_int = 1
    0                                  gfv_matrix_element_dec = 0
    1                                  gfv_matrix_element_sign_flag = 1
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 0,
     'gfv_matrix_present_flag': 1,
     'gfv_matrix_element_precision_factor_minus1': 0,
     'gfv_num_matrix_types_minus1': 0,
     'gfv_matrix_type_idx': [0],
     'gfv_num_matrices_info': [1],
     'gfv_matrix_element_int': [[[[0, 0], [0, 0]], [[1, 0], [0, 1]]]],
     'gfv_matrix_element_dec': [[[[1, 0], [0, 1]], [[0, 0], [0, 0]]]],
     'gfv_matrix_element_sign_flag': [[[[0, 0], [0, 0]], [[1, 0], [0, 1]]]]},
    values={'matrices': [{'type': 0, 'elements': [[[0.5, 0.0], [0.0, 0.5]], [[-1.0, 0.0], [0.0, -1.0]]]}]},
    after=(),
)
