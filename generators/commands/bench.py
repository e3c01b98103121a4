"""gfv models bench"""

from __future__ import annotations

import click

from generators.needing import needing
from gfv_sei.cli.options import examples


@click.command("bench", epilog=examples("gfv models bench warp --size 256 --rounds 3"))
@click.argument("names", metavar="NAME|MODEL.onnx...", nargs=-1, required=True)
@click.option(
    "--size",
    "sides",
    type=click.IntRange(16, 16384),
    multiple=True,
    help="Side of the pictures in pixels. May be repeated.  [default: 256, 512]",
)
@click.option("--threads", type=click.IntRange(1, 256), default=2, show_default=True, help="Threads for the networks.")
@click.option(
    "--rounds",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="Number of turns for each generator.",
)
@needing("measuring generators", "networks")
def command(names: tuple[str, ...], sides: tuple[int, ...], threads: int, rounds: int) -> None:
    """Measure generators in milliseconds per picture.

    The time is measured from the payload of a message to RGB. The generators take turns with a stack of convolutions
    that serves as the ruler, so ratios also hold on a busy machine. The last column answers three goals with yes or no,
    or - where one does not apply: 25 pictures per second at 256x256, at most 4 ms outside onnxruntime, and the share of
    the ruler. No stream and no trained weights are needed, since the time depends on neither.
    """
    from generators.bench import bench
    from generators.registry import load_model

    measured = bench([load_model(name) for name in names], sides=sides or (256, 512), threads=threads, rounds=rounds)
    click.echo(measured.table())
