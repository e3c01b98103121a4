"""gfv remove"""

from __future__ import annotations

import click

from gfv_sei.cli.options import (
    codec_option,
    detail,
    examples,
    fps_option,
    note,
    output_option,
    progress,
    stream_argument,
)
from gfv_sei.wording import counted


@click.command("remove", epilog=examples("gfv remove face.266 -o base.266"))
@stream_argument
@output_option
@click.option(
    "--payload-type",
    "payload_types",
    type=click.IntRange(0),
    multiple=True,
    help="Take these SEI messages out instead of GFV and GFVE (223, 224). May be repeated.",
)
@click.option("--id", "gfv_id", type=click.IntRange(0), help="Only of this gfv_id, GFVE messages for it included.")
@click.option("--cnt", "gfv_cnt", type=click.IntRange(0), help="Only messages of this gfv_cnt.")
@fps_option
@codec_option
def command(
    stream: str,
    output: str,
    payload_types: tuple[int, ...],
    gfv_id: int | None,
    gfv_cnt: int | None,
    fps: float,
    codec: str | None,
) -> None:
    """Take the GFV and GFVE messages out of IN.

    Every other byte stays as it was. Messages that share a NAL unit with others, or stand inside of scalable nesting,
    are taken out of it. OUT may be a container (.mp4, .mkv, .ts).
    """
    from gfv_sei.stream.remove import remove
    from gfv_sei.syntax.payload_types import GFV, GFVE

    with progress(stream, "copying"):
        count = remove(stream, output, payload_types or (GFV, GFVE), codec, gfv_id=gfv_id, gfv_cnt=gfv_cnt, fps=fps)
    detail(f"{counted(count, 'message')} taken out")
    if not count:
        note("the stream has no such message; OUT is a copy of it")
