"""Models in 16-bit floating point and 8-bit integers: smaller, near in their pictures, with their contract."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch")

from generators.errors import ModelError  # noqa: E402
from generators.macs import count_model  # noqa: E402
from generators.model_file import (  # noqa: E402
    ModelFile,
    read_model,
    save,
)
from generators.models import find_architecture  # noqa: E402
from generators.models.export import export  # noqa: E402
from generators.parameters import FaceParameters  # noqa: E402
from generators.quantisation import Example, agreement, to_fp16, to_int8  # noqa: E402


@pytest.fixture(scope="module")
def model() -> ModelFile:
    torch.manual_seed(0)
    known = find_architecture("rt")
    models = known.build(known.variant(size=64, synthesis=64, width=32, deep=32, keypoints=5))
    torch.nn.init.normal_(models.generator.head.weight, 0, 0.02)
    return export(models, name="little", licence="CC0-1.0")


def example(smooth_picture, seed: int) -> Example:
    random = np.random.default_rng(seed)
    base = random.uniform(-0.7, 0.7, (5, 2))
    moved = [FaceParameters(base + random.normal(0, 0.03, base.shape)) for _ in range(3)]
    return Example(smooth_picture(64, 64, seed), FaceParameters(base), moved)


@pytest.mark.parametrize(("precision", "decibels", "smaller"), [("fp16", 60, 0.65), ("int8", 38, 0.5)])
def test_smaller_and_near(model, smooth_picture, tmp_path, precision, decibels, smaller):
    examples = [example(smooth_picture, seed) for seed in range(2)]
    found = to_fp16(model) if precision == "fp16" else to_int8(model, examples, in_float=["/head"])
    # Measured on pictures that it was not calibrated on.
    assert min(agreement(model, found, [example(smooth_picture, 5)])) > decibels
    assert len(found.base) < smaller * len(model.base)
    assert count_model(found).picture.macs == count_model(model).picture.macs
    save(found, tmp_path / f"little-{precision}.onnx")
    contract = read_model(tmp_path / f"little-{precision}.onnx").contract
    assert contract.name == f"little-{precision}"
    assert (contract.variant["precision"], contract.licence) == (precision, "CC0-1.0")
    assert (contract.inputs, contract.sizes) == (model.contract.inputs, model.contract.sizes)


def test_int8_keeps_in_float_what_it_is_told_to(model, smooth_picture):
    def floats(found: ModelFile) -> set[str]:
        graph = onnx.load_model_from_string(found.main).graph
        dequantised = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
        return {n.name for n in graph.node if n.op_type == "Conv" and n.input[1] not in dequantised}

    examples = [example(smooth_picture, 0)]
    assert floats(to_int8(model, examples)) == set()
    assert floats(to_int8(model, examples, in_float=["/head", "/up"])) == {"/head/Conv", "/up/Conv"}


def test_nothing_to_calibrate_on(model):
    with pytest.raises(ModelError, match="nothing to calibrate on"):
        to_int8(model, [])
