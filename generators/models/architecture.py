"""What an architecture is: a family of settings, and how modules are built from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.catalogue import About

State = dict[str, Tensor]
"""Tensors by their keys, as `torch.nn.Module.state_dict` has them."""

Parameters = Mapping[str, Tensor]
"""Facial parameters of a batch of pictures by the names of the profile, such as ``keypoints`` [N, K, 2]."""


@dataclass(frozen=True)
class Models:
    """The modules of one architecture, built and in evaluation mode.

    architecture  its name
    settings      that they were built with
    modules       by the names that checkpoints use: ``kp_detector``, ``generator``
    analysis      picture [N, 3, H, W] in 0..1 to `Parameters`; None where a module that it needs is not loaded
    generator     has ``encode_base(picture)``, ``generate(features, base, current)`` and ``forward`` for both
    """

    architecture: str
    settings: Any
    modules: Mapping[str, nn.Module]
    analysis: nn.Module | None
    generator: nn.Module | None


@dataclass(frozen=True)
class Architecture:
    """One architecture.

    about      what it is, in words
    settings   the settings class, a frozen dataclass whose defaults are the published model at 256x256
    variants   settings of published copies of the code, by name; the first is the default
    modules    by the names that checkpoints use: how each is built from settings
    analysis   the analysis model, of the modules by name
    generator  the generator, of the modules by name
    dropped    beginnings of keys that published files may hold and that nothing here reads
    folded     what to do to a module's published tensors before they are loaded, by module name
    references how many base pictures at once an exported graph takes, of settings
    in_graphs  settings that an ONNX graph has to have, in place of what was asked for
    tolerance  how far pictures of the graph may be from torch's, full size, 0..1
    """

    about: About
    settings: type
    variants: Mapping[str, Any]
    modules: Mapping[str, Callable[[Any], nn.Module]]
    analysis: Callable[[Any, Mapping[str, nn.Module]], nn.Module | None]
    generator: Callable[[Any, Mapping[str, nn.Module]], nn.Module | None]
    dropped: tuple[str, ...] = ()
    folded: Mapping[str, Callable[[State], State]] = field(default_factory=dict)
    references: Callable[[Any], int] = lambda settings: 1
    in_graphs: Mapping[str, Any] = field(default_factory=dict)
    tolerance: float = 2e-4

    @property
    def name(self) -> str:
        """As in `generators.models.ARCHITECTURES`."""
        return self.about.name

    def variant(self, name: str | None = None, **changes: Any) -> Any:
        """Settings of a published copy, some of them changed: ``variant("gfvc-v2", size=512)``.

        Raises:
            ModelError: there is no such copy, or no such setting.
        """
        wanted = next(iter(self.variants)) if name is None else name
        if wanted not in self.variants:
            raise ModelError(f"{self.name} has no variant {wanted!r}", allowed=", ".join(self.variants))
        try:
            return replace(self.variants[wanted], **changes)
        except TypeError as error:
            raise ModelError(f"{self.name} has no such setting: {error}") from error

    def build(self, settings: Any | None = None, *, seed: int | None = None) -> Models:
        """The modules with fresh weights, in evaluation mode.

        Args:
            settings: an instance of ``self.settings``; by default those of the first variant.
            seed: of the weights, with torch's own generator of random numbers left where it was; None: they come from
                that one.
        """
        settings = self.variant() if settings is None else settings
        if not isinstance(settings, self.settings):
            raise ModelError(
                f"settings of {self.name} are of type {type(settings).__name__}", allowed=self.settings.__name__
            )
        with torch.random.fork_rng(devices=(), enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed)
            return self.tied(settings, {name: make(settings) for name, make in self.modules.items()})

    def tied(self, settings: Any, modules: Mapping[str, nn.Module]) -> Models:
        """`Models` of modules that exist; those that are missing leave a half without them None."""
        for module in modules.values():
            module.eval()
        halves = (self.analysis(settings, modules), self.generator(settings, modules))
        for half in halves:
            if half is not None:
                half.eval()
        return Models(self.name, settings, modules, *halves)
