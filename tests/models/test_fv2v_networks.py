"""FV2V against the reference networks, both behaviours, both ways to sample a volume."""

from __future__ import annotations

import warnings
from math import cos, radians, sin

import pytest
from network_vectors import Vectors, compare, difference, files, keys_of, same_keys, torch
from torch.nn.utils import spectral_norm

from generators.errors import ModelError
from generators.models import find_architecture, load_checkpoint
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes
from generators.models.export import export
from generators.models.fv2v import Fv2vSettings, HeadSizes
from generators.models.geometry3d import warp3d
from generators.models.head import Head, degrees, placed, rotation_matrix
from generators.models.layout import find_profile
from generators.models.settings import GeneratorSizes
from generators.models.spade import without_spectral_norm
from generators.runtime import Generator

FV2V = find_architecture("fv2v")
TOLERANCE = 1e-5
FULL_TOLERANCE = 1e-4
GRAPH_TOLERANCE = 1e-4
HEAD = ("yaw", "pitch", "roll", "t", "exp")
PEOPLE = ("source", "driving")
SMALL = {
    "detector": HourglassSizes(4, 8, 2),
    "depth": 2,
    "channels": 4,
    "head": HeadSizes(4, 32, 5),
    "motion": HourglassSizes(4, 8, 1),
    "generator": GeneratorSizes(4, 8, 2, 1),
}


def settings_of(vectors: Vectors, **changes: object) -> Fv2vSettings:
    meta = vectors.meta
    points, generator, motion = meta["kp"], meta["gen"], meta["gen"]["dense_motion_params"]
    hourglass = ("block_expansion", "max_features", "num_blocks")
    return FV2V.variant(
        meta["variant"],
        **{
            "size": vectors.picture("source").shape[-1],
            "keypoints": meta["common"]["num_kp"],
            "detector": HourglassSizes(*(points[k] for k in hourglass)),
            "times": round(1 / points["scale_factor"]),
            "head": HeadSizes(**(meta["he"] or {})),
            "depth": generator["reshape_depth"],
            "channels": generator["reshape_channel"],
            "compressed": motion["compress"],
            "motion": HourglassSizes(*(motion[k] for k in hourglass)),
            "generator": GeneratorSizes(
                *(generator[k] for k in ("block_expansion", "max_features", "num_down_blocks", "num_resblocks"))
            ),
            "rotation": "gfvc",  # all files have this form, those of the other networks too
            **changes,
        },
    )


def loaded(vectors: Vectors, *modules: str, **changes: object) -> Models:
    settings = settings_of(vectors, **changes)
    # There is no reduced head estimator: its outputs are random in such files.
    names = [name for name in modules if name != "he_estimator" or vectors.meta["he"]]
    models = FV2V.tied(settings, {name: FV2V.modules[name](settings) for name in names})
    for name, network in models.modules.items():
        vectors.load(name, network)
    return models


def head_in_file(vectors: Vectors, who: str) -> dict[str, torch.Tensor]:
    """The head parameters of a picture, of the estimator's outputs in the file."""
    head = Head(*(vectors.tensor(f"he_{who}_{name}") for name in HEAD))
    angles = [degrees(logits) for logits in head[:3]]
    assert difference(torch.stack(angles, dim=1), vectors.tensor(f"{who}_ypr_deg")) <= TOLERANCE
    return {
        "rotation": rotation_matrix(*angles, "gfvc"),
        "translation": head.translation,
        "expression": head.expression.unflatten(1, (-1, 3)),
    }


def check(vectors: Vectors, generator: torch.nn.Module, features: dict, ending: str, tolerance: float) -> None:
    """Everything that a file says of one run, its names without ``ending``."""
    base, current = ({"keypoints": vectors.tensor(f"kp_{who}")} for who in PEOPLE)
    motion = generator.motion(features, base, current)
    made = {
        "mask": motion.mask,
        "deformation": motion.deformation,
        "occlusion_map": motion.occlusion,
        "prediction": generator.generate(features, base, current),
    }
    compare(vectors, made, ending, tolerance)


@pytest.mark.parametrize("vectors", files("fv2v_gfvc_", "fv2v_zhang_"))
@torch.inference_mode()
def test_points(vectors):
    canonical = vectors.tensor("kp_canonical")
    models = loaded(vectors, "kp_detector", "he_estimator")
    assert difference(models.modules["kp_detector"](vectors.picture("source")), canonical) <= TOLERANCE
    for who in PEOPLE:
        head = head_in_file(vectors, who)
        assert difference(head["rotation"], vectors.tensor(f"{who}_rot_mat")) <= TOLERANCE
        assert difference(placed(canonical, **head), vectors.tensor(f"kp_{who}")) <= TOLERANCE
        if models.analysis is None:
            continue
        head = models.modules["he_estimator"](vectors.picture(who))
        for name, found in zip(HEAD, head, strict=True):
            assert difference(found, vectors.tensor(f"he_{who}_{name}")) <= TOLERANCE, (who, name)
        found = models.analysis(vectors.picture(who))["rotation"]
        assert difference(found, vectors.tensor(f"{who}_rot_mat")) <= TOLERANCE


