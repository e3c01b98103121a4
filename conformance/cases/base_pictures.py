"""Base pictures: how they are coded, when they change, and where the messages stand in the coded video."""

from __future__ import annotations

from conformance.case import case
from conformance.numbers import keypoints, matrices, matrix
from conformance.sketch import Sketch


@case("BASE_A", "a base picture that is replaced", "four")
def replaced(s: Sketch) -> None:
    """Four base pictures of one face, each with another number of keypoints, precision and matrices.

    Everything that later messages inherit is replaced with each base message: a reader that adds to what it had, or
    keeps the sizes of the first base message, goes wrong from the second picture on.
    """
    face = s.face(1)
    layouts = ((4, 2, 8, (0, 4, 2, 2)), (6, 3, 10, (0, 2, 3, 3)), (3, 2, 4, (7, 2, 1, 4)), (5, 2, 12, (0, 5, 2, 2)))
    for s.au, (number, axes, q, shape) in enumerate(layouts):
        precision = {
            "gfv_coordinate_precision_factor_minus1": q - 1,
            "gfv_matrix_element_precision_factor_minus1": q - 1,
        }
        face.base(coordinates=keypoints(number, axes=axes, q=q), matrices=[matrices(*shape, q=q)], **precision)
        for step in (1, 2):
            points = keypoints(number, step, axes=axes, q=q)
            face.further(coordinates=points, matrices=[matrices(*shape, 0, step, q=q)], predict=1)


@case("BASE_B", "a base picture at each intra picture", "periods")
def at_each_intra_picture(s: Sketch) -> None:
    """A list of messages that begins with a base message at each intra picture, with inter-coded pictures between.

    The list is the same each time, as reference encoders repeat it; a decoder may begin at any intra picture.
    """
    face = s.face(1)
    for s.au in (0, 4):
        face.base(coordinates=keypoints(5), matrices=[matrices(7, 1, 2, 2)], predict=0)
        for step in range(1, 6):
            face.further(coordinates=keypoints(5, step), matrices=[matrices(7, 1, 2, 2, 0, step)], predict=1)


@case("BASE_C", "B pictures that are decoded in another order than shown", "reordered")
def reordered(s: Sketch) -> None:
    """A message with each picture of a hierarchy of B pictures, in decoding order, which is the order of messages.

    Prediction follows the order of decoding, the picture that a message belongs to is that of its access unit. The SEI
    NAL units have the temporal id of their pictures.
    """
    face = s.face(1)
    for s.au in range(9):
        write = face.driving if s.au else face.base
        write(coordinates=keypoints(5, s.au))
        face.further(coordinates=keypoints(5, s.au + 20), predict=1)


@case("BASE_D", "base pictures in the middle of inter-coded video", "inter")
def inter_base(s: Sketch) -> None:
    """Base messages with pictures that are not intra pictures; the first one comes with the third picture."""
    face = s.face(1)
    for s.au in range(2, 6):
        if s.au % 2 == 0:
            face.base(coordinates=keypoints(4, s.au))
        else:
            face.driving(coordinates=keypoints(4, s.au))


@case("BASE_E", "two faces with different base pictures", "reordered")
def two_faces(s: Sketch) -> None:
    """Two faces whose base pictures are the first and the third picture in decoding order, with enhancement of one."""
    first, second = s.face(1), s.face(2)
    one = s.enhancement(1, second)
    first.base(coordinates=keypoints(4))
    for s.au in range(1, 9):
        first.driving(coordinates=keypoints(4, s.au))
        if s.au == 2:
            second.base(matrices=[matrices(7, 1, 4, 4)])
            one.base(matrices=[matrix(2, 2)])
        elif s.au > 2:
            second.driving(matrices=[matrices(7, 1, 4, 4, 0, s.au)])
            one.driving(matrices=[matrix(2, 2, 0, s.au)])


@case("BASE_F", "fusion with the decoded picture", "inter")
def fusion(s: Sketch) -> None:
    """A base picture of high quality, and driving pictures that the generator may use beside it."""
    face = s.face(1)
    face.base(coordinates=keypoints(10))
    for s.au in range(1, 6):
        face.driving(coordinates=keypoints(10, s.au), gfv_fusion_pic_flag=s.au % 2)


@case("BASE_G", "base pictures of another size", "wide")
def wide(s: Sketch) -> None:
    """Pictures of 128x96 luma samples; keypoints go from edge to edge whatever the shape of the picture."""
    face = s.face(1)
    face.base(coordinates=[[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
    s.au = 1
    face.driving(coordinates=[[1.0, -1.0], [-1.0, 1.0], [0.25, 0.125]])


@case("BASE_H", "pictures of several slices", "slices")
def slices(s: Sketch) -> None:
    """Pictures of two slices; the messages stand before the first or behind the last slice of their picture."""
    face = s.face(1)
    face.base(coordinates=keypoints(5))
    for s.au in range(1, 4):
        face.driving(coordinates=keypoints(5, s.au))


@case("BASE_I", "video without any message in its first part", "periods")
def late_start(s: Sketch) -> None:
    """The first coded video sequence has no messages, the second one begins with a base message."""
    face = s.face(0)
    s.au = 4
    face.base(coordinates=keypoints(3))
    for s.au in range(5, 8):
        face.driving(coordinates=keypoints(3, s.au), predict=1)


@case("BASE_J", "prediction across intra pictures", "intra", notices=("GFV-PRED-003",))
def across_intra_pictures(s: Sketch) -> None:
    """Messages predicted from a base message that comes before an intra picture, at which decoding may begin.

    Nothing in the syntax forbids it and decoders keep their state, but one that begins at the second picture cannot
    decode the messages; which draws a warning.
    """
    face = s.face(1)
    face.base(coordinates=keypoints(5))
    for s.au in (1, 2):
        face.driving(coordinates=keypoints(5, s.au), predict=1)
        face.further(coordinates=keypoints(5, s.au + 5), predict=1)


@case("BASE_K", "pictures that are left out at random access", "leading")
def leading(s: Sketch) -> None:
    """Where decoding begins at a CRA picture, its RASL pictures are left out, and their messages with them.

    One face has a base message at each IRAP picture. The other one has none there: its messages with RASL pictures
    predict from base messages before the CRA picture, which are decoded whenever these pictures are.
    """
    first, second = s.face(1), s.face(2)
    for s.au in range(13):
        write = first.base if s.au in (0, 4, 10) else first.driving
        write(coordinates=keypoints(4, s.au), predict=int(s.au not in (0, 4, 10)))
        if s.au not in (4, 10):
            write = second.base if s.au in (0, 7) else second.driving
            write(coordinates=keypoints(3, s.au), predict=int(s.au not in (0, 7)))
