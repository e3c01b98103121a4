"""The help of commands: each says in one line what it does, each option says something, and the examples run."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from docs.running import Block, run
from pipeline.painting import doubling

from gfv_sei.cli import SECTIONS, main

NOT_RUN = {
    "gfv play face.266": "plays until somebody ends it; tests/terminal/test_play.py",
    "gfv models export fomm --weights vox.pth.tar -o fomm/": "asks for weights",
    "gfv models export-translator FOMM DAC-10 --weights to-dac.pth -o to-dac.onnx": "asks for weights",
    "gfv models train clips/ -o mine.onnx --steps 2000": "takes hours; tests/training",
    "gfv models train clips/ -o mine.onnx --steps 4000 --resume": "takes hours; tests/training",
    "gfv models quantise mine.onnx face.mp4 -o mine-int8.onnx": "asks for a network of convolutions; tests/pipeline",
    "gfv models save face.266 -o network.nnr": "asks for a stream that carries a network; tests/pipeline",
}


def all_commands() -> Iterator[click.Context]:
    """Of each command a context, groups before what is in them."""

    def below(group: click.Group, context: click.Context) -> Iterator[click.Context]:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            inner = click.Context(command, info_name=name, parent=context)
            yield inner
            if isinstance(command, click.Group):
                yield from below(command, inner)

    yield from below(main, click.Context(main, info_name="gfv"))


COMMANDS = {context.command_path: context for context in all_commands()}
PLAIN = {path: context for path, context in COMMANDS.items() if not isinstance(context.command, click.Group)}


def examples(context: click.Context) -> list[str]:
    return re.findall(r"^  (gfv .*)$", context.command.epilog or "", re.M)


@pytest.mark.parametrize("words", [[], ["payload"], ["models"], ["conformance"], ["vtm-cfg"]], ids=" ".join)
def test_each_command_has_a_line_that_fits(words: list[str], gfv: Callable[..., subprocess.CompletedProcess[bytes]]):
    shown = gfv(*words, "--help").stdout.decode()
    listed = shown.partition("Show this message and exit.")[2]
    assert "..." not in listed
    rows = [line for line in listed.splitlines() if line.startswith("  ")]
    assert len(rows) > 1
    assert all(re.match(r"  [a-z][a-z-]* +[A-Z].*\.$", row) for row in rows), listed


def test_every_command_has_its_section():
    """None falls to the end because nobody said where it belongs."""
    named = [name for section in SECTIONS for name in (*section.own, *section.others)]
    assert sorted(named) == sorted({path.split()[1] for path in COMMANDS})


@pytest.mark.parametrize("path", PLAIN)
def test_every_option_says_something(path: str):
    silent = [one.name for one in PLAIN[path].command.params if isinstance(one, click.Option) and not one.help]
    assert not silent


@pytest.mark.parametrize("path", [path for path in PLAIN if path != "gfv completion"])  # has its examples in the text
def test_every_command_has_an_example_of_itself(path: str):
    found = examples(PLAIN[path])
    assert found
    assert all(line.startswith(f"{path} ") or line == path for line in found)


def test_every_example_runs(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """In the order of the help, but for the command that makes the stream, which comes first."""
    monkeypatch.setenv("GFV_MODEL_REGISTRY", str(folder / "networks.json"))
    record = {"au": 0, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": {"coordinates": [[0.15, -0.13]]}}
    (folder / "records.jsonl").write_text(json.dumps(record))  # of the user; VTM cannot say those of gfv encode
    (folder / "to-dac.onnx").write_bytes(doubling().main)
    order = sorted(PLAIN, key=lambda path: (path != "gfv encode", path == "gfv models forget"))
    lines = [line for path in order for line in examples(PLAIN[path])]
    assert set(NOT_RUN) <= set(lines)
    for line in lines:
        if line not in NOT_RUN:
            run(Block("sh", line), folder)
