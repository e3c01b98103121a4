"""Comparing a contract with the graph that it came with, and with the stream that it is for.

Both comparisons are made as a whole and before the first picture: whoever has to mend something gets the
complete list, and a stream of a thousand pictures does not fail at the nine hundredth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from generators.contract import Contract, Part, Tensor
from generators.errors import ContractError, Mismatch
from generators.parameters import FaceParameters
from generators.preparations import PREPARATIONS
from generators.roles import FLAT, OF_THE_BASE, PICTURES, POINTS, TYPED_MATRICES, Role, Shape, without_batch
from gfv_sei.wording import counted


@dataclass(frozen=True)
class Port:
    """An input or output as the graph has it: a size that is open is a text."""

    name: str
    shape: Shape
    dtype: str


@dataclass(frozen=True)
class StreamFacts:
    """What a stream carries, as far as networks care.

    height, width  of the base picture in pixels
    keypoints      gfv_num_kps_minus1 + 1; None: no message has coordinates
    dimensions     2, or 3 where gfv_coordinate_z_present_flag is 1
    matrices       (type, number, rows, columns) of each coded type
    enhancement    (rows, columns) of each GFVE matrix
    pupils         whether GFVE messages carry pupils
    fusion         whether gfv_fusion_pic_flag is 1; None: not known yet, as at a base message
    """

    height: int
    width: int
    keypoints: int | None = None
    dimensions: int = 2
    matrices: tuple[tuple[int, int, int, int], ...] = ()
    enhancement: tuple[tuple[int, int], ...] = ()
    pupils: bool = False
    fusion: bool | None = False

    @classmethod
    def of(cls, parameters: FaceParameters, height: int, width: int, *, fusion: bool | None = False) -> StreamFacts:
        """The facts of a stream whose messages are all like this one (of the base picture, usually)."""
        points = parameters.keypoints
        typed = [(m.type, *m.stacked.shape) for m in parameters.matrices if m.type is not None]
        return cls(
            height=height,
            width=width,
            keypoints=None if points is None else points.shape[0],
            dimensions=2 if points is None else points.shape[1],
            matrices=tuple((t, n, rows, columns) for t, n, rows, columns in typed),
            enhancement=tuple(
                (e.shape[0], e.shape[1]) for m in parameters.matrices if m.type is None for e in m.elements
            ),
            pupils=bool(parameters.pupils),
            fusion=fusion,
        )


def check_graph(contract: Contract, inputs: Sequence[Port], outputs: Sequence[Port], *, base: bool = False) -> None:
    """Compare a contract with a graph; ``base`` picks the base graph's half of the contract.

    Raises:
        ContractError: with every mismatch.
    """
    half = contract.base if base else contract
    assert half is not None
    found = [
        *_ports("input", half.inputs, inputs),
        *_ports("output", half.outputs, outputs),
    ]
    found += [
        Mismatch(f"input {t.name!r}", f"asks for the preparation {t.prepare!r}", f"there are {', '.join(PREPARATIONS)}")
        for t in half.inputs
        if t.prepare is not None and t.prepare not in PREPARATIONS
    ]
    if base:
        taken = {t.name for t in contract.inputs}
        expected = "the main graph has no input of that name"
        found += [
            Mismatch(f"base output {t.name!r}", "made", expected)
            for t in half.outputs
            if t.name not in taken and t.role not in OF_THE_BASE
        ]
    elif contract.base is None:
        expected = "there is no base graph to make it"
        found += [
            Mismatch(f"input {t.name!r}", "a base_feature", expected)
            for t in contract.inputs
            if t.role == Role.BASE_FEATURE
        ]
    if not base:
        found += _reference_mismatches(contract, inputs)
    if found:
        raise ContractError(f"the contract of {contract.name!r} does not describe its graph", found)


def _reference_mismatches(contract: Contract, inputs: Sequence[Port]) -> Iterator[Mismatch]:
    """Where a graph takes a fixed number of base pictures, and the contract another one or several."""
    graph = {port.name: port.shape[:1] for port in inputs}
    for tensor in contract.inputs:
        if not contract.of_each_reference(tensor) or contract.references is None:
            continue
        size = contract.sizes[contract.references]
        for number in graph.get(tensor.name, ()):
            if isinstance(number, int) and not size.min == number == size.max:
                subject = f"input {tensor.name!r}"
                yield Mismatch(subject, f"the graph has {number} base pictures", f"the contract says {size}")


def _ports(what: str, promised: Sequence[Tensor], real: Sequence[Port]) -> Iterator[Mismatch]:
    graph = {port.name: port for port in real}
    for tensor in promised:
        port = graph.pop(tensor.name, None)
        subject = f"{what} {tensor.name!r}"
        if port is None:
            yield Mismatch(subject, f"the graph has no such {what}", f"the contract gives it role {tensor.role}")
            continue
        if port.dtype != tensor.dtype:
            yield Mismatch(subject, f"the graph has {port.dtype}", f"the contract says {tensor.dtype}")
        if port.shape == () and what == "output":
            continue  # onnxruntime's word for a rank that it cannot tell; `feeding.promised` sees what comes out
        # Outputs of open shape come without names for their sizes.
        pairs = list(zip(port.shape, tensor.shape, strict=False))
        if len(port.shape) != len(tensor.shape) or any(
            isinstance(a, int) and isinstance(b, int) and a != b for a, b in pairs
        ):
            yield Mismatch(
                subject,
                f"the graph has shape {_text(port.shape)}",
                f"the contract says {_text(tensor.shape)}",
            )
    for name, port in graph.items():
        yield Mismatch(f"{what} {name!r}", f"the graph has it, {_text(port.shape)}", "the contract does not know it")


def check_stream(contract: Contract, facts: StreamFacts, *, provided: Iterable[str] = ()) -> dict[str, int]:
    """Compare a contract with a stream.

    Args:
        contract: of the network.
        facts: of the stream.
        provided: names of inputs that do not come out of the stream but out of the base graph.

    Returns:
        The value of each size left open that the stream determines.

    Raises:
        ContractError: with every mismatch.
    """
    found, sizes = mismatches(contract, facts, provided=provided)
    if found:
        raise ContractError(f"the network {contract.name!r} does not fit the stream", found)
    return sizes


def mismatches(
    contract: Contract, facts: StreamFacts, *, provided: Iterable[str] = ()
) -> tuple[list[Mismatch], dict[str, int]]:
    """What `check_stream` would raise, and the sizes as far as the stream determines them."""
    checker = _StreamChecker(contract, facts)
    given = set(provided)
    tensors = [contract.of_one_reference(t) for t in contract.inputs if t.name not in given]
    if contract.base is not None:
        tensors += contract.base.inputs
    for tensor in tensors:
        checker.tensor(tensor)
    return checker.found, checker.sizes


def translated(contract: Contract, facts: StreamFacts, sizes: Mapping[str, int]) -> StreamFacts:
    """The facts of a stream behind a TranslatorNN; ``sizes`` are those that its inputs determine.

    Coordinates and matrices are those of its outputs, sizes that are still open count as 1; the rest stays.
    """

    def whole(shape: Shape) -> list[int]:
        return [size if isinstance(size, int) else sizes.get(size, 1) for size in shape]

    number: int | None = None
    dimensions = 2
    matrices: list[tuple[int, int, int, int]] = []
    for role, shape, matrix_type in _delivered(contract.outputs):
        if role in POINTS:
            number, dimensions = whole(without_batch(shape, 2))
        elif matrix_type is not None:
            matrices.append((matrix_type, *stacked(whole(shape))))
    return replace(facts, keypoints=number, dimensions=dimensions, matrices=tuple(matrices))


def _delivered(outputs: Iterable[Tensor]) -> Iterator[tuple[Role, Shape, int | None]]:
    """Keypoints and matrices of outputs, those in flat vectors too."""
    for tensor in outputs:
        parts: Sequence[Tensor | Part] = tensor.parts if tensor.role in FLAT else (tensor,)
        yield from ((part.role, part.shape, part.matrix_type) for part in parts)


def stacked(shape: Sequence[int]) -> tuple[int, int, int]:
    """A shape of matrices as number, rows, columns: a vector is one row, a batch and a row are one as well."""
    rows, columns = (1, 1, *shape)[-2:]
    return prod(shape[:-2]), rows, columns


class _StreamChecker:
    """Walks the inputs, gathers mismatches and the sizes that letters stand for."""

    def __init__(self, contract: Contract, facts: StreamFacts) -> None:
        self.contract = contract
        self.facts = facts
        self.found: list[Mismatch] = []
        self.sizes: dict[str, int] = {}
        self.first: dict[str, str] = {}

    def add(self, subject: str, found: str, expected: str) -> None:
        mismatch = Mismatch(subject, found, expected)
        if mismatch not in self.found:
            self.found.append(mismatch)

    def size(self, wanted: int | str, real: int, subject: str, found: str, unit: str, shift: int = 0) -> None:
        """One size, ``real`` in the stream, ``wanted`` by the contract; ``shift``: 1 for ..._minus1."""
        if isinstance(wanted, int):
            if wanted != real:
                self.add(subject, found, f"the network takes {wanted} {unit}{_as_coded(wanted, shift)}")
            return
        allowed = self.contract.sizes.get(wanted)
        if allowed is not None and not allowed.admits(real):
            coded = _as_coded(allowed.min, shift) if allowed.min == allowed.max else ""
            self.add(subject, found, f"the network takes {allowed} {unit}{coded}")
        elif self.sizes.setdefault(wanted, real) != real:
            self.add(subject, found, f"{self.first[wanted]} makes {wanted} = {self.sizes[wanted]}")
        self.first.setdefault(wanted, subject)

    def tensor(self, tensor: Tensor) -> None:
        role, label = tensor.role, f"input {tensor.name!r}"
        if role in PICTURES:
            self.picture(tensor)
        elif role in POINTS:
            self.points(without_batch(tensor.shape, 2), label, tensor.optional)
        elif role in TYPED_MATRICES:
            self.matrices(tensor.matrix_type, tensor.shape, label, tensor.optional)
        elif role in FLAT:
            self.flat(tensor, label)
        elif role == Role.PREPARED:
            self.prepared(tensor, label)
        elif role in (Role.PUPILS, Role.BASE_PUPILS):
            if not self.facts.pupils and not tensor.optional:
                self.add("gfve_pupil_coordinate_present_idx", "no pupils in the stream", f"{label} takes them")
        elif role == Role.ENHANCEMENT_MATRICES:
            self.enhancement(tensor, label)

    def picture(self, tensor: Tensor) -> None:
        if tensor.role == Role.CODED_PICTURE and self.facts.fusion is False and not tensor.optional:
            self.add("gfv_fusion_pic_flag", "0", f"input {tensor.name!r} takes the decoded driving picture")
        _, height, width = without_batch(tensor.shape, 3)
        self.size(height, self.facts.height, "picture height", str(self.facts.height), "rows")
        self.size(width, self.facts.width, "picture width", str(self.facts.width), "columns")

    def points(self, shape: Shape, label: str, optional: bool) -> None:
        number = self.facts.keypoints
        if number is None:
            if not optional:
                self.add("gfv_coordinate_present_flag", "no coordinates in the stream", f"{label} takes keypoints")
            return
        wanted, dimensions = shape
        self.size(wanted, number, "gfv_num_kps_minus1", f"{number - 1}, {counted(number, 'keypoint')}", "keypoints", 1)
        has_z = self.facts.dimensions == 3
        found = "1, coordinates are x, y, z" if has_z else "0, coordinates are x, y"
        self.size(dimensions, self.facts.dimensions, "gfv_coordinate_z_present_flag", found, "coordinates per point")

    def matrices(self, number: int | None, shape: Shape, label: str, optional: bool) -> None:
        real = [m for m in self.facts.matrices if m[0] == number]
        subject = f"gfv_matrix_type_idx {number}"
        if not real:
            if not optional:
                there = ", ".join(str(m[0]) for m in self.facts.matrices)
                found = f"the stream has matrices of type {there} only" if there else "the stream has no matrices"
                self.add(subject, found, f"{label} takes matrices of type {number}")
            return
        if len(real) > 1:
            self.add(subject, f"stands {len(real)} times in a message", f"{label} takes one set of matrices")
            return
        sizes = real[0][1:]
        inner = without_batch(shape, 3)
        if len(inner) == 3 and any(isinstance(size, str) for size in inner):
            names = ("number of matrices", "gfv_matrix_height_minus1", "gfv_matrix_width_minus1")
            units = ("matrices", "rows", "columns")
            for wanted, size, name, unit in zip(inner, sizes, names, units, strict=True):
                shift = int(name.endswith("_minus1"))
                self.size(wanted, size, f"{name} of type {number}", str(size - shift), unit, shift)
        elif not fits(shape, prod(sizes)):
            self.add(
                f"size of the matrices of type {number}",
                f"{sizes[0]} of {sizes[1]}x{sizes[2]}",
                f"{label} takes {_text(shape)}",
            )

    def flat(self, tensor: Tensor, label: str) -> None:
        for part in tensor.parts:
            if part.role in POINTS:
                self.points(part.shape, label, tensor.optional)
            else:
                self.matrices(part.matrix_type, part.shape, label, tensor.optional)

    def prepared(self, tensor: Tensor, label: str) -> None:
        preparation = PREPARATIONS.get(tensor.prepare or "")
        group = 1 if preparation is None else preparation.group
        number = self.facts.keypoints
        if number is None:
            self.points(("", 2), label, tensor.optional)
        elif number % group:
            wanted = f"{label} is prepared from groups of {group}"
            self.add("gfv_num_kps_minus1", f"{number - 1}, {counted(number, 'keypoint')}", wanted)

    def enhancement(self, tensor: Tensor, label: str) -> None:
        index = tensor.matrix_index
        assert index is not None
        if index >= len(self.facts.enhancement):
            if not tensor.optional:
                there = len(self.facts.enhancement)
                self.add(
                    "gfve_num_matrices_minus1",
                    counted(there, "matrix", "matrices"),
                    f"{label} takes matrix {index}",
                )
            return
        names = (f"gfve_matrix_height_minus1[ {index} ]", f"gfve_matrix_width_minus1[ {index} ]")
        inner = without_batch(tensor.shape, 2)
        if len(inner) != 2:
            self.add(names[0], "a matrix", f"{label} takes {_text(tensor.shape)}")
            return
        for wanted, size, name, unit in zip(
            inner, self.facts.enhancement[index], names, ("rows", "columns"), strict=True
        ):
            self.size(wanted, size, name, str(size - 1), unit, 1)


def fits(shape: Shape, values: int) -> bool:
    """Whether so many values fill a shape: types without a meaning of their own are told by their total."""
    return all(isinstance(size, int) for size in shape) and prod(int(size) for size in shape) == values


def _as_coded(value: int, shift: int) -> str:
    return f" (coded as {value - 1})" if shift else ""


def _text(shape: Shape) -> str:
    return "[" + ", ".join(map(str, shape)) + "]"
