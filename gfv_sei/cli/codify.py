"""gfv codify"""

from __future__ import annotations

import click

from gfv_sei.cli.options import codec_option, examples, is_file, note, progress, read_syntax_option, write_out
from gfv_sei.cli.payload import hex_payload, payload_type_option
from gfv_sei.cli.selection import Numbers, Selection, selection_options
from gfv_sei.wording import counted


@click.command(
    "codify", epilog=examples("gfv codify face.266 --cnt 1 > test_face.py", "gfv codify 36d4d11903107d06604c40")
)
@click.argument("given", metavar="IN|PAYLOAD...", nargs=-1, required=True)
@selection_options
@click.option("--cnt", type=click.IntRange(0), help="Only messages with this gfv_cnt.")
@click.option(
    "--limit", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Print at most N messages."
)
@click.option("--absolute", is_flag=True, help="Recode messages without prediction: each stands alone.")
@payload_type_option
@read_syntax_option
@codec_option
def command(
    given: tuple[str, ...],
    au: Numbers | None,
    face: int | None,
    cnt: int | None,
    limit: int,
    absolute: bool,
    payload_type: int,
    syntax: str,
    codec: str | None,
) -> None:
    """Print a message of IN as Python code that rebuilds it.

    The code asserts the payload, so it can be pasted as a test. It contains the first message that matches, and the
    earlier messages that it is predicted from. Instead of a stream, PAYLOADs may be given in hex; they count as
    messages of one stream, and the last one is printed.
    """
    from gfv_sei.codify.stream import codify_payloads, codify_stream

    if len(given) == 1 and (given[0] == "-" or is_file(given[0]) or hex_payload(given[0]) is None):
        wanted = Selection(au, face, cnt)
        with progress(given[0], "reading"):
            for piece in codify_stream(
                given[0],
                wanted.takes,
                syntax,
                codec=codec,
                alone=absolute,
                limit=limit,
                on_more=lambda more: note(
                    f"{counted(more, 'further message')} would do, too; --limit, --au, --id and --cnt choose"
                ),
            ):
                write_out(piece)
        return
    payloads = []
    for text in given:
        payload = hex_payload(text)
        if payload is None:
            raise click.BadParameter(f"{text[:80]!r}: several arguments must all be hex digits", param_hint="PAYLOAD")
        payloads.append(payload)
    for piece in codify_payloads(payload_type, payloads, syntax, alone=absolute):
        write_out(piece)
