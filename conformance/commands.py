"""gfv conformance"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import click

from gfv_sei.cli.names import one_codec
from gfv_sei.cli.options import examples, note
from gfv_sei.wording import counted

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
codec_option = click.option(
    "--codec", "codecs", type=one_codec, multiple=True, help="Only this codec. May be repeated."
)
case_option = click.option(
    "--case",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this case (KPS_A) or subject (KPS, NEG). May be repeated.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of parallel processes."
)


@click.group("conformance")
def command() -> None:
    """Build the conformance suite, or run readers against it."""


@command.command("build", epilog=examples("gfv conformance build suite --case KPS_A --codec avc"))
@folder_argument
@jobs_option
@codec_option
@case_option
def build(folder: Path, jobs: int, codecs: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Build the suite, or a part of it, in DIR.

    It consists of a package for each case and codec, the negative streams, a map of the syntax that is covered, and a
    README.md that explains the files. The exit status is 1 if a stream is not what its case says, or if the whole suite
    leaves a branch of the syntax or a rule of the validator without a stream.
    """
    from conformance import build as making
    from gfv_sei.nal.codec import CODEC_NAMES

    outcome = making.build(folder, names, codecs or CODEC_NAMES, jobs, watch=_watched)
    note(
        f"{counted(outcome.streams, 'stream')} and {counted(outcome.negatives, 'negative stream')} "
        f"of {counted(outcome.cases, 'case')}, {counted(outcome.bytes, 'byte')} in packages; "
        f"{outcome.branches[0]} of {outcome.branches[1]} branches of the syntax "
        f"reached, {outcome.rules[0]} of {outcome.rules[1]} rules broken"
    )


@command.command("list", epilog=examples("gfv conformance list --case KPS"))
@case_option
def list_cases(names: tuple[str, ...]) -> None:
    """List the cases: name, codecs, title."""
    from conformance.build import chosen

    for case in chosen(names):
        click.echo(f"{case.name:<20} {','.join(case.codecs):<14} {case.title}")


@command.command(
    "verify",
    epilog=examples("gfv conformance verify suite", "gfv conformance verify suite --tool 'gfv extract {} -o -'"),
)
@folder_argument
@click.option("--tool", metavar="COMMAND", help="Reader to run, which prints JSON Lines; {} stands for the stream.")
@click.option(
    "--vtm", is_flag=True, help="Run the decoder of VTM (GFV_VTM_DECODER) and check its list of SEI messages; VVC only."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60,
    show_default=True,
    help="Time limit per stream, in seconds.",
)
@click.option("--positive", is_flag=True, help="Skip the negative streams.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "junit", "markdown")),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True),
    default="-",
    metavar="OUT",
    help="File for the report, or - for standard output.",
)
@jobs_option
@codec_option
@case_option
def verify(
    folder: Path,
    tool: str | None,
    vtm: bool,
    timeout: float,
    positive: bool,
    form: str,
    output: str,
    jobs: int,
    codecs: tuple[str, ...],
    names: tuple[str, ...],
) -> None:
    """Run a reader against the suite in DIR.

    The reader is ours, a command, or the decoder of VTM. It must read the elements and values that the package of each
    stream lists. It must survive the negative streams, in which our validator must find what the package lists. The
    exit status is 1 if anything fails.
    """
    from conformance.readers import CommandReader, OurReader, Reader, VtmReader
    from conformance.reports import FORMATS
    from conformance.verify import verify as run
    from gfv_sei.stream.target import open_target

    if tool is not None and vtm:
        raise click.UsageError("--tool and --vtm are two readers; give one")
    reader: Reader = OurReader() if tool is None else CommandReader(tool, timeout)
    if vtm:
        reader = VtmReader(timeout=timeout)
    verdicts = run(folder, reader, codecs, names, not positive, jobs, _watched)
    with open_target(output) as file:
        file.write(FORMATS[form](verdicts, reader.name).encode())
    if not all(one.good for one in verdicts):
        raise click.exceptions.Exit(1)


@command.command("export", epilog=examples("gfv conformance export suite --fluster -o fluster-suites"))
@folder_argument
@click.option(
    "--fluster",
    is_flag=True,
    required=True,
    help="Write test suites for fluster, and a decoder class that reads messages.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="OUT", help="Folder for the files."
)
def export(folder: Path, fluster: bool, output: Path) -> None:
    """Write the suite in DIR in the form of another test runner.

    For fluster: give it "-tsd OUT", first to download the suites (from DIR), then to run them; put
    OUT/decoders/gfv_messages.py into its folder fluster/decoders to have the messages read.
    """
    from conformance.fluster import export as write

    for path in write(folder, output):
        note(f"wrote {path}")


T = TypeVar("T")


def _watched(streams: Iterable[T], total: int) -> Iterable[T]:
    """A progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield from streams
        return
    with click.progressbar(streams, length=total, label="streams", file=sys.stderr) as bar:
        yield from bar
