"""A picture as a JPEG file in memory, for where a picture is only to be looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gfv_sei.containers.command import start, worth_keeping
from gfv_sei.process import run


def to_jpeg(
    rgb: npt.NDArray[np.uint8], longest: int | None = None, *, quality: int = 4, timeout: float | None = 60.0
) -> bytes:
    """R'G'B' uint8 [height, width, 3] as a JPEG file.

    ``longest`` is the longer side of the result in samples, for a larger picture; it is scaled by area. ``quality`` is
    ffmpeg's, 2 (best) to 31. ToolError if ffmpeg fails.
    """
    height, width, _ = rgb.shape
    filters = []
    if longest is not None and max(width, height) > longest:
        scale = longest / max(width, height)
        filters = ["-vf", f"scale={max(1, round(width * scale))}:{max(1, round(height * scale))}:flags=area"]
    command = [
        *start(),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-i", "pipe:0"),
        *filters,
        *(
            "-frames:v",
            "1",
            "-c:v",
            "mjpeg",
            "-pix_fmt",
            "yuvj420p",
            "-q:v",
            str(quality),
            "-f",
            "image2pipe",
            "pipe:1",
        ),
    ]
    data = np.ascontiguousarray(rgb).tobytes()
    return run(command, stdin=(data,), timeout=timeout, on_stderr=worth_keeping).stdout
