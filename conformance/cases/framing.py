"""SEI messages and NAL units: sizes, positions, several messages together, emulation prevention, extension bits."""

from __future__ import annotations

import re

from conformance.case import case
from conformance.numbers import keypoints, matrices
from conformance.sketch import Sketch
from gfv_sei.sei.framing import frame_message

USER_DATA_UNREGISTERED = 5
UUID = bytes(range(0x10, 0x20))
SCALABLE_NESTING = {"vvc": (133, b"\x28"), "hevc": (133, b"\x20"), "avc": (30, b"\x80")}
"""Payload type, and the header that says: all layers, and in VVC: two messages."""

START_CODE = re.compile(rb"(?<!\x00)\x00\x00\x01")


def of_size(size: int) -> dict[str, object]:
    """What makes a base message with one keypoint, on its own face, a payload of so many bytes."""
    return {"gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": bytes(k % 251 + 1 for k in range(size))}


@case("SEI_A", "suffix messages, one for each NAL unit", codecs=("vvc", "hevc"))
def suffix(s: Sketch) -> None:
    """Messages behind the slices of their picture, each in a suffix SEI NAL unit of its own."""
    s.pack = False
    face = s.face(1)
    face.base(coordinates=keypoints(4))
    for step in range(1, 5):
        face.further(coordinates=keypoints(4, step))


@case("SEI_B", "several messages in a NAL unit", "four")
def together(s: Sketch) -> None:
    """All messages of a picture, GFV and GFVE, in one SEI NAL unit."""
    from conformance.numbers import matrix

    s.pack = True
    face = s.face(1)
    one = s.enhancement(1, face)
    for s.au in range(4):
        (face.driving if s.au else face.base)(coordinates=keypoints(4, s.au))
        (one.driving if s.au else one.base)(matrices=[matrix(2, 2, 0, s.au)])
        face.further(coordinates=keypoints(4, s.au + 10))
        one.driving(matrices=[matrix(2, 2, 0, s.au + 10)])


@case("SEI_C", "prefix messages, one for each NAL unit", "four", notices=("SEI-013",))
def prefix(s: Sketch) -> None:
    """Messages before the slices of their picture, each in an SEI NAL unit of its own."""
    s.pack = False
    s.position = "prefix"
    face = s.face(1)
    for s.au in range(4):
        (face.driving if s.au else face.base)(coordinates=keypoints(4, s.au))
        face.further(coordinates=keypoints(4, s.au + 10))


@case("SEI_D", "prefix and suffix messages of one picture", "inter", codecs=("vvc", "hevc"), notices=("SEI-013",))
def both(s: Sketch) -> None:
    """The first message of each picture in prefix, the others in suffix SEI NAL units; several in each."""
    s.pack = True
    face = s.face(1)
    for s.au in range(6):
        s.position = "prefix"
        (face.driving if s.au else face.base)(coordinates=keypoints(4, s.au))
        s.position = "suffix"
        for step in (1, 2):
            face.further(coordinates=keypoints(4, s.au + 10 * step), predict=1)


@case("SEI_E", "payload sizes around the bytes of 255")
def sizes(s: Sketch) -> None:
    """Payloads of 254, 255, 256, 509, 510, 511, 764, 765 and 766 bytes: the size takes one to four bytes."""
    for gfv_id, wanted in enumerate((254, 255, 256, 509, 510, 511, 764, 765, 766)):
        face = s.face(gfv_id)
        filling = wanted
        while True:
            payload = face.base(coordinates=keypoints(1), **of_size(filling))
            if len(payload) == wanted:
                break
            s.take()
            filling -= len(payload) - wanted


@case("SEI_F", "emulation prevention", notices=("GFV-NN-003", "GFV-NN-004"))
def emulation_prevention(s: Sketch) -> None:
    """Payloads full of zero bytes, so that emulation prevention bytes stand at many places.

    Among them are one right behind the size byte, one inside a text, one inside of keypoints and matrices, one at the
    end of a payload, and payload bytes 0, 1, 2 and 3 behind two zero bytes.
    """
    patterns = b"".join(bytes([0, 0, k]) for k in range(5)) + bytes(9) + b"\x03\x00\x00\x03"
    s.face(0).base(coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=patterns)
    s.face(1).base(coordinates=[[0.0, 0.0]], gfv_nn_mode_idc=0, gfv_nn_payload_byte=bytes(64) + b"\x01")
    s.face(2).base(coordinates=[[0.0, 0.0]], gfv_nn_mode_idc=1, gfv_nn_tag_uri="", gfv_nn_uri="")
    q = {"gfv_matrix_element_precision_factor_minus1": 31}
    s.face(3).base(matrices=[matrices(7, 1, 4, 4, q=32)], **q)
    s.face(3).further(matrices=[{"type": 7, "elements": [[[1.0] * 4] * 4]}], predict=0, **q)
    s.face(2**31 - 1).base(coordinates=keypoints(1))
    s.payload(USER_DATA_UNREGISTERED, bytes(16))


