"""Video files to pictures in memory, and which of them are kept back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gfv_sei.errors import GfvError
from vtm_bridge.colour import to_rgb8
from vtm_bridge.ffmpeg import read_video

SUFFIXES = (".mp4", ".mkv", ".mov", ".webm", ".avi", ".y4m")
"""Endings of files in a folder that count as clips."""

Pictures = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip.

    name      of its file
    pictures  RGB uint8 [T, side, side, 3]
    learnt    so many pictures from the start are for training, the rest is kept back; 0 keeps the whole clip back
    """

    name: str
    pictures: Pictures
    learnt: int


@dataclass(frozen=True, eq=False)
class Clips:
    """The clips of a run."""

    clips: tuple[Clip, ...]

    @property
    def for_training(self) -> tuple[Clip, ...]:
        """Those with pairs to learn from."""
        return tuple(clip for clip in self.clips if clip.learnt >= 2)

    @property
    def seen(self) -> tuple[Clip, ...]:
        """Those whose end is kept back."""
        return tuple(clip for clip in self.clips if 0 < clip.learnt < len(clip.pictures))

    @property
    def unseen(self) -> tuple[Clip, ...]:
        """Those that are kept back whole."""
        return tuple(clip for clip in self.clips if not clip.learnt)


def read_clips(
    folder: str | Path,
    side: int,
    *,
    kept_back: float = 0.2,
    whole: Sequence[str] = (),
    pattern: str = "*",
    pictures: int | None = None,
) -> Clips:
    """The clips of a folder, by name, decoded by the bundled ffmpeg, scaled and cropped to squares.

    All pictures are held in memory: 3 x side^2 bytes each.

    Args:
        folder: with files that end as in `SUFFIXES`; others are passed over.
        side: of the pictures.
        kept_back: share of each clip, at its end, that is not trained on, 0 to below 1.
        whole: names of clips, or patterns such as ``pexels*``, of which nothing is trained on.
        pattern: which files to take, such as ``*_256.mp4``.
        pictures: at most so many of each clip.

    Raises:
        GfvError: no clip is there, one cannot be decoded or is of a single picture, a share is out of range, or
            nothing is left to train on.
    """
    if not 0 <= kept_back < 1:
        raise GfvError("no such share", element="kept_back", value=kept_back, allowed="0 to below 1")
    root = Path(folder)
    files = sorted(f for f in root.glob("*") if f.suffix.lower() in SUFFIXES and fnmatch(f.name, pattern))
    if not files:
        raise GfvError(f"no clips in {root}", allowed=f"files that end in {', '.join(SUFFIXES)}")
    clips = []
    for file in files:
        _, decoded = read_video(file, (side, side), pictures=pictures)
        stack = np.stack([to_rgb8(picture) for picture in decoded])
        if len(stack) < 2:
            raise GfvError(f"{file} has a single picture", allowed="2 or more")
        back = any(fnmatch(file.name, name) or fnmatch(file.stem, name) for name in whole)
        learnt = 0 if back else max(2, round(len(stack) * (1 - kept_back)))
        clips.append(Clip(file.stem, stack, learnt))
    found = Clips(tuple(clips))
    if not found.for_training:
        raise GfvError(f"all clips of {root} are kept back, none is left to train on")
    return found
