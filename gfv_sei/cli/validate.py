"""gfv validate"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from gfv_sei.cli.names import Names
from gfv_sei.cli.options import codec_option, examples, file_path, note, progress, read_syntax_option, write_out

if TYPE_CHECKING:
    from gfv_sei.stream.syntax_choice import SyntaxChoice


@click.command(
    "validate", epilog=examples("gfv validate face.266", "gfv validate face.266 --format junit > findings.xml")
)
@click.argument("stream", metavar="IN", type=file_path, required=False)
@read_syntax_option
@click.option(
    "--mode",
    type=Names("gfv_sei.validation.reading", "MODES"),
    default="lenient",
    show_default=True,
    help="How to read faulty messages: lenient reads on past an error, strict drops the message there.",
)
@click.option(
    "--format",
    "output_format",
    type=Names("gfv_sei.validation.report", "FORMATS"),
    default="text",
    show_default=True,
    help="Format of the findings.",
)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option("--rules", is_flag=True, help="List all rules instead, in Markdown or JSON.")
@codec_option
def command(
    stream: str | None,
    syntax: str,
    mode: str,
    output_format: str,
    as_json: bool,
    rules: bool,
    codec: str | None,
) -> None:
    """Check the GFV and GFVE messages of IN against the standard.

    Each violated constraint is reported as a finding, with its rule, its place, what is allowed, and a likely cause.
    The exit status is 1 if any finding is an error; warnings, and messages that decoders ignore, do not count.
    """
    if as_json:
        output_format = "json"
    if rules:
        write_out(_rules(output_format))
        return
    if stream is None:
        raise click.UsageError("Missing argument 'IN'.")
    from gfv_sei.validation.report import Report
    from gfv_sei.validation.stream import validate

    report = Report(stream)

    def tell(name: str, choice: SyntaxChoice | None) -> None:
        report.syntax = name
        if syntax == "auto" and choice is not None and choice.messages:
            note(f"checked against {choice.in_words}")
        if choice is not None and not choice.messages:
            note("the stream has no GFV message to check")

    with progress(stream, "checking"):
        findings = validate(stream, syntax, codec=codec, mode=mode, on_syntax=tell)
        for piece in report.lines(findings, output_format):
            write_out(piece)
    if not report.conforms:
        raise click.exceptions.Exit(1)


def _rules(output_format: str) -> str:
    if output_format == "json":
        from gfv_sei.validation.rules import RULES

        return json.dumps([rule._asdict() for rule in RULES.values()], indent=1) + "\n"
    from gfv_sei.validation.page import rules_page

    return rules_page()
