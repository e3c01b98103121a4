"""gfv vtm-cfg"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from gfv_sei.cli.names import AUTO, Names
from gfv_sei.cli.options import examples, file_path, note, open_input, output_option, read_whole
from gfv_sei.wording import counted

MOST_NETWORK_BYTES = 1 << 28


@click.group("vtm-cfg")
def command() -> None:
    """Convert JSON Lines to and from VTM, HM, JM option files."""


@command.command("export", epilog=examples("gfv vtm-cfg export records.jsonl -o face.cfg"))
@click.argument("params", metavar="PARAMS.jsonl", type=file_path)
@output_option
@click.option(
    "--for",
    "encoder",
    type=Names("vtm_bridge.option_files.options", "encoder_names"),
    default="vtm",
    show_default=True,
    help="Encoder that the file is for.",
)
@click.option(
    "--syntax",
    type=Names("vtm_bridge.option_files.options", "syntaxes"),
    help="Edition that the encoder writes; with vtm, draft-b means VTM 23.9 to 23.11. Default: that of the encoder.",
)
@click.option(
    "--au", type=click.IntRange(0), default=None, help="Access unit to export. Default: the first one with messages."
)
@click.option(
    "--gfve-output",
    type=file_path,
    default=None,
    metavar="OUT",
    help="JM only: file for the GFVE messages. Default: beside OUT, with -gfve in its name.",
)
def export(params: str, output: str, encoder: str, syntax: str | None, au: int | None, gfve_output: str | None) -> None:
    """Write the messages of one access unit as an option file.

    From the file, the encoder makes the same payloads as inject --compat makes from the records. If that is not
    possible, no file is written and an error says why. A network carried in the messages is written to a file beside
    OUT.
    """
    from gfv_sei.cli.inject import read_records
    from gfv_sei.errors import GfvError
    from gfv_sei.stream.target import open_target
    from gfv_sei.syntax.payload_types import GFV, GFVE
    from vtm_bridge.option_files import make_option_files

    if gfve_output is not None and encoder != "jm":
        raise click.UsageError("--gfve-output is for JM alone; VTM and HM take one file")
    stem = "gfv" if output == "-" else Path(output).stem
    with open_input(params) as file:
        made = make_option_files(read_records(file, params), encoder, syntax=syntax, au=au, name=_plain(stem))
    if made.networks and output == "-":
        raise GfvError("a network needs a file beside the option file: give -o a name", element="nn_payload_byte")
    outputs = {GFV: output}
    if encoder == "jm":
        outputs[GFVE] = gfve_output or _beside(output, alone=GFV not in made.files)
        if len(made.files) > 1 and outputs[GFV] == outputs[GFVE]:
            raise click.UsageError("JM takes GFV and GFVE messages in two files: give --gfve-output")
    for name, data in made.networks.items():
        with open_target(Path(output).parent / name) as target:
            target.write(data)
        note(f"wrote {Path(output).parent / name}; the encoder opens {name} in the folder that it runs in")
    for payload_type, text in made.files.items():
        with open_target(outputs[payload_type]) as target:
            target.write(text.encode())
        if payload_type == GFVE and outputs[GFVE] != "-":
            note(f"wrote the GFVE messages to {outputs[GFVE]}")
    for text in made.notes:
        note(text)


@command.command("import", epilog=examples("gfv vtm-cfg import face.cfg -o again.jsonl"))
@click.argument("files", metavar="IN.cfg...", nargs=-1, required=True, type=file_path)
@output_option
@click.option(
    "--from",
    "encoder",
    type=Names("vtm_bridge.option_files.options", "encoder_names", AUTO),
    default=AUTO,
    show_default=True,
    help="Encoder that the file is for; VTM before 23.12 has the options of HM.",
)
@click.option("--network", type=click.Path(exists=True, dir_okay=False), help="File with the network of GFV messages.")
@click.option(
    "--gfve-network", type=click.Path(exists=True, dir_okay=False), help="File with the network of GFVE messages."
)
def import_(files: tuple[str, ...], output: str, encoder: str, network: str | None, gfve_network: str | None) -> None:
    """Write the messages of option files as JSON Lines.

    All records are for access unit 0. Several files count as one, like several -c options of an encoder. From the
    records, inject --compat makes the same payloads as the encoder makes from the files. A network file is read if it
    is in the folder of the first option file; otherwise it must be named with --network or --gfve-network.
    """
    import json

    from gfv_sei.stream.target import open_target
    from gfv_sei.syntax.payload_types import GFV, GFVE
    from gfv_sei.wording import printable
    from vtm_bridge.option_files import read_option_files

    data = []
    for name in files:
        with open_input(name) as file:
            data.append(read_whole(file, name))
    given = {GFV: network, GFVE: gfve_network}
    folder = None if files[0] == "-" else Path(files[0]).resolve().parent
    shown = [printable(name) for name in files]
    found = read_option_files(data, None if encoder == AUTO else encoder, _networks(given, folder), names=shown)
    with open_target(output) as target:
        for record in found.records:
            target.write(json.dumps(record).encode() + b"\n")
    for text in found.notes:
        note(text)
    note(
        f"{counted(len(found.records), 'message')} as {found.dialect.title} writes them; inject them with "
        f"--compat {found.dialect.name} --syntax {found.dialect.syntax}"
    )


def _networks(given: dict[int, str | None], folder: Path | None) -> Callable[[int, str], bytes]:
    """Opens network files: those that the user gives, and those in the folder of the option file, no others."""

    def network(payload_type: int, name: str) -> bytes:
        from gfv_sei.errors import GfvError
        from gfv_sei.syntax.payload_types import GFV

        path = Path(given[payload_type] or "")
        if given[payload_type] is None:
            option = "--network" if payload_type == GFV else "--gfve-network"
            shown = ascii(name)[1:-1][:200]
            if folder is None:
                raise GfvError(f"the options name a network file; give it with {option}", value=shown)
            try:
                path = (folder / name).resolve()
                inside = bool(name) and folder in path.parents and path.is_file()
            except (OSError, ValueError, RuntimeError):
                inside = False
            if not inside:
                raise GfvError(
                    f"the network file is not in the folder of the option file; give it with {option}",
                    element="network_file",
                    value=shown,
                )
        try:
            with path.open("rb") as file:
                data = file.read(MOST_NETWORK_BYTES + 1)
        except OSError as error:
            raise GfvError(f"cannot open {path}: {error.strerror}") from error
        if len(data) > MOST_NETWORK_BYTES:
            raise GfvError(f"{path} is too long for a network", allowed=f"{MOST_NETWORK_BYTES} bytes")
        return data

    return network


def _beside(output: str, alone: bool) -> str:
    """Where JM's second file goes; the only file goes where the user said."""
    if output == "-" or alone:
        return output
    path = Path(output)
    return str(path.with_name(f"{path.stem}-gfve{path.suffix}"))


def _plain(stem: str) -> str:
    """A name that comes through any option file."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in stem) or "gfv"
