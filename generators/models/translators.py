"""Translators: the facial parameters of one method turned into those of another (TranslatorNN of H.274).

A decoder that has the generator of one method can so show a stream made for another. The form is that of the
translators published with the GFVC software's study of decoder interoperability: four layers from the source's
parameters to 64 numbers in common, four from there to the target's. Theirs know FOMM, CFTE and FV2V; here any
two of `representations.REPRESENTATIONS` have one.

Only pictures between base pictures are translated; those of the base picture the target's decoder finds for
itself, in the picture.

Training needs pairs: the parameters that two methods' analysis networks give for the same pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from generators.errors import ParameterError
from generators.models.architecture import Architecture, Models
from generators.models.catalogue import About
from generators.models.checkpoints import load_checkpoint
from generators.models.ranges import check_numbers
from generators.models.representations import Representation, find_representation


@dataclass(frozen=True)
class TranslatorSettings:
    """``width`` of all inner layers, ``layers`` of each half; the published ones by default."""

    width: int = 64
    layers: int = 4

    def __post_init__(self) -> None:
        check_numbers(self)


class Half(nn.Module):
    """Encoder or decoder: linear layers with ReLU between, under the method's name."""

    def __init__(self, key: str, inputs: int, outputs: int, settings: TranslatorSettings) -> None:
        super().__init__()
        widths = [inputs, *[settings.width] * (settings.layers - 1), outputs]
        chain: list[nn.Module] = []
        for narrow, wide in pairwise(widths):
            chain += [nn.ReLU()] if chain else []
            chain.append(nn.Linear(narrow, wide))
        self.add_module(key, nn.Sequential(*chain))

    @property
    def linear(self) -> list[nn.Linear]:
        """The layers, in order."""
        return [layer for layer in self.modules() if isinstance(layer, nn.Linear)]

    def forward(self, x: Tensor) -> Tensor:
        """[N, inputs] to [N, outputs]."""
        (chain,) = self.children()
        out: Tensor = chain(x)
        return out


