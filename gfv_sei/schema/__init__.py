"""The JSON Schema of a record, for programs in other languages that read the output of ``gfv extract``.

``record.schema.json`` beside this file is published with the package. :mod:`~gfv_sei.schema.build` makes it from the
syntax descriptions, so no element is named twice. The schema describes what ``gfv extract`` *writes*. ``gfv inject``
needs much less.
"""

from __future__ import annotations

from typing import Any


def record_schema() -> dict[str, Any]:
    """The published schema (JSON Schema, edition 2020-12) of one line of JSON Lines."""
    import json
    from importlib.resources import files

    found: dict[str, Any] = json.loads((files("gfv_sei.schema") / "record.schema.json").read_text("utf-8"))
    return found
