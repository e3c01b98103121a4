"""GFVE: association with GFV messages, matrices."""

from __future__ import annotations

from conformance.case import case
from conformance.numbers import keypoints, matrix
from conformance.sketch import Sketch


def bits(q: int) -> dict[str, int]:
    """The element that says the precision of GFVE matrices."""
    return {"gfve_matrix_element_precision_factor_minus1": q - 1}


@case("GFVE_A", "absolute matrices of enhancement", "four")
def absolute(s: Sketch) -> None:
    """Absolute GFVE matrices, two of different size, beside GFV messages of all kinds."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(4))
    one.base(matrices=[matrix(1, 1), matrix(2, 2, 1)])
    for s.au in range(4):
        for k in range(3):
            if s.au or k:
                (face.further if k else face.driving)(coordinates=keypoints(4, 3 * s.au + k))
                one.driving(matrices=[matrix(1, 1, 0, 3 * s.au + k), matrix(2, 2, 1, 3 * s.au + k)], predict=0)


@case("GFVE_B", "predicted matrices of enhancement", "four")
def predicted(s: Sketch) -> None:
    """Predicted GFVE matrices that are not square: from the base message with count 0, else from the message before."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(4))
    one.base(matrices=[matrix(2, 5), matrix(4, 1, 1)])
    for s.au in range(4):
        for k in range(3):
            if s.au or k:
                (face.further if k else face.driving)(coordinates=keypoints(4, 3 * s.au + k))
                one.driving(matrices=[matrix(2, 5, 0, 3 * s.au + k), matrix(4, 1, 1, 3 * s.au + k)], predict=1)


@case("GFVE_C", "precisions of enhancement matrices")
def precisions(s: Sketch) -> None:
    """A gfve_id for each precision from 1 to 32 bits, with an absolute and a predicted message."""
    face = s.face(0)
    ones = [s.enhancement(q, face) for q in range(1, 33)]
    face.base(coordinates=keypoints(2))
    for q, one in enumerate(ones, 1):
        one.base(matrices=[matrix(2, 2, q, q=q)], **bits(q))
    face.further(coordinates=keypoints(2, 1))
    for q, one in enumerate(ones, 1):
        one.driving(matrices=[matrix(2, 2, q, 1, q=q)], predict=1)


@case("GFVE_D", "bounds of enhancement matrices")
def bounds(s: Sketch) -> None:
    """Elements at the bounds of their range, at precisions of 1, 8 and 32 bits, absolute and predicted.

    The fraction of a difference takes as many bits as the precision says, other than in GFV.
    """
    face = s.face(0)
    rows = {}
    for q in (1, 8, 32):
        step = 1 << 32 - q
        units = [0, step, (1 << 32) - step, 1 << 32, (2**31 - 1) << 32]
        rows[q] = [sign * unit / 2**32 for unit in units for sign in (1, -1)]
    face.base(coordinates=keypoints(2))
    ones = {q: s.enhancement(q, face) for q in rows}
    for q, one in ones.items():
        one.base(matrices=[[rows[q]]], **bits(q))
    face.further(coordinates=keypoints(2, 1))
    for q, one in ones.items():
        one.driving(matrices=[[rows[q][::-1]]], predict=1)
    face.further(coordinates=keypoints(2, 2))
    s.enhancement(1, face).driving(matrices=[[[float(2**32 - 2), -float(2**32 - 2)]]], predict=0, **bits(1))


@case("GFVE_E", "the largest numbers and sizes of enhancement matrices")
def largest(s: Sketch) -> None:
    """1024 matrices, 1024 rows and 1024 columns, one at a time."""
    face = s.face(0)
    face.base(coordinates=keypoints(2))
    for gfve_id, (number, rows, columns) in enumerate(((1024, 1, 1), (1, 1024, 1), (1, 1, 1024))):
        one = s.enhancement(gfve_id, face)
        one.base(matrices=[matrix(rows, columns, j, q=1) for j in range(number)], **bits(1))


@case("GFVE_F", "enhancement of some messages only", "four")
def now_and_then(s: Sketch) -> None:
    """GFVE messages for some of the GFV messages, some with matrices, some with pupils, some with neither.

    Each kind of value is predicted from the last message of the pair of identifiers that had it.
    """
    face = s.face(3)
    one = s.enhancement(4, face)
    pupils = {"left": [-0.25, 0.125], "right": [0.25, 0.125]}
    face.base(coordinates=keypoints(4))
    one.base(matrices=[matrix(2, 3)], pupils=pupils)
    for s.au in range(4):
        for k in range(4):
            if not (s.au or k):
                continue
            (face.further if k else face.driving)(coordinates=keypoints(4, 4 * s.au + k))
            step = 4 * s.au + k
            moved = {"left": [-0.25 + step / 256, 0.125], "right": [0.25, 0.125 - step / 256]}
            if step % 4 == 1:
                one.driving(matrices=[matrix(2, 3, 0, step)], predict=1)
            elif step % 4 == 2:
                one.driving(pupils=moved)
            elif step % 4 == 3:
                one.driving()
            elif step % 8:
                one.driving(matrices=[matrix(2, 3, 0, step)], pupils=moved, predict=1)


@case("GFVE_G", "enhancement messages of another layout than the base message", "four")
def other_layouts(s: Sketch) -> None:
    """Absolute GFVE matrices of other number and size between predicted ones; then a second base message."""
    face = s.face(3)
    one = s.enhancement(4, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(3, 1), matrix(1, 1, 1)], predict=0)
    s.au = 1
    face.driving(coordinates=keypoints(2, 2))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.au = 2
    face.base(coordinates=keypoints(2, 3))
    one.base(matrices=[matrix(1, 5), matrix(5, 1, 1)])
    face.further(coordinates=keypoints(2, 4))
    one.driving(matrices=[matrix(1, 5, 0, 1), matrix(5, 1, 1, 1)], predict=1)
    s.au = 3
    face.driving(coordinates=keypoints(2, 5))
    one.driving(matrices=[matrix(1, 5, 0, 2), matrix(5, 1, 1, 2)], predict=1)


@case("GFVE_H", "enhancement before and behind its face", notices=("GFVE-ASC-003",))
def order(s: Sketch) -> None:
    """GFVE messages that stand behind all GFV messages of the picture, as reference encoders put them, and before.

    The association goes by identifiers alone.
    """
    face = s.face(1)
    one, two = s.enhancement(1, face), s.enhancement(2, face)
    face.base(coordinates=keypoints(3))
    one.base(matrices=[matrix(2, 2)])
    one_base = s.take()
    two.base(matrices=[matrix(1, 2)])
    two_base = s.take()
    gfv_base = s.take()
    face.further(coordinates=keypoints(3, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)])
    one_further = s.take()
    two.driving(matrices=[matrix(1, 2, 0, 1)])
    two_further = s.take()
    gfv_further = s.take()
    s.written += [two_base, two_further, gfv_base, gfv_further, one_base, one_further]
