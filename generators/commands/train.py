"""gfv models train"""

from __future__ import annotations

from pathlib import Path

import click

from generators.commands.options import model_output_option
from generators.needing import needing
from gfv_sei.cli.options import examples, note
from gfv_sei.wording import counted


@click.command(
    "train",
    epilog=examples(
        "gfv models train clips/ -o mine.onnx --steps 2000",
        "gfv models train clips/ -o mine.onnx --steps 4000 --resume",
    ),
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@model_output_option
@click.option("--architecture", default="rt", show_default=True, help="Architecture, as in gfv models list.")
@click.option("--variant", help="Variant of the architecture. Default: its first.")
@click.option(
    "--size", type=click.IntRange(16, 4096), default=256, show_default=True, help="Side of the pictures in pixels."
)
@click.option("--points", type=click.IntRange(1, 1024), help="Number of keypoints. Default: that of the architecture.")
@click.option("--steps", type=click.IntRange(1), default=2000, show_default=True, help="Training steps.")
@click.option("--batch", type=click.IntRange(1, 4096), default=2, show_default=True, help="Pairs of pictures per step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=5e-4, show_default=True, help="Learning rate.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Seed of weights and random choices.",
)
@click.option(
    "--kept-back",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.2,
    show_default=True,
    help="Share of each clip, at its end, that is not trained on.",
)
@click.option(
    "--whole", multiple=True, metavar="CLIP", help="Clip that is not trained on at all; may be a pattern such as man*."
)
@click.option("--clips", "pattern", default="*", show_default=True, help="Pattern that selects the files of FOLDER.")
@click.option(
    "--structure",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Weight of the structure loss (SSIM, gradients).",
)
@click.option(
    "--adversarial", type=click.FloatRange(0), default=0.0, show_default=True, help="Weight of the adversarial loss."
)
@click.option(
    "--perceptual",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Weight of the perceptual loss; needs --backbone.",
)
@click.option("--backbone", type=click.Path(exists=True, dir_okay=False), help="Torch file with the weights of VGG-19.")
@click.option(
    "--sparsity",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Weight of the sparsity loss, for pruning.",
)
@click.option("--every", type=click.IntRange(1), default=200, show_default=True, help="Steps between measurements.")
@click.option("--device", default="auto", show_default=True, help="Torch device: auto, cpu, cuda, ...")
@click.option("--threads", type=click.IntRange(1, 256), default=1, show_default=True, help="Torch threads.")
@click.option(
    "--run", type=click.Path(file_okay=False), help="Folder for checkpoint and curve. Default: MODEL.onnx.run."
)
@click.option("--resume", is_flag=True, help="Continue from the checkpoint in --run.")
@click.option("--licence", default="", help="Licence of the weights, for the contract.")
@needing("training generators", "networks")
def command(
    folder: str,
    output: str,
    architecture: str,
    variant: str | None,
    size: int,
    points: int | None,
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    kept_back: float,
    whole: tuple[str, ...],
    pattern: str,
    structure: float,
    adversarial: float,
    perceptual: float,
    backbone: str | None,
    sparsity: float,
    every: int,
    device: str,
    threads: int,
    run: str | None,
    resume: bool,
    licence: str,
) -> None:
    """Train a generator on the clips in FOLDER.

    The generator is written as ONNX, with its contract. No labels are needed. The end of each clip (--kept-back) and
    whole clips (--whole) are not trained on; PSNR on them is recorded in curve.csv and curve.svg in --run.
    """
    from generators.errors import ModelError
    from generators.models import find_architecture

    known = find_architecture(architecture)
    from generators.model_file import save
    from generators.models.export import export
    from generators.training import Losses, TrainSettings, read_clips, train

    changes = {"size": size} | ({} if points is None else {"keypoints": points})
    if output == "-" or not output.endswith(".onnx"):
        raise ModelError("a trained generator is written to a file", value=output, allowed="MODEL.onnx")
    settings = TrainSettings(
        steps=steps,
        batch=batch,
        rate=rate,
        seed=seed,
        backbone=backbone,
        losses=Losses(structure=structure, adversarial=adversarial, perceptual=perceptual, sparsity=sparsity),
        every=every,
        device=device,
        threads=threads,
    )
    clips = read_clips(folder, size, kept_back=kept_back, whole=whole, pattern=pattern)
    models = known.build(known.variant(variant, **changes), seed=seed)
    train(models, clips, settings, folder=run or f"{output}.run", resume=resume, told=note)
    names = ", ".join(clip.name for clip in clips.for_training)
    source = f"trained by gfv models train, seed {seed}, {counted(steps, 'step')}, on {names}"
    written = save(export(models, name=Path(output).stem, source=source, licence=licence), output)
    note(f"wrote {', '.join(map(str, written))}")
