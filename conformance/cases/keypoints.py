"""Keypoints: absolute and predicted, two and three dimensions, bounds of values, precisions and numbers."""

from __future__ import annotations

from typing import Any

from conformance.case import case
from conformance.numbers import Points, keypoints
from conformance.sketch import Face, Sketch


def bits(q: int) -> dict[str, int]:
    """The element that says the precision of keypoints."""
    return {"gfv_coordinate_precision_factor_minus1": q - 1}


def all_kinds(s: Sketch, face: Face, predict: int, number: int = 5, **how: Any) -> None:
    """A base message, then in four pictures a driving message and two further ones, all coded the same way."""
    face.base(coordinates=keypoints(number, **how), predict=predict, **bits(how.get("q", 8)))
    face.further(coordinates=keypoints(number, 1, **how), predict=predict, **bits(how.get("q", 8)))
    for s.au in range(1, 4):
        face.driving(coordinates=keypoints(number, 2 * s.au, **how), predict=predict, **bits(how.get("q", 8)))
        for k in (1, 2):
            face.further(coordinates=keypoints(number, 2 * s.au + k, **how), predict=predict, **bits(how.get("q", 8)))


@case("KPS_A", "absolute keypoints in two dimensions", "four")
def absolute_2d(s: Sketch) -> None:
    """Absolute keypoints in messages of all kinds; each message stands for itself."""
    all_kinds(s, s.face(0), 0)


@case("KPS_B", "predicted keypoints in two dimensions", "four")
def predicted_2d(s: Sketch) -> None:
    """Predicted keypoints in messages of all kinds.

    In the base message each keypoint is predicted from the one before and the first from 0, in messages with gfv_cnt 0
    from the base message, in others from the message before.
    """
    all_kinds(s, s.face(0), 1)


@case("KPS_C", "absolute keypoints in three dimensions", "four")
def absolute_3d(s: Sketch) -> None:
    """Absolute keypoints with z, whose maximum is 3, in messages of all kinds."""
    all_kinds(s, s.face(1), 0, axes=3, z_max=3)


@case("KPS_D", "predicted keypoints in three dimensions", "four")
def predicted_3d(s: Sketch) -> None:
    """Predicted keypoints with z in messages of all kinds; predicted messages inherit flag and maximum of z."""
    all_kinds(s, s.face(1), 1, axes=3, z_max=3)


@case("KPS_E", "prediction chosen message by message", "four")
def mixed(s: Sketch) -> None:
    """Absolute and predicted messages in turn, also a base message of each kind."""
    face = s.face(5)
    face.base(coordinates=keypoints(6), predict=0)
    for step, predict in enumerate((1, 0, 1, 1, 0, 0, 1), 1):
        face.further(coordinates=keypoints(6, step), predict=predict)
    s.au = 1
    face.driving(coordinates=keypoints(6, 11), predict=1)
    face.further(coordinates=keypoints(6, 12), predict=0)
    s.au = 2
    face.driving(coordinates=keypoints(6, 13), predict=0)
    face.further(coordinates=keypoints(6, 14), predict=1)
    s.au = 3
    face.base(coordinates=keypoints(6, 15), predict=1)
    face.further(coordinates=keypoints(6, 16), predict=1)


@case("KPS_F", "references of another precision", "four")
def other_precision(s: Sketch) -> None:
    """Messages predicted from one that was coded absolutely with a finer or a coarser precision.

    The precision of a predicted message is that of the base message, 6 bits; its reference keeps the precision that it
    has, so the values of the predicted message need more than 6 bits.
    """
    face = s.face(6)
    face.base(coordinates=keypoints(4, q=6), **bits(6), predict=0)
    face.further(coordinates=keypoints(4, 1, q=20), **bits(20), predict=0)
    face.further(coordinates=keypoints(4, 2, q=20), predict=1)
    face.further(coordinates=keypoints(4, 3, q=20), predict=1)
    face.further(coordinates=keypoints(4, 4, q=2), **bits(2), predict=0)
    face.further(coordinates=keypoints(4, 5, q=2), predict=1)
    s.au = 1
    face.driving(coordinates=keypoints(4, 6, q=32), **bits(32), predict=0)
    face.further(coordinates=keypoints(4, 7, q=32), predict=1)
    s.au = 2
    face.driving(coordinates=keypoints(4, 8, q=6), predict=1)


@case("KPS_G", "all precisions")
def all_precisions(s: Sketch) -> None:
    """A face for each precision from 1 to 32 bits, with an absolute and a predicted message."""
    for q in range(1, 33):
        face = s.face(q)
        face.base(coordinates=keypoints(3, q=q), predict=q % 2, **bits(q))
        face.further(coordinates=keypoints(3, 1, q=q), predict=1)


