"""What follows the last element of a payload, alignment inside of it, and texts that have no end."""

from __future__ import annotations

from conformance.breaking import Edit
from conformance.case import SUFFIXED, negative
from conformance.negative.syntax import (
    Say,
    broken,
    by_uri,
    enhanced,
    enhanced_by_uri,
    enhanced_in_message,
    in_message,
    numbers,
    points,
)
from conformance.numbers import keypoints, matrix
from conformance.sketch import Sketch

for _say in (points, numbers, enhanced):

    def _no_alignment(one: Edit) -> None:
        one.tail = "0" * 8

    def _long(one: Edit) -> None:
        one.tail = "1" + "0" * 15

    broken("GFV-SYN-002", "the bits behind the last element are all 0", _say, _no_alignment, "payload_trailing_bits")
    broken("GFV-SYN-004", "a zero byte follows the alignment bits", _say, _long, "payload_trailing_bits")

for _say in (points, enhanced):
    for _tail in ("11", "01" * 8 + "1", "1" * 64):

        def _extend(one: Edit, tail: str = _tail) -> None:
            one.tail = tail

        _title = f"bits of extension data: {len(_tail) - 1}"
        _element = "reserved_payload_extension_data"
        broken("GFV-SYN-003", _title, _say, _extend, _element, codecs=SUFFIXED)
        # In AVC less than a byte would have to be alignment.
        broken("GFV-SYN-002" if _tail == "11" else "GFV-SYN-004", _title, _say, _extend, _element, codecs=("avc",))

for _say, _name in (
    (by_uri, "gfv_nn_alignment_zero_bit_a"),
    (in_message, "gfv_nn_alignment_zero_bit_b"),
    (enhanced_by_uri, "gfve_nn_alignment_zero_bit_a"),
    (enhanced_in_message, "gfve_nn_alignment_zero_bit_b"),
):

    def _ones(one: Edit) -> None:
        one.alignment = 1

    broken("GFV-SYN-015", f"{_name} is 1", _say, _ones, _name)


def endless_texts(rule: str, say: Say, prefix: str) -> None:
    """Texts without a zero byte, in the tag URI and in the URI."""

    def tag(one: Edit) -> None:
        one.end_before(f"{prefix}_nn_uri")
        text = dict(one.parts)[f"{prefix}_nn_tag_uri"]
        one.bits(f"{prefix}_nn_tag_uri", text[:-8])
        one.tail = ""

    def uri(one: Edit) -> None:
        text = dict(one.parts)[f"{prefix}_nn_uri"]
        del one.parts[[name for name, _ in one.parts].index(f"{prefix}_nn_uri") + 1 :]
        one.bits(f"{prefix}_nn_uri", text[:-8])
        one.tail = ""

    broken(rule, f"{prefix}_nn_tag_uri without a zero byte", say, tag, f"{prefix}_nn_tag_uri")
    broken(rule, f"{prefix}_nn_uri without a zero byte", say, uri, f"{prefix}_nn_uri")


endless_texts("GFV-SYN-016", by_uri, "gfv")
endless_texts("GFV-SYN-016", enhanced_by_uri, "gfve")


@negative("GFV-SYN-017", "GFVE messages in a stream of draft-a", syntax="draft-a")
def gfve_beside_draft_a(s: Sketch) -> None:
    """A GFVE message in a stream of draft-a, which is older than GFVE. It is noted once."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    one = s.enhancement(2, face)
    one.base(matrices=[matrix(2, 2)])
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.breaks("GFV-SYN-017", "payloadType")


def _type_65(one: Edit) -> None:
    one.ue("gfv_matrix_type_idx", 65)


_TYPE = "gfv_matrix_type_idx[ 0 ]"
broken("GFV-SYN-013", f"{_TYPE} is 65", numbers, _type_65, _TYPE, also=(("GFV-MAT-001", _TYPE),), syntax="draft-a")
