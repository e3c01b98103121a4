"""The page of the reference software's quirks, from the switches."""

from __future__ import annotations

from markdown import MADE, code, table

from gfv_sei.meaning.quirks import DESCRIPTIONS, READERS, WRITERS, Quirks

HEAD = """\
# Quirks of reference software

VTM, HM and JM differ from the standard in places, and from each other. Each deviation is a switch with a name. By
default all switches are off. `--compat vtm|hm|jm` turns on the switches of one program. `inject`, `payload encode` and
`vtm-cfg` use the switches of its writer, and so produce its bits. `extract` and `inspect` use the switches of its
reader, and so print its values. `gfv inspect --explain` shows for which messages such a reader would get other values,
and which switch causes it.

Rounding is not a switch. It belongs to each writer: the reference encoders round negative coordinates in another way
than this toolkit does (`gfv_sei.meaning.rounding`).

"""


def page() -> str:
    """The page as Markdown."""
    rows = [(code(name), what, _where(WRITERS, name), _where(READERS, name)) for name, what in DESCRIPTIONS.items()]
    return MADE + HEAD + table(("switch", "what it does", "writers", "readers"), rows)


def _where(programs: dict[str, Quirks], switch: str) -> str:
    return ", ".join(name for name, quirks in programs.items() if switch in quirks.names)
