"""Facial parameters as arrays: the ``values`` object of a JSON record, and back.

Units are those of H.274 (the semantics of gfv_coordinate_x_abs and following): x runs from -1, the left
edge of the picture, to 1, the right edge, and y likewise from top to bottom; 0 is the centre. The *edges*
of the picture, not the centres of its outermost pixels: pixel column j of a picture of width W has its
centre at (2 j + 1) / W - 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.errors import ParameterError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Matrices:
    """The matrices of one type.

    type      gfv_matrix_type_idx, 0 to 63; None for the matrices of a GFVE message, which have no type
    elements  the matrices, each [rows, columns]. Those of a GFV message are of one size; GFVE allows several
    """

    type: int | None
    elements: tuple[Floats, ...]

    @property
    def stacked(self) -> Floats:
        """All of them as [number, rows, columns].

        Raises:
            ParameterError: they are of different sizes.
        """
        if len({m.shape for m in self.elements}) > 1:
            raise ParameterError(f"matrices of type {self.type} have different sizes")
        return np.stack(self.elements)


@dataclass(frozen=True, eq=False)
class FaceParameters:
    """What one message says about a face.

    keypoints       [K, 2] or, with z, [K, 3]; x and y in -1 to 1 from edge to edge; None where there are none
    matrices        one entry per coded type, in coding order; a type may stand twice
    pupils          the eyes that are known, ``left`` and ``right``, each [2] in the units of keypoints
    low_confidence  gfv_low_confidence_face_parameter_flag: whoever made the parameters does not trust them
    """

    keypoints: Floats | None = None
    matrices: tuple[Matrices, ...] = ()
    pupils: Mapping[str, Floats] | None = None
    low_confidence: bool = False

    def __post_init__(self) -> None:
        if self.keypoints is not None:
            points = _array(self.keypoints, "coordinates")
            if points.ndim != 2 or points.shape[0] < 1 or points.shape[1] not in (2, 3):
                raise ParameterError(
                    "coordinates are not a list of points", value=points.shape, allowed="[K, 2] or [K, 3]"
                )
            object.__setattr__(self, "keypoints", points)

    @classmethod
    def from_values(cls, values: Mapping[str, Any], *, low_confidence: bool = False) -> FaceParameters:
        """From the ``values`` object of a record (see ``gfv extract``).

        Args:
            values: ``{"coordinates": [[x, y], ...], "matrices": [{"type": t, "elements": [[[...]]]}, ...],
                "pupils": {"left": [x, y], "right": [x, y]}}``; each part may be absent; others are passed
                over.
            low_confidence: the message's gfv_low_confidence_face_parameter_flag.

        Raises:
            ParameterError: a part is not of this form, or a number is not finite.
        """
        if not isinstance(values, Mapping):
            raise ParameterError(f"values is {_kind(values)}", allowed="an object")
        points = values.get("coordinates")
        matrices = values.get("matrices")
        pupils = values.get("pupils")
        if matrices is not None and not _is_list(matrices):
            raise ParameterError(f"matrices is {_kind(matrices)}", allowed="a list")
        if pupils is not None and not isinstance(pupils, Mapping):
            raise ParameterError(f"pupils is {_kind(pupils)}", allowed='{"left": [x, y], "right": [x, y]}')
        return cls(
            keypoints=None if points is None else _array(points, "coordinates"),
            matrices=tuple(_matrices(entry, i) for i, entry in enumerate(matrices or ())),
            pupils=None if pupils is None else _pupils(pupils),
            low_confidence=low_confidence,
        )

    def to_values(self) -> dict[str, Any]:
        """The ``values`` object again; absent parts are left out, numbers are exact."""
        values: dict[str, Any] = {}
        if self.keypoints is not None:
            values["coordinates"] = self.keypoints.tolist()
        if self.matrices:
            values["matrices"] = [
                ({} if m.type is None else {"type": m.type}) | {"elements": [e.tolist() for e in m.elements]}
                for m in self.matrices
            ]
        if self.pupils is not None:
            values["pupils"] = {eye: at.tolist() for eye, at in self.pupils.items()}
        return values

    def of_type(self, number: int) -> tuple[Matrices, ...]:
        """All entries of gfv_matrix_type_idx ``number``."""
        return tuple(m for m in self.matrices if m.type == number)

    def quantised(self, bits: int) -> FaceParameters:
        """With coordinates and pupils at the nearest multiple of 2^-bits, as after coding so.

        ``bits`` is gfv_coordinate_precision_factor_minus1 + 1, 1 to 32. Matrices stay as they are.
        """
        scale = float(2**bits)

        def rounded(array: Floats) -> Floats:
            return np.rint(array * scale) / scale + 0.0

        return replace(
            self,
            keypoints=None if self.keypoints is None else rounded(self.keypoints),
            pupils=None if self.pupils is None else {e: rounded(p) for e, p in self.pupils.items()},
        )


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _array(value: Any, what: str) -> Floats:
    """A rectangular array of finite numbers."""
    if not isinstance(value, np.ndarray):
        _only_numbers(value, what, 0)
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ParameterError(f"{what} is not a rectangle of numbers") from error
    if not np.isfinite(array).all():
        raise ParameterError(f"{what} holds a number that is not finite")
    return array


def _only_numbers(value: Any, what: str, depth: int) -> None:
    """Refuse what numpy would turn into a number of its own accord: text, true and false."""
    if depth > 3:
        raise ParameterError(f"{what} is nested too deeply")
    if _is_list(value):
        for part in value:
            _only_numbers(part, what, depth + 1)
    elif isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise ParameterError(f"{what} holds something {_kind(value)}", allowed="numbers")


def _matrices(entry: Any, index: int) -> Matrices:
    if not isinstance(entry, Mapping) or not _is_list(entry.get("elements")):
        raise ParameterError(f"matrices[{index}] has no list of elements", allowed='{"type": t, "elements": [...]}')
    number = entry.get("type")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 63):
        raise ParameterError("no such matrix type", element=f"gfv_matrix_type_idx[ {index} ]", allowed="0 to 63")
    elements = tuple(_array(m, f"matrices[{index}]") for m in entry["elements"])
    if not elements or any(m.ndim != 2 or m.size == 0 for m in elements):
        raise ParameterError(f"matrices[{index}] are not matrices", allowed="[matrix][row][column]")
    if number is not None and len({m.shape for m in elements}) > 1:
        raise ParameterError(f"matrices[{index}] are of different sizes")
    return Matrices(number, elements)


def _pupils(value: Mapping[str, Any]) -> dict[str, Floats]:
    pupils = {}
    for eye in ("left", "right"):
        if value.get(eye) is not None:
            at = _array(value[eye], f"pupils.{eye}")
            if at.shape != (2,):
                raise ParameterError(f"pupils.{eye} is not a point", allowed="[x, y]")
            pupils[eye] = at
    return pupils
