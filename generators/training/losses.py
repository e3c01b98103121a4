"""How far a made picture is from the real one. Pictures are [N, 3, H, W] in 0..1; each loss is a number."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.architecture import Parameters

WINDOW = 7
"""Side of the windows of SSIM."""

C1, C2 = 0.01**2, 0.03**2
"""Constants of SSIM for a peak of 1."""


def sizes(picture: Tensor, scales: int) -> list[Tensor]:
    """The picture and ``scales`` - 1 smaller ones, each the mean over 2x2 of the one before."""
    found = [picture]
    for _ in range(scales - 1):
        found.append(F.avg_pool2d(found[-1], 2))
    return found


def pixel(made: Tensor, real: Tensor, scales: int) -> Tensor:
    """Mean absolute difference, the mean over sizes."""
    both = zip(sizes(made, scales), sizes(real, scales), strict=True)
    return torch.stack([(a - b).abs().mean() for a, b in both]).mean()


def ssim(made: Tensor, real: Tensor) -> Tensor:
    """Structural similarity, at most 1: Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Processing 13, 2004.

    Windows are squares with equal weights. Sides from 7 up.
    """
    mean_a, mean_b = F.avg_pool2d(made, WINDOW, 1), F.avg_pool2d(real, WINDOW, 1)
    var_a = F.avg_pool2d(made * made, WINDOW, 1) - mean_a * mean_a
    var_b = F.avg_pool2d(real * real, WINDOW, 1) - mean_b * mean_b
    both = F.avg_pool2d(made * real, WINDOW, 1) - mean_a * mean_b
    top = (2 * mean_a * mean_b + C1) * (2 * both + C2)
    return (top / ((mean_a.square() + mean_b.square() + C1) * (var_a + var_b + C2))).mean()


def gradient(made: Tensor, real: Tensor) -> Tensor:
    """Mean absolute difference of the differences between neighbours."""
    down = (made[..., 1:, :] - made[..., :-1, :]) - (real[..., 1:, :] - real[..., :-1, :])
    along = (made[..., 1:] - made[..., :-1]) - (real[..., 1:] - real[..., :-1])
    return down.abs().mean() + along.abs().mean()


def structure(made: Tensor, real: Tensor, scales: int) -> Tensor:
    """1 - SSIM as the mean over sizes, and the difference of gradients at full size."""
    both = [(a, b) for a, b in zip(sizes(made, scales), sizes(real, scales), strict=True) if a.shape[-1] >= WINDOW]
    similar = torch.stack([1 - ssim(a, b) for a, b in both]).mean() if both else made.new_zeros(())
    return similar + gradient(made, real)


def equivariance(analysis: nn.Module, picture: Tensor, found: Parameters, turn: Tensor) -> Tensor:
    """Points of a turned picture against turned points, as a mean absolute difference in grid units.

    What keeps points to places of the face (Siarohin et al., FOMM, section 3.1, there with thin plates).

    Args:
        analysis: finds ``keypoints`` [N, K, 2] with -1 and 1 at the outermost pixels.
        picture: [N, 3, H, W].
        found: what it found in it.
        turn: [N, 2, 3], for each place of the turned picture where it comes from.
    """
    grid = F.affine_grid(turn, list(picture.shape), align_corners=True)
    turned = F.grid_sample(picture, grid, mode="bilinear", padding_mode="reflection", align_corners=True)
    there: Tensor = analysis(turned)["keypoints"]
    back = there @ turn[:, :, :2].transpose(1, 2) + turn[:, None, :, 2]
    return (back - found["keypoints"]).abs().mean()


def norm_scales(network: nn.Module) -> list[Tensor]:
    """The scales of its norms, what sparsity presses on."""
    kinds = (nn.BatchNorm2d, nn.InstanceNorm2d)
    return [m.weight for m in network.modules() if isinstance(m, kinds) and m.weight is not None]
