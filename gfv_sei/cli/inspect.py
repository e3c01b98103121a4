"""gfv inspect"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

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
from gfv_sei.cli.paint import Painter, is_coloured
from gfv_sei.cli.selection import Numbers, Selection, selection_options
from gfv_sei.wording import counted

if TYPE_CHECKING:
    from gfv_sei.explain import Explainer
    from gfv_sei.message import Message
    from gfv_sei.stream.records import MessageReader, Record


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
    help="For reading, for programs, line by line of the syntax, or a page.",
)
@click.option(
    "-o",
    "--output",
    type=file_path,
    metavar="OUT",
    help="With html: the page; - for standard output.",
)
@click.option("--open", "show", is_flag=True, help="With html: open the page in the browser.")
@click.option(
    "--pictures",
    type=click.IntRange(0),
    default=48,
    show_default=True,
    help="With html: decoded pictures in the page at most, and generated ones; 0 for none.",
)
@click.option(
    "--generator",
    metavar="NAME",
    help="With html: pictures of this generator: a name, MODEL.onnx, or a folder with one.",
)
@click.option(
    "--decoder", default="auto", show_default=True, help="With html: what decodes the pictures, as of decode."
)
@read_syntax_option
@click.option("--explain", is_flag=True, help="With text: where VTM, HM or JM read a message differently.")
@show_as_option
@click.option("--bits", is_flag=True, help="With trace: the bits of each element.")
@selection_options
@click.option(
    "--limit", type=click.IntRange(0), metavar="N", help="Show so many messages at most; 0: the summary alone."
)
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

    Every SEI message is listed, and GFV and GFVE messages are decoded. The default format, text, is for reading, a
    summary first, in 100 columns; json has one object with the messages as extract writes them and a summary; trace has
    one line per syntax element: bit position in the payload, descriptor, name, value. The summary is of the whole
    stream, whatever --id, --au and --limit leave of the messages. html is a page with all of it, a timeline, plots,
    pictures and the validator's findings, in one file that needs nothing else.
    """
    _check_format(output_format)
    if output_format == "html":
        page = _html(stream, output, show, syntax=syntax, codec=codec, compat=compat, **pictures)
        _exit_if_broken(page)
        return
    from gfv_sei.stream.source import as_file

    tell = tell_syntax if syntax == "auto" and output_format != "text" else None
    inspection = Inspection(stream, syntax, codec, tell, bits, explain, compat, Selection(au, face), limit)
    if output_format == "text":
        with as_file(stream) as inspection.stream:  # what is wrong with it takes a second look
            _print(text_lines(inspection, is_coloured(sys.stdout)))
    else:
        with progress(stream, "reading"):
            _print({"json": _json, "trace": _trace}[output_format](inspection))
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
    from gfv_sei.report.page import write_report
    from gfv_sei.stream.source import as_file

    if output is None:
        if not show:
            raise click.UsageError("--format html needs -o FILE, or --open to show it")
        output = _page_in_passing(stream)
    if show and output == "-":
        raise click.UsageError("--open needs a file")
    passes = 3 if options["syntax"] == "auto" else 2  # the choice of the syntax, the validator, the page
    with as_file(stream) as path, progress(stream, "reading", passes):
        name = "standard input" if stream == "-" else None
        found = write_report(path, output, name=name, **options)
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
_HELD = 1 << 22  # bytes of text that wait in memory, not on disk


