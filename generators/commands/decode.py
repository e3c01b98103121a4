"""gfv decode"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generators.choices import CALIBRATIONS, CODED, IGNORE, KEY_COMPONENTS, LOW_CONFIDENCE, POLICIES, TIMINGS
from generators.commands.options import (
    decoder_option,
    generator_option,
    provider_option,
    registry_option,
    threads_option,
)
from generators.commands.progress import shown_progress
from generators.commands.values import face, rate
from gfv_sei.cli.options import examples, note, output_option, read_syntax_option, stream_argument
from gfv_sei.wording import counted

if TYPE_CHECKING:
    from generators.pipeline.decode import Player


@click.command("decode", epilog=examples("gfv decode face.266 -o again.mp4", "gfv decode face.266 -o pictures/ --id 0"))
@stream_argument
@output_option
@generator_option
@click.option("--translator", metavar="MODEL.onnx", help="TranslatorNN to use, whatever the stream names.")
@click.option(
    "--translators",
    type=click.Path(file_okay=False, exists=True),
    help="Folder of TranslatorNNs; the one that fits is used if the generator does not take the stream's parameters.",
)
@click.option("--enhancer", metavar="MODEL.onnx", help="EnhancerNN for pictures with GFVE messages.")
@click.option("--contract", type=click.Path(dir_okay=False), help="Contract of the generator, if it has none with it.")
@click.option(
    "--networks",
    type=click.Choice(POLICIES),
    default="auto",
    show_default=True,
    help="Networks that the stream names: use those that are registered, ignore them, or require them.",
)
@registry_option
@click.option("--id", "--gfv-id", "which", metavar="N|all", help="Face to play, by gfv_id. Default: the first.")
@click.option("--gfve-id", type=click.IntRange(0), help="Enhancement to play. Default: the first.")
@click.option(
    "--base-parameters",
    type=click.Choice(("message", "recomputed")),
    default="message",
    show_default=True,
    help="Parameters of the base picture: from its message, or recomputed from the decoded picture by the generator.",
)
@click.option("--background", metavar="FILE|COLOUR", help="Background to show where the stream has a chroma key.")
@click.option(
    "--key-components",
    type=click.Choice(KEY_COMPONENTS),
    default="coded",
    show_default=True,
    help="Components in which gfv_chroma_key_value is given.",
)
@click.option(
    "--calibrate",
    type=click.Choice(CALIBRATIONS),
    default="off",
    show_default=True,
    help="Match the colours of generated pictures to the decoded base picture.",
)
@click.option(
    "--low-confidence",
    type=click.Choice(LOW_CONFIDENCE),
    default="play",
    show_default=True,
    help="Pictures flagged as low confidence: generate them, or hold the previous picture.",
)
@click.option("--fps", default="25", show_default=True, metavar="RATE", help="Picture rate of the output.")
@click.option(
    "--timing",
    type=click.Choice(TIMINGS),
    default="constant",
    show_default=True,
    help="Each picture lasts 1/fps, or the pictures of an access unit share the time until the next one.",
)
@click.option(
    "--coded-fps",
    default="25",
    show_default=True,
    metavar="RATE",
    help="Rate of the coded pictures, if there is no container to tell.",
)
@decoder_option
@provider_option
@threads_option
@read_syntax_option
def command(stream: str, output: str, which: str | None, fps: str, coded_fps: str, **options: Any) -> None:
    """Decode IN to a face video, with a generator.

    Base pictures are shown as decoded; all others are generated from their messages. OUT is an .mp4, .y4m or .yuv file,
    a folder for PNG files, or - for Y4M. With --id all, each face gets an output of its own, with -idN before the file
    extension.
    """
    from contextlib import ExitStack

    from generators.pipeline.output import KINDS, is_known
    from generators.signalled import faces_of
    from gfv_sei.errors import GfvError
    from gfv_sei.stream.source import as_file

    if not is_known(output):
        raise click.BadParameter(f"{output!r} is of no known kind; expected {KINDS}", param_hint="'-o'")
    chosen = face(which)
    rates = rate(fps), rate(coded_fps, "--coded-fps")
    if chosen == "all" and output == "-":
        raise click.BadParameter("all faces cannot go to standard output", param_hint="--id")
    with ExitStack() as stack:
        path = stack.enter_context(as_file(stream))
        if not isinstance(chosen, str):
            _play(path, output, chosen, rates, options)
            return
        faces = faces_of(path, options["syntax"])
        if not faces:
            raise GfvError("there is no GFV message in the stream, so there are no faces to play")
        for gfv_id in faces:
            _play(path, _of_face(output, gfv_id), gfv_id, rates, options)


def _of_face(output: str, gfv_id: int) -> str:
    from generators.pipeline.output import is_folder

    path = Path(output)
    if is_folder(output):
        return f"{path}-id{gfv_id}/"
    return str(path.with_name(f"{path.stem}-id{gfv_id}{path.suffix}"))


def _play(path: str, output: str, gfv_id: int | None, rates: Any, options: dict[str, Any]) -> None:
    from generators.pipeline.chroma_key import Background
    from generators.pipeline.decode import Player, Settings
    from generators.pipeline.output import write_pictures
    from generators.pipeline.timing import CodedTimes, sampled

    background, coded_times = options["background"], options["timing"] == CODED
    settings = Settings(
        gfv_id=gfv_id,
        gfve_id=options["gfve_id"],
        low_confidence=options["low_confidence"],
        recompute=options["base_parameters"] == "recomputed",
        calibrate=options["calibrate"],
        background=None if background is None else Background(background),
        key_components=options["key_components"],
        counted=coded_times,
    )
    player = Player(note=note, settings=settings, **_networks(options))
    shown = player.play(path, options["decoder"], options["syntax"])
    if coded_times:
        shown = sampled(shown, CodedTimes.of(path, rates[1]), rates[0])
    with shown_progress(
        shown, "generating", lambda: None if coded_times else player.expected(path, options["syntax"])
    ) as to:
        count = write_pictures(to, output, rates[0])
    for line in _summary(player, background):
        note(line)
    used = ", ".join(f"{runner.contract.name} on {runner.provider}" for runner in player.runners)
    note(f"{counted(count, 'picture')}; {used}")


def _networks(options: dict[str, Any]) -> dict[str, Any]:
    """The networks that the user names, and where those that the stream names are found."""
    from generators.choosing import Translators
    from generators.known import Known, Registry, place
    from generators.model_file import read_contract
    from generators.registry import load_enhancer, load_generator, load_translator
    from generators.signalled import Lookup

    where = {"provider": options["provider"], "threads": options["threads"]}
    given = options["contract"]
    contract = None if given is None else read_contract(given)
    found: dict[str, Any] = {"generator": load_generator(options["generator"], contract=contract, **where)}
    if options["translator"] is not None:
        found["translator"] = load_translator(options["translator"], **where)
    if options["enhancer"] is not None:
        found["enhancer"] = load_enhancer(options["enhancer"], **where)
    known: list[Known] = []
    if options["networks"] != IGNORE:
        registry = Registry(place(options["registry"]))
        found["lookup"] = Lookup(registry, note, policy=options["networks"], **where)
        known = registry.entries
    folder = options["translators"]
    found["translators"] = Translators(None if folder is None else Path(folder), known, note, **where)
    return found


def _summary(player: Player, background: str | None) -> Iterator[str]:
    counts = player.counts
    if not player.has_base:
        yield "no GFV base message in the stream: these are the coded pictures as they are"
        return
    if counts.low_confidence:
        yield f"{counted(counts.low_confidence, 'picture')} with parameters of low confidence"
    if background is not None and not counts.keyed:
        yield "no chroma key in the stream: the background was not used"
    if player.networks.enhanced or player.enhancer is not None:
        yield f"{counted(player.networks.enhanced, 'picture')} enhanced"
    for name, (low, high) in player.networks.beyond.items():
        yield (
            f"pictures of {name!r} go from {low:.3g} to {high:.3g}, where 0 is black and 1 is white by the value_range "
            "of its contract; what lies beyond is clipped"
        )
