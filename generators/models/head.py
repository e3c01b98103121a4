"""FV2V's head estimator: how a head is turned, where it is, and what the face does.

A ResNet-50 with biases, under names of its own. It gives each of three angles as 66 logits, one per 3 degrees.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

RotationForm = Literal["gfvc", "zhang"]
"""Which angle turns about which axis: ``gfvc`` Rx(roll) Ry(pitch) Rz(yaw), ``zhang`` Rx(pitch) Ry(yaw) Rz(roll)."""

PI = 3.14
"""Not a slip of ours: the published networks were trained with these digits and no more."""

DEGREES_PER_BIN = 3
LOWEST = -99
"""Degrees of the first bin."""


class Head(NamedTuple):
    """What the estimator gives.

    yaw, pitch, roll  [N, bins] logits of the angles
    translation       [N, 3]
    expression        [N, 3 K], x, y, z of each of K points
    """

    yaw: Tensor
    pitch: Tensor
    roll: Tensor
    translation: Tensor
    expression: Tensor


def degrees(logits: Tensor) -> Tensor:
    """The angle that logits [N, bins] mean, [N], in degrees."""
    bins = torch.arange(logits.shape[1], dtype=logits.dtype, device=logits.device)
    return (F.softmax(logits, dim=1) * bins).sum(1) * DEGREES_PER_BIN + LOWEST


def rotation_matrix(yaw: Tensor, pitch: Tensor, roll: Tensor, form: RotationForm) -> Tensor:
    """Angles [N] in degrees to a rotation [N, 3, 3]."""
    about = (roll, pitch, yaw) if form == "gfvc" else (pitch, yaw, roll)
    x, y, z = (angle / 180 * PI for angle in about)
    one, zero = torch.ones_like(x), torch.zeros_like(x)

    def matrix(*elements: Tensor) -> Tensor:
        return torch.stack(elements, dim=1).view(-1, 3, 3)

    about_x = matrix(one, zero, zero, zero, x.cos(), -x.sin(), zero, x.sin(), x.cos())
    about_y = matrix(y.cos(), zero, y.sin(), zero, one, zero, -y.sin(), zero, y.cos())
    about_z = matrix(z.cos(), -z.sin(), zero, z.sin(), z.cos(), zero, zero, zero, one)
    return about_x @ about_y @ about_z


def placed(canonical: Tensor, rotation: Tensor, translation: Tensor, expression: Tensor) -> Tensor:
    """The points of a face: turned, moved, and then each where the expression has it.

    Args:
        canonical: [N, K, 3], of the base picture, for the points of any picture.
        rotation: [N, 3, 3], used as it is, whether or not it still is a rotation after coding.
        translation: [N, 3].
        expression: [N, K, 3].

    Returns:
        [N, K, 3]
    """
    return canonical @ rotation.transpose(1, 2) + translation[:, None, :] + expression


class Bottleneck(nn.Module):
    """1x1 to a quarter of the channels, 3x3, 1x1 back, plus the input."""

    def __init__(self, channels: int, stride: int = 1) -> None:
        super().__init__()
        inner = channels // 4
        self.conv1 = nn.Conv2d(channels, inner, 1)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride=stride, padding=1)
        self.conv3 = nn.Conv2d(inner, channels, 1)
        self.norm1 = nn.BatchNorm2d(inner)
        self.norm2 = nn.BatchNorm2d(inner)
        self.norm3 = nn.BatchNorm2d(channels)
        self.strided = stride != 1
        if self.strided:
            self.skip = nn.Conv2d(channels, channels, 1, stride=stride)
            self.norm4 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels, H, W] to [N, channels, H / stride, W / stride]."""
        out = F.relu(self.norm1(self.conv1(x)))
        out = F.relu(self.norm2(self.conv2(out)))
        out = self.norm3(self.conv3(out))
        return F.relu(out + (self.norm4(self.skip(x)) if self.strided else x))


def _bottlenecks(prefix: str, number: int, channels: int) -> nn.Sequential:
    chain = nn.Sequential()
    for i in range(number):
        chain.add_module(f"{prefix}_{i}", Bottleneck(channels))
    return chain


class HeadEstimator(nn.Module):
    """Module ``he_estimator``.

    Args:
        num_kp: K, the points that the expression moves.
        block_expansion: channels after the first convolution.
        max_features: channels at the end.
        num_bins: logits per angle.
    """

    def __init__(self, num_kp: int, block_expansion: int, max_features: int, num_bins: int) -> None:
        super().__init__()
        widths = [max_features // 8, max_features // 4, max_features // 2, max_features]
        self.conv1 = nn.Conv2d(3, block_expansion, 7, stride=2, padding=3)
        self.norm1 = nn.BatchNorm2d(block_expansion)
        self.conv2 = nn.Conv2d(block_expansion, widths[0], 1)
        self.norm2 = nn.BatchNorm2d(widths[0])
        self.block1 = _bottlenecks("b1", 3, widths[0])
        self.conv3 = nn.Conv2d(widths[0], widths[1], 1)
        self.norm3 = nn.BatchNorm2d(widths[1])
        self.block2 = Bottleneck(widths[1], stride=2)
        self.block3 = _bottlenecks("b3", 3, widths[1])
        self.conv4 = nn.Conv2d(widths[1], widths[2], 1)
        self.norm4 = nn.BatchNorm2d(widths[2])
        self.block4 = Bottleneck(widths[2], stride=2)
        self.block5 = _bottlenecks("b5", 5, widths[2])
        self.conv5 = nn.Conv2d(widths[2], widths[3], 1)
        self.norm5 = nn.BatchNorm2d(widths[3])
        self.block6 = Bottleneck(widths[3], stride=2)
        self.block7 = _bottlenecks("b7", 2, widths[3])
        self.fc_roll = nn.Linear(max_features, num_bins)
        self.fc_pitch = nn.Linear(max_features, num_bins)
        self.fc_yaw = nn.Linear(max_features, num_bins)
        self.fc_t = nn.Linear(max_features, 3)
        self.fc_exp = nn.Linear(max_features, 3 * num_kp)

    def forward(self, picture: Tensor) -> Head:
        """Picture [N, 3, H, W], 0 to 1."""
        out = F.relu(self.norm1(self.conv1(picture)))
        out = F.max_pool2d(out, 3, stride=2, padding=1)
        out = self.block1(F.relu(self.norm2(self.conv2(out))))
        out = self.block3(self.block2(F.relu(self.norm3(self.conv3(out)))))
        out = self.block5(self.block4(F.relu(self.norm4(self.conv4(out)))))
        out = self.block7(self.block6(F.relu(self.norm5(self.conv5(out)))))
        out = out.mean(dim=(2, 3))
        # The layers of yaw and roll have each other's names in every published file.
        return Head(
            yaw=self.fc_roll(out),
            pitch=self.fc_pitch(out),
            roll=self.fc_yaw(out),
            translation=self.fc_t(out),
            expression=self.fc_exp(out),
        )
