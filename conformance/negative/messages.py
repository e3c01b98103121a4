"""Messages that are well-formed by themselves: reserved identifiers, counts, flags, networks, chroma key, values."""

from __future__ import annotations

from typing import Any

from conformance.breaking import Edit
from conformance.case import negative
from conformance.negative.syntax import Say, affine, broken, by_uri, enhanced_by_uri, numbers, points
from conformance.numbers import keypoints, matrices, matrix
from conformance.sketch import Sketch

RESERVED = (256, 300, 511, 2**31, 2**32 - 2)
LOW = {"gfv_low_confidence_face_parameter_flag": 1}


def said(rule: str, title: str, element: str | None, **message: Any) -> None:
    """A case of one base message that says this."""

    def make(s: Sketch) -> None:
        s.face(1).base(**{"coordinates": keypoints(2), **message})
        s.breaks(rule, element)

    make.__doc__ = f"A base message with {title}; everything else is as it should be."
    negative(rule, title)(make)


# Identifiers


def reserved(gfv_id: int) -> None:
    """Cases of this gfv_id and gfve_id, and of a GFVE message for this gfv_id."""

    @negative("GFV-ID-001", f"gfv_id {gfv_id}")
    def face(s: Sketch) -> None:
        """A base message with a reserved gfv_id, which decoders ignore."""
        s.face(gfv_id).base(coordinates=keypoints(2))
        s.breaks("GFV-ID-001", "gfv_id")

    @negative("GFV-ID-001", f"gfve_id {gfv_id}")
    def enhancement(s: Sketch) -> None:
        """A GFVE message with a reserved gfve_id, which decoders ignore."""
        one = s.face(1)
        one.base(coordinates=keypoints(2))
        s.enhancement(gfv_id, one).base(matrices=[matrix(2, 2)])
        s.breaks("GFV-ID-001", "gfve_id")

    @negative("GFV-ID-002", f"gfve_gfv_id {gfv_id}")
    def enhanced_face(s: Sketch) -> None:
        """A GFVE message in use for a face whose gfv_id is reserved; both are ignored."""
        one = s.face(gfv_id)
        one.base(coordinates=keypoints(2))
        s.enhancement(1, one).base(matrices=[matrix(2, 2)])
        s.breaks("GFV-ID-001", "gfv_id")
        s.breaks("GFV-ID-002", "gfve_gfv_id")


for _gfv_id in RESERVED:
    reserved(_gfv_id)


# Counts


@negative("GFV-CNT-001", "gfv_cnt that begins with 1")
def begins_with_one(s: Sketch) -> None:
    """The only message of a picture has gfv_cnt 1."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=0)
    s.written.pop(0)
    s.breaks("GFV-CNT-001", "gfv_cnt")


@negative("GFV-CNT-001", "gfv_cnt that leaves out a number")
def gap(s: Sketch) -> None:
    """The messages of a picture have gfv_cnt 0 and 2."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=0)
    face.further(coordinates=keypoints(2, 2), predict=0)
    s.written.pop(1)
    s.breaks("GFV-CNT-001", "gfv_cnt")


@negative("GFV-CNT-001", "gfv_cnt that goes down")
def down(s: Sketch) -> None:
    """The messages of a picture have gfv_cnt 0, 2 and 1: the second skips a number, the third goes back."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=0)
    face.further(coordinates=keypoints(2, 2), predict=0)
    s.written[1:] = s.written[:0:-1]
    s.breaks("GFV-CNT-001", "gfv_cnt")
    s.breaks("GFV-CNT-001", "gfv_cnt")


@negative("GFV-CNT-001", "gfv_cnt that goes on from the picture before", "four")
def goes_on(s: Sketch) -> None:
    """The message of the second picture has gfv_cnt 1, as if it belonged to the first one."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=0)
    s.written[1] = s.written[1]._replace(au=1)
    s.au = 1
    s.breaks("GFV-CNT-001", "gfv_cnt")


@negative("GFV-CNT-002", "two base messages of a picture")
def two_bases(s: Sketch) -> None:
    """Two messages of the same gfv_id and gfv_cnt 0 in a picture, with different keypoints."""
    s.face(1).base(coordinates=keypoints(2))
    s.face(1).base(coordinates=keypoints(2, 1))
    s.breaks("GFV-CNT-002", "gfv_cnt")


