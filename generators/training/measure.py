"""PSNR on what was kept back: of the generator, and of the warp from the same points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from generators.models.architecture import Models, Parameters
from generators.pictures import to_planes
from generators.quality import psnr
from generators.training.clips import Clip, Clips
from generators.training.samples import KEYPOINTS, planes, tracked
from generators.training.settings import TrainSettings
from generators.warp import reference


@dataclass(frozen=True)
class Score:
    """Means of PSNR in dB, RGB, of pictures in 0..1 that were not rounded to 8 bits.

    seen, unseen            of the generator, on the ends of clips and on whole clips kept back; nan if there are none
    warp_seen, warp_unseen  of the warp from the same keypoints; nan where the parameters have none
    clips                   of the generator and of the warp, by name of the clip
    """

    seen: float
    unseen: float
    warp_seen: float
    warp_unseen: float
    clips: dict[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class _Case:
    """What is measured of a clip: its first picture as the base picture, and some kept back."""

    clip: Clip
    chosen: NDArray[np.intp]
    points: NDArray[np.float32] | None


class Measure:
    """Measures generators on the same pictures each time.

    Args:
        clips: of the run.
        settings: ``measured`` says how many pictures of each clip, evenly spread over what was kept back.
        points: number of keypoints to track, None where the analysis model finds its own parameters.
    """

    def __init__(self, clips: Clips, settings: TrainSettings, points: int | None) -> None:
        self.unseen = {clip.name for clip in clips.unseen}
        self.cases = []
        for clip in (*clips.seen, *clips.unseen):
            first, last = max(clip.learnt, 1), len(clip.pictures) - 1
            count = min(settings.measured, last - first + 1)
            chosen = np.unique(np.linspace(first, last, count).round().astype(np.intp))
            places = None if points is None else tracked(clip, 0, last + 1, points, settings.precision)
            self.cases.append(_Case(clip, chosen, places))
        self._warps: dict[str, float] = {}

    def score(self, models: Models, device: torch.device) -> Score:
        """The generator as it is now, in evaluation mode; modes are put back."""
        network = models.generator
        assert network is not None
        halves = [half for half in (network, models.analysis) if half is not None]
        modes = [half.training for half in halves]
        for half in halves:
            half.eval()
        clips = {case.clip.name: self._case(case, models, device) for case in self.cases}
        for half, mode in zip(halves, modes, strict=True):
            half.train(mode)

        def mean(which: int, unseen: bool) -> float:
            found = [pair[which] for name, pair in clips.items() if (name in self.unseen) == unseen]
            return float(np.mean(found)) if found else float("nan")

        return Score(mean(0, False), mean(0, True), mean(1, False), mean(1, True), clips)

    def _case(self, case: _Case, models: Models, device: torch.device) -> tuple[float, float]:
        made, warps = [], []
        with torch.no_grad():
            base = planes(case.clip.pictures[:1]).to(device)
            of_base = self._parameters(case, 0, base, models)
            for index in case.chosen:
                real = planes(case.clip.pictures[index][None]).to(device)
                current = self._parameters(case, int(index), real, models)
                assert models.generator is not None
                picture = models.generator(base, of_base, current)
                made.append(psnr(picture[0].cpu().numpy(), real[0].cpu().numpy()))
                if KEYPOINTS in current and current[KEYPOINTS].shape[-1] == 2:
                    warps.append(self._warp(case, int(index), of_base[KEYPOINTS], current[KEYPOINTS]))
        return float(np.mean(made)), float(np.mean(warps)) if warps else float("nan")

    @staticmethod
    def _parameters(case: _Case, index: int, picture: torch.Tensor, models: Models) -> Parameters:
        if case.points is not None:
            return {KEYPOINTS: torch.from_numpy(case.points[index][None]).to(picture)}
        assert models.analysis is not None
        found: Parameters = models.analysis(picture)
        return found

    def _warp(self, case: _Case, index: int, base: torch.Tensor, current: torch.Tensor) -> float:
        key = f"{case.clip.name} {index}"
        if case.points is None or key not in self._warps:
            before, now = (points[0].double().cpu().numpy() for points in (base, current))
            picture = reference.warp(to_planes(case.clip.pictures[0]), before, now)
            self._warps[key] = psnr(picture, to_planes(case.clip.pictures[index]))
        return self._warps[key]
