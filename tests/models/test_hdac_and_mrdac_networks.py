"""HDAC, HDAC-HF and MRDAC against the reference networks."""

from __future__ import annotations

import pytest
from network_vectors import built, check_analysis, compare, difference, files, stored, torch

from generators.models.mrdac import reference_weights

TOLERANCE = 1e-5


@pytest.mark.parametrize("vectors", files("hdac_"))
@torch.inference_mode()
def test_hdac(vectors):
    models = built("hdac", "hdac", vectors)
    check_analysis(models, vectors, TOLERANCE)
    base, current = stored(vectors, "source"), stored(vectors, "driving")
    features = models.generator.encode_base(vectors.picture("source"))
    made = {
        "prediction": models.generator.generate(features, base, current, vectors.picture("base_layer")),
        "prediction_no_base_layer": models.generator.generate(features, base, current),
    }
    compare(vectors, made, "", TOLERANCE)


@pytest.mark.parametrize("vectors", files("hdachf_"))
@torch.inference_mode()
def test_hdac_with_high_frequencies(vectors):
    from generators.models.hdac import HighFrequencies

    options = HighFrequencies(vectors.meta["hf_filter"], vectors.meta["deform_hf"], vectors.meta["occl_hf"])
    models = built("hdac", "hdac-hf", vectors, high_frequencies=options)
    check_analysis(models, vectors, TOLERANCE)
    made = models.generator(
        vectors.picture("source"),
        stored(vectors, "source"),
        stored(vectors, "driving"),
        vectors.picture("base_layer"),
    )
    compare(vectors, {"prediction": made}, "", TOLERANCE)


@pytest.mark.parametrize("vectors", files("mrdac_"))
@torch.inference_mode()
def test_mrdac(vectors):
    models = built("mrdac", "abc", vectors)
    check_analysis(models, vectors, TOLERANCE, "driving")
    pictures = vectors.picture("references")
    base = models.analysis(pictures)
    for i, found in enumerate(base["keypoints"]):
        assert difference(found[None], vectors.tensor(f"kp_reference_{i}")) <= TOLERANCE
    places = vectors.tensor("ref_indices")[0]
    distances = (places[:-1] - places[-1]).abs().float()
    current = stored(vectors, "driving")
    made = {
        "ref_weights": reference_weights(distances[None]),
        "prediction": models.generator(pictures, base, current, distances),
        "prediction_no_weights": models.generator(pictures, base, current),
    }
    compare(vectors, made, "", TOLERANCE)


def test_base_pictures_of_the_same_time_weigh_the_same():
    assert reference_weights(torch.zeros(1, 3)).tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize("vectors", files("mrdac_"))
@torch.inference_mode()
def test_mrdac_makes_several_pictures_at_once_as_one_by_one(vectors):
    """Two current pictures, each of two base pictures of its own, and what comes twice counts once."""
    models = built("mrdac", "abc", vectors)
    pictures = vectors.picture("references")
    base = models.analysis(pictures)["keypoints"]
    currents = torch.cat([stored(vectors, "driving")["keypoints"], base[:1]])
    distances = torch.tensor([[3.0, 1.0], [5.0, 2.0]])
    several = models.generator(
        torch.cat([pictures, pictures.flip(0)]),
        {"keypoints": torch.cat([base, base.flip(0)])},
        {"keypoints": currents},
        distances.flatten(),
    )
    first = models.generator(pictures, {"keypoints": base}, {"keypoints": currents[:1]}, distances[0])
    other = ({"keypoints": base.flip(0)}, {"keypoints": currents[1:]}, distances[1])
    second = models.generator(pictures.flip(0), *other)
    assert difference(several, torch.cat([first, second])) <= TOLERANCE
    assert difference(first, second) > 100 * TOLERANCE
    order = [0, 0, 1]
    again = models.generator(
        pictures[order], {"keypoints": base[order]}, {"keypoints": currents[:1]}, distances[0][order]
    )
    assert difference(again, first) <= TOLERANCE
