"""What a translator is worth: parameters of one method from those of another, on parts of real clips it never saw.

The detectors have seeded weights, so their points sit on no eyes and no mouths; but they are functions of the picture,
and two different ones, as those of two methods are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_networks import SIDE, request_of, torch

from generators.models.representations import find_representation
from generators.models.requests import built
from generators.models.translators import Training, train_translator
from vtm_bridge.colour import to_rgb
from vtm_bridge.ffmpeg import read_video

FACES = Path(__file__).parents[3] / "shared/data/faces"
CLIPS = sorted(FACES.glob("*_256.mp4"))
COPIES = 4

pytestmark = pytest.mark.skipif(not CLIPS, reason=f"no clips in {FACES}")


@pytest.fixture(scope="module")
def clips():
    """[N, 3, 64, 64] of each clip."""
    return [
        torch.from_numpy(np.stack([to_rgb(picture) for picture in read_video(path, (SIDE, SIDE))[1]])) for path in CLIPS
    ]


def shaken(pictures, random):
    """Copies of pictures, each moved and scaled a little: a face does more than five clips show."""
    count = len(pictures)
    maps = torch.zeros(count, 2, 3)
    maps[:, 0, 0] = maps[:, 1, 1] = 1 + 0.15 * (2 * torch.rand(count, generator=random) - 1)
    maps[:, :, 2] = 0.15 * (2 * torch.rand(count, 2, generator=random) - 1)
    grid = torch.nn.functional.affine_grid(maps, list(pictures.shape), align_corners=False)
    return torch.nn.functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


@pytest.mark.parametrize(("source", "target"), [("FOMM", "DAC-10"), ("DAC-10", "FOMM")])
def test_translation_on_held_back_parts_of_clips(source, target, clips, tmp_path, record_property):
    """Against the source's points as they are, and against keeping the target's parameters of the first picture."""
    networks = {
        name: built(request_of(name.removesuffix("-10").lower(), tmp_path))[0].analysis for name in (source, target)
    }
    random = torch.Generator().manual_seed(0)
    seen = torch.cat([clip[: len(clip) * 2 // 3] for clip in clips])
    seen = torch.cat([seen, *(shaken(seen, random) for _ in range(COPIES))])
    unseen = [clip[len(clip) * 2 // 3 :] for clip in clips]

    @torch.inference_mode()
    def parameters(name, pictures):
        return {key: tensor.numpy() for key, tensor in networks[name](pictures).items()}

    pairs = parameters(source, seen), parameters(target, seen)
    translator = train_translator(source, target, pairs, Training(seed=0, steps=800))
    form = find_representation(target)
    there = parameters(source, torch.cat(unseen))
    true = form.row(parameters(target, torch.cat(unseen)))
    first = [form.row(parameters(target, clip[:1])) for clip in clips]
    kept = np.concatenate([np.repeat(row, len(part), axis=0) for row, part in zip(first, unseen, strict=True)])

    def error(rows, values=slice(None)):
        return float(np.sqrt(((rows - true)[:, values] ** 2).mean()))

    made = form.row(translator.translate(there))
    points = slice(0, 20)
    as_they_are = np.concatenate([there["keypoints"].reshape(len(true), -1), true[:, 20:]], axis=1)
    record_property(
        "table",
        f"{source} to {target}, {len(true)} pictures, root of the mean squared error\n"
        f"points: as they are {error(as_they_are, points):.3f}, translated {error(made, points):.3f}\n"
        f"all: those of the first picture {error(kept):.3f}, translated {error(made):.3f}",
    )
    assert error(made, points) < 0.2 * error(as_they_are, points)
    assert error(made) < 0.8 * error(kept)
