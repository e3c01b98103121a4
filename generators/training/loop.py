"""The run: steps, checkpoints, measurements."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.architecture import Models
from generators.training import losses
from generators.training.adversary import Discriminator, of_discriminator, of_generator
from generators.training.clips import Clips
from generators.training.curves import Row, write_csv, write_svg
from generators.training.measure import Measure, Score
from generators.training.perceptual import Perceptual
from generators.training.samples import FreePairs, Pair, TrackedPairs, augmented, moved_to
from generators.training.settings import TrainSettings
from gfv_sei.files import whole_file
from gfv_sei.wording import first_line

FORMAT = 1
"""Of checkpoints."""

MAY_CHANGE = {"steps", "every", "measured", "device", "threads"}
"""Settings that the second part of a run may have otherwise; ``steps`` changes the course of the learning rate."""

CLIP = 1.0
"""Norm that gradients are cut to."""

TURN = 0.25
"""Radians, and shares of the picture, by which pictures are turned for equivariance, at most."""


@dataclass
class Result:
    """A run so far.

    rows    one per measurement: step, parts of the loss (means since the one before), PSNR
    scores  what was measured, by step
    """

    rows: list[Row] = field(default_factory=list)
    scores: dict[int, Score] = field(default_factory=dict)


def train(
    models: Models,
    clips: Clips,
    settings: TrainSettings | None = None,
    *,
    folder: str | Path | None = None,
    resume: bool = False,
    told: Callable[[str], None] | None = None,
) -> Result:
    """Train a generator, with its analysis model if it has one. The modules are changed in place.

    Args:
        models: of any architecture without fusion; also one that was pruned.
        clips: to learn from and to measure on, squares of the size that the models were built for.
        settings: of the run.
        folder: where ``checkpoint.pt``, ``curve.csv`` and ``curve.svg`` go; None writes nothing.
        resume: go on from the checkpoint there, if there is one.
        told: is given a line for people at each measurement.

    Raises:
        ModelError: the architecture cannot be trained on pairs, the checkpoint does not fit, or the loss is no
            number any more.
        GfvError: settings are out of range.
    """
    settings = settings or TrainSettings()
    run = _Run(models, clips, settings)
    place = None if folder is None else Path(folder)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
        if resume and (place / "checkpoint.pt").is_file():
            run.load(place / "checkpoint.pt")
    try:
        while run.step < settings.steps:
            if run.step == 0 and not run.result.rows:
                run.measured(told)
            run.stepped()
            if run.step % settings.every == 0 or run.step == settings.steps:
                run.measured(told)
                if place is not None:
                    run.save(place / "checkpoint.pt")
                    write_csv(run.result.rows, place / "curve.csv")
                    write_svg(run.result.rows, place / "curve.svg")
    finally:
        run.close()
    return run.result


class _Run:
    """What changes from step to step."""

    def __init__(self, models: Models, clips: Clips, settings: TrainSettings) -> None:
        if models.generator is None:
            raise ModelError(f"the generator of {models.architecture} is not loaded")
        torch.set_num_threads(settings.threads)
        name = settings.device if settings.device != "auto" else ("cuda" if torch.cuda.is_available() else "cpu")
        self.device = torch.device(name)
        self.models, self.settings = models, settings
        points = None if models.analysis is not None else models.settings.keypoints
        self.pairs: FreePairs | TrackedPairs
        if points is None:
            self.pairs = FreePairs(clips)
        else:
            self.pairs = TrackedPairs(clips, points=points, bases=settings.bases, precision=settings.precision)
        self.measure = Measure(clips, settings, points)
        self.modules = nn.ModuleDict(dict(models.modules)).to(self.device)
        weights = settings.losses
        torch.manual_seed(settings.seed)  # of the discriminator's first weights
        self.judge = Discriminator().to(self.device) if weights.adversarial else None
        self.perceptual = None
        if weights.perceptual and settings.backbone is not None:
            self.perceptual = Perceptual(settings.backbone).to(self.device)
        self.optimiser = torch.optim.Adam(self.modules.parameters(), settings.rate, betas=(0.9, 0.99))
        self.judging = None if self.judge is None else torch.optim.Adam(self.judge.parameters(), settings.rate)
        self.result, self.step = Result(), 0
        self.sums: dict[str, float] = {}
        self.summed = 0
        self.modules.train()

    def close(self) -> None:
        """Leave the models as they were given: in evaluation mode, on the CPU."""
        self.modules.to("cpu").eval()
        for half in (self.models.analysis, self.models.generator):
            if half is not None:
                half.eval()

    def rate(self) -> float:
        """The learning rate of this step."""
        settings = self.settings
        if self.step < settings.warm:
            return settings.rate * (self.step + 1) / settings.warm
        share = (self.step - settings.warm) / max(settings.steps - settings.warm, 1)
        return settings.rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(share, 1.0))))

    def stepped(self) -> None:
        """One step of the optimisers."""
        random = np.random.default_rng([self.settings.seed, self.step])
        torch.manual_seed(self.settings.seed * 1_000_003 + self.step)
        pair = self.pairs.draw(random, self.settings.batch)
        pair = moved_to(augmented(pair, random) if self.settings.augment else pair, self.device)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        made, base_found = self.made(pair)
        parts = self.parts(made, pair, base_found, random)
        loss = torch.stack(list(parts.values())).sum()
        if not torch.isfinite(loss):
            raise ModelError(f"the loss is no number any more at step {self.step}: try a lower rate")
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.modules.parameters(), CLIP)
        self.optimiser.step()
        if self.judge is not None and self.judging is not None:
            self.judging.zero_grad(set_to_none=True)
            parts["discriminator"] = of_discriminator(self.judge, made, pair.current)
            parts["discriminator"].backward()  # type: ignore[no-untyped-call]
            self.judging.step()
        for name, value in {"loss": loss, **parts}.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(value.detach())
        self.summed += 1
        self.step += 1

    def made(self, pair: Pair) -> tuple[Tensor, Any]:
        """The current pictures, and what the analysis model found in the base pictures."""
        assert self.models.generator is not None
        analysis, found = self.models.analysis, None
        if analysis is not None:
            found, current = analysis(pair.base), analysis(pair.current)
            return self.models.generator(pair.base, found, current), found
        return self.models.generator(pair.base, pair.base_parameters, pair.parameters), found

    def parts(self, made: Tensor, pair: Pair, found: Any, random: np.random.Generator) -> dict[str, Tensor]:
        """The parts of the loss, weighted."""
        weights, real = self.settings.losses, pair.current
        parts: dict[str, Tensor] = {}
        if weights.pixel:
            parts["pixel"] = weights.pixel * losses.pixel(made, real, weights.scales)
        if weights.structure:
            parts["structure"] = weights.structure * losses.structure(made, real, weights.scales)
        if self.perceptual is not None:
            parts["perceptual"] = weights.perceptual * self.perceptual(made, real, weights.scales)
        if self.judge is not None:
            parts["adversarial"] = weights.adversarial * of_generator(self.judge, made)
        flat = found is not None and "keypoints" in found and found["keypoints"].shape[-1] == 2
        if weights.equivariance and flat and self.models.analysis is not None:
            turn = _turns(random, len(real)).to(real)
            away = losses.equivariance(self.models.analysis, pair.base, found, turn)
            parts["equivariance"] = weights.equivariance * away
        if weights.sparsity:
            scales = torch.cat([scale.abs() for scale in losses.norm_scales(self.modules)])
            parts["sparsity"] = weights.sparsity * scales.mean()
        return parts

    def measured(self, told: Callable[[str], None] | None) -> None:
        """Add a row."""
        score = self.measure.score(self.models, self.device)
        row: dict[str, float] = {"step": self.step, "rate": self.rate()}
        row |= {name: total / self.summed for name, total in self.sums.items()}
        row |= {
            "psnr seen": score.seen,
            "psnr unseen": score.unseen,
            "warp seen": score.warp_seen,
            "warp unseen": score.warp_unseen,
        }
        self.sums, self.summed = {}, 0
        self.result.rows.append(row)
        self.result.scores[self.step] = score
        if told is not None:
            told(", ".join(f"{name} {value:.4g}" for name, value in row.items() if math.isfinite(value)))

    def save(self, path: Path) -> None:
        """Write a checkpoint: whole or not at all."""
        data = {
            "format": FORMAT,
            "architecture": self.models.architecture,
            "settings": asdict(self.settings),
            "step": self.step,
            "rows": [dict(row) for row in self.result.rows],
            "state_dict": {name: module.state_dict() for name, module in self.models.modules.items()},
            "optimizer": self.optimiser.state_dict(),
        }
        if self.judge is not None and self.judging is not None:
            data |= {"discriminator": self.judge.state_dict(), "judging": self.judging.state_dict()}
        with whole_file(path) as temporary:
            torch.save(data, temporary)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        try:
            data = torch.load(path, map_location=self.device, weights_only=True)
            if data["format"] != FORMAT or data["architecture"] != self.models.architecture:
                raise ModelError(f"{path} is a checkpoint of another network", value=data["architecture"])
            mine = asdict(self.settings)
            other = [k for k, v in data["settings"].items() if k not in MAY_CHANGE and mine.get(k) != v]
            if other:
                raise ModelError(f"{path} was made with other settings", element=", ".join(other))
            for name, module in self.models.modules.items():
                module.load_state_dict(data["state_dict"][name])
            self.optimiser.load_state_dict(data["optimizer"])
            if self.judge is not None and self.judging is not None:
                self.judge.load_state_dict(data["discriminator"])
                self.judging.load_state_dict(data["judging"])
            self.result.rows, self.step = list(data["rows"]), int(data["step"])
        except ModelError:
            raise
        except Exception as error:  # torch raises many kinds for a file that is none of its own
            raise ModelError(f"{path} is no checkpoint of this run: {first_line(error)}") from error


def _turns(random: np.random.Generator, count: int) -> Tensor:
    """Affine maps near the identity, [count, 2, 3]."""
    angle, scale = random.uniform(-TURN, TURN, count), 1 + random.uniform(-TURN, TURN, count)
    shift = random.uniform(-TURN, TURN, (2, count))
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    rows = [np.stack([cos, -sin, shift[0]], axis=1), np.stack([sin, cos, shift[1]], axis=1)]
    return torch.from_numpy(np.stack(rows, axis=1).astype(np.float32))
