"""What inspect prints for reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gfv_sei.cli.inspection import Inspection, headline
from gfv_sei.cli.options import progress
from gfv_sei.cli.paint import Painter
from gfv_sei.wording import counted

if TYPE_CHECKING:
    from gfv_sei.explain import Explainer
    from gfv_sei.stream.records import Record

_HELD = 1 << 22  # bytes of text that wait in memory, not on disk


def text_lines(inspection: Inspection, coloured: bool = False, explain: bool = False) -> Iterator[str]:
    """The report for reading: the summary, then messages in words, which wait on disk until that is known.

    The stream is read twice: the validator counts what is wrong with it. ``explain`` says of each message where
    reference software reads it differently.
    """
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
                if inspection.takes(record):
                    if explain and explainer is None and "message" in record:
                        explainer = Explainer(record["syntax"])
                    held.write("".join(_about(record, inspection, paint, explainer)).encode())
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


def _about(record: Record, inspection: Inspection, paint: Painter, explainer: Explainer | None) -> Iterator[str]:
    """The lines of one message."""
    from gfv_sei.cli.words import in_words

    yield paint.line(headline(record), "name")
    if "error" in record:
        yield paint.line(f"    cannot be read: {record['error']}", "error")
    if "message" in record:
        yield from (paint.line(f"    {line}") for line in in_words(record))
        if explainer is not None:
            yield from (paint.line(line, "warning") for line in _differences(explainer, inspection, record))


def _differences(explainer: Explainer, inspection: Inspection, record: Record) -> Iterator[str]:
    message = inspection.message
    assert message is not None
    assert message.payload is not None
    codec, position = record["codec"], record["position"]
    for difference in explainer.explain(record["payload_type"], message.payload, codec, position):
        yield f"    {difference.who}: {difference.what}. {difference.why}"


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
