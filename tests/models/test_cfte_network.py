"""CFTE against the reference networks, with OpenCV's flow and with none."""

from __future__ import annotations

import numpy as np
import pytest
from network_vectors import Vectors, built, check_analysis, compare, files, stored, torch

from generators.models import find_architecture
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes, doubled
from generators.models.cfte import farneback, sparse_flow
from generators.models.settings import GeneratorSizes

CFTE = find_architecture("cfte")

FEATURE = REDUCED = 1e-5
FULL = 1e-4
NO_FLOW = {"prediction": 2e-5, "sparse_deformed": 3e-4}
FLOW = 1e-8


def outputs(models: Models, vectors: Vectors) -> dict[str, torch.Tensor]:
    base, current = stored(vectors, "source"), stored(vectors, "driving")
    features = models.generator.encode_base(vectors.picture("source"))
    motion = models.generator.motion(features, base, current)
    return {
        "deformation": motion.deformation,
        "occlusion_map": motion.occlusion,
        "sparse_deformed": motion.warped,
        "prediction": models.generator.generate(features, base, current),
    }


@pytest.mark.parametrize("vectors", files("cfte_"))
@torch.inference_mode()
def test_cfte(vectors):
    for align in (False, True):
        models = built("cfte", "goluck" if align else "gfvc-v2", vectors)
        check_analysis(models, vectors, FEATURE)
        tolerance = FULL if vectors.full else REDUCED
        compare(vectors, outputs(models, vectors), f"_ac{int(align)}", tolerance)


@pytest.mark.parametrize("vectors", files("cfte_"))
@torch.inference_mode()
def test_cfte_without_flow(vectors):
    models = built("cfte", "gfvc-v2", vectors, flow="zero")
    made = {name: tensor for name, tensor in outputs(models, vectors).items() if name in NO_FLOW}
    compare(vectors, made, "_ac0", 0, left_out=("deformation", "occlusion_map"), **NO_FLOW)


@pytest.mark.parametrize("vectors", files("cfte_"))
def test_flow_between_features(vectors):
    flow = sparse_flow(vectors.tensor("feat_source"), vectors.tensor("feat_driving"))
    assert float((flow - vectors.tensor("sparse_motion")).abs().max()) <= FLOW


@pytest.mark.parametrize("vectors", files("farneback4x4_"))
def test_flow_between_small_maps(vectors):
    for before, after, flow in zip(*(vectors.arrays[name] for name in ("prev", "next", "flow")), strict=True):
        assert np.abs(farneback(before, after) - flow).max() <= FLOW


def test_flow_of_a_constant_feature_is_none_at_all():
    assert not sparse_flow(torch.ones(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)).any()


@torch.no_grad()
def test_training_statistics_count_the_feature_of_the_base_picture_last():
    """Both features go through the same norms; of two, the later one has the larger share in the running mean."""
    sizes = HourglassSizes(2, 4, 1)
    settings = CFTE.variant(
        size=64,
        flow="zero",
        detector=sizes,
        motion=sizes,
        motion_encoder=GeneratorSizes(2, 4, 4, 1),
        generator=GeneratorSizes(2, 4, 2, 1),
    )
    generator = CFTE.build(settings, seed=3).generator.train()
    block = generator.dense_motion_network.up_blocks[0]
    features = {who: {"feature": torch.full((2, 1, 4, 4), value)} for who, value in (("base", 1.0), ("current", 3.0))}
    expected = block.norm.running_mean.clone()
    for who in ("current", "base"):
        made = block.conv(doubled(features[who]["feature"], "nearest"))
        expected += block.norm.momentum * (made.mean() - expected)
    generator(torch.rand(2, 3, 64, 64), features["base"], features["current"])
    assert torch.allclose(block.norm.running_mean, expected, atol=1e-6)
