"""Any still image that ffmpeg reads, as an RGB array."""

from __future__ import annotations

import os
import re

import numpy as np
import numpy.typing as npt

from gfv_sei.containers.command import start, worth_keeping
from gfv_sei.errors import ToolError
from gfv_sei.process import run
from vtm_bridge.ffmpeg.command import take_from
from vtm_bridge.pictures import PictureFormat


def read_image(path: str | os.PathLike[str], *, timeout: float | None = 60.0) -> npt.NDArray[np.uint8]:
    """The first picture of an image or video file as R'G'B' uint8 [height, width, 3]; transparency is
    dropped.

    RGB images come out bit for bit, deeper ones rounded to 8 bits. ToolError if ffmpeg cannot read the file.
    """
    words, stdin = take_from(path)
    command = [
        *start(),
        *words,
        *("-map", "0:v:0", "-frames:v", "1", "-sws_flags", "bicubic+accurate_rnd+full_chroma_int"),
        *("-c:v", "ppm", "-pix_fmt", "rgb24", "-f", "image2pipe", "pipe:1"),
    ]
    data = run(command, stdin=stdin, timeout=timeout, on_stderr=worth_keeping).stdout
    header = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", data)
    if header is None:
        raise ToolError(f"ffmpeg made no picture of {os.fspath(path)}")
    size = PictureFormat(int(header[1]), int(header[2]))
    samples = np.frombuffer(data, np.uint8, offset=header.end())
    return samples[: 3 * size.width * size.height].reshape(size.height, size.width, 3).copy()
