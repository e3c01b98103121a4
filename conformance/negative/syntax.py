"""Bits of a payload: ranges of elements, payloads that end too soon, what follows the last element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.breaking import Edit
from conformance.case import negative
from conformance.numbers import PUPILS, keypoints, matrices, matrix
from conformance.sketch import Sketch
from gfv_sei.wording import counted

Say = Callable[[Sketch], object]


def points(s: Sketch) -> None:
    """A base message with keypoints in three dimensions."""
    s.face(1).base(coordinates=keypoints(3, axes=3), predict=0)


def numbers(s: Sketch) -> None:
    """A base message with a matrix."""
    s.face(1).base(matrices=[matrices(7, 1, 2, 2)])


def affine(s: Sketch) -> None:
    """A base message with keypoints and affine matrices of another number."""
    s.face(1).base(coordinates=keypoints(2), matrices=[matrices(0, 3, 2, 2)])


def key(s: Sketch) -> None:
    """A base message with chroma key."""
    s.face(1).base(
        coordinates=keypoints(2),
        gfv_chroma_key_purpose_idc=1,
        gfv_chroma_key_value=[1, 2, 3],
        gfv_chroma_key_thr_lower=10,
        gfv_chroma_key_thr_upper_delta_minus1=20,
    )


def by_uri(s: Sketch) -> None:
    """A base message with a network by URI."""
    s.face(1).base(
        coordinates=keypoints(2), gfv_nn_mode_idc=1, gfv_nn_tag_uri="tag:gfv.example,2026:a", gfv_nn_uri="gfv:a"
    )


def in_message(s: Sketch) -> None:
    """A base message with a network in it, behind some alignment bits."""
    s.face(1).base(coordinates=keypoints(2), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"network")


def enhanced(s: Sketch) -> None:
    """A face and its enhancement with matrices and pupils."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    s.enhancement(2, face).base(matrices=[matrix(2, 2)], pupils=PUPILS)


def enhanced_by_uri(s: Sketch) -> None:
    """A face and its enhancement with a network by URI."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    s.enhancement(2, face).base(
        matrices=[matrix(1, 2)], gfve_nn_mode_idc=1, gfve_nn_tag_uri="tag:gfv.example,2026:a", gfve_nn_uri="gfv:a"
    )


def enhanced_in_message(s: Sketch) -> None:
    """A face and its enhancement with a network in the message."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    s.enhancement(2, face).base(matrices=[matrix(1, 2)], gfve_nn_mode_idc=0, gfve_nn_payload_byte=b"network")


def predicted(s: Sketch) -> None:
    """A predicted message behind a base message, with keypoints and matrices."""
    face = s.face(1)
    face.base(coordinates=keypoints(2), matrices=[matrices(7, 1, 2, 2)])
    face.further(coordinates=keypoints(2, 1), matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=1)


def broken(rule: str, title: str, say: Say, edit: Callable[[Edit], object], element: str | None, **how: Any) -> None:
    """A case whose last message is changed by ``edit``, with one finding at ``element``.

    ``also`` are other rules that are broken at the same time, with their elements; ``keep`` is the number of bytes that
    are left of the payload; the rest goes to ``negative``.
    """
    also, keep = how.pop("also", ()), how.pop("keep", None)

    def make(s: Sketch) -> None:
        say(s)
        one = Edit(s)
        edit(one)
        one.put(keep)
        s.breaks(rule, element)
        for other, where in also:
            s.breaks(other, where)

    make.__doc__ = f"{say.__doc__} Changed in the last message: {title}. Everything else is as it should be."
    negative(rule, title, **how)(make)


def out_of_range(
    rule: str, say: Say, name: str, value: int, *, behind: dict[str, str] | None = None, **how: Any
) -> None:
    """A case whose message has one ue(v) element out of range.

    ``behind`` are bits that are to be added behind the last element of a name, so that the message goes on properly.
    """

    def edit(one: Edit) -> None:
        one.ue(name, value)
        for last, bits in (behind or {}).items():
            one.add_behind(last, bits)

    broken(rule, f"{name} is {value}", say, edit, name + how.pop("place", ""), **how)


