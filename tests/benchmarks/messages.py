"""The GFV messages of the benchmark, as records for ``gfv inject``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]

KEYPOINTS = 10
FEATURE = (4, 4)  # rows and columns of the compact feature matrix
ANOTHER = (5, 8)  # of every eighth
PERIOD = 256  # pictures from one base message to the next


def records(pictures: int, seed: int = 1, *, every_eighth: tuple[int, int] = ANOTHER) -> Iterator[Record]:
    """One message per picture: ten keypoints and a compact feature of 4x4, absolute, as talking heads have them.

    104 syntax elements (one in eight messages has 5x8 matrix elements, so 176), some 70 bytes.
    """
    chance = random.Random(seed)
    for au in range(pictures):
        rows, columns = every_eighth if au % 8 == 7 else FEATURE
        yield {"au": au, "payload_type": 223, "message": message(chance, au % PERIOD, rows, columns)}


def message(chance: random.Random, count: int, rows: int, columns: int) -> Record:
    """The ``message`` object of one record; the first of a period is a base message."""
    base = count == 0
    found: Record = {"gfv_id": 1, "gfv_cnt": count}
    if base:
        found |= {"gfv_base_picture_flag": 1, "gfv_nn_present_flag": 0, "gfv_chroma_key_info_present_flag": 0}
    found |= {
        "gfv_low_confidence_face_parameter_flag": int(chance.random() < 0.05),
        "gfv_coordinate_present_flag": 1,
        "gfv_kps_pred_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 7,
        "gfv_num_kps_minus1": KEYPOINTS - 1,
        "gfv_coordinate_z_present_flag": 0,
    }
    for axis in "xy":
        magnitudes = [int(chance.random() * 256) for _ in range(KEYPOINTS)]
        found[f"gfv_coordinate_{axis}_abs"] = magnitudes
        found[f"gfv_coordinate_{axis}_sign_flag"] = [_sign(chance, value) for value in magnitudes]
    found["gfv_matrix_present_flag"] = 1
    if not base:
        found["gfv_matrix_pred_flag"] = 0
    return found | matrix(chance, rows, columns)


def matrix(chance: random.Random, rows: int, columns: int) -> Record:
    """gfv_matrix_element_precision_factor_minus1 and what follows, for one compact feature matrix."""
    integers = [[chance.choice((0, 0, 0, 1, 1, 2, 3, 5)) for _ in range(columns)] for _ in range(rows)]
    fractions = [[chance.randrange(256) for _ in range(columns)] for _ in range(rows)]
    signs = [
        [_sign(chance, i | f) for i, f in zip(*pair, strict=True)] for pair in zip(integers, fractions, strict=True)
    ]
    return {
        "gfv_matrix_element_precision_factor_minus1": 7,
        "gfv_num_matrix_types_minus1": 0,
        "gfv_matrix_type_idx": [7],
        "gfv_num_matrices_minus1": [0],
        "gfv_matrix_width_minus1": [columns - 1],
        "gfv_matrix_height_minus1": [rows - 1],
        "gfv_matrix_element_int": [[integers]],
        "gfv_matrix_element_dec": [[fractions]],
        "gfv_matrix_element_sign_flag": [[signs]],
    }


def large(rows: int, columns: int = 256, seed: int = 1) -> Record:
    """The ``message`` object of a base message whose matrix alone has rows x columns elements."""
    chance = random.Random(seed)
    return message(chance, 0, rows, columns)


def _sign(chance: random.Random, value: int) -> int:
    return chance.randrange(2) if value else 0
