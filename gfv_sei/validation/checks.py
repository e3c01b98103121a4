"""Where messages and picture units break rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gfv_sei.meaning.derive import flatten
from gfv_sei.meaning.state import UNIT_BITS
from gfv_sei.message import Message
from gfv_sei.syntax.layout import GfvLayout
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.rules import RULES, Finding

_RESERVED_MATRIX_TYPE = 32
_ONE = 1 << UNIT_BITS


def check_message(msg: Message, codec: str) -> Iterator[Finding]:
    """What is wrong within one message that could be read. The findings have no place in the stream yet."""
    fields = msg.fields
    prefix = "gfv" if msg.payload_type == GFV else "gfve"
    if msg.ignored is not None:
        yield Finding(RULES["GFV-ID-001"], msg.ignored, element=f"{prefix}_id", value=msg.identifier[0])
    mode = fields.get(f"{prefix}_nn_mode_idc")
    if mode is not None and mode > 1:
        yield Finding(RULES["GFV-NN-001"], "reserved mode", element=f"{prefix}_nn_mode_idc", value=mode, allowed="0, 1")
    if "payload_trailing_bits" in fields:
        bits = len(fields["payload_trailing_bits"])
        yield Finding(RULES["GFV-SYN-002"], f"the last {bits} bits of the payload are no alignment")
    if "reserved_payload_extension_data" in fields:
        bits = len(fields["reserved_payload_extension_data"])
        rule = RULES["GFV-SYN-004" if codec == "avc" else "GFV-SYN-003"]
        yield Finding(rule, f"{bits} bits of extension data follow the last element")
    if isinstance(msg.layout, GfvLayout):
        yield from _coordinates(msg, msg.layout)
    yield from _matrices(msg)


def _coordinates(msg: Message, layout: GfvLayout) -> Iterator[Finding]:
    if layout.coordinates is None or msg.exact is None or msg.exact.coordinates is None:
        return
    for axis, column in zip("xyz", msg.exact.coordinates, strict=False):
        limit = _ONE * ((layout.coordinates.z_max or 1) if axis == "z" else 1)
        outside = [i for i, value in enumerate(column) if abs(value) > limit]
        if outside:
            first = outside[0]
            yield Finding(
                RULES["GFV-CRD-002" if axis == "z" else "GFV-CRD-001"],
                f"{axis} of {len(outside)} of {len(column)} keypoints is outside",
                element=f"{axis} of keypoint {first}",
                value=column[first] / _ONE,
                allowed=f"-{limit >> UNIT_BITS} to {limit >> UNIT_BITS}",
            )


def _matrices(msg: Message) -> Iterator[Finding]:
    layout = msg.layout.matrices if msg.layout is not None else None
    if layout is None:
        return
    for i, kind in enumerate(layout.types):
        if kind.type_idx >= _RESERVED_MATRIX_TYPE:
            element = f"gfv_matrix_type_idx[ {i} ]"
            yield Finding(
                RULES["GFV-MAT-001"], "reserved type", element=element, value=kind.type_idx, allowed="0 to 31"
            )
    fractions: Any = msg.fields.get("gfv_matrix_delta_element_dec")
    for of_type in fractions or ():
        largest = max(flatten(of_type))
        if largest >= 1 << layout.precision:
            yield Finding(
                RULES["GFV-MAT-002"],
                "a fraction that is 1 or more; the writers of VTM, HM and JM round up to it",
                element="gfv_matrix_delta_element_dec",
                value=largest,
                allowed=f"0 to {(1 << layout.precision) - 1}",
            )


class PictureUnit:
    """The messages of one picture unit, as far as rules relate them to each other."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.seen: dict[tuple[int, int], bytes] = {}
        self.base: dict[int, int] = {}
        self.enhanced: list[tuple[Message, Any]] = []

    def add(self, msg: Message, where: Any) -> Iterator[Finding]:
        """Take the next message; ``where`` comes back with findings of ``finish``."""
        if msg.ignored is not None:
            return
        if msg.payload_type != GFV:
            self.enhanced.append((msg, where))
            return
        gfv_id, gfv_cnt = msg.fields["gfv_id"], msg.fields["gfv_cnt"]
        payload = msg.payload or b""
        if (gfv_id, gfv_cnt) in self.seen:
            if self.seen[gfv_id, gfv_cnt] != payload:
                yield Finding(
                    RULES["GFV-CNT-002"],
                    f"a second message of gfv_id {gfv_id} has the same gfv_cnt and another content",
                    element="gfv_cnt",
                    value=gfv_cnt,
                )
            return
        self.seen[gfv_id, gfv_cnt] = payload
        expected = self.counts.get(gfv_id, -1) + 1
        if gfv_cnt != expected:
            yield Finding(
                RULES["GFV-CNT-001"],
                f"the next gfv_cnt of gfv_id {gfv_id} in this picture unit is {expected}",
                element="gfv_cnt",
                value=gfv_cnt,
                allowed=str(expected),
            )
        self.counts[gfv_id] = gfv_cnt
        if gfv_cnt == 0:
            self.base[gfv_id] = msg.fields.get("gfv_base_picture_flag", 0)
        elif self.base.get(gfv_id):
            for name in ("gfv_drive_picture_fusion_flag", "gfv_fusion_pic_flag"):
                if msg.fields.get(name):
                    yield Finding(
                        RULES["GFV-FUS-001"], "fusion beside a base picture", element=name, value=1, allowed="0"
                    )

    def finish(self) -> Iterator[tuple[Finding, Any]]:
        """What can be said when all messages of the picture unit are known."""
        for msg, where in self.enhanced:
            gfv_id, gfv_cnt = msg.fields["gfve_gfv_id"], msg.fields["gfve_gfv_cnt"]
            if (gfv_id, gfv_cnt) not in self.seen:
                what = f"no GFV message with gfv_id {gfv_id} and gfv_cnt {gfv_cnt} in this picture unit"
                yield Finding(RULES["GFVE-ASC-001"], what, element="gfve_gfv_cnt", value=gfv_cnt), where
            elif msg.fields.get("gfve_base_picture_flag") and not self.base.get(gfv_id):
                what = f"the GFV message of gfv_id {gfv_id} is no base message"
                found = Finding(RULES["GFVE-ASC-002"], what, element="gfve_base_picture_flag", value=1, allowed="0")
                yield found, where
