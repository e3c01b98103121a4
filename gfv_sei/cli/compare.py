"""gfv compare"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gfv_sei.cli.names import Names
from gfv_sei.cli.options import codec_option, detail, examples, file_path, progress, read_syntax_option, write_out
from gfv_sei.cli.paint import Painter, is_coloured
from gfv_sei.wording import counted

if TYPE_CHECKING:
    from gfv_sei.comparison.compare import Comparison

_LONGEST = 60  # characters of a value in the text


@click.command(
    "compare",
    epilog=examples("gfv compare face.266 again.266", "gfv compare face.266 again.266 --values --tolerance 0.01"),
)
@click.argument("a", metavar="A", type=file_path)
@click.argument("b", metavar="B", type=file_path)
@click.option(
    "--by",
    type=Names("gfv_sei.comparison.aligning", "BY"),
    default="au",
    show_default=True,
    help="How messages are paired: by access unit and identifiers; k-th with k-th in stream order; or k-th with k-th "
    "among those of the same identifiers and count.",
)
@click.option("--values", is_flag=True, help="Compare values after prediction instead of bits.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1e9),
    metavar="X",
    help="With --values: largest difference that counts as equal. Default: 0.",
)
@click.option(
    "--ignore-nal", is_flag=True, help="Ignore whether messages are prefix or suffix, nested, or share NAL units."
)
@click.option(
    "--payload-type",
    "payload_types",
    type=click.IntRange(0),
    multiple=True,
    help="Compare these SEI messages instead of GFV and GFVE (223, 224). May be repeated.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="For people, or one JSON object.",
)
@read_syntax_option
@codec_option
def command(
    a: str,
    b: str,
    by: str,
    values: bool,
    tolerance: float | None,
    ignore_nal: bool,
    payload_types: tuple[int, ...],
    output_format: str,
    syntax: str,
    codec: str | None,
) -> None:
    """Compare the GFV and GFVE messages of streams A and B.

    Each message is missing, moved, changed or equal. A and B may use different codecs. The exit status is 0 if all
    messages are equal and in the same places, 1 otherwise. For a changed message, the first syntax element (with
    --values, the first value) that differs is shown, with the sizes of both payloads in bits.
    """
    from gfv_sei.comparison.compare import Comparison
    from gfv_sei.stream.records import OURS

    if a == b == "-":
        raise click.UsageError("A and B cannot both be standard input")
    if tolerance is not None and not values:
        raise click.UsageError("--tolerance goes with --values")
    comparison = Comparison(
        a,
        b,
        by=by,
        values=values,
        tolerance=tolerance or 0.0,
        ignore_nal=ignore_nal,
        syntax=syntax,
        codec=codec,
        payload_types=payload_types or OURS,
    )
    with progress(a, "comparing"):
        for text in _json(comparison) if output_format == "json" else _text(comparison, (a, b)):
            write_out(text)
    for name, side in (("A", comparison.summary["a"]), ("B", comparison.summary["b"])):
        detail(f"{name}: {side['codec']}, syntax {side['syntax']}")
    if comparison.differs:
        raise click.exceptions.Exit(1)


def _json(comparison: Comparison) -> Iterator[str]:
    dumps = json.JSONEncoder(check_circular=False).encode
    yield '{"differences": ['
    separator = "\n"
    for found in comparison:
        yield separator + dumps(found)
        separator = ",\n"
    yield '],\n"summary": ' + dumps(comparison.summary) + "}\n"


def _text(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    paint = Painter(is_coloured(sys.stdout))
    for found in comparison:
        yield paint.line(f"{_place(found)}  {_who(found)}", "name")
        yield from (paint.line(f"    {line}") for line in _how(found))
    summary = comparison.summary
    for name, stream, side in zip("AB", names, (summary["a"], summary["b"]), strict=True):
        broken = side["broken_sei_nal_units"]
        more = f", {counted(broken, 'SEI NAL unit')} that cannot be taken apart" if broken else ""
        yield paint.line(
            f"{name}: {counted(side['messages'], 'message')} ({side['codec']}, {side['syntax']}) in {stream}{more}"
        )
    parts = [f"{summary['equal']} equal", f"{summary['changed']} changed", f"{summary['moved']} moved"]
    parts += [f"{summary['only_in_a']} only in A", f"{summary['only_in_b']} only in B"]
    yield paint.line(", ".join(parts), "error" if comparison.differs else "good")


def _place(found: dict[str, Any]) -> str:
    return f"au {(found.get('a') or found['b'])['au']}"


def _who(found: dict[str, Any]) -> str:
    from gfv_sei.sei.payload_types import payload_type_name

    identity = (f"{name} {value}" for name, value in found.items() if name.startswith("gfv"))
    return ", ".join([f"{payload_type_name(found['payload_type'])} ({found['payload_type']})", *identity])


def _how(found: dict[str, Any]) -> Iterator[str]:
    for kind in found["kinds"]:
        if kind.startswith("only_in_"):
            side = found[kind[-1]]
            error = f"; it cannot be read: {found['error']}" if "error" in found else ""
            yield f"only in {kind[-1].upper()}: NAL unit {side['nal']}, byte {side['offset']}{error}"
    if "moved" in found:
        names = {
            "au": "access unit",
            "layer_id": "layer",
            "in_nal": "number in its NAL unit",
            "nested_in": "inside of",
        }
        parts = (
            f"{names.get(name, name)} {_brief(a)} in A, {_brief(b)} in B" for name, (a, b) in found["moved"].items()
        )
        yield f"moved: {'; '.join(parts)}"
    if "changed" in found:
        yield f"changed: {_first(found['changed'])}"
        errors = ((side, found["changed"].get(f"error_{side}")) for side in "ab")
        yield from (f"in {side.upper()} it cannot be read: {error}" for side, error in errors if error)


def _first(changed: dict[str, Any]) -> str:
    bits = f"; {counted(changed['bits'][0], 'bit')} in A, {changed['bits'][1]} in B"
    if "element" in changed:
        number = f" number {changed['number']}" if changed.get("number") else ""
        at = f" at bit {changed['bit']}" if "bit" in changed else ""
        return f"{changed['element']}{number}{at}: {_brief(changed['a'])} in A, {_brief(changed['b'])} in B{bits}"
    if "value" in changed:
        apart = f", {changed['difference']:g} apart" if "difference" in changed else ""
        return f"{changed['value']}: {_brief(changed['a'])} in A, {_brief(changed['b'])} in B{apart}{bits}"
    return f"bit {changed['bit']} of the payload{bits}"


def _brief(value: Any) -> str:
    if value is None:
        return "none"
    text = f"{value:.9g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}.."
