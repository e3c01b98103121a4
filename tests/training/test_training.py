"""Training: it learns, it can be repeated and continued, and it says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from generators.commands.train import command
from generators.errors import ModelError
from generators.model_file import read_model
from generators.models import find_architecture
from generators.models.architecture import Models
from generators.models.blocks import HourglassSizes
from generators.models.pruning import choose, pruned
from generators.models.settings import GeneratorSizes
from generators.training import Clips, Losses, TrainSettings, read_clips, train
from generators.training.curves import read_csv
from gfv_sei.errors import GfvError

SIDE = 64
HOURGLASS, SIZES = HourglassSizes(4, 8, 2), GeneratorSizes(4, 8, 2, 1)
POINTS = {"size": SIDE, "inner": 16, "keypoints": 4, "detector": HOURGLASS, "motion": HOURGLASS, "generator": SIZES}
SMALL = {
    "rt": {"size": SIDE, "synthesis": SIDE, "width": 8, "deep": 8, "keypoints": 6, "base": 1, "outer": 1, "inner": 1},
    "fomm": POINTS,
    "dac": POINTS,
    "mrdac": POINTS,
    "hdac": POINTS,
    "cfte": {
        "size": SIDE,
        "inner": 64,
        "flow": "zero",
        "detector": HOURGLASS,
        "motion": HOURGLASS,
        "motion_encoder": GeneratorSizes(4, 8, 4, 1),
        "generator": SIZES,
    },
    "tps": {"size": SIDE, "inner": 16, "motion": HourglassSizes(4, 8, 3), "generator": GeneratorSizes(4, 8, 3, 0)},
}
QUICK = {"steps": 4, "batch": 1, "rate": 1e-3, "warm": 0, "bases": 1, "every": 2, "measured": 1}


@pytest.fixture(scope="module")
def clips(folder) -> Clips:
    return read_clips(folder, SIDE, whole=["clip1"])


def fresh(name: str = "rt") -> Models:
    torch.manual_seed(0)
    known = find_architecture(name)
    return known.build(known.variant(**SMALL[name]))


def weights(models: Models) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for m in models.modules.values() for p in m.parameters()])


def test_what_is_kept_back(clips, folder):
    assert [(clip.name, len(clip.pictures), clip.learnt) for clip in clips.clips] == [
        ("clip0", 10, 8),
        ("clip1", 10, 0),
    ]
    assert [clip.name for clip in clips.for_training] == ["clip0"]
    assert ([c.name for c in clips.seen], [c.name for c in clips.unseen]) == (["clip0"], ["clip1"])
    for options, reason in (
        ({"kept_back": 1}, "share"),
        ({"whole": ["clip*"]}, "kept back"),
        ({"pattern": "x"}, "no clips"),
    ):
        with pytest.raises(GfvError, match=reason):
            read_clips(folder, SIDE, **options)


def test_rt_learns_and_beats_the_warp_that_it_starts_from(clips):
    settings = TrainSettings(
        steps=80,
        batch=2,
        rate=3e-3,
        warm=10,
        bases=1,
        every=80,
        measured=2,
        augment=False,
        losses=Losses(structure=0.2),
    )
    result = train(fresh(), clips, settings)
    untrained, trained = (result.scores[step] for step in (0, 80))
    # One blob changes its colour, which no warp can follow.
    assert abs(untrained.seen - untrained.warp_seen) < 1
    assert trained.warp_seen == untrained.warp_seen
    assert trained.seen > untrained.seen + 0.3
    assert trained.seen > trained.warp_seen


@pytest.mark.parametrize("name", [name for name in SMALL if name != "rt"])
def test_every_architecture_learns_from_pairs(name, clips):
    models = fresh(name)
    before = weights(models)
    result = train(models, clips, TrainSettings(**QUICK))
    assert [row["step"] for row in result.rows] == [0, 2, 4]
    assert all(np.isfinite(row["psnr seen"]) for row in result.rows)
    assert not torch.equal(weights(models), before)
    # The analysis model learns along.
    analysis = next(p for key, p in models.analysis.named_parameters() if key.endswith("weight"))
    assert analysis.grad is not None
    assert float(analysis.grad.abs().max()) > 0
    assert not any(part.training for module in models.modules.values() for part in module.modules())


def test_a_run_can_be_repeated_and_continued(clips, tmp_path):
    losses = Losses(adversarial=0.1)
    settings = TrainSettings(**QUICK | {"losses": losses, "batch": 2})
    whole, again = fresh(), fresh()
    result = train(whole, clips, settings)
    train(again, clips, settings)
    assert torch.equal(weights(whole), weights(again))

    class StoppedError(Exception):
        pass

    def stop(line: str) -> None:
        if line.startswith("step 4"):
            raise StoppedError

    cut = fresh()
    with pytest.raises(StoppedError):
        train(cut, clips, settings, folder=tmp_path, told=stop)
    continued = fresh()
    assert not torch.equal(weights(continued), weights(whole))
    rows = train(continued, clips, settings, folder=tmp_path, resume=True).rows
    assert torch.equal(weights(continued), weights(whole))
    assert rows == result.rows
    other = fresh()
    train(other, clips, TrainSettings(**QUICK | {"losses": losses, "batch": 2, "seed": 1}))
    assert not torch.equal(weights(other), weights(whole))

    with pytest.raises(ModelError, match="other settings"):
        train(fresh(), clips, TrainSettings(**QUICK | {"batch": 1}), folder=tmp_path, resume=True)
    (tmp_path / "checkpoint.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="no checkpoint"):
        train(fresh(), clips, settings, folder=tmp_path, resume=True)


def test_curves(clips, tmp_path):
    result = train(fresh(), clips, TrainSettings(**QUICK), folder=tmp_path)
    rows = read_csv(tmp_path / "curve.csv")
    assert [row["step"] for row in rows] == [0, 2, 4]
    assert rows[-1]["loss"] == pytest.approx(result.rows[-1]["loss"], rel=1e-5)
    assert rows[-1]["loss"] == pytest.approx(rows[-1]["pixel"] + rows[-1]["structure"], rel=1e-4)
    picture = (tmp_path / "curve.svg").read_text()
    assert picture.startswith("<svg ")
    assert all(f">{name}</text>" in picture for name in ("loss", "psnr seen", "psnr unseen", "warp seen"))


def test_soft_pruning_then_hard_pruning_then_training_on(clips):
    models = fresh()
    steps = {"steps": 12, "every": 12, "rate": 1e-2}
    train(models, clips, TrainSettings(**QUICK | steps | {"losses": Losses(sparsity=50.0)}))
    free = fresh()
    train(free, clips, TrainSettings(**QUICK | steps))

    def scales(found: Models) -> float:
        return float(found.generator.inner[0].norm.weight.detach().abs().mean())

    assert scales(models) < scales(free)
    small = pruned(models, choose(models, share=0.4, least=2))
    before = weights(small)
    result = train(small, clips, TrainSettings(**QUICK))
    assert len(before) == len(weights(small)) < len(weights(models))
    assert not torch.equal(before, weights(small))
    assert np.isfinite(result.scores[4].seen)


def test_a_perceptual_loss_reads_the_users_weights(clips, tmp_path):
    from generators.training.perceptual import STAGES, Perceptual

    state, channels, index = {}, 3, 0
    for stage in STAGES:
        for width in stage:
            state[f"features.{index}.weight"] = torch.full((width, channels, 3, 3), 1.0 / (9 * channels))
            state[f"features.{index}.bias"] = torch.zeros(width)
            channels, index = width, index + 2
        index += 1
    torch.save(state | {"classifier.0.bias": torch.zeros(3)}, tmp_path / "vgg.pt")
    loss = Perceptual(tmp_path / "vgg.pt")
    one = torch.rand(1, 3, SIDE, SIDE)
    assert float(loss(one, one, 2)) == 0
    near, far = (float(loss((one + away).clamp(0, 1), one, 2)) for away in (0.05, 0.3))
    assert 0 < near < far
    settings = TrainSettings(
        **QUICK | {"steps": 1, "every": 1, "backbone": str(tmp_path / "vgg.pt"), "losses": Losses(perceptual=1.0)}
    )
    assert train(fresh(), clips, settings).rows[-1]["perceptual"] > 0
    torch.save({"features.0.weight": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(ModelError, match=r"no tensor 'features\.0\.bias'|no tensor 'features\.0"):
        Perceptual(tmp_path / "other.pt")
    with pytest.raises(GfvError, match="needs weights"):
        TrainSettings(losses=Losses(perceptual=1.0))


def test_the_command_writes_a_generator(folder, tmp_path):
    words = [str(folder), "-o", str(tmp_path / "mine.onnx"), "--size", "64", "--architecture", "rt"]
    words += ["--steps", "1", "--batch", "1", "--licence", "CC0-1.0", "--points", "5"]
    result = CliRunner().invoke(command, words)
    # rt works at 256 unless told otherwise, and the command says so.
    assert isinstance(result.exception, ModelError)
    result = CliRunner().invoke(command, [*words, "--size", "256", "--clips", "clip0.mp4"])
    assert result.exit_code == 0, result.output
    contract = read_model(tmp_path / "mine.onnx").contract
    assert contract.licence == "CC0-1.0"
    assert contract.source == "trained by gfv models train, seed 0, 1 step, on clip0"
    assert (tmp_path / "mine.onnx.run" / "curve.svg").is_file()
