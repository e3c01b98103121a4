"""gfv models"""

from __future__ import annotations

import click

from generators.commands.decode import registry_option
from generators.commands.values import payload_type
from gfv_sei.cli.options import note, output_option, read_syntax_option, stream_argument


@click.group("models")
def command() -> None:
    """Generator, translator and enhancer networks."""


@command.command("list")
@registry_option
def list_models(registry: str | None) -> None:
    """Name the generators that are known here, and the networks that are registered for URIs."""
    from generators.known import Registry, place
    from generators.registry import GENERATORS
    from generators.signalled import printable

    for name, entry in GENERATORS.items():
        click.echo(f"{name:<12} {entry.summary}")
    for known in Registry(place(registry)).entries:
        click.echo(f"{known.name:<12} {printable(known.uri)} is {known.path}")


@command.command("info")
@click.argument("name", metavar="NAME|MODEL.onnx")
def info(name: str) -> None:
    """Show the contract of a network: what goes in, what comes out."""
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


@command.command("register")
@click.argument("uri", metavar="URI")
@click.argument("model", metavar="MODEL.onnx", type=click.Path(dir_okay=False))
@click.option("--name", help="For people; default: that of its contract.")
@click.option("--tag-uri", metavar="TAG", help="gfv_nn_tag_uri that has to stand beside the URI. Default: any.")
@registry_option
def register(uri: str, model: str, name: str | None, tag_uri: str | None, registry: str | None) -> None:
    """Say which file stands for a URI that streams name (gfv_nn_uri, gfve_nn_uri).

    Its sha256 is kept, and checked whenever a stream asks for it. Nothing is fetched.
    """
    from generators.known import Registry, place

    found = Registry(place(registry))
    entry = found.register(uri, model, name, tag_uri)
    note(f"registered {entry.name}, sha256 {entry.sha256}, in {found.path}")


@command.command("forget")
@click.argument("uri", metavar="URI")
@registry_option
def forget(uri: str, registry: str | None) -> None:
    """Take a URI out of the list."""
    from generators.errors import ModelError
    from generators.known import Registry, place

    if not Registry(place(registry)).forget(uri):
        raise ModelError(f"{uri!r} is not registered")


@command.command("signalled")
@stream_argument
@read_syntax_option
@registry_option
def signalled(stream: str, syntax: str, registry: str | None) -> None:
    """List the networks that the messages of IN name or carry, one line each, and the units of carried ones."""
    from generators.known import Registry, place
    from generators.nnr import listed
    from generators.signalled import networks_of, printable
    from gfv_sei.syntax.parts import MODE_PAYLOAD, MODE_URI

    known = Registry(place(registry))
    for one in networks_of(stream, syntax):
        start = f"access unit {one.au}, id {one.identifier}: {one.network}, "
        if one.mode == MODE_URI:
            entry = known.find(one.uri, one.tag_uri)
            state = "not registered" if entry is None else f"registered as {entry.path}"
            click.echo(f"{start}named {printable(one.uri)} (kind {printable(one.tag_uri)}), {state}")
        elif one.mode == MODE_PAYLOAD:
            click.echo(f"{start}carried, {len(one.payload)} bytes")
            for line in listed(one.payload):
                click.echo(f"  {line}")
        else:
            click.echo(f"{start}reserved mode {one.mode}")


@command.command("save")
@stream_argument
@output_option
@click.option("--id", "identifier", type=click.IntRange(0), help="Of this gfv_id or gfve_id. Default: the only one.")
@click.option("--au", type=click.IntRange(0), help="From this access unit. Default: the only one.")
@click.option("--network", type=click.Choice(("translator", "enhancer")), help="Default: the only one.")
@read_syntax_option
def save(stream: str, output: str, identifier: int | None, au: int | None, network: str | None, syntax: str) -> None:
    """Write the network that the messages of IN carry (mode 0), byte for byte, as ISO/IEC 15938-17 has it.

    A network that is repeated counts once. Nothing in the bytes is looked at or run.
    """
    from generators.signalled import carried
    from gfv_sei.stream.target import open_target

    payload = carried(stream, syntax, identifier=identifier, au=au, payload_type=payload_type(network))
    with open_target(output) as file:
        file.write(payload)
    note(f"wrote {len(payload)} bytes")
