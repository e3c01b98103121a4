"""gfv_cnt: many faces from one picture, one face for each picture, and flags that depend on it."""

from __future__ import annotations

from conformance.case import case
from conformance.numbers import keypoints, matrices
from conformance.sketch import Sketch


@case("CNT_A", "125 generated pictures from one coded picture")
def many_from_one(s: Sketch) -> None:
    """One base picture and 125 messages, gfv_cnt 0 to 124, as the sample settings of the reference encoder have it."""
    face = s.face(1)
    q = {"gfv_coordinate_precision_factor_minus1": 8}
    face.base(coordinates=keypoints(10, q=9), predict=1, **q)
    for step in range(1, 125):
        face.further(coordinates=keypoints(10, step, q=9), predict=1)


@case("CNT_B", "one message for each picture", "inter")
def one_for_each_picture(s: Sketch) -> None:
    """A base message with the first picture and a message with gfv_cnt 0 that is no base message with each other one.

    All of them are predicted, so each from the base message.
    """
    face = s.face(2)
    face.base(coordinates=keypoints(6))
    for s.au in range(1, 6):
        face.driving(coordinates=keypoints(6, s.au), predict=1)


@case("CNT_C", "counts that take long codes")
def long_counts(s: Sketch) -> None:
    """gfv_cnt from 0 to 260: codes of 1 to 17 bits, past the bounds of bytes."""
    face = s.face(0)
    face.base(coordinates=keypoints(1))
    for step in range(1, 261):
        face.further(coordinates=keypoints(1, step), predict=1)


@case("CNT_D", "pictures without messages", "inter")
def gaps(s: Sketch) -> None:
    """Messages with the pictures 0, 2 and 5 alone; the last two of them predict across the gap."""
    face = s.face(4)
    face.base(coordinates=keypoints(4), matrices=[matrices(7, 1, 2, 3)])
    for s.au in (2, 5):
        face.driving(coordinates=keypoints(4, s.au), matrices=[matrices(7, 1, 2, 3, 0, s.au)], predict=1)
        face.further(coordinates=keypoints(4, s.au + 10), matrices=[matrices(7, 1, 2, 3, 0, s.au + 10)], predict=1)


@case("CNT_E", "messages repeated")
def repeated(s: Sketch) -> None:
    """Messages that stand in the stream twice with the same content, the base message three times.

    A repeated message says nothing new. The repeated base message is not predicted from itself, and further messages
    stand once, since their meaning would move on with each copy.
    """
    face = s.face(9)
    face.base(coordinates=keypoints(3), predict=0)
    s.repeat()
    s.repeat()
    face.further(coordinates=keypoints(3, 1), predict=0)
    s.repeat()
    face.further(coordinates=keypoints(3, 2), predict=1)


@case("CNT_F", "flags of messages: confidence and fusion", "four")
def flags(s: Sketch) -> None:
    """gfv_low_confidence_face_parameter_flag in all kinds of messages, gfv_fusion_pic_flag where it is coded.

    Both flags take both values in messages with gfv_cnt 0 that are no base messages. Elsewhere the fusion flag is not
    coded and 0.
    """
    face = s.face(8)
    low = "gfv_low_confidence_face_parameter_flag"
    face.base(coordinates=keypoints(2), **{low: 1})
    face.further(coordinates=keypoints(2, 1), **{low: 0})
    for s.au, (fusion, confidence) in enumerate(((0, 1), (1, 0), (1, 1)), 1):
        face.driving(coordinates=keypoints(2, s.au), gfv_fusion_pic_flag=fusion, **{low: confidence})
        face.further(coordinates=keypoints(2, s.au + 9), **{low: 1 - confidence})


@case("CNT_G", "a face that comes later and one that goes", "inter")
def come_and_go(s: Sketch) -> None:
    """The first face has messages with the pictures 0 to 3, the second with 2 to 5, whose base picture is picture 2."""
    first, second = s.face(1), s.face(2)
    first.base(coordinates=keypoints(4))
    for s.au in range(1, 6):
        if s.au < 4:
            first.driving(coordinates=keypoints(4, s.au))
        if s.au == 2:
            second.base(coordinates=keypoints(7))
        if s.au > 2:
            second.driving(coordinates=keypoints(7, s.au))
