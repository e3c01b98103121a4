"""Every architecture, narrow, with seeded weights: pictures of 64x64, parameters that change with the picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="networks are exported from torch")

from generators.models import find_architecture  # noqa: E402
from generators.models.checkpoints import save_archive  # noqa: E402
from generators.models.requests import Request, changed, fulfil  # noqa: E402
from gfv_sei.cli import main  # noqa: E402

SIDE = 64

_GENERATOR = {
    "generator.block_expansion": "4",
    "generator.max_features": "8",
    "generator.num_bottleneck_blocks": "1",
}
_MOTION = {"motion.block_expansion": "4", "motion.max_features": "8", "motion.num_blocks": "2"}
_DETECTOR = {"detector.block_expansion": "4", "detector.max_features": "8", "detector.num_blocks": "2"}
_POINTS = {"size": str(SIDE), "inner": "16"} | _DETECTOR | _MOTION | _GENERATOR
_HEAD = {"head.block_expansion": "4", "head.max_features": "32", "head.num_bins": "5"}
_VOLUME = {"size": str(SIDE), "depth": "4", "channels": "4"} | _HEAD | _DETECTOR | _MOTION | _GENERATOR

SETTINGS = {
    "fomm": _POINTS,
    "dac": _POINTS,
    "cfte": _DETECTOR | _MOTION | _GENERATOR | {"size": str(SIDE), "motion_encoder.block_expansion": "4"},
    "hdac": _POINTS,
    "mrdac": _POINTS,
    "rdac": _POINTS | {"residual_features": "4", "residual_layers": "1", "refinement": "4"},
    "fv2v": _VOLUME,
    "fv2v-points": _VOLUME | {"by_points": "true"},
    "tps": {
        "size": str(SIDE),
        "inner": "16",
        "motion.block_expansion": "4",
        "motion.max_features": "8",
        "motion.num_blocks": "3",
        "generator.block_expansion": "4",
        "generator.max_features": "8",
    },
}
"""As ``gfv models export --settings`` has them; FV2V once by what the head does, once by points in space."""

PROFILES = {"fv2v-points": "FV2V-points"}

# Heads that give degrees, translations, expressions, Jacobians have small weights when trained, too. Last layers have
# large ones, so that pictures have contrast and show what the parameters do; occlusion is near a half everywhere.
_SCALES = {
    "fc_": 0.1,
    "fc_t": 0.005,
    "fc_exp": 0.005,
    "jacobian": 0.05,
    "final": 30,
    "mask": 5,
    "occlusion": 0.1,
    "flow": 10,
    "conv4": 4,
}


def request_of(name: str, folder: Path, seed: int = 7) -> Request:
    """An export with weights from a file in ``folder``."""
    architecture = name.removesuffix("-points")
    known = find_architecture(architecture)
    random = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        models = known.build(changed(known.variant(), SETTINGS[name]))
    for module in models.modules.values():
        for key, tensor in module.named_parameters():
            if tensor.ndim > 1:
                scale = next((s for start, s in reversed(_SCALES.items()) if start in key), 1.0)
                fan = tensor[0].numel()
                with torch.no_grad():
                    tensor.normal_(0, scale * (2 / fan) ** 0.5, generator=random)
    weights = folder / f"{name}.npz"
    save_archive(weights, models.modules)
    return Request(
        architecture=architecture,
        weights=[str(weights)],
        settings=SETTINGS[name],
        profile=PROFILES.get(name),
        licence="CC0-1.0",
    )


def exported(name: str, folder: Path) -> Path:
    """The folder of the exported model."""
    fulfil(request_of(name, folder), folder / name)
    return folder / name


def gfv(*words: object) -> str:
    """Run a command in this process; what it says."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output