class Translator(nn.Module):
    """Both halves: rows of the source, [N, values], to rows of the target."""

    def __init__(self, source: Representation, target: Representation, encoder: Half, decoder: Half) -> None:
        super().__init__()
        self.source, self.target = source, target
        self.encoder, self.decoder = encoder, decoder

    def forward(self, rows: Tensor) -> Tensor:
        """Float32 [N, source.values] to [N, target.values]."""
        out: Tensor = self.decoder(self.encoder(rows))
        return out

    @torch.no_grad()
    def translate(self, params: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Parameters of N pictures by name to those of the target method.

        Raises:
            ParameterError: they are not the source's.
        """
        return self.target.params(self(torch.from_numpy(self.source.row(params))).numpy())


def translator_architecture(source: Representation, target: Representation) -> Architecture:
    """Encoder and decoder by the names that they have in files."""

    def encoder(settings: TranslatorSettings) -> Half:
        return Half(source.key, source.values, settings.width, settings)

    def decoder(settings: TranslatorSettings) -> Half:
        return Half(target.key, settings.width, target.values, settings)

    return Architecture(
        about=About(
            name=f"the translator from {source.profile.name} to {target.profile.name}",
            summary="parameters of one method to those of another",
            paper="",
            licence="",
            profiles=(source.profile.name, target.profile.name),
        ),
        settings=TranslatorSettings,
        variants={"published": TranslatorSettings()},
        modules={f"{source.key}_Enc": encoder, f"{target.key}_Dec": decoder},
        analysis=lambda settings, modules: None,
        generator=lambda settings, modules: None,
    )


def new_translator(source: str, target: str, settings: TranslatorSettings | None = None) -> Translator:
    """A translator with fresh weights, between two profiles of `representations.REPRESENTATIONS`.

    Raises:
        ParameterError: there is no such profile.
    """
    forms = (find_representation(source), find_representation(target))
    return _tied(forms, translator_architecture(*forms).build(settings))


def load_translator(
    path: str | Path, source: str, target: str, settings: TranslatorSettings | None = None
) -> Translator:
    """A translator with the weights of a file.

    Args:
        path: a published file (``epoch``, ``state_dict`` with ``CFTE_Enc``, ``FOMM_Dec``, ..., ``optimizer``), or
            one that `save_translator` wrote, or a numpy archive; see `checkpoints`.
        source: name of the source's profile, from `representations.REPRESENTATIONS`.
        target: name of the target's.
        settings: by default the published ones.

    Raises:
        ParameterError: there is no such profile.
        ModelError: the file cannot be read, holds more than tensors, or is of another translator.
    """
    forms = (find_representation(source), find_representation(target))
    return _tied(forms, load_checkpoint(translator_architecture(*forms), path, settings))


def _tied(forms: tuple[Representation, Representation], models: Models) -> Translator:
    encoder, decoder = models.modules.values()
    assert isinstance(encoder, Half)
    assert isinstance(decoder, Half)
    return Translator(*forms, encoder, decoder).eval()


def save_translator(translator: Translator, path: str | Path, *, epoch: int = 0) -> None:
    """Write a translator in the published form."""
    names = translator_architecture(translator.source, translator.target).modules
    halves = (translator.encoder, translator.decoder)
    state = {name: half.state_dict() for name, half in zip(names, halves, strict=True)}
    torch.save({"epoch": epoch, "state_dict": state, "optimizer": {}}, path)


@dataclass(frozen=True)
class Training:
    """How a translator is trained.

    seed    of the first weights and of the order of the pairs: the same seed gives the same weights
    steps   updates
    batch   pairs per update
    rate    of Adam (Kingma, Ba, ICLR 2015), falling to 0 along a cosine
    """

    seed: int = 0
    steps: int = 2000
    batch: int = 64
    rate: float = 1e-3


def train_translator(
    source: str,
    target: str,
    pairs: tuple[Mapping[str, NDArray[Any]], Mapping[str, NDArray[Any]]],
    training: Training | None = None,
    settings: TranslatorSettings | None = None,
) -> Translator:
    """A translator learnt from parameters of the same pictures, on one thread, the same on each run of a machine.

    It learns on numbers brought to mean 0 and deviation 1, each by itself, so that a rotation and a translation of
    some hundredths weigh the same; the first and the last layer then take that over, so what comes out takes and
    gives plain parameters, in the published form.

    Args:
        source: name of the source's profile.
        target: name of the target's.
        pairs: parameters by name of N pictures, [N, ...] each: the source's, and the target's of the same pictures.
        training: see `Training`.
        settings: sizes, by default the published ones.

    Raises:
        ParameterError: there is no such profile; these are not its parameters, not finite, or not pairs.
    """
    training = Training() if training is None else training
    forms = (find_representation(source), find_representation(target))
    given, wanted = (torch.from_numpy(form.row(params)) for form, params in zip(forms, pairs, strict=True))
    if len(given) != len(wanted) or len(given) < 1:
        raise ParameterError(f"{len(given)} and {len(wanted)} pictures", allowed="the same number of both, from 1 up")
    if not (torch.isfinite(given).all() and torch.isfinite(wanted).all()):
        raise ParameterError("a parameter to learn from is not finite")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed)
        translator = new_translator(source, target, settings)
        chance = torch.Generator().manual_seed(training.seed)
        x, y = _Spread.of(given), _Spread.of(wanted)
        _learn(translator, x.standardised(given), y.standardised(wanted), training, chance)
    with torch.no_grad():
        first, last = translator.encoder.linear[0], translator.decoder.linear[-1]
        first.weight.mul_(x.inverse)
        first.bias.sub_(first.weight @ x.mean)
        last.weight.mul_(y.deviation[:, None])
        last.bias.mul_(y.deviation).add_(y.mean)
    return translator.eval()


def _learn(translator: Translator, x: Tensor, y: Tensor, training: Training, chance: torch.Generator) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in one order
    optimiser = torch.optim.Adam(translator.parameters(), lr=training.rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(training.steps, 1))
    try:
        for _ in range(training.steps):
            chosen = torch.randint(len(x), (min(training.batch, len(x)),), generator=chance)
            loss = nn.functional.mse_loss(translator(x[chosen]), y[chosen])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class _Spread:
    """Of each column of rows: its mean, its deviation, and 1 / deviation; both 0 where it never changes.

    So what never changed has no influence on what is made, and what never changed is always made the same.
    """

    mean: Tensor
    deviation: Tensor
    inverse: Tensor

    @classmethod
    def of(cls, rows: Tensor) -> _Spread:
        deviation = rows.std(0, correction=0)
        moves = deviation > 1e-6
        inverse = torch.where(moves, 1 / deviation, torch.zeros_like(deviation))
        return cls(rows.mean(0), deviation * moves, inverse)

    def standardised(self, rows: Tensor) -> Tensor:
        return (rows - self.mean) * self.inverse


def layers(translator: Translator) -> list[tuple[NDArray[np.float32], NDArray[np.float32], bool]]:
    """Weights, biases, and whether a ReLU follows, of all layers in order: what a graph is made of."""
    found = []
    for half in (translator.encoder, translator.decoder):
        linear = half.linear
        found += [
            (layer.weight.detach().numpy(), layer.bias.detach().numpy(), layer is not linear[-1]) for layer in linear
        ]
    return found
