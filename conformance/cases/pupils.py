"""Pupils in GFVE messages."""

from __future__ import annotations

from typing import Any

from conformance.case import case
from conformance.numbers import keypoints
from conformance.sketch import Enhancement, Face, Sketch

LEFT, RIGHT = [-0.25, 0.125], [0.3125, 0.0625]


def bits(q: int) -> dict[str, int]:
    """The element that says the precision of pupils."""
    return {"gfve_pupil_coordinate_precision_factor_minus1": q - 1}


def moved(point: list[float], step: int) -> list[float]:
    """A pupil some steps later."""
    return [point[0] + step / 64, point[1] - step / 128]


def follow(s: Sketch, face: Face, one: Enhancement, step: int, eyes: int, driving: bool = False) -> None:
    """The next messages of the face and of its enhancement, with the eyes of gfve_pupil_coordinate_present_idx."""
    (face.driving if driving else face.further)(coordinates=keypoints(2, step))
    pupils: dict[str, Any] = {}
    if eyes & 1:
        pupils["left"] = moved(LEFT, step)
    if eyes & 2:
        pupils["right"] = moved(RIGHT, step)
    one.driving(**({"pupils": pupils} if pupils else {}), gfve_pupil_coordinate_present_idx=eyes)


@case("PUP_A", "both pupils", "four")
def both(s: Sketch) -> None:
    """Both pupils in every message: from the base message with count 0, else from the message before."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils={"left": LEFT, "right": RIGHT})
    for s.au in range(4):
        for k in range(3):
            if s.au or k:
                follow(s, face, one, 3 * s.au + k, 3, driving=not k)


@case("PUP_B", "all values of the index in base messages")
def base_indices(s: Sketch) -> None:
    """Base messages with the left pupil, with the right one, with both and with none.

    The right pupil starts from the left one of the same message, which is 0, 0 where it is absent.
    """
    for eyes in range(4):
        face = s.face(eyes)
        one = s.enhancement(0, face)
        face.base(coordinates=keypoints(2))
        pupils = {name: point for bit, name, point in ((1, "left", LEFT), (2, "right", RIGHT)) if eyes & bit}
        one.base(**({"pupils": pupils} if pupils else {}))
        if eyes:
            follow(s, face, one, 1, 3)


@case("PUP_C", "all values of the index in other messages", "four")
def other_indices(s: Sketch) -> None:
    """The four values of the index in driving and in further messages; an eye that is absent keeps its reference.

    With count 0 that is the base message, so an index of 0 there takes back what moved since.
    """
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils={"left": LEFT, "right": RIGHT})
    step = 0
    for s.au in range(4):
        for eyes in (1, 2, 3, 0, 1):
            step += 1
            if s.au and eyes == 1 and s.count(1) == 0:
                follow(s, face, one, step, (0, 2, 1)[s.au - 1], driving=True)
            else:
                follow(s, face, one, step, eyes)


@case("PUP_D", "precisions of pupils")
def precisions(s: Sketch) -> None:
    """A gfve_id for each precision from 1 to 32 bits, with a base message and one predicted from it."""
    face = s.face(0)
    ones = [s.enhancement(q, face) for q in range(1, 33)]
    face.base(coordinates=keypoints(2))
    for q, one in enumerate(ones, 1):
        unit = 2.0**-q
        one.base(pupils={"left": [-0.5, unit], "right": [0.0, -unit]}, **bits(q))
    face.further(coordinates=keypoints(2, 1))
    for q, one in enumerate(ones, 1):
        unit = 2.0**-q
        one.driving(pupils={"left": [-0.5 + unit, 0.0], "right": [0.5 - unit, -2 * unit]})


@case("PUP_E", "bounds of pupils")
def bounds(s: Sketch) -> None:
    """Pupils that move from one corner of the picture to the other: magnitudes of 0 and of 2^(q+1), both signs."""
    for gfv_id, q in enumerate((1, 8, 30)):
        face = s.face(gfv_id)
        one = s.enhancement(0, face)
        face.base(coordinates=keypoints(2))
        one.base(pupils={"left": [-1.0, -1.0], "right": [1.0, 1.0]}, **bits(q))
        for left, right in (((1.0, 1.0), (-1.0, -1.0)), ((1.0, 1.0), (-1.0, 1.0)), ((-1.0, -1.0), (1.0, -1.0))):
            face.further(coordinates=keypoints(2, 1))
            one.driving(pupils={"left": list(left), "right": list(right)}, gfve_pupil_coordinate_present_idx=3)


@case("PUP_F", "a new base message for pupils", "four")
def new_base(s: Sketch) -> None:
    """A second base message with other pupils and another precision, with the pupils of one eye alone."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils={"left": LEFT, "right": RIGHT}, **bits(8))
    follow(s, face, one, 1, 3)
    s.au = 1
    follow(s, face, one, 2, 3, driving=True)
    s.au = 2
    face.base(coordinates=keypoints(2, 5))
    one.base(pupils={"right": moved(RIGHT, 5)}, **bits(12))
    follow(s, face, one, 6, 1)
    s.au = 3
    follow(s, face, one, 7, 3, driving=True)
