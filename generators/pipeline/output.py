"""Pictures to MP4, Y4M, raw planes or a folder of PNG files."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
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
KINDS = ".mp4, .y4m, .yuv, or a folder (end its name with / if it has a dot)"


def pixels(shown: Shown) -> NDArray[np.uint8]:
    """RGB uint8 [height, width, 3] of a picture of the output."""
    if shown.coded is not None:
        return to_rgb8(shown.coded)
    assert shown.generated is not None
    return to_pixels(shown.generated)


def write_pictures(pictures: Iterable[Shown], target: str, fps: Fraction) -> int:
    """Write pictures to ``target`` and return how many; its ending says how.

    ``.mp4``: AVC, 4:2:0, 8 bits. ``.y4m`` and ``.yuv``: the format of the coded pictures, which come out as they were
    decoded; ``-`` is Y4M on standard output. Anything else: a folder of PNG files, picture-00000.png and so on, which
    is filled when the last of them is there, and then has no others of such names.

    Raises:
        GfvError: the target cannot be written, is of no known kind, or is a video and the pictures are not of one size.
    """
    if is_folder(target):
        return _write_folder(pictures, Path(target))
    pictures = _of_one_size(pictures)
    suffix = Path(target).suffix.lower()
    if suffix == ".mp4":
        from vtm_bridge.ffmpeg import write_mp4

        return write_mp4((pixels(shown) for shown in pictures), target, fps)
    if suffix in RAW_SUFFIXES or target == "-":
        return _write_planes(pictures, target, fps, suffix)
    raise GfvError("unknown kind of output", element="output", value=suffix, allowed=KINDS)


def is_known(target: str) -> bool:
    """Whether `write_pictures` can tell from the name what to write."""
    return target == "-" or is_folder(target) or Path(target).suffix.lower() in (".mp4", *RAW_SUFFIXES)


def _of_one_size(pictures: Iterable[Shown]) -> Iterator[Shown]:
    """The pictures as they are; a network may make another size than that of the coded ones, a video has one."""
    first: tuple[int, int] | None = None
    for shown in pictures:
        width, height = shown.size
        first = first or (width, height)
        if (width, height) != first:
            raise GfvError(
                f"the {'coded' if shown.generated is None else 'generated'} picture has another size than those before "
                "it; a folder of PNG files takes both",
                element="size",
                value=f"{width}x{height}",
                allowed=f"{first[0]}x{first[1]}",
            )
        yield shown


def is_folder(target: str) -> bool:
    """Whether a target is a folder of PNG files: it has no ending, a / at its end, or is one already."""
    return target != "-" and (not Path(target).suffix or target.endswith("/") or Path(target).is_dir())


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
            width, height = shown.size
            yield from_rgb(shown.generated, shown.format.but(fps=fps, width=width, height=height))


def _write_folder(pictures: Iterable[Shown], folder: Path) -> int:
    from vtm_bridge.pictures.png import write_png

    with _whole_folder(folder) as part:
        count = 0
        for count, shown in enumerate(pictures, 1):
            with _writing(folder):
                write_png(part / f"picture-{count - 1:05}.png", pixels(shown))
        return count


@contextmanager
def _whole_folder(folder: Path) -> Iterator[Path]:
    """A folder inside ``folder`` to write pictures to; they take the place of those there at the end.

    On an error they vanish, and ``folder`` too if nothing is in it.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".pictures.", suffix=".part", dir=folder))
    try:
        yield part
        with _writing(folder):
            made = {picture.name for picture in part.iterdir()}
            for old in folder.iterdir():
                if re.fullmatch(r"picture-\d{5,}\.png", old.name) and old.name not in made:
                    old.unlink()
            for name in made:
                (part / name).replace(folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GfvError(f"cannot write pictures to {folder}: {error.strerror}") from error
