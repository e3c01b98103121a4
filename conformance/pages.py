"""Pages that lie beside the packages of a suite, for whoever has it and nothing else."""

from __future__ import annotations

from typing import Any

from conformance.case import cases
from conformance.package import CONTENTS, INDEX

_README = """\
# Conformance streams for generative face video SEI messages

{positive} streams that conform, {negative} negative ones that do not or that are doubtful, in {codecs}. They carry the
SEI messages of Rec. ITU-T H.274 with payload types 223 (generative_face_video) and 224
(generative_face_video_enhancement).

`{index}` lists all streams. Each has a package, a zip file at the path that its entry names; `cases.md` says what each
case is for, and `coverage.md` which conditions of the syntax structures are reached by which streams. The files of a
package are named after its stream:

| ending | |
| --- | --- |
{contents}

`record.schema.json` is a JSON Schema of a line of the `.jsonl` file. `elements` are those that are coded; what is
inferred or predicted shows in `values`: coordinates, matrices and pupils, which are all whole multiples of 2^-32. A
reader may leave out messages that decoders shall ignore: their identifier, network mode or a matrix type is reserved.

A decoder of the base pictures passes if it decodes the pictures whose MD5 is given; the messages must not disturb it.
A reader of messages passes if it finds the messages of the `.jsonl` file, or of `_values.jsonl`. From a negative stream
it has to come back; it may refuse it. A validator has to report what `_findings.json` lists, and nothing else.

With the toolkit gfv: `gfv conformance verify DIR --tool COMMAND` runs any reader that prints such lines.
"""


def readme(streams: list[dict[str, Any]]) -> str:
    """What the files of a suite are, and when a reader passes."""
    codecs = dict.fromkeys(one["codec"].upper() for one in streams)
    negative = sum("findings" in one for one in streams)
    return _README.format(
        positive=len(streams) - negative,
        negative=negative,
        codecs=", ".join(codecs),
        index=INDEX,
        contents="\n".join(f"| `{ending}` | {what} |" for ending, what in CONTENTS.items()),
    )


def catalogue(streams: list[dict[str, Any]]) -> str:
    """The page of all cases in the order of the index: what each is for and how it is made, from its docstring."""
    every = cases()
    codecs: dict[str, list[str]] = {}
    for one in streams:
        codecs.setdefault(one["case"], []).append(one["codec"])
    lines = ["# The cases of the suite", ""]
    for name, its_codecs in codecs.items():
        case = every[name]
        lines += [f"## {name}: {case.title}", "", f"In {', '.join(its_codecs)}.", ""]
        lines += [line for paragraph in case.about for line in (paragraph, "")]
    return "\n".join(lines)
