"""gfv plot"""

from __future__ import annotations

from pathlib import Path

import click

from gfv_sei.cli.options import (
    codec_option,
    examples,
    note,
    output_option,
    progress,
    read_syntax_option,
    stream_argument,
)
from gfv_sei.cli.selection import Numbers, selection_options
from gfv_sei.plot import FORMATS
from gfv_sei.wording import counted, printable


@click.command("plot", epilog=examples("gfv plot face.266 -o face.png"))
@stream_argument
@output_option
@selection_options
@click.option(
    "--format", "file_format", type=click.Choice(FORMATS), help="Default: from the ending of OUT, or png for -."
)
@read_syntax_option
@codec_option
def command(
    stream: str,
    output: str,
    au: Numbers | None,
    face: int | None,
    file_format: str | None,
    syntax: str,
    codec: str | None,
) -> None:
    """Plot parameters, bits and keypoint tracks of IN over time.

    OUT is a .png or .svg file. One face is plotted, by default that of the first message. Requires matplotlib, which
    comes with the extra "plot".
    """
    from gfv_sei.errors import GfvError
    from gfv_sei.extras import lacking
    from gfv_sei.plot.series import read_series
    from gfv_sei.stream.source import as_file
    from gfv_sei.stream.target import open_target

    if file_format is None:
        file_format = "png" if output == "-" else Path(output).suffix[1:].lower()
        if file_format not in FORMATS:
            raise click.BadParameter("must end in .png or .svg, or --format says which", param_hint="'-o'")
    try:
        from gfv_sei.plot.draw import draw
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise GfvError(lacking("gfv plot", "matplotlib", "plot")) from error
    with as_file(stream) as path, progress(path, "reading"):
        series = read_series(path, face, syntax, codec=codec, access_units=au)
    if series.other_ids and face is None:
        note(f"gfv_id {series.gfv_id} is drawn; the stream has {counted(len(series.other_ids), 'other')}; --id chooses")
    drawn = draw(series, "standard input" if stream == "-" else printable(Path(stream).name), file_format)
    with open_target(output) as file:
        file.write(drawn)
