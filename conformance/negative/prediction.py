"""Prediction from what is not there, is of another layout, or lies behind an intra picture."""

from __future__ import annotations

from typing import Any

from conformance.breaking import Edit
from conformance.case import negative
from conformance.numbers import PUPILS, keypoints, matrices, matrix
from conformance.sketch import Sketch


def without_its_base(s: Sketch, number: int = 0) -> None:
    """Take a base message out of the sketch, as if it had never been."""
    s.written.pop(number)


@negative("GFV-PRED-001", "keypoints predicted without a base message", "four")
def keypoints_without_base(s: Sketch) -> None:
    """A driving message predicts keypoints, but no base message of its gfv_id stands in the stream."""
    face = s.face(1)
    face.base(coordinates=keypoints(3))
    s.au = 1
    face.driving(coordinates=keypoints(3, 1), predict=1)
    without_its_base(s)
    s.breaks("GFV-PRED-001", "gfv_kps_pred_flag")


@negative("GFV-PRED-001", "matrices predicted without a base message", "four")
def matrices_without_base(s: Sketch) -> None:
    """A driving message predicts matrices, but no base message of its gfv_id stands in the stream."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    s.au = 1
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=1)
    without_its_base(s)
    s.breaks("GFV-PRED-001", "gfv_matrix_pred_flag")


@negative("GFV-PRED-001", "keypoints predicted where the base message has none", "four")
def base_without_keypoints(s: Sketch) -> None:
    """The base message has matrices alone; a driving message predicts keypoints."""
    face = s.face(1)
    face.base(coordinates=keypoints(3), matrices=[matrices(7, 1, 2, 2)])
    s.au = 1
    face.driving(coordinates=keypoints(3, 1), predict=1)
    s.au = 0
    driving = s.take()
    s.take()
    s.face(1).base(matrices=[matrices(7, 1, 2, 2)])
    s.written.append(driving)
    s.au = 1
    s.breaks("GFV-PRED-001", "gfv_kps_pred_flag")


@negative("GFV-PRED-001", "prediction from a base message of another gfv_id", "four")
def base_of_another_face(s: Sketch) -> None:
    """gfv_id 1 has a base message; a driving message of gfv_id 2 predicts, as a reader with one state would take it."""
    s.face(2).base(coordinates=keypoints(3))
    s.face(1).base(coordinates=keypoints(3))
    s.au = 1
    s.face(2).driving(coordinates=keypoints(3, 1), predict=1)
    without_its_base(s)
    s.breaks("GFV-PRED-001", "gfv_kps_pred_flag")


@negative("GFV-PRED-001", "enhancement predicted without a base message", "four")
def enhancement_without_base(s: Sketch) -> None:
    """A GFVE message predicts matrices, but no base message of its pair of identifiers stands in the stream."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(3))
    one.base(matrices=[matrix(2, 2)])
    s.au = 1
    face.driving(coordinates=keypoints(3, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    without_its_base(s, 1)
    s.breaks("GFV-PRED-001", "gfve_matrix_pred_flag")


@negative("GFV-PRED-001", "enhancement predicted from that of another face", "four")
def enhancement_of_another_face(s: Sketch) -> None:
    """The same gfve_id has a base message for gfv_id 1, but for gfv_id 2 it has none and predicts."""
    faces = s.face(1), s.face(2)
    for number, face in enumerate(faces):
        face.base(coordinates=keypoints(3, number))
        s.enhancement(5, face).base(matrices=[matrix(2, 2)])
    s.au = 1
    faces[1].driving(coordinates=keypoints(3, 3))
    s.enhancement(5, faces[1]).driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    without_its_base(s, 3)
    s.breaks("GFV-PRED-001", "gfve_matrix_pred_flag")


@negative("GFV-PRED-002", "keypoints predicted from a message with fewer of them")
def fewer_keypoints(s: Sketch) -> None:
    """The base message has 4 keypoints, the message before has 2, and the last one predicts 4 from it."""
    face = s.face(1)
    face.base(coordinates=keypoints(4))
    face.further(coordinates=keypoints(4, 1), predict=0)
    face.further(coordinates=keypoints(4, 2), predict=1)
    _replaced_by(s, coordinates=keypoints(2, 1))
    s.breaks("GFV-PRED-002", "gfv_kps_pred_flag")


@negative("GFV-PRED-002", "keypoints in three dimensions predicted from a message in two")
def fewer_dimensions(s: Sketch) -> None:
    """The base message has keypoints with z, the message before has none, and the last one predicts z from it."""
    face = s.face(1)
    face.base(coordinates=keypoints(4, axes=3))
    face.further(coordinates=keypoints(4, 1, axes=3), predict=0)
    face.further(coordinates=keypoints(4, 2, axes=3), predict=1)
    _replaced_by(s, coordinates=keypoints(4, 1))
    s.breaks("GFV-PRED-002", "gfv_kps_pred_flag")


@negative("GFV-PRED-002", "matrices predicted from a message with others")
def other_matrices(s: Sketch) -> None:
    """The base message has a 2x2 matrix, the message before a 3x3 matrix, and the last one predicts 2x2 from it."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=0)
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 2)], predict=1)
    _replaced_by(s, matrices=[matrices(7, 1, 3, 3)])
    s.breaks("GFV-PRED-002", "gfv_matrix_pred_flag")


@negative("GFV-PRED-002", "matrices predicted from a message with another type")
def other_type(s: Sketch) -> None:
    """The base message has type 7, the message before type 8 of the same size, and the last one predicts from it."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=0)
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 2)], predict=1)
    _replaced_by(s, matrices=[matrices(8, 1, 2, 2)])
    s.breaks("GFV-PRED-002", "gfv_matrix_pred_flag")


