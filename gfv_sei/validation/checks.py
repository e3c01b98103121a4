"""What is wrong within one message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gfv_sei.meaning.reserved import RESERVED_MODES, RESERVED_TYPES, is_reserved
from gfv_sei.meaning.state import NO_PUPILS, UNIT_BITS
from gfv_sei.syntax.coder import UE_MAX, flatten
from gfv_sei.syntax.gfve import EYES, PUPIL
from gfv_sei.syntax.layout import GfveLayout, GfvLayout
from gfv_sei.syntax.noting import ALIGNMENT, CODE, COUNT, END, LAYOUT, RANGE, REFERENCE, SIZE, TAIL, TEXT, Note
from gfv_sei.syntax.parts import MODE_PAYLOAD
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.reading import OTHER_LAYOUT, Reading
from gfv_sei.validation.rules import RULES, Finding
from gfv_sei.wording import counted, printable

_ONE = 1 << UNIT_BITS

_SENSIBLE_MATRIX_TYPES = 64
_THRESHOLDS = (48, 75)

_IN_URI = r"[^\s\x00-\x1f\x7f-\x9f\"<>\\^`{|}]"  # what RFC 3986 takes, and letters of other alphabets
_TAG_URI = re.compile(rf"tag:((?!,){_IN_URI})+,[0-9]{{4}}(-[0-9][0-9]){{0,2}}:{_IN_URI}*")
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_IN_URI}+")

_URIS = (
    ("nn_tag_uri", _TAG_URI, "GFV-NN-003", "tag URI", "tag:authority,date:name"),
    ("nn_uri", _URI, "GFV-NN-004", "URI", "scheme:path"),
)

_OF_KIND = {
    ALIGNMENT: "GFV-SYN-015",
    TEXT: "GFV-SYN-016",
    CODE: "GFV-SYN-001",
    END: "GFV-SYN-005",
    COUNT: "GFV-SYN-006",
    SIZE: "GFV-LIM-001",
    REFERENCE: "GFV-PRED-001",
    OTHER_LAYOUT: "GFV-PRED-002",
}

_OF_RANGE = (
    (re.compile(r"gfve?_.*_precision_factor_minus1"), "GFV-SYN-008"),
    (re.compile(r"gfve?_(num_matrices|matrix_(width|height))_minus1|gfv_num_matrices_info"), "GFV-SYN-009"),
    (re.compile(r"gfv_coordinate_z_max_value_minus1"), "GFV-SYN-010"),
    (re.compile(r"gfv_chroma_key_purpose_idc"), "GFV-SYN-011"),
    (re.compile(r"gfv_chroma_key_thr_upper_delta_minus1"), "GFV-SYN-012"),
    (re.compile(r"gfv_matrix_type_idx"), "GFV-SYN-013"),
    (re.compile(r"gfve_pupil_.*_abs"), "GFV-SYN-014"),
    (re.compile(r".*"), "GFV-SYN-007"),
)
"""The rule that a value out of range breaks, by the element: the first pattern that fits."""


def check_message(reading: Reading, codec: str) -> Iterator[Finding]:
    """Everything wrong within one message. The findings have no place in the stream yet."""
    for note in reading.notes:
        yield _noted(note)
    yield from _identifiers(reading)
    if reading.refused:
        return
    fields = reading.fields
    if "gfv_nn_mode_idc" in fields or "gfve_nn_mode_idc" in fields:
        yield from _network(reading)
    if "gfv_chroma_key_value_present_flag" in fields:
        yield from _chroma_key(reading)
    if "payload_trailing_bits" in fields or "reserved_payload_extension_data" in fields:
        yield from _tail(reading, codec)
    msg = reading.msg
    if msg is None:
        return
    if isinstance(msg.layout, GfvLayout) and not reading.uncertain:
        yield from _coordinates(reading, msg.layout)
    elif isinstance(msg.layout, GfveLayout) and not reading.uncertain:
        yield from _pupils(reading, msg.layout)
    yield from _matrices(reading)


def _noted(note: Note) -> Finding:
    name = note.name
    if note.kind == RANGE:
        rule = next(rule for pattern, rule in _OF_RANGE if pattern.fullmatch(name))
    elif note.kind == LAYOUT:
        rule = "GFV-MAT-003" if name == "gfv_matrix_present_flag" else "GFV-MAT-004"
    elif note.kind == REFERENCE and name == "gfve_pupil_coordinate_present_idx":
        rule = "GFVE-PUP-001"
    else:
        rule = _OF_KIND[note.kind]
    what = note.reason if note.times == 1 else f"{note.reason}, here and at {counted(note.times - 1, 'more place')}"
    return Finding(RULES[rule], what, bit=note.bit, element=note.element, value=note.value, allowed=note.allowed)


def _identifiers(reading: Reading) -> Iterator[Finding]:
    fields = reading.fields
    for name, rule in (("gfv_id", "GFV-ID-001"), ("gfve_id", "GFV-ID-001"), ("gfve_gfv_id", "GFV-ID-002")):
        value = fields.get(name)
        if value is not None and is_reserved(value) and value <= UE_MAX:
            allowed = "0 to 255, 512 to 2^31 - 1"
            yield Finding(RULES[rule], "reserved", bit=reading.bit(name), element=name, value=value, allowed=allowed)


def _network(reading: Reading) -> Iterator[Finding]:
    fields = reading.fields
    element = reading.type.element
    name = element("nn_mode_idc")
    mode = fields[name]
    if mode >= RESERVED_MODES:
        yield Finding(
            RULES["GFV-NN-001"], "reserved mode", bit=reading.bit(name), element=name, value=mode, allowed="0, 1"
        )
    for name, form, rule, kind, allowed in _URIS:
        text = fields.get(element(name))
        if text is None:
            continue
        where: Any = {"element": element(name), "value": _short(text), "bit": reading.bit(element(name))}
        if any("\udc80" <= letter <= "\udcff" for letter in text):
            yield Finding(RULES["GFV-NN-002"], "holds bytes that are no UTF-8", **where)
        if not form.fullmatch(text):
            yield Finding(RULES[rule], f"is no {kind}" if text else "is empty", allowed=allowed, **where)
    name = element("nn_payload_byte")
    if mode == MODE_PAYLOAD and fields.get(name) == b"":
        yield Finding(RULES["GFV-NN-005"], "the message ends where the network should begin", element=name)


def _chroma_key(reading: Reading) -> Iterator[Finding]:
    fields = reading.fields
    name = "gfv_chroma_key_value_present_flag"
    present = fields[name]
    if 0 < sum(present) < len(present):
        absent = present.index(0)
        what = f"{sum(present)} of {len(present)} values are coded"
        yield Finding(RULES["GFV-CHR-001"], what, bit=reading.bit(name, absent), element=f"{name}[ {absent} ]", value=0)
    if "gfv_chroma_key_thr_upper_delta_minus1" in fields:
        name = "gfv_chroma_key_thr_upper_delta_minus1"
        lower = fields["gfv_chroma_key_thr_lower"]
        upper = lower + fields[name] + 1
    elif "gfv_chroma_key_thr_value" in fields:
        name = "gfv_chroma_key_thr_value"
        coded = zip(fields[name], _THRESHOLDS, strict=True)
        lower, upper = (default if value is None else value for value, default in coded)
    else:
        return
    too_far = any(note.name == name for note in reading.notes)  # said already
    if not lower < upper <= 255 and not too_far:
        what = f"the thresholds are {lower} and {upper}"
        yield Finding(RULES["GFV-CHR-002"], what, bit=reading.bit(name), element=name, value=fields[name])


def _tail(reading: Reading, codec: str) -> Iterator[Finding]:
    fields = reading.fields
    bit = reading.bit(TAIL)
    assert bit is not None
    length = 8 * len(reading.payload) - bit
    name = "payload_trailing_bits"
    if name in fields:
        rule, what = "GFV-SYN-002", f"the last {length} bits of the payload are no alignment"
        if "1" in fields[name]:
            rule, what = "GFV-SYN-004", "whole bytes of zeros follow the alignment bits"
    else:
        name = "reserved_payload_extension_data"
        rule, what = "GFV-SYN-003", f"{len(fields[name])} bits of extension data follow the last element"
        if not fields[name]:
            what = "a byte of alignment follows, though the last element ends on a byte"
        if codec == "avc":
            rule, what = "GFV-SYN-004", f"{length} bits follow the last element"
            if length < 8:
                rule, what = "GFV-SYN-002", f"the last {length} bits of the payload are no alignment"
    yield Finding(RULES[rule], what, bit=bit, element=name)


def _coordinates(reading: Reading, layout: GfvLayout) -> Iterator[Finding]:
    msg = reading.msg
    assert msg is not None
    if layout.coordinates is None or msg.exact is None or msg.exact.coordinates is None:
        return
    for axis, column in zip("xyz", msg.exact.coordinates, strict=False):
        limit = _ONE * ((layout.coordinates.z_max or 1) if axis == "z" else 1)
        if max(column) <= limit and min(column) >= -limit:
            continue
        outside = [i for i, value in enumerate(column) if abs(value) > limit]
        first = outside[0]
        coded = f"gfv_coordinate_{'d' if layout.coordinates_predicted else ''}{axis}_abs"
        yield Finding(
            RULES["GFV-CRD-002" if axis == "z" else "GFV-CRD-001"],
            f"{axis} of {len(outside)} of {len(column)} keypoints is outside",
            bit=reading.bit(coded, first),
            element=f"{axis} of keypoint {first}",
            value=column[first] / _ONE,
            allowed=f"-{limit >> UNIT_BITS} to {limit >> UNIT_BITS}",
        )


def _pupils(reading: Reading, layout: GfveLayout) -> Iterator[Finding]:
    msg = reading.msg
    assert msg is not None
    exact = msg.exact.pupils if msg.exact is not None else None
    noted = {note.name for note in reading.notes}
    for (eye, axis), value in zip(PUPIL, exact or NO_PUPILS, strict=True):
        coded = PUPIL[eye, axis][0]
        if abs(value) > _ONE and eye in EYES[layout.pupils.present_idx] and coded not in noted:
            yield Finding(
                RULES["GFVE-PUP-003"],
                "outside",
                bit=reading.bit(coded),
                element=f"{axis} of the {eye} pupil",
                value=value / _ONE,
                allowed="-1 to 1",
            )


def _matrices(reading: Reading) -> Iterator[Finding]:
    msg = reading.msg
    assert msg is not None
    layout = msg.layout.matrices if msg.layout is not None else None
    if layout is None or reading.payload_type != GFV:
        return
    types = msg.fields.get("gfv_matrix_type_idx", ())
    reserved = [i for i, type_idx in enumerate(types) if type_idx >= RESERVED_TYPES]
    if reserved:
        first = reserved[0]
        yield Finding(
            RULES["GFV-MAT-001"],
            f"{len(reserved)} of {len(types)} types are reserved",
            bit=reading.bit("gfv_matrix_type_idx", first),
            element=f"gfv_matrix_type_idx[ {first} ]",
            value=types[first],
            allowed="0 to 31",
        )
    if len(types) > _SENSIBLE_MATRIX_TYPES:
        name = "gfv_num_matrix_types_minus1"
        what = f"{len(types)} matrix types, though only {_SENSIBLE_MATRIX_TYPES} differ"
        yield Finding(RULES["GFV-MAT-005"], what, bit=reading.bit(name), element=name, value=len(types) - 1)
    name = "gfv_matrix_delta_element_dec"
    fractions = [flatten(of_type) for of_type in msg.fields.get(name, ())]
    most = (1 << layout.precision) - 1
    if fractions and max(map(max, fractions)) > most:
        flat = [fraction for of_type in fractions for fraction in of_type]
        outside = [i for i, fraction in enumerate(flat) if fraction > most]
        first = outside[0]
        yield Finding(
            RULES["GFV-MAT-002"],
            f"{len(outside)} of {len(flat)} fractions are 1 or more",
            bit=reading.bit(name, first),
            element=name,
            value=flat[first],
            allowed=f"0 to {most}",
        )


def _short(text: str) -> str:
    """A text of a stream as it may stand in a finding, however long it is and whatever a terminal would do with it."""
    shown = printable(text)
    return shown if len(shown) <= 80 else shown[:77] + "..."
