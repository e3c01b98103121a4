"""Valid messages made up at random, in whole sequences, with what is known about them beforehand.

Written from the syntax tables and not from the code under test: a second opinion on which elements a message has, how
many bits they take, and what they mean. A maker takes its choices from a ``random.Random``; hypothesis has one whose
choices it can simplify (``sequences``), and where a test only needs plenty, one with a seed will do (``some``).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

GFV, GFVE = 223, 224
SYNTAXES = ("vsei4", "draft-b", "draft-a")

EDGE_IDS = (0, 1, 2, 7, 255, 256, 511, 512, 2**31 - 1, 2**31, 2**32 - 2)
EDGE_COUNTS = (1, 2, 3, 254, 255, 256, 2**32 - 2)
PRECISIONS = (1, 2, 5, 8, 9, 16, 31, 32)
URIS = ("", "a", "tag:example.org,2026:gfv", "https://example.org/ü/\U0001f600", "\udcff\udc80 raw bytes")

Point = list[Fraction]


class Made(NamedTuple):
    """One message, as JSON has it, and what must come of it."""

    payload_type: int
    message: dict[str, Any]
    bits: int
    values: dict[str, Any]
    predicted: bool


class Points(NamedTuple):
    q: int
    number: int
    z_max: int | None


class MatrixType(NamedTuple):
    type_idx: int | None
    number: int
    height: int
    width: int


class Matrices(NamedTuple):
    q: int
    types: tuple[MatrixType, ...]


class Known:
    """What the messages of one identifier left behind."""

    def __init__(self) -> None:
        self.points: Points | None = None
        self.base_points: list[Point] | None = None
        self.previous_points: list[Point] | None = None
        self.matrices: Matrices | None = None
        self.previous_layout: Matrices | None = None
        self.base_values: list[Any] = []
        self.previous_values: list[Any] = []
        self.pupil_q: int | None = None
        self.base_pupils = [Fraction(0)] * 4
        self.previous_pupils = [Fraction(0)] * 4


def ue_bits(value: int) -> int:
    return 2 * (value + 1).bit_length() - 1


class Tape:
    """The elements of a message in coding order, and their bits."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.bits = 0

    def flag(self, name: str, value: int | bool) -> int:
        self.fields[name] = int(value)
        self.bits += 1
        return int(value)

    def u(self, name: str, value: int, n: int) -> int:
        self.fields[name] = value
        self.bits += n
        return value

    def ue(self, name: str, value: int) -> int:
        self.fields[name] = value
        self.bits += ue_bits(value)
        return value

    def align(self) -> None:
        self.bits += -self.bits % 8

    def text(self, name: str, value: str) -> None:
        self.fields[name] = value
        self.bits += 8 * (len(value.encode("utf-8", "surrogateescape")) + 1)

    def array(self, name: str, value: Any) -> None:
        """A list whose bits are counted elsewhere; one that has no value anywhere is absent."""
        if any(one is not None for one in value):
            self.fields[name] = value


