"""Generators as ONNX graphs with their contracts, against torch and against the reference's pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from network_vectors import Vectors, built, files, stored, torch

from generators.errors import ModelError, ParameterError
from generators.model_file import read_model, save
from generators.models import ARCHITECTURES, find_architecture
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes
from generators.models.export import MainHalf, export
from generators.models.fv2v import HeadSizes
from generators.models.layout import find_profile
from generators.models.settings import GeneratorSizes
from generators.registry import load_generator

# ../shared/vectors/generators/README.md: reduced networks by onnxruntime.
TOLERANCE = 1e-4

KINDS = {
    "fomm_reduced": ("fomm", "original", "prediction_ac0"),
    "fomm_zeroorder": ("fomm", "goluck", "prediction_ac1"),
    "fomm_v2mixed_reduced": ("fomm", "gfvc-v2", "prediction"),
    "dac_reduced": ("dac", "gfvc-v2", "prediction"),
    "dac_abc_reduced": ("dac", "abc", "prediction"),
    "cfte_reduced": ("cfte", "gfvc-v2", "prediction_ac0_stride2"),
    "hdac_reduced": ("hdac", "hdac", "prediction"),
    "hdachf_reduced": ("hdac", "hdac-hf", "prediction"),
}


def kind_of(vectors: Vectors) -> tuple[str, str, str]:
    return next(kind for start, kind in KINDS.items() if vectors.path.name.startswith(start))


def first(params: dict[str, torch.Tensor]) -> dict[str, np.ndarray]:
    return {name: tensor[0].numpy() for name, tensor in params.items()}


@pytest.mark.parametrize("vectors", files(*KINDS))
def test_exported_graphs_make_the_reference_pictures(vectors, tmp_path):
    name, variant, prediction = kind_of(vectors)
    models = built(name, variant, vectors)
    path = tmp_path / "model.onnx"
    save(export(models, name="model", analysis=True, tolerance=TOLERANCE), path)
    generator = load_generator(path, threads=1)
    profile = find_profile(generator.contract.variant["profile"])
    base, current = (profile.to_parameters(first(stored(vectors, who))) for who in ("source", "driving"))
    coded = vectors.picture("base_layer")[0].numpy() if profile.fusion else None
    for recompute in (False, True):
        generator.set_base(vectors.picture("source")[0].numpy(), base, fusion=profile.fusion, recompute=recompute)
        made = generator.generate(current, coded_picture=coded)
        step = 2 if prediction.endswith("_stride2") else 1
        assert np.abs(made[:, ::step, ::step] - vectors.arrays[prediction][0]).max() <= TOLERANCE


HOURGLASS, SIZES = HourglassSizes(4, 8, 2), GeneratorSizes(4, 8, 2, 1)
POINTS = {"size": 32, "inner": 8, "detector": HOURGLASS, "motion": HOURGLASS, "generator": SIZES}
SMALL = {
    "fomm": POINTS,
    "dac": POINTS | {"keypoints": 20},
    "hdac": POINTS,
    "rdac": POINTS | {"residual_features": 4, "residual_layers": 1, "refinement": 4},
    "mrdac": POINTS,
    "cfte": {
        "size": 64,
        "inner": 64,
        "detector": HOURGLASS,
        "motion": HOURGLASS,
        "motion_encoder": GeneratorSizes(4, 8, 4, 1),
        "generator": SIZES,
    },
    "fv2v": {
        "size": 32,
        "detector": HOURGLASS,
        "times": 1,
        "head": HeadSizes(4, 32, 5),
        "depth": 4,
        "channels": 4,
        "motion": HourglassSizes(4, 8, 1),
        "generator": SIZES,
    },
    "tps": {"size": 64, "inner": 16, "motion": HourglassSizes(4, 8, 3), "generator": GeneratorSizes(4, 8, 3, 0)},
    "rt": {"size": 64, "synthesis": 32, "width": 4, "deep": 8, "keypoints": 5},
}


def small(name: str, **changes: object) -> Models:
    """A narrow network with fresh weights, and norms that have seen something."""
    torch.manual_seed(3)
    known = find_architecture(name)
    models = known.build(known.variant(**SMALL[name] | changes))
    for module in models.modules.values():
        for buffer, tensor in module.named_buffers():
            if buffer.endswith("running_mean"):
                tensor.normal_(0, 0.1)
    return models


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_exports(name):
    models = small(name)
    model = export(models, tolerance=TOLERANCE, licence="CC0-1.0", source="made up")
    contract = model.contract
    assert contract.variant["architecture"] == name
    assert (contract.licence, contract.source) == ("CC0-1.0", "made up")
    profile = find_profile(contract.variant["profile"])
    assert profile.method == name
    assert {t.name for t in contract.inputs if not t.name.startswith(("kept_", "base_"))} == {
        *profile.shapes,
        *(["coded_picture"] if profile.fusion else []),
    }
    assert {t.name for t in contract.base.outputs} == {t.name for t in contract.inputs if t.name.startswith("kept_")}
    # torch's exporter leaves the modules in the mode of what it was given.
    assert not any(part.training for module in models.modules.values() for part in module.modules())


def test_networks_of_another_number_of_points():
    for name, points, profile in (("fomm", 4, "FOMM-4"), ("dac", 20, "DAC-20")):
        contract = export(small(name, keypoints=points)).contract
        assert contract.variant["profile"] == profile
        assert {t.shape[1] for t in contract.inputs if t.name.endswith(("keypoints", "jacobians"))} == {points}


def test_points_of_a_head_in_space():
    contract = export(small("fv2v", by_points=True), profile="FV2V-points", tolerance=TOLERANCE).contract
    assert [t.shape for t in contract.inputs if t.name == "keypoints"] == [(1, 15, 3)]


def test_settings_and_opset_are_in_the_file(tmp_path):
    models = small("fomm", align_last=True)
    written = save(export(models, name="mine", opset=16), tmp_path / "mine.onnx")
    assert [file.name for file in written] == ["mine.onnx", "mine.base.onnx"]
    for file in written:
        assert [entry.version for entry in onnx.load(file).opset_import if not entry.domain] == [16]
    variant = read_model(written[0]).contract.variant
    assert (variant["align_small"], variant["align_last"], variant["first_order"]) == (False, True, True)
    assert variant["detector.block_expansion"] == HOURGLASS.block_expansion


def test_flow_of_cfte_is_left_out_and_said_to_be():
    models = small("cfte")
    assert models.settings.flow == "farneback"
    assert export(models).contract.variant["flow"] == "zero"
    assert models.settings.flow == "farneback"


def test_matrices_without_influence_are_no_input():
    names = {t.name for t in export(small("fomm", first_order=False)).contract.inputs}
    assert "jacobians" not in names
    assert {"base_keypoints", "keypoints"} <= names


def test_a_graph_that_is_not_the_network_is_refused(monkeypatch):
    forward = MainHalf.forward

    def slightly_other(self, *tensors):
        # What a constant of the example, kept by the exporter, would do.
        return forward(self, *tensors) + (0.01 if torch.jit.is_tracing() else 0.0)

    monkeypatch.setattr(MainHalf, "forward", slightly_other)
    with pytest.raises(ModelError, match="another picture than torch"):
        export(small("dac"))


def test_what_cannot_be_exported_is_said(tmp_path):
    with pytest.raises(ParameterError, match="no profile is called 'x'"):
        export(small("dac"), profile="x")
    by_points = small("fv2v", by_points=True)
    with pytest.raises(ModelError, match=r"rotation = nothing: .* the profile FV2V carries"):
        export(by_points)
    alone = find_architecture("fv2v").tied(by_points.settings, {"generator": by_points.generator})
    with pytest.raises(ModelError, match="the network takes 'keypoints', which the profile does not carry"):
        export(alone)
    with pytest.raises(ModelError, match=r"feature = \[1, 2, 2\]: .*CFTE carries .*\[1, 4, 4\]"):
        export(small("cfte", size=32, inner=32))
    with pytest.raises(ModelError, match=r"expression = \[4, 3\]: .*FV2V carries .*\[15, 3\]"):
        export(small("fv2v", keypoints=4))
    models = small("dac")
    with pytest.raises(ModelError, match="the analysis model of dac is not loaded"):
        export(replace(models, analysis=None), analysis=True)
    with pytest.raises(ModelError, match="the generator of dac is not loaded"):
        export(replace(models, generator=None))
    with pytest.raises(ModelError, match="name of the base graph"):
        save(export(models, name="a"), tmp_path / "a.base.onnx")


@pytest.mark.parametrize("opset", [15, 24])
def test_opsets_that_torch_or_the_networks_do_not_know(opset, capfd):
    with pytest.raises(ModelError, match=rf"opset = {opset}: .*16 to 23"):
        export(small("dac"), opset=opset)
    assert capfd.readouterr().out == ""
