"""A PNG writer for 8-bit RGB, so that writing a folder of pictures needs neither another package nor a
process.

PNG is read through ffmpeg (``vtm_bridge.ffmpeg.read_image``), which knows the many kinds that others write.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gfv_sei.errors import GfvError

_SUB, _UP = 1, 2  # filter types of the PNG specification, clause 9.2


def write_png(path: str | os.PathLike[str], rgb: npt.NDArray[np.uint8], *, level: int = 6) -> None:
    """Write uint8 [height, width, 3] as a PNG; ``level`` is zlib's, 0 to 9. GfvError if the array is
    another kind.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise GfvError(
            "not an RGB picture", element="array", value=f"{rgb.dtype} {rgb.shape}", allowed="uint8 [H, W, 3]"
        )
    height, width, _ = rgb.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    Path(path).write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(_filtered(rgb).tobytes(), level))
        + _chunk(b"IEND", b"")
    )


def _filtered(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Each row as its difference to the left or to the row above, whichever is smaller, behind its filter
    type.
    """
    height, width, _ = rgb.shape
    left = rgb.copy()
    left[:, 1:] -= rgb[:, :-1]
    above = rgb.copy()
    above[1:] -= rgb[:-1]
    pair = np.stack((left, above)).reshape(2, height, 3 * width)
    cost = np.abs(pair.view(np.int8).astype(np.int16)).sum(axis=2)
    choice = (cost[1] < cost[0]).astype(np.intp)
    rows = np.empty((height, 1 + 3 * width), np.uint8)
    rows[:, 0] = np.where(choice, _UP, _SUB)
    rows[:, 1:] = pair[choice, np.arange(height)]
    return rows


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
