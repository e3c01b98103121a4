"""Networks in GFV and GFVE messages: by URI, as bytes, none, and reserved modes."""

from __future__ import annotations

from typing import Any

from conformance.case import case
from conformance.numbers import draw, keypoints, matrix
from conformance.sketch import Sketch

TAG = "tag:iso.org,2023:15938-17"

TEXTS = (
    ("tag:gfv.example,2026:a", "https://gfv.example/networks/a.nnr"),
    ("tag:gfv.example,2026:\u6f22\u5b57", "https://gfv.example/\u9854/\u00e9\u00f1\u0416"),
    ("tag:gfv.example,2026:\U0001f642", "https://gfv.example/\U0001f642?q=\u00df#\u00fc"),
    ("tag:gfv.example,2026:" + "t" * 300, "https://gfv.example/" + "u" * 680),
)


def network(number: int) -> bytes:
    """So many bytes that could be a network."""
    return bytes(draw(number, k, most=127) + 128 for k in range(number))


@case("NN_A", "networks by URI")
def by_uri(s: Sketch) -> None:
    """Mode 1 with a tag URI and a URI, at each of the eight bit positions in front of the alignment bits.

    gfv_id takes odd numbers of bits; gfv_cnt, the flags and the mode take seven more.
    """
    for number in range(8):
        uri = f"https://gfv.example/{number}.nnr"
        s.face((1 << number) - 1).base(coordinates=keypoints(2), gfv_nn_mode_idc=1, gfv_nn_tag_uri=TAG, gfv_nn_uri=uri)


@case("NN_B", "URIs that are long, or not in ASCII")
def texts(s: Sketch) -> None:
    """Tag URIs and URIs of up to 700 characters, and in UTF-8 with codes of two to four bytes."""
    for gfv_id, (tag, uri) in enumerate(TEXTS):
        s.face(gfv_id).base(coordinates=keypoints(2), gfv_nn_mode_idc=1, gfv_nn_tag_uri=tag, gfv_nn_uri=uri)


@case("NN_C", "networks in the message")
def in_the_message(s: Sketch) -> None:
    """Mode 0: the bytes of a network up to the end of the payload, behind alignment bits at several positions."""
    for gfv_id, number in ((0, 1), (1, 2), (3, 100), (7, 257), (20, 5)):
        s.face(gfv_id).base(coordinates=keypoints(2 + gfv_id), gfv_nn_mode_idc=0, gfv_nn_payload_byte=network(number))


@case("NN_D", "an empty network", notices=("GFV-NN-005",))
def empty(s: Sketch) -> None:
    """Mode 0 without any byte: the payload ends with the alignment bits, GFV and GFVE."""
    face = s.face(0)
    face.base(coordinates=keypoints(3), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"")
    s.enhancement(0, face).base(matrices=[matrix(2, 2)], gfve_nn_mode_idc=0, gfve_nn_payload_byte=b"")
    face.further(coordinates=keypoints(3, 1))


@case("NN_E", "a network that changes", "periods", notices=("GFV-NN-006",))
def changes(s: Sketch) -> None:
    """A network holds until the next base message of its face, which here has another one, or none."""
    face = s.face(2)
    said: dict[int, dict[str, Any]] = {
        0: {"gfv_nn_mode_idc": 1, "gfv_nn_tag_uri": TAG, "gfv_nn_uri": "https://gfv.example/1.nnr"},
        4: {"gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": network(40)},
        6: {},
    }
    for s.au in range(8):
        if s.au in said:
            face.base(coordinates=keypoints(3, s.au), **said[s.au])
        else:
            face.driving(coordinates=keypoints(3, s.au))


@case("NN_F", "reserved modes", notices=("GFV-NN-001",))
def reserved_modes(s: Sketch) -> None:
    """Modes 2, 255 and 2^32 - 2, which are reserved, in GFV and GFVE messages; nothing of a network follows them."""
    for gfv_id, mode in enumerate((2, 255, 2**32 - 2)):
        face = s.face(gfv_id)
        face.base(coordinates=keypoints(2), gfv_nn_present_flag=1, gfv_nn_mode_idc=mode)
        s.enhancement(0, face).base(matrices=[matrix(1, 1)], gfve_nn_present_flag=1, gfve_nn_mode_idc=mode)


@case("NN_G", "networks of enhancement")
def enhancers(s: Sketch) -> None:
    """GFVE messages with networks by URI and as bytes, all texts of NN_B, at several bit positions."""
    for gfv_id, (tag, uri) in enumerate(TEXTS):
        face = s.face(gfv_id)
        face.base(coordinates=keypoints(2))
        s.enhancement(gfv_id, face).base(
            matrices=[matrix(1, 2)], gfve_nn_mode_idc=1, gfve_nn_tag_uri=tag, gfve_nn_uri=uri
        )
        s.enhancement(600 + gfv_id, face).base(
            matrices=[matrix(1, 2)], gfve_nn_mode_idc=0, gfve_nn_payload_byte=network(1 + gfv_id)
        )


@case("NN_H", "networks together with everything else")
def with_everything(s: Sketch) -> None:
    """Networks in base messages that have chroma key, keypoints and matrices as well."""
    from conformance.numbers import matrices

    said: dict[str, Any] = {
        "coordinates": keypoints(4, axes=3),
        "matrices": [matrices(0, 4, 3, 3), matrices(7, 1, 2, 2)],
        "gfv_chroma_key_purpose_idc": 1,
        "gfv_chroma_key_value": [1, 2, 3],
        "gfv_chroma_key_thr_lower": 9,
        "gfv_chroma_key_thr_upper_delta_minus1": 10,
        "gfv_low_confidence_face_parameter_flag": 1,
    }
    s.face(0).base(**said, gfv_nn_mode_idc=1, gfv_nn_tag_uri=TAG, gfv_nn_uri="https://gfv.example/x")
    s.face(1).base(**said, gfv_nn_mode_idc=0, gfv_nn_payload_byte=network(64))


@case("NN_I", "empty URIs", notices=("GFV-NN-003", "GFV-NN-004"))
def empty_texts(s: Sketch) -> None:
    """A tag URI and a URI of no character, each of which is a zero byte alone; one of them, and both.

    The syntax allows them, although an empty text is no URI.
    """
    for gfv_id, (tag, uri) in enumerate((("", ""), (TAG, ""), ("", "https://gfv.example/x"))):
        face = s.face(gfv_id)
        face.base(coordinates=keypoints(2), gfv_nn_mode_idc=1, gfv_nn_tag_uri=tag, gfv_nn_uri=uri)
        one = s.enhancement(gfv_id, face)
        one.base(matrices=[matrix(1, 2)], gfve_nn_mode_idc=1, gfve_nn_tag_uri=tag, gfve_nn_uri=uri)