@negative("GFV-PRED-002", "enhancement predicted from a message of other sizes")
def other_enhancement(s: Sketch) -> None:
    """The base message has a 2x2 matrix, the GFVE message before a 1x4 matrix, and the last one predicts from it."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=0)
    face.further(coordinates=keypoints(2, 2))
    one.driving(matrices=[matrix(2, 2, 0, 2)], predict=1)
    other = Sketch(s.codec)
    again = other.face(1)
    again.base(coordinates=keypoints(2))
    again.further(coordinates=keypoints(2, 1))
    other.enhancement(2, again).driving(matrices=[matrix(1, 4)], predict=0)
    s.written[3] = other.take()
    s.breaks("GFV-PRED-002", "gfve_matrix_pred_flag")


def _replaced_by(s: Sketch, **said: object) -> None:
    """Put a message that says something else in the place of the second one."""
    other = Sketch(s.codec)
    face = other.face(1)
    face.base(coordinates=keypoints(1))
    face.further(**said, predict=0)
    s.written[1] = other.take()


@negative("GFV-PRED-003", "keypoints predicted across an intra picture", "intra")
def across_intra(s: Sketch) -> None:
    """The base message comes with the first intra picture, the predicted message with the third one."""
    face = s.face(1)
    face.base(coordinates=keypoints(3))
    s.au = 2
    face.driving(coordinates=keypoints(3, 1), predict=1)
    s.breaks("GFV-PRED-003", "gfv_kps_pred_flag")


@negative("GFV-PRED-003", "matrices predicted behind a second intra picture", "periods")
def behind_intra(s: Sketch) -> None:
    """The base message comes with the first picture; the first message behind the second intra picture predicts."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    s.au = 2
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=1)
    s.au = 6
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 2)], predict=1)
    s.breaks("GFV-PRED-003", "gfv_matrix_pred_flag")


@negative("GFV-PRED-003", "enhancement predicted across an intra picture", "intra")
def enhancement_across_intra(s: Sketch) -> None:
    """The face has a base message at each intra picture, its enhancement only at the first one."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)], pupils=PUPILS)
    s.au = 1
    face.base(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.breaks("GFV-PRED-003", "gfve_matrix_pred_flag")


@negative("GFV-PRED-003", "a base message with a picture that is left out", "leading")
def base_left_out(s: Sketch) -> None:
    """Behind a CRA picture a RASL picture has a base message; the pictures that follow both predict from it."""
    face = s.face(1)
    for s.au in (0, 4, 5):
        face.base(coordinates=keypoints(3, s.au))
    for s.au in (6, 7, 8):
        face.driving(coordinates=keypoints(3, s.au), predict=1)
    s.au = 7
    s.breaks("GFV-PRED-003", "gfv_kps_pred_flag")


@negative("GFV-PRED-003", "prediction across two IRAP pictures, in a picture left out with the second", "leading")
def across_two(s: Sketch) -> None:
    """A RASL picture of the second CRA picture is decoded from the first one on, where the base message is not."""
    face = s.face(1)
    face.base(coordinates=keypoints(3))
    for s.au in (5, 11):
        face.driving(coordinates=keypoints(3, s.au), predict=1)
    s.breaks("GFV-PRED-003", "gfv_kps_pred_flag")


@negative("GFV-PRED-004", "keypoints predicted although the last base message has none", "four")
def older_keypoints(s: Sketch) -> None:
    """The second base message has matrices alone; a message behind it predicts keypoints, from the first one."""
    face = s.face(1)
    face.base(coordinates=keypoints(3), matrices=[matrices(7, 1, 2, 2)])
    s.au = 1
    face.base(matrices=[matrices(7, 1, 2, 2, 0, 1)])
    s.au = 2
    face.driving(coordinates=keypoints(3, 2), predict=1)
    s.breaks("GFV-PRED-004", "gfv_kps_pred_flag")


@negative("GFV-PRED-004", "matrices predicted although the last base message has none", "four")
def older_matrices(s: Sketch) -> None:
    """The second base message has keypoints alone; a message behind it predicts matrices, from the first one."""
    face = s.face(1)
    face.base(coordinates=keypoints(3), matrices=[matrices(7, 1, 2, 2)])
    s.au = 1
    face.base(coordinates=keypoints(3, 1))
    s.au = 2
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 2)], predict=1)
    s.breaks("GFV-PRED-004", "gfv_matrix_pred_flag")


def not_in_between(one: str, other: str, element: str) -> None:
    """A case of three messages, of which the one in the middle lacks what the last one predicts."""

    def values(kind: str, step: int) -> dict[str, Any]:
        return {kind: keypoints(3, step) if kind == "coordinates" else [matrices(7, 1, 2, 2, 0, step)]}

    @negative("GFV-PRED-006", f"{one} predicted though the message before has {other} alone")
    def make(s: Sketch) -> None:
        """The last of three messages predicts from the base message, since the one between them has other values."""
        face = s.face(1)
        face.base(**values(one, 0), **values(other, 0))
        face.further(**values(other, 1), predict=1)
        face.further(**values(one, 2), predict=1)
        s.breaks("GFV-PRED-006", element)


not_in_between("coordinates", "matrices", "gfv_kps_pred_flag")
not_in_between("matrices", "coordinates", "gfv_matrix_pred_flag")


@negative("GFV-PRED-006", "enhancement matrices predicted though the message before has pupils alone")
def pupils_between(s: Sketch) -> None:
    """The last of three GFVE messages predicts matrices from the first, since the one between them has pupils alone."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)], pupils=PUPILS)
    face.further(coordinates=keypoints(2, 1))
    one.driving(pupils=PUPILS)
    face.further(coordinates=keypoints(2, 2))
    one.driving(matrices=[matrix(2, 2, 0, 2)], predict=1)
    s.breaks("GFV-PRED-006", "gfve_matrix_pred_flag")


