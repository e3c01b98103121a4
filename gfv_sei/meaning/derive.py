"""From syntax elements to values: keypoints, matrices and pupils after prediction.

All arithmetic is exact (see :mod:`gfv_sei.meaning.state`). The functions compute first and store last, so an error
leaves the state untouched.
"""

from __future__ import annotations

from functools import partial
from itertools import accumulate, chain
from operator import add
from typing import Any

from gfv_sei.errors import PredictionError
from gfv_sei.meaning.sharing import MANY, exact, slices
from gfv_sei.meaning.state import UNIT_BITS, Columns, Flat, IdentifierState, Pupils, Values
from gfv_sei.syntax.coder import Arrays
from gfv_sei.syntax.coordinates import ABSOLUTE, PREDICTED
from gfv_sei.syntax.gfve import EYES, PUPIL
from gfv_sei.syntax.layout import CoordinateLayout, GfveLayout, GfvLayout, MatrixLayout, MatrixType
from gfv_sei.wording import counted

Fields = dict[str, Any]


def derive_gfv(arrays: Arrays, layout: GfvLayout, state: IdentifierState, driving_predicts_from: str) -> Values:
    """The values of a GFV message; the state of its gfv_id moves on."""
    from_base = layout.cnt == 0 and driving_predicts_from == "base"
    values = Values()
    if layout.coordinates is not None:
        predicted = layout.coordinates_predicted
        if predicted and not layout.base:
            reference = state.base_coordinates if from_base else state.previous_coordinates
            values.coordinates = coordinates(arrays, layout.coordinates, predicted, reference)
        else:
            values.coordinates = partial(coordinates, arrays, layout.coordinates, predicted, None)
    if layout.matrices is not None:
        if layout.matrices_predicted:
            references = state.base_matrices if from_base else state.previous_matrices
            references = fitting(references, layout.matrices, from_base, state, "gfv_matrix_pred_flag")
            values.matrices = matrices(arrays, layout.matrices, references, "gfv")
        else:
            values.matrices = partial(matrices, arrays, layout.matrices, None, "gfv")
    if layout.base:
        state.based = True
    if layout.coordinates is not None:
        state.keep_coordinates(values, layout.coordinates, layout.base)
    if layout.matrices is not None:
        state.keep_matrices(values, layout.matrices, layout.base)
    return values


def derive_gfve(fields: Fields, arrays: Arrays, layout: GfveLayout, state: IdentifierState) -> Values:
    """The values of a GFVE message; the state of its pair of identifiers moves on."""
    values = Values()
    if layout.matrices is not None:
        if layout.matrices_predicted:
            references = state.previous_matrices if layout.cnt else state.base_matrices
            references = fitting(references, layout.matrices, not layout.cnt, state, "gfve_matrix_pred_flag")
            values.matrices = matrices(arrays, layout.matrices, references, "gfve")
        else:
            values.matrices = partial(matrices, arrays, layout.matrices, None, "gfve")
    if layout.pupils.precision is not None:
        values.pupils = pupils(fields, layout, state)
    if layout.base:
        state.based = True
    if layout.matrices is not None:
        state.keep_matrices(values, layout.matrices, layout.base)
    if values.pupils is not None:
        state.keep_pupils(values.pupils, layout.pupils.precision, layout.base)
    return values


def coordinates(arrays: Arrays, layout: CoordinateLayout, predicted: int, reference: Columns | None) -> Columns:
    """Keypoints by axis. ``reference`` is None for absolute coding and for prediction inside of a base message."""
    shift = UNIT_BITS - layout.precision
    if reference is not None and (len(reference) < len(layout.axes) or len(reference[0]) < layout.num_kps):
        have = f"{counted(len(reference[0]) if reference else 0, 'keypoint')} in {counted(len(reference), 'dimension')}"
        raise PredictionError(
            f"the message that is predicted from has {have}, too few for {layout.num_kps} in {len(layout.axes)}",
            element="gfv_kps_pred_flag",
            value=1,
        )
    columns = []
    for number, axis in enumerate(layout.axes):
        (magnitude,), sign_flag = (PREDICTED if predicted else ABSOLUTE)[axis]
        column = _coordinates(arrays[magnitude.name][0], arrays[sign_flag][0], shift)
        if reference is not None:
            column = exact(map(add, reference[number], column), layout.num_kps)
        elif predicted:
            column = exact(accumulate(column), layout.num_kps)
        columns.append(column)
    return columns