@case("KPS_H", "bounds of x, y and z")
def bounds_of_values(s: Sketch) -> None:
    """x, y and z at -1, 0 and 1 of their range and next to it, with precisions of 1, 8 and 31 bits.

    z reaches 1 and 65536, the smallest and the largest maximum. Where a magnitude is 0, no sign follows. A precision
    of 32 bits comes as near to 1 as 2^32 - 2, the largest value of ue(v), allows.
    """
    for number, (q, z_max) in enumerate(((1, 1), (8, 65536), (31, 1), (15, 65536))):
        step = 2.0**-q
        corners: Points = [
            [-1.0, -1.0, -float(z_max)],
            [1.0, 1.0, float(z_max)],
            [0.0, 0.0, 0.0],
            [-1.0, 1.0, z_max - step],
            [1.0 - step, step - 1.0, step],
            [step, -step, -step],
        ]
        face = s.face(number)
        face.base(coordinates=corners, predict=0, gfv_coordinate_z_max_value_minus1=z_max - 1, **bits(q))
        face.further(coordinates=[*corners[4:], *corners[:4]], predict=1 if q < 31 else 0, **(bits(q)))
        face.further(coordinates=corners, predict=0, gfv_coordinate_z_max_value_minus1=z_max - 1, **bits(q))
    face, near = s.face(9), 1 - 2.0**-31
    face.base(coordinates=[[near, -near], [-near, near]], predict=0, **bits(32))
    face.further(coordinates=[[near - 2.0**-32, -near], [-near, 0.0]], predict=1)


@case("KPS_I", "numbers of keypoints")
def numbers_of_keypoints(s: Sketch) -> None:
    """1, 2, 255, 256 and 1024 keypoints, each number in a face of its own, the last also in three dimensions."""
    for gfv_id, (number, axes) in enumerate(((1, 2), (2, 2), (255, 2), (256, 2), (1024, 2), (1024, 3))):
        face = s.face(gfv_id)
        face.base(coordinates=keypoints(number, axes=axes))
        face.further(coordinates=keypoints(number, 1, axes=axes))


@case("KPS_J", "keypoints in some messages only", "four", notices=("GFV-PRED-006",))
def now_and_then(s: Sketch) -> None:
    """Messages with keypoints, with matrices, and with both; each kind predicts from the last message that had it.

    Between two messages with keypoints there are some without, which leave the references as they are.
    """
    from conformance.numbers import matrices

    face = s.face(3)

    def both(step: int) -> dict[str, Any]:
        return {"coordinates": keypoints(4, step), "matrices": [matrices(7, 2, 2, 2, 0, step)]}

    def points(step: int) -> dict[str, Any]:
        return {"coordinates": keypoints(4, step)}

    def numbers(step: int) -> dict[str, Any]:
        return {"matrices": [matrices(7, 2, 2, 2, 0, step)]}

    face.base(**both(0))
    for step, what in enumerate((points, numbers, numbers, points, both, numbers, points), 1):
        face.further(**what(step), predict=1)
    for s.au, what in ((1, numbers), (2, points), (3, both)):
        face.driving(**what(20 + s.au), predict=1)
        face.further(**numbers(30 + s.au), predict=1)
        face.further(**points(40 + s.au), predict=1)


@case("KPS_K", "absolute messages of another layout than the base message", "four")
def other_layouts(s: Sketch) -> None:
    """Absolute messages with more keypoints, and with z, than the base message, and predicted messages behind them.

    A predicted message has the layout of the base message, 4 keypoints in two dimensions, and takes of its reference
    what it needs of it.
    """
    face = s.face(2)
    face.base(coordinates=keypoints(4))
    face.further(coordinates=keypoints(9, 1), predict=0)
    face.further(coordinates=keypoints(4, 2), predict=1)
    face.further(coordinates=keypoints(6, 3, axes=3), predict=0)
    face.further(coordinates=keypoints(4, 4), predict=1)
    s.au = 1
    face.driving(coordinates=keypoints(2, 5), predict=0)
    s.au = 2
    face.driving(coordinates=keypoints(4, 6), predict=1)
    face.further(coordinates=keypoints(4, 7), predict=1)


@case("KPS_L", "keypoints that do not move")
def still(s: Sketch) -> None:
    """All keypoints at 0, and predicted messages whose differences are all 0: no sign is coded anywhere."""
    face = s.face(0)
    zero: Points = [[0.0, 0.0]] * 5
    face.base(coordinates=zero, predict=1)
    face.further(coordinates=zero, predict=0)
    face.further(coordinates=zero, predict=1)
    other = s.face(1)
    other.base(coordinates=keypoints(5, axes=3))
    other.further(coordinates=keypoints(5, axes=3), predict=1)
