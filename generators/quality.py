"""How near a generated picture is to the real one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BT709 = np.array([0.2126, 0.7152, 0.0722])
"""Weights of R, G, B in luma, Rec. ITU-R BT.709."""


def luma(picture: NDArray[np.float32]) -> NDArray[np.float64]:
    """RGB [3, H, W], 0 to 1, to luma [H, W], 0 to 1, of the gamma-corrected values as they are (BT.709)."""
    return np.tensordot(BT709, picture.astype(np.float64), axes=1)


def psnr(one: NDArray[np.floating], other: NDArray[np.floating], *, peak: float = 1.0) -> float:
    """Peak signal-to-noise ratio in dB of two arrays of one shape; infinite where they are equal.

    For RGB [3, H, W] the error is the mean over all three components, not the mean of three ratios.
    """
    error = float(np.mean(np.square(one.astype(np.float64) - other.astype(np.float64))))
    return float("inf") if error == 0 else 10 * float(np.log10(peak * peak / error))


def psnr_luma(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """PSNR in dB of the luma of two RGB pictures [3, H, W], 0 to 1."""
    return psnr(luma(one), luma(other))
