"""The contract of a network: what each of its inputs and outputs is, in a form that can travel with it.

The contract is JSON, kept in an ONNX file's metadata under `METADATA_KEY`, or, for a file made by somebody
else, in ``MODEL.json`` beside ``MODEL.onnx``. It looks like this::

    {"format": "gfv-network-contract", "version": 1,
     "name": "fomm-256", "network": "GenerativeNN",
     "variant": {"align_corners": false, "first_order": true},
     "sizes": {"K": {"min": 10, "max": 10}, "H": {"min": 256, "max": 256}, "W": {"min": 256, "max": 256}},
     "inputs": [
       {"name": "picture", "role": "base_picture", "shape": [1, 3, "H", "W"], "colour": "RGB"},
       {"name": "kp_source", "role": "base_keypoints", "shape": [1, "K", 2], "convention": "centres"},
       {"name": "jacobian", "role": "matrices", "matrix_type": 0, "shape": [1, "K", 2, 2]}, ...],
     "outputs": [{"name": "prediction", "role": "generated_picture", "shape": [1, 3, "H", "W"], ...}]}

Letters in a shape are sizes left open; the same letter is the same size wherever it stands. ``sizes`` says
what they may be, and `Size.multiple` of what: a network that halves its picture five times takes multiples
of 32.

**Three networks at the decoder.** A GenerativeNN makes the picture. A TranslatorNN stands before it and turns the
parameters of the stream into those that it takes: parameters in, parameters out. An EnhancerNN stands behind it: the
generated picture and what the GFVE message says in, a better picture out. `roles.TAKES` says which roles feed which.

**One at the encoder.** An AnalysisNN turns a picture into the parameters that are sent for it. H.274 says nothing of
encoders and has no name for it; this one is ours. Its outputs have the shapes that messages have (a set of matrices is
[1, number, rows, columns]), and ``bits`` says how finely they are coded. The contract of a GenerativeNN can name the
file of its AnalysisNN, ``analysis``; decoders never open it.

**Two graphs.** Much of a network's work depends on the base picture alone. A model may put that into a
graph of its own, ``base``, which is run once per base picture; its outputs are inputs of the main graph of
the same name, such as features (role ``base_feature``), or base parameters where the analysis network is
part of it. An AnalysisNN may have one too: FV2V finds points in the base picture that it goes on moving.

**Several base pictures.** A GenerativeNN may look at the latest base pictures of a face and not at the last one only.
``references`` is then the letter of the size that is their number; inputs of the main graph whose shape begins with it
get what belongs to each of them, the oldest first, and the size's ``max`` says how many decoders keep. Where there are
fewer than its ``min``, as at the start of a stream, the oldest is repeated. The base graph is run for one at a time. ::

    {"references": "R", "sizes": {"R": {"min": 1, "max": 4}, ...},
     "inputs": [{"name": "features", "role": "base_feature", "shape": ["R", 256, 64, 64]},
                {"name": "kp_source", "role": "base_keypoints", "shape": ["R", 10, 2]},
                {"name": "ages", "role": "base_distances", "shape": ["R"]}, ...], ...}

**Preparations.** What a graph cannot compute well, such as the solution of a spline, is computed outside, in
float64: an input of role ``prepared`` names the preparation (`preparations.PREPARATIONS`) that makes it.

**Reading is strict.** An unknown key is an error, not a remark: a misspelt ``value_range`` passed over in
silence would give wrong pictures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from generators.errors import ContractError
from generators.roles import POINTS, TYPED_MATRICES, Network, Role, Shape
from generators.soundness import problems_of

METADATA_KEY = "gfv.contract"
FORMAT = "gfv-network-contract"
VERSION = 1

DTYPES = ("float32", "float16", "float64")
COLOURS = ("RGB", "BGR")
CONVENTIONS = ("edges", "centres")


@dataclass(frozen=True)
class Size:
    """What a size left open may be: ``min`` to ``max``, and a multiple of ``multiple``."""

    min: int = 1
    max: int = 2**31 - 1
    multiple: int = 1

    def admits(self, value: int) -> bool:
        """Whether ``value`` is such a size."""
        return self.min <= value <= self.max and value % self.multiple == 0

    def __str__(self) -> str:
        text = str(self.min) if self.min == self.max else f"{self.min} to {self.max}"
        return text if self.multiple == 1 else f"{text}, a multiple of {self.multiple}"


@dataclass(frozen=True)
class Part:
    """One stretch of a flat vector of parameters: keypoints, or the matrices of a type, row by row."""

    role: Role
    shape: Shape
    matrix_type: int | None = None


@dataclass(frozen=True)
class Tensor:
    """One input or output.

    name          in the graph
    role          what it is
    shape         numbers, and letters for sizes left open; a leading 1 is the batch
    dtype         ``float32``, ``float16`` or ``float64``
    value_range   of pictures: what black and white are; None: 0 and 1
    colour        of pictures: order of the three planes, ``RGB`` or ``BGR``; None: RGB
    convention    of keypoints: where -1 and 1 lie, at the ``edges`` of the picture (H.274) or at the
                  ``centres`` of its outermost pixels; numbers pass unchanged either way, as encoder and
                  decoder use one network
    matrix_type   of matrices: gfv_matrix_type_idx
    matrix_index  of enhancement matrices: which one of the GFVE message
    parts         of flat parameters: what stands in the vector, in order
    prepare       of prepared inputs: the name of the preparation
    optional      may be absent from the stream; the network then gets zeros
    """

    name: str
    role: Role
    shape: Shape
    dtype: str = "float32"
    value_range: tuple[float, float] | None = None
    colour: str | None = None
    convention: str | None = None
    matrix_type: int | None = None
    matrix_index: int | None = None
    parts: tuple[Part, ...] = ()
    prepare: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class BaseGraph:
    """The graph that is run once per base picture: a file beside the main one, and what it takes and gives.

    ``file`` is a bare name in the same folder. ``sha256`` of that file, where given, is checked.
    """

    file: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    sha256: str | None = None


@dataclass(frozen=True)
class AnalysisGraph:
    """Where the AnalysisNN of a GenerativeNN is: a model file of its own, with a contract of its own.

    ``file`` is a bare name in the same folder. ``sha256`` of that file, where given, is checked.
    """

    file: str
    sha256: str | None = None


@dataclass(frozen=True)
class Contract:
    """What a network takes and gives.

    name        of the model, for people
    network     TranslatorNN, GenerativeNN, EnhancerNN or AnalysisNN
    inputs      of the main graph; with ``outputs``, everything that the graph has
    sizes       what the letters in shapes may be; a letter that is not there may be anything from 1 up
    references  of a GenerativeNN that takes several base pictures: the letter of their number; None: it takes one
    base        the graph to run once per base picture, if there is one
    analysis    of a GenerativeNN: where the network is that makes its parameters, for encoders
    bits        of an AnalysisNN: of the fraction that its parameters are coded with, 1 to 32; None: it does not say
    variant     settings that the file was made with, for people and for exporters; nothing here acts on them
    licence     of the weights
    source      where they come from
    """

    name: str
    network: Network
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    references: str | None = None
    base: BaseGraph | None = None
    analysis: AnalysisGraph | None = None
    bits: int | None = None
    variant: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    summary: str = ""
    licence: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        problems = "; ".join(problems_of(self))
        if problems:
            raise ContractError(problems)

    def output(self, role: Role) -> Tensor:
        """The output of this role.

        Raises:
            ContractError: there is none.
        """
        for tensor in self.outputs:
            if tensor.role == role:
                return tensor
        raise ContractError(f"the network {self.name!r} has no output of role {role}")

    @property
    def most_references(self) -> int:
        """How many base pictures the network takes at once, at most."""
        return 1 if self.references is None else self.sizes[self.references].max

    def of_each_reference(self, tensor: Tensor) -> bool:
        """Whether an input of the main graph holds something of each of several base pictures."""
        return self.references is not None and tensor.shape[:1] == (self.references,)

    def of_one_reference(self, tensor: Tensor) -> Tensor:
        """An input of the main graph as it is for one base picture."""
        return replace(tensor, shape=(1, *tensor.shape[1:])) if self.of_each_reference(tensor) else tensor

    def tensors(self) -> Iterator[Tensor]:
        """All inputs and outputs, those of the base graph too."""
        yield from self.inputs
        yield from self.outputs
        if self.base is not None:
            yield from self.base.inputs
            yield from self.base.outputs

    def to_json(self) -> str:
        """As JSON text, what has its default left out."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "network": str(self.network),
        }
        for key in ("summary", "licence", "source"):
            if getattr(self, key):
                data[key] = getattr(self, key)
        if self.variant:
            data["variant"] = dict(self.variant)
        if self.sizes:
            data["sizes"] = {name: vars(size) for name, size in self.sizes.items()}
        if self.references is not None:
            data["references"] = self.references
        data["inputs"] = [_tensor_to(t) for t in self.inputs]
        data["outputs"] = [_tensor_to(t) for t in self.outputs]
        if self.base is not None:
            data["base"] = {
                "file": self.base.file,
                "inputs": [_tensor_to(t) for t in self.base.inputs],
                "outputs": [_tensor_to(t) for t in self.base.outputs],
            }
            if self.base.sha256 is not None:
                data["base"]["sha256"] = self.base.sha256
        if self.analysis is not None:
            data["analysis"] = {key: value for key, value in vars(self.analysis).items() if value is not None}
        if self.bits is not None:
            data["bits"] = self.bits
        return json.dumps(data, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes, *, where: str = "the contract") -> Contract:
        """From JSON text.

        Args:
            text: what `to_json` writes.
            where: what to call it in errors, such as the file's name.

        Raises:
            ContractError: it is not JSON, not of this form, or of a later version.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ContractError(f"{where} is not JSON: {error}") from error
        try:
            return _contract_from(_Reader(data, where))
        except ContractError as error:
            if error.reason.startswith(where):
                raise
            raise ContractError(f"{where}: {error.reason}") from error


def _tensor_to(tensor: Tensor | Part) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in vars(tensor).items():
        if key == "parts":
            if value:
                data[key] = [_tensor_to(part) for part in value]
        elif key == "dtype" or (value is not None and value is not False):
            data[key] = list(value) if isinstance(value, tuple) else value
    return data


class _Reader:
    """A JSON object whose keys are taken one by one; whatever is left over at the end is an error."""

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        if not isinstance(data, dict):
            raise ContractError(f"{where} is not an object")
        self.data = dict(data)

    def fail(self, key: str, wanted: str) -> NoReturn:
        raise ContractError(f"{self.where}: {key!r} is not {wanted}")

    def take(self, key: str, kind: type | tuple[type, ...], wanted: str, default: Any = ...) -> Any:
        if key not in self.data:
            if default is ...:
                raise ContractError(f"{self.where} lacks {key!r}")
            return default
        value = self.data.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fail(key, wanted)
        return value

    def text(self, key: str, default: Any = ...) -> Any:
        return self.take(key, str, "text", default)

    def integer(self, key: str, low: int, high: int, default: Any = ...) -> Any:
        value = self.take(key, int, "an integer", default)
        if value is not default and not low <= value <= high:
            self.fail(key, f"between {low} and {high}")
        return value

    def choice(self, key: str, among: Sequence[str], default: Any = ...) -> Any:
        value = self.text(key, default)
        if value is not default and value not in among:
            self.fail(key, f"one of {', '.join(among)}")
        return value

    def objects(self, key: str, default: Any = ...) -> list[_Reader]:
        values = self.take(key, list, "a list", default)
        return [_Reader(value, f"{self.where}: {key}[{i}]") for i, value in enumerate(values)]

    def inner(self, key: str, default: Any = ...) -> _Reader | None:
        value = self.take(key, dict, "an object", default)
        return None if value is None else _Reader(value, f"{self.where}: {key}")

    def done(self) -> None:
        if self.data:
            raise ContractError(f"{self.where} has unknown keys: {', '.join(map(repr, sorted(self.data)))}")


def _shape_from(reader: _Reader) -> Shape:
    shape = reader.take("shape", list, "a list")
    for size in shape:
        if isinstance(size, str):
            if not re.fullmatch(r"[A-Za-z_]\w*", size, re.ASCII):
                reader.fail("shape", "made of numbers and names")
        elif isinstance(size, bool) or not isinstance(size, int) or size < 1:
            reader.fail("shape", "made of numbers from 1 up and names")
    return tuple(shape)


def _part_from(reader: _Reader) -> Part:
    part = Part(
        role=Role(reader.choice("role", [*POINTS, *TYPED_MATRICES])),
        shape=_shape_from(reader),
        matrix_type=reader.integer("matrix_type", 0, 63, None),
    )
    reader.done()
    return part


def _tensor_from(reader: _Reader) -> Tensor:
    value_range = reader.take("value_range", list, "a list", None)
    if value_range is not None:
        numbers = [v for v in value_range if isinstance(v, int | float) and not isinstance(v, bool)]
        # The comparison also refuses not-a-number; JSON as Python reads it has that, and infinity.
        if len(value_range) != 2 or len(numbers) != 2 or not -1e6 <= numbers[0] < numbers[1] <= 1e6:
            reader.fail("value_range", "two numbers, the smaller first")
        value_range = (float(value_range[0]), float(value_range[1]))
    tensor = Tensor(
        name=reader.text("name"),
        role=Role(reader.choice("role", list(Role))),
        shape=_shape_from(reader),
        dtype=reader.choice("dtype", DTYPES, "float32"),
        value_range=value_range,
        colour=reader.choice("colour", COLOURS, None),
        convention=reader.choice("convention", CONVENTIONS, None),
        matrix_type=reader.integer("matrix_type", 0, 63, None),
        matrix_index=reader.integer("matrix_index", 0, 1023, None),
        parts=tuple(_part_from(part) for part in reader.objects("parts", [])),
        prepare=reader.text("prepare", None),
        optional=reader.take("optional", bool, "true or false", False),
    )
    reader.done()
    return tensor


def _tensors_from(reader: _Reader, key: str) -> tuple[Tensor, ...]:
    return tuple(_tensor_from(entry) for entry in reader.objects(key))


def _contract_from(reader: _Reader) -> Contract:
    if reader.text("format") != FORMAT:
        reader.fail("format", repr(FORMAT))
    version = reader.integer("version", 1, 2**31)
    if version > VERSION:
        raise ContractError(f"{reader.where} is of version {version}, this program knows versions up to {VERSION}")
    sizes = {}
    listed = reader.inner("sizes", None)
    for name in list(listed.data) if listed else ():
        assert listed is not None
        entry = listed.inner(name)
        assert entry is not None
        top = 2**31 - 1
        sizes[name] = Size(
            entry.integer("min", 1, top, 1),
            entry.integer("max", 1, top, top),
            entry.integer("multiple", 1, top, 1),
        )
        entry.done()
    base = None
    graph = reader.inner("base", None)
    if graph is not None:
        base = BaseGraph(
            file=graph.text("file"),
            inputs=_tensors_from(graph, "inputs"),
            outputs=_tensors_from(graph, "outputs"),
            sha256=graph.text("sha256", None),
        )
        graph.done()
    analysis = None
    beside = reader.inner("analysis", None)
    if beside is not None:
        analysis = AnalysisGraph(file=beside.text("file"), sha256=beside.text("sha256", None))
        beside.done()
    variant = reader.take("variant", dict, "an object", {})
    if not all(isinstance(v, str | int | float | bool) for v in variant.values()):
        reader.fail("variant", "an object of text, numbers, true and false")
    contract = Contract(
        name=reader.text("name"),
        network=Network(reader.choice("network", list(Network))),
        inputs=_tensors_from(reader, "inputs"),
        outputs=_tensors_from(reader, "outputs"),
        sizes=sizes,
        references=reader.text("references", None),
        base=base,
        analysis=analysis,
        bits=reader.integer("bits", 1, 32, None),
        variant=variant,
        summary=reader.text("summary", ""),
        licence=reader.text("licence", ""),
        source=reader.text("source", ""),
    )
    reader.done()
    return contract
