"""gfv encode"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import click

from generators.commands.following import chosen_follower
from generators.commands.progress import shown_progress
from generators.commands.values import new_base, rate, size
from generators.needing import needing
from gfv_sei.cli.names import AUTO, Names, one_codec
from gfv_sei.cli.options import examples, note, output_option, warn_of_prefix, write_syntax_option
from gfv_sei.wording import counted


@click.command(
    "encode",
    epilog=examples(
        "gfv encode face.mp4 -o face.266", "gfv encode face.mp4 -o small.mp4 --codec avc --size 128x128 --pictures 5"
    ),
)
@click.argument("video", metavar="VIDEO", type=click.Path(allow_dash=True))
@output_option
@click.option("--codec", type=one_codec, default="vvc", show_default=True, help="Codec of the base pictures.")
@click.option(
    "--encoder",
    type=Names("vtm_bridge.registry", "encoder_names"),
    default=AUTO,
    show_default=True,
    help="Encoder for the base pictures; auto is ffmpeg.",
)
@click.option(
    "--generator",
    default="warp",
    show_default=True,
    help="Generator that the parameters are for: a name, MODEL.onnx, or a folder that holds one.",
)
@click.option(
    "--analysis",
    metavar="MODEL.onnx",
    help="AnalysisNN to use instead of the one that the contract of the generator names.",
)
@click.option("--qp", type=click.IntRange(0, 63), default=32, show_default=True, help="QP of the base pictures.")
@click.option(
    "--fusion-qp",
    type=click.IntRange(0, 63),
    default=42,
    show_default=True,
    help="QP of all other pictures, if the generator needs them coded.",
)
@click.option("--size", metavar="WxH", help="Scale and crop the video to this size in pixels.")
@click.option("--fps", metavar="RATE", help="Picture rate to convert the video to. Default: its own.")
@click.option("--pictures", type=click.IntRange(1), help="Code only this many pictures from the start.")
@click.option("--points", type=click.IntRange(1, 1024), help="Number of keypoints to track. Default: 28.")
@click.option(
    "--precision",
    type=click.IntRange(1, 32),
    help="Fractional bits of coordinates and matrix elements. Default: those of the AnalysisNN, or 8.",
)
@click.option(
    "--new-base",
    default="auto",
    show_default=True,
    help="When to code a new base picture: auto (when the face is lost, or as often as the generator needs it), never, "
    "or a number: every N pictures.",
)
@click.option(
    "--gfv-id", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="gfv_id of all messages."
)
@click.option(
    "--nal", type=click.Choice(("prefix", "suffix")), help="Kind of SEI NAL unit. Default: suffix; in AVC, prefix."
)
@click.option("--preset", help="Speed preset, as the encoder names it.")
@write_syntax_option
@needing("encoding faces", "networks")
def command(
    video: str, output: str, codec: str, encoder: str, generator: str, qp: int, syntax: str, **options: Any
) -> None:
    """Encode a face VIDEO as base pictures and GFV messages.

    Each base picture is an intra picture. It carries the messages of all pictures up to the next base picture. If the
    generator also takes the decoded driving picture, the pictures in between are coded too, at --fusion-qp, with one
    message each. A generator that takes several base pictures at once gets a new one every 25 pictures, unless
    --new-base says otherwise. OUT is a byte stream or an .mp4, .mkv or .ts container; in a container, each coded
    picture keeps its time in VIDEO.

    The parameters are tracked points, or what the AnalysisNN of the generator computes from each picture.
    """
    # OpenBLAS threads wait by spinning; on the tracker's small matrices that only slows everything else down.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from generators.pipeline.encode import AUTO, FaceSettings, encode_video, open_output
    from gfv_sei.stream.source import as_file
    from vtm_bridge import EncodeSettings
    from vtm_bridge.ffmpeg import read_video

    warn_of_prefix(options["nal"])
    chosen = chosen_follower(generator, options["analysis"], options["points"], options["precision"])
    when = new_base(options["new_base"])
    face = FaceSettings(
        precision=chosen.precision,
        new_base=chosen.new_base if when == AUTO else when,
        gfv_id=options["gfv_id"],
    )
    coding = EncodeSettings(codec=codec, qp=qp, preset=options["preset"])
    layer = None
    if chosen.fusion:
        layer = replace(coding, qp=options["fusion_qp"], structure="lowdelay")
    fps = rate(options["fps"]) if options["fps"] else None
    with as_file(video) as path, open_output(output, codec) as (out, timed):
        wanted = size(options["size"]) or chosen.size
        format, pictures = read_video(path, wanted, fps=fps, pictures=options["pictures"])
        with shown_progress(pictures, "coding", lambda: options["pictures"]) as to_code:
            summary = encode_video(
                to_code,
                out,
                coding,
                face=face,
                encoder=encoder,
                syntax=syntax,
                nal=options["nal"],
                follower=chosen.follower,
                layer=layer,
            )
        timed(summary)
    total = summary.base_bytes + summary.sei_bytes + summary.layer_bytes
    note(
        f"{counted(summary.pictures, 'picture')} of {format.width}x{format.height}, {summary.base_pictures} of them "
        f"coded in {codec} as base pictures"
    )
    if layer is not None:
        others = summary.pictures - summary.base_pictures
        note(
            f"{counted(others, 'further picture')} coded for fusion at QP {layer.qp}, "
            f"{counted(summary.layer_bytes, 'byte')}"
        )
    note(
        f"base pictures {summary.base_bytes} bytes, GFV SEI NAL units {summary.sei_bytes} bytes "
        f"({summary.kbit_per_second(summary.sei_bytes):.2f} kbit/s), together {total} bytes "
        f"({summary.kbit_per_second(total):.2f} kbit/s at {float(summary.fps):g} pictures per second)"
    )
