"""Removing channels, in two stages.

*Soft*: while the network trains, its norms' scales are pressed towards zero (``Losses.sparsity``; Liu et al., "Learning
Efficient Convolutional Networks through Network Slimming", ICCV 2017), so that it learns to do without some channels.
*Hard*: the channels whose scales came out smallest are removed from every weight that makes or reads them, and what is
left is trained on for a while. Which channels hang together is found by `channels`, for any architecture.

`masked` and `pruned` differ in nothing but speed: the one has zeros where the other has nothing.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models import find_architecture
from generators.models.architecture import Models, State
from generators.models.channels import FIXED, Axis, Bundles, Numbers
from generators.models.layout import KEYPOINTS, find_profile
from gfv_sei.files import whole_file
from gfv_sei.wording import first_line

LEAST = 4
"""So many channels of each kind stay, whatever their scales."""


@dataclass(frozen=True, eq=False)
class Mask:
    """Which channels go.

    bundles  what hangs together
    removed  the bundles that go, by their roots
    """

    bundles: Bundles
    removed: frozenset[int]

    def kept(self, axis: Axis) -> Numbers:
        """Indices along an axis that stay."""
        roots = self.bundles.roots(axis)
        return np.flatnonzero([root not in self.removed for root in roots.tolist()])


def find_bundles(models: Models) -> Bundles:
    """Run the models once on noise and see which channels hang together. They have to be whole."""
    known = find_architecture(models.architecture)
    profile = find_profile(known.about.profiles[0])
    settings, generator = models.settings, models.generator
    if generator is None:
        raise ModelError(f"the generator of {known.name} is not loaded")
    seeded = torch.Generator().manual_seed(0)
    picture = torch.rand(1, 3, settings.size, settings.size, generator=seeded)
    parameters = {}
    for name, shape in profile.shapes.items():
        whole = (settings.keypoints, *shape[1:]) if name == KEYPOINTS else shape
        parameters[name] = torch.rand(1, *whole, generator=seeded) - 0.5

    def run() -> None:
        found = parameters if models.analysis is None else models.analysis(picture)
        generator(picture, found, found, *((picture,) if profile.fusion else ()))

    return Bundles(nn.ModuleDict(dict(models.modules)), run)


def choose(
    models: Models,
    *,
    share: float | None = None,
    threshold: float | None = None,
    parameters: int | None = None,
    multiple: int = 1,
    least: int = LEAST,
) -> Mask:
    """Choose the channels to remove: those with the smallest scales. Exactly one of the first three is given.

    Args:
        models: trained, best with ``Losses.sparsity``.
        share: of all removable channels to remove, 0 to below 1.
        threshold: remove what has a scale below.
        parameters: remove as many as it takes to have at most so many parameters left.
        multiple: keep channels by so many at a time: a CPU's vectors hold 8 or 16.
        least: keep at least so many of each kind.

    Raises:
        ModelError: not exactly one is given, or one cannot be reached.
    """
    if sum(option is not None for option in (share, threshold, parameters)) != 1:
        raise ModelError("pruning takes exactly one of them", element="share, threshold, parameters")
    if share is not None and not 0 <= share < 1:
        raise ModelError("no such share of channels", element="share", value=share, allowed="0 to below 1")
    bundles = find_bundles(models)
    scores = _scores(models, bundles)
    kinds = _kinds(bundles)

    def mask(limit: float) -> Mask:
        removed: set[int] = set()
        for members in kinds:
            low = sorted((root for root in members if scores[root] < limit), key=lambda root: scores[root])
            keep = max(len(members) - len(low), min(least, len(members)))
            keep = min(-(-keep // multiple) * multiple, len(members))
            removed.update(low[: len(members) - keep])
        return Mask(bundles, frozenset(removed))

    if threshold is not None:
        return mask(threshold)
    ordered = sorted(scores.values())
    if share is not None:
        return mask(ordered[int(share * len(ordered))] if ordered else 0.0)
    assert parameters is not None
    low, high = 0, len(ordered)
    while low < high:  # the smallest number of channels that is enough
        middle = (low + high) // 2
        limit = ordered[middle] if middle < len(ordered) else float("inf")
        low, high = (low, middle) if left(models, mask(limit)) <= parameters else (middle + 1, high)
    found = mask(ordered[low] if low < len(ordered) else float("inf"))
    if left(models, found) > parameters:
        raise ModelError("so few parameters cannot be reached", value=left(models, found), allowed=f"{parameters}")
    return found


def left(models: Models, mask: Mask) -> int:
    """Number of parameters of all modules once the mask is applied."""
    total = 0
    for key, tensor in nn.ModuleDict(dict(models.modules)).named_parameters():
        axes = {axis.axis: len(mask.kept(axis)) for axis in (Axis(key, 0), Axis(key, 1)) if axis in mask.bundles.axes}
        total += prod(axes.get(i, size) for i, size in enumerate(tensor.shape))
    return total


def masked(models: Models, mask: Mask) -> Models:
    """A copy of the same size whose removed channels are zero everywhere."""
    modules = _copied(models)
    state = nn.ModuleDict(modules).state_dict()
    with torch.no_grad():
        for axis in mask.bundles.axes:
            if _makes(axis, state):
                gone = np.setdiff1d(np.arange(state[axis.key].shape[axis.axis]), mask.kept(axis))
                state[axis.key].index_fill_(axis.axis, torch.from_numpy(gone), 0.0)
    return find_architecture(models.architecture).tied(models.settings, modules)


def pruned(models: Models, mask: Mask) -> Models:
    """A copy without the removed channels. Its settings are those of the whole network, so it cannot be built anew."""
    modules = _copied(models)
    state = dict(nn.ModuleDict(modules).state_dict())
    for axis in mask.bundles.axes:
        state[axis.key] = state[axis.key].index_select(axis.axis, torch.from_numpy(mask.kept(axis)))
    for name, module in modules.items():
        start = f"{name}."
        fit(module, {key[len(start) :]: tensor for key, tensor in state.items() if key.startswith(start)})
    return find_architecture(models.architecture).tied(models.settings, modules)


def fit(module: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Load tensors that may have fewer channels than the module: its layers become as small as they are.

    Raises:
        ModelError: a tensor is missing, left over, larger than the layer, or of another rank or kernel.
    """
    whole = module.state_dict()
    if set(whole) != set(state):
        odd = ", ".join(sorted(set(whole) ^ set(state))[:8])
        raise ModelError("the tensors are not those of the network", element=odd)
    for key, tensor in state.items():
        now, wanted = tuple(tensor.shape), tuple(whole[key].shape)
        if len(now) != len(wanted) or now[2:] != wanted[2:] or any(a > b for a, b in zip(now, wanted, strict=True)):
            raise ModelError("the tensor is no pruned one of this network", element=key, value=now, allowed=str(wanted))
    for name, layer in module.named_modules():
        own = {key: tensor for key, tensor in state.items() if key.rpartition(".")[0] == name}
        for key, tensor in own.items():
            short = key.rpartition(".")[2]
            if short in layer._parameters:
                layer._parameters[short] = nn.Parameter(tensor.detach().clone())
            else:
                layer._buffers[short] = tensor.detach().clone()
        if isinstance(layer, nn.Conv2d):
            layer.groups = 1 if layer.groups == 1 else layer.weight.shape[0]
            layer.out_channels, layer.in_channels = layer.weight.shape[0], layer.weight.shape[1] * layer.groups
        elif isinstance(layer, nn.BatchNorm2d):
            layer.num_features = layer.weight.shape[0]


