"""The JSON Schema of a record, for whoever reads the output of ``gfv extract`` in another language.

``record.schema.json`` beside this file is published with the package; :mod:`~gfv_sei.schema.build` makes it of the
syntax descriptions, so that no element has to be named twice. It says what is *written*. Of what ``gfv inject`` reads
much may be left out.
"""

from __future__ import annotations

from typing import Any


def record_schema() -> dict[str, Any]:
    """The published schema (JSON Schema, edition 2020-12) of one line of JSON Lines."""
    import json
    from importlib.resources import files

    found: dict[str, Any] = json.loads((files("gfv_sei.schema") / "record.schema.json").read_text("utf-8"))
    return found
