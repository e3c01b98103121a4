"""Distance in the features of VGG-19, whose weights the user brings: ours to read, not to ship.

Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015; as a loss:
Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", ECCV 2016. The layers
are those that FOMM's training reads: the first of each of the five stages.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.errors import ModelError
from gfv_sei.wording import first_line

STAGES = ((64, 64), (128, 128), (256, 256, 256, 256), (512, 512, 512, 512), (512,))
"""Channels of the convolutions between halvings, as far as they are read."""

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the pictures that the classifier was trained on, RGB in 0..1."""


class Perceptual(nn.Module):
    """The loss. Its weights never learn.

    Args:
        path: a torch file with the tensors ``features.0.weight``, ``features.0.bias``, ``features.2.weight``, ... of
            VGG-19 as torchvision names them; others in it are passed over.

    Raises:
        ModelError: the file cannot be read, or lacks one of them.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.features = nn.ModuleDict()
        channels, index = 3, 0
        for stage in STAGES:
            for width in stage:
                self.features[str(index)] = nn.Conv2d(channels, width, 3, padding=1)
                channels, index = width, index + 2  # the ReLU behind it has a number too
            index += 1  # and the pooling
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None], persistent=False)
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            wanted = {key: state[key] for key in self.state_dict()}
            self.load_state_dict(wanted)
        except KeyError as error:
            raise ModelError(f"{path} has no tensor {error}: it is not VGG-19 as torchvision saves it") from error
        except Exception as error:  # torch raises many kinds for a file that is none of its own
            raise ModelError(f"{path} is not a torch file of VGG-19's weights: {first_line(error)}") from error
        for tensor in self.parameters():
            tensor.requires_grad_(False)

    def forward(self, made: Tensor, real: Tensor, scales: int) -> Tensor:
        """The mean absolute difference of features, summed over stages, as the mean over sizes."""
        total, smallest = made.new_zeros(()), 2 ** len(STAGES)
        count = 0
        for _ in range(scales):
            if made.shape[-1] < smallest:
                break
            pairs = zip(self._stages(made), self._stages(real.detach()), strict=True)
            total = total + torch.stack([(a - b).abs().mean() for a, b in pairs]).sum()
            count += 1
            made, real = F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)
        return total / max(count, 1)

    def _stages(self, picture: Tensor) -> list[Tensor]:
        x, index, found = (picture - self.mean) / self.deviation, 0, []
        for level, stage in enumerate(STAGES):
            if level:
                x, index = F.max_pool2d(x, 2), index + 1
            for place in range(len(stage)):
                x = F.relu(self.features[str(index)](x))
                index += 2
                if not place:
                    found.append(x)
        return found
