"""The page of commands, from click."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
from markdown import MADE, code, table

from generators import patience
from generators.known import VARIABLE
from gfv_sei.cli import SECTIONS, main
from vtm_bridge.programs import Kind, kinds
from vtm_bridge.programs.hm import HmEncoder
from vtm_bridge.programs.jm import CONFIG_VARIABLE
from vtm_bridge.programs.vtm import VtmEncoder

HEAD = """\
# Commands

This page has what `gfv COMMAND --help` prints for every command. Wherever a command takes a file, `-` is standard input
or output.

Exit status: 0 is success; 1 means that the input does not conform or the operation failed, and one line on standard
error gives the reason; 2 is wrong usage.

"""

VARIABLES = """\
## Environment variables

If a variable names a program or folder, it must exist: gfv does not fall back to another one. `gfv doctor` shows what
was found.

"""


def page() -> str:
    """The page as Markdown."""
    context = click.Context(main, info_name="gfv")
    return MADE + HEAD + "".join(_contents(context)) + VARIABLES + _variables() + "".join(_commands(main, context, 2))


def _variables() -> str:
    """Those of programs as their adapters have them."""
    programs = [
        (code(kind.variable), f"the {kind.label}{_oldest(kind)}", f"{', '.join(map(code, kind.names))} on the PATH")
        for kind in kinds()
    ]
    folder = "`cfg` beside the encoder, or in one of the four folders above it"
    configs = [
        (code(variable), f"the folder of the {name} encoder's configuration files", folder)
        for name, variable in (
            ("VTM", VtmEncoder.config_variable),
            ("HM", HmEncoder.config_variable),
            ("JM", CONFIG_VARIABLE),
        )
    ]
    rows = [
        (code("GFV_FFMPEG"), "the ffmpeg to run", "that of imageio-ffmpeg, or `ffmpeg` on the PATH"),
        *programs,
        *configs,
        (
            code(VARIABLE),
            "the list that `gfv models register` writes",
            "`gfv/models.json` in `XDG_CONFIG_HOME` or `~/.config`",
        ),
        (
            code(patience.VARIABLE),
            "the seconds that a network may take for a picture before it is stopped",
            f"{patience.DEFAULT:g}",
        ),
    ]
    return table(("variable", "sets", "without it"), rows) + "\n"


def _oldest(kind: Kind) -> str:
    return f", {'.'.join(map(str, kind.oldest))} or later" if kind.oldest else ""


def _contents(context: click.Context) -> Iterator[str]:
    for section in SECTIONS:
        rows = []
        for name in (*section.own, *section.others):
            command = main.get_command(context, name)
            assert command is not None
            rows.append((f"[gfv {name}](#gfv-{name})", command.get_short_help_str(1000)))
        yield table((section.title, ""), rows) + "\n"


def _commands(group: click.Group, context: click.Context, level: int) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield f"{'#' * level} {inner.command_path}\n\n"
        yield f"    {inner.command_path} {' '.join(command.collect_usage_pieces(inner))}\n\n"
        yield _help(command)
        records = [
            parameter.get_help_record(inner)
            for parameter in command.get_params(inner)
            if isinstance(parameter, click.Option)
        ]
        options = [record for record in records if record is not None and "--help" not in record[0]]
        if options:
            yield table(("option", "what it does"), [(code(names), " ".join(text.split())) for names, text in options])
            yield "\n"
        if command.epilog is not None:
            yield "".join(f"    {line}\n" for line in examples(command)) + "\n"
        if isinstance(command, click.Group):
            yield from _commands(command, inner, level + 1)


def examples(command: click.Command) -> list[str]:
    """The command lines at the end of a help text."""
    return [line.strip() for line in (command.epilog or "").splitlines()[2:]]


def _help(command: click.Command) -> str:
    text = inspect.cleandoc(command.help or "").replace("\b\n", "").replace("<", "&lt;")
    return text + "\n\n"