def zeros(type_idx: int, number: int, rows: int, columns: int, points: int = 0) -> Say:
    """A base message with matrices of zeros in one bit of precision."""

    def say(s: Sketch) -> None:
        entry = {"type": type_idx, "elements": [[[0.0] * columns] * rows] * number}
        q = {"gfv_matrix_element_precision_factor_minus1": 0}
        s.face(1).base(matrices=[entry], **({"coordinates": keypoints(points)} if points else {}), **q)

    say.__doc__ = f"A base message with {number} matrices of {rows}x{columns} zeros."
    return say


def enhanced_zeros(number: int, rows: int, columns: int) -> Say:
    """The same of GFVE."""

    def say(s: Sketch) -> None:
        face = s.face(1)
        face.base(coordinates=keypoints(2))
        q = {"gfve_matrix_element_precision_factor_minus1": 0}
        s.enhancement(2, face).base(matrices=[[[0.0] * columns] * rows] * number, **q)

    say.__doc__ = f"A face, and enhancement with {number} matrices of {rows}x{columns} zeros."
    return say


def pupil(eye: str, axis: str) -> Say:
    """A face and the pupil of one eye, with a value on one axis."""

    def say(s: Sketch) -> None:
        face = s.face(1)
        face.base(coordinates=keypoints(2))
        point = [0.5, 0.0] if axis == "x" else [0.0, 0.5]
        s.enhancement(2, face).base(pupils={eye: point})

    say.__doc__ = f"A face and the {eye} pupil."
    return say


Q = "precision_factor_minus1"
for _value in (32, 33, 63, 255):
    out_of_range("GFV-SYN-008", points, f"gfv_coordinate_{Q}", _value)
for _value in (32, 127):
    out_of_range("GFV-SYN-008", enhanced, f"gfve_pupil_coordinate_{Q}", _value)
    for _prefix, _say in (("gfv", zeros(7, 1, 1, 1)), ("gfve", enhanced_zeros(1, 1, 1))):

        def _fine(one: Edit, prefix: str = _prefix, value: int = _value) -> None:
            one.ue(f"{prefix}_matrix_element_{Q}", value).bits(f"{prefix}_matrix_element_dec", "0" * (value + 1))

        _name = f"{_prefix}_matrix_element_{Q}"
        broken("GFV-SYN-008", f"{_name} is {_value}, with as many bits of fraction", _say, _fine, _name)

ZERO = "10"  # an integer of 0 and a fraction of one bit
_NUMBER, _WIDTH, _HEIGHT = "matrices_minus1", "matrix_width_minus1", "matrix_height_minus1"
_LAST, _GFVE_LAST = "gfv_matrix_element_dec", "gfve_matrix_element_dec"
for _name, _say, _more in (
    ("gfv_num_matrices_info", zeros(0, 1025, 2, 2, points=1), 4),
    (f"gfv_num_{_NUMBER}", zeros(7, 1024, 1, 1), 1),
    (f"gfv_{_WIDTH}", zeros(7, 1, 1, 1024), 1),
    (f"gfv_{_HEIGHT}", zeros(7, 1, 1024, 1), 1),
    (f"gfv_{_WIDTH}", zeros(2, 1, 1, 1024), 1),
    (f"gfv_{_HEIGHT}", zeros(3, 1, 1024, 1), 1),
    (f"gfv_{_WIDTH}", zeros(31, 1, 2, 1024), 2),
):
    out_of_range("GFV-SYN-009", _say, _name, 1024, behind={_LAST: ZERO * _more}, place="[ 0 ]")
out_of_range(
    "GFV-SYN-009",
    enhanced_zeros(1024, 1, 1),
    f"gfve_num_{_NUMBER}",
    1024,
    behind={f"gfve_{_WIDTH}": "11", _GFVE_LAST: ZERO},
)
for _name, _say in ((_WIDTH, enhanced_zeros(1, 1, 1024)), (_HEIGHT, enhanced_zeros(1, 1024, 1))):
    out_of_range("GFV-SYN-009", _say, f"gfve_{_name}", 1024, behind={_GFVE_LAST: ZERO}, place="[ 0 ]")

