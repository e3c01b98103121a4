"""The parameters of a method as one row of numbers, which is what translators take and give.

Which parameters a method has, and their shapes, is said by its `layout.Profile`; here is only their order in the
row, and by what name the published translators call the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.contract import Part
from generators.errors import ParameterError
from generators.models.layout import KEYPOINTS, Profile, find_profile
from generators.roles import Role


@dataclass(frozen=True)
class Representation:
    """Parameters in a row.

    key      what the method is called in the keys of published weights: ``NVIDIA`` for FV2V
    profile  which parameters there are
    order    their names in the order of the row; each goes row by row
    """

    key: str
    profile: Profile
    order: tuple[str, ...]

    @property
    def values(self) -> int:
        """How many numbers."""
        return self.profile.values

    def row(self, params: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Parameters of N pictures by name, [N, ...] each, to float32 [N, values].

        Raises:
            ParameterError: one is missing or of another shape.
        """
        parts = []
        for name in self.order:
            shape = self.profile.shapes[name]
            array = np.asarray(params[name]) if name in params else None
            if array is None or array.shape[1:] != shape:
                raise ParameterError(
                    f"{self.profile.name} takes {name}",
                    value=None if array is None else list(array.shape),
                    allowed=str(["N", *shape]),
                )
            parts.append(array.reshape(len(array), -1))
        if len({len(part) for part in parts}) > 1:
            raise ParameterError(f"the parameters of {self.profile.name} are of different numbers of pictures")
        return np.concatenate(parts, axis=1).astype(np.float32)

    def params(self, rows: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The way back: [N, values] to parameters by name.

        Raises:
            ParameterError: the rows are of another length.
        """
        if rows.ndim != 2 or rows.shape[1] != self.values:
            raise ParameterError(
                f"rows of {self.profile.name}", value=list(rows.shape), allowed=str(["N", self.values])
            )
        found = {}
        start = 0
        for name in self.order:
            shape = self.profile.shapes[name]
            found[name] = rows[:, start : start + prod(shape)].reshape(-1, *shape)
            start += prod(shape)
        return found

    def parts(self) -> tuple[Part, ...]:
        """The same for a contract: what stands in the row, in terms of the syntax."""
        matrices = {part.name: part for part in self.profile.matrices}

        def part(name: str) -> Part:
            if name == KEYPOINTS:
                return Part(Role.KEYPOINTS, self.profile.shapes[name])
            m = matrices[name]
            return Part(Role.MATRICES, (m.number, m.rows, m.columns), m.type)

        return tuple(part(name) for name in self.order)


def _as_coded(key: str, profile: str) -> Representation:
    found = find_profile(profile)
    return Representation(key, found, tuple(found.shapes))


REPRESENTATIONS = {
    found.profile.name: found
    for found in (
        _as_coded("FOMM", "FOMM"),
        _as_coded("DAC", "DAC-10"),
        _as_coded("CFTE", "CFTE"),
        # Not in the order of coding.
        Representation("NVIDIA", find_profile("FV2V"), ("expression", "rotation", "translation")),
        _as_coded("TPS", "TPS"),
    )
}
"""What translators exist for, by the names of profiles, each to each; those to and from DAC and TPS are ours alone."""


def find_representation(profile: str) -> Representation:
    """The representation of that profile.

    Raises:
        ParameterError: there is none.
    """
    if profile not in REPRESENTATIONS:
        raise ParameterError(f"there are no translators for {profile!r}", allowed=", ".join(REPRESENTATIONS))
    return REPRESENTATIONS[profile]
