"""Everything that a run depends on."""

from __future__ import annotations

from dataclasses import dataclass, field

from gfv_sei.errors import GfvError


@dataclass(frozen=True)
class Losses:
    """Weights of the parts of the loss; 0 leaves a part out, and its cost too.

    pixel         mean absolute difference, over ``scales`` sizes, each half the one before
    structure     1 - SSIM over the same sizes, and the difference of gradients
    perceptual    difference in the features of a classifier; needs `TrainSettings.backbone`
    adversarial   of the made picture against a discriminator that is trained along
    equivariance  points of a turned picture against turned points, for architectures that find their own
    sparsity      mean absolute scale of the norms: soft pruning, see `generators.models.pruning`
    scales        number of sizes
    """

    pixel: float = 10.0
    structure: float = 1.0
    perceptual: float = 0.0
    adversarial: float = 0.0
    equivariance: float = 10.0
    sparsity: float = 0.0
    scales: int = 3


@dataclass(frozen=True)
class TrainSettings:
    """A run.

    steps       optimiser steps in all, those of earlier parts of the run among them
    batch       pairs per step
    rate        learning rate of Adam; falls along half a cosine to a twentieth
    warm        so many steps from the start it rises to that
    seed        of everything drawn at random
    augment     mirror pairs, and change their colours
    bases       base pictures per clip, where points are tracked (tracking takes time per base picture)
    precision   bits of the fraction of tracked points
    backbone    file of a classifier's weights, see `generators.training.perceptual`
    losses      weights of the parts of the loss
    every       steps from one measurement and checkpoint to the next
    measured    pictures per clip to measure on
    device      ``auto``: a GPU if there is one; or a name of torch's
    threads     of torch on the CPU
    """

    steps: int = 2000
    batch: int = 2
    rate: float = 5e-4
    warm: int = 50
    seed: int = 0
    augment: bool = True
    bases: int = 4
    precision: int = 8
    backbone: str | None = None
    losses: Losses = field(default_factory=Losses)
    every: int = 200
    measured: int = 8
    device: str = "auto"
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "bases", "every", "measured", "threads"):
            if getattr(self, name) < 1:
                raise GfvError("a run cannot have this", element=name, value=getattr(self, name), allowed="1 or more")
        if self.rate <= 0 or self.warm < 0:
            raise GfvError("a run cannot have this", element="rate, warm", value=(self.rate, self.warm))
        if self.losses.perceptual and self.backbone is None:
            raise GfvError("a perceptual loss needs weights of a classifier", element="backbone")
