"""GFV messages with chroma keys, networks, large identifiers and odd ends: hex, bits, elements, JSON and values."""

from unit.hand_made import fixture

# fmt: off
fixture(
    "chroma_key_whole",
    "all of the chroma key, at its limits",
    223,
    ('vsei4',),
    "eb 80 3f f3 00 08 02 da",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    1                                  gfv_chroma_key_info_present_flag = 1
    011                                gfv_chroma_key_purpose_idc = 2
    1                                  gfv_chroma_key_value_present_flag = 1
    00000000                           gfv_chroma_key_value = 0
    0                                  gfv_chroma_key_value_present_flag = 0
    1                                  gfv_chroma_key_value_present_flag = 1
    11111111                           gfv_chroma_key_value = 255
    1                                  gfv_chroma_key_thr_present_flag = 1
    00110000                           gfv_chroma_key_thr_lower = 48
    00000000100000000                  gfv_chroma_key_thr_upper_delta_minus1 = 255
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 1,
     'gfv_chroma_key_purpose_idc': 2,
     'gfv_chroma_key_value_present_flag': [1, 0, 1],
     'gfv_chroma_key_value': [0, None, 255],
     'gfv_chroma_key_thr_present_flag': 1,
     'gfv_chroma_key_thr_lower': 48,
     'gfv_chroma_key_thr_upper_delta_minus1': 255,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "chroma_key_bare",
    "a chroma key that leaves everything to its defaults",
    223,
    ('vsei4',),
    "ec 16 d0",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    1                                  gfv_chroma_key_info_present_flag = 1
    1                                  gfv_chroma_key_purpose_idc = 0
    0                                  gfv_chroma_key_value_present_flag = 0
    0                                  gfv_chroma_key_value_present_flag = 0
    0                                  gfv_chroma_key_value_present_flag = 0
    0                                  gfv_chroma_key_thr_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
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
     'gfv_chroma_key_info_present_flag': 1,
     'gfv_chroma_key_purpose_idc': 0,
     'gfv_chroma_key_value_present_flag': [0, 0, 0],
     'gfv_chroma_key_thr_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "chroma_key_drafts",
    "the chroma key of the drafts: no purpose, and each threshold has a flag of its own",
    223,
    ('draft-b', 'draft-a'),
    "eb b8 40 98 b6",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    0                                  gfv_nn_present_flag = 0
    1                                  gfv_chroma_key_info_present_flag = 1
    0                                  gfv_chroma_key_value_present_flag = 0
    1                                  gfv_chroma_key_value_present_flag = 1
    11011100                           gfv_chroma_key_value = 220
    0                                  gfv_chroma_key_value_present_flag = 0
    0                                  gfv_chroma_key_thr_present_flag = 0
    1                                  gfv_chroma_key_thr_present_flag = 1
    0000001001100                      gfv_chroma_key_thr_value = 75
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 0,
     'gfv_chroma_key_info_present_flag': 1,
     'gfv_chroma_key_value_present_flag': [0, 1, 0],
     'gfv_chroma_key_value': [None, 220, None],
     'gfv_chroma_key_thr_present_flag': [0, 1],
     'gfv_chroma_key_thr_value': [None, 75],
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "network_bytes",
    "mode 0: the bytes of the network run to the end of the payload",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "f9 6c 00 80",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    1                                  gfv_nn_present_flag = 1
    1                                  gfv_nn_mode_idc = 0
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    0                                  gfv_nn_alignment_zero_bit_b = 0
    00000000                           gfv_nn_payload_byte = 0
    10000000                           gfv_nn_payload_byte = 128
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 1,
     'gfv_nn_mode_idc': 0,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0,
     'gfv_nn_payload_byte': 'AIA='},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "network_uri",
    "mode 1: two texts, from a whole byte on",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "f4 74 61 67 3a c3 a9 00 00 2d a0",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    1                                  gfv_nn_present_flag = 1
    010                                gfv_nn_mode_idc = 1
    0                                  gfv_nn_alignment_zero_bit_a = 0
    01110100011000010110011100111010110000111010100100000000 gfv_nn_tag_uri = "tag:é"
    00000000                           gfv_nn_uri = ""
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 1,
     'gfv_nn_mode_idc': 1,
     'gfv_nn_tag_uri': 'tag:é',
     'gfv_nn_uri': '',
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "network_reserved_mode",
    "a reserved mode: nothing follows it",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "f0 00 00 00 1f ff ff ff e5 b4",
    """
    1                                  gfv_id = 0
    1                                  gfv_cnt = 0
    1                                  gfv_base_picture_flag = 1
    1                                  gfv_nn_present_flag = 1
    000000000000000000000000000000011111111111111111111111111111111 gfv_nn_mode_idc = 4294967294
    0                                  gfv_chroma_key_info_present_flag = 0
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 0,
     'gfv_cnt': 0,
     'gfv_base_picture_flag': 1,
     'gfv_nn_present_flag': 1,
     'gfv_nn_mode_idc': 4294967294,
     'gfv_chroma_key_info_present_flag': 0,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "largest_id",
    "the largest gfv_id and gfv_cnt that ue(v) has",
    223,
    ('vsei4',),
    "00 00 00 01 ff ff ff fe 00 00 00 03 ff ff ff fd 66 74",
    """
    000000000000000000000000000000011111111111111111111111111111111 gfv_id = 4294967294
    000000000000000000000000000000011111111111111111111111111111111 gfv_cnt = 4294967294
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    011                                gfv_coordinate_x_abs = 2
    0                                  gfv_coordinate_x_sign_flag = 0
    011                                gfv_coordinate_y_abs = 2
    1                                  gfv_coordinate_y_sign_flag = 1
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 4294967294,
     'gfv_cnt': 4294967294,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [2],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [2],
     'gfv_coordinate_y_sign_flag': [1],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[1.0, -1.0]]},
    after=(),
)

