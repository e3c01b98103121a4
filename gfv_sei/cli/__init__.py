"""The ``gfv`` command: one module per command, each imported when it is used.

Commands of other packages (encode, decode, models, ...) come in through the entry points ``gfv.commands`` of
``pyproject.toml``, so this package imports none of them. At its top, the module of a command imports click and nothing
heavy, because ``gfv --help`` loads all of them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import click

from gfv_sei._version import __version__
from gfv_sei.cli.options import NORMAL, QUIET, VERBOSE, complain, detail, flush_out, set_talk, talk
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.extras import lacking


class Section(NamedTuple):
    """Commands that stand together in the help: those that are modules of this package, then those of others."""

    title: str
    own: tuple[str, ...]
    others: tuple[str, ...] = ()


SECTIONS = (
    Section(
        "Messages in streams",
        ("inspect", "validate", "extract", "remove", "inject", "compare", "plot", "codify", "payload"),
        ("vtm-cfg",),
    ),
    Section("Faces and networks", (), ("encode", "decode", "play", "models")),
    Section("The toolkit itself", ("completion",), ("doctor", "conformance")),
)
"""All commands, in the order of the help. What comes in without a place here stands behind, under "Others"."""

_OWN = {name for section in SECTIONS for name in section.own}


class Commands(click.Group):
    """Finds commands by name, and turns errors into one clear line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All that there are, section by section."""
        return [name for _, names in self._sections() for name in names]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As of click; the error has the name that was meant, where one is near."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One list for each section, all with columns of the same width."""
        widest = max(map(len, self.list_commands(ctx)))
        for title, names in self._sections():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None and not command.hidden:
                    rows.append((name.ljust(widest), command.get_short_help_str(formatter.width - 6 - widest)))
            with formatter.section(title):
                formatter.write_dl(rows)

    def _sections(self) -> list[tuple[str, list[str]]]:
        """Titles, and the commands that are there."""
        left = set(_entry_points()) - _OWN
        found = [(one.title, [*one.own, *(name for name in one.others if name in left)]) for one in SECTIONS]
        others = sorted(left.difference(*(section.others for section in SECTIONS)))
        return [(title, names) for title, names in (*found, ("Others", others)) if names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; the module of it is imported now."""
        if cmd_name in _OWN:
            command: click.Command = import_module(f"{__name__}.{cmd_name}").command
            return command
        entry_point = _entry_points().get(cmd_name)
        return entry_point.load() if entry_point is not None else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run, with exit status 1 and a line on standard error where the input or the operation is at fault."""
        if ctx.params["quiet"] and ctx.params["verbose"]:
            raise click.UsageError("--quiet and --verbose exclude each other", ctx)
        set_talk(ctx, VERBOSE if ctx.params["verbose"] else QUIET if ctx.params["quiet"] else NORMAL)
        # Asked to end, we leave all blocks as after an error: no half of an output and no child stays behind.
        with suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGTERM, _terminated)
        with _told():
            return _in_detail(ctx, super().invoke) if ctx.params["verbose"] else super().invoke(ctx)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As of click; --help and --version write already here."""
        with _told():
            return super().make_context(info_name, args, parent, **extra)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong within becomes one clear line and an exit status, also that output cannot be written."""
    try:
        try:
            yield
        finally:
            flush_out()
        return
    except GfvError as error:
        _say(error)
    except BrokenPipeError:
        pass  # whoever read our output has had enough
    except ModuleNotFoundError as error:
        if _is_there(error.name):
            raise
        complain(lacking("this command", error.name, ""))
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    except MemoryError:
        complain("there is not enough memory")
    except KeyboardInterrupt:
        complain("interrupted")
        raise click.exceptions.Exit(130) from None
    _forget_output()
    raise click.exceptions.Exit(1)


def _is_there(module: str | None) -> bool:
    """Whether the package that a module belongs to is installed: then it is no package that is missing."""
    with suppress(ImportError):
        return module is None or find_spec(module.partition(".")[0]) is not None
    return False


def _forget_output() -> None:
    """Drop what standard output still holds if it cannot take it, lest Python complain of it at exit."""
    try:
        flush_out()
    except (GfvError, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _in_detail(ctx: click.Context, invoke: Callable[[click.Context], Any]) -> Any:
    """Run with a line for each program that is started, and one for what it all took."""
    import resource

    from gfv_sei.process import announced

    before = time.perf_counter()
    try:
        with announced(lambda command: detail(f"running {command}")):
            return invoke(ctx)
    finally:
        seconds = time.perf_counter() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
        complain(f"{ctx.invoked_subcommand}: {seconds:.3f} s, {peak:.0f} MiB at most")


def _say(error: GfvError) -> None:
    """One clear line; of a program that failed all that is known of what it wrote where details were asked for."""
    more = ""
    if isinstance(error, ToolError) and error.wrote:
        for line in error.wrote:
            detail(line)
        more = "" if talk() == VERBOSE else " (gfv --verbose shows more)"
    complain(f"{error.in_one_line}{more}")


def _terminated(number: int, frame: object) -> None:
    complain("terminated")
    raise SystemExit(128 + number)


@cache
def _entry_points() -> dict[str, Any]:
    from importlib.metadata import entry_points

    return {entry_point.name: entry_point for entry_point in entry_points(group="gfv.commands")}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gfv")
@click.option("-q", "--quiet", is_flag=True, help="Suppress notes and progress bars, but not errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show details: external programs, run time, memory.")
def main(quiet: bool, verbose: bool) -> None:
    """Generative face video SEI messages (H.274 GFV and GFVE) in VVC, HEVC and AVC streams.

    IN is an Annex B byte stream or any container that ffmpeg can demux; - stands for standard input or output. Exit
    status: 0 success, 1 nonconforming input or a failed operation, 2 incorrect usage. Run gfv COMMAND --help for
    details and examples.
    """
