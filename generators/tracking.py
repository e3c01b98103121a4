"""The encoder's side: facial parameters of a real video.

A `FaceTracker` chooses points in the base picture (`points`) and says for each further picture where they
are. It always measures against the base picture: the small window around a point *there* is searched for in
the picture *here*, so errors do not add up over time, however long the sequence. Pictures in between only
help the search to start at the right place. The search is that of B. Lucas and T. Kanade (IJCAI 1981) on a
pyramid, by OpenCV.

A found place is believed if the search back leads to where it began, and if it does not contradict the
neighbours. Points that are not believed get their place from those that are, spread in the same way as the
warp will spread them. Then the points are corrected by what the decoder will make of them (`refinement`).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from generators.errors import ParameterError
from generators.face_region import Region, face_region
from generators.parameters import FaceParameters
from generators.points import choose
from generators.refinement import Refiner
from generators.warp import reference

POINTS = 28
"""Default number of keypoints."""

BACK = 1.0
"""So far, in 256ths of the shorter side, may the search back end from where it began."""

CONTRADICTION = 0.12
"""So far, in half sides, may a point's displacement be from what its neighbours make of it."""

FEW = 0.4
"""Low confidence: less than this share of points found."""

POOR = 32.0
"""Low confidence: root of the mean squared error of the warped picture in grey levels (18 dB)."""

Picture = NDArray[np.uint8]
Floats = NDArray[Any]


