"""``python -m conformance.fuzz TARGET...``: fuzz some targets, or run one again on files."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import click

from conformance.fuzz import guided
from gfv_sei.wording import counted


@click.command("fuzz")
@click.argument("targets", metavar="TARGET...", nargs=-1)
@click.option("--seconds", type=click.IntRange(1), default=60, show_default=True, help="For each target.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random changes.")
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="Seeds from every n-th case.")
@click.option("--plain", is_flag=True, help="Without atheris, although it is installed.")
@click.option(
    "--again", "files", multiple=True, type=click.Path(exists=True), help="Run on this file and nothing else."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="fuzz-out",
    show_default=True,
    help="Folder for what was found, and with atheris for inputs that reach something new.",
)
def command(
    targets: tuple[str, ...], seconds: int, seed: int, every: int, plain: bool, files: tuple[str, ...], out: Path
) -> None:
    """Fuzz TARGETs, one after another, each for some seconds; all of them if none is named. Exit status 1 where
    something was found.
    """
    good = True
    for name in targets or _names():
        if name not in _names():
            raise click.UsageError(f"there is no target {name}; there are {', '.join(_names())}")
        if files:
            good &= _again(name, files)
        elif plain or not guided.available():
            good &= _plain(name, seconds, seed, every, out)
        else:
            good &= _guided(name, seconds, seed, every, out)
    if not good:
        raise click.exceptions.Exit(1)


def _names() -> list[str]:
    from conformance.fuzz.targets import TARGETS

    return list(TARGETS)


def _again(name: str, files: tuple[str, ...]) -> bool:
    from conformance.fuzz.plain import execute

    good = True
    for file in files:
        problem = execute(name, Path(file).read_bytes())
        click.echo(f"{name}: {file}: {'good' if problem is None else repr(problem)}")
        if problem is not None:
            traceback.print_exception(problem, file=sys.stderr)
            good = False
    return good


def _plain(name: str, seconds: int, seed: int, every: int, out: Path) -> bool:
    from conformance.fuzz.plain import run

    done = run(name, seconds, seed, every)
    for number, one in enumerate(done.found):
        place = out / guided.FINDINGS / name / f"plain-{seed}-{number}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(one.data)
        click.echo(f"{name}: {one.what!r:.300}: {place}")
    click.echo(
        f"{name}: {counted(done.executions, 'execution')}, {counted(done.seeds, 'seed')}, "
        f"{done.seconds:.0f} s, {counted(len(done.found), 'finding')}"
    )
    return not done.found


def _guided(name: str, seconds: int, seed: int, every: int, out: Path) -> bool:
    last = guided.Status(0, 0, 0, 0, "0b")
    lines = []
    for news in guided.run(name, seconds, out, seed, every):
        if isinstance(news, guided.Status):
            last = news
        else:
            lines.append(news)
    broken = any("ERROR: libFuzzer" in line or "Uncaught Python exception" in line for line in lines)
    if broken:
        click.echo("".join(lines))
    click.echo(
        f"{name}: {counted(last.executions, 'execution')}, {counted(last.coverage, 'branch', 'branches')}, "
        f"{counted(last.features, 'feature')}, {counted(last.corpus, 'input')} kept ({last.corpus_size}), "
        f"{seconds} s, {'a finding' if broken else 'no finding'}"
    )
    return not broken and last.executions > 0


if __name__ == "__main__":
    command()
