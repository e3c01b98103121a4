"""FOMM and DAC against the reference networks."""

from __future__ import annotations

import pytest
from network_vectors import Vectors, built, check_analysis, compare, files, stored, torch

from generators.models.architecture import Models

TOLERANCE = 1e-5
FOMM_VARIANTS = {
    ("orig", 0): "original",
    ("orig", 1): "original-aligned",
    ("gfvcv1", 0): "gfvc-v1",
    ("gfvcv1", 1): "goluck",
}


def check_pictures(models: Models, vectors: Vectors, ending: str = "") -> None:
    """Everything that a file says of one run, its names without ``ending``."""
    base, current = stored(vectors, "source"), stored(vectors, "driving")
    picture = vectors.picture("source")[: len(base["keypoints"])]
    generator = models.generator
    features = generator.encode_base(picture)
    motion = generator.motion(features, base, current)
    made = {
        "deformation": motion.deformation,
        "occlusion_map": motion.occlusion,
        "mask": motion.mask,
        "sparse_deformed": motion.warped,
        "deformed": generator.deformed(picture, motion),
        "prediction": generator.generate(features, base, current),
    }
    compare(vectors, made, ending, TOLERANCE)


@pytest.mark.parametrize("vectors", files("fomm_", without=("fomm_v2mixed_",)))
@torch.inference_mode()
def test_fomm_and_its_zero_order_copies(vectors):
    order = vectors.meta["variant"]
    endings = [e for e in (0, 1) if any(f"_ac{e}" in name for name in vectors.arrays)]
    assert endings
    for align in endings:
        models = built("fomm", FOMM_VARIANTS[order, align], vectors)
        check_analysis(models, vectors, TOLERANCE)
        check_pictures(models, vectors, f"_ac{align}")


@pytest.mark.parametrize("vectors", files("fomm_v2mixed_"))
@torch.inference_mode()
def test_fomm_of_gfvc_software_v2(vectors):
    models = built("fomm", "gfvc-v2", vectors)
    check_analysis(models, vectors, TOLERANCE)
    check_pictures(models, vectors)


@pytest.mark.parametrize("vectors", files("dac_"))
@torch.inference_mode()
def test_dac(vectors):
    models = built("dac", "abc" if vectors.path.name.startswith("dac_abc_") else "gfvc-v2", vectors)
    check_analysis(models, vectors, TOLERANCE)
    check_pictures(models, vectors)
