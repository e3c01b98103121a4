"""Options that several commands take."""

from __future__ import annotations

import click

from gfv_sei.cli.names import AUTO, Names
from gfv_sei.cli.options import file_path

registry_option = click.option(
    "--registry",
    type=click.Path(dir_okay=False),
    help="File that lists networks by URI. Default: the file that the environment variable GFV_MODEL_REGISTRY names, "
    "or ~/.config/gfv/models.json.",
)

# The graphs of a network go into files beside each other, so there is no standard output.
model_output_option = click.option(
    "-o", "--output", required=True, type=file_path, metavar="MODEL.onnx", help="File to write."
)

decoder_option = click.option(
    "--decoder",
    type=Names("vtm_bridge.registry", "decoder_names"),
    default=AUTO,
    show_default=True,
    help="Decoder for the coded pictures; auto is ffmpeg.",
)

generator_option = click.option(
    "--generator", default="warp", show_default=True, help="Generator: a name, MODEL.onnx, or a folder that holds one."
)

provider_option = click.option(
    "--provider", default="cpu", show_default=True, help="onnxruntime provider that runs the networks: cpu, cuda, ..."
)

threads_option = click.option(
    "--threads",
    type=click.IntRange(0, 256),
    default=2,
    show_default=True,
    help="Threads for the networks; 0 for one per core.",
)
