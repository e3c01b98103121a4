"""What the matrices of a message are of, by gfv_matrix_type_idx."""

from __future__ import annotations

MATRIX_TYPES = (
    "affine",
    "covariance",
    "mouth",
    "eye",
    "head rotation",
    "head translation",
    "head location",
    "compact feature",
)
"""Types from the end of this list on have no name."""
