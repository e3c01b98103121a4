"""gfv inspect"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import click
from click.core import ParameterSource

from gfv_sei.cli.names import AUTO
from gfv_sei.cli.options import (
    codec_option,
    complain,
    examples,
    file_path,
    note,
    progress,
    read_syntax_option,
    show_as_option,
    stream_argument,
    tell_syntax,
    write_out,
)
from gfv_sei.cli.paint import is_coloured
from gfv_sei.cli.selection import Numbers, Selection, selection_options
from gfv_sei.wording import counted


@click.command(
    "inspect",
    epilog=examples(
        "gfv inspect face.266",
        "gfv inspect face.266 --format html -o face.html",
        "gfv inspect face.266 --format trace --bits --au 0",
    ),
)
@stream_argument
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "trace", "html")),
    default="text",
    show_default=True,
    help="For people, for programs, one line per syntax element, or a web page.",
)
@click.option(
    "-o",
    "--output",
    type=file_path,
    metavar="OUT",
    help="With html: file for the page, or - for standard output.",
)
@click.option("--open", "show", is_flag=True, help="With html: open the page in a browser.")
@click.option(
    "--pictures",
    type=click.IntRange(0),
    default=48,
    show_default=True,
    help="With html: maximum number of decoded pictures in the page, and of generated ones; 0 for none.",
)
@click.option(
    "--generator",
    metavar="NAME",
    help="With html: add pictures made by this generator: a name, MODEL.onnx, or a folder that holds one.",
)
@click.option("--decoder", default=AUTO, show_default=True, help="With html: decoder for the pictures; see gfv decode.")
@read_syntax_option
@click.option("--explain", is_flag=True, help="With text: say where VTM, HM or JM read a message differently.")
@show_as_option
@click.option("--bits", is_flag=True, help="With trace: show the bits of each element.")
@selection_options
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N messages; 0 shows only the summary.")
@codec_option
def command(
    stream: str,
    output_format: str,
    syntax: str,
    explain: bool,
    compat: str | None,
    bits: bool,
    au: Numbers | None,
    face: int | None,
    limit: int | None,
    codec: str | None,
    output: str | None,
    show: bool,
    **pictures: Any,
) -> None:
    """Show what is in IN: codec, pictures, NAL units, SEI messages.

    Every SEI message is listed, and GFV and GFVE messages are decoded. The default format, text, is meant for people
    and begins with a summary, in 100 columns. json is one object that holds the summary and the messages as extract
    writes them. trace has one line per syntax element: bit position in the payload, descriptor, name, value. The
    summary always covers the whole stream, whichever messages --id, --au and --limit select. html is a self-contained
    page with all of this, a timeline, plots, pictures and the findings of the validator.
    """
    _check_format(output_format)
    if output_format == "html":
        page = _html(stream, output, show, syntax=syntax, codec=codec, compat=compat, **pictures)
        _exit_if_broken(page)
        return
    from gfv_sei.cli.inspect_text import text_lines
    from gfv_sei.cli.inspection import Inspection, json_lines
    from gfv_sei.cli.trace import traced
    from gfv_sei.stream.source import as_file

    inspect = partial(Inspection, syntax=syntax, codec=codec, compat=compat, selection=Selection(au, face), limit=limit)
    if output_format == "text":
        with as_file(stream) as path:  # what is wrong with it takes a second look
            inspection = inspect(path)
            _print(text_lines(inspection, is_coloured(sys.stdout), explain))
    else:
        tracing = output_format == "trace"
        inspection = inspect(stream, tracing=tracing, on_syntax=tell_syntax if syntax == AUTO else None)
        with progress(stream, "reading"):
            _print(traced(inspection, bits) if tracing else json_lines(inspection))
    _exit_if_broken(inspection.broken)


_FORMATS_OF = {
    "output": ("html",),
    "show": ("html",),
    "pictures": ("html",),
    "generator": ("html",),
    "decoder": ("html",),
    "explain": ("text",),
    "bits": ("trace",),
    "au": ("text", "json", "trace"),
    "face": ("text", "json", "trace"),
    "limit": ("text", "json", "trace"),
}
"""The formats that an option has a meaning for, by parameter."""


def _check_format(output_format: str) -> None:
    """Raise UsageError for an option that the format would leave unheard."""
    ctx = click.get_current_context()
    for option in ctx.command.params:
        formats = _FORMATS_OF.get(option.name or "", (output_format,))
        if output_format not in formats and ctx.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{max(option.opts, key=len)} is for --format {' or '.join(formats)}")


def _exit_if_broken(broken: int) -> None:
    if broken:
        complain(f"{counted(broken, 'SEI message')} could not be read")
        raise click.exceptions.Exit(1)


def _html(stream: str, output: str | None, show: bool, **options: Any) -> int:
    """Write the page and open it if asked to; the number of messages that cannot be read."""
    from gfv_sei.errors import GfvError
    from gfv_sei.report.page import write_report
    from gfv_sei.stream.source import as_file

    if output is None:
        if not show:
            raise click.UsageError("--format html needs -o FILE, or --open to show it")
        output = _page_in_passing(stream)
    if show and output == "-":
        raise click.UsageError("--open needs a file")
    passes = 3 if options["syntax"] == AUTO else 2  # the choice of the syntax, the validator, the page
    with as_file(stream) as path, progress(stream, "reading", passes):
        name = "standard input" if stream == "-" else None
        try:
            found = write_report(path, output, name=name, **options)
        except GfvError as error:
            if error.element != "decoder":
                raise
            raise click.BadParameter(
                f"{error.value!r} is not one of {error.allowed}.", param_hint="'--decoder'"
            ) from None
    for line in found["notes"]:
        note(line)
    if show:
        note(f"opening {output}")
        click.launch(output)
    broken: int = found["broken"]
    return broken


def _page_in_passing(stream: str) -> str:
    """Where a page goes that nobody wants to keep: a folder of its own in the place for temporary files."""
    import tempfile
    from pathlib import Path

    name = "stream" if stream == "-" else Path(stream).name
    return str(Path(tempfile.mkdtemp(prefix="gfv-"), f"{name}.html"))


_WRITTEN_AT_ONCE = 1 << 16


def _print(lines: Iterator[str]) -> None:
    """Lines to standard output, some tens of kilobytes at a time."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= _WRITTEN_AT_ONCE:
            write_out("".join(waiting))
            waiting.clear()
            size = 0
    write_out("".join(waiting))
