"""Makes the JSON Schema of a record; ``python -m gfv_sei.schema.build`` prints it."""

from __future__ import annotations

import json
from typing import Any

from gfv_sei.nal.codec import CODECS
from gfv_sei.syntax.drawing import ALWAYS, UP_TO_THE_END, Row, draw
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES

Schema = dict[str, Any]

COUNT: Schema = {"type": "integer", "minimum": 0}
BITS: Schema = {"type": "string", "pattern": "^[01]*$"}
HEX: Schema = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
POINT: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2}

PLACE: Schema = {
    "au": COUNT | {"description": "Index of the access unit in decoding order."},
    "poc": {"type": "integer", "description": "Picture order count; with --order."},
    "display": COUNT | {"description": "Index of the picture in output order; with --order, if the picture is output."},
    "nal": COUNT | {"description": "Index of the NAL unit."},
    "offset": COUNT | {"description": "Byte offset of its start code."},
    "codec": {"enum": sorted(CODECS)},
    "nal_type": COUNT | {"description": "nal_unit_type."},
    "position": {"enum": ["prefix", "suffix"]},
    "layer_id": COUNT,
    "temporal_id": COUNT,
}
"""Where a message stands."""

OPTIONAL_PLACE = ("poc", "display")

SAID: Schema = {
    "payload_type": COUNT,
    "payload_size": COUNT | {"description": "Bytes, without emulation prevention."},
    "nested_in": COUNT | {"description": "Payload type of the nesting message around this one."},
    "syntax": {"enum": list(EDITIONS), "description": "The edition that it was read with."},
    "message": {
        "type": "object",
        "description": (
            "Syntax elements by name; absent ones are left out. Bytes are in base64, extension bits as text."
        ),
    },
    "values": {"$ref": "#/$defs/values"},
    "ignored": {"type": "string", "description": "Why a decoder shall ignore the message."},
    "elements": {
        "type": "array",
        "description": "With --elements: name, value, bits and descriptor of each coded element.",
        "items": {
            "type": "array",
            "prefixItems": [{"type": "string"}, {"type": ["integer", "string"]}, COUNT, {"type": "string"}],
            "minItems": 4,
            "maxItems": 4,
        },
    },
    "payload_hex": HEX | {"description": "Of messages of other types, and of those that cannot be read."},
    "error": {"type": "string", "description": "Why it cannot be read."},
}
"""What a message says."""

VALUES: Schema = {
    "type": "object",
    "description": "What the elements mean, after prediction.",
    "properties": {
        "coordinates": {"type": "array", "items": POINT | {"maxItems": 3}},
        "matrices": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": COUNT,
                    "elements": {
                        "type": "array",
                        "description": "By matrix, row, column.",
                        "items": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
                    },
                },
                "required": ["elements"],
                "additionalProperties": False,
            },
        },
        "pupils": {
            "type": "object",
            "properties": {eye: POINT | {"maxItems": 2} for eye in ("left", "right")},
            "required": ["left", "right"],
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}

BEHIND: Schema = {"reserved_payload_extension_data": BITS, "payload_trailing_bits": BITS}
"""What may follow the last element, as text of bits."""


def build() -> Schema:
    """The schema of one record."""
    messages = [(payload_type, name) for payload_type in (GFV, GFVE) for name in EDITIONS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:gfv:record",
        "title": "A record of gfv extract",
        "description": "One SEI message of a stream: one line of JSON Lines.",
        "type": "object",
        "properties": PLACE | SAID,
        "required": [name for name in PLACE if name not in OPTIONAL_PLACE],
        "additionalProperties": False,
        "anyOf": [
            {"required": ["payload_type", "payload_size", "syntax", "message", "values"]},
            {"required": ["payload_type", "payload_size", "payload_hex"]},
            {"required": ["error"]},
        ],
        "allOf": [
            {
                "if": {
                    "properties": {"payload_type": {"const": payload_type}, "syntax": {"const": name}},
                    "required": ["payload_type", "syntax", "message"],
                },
                "then": {"properties": {"message": {"$ref": f"#/$defs/{_title(payload_type, name)}"}}},
            }
            for payload_type, name in messages
        ],
        "$defs": {"values": VALUES}
        | {_title(payload_type, name): _message(payload_type, name) for payload_type, name in messages},
    }


def text() -> str:
    """The schema as it is published."""
    return json.dumps(build(), indent=1, ensure_ascii=False) + "\n"


def _title(payload_type: int, syntax: str) -> str:
    structure = MESSAGE_TYPES[payload_type].structure
    return f"{structure}-{syntax}" if payload_type == GFV else structure


def _message(payload_type: int, syntax: str) -> Schema:
    rows = [row for row in draw(EDITIONS[syntax].describe(payload_type)) if not row.is_alignment]
    return {
        "type": "object",
        "properties": {row.name: _element(row) for row in rows} | BEHIND,
        "required": [row.name for row in rows if row.present == ALWAYS],
        "additionalProperties": False,
    }


def _element(row: Row) -> Schema:
    found: Schema = COUNT if row.most is None else COUNT | {"maximum": row.most}
    if row.descriptor == "st(v)":
        found = {"type": "string"}
    elif row.descriptor == UP_TO_THE_END:
        found = {"type": "string", "contentEncoding": "base64"}
    if row.sparse:
        found = found | {"type": [found["type"], "null"]}
    for _ in range(row.subscripts):
        found = {"type": "array", "items": found}
    if row.present == ALWAYS:
        return found
    return found | {"description": f"Where {row.present}."}


if __name__ == "__main__":
    print(text(), end="")
