"""The page of the reference software's quirks, from the switches."""

from __future__ import annotations

from markdown import MADE, code, table

from gfv_sei.meaning.quirks import DESCRIPTIONS, READERS, WRITERS, Quirks

HEAD = """\
# Quirks of reference software

VTM, HM and JM differ from the standard in places, and from each other. Each deviation is a switch with a name. By
default none of them is on. `--compat vtm|hm|jm` turns on those of one program: in `inject`, `payload encode` and
`vtm-cfg` those of its writer, for its bits; in `extract` and `inspect` those of its reader, for the values that it
prints. `gfv inspect --explain` says of each message whether such a reader would get other values, and by which switch.

Rounding is no switch but belongs to each writer: the reference encoders round coordinates below zero another way
than we do (`gfv_sei.meaning.rounding`).

"""


def page() -> str:
    """The page as Markdown."""
    rows = [(code(name), what, _where(WRITERS, name), _where(READERS, name)) for name, what in DESCRIPTIONS.items()]
    return MADE + HEAD + table(("switch", "what it does", "writers", "readers"), rows)


def _where(programs: dict[str, Quirks], switch: str) -> str:
    return ", ".join(name for name, quirks in programs.items() if switch in quirks.names)
