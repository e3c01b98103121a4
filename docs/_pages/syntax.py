"""The page of syntax tables, drawn by running the descriptions."""

from __future__ import annotations

from collections.abc import Iterator

from markdown import MADE, code, table

from gfv_sei.syntax.drawing import Row, draw, refusals
from gfv_sei.syntax.editions import EDITIONS, Edition
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES

SUBSCRIPTS = "ijkm"

HEAD = """\
# Syntax tables

These tables are not written by hand. The program has one description of each syntax structure, which it uses to read
and write messages. To draw a table, a coder takes every path through the description and records the elements that it
meets (`gfv_sei.syntax.drawing`). So a table shows what this program does, and a test compares it with real messages.
The text of Rec. ITU-T H.274 is the authority. The names of the elements are those of the standard.

How to read a table:

- *descriptor*: ue(v), u(n), st(v) and b(8) as in the video standards. A precision gives the length of u(v).
- *coded where*: the condition under which the element is coded. A condition on an element that is absent, and has no
  value under *otherwise*, is not met.
- *repeated by*: an element with subscripts is coded in each iteration of its loop. This column gives the number of
  iterations, or the elements that determine it.
- *otherwise*: the value of the element where it is not coded.
- `gfv_coordinate_z_present_flag` in a condition is the value in force: the coded value, or, in a predicted message,
  the value of the base message.

If a payload does not end at a byte boundary, a 1 and then zeros follow the last element.

"""


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_tables())


def _tables() -> Iterator[str]:
    for edition in EDITIONS.values():
        yield f"## {MESSAGE_TYPES[GFV].structure}( ), `{edition.name}`\n\n"
        yield f"Payload type {GFV}. In use by: {edition.written_by}.\n\n"
        yield from _table(edition, GFV)
    first = next(iter(EDITIONS.values()))
    assert all(edition.gfve is first.gfve for edition in EDITIONS.values()), "one table no longer serves all editions"
    yield f"## {MESSAGE_TYPES[GFVE].structure}( )\n\nPayload type {GFVE}. The same in all editions.\n\n"
    yield from _table(first, GFVE)


def _table(edition: Edition, payload_type: int) -> Iterator[str]:
    describe = edition.describe(payload_type)
    head = ("element", "descriptor", "allowed", "coded where", "repeated by", "otherwise")
    yield table(head, [_cells(row) for row in draw(describe)])
    yield "\nRefused, although each element is in range:\n\n"
    for refusal in refusals(describe):
        allowed = f" Allowed: {refusal.allowed}." if refusal.allowed else ""
        yield f"- at `{refusal.element}`: {refusal.reason}.{allowed}\n"
    yield "\n"


def _cells(row: Row) -> tuple[str, ...]:
    subscripts = "".join(f"[ {letter} ]" for letter in SUBSCRIPTS[: row.subscripts])
    repeated = ", ".join(often if " " in often else code(often) for often in row.announced)
    otherwise = "" if row.absent is None else str(row.absent)
    return (code(row.name + subscripts), row.descriptor, row.allowed, row.present, repeated, otherwise)