def save_pruned(models: Models, path: str | Path) -> None:
    """Write the modules' tensors as a torch file, for `load_pruned`."""
    data: dict[str, State] = {name: module.state_dict() for name, module in models.modules.items()}
    with whole_file(path) as temporary:
        torch.save(data, temporary)


def load_pruned(architecture: str, path: str | Path, settings: object | None = None) -> Models:
    """Models of the sizes that the file's tensors have.

    Args:
        architecture: its name.
        path: what `save_pruned` wrote.
        settings: of the whole network; by default the architecture's first variant.

    Raises:
        ModelError: the file cannot be read or is not of this architecture.
    """
    try:
        data = torch.load(path, map_location="cpu", weights_only=True)
        states = {name: dict(state) for name, state in data.items()}
    except Exception as error:  # torch raises many kinds for a file that is none of its own
        raise ModelError(f"{path} is no torch file of tensors: {first_line(error)}") from error
    models = find_architecture(architecture).build(settings)
    if set(states) != set(models.modules):
        raise ModelError(f"{path} has other modules", value=", ".join(states), allowed=", ".join(models.modules))
    for name, module in models.modules.items():
        fit(module, states[name])
    return models


def _copied(models: Models) -> dict[str, nn.Module]:
    return {name: copy.deepcopy(module) for name, module in models.modules.items()}


def _makes(axis: Axis, state: Mapping[str, Tensor]) -> bool:
    """Whether zeros along the axis make its channels zero; statistics of norms are no weights."""
    return axis.axis == 0 and not axis.key.endswith(("running_mean", "running_var"))


def _is_norm(key: str, state: Mapping[str, Tensor]) -> bool:
    return key.endswith(".weight") and f"{key[: -len('weight')]}running_var" in state


def _scores(models: Models, bundles: Bundles) -> dict[int, float]:
    """The scale of each removable bundle: the mean over its norms; without any, by the size of its weights."""
    state = nn.ModuleDict(dict(models.modules)).state_dict()
    scales: dict[int, list[float]] = defaultdict(list)
    sizes: dict[int, list[float]] = defaultdict(list)
    for axis in bundles.axes:
        if axis.axis == 0 and axis.key.endswith("weight"):
            values = state[axis.key].detach().abs().flatten(1) if state[axis.key].dim() > 1 else state[axis.key].abs()
            strength = values.square().mean(1).sqrt() if values.dim() > 1 else values
            found, relative = (scales, 1.0) if _is_norm(axis.key, state) else (sizes, float(strength.mean()) or 1.0)
            for root, value in zip(bundles.roots(axis).tolist(), strength.tolist(), strict=True):
                found[root].append(value / relative)
    usual = float(np.mean([float(np.mean(found)) for root, found in scales.items() if root != FIXED] or [1.0]))
    scores = {root: float(np.mean(found)) * usual for root, found in sizes.items()}
    scores |= {root: float(np.mean(found)) for root, found in scales.items()}
    scores.pop(FIXED, None)
    return scores


def _kinds(bundles: Bundles) -> list[list[int]]:
    """Removable bundles by where they occur: those of one layer, or of one residual chain, are of one kind."""
    where: dict[int, set[Axis]] = defaultdict(set)
    for axis in bundles.axes:
        for root in bundles.roots(axis).tolist():
            where[root].add(axis)
    where.pop(FIXED, None)
    kinds: dict[frozenset[Axis], list[int]] = defaultdict(list)
    for root, axes in where.items():
        kinds[frozenset(axes)].append(root)
    return list(kinds.values())
