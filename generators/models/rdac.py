"""RDAC: DAC, and a coded residual on top.

Konuko, Lathuiliere, Valenzise, "Predictive Coding for Animation-Based Video Compression", ICIP 2023. The animation
is DAC's and is all that GFV carries. What it misses is coded as a picture: the first residual by itself (``sdc``),
later ones as the difference to the one before (``tdc``). Those strings travel beside GFV; a decoder that has them
adds them with `RdacGenerator.enhanced`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from generators.models.architecture import Architecture, Parameters
from generators.models.catalogue import CATALOGUE
from generators.models.dac import DacGenerator, DacSettings, detector
from generators.models.residual_coder import RefinementNetwork, ResidualCoder, without_tables


@dataclass(frozen=True)
class RdacSettings(DacSettings):
    """DAC's, with the sizes of the residual coders.

    residual_features  channels of their layers
    residual_layers    layers between the first and the last of each transform
    levels             number of rates: 7 in the GFVC copy, 5 in animation-based-codecs
    conditional        whether the coders are told the animated picture, and ``tdc`` the residual before
    refinement         block_expansion of the network behind the sum; None: there is none (GFVC)
    """

    residual_features: int = 48
    residual_layers: int = 3
    levels: int = 7
    conditional: bool = False
    refinement: int | None = None


class RdacGenerator(DacGenerator):
    """DAC's generator, which makes the animated picture, and what codes its residual."""

    def __init__(self, settings: RdacSettings) -> None:
        super().__init__(settings)
        sizes = (settings.residual_features, settings.residual_layers, settings.levels)
        self.conditional = settings.conditional
        self.sdc = ResidualCoder(*sizes, condition=3 if self.conditional else 0)
        self.tdc = ResidualCoder(*sizes, condition=6 if self.conditional else 0)
        self.refinement_network = None if settings.refinement is None else RefinementNetwork(settings.refinement)

    def first_residual(self, target: Tensor, animated: Tensor, rate: int) -> Tensor:
        """The residual as the decoder has it, coded by itself.

        Args:
            target: the picture to code, [N, 3, H, W] in 0..1.
            animated: what `generate` made of its parameters.
            rate: 0 to levels - 1.

        Returns:
            [N, 3, H, W]
        """
        condition = animated if self.conditional else None
        out: Tensor = self.sdc(target - animated, rate, condition)
        return out

    def next_residual(self, target: Tensor, animated: Tensor, previous: Tensor, rate: int) -> Tensor:
        """The residual as the decoder has it, coded as a difference.

        Args:
            target: the picture to code, [N, 3, H, W] in 0..1.
            animated: what `generate` made of its parameters.
            previous: decoded residual of the picture before, in animation-based-codecs by `warped_residual`.
            rate: 0 to levels - 1.

        Returns:
            [N, 3, H, W]
        """
        condition = torch.cat([previous, animated], dim=1) if self.conditional else None
        out: Tensor = previous + 2 * self.tdc((target - animated - previous) / 2, rate, condition)
        return out

    def warped_residual(self, residual: Tensor, picture: Tensor, previous: Parameters, current: Parameters) -> Tensor:
        """A decoded residual moved as the face moved since its picture, [N, 3, H, W].

        Args:
            residual: of the picture before, [N, 3, H, W].
            picture: that picture, as `enhanced` gave it: the motion network looks at it, not at the base picture.
            previous: its parameters.
            current: those of the picture to make.
        """
        small = self.dense_motion_network.down(picture)
        return self.deformed(residual, self.dense_motion_network(small, previous, current))

    def enhanced(self, animated: Tensor, residual: Tensor) -> Tensor:
        """The picture with its decoded residual, [N, 3, H, W] in 0..1, as far as the GFVC copy goes."""
        return (animated + residual).clamp(0, 1)

    def refined(self, animated: Tensor, residual: Tensor) -> Tensor:
        """The same through the refinement network, where there is one."""
        if self.refinement_network is None:
            return self.enhanced(animated, residual)
        out: Tensor = self.refinement_network(animated + residual)
        return out


ARCHITECTURE = Architecture(
    about=CATALOGUE["rdac"],
    settings=RdacSettings,
    variants={
        "abc": RdacSettings(antialias="bilinear", levels=5, refinement=64),
        "abc-conditional": RdacSettings(antialias="bilinear", levels=5, refinement=64, conditional=True),
        "goluck": RdacSettings(),
    },
    modules={"kp_detector": detector, "generator": RdacGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    dropped=("ref_coder.",),
    folded={"generator": without_tables},
)
