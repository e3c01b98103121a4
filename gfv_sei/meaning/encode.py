"""From values to syntax elements: quantise, and code absolutely or as a difference, whichever takes fewer bits.

The input is what a record of JSON Lines holds: a header of syntax elements that somebody chose (identifiers,
precisions, flags) and ``values``. What the header does not say follows: flags of what is present from what is there,
precisions from the base message, prediction from its cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from gfv_sei.bits.writer import ue_length
from gfv_sei.errors import MessageError
from gfv_sei.meaning.rounding import Exact, Magnitude, Rounding
from gfv_sei.meaning.state import UNIT_BITS, Columns, DecodingState, Flat, IdentifierState
from gfv_sei.syntax.coder import nest
from gfv_sei.syntax.coordinates import ABSOLUTE, PREDICTED
from gfv_sei.syntax.editions import EDITIONS, Edition
from gfv_sei.syntax.gfve import PUPIL
from gfv_sei.syntax.layout import CoordinateLayout, MatrixLayout, MatrixType
from gfv_sei.syntax.matrices import (
    COMPACT_FEATURE,
    HEAD,
    HEAD_LOCATION,
    HEAD_TRANSLATION,
    PER_KEYPOINT,
    SIZED,
)
from gfv_sei.wording import in_short

DEFAULT_PRECISION = 8
"""Bits of fraction where neither the header nor a base message says how many."""

_UNIT = 1 << UNIT_BITS

Fields = dict[str, Any]

Parts = list[tuple[int, int, int]]
"""Sign, integer and fraction of numbers."""


def encode_gfv(header: Fields, values: dict[str, Any], edition: Edition, state: DecodingState) -> Fields:
    """The syntax elements of a GFV message with these values. Flags that are 0 by default may be left out."""
    _only(values, "coordinates", "matrices")
    gfv_id, gfv_cnt = _integer(header, "gfv_id"), _integer(header, "gfv_cnt", 0)
    known = state.face(gfv_id)
    rounding = state.quirks.rounding
    base = _base_flag(header, "gfv_base_picture_flag", gfv_cnt, known)
    from_base = gfv_cnt == 0 and edition.driving_predicts_from == "base"
    fields = {**header, "gfv_id": gfv_id, "gfv_cnt": gfv_cnt}
    _settings_of_further(fields, "gfv", gfv_cnt)
    fusion = [fields.pop(name) for name in {other.fusion_flag for other in EDITIONS.values()} if name in fields]
    fields[edition.fusion_flag] = next((given for given in fusion if given), 0)
    fields.setdefault("gfv_low_confidence_face_parameter_flag", 0)
    if gfv_cnt == 0:
        fields["gfv_base_picture_flag"] = base
    if base:
        _present(fields, "gfv_nn_present_flag", "gfv_nn_")
        _present(fields, "gfv_chroma_key_info_present_flag", "gfv_chroma_key_")
        if fields["gfv_chroma_key_info_present_flag"]:
            _chroma_key_flags(fields, edition)
    points = values.get("coordinates")
    coded = None
    if points:
        reference = known.base_coordinates if from_base else known.previous_coordinates
        coded = _coordinates(fields, points, base, reference, known, rounding)
    else:
        _not_needed(fields, "gfv_coordinate_precision_factor_minus1")
    fields["gfv_coordinate_present_flag"] = int(coded is not None)
    given = values.get("matrices")
    if given:
        references = known.base_matrices if from_base else known.previous_matrices
        source = _Reference(None if base else references, _inherited_matrices(edition, known), from_base, known)
        _gfv_matrices(fields, given, edition, coded, source, rounding)
    else:
        _not_needed(fields, "gfv_matrix_element_precision_factor_minus1")
    fields["gfv_matrix_present_flag"] = int(bool(given))
    return fields


def encode_gfve(header: Fields, values: dict[str, Any], edition: Edition, state: DecodingState) -> Fields:
    """The syntax elements of a GFVE message with these values."""
    _only(values, "matrices", "pupils")
    identifier = (_integer(header, "gfve_id"), _integer(header, "gfve_gfv_id"))
    cnt = _integer(header, "gfve_gfv_cnt", 0)
    known = state.enhancement(*identifier)
    rounding = state.quirks.rounding
    base = _base_flag(header, "gfve_base_picture_flag", cnt, known)
    fields = {**header, "gfve_gfv_cnt": cnt}
    _settings_of_further(fields, "gfve", cnt)
    if cnt == 0:
        fields["gfve_base_picture_flag"] = base
    if base:
        _present(fields, "gfve_nn_present_flag", "gfve_nn_")
    given = values.get("matrices")
    if given:
        references = known.previous_matrices if cnt else known.base_matrices
        source = _Reference(None if base else references, known.inherited.matrices, not cnt, known)
        _gfve_matrices(fields, given, source, rounding)
    else:
        _not_needed(fields, "gfve_matrix_element_precision_factor_minus1")
    fields["gfve_matrix_present_flag"] = int(bool(given))
    _pupils(fields, values.get("pupils"), base, cnt, known, rounding)
    return fields


def _only(values: dict[str, Any], *names: str) -> None:
    """Raise MessageError if there is a value that a message of this type does not have: it would be lost."""
    for name in values:
        # Records may have elements of the header beside the values; these are taken, or refused, as such.
        if name not in names and not name.startswith(("gfv_", "gfve_")):
            raise MessageError("is no value of this message", element=f"values.{name}", allowed=", ".join(names))


# Keypoints


def _coordinates(
    fields: Fields, points: Any, base: int, reference: Columns, known: IdentifierState, rounding: Rounding
) -> CoordinateLayout:
    inherited = known.inherited.coordinates
    columns = _columns(points)
    wanted = fields.pop("gfv_kps_pred_flag", None)
    q = _precision(fields, "gfv_coordinate_precision_factor_minus1", inherited.precision if inherited else None)
    if wanted == 1 and not base and inherited is not None:
        q = _of_base(q, inherited.precision, "gfv_coordinate_precision_factor_minus1", rounding)
    z_present = int(len(columns) == 3)
    z_max = None
    if z_present:
        least = max(1, math.ceil(max(abs(n) / d for n, d in columns[2])))
        z_max = _integer(fields, "gfv_coordinate_z_max_value_minus1", least - 1) + 1
    layout = CoordinateLayout(q, len(columns[0]), z_present, z_max)
    if wanted is None and not base and not _z_fits(fields, layout, inherited):
        wanted = 0
    choices: list[tuple[int, int, list[list[Magnitude]]]] = []
    head = {
        "gfv_coordinate_precision_factor_minus1": q - 1,
        "gfv_num_kps_minus1": layout.num_kps - 1,
        "gfv_coordinate_z_present_flag": z_present,
    }
    if z_max is not None:
        head["gfv_coordinate_z_max_value_minus1"] = z_max - 1
    head_bits = sum(1 if name.endswith("flag") else ue_length(value) for name, value in head.items())
    if wanted != 1:
        absolute = [[rounding.coordinate(v, q) for v in column] for column in columns]
        choices.append((head_bits + _cost(absolute), 0, absolute))
    if base:
        if wanted != 0:
            chained = [_chain(column, q, rounding) for column in columns]
            choices.append((head_bits + _cost(chained), 1, chained))
    elif wanted != 0 and inherited is not None and inherited[:3] == layout[:3] and _covers(reference, layout):
        steps = [
            [rounding.coordinate(_minus(v, r), q) for v, r in zip(column, before, strict=False)]
            for column, before in zip(columns, reference, strict=False)
        ]
        choices.append((_cost(steps), 1, steps))
    if not choices:
        raise MessageError(
            "cannot predict: the base message of this gfv_id has another precision, number of keypoints or z",
            element="gfv_kps_pred_flag",
            value=1,
            allowed="0",
        )
    _, predicted, coded = min(choices, key=lambda choice: choice[:2])
    fields["gfv_kps_pred_flag"] = predicted
    for name in head:
        fields.pop(name, None)
    if base or not predicted:
        fields |= head
    for axis, column in zip(layout.axes, coded, strict=True):
        (magnitude,), sign_flag = (PREDICTED if predicted else ABSOLUTE)[axis]
        fields[magnitude.name] = [units for _, units in column]
        fields[sign_flag] = [sign for sign, _ in column]
    return layout


def _z_fits(fields: Fields, layout: CoordinateLayout, inherited: CoordinateLayout | None) -> bool:
    """Whether prediction, which keeps the z maximum of the base message, keeps this one, or is enough for every z."""
    if layout.z_max is None or inherited is None or inherited.z_max is None:
        return True
    if "gfv_coordinate_z_max_value_minus1" in fields:
        return layout.z_max == inherited.z_max
    return layout.z_max <= inherited.z_max


def _columns(points: Any) -> list[list[Exact]]:
    if not isinstance(points, (list, tuple)) or not all(isinstance(p, (list, tuple)) for p in points):
        raise MessageError("must be a list of [x, y] or [x, y, z]", element="coordinates")
    dimensions = len(points[0])
    if dimensions not in (2, 3):
        raise MessageError("has neither 2 nor 3 numbers", element="coordinates[ 0 ]", value=dimensions, allowed="2, 3")
    for i, point in enumerate(points):
        if len(point) != dimensions:
            raise MessageError(
                "has another number of dimensions than the first",
                element=f"coordinates[ {i} ]",
                value=len(point),
            )
    return [
        [_exact(point[k], f"coordinates[ {i} ][ {k} ]") for i, point in enumerate(points)] for k in range(dimensions)
    ]


def _chain(column: list[Exact], q: int, rounding: Rounding) -> list[Magnitude]:
    """Inside of a base message each keypoint is predicted from the one before, as it was decoded."""
    coded = []
    before = 0
    for value in column:
        sign, units = rounding.coordinate(_minus(value, before), q)
        before += (-units if sign else units) << UNIT_BITS - q
        coded.append(Magnitude(sign, units))
    return coded


def _covers(reference: Columns, layout: CoordinateLayout) -> bool:
    return len(reference) >= len(layout.axes) and len(reference[0]) >= layout.num_kps


def _cost(columns: list[Any]) -> int:
    return sum(ue_length(units) + (units > 0) for column in columns for _, units in column)


# Matrices


class _Reference(NamedTuple):
    """What matrices may be predicted from.

    values      None in a base message, which predicts from nothing
    layout      what predicted matrices inherit
    """

    values: Flat | None
    layout: MatrixLayout | None
    from_base: bool
    known: IdentifierState

    def serves(self, layout: MatrixLayout) -> bool:
        """Whether matrices of this layout can be predicted."""
        if self.values is None or self.layout is None or self.layout != layout:
            return False
        # Reference software may keep the layout of one message and the values of another.
        if list(map(len, self.values)) != layout.sizes:
            return False
        previous = self.known.inherited.previous_matrices
        return self.from_base or (previous is not None and previous.types == layout.types)


def _inherited_matrices(edition: Edition, known: IdentifierState) -> MatrixLayout | None:
    if edition.driving_predicts_from == "previous":
        return known.inherited.previous_matrices
    return known.inherited.matrices


def _gfv_matrices(
    fields: Fields,
    given: Any,
    edition: Edition,
    coded: CoordinateLayout | None,
    source: _Reference,
    rounding: Rounding,
) -> None:
    q = _matrix_precision(fields, "gfv", source, rounding)
    types, numbers, rows = [], [], []
    for i, one in enumerate(_list_of_objects(given)):
        type_idx = _integer(one, "type", where=f"matrices[ {i} ].")
        kind, flat = _shaped(type_idx, one.get("elements"), f"matrices[ {i} ].elements")
        row = _type_fields(kind, coded)
        types.append(kind)
        numbers.append(flat)
        rows.append(row)
    head: Fields = {"gfv_num_matrix_types_minus1": len(types) - 1}
    for name in dict.fromkeys(name for row in rows for name in row):
        head[name] = [row.get(name) for row in rows]
    fixed_bits = {"gfv_matrix_type_idx": edition.matrix_type_bits}
    absolute = [_absolute(flat, q, rounding) for flat in numbers]
    cost = _head_cost({**head, "gfv_matrix_element_precision_factor_minus1": q - 1}, fixed_bits)
    cost += _absolute_cost(absolute, q)
    sizes = [kind.size for kind in types]

    def differences(values: Flat) -> list[Parts]:
        return [
            [rounding.gfv_delta(_minus(v, r), q) for v, r in zip(flat, before, strict=True)]
            for flat, before in zip(numbers, values, strict=True)
        ]

    predicted = _predicted(fields, "gfv", MatrixLayout(q, tuple(types)), source, differences, cost, None)
    if predicted is not None:
        _put(fields, "gfv_matrix_delta_element_", predicted, sizes)
        return
    fields |= head
    fields["gfv_matrix_element_precision_factor_minus1"] = q - 1
    _put(fields, "gfv_matrix_element_", absolute, sizes)


def _matrix_precision(fields: Fields, prefix: str, source: _Reference, rounding: Rounding) -> int:
    name = f"{prefix}_matrix_element_precision_factor_minus1"
    inherited = source.layout.precision if source.layout else None
    q = _precision(fields, name, inherited)
    if fields.get(f"{prefix}_matrix_pred_flag") == 1 and source.values is not None and inherited is not None:
        return _of_base(q, inherited, name, rounding)
    return q


def _predicted(
    fields: Fields,
    prefix: str,
    layout: MatrixLayout,
    source: _Reference,
    differences: Callable[[Flat], list[Parts]],
    absolute_cost: int,
    fraction_bits: int | None,
) -> list[Parts] | None:
    """The differences, if matrices are to be predicted; the prediction flag and what it leaves out are settled."""
    name = f"{prefix}_matrix_pred_flag"
    wanted = fields.pop(name, None)
    found = None
    if wanted != 0 and source.values is not None and source.serves(layout):
        found = differences(source.values)
        if not wanted and _delta_cost(found, fraction_bits) > absolute_cost:
            found = None
    elif wanted and source.values is not None:
        raise _cannot_predict(name)
    if found is not None:
        fields.pop(f"{prefix}_matrix_element_precision_factor_minus1", None)
    if source.values is not None:
        fields[name] = int(found is not None)
    return found


def _head_cost(head: Fields, fixed_bits: dict[str, int | None]) -> int:
    """Bits of elements that say number and size: flags 1, those of ``fixed_bits`` as many, all others ue(v)."""
    total = 0
    for name, given in head.items():
        for value in given if isinstance(given, list) else [given]:
            if value is not None:
                bits = 1 if name.endswith("_flag") else fixed_bits.get(name)
                total += ue_length(value) if bits is None else bits
    return total


def _type_fields(kind: MatrixType, coded: CoordinateLayout | None) -> dict[str, int]:
    """The elements that say number and size of one matrix type."""
    row = {"gfv_matrix_type_idx": kind.type_idx}
    d = 2 + coded.z_present if coded else None
    if kind.type_idx in PER_KEYPOINT:
        if coded is None:
            row["gfv_num_matrices_info"] = kind.number - 1  # only draft-a takes these types without keypoints
            d = 2
        else:
            equal = kind.number == coded.num_kps
            row["gfv_num_matrices_equal_to_num_kps_flag"] = int(equal)
            if not equal:
                row["gfv_num_matrices_info"] = kind.number - (1 if kind.number < coded.num_kps else 2)
    elif kind.type_idx in HEAD and coded is None:
        d = kind.height
        row["gfv_matrix_for_3D_space_flag"] = int(d == 3)
    if kind.type_idx >= COMPACT_FEATURE:
        row["gfv_num_matrices_minus1"] = kind.number - 1
    elif kind.type_idx not in PER_KEYPOINT and kind.number != 1:
        raise MessageError("there is one matrix of this type", element="matrices", value=kind.number, allowed="1")
    if kind.type_idx in SIZED or kind.type_idx >= COMPACT_FEATURE:
        row["gfv_matrix_width_minus1"] = kind.width - 1
        row["gfv_matrix_height_minus1"] = kind.height - 1
    else:
        one_column = kind.type_idx in (HEAD_TRANSLATION, HEAD_LOCATION)
        if (kind.height, kind.width) != (d, 1 if one_column else d) or d not in (2, 3):
            rows = d if d in (2, 3) else "2 or 3"
            raise MessageError(
                f"matrices of type {kind.type_idx} have another size here",
                element="matrices",
                value=f"{kind.height} x {kind.width}",
                allowed=f"{rows} x {1 if one_column else rows}, rows x columns",
            )
    return row


def _gfve_matrices(fields: Fields, given: Any, source: _Reference, rounding: Rounding) -> None:
    q = _matrix_precision(fields, "gfve", source, rounding)
    (one, *more) = _list_of_objects(given)
    matrices = one.get("elements")
    if more or not isinstance(matrices, list) or not matrices:
        raise MessageError("GFVE has one entry, whose elements are a list of matrices", element="matrices")
    shaped = [_shaped(-1, [matrix], "matrices[ 0 ].elements", j) for j, matrix in enumerate(matrices)]
    layout = MatrixLayout(q, tuple(kind for kind, _ in shaped))
    absolute = [_absolute(flat, q, rounding) for _, flat in shaped]
    sizes = [kind.size[1:] for kind in layout.types]
    head = {
        "gfve_matrix_element_precision_factor_minus1": q - 1,
        "gfve_num_matrices_minus1": len(shaped) - 1,
        "gfve_matrix_height_minus1": [kind.height - 1 for kind in layout.types],
        "gfve_matrix_width_minus1": [kind.width - 1 for kind in layout.types],
    }

    def differences(values: Flat) -> list[Parts]:
        return [
            [rounding.gfve_delta_parts(_minus(v, r), q) for v, r in zip(flat, before, strict=True)]
            for (_, flat), before in zip(shaped, values, strict=True)
        ]

    cost = _head_cost(head, {}) + _absolute_cost(absolute, q)
    predicted = _predicted(fields, "gfve", layout, source, differences, cost, q)
    if predicted is not None:
        _put(fields, "gfve_matrix_delta_element_", predicted, sizes)
        return
    fields |= head
    _put(fields, "gfve_matrix_element_", absolute, sizes)


def _shaped(type_idx: int, elements: Any, where: str, first: int = 0) -> tuple[MatrixType, list[Exact]]:
    """Number and size of the matrices of a type, and their elements in coding order.

    ``where`` and ``first``, the subscript of the first matrix, are for errors.
    """
    if not isinstance(elements, list) or not elements or not all(isinstance(m, list) and m for m in elements):
        raise MessageError("must be [matrix][row][column]", element=where)
    height = len(elements[0])
    width = len(elements[0][0]) if isinstance(elements[0][0], list) else 0
    flat = []
    for j, matrix in enumerate(elements, first):
        for k, row in enumerate(matrix):
            if not isinstance(row, list) or len(row) != width or len(matrix) != height or not width:
                raise MessageError(
                    "matrices of a type have one size, and rows one length", element=f"{where}[ {j} ][ {k} ]"
                )
            flat += [_exact(value, f"{where}[ {j} ][ {k} ][ {m} ]") for m, value in enumerate(row)]
    return MatrixType(type_idx, len(elements), height, width), flat


def _absolute(flat: list[Exact], q: int, rounding: Rounding) -> list[tuple[int, int, int]]:
    found = []
    for value in flat:
        sign, units = rounding.element(value, q)
        found.append((sign, units >> q, units & (1 << q) - 1))
    return found


def _absolute_cost(types: list[list[tuple[int, int, int]]], q: int) -> int:
    return sum(ue_length(integer) + q + (integer > 0 or dec > 0) for flat in types for _, integer, dec in flat)


def _delta_cost(types: list[list[tuple[int, int, int]]], q: int | None) -> int:
    """Bits of differences; ``q`` is the size of the fraction, None where it is ue(v)."""
    return sum(
        ue_length(integer) + (ue_length(dec) if q is None else q) + (integer > 0 or dec > 0)
        for flat in types
        for _, integer, dec in flat
    )


def _cannot_predict(element: str) -> MessageError:
    return MessageError(
        "cannot predict: base message or message before have another precision, other types or sizes, or are missing",
        element=element,
        value=1,
        allowed="0",
    )


def _put(fields: Fields, prefix: str, types: list[list[tuple[int, int, int]]], sizes: list[Any]) -> None:
    for k, part in ((1, "int"), (2, "dec"), (0, "sign_flag")):
        fields[prefix + part] = [
            nest([number[k] for number in flat], size) for flat, size in zip(types, sizes, strict=True)
        ]


# Pupils


def _pupils(fields: Fields, given: Any, base: int, cnt: int, known: IdentifierState, rounding: Rounding) -> None:
    wanted = fields.pop("gfve_pupil_coordinate_present_idx", None)
    if wanted is not None and (type(wanted) is not int or not 0 <= wanted <= 3):
        raise MessageError("out of range", element="gfve_pupil_coordinate_present_idx", value=wanted, allowed="0 to 3")
    if not given:
        fields["gfve_pupil_coordinate_present_idx"] = 0
        _not_needed(fields, "gfve_pupil_coordinate_precision_factor_minus1")
        return
    if not isinstance(given, dict) or not set(given) <= {"left", "right"}:
        raise MessageError('must be {"left": [x, y], "right": [x, y]}', element="pupils")
    inherited = known.inherited.pupil_precision
    q = _precision(fields, "gfve_pupil_coordinate_precision_factor_minus1", inherited)
    if not base and inherited is not None:
        q = _of_base(q, inherited, "gfve_pupil_coordinate_precision_factor_minus1", rounding)
    reference = list(known.previous_pupils if cnt else known.base_pupils)
    eyes: dict[str, tuple[list[Magnitude], list[int]]] = {}
    for number, eye in enumerate(("left", "right")):
        if eye not in given or (wanted is not None and not wanted >> number & 1):
            continue
        start = [0, 0] if base else reference[2 * number : 2 * number + 2]
        if base and eye == "right" and "left" in eyes:
            start = eyes["left"][1]
        point = given[eye]
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise MessageError("must be [x, y]", element=f"pupils.{eye}")
        steps = [rounding.pupil(_minus(_exact(v, f"pupils.{eye}"), r), q) for v, r in zip(point, start, strict=True)]
        ends = [
            r + ((-units if sign else units) << UNIT_BITS - q) for r, (sign, units) in zip(start, steps, strict=True)
        ]
        # An eye that has not moved need not be coded; in a base message one that is not coded would lose its value.
        if base or wanted is not None or any(units for _, units in steps):
            eyes[eye] = (steps, ends)
    idx = ("left" in eyes) + 2 * ("right" in eyes)
    fields["gfve_pupil_coordinate_present_idx"] = idx
    fields.pop("gfve_pupil_coordinate_precision_factor_minus1", None)
    if idx and base:
        fields["gfve_pupil_coordinate_precision_factor_minus1"] = q - 1
    for eye, (steps, _) in eyes.items():
        for axis, (sign, units) in zip("xy", steps, strict=True):
            magnitude, sign_flag = PUPIL[eye, axis]
            fields[magnitude] = units
            if units:
                fields[sign_flag] = sign


# What the header says and what follows from it


def _base_flag(header: Fields, name: str, cnt: int, known: IdentifierState) -> int:
    """By default the first message of an identifier is a base message, and later ones are not."""
    if cnt:
        return 0
    given = header.get(name)
    return int(not known.based) if given is None else int(bool(given))


def _settings_of_further(fields: Fields, prefix: str, cnt: int) -> None:
    """A message with a count above 0 codes neither base flag nor network; given for it, they are mere settings."""
    if cnt:
        for name in ("base_picture_flag", "nn_present_flag", "nn_mode_idc", "nn_tag_uri", "nn_uri"):
            fields.pop(f"{prefix}_{name}", None)


def _present(fields: Fields, flag: str, prefix: str) -> None:
    """A part is present if one of its elements is given, unless the flag says otherwise."""
    if fields.get(flag) is None:
        fields[flag] = int(any(name.startswith(prefix) for name in fields if name != flag))


def _chroma_key_flags(fields: Fields, edition: Edition) -> None:
    given = fields.get("gfv_chroma_key_value")
    present = [int(value is not None) for value in given] if isinstance(given, list) else [0, 0, 0]
    fields.setdefault("gfv_chroma_key_value_present_flag", present)
    if "gfv_chroma_key_thr_lower" in fields:
        fields.setdefault("gfv_chroma_key_thr_present_flag", 1)
    for name, default in edition.chroma_key_defaults.items():
        fields.setdefault(name, default)


def _precision(fields: Fields, name: str, inherited: int | None) -> int:
    given = fields.get(name)
    if given is None:
        return inherited or DEFAULT_PRECISION
    if type(given) is not int or not 0 <= given <= 31:
        raise MessageError("out of range", element=name, value=given, allowed="0 to 31")
    return given + 1


def _not_needed(fields: Fields, name: str) -> None:
    """A precision is a setting: without values that it is for it says nothing, and may be given all the same."""
    _precision(fields, name, None)
    fields.pop(name, None)


def _of_base(q: int, inherited: int, name: str, rounding: Rounding) -> int:
    """What is predicted has the precision of the base message, whatever is given for it.

    Reference encoders round to the one that is given, though decoders go by the other: then both must be the same.
    """
    if q != inherited and not rounding.precision_of_base:
        raise MessageError(
            f"the {rounding.name} encoder rounds to another precision here than decoders, which go by the base message",
            element=name,
            value=q - 1,
            allowed=str(inherited - 1),
        )
    return inherited


def _integer(fields: Fields, name: str, default: int | None = None, where: str = "") -> int:
    value = fields.get(name, default)
    if type(value) is not int or value < 0:
        reason = "is missing" if value is None else "must be an integer, 0 or more"
        raise MessageError(reason, element=where + name, value=value)
    return value


def _list_of_objects(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise MessageError('must be a list of {"type": number, "elements": [matrix][row][column]}', element="matrices")
    return given


def _exact(value: Any, where: str) -> Exact:
    """A number as the integer ratio that it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MessageError("is no number", element=where, value=in_short(value, 40))
    if not abs(value) < 1 << 32:  # said so that not-a-number is refused, and integers of any size can be asked
        raise MessageError("cannot be coded", element=where, value=value, allowed="magnitudes below 2^32")
    return value.as_integer_ratio()


def _minus(value: Exact, reference: int) -> Exact:
    """value - reference, which is in units of 2^-32."""
    n, d = value
    return n * _UNIT - reference * d, d * _UNIT
