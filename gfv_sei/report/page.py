"""The page around the blocks."""

from __future__ import annotations

import base64
import hashlib
import html
from importlib.resources import files
from pathlib import Path
from typing import Any

from gfv_sei._version import __version__
from gfv_sei.report.blocks import json_block
from gfv_sei.report.findings import add_findings
from gfv_sei.report.gather import Write, gather
from gfv_sei.report.pictures import MOST_PICTURES, Wanted, add_pictures, wanted_units
from gfv_sei.stream.target import Target, open_target
from gfv_sei.wording import printable

_SCRIPTS = (
    "basics.js",
    "store.js",
    "elements.js",
    "virtual_list.js",
    "timeline.js",
    "stream_list.js",
    "tracks.js",
    "face.js",
    "message.js",
    "overview.js",
    "main.js",
)
"""The page's own JavaScript, joined in this order into one module."""

_BLOCKS = "<!-- blocks -->"


def write_report(
    source: str,
    target: Target,
    *,
    name: str | None = None,
    syntax: str = "auto",
    codec: str | None = None,
    compat: str | None = None,
    explain: bool = True,
    pictures: int = MOST_PICTURES,
    generator: str | None = None,
    decoder: str = "auto",
) -> dict[str, Any]:
    """Write the page of a stream; its summary.

    source      path of a file that can be read several times
    target      path of the page, ``-``, or a binary file
    name        of the stream, in words; else that of its file
    syntax      edition of the messages, or auto
    codec       vvc, hevc or avc, where the content would not tell
    compat      vtm, hm or jm: values as this decoder shows them
    explain     whether the page says where reference software reads a message differently
    pictures    decoded pictures in the page at most, and generated ones; 0 for none
    generator   name of the generator or path of its model, for generated pictures; None for none
    decoder     name of the decoder for pictures

    Raises StreamError where the source is no stream. What is wrong with messages is in the page.
    """
    name = printable(Path(source).name if name is None else name)  # a file name can hold what no page may
    head, tail = _template(name)
    with open_target(target) as file:
        write: Write = file.write
        write(head)
        checked = add_findings(source, syntax, codec, write)
        found = gather(source, checked["syntax"], write, codec=codec, compat=compat, explain=explain)
        found |= {"name": name, "version": __version__, "generator": generator} | checked
        found["notes"] = notes = []
        if pictures:
            units = wanted_units(found["bases"], found["display"], pictures)
            wanted = Wanted(source, found["syntax"], found["summary"]["codec"], units, generator, decoder, pictures)
            notes += add_pictures(wanted, write)
        write(json_block("tables", found))
        write(tail)
    return found


def _template(name: str) -> tuple[bytes, bytes]:
    """What comes before the blocks, and what comes behind."""
    folder = files("gfv_sei.report") / "template"
    style = (folder / "report.css").read_text("utf-8")
    script = "\n".join((folder / file).read_text("utf-8") for file in _SCRIPTS)
    page = (folder / "report.html").read_text("utf-8")
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # The name last: it may hold anything, the marks of the others too.
    parts = {"policy": html.escape(policy, quote=False), "style": style, "script": script, "name": html.escape(name)}
    for part, text in parts.items():
        before, _, behind = page.partition(f"[[{part}]]")
        page = before + text + behind
    head, _, tail = page.partition(_BLOCKS)
    return head.encode(), tail.encode()


def _hash(text: str) -> str:
    """As a content security policy has it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
