"""Names, order, shapes and numbers of tensors, against those of the published full-size networks."""

from __future__ import annotations

import pytest
from network_vectors import keys_of, same_keys, torch

from generators.models import ARCHITECTURES, find_architecture
from generators.models.architecture import Models
from generators.models.layout import find_profile

PUBLISHED = {
    "FOMM": ("fomm", "original", {}),
    "DAC-10(GFVC v2)": ("dac", "gfvc-v2", {}),
    "DAC(ABC)": ("dac", "abc", {}),
    "CFTE": ("cfte", "gfvc-v2", {}),
    "HDAC(GFVC v2)": ("hdac", "hdac", {}),
    "HDAC(ABC)": ("hdac", "hdac", {}),
    "HDAC-HF(ABC)": ("hdac", "hdac-hf", {}),
    "MRDAC(ABC)": ("mrdac", "abc", {}),
}
WITHOUT_DETECTOR = {"HDAC(GFVC v2)", "HDAC(ABC)", "HDAC-HF(ABC)"}

# Points, parameters of the detector and of the generator: ../shared/reference/generators.md, section 6.
DAC_COUNTS = [(10, 14_146_728, 45_575_391), (20, 14_163_888, 45_717_521), (40, 14_198_208, 46_119_381)]
# Section 10.7: with every 3x3 convolution in two steps. That count of CFTE's detector, unlike the one of the
# published network, leaves out the two numbers of each of its four normalisations.
LITE_COUNTS = [("fomm", 1_702_758, 5_264_919), ("cfte", 1_617_912 + 8, 5_085_237), ("hdac", None, 7_854_743)]


def unfilled(name: str, variant: str | None = None, **changes: object) -> Models:
    """The networks without memory for their weights."""
    known = find_architecture(name)
    with torch.device("meta"):
        return known.build(known.variant(variant, **changes))


def parameters(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("published", PUBLISHED)
def test_tensors_of_published_networks(published):
    name, variant, changes = PUBLISHED[published]
    for module, network in unfilled(name, variant, **changes).modules.items():
        if module == "kp_detector" and published in WITHOUT_DETECTOR:
            continue
        same_keys(network, keys_of(f"{published}/{module}"))


@pytest.mark.parametrize(("points", "detector", "generator"), DAC_COUNTS)
def test_dac_of_more_points(points, detector, generator):
    modules = unfilled("dac", keypoints=points).modules
    assert parameters(modules["kp_detector"]) == detector
    assert parameters(modules["generator"]) == generator


@pytest.mark.parametrize(("name", "detector", "generator"), LITE_COUNTS)
def test_lite_networks(name, detector, generator):
    modules = unfilled(name, depthwise=True).modules
    if detector is not None:
        assert parameters(modules["kp_detector"]) == detector
    assert parameters(modules["generator"]) == generator


def test_a_larger_picture_changes_nothing_but_the_anti_aliasing_kernel():
    def shapes(size: int) -> dict[str, tuple[int, ...]]:
        modules = unfilled("fomm", size=size).modules
        return {f"{m}.{k}": tuple(t.shape) for m, net in modules.items() for k, t in net.state_dict().items()}

    small, large = shapes(256), shapes(512)
    changed = {key for key in small if small[key] != large[key]}
    assert small.keys() == large.keys()
    assert changed == {"kp_detector.down.weight", "generator.dense_motion_network.down.weight"}
    assert {large[key] for key in changed} == {(3, 1, 29, 29)}


def test_registry_gives_architectures_of_their_names():
    for name in ARCHITECTURES:
        known = find_architecture(name)
        assert known.name == name
        assert all(isinstance(settings, known.settings) for settings in known.variants.values())


def test_architectures_name_profiles_of_theirs():
    for name in ARCHITECTURES:
        known = find_architecture(name)
        assert known.about.profiles
        for profile in known.about.profiles:
            assert find_profile(profile).method == name
