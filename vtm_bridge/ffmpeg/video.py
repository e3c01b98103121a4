"""Source video in, finished video out: whatever ffmpeg reads to pictures, RGB frames to an MP4 that plays
anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

import numpy as np
import numpy.typing as npt

from gfv_sei.containers.command import file_name, rate, rate_text, start, worth_keeping
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.files import whole_file
from gfv_sei.process import DEFAULT_TIMEOUT, Child
from vtm_bridge.colour import from_rgb8
from vtm_bridge.ffmpeg.command import ENVIRONMENT, take_from
from vtm_bridge.ffmpeg.decode import open_pictures
from vtm_bridge.ffmpeg.encode import pixel_format, raw_input
from vtm_bridge.ffmpeg.probe import probe
from vtm_bridge.pictures import Picture, PictureFormat

FITS = ("crop", "pad", "stretch")
_RGB = ("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "mono", "0rgb", "0bgr", "x2", "xyz")


def read_video(
    path: str | os.PathLike[str],
    size: tuple[int, int] | None = None,
    *,
    fit: str = "crop",
    chroma: str = "420",
    bit_depth: int = 8,
    fps: Fraction | None = None,
    pictures: int | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> tuple[PictureFormat, Iterator[Picture]]:
    """The format and the pictures of any video or image file that ffmpeg reads.

    ``size`` is (width, height) in luma samples, None the file's own. ``fit`` says how another shape gets
    there: "crop" fills it and cuts what hangs over at both ends, "pad" fits inside with black bars,
    "stretch" distorts. ``fps`` repeats or drops pictures to reach a constant rate; None takes each picture
    once. ``pictures`` stops after so many.

    Matrix and range stay those of the source. RGB becomes BT.709 limited range; a YCbCr source that names
    no matrix counts as bt601 below 720 lines and as bt709 from there. The reader stops at what is broken in
    the source only where ffmpeg does. GfvError for arguments out of range, ToolError for what ffmpeg cannot
    read. ffmpeg runs until the iterator is used up, closed or dropped.
    """
    if fit not in FITS:
        raise GfvError("no such way to fit a picture", element="fit", value=fit, allowed=", ".join(FITS))
    width, height = size if size is not None else (16, 16)
    wanted = PictureFormat(width, height, chroma, bit_depth)
    try:
        info = probe(path, timeout=timeout)
    except ToolError as error:
        if not error.wrote:  # it did not get as far as the file
            raise
        raise ToolError("no video that ffmpeg reads", error.wrote, file=os.fspath(path)) from error
    flags = "flags=bicubic+accurate_rnd+full_chroma_int"
    if info.pixels.startswith(_RGB):
        flags += ":out_color_matrix=bt709:out_range=tv"
    filters = [] if fps is None else [f"fps={rate_text(rate(fps))}"]
    box = f"scale={width}:{height}"
    filters += {
        "none": [f"scale={flags}"],
        "stretch": [f"{box}:{flags}"],
        "crop": [f"{box}:force_original_aspect_ratio=increase:{flags}", f"crop={width}:{height}:exact=1"],
        "pad": [f"{box}:force_original_aspect_ratio=decrease:{flags}", f"pad={width}:{height}:-1:-1"],
    }["none" if size is None else fit]
    filters.append(f"format={pixel_format(wanted)}")
    words, stdin = take_from(path)
    limit = [] if pictures is None else ["-frames:v", str(pictures)]
    matrix = "bt709" if info.pixels.startswith(_RGB) else None
    return open_pictures(
        [*words, "-map", "0:v:0", "-vf", ",".join(filters), *limit], stdin, matrix, "left", fps, timeout
    )


def write_mp4(
    frames: Iterable[npt.NDArray[np.uint8]],
    path: str | os.PathLike[str],
    fps: Fraction | int | float,
    crf: int = 18,
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Write R'G'B' frames, uint8 [height, width, 3], to an MP4 file (AVC High, 4:2:0, BT.709); returns
    their number.

    ``crf`` is libx264's quality, 0 to 51, smaller is better. 4:2:0 needs even sizes, so an odd one gets its
    last column or row twice. GfvError if there is no frame or their sizes differ, ToolError if ffmpeg
    fails; then there is no file.
    """
    if not 0 <= crf <= 51:
        raise GfvError("no such quality", element="crf", value=crf, allowed="0 to 51")
    source = iter(frames)
    first = next(source, None)
    if first is None:
        raise GfvError("there is no picture to write")
    height, width = first.shape[:2]
    format = PictureFormat(width + width % 2, height + height % 2, fps=rate(fps))
    count = 0

    def blocks() -> Iterator[memoryview]:
        nonlocal count
        for frame in chain((first,), source):
            if frame.shape != (height, width, 3):
                raise GfvError(
                    "the frames differ in size",
                    element="frame",
                    value=frame.shape,
                    allowed=f"{height, width, 3}",
                )
            even = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
            yield from from_rgb8(even, format).blocks()
            count += 1

    with whole_file(path) as part:
        command = [
            *start(),
            *raw_input(format),
            *("-c:v", "libx264", "-preset", "medium", "-crf", str(crf), "-threads", "2"),
            *("-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart"),
            *("-f", "mp4", "-y", file_name(part)),
        ]
        with Child(command, stdin=blocks(), timeout=timeout, on_stderr=worth_keeping, environment=ENVIRONMENT):
            pass
    return count
