"""Pixels as files have them, and as networks take them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def to_planes(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """RGB uint8 [H, W, 3], 0 to 255, to float32 [3, H, W], 0 to 1."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32) * np.float32(1 / 255)


def to_pixels(planes: NDArray[np.float32], *, truncate: bool = False) -> NDArray[np.uint8]:
    """Float32 [3, H, W], 0 to 1, to RGB uint8 [H, W, 3]; what lies outside is clipped.

    ``truncate`` cuts instead of rounding, as the software behind published figures does: half a level darker.
    """
    levels = planes * np.float32(255)
    if not truncate:
        levels += np.float32(0.5)
    np.clip(levels, 0, 255, out=levels)
    return np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0))
