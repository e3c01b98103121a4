"""gfv conformance"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gfv_sei.cli.options import note

if TYPE_CHECKING:
    from conformance.build import Built

CODECS = ("vvc", "hevc", "avc")

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
codec_option = click.option(
    "--codec", "codecs", type=click.Choice(CODECS), multiple=True, help="Only this codec. May be repeated."
)
case_option = click.option(
    "--case", "names", multiple=True, metavar="NAME", help="Only this case (KPS_A) or subject (KPS). May be repeated."
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that work at the same time."
)


@click.group("conformance")
def command() -> None:
    """Make the conformance suite, or run readers against it."""


@command.command("build")
@folder_argument
@jobs_option
@codec_option
@case_option
def build(folder: Path, jobs: int, codecs: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Build the suite into DIR: a package for each case and codec, the negative streams, the map of what is reached.

    Exit status 1 where a stream is not what its case says, or where the whole suite leaves a branch of the syntax or a
    rule of the validator without a stream.
    """
    from conformance import build as making

    outcome = making.build(folder, names, codecs or CODECS, jobs, watch=_watched)
    note(
        f"{outcome.streams} streams and {outcome.negatives} negative streams of {outcome.cases} cases, "
        f"{outcome.bytes} bytes in packages; {outcome.branches[0]} of {outcome.branches[1]} branches of the syntax "
        f"reached, {outcome.rules[0]} of {outcome.rules[1]} rules broken"
    )


@command.command("list")
@case_option
def list_cases(names: tuple[str, ...]) -> None:
    """List the cases: name, codecs, title."""
    from conformance.build import chosen

    for case in chosen(names):
        click.echo(f"{case.name:<20} {','.join(case.codecs):<14} {case.title}")


def _watched(built: Iterable[Built], total: int) -> Iterable[Built]:
    """A progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield from built
        return
    with click.progressbar(built, length=total, label="building", file=sys.stderr) as bar:
        yield from bar
