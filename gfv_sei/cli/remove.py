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
    help="Remove these SEI messages instead of GFV and GFVE (223, 224). May be repeated.",
)
@click.option(
    "--id", "gfv_id", type=click.IntRange(0), help="Only messages with this gfv_id, and the GFVE messages for it."
)
@click.option("--cnt", "gfv_cnt", type=click.IntRange(0), help="Only messages with this gfv_cnt.")
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
    """Remove the GFV and GFVE messages from IN.

    Every other byte stays as it was. Messages are also removed from NAL units that they share with others, and from
    scalable nesting. OUT may be a container (.mp4, .mkv, .ts).
    """
    from gfv_sei.stream.remove import remove
    from gfv_sei.syntax.payload_types import GFV, GFVE

    with progress(stream, "copying"):
        count = remove(stream, output, payload_types or (GFV, GFVE), codec, gfv_id=gfv_id, gfv_cnt=gfv_cnt, fps=fps)
    detail(f"{counted(count, 'message')} removed")
    if not count:
        note("the stream has no such message; OUT is a copy of it")