class FaceTracker:
    """Follows the points of a base picture through a video.

    Usage::

        tracker = FaceTracker()
        base = tracker.start(first_picture)        # parameters of the base message
        for picture in others:
            parameters = tracker.track(picture)    # of the messages that follow

    The same pictures give the same parameters.

    Attributes:
        region: where the face is in the base picture, in pixels; None before `start`.
        confidence: share of points found in the latest picture, 0 to 1.
        error: what is left between the warped and the real picture, as root of the mean square in grey levels
            of a reduced luma picture; nan without refinement. When it grows, a new base picture may be due.
    """

    def __init__(self, points: int = POINTS, *, precision: int = 8, refine: bool = True) -> None:
        """Settings only; the pictures come with `start` and `track`.

        Args:
            points: number of keypoints, 1 to 1024.
            precision: bits of the fraction that coordinates will be coded with
                (gfv_coordinate_precision_factor_minus1 + 1), 1 to 32. Points of the base picture are chosen
                on that grid, so that coding does not shift them, and with them every displacement.
            refine: whether to correct tracked points by analysis and synthesis.

        Raises:
            ParameterError: a number is out of range.
        """
        if not 1 <= points <= 1024:
            raise ParameterError("number of points to track", value=points, allowed="1 to 1024")
        if not 1 <= precision <= 32:
            raise ParameterError("precision of coordinates in bits", value=precision, allowed="1 to 32")
        self.precision = precision
        self.count = points
        self.refine = refine
        self.region: Region | None = None
        self.confidence = 1.0
        self.error = float("nan")
        self._base: Picture | None = None

    def start(self, picture: Picture) -> FaceParameters:
        """Take a base picture.

        Args:
            picture: RGB uint8 [H, W, 3], at least 16 x 16; best the decoded base picture, which is what the
                decoder will warp.

        Returns:
            Its parameters: keypoints [K, 2] in -1 to 1, multiples of 2^-precision. They are the zero of all
            that follow.

        Raises:
            ParameterError: not such a picture.
        """
        grey = _grey(picture)
        self.region = face_region(picture)
        choice = choose(grey, self.region, self.count)
        self._base = self._previous = grey
        self._anchor = choice.anchor
        chosen = FaceParameters(self._normal(choice.points)).quantised(self.precision)
        assert chosen.keypoints is not None
        self._start = self._place = self._pixels(chosen.keypoints)
        self._scale = min(grey.shape) / 256
        self._sides = reference.aspect(*grey.shape)
        self._reach = reference.reaches(chosen.keypoints * self._sides)
        self._refiner = Refiner(grey, chosen.keypoints) if self.refine else None
        self.confidence, self.error = 1.0, float("nan")
        return chosen

    def track(self, picture: Picture) -> FaceParameters:
        """Find the points in another picture.

        Args:
            picture: RGB uint8 [H, W, 3], of the size of the base picture.

        Returns:
            Keypoints [K, 2] in -1 to 1, not quantised, and whether they deserve little confidence.

        Raises:
            ParameterError: not such a picture, or no base picture yet.
        """
        if self._base is None:
            raise ParameterError("there is no base picture to track from")
        grey = _grey(picture)
        if grey.shape != self._base.shape:
            raise ParameterError(f"the picture is {grey.shape}, the base picture {self._base.shape}")
        found, believed = self._search(grey)
        self.confidence = float(np.mean(believed[~self._anchor])) if not self._anchor.all() else 1.0
        place = self._fill(found, believed)
        points = np.clip(self._normal(place), -1, 1)
        if self._refiner is not None:
            points, self.error = self._refiner.refine(grey, points)
        self._place, self._previous = self._pixels(points), grey
        low = self.confidence < FEW or self.error > POOR
        return FaceParameters(points, low_confidence=bool(low))

    def _search(self, grey: Picture) -> tuple[Floats, NDArray[np.bool_]]:
        """Places in pixels [K, 2], and which are to be believed [K]."""
        base = self._base
        assert base is not None
        guess, _ = self._flow(self._previous, grey, self._place, self._place)
        # A step from picture to picture that failed altogether is worse than none.
        astray = np.abs(guess - self._place).max(axis=1) > 0.25 * min(grey.shape)
        guess[astray] = self._place[astray]
        found, good = self._flow(base, grey, self._start, guess)
        back, good_back = self._flow(grey, base, found, self._start)
        returned = np.sqrt(np.square(back - self._start).sum(axis=1)) <= BACK * max(self._scale, 0.5)
        height, width = grey.shape
        within = (found >= 0).all(axis=1) & (found[:, 0] <= width - 1) & (found[:, 1] <= height - 1)
        believed = good & good_back & returned & within
        if np.count_nonzero(believed) > 3:
            shift = (self._normal(self._start) - self._normal(found)) * self._sides
            heard = self._among(shift, believed)
            believed &= np.sqrt(np.square(shift - heard).sum(axis=1)) <= CONTRADICTION
        return found, believed

    def _among(self, shift: Floats, believed: NDArray[np.bool_]) -> Floats:
        """The displacement that believed neighbours would give each point: a weighted median, per axis."""
        at = self._normal(self._start) * self._sides
        weights = np.exp(reference.squared_distances(at, at) / (-2 * self._reach**2)) * believed
        np.fill_diagonal(weights, 0)
        result = shift.copy()
        for axis in range(2):
            order = np.argsort(shift[:, axis], kind="stable")
            total = np.cumsum(weights[:, order], axis=1)
            middle = np.argmax(total >= total[:, -1:] / 2, axis=1)
            result[:, axis] = shift[order[middle], axis]
        alone = weights.sum(axis=1) < 1e-3
        result[alone] = shift[alone]
        return result

    def _fill(self, found: Floats, believed: NDArray[np.bool_]) -> Floats:
        """Places for the points that were not found: they move as those around them, anchors as anchors."""
        place = found.copy()
        if believed.all():
            return place
        motion = found - self._start
        for group in (self._anchor, ~self._anchor):
            known = group & believed if group is self._anchor else believed
            lost = group & ~believed
            if not lost.any():
                continue
            if group is self._anchor:
                # Blank walls are not found either; if any anchor was, they go with it, otherwise they stay.
                place[lost] = self._start[lost] + (np.median(motion[known], axis=0) if known.any() else 0)
            elif known.any():
                at = self._normal(self._start) * self._sides
                spread = reference.spread(at[lost], at[known], motion[known], self._reach[known])
                place[lost] = self._start[lost] + spread
            else:
                place[lost] = self._place[lost]
        return place

    def _flow(self, one: Picture, other: Picture, points: Floats, guess: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Lucas-Kanade: where points [K, 2] of one picture are in the other, and which were found."""
        window = max(round(21 * self._scale) | 1, 7)
        places, status, _ = cv2.calcOpticalFlowPyrLK(
            one,
            other,
            points.astype(np.float32).reshape(-1, 1, 2),
            guess.astype(np.float32).reshape(-1, 1, 2).copy(),
            winSize=(window, window),
            maxLevel=3,
            criteria=(cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 0.01),
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
            minEigThreshold=5e-4,
        )
        flat = places.reshape(-1, 2).astype(np.float64)
        good = (status.ravel() == 1) & np.isfinite(flat).all(axis=1)
        flat[~good] = guess[~good]
        return flat, good

    def _normal(self, pixels: Floats) -> Floats:
        """Pixels, the centre of the first being 0, to -1 to 1."""
        assert self._base is not None
        height, width = self._base.shape
        return np.asarray((2 * pixels + 1) / np.array([width, height]) - 1)

    def _pixels(self, normal: Floats) -> Floats:
        assert self._base is not None
        height, width = self._base.shape
        return np.asarray(((normal + 1) * np.array([width, height]) - 1) / 2)


def _grey(picture: Picture) -> Picture:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape[:2]) < 16:
        raise ParameterError(
            f"the picture is {picture.dtype} {list(picture.shape)}",
            allowed="RGB uint8 [H, W, 3], 16 x 16 or more",
        )
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
