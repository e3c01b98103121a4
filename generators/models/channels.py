"""Which channels of a network belong together: what can be removed, and what has to go with it.

A network is run once, and every operation on the way is watched. Each channel of each tensor has a number. A
convolution makes new channels, and ties those that it reads to an axis of its weight; a sum ties the channels of its
terms to each other, so that a residual chain is one bundle from end to end; joining tensors puts their numbers in a
row; and what is watched without being understood ties its channels to what must stay. So nothing is known here about
any one architecture, and one that does something unforeseen loses the saving, not the picture.

Channels that are tied are of one *bundle*: they are kept or removed together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

Numbers = NDArray[np.int64]

FIXED = 0
"""The number of what must stay."""

LAST = 2**62
"""Ends of slices from here on mean the end of the axis."""

# Where a channel of zeros stays one of zeros, and no other channel is touched.
_CHANNELWISE = {
    "relu",
    "leaky_relu",
    "avg_pool2d",
    "max_pool2d_with_indices",
    "upsample_nearest2d",
    "upsample_bilinear2d",
    "grid_sampler_2d",
    "clone",
    "detach",
}


@dataclass(frozen=True)
class Axis:
    """One axis of a parameter or buffer: its key, and 0 for the channels that it makes, 1 for those that it reads."""

    key: str
    axis: int


class Bundles:
    """The channels of modules, in bundles.

    Attributes:
        axes: numbers of the channels along each axis; compare `root` of them.
    """

    def __init__(self, modules: nn.Module, run: Callable[[], Any]) -> None:
        """Watch a run.

        Args:
            modules: whose parameters and buffers are of interest; in evaluation mode.
            run: runs them once, on any input.
        """
        self._parents: list[int] = [FIXED]
        self.axes: dict[Axis, Numbers] = {}
        named = [*modules.named_parameters(), *modules.named_buffers()]
        self._keys = {id(tensor): key for key, tensor in named}
        with torch.no_grad(), _Watch(self):
            run()

    def root(self, number: int) -> int:
        """What stands for the bundle of a channel; `FIXED` if it must stay."""
        while self._parents[number] != number:
            self._parents[number] = number = self._parents[self._parents[number]]
        return number

    def roots(self, axis: Axis) -> Numbers:
        """The bundles along an axis."""
        return np.array([self.root(int(n)) for n in self.axes[axis]], np.int64)

    def fresh(self, count: int) -> Numbers:
        """New channels."""
        first = len(self._parents)
        self._parents.extend(range(first, first + count))
        return np.arange(first, first + count)

    def tie(self, one: Numbers, other: Numbers) -> None:
        """Make bundles one, channel by channel."""
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            low, high = sorted((self.root(a), self.root(b)))
            self._parents[high] = low  # FIXED is the lowest of all

    def fix(self, numbers: Numbers) -> None:
        """Keep channels."""
        self.tie(numbers, np.full(len(numbers), FIXED))

    def key(self, tensor: Tensor | None) -> str | None:
        """The key of a parameter or buffer."""
        return None if tensor is None else self._keys.get(id(tensor))

    def made_by(self, key: str, axis: int, count: int) -> Numbers:
        """The channels along an axis, new ones if it was not met before."""
        return self.axes.setdefault(Axis(key, axis), self.fresh(count))

    def read_by(self, key: str, axis: int, numbers: Numbers) -> None:
        """Tie channels to the axis that reads them."""
        self.tie(self.axes.setdefault(Axis(key, axis), numbers), numbers)


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Carries numbers of channels from tensor to tensor."""

    def __init__(self, bundles: Bundles) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.bundles = bundles
        self.numbers: dict[int, Numbers] = {}
        self.alive: list[Tensor] = []  # or another tensor could come by the same id

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        operator = str(func).split(".")[1]
        handle = getattr(self, f"on_{operator}", None)
        if handle is not None:
            found = handle(out, *args, **(kwargs or {}))
        elif operator in _CHANNELWISE:
            self.let_go(args[1:])
            found = self.of(args[0])
        else:
            self.let_go(args)
            found = None
        if found is not None:
            first = out[0] if isinstance(out, tuple) else out
            self.numbers[id(first)] = found
            self.alive.append(first)
        return out

    def of(self, tensor: Any) -> Numbers:
        """Numbers of a tensor's channels; those of one that was not met are fixed."""
        found = self.numbers.get(id(tensor))
        return np.full(tensor.shape[1], FIXED) if found is None else found

    def let_go(self, values: Any) -> None:
        """Keep whatever channels come out of sight here."""
        for value in values if isinstance(values, list | tuple) else (values,):
            if isinstance(value, list | tuple):
                self.let_go(value)
            elif isinstance(value, Tensor) and id(value) in self.numbers:
                self.bundles.fix(self.numbers[id(value)])

    def on_convolution(self, out: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None, *how: Any) -> Numbers | None:
        transposed, groups = bool(how[3]), int(how[5])
        key, of_bias = self.bundles.key(weight), self.bundles.key(bias)
        read, count = self.of(x), out.shape[1]
        if key is None or not (groups == 1 or groups == weight.shape[0] == x.shape[1]):
            self.bundles.fix(read)
            return None
        if groups == 1:
            self.bundles.read_by(key, 0 if transposed else 1, read)
            made = self.bundles.made_by(key, 1 if transposed else 0, count)
        else:  # each channel for itself
            self.bundles.read_by(key, 0, read)
            made = read
        if of_bias is not None:
            self.bundles.read_by(of_bias, 0, made)
        return made

    def on_native_batch_norm(self, out: Any, x: Tensor, *tensors: Any) -> Numbers | None:
        keys = [self.bundles.key(tensor) for tensor in tensors[:4] if isinstance(tensor, Tensor)]
        if None in keys:
            self.bundles.fix(self.of(x))
            return None
        for key in keys:
            self.bundles.read_by(str(key), 0, self.of(x))
        return self.of(x)

    def on_add(self, out: Tensor, one: Any, other: Any, **how: Any) -> Numbers | None:
        if not self._alike(one, other):
            self.let_go((one, other))
            return None
        self.bundles.tie(self.of(one), self.of(other))
        return self.of(one)

    on_sub = on_add

    def on_mul(self, out: Tensor, one: Any, other: Any) -> Numbers | None:
        if self._alike(one, other):
            self.bundles.tie(self.of(one), self.of(other))
            return self.of(one)
        wide, narrow = (other, one) if isinstance(other, Tensor) and other.shape == out.shape else (one, other)
        if out.dim() < 2 or not isinstance(wide, Tensor) or wide.shape != out.shape:
            self.let_go((one, other))
            return None
        self.let_go((narrow,))
        # A number, or a map of one channel, scales every channel alike.
        if isinstance(narrow, Tensor) and not (
            narrow.dim() == 0 or (narrow.dim() == wide.dim() and narrow.shape[1] == 1)
        ):
            self.let_go((wide,))
            return None
        return self.of(wide)

    def on_cat(self, out: Tensor, tensors: Sequence[Tensor], dim: int = 0) -> Numbers | None:
        if dim != 1:
            self.let_go(list(tensors))
            return None
        return np.concatenate([self.of(tensor) for tensor in tensors])

    def on_slice(
        self, out: Tensor, x: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
    ) -> Numbers | None:
        if out.shape == x.shape:
            return self.of(x) if x.dim() > 1 else None
        if dim == 0 and x.dim() > 1:
            return self.of(x)
        if dim == 1 and step == 1 and start is not None and start < 0 and (end is None or end >= LAST):
            # Counted from the end: what stands before may go.
            chosen = self.of(x)[start:]
            self.bundles.fix(chosen)
            return chosen
        self.let_go((x,))
        return None

    @staticmethod
    def _alike(one: Any, other: Any) -> bool:
        tensors = isinstance(one, Tensor) and isinstance(other, Tensor)
        return bool(tensors and one.dim() > 1 and one.shape == other.shape)
