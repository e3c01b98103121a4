"""Base pictures of the suite: what they show, how they are coded, and the coded streams, each made once.

The pictures are computed, so they need no file and no licence, and are the same wherever the suite is built: a shape
that could be a head, on a background of slopes and stripes, moving a little from picture to picture. Cases say by name
how their pictures are coded; the cases of one codec with the same name share one coded stream.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from vtm_bridge.pictures import Picture


class Structure(NamedTuple):
    """How base pictures are coded.

    pictures        how many; ``period`` from one intra picture to the next, None for no further one
    coding          "intra", "lowdelay" or "randomaccess", as in ``vtm_bridge.EncodeSettings``
    width, height   in luma samples
    extra           further arguments for an encoder, by codec; where there are any, only those codecs can have it
    """

    about: str
    pictures: int
    coding: str = "intra"
    period: int | None = None
    width: int = 64
    height: int = 64
    extra: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    @property
    def codecs(self) -> tuple[str, ...]:
        """Those in which the bundled encoders can make it."""
        return tuple(self.extra) or ("vvc", "hevc", "avc")


# libx265 takes its parameters once, so these repeat those of the adapter.
_X265 = "qp=32:info=0:log-level=error:scenecut=0:pools=1:frame-threads=1:ctu=16:min-cu-size=8:max-tu-size=16"
_SLICES = f"{_X265}:open-gop=0:bframes=0:keyint=-1:slices=2"
_LEADING = f"{_X265}:open-gop=1:bframes=2:b-adapt=0:b-pyramid=0:keyint=6:min-keyint=1"

STRUCTURES = {
    "one": Structure("one intra picture", 1),
    "four": Structure("an intra picture and three inter-coded ones in output order", 4, "lowdelay"),
    "intra": Structure("three intra pictures", 3),
    "inter": Structure("an intra picture and five inter-coded ones in output order", 6, "lowdelay"),
    "periods": Structure("inter-coded in output order, with an intra picture every four pictures", 8, "lowdelay", 4),
    "reordered": Structure(
        "B pictures that are decoded in another order than they are shown in", 9, "randomaccess", 16
    ),
    "wide": Structure("an intra picture and an inter-coded one, not square", 2, "lowdelay", width=128, height=96),
    "slices": Structure(
        "an intra picture and three inter-coded ones, of two slices each",
        4,
        "lowdelay",
        height=128,
        extra=MappingProxyType({"hevc": ("-x265-params", _SLICES), "avc": ("-slices", "2")}),
    ),
    "leading": Structure(
        "an IDR picture, and CRA pictures as the fifth and eleventh in decoding order, with two RASL pictures each",
        13,
        "randomaccess",
        extra=MappingProxyType({"hevc": ("-x265-params", _LEADING)}),
    ),
}

PICTURE_RATE = 25

_PRESETS = {"vvc": "faster", "hevc": "fast", "avc": "fast"}


def pictures(structure: Structure) -> Iterator[Picture]:
    """The pictures as they are before coding: 8 bits, 4:2:0. Integers alone, so they are the same everywhere."""
    import numpy as np

    from vtm_bridge.pictures import Picture, PictureFormat

    form = PictureFormat(structure.width, structure.height)
    for number in range(structure.pictures):
        planes = []
        for which, (rows, columns) in enumerate(form.plane_shapes):
            y, x = np.mgrid[0:rows, 0:columns]
            down, right = 2 * y - rows - number, 2 * x - columns + 3 * number
            head = 16 * right * right * 9 + 16 * down * down * 4 < 16 * columns * rows * 3
            eye = (abs(abs(right) - columns // 4) < columns // 12) & (abs(down + rows // 4) < rows // 16)
            background = 60 + 40 * which + 64 * x // columns + 32 * ((y + x // 2) // 8 % 2)
            plane = np.where(head, 150 - 12 * which + 40 * y // rows, background)
            planes.append(np.where(eye, 40 + 60 * (which > 0), plane).astype(np.uint8))
        yield Picture(form, tuple(planes))


@cache
def base_stream(codec: str, name: str) -> bytes:
    """The coded pictures of the structure ``name``. The same bytes each time: one thread, constant QP."""
    from vtm_bridge.ffmpeg import encode

    structure = STRUCTURES[name]
    out = io.BytesIO()
    encode(
        pictures(structure),
        out,
        codec,
        qp=32,
        structure=structure.coding,
        intra_period=structure.period,
        preset=_PRESETS[codec],
        threads=1,
        extra=structure.extra.get(codec, ()),
    )
    return out.getvalue()