@negative("GFV-CNT-002", "two further messages of the same count")
def two_further(s: Sketch) -> None:
    """Two messages of gfv_cnt 1 in a picture that differ in one flag."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=0, gfv_cnt=1)
    again = Sketch(s.codec)
    other = again.face(1)
    other.base(coordinates=keypoints(2))
    other.further(coordinates=keypoints(2, 1), predict=0, **LOW)
    s.written.append(again.take())
    s.breaks("GFV-CNT-002", "gfv_cnt")


@negative("GFV-CNT-003", "a predicted message that is repeated")
def repeated_prediction(s: Sketch) -> None:
    """A further message, predicted from the one before, stands twice: read twice, its keypoints move twice."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=1)
    s.repeat()
    s.breaks("GFV-CNT-003", "gfv_cnt")


@negative("GFV-CNT-003", "predicted enhancement that is repeated")
def repeated_enhancement(s: Sketch) -> None:
    """A GFVE message, predicted from the one before, stands twice."""
    face = s.face(1)
    one = s.enhancement(2, face)
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    face.further(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.repeat()
    s.breaks("GFV-CNT-003", "gfve_gfv_cnt")


@negative("GFV-CNT-003", "a predicted message behind a base message that is repeated")
def repeated_in_between(s: Sketch) -> None:
    """The base message stands once more before the third message, which is predicted from the second one.

    Who leaves out repetitions predicts it from the second message, who reads them from the base message.
    """
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), predict=1)
    face.further(coordinates=keypoints(2, 2), predict=1)
    s.written.insert(2, s.written[0])
    s.breaks("GFV-CNT-003", "gfv_cnt")


@negative("GFV-BASE-001", "a driving message without a base message", "four")
def no_base(s: Sketch) -> None:
    """Driving messages, coded absolutely, with nothing to drive: no base message of their gfv_id. Noted once."""
    for s.au in (0, 2):
        s.face(1).driving(coordinates=keypoints(2, s.au), predict=0)
    s.au = 0
    s.breaks("GFV-BASE-001", "gfv_base_picture_flag")


@negative("GFV-BASE-002", "a driving message with an intra picture and no base message there", "intra")
def base_before_intra(s: Sketch) -> None:
    """The base message comes with the first intra picture, absolute driving messages with the other two. Noted once."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    for s.au in (1, 2):
        face.driving(coordinates=keypoints(2, s.au), predict=0)
    s.au = 1
    s.breaks("GFV-BASE-002", "gfv_base_picture_flag")


@negative("GFV-BASE-002", "a second face without a base message behind an intra picture", "periods")
def base_of_one_face(s: Sketch) -> None:
    """Two faces have base messages at the first intra picture, one of them also at the second; then both are driven."""
    faces = s.face(1), s.face(2)
    for face in faces:
        face.base(coordinates=keypoints(2))
    s.au = 4
    faces[0].base(coordinates=keypoints(2, 1))
    s.au = 5
    for face in faces:
        face.driving(coordinates=keypoints(2, 2), predict=0)
    s.breaks("GFV-BASE-002", "gfv_base_picture_flag")


def higher_base(predict: int, element: str) -> None:
    """A case of a base message that goes with its sub-layer, and of messages that stay."""

    @negative("GFV-BASE-003", f"a base message of a higher temporal id: {element}", "reordered", codecs=("vvc",))
    def make(s: Sketch) -> None:
        """The base message stands with a picture of the highest sub-layer; those behind it are of lower ones, too."""
        face = s.face(1)
        s.au = 4
        face.base(coordinates=keypoints(2))
        for s.au in (5, 6, 7):
            face.driving(coordinates=keypoints(2, s.au), predict=predict)
        s.au = 6
        s.breaks("GFV-BASE-003", element)


higher_base(0, "gfv_base_picture_flag")
higher_base(1, "gfv_kps_pred_flag")


@negative("GFV-BASE-003", "base enhancement of a higher temporal id", "reordered", codecs=("vvc",))
def higher_base_enhancement(s: Sketch) -> None:
    """The face has a base message in both sub-layers, its enhancement only in the higher one."""
    face = s.face(1)
    one = s.enhancement(2, face)
    s.au = 4
    face.base(coordinates=keypoints(2))
    one.base(matrices=[matrix(2, 2)])
    s.au = 6
    face.base(coordinates=keypoints(2, 1))
    one.driving(matrices=[matrix(2, 2, 0, 1)], predict=1)
    s.breaks("GFV-BASE-003", "gfve_matrix_pred_flag")


@negative("GFV-FUS-001", "fusion beside a base picture", syntax="draft-b")
def fusion(s: Sketch) -> None:
    """In draft-b, where all messages but base messages code the flag: a further message of a base picture has 1."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), gfv_drive_picture_fusion_flag=1)
    s.breaks("GFV-FUS-001", "gfv_drive_picture_fusion_flag")