for _value in (65536, 2**20 - 1):
    out_of_range("GFV-SYN-010", points, "gfv_coordinate_z_max_value_minus1", _value)
for _value in (3, 4, 40):
    out_of_range("GFV-SYN-011", key, "gfv_chroma_key_purpose_idc", _value)
_UPPER = "gfv_chroma_key_thr_upper_delta_minus1"
for _value in (256, 4000):
    out_of_range("GFV-SYN-012", key, _UPPER, _value)
for _eye in ("left", "right"):
    for _axis in "xy":
        out_of_range("GFV-SYN-014", pupil(_eye, _axis), f"gfve_pupil_{_eye}_eye_d{_axis}_coordinate_abs", 513)

# ue(v) elements whose range is that of the code
out_of_range("GFV-SYN-007", points, "gfv_id", 2**32 - 1)
for _name, _say, _place in (
    ("gfv_matrix_element_int", numbers, "[ 0 ]" * 4),
    ("gfv_matrix_delta_element_int", predicted, "[ 0 ]" * 4),
    ("gfve_matrix_element_int", enhanced, "[ 0 ]" * 3),
):
    out_of_range("GFV-SYN-007", _say, _name, 2**32 - 1, place=_place)

# codes that are none
for _name, _say, _place in (
    ("gfv_id", points, ""),
    ("gfv_cnt", points, ""),
    ("gfv_coordinate_x_abs", points, "[ 0 ]"),
    ("gfv_num_kps_minus1", points, ""),
    ("gfv_matrix_element_int", numbers, "[ 0 ]" * 4),
    ("gfve_id", enhanced, ""),
    ("gfve_gfv_id", enhanced, ""),
    ("gfve_pupil_left_eye_dx_coordinate_abs", enhanced, ""),
):

    def _no_code(one: Edit, name: str = _name) -> None:
        one.bits(name, "0" * 80 + "1" * 8)

    broken("GFV-SYN-001", f"{_name} begins with 80 zero bits", _say, _no_code, _name + _place)

# counts that the payload cannot hold
for _name, _say, _value, _place in (
    ("gfv_num_kps_minus1", points, 1000, ""),
    ("gfv_num_kps_minus1", points, 2**32 - 2, ""),
    ("gfv_num_matrix_types_minus1", numbers, 63, ""),
    ("gfv_num_matrix_types_minus1", numbers, 2**32 - 2, ""),
    ("gfve_num_matrices_minus1", enhanced, 1023, ""),
):
    out_of_range("GFV-SYN-006", _say, _name, _value, place=_place)
for _name, _say in (
    (f"gfv_num_{_NUMBER}", numbers),
    (f"gfv_{_WIDTH}", numbers),
    (f"gfv_{_HEIGHT}", numbers),
    ("gfv_num_matrices_info", affine),
):

    def _many(one: Edit, name: str = _name) -> None:
        one.ue(name, 1023)

    broken("GFV-SYN-006", f"{_name} is 1023 in a short payload", _say, _many, "gfv_matrix_type_idx[ 0 ]")
for _name in (_WIDTH, _HEIGHT):

    def _large(one: Edit, name: str = f"gfve_{_name}") -> None:
        one.ue(name, 1023)

    broken("GFV-SYN-006", f"gfve_{_name} is 1023 in a short payload", enhanced, _large, "gfve_matrix_width_minus1[ 0 ]")


def cut(say: Say, keep: int) -> None:
    """A case whose payload ends after so many bytes, in the middle of its message."""

    def make(s: Sketch) -> None:
        say(s)
        one = Edit(s)
        s.breaks("GFV-SYN-005", one.element_at(8 * keep))
        one.put(keep)

    make.__doc__ = (
        f"The payload ends after {counted(keep, 'byte')}, where its last elements are still to come. {say.__doc__}"
    )
    negative("GFV-SYN-005", f"a payload that ends after {counted(keep, 'byte')}")(make)


for _say, _most in ((points, 3), (numbers, 3), (key, 6), (by_uri, 1), (enhanced, 2)):
    for _keep in range(_most):
        cut(_say, _keep)
