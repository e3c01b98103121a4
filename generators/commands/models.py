"""gfv models"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from generators.commands import bench, quantise, train
from generators.commands.options import registry_option
from generators.commands.values import payload_type, settings
from generators.errors import ModelError
from generators.needing import needing
from gfv_sei.cli.options import examples, note, output_option, read_syntax_option, stream_argument
from gfv_sei.wording import counted


@click.group("models")
def command() -> None:
    """List, export, train, measure and register networks."""


command.add_command(train.command)
command.add_command(bench.command)
command.add_command(quantise.command)


@command.command("list", epilog=examples("gfv models list"))
@registry_option
def list_models(registry: str | None) -> None:
    """List generators, architectures and registered networks.

    Generators are ready to use. Architectures can be exported with weights of your own, or trained. Networks are
    registered under the URIs by which streams name them.
    """
    from generators.known import Registry, place
    from generators.models.catalogue import CATALOGUE
    from generators.models.representations import REPRESENTATIONS
    from generators.registry import GENERATORS
    from gfv_sei.wording import printable, quoted

    entries = Registry(place(registry)).entries
    for name, entry in GENERATORS.items():
        click.echo(f"{name:<12} {entry.summary}")
    click.echo("\narchitectures: gfv models export, with weights of your own")
    for name, about in CATALOGUE.items():
        click.echo(f"{name:<12} {about.summary}")
    click.echo("\ntranslators: gfv models export-translator, from any of these to any other")
    for name, form in REPRESENTATIONS.items():
        click.echo(f"{name:<12} {counted(form.values, 'value')}")
    if entries:
        click.echo("\nregistered")
    for known in entries:
        click.echo(printable(f"{known.name:<12} {quoted(known.uri)} is {known.path}"))


@command.command("info", epilog=examples("gfv models info warp"))
@click.argument("name", metavar="NAME|ARCHITECTURE|MODEL.onnx")
def info(name: str) -> None:
    """Show the contract of a network as JSON.

    The contract says what goes in and what comes out, in the terms of the syntax. For an architecture that can be
    exported, a description is shown instead.
    """
    from generators.models.catalogue import CATALOGUE
    from generators.registry import load_model

    if name in CATALOGUE:
        click.echo(json.dumps(vars(CATALOGUE[name]), indent=1))
        return
    click.echo(load_model(name).contract.to_json())


@command.command(
    "export",
    epilog=examples("gfv models export warp -o warp.onnx", "gfv models export fomm --weights vox.pth.tar -o fomm/"),
)
@click.argument("name", metavar="NAME|ARCHITECTURE")
@output_option
@click.option(
    "--weights",
    multiple=True,
    metavar="[MODULE=]FILE",
    help="Weights for an architecture: a torch file or numpy archive, or one per module.",
)
@click.option(
    "--untrained",
    type=click.IntRange(0, 2**63 - 1),
    metavar="SEED",
    help="Use untrained weights from this seed instead.",
)
@click.option("--variant", help="Which published copy of the code the weights belong to. Default: the first.")
@click.option("--size", type=click.IntRange(1, 8192), help="Side of the pictures in pixels. Default: 256.")
@click.option(
    "--settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Settings of the architecture, as named by the variant in its contract.",
)
@click.option("--profile", help="How messages carry the parameters. Default: the usual profile.")
@click.option(
    "--analysis/--no-analysis", default=True, help="Also write the AnalysisNN, for encoders.  [default: analysis]"
)
@click.option(
    "--base-analysis",
    is_flag=True,
    help="Put the analysis into the base graph, for gfv decode --base-parameters recomputed.",
)
@click.option("--opset", type=click.IntRange(16, 23), default=17, show_default=True, help="ONNX opset of all graphs.")
@click.option(
    "--source", default="", help="Origin of the weights, for the contract. Default: name and sha256 of the file."
)
@click.option("--licence", default="", help="Licence of the weights, for the contract.")
def export(name: str, output: str, **options: Any) -> None:
    """Write a generator as ONNX with its contract.

    A built-in generator is written to the file OUT. An architecture is written as several files: the GenerativeNN in
    two graphs, and the AnalysisNN, which gfv encode needs. OUT is then a folder; if it ends in .onnx, it is the main
    file, and the others are written beside it.
    """
    from generators.models.catalogue import CATALOGUE
    from generators.registry import GENERATORS, load_model
    from gfv_sei.stream.target import open_target

    if name in CATALOGUE:
        if output == "-":
            raise ModelError("an architecture becomes several files", value=output, allowed="a folder, or MODEL.onnx")
        analysis = options["analysis"]
        written = _export_architecture(name, output, options)
        for path in written:
            note(f"wrote {path}")
        if analysis and not any(path.name.endswith(".analysis.onnx") for path in written):
            note(f"{name} has no AnalysisNN; its keypoints are those that gfv encode tracks without --generator")
        return
    if name not in GENERATORS:
        allowed = ", ".join((*GENERATORS, *CATALOGUE))
        raise ModelError("there is no such generator or architecture", element="NAME", value=name, allowed=allowed)
    with open_target(output) as file:
        file.write(load_model(name).main)
    note(f"wrote {name}")


def _export_architecture(name: str, output: str, options: dict[str, Any]) -> list[Path]:
    changes = settings(options.pop("settings"))
    side = options.pop("size")
    if side is not None:
        changes["size"] = str(side)
    with needing("exporting networks", "train"):
        from generators.models.requests import Request, fulfil

        return fulfil(Request(architecture=name, settings=changes, **options), output)


@command.command(
    "export-translator", epilog=examples("gfv models export-translator FOMM DAC-10 --weights to-dac.pth -o to-dac.onnx")
)
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@output_option
@click.option(
    "--weights", required=True, type=click.Path(dir_okay=False), help="Published weights, or a file of the same form."
)
@click.option("--licence", default="", help="Licence of the weights, for the contract.")
def export_translator(source: str, target: str, output: str, weights: str, licence: str) -> None:
    """Write a TranslatorNN as ONNX with its contract.

    It turns parameters of SOURCE into parameters of TARGET; gfv models list names both.
    """
    from gfv_sei.stream.target import open_target

    with needing("exporting networks", "train"):
        from generators.models.requests import described
        from generators.models.translator_export import export_translator as exported
        from generators.models.translators import load_translator

        translator = load_translator(weights, source, target)
        model = exported(translator, source=described(Path(weights)), licence=licence or "not stated")
    with open_target(output) as file:
        file.write(model.SerializeToString())
    note(f"wrote {output}")


@command.command("register", epilog=examples("gfv models register urn:example:mine to-dac.onnx"))
@click.argument("uri", metavar="URI")
@click.argument("model", metavar="MODEL.onnx", type=click.Path(dir_okay=False))
@click.option("--name", help="Name to show to people. Default: that of its contract.")
@click.option("--tag-uri", metavar="TAG", help="Accept the URI only together with this gfv_nn_tag_uri. Default: any.")
@registry_option
@needing("registering networks", "networks")
def register(uri: str, model: str, name: str | None, tag_uri: str | None, registry: str | None) -> None:
    """Register a file for a URI that streams name.

    Streams name a TranslatorNN by gfv_nn_uri and an EnhancerNN by gfve_nn_uri. The sha256 of the file is recorded, and
    checked whenever a stream names the network. Nothing is ever fetched.
    """
    from generators.known import Registry, place

    found = Registry(place(registry))
    entry = found.register(uri, model, name, tag_uri)
    note(f"registered {entry.name}, sha256 {entry.sha256}, in {found.path}")


@command.command("forget", epilog=examples("gfv models forget urn:example:mine"))
@click.argument("uri", metavar="URI")
@registry_option
def forget(uri: str, registry: str | None) -> None:
    """Remove a URI from the list."""
    from generators.known import Registry, place

    if not Registry(place(registry)).forget(uri):
        raise ModelError(f"{uri!r} is not registered")


@command.command("signalled", epilog=examples("gfv models signalled face.266"))
@stream_argument
@read_syntax_option
@registry_option
def signalled(stream: str, syntax: str, registry: str | None) -> None:
    """List the networks that messages of IN name or carry.

    One line each, and the units of carried ones.
    """
    from generators.known import Registry, place
    from generators.nnr import listed
    from generators.signalled import networks_of
    from gfv_sei.syntax.parts import MODE_PAYLOAD, MODE_URI
    from gfv_sei.wording import printable, quoted

    known = Registry(place(registry))
    for one in networks_of(stream, syntax):
        start = f"access unit {one.au}, id {one.identifier}: {one.network}, "
        if one.mode == MODE_URI:
            entry = known.find(one.uri, one.tag_uri)
            state = "not registered" if entry is None else f"registered as {printable(entry.path)}"
            click.echo(f"{start}named {quoted(one.uri)} (kind {quoted(one.tag_uri)}), {state}")
        elif one.mode == MODE_PAYLOAD:
            click.echo(f"{start}carried, {counted(len(one.payload), 'byte')}")
            for line in listed(one.payload):
                click.echo(f"  {line}")
        else:
            click.echo(f"{start}reserved mode {one.mode}")


@command.command("save", epilog=examples("gfv models save face.266 -o network.nnr"))
@stream_argument
@output_option
@click.option(
    "--id", "identifier", type=click.IntRange(0), help="Network of this gfv_id or gfve_id. Default: the only one."
)
@click.option("--au", type=click.IntRange(0), help="Network in this access unit. Default: the only one.")
@click.option(
    "--network", type=click.Choice(("translator", "enhancer")), help="Kind of network. Default: the only one."
)
@read_syntax_option
def save(stream: str, output: str, identifier: int | None, au: int | None, network: str | None, syntax: str) -> None:
    """Write the network that the messages of IN carry.

    The bytes are written as they are, in the form of ISO/IEC 15938-17 (mode 0), and neither interpreted nor run. A
    network that is repeated counts once.
    """
    from generators.signalled import carried
    from gfv_sei.stream.target import open_target

    payload = carried(stream, syntax, identifier=identifier, au=au, payload_type=payload_type(network))
    with open_target(output) as file:
        file.write(payload)
    note(f"wrote {counted(len(payload), 'byte')}")
