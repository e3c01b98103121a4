"""Chroma key: where a picture has the key colour, the viewer's own background comes in (semantics of gfv_chroma_key_*).

A base message may say which colour stands for what is not the face. How near a sample is to it decides: up to the
lower threshold it is background, from the upper threshold on it is face, in between both are mixed in proportion.
Nearness is the distance of the two colours in the space of their three components at 8 bits. Components 0, 1, 2 are
those of the coded picture, Y'CbCr (its matrix, its range); ``rgb`` takes them as R'G'B'. What the standard says about
both is not settled by any public source; defaults and thresholds are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from generators.choices import CODED, RGB
from gfv_sei.errors import GfvError
from vtm_bridge.colour import from_rgb, to_rgb
from vtm_bridge.ffmpeg import read_video

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vtm_bridge.pictures import PictureFormat

    Planes = NDArray[np.float32]

FACE_RECOGNITION = 2
"""gfv_chroma_key_purpose_idc of a key that is not there to be replaced by a background."""

DEFAULT_VALUES = (50, 220, 100)
DEFAULT_LOWER = 48
DEFAULT_UPPER_DELTA_MINUS1 = 26
DEFAULT_UPPER = 75

COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
}


@dataclass(frozen=True)
class ChromaKey:
    """The key of a base message: the colour, 0 to 255 each, and the two thresholds."""

    purpose: int
    values: tuple[int, int, int]
    lower: int
    upper: int

    @classmethod
    def of(cls, message: dict[str, Any]) -> ChromaKey | None:
        """The key that a base message sets, of any edition of the syntax; None if it sets none."""
        if not message.get("gfv_chroma_key_info_present_flag"):
            return None
        given = message.get("gfv_chroma_key_value") or (None, None, None)
        first, second, third = (
            default if value is None else value for value, default in zip(given, DEFAULT_VALUES, strict=True)
        )
        if "gfv_chroma_key_purpose_idc" in message:
            lower = message.get("gfv_chroma_key_thr_lower", DEFAULT_LOWER)
            upper = lower + message.get("gfv_chroma_key_thr_upper_delta_minus1", DEFAULT_UPPER_DELTA_MINUS1) + 1
        else:  # the drafts: two thresholds, each for itself
            coded = message.get("gfv_chroma_key_thr_value") or (None, None)
            lower, upper = (
                default if value is None else value
                for value, default in zip(coded, (DEFAULT_LOWER, DEFAULT_UPPER), strict=True)
            )
        return cls(message.get("gfv_chroma_key_purpose_idc", 0), (first, second, third), lower, upper)

    def face(self, picture: Planes, format: PictureFormat, components: str = CODED) -> Planes:
        """How much of each sample of R'G'B' planes [3, H, W] is face: [H, W], 0 to 1.

        ``format`` is that of the coded picture.
        """
        height, width = picture.shape[1:]
        if components == RGB:
            levels = picture * np.float32(255)
        else:
            eight = format.but(width=width, height=height, chroma="444", bit_depth=8)
            levels = np.stack(from_rgb(picture, eight).planes).astype(np.float32)
        key = np.array(self.values, np.float32).reshape(3, 1, 1)
        distance = np.sqrt(np.square(levels - key).sum(axis=0))
        ramp = max(self.upper - self.lower, 1)  # drafts may have them the wrong way round
        face: Planes = np.clip((distance - np.float32(self.lower)) / np.float32(ramp), 0, 1)
        return face


class Background:
    """What comes in: a colour, or an image, which fills the picture and is cut where it hangs over."""

    def __init__(self, what: str) -> None:
        """Of ``black``, ``white``, ..., ``#rrggbb``, or a file that ffmpeg reads."""
        self.what = what
        self.colour = COLOURS.get(what.lower())
        if self.colour is None and what.startswith("#"):
            try:
                red, green, blue = bytes.fromhex(what[1:])
            except ValueError:
                raise GfvError("no such colour", element="background", value=what, allowed="#rrggbb") from None
            self.colour = red, green, blue
        if self.colour is None and not Path(what).is_file():
            allowed = f"a file, #rrggbb, {', '.join(COLOURS)}"
            raise GfvError("there is no such file or colour", element="background", value=what, allowed=allowed)
        self.fitted: Planes | None = None

    def planes(self, height: int, width: int) -> Planes:
        """As R'G'B' float32 [3, height, width], 0 to 1."""
        if self.fitted is None or self.fitted.shape[1:] != (height, width):
            if self.colour is not None:
                colour = np.array(self.colour, np.float32).reshape(3, 1, 1) / np.float32(255)
                self.fitted = np.broadcast_to(colour, (3, height, width))
            else:
                _, pictures = read_video(self.what, (width, height), chroma="444", pictures=1)
                (picture,) = pictures
                self.fitted = to_rgb(picture)
        return self.fitted

    def behind(self, picture: Planes, key: ChromaKey, format: PictureFormat, components: str = CODED) -> Planes:
        """The picture with this background where it has the key colour."""
        face = key.face(picture, format, components)
        behind = self.planes(*picture.shape[1:])
        mixed: Planes = behind + face * (picture - behind)
        return mixed
