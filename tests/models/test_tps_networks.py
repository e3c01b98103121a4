"""TPS against the reference networks, and its splines against what splines are."""

from __future__ import annotations

import io
import warnings

import pytest
from network_vectors import Vectors, compare, difference, files, keys_of, same_keys, torch, weights_sum

from generators.errors import ModelError
from generators.models import find_architecture
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes
from generators.models.export import export
from generators.models.layout import find_profile
from generators.models.settings import GeneratorSizes
from generators.models.spline import spline, splined
from generators.runtime import Generator
from generators.sessions import session

TPS = find_architecture("tps")
POINTS_TOLERANCE = 1e-5
REDUCED_TOLERANCE = 1e-4
FULL_TOLERANCE = 5e-3
GRAPH_TOLERANCE = 5e-4
SUMS = {"kp_detector": "sha_kp", "dense_motion_network": "sha_dm", "inpainting_network": "sha_ip"}


def loaded(vectors: Vectors) -> Models:
    meta = vectors.meta
    motion, painting = meta["dense_motion"], meta["gen"]
    side = vectors.picture("source").shape[-1]
    models = TPS.build(
        TPS.variant(
            size=side,
            inner=round(side * motion["scale_factor"]),
            transformations=meta["common"]["num_tps"],
            motion=HourglassSizes(motion["block_expansion"], motion["max_features"], motion["num_blocks"]),
            generator=GeneratorSizes(**painting, num_bottleneck_blocks=0),
        )
    )
    for name, network in models.modules.items():
        if meta.get(SUMS[name]):  # there is no reduced detector: the points of such files are random
            vectors.load(name, network)
            assert weights_sum(network.state_dict()) == meta[SUMS[name]]
    return models


@pytest.mark.parametrize("vectors", files("tps_"))
@torch.inference_mode()
def test_tps(vectors):
    models = loaded(vectors)
    if vectors.meta.get("sha_kp"):
        for who in ("source", "driving"):
            found = models.analysis(vectors.picture(who))["keypoints"]
            assert difference(found, vectors.tensor(f"kp_{who}")) <= POINTS_TOLERANCE
    picture, generator = vectors.picture("source"), models.generator
    base, current = ({"keypoints": vectors.tensor(f"kp_{who}")} for who in ("source", "driving"))
    features = generator.encode_base(picture)
    motion = generator.motion(features, base, current)
    moving = {**current, "background": vectors.tensor("bg_param")}
    made = {
        "deformation": motion.deformation,
        "contribution_maps": motion.mask,
        "deformed_source": motion.warped,
        "deformed": models.modules["inpainting_network"].moved(picture, motion),
        "prediction": generator.generate(features, base, current),
        "prediction_bg": generator.generate(features, base, moving),
        "bg_param": moving["background"],
        **{f"occlusion_{i}": occlusion for i, occlusion in enumerate(motion.occlusion)},
    }
    compare(vectors, made, "", FULL_TOLERANCE if vectors.full else REDUCED_TOLERANCE)


@pytest.mark.parametrize("vectors", files("tps_reduced_"))
@torch.inference_mode()
def test_splines_solved_outside_give_the_same_picture(vectors):
    models = loaded(vectors)
    base, current = ({"keypoints": vectors.tensor(f"kp_{who}")} for who in ("source", "driving"))
    affine, weights = spline(current["keypoints"].unflatten(1, (-1, 5)), base["keypoints"].unflatten(1, (-1, 5)))
    picture = vectors.picture("source")
    inside = models.generator(picture, base, current)
    outside = models.generator(picture, base, {**current, "affine": affine, "weights": weights})
    assert torch.equal(inside, outside)


@pytest.mark.parametrize("module", list(TPS.modules))
def test_keys_are_the_published_ones(module):
    with torch.device("meta"):
        same_keys(TPS.modules[module](TPS.variant()), keys_of(f"TPS/{module}"))


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"size": 200}, "size"),
        ({"size": 384, "inner": 128}, "inner"),
        ({"size": 1024, "inner": 64}, "inner"),
        ({"motion": HourglassSizes(8, 16, 1)}, "num_blocks"),
    ],
)
def test_sizes_that_cannot_be(changes, element):
    with pytest.raises(ModelError) as caught:
        TPS.variant(**changes)
    assert caught.value.element == element


def test_other_sizes_of_pictures():
    """Published for 384, and with a motion network that works three halvings below the picture's size."""
    for size, inner in ((384, 96), (128, 16)):
        settings = TPS.variant(
            size=size, inner=inner, motion=HourglassSizes(4, 8, 3), generator=GeneratorSizes(4, 8, 3, 0)
        )
        points = torch.rand(2, 1, 50, 2, generator=torch.Generator().manual_seed(5)) - 0.5
        with torch.inference_mode():
            made = TPS.build(settings).generator(torch.zeros(1, 3, size, size), *({"keypoints": p} for p in points))
        assert made.shape == (1, 3, size, size)


