"""Pictures to MP4, Y4M, raw planes or a folder of PNG files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generators.pictures import to_pixels
from generators.pipeline.decode import Shown
from gfv_sei.errors import GfvError
from gfv_sei.stream.target import open_target
from vtm_bridge.colour import from_rgb, to_rgb8

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vtm_bridge.pictures import Picture

RAW_SUFFIXES = (".y4m", ".yuv")


def pixels(shown: Shown) -> NDArray[np.uint8]:
    """RGB uint8 [height, width, 3] of a picture of the output."""
    if shown.coded is not None:
        return to_rgb8(shown.coded)
    assert shown.generated is not None
    return to_pixels(shown.generated)


def write_pictures(pictures: Iterable[Shown], target: str, fps: Fraction) -> int:
    """Write pictures to ``target`` and return how many; its ending says how.

    ``.mp4``: AVC, 4:2:0, 8 bits. ``.y4m`` and ``.yuv``: the format of the coded pictures, which come out as they were
    decoded; ``-`` is Y4M on standard output. Anything else: a folder of PNG files, picture-00000.png and so on.
    """
    suffix = Path(target).suffix.lower()
    if suffix == ".mp4":
        from vtm_bridge.ffmpeg import write_mp4

        return write_mp4((pixels(shown) for shown in pictures), target, fps)
    if suffix in RAW_SUFFIXES or target == "-":
        return _write_planes(pictures, target, fps, suffix)
    if suffix:
        raise GfvError(
            "unknown kind of output", element="output", value=suffix, allowed=".mp4, .y4m, .yuv, or a folder"
        )
    return _write_folder(pictures, Path(target))


def _write_planes(pictures: Iterable[Shown], target: str, fps: Fraction, suffix: str) -> int:
    from vtm_bridge.pictures import RawWriter, Y4MWriter

    count = 0
    with open_target(target) as file:
        writer: Any = None
        format = None
        for picture in _planes(pictures, fps):
            if writer is None or format is None:
                format = picture.format
                writer = (RawWriter if suffix == ".yuv" else Y4MWriter)(file, format)
            writer.write(picture)
            count += 1
    return count


def _planes(pictures: Iterable[Shown], fps: Fraction) -> Iterator[Picture]:
    from vtm_bridge.pictures import Picture

    for shown in pictures:
        if shown.coded is not None:
            yield Picture(shown.format.but(fps=fps), shown.coded.planes)
        else:
            assert shown.generated is not None
            height, width = shown.generated.shape[1:]  # a network may make another size
            yield from_rgb(shown.generated, shown.format.but(fps=fps, width=width, height=height))


def _write_folder(pictures: Iterable[Shown], folder: Path) -> int:
    from vtm_bridge.pictures.png import write_png

    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, shown in enumerate(pictures, 1):
        write_png(folder / f"picture-{count - 1:05}.png", pixels(shown))
    return count
