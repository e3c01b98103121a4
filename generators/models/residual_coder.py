"""The residual coders of RDAC: scale hyperpriors with gains, and the U-Net that tidies up behind them.

Balle et al., "Variational image compression with a scale hyperprior", ICLR 2018; Minnen et al., NeurIPS 2018, for
the means; Cui et al., "Asymmetric gained deep image compression", CVPR 2021, for several rates in one network.

What stands here is all that is arithmetic on tensors: residual to latent, latent to integers, and back, and the
statistics that an entropy coder needs. The entropy coder itself is no network and its strings have no place in
GFV; `EntropyTables` only keeps its tensors, under the names of CompressAI, so that files load strictly and can
be written again.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from generators.models.architecture import State

TABLES = ("_offset", "_quantized_cdf", "_cdf_length", "scale_table")
"""Tables that an entropy coder derives from the rest when it is set up; empty in a network that was not."""

FILTERS = (1, 3, 3, 3, 3, 1)
"""Widths of the small network by which CompressAI models the density of each channel of a hyper-latent."""

INITIAL_SCALE = 10.0
TAIL = 1e-9
LEAST_SCALE = 0.11
LEAST_LIKELIHOOD = 1e-9


class Convolution(nn.Module):
    """A convolution one level deeper, key ``conv``; halves the size for ``stride`` 2."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 5, stride: int = 2) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride=stride, padding=kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, H / stride, W / stride]."""
        out: Tensor = self.conv(x)
        return out


class Deconvolution(nn.Module):
    """A transposed convolution one level deeper, key ``deconv``; doubles the size for ``stride`` 2."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 5, stride: int = 2) -> None:
        super().__init__()
        self.deconv = nn.ConvTranspose2d(
            channels_in, channels_out, kernel, stride=stride, padding=kernel // 2, output_padding=stride - 1
        )

    def forward(self, x: Tensor) -> Tensor:
        """[N, channels_in, H, W] to [N, channels_out, stride H, stride W]."""
        out: Tensor = self.deconv(x)
        return out


class Transform(nn.Module):
    """``g_a`` and ``g_s``: ``inp``, some inner layers, ``out``, ReLU behind all but the last."""

    def __init__(self, layer: type[Convolution] | type[Deconvolution], widths: list[int]) -> None:
        super().__init__()
        inner = "conv" if layer is Convolution else "deconv"
        names = ["inp", *(f"{inner}_{i}" for i in range(len(widths) - 3)), "out"]
        for name, channels_in, channels_out in zip(names, widths[:-1], widths[1:], strict=True):
            self.add_module(name, layer(channels_in, channels_out))

    def forward(self, x: Tensor) -> Tensor:
        """Each layer halves, or doubles, the size."""
        *others, last = self.children()
        for layer in others:
            x = F.relu(layer(x))
        out: Tensor = last(x)
        return out


class Bound(nn.Module):
    """Keeps the buffer ``bound`` [1]: a number below which the entropy coder takes none."""

    def __init__(self, bound: float) -> None:
        super().__init__()
        self.register_buffer("bound", torch.tensor([bound]))


class EntropyTables(nn.Module):
    """The tables that CompressAI's entropy models have in common."""

    def __init__(self) -> None:
        super().__init__()
        for name in TABLES[:3]:
            self.register_buffer(name, torch.empty(0, dtype=torch.int32))


class EntropyBottleneck(EntropyTables):
    """What models the hyper-latent: the median and tails, and a small network per channel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.quantiles = nn.Parameter(torch.tensor([-INITIAL_SCALE, 0.0, INITIAL_SCALE]).repeat(channels, 1, 1))
        tail = math.log(2 / TAIL - 1)
        self.register_buffer("target", torch.tensor([-tail, 0.0, tail]))
        self.likelihood_lower_bound = Bound(LEAST_LIKELIHOOD)
        pairs = list(pairwise(FILTERS))
        # So that all layers together begin as a distribution INITIAL_SCALE wide.
        scale = INITIAL_SCALE ** (1 / len(pairs))
        self.matrices = nn.ParameterList(
            torch.full((channels, wide, narrow), math.log(math.expm1(1 / scale / wide))) for narrow, wide in pairs
        )
        self.biases = nn.ParameterList(torch.rand(channels, wide, 1) - 0.5 for _, wide in pairs)
        self.factors = nn.ParameterList(torch.zeros(channels, wide, 1) for _, wide in pairs[:-1])

    @property
    def medians(self) -> Tensor:
        """Of the hyper-latent's channels, [1, channels, 1, 1]: whole numbers are counted from there."""
        return self.quantiles[:, 0, 1].view(1, -1, 1, 1)


class GaussianConditional(EntropyTables):
    """What models the latent, of which the hyper-latent tells scale and mean."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer(TABLES[3], torch.empty(0))
        self.register_buffer("scale_bound", torch.tensor([LEAST_SCALE]))
        self.likelihood_lower_bound = Bound(LEAST_LIKELIHOOD)
        self.lower_bound_scale = Bound(LEAST_SCALE)


def without_tables(state: State) -> State:
    """A published state with the entropy coder's derived tables emptied: their sizes depend on the training."""
    return {key: value.new_empty(0) if key.rpartition(".")[2] in TABLES else value for key, value in state.items()}