@case("SEI_G", "emulation prevention at the first and at the last byte")
def first_and_last(s: Sketch) -> None:
    """gfv_id 2^31 - 1, whose code begins with 31 zero bits, and a network that ends with zero bytes.

    The emulation prevention bytes are then the third byte of a payload, and the byte right before the end of the
    NAL unit's messages, behind which rbsp_trailing_bits( ) follow.
    """
    s.pack = False
    s.face(2**31 - 1).base(coordinates=keypoints(1))
    s.face(1).base(coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"\x01\x00\x00\x00")
    s.face(2).base(coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"\x00\x00")


@case("SEI_H", "extension data", codecs=("vvc", "hevc"), notices=("GFV-SYN-003",))
def extension(s: Sketch) -> None:
    """Reserved extension bits behind the last element, which a reader skips, in GFV and GFVE messages.

    There are 1, 7, 8, 9 and 64 of them, with ones and zeros at their end, and none where the message ends on a byte.
    """
    from conformance.numbers import matrix

    face = s.face(0)
    one = s.enhancement(0, face)
    said = "reserved_payload_extension_data"
    for number, bits in enumerate(("1", "0000001", "10000000", "101010101", "01" * 32, "0")):
        (face.further if number else face.base)(coordinates=keypoints(2, number), **{said: bits})
        (one.driving if number else one.base)(matrices=[matrix(1, 2, 0, number)], **{said: bits[::-1]})


@case("SEI_I", "other SEI messages between", "four")
def others(s: Sketch) -> None:
    """User data messages before, between and behind messages of ours, in the same NAL unit; one is empty.

    Their payloads look like GFV messages, and one of them has a payload type that no standard knows.
    """
    s.pack = True
    face = s.face(1)
    for s.au in range(4):
        s.payload(USER_DATA_UNREGISTERED, UUID + b"\xdf\x03abc")
        payload = (face.driving if s.au else face.base)(coordinates=keypoints(4, s.au))
        s.payload(USER_DATA_UNREGISTERED, UUID + payload)
        s.payload(510, frame_message(223, payload))
        face.further(coordinates=keypoints(4, s.au + 10))
        s.payload(USER_DATA_UNREGISTERED, UUID)


@case("SEI_J", "payloads that end on a byte and payloads that do not")
def alignment(s: Sketch) -> None:
    """Messages whose last element ends at each of the eight bit positions of a byte.

    One that ends with a byte has no alignment bits at all.
    """
    face = s.face(0)
    face.base(coordinates=[[0.0, 0.0]] * 9, predict=0)
    for number in range(1, 17):
        points = [[0.0, 0.0]] * 9
        points[0] = [0.0, 0.0 if number % 2 else 0.5]
        points[1] = [0.0, (number // 2) / 256]
        face.further(coordinates=points, predict=0)


@case("SEI_K", "zero bytes between NAL units", "four")
def zero_bytes(s: Sketch) -> None:
    """A byte stream whose start codes all have four bytes and whose NAL units are followed by zero bytes."""
    face = s.face(1)
    for s.au in range(4):
        (face.driving if s.au else face.base)(coordinates=keypoints(4, s.au))
        face.further(coordinates=keypoints(4, s.au + 10))
    s.finish.append(lambda stream: START_CODE.sub(b"\x00\x00\x00\x00\x00\x01", stream) + bytes(3))


@case("SEI_L", "messages inside of a nesting message", "four", notices=("SEI-013",))
def nested(s: Sketch) -> None:
    """GFV messages inside of a scalable nesting message, which says that they are for all layers of the picture."""
    s.position = "prefix"
    face = s.face(1)
    nesting, header = SCALABLE_NESTING[s.codec]
    for s.au in range(4):
        payloads = []
        for step in range(2):
            (face.further if step else face.driving if s.au else face.base)(coordinates=keypoints(3, s.au + 10 * step))
            payloads.append(s.take().payload)
        inside = b"".join(frame_message(223, payload) for payload in payloads)
        s.payload(nesting, header + inside)
