"""The page of commands, from click."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
from markdown import MADE, code, table

from gfv_sei.cli import SECTIONS, main

HEAD = """\
# Commands

What `gfv COMMAND --help` prints, on one page. `-` is standard input or output wherever a file is taken.

Exit status: 0 done; 1 the input does not conform or the operation failed, with one line on standard error that says
why; 2 wrong usage.

"""


def page() -> str:
    """The page as Markdown."""
    context = click.Context(main, info_name="gfv")
    return MADE + HEAD + "".join(_contents(context)) + "".join(_commands(main, context, 2))


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
