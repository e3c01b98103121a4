"""Colour calibration: a gain and an offset for each of R, G and B, from the decoded base picture.

Generators drift in colour: a network that was trained on other cameras, or that saw other quantisation, gives a face
that is a little too dark or too warm, and the jump from the decoded base picture to the first generated one shows it.
The decoded base picture is the one true picture that a decoder has, so means and standard deviations of generated
pictures are matched to its own (after the idea of JVET-AL0156; gain and offset as in E. Reinhard et al., "Color
transfer between images", 2001, in R'G'B'). Two ways of measuring:

``base``      the generator makes the base picture anew, from its own parameters. Whatever differs is the generator's
              fault. One gain and offset for all pictures of a base picture: nothing can flicker.
``picture``   each generated picture is measured by itself, in the region of its keypoints, against the region of the
              base picture's keypoints. Follows a drift within a sequence, at the price that real changes of light
              are taken out as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generators.parameters import FaceParameters

    Planes = NDArray[np.float32]

GAINS = (0.5, 2.0)
"""Gains stay within these: what differs more is no drift of colour."""

LEAST_DEVIATION = 1 / 255
"""Below it a channel is flat, and has an offset only."""

LEAST_SIDE = 8
"""Of a region in pixels; a smaller one gives way to the whole picture."""


class Calibration(NamedTuple):
    """Gain and offset, each [3, 1, 1]: calibrated = gain x + offset."""

    gain: Planes
    offset: Planes

    @classmethod
    def matching(cls, made: Planes, true: Planes) -> Calibration:
        """That which gives R'G'B' planes [3, ...] the means and deviations of others."""
        means = [planes.reshape(3, -1).mean(axis=1, dtype=np.float64) for planes in (made, true)]
        spreads = [planes.reshape(3, -1).std(axis=1, dtype=np.float64) for planes in (made, true)]
        flat = spreads[0] < LEAST_DEVIATION
        gain = np.where(flat, 1.0, np.clip(spreads[1] / np.where(flat, 1.0, spreads[0]), *GAINS))
        offset = means[1] - gain * means[0]
        return cls(gain.astype(np.float32).reshape(3, 1, 1), offset.astype(np.float32).reshape(3, 1, 1))

    def __call__(self, picture: Planes) -> Planes:
        """The calibrated picture."""
        calibrated: Planes = np.clip(self.gain * picture + self.offset, 0, 1)
        return calibrated


def region(picture: Planes, parameters: FaceParameters) -> Planes:
    """The part of a picture that its keypoints span; all of it where there are none or they span too little."""
    if parameters.keypoints is None:
        return picture
    height, width = picture.shape[1:]
    places = (parameters.keypoints[:, :2] + 1) / 2 * (width, height)
    left, top = np.clip(places.min(axis=0), 0, (width, height)).astype(int)
    right, bottom = np.ceil(np.clip(places.max(axis=0), 0, (width, height))).astype(int)
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        return picture
    return picture[:, top:bottom, left:right]
