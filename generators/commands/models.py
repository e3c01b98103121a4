"""gfv models"""

from __future__ import annotations

import click

from gfv_sei.cli.options import note, output_option


@click.group("models")
def command() -> None:
    """Generator, translator and enhancer networks."""


@command.command("list")
def list_models() -> None:
    """Name the generators that are known here."""
    from generators.registry import GENERATORS

    for name, entry in GENERATORS.items():
        click.echo(f"{name:<12} {entry.summary}")


@command.command("info")
@click.argument("name", metavar="NAME|MODEL.onnx")
def info(name: str) -> None:
    """Show the contract of a generator: what goes in, what comes out."""
    from generators.registry import load_model

    click.echo(load_model(name).contract.to_json())


@command.command("export")
@click.argument("name", metavar="NAME")
@output_option
def export(name: str, output: str) -> None:
    """Write a known generator as an ONNX file with its contract."""
    from generators.registry import load_model
    from gfv_sei.stream.target import open_target

    with open_target(output) as file:
        file.write(load_model(name).main)
    note(f"wrote {name}")
