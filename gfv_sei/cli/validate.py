"""gfv validate"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

from gfv_sei.cli.options import codec_option, note, progress, read_syntax_option, stream_argument, write_out
from gfv_sei.errors import place_in_words

if TYPE_CHECKING:
    from gfv_sei.stream.syntax_choice import SyntaxChoice
    from gfv_sei.validation.rules import Finding


@click.command("validate")
@stream_argument
@read_syntax_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object with all findings.")
@codec_option
def command(stream: str, syntax: str, as_json: bool, codec: str | None) -> None:
    """Report every constraint of the standard that the GFV and GFVE messages of IN break.

    Exit status 1 where a finding is an error; warnings, and messages that decoders ignore, do not count.
    """
    from gfv_sei.validation.stream import validate

    counts: Counter[str] = Counter()
    used = []

    def tell(name: str, choice: SyntaxChoice | None) -> None:
        used.append(name)
        if syntax == "auto" and choice is not None and choice.messages:
            also = f", fits {' and '.join(choice.equals)} as well" if choice.equals else ""
            note(f"checked against {name}{also}")

    with progress(stream, "checking"):
        separator = "\n"
        for finding in validate(stream, syntax, codec=codec, on_syntax=tell):
            counts[finding.rule.severity] += 1
            if as_json:
                head = '{"findings": [' if counts.total() == 1 else ","
                write_out(head + separator + json.dumps(finding.to_dict()))
            else:
                write_out(_in_words(finding))
    if as_json:
        close = "\n]" if counts else '{"findings": []'
        write_out(f'{close}, "syntax": {json.dumps(used[0])}, "counts": {json.dumps(dict(counts))}}}\n')
    else:
        total = ", ".join(f"{n} {severity}" for severity, n in sorted(counts.items()))
        write_out((total or "conforms") + "\n")
    if counts["error"]:
        raise click.exceptions.Exit(1)


def _in_words(finding: Finding) -> str:
    where = place_in_words(finding.au, finding.nal, finding.offset, finding.bit)
    what = finding.what
    if finding.element is not None:
        value = "" if finding.value is None else f" = {finding.value}"
        what = f"{finding.element}{value}: {what}"
    allowed = f" (allowed: {finding.allowed})" if finding.allowed is not None else ""
    return (
        f"{finding.rule.severity} {finding.rule.identifier}: {where}: {what}{allowed}\n"
        f"    {finding.rule.demands} [{finding.rule.clause}]\n"
    )
