"""The page of the record, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markdown import MADE, code, table

from gfv_sei.schema.build import OPTIONAL_PLACE, PLACE, SAID, VALUES

HEAD = """\
# The record

`gfv extract` writes one JSON object per GFV or GFVE message, one per line, in the order of the bitstream.
[record.schema.json](../../gfv_sei/schema/record.schema.json) is the JSON Schema (edition 2020-12) of such a line. It is
installed with the package, and `gfv_sei.schema.record_schema()` returns it. The syntax elements under `message` are
those of the [syntax tables](syntax.md).

The schema describes what `gfv extract` writes. `gfv inject` needs less: `payload_type`, a place (`au`, `display` or
`poc`), and one of `message`, `values` with identifiers, or `payload_hex`. The writer chooses what is left out: the
precision, and prediction where it takes fewer bits.

"""


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_parts())


def _parts() -> Iterator[str]:
    yield "## Where a message stands\n\n"
    rows = [(code(name), _type(schema), _says(schema, name)) for name, schema in PLACE.items()]
    yield table(("name", "type", ""), rows)
    yield "\n## What it says\n\n"
    yield table(("name", "type", ""), [(code(name), _type(schema), _says(schema)) for name, schema in SAID.items()])
    yield "\n## Values\n\n`values` is what the elements mean after prediction.\n\n"
    rows = [(code(name), _type(schema)) for name, schema in VALUES["properties"].items()]
    yield table(("name", "type"), rows)


def _says(schema: dict[str, Any], name: str = "") -> str:
    text = str(schema.get("description", ""))
    return text if text or name not in OPTIONAL_PLACE else "May be absent."


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return "object"
    if "enum" in schema:
        return " or ".join(code(value) for value in schema["enum"])
    if schema["type"] == "array" and "items" in schema and "prefixItems" not in schema["items"]:
        return f"list of ({_type(schema['items'])})"
    if schema["type"] == "object" and "properties" in schema:
        return "object of " + ", ".join(f"{code(name)}: {_type(inner)}" for name, inner in schema["properties"].items())
    return str(schema["type"])