def matrices(arrays: Arrays, layout: MatrixLayout, references: Flat | None, prefix: str) -> Flat:
    """Matrix elements by type (GFVE: by matrix), flat in coding order."""
    delta = "" if references is None else "delta_"
    q = layout.precision
    shift = UNIT_BITS - q
    coded = [arrays[f"{prefix}_matrix_{delta}element_{part}"] for part in ("int", "dec", "sign_flag")]
    found = []
    for i, (integers, fractions, signs) in enumerate(zip(*coded, strict=True)):
        flat = _elements(integers, fractions, signs, q, shift)
        if references is not None:
            flat = exact(map(add, references[i], flat), len(flat))
        found.append(flat)
    return found


# What is large is put together from parts, so that at no time each of its values is an object of its own.


def _coordinates(magnitudes: list[int], signs: list[int], shift: int) -> list[int]:
    if len(magnitudes) > MANY:
        parts = (_coordinates(magnitudes[part], signs[part], shift) for part in slices(len(magnitudes)))
        return exact(chain.from_iterable(parts), len(magnitudes))
    return [
        -(coded << shift) if negative else coded << shift for coded, negative in zip(magnitudes, signs, strict=True)
    ]


def _elements(integers: list[int], fractions: list[int], signs: list[int], q: int, shift: int) -> list[int]:
    if len(integers) > MANY:
        parts = (_elements(integers[part], fractions[part], signs[part], q, shift) for part in slices(len(integers)))
        return exact(chain.from_iterable(parts), len(integers))
    return [
        -(((integer << q) + fraction) << shift) if negative else ((integer << q) + fraction) << shift
        for integer, fraction, negative in zip(integers, fractions, signs, strict=True)
    ]


def pupils(fields: Fields, layout: GfveLayout, state: IdentifierState) -> Pupils:
    """left x, y, right x, y; an eye that is not coded has the value of its reference."""
    precision = layout.pupils.precision
    assert precision is not None
    shift = UNIT_BITS - precision
    present = EYES[layout.pupils.present_idx]
    reference = state.previous_pupils if layout.cnt else state.base_pupils
    found: list[int] = []
    for k, (eye, axis) in enumerate(PUPIL):
        # In a base message the left eye starts from 0, 0 and the right one from the left.
        in_base = found[k - 2] if eye == "right" else 0
        value = in_base if layout.base else reference[k]
        if eye in present:
            magnitude, sign_flag = PUPIL[eye, axis]
            step = fields[magnitude] << shift
            value += -step if fields.get(sign_flag) else step
        found.append(value)
    return (found[0], found[1], found[2], found[3])


def fitting(references: Flat, layout: MatrixLayout, from_base: bool, state: IdentifierState, element: str) -> Flat:
    """The references themselves, if they are of the layout; prediction from the message before may be from another."""
    if state.quirks.first_layout_kept:
        found = _at_subscripts(references, state.base_types if from_base else state.previous_types, layout)
        if found is not None:
            return found
    elif list(map(len, references)) == layout.sizes:  # JM may keep the layout of one message and the values of another
        before = state.inherited.previous_matrices
        if from_base or (before is not None and before.types == layout.types):
            return references
    raise PredictionError(
        "the message that is predicted from has other matrix types or sizes than the base message",
        element=element,
        value=1,
    )


def _at_subscripts(references: Flat, had: tuple[MatrixType, ...], layout: MatrixLayout) -> Flat | None:
    """The references at the subscripts of the layout, whatever their sizes; None if some lie outside of them.

    Reference software does not compare sizes, and reads what lies outside from memory that is not its own.
    """
    if len(had) < len(layout.types):
        return None
    found = []
    for flat, of, kind in zip(references, had, layout.types, strict=False):
        if any(wanted > there for wanted, there in zip(kind.size, of.size, strict=True)):
            return None
        rows = ((j * of.height + k) * of.width for j in range(kind.number) for k in range(kind.height))
        found.append([value for row in rows for value in flat[row : row + kind.width]])
    return found
