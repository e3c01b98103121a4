"""Pairs of pictures with their parameters.

Every pair is drawn by a generator of random numbers that depends on seed and step alone, so a run can be continued
anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from generators.models.architecture import Parameters
from generators.tracking import FaceTracker
from generators.training.clips import Clip, Clips

KEYPOINTS = "keypoints"


@dataclass(frozen=True)
class Pair:
    """A batch of pairs: pictures [N, 3, H, W] in 0..1, and parameters, None if they are still to be found."""

    base: Tensor
    current: Tensor
    base_parameters: Parameters | None = None
    parameters: Parameters | None = None


def planes(pictures: NDArray[np.uint8]) -> Tensor:
    """RGB uint8 [N, H, W, 3] to [N, 3, H, W] in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))).float() / 255


class FreePairs:
    """Any two pictures of a clip; the parameters are the analysis model's to find."""

    def __init__(self, clips: Clips) -> None:
        self.clips = clips.for_training

    def draw(self, random: np.random.Generator, count: int) -> Pair:
        """``count`` pairs."""
        both = []
        for _ in range(count):
            clip = self.clips[random.integers(len(self.clips))]
            both.append(clip.pictures[random.integers(clip.learnt, size=2)])
        stacked = np.stack(both)
        return Pair(planes(stacked[:, 0]), planes(stacked[:, 1]))


class TrackedPairs:
    """A few base pictures per clip, every picture of it as the current one, points as the tracker finds them.

    The first base picture is the first picture of the clip, the others are spread over what is trained on. From each
    the tracker goes forwards, and once more backwards.
    """

    def __init__(self, clips: Clips, *, points: int, bases: int, precision: int) -> None:
        self.clips = clips.for_training
        self.tracks: list[dict[int, NDArray[np.float32]]] = []
        for clip in self.clips:
            starts = sorted({round(i * clip.learnt / bases) for i in range(bases)})
            self.tracks.append({start: tracked(clip, start, clip.learnt, points, precision) for start in starts})

    def draw(self, random: np.random.Generator, count: int) -> Pair:
        """``count`` pairs."""
        pictures, points = [], []
        for _ in range(count):
            index = int(random.integers(len(self.clips)))
            clip, tracks = self.clips[index], self.tracks[index]
            start = sorted(tracks)[random.integers(len(tracks))]
            now = int(random.integers(clip.learnt))
            pictures.append(clip.pictures[[start, now]])
            points.append(tracks[start][[start, now]])
        both, found = np.stack(pictures), torch.from_numpy(np.stack(points))
        return Pair(planes(both[:, 0]), planes(both[:, 1]), {KEYPOINTS: found[:, 0]}, {KEYPOINTS: found[:, 1]})


def tracked(clip: Clip, start: int, stop: int, points: int, precision: int) -> NDArray[np.float32]:
    """Points of pictures 0 to ``stop`` of a clip, the base picture being ``start``: [stop, points, 2], quantised."""
    found = np.zeros((stop, points, 2), np.float32)
    for way in (range(start + 1, stop), range(start - 1, -1, -1)):
        tracker = FaceTracker(points, precision=precision)
        base = tracker.start(clip.pictures[start])
        found[start] = base.keypoints
        for index in way:
            found[index] = tracker.track(clip.pictures[index]).quantised(precision).keypoints
    return found


def augmented(pair: Pair, random: np.random.Generator) -> Pair:
    """Each pair mirrored or not, its colours scaled, and in one pair of four in another order."""
    base, current = pair.base.clone(), pair.current.clone()
    groups = [group for group in (pair.base_parameters, pair.parameters) if group is not None]
    copies: list[dict[str, Tensor]] = [{name: tensor.clone() for name, tensor in group.items()} for group in groups]
    for n in range(len(base)):
        if random.random() < 0.5:
            base[n], current[n] = base[n].flip(2), current[n].flip(2)
            for copy in copies:
                copy[KEYPOINTS][n, :, 0] *= -1
        order = random.permutation(3) if random.random() < 0.25 else np.arange(3)
        gain = torch.from_numpy(random.uniform(0.75, 1.2, 3).astype(np.float32))[:, None, None]
        lift = float(random.uniform(-0.05, 0.05))
        base[n], current[n] = ((x[n][order.tolist()] * gain + lift).clamp(0, 1) for x in (base, current))
    if not copies:
        return Pair(base, current)
    return Pair(base, current, copies[0], copies[1])


def moved_to(pair: Pair, device: torch.device) -> Pair:
    """The same on a device."""

    def there(group: Mapping[str, Tensor] | None) -> Parameters | None:
        return None if group is None else {name: tensor.to(device) for name, tensor in group.items()}

    return Pair(pair.base.to(device), pair.current.to(device), there(pair.base_parameters), there(pair.parameters))