class ResidualCoder(nn.Module):
    """Modules ``sdc`` and ``tdc``.

    Args:
        features: channels of the layers, N; latents have N 3/2.
        inner: layers between the first and the last of each transform.
        levels: number of rates.
        condition: channels of what the coder is told beside the residual; 0: it is told nothing.
    """

    def __init__(self, features: int, inner: int, levels: int, condition: int = 0) -> None:
        super().__init__()
        n, m = features, features * 3 // 2
        self.gain = nn.Parameter(torch.ones(levels, m))
        self.inverse_gain = nn.Parameter(torch.ones(levels, m))
        self.hyper_gain = nn.Parameter(torch.ones(levels, n))
        self.inverse_hyper_gain = nn.Parameter(torch.ones(levels, n))
        middle = [n] * (inner + 1)
        latents = 2 * m if condition else m
        self.g_a = Transform(Convolution, [3 + condition, *middle, m])
        self.g_s = Transform(Deconvolution, [latents, *middle, 3])
        self.h_a = nn.Sequential(
            Convolution(m, n, 3, 1), nn.LeakyReLU(), Convolution(n, n), nn.LeakyReLU(), Convolution(n, n)
        )
        self.h_s = nn.Sequential(
            Deconvolution(n, m),
            nn.LeakyReLU(),
            Deconvolution(m, m * 3 // 2),
            nn.LeakyReLU(),
            Deconvolution(m * 3 // 2, 2 * m, 3, 1),
        )
        self.entropy_bottleneck = EntropyBottleneck(n)
        self.gaussian_conditional = GaussianConditional()
        self.g_a_p = Transform(Convolution, [condition, *middle, m]) if condition else None

    def forward(self, residual: Tensor, rate: int, condition: Tensor | None = None) -> Tensor:
        """The residual [N, 3, H, W] as the decoder has it, by way of the hyperprior; arguments as of its steps."""
        latent = self.latent(residual, condition)
        _, means = self.statistics(self.hyper_integers(latent, rate), rate)
        return self.residual(self.integers(latent, rate, means), rate, condition, means)

    def latent(self, residual: Tensor, condition: Tensor | None = None) -> Tensor:
        """What a residual becomes, before gain and rounding.

        Args:
            residual: [N, 3, H, W]; sides are multiples of 2^(inner + 2), and with the hyperprior of 2^(inner + 4).
            condition: [N, condition, H, W], where the coder takes one.

        Returns:
            [N, M, H / 2^(inner + 2), W / 2^(inner + 2)]
        """
        out: Tensor = self.g_a(residual if condition is None else torch.cat([residual, condition], dim=1))
        return out

    def integers(self, latent: Tensor, rate: int, means: Tensor | float = 0.0) -> Tensor:
        """What is coded of a latent: its distance from what is expected, in whole numbers, of its shape.

        Args:
            latent: from `latent`.
            rate: from 0, the coarsest, up to levels - 1.
            means: from `statistics`; 0 for entropy coders that are told nothing.
        """
        return torch.round(latent * _gains(self.gain, rate) - means)

    def residual(
        self, integers: Tensor, rate: int, condition: Tensor | None = None, means: Tensor | float = 0.0
    ) -> Tensor:
        """The decoded residual [N, 3, H, W]; arguments as of `integers` and `latent`."""
        latent = (integers + means) * _gains(self.inverse_gain, rate)
        if self.g_a_p is not None:
            latent = torch.cat([latent, self.g_a_p(condition)], dim=1)
        out: Tensor = self.g_s(latent)
        return out

    def hyper_integers(self, latent: Tensor, rate: int) -> Tensor:
        """What is coded of the hyper-latent: [N, N', h / 4, w / 4], its distance from the medians in whole numbers."""
        hyper = self.h_a(latent * _gains(self.gain, rate))
        return torch.round(hyper * _gains(self.hyper_gain, rate) - self.entropy_bottleneck.medians)

    def statistics(self, hyper_integers: Tensor, rate: int) -> tuple[Tensor, Tensor]:
        """Scales and means, each of the latent's shape, by which the entropy coder codes `integers`."""
        hyper = hyper_integers + self.entropy_bottleneck.medians
        scales, means = self.h_s(hyper * _gains(self.inverse_hyper_gain, rate)).chunk(2, dim=1)
        return scales, means


def _gains(table: Tensor, rate: int) -> Tensor:
    """One row of gains, as factors of channels."""
    return table[rate].abs()[None, :, None, None]


class RefinementNetwork(nn.Module):
    """A U-Net on the decoded picture; names and form of the first U-Net that most people meet."""

    def __init__(self, block_expansion: int) -> None:
        super().__init__()
        b = block_expansion
        self.dconv_down1 = _double(3, b)
        self.dconv_down2 = _double(b, 2 * b)
        self.dconv_down3 = _double(2 * b, 2 * b)
        self.dconv_down4 = _double(2 * b, 4 * b)
        self.dconv_up3 = _double(6 * b, 2 * b)
        self.dconv_up2 = _double(4 * b, b)
        self.dconv_up1 = _double(2 * b, b)
        self.conv_last = nn.Conv2d(b, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 3, H, W] to a picture of the same size, 0..1; sides are multiples of 8."""
        one = self.dconv_down1(x)
        two = self.dconv_down2(F.max_pool2d(one, 2))
        three = self.dconv_down3(F.max_pool2d(two, 2))
        out = self.dconv_down4(F.max_pool2d(three, 2))
        for block, same in ((self.dconv_up3, three), (self.dconv_up2, two), (self.dconv_up1, one)):
            doubled = F.interpolate(out, scale_factor=2.0, mode="bilinear", align_corners=True)
            out = block(torch.cat([doubled, same], dim=1))
        return torch.sigmoid(self.conv_last(out))


def _double(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(channels_out, channels_out, 3, padding=1),
        nn.ReLU(),
    )