@negative("GFV-FUS-001", "fusion beside a base picture in draft-a", syntax="draft-a")
def fusion_in_draft_a(s: Sketch) -> None:
    """The same in draft-a, in the second further message."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    face.further(coordinates=keypoints(2, 1), gfv_drive_picture_fusion_flag=0)
    face.further(coordinates=keypoints(2, 2), gfv_drive_picture_fusion_flag=1)
    s.breaks("GFV-FUS-001", "gfv_drive_picture_fusion_flag")


# Networks and chroma key

URI = {"gfv_nn_mode_idc": 1, "gfv_nn_tag_uri": "tag:gfv.example,2026:a", "gfv_nn_uri": "https://gfv.example/a"}

for _mode in (2, 255, 256, 2**32 - 2):
    said("GFV-NN-001", f"network mode {_mode}", "gfv_nn_mode_idc", gfv_nn_present_flag=1, gfv_nn_mode_idc=_mode)

for _text in ("no tag", "tag:", "tag:gfv.example:a", "urn:gfv:a", "tag:gfv.example,2026:{a}"):
    said("GFV-NN-003", f"the tag URI {_text!r}", "gfv_nn_tag_uri", **{**URI, "gfv_nn_tag_uri": _text})
for _text in ("a.nnr", "//gfv.example/a", "1:a", "https://gfv.example/a b", "https://gfv.example/<a>", "gfv:a\a"):
    said("GFV-NN-004", f"the URI {_text!r}", "gfv_nn_uri", **{**URI, "gfv_nn_uri": _text})
said("GFV-NN-003", "an empty tag URI", "gfv_nn_tag_uri", **{**URI, "gfv_nn_tag_uri": ""})
said("GFV-NN-004", "an empty URI", "gfv_nn_uri", **{**URI, "gfv_nn_uri": ""})
said("GFV-NN-005", "a network of no bytes", "gfv_nn_payload_byte", gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"")


@negative("GFV-NN-005", "an enhancement network of no bytes")
def empty_enhancer(s: Sketch) -> None:
    """A GFVE message that announces a network in it and ends there."""
    face = s.face(1)
    face.base(coordinates=keypoints(2))
    s.enhancement(2, face).base(matrices=[matrix(1, 1)], gfve_nn_mode_idc=0, gfve_nn_payload_byte=b"")
    s.breaks("GFV-NN-005", "gfve_nn_payload_byte")


def not_utf8(say: Say, name: str, also: str | None = None) -> None:
    """A case of a text with bytes that are no UTF-8, in the middle of it."""

    def edit(one: Edit) -> None:
        text = dict(one.parts)[name]
        one.bits(name, text[:-16] + f"{0xFF:08b}{0xC0:08b}" + text[-8:])

    broken("GFV-NN-002", f"{name} with the bytes FF C0", say, edit, name)


not_utf8(by_uri, "gfv_nn_tag_uri")
not_utf8(by_uri, "gfv_nn_uri")
not_utf8(enhanced_by_uri, "gfve_nn_tag_uri")
not_utf8(enhanced_by_uri, "gfve_nn_uri")


@negative("GFV-NN-006", "another network in the second base message", "four")
def other_network(s: Sketch) -> None:
    """The second base message of a face names another URI than the first one."""
    face = s.face(1)
    face.base(coordinates=keypoints(2), **URI)
    s.au = 1
    face.base(coordinates=keypoints(2, 1), **{**URI, "gfv_nn_uri": "https://gfv.example/b"})
    s.breaks("GFV-NN-006", "gfv_nn_mode_idc")


@negative("GFV-NN-006", "another enhancement network in the second base message", "four")
def other_enhancer(s: Sketch) -> None:
    """The second base message of an enhancement holds another network than the first one."""
    face = s.face(1)
    one = s.enhancement(2, face)
    for s.au in range(2):
        face.base(coordinates=keypoints(2))
        one.base(matrices=[matrix(1, 1)], gfve_nn_mode_idc=0, gfve_nn_payload_byte=bytes([1, s.au]))
    s.breaks("GFV-NN-006", "gfve_nn_mode_idc")


for _values, _absent in (([None, 2, 3], 0), ([1, None, 3], 1), ([1, 2, None], 2), ([None, 2, None], 0)):
    said(
        "GFV-CHR-001",
        f"the chroma key values {_values}",
        f"gfv_chroma_key_value_present_flag[ {_absent} ]",
        gfv_chroma_key_purpose_idc=1,
        gfv_chroma_key_value=_values,
    )
for _lower, _delta in ((255, 0), (200, 55), (0, 255)):
    said(
        "GFV-CHR-002",
        f"the thresholds {_lower} and {_lower + _delta + 1}",
        "gfv_chroma_key_thr_upper_delta_minus1",
        gfv_chroma_key_purpose_idc=1,
        gfv_chroma_key_value=[1, 2, 3],
        gfv_chroma_key_thr_lower=_lower,
        gfv_chroma_key_thr_upper_delta_minus1=_delta,
    )


# Keypoints and matrices

for _point, _axis in (([1.5, 0.0], "x"), ([-1.00390625, 0.0], "x"), ([0.0, 2.0], "y"), ([0.5, -100.0], "y")):
    said("GFV-CRD-001", f"a keypoint at {_point}", f"{_axis} of keypoint 1", coordinates=[[0.0, 0.0], _point])
for _z, _most in ((1.5, 1), (-2.25, 2), (65537.0, 65536)):
    said(
        "GFV-CRD-002",
        f"a keypoint with z {_z} where the maximum is {_most}",
        "z of keypoint 0",
        coordinates=[[0.0, 0.0, _z], [0.0, 0.0, 0.5]],
        gfv_coordinate_z_max_value_minus1=_most - 1,
    )


@negative("GFV-CRD-001", "a keypoint that prediction carries out of the picture")
def carried_out(s: Sketch) -> None:
    """Each difference is small, but the second further message arrives at x above 1."""
    face = s.face(1)
    face.base(coordinates=[[0.75, 0.0]])
    face.further(coordinates=[[0.9375, 0.0]], predict=1)
    face.further(coordinates=[[1.125, 0.0]], predict=1)
    s.breaks("GFV-CRD-001", "x of keypoint 0")


for _type in (32, 48, 63):
    said(
        "GFV-MAT-001",
        f"matrices of type {_type}",
        "gfv_matrix_type_idx[ 1 ]",
        matrices=[matrices(7, 1, 1, 1), matrices(_type, 1, 2, 2)],
    )
said(
    "GFV-MAT-005",
    "65 matrix types",
    "gfv_num_matrix_types_minus1",
    matrices=[matrices(8 + k % 24, 1, 1, 1, k) for k in range(65)],
)


@negative("GFV-MAT-002", "a fraction of a difference that is 1")
def whole_fraction(s: Sketch) -> None:
    """gfv_matrix_delta_element_dec is 2^q, as encoders write that round up without a carry."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    face.further(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=1)
    Edit(s).ue("gfv_matrix_delta_element_dec", 256, 2).put()
    s.breaks("GFV-MAT-002", "gfv_matrix_delta_element_dec")