@pytest.mark.parametrize("sampling", ["grid_sample", "gather"])
@pytest.mark.parametrize("align", [0, 1])
@pytest.mark.parametrize("vectors", files("fv2v_gfvc_reduced_", "fv2v_zhang_reduced_"))
@torch.inference_mode()
def test_pictures(vectors, align, sampling):
    generator = loaded(vectors, "generator", align_corners=bool(align), sampling=sampling, by_points=True).generator
    features = generator.encode_base(vectors.picture("source"))
    assert difference(features["volume"], vectors.tensor("feature_3d")) <= TOLERANCE
    check(vectors, generator, features, f"_ac{align}", TOLERANCE)


@pytest.mark.parametrize("vectors", files("fv2v_gfvc_full_", "fv2v_zhang_full_"))
@torch.inference_mode()
def test_pictures_of_the_full_network(vectors):
    generator = loaded(vectors, "generator", by_points=True).generator
    features = generator.encode_base(vectors.picture("source"))
    check(vectors, generator, features, "_ac0", FULL_TOLERANCE)
    aligned = FV2V.modules["generator"](settings_of(vectors, align_corners=True)).eval()
    aligned.load_state_dict(generator.state_dict())
    check(vectors, aligned, features, "_ac1", FULL_TOLERANCE)


@pytest.mark.parametrize("vectors", files("fv2v_gfvc_reduced_", "fv2v_zhang_reduced_"))
@torch.inference_mode()
def test_heads_drive_the_generator(vectors):
    generator = loaded(vectors, "kp_detector", "generator").generator
    features = generator.encode_base(vectors.picture("source"))
    made = generator.generate(features, *(head_in_file(vectors, who) for who in PEOPLE))
    assert difference(made, vectors.tensor("prediction_ac0")) <= TOLERANCE


@pytest.mark.parametrize(("opset", "by_points"), [(16, False), (17, True)])
@pytest.mark.parametrize("align", [0, 1])
@pytest.mark.parametrize("vectors", files("fv2v_gfvc_reduced_", "fv2v_zhang_reduced_"))
def test_exported_graphs_make_the_reference_pictures(vectors, align, opset, by_points):
    """Below opset 20, where ONNX has no operator to sample a volume."""
    models = loaded(vectors, "kp_detector", "generator", align_corners=bool(align), by_points=by_points)
    profile = find_profile("FV2V-points" if by_points else "FV2V")
    generator = Generator(export(models, profile=profile.name, opset=opset, tolerance=GRAPH_TOLERANCE), threads=1)
    base, current = (
        profile.to_parameters({name: array[0].numpy() for name, array in parameters.items()})
        for parameters in (
            {"keypoints": vectors.tensor(f"kp_{who}")} if by_points else head_in_file(vectors, who) for who in PEOPLE
        )
    )
    generator.set_base(vectors.picture("source")[0].numpy(), base)
    found = torch.from_numpy(generator.generate(current))[None]
    assert difference(found, vectors.tensor(f"prediction_ac{align}")) <= GRAPH_TOLERANCE


@pytest.mark.parametrize("align", [False, True])
def test_gathering_is_grid_sample(align):
    seeded = torch.Generator().manual_seed(4)
    volume = torch.randn(2, 3, 4, 5, 6, generator=seeded)
    grid = torch.rand(2, 7, 8, 9, 3, generator=seeded) * 3 - 1.5
    grid[0, 0, 0, :6] = torch.tensor([[-1.0] * 3, [1.0] * 3, [1e9, 0, 0], [0, -1e9, 0], [0, 0, 1e30], [-0.999] * 3])
    one, other = (warp3d(volume, grid, align_corners=align, sampling=s) for s in ("grid_sample", "gather"))
    assert difference(one, other) < 1e-5


