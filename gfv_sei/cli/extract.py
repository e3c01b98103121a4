"""gfv extract"""

from __future__ import annotations

from typing import Any

import click

from gfv_sei.cli.options import (
    codec_option,
    complain,
    detail,
    examples,
    note,
    output_option,
    progress,
    read_syntax_option,
    show_as_option,
    stream_argument,
    tell_syntax,
)
from gfv_sei.wording import counted


@click.command(
    "extract",
    epilog=examples(
        "gfv extract face.266 -o params.jsonl", "gfv extract face.266 -o - --order | python -m json.tool --json-lines"
    ),
)
@stream_argument
@output_option
@read_syntax_option
@click.option("--elements", is_flag=True, help="Add a list of the coded elements: name, value, bits, descriptor.")
@click.option(
    "--payload-type",
    "payload_types",
    type=click.IntRange(0),
    multiple=True,
    help="Extract these SEI messages, in hex, instead of GFV and GFVE (223, 224). May be repeated.",
)
@click.option(
    "--order",
    is_flag=True,
    help="Add poc (picture order count) and display (index in output order) to each record, so that inject can place "
    "it by either. Takes about an eighth more time; from a live pipe, records arrive some pictures later.",
)
@show_as_option
@codec_option
def command(
    stream: str,
    output: str,
    syntax: str,
    elements: bool,
    payload_types: tuple[int, ...],
    order: bool,
    compat: str | None,
    codec: str | None,
) -> None:
    """Write the messages of IN as JSON Lines, in bitstream order.

    A message that cannot be read becomes a record with the error and its payload in hex; the exit status is then 1.
    """
    from gfv_sei.stream.extract import extract
    from gfv_sei.stream.records import OURS

    broken = 0

    def look(record: dict[str, Any]) -> None:
        nonlocal broken
        if "error" in record:
            broken += 1
            if broken == 1:
                complain(record["error"])

    with progress(stream, "reading"):
        count = extract(
            stream,
            output,
            syntax,
            elements=elements,
            payload_types=payload_types or OURS,
            codec=codec,
            compat=compat,
            order=order,
            on_syntax=tell_syntax if syntax == "auto" else None,
            on_record=look,
        )
    detail(f"{counted(count, 'record')} written")
    if not count:
        note("the stream has no such message" if payload_types else "the stream has no GFV or GFVE message")
    if broken:
        if broken > 1:
            complain(f"{counted(broken, 'message')} could not be read; their records say why")
        raise click.exceptions.Exit(1)
