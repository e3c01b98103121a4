"""Where the face is in a picture.

The detector is the cascade of local binary patterns that scikit-image's wheel holds
(``lbpcascade_frontalface_opencv``, after P. Viola, M. Jones, "Rapid object detection using a boosted
cascade of simple features", CVPR 2001). It finds frontal faces. Without scikit-image, or without a find,
the middle of the picture has to do: in the pictures that GFV is for, that is where the face is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

DETECTION_SIDE = 256
"""The picture's shorter side is reduced to this for detection."""


@dataclass(frozen=True)
class Region:
    """A rectangle in pixels, and whether a face was found there or is merely assumed."""

    x: float
    y: float
    width: float
    height: float
    detected: bool


def face_region(picture: NDArray[np.uint8]) -> Region:
    """The largest face of an RGB picture uint8 [H, W, 3], brow to chin.

    Where there is none, a square in the middle of the picture.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, DETECTION_SIDE / min(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    found = _detect(small)
    if found:
        best = max(found, key=lambda f: (f["width"] * f["height"], -f["r"], -f["c"]))
        x, y, w, h = (float(best[key]) / scale for key in ("c", "r", "width", "height"))
        return Region(x, y, w, h, True)
    side = 0.55 * min(height, width)
    return Region((width - side) / 2, (height - side) / 2, side, side, False)


def _detect(picture: NDArray[Any]) -> list[dict[str, Any]]:
    try:
        import skimage
        from skimage.feature import Cascade
    except ModuleNotFoundError:
        return []
    cascade = Path(skimage.__file__).parent / "data" / "lbpcascade_frontalface_opencv.xml"
    side = min(picture.shape[:2])
    smallest = max(side // 5, 24)
    if side <= smallest or not cascade.is_file():
        return []
    found: list[dict[str, Any]] = Cascade(str(cascade)).detect_multi_scale(
        img=np.ascontiguousarray(picture),
        scale_factor=1.2,
        step_ratio=1,
        min_size=(smallest, smallest),
        max_size=(side, side),
    )
    return found
