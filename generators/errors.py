"""What can go wrong with parameters, networks and the agreement between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gfv_sei.errors import GfvError


class ParameterError(GfvError, ValueError):
    """Facial parameters are not of the form that a ``values`` object has, or not finite."""


class ModelError(GfvError):
    """A model file cannot be read, asks for what is refused, or fails to run."""


@dataclass(frozen=True)
class Mismatch:
    """One disagreement.

    subject   what disagrees, in the terms of the syntax where there is one: ``gfv_num_kps_minus1``
    found     what the stream, or the graph, has
    expected  what the contract says
    """

    subject: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.found}, but {self.expected}"


class ContractError(GfvError):
    """A network, its contract and the stream do not fit together; ``mismatches`` has all that was found."""

    def __init__(self, reason: str, mismatches: Sequence[Mismatch] = ()) -> None:
        self.mismatches = tuple(mismatches)
        listed = "; ".join(str(m) for m in self.mismatches)
        super().__init__(f"{reason}: {listed}" if listed else reason)
