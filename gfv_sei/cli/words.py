"""A record of a GFV or GFVE message in words, for the text of inspect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gfv_sei.syntax.matrices import MATRIX_TYPES
from gfv_sei.syntax.payload_types import MESSAGE_TYPES, MessageType
from gfv_sei.wording import counted


def in_words(record: dict[str, Any]) -> Iterator[str]:
    """Some lines: what kind of message it is, what it carries, its values."""
    message, values = record["message"], record["values"]
    message_type = MESSAGE_TYPES[record["payload_type"]]
    prefix = message_type.prefix
    yield ", ".join(_kind(message, message_type))
    if record.get("ignored"):
        yield f"a decoder ignores this message: {record['ignored']}"
    if message.get(f"{prefix}_nn_present_flag"):
        yield _network(message, prefix)
    if message.get("gfv_chroma_key_info_present_flag"):
        yield f"chroma key {message.get('gfv_chroma_key_value', 'default values')}"
    if "coordinates" in values:
        points = values["coordinates"]
        predicted = "predicted" if message.get("gfv_kps_pred_flag") else "absolute"
        shown = "  ".join("(" + ", ".join(f"{v:g}" for v in point) + ")" for point in points[:4])
        more = "  .." if len(points) > 4 else ""
        yield f"{counted(len(points), 'keypoint')}, {len(points[0])}D, {predicted}: {shown}{more}"
    for entry in values.get("matrices", ()):
        yield _matrices(entry, message.get(f"{prefix}_matrix_pred_flag"))
    if "pupils" in values:
        left, right = values["pupils"]["left"], values["pupils"]["right"]
        yield f"pupils: left ({left[0]:g}, {left[1]:g}), right ({right[0]:g}, {right[1]:g})"
    for name in ("reserved_payload_extension_data", "payload_trailing_bits"):
        if name in message:
            yield f"{name}: {counted(len(message[name]), 'bit')}"


def _kind(message: dict[str, Any], message_type: MessageType) -> Iterator[str]:
    *others, face, count = (message[name] for name in message_type.identifying)
    own = "".join(f"gfve_id {number}, for " for number in others)
    yield f"{own}gfv_id {face}, gfv_cnt {count}"
    if message.get(message_type.element("base_picture_flag")):
        yield "base picture"
    elif not count:
        yield "driving picture"
    if message.get("gfv_fusion_pic_flag") or message.get("gfv_drive_picture_fusion_flag"):
        yield "fusion with the decoded picture"
    if message.get("gfv_low_confidence_face_parameter_flag"):
        yield "low confidence"


def _network(message: dict[str, Any], prefix: str) -> str:
    mode = message.get(f"{prefix}_nn_mode_idc")
    if mode == 1:
        return f"network {message[f'{prefix}_nn_uri']!a}, tag {message[f'{prefix}_nn_tag_uri']!a}"
    if mode == 0:
        size = len(message.get(f"{prefix}_nn_payload_byte", "")) * 3 // 4
        return f"network of about {counted(size, 'byte')} in the message (ISO/IEC 15938-17)"
    return f"network mode {mode}, reserved"


def _matrices(entry: dict[str, Any], predicted: Any) -> str:
    elements = entry["elements"]
    number = entry.get("type")
    name = MATRIX_TYPES[number] if number is not None and number < len(MATRIX_TYPES) else f"type {number}"
    named = "" if number is None else f"{name} "
    kind = counted(len(elements), f"{named}matrix", f"{named}matrices")
    sizes = ", ".join(dict.fromkeys(f"{len(matrix)}x{len(matrix[0])}" for matrix in elements))
    first = "  ".join(f"{v:g}" for v in elements[0][0][:4])
    more = "  .." if len(elements) > 1 or len(elements[0]) > 1 or len(elements[0][0]) > 4 else ""
    return f"{kind} of {sizes}, {'predicted' if predicted else 'absolute'}: {first}{more}"
