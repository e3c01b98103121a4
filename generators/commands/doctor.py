"""gfv doctor"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import NamedTuple

import click

from gfv_sei.cli.options import examples
from gfv_sei.cli.paint import WIDTH
from gfv_sei.extras import install

# What each Python package is for, and the extra that brings it; none: gfv needs it.
PACKAGES = (
    ("bitstring", "bit-level views in inspect and payload", ""),
    ("numpy", "pictures and networks", ""),
    ("imageio-ffmpeg", "holds the bundled ffmpeg", ""),
    ("onnxruntime", "runs networks: encode, decode", "networks"),
    ("onnx", "builds the graph of the warping generator", "networks"),
    ("opencv-python-headless", "tracks faces: encode", "networks"),
    ("scikit-image", "finds faces, and holds the picture of the demo", "demo"),
    ("matplotlib", "draws: plot", "plot"),
    ("torch", "trains and exports networks; decoding needs none", "train"),
)

# What ffmpeg must have for which codec: encoder library, decoder.
FFMPEG_PARTS = (("vvc", "libvvenc", "vvc"), ("hevc", "libx265", "hevc"), ("avc", "libx264", "h264"))


class Row(NamedTuple):
    """One thing, whether it is there, what it is for, and whether it is needed for base pictures or generators."""

    ok: bool
    name: str
    found: str
    purpose: str
    needed: bool = True


@click.command("doctor", epilog=examples("gfv doctor"))
def command() -> None:
    """List what this machine has and what it lacks.

    Covers ffmpeg, other encoders and decoders, Python packages and generators, and says what each is for. The exit
    status is 1 if something is missing that base pictures or generators need.
    """
    click.echo(f"Python {sys.version.split()[0]}, gfv {metadata.version('gfv')}")
    missing = False
    sections = (
        ("ffmpeg", _ffmpeg()),
        ("other encoders and decoders, none of them needed", _programs()),
        ("packages; pip install is for a clone of gfv", _packages()),
        ("generators", _generators()),
    )
    for title, rows in sections:
        click.echo(f"\n{title}")
        shown = list(rows)
        missing = missing or any(row.needed and not row.ok for row in shown)
        for line in _table(shown):
            click.echo(line)
    if missing:
        raise click.exceptions.Exit(1)


def _table(rows: list[Row]) -> Iterator[str]:
    """Lines of a section; what was found, such as a path, has its own where it would not fit beside the purpose."""
    name = max(len(row.name) for row in rows)
    purpose = max(len(row.purpose) for row in rows)
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns)
    for row in rows:
        start = f"  {'ok' if row.ok else '--'}  {row.name:<{name}}  "
        line = f"{start}{row.purpose:<{purpose}}  {row.found}"
        if len(line) <= width:
            yield line
        else:
            yield start + row.purpose
            yield " " * len(start) + row.found


def _ffmpeg() -> Iterator[Row]:
    from gfv_sei.errors import GfvError
    from gfv_sei.process import find_ffmpeg, run

    try:
        path = find_ffmpeg()
        banner = run([path, "-version"], timeout=30).stdout.decode("utf-8", "replace")
        encoders = run([path, "-hide_banner", "-encoders"], timeout=30).stdout.decode("utf-8", "replace")
        decoders = run([path, "-hide_banner", "-decoders"], timeout=30).stdout.decode("utf-8", "replace")
    except GfvError as error:
        yield Row(False, "ffmpeg", "missing", f"base pictures, containers. {error.in_one_line}")
        return
    version = re.search(r"version (\S+)", banner)
    yield Row(True, f"ffmpeg {version[1] if version else '?'}", path, "base pictures, containers")
    for codec, library, decoder in FFMPEG_PARTS:
        has_encoder = re.search(rf"^ V\S+ {library}\b", encoders, re.M) is not None
        has_decoder = re.search(rf"^ V\S+ {decoder}\b", decoders, re.M) is not None
        yield Row(has_encoder, f"  {library}", "found" if has_encoder else "missing", f"codes base pictures in {codec}")
        yield Row(has_decoder, f"  decoder {decoder}", "found" if has_decoder else "missing", f"decodes {codec}")


def _programs() -> Iterator[Row]:
    from gfv_sei.errors import GfvError
    from vtm_bridge.programs import kinds

    try:
        known = kinds()
    except ModuleNotFoundError as error:  # the packages below say so
        yield Row(False, "not looked for", f"needs {error.name}", "encode --encoder, decode --decoder", needed=False)
        return
    for kind in known:
        try:
            path = kind.find()
        except GfvError as error:
            wrong = os.environ.get(kind.variable)
            found = error.reason if wrong else f"set {kind.variable}"
            yield Row(False, kind.label, found, kind.purpose, needed=False)
            continue
        try:
            yield Row(True, f"{kind.label} {kind.version(path)}", path, kind.purpose, needed=False)
        except GfvError as error:
            yield Row(False, kind.label, error.in_one_line, kind.purpose, needed=False)


def _packages() -> Iterator[Row]:
    for name, purpose, extra in PACKAGES:
        try:
            yield Row(True, name, metadata.version(name), purpose)
        except metadata.PackageNotFoundError:
            # What trains, draws and shows the demo is nobody's fault when absent.
            needed = extra not in ("train", "plot", "demo")
            yield Row(False, name, f"not installed: {install(extra)}", purpose, needed)


def _generators() -> Iterator[Row]:
    from generators.registry import GENERATORS
    from gfv_sei.errors import GfvError

    purpose = "where networks run: decode --provider"
    try:
        from generators.sessions import providers

        yield Row(True, "providers", ", ".join(providers()), purpose)
    except ModuleNotFoundError:
        pass  # the packages above say so
    except ImportError as error:
        yield Row(False, "providers", f"onnxruntime does not load: {error}", purpose)

    for name, entry in GENERATORS.items():
        try:
            entry.model()
            yield Row(True, name, "ready", entry.summary)
        except (GfvError, ImportError) as error:
            yield Row(False, name, f"not ready: {error}", entry.summary)
