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
    help="Kind of SEI NAL unit; record keeps the position that each record names. Default: suffix; in AVC, prefix.",
)
@click.option(
    "--on-conflict",
    type=Names("gfv_sei.stream.inject", "CONFLICTS"),
    default="append",
    show_default=True,
    help="What to do where an access unit already has messages of the same type and identifiers.",
)
@click.option(
    "--place",
    type=Names("gfv_sei.stream.placement", "PLACES"),
    help="Key that says which picture a record is for: au (index in decoding order), display (index in output order), "
    "poc (picture order count). Default: the first of these that the first record has.",
)
@click.option(
    "--mismatch",
    type=Names("gfv_sei.stream.placement", "MISMATCHES"),
    default="strict",
    show_default=True,
    help="What to do with a record whose picture is not in BASE: fail, leave it out, or put it at an earlier picture.",
)
@click.option("--pack", is_flag=True, help="Put all messages of a picture into one NAL unit.")
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
    """Insert the messages of PARAMS.jsonl into BASE.

    Each line is a record as extract writes it, and goes to the picture that it names. A record needs au (or display, or
    poc), payload_type, and one of message, payload_hex, or values with identifiers and precisions. Every other byte of
    BASE stays as it was. OUT may be a container (.mp4, .mkv, .ts).

    Records placed by au must be in the order of access units. Records placed by display or poc may be in any order;
    BASE is then read twice, from a pipe by way of a temporary copy. POCs start anew in each coded video sequence: a POC
    that repeats, or that is not in the sequence of the previous record, refers to the next sequence that has it.

    With --mismatch hold, a record placed by au or display goes to the last picture, and one placed by poc to the
    picture with the next lower POC of the same sequence, or to its lowest. Identifiers are not changed. Errors number
    records from 0.
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
    detail(f"{counted(count, 'message')} inserted, syntax {syntax}")
    if not count:
        note("no message was inserted; OUT is a copy of BASE")
    if misfits > 1:
        note(f"{counted(misfits, 'record')} {'held' if mismatch == 'hold' else 'left out'}")


def read_records(file: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file. Raises GfvError with the number of a line that is none."""
    from gfv_sei.errors import MessageError

    name = "standard input" if name == "-" else name
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
