"""How the parameters of each method are carried in GFV messages: coordinates, matrices, bits.

The standard gives some matrix types a meaning (affine maps of keypoints, head rotation, compact feature), others
it leaves to the application, and nothing in a message says which method wrote it. So both sides have to know the
method's *profile*: what is sent as keypoints, what as matrices of which type, in which order and shape. Here are
all that are known, in one list, `PROFILES`.

What a profile sends is absolute: the parameters of that picture itself, whatever prediction the message uses.
Prediction is left to the writer, which takes it where it costs fewer bits; as it works on what the decoder has
too, errors do not build up, and none is larger than half a step of 2^-bits.

Arrays have no batch axis here: ``keypoints`` [K, 2]. Networks have one in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.errors import ParameterError
from generators.parameters import FaceParameters, Matrices
from gfv_sei.syntax.matrices import AFFINE, COMPACT_FEATURE, HEAD_ROTATION, HEAD_TRANSLATION, PER_KEYPOINT
from gfv_sei.wording import counted

KEYPOINTS = "keypoints"

OWN_TYPE = 8
"""The first gfv_matrix_type_idx that the standard leaves to the application."""


@dataclass(frozen=True)
class Keypoints:
    """Parameters that go as coordinates: ``number`` points of x, y, or, where ``dimensions`` is 3, x, y, z.

    ``convention`` is where the network has -1 and 1, see `generators.contract.Tensor`.
    """

    number: int
    dimensions: int = 2
    convention: str = "centres"

    @property
    def shape(self) -> tuple[int, ...]:
        """[number, dimensions]."""
        return (self.number, self.dimensions)


@dataclass(frozen=True)
class MatrixPart:
    """Parameters that go as matrices of one type.

    name    of the parameter, as networks call it
    type    gfv_matrix_type_idx
    number  of matrices
    rows    of each (gfv_matrix_height)
    columns of each (gfv_matrix_width)
    shape   of the parameter as networks have it; the same values in the same order
    """

    name: str
    type: int
    number: int
    rows: int
    columns: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Profile:
    """How one method's parameters are carried.

    name       for people and for metadata
    method     name of the architecture in `generators.models.ARCHITECTURES`
    source     where the mapping comes from: ``confirmed`` by data or the manual of VTM, or ``ours``, a reading
               that no source states
    bits       of the fraction of coordinates and matrix elements, those in use; the first is that of the
               method's own software, and the default when writing
    keypoints  what goes as coordinates
    matrices   what goes as matrices, in coding order
    fusion     whether gfv_fusion_pic_flag is 1: the decoded picture of the same time goes in as well
    remark     what else has to be known
    """

    name: str
    method: str
    source: str
    bits: tuple[int, ...]
    keypoints: Keypoints | None = None
    matrices: tuple[MatrixPart, ...] = ()
    fusion: bool = False
    remark: str = ""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The parameters by name and what shape each has, in coding order."""
        points = {} if self.keypoints is None else {KEYPOINTS: self.keypoints.shape}
        return points | {part.name: part.shape for part in self.matrices}

    @property
    def values(self) -> int:
        """How many numbers a message carries."""
        return sum(prod(shape) for shape in self.shapes.values())

    def with_points(self, number: int) -> Profile:
        """The same for another number of keypoints, 1 to 1024; matrices of keypoints become as many.

        Its name ends in the number, so `find_profile` knows it too: ``FOMM-15``.
        """
        if self.keypoints is None or not 1 <= number <= 1024:
            raise ParameterError(f"{self.name} cannot have so many keypoints", value=number, allowed="1 to 1024")
        return replace(
            self,
            name=f"{_family(self.name)}-{number}",
            keypoints=replace(self.keypoints, number=number),
            matrices=tuple(
                replace(part, number=number, shape=(number, *part.shape[1:])) if part.type in PER_KEYPOINT else part
                for part in self.matrices
            ),
        )

    def header(self, *, base: bool, gfv_cnt: int = 0, bits: int | None = None) -> dict[str, int]:
        """What a record for ``gfv inject`` says in ``message`` beside its identifiers.

        Args:
            base: gfv_base_picture_flag.
            gfv_cnt: of the message.
            bits: of the fractions, 1 to 32; by default the first of `bits`.
        """
        minus1 = (self.bits[0] if bits is None else bits) - 1
        fields = {"gfv_cnt": gfv_cnt, "gfv_base_picture_flag": int(base)}
        if self.keypoints is not None:
            fields["gfv_coordinate_precision_factor_minus1"] = minus1
        if self.matrices:
            fields["gfv_matrix_element_precision_factor_minus1"] = minus1
        if self.fusion and not base and gfv_cnt == 0:
            fields["gfv_fusion_pic_flag"] = 1
        return fields

    def to_parameters(self, params: Mapping[str, NDArray[Any]]) -> FaceParameters:
        """Parameters of one picture, as a network gives them, to those of a message.

        Args:
            params: arrays by name, of `shapes`; axes of length 1 in front, such as a batch of one, are allowed.

        Raises:
            ParameterError: one is missing or left over, of another shape, or not finite.
        """
        if set(params) != set(self.shapes):
            raise ParameterError(
                f"not the parameters of {self.name}",
                value=", ".join(sorted(params)) or "none",
                allowed=", ".join(self.shapes),
            )
        arrays = {name: _shaped(params[name], shape, name) for name, shape in self.shapes.items()}
        return FaceParameters(
            keypoints=arrays.get(KEYPOINTS),
            matrices=tuple(
                Matrices(part.type, tuple(arrays[part.name].reshape(part.number, part.rows, part.columns)))
                for part in self.matrices
            ),
        )

    def from_parameters(self, face: FaceParameters) -> dict[str, NDArray[np.float64]]:
        """Parameters of a message to those that the network takes, by name, of `shapes`.

        Tolerant in the matrices: types without a meaning of their own are an agreement that others may have made
        otherwise, and shapes too. A part whose type is absent, or there with another number of values, is taken
        from the first set of matrices, not asked for by another part, that has as many values as it needs.

        Raises:
            ParameterError: keypoints are absent or of another number; no matrices have the right number of values.
        """
        found: dict[str, NDArray[np.float64]] = {}
        if self.keypoints is not None:
            if face.keypoints is None or face.keypoints.shape != self.keypoints.shape:
                raise ParameterError(
                    f"{self.name} takes other keypoints",
                    element="gfv_num_kps_minus1",
                    value="no keypoints" if face.keypoints is None else list(face.keypoints.shape),
                    allowed=str(list(self.keypoints.shape)),
                )
            found[KEYPOINTS] = face.keypoints
        left = list(face.matrices)
        chosen: dict[str, Matrices] = {}
        for exact in (True, False):
            for part in self.matrices:
                if part.name not in chosen:
                    for entry in left:
                        if (entry.type == part.type or not exact) and _count(entry) == prod(part.shape):
                            chosen[part.name] = entry
                            left.remove(entry)
                            break
        for part in self.matrices:
            if part.name not in chosen:
                there = ", ".join(f"{_count(m)} of type {m.type}" for m in face.matrices) or "no matrices"
                raise ParameterError(
                    f"{self.name} takes {part.name} from matrices of type {part.type}",
                    element="gfv_matrix_type_idx",
                    value=there,
                    allowed=counted(prod(part.shape), "value"),
                )
            flat = np.concatenate([m.reshape(-1) for m in chosen[part.name].elements])
            found[part.name] = flat.reshape(part.shape)
        return found

    def to_values(self, params: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """The ``values`` object of a JSON record; see `to_parameters`."""
        return self.to_parameters(params).to_values()

    def from_values(self, values: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
        """From the ``values`` object of a JSON record; see `from_parameters`."""
        return self.from_parameters(FaceParameters.from_values(values))


def _count(matrices: Matrices) -> int:
    return sum(m.size for m in matrices.elements)


def _shaped(array: NDArray[Any], shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    given = np.asarray(array, np.float64)
    extra = given.ndim - len(shape)
    if extra < 0 or given.shape != (1,) * extra + shape:
        raise ParameterError(f"{name} has another shape", value=list(given.shape), allowed=str(list(shape)))
    if not np.isfinite(given).all():
        raise ParameterError(f"{name} holds a number that is not finite")
    return given.reshape(shape)


def _dac(points: int) -> Profile:
    return Profile(f"DAC-{points}", "dac", "ours", (6,), Keypoints(points))


_FEATURE = MatrixPart("feature", COMPACT_FEATURE, 1, 4, 4, (1, 4, 4))

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "FOMM",
            "fomm",
            "confirmed",
            (6, 9),
            Keypoints(10),
            (MatrixPart("jacobians", AFFINE, 10, 2, 2, (10, 2, 2)),),
            remark="VTM's sample has 9 bits. In zero-order copies the matrices are sent, and have no influence",
        ),
        _dac(10),
        _dac(20),
        _dac(40),
        Profile("CFTE", "cfte", "confirmed", (2,), matrices=(_FEATURE,), remark="confirmed: the type, not the size"),
        Profile(
            "FV2V",
            "fv2v",
            "ours",
            (8,),
            matrices=(
                MatrixPart("rotation", HEAD_ROTATION, 1, 3, 3, (3, 3)),
                MatrixPart("translation", HEAD_TRANSLATION, 1, 3, 1, (3,)),
                MatrixPart("expression", OWN_TYPE, 1, 15, 3, (15, 3)),
            ),
            remark="types of rotation and translation are confirmed, that of the expression is open",
        ),
        Profile(
            "FV2V-points",
            "fv2v",
            "ours",
            (8,),
            Keypoints(15, 3),
            remark="points in place, so the decoder needs nothing else; x and y may leave -1 to 1 slightly, which "
            "VTM's option files cannot say",
        ),
        Profile(
            "TPS",
            "tps",
            "ours",
            (8,),
            Keypoints(50),
            remark="point 5 k + j is point j of transformation k; the bits are ours, its software codes nothing",
        ),
        Profile("HDAC", "hdac", "ours", (6,), Keypoints(10), fusion=True, remark="the coded picture is the low layer"),
        Profile("RDAC", "rdac", "ours", (7,), Keypoints(10), remark="coded residuals travel outside of GFV"),
        Profile("RT", "rt", "ours", (8,), Keypoints(28, convention="edges"), remark="as tracked for the warp"),
        Profile(
            "MRDAC", "mrdac", "ours", (9,), Keypoints(10), remark="the latest base pictures of a gfv_id are all in use"
        ),
    )
}
"""Every profile by its name."""


def find_profile(name: str) -> Profile:
    """The profile of that name, or of that name for another number of keypoints: ``FOMM-15``.

    Raises:
        ParameterError: there is none.
    """
    if name in PROFILES:
        return PROFILES[name]
    number = re.fullmatch(r".+-([0-9]{1,4})", name)
    for profile in PROFILES.values():
        if number is not None and profile.keypoints is not None and _family(profile.name) == _family(name):
            return profile.with_points(int(number[1]))
    raise ParameterError(f"no profile is called {name!r}", allowed=", ".join(PROFILES))


def _family(name: str) -> str:
    """The name without a number of keypoints."""
    return re.sub(r"-[0-9]+$", "", name)