def test_angles_turn_about_the_axes_that_each_program_gave_them():
    angle = torch.tensor([30.0])
    zero = torch.zeros(1)
    c, s = cos(radians(30)), sin(radians(30))
    about = {
        "x": torch.tensor([[1.0, 0, 0], [0, c, -s], [0, s, c]]),
        "y": torch.tensor([[c, 0, s], [0, 1.0, 0], [-s, 0, c]]),
        "z": torch.tensor([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]),
    }
    # Yaw, pitch, roll in turn; 3.14 in place of pi moves an element by up to 3e-4.
    for form, axes in (("gfvc", "zyx"), ("zhang", "yxz")):
        for i, axis in enumerate(axes):
            angles = [zero, zero, zero]
            angles[i] = angle
            assert difference(rotation_matrix(*angles, form)[0], about[axis]) < 5e-4, (form, axis)
    yaw, pitch, roll = (torch.tensor([a]) for a in (20.0, -35.0, 10.0))
    for form, (x, y, z) in (("gfvc", (roll, pitch, yaw)), ("zhang", (pitch, yaw, roll))):
        one_by_one = [rotation_matrix(*a, "gfvc") for a in ((zero, zero, x), (zero, y, zero), (z, zero, zero))]
        expected = one_by_one[0] @ one_by_one[1] @ one_by_one[2]
        assert difference(rotation_matrix(yaw, pitch, roll, form), expected) < 1e-6


@pytest.mark.parametrize(
    ("variant", "module", "published"),
    [
        ("gfvc", "kp_detector", "FV2V(GFVC)/kp_detector"),
        ("gfvc", "he_estimator", "FV2V(GFVC)/he_estimator"),
        ("gfvc", "generator", "FV2V(GFVC)/generator"),
        ("zhang", "kp_detector", "FV2V(zhang)/kp_detector"),
        ("zhang", "he_estimator", "FV2V(zhang)/he_estimator"),
        ("zhang", "generator", "FV2V(zhang)/generator_original"),
    ],
)
def test_keys_are_the_published_ones(variant, module, published):
    with torch.device("meta"):
        same_keys(FV2V.modules[module](FV2V.variant(variant)), keys_of(published))


def test_point_analysis_keeps_to_the_points_of_the_base_picture():
    settings = FV2V.variant(by_points=True, **SMALL)
    analysis = FV2V.build(settings).analysis
    base, current = torch.rand(2, 1, 3, 64, 64, generator=torch.Generator().manual_seed(5))
    with torch.inference_mode():
        canonical = analysis.points(base)
        assert torch.equal(analysis(base)["keypoints"], analysis(base, canonical)["keypoints"])
        expected = placed(canonical, **analysis.head(current))
        assert torch.equal(analysis(current, canonical)["keypoints"], expected)
        assert not torch.equal(analysis(current)["keypoints"], expected)


def test_spade_has_the_published_weights_once_their_norms_are_folded():
    published = keys_of("FV2V(zhang)/generator_spade")
    state = {key: torch.empty(shape, dtype=getattr(torch, t), device="meta") for key, shape, t in published["tensors"]}
    with torch.device("meta"):
        network = FV2V.modules["generator"](FV2V.variant("zhang-spade"))
    network.load_state_dict(without_spectral_norm(state), strict=True)
    assert sum(p.numel() for p in network.parameters()) == published["params"]


def test_folded_norms_are_those_of_torch(tmp_path):
    """A network trained with spectral norm, written, loaded: the same pictures."""
    settings = FV2V.variant("zhang-spade", **SMALL)
    torch.manual_seed(6)
    trained = FV2V.modules["generator"](settings)
    decoder = trained.decoder
    blocks = [block for block in decoder.modules() if hasattr(block, "conv_0")]
    for block in blocks:
        for name in ("conv_0", "conv_1", *(["conv_s"] if block.learned else [])):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # that there is a newer form: files have this one
                spectral_norm(getattr(block, name))
    trained.eval()
    torch.save({"generator": trained.state_dict()}, tmp_path / "spade.pth")
    found = load_checkpoint("fv2v", tmp_path / "spade.pth", settings, modules=("generator",)).modules["generator"]
    picture = torch.rand(1, 3, 32, 32)
    base, current = ({"keypoints": torch.rand(1, 15, 3) - 0.5} for _ in range(2))
    with torch.inference_mode():
        expected = trained(picture, base, current)
        assert expected.shape == picture.shape
        assert difference(found(picture, base, current), expected) <= TOLERANCE


def test_spade_as_a_graph():
    torch.manual_seed(6)
    settings = FV2V.variant("zhang-spade", size=32, by_points=True, **SMALL)
    assert export(FV2V.build(settings), profile="FV2V-points", tolerance=GRAPH_TOLERANCE).base is not None


@pytest.mark.parametrize(
    ("variant", "changes", "element"),
    [
        ("gfvc", {"size": 200}, "size"),
        ("gfvc", {"times": 16}, "size"),
        ("zhang-spade", {"generator": GeneratorSizes(64, 512, 3, 6)}, "num_down_blocks"),
    ],
)
def test_sizes_that_cannot_be(variant, changes, element):
    with pytest.raises(ModelError) as caught:
        FV2V.variant(variant, **changes)
    assert caught.value.element == element