class Inspection:
    """One pass over a stream that gives its records and then its summary.

    ``selection`` and ``limit`` say which records ``shown`` gives; ``left_out`` counts those beyond the limit.
    """

    def __init__(
        self,
        stream: str,
        syntax: str = "auto",
        codec: str | None = None,
        tell: Any = None,
        bits: bool = False,
        explain: bool = False,
        compat: str | None = None,
        selection: Selection = Selection(),  # noqa: B008  # it cannot change
        limit: int | None = None,
    ) -> None:
        self.stream, self.syntax, self.codec = stream, syntax, codec
        self.tell, self.bits, self.explain, self.compat = tell, bits, explain, compat
        self.selection, self.limit, self.left_out = selection, limit, 0
        self.tracing = False
        self.broken = 0
        self.reader: MessageReader | None = None
        self.summary: dict[str, Any] = {}

    @property
    def message(self) -> Message | None:
        """The message behind the last record that has one."""
        return None if self.reader is None else self.reader.message

    def shown(self) -> Iterator[Record]:
        """The records that are asked for; all are read."""
        return filter(self.takes, self.records())

    def takes(self, record: Record) -> bool:
        """Whether the record that was just read is to be shown."""
        if not self.selection.takes(record, self.message):
            return False
        if self.limit is None:
            return True
        if self.limit == 0:
            self.left_out += 1
            return False
        self.limit -= 1
        return True

    def records(self) -> Iterator[Record]:
        """All SEI messages; the summary is there when they have been read."""
        from gfv_sei.stream.records import read_messages

        def begin(reader: MessageReader) -> None:
            self.reader = reader
            if self.tell is not None:
                self.tell(reader)

        for record in read_messages(
            self.stream,
            self.syntax,
            payload_types=None,
            errors="record",
            codec=self.codec,
            on_syntax=begin,
            surveyed=True,
            tracing=self.tracing,
            compat=self.compat,
        ):
            if "error" in record and self.selection.takes(record, self.message):
                self.broken += 1
            yield record
            del record
        reader = self.reader
        assert reader is not None
        assert reader.survey is not None
        self.summary = reader.survey.summary(reader.scanner.position, reader.units.au + 1, reader.units.pictures)
        if reader.looked_at or reader.any_read:
            self.summary["syntax"] = reader.syntax
            self.summary["syntax_also"] = reader.others


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


def _json(inspection: Inspection) -> Iterator[str]:
    from gfv_sei.stream.json_text import dumps, record_text

    yield '{"messages": ['
    separator = "\n"
    for record in inspection.shown():
        yield separator
        yield from record_text(record)
        separator = ",\n"
        del record  # not to be there beside the next one
    yield '],\n"summary": ' + dumps(inspection.summary) + "}\n"


def _trace(inspection: Inspection) -> Iterator[str]:
    from gfv_sei.cli.trace import trace_lines

    inspection.tracing = True

    for record in inspection.shown():
        yield _headline(record)
        if "error" in record:
            yield f"         {record['error']}\n"
            if "payload_type" in record:
                yield from _as_far_as_it_goes(inspection, record)
        elif "payload_hex" in record:
            yield f"{0:8} {'b(8)':6} {'payload':<52} {_shortened(record['payload_hex'])}\n"
        else:
            assert inspection.reader is not None
            assert inspection.reader.message is not None
            yield "".join(trace_lines(inspection.reader.message, inspection.bits))


def _as_far_as_it_goes(inspection: Inspection, record: Record) -> Iterator[str]:
    """The elements of a message that cannot be read, up to where it breaks."""
    from gfv_sei.cli.trace import trace_lines
    from gfv_sei.validation.reading import STRICT, read

    assert inspection.reader is not None
    payload = bytes.fromhex(record["payload_hex"])
    reading = read(record["payload_type"], payload, record["syntax"], inspection.reader.state, STRICT)
    yield from trace_lines(reading, inspection.bits)


