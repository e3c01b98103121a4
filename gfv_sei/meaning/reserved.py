"""Values that are reserved: decoders shall ignore a message that has one (semantics of the elements in H.274)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RESERVED_MODES = 2
"""The first gfv_nn_mode_idc and gfve_nn_mode_idc that is reserved, as are all above it."""

RESERVED_TYPES = 32
"""The first gfv_matrix_type_idx that is reserved, as are all above it."""


def is_reserved(identifier: int) -> bool:
    """Whether a gfv_id or gfve_id is reserved."""
    return 256 <= identifier <= 511 or identifier >= 1 << 31


def has_reserved(elements: Mapping[str, Any]) -> bool:
    """Whether a message with these elements has a network mode or a matrix type that is reserved."""
    modes = [elements[name] for name in ("gfv_nn_mode_idc", "gfve_nn_mode_idc") if name in elements]
    types = elements.get("gfv_matrix_type_idx", ())
    return max(modes, default=0) >= RESERVED_MODES or max(types, default=0) >= RESERVED_TYPES
