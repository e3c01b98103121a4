"""Chroma resampling that knows where the samples lie (ChromaLocType of H.273, clause 8.7).

Along an axis with half as many chroma samples as luma samples, chroma sample k lies either on luma sample 2k
("co-sited") or halfway between 2k and 2k + 1. Which of them holds follows from the siting:

siting    ChromaLocType   horizontally   vertically (4:2:0 only)
left      0               co-sited       halfway
center    1               halfway        halfway
topleft   2               co-sited       co-sited

Upwards it is linear interpolation between the two nearest chroma samples, downwards the 1-2-1 or the 1-1
filter that goes with it. Beyond the border the border sample repeats, so odd sizes need no special care.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vtm_bridge.pictures.format import CHROMA, PictureFormat

Samples = npt.NDArray[np.float32]


def upsample(plane: Samples, format: PictureFormat) -> Samples:
    """A chroma plane at luma resolution: float32 [rows, columns] to float32 [height, width], values as they are."""
    step = CHROMA[format.chroma]
    assert step is not None
    if step[1] == 2:
        plane = _up(plane, format.height, format.siting == "topleft")
    if step[0] == 2:
        plane = _up(plane.T, format.width, format.siting != "center").T
    return plane


def downsample(plane: Samples, format: PictureFormat) -> Samples:
    """The opposite: float32 [height, width] to the size of the format's chroma planes."""
    step = CHROMA[format.chroma]
    assert step is not None
    if step[0] == 2:
        plane = _down(plane.T, format.siting != "center").T
    if step[1] == 2:
        plane = _down(plane, format.siting == "topleft")
    return plane


def _up(rows: Samples, size: int, cosited: bool) -> Samples:
    """Double the number of rows, to ``size``."""
    count = len(rows)
    # One row more at each end, so that each output row is a mix of two neighbours.
    wide = np.concatenate((rows[:1], rows, rows[-1:]))
    out = np.empty((2 * count, rows.shape[1]), np.float32)
    if cosited:
        out[0::2] = rows
        np.add(rows, wide[2:], out=out[1::2])
        out[1::2] *= 0.5
    else:
        near = rows * np.float32(0.75)
        wide *= np.float32(0.25)
        np.add(near, wide[:-2], out=out[0::2])
        np.add(near, wide[2:], out=out[1::2])
    return out[:size]


def _down(rows: Samples, cosited: bool) -> Samples:
    """Halve the number of rows, rounding up."""
    wide = np.concatenate((rows[:1], rows, rows[-1:]))  # wide[i + 1] is row i
    count = (len(rows) + 1) // 2
    even = wide[1::2][:count]
    after = wide[2::2][:count]
    if not cosited:
        return (even + after) * np.float32(0.5)
    before = wide[0::2][:count]
    return (even * 2 + before + after) * np.float32(0.25)