def ignored_base(title: str, rule: str, element: str, last: str, **said: Any) -> None:
    """A case of a base message that decoders ignore, and of messages behind it; ``last`` is what those break."""

    @negative("GFV-PRED-007", title, "four")
    def make(s: Sketch) -> None:
        """Decoders ignore the base message, so they lack what the driving messages behind it need. Noted once."""
        face = s.face(1)
        face.base(coordinates=keypoints(3), **said)
        s.breaks(rule, element)
        for s.au in (1, 2):
            face.driving(coordinates=keypoints(3, s.au), predict=int(last == "gfv_kps_pred_flag"))
        s.au = 1
        s.breaks("GFV-PRED-007", last)


_MODE = {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 2}
ignored_base(
    "prediction from a base message of a reserved mode", "GFV-NN-001", "gfv_nn_mode_idc", "gfv_kps_pred_flag", **_MODE
)
ignored_base("a base message of a reserved mode that is driven", "GFV-NN-001", "gfv_nn_mode_idc", "gfv_cnt", **_MODE)
ignored_base(
    "prediction from a base message with a reserved matrix type",
    "GFV-MAT-001",
    "gfv_matrix_type_idx[ 0 ]",
    "gfv_kps_pred_flag",
    matrices=[matrices(32, 1, 2, 2)],
)


@negative("GFV-PRED-007", "prediction from a message before with a reserved matrix type")
def ignored_before(s: Sketch) -> None:
    """The second of three messages has a reserved type, so decoders ignore it; the third one predicts from it."""
    face = s.face(1)
    face.base(coordinates=keypoints(3))
    face.further(coordinates=keypoints(3, 1), matrices=[matrices(63, 1, 1, 1)], predict=0)
    s.breaks("GFV-MAT-001", "gfv_matrix_type_idx[ 0 ]")
    face.further(coordinates=keypoints(3, 2), predict=1)
    s.breaks("GFV-PRED-007", "gfv_kps_pred_flag")


@negative("GFV-PRED-007", "enhancement predicted from a base message of a reserved mode")
def ignored_enhancement(s: Sketch) -> None:
    """The base message of an enhancement has a reserved mode; the one behind it predicts its matrices from it."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)], gfve_nn_present_flag=1, gfve_nn_mode_idc=9)
    s.breaks("GFV-NN-001", "gfve_nn_mode_idc")
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.breaks("GFV-PRED-007", "gfve_matrix_pred_flag")


@negative("GFV-PRED-005", "prediction from a message that cannot be read")
def lost_reference(s: Sketch) -> None:
    """The base message ends too soon, so what the message behind it predicts from is not known."""
    face = s.face(1)
    face.base(coordinates=keypoints(3), predict=0)
    Edit(s).put(keep=3)
    s.breaks("GFV-SYN-006", "gfv_num_kps_minus1")
    face.further(coordinates=keypoints(3, 1), predict=1)
    s.breaks("GFV-PRED-005", "gfv_kps_pred_flag")