class Maker:
    """Makes the messages of one stream, one after another."""

    def __init__(self, r: Random, syntax: str) -> None:
        self.r = r
        self.syntax = syntax
        self.ids = [r.choice(EDGE_IDS) for _ in range(r.randint(1, 3))]
        self.enhancement_ids = [(r.choice(EDGE_IDS), one) for one in self.ids]
        self.faces: dict[int, Known] = {}
        self.enhancements: dict[tuple[int, int], Known] = {}
        self.tape = Tape()
        self.values: dict[str, Any] = {}
        self.predicted = False

    def sequence(self, most: int = 6) -> list[Made]:
        return [self.message() for _ in range(self.r.randint(1, most))]

    def message(self) -> Made:
        self.tape = Tape()
        self.values = {}
        self.predicted = False
        payload_type = GFVE if self.r.randint(0, 3) == 0 else GFV
        ends_with_bytes = self._gfve() if payload_type == GFVE else self._gfv()
        if not ends_with_bytes:
            self._tail()
        return Made(payload_type, self.tape.fields, self.tape.bits, self.values, self.predicted)

    # Choices

    def yes(self, out_of: int = 2) -> bool:
        return self.r.randint(1, out_of) == 1

    def _kind(self, begun: bool) -> str:
        """Base messages come first more often than not, so that others have something to predict from."""
        return "base" if not begun and self.yes() else self.r.choice(("base", "driving", "further", "further"))

    def magnitude(self, q: int, most: int = 2**32 - 2) -> int:
        kind = self.r.randint(0, 7)
        if kind < 2:
            return 0
        if kind == 6:
            return min(most, 1 << q)
        if kind == 7:
            return self.r.choice((most, most - 1, min(most, 255), min(most, 2**31)))
        return self.r.randint(0, min(most, (1 << q) - 1))

    # GFV

    def _gfv(self) -> bool:
        t, draft = self.tape, self.syntax
        gfv_id = t.ue("gfv_id", self.r.choice(self.ids))
        known = self.faces.setdefault(gfv_id, Known())
        kind = self._kind(known.points is not None or known.matrices is not None)
        count = t.ue("gfv_cnt", self.r.choice(EDGE_COUNTS) if kind == "further" else 0)
        base = kind == "base"
        mode = None
        if count == 0:
            t.flag("gfv_base_picture_flag", base)
        if base:
            mode = self._network("gfv")
            if t.flag("gfv_chroma_key_info_present_flag", self.yes()):
                self._chroma_key()
        elif draft != "vsei4":
            t.flag("gfv_drive_picture_fusion_flag", self.yes())
        elif count == 0:
            t.flag("gfv_fusion_pic_flag", self.yes())
        t.flag("gfv_low_confidence_face_parameter_flag", self.yes())
        from_base = count == 0 and draft != "draft-a"
        points = self._points(known, base, from_base) if t.flag("gfv_coordinate_present_flag", self.yes()) else None
        if t.flag("gfv_matrix_present_flag", points is None or self.yes()):
            self._gfv_matrices(known, base, from_base, points)
        if mode == 0:
            self._network_bytes("gfv")
        return mode == 0

    def _network(self, prefix: str) -> int | None:
        t = self.tape
        if not t.flag(f"{prefix}_nn_present_flag", self.yes()):
            return None
        mode = t.ue(f"{prefix}_nn_mode_idc", self.r.choice((0, 1, 1, 2, 255, 2**32 - 2)))
        if mode == 1:
            t.align()
            t.text(f"{prefix}_nn_tag_uri", self.r.choice(URIS))
            t.text(f"{prefix}_nn_uri", self.r.choice(URIS))
        return mode

    def _network_bytes(self, prefix: str) -> None:
        self.tape.align()
        data = bytes(self.r.randint(0, 255) for _ in range(self.r.choice((0, 1, 2, 9))))
        self.tape.fields[f"{prefix}_nn_payload_byte"] = base64.b64encode(data).decode()
        self.tape.bits += 8 * len(data)

    def _chroma_key(self) -> None:
        t, name = self.tape, "gfv_chroma_key"
        if self.syntax == "vsei4":
            t.ue(f"{name}_purpose_idc", self.r.randint(0, 2))
        flags = [int(self.yes()) for _ in range(3)]
        t.array(f"{name}_value_present_flag", flags)
        t.array(f"{name}_value", [self.r.choice((0, 50, 255)) if flag else None for flag in flags])
        t.bits += 3 + 8 * sum(flags)
        if self.syntax == "vsei4":
            if t.flag(f"{name}_thr_present_flag", self.yes()):
                t.u(f"{name}_thr_lower", self.r.choice((0, 48, 255)), 8)
                t.ue(f"{name}_thr_upper_delta_minus1", self.r.choice((0, 26, 255)))
            return
        flags = [int(self.yes()) for _ in range(2)]
        t.array(f"{name}_thr_present_flag", flags)
        thresholds = [self.r.choice((0, 48, 75, 2**32 - 2)) if flag else None for flag in flags]
        t.array(f"{name}_thr_value", thresholds)
        t.bits += 2 + sum(ue_bits(value) for value in thresholds if value is not None)

    def _points(self, known: Known, base: bool, from_base: bool) -> Points:
        t = self.tape
        reference = None if base else known.base_points if from_base else known.previous_points
        layout = known.points
        able = base or (
            layout is not None
            and reference is not None
            and len(reference) >= layout.number
            and len(reference[0]) >= (2 if layout.z_max is None else 3)
        )
        predicted = t.flag("gfv_kps_pred_flag", able and not self.yes(4))
        if base or not predicted:
            q = t.ue("gfv_coordinate_precision_factor_minus1", self.r.choice(PRECISIONS) - 1) + 1
            number = t.ue("gfv_num_kps_minus1", self.r.choice((0, 1, 2, 4))) + 1
            z_max = None
            if t.flag("gfv_coordinate_z_present_flag", self.yes()):
                z_max = t.ue("gfv_coordinate_z_max_value_minus1", self.r.choice((0, 1, 2**16 - 1))) + 1
            layout = Points(q, number, z_max)
        assert layout is not None
        axes = "xy" if layout.z_max is None else "xyz"
        found: list[Point] = [[] for _ in range(layout.number)]
        units = Fraction(1, 1 << layout.q)
        for k, axis in enumerate(axes):
            name = f"gfv_coordinate_{'d' if predicted else ''}{axis}"
            magnitudes = [self.magnitude(layout.q, 2**33) for _ in found]
            signs = [int(m > 0 and self.yes()) for m in magnitudes]
            t.array(f"{name}_abs", magnitudes)
            t.array(f"{name}_sign_flag", signs)
            t.bits += sum(ue_bits(m) + (m > 0) for m in magnitudes)
            for i, (m, sign) in enumerate(zip(magnitudes, signs, strict=True)):
                start = Fraction(0)
                if predicted and base:
                    start = found[i - 1][k] if i else start
                elif predicted:
                    assert reference is not None
                    start = reference[i][k]
                found[i].append(start + (-m if sign else m) * units)
        self.predicted |= bool(predicted)
        self.values["coordinates"] = [[float(v) for v in point] for point in found]
        known.previous_points = found
        if base:
            known.points, known.base_points = layout, found
        return layout

    def _gfv_matrices(self, known: Known, base: bool, from_base: bool, points: Points | None) -> None:
        t = self.tape
        layout = known.previous_layout if self.syntax == "draft-a" else known.matrices
        references = known.base_values if from_base else known.previous_values
        able = layout is not None and not base
        if able and not from_base:
            assert layout is not None
            able = known.previous_layout is not None and known.previous_layout.types == layout.types
        predicted = not base and bool(t.flag("gfv_matrix_pred_flag", able and not self.yes(4)))
        if not predicted:
            layout = self._matrix_layout(points)
        assert layout is not None
        found = self._elements("gfv", layout, references if predicted else None, fraction_is_ue=True)
        self.values["matrices"] = [
            {"type": kind.type_idx, "elements": nested(values, kind)}
            for kind, values in zip(layout.types, found, strict=True)
        ]
        self._keep_matrices(known, base, layout, found)
        self.predicted |= predicted

    def _matrix_layout(self, points: Points | None) -> Matrices:
        t, r = self.tape, self.r
        q = t.ue("gfv_matrix_element_precision_factor_minus1", r.choice(PRECISIONS) - 1) + 1
        number = t.ue("gfv_num_matrix_types_minus1", r.choice((0, 0, 1, 3))) + 1
        ranges = [(2, 3), (4, 6), (7, 7), (8, 31), (32, 63)]
        if points is not None or self.syntax == "draft-a":
            ranges += [(0, 1)] * 3
        if self.syntax == "draft-a":
            ranges.append((64, 64))
        rows: list[dict[str, int | None]] = []
        types = []
        for _ in range(number):
            type_idx = r.randint(*r.choice(ranges))
            row, kind = self._matrix_type(type_idx, points)
            rows.append(row)
            types.append(kind)
        for name in dict.fromkeys(name for row in rows for name in row):
            t.array(name, [row.get(name) for row in rows])
        return Matrices(q, tuple(types))

    def _matrix_type(self, type_idx: int, points: Points | None) -> tuple[dict[str, int | None], MatrixType]:
        t, r = self.tape, self.r
        row: dict[str, int | None] = {"gfv_matrix_type_idx": type_idx}
        t.bits += ue_bits(type_idx) if self.syntax == "draft-a" else 6
        d = 3 if points is not None and points.z_max is not None else 2
        number, height, width = 1, d, 1 if type_idx in (5, 6) else d
        if type_idx <= 1:
            if points is None:
                number = self._coded(row, "gfv_num_matrices_info", r.choice((0, 1, 3))) + 1
            else:
                equal = int(self.yes())
                row["gfv_num_matrices_equal_to_num_kps_flag"] = equal
                t.bits += 1
                number = points.number
                if not equal:
                    # every number but that of the keypoints, in order
                    others = [n for n in range(1, points.number + 4) if n != points.number]
                    info = self._coded(row, "gfv_num_matrices_info", r.randint(0, 2))
                    number = others[info]
        elif type_idx <= 3 or type_idx >= 7:
            if type_idx >= 7:
                number = self._coded(row, "gfv_num_matrices_minus1", r.choice((0, 0, 1))) + 1
            width = self._coded(row, "gfv_matrix_width_minus1", r.choice((0, 1, 2))) + 1
            height = self._coded(row, "gfv_matrix_height_minus1", r.choice((0, 1, 2))) + 1
        elif points is None:
            flag = int(self.yes())
            row["gfv_matrix_for_3D_space_flag"] = flag
            t.bits += 1
            height = 2 + flag
            width = height if type_idx == 4 else 1
        return row, MatrixType(type_idx, number, height, width)

    def _coded(self, row: dict[str, int | None], name: str, value: int) -> int:
        row[name] = value
        self.tape.bits += ue_bits(value)
        return value

    def _elements(
        self, prefix: str, layout: Matrices, references: list[Any] | None, fraction_is_ue: bool
    ) -> list[list[Fraction]]:
        t, q = self.tape, layout.q
        name = f"{prefix}_matrix_{'element' if references is None else 'delta_element'}"
        arrays: dict[str, list[Any]] = {"int": [], "dec": [], "sign_flag": []}
        found = []
        ue_fraction = fraction_is_ue and references is not None
        for i, kind in enumerate(layout.types):
            count = kind.number * kind.height * kind.width
            integers = [self.magnitude(3) for _ in range(count)]
            most = 2**33 if ue_fraction else (1 << q) - 1
            fractions = [self.magnitude(q, most) for _ in range(count)]
            signs = [int((a or b) and self.yes()) for a, b in zip(integers, fractions, strict=True)]
            for part, flat in (("int", integers), ("dec", fractions), ("sign_flag", signs)):
                arrays[part].append(nested(flat, kind) if prefix == "gfv" else nested(flat, kind)[0])
            t.bits += sum(ue_bits(a) for a in integers)
            t.bits += sum(1 for a, b in zip(integers, fractions, strict=True) if a or b)
            t.bits += sum(ue_bits(b) for b in fractions) if ue_fraction else q * count
            steps = [
                (-1 if sign else 1) * (a + Fraction(b, 1 << q))
                for a, b, sign in zip(integers, fractions, signs, strict=True)
            ]
            if references is not None:
                steps = [before + step for before, step in zip(references[i], steps, strict=True)]
            found.append(steps)
        for part, flat in arrays.items():
            t.array(f"{name}_{part}", flat)
        return found

    @staticmethod
    def _keep_matrices(known: Known, base: bool, layout: Matrices, found: list[list[Fraction]]) -> None:
        known.previous_layout, known.previous_values = layout, found
        if base:
            known.matrices, known.base_values = layout, found

    # GFVE

    def _gfve(self) -> bool:
        t = self.tape
        identifier = self.r.choice(self.enhancement_ids)
        t.ue("gfve_id", identifier[0])
        t.ue("gfve_gfv_id", identifier[1])
        known = self.enhancements.setdefault(identifier, Known())
        kind = self._kind(known.matrices is not None or known.pupil_q is not None)
        count = t.ue("gfve_gfv_cnt", self.r.choice(EDGE_COUNTS) if kind == "further" else 0)
        base = kind == "base"
        if count == 0:
            t.flag("gfve_base_picture_flag", base)
        mode = self._network("gfve") if base else None
        if t.flag("gfve_matrix_present_flag", self.yes()):
            self._gfve_matrices(known, base, count)
        self._pupils(known, base, count)
        if mode == 0:
            self._network_bytes("gfve")
        return mode == 0

    def _gfve_matrices(self, known: Known, base: bool, count: int) -> None:
        t, layout = self.tape, known.matrices
        able = layout is not None and not base
        if able and count:
            assert layout is not None
            able = known.previous_layout is not None and known.previous_layout.types == layout.types
        predicted = not base and bool(t.flag("gfve_matrix_pred_flag", able and not self.yes(4)))
        if not predicted:
            q = t.ue("gfve_matrix_element_precision_factor_minus1", self.r.choice(PRECISIONS) - 1) + 1
            number = t.ue("gfve_num_matrices_minus1", self.r.choice((0, 1, 2))) + 1
            types = [MatrixType(None, 1, self.r.randint(1, 3), self.r.randint(1, 3)) for _ in range(number)]
            for name in ("height", "width"):
                sizes = [getattr(kind, name) - 1 for kind in types]
                t.array(f"gfve_matrix_{name}_minus1", sizes)
                t.bits += sum(ue_bits(size) for size in sizes)
            layout = Matrices(q, tuple(types))
        assert layout is not None
        references = known.previous_values if count else known.base_values
        found = self._elements("gfve", layout, references if predicted else None, fraction_is_ue=False)
        matrices = [nested(values, kind)[0] for kind, values in zip(layout.types, found, strict=True)]
        self.values["matrices"] = [{"elements": matrices}]
        self._keep_matrices(known, base, layout, found)
        self.predicted |= predicted

    def _pupils(self, known: Known, base: bool, count: int) -> None:
        t = self.tape
        able = base or known.pupil_q is not None
        index = t.u("gfve_pupil_coordinate_present_idx", self.r.randint(0, 3) if able else 0, 2)
        q = known.pupil_q
        if index and base:
            q = t.ue("gfve_pupil_coordinate_precision_factor_minus1", self.r.choice(PRECISIONS) - 1) + 1
        if q is None:
            return
        reference = known.previous_pupils if count else known.base_pupils
        found: list[Fraction] = []
        for number, eye in enumerate(("left", "right")):
            for k, axis in enumerate("xy"):
                start = (found[k] if number else Fraction(0)) if base else reference[2 * number + k]
                if index >> number & 1:
                    name = f"gfve_pupil_{eye}_eye_d{axis}_coordinate"
                    m = t.ue(f"{name}_abs", self.magnitude(q, 2 << q))
                    if m:
                        sign = t.flag(f"{name}_sign_flag", self.yes())
                        start += (-m if sign else m) * Fraction(1, 1 << q)
                found.append(start)
        self.values["pupils"] = {"left": [float(v) for v in found[:2]], "right": [float(v) for v in found[2:]]}
        self.predicted |= not base and index > 0
        known.previous_pupils = found
        if base:
            known.base_pupils, known.pupil_q = found, q

    # The end of the payload

    def _tail(self) -> None:
        t = self.tape
        kind = self.r.randint(0, 7)
        if kind == 0:
            extension = "".join(self.r.choice("01") for _ in range(self.r.choice((1, 7, 8, 30))))
            if (t.bits + len(extension)) % 8 == 0 or "1" in extension or len(extension) > 7:
                t.fields["reserved_payload_extension_data"] = extension
                t.bits += len(extension) + 1
        elif kind == 1:
            odd = "0" * (-t.bits % 8) + "0" * 8 * self.r.choice((1, 2))
            t.fields["payload_trailing_bits"] = odd
            t.bits += len(odd)
        t.align()


def nested(flat: list[Any], kind: MatrixType) -> list[Any]:
    """As [matrix][row][column]; exact numbers become floats."""
    rest = iter([float(v) if isinstance(v, Fraction) else v for v in flat])
    return [[[next(rest) for _ in range(kind.width)] for _ in range(kind.height)] for _ in range(kind.number)]


def some(seed: int, syntax: str, messages: int) -> list[Made]:
    """A fixed number of messages from a seed."""
    maker = Maker(Random(seed), syntax)
    return [maker.message() for _ in range(messages)]


def sequences(syntax: str, most: int = 6) -> st.SearchStrategy[list[Made]]:
    """Sequences of valid messages of one stream."""
    make: Callable[[Random], list[Made]] = lambda r: Maker(r, syntax).sequence(most)  # noqa: E731
    return st.randoms(use_true_random=False).map(make)
