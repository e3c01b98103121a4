"""Removing channels: what is left computes what zeros would, is smaller, costs less, and loads again."""

from __future__ import annotations

import numpy as np
import pytest
from network_vectors import torch

from generators.errors import ModelError
from generators.macs import count_model
from generators.models import find_architecture
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes
from generators.models.channels import Axis
from generators.models.export import export
from generators.models.pruning import choose, fit, left, load_pruned, masked, pruned, save_pruned
from generators.models.settings import GeneratorSizes

HOURGLASS, SIZES = HourglassSizes(8, 16, 2), GeneratorSizes(8, 16, 2, 2)
POINTS = {"size": 32, "inner": 8, "detector": HOURGLASS, "motion": HOURGLASS, "generator": SIZES}
FEATURE = {
    "size": 64,
    "inner": 64,
    "flow": "zero",
    "detector": HOURGLASS,
    "motion": HOURGLASS,
    "motion_encoder": GeneratorSizes(8, 16, 4, 1),
    "generator": SIZES,
}
KINDS = {
    "rt": ("rt", {"size": 64, "synthesis": 32, "width": 16, "deep": 16, "keypoints": 5}),
    "fomm": ("fomm", POINTS),
    "fomm depthwise": ("fomm", POINTS | {"depthwise": True}),
    "dac": ("dac", POINTS),
    "hdac": ("hdac", POINTS),
    "mrdac": ("mrdac", POINTS),
    "cfte": ("cfte", FEATURE),
    "cfte depthwise": ("cfte", FEATURE | {"depthwise": True}),
}


def filled(name: str, changes: dict) -> Models:
    """Models whose norms differ from channel to channel, as training leaves them."""
    torch.manual_seed(1)
    known = find_architecture(name)
    models = known.build(known.variant(**changes))
    for module in models.modules.values():
        for key, tensor in module.named_buffers():
            if key.endswith("running_mean"):
                tensor.normal_(0, 0.1)
        for key, tensor in module.named_parameters():
            if "norm" in key:
                tensor.data.uniform_(0.1, 1)
            if "head" in key:
                tensor.data.normal_(0, 0.01)
    return models


def made(models: Models) -> np.ndarray:
    side = models.settings.size
    pictures = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        if models.analysis is None:
            base = {"keypoints": torch.linspace(-0.5, 0.5, 10).view(1, 5, 2)}
            current = {"keypoints": base["keypoints"] + 0.05}
        else:
            base, current = (models.analysis(pictures[i : i + 1]) for i in range(2))
        coded = (pictures[1:],) if models.architecture == "hdac" else ()
        return models.generator(pictures[:1], base, current, *coded)[0].numpy()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_makes_the_masked_networks_picture(kind):
    models = filled(*KINDS[kind])
    before = made(models)
    mask = choose(models, share=0.5)
    small = pruned(models, mask)
    assert np.abs(made(masked(models, mask)) - made(small)).max() < 1e-5
    whole, now = (sum(p.numel() for m in x.modules.values() for p in m.parameters()) for x in (models, small))
    assert now == left(models, mask) < 0.75 * whole
    # The models that were given are as they were, and what was removed had been of use.
    assert np.array_equal(made(models), before)
    assert np.abs(made(small) - before).max() > 1e-4


def test_a_residual_chain_is_one_bundle_and_joined_features_keep_their_order():
    bundles = choose(filled("fomm", POINTS), share=0.0).bundles
    chain = [bundles.roots(Axis(f"generator.bottleneck.r{i}.conv2.weight", 0)) for i in range(2)]
    assert np.array_equal(*chain)
    assert np.array_equal(chain[0], bundles.roots(Axis("generator.bottleneck.r1.norm1.weight", 0)))
    assert not set(chain[0]) & set(bundles.roots(Axis("generator.bottleneck.r0.conv1.weight", 0)))
    # The hourglass's last block reads what came up, and behind it what came from the encoder.
    read = bundles.roots(Axis("kp_detector.predictor.decoder.up_blocks.1.conv.weight", 1))
    up = bundles.roots(Axis("kp_detector.predictor.decoder.up_blocks.0.conv.weight", 0))
    down = bundles.roots(Axis("kp_detector.predictor.encoder.down_blocks.0.conv.weight", 0))
    assert read.tolist() == [*up, *down]


def test_the_smallest_scales_go_first():
    models = filled("rt", KINDS["rt"][1])
    first = models.generator.inner[0].first.norm
    with torch.no_grad():
        first.weight[[1, 3, 5]] = 1e-4
    mask = choose(models, threshold=1e-3, least=1)
    axis = Axis("generator.inner.0.first.conv.weight", 0)
    assert sorted(set(range(16)) - set(mask.kept(axis).tolist())) == [1, 3, 5]
    assert len(mask.removed) == 3
    # By fours, one of the three can go only with what would leave 12.
    assert len(choose(models, threshold=1e-3, multiple=4).kept(axis)) == 16
    assert all(len(choose(models, share=0.6, multiple=8).kept(Axis(k, 0))) % 8 == 0 for k in [axis.key])


def test_so_many_parameters():
    models = filled("cfte", FEATURE)
    whole = left(models, choose(models, share=0.0))
    mask = choose(models, parameters=whole // 2, least=2)
    assert 0.4 * whole < left(models, mask) <= whole // 2
    with pytest.raises(ModelError, match="so few parameters cannot be reached"):
        choose(models, parameters=10)


def test_fewer_macs():
    """As the exported graphs say."""
    models = filled("rt", {"width": 64, "deep": 128})
    mask = choose(models, share=0.6, multiple=8)
    whole, small = (count_model(export(each)).picture.macs for each in (models, pruned(models, mask)))
    assert small < 0.45 * whole


def test_pruned_weights_load_again(tmp_path):
    models = filled("rt", KINDS["rt"][1])
    small = pruned(models, choose(models, share=0.5))
    save_pruned(small, tmp_path / "small.pt")
    again = load_pruned("rt", tmp_path / "small.pt", models.settings)
    assert np.array_equal(made(again), made(small))
    export(again)
    with pytest.raises(ModelError, match="no pruned one of this network"):
        load_pruned("rt", tmp_path / "small.pt", find_architecture("rt").variant(**KINDS["rt"][1] | {"width": 8}))
    (tmp_path / "odd.pt").write_bytes(b"not a file of torch")
    with pytest.raises(ModelError, match="no torch file"):
        load_pruned("rt", tmp_path / "odd.pt")
    with pytest.raises(ModelError, match="not those of the network"):
        fit(models.generator, {})


def test_exactly_one_way_to_choose():
    models = filled("rt", KINDS["rt"][1])
    for options in ({}, {"share": 0.5, "threshold": 1.0}, {"share": 1.0}, {"share": -0.1}):
        with pytest.raises(ModelError):
            choose(models, **options)
