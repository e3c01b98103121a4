"""gfv models quantise"""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import click

from generators.commands.options import model_output_option
from generators.errors import ModelError
from generators.needing import needing
from gfv_sei.cli.options import examples, note
from gfv_sei.wording import counted


@click.command(
    "quantise",
    epilog=examples(
        "gfv models quantise warp.onnx -o half.onnx --precision fp16",
        "gfv models quantise mine.onnx face.mp4 -o mine-int8.onnx",
    ),
)
@click.argument("model", metavar="NAME|MODEL.onnx")
@click.argument("clips", metavar="CLIP...", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@model_output_option
@click.option(
    "--precision",
    type=click.Choice(("int8", "fp16")),
    default="int8",
    show_default=True,
    help="Precision of the weights.",
)
@click.option(
    "--pictures",
    type=click.IntRange(2),
    default=24,
    show_default=True,
    help="Pictures to take from each clip, five per second.",
)
@click.option(
    "--in-float", multiple=True, metavar="NAME", help="Convolutions to keep in float, by the start of their names."
)
@click.option("--threads", type=click.IntRange(1, 256), default=2, show_default=True, help="Threads for the networks.")
@needing("quantising generators", "networks")
def command(
    model: str,
    clips: tuple[str, ...],
    output: str,
    precision: str,
    pictures: int,
    in_float: tuple[str, ...],
    threads: int,
) -> None:
    """Write a generator with weights of lower precision.

    fp16 halves the size of the file, at no other cost. int8 is for speed: its ranges are calibrated on the first half
    of the pictures of the CLIPs, which show faces, and on the second half its pictures are compared with those of the
    float network.
    """
    from generators.calibrating import examples_of, follower_of
    from generators.model_file import read_analysis, save
    from generators.quantisation import agreement, to_fp16, to_int8
    from generators.registry import load_model, model_path

    if output == "-" or not output.endswith(".onnx"):
        raise ModelError("a network is written to a file", value=output, allowed="MODEL.onnx")
    given = load_model(model)
    if precision == "int8" and not clips:
        raise ModelError("int8 is calibrated on pictures: give clips of faces", element="CLIP", value="none")
    found = list(examples_of(given, follower_of(given.contract, model), clips, pictures=pictures)) if clips else []
    first = [one.part(slice(0, len(one.currents) // 2 or 1)) for one in found]
    second = [one.part(slice(len(one.currents) // 2, None)) for one in found]
    name = Path(output).stem  # of the base graph beside it, too
    if precision == "fp16":
        made = to_fp16(given, name=name)
    else:
        made = to_int8(given, first, in_float=in_float, threads=threads, name=name)
    written = save(made, output)
    if given.contract.analysis is not None and Path(output).parent.resolve() != model_path(model).parent.resolve():
        beside = Path(output).with_name(given.contract.analysis.file)
        written += save(read_analysis(model_path(model)), beside)
    if second:
        decibels = agreement(given, made, second, threads=threads)
        note(
            f"{precision} against float, {counted(len(decibels), 'picture')} that nothing was found on: "
            + (f"{min(decibels):.1f} dB at least" if isfinite(min(decibels)) else "no difference")
        )
    note(f"wrote {', '.join(map(str, written))}")
