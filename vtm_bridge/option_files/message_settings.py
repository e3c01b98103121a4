"""Settings of one message: its elements, its layout spelled out, and real numbers that become its elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from gfv_sei.meaning.state import UNIT_BITS
from gfv_sei.message import UNIT
from gfv_sei.syntax.coder import flatten
from gfv_sei.syntax.coordinates import ABSOLUTE, PREDICTED
from gfv_sei.syntax.gfve import EYES, PUPIL
from gfv_sei.syntax.layout import CoordinateLayout, GfveLayout, GfvLayout, MatrixLayout
from gfv_sei.syntax.matrices import COMPACT_FEATURE, HEAD, PER_KEYPOINT, SIZED
from gfv_sei.syntax.payload_types import GFV
from vtm_bridge.option_files import rounding
from vtm_bridge.option_files.forming import CARRIED, TypeOptions, built_size, read_size
from vtm_bridge.option_files.options import Dialect
from vtm_bridge.option_files.prepared import Prepared, refuse
from vtm_bridge.option_files.reading import OVERFLOW


class Settings:
    """The options of one message: values by what they carry; lists per matrix type and of real numbers."""

    def __init__(self) -> None:
        self.single: dict[str, Any] = {}
        self.types: dict[str, list[int]] = {}
        self.numbers: dict[str, list[float]] = {}


def message_settings(one: Prepared, k: int, mine: list[Prepared], dialect: Dialect, run: dict[str, Any]) -> Settings:
    """The options of message ``k`` of those of its payload type, ``mine``."""
    settings = Settings()
    settings.single |= one.message.fields
    layout = one.message.layout
    if isinstance(layout, GfvLayout):
        if not dialect.lists:
            settings.single |= {name: run[name] for name in run if name.startswith("gfv_chroma_key")}
        _check_fusion(one, dialect, run)
        _coordinate_settings(one, layout, k, mine, dialect, settings)
        _matrix_settings(one, layout, k, mine, dialect, settings)
    elif isinstance(layout, GfveLayout):
        _gfve_settings(one, layout, mine, dialect, settings)
    return settings


def _check_fusion(one: Prepared, dialect: Dialect, run: dict[str, Any]) -> None:
    name = "gfv_drive_picture_fusion_flag"
    if one.message.count and one.message.fields.get(name) and run["gfv_base_picture_flag"]:
        raise refuse(one, dialect, "with the base flag on, the encoder stops", name, 1, "0")


def _precision(one: Prepared, dialect: Dialect, element: str, q: int, most: int) -> int:
    if q > most:
        raise refuse(one, dialect, OVERFLOW, element, q - 1, f"0 to {most - 1}")
    return q - 1


def _of_first(one: Prepared, mine: list[Prepared], dialect: Dialect, flag: str, part: str, same: bool) -> None:
    """VTM and HM: a predicted message takes id and layout from the first of the list."""
    first = mine[0]
    if not dialect.lists or one is first:
        return
    if one.message.identifier != first.message.identifier:
        raise refuse(
            one,
            dialect,
            f"the encoder predicts only messages with the gfv_id of the first, record {first.number}",
            flag,
            1,
            f"0, or gfv_id {first.message.identifier[0]}",
        )
    if not same:
        raise refuse(
            one,
            dialect,
            f"the encoder takes precision, numbers and sizes of a predicted message from the first, record "
            f"{first.number}, which has no {part} or others",
            flag,
            1,
            "0",
        )


def _coordinate_settings(
    one: Prepared, layout: GfvLayout, k: int, mine: list[Prepared], dialect: Dialect, settings: Settings
) -> None:
    points = layout.coordinates
    if points is None:
        # Types 0 and 1 are then predicted, and in 3D if this option says so, whether there are keypoints or not.
        kinds = layout.matrices.types if layout.matrices else ()
        three_d = any(kind.type_idx in PER_KEYPOINT and kind.height == 3 for kind in kinds)
        settings.single["gfv_coordinate_z_present_flag"] = int(three_d)
        if three_d:
            settings.single["gfv_coordinate_z_max_value_minus1"] = 0
        return
    if layout.coordinates_predicted:
        first = mine[0].message.layout
        assert isinstance(first, GfvLayout)
        _of_first(one, mine, dialect, "gfv_kps_pred_flag", "coordinates", first.coordinates == points)
    name = "gfv_coordinate_precision_factor_minus1"
    settings.single[name] = _precision(one, dialect, name, points.precision, 30)
    settings.single["gfv_num_kps_minus1"] = points.num_kps - 1
    settings.single["gfv_coordinate_z_present_flag"] = points.z_present
    if points.z_max is not None:
        settings.single["gfv_coordinate_z_max_value_minus1"] = points.z_max - 1
    _coordinate_numbers(one, layout, points, dialect, settings)


def _coordinate_numbers(
    one: Prepared, layout: GfvLayout, points: CoordinateLayout, dialect: Dialect, settings: Settings
) -> None:
    fields, exact = one.message.fields, one.message.exact
    assert exact is not None
    assert exact.coordinates is not None
    q = points.precision
    wanted = one.wanted.get("coordinates")
    for number, axis in enumerate(points.axes):
        (part,), sign_flag = (PREDICTED if layout.coordinates_predicted else ABSOLUTE)[axis]
        signs = fields.get(sign_flag) or [0] * points.num_kps
        found = []
        for i, (units, sign) in enumerate(zip(fields[part.name], signs, strict=True)):
            step = (-units if sign else units) << UNIT_BITS - q
            reference = (exact.coordinates[number][i] - step) * UNIT
            code = (sign or 0, units)
            centre = rounding.centre_of_coordinate(code, reference, q)
            given = float(wanted[i][number]) if wanted else None
            rule = rounding.coordinate
            element = f"{part.name}[ {i} ]"
            found.append(_number(one, dialect, axis, element, code, rule, centre, reference, q, given))
        settings.numbers[axis] = found


Rule = Callable[[float, float, int], Any]


def _number(
    one: Prepared,
    dialect: Dialect,
    carries: str,
    element: str,
    code: tuple[int, ...],
    rule: Rule,
    centre: float,
    reference: float,
    q: int,
    given: float | None,
) -> float:
    """The real number for an option that the encoder turns into these elements: sign flag and magnitude."""
    option = dialect.tables[one.payload_type].carrying(carries)
    value = rounding.number_for(code, lambda v: rule(v, reference, q), centre, given, option.low, option.high)
    if value is not None:
        return value
    if rule(centre, reference, q) is None:
        why = "the encoder computes it in 32 bits with a sign"
    else:
        against = f", against a reference of {reference!r}" if reference else ""
        why = (
            f"the encoder makes it of numbers around {centre!r}{against}, and takes none but those from "
            f"{option.low:g} to {option.high:g}"
        )
    sign = "-" if code[0] else ""
    shown = f"{sign}{code[1]}" if len(code) == 2 else f"{sign}({code[1]} + {code[2]} / 2^{q})"
    raise refuse(one, dialect, why, element, shown, "what the encoder makes of such a number")


def _type_options(layout: MatrixLayout, points: int | None) -> list[TypeOptions]:
    """The options of the matrix types of a message; ``points`` are the keypoints that their numbers count by."""
    found = []
    for kind in layout.types:
        equal = info = 0
        if kind.type_idx in PER_KEYPOINT:
            equal = int(kind.number == points)
            info = kind.number - (1 if equal or points is None or kind.number < points else 2)
        spatial = kind.type_idx in PER_KEYPOINT or kind.type_idx in HEAD
        sized = kind.type_idx in SIZED or kind.type_idx >= COMPACT_FEATURE
        found.append(
            TypeOptions(
                kind.type_idx,
                equal,
                info,
                int(spatial and kind.height == 3),
                kind.number if kind.type_idx >= COMPACT_FEATURE else 0,
                kind.width if sized else 0,
                kind.height if sized else 0,
            )
        )
    return found


def _matrix_settings(
    one: Prepared, layout: GfvLayout, k: int, mine: list[Prepared], dialect: Dialect, settings: Settings
) -> None:
    matrices = layout.matrices
    if matrices is None:
        return
    here = layout.coordinates.num_kps if layout.coordinates else None
    points = here
    if layout.matrices_predicted:
        before = [o.message.layout for o in mine[:k] if o.base and isinstance(o.message.layout, GfvLayout)]
        bases = [b for b in before if b.matrices == matrices]
        first = mine[0].message.layout
        assert isinstance(first, GfvLayout)
        _of_first(one, mine, dialect, "gfv_matrix_pred_flag", "matrices", first.matrices == matrices)
        base = first if dialect.lists or not bases else bases[-1]
        points = base.coordinates.num_kps if base.coordinates else None
    options = _type_options(matrices, points)
    three_d = settings.single["gfv_coordinate_z_present_flag"]
    for i, (kind, wanted) in enumerate(zip(options, matrices.types, strict=True)):
        sizes = {built_size(kind, here, three_d)} | ({read_size(kind, here, three_d)} if dialect.lists else set())
        if sizes != {wanted.size}:
            made = " and ".join(" x ".join(map(str, size)) for size in sorted(sizes))
            raise refuse(
                one,
                dialect,
                f"with the keypoints of this message the encoder takes {made} elements for a "
                f"predicted matrix type that has {' x '.join(map(str, wanted.size))} in the base message",
                f"gfv_matrix_type_idx[ {i} ]",
                kind.type_idx,
                "a type whose size does not follow from keypoints",
            )
    name = "gfv_matrix_element_precision_factor_minus1"
    settings.single[name] = _precision(one, dialect, name, matrices.precision, 30)
    settings.single["gfv_num_matrix_types_minus1"] = len(options) - 1
    for column, carries in enumerate(CARRIED):
        option = dialect.tables[GFV].carrying(carries)
        settings.types[carries] = [kind[column] - option.plus for kind in options]
    settings.numbers["element"] = _element_numbers(one, matrices, layout.matrices_predicted, "gfv", dialect)


def _element_numbers(
    one: Prepared, matrices: MatrixLayout, predicted: int, elements: str, dialect: Dialect
) -> list[float]:
    fields, exact = one.message.fields, one.message.exact
    assert exact is not None
    assert exact.matrices is not None
    q = matrices.precision
    prefix = f"{elements}_matrix_{'delta_' if predicted else ''}element_"
    integers, fractions, signs = (list(flatten(fields[prefix + p])) for p in ("int", "dec", "sign_flag"))
    values = list(chain.from_iterable(exact.matrices))
    wanted = _flat_numbers(one.wanted.get("matrices"), len(values))
    rule: Rule = rounding.delta if predicted else rounding.absolute
    found = []
    for i, (integer, fraction, sign) in enumerate(zip(integers, fractions, signs, strict=True)):
        units = (integer << q) + fraction << UNIT_BITS - q
        reference = (values[i] - (-units if sign else units)) * UNIT if predicted else 0.0
        code = (sign or 0, integer, fraction)
        centre = rounding.centre_of_element(code, reference, q)
        element = f"{prefix}int (number {i} of the message)"
        found.append(_number(one, dialect, "element", element, code, rule, centre, reference, q, wanted[i]))
    return found


def _flat_numbers(given: Any, count: int) -> Sequence[float | None]:
    """The numbers that values give for matrices, in coding order."""
    if not given:
        return [None] * count
    return [float(v) for entry in given for matrix in entry["elements"] for row in matrix for v in row]


def _gfve_settings(
    one: Prepared, layout: GfveLayout, mine: list[Prepared], dialect: Dialect, settings: Settings
) -> None:
    if layout.matrices is not None:
        _gfve_matrix_settings(one, layout, layout.matrices, mine, dialect, settings)
    pupils = layout.pupils
    eyes = EYES[pupils.present_idx]
    q = pupils.precision
    if q is not None:
        settings.single["gfve_pupil_coordinate_precision_factor_minus1"] = q - 1
    exact = one.message.exact
    for k, (eye, axis) in enumerate(PUPIL):
        carries = f"{eye}.{axis}"
        settings.single[carries] = 0.0
        if eye not in eyes:
            continue
        assert q is not None
        assert exact is not None
        assert exact.pupils is not None
        _precision(one, dialect, "gfve_pupil_coordinate_precision_factor_minus1", q, 29)
        magnitude, sign_flag = PUPIL[eye, axis]
        units, sign = one.message.fields[magnitude], one.message.fields.get(sign_flag) or 0
        reference = (exact.pupils[k] - ((-units if sign else units) << UNIT_BITS - q)) * UNIT
        code = (sign, units)
        centre = rounding.centre_of_pupil(code, reference, q)
        wanted = one.wanted.get("pupils")
        given = float(wanted[eye]["xy".index(axis)]) if wanted else None
        settings.single[carries] = _number(
            one, dialect, carries, magnitude, code, rounding.pupil, centre, reference, q, given
        )


def _gfve_matrix_settings(
    one: Prepared,
    layout: GfveLayout,
    matrices: MatrixLayout,
    mine: list[Prepared],
    dialect: Dialect,
    settings: Settings,
) -> None:
    for j, kind in enumerate(matrices.types if dialect.lists else ()):
        if kind.height != kind.width:
            raise refuse(
                one,
                dialect,
                "the encoder mixes up rows and columns, so only square matrices are read right",
                f"gfve_matrix_width_minus1[ {j} ]",
                kind.width - 1,
                f"{kind.height - 1}, as the height",
            )
    if layout.matrices_predicted and dialect.lists:
        bases = [o.message.layout for o in mine if o.base and o.message.layout and o.message.layout.matrices]
        first = bases[0].matrices if bases else None
        if first is None or first.types != matrices.types:
            raise refuse(
                one,
                dialect,
                "the encoder goes on using the sizes of the first base message, which are others",
                "gfve_matrix_pred_flag",
                1,
                "0",
            )
    name = "gfve_matrix_element_precision_factor_minus1"
    settings.single[name] = _precision(one, dialect, name, matrices.precision, 30)
    settings.single["gfve_num_matrices_minus1"] = len(matrices.types) - 1
    settings.types["gfve_matrix_height_minus1"] = [kind.height - 1 for kind in matrices.types]
    settings.types["gfve_matrix_width_minus1"] = [kind.width - 1 for kind in matrices.types]
    settings.numbers["element"] = _element_numbers(one, matrices, layout.matrices_predicted, "gfve", dialect)
