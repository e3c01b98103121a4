"""gfv_id and gfve_id: their bounds, and one state for each."""

from __future__ import annotations

from conformance.case import case
from conformance.numbers import keypoints, matrices, matrix
from conformance.sketch import Sketch

BOUNDS = (0, 255, 512, 2**31 - 1)
RESERVED = (256, 511, 2**31, 2**32 - 2)


@case("ID_A", "bounds of gfv_id")
def bounds_of_gfv_id(s: Sketch) -> None:
    """The smallest and the largest gfv_id of both ranges that applications may use: 0, 255, 512 and 2^31 - 1.

    Each has a base message and one further message, predicted from it.
    """
    for number, gfv_id in enumerate(BOUNDS):
        face = s.face(gfv_id)
        face.base(coordinates=keypoints(5, q=8))
        face.further(coordinates=keypoints(5, number + 1), predict=1)


@case("ID_B", "reserved gfv_id", notices=("GFV-ID-001",))
def reserved_gfv_id(s: Sketch) -> None:
    """Messages with a reserved gfv_id, which a decoder ignores, among those of a face in use.

    The reserved ones are 256, 511, 2^31 and 2^32 - 2, each with keypoints of its own. A reader shows them, marked as
    ignored, or leaves them out; the messages of gfv_id 1 mean the same either way.
    """
    face = s.face(1)
    face.base(coordinates=keypoints(4))
    for number, gfv_id in enumerate(RESERVED):
        s.face(gfv_id).base(coordinates=keypoints(3, 9 + number))
        face.further(coordinates=keypoints(4, number + 1), predict=1)


@case("ID_C", "three faces, messages interleaved", "four")
def interleaved_faces(s: Sketch) -> None:
    """Three gfv_id whose messages alternate, so that a reader with one state for all of them goes wrong.

    The faces differ in number of keypoints, precision and dimensions. From the second picture on all messages are
    predicted: those with gfv_cnt 0 from the base message of their gfv_id, later ones from the message before of their
    gfv_id.
    """
    faces = [s.face(3), s.face(0), s.face(700)]
    layouts = [{"axes": 2, "q": 8}, {"axes": 3, "q": 6}, {"axes": 2, "q": 12}]
    for number, (face, layout) in enumerate(zip(faces, layouts, strict=True)):
        precision = {"gfv_coordinate_precision_factor_minus1": layout["q"] - 1}
        face.base(coordinates=keypoints(4 + number, **layout), **precision)
    for s.au in range(1, 4):
        for step in range(3):
            for number, (face, layout) in enumerate(zip(faces, layouts, strict=True)):
                write = face.further if step else face.driving
                write(coordinates=keypoints(4 + number, 4 * s.au + step, **layout), predict=1)


@case("ID_D", "bounds of gfve_id")
def bounds_of_gfve_id(s: Sketch) -> None:
    """The smallest and the largest gfve_id of both ranges, all of them for one face."""
    face = s.face(255)
    face.base(coordinates=keypoints(3))
    enhancements = [s.enhancement(gfve_id, face) for gfve_id in BOUNDS]
    for number, one in enumerate(enhancements):
        one.base(matrices=[matrix(2, 2, number)])
    face.further(coordinates=keypoints(3, 1))
    for number, one in enumerate(enhancements):
        one.driving(matrices=[matrix(2, 2, number, 1)], predict=1)


@case("ID_E", "reserved gfve_id", notices=("GFV-ID-001",))
def reserved_gfve_id(s: Sketch) -> None:
    """GFVE messages with a reserved gfve_id, which a decoder ignores, beside one in use."""
    face = s.face(0)
    face.base(coordinates=keypoints(3))
    one = s.enhancement(0, face)
    one.base(matrices=[matrix(1, 3)])
    for number, gfve_id in enumerate(RESERVED):
        s.enhancement(gfve_id, face).base(matrices=[matrix(3, 1, number)])


@case("ID_F", "the same identifiers for GFV and GFVE, and pairs of them", "four")
def pairs_of_identifiers(s: Sketch) -> None:
    """One gfve_id that serves two faces, and another one for the first of them.

    State belongs to the pair of gfve_id and gfve_gfv_id; gfve_id 5 and gfv_id 5 have nothing to do with each other.
    """
    faces = [s.face(5), s.face(6)]
    served = []
    for number, face in enumerate(faces):
        face.base(matrices=[matrices(7, 1, 2, 2, number)])
        one = s.enhancement(5, face)
        one.base(matrices=[matrix(2, 1 + number, number)])
        served.append((number, one))
        if not number:
            other = s.enhancement(6, face)
            other.base(matrices=[matrix(1, 4, 5), matrix(4, 1, 6)])
    for s.au in range(1, 4):
        for (number, one), face in zip(served, faces, strict=True):
            face.driving(matrices=[matrices(7, 1, 2, 2, number, s.au)], predict=1)
            one.driving(matrices=[matrix(2, 1 + number, number, s.au)], predict=1)
            if not number:
                other.driving(matrices=[matrix(1, 4, 5, s.au), matrix(4, 1, 6, s.au)], predict=1)