def text_lines(inspection: Inspection, coloured: bool = False) -> Iterator[str]:
    """The report for reading: the summary, then messages in words, which wait on disk until that is known."""
    import tempfile

    from gfv_sei.cli.findings import findings_line
    from gfv_sei.cli.selection import identity_of
    from gfv_sei.cli.tally import Tally
    from gfv_sei.explain import Explainer

    paint = Painter(coloured)
    tally = Tally()
    explainer: Explainer | None = None
    with tempfile.SpooledTemporaryFile(_HELD) as held:
        with progress(inspection.stream, "reading"):
            for record in inspection.records():
                identity = identity_of(record, inspection.message)
                if identity is not None:
                    tally.add(identity, record["payload_size"])
                if not inspection.takes(record):
                    continue
                lines = [paint.line(_headline(record)[:-1], "name")]
                if "error" in record:
                    lines.append(paint.line(f"    cannot be read: {record['error']}", "error"))
                if "message" in record:
                    lines += map(paint.line, (f"    {line}" for line in _meaning(record)))
                    if inspection.explain:
                        explainer = explainer or Explainer(record["syntax"])
                        lines += (paint.line(line, "warning") for line in _differences(explainer, inspection, record))
                held.write("".join(lines).encode())
        summary = inspection.summary
        for number, line in enumerate(_summary_lines(summary)):
            yield paint.line(line, None if number else "title")
        yield from map(paint.line, tally.lines(summary["pictures"], summary["bytes"]))
        yield paint.line(*findings_line(inspection.stream, summary.get("syntax"), inspection.codec))
        if held.tell():
            yield "\n"
        held.seek(0)
        yield from (line.decode() for line in held)
        if inspection.left_out:
            yield paint.line(f".. and {counted(inspection.left_out, 'more message')}, left out by --limit", "dim")


def _differences(explainer: Explainer, inspection: Inspection, record: Record) -> Iterator[str]:
    assert inspection.reader is not None
    message = inspection.reader.message
    assert message is not None
    assert message.payload is not None
    codec, position = record["codec"], record["position"]
    for difference in explainer.explain(record["payload_type"], message.payload, codec, position):
        yield f"    {difference.who}: {difference.what}. {difference.why}"


def _headline(record: Record) -> str:
    from gfv_sei.sei.payload_types import payload_type_name

    where = f"au {record['au']}  nal {record['nal']}  byte {record['offset']}  {record['position']} SEI"
    if record["layer_id"]:
        where += f"  layer {record['layer_id']}"
    if "payload_type" not in record:
        return f"{where}\n"
    name = payload_type_name(record["payload_type"])
    nested = f", inside of {payload_type_name(record['nested_in'])}" if "nested_in" in record else ""
    return f"{where}  {name} ({record['payload_type']}), {counted(record['payload_size'], 'byte')}{nested}\n"


def _meaning(record: Record) -> Iterator[str]:
    from gfv_sei.cli.words import in_words

    yield from in_words(record)


def _summary_lines(summary: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{summary['codec'].upper()}: {counted(summary['access_units'], 'access unit')}, "
        f"{counted(summary['pictures'], 'picture')}, {counted(summary['nal_units'], 'NAL unit')}, "
        f"{counted(summary['bytes'], 'byte')}"
    )
    for found in summary["formats"]:
        yield _format_line(found, len(summary["layers"]) > 1)
    if "syntax" in summary:
        others = f" (fits {' and '.join(summary['syntax_also'])} as well)" if summary["syntax_also"] else ""
        yield f"GFV syntax: {summary['syntax']}{others}"
    for row in summary["nal_unit_types"]:
        yield f"  {row['count']:8} {row['name']:<24} {row['bytes']:12} bytes  (NAL unit type {row['nal_type']})"
    for row in summary["sei_messages"]:
        size = f"{row['payload_bytes']:12} bytes of payload"
        yield f"  {row['count']:8} {row['name']:<40} {size}  (SEI {row['payload_type']})"
    if summary["broken_sei_nal_units"]:
        yield f"  {summary['broken_sei_nal_units']:8} SEI NAL units that cannot be taken apart"


def _format_line(found: dict[str, Any], layered: bool) -> str:
    depth, chroma_depth = found["bit_depth"], found["chroma_bit_depth"]
    bits = f"{depth} bit" if depth == chroma_depth else f"{depth} bit luma, {chroma_depth} bit chroma"
    size, coded = (f"{found[part + 'width']}x{found[part + 'height']}" for part in ("", "coded_"))
    of_layer = f" of layer {found['layer_id']}" if layered else ""
    return f"pictures{of_layer}: {size}{'' if size == coded else f' (coded {coded})'}, {found['chroma_format']}, {bits}"


def _shortened(text: str, longest: int = 64) -> str:
    return text if len(text) <= longest else f"{text[:longest]}.. ({counted(len(text) // 2, 'byte')})"
