"""rt: the warp's field in torch, the warp's picture before any training, one set of weights for all sizes."""

from __future__ import annotations

import numpy as np
import pytest
from network_vectors import torch

from generators.errors import ModelError
from generators.macs import count_model
from generators.models import find_architecture
from generators.models.export import export
from generators.models.spreading import spread_field
from generators.warp import reference

RT = find_architecture("rt")
SMALL = {"size": 64, "synthesis": 32, "width": 4, "deep": 8}


def points(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    base = random.uniform(-0.8, 0.8, (count, 2))
    return base, base + random.normal(0, 0.04, base.shape)


def tensors(*arrays: np.ndarray) -> tuple[dict, ...]:
    return tuple({"keypoints": torch.from_numpy(array[None]).float()} for array in arrays)


@pytest.mark.parametrize("count", [1, 2, 3, 28])
def test_the_field_is_the_warps(count):
    base, current = points(count)
    field, evidence = spread_field(torch.from_numpy(base[None]), torch.from_numpy(current[None]), 16)
    expected = reference.field(base, current, 64, 64, grid=16)
    assert np.abs(field[0].permute(1, 2, 0).numpy() - expected).max() < 1e-12
    assert evidence.shape == (1, 2, 16, 16)
    assert float(evidence.min()) >= 0
    assert float(evidence.max()) < 1


def test_pictures_of_a_batch_have_their_own_fields():
    pairs = [points(5, seed) for seed in (1, 2)]
    base, current = (torch.from_numpy(np.stack(which)) for which in zip(*pairs, strict=True))
    together, _ = spread_field(base, current, 8)
    for index in range(2):
        alone, _ = spread_field(base[index : index + 1], current[index : index + 1], 8)
        assert torch.allclose(together[index], alone[0], atol=1e-12)


def test_untrained_it_makes_the_warps_picture():
    # The warp's own grid, so that both interpolate the field in the same way.
    models = RT.build(RT.variant(size=256, width=4, deep=8))
    with torch.no_grad():
        models.generator.head.bias[48:64] = -30.0  # nothing of the blurred picture
    patches = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    picture = torch.nn.functional.interpolate(patches, size=(256, 256), mode="bicubic").clamp(0, 1)
    base, current = points(28)
    with torch.no_grad():
        made = models.generator(picture, *tensors(base, current))[0].numpy()
    assert np.abs(made - reference.warp(picture[0].numpy(), base, current)).max() < 1e-4


def test_weights_serve_every_number_of_points_and_every_size():
    torch.manual_seed(0)
    small = RT.build(RT.variant(**SMALL))
    large = RT.build(RT.variant(**SMALL | {"size": 128, "keypoints": 3}))
    for module, other in zip(small.modules.values(), large.modules.values(), strict=True):
        module.load_state_dict(other.state_dict())
    for models, side, count in ((small, 64, 7), (large, 128, 3)):
        with torch.no_grad():
            made = models.generator(torch.rand(1, 3, side, side), *tensors(*points(count)))
        assert made.shape == (1, 3, side, side)


def test_the_decoders_graph_is_small_enough_for_the_clock():
    count = count_model(export(RT.build()))
    assert count.kmac_per_pixel <= 40
    assert count.base is not None
    # Per picture no more than one warp of three planes at full size, and one of features at 64x64.
    assert count.picture.samples == 3 * 256**2 + (64 + 3) * 64**2


def test_sizes_that_do_not_come_out_even_are_refused():
    for changes in ({"size": 300}, {"size": 128}, {"synthesis": 36}):
        with pytest.raises(ModelError, match="cannot take such pictures"):
            RT.variant(**changes)
