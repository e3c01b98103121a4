"""A network that tells made pictures from real ones, patch by patch, and what both sides gain.

Patches: Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017.
Squares in place of logarithms: Mao et al., "Least Squares Generative Adversarial Networks", ICCV 2017.
"""

from __future__ import annotations

from torch import Tensor, nn

WIDTHS = (32, 64, 128)
"""Channels after each halving."""


class Discriminator(nn.Module):
    """Pictures [N, 3, H, W] in 0..1 to one number per patch, 1 for real ones."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in WIDTHS:
            conv = nn.Conv2d(channels, width, 4, stride=2, padding=1)
            layers += [nn.utils.parametrizations.spectral_norm(conv), nn.LeakyReLU(0.2)]
            channels = width
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels, 1, 3, padding=1))

    def forward(self, picture: Tensor) -> Tensor:
        """[N, 1, H / 8, W / 8]."""
        out: Tensor = self.layers(picture * 2 - 1)
        return out


def of_generator(judge: nn.Module, made: Tensor) -> Tensor:
    """What the generator makes small: its pictures should pass as real."""
    return _away(judge(made), 1.0)


def of_discriminator(judge: nn.Module, made: Tensor, real: Tensor) -> Tensor:
    """What the discriminator makes small."""
    return _away(judge(real), 1.0) + _away(judge(made.detach()), 0.0)


def _away(found: Tensor, wanted: float) -> Tensor:
    return (found - wanted).square().mean()
