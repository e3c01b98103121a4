"""gfv decode"""

from __future__ import annotations

import click

from generators.commands.values import rate
from gfv_sei.cli.options import note, output_option, read_syntax_option, stream_argument


@click.command("decode")
@stream_argument
@output_option
@click.option("--generator", default="warp", show_default=True, help="Name of a generator, or MODEL.onnx.")
@click.option("--decoder", default="auto", show_default=True, help="auto, ffmpeg, vtm, hm or jm.")
@click.option("--fps", default="25", show_default=True, metavar="RATE", help="Picture rate of the output.")
@click.option("--gfv-id", type=click.IntRange(0), help="Which face to play. Default: that of the first message.")
@click.option("--provider", default="cpu", show_default=True, help="Where onnxruntime runs the network.")
@click.option("--threads", type=click.IntRange(0), default=2, show_default=True, help="0: as many as cores.")
@read_syntax_option
def command(
    stream: str,
    output: str,
    generator: str,
    decoder: str,
    fps: str,
    gfv_id: int | None,
    provider: str,
    threads: int,
    syntax: str,
) -> None:
    """Make the face video of IN: base pictures as decoded, all others generated from their messages.

    OUT is an .mp4, .y4m or .yuv file, a folder for PNG files, or - for Y4M.
    """
    from contextlib import ExitStack

    from generators.pipeline.decode import Player
    from generators.pipeline.output import write_pictures
    from generators.registry import load_generator
    from gfv_sei.stream.source import as_file

    pictures_per_second = rate(fps)
    with ExitStack() as stack:
        network = load_generator(generator, provider=provider, threads=threads)
        path = stack.enter_context(as_file(stream))
        player = Player(network, gfv_id, note)
        count = write_pictures(player.play(path, decoder, syntax), output, pictures_per_second)
    if not player.has_base:
        note("no GFV base message in the stream: these are the coded pictures as they are")
    note(f"{count} pictures; {network.contract.name} on {network.provider}")
