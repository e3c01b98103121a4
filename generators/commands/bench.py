"""gfv models bench"""

from __future__ import annotations

import click

from generators.needing import needing
from gfv_sei.cli.options import examples


@click.command("bench", epilog=examples("gfv models bench warp --size 256 --rounds 3"))
@click.argument("names", metavar="NAME|MODEL.onnx...", nargs=-1, required=True)
@click.option("--size", "sides", type=click.IntRange(16, 16384), multiple=True, help="Sides of pictures.  [256, 512]")
@click.option("--threads", type=click.IntRange(1, 256), default=2, show_default=True, help="Of the networks.")
@click.option(
    "--rounds", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Times that each has its turn."
)
@needing("measuring generators", "networks")
def command(names: tuple[str, ...], sides: tuple[int, ...], threads: int, rounds: int) -> None:
    """Measure generators: milliseconds per picture.

    The time is that from the payload of a message to RGB. All of them take turns, with a stack of convolutions as the
    ruler, so ratios hold on a busy machine too. The last column says yes or no to three goals, - where one does not
    apply: 25 pictures per second at 256x256, 4 ms outside of onnxruntime, the share of the ruler. Needs no stream and
    no trained weights: time does not depend on either.
    """
    from generators.bench import bench
    from generators.registry import load_model

    measured = bench([load_model(name) for name in names], sides=sides or (256, 512), threads=threads, rounds=rounds)
    click.echo(measured.table())