fixture(
    "largest_id_in_use",
    "the largest gfv_id that is not reserved",
    223,
    ('vsei4',),
    "00 00 00 01 00 00 00 00 00 80 56 67 40",
    """
    000000000000000000000000000000010000000000000000000000000000000 gfv_id = 2147483647
    0000000001000000001                gfv_cnt = 512
    0                                  gfv_low_confidence_face_parameter_flag = 0
    1                                  gfv_coordinate_present_flag = 1
    0                                  gfv_kps_pred_flag = 0
    1                                  gfv_coordinate_precision_factor_minus1 = 0
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    011                                gfv_coordinate_x_abs = 2
    0                                  gfv_coordinate_x_sign_flag = 0
    011                                gfv_coordinate_y_abs = 2
    1                                  gfv_coordinate_y_sign_flag = 1
    0                                  gfv_matrix_present_flag = 0
    1                                  payload_bit_equal_to_one = 1
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    0                                  payload_bit_equal_to_zero = 0
    """,
    message={'gfv_id': 2147483647,
     'gfv_cnt': 512,
     'gfv_low_confidence_face_parameter_flag': 0,
     'gfv_coordinate_present_flag': 1,
     'gfv_kps_pred_flag': 0,
     'gfv_coordinate_precision_factor_minus1': 0,
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [2],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [2],
     'gfv_coordinate_y_sign_flag': [1],
     'gfv_matrix_present_flag': 0},
    values={'coordinates': [[1.0, -1.0]]},
    after=(),
)

fixture(
    "extension_bits",
    "extension data after the last element are kept, and end before the last 1",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "e2 d9 50",
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
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    01010                              reserved_payload_extension_data = "01010"
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
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0,
     'reserved_payload_extension_data': '01010'},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)

fixture(
    "no_alignment_bit",
    "zeros where the alignment bit should be: no standard allows it, and it is kept",
    223,
    ('vsei4', 'draft-b', 'draft-a'),
    "e2 d8 00",
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
    1                                  gfv_num_kps_minus1 = 0
    0                                  gfv_coordinate_z_present_flag = 0
    1                                  gfv_coordinate_x_abs = 0
    1                                  gfv_coordinate_y_abs = 0
    0                                  gfv_matrix_present_flag = 0
    0000000000                         payload_trailing_bits = "0000000000"
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
     'gfv_num_kps_minus1': 0,
     'gfv_coordinate_z_present_flag': 0,
     'gfv_coordinate_x_abs': [0],
     'gfv_coordinate_x_sign_flag': [0],
     'gfv_coordinate_y_abs': [0],
     'gfv_coordinate_y_sign_flag': [0],
     'gfv_matrix_present_flag': 0,
     'payload_trailing_bits': '0000000000'},
    values={'coordinates': [[0.0, 0.0]]},
    after=(),
)