def test_lite_networks():
    """Counts: ../shared/reference/generators.md, section 10.7."""
    counts = {"dense_motion_network": 4_393_401, "inpainting_network": 2_851_203}
    with torch.device("meta"):
        for module, count in counts.items():
            network = TPS.modules[module](TPS.variant(depthwise=True))
            assert sum(p.numel() for p in network.parameters()) == count


def test_a_spline_is_what_the_dense_solution_says():
    controls, targets = torch.rand(2, 3, 10, 5, 2, generator=torch.Generator().manual_seed(1)) * 2 - 1
    affine, weights = spline(controls, targets)
    away = (controls.unsqueeze(-2) - controls.unsqueeze(-3)).double()
    squared = (away**2).sum(-1)
    plane = torch.cat([controls.double(), torch.ones(3, 10, 5, 1)], dim=-1)
    system = torch.zeros(3, 10, 8, 8, dtype=torch.float64)
    system[..., :5, :5] = squared * (squared + 1e-9).log()
    system[..., :5, 5:] = plane
    system[..., 5:, :5] = plane.transpose(-1, -2)
    system += 0.01 * torch.eye(8)
    right = torch.zeros(3, 10, 8, 2, dtype=torch.float64)
    right[..., :5, :] = targets
    expected = torch.linalg.solve(system, right)
    assert difference(weights.double(), expected[..., :5, :]) < 1e-5
    assert difference(affine.double(), expected[..., 5:, :].transpose(-1, -2)) < 1e-5


def test_points_that_meet_still_have_a_spline():
    controls = torch.zeros(1, 1, 5, 2)
    affine, weights = spline(controls, controls + 0.25)
    moved = splined(torch.zeros(1, 1, 2), controls, affine, weights)
    assert torch.isfinite(moved).all()
    assert difference(moved, torch.full((1, 1, 1, 1, 2), 0.25)) < 0.01


def test_places_of_an_affine_map_follow_it():
    controls = torch.tensor([[[[-0.8, -0.8], [0.8, -0.8], [-0.8, 0.8], [0.8, 0.8], [0.1, 0.0]]]])
    matrix = torch.tensor([[0.9, 0.2], [-0.1, 1.1]])
    affine, weights = spline(controls, controls @ matrix.T + 0.1)
    at = torch.rand(4, 3, 2, generator=torch.Generator().manual_seed(3)) * 2 - 1
    # What is added to the diagonal bends the map slightly.
    assert difference(splined(at, controls, affine, weights)[0, 0], at @ matrix.T + 0.1) < 0.02


@pytest.mark.parametrize("vectors", files("tps_reduced_"))
def test_exported_graphs_make_the_reference_pictures(vectors):
    """Splines solved inside, in float64, so that points alone go in."""
    profile = find_profile("TPS")
    generator = Generator(export(loaded(vectors), tolerance=GRAPH_TOLERANCE), threads=1)
    base, current = (
        profile.to_parameters({"keypoints": vectors.arrays[f"kp_{who}"][0]}) for who in ("source", "driving")
    )
    generator.set_base(vectors.picture("source")[0].numpy(), base)
    found = torch.from_numpy(generator.generate(current))[None]
    assert difference(found, vectors.tensor("prediction")) <= GRAPH_TOLERANCE


class Outside(torch.nn.Module):
    """The generator as a graph that is given its splines."""

    def __init__(self, generator: torch.nn.Module, kept: list[str]) -> None:
        super().__init__()
        self.generator, self.kept = generator, kept

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        *features, base, current, affine, weights = tensors
        splines = {"keypoints": current, "affine": affine, "weights": weights}
        return self.generator.generate(dict(zip(self.kept, features, strict=True)), {"keypoints": base}, splines)


@pytest.mark.parametrize("vectors", files("tps_reduced_"))
@torch.inference_mode()
def test_graph_that_is_given_its_splines(vectors):
    generator = loaded(vectors).generator
    points = [vectors.tensor(f"kp_{who}") for who in ("source", "driving")]

    def inputs(who: str, base: torch.Tensor, current: torch.Tensor) -> tuple[dict, tuple]:
        solved = spline(current.unflatten(1, (-1, 5)), base.unflatten(1, (-1, 5)))
        features = generator.encode_base(vectors.picture(who))
        return features, (*features.values(), base, current, *solved)

    features, example = inputs("source", *points)
    tried, tensors = inputs("driving", *points[::-1])
    names = [*features, "base", "current", "affine", "weights"]
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the exporter is the older one, that sizes become constants
        network = Outside(generator, list(features)).eval()
        torch.onnx.export(network, example, file, opset_version=16, input_names=names, dynamo=False)
    graph = session(file.getvalue(), "the graph", threads=1)
    (found,) = graph.run(None, {name: tensor.numpy() for name, tensor in zip(names, tensors, strict=True)})
    base, current = ({"keypoints": p} for p in points[::-1])
    assert difference(torch.from_numpy(found), generator.generate(tried, base, current)) <= GRAPH_TOLERANCE
