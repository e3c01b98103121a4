"""Between what a stream says and the tensors of a network, by role: values in, and parameters and pictures out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.checking import stacked
from generators.contract import Part, Tensor
from generators.errors import ContractError, ModelError, ParameterError
from generators.parameters import FaceParameters, Matrices
from generators.preparations import PREPARATIONS
from generators.roles import FLAT, OF_THE_BASE, PICTURES, POINTS, TYPED_MATRICES, Role
from gfv_sei.wording import counted

Array = NDArray[Any]
Picture = NDArray[np.float32]
Sizes = Mapping[str, int]

MOST = 2**27
"""Values of one input at most, as many as those of the largest picture: a contract can ask for any number of zeros."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What there is to feed a network with.

    current   parameters of the picture that is made, those of its GFVE message among them
    base      parameters of the base picture
    pictures  float32 [3, H, W], RGB, 0 to 1, by role; one that is not there is absent
    distances [R], from each of several base pictures to the picture that is made, in pictures
    """

    current: FaceParameters
    base: FaceParameters
    pictures: Mapping[Role, Picture]
    distances: Array | None = None


def checked_picture(picture: Picture, what: str) -> Picture:
    """The picture itself.

    Raises:
        ParameterError: it is not float32 [3, H, W].
    """
    if picture.ndim != 3 or picture.shape[0] != 3 or picture.dtype != np.float32 or picture.size == 0:
        raise ParameterError(
            f"{what} is {picture.dtype} {list(picture.shape)}", allowed="float32 [3, H, W], RGB, 0 to 1"
        )
    return np.ascontiguousarray(picture)


def value(tensor: Tensor, material: Material, sizes: Sizes) -> Array:
    """What goes into an input: an array of its shape and type, zeros for what is optional and absent.

    Raises:
        ContractError: there is nothing for it, of another size, or a number that its type cannot hold.
    """
    found = _found(tensor, material)
    shape = [size if isinstance(size, int) else sizes.get(size, 1) for size in tensor.shape]
    if found is None:
        if not tensor.optional:
            raise ContractError(f"there is nothing for input {tensor.name!r} ({tensor.role})")
        if prod(shape) > MOST:
            raise ContractError(f"input {tensor.name!r} takes {shape}, more than {MOST} values")
        return np.zeros(shape, dtype=tensor.dtype)
    if found.size != prod(shape):
        raise ContractError(f"input {tensor.name!r} takes {shape}, the message has {list(found.shape)}")
    with np.errstate(over="ignore"):
        converted = np.ascontiguousarray(found, dtype=tensor.dtype).reshape(shape)
    if tensor.role not in PICTURES and not np.isfinite(converted).all():
        raise ContractError(f"input {tensor.name!r} is {tensor.dtype}, the message has {np.abs(found).max():.6g}")
    return converted


def _found(tensor: Tensor, material: Material) -> Array | None:
    role = tensor.role
    if role in PICTURES:
        picture = material.pictures.get(role)
        return None if picture is None else _to_range(picture, tensor)
    if role == Role.PREPARED:
        return PREPARATIONS[tensor.prepare or ""](material.base, material.current)
    if role == Role.BASE_DISTANCES:
        return material.distances
    parameters = material.base if role in OF_THE_BASE else material.current
    if role in FLAT:
        parts = [_part(part, parameters) for part in tensor.parts]
        there = [part.ravel() for part in parts if part is not None]
        return np.concatenate(there) if len(there) == len(parts) else None
    if role == Role.ENHANCEMENT_MATRICES:
        untyped = [e for m in parameters.matrices if m.type is None for e in m.elements]
        index = tensor.matrix_index or 0
        return untyped[index] if index < len(untyped) else None
    if role in (Role.PUPILS, Role.BASE_PUPILS):
        return _pupils(parameters)
    return _part(tensor, parameters)


def _part(part: Tensor | Part, parameters: FaceParameters) -> Array | None:
    if part.role in POINTS:
        return parameters.keypoints
    found = () if part.matrix_type is None else parameters.of_type(part.matrix_type)
    return found[0].stacked if found else None


def _pupils(parameters: FaceParameters) -> Array | None:
    if not parameters.pupils:
        return None
    centre = np.zeros(2)
    return np.stack([parameters.pupils.get(eye, centre) for eye in ("left", "right")])


def promised(made: Array, tensor: Tensor, sizes: Sizes, rank: int | None = None) -> Array:
    """An output as it came out.

    Args:
        made: its values.
        tensor: what the contract says of it. A graph may leave its sizes open, so they are known only now.
        sizes: those of the letters that the inputs have; other letters may be anything.
        rank: all sizes before the last ``rank`` are to be 1.

    Raises:
        ContractError: it is of another shape, or empty.
    """
    wanted: list[int | str] = [sizes.get(size, size) if isinstance(size, str) else size for size in tensor.shape]
    if rank is not None:
        wanted[:-rank] = [1] * (len(wanted) - rank)
    agree = len(wanted) == made.ndim and all(
        isinstance(b, str) or a == b for a, b in zip(made.shape, wanted, strict=True)
    )
    if not agree or not made.size:
        shape = ", ".join(map(str, wanted))
        raise ContractError(f"output {tensor.name!r} came out as {list(made.shape)}, the contract says [{shape}]")
    return made


def parameters_from(
    tensors: Iterable[Tensor], made: Mapping[str, Array], rest: FaceParameters, sizes: Sizes
) -> FaceParameters:
    """Parameters out of a network's outputs.

    Args:
        tensors: outputs; those of other roles than keypoints, matrices and flat parameters are passed over.
        made: their values by name.
        rest: where pupils, GFVE matrices and whatever no output makes come from.
        sizes: as of `promised`.

    Raises:
        ContractError: an output is not of the shape that the contract says, or of the size that its parts make up.
    """
    keypoints = rest.keypoints
    matrices: dict[int | None, Matrices] = {}
    for tensor in tensors:
        if tensor.name not in made:
            continue
        whole = promised(made[tensor.name], tensor, sizes, 2 if tensor.role in POINTS else None)
        for part, array in _taken_apart(tensor, whole):
            if part.role in POINTS:
                keypoints = array.reshape(array.shape[-2:]).astype(np.float64)
            elif part.role in TYPED_MATRICES:
                stack = array.reshape(stacked(array.shape)).astype(np.float64)
                matrices[part.matrix_type] = Matrices(part.matrix_type, tuple(stack))
    others = [m for m in rest.matrices if m.type not in matrices]
    return replace(rest, keypoints=keypoints, matrices=(*matrices.values(), *others))


def _taken_apart(tensor: Tensor, array: Array) -> Iterable[tuple[Tensor | Part, Array]]:
    if tensor.role not in FLAT:
        return [(tensor, array)]
    flat = array.ravel()
    found: list[tuple[Tensor | Part, Array]] = []
    at = 0
    for part in tensor.parts:
        if not all(isinstance(size, int) for size in part.shape):
            raise ContractError(f"output {tensor.name!r} has a part of open size {list(part.shape)}")
        shape = [int(size) for size in part.shape]
        if at + prod(shape) > flat.size:
            break
        found.append((part, flat[at : at + prod(shape)].reshape(shape)))
        at += prod(shape)
    if at != flat.size or len(found) < len(tensor.parts):
        raise ContractError(
            f"output {tensor.name!r} has {counted(flat.size, 'value')}, its parts make up another number"
        )
    return found


def picture_from(made: Array, tensor: Tensor, sizes: Sizes) -> Picture:
    """A picture of the network as float32 [3, H, W], RGB, 0 to 1.

    Raises:
        ContractError: as `promised`.
        ModelError: it holds infinities or values that are no numbers.
    """
    made = promised(made, tensor, sizes, 3)
    if not np.isfinite(made).all():
        raise ModelError(f"the network's output {tensor.name!r} holds infinities or values that are no numbers")
    planes = made.reshape(made.shape[-3:])
    low, high = tensor.value_range or (0.0, 1.0)
    if (low, high) != (0.0, 1.0):
        planes = (planes - low) / (high - low)
    if tensor.colour == "BGR":
        planes = planes[::-1]
    return np.ascontiguousarray(planes, dtype=np.float32)


def _to_range(picture: Picture, tensor: Tensor) -> Array:
    """A picture of 0 to 1 in RGB to what the network knows."""
    planes = picture[::-1] if tensor.colour == "BGR" else picture
    low, high = tensor.value_range or (0.0, 1.0)
    return planes if (low, high) == (0.0, 1.0) else planes * np.float32(high - low) + np.float32(low)
