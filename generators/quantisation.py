"""Models with smaller numbers: 16-bit floating point, and 8-bit integers calibrated on pictures.

Both graphs of a model are converted, its inputs and outputs stay float32, and its contract goes along; what was done
is in the contract's ``variant`` under ``precision``.

*fp16* halves the file. On a CPU without arithmetic of that size it does not save time.

*int8* is static and in the form of quantise-dequantise pairs (QDQ): weights per channel, activations per tensor, their
ranges found by running the float model on real pictures. Convolutions only: what moves things about, the field, the
sampling, the shares, stays as it is. A last convolution can be left in float by name. Dynamic quantisation is not
offered: it is slower than float.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from generators.errors import ModelError
from generators.feeding import Picture
from generators.model_file import ModelFile, with_contract
from generators.observed import Feeds, ObservedGenerator
from generators.parameters import FaceParameters
from generators.quality import psnr
from generators.runtime import Generator
from gfv_sei.wording import first_line

TINY, HUGE = 1e-7, 6e4
"""Weights are clipped to what fp16 holds."""


@dataclass(frozen=True, eq=False)
class Example:
    """A base picture with its parameters, and parameters of pictures to make of it.

    base        float32 [3, H, W], RGB, 0 to 1
    parameters  of the base picture
    currents    of others of the same clip
    coded       these others as they are decoded, one for each of ``currents``, where the network takes them
    """

    base: Picture
    parameters: FaceParameters
    currents: Sequence[FaceParameters]
    coded: Sequence[Picture] = ()

    def part(self, pictures: slice) -> Example:
        """Of the same base picture these of the others."""
        return replace(self, currents=self.currents[pictures], coded=self.coded[pictures])

    def made_by(self, generator: Generator) -> Iterator[Picture]:
        """The pictures, one after the other."""
        generator.set_base(self.base, self.parameters, fusion=bool(self.coded))
        for current, coded in zip_longest(self.currents, self.coded):
            yield generator.generate(current, coded_picture=coded)


def to_fp16(model: ModelFile, *, name: str | None = None) -> ModelFile:
    """The model with 16-bit weights.

    They are stored as such and widened on loading, so every runtime runs them, at the speed of float32, and pictures
    differ only by the rounding of weights. ``name`` is that of the new model; by default the old one and ``-fp16``.
    """
    return _with(model, _narrow(model.main), None if model.base is None else _narrow(model.base), "fp16", name)


def to_int8(
    model: ModelFile,
    examples: Iterable[Example],
    *,
    in_float: Collection[str] = (),
    threads: int = 1,
    name: str | None = None,
) -> ModelFile:
    """The model with 8-bit convolutions.

    Args:
        model: with float32 weights.
        examples: to calibrate on; a few dozen pictures of several faces.
        in_float: names of convolutions, or beginnings of names, that stay in float: those that make places or shares.
        threads: of onnxruntime.
        name: of the new model; by default the old one and ``-int8``.

    Raises:
        ModelError: there is no example, or onnxruntime cannot quantise the graph.
        ContractError: an example does not fit the contract.
    """
    recorded = _recorded(model, examples, threads)
    if not recorded["main"]:
        raise ModelError("there is nothing to calibrate on: no example has a current picture")
    main = _static(model.main, recorded["main"], in_float, model.name)
    base = None if model.base is None else _static(model.base, recorded["base"], in_float, model.name)
    return _with(model, main, base, "int8", name)


def agreement(one: ModelFile, other: ModelFile, examples: Iterable[Example], *, threads: int = 1) -> list[float]:
    """PSNR in dB between what two models make of the same input, one value per picture."""
    found = []
    generators = [Generator(model, threads=threads) for model in (one, other)]
    for example in examples:
        pairs = zip(*(example.made_by(generator) for generator in generators), strict=True)
        found += [psnr(first, second) for first, second in pairs]
    return found


def _recorded(model: ModelFile, examples: Iterable[Example], threads: int) -> dict[str, list[Feeds]]:
    """What goes into the main and the base graph."""
    recorded: dict[str, list[Feeds]] = {"main": [], "base": []}
    generator = ObservedGenerator(model, threads=threads)
    generator.heard = lambda graph, feeds: recorded[graph].append(feeds)
    for example in examples:
        for _ in example.made_by(generator):
            pass
    return recorded


def _narrow(data: bytes) -> bytes:
    """Weights of convolutions and products as fp16, each behind a Cast."""
    model = onnx.load_model_from_string(data)
    graph = model.graph
    weights = {
        port for node in graph.node if node.op_type in ("Conv", "ConvTranspose", "Gemm") for port in node.input[1:]
    }
    casts = []
    for tensor in graph.initializer:
        if tensor.name in weights and tensor.data_type == TensorProto.FLOAT:
            values = numpy_helper.to_array(tensor)
            values = np.where(np.abs(values) < TINY, 0, np.clip(values, -HUGE, HUGE)).astype(np.float16)
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values, f"{name}_fp16"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}_fp16"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _static(data: bytes, feeds: Sequence[Feeds], in_float: Collection[str], name: str) -> bytes:
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.left: Iterator[Feeds] = iter(feeds)

        def get_next(self) -> Feeds | None:
            return next(self.left, None)

    model = onnx.load_model_from_string(data)
    if not any(node.op_type == "Conv" for node in model.graph.node):
        return data
    left_out = [
        node.name for node in model.graph.node if node.op_type == "Conv" and node.name.startswith(tuple(in_float))
    ]
    level = logging.getLogger().level
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger().setLevel(logging.ERROR)  # its advice to do what is done here
            ready, out = Path(folder, "ready.onnx"), Path(folder, "int8.onnx")
            quant_pre_process(model, ready, skip_symbolic_shape=True)
            quantize_static(
                ready,
                out,
                Reader(),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=["Conv"],
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                nodes_to_exclude=left_out,
                extra_options={"WeightSymmetric": True, "ActivationSymmetric": False},
            )
            return out.read_bytes()
    except Exception as error:  # onnxruntime raises many kinds here
        raise ModelError(f"{name} cannot be quantised: {first_line(error)}") from error
    finally:
        logging.getLogger().setLevel(level)


def _with(model: ModelFile, main: bytes, base: bytes | None, precision: str, name: str | None) -> ModelFile:
    """The model with other graphs: names, checksum and contract made to fit."""
    contract = model.contract
    name = name or f"{contract.name}-{precision}"
    inner = contract.base
    if inner is not None and base is not None:
        inner = replace(inner, file=f"{name}.base.onnx", sha256=hashlib.sha256(base).hexdigest())
    contract = replace(contract, name=name, base=inner, variant={**contract.variant, "precision": precision})
    graph = with_contract(onnx.load_model_from_string(main), contract)
    return ModelFile(graph.SerializeToString(), contract, base, f"{name}.onnx")
