"""GFVE messages beside the wrong GFV messages or none, and pupils where they cannot be."""

from __future__ import annotations

from conformance.breaking import Edit
from conformance.case import negative
from conformance.numbers import PUPILS, keypoints, matrices, matrix
from conformance.sketch import Sketch


def begin(s: Sketch) -> None:
    """A face and its enhancement, with base messages of both."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])


@negative("GFVE-ASC-001", "enhancement without any GFV message")
def alone(s: Sketch) -> None:
    """A GFVE message stands in a picture without GFV messages."""
    begin(s)
    s.written.pop(0)
    s.breaks("GFVE-ASC-001", "gfve_gfv_cnt")


@negative("GFVE-ASC-001", "enhancement of another gfv_id")
def other_id(s: Sketch) -> None:
    """The GFVE message is for gfv_id 1, and the picture has gfv_id 3 alone."""
    begin(s)
    s.face(3).base(coordinates=keypoints(2))
    s.written.pop(0)
    s.breaks("GFVE-ASC-001", "gfve_gfv_cnt")


@negative("GFVE-ASC-001", "enhancement of a count that is not there")
def other_count(s: Sketch) -> None:
    """The second GFVE message is for gfv_cnt 1, and the picture has gfv_cnt 0 alone."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=0)
    s.written.pop(2)
    s.breaks("GFVE-ASC-001", "gfve_gfv_cnt")


@negative("GFVE-ASC-001", "enhancement in the picture behind", "four")
def next_picture(s: Sketch) -> None:
    """The GFV message stands with the first picture, its GFVE message with the second one."""
    begin(s)
    s.written[1] = s.written[1]._replace(au=1)
    s.au = 1
    s.breaks("GFVE-ASC-001", "gfve_gfv_cnt")


@negative("GFVE-ASC-002", "a base message of enhancement beside a driving message", "four")
def base_beside_driving(s: Sketch) -> None:
    """gfve_base_picture_flag is 1 with a picture that is no base picture."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    s.au = 1
    face.driving(coordinates=keypoints(2, 1))
    one.base(matrices=[matrix(2, 2)])
    s.breaks("GFVE-ASC-002", "gfve_base_picture_flag")


@negative("GFVE-ASC-003", "enhancement before its face")
def before(s: Sketch) -> None:
    """The GFVE message stands before the GFV message that it is for."""
    begin(s)
    s.written.reverse()
    s.breaks("GFVE-ASC-003", "gfve_gfv_cnt")


@negative("GFVE-ASC-004", "enhancement of a message with a reserved matrix type")
def of_an_ignored_message(s: Sketch) -> None:
    """The GFV message has a matrix of a reserved type, so decoders ignore it and have no picture to enhance."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(matrices=[matrices(40, 1, 2, 2)])
    one.base(matrices=[matrix(2, 2)])
    s.breaks("GFV-MAT-001", "gfv_matrix_type_idx[ 0 ]")
    s.breaks("GFVE-ASC-004", "gfve_gfv_cnt")


@negative("GFVE-ASC-004", "enhancement of a message of a reserved mode, in front of it")
def before_an_ignored_message(s: Sketch) -> None:
    """The GFVE message stands before its GFV message, which decoders ignore for its mode: two things to warn of."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2), gfv_nn_present_flag=1, gfv_nn_mode_idc=3)
    one.base(matrices=[matrix(2, 2)])
    s.written.reverse()
    s.breaks("GFV-NN-001", "gfv_nn_mode_idc")
    s.breaks("GFVE-ASC-003", "gfve_gfv_cnt")
    s.breaks("GFVE-ASC-004", "gfve_gfv_cnt")


@negative("GFVE-CNT-001", "two GFVE messages of a count")
def two_of_a_count(s: Sketch) -> None:
    """Two messages of the same identifiers and count with different matrices in one picture."""
    begin(s)
    s.enhancement(2, s.face(1)).base(matrices=[matrix(2, 2, 1)])
    s.breaks("GFVE-CNT-001", "gfve_gfv_cnt")


@negative("GFVE-CNT-002", "counts of enhancement that go down")
def down(s: Sketch) -> None:
    """The GFVE messages of a picture have the counts 0, 2 and 1, behind GFV messages of all three."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    for step in (1, 2):
        face.further(coordinates=keypoints(2, step))
        one.driving(matrices=[matrix(2, 2, 0, step)], predict=0)
    base, enhanced, first, first_enhanced, second, second_enhanced = s.written
    s.written = [base, first, second, enhanced, second_enhanced, first_enhanced]
    s.breaks("GFVE-CNT-002", "gfve_gfv_cnt")


@negative("GFVE-PUP-001", "pupils before a base message with pupils", "four")
def pupils_too_soon(s: Sketch) -> None:
    """The base message has no pupils, and a message behind it has."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)], pupils=PUPILS)
    s.au = 1
    face.driving(coordinates=keypoints(2, 1))
    one.driving(pupils={"left": [0.0, 0.0], "right": [0.0, 0.0]}, gfve_pupil_coordinate_present_idx=3)
    driving = s.written[2:]
    again = Sketch(s.codec)
    begin(again)
    s.written = [*again.written, *driving]
    s.breaks("GFVE-PUP-001", "gfve_pupil_coordinate_present_idx")


@negative("GFVE-PUP-001", "pupils without a base message", "four")
def pupils_without_base(s: Sketch) -> None:
    """No base message of the enhancement stands in the stream, and a message of it has a pupil."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils=PUPILS)
    face.further(coordinates=keypoints(2, 1))
    one.driving(pupils={"left": [0.5, 0.5]}, gfve_pupil_coordinate_present_idx=1)
    s.written.pop(1)
    s.breaks("GFVE-PUP-001", "gfve_pupil_coordinate_present_idx")


@negative("GFVE-PUP-002", "a second base message without pupils", "four")
def pupils_taken_back(s: Sketch) -> None:
    """The first base message has pupils, the second one none, which sets them to 0."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils=PUPILS)
    s.au = 1
    face.base(coordinates=keypoints(2, 1))
    one.base(matrices=[matrix(2, 2)])
    s.breaks("GFVE-PUP-002", "gfve_pupil_coordinate_present_idx")


def outside(eye: str, axis: str, value: float) -> None:
    """A case of a pupil outside of the picture."""

    @negative("GFVE-PUP-003", f"{axis} of the {eye} pupil at {value}")
    def make(s: Sketch) -> None:
        """A pupil outside of the picture, in a base message with that eye alone."""
        face = s.face(1)
        face.base(coordinates=keypoints(2))
        point = [value, 0.0] if axis == "x" else [0.0, value]
        s.enhancement(2, face).base(pupils={eye: point})
        s.breaks("GFVE-PUP-003", f"{axis} of the {eye} pupil")


outside("left", "x", 1.5)
outside("left", "y", -1.00390625)
outside("right", "x", -2.0)
outside("right", "y", 1.25)


@negative("GFVE-PUP-003", "pupils that prediction carries out of the picture")
def carried_out(s: Sketch) -> None:
    """The difference is within its range, but the pupil arrives at x above 1."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(pupils={"left": [0.875, 0.0], "right": [0.0, 0.0]})
    face.further(coordinates=keypoints(2, 1))
    one.driving(pupils={"left": [0.9375, 0.0]}, gfve_pupil_coordinate_present_idx=1)
    Edit(s).ue("gfve_pupil_left_eye_dx_coordinate_abs", 64).put()
    s.breaks("GFVE-PUP-003", "x of the left pupil")
