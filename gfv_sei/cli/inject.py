"""gfv inject"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import click

from gfv_sei.cli.names import Names
from gfv_sei.cli.options import (
    MOST_BYTES,
    codec_option,
    detail,
    examples,
    file_path,
    fps_option,
    note,
    open_input,
    output_option,
    progress,
    warn_of_prefix,
    write_as_option,
    write_syntax_option,
)
from gfv_sei.wording import counted


@click.command("inject", epilog=examples("gfv inject base.266 params.jsonl -o again.266"))
@click.argument("base", metavar="BASE", type=file_path)
@click.argument("params", metavar="PARAMS.jsonl", type=file_path)
@output_option
@write_syntax_option
@click.option(
    "--nal",
    type=Names("gfv_sei.stream.inject", "NAL_PLACES"),
    default=None,
    help="Kind of SEI NAL unit; record takes the place that each record names. Default: suffix, in AVC prefix.",
)
@click.option(
    "--on-conflict",
    type=Names("gfv_sei.stream.inject", "CONFLICTS"),
    default="append",
    show_default=True,
    help="Where messages of the same type and identifiers stand in an access unit already.",
)
@click.option(
    "--place",
    type=Names("gfv_sei.stream.placement", "PLACES"),
    help="Which key of a record says what picture it is for: index in decoding order, index in output order, picture "
    "order count. Default: the first of these that the first record has.",
)
@click.option(
    "--mismatch",
    type=Names("gfv_sei.stream.placement", "MISMATCHES"),
    default="strict",
    show_default=True,
    help="A record whose picture is not in BASE: an error; left out; or put at the last picture before.",
)
@click.option("--pack", is_flag=True, help="All messages of a picture in one NAL unit.")
@write_as_option
@fps_option
@codec_option
def command(
    base: str,
    params: str,
    output: str,
    syntax: str,
    nal: str | None,
    on_conflict: str,
    place: str | None,
    mismatch: str,
    pack: bool,
    compat: str | None,
    fps: float,
    codec: str | None,
) -> None:
    """Put the messages of PARAMS.jsonl into BASE at their pictures.

    Each line is a record as extract writes it. It needs au (or display or poc), payload_type, and message, or values
    with identifiers and precisions, or payload_hex. Every other byte of BASE stays as it was. OUT may be a container
    (.mp4, .mkv, .ts).

    Records by au stand in the order of access units. Those by display or poc may stand in another order, and BASE is
    then read twice; from a pipe by way of a temporary copy. POCs count anew in each coded video sequence: a POC that
    comes back, or that the sequence of the record before does not have, is that of the next sequence with it.

    --mismatch hold: by au and display at the last picture, by poc at the one with the next lower POC of the same
    sequence, or its first one. Identifiers are left as they are. Errors count records from 0.
    """
    from gfv_sei.stream.inject import inject

    if base == params == "-":
        raise click.UsageError("BASE and PARAMS.jsonl cannot both be standard input")
    warn_of_prefix(nal)
    misfits = 0

    def tell(text: str) -> None:
        nonlocal misfits
        misfits += 1
        if misfits == 1:
            note(text)

    with open_input(params) as file, progress(base, "copying"):
        count = inject(
            base,
            read_records(file, params),
            output,
            syntax=syntax,
            nal=nal,
            on_conflict=on_conflict,
            pack=pack,
            compat=compat,
            place=place,
            mismatch=mismatch,
            on_mismatch=tell,
            codec=codec,
            fps=fps,
        )
    detail(f"{counted(count, 'message')} put in, syntax {syntax}")
    if not count:
        note("no message was put in; OUT is a copy of BASE")
    if misfits > 1:
        note(f"{counted(misfits, 'record')} {'held' if mismatch == 'hold' else 'left out'}")


def read_records(file: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file. Raises GfvError with the number of a line that is none."""
    from gfv_sei.errors import MessageError

    decode = json.JSONDecoder().decode
    for number, line in enumerate(iter(lambda: file.readline(MOST_BYTES + 1), b""), 1):
        if len(line) > MOST_BYTES:
            raise MessageError(f"{name}, line {number}: too long", allowed=f"{MOST_BYTES} bytes")
        if not line.strip():
            continue
        try:
            record = decode(line.decode())
        except (ValueError, RecursionError) as error:
            raise MessageError(f"{name}, line {number}: not JSON: {error}") from None
        if not isinstance(record, dict):
            raise MessageError(f"{name}, line {number}: not a JSON object")
        yield record