def neither(one: Edit) -> None:
    """Take the matrices out of a message that has nothing else."""
    one.end_before("gfv_matrix_present_flag")
    one.parts.append(("gfv_matrix_present_flag", "0"))


broken("GFV-MAT-003", "neither keypoints nor matrices in a base message", numbers, neither, "gfv_matrix_present_flag")


@negative("GFV-MAT-003", "neither keypoints nor matrices in a driving message", "four")
def nothing_said(s: Sketch) -> None:
    """A driving message without keypoints and without matrices."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 2, 2)])
    s.au = 1
    face.driving(matrices=[matrices(7, 1, 2, 2, 0, 1)], predict=0)
    one = Edit(s)
    neither(one)
    one.put()
    s.breaks("GFV-MAT-003", "gfv_matrix_present_flag")


def without_keypoints(type_idx: int) -> None:
    """A case of matrices that belong to keypoints in a message without any."""

    def edit(one: Edit) -> None:
        names = [name for name, _ in one.parts]
        first, last = names.index("gfv_coordinate_present_flag"), names.index("gfv_matrix_present_flag")
        one.parts[first:last] = [("gfv_coordinate_present_flag", "0")]
        one.u("gfv_matrix_type_idx", type_idx, 6)

    title = f"matrices of type {type_idx} without keypoints"
    broken("GFV-MAT-004", title, affine, edit, "gfv_matrix_type_idx[ 0 ]")


without_keypoints(0)
without_keypoints(1)


@negative("GFV-MAT-002", "fractions of 1 and more in several elements")
def long_fractions(s: Sketch) -> None:
    """Two elements of a difference have fractions of 2^q and above; one finding names the first."""
    points(s)
    face = s.face(2)
    face.base(matrices=[matrices(8, 1, 1, 3)])
    face.further(matrices=[matrices(8, 1, 1, 3, 0, 1)], predict=1)
    Edit(s).ue("gfv_matrix_delta_element_dec", 300, 0).ue("gfv_matrix_delta_element_dec", 1000, 1).put()
    s.breaks("GFV-MAT-002", "gfv_matrix_delta_element_dec")
