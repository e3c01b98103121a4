"""For each rule about messages some that break it and no other.

Written bit by bit from the syntax tables and not by the package. A ``^`` among the bits marks the element that a
finding must point to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

GFV, GFVE = 223, 224


def ue(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def u(value: int, n: int) -> str:
    return f"{value:0{n}b}"


TAG_URI = "tag:authority,date:name"


def zero_ended(value: bytes) -> str:
    return "".join(u(byte, 8) for byte in (*value, 0))


def whole(bits: str, filler: str = "0") -> str:
    """Up to a whole byte."""
    return bits + filler * (-len(bits.replace("^", "")) % 8)


class Sent(NamedTuple):
    """A payload, the bit that is marked in it, and the temporal id of its SEI NAL unit."""

    payload_type: int
    payload: bytes
    mark: int | None = None
    temporal_id: int = 0


class UnitEnd(NamedTuple):
    """The picture unit is over, which was that of an IRAP picture, or of one that is skipped with it (RASL)."""

    irap: bool
    skipped: bool = False


NEXT, NEXT_IRAP, NEXT_SKIPPED = UnitEnd(False), UnitEnd(True), UnitEnd(False, True)


def raw(payload_type: int, bits: str) -> Sent:
    """A payload of these bits, which are whole bytes."""
    mark = bits.find("^") if "^" in bits else None
    bits = bits.replace("^", "")
    assert len(bits) % 8 == 0
    return Sent(payload_type, bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)), mark)


def aligned(bits: str) -> str:
    return whole(bits + "1") if len(bits.replace("^", "")) % 8 else bits


def gfv(bits: str) -> Sent:
    return raw(GFV, aligned(bits))


def gfve(bits: str) -> Sent:
    return raw(GFVE, aligned(bits))


def plain(sent: Sent) -> Sent:
    """The same, but not where a finding is."""
    return sent._replace(mark=None)


def number(magnitude: int) -> str:
    return ue(magnitude) + ("0" if magnitude else "")


def keypoints(
    *values: int, q: int = 4, count: int | None = None, z: str = "0", mark: str = "", at: int | None = None
) -> str:
    """Absolute keypoints, two values each or with ``z`` three; ``at`` is the value that is marked."""
    each = 2 if z == "0" else 3
    header = ue(q - 1) + mark + ue((count or len(values) // each) - 1) + z
    return "10" + header + "".join("^" * (i == at) + number(value) for i, value in enumerate(values))


def differences(*values: int) -> str:
    """Keypoints of a predicted message, from its marked prediction flag on."""
    return "1^1" + "".join(map(number, values))


def element(integer: int, fraction: int, q: int) -> str:
    return ue(integer) + u(fraction, q) + ("0" if integer or fraction else "")


def matrices(*elements: tuple[int, int], type_idx: str = u(7, 6)) -> str:
    """In a base message: one matrix of one row, of a type that codes number and size, with 4 bits of fraction."""
    header = "1" + ue(3) + ue(0) + type_idx + ue(0) + ue(len(elements) - 1) + ue(0)
    return header + "".join(element(*one, 4) for one in elements)


NONE = "0"
"""No keypoints, no matrices, no network, or no chroma key."""

POINT = keypoints(3, 4) + NONE


def base(parameters: str = POINT, gfv_id: str = ue(1), network: str = NONE, key: str = NONE) -> str:
    return gfv_id + ue(0) + "1" + network + key + "0" + parameters


def unless_marked(rest: str) -> str:
    """A mark, if there is none in what follows."""
    return "" if "^" in rest else "^"


def driving(parameters: str = POINT) -> str:
    return ue(1) + ue(0) + unless_marked(parameters) + "0" + "0" + "0" + parameters


def further(cnt: int, parameters: str = POINT) -> str:
    return ue(1) + unless_marked(parameters) + ue(cnt) + "0" + parameters


def with_uri(tag: str, uri: str, alignment: str = "0") -> str:
    """A base message with a network of mode 1."""
    mark = "^" if alignment == "1" else ""
    return whole(ue(1) + ue(0) + "1" + "1" + ue(1) + mark, alignment) + tag + uri + NONE + "0" + POINT


def with_key(purpose: str = ue(0), values: str = "000", thresholds: str = "0") -> str:
    return base(key="1" + purpose + values + thresholds)


def enhancement(rest: str, cnt: int = 0, flag: str = "1", gfv_id: str = ue(1)) -> str:
    """``rest`` from gfve_matrix_present_flag on."""
    kind = "" if cnt else flag + NONE if flag.endswith("1") else flag
    return ue(2) + gfv_id + unless_marked(gfv_id + flag + rest) + ue(cnt) + kind + rest


def with_network(rest: str) -> str:
    """A base GFVE message for gfv_id 1, from gfve_nn_mode_idc on, without matrices and pupils."""
    return ue(2) + ue(1) + ue(0) + "1" + "1" + rest


PUPILS = NONE + "11" + ue(3) + "".join(map(number, (1, 2, 3, 4)))
NO_PUPILS = NONE + "00"

TAG, URI = zero_ended(b"tag:example.org,2026:gfv"), zero_ended(b"https://example.org/face.nnr")
BASE = gfv(base())
TWO_POINTS = keypoints(1, 2, 3, 4) + NONE
CUT = raw(GFV, whole(ue(1) + ue(1) + "0" + keypoints(3, 4, count=2) + "^"))


NEW_MATRICES = "10" + matrices((1, 2))[1:]
"""Matrices of a message that is no base message, coded absolutely."""

SMALL = u(7, 6) + ue(0) * 3
"""The head of one matrix of one element."""

TOO_LARGE = "10" + ue(3) + ue(0) + SMALL + element(2**32 - 1, 0, 4)
"""Matrices of a message that is no base message, with an integer part out of range, which does not end the reading."""

SAME_MATRIX = "1^1" + ue(0) * 2
"""Matrices of one element, predicted and unchanged, from their marked prediction flag on."""

ENHANCING = "1" + ue(3) + ue(0) * 3 + element(1, 2, 4)
"""Matrices of a GFVE message, one of one element."""

THREE = "10" + ue(3) + ue(0) * 2 + ue(2) + element(1, 2, 4) * 3
"""Matrices of a GFVE message that is no base message, one of three elements."""

SAME_ENHANCED = ue(0) + u(0, 4)
"""They predicted and unchanged, from behind their prediction flag on."""

STEP = "01" + number(1) * 2
"""A predicted left pupil."""


def marked_mode(sent: Sent) -> Sent:
    """A base message of one-digit identifier, marked at its network's mode."""
    return sent._replace(mark=6)


class Case(NamedTuple):
    """Messages that break one rule.

    element, value, allowed     what the finding says of the place
    syntax, codec               what the messages are checked against
    also                        rules that cannot but break with it
    cause                       words of the cause that is named; None where none may be
    """

    rule: str
    element: str
    items: tuple[Sent | UnitEnd, ...]
    value: Any = None
    allowed: str | None = None
    syntax: str = "vsei4"
    codec: str = "vvc"
    also: tuple[str, ...] = ()
    cause: str | None = None

    @property
    def places(self) -> set[tuple[int, int]]:
        """Access units and bits that are marked."""
        found, au = set(), 0
        for item in self.items:
            if isinstance(item, UnitEnd):
                au += 1
            elif item.mark is not None:
                found.add((au, item.mark))
        return found


CASES = [
    Case("GFV-SYN-001", "gfv_id", (raw(GFV, "^" + "0" * 72 + "1" * 80),)),
    Case("GFV-SYN-002", "payload_trailing_bits", (raw(GFV, whole(base() + "^0")),)),
    Case("GFV-SYN-003", "reserved_payload_extension_data", (raw(GFV, whole(base() + "^1011" + "1")),)),
    Case("GFV-SYN-002", "reserved_payload_extension_data", (raw(GFV, whole(base() + "^11")),), codec="avc"),
    Case("GFV-SYN-004", "reserved_payload_extension_data", (raw(GFV, whole(base() + "^" + u(3, 9))),), codec="avc"),
    Case("GFV-SYN-004", "payload_trailing_bits", (raw(GFV, whole(base() + "^1") + "0" * 8),)),
    Case("GFV-SYN-005", "gfv_coordinate_x_abs[ 1 ]", (BASE, CUT)),
    Case("GFV-SYN-005", "gfv_id", (raw(GFV, "^"),)),
    Case("GFV-SYN-006", "gfv_num_kps_minus1", (gfv(base(keypoints(3, 4, count=999, mark="^") + NONE)),)),
    Case(
        "GFV-LIM-001",
        "gfv_matrix_type_idx[ 0 ]",
        (gfv(base(NONE + "1" + ue(0) + ue(0) + "^" + u(7, 6) + ue(1) + ue(1023) * 2 + "10" * (1 << 21))),),
    ),
    Case(
        "GFV-SYN-007",
        "gfv_matrix_element_int[ 0 ][ 0 ][ 0 ][ 0 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(0) + u(7, 6) + ue(0) * 3 + "^" + element(2**32 - 1, 0, 4))),),
        value=2**32 - 1,
        allowed="0 to 4294967294",
    ),
    Case("GFV-SYN-007", "gfv_id", (gfv(base(gfv_id="^" + ue(2**32 - 1))),), value=2**32 - 1, allowed="0 to 4294967294"),
    Case(
        "GFV-SYN-008",
        "gfv_matrix_element_precision_factor_minus1",
        (gfv(base(NONE + "1^" + ue(32) + ue(0) + u(7, 6) + ue(0) * 3 + element(1, 2, 33))),),
        value=32,
        allowed="0 to 31",
    ),
    Case(
        "GFV-SYN-009",
        "gfv_matrix_width_minus1[ 0 ]",
        (gfv(base(NONE + "1" + ue(0) + ue(0) + u(7, 6) + ue(0) + "^" + ue(1024) + ue(0) + "10" * 1025)),),
        value=1024,
        allowed="0 to 1023",
    ),
    Case(
        "GFV-SYN-010",
        "gfv_coordinate_z_max_value_minus1",
        (gfv(base(keypoints(3, 4, 5, z="1^" + ue(65536)) + NONE)),),
        value=65536,
        allowed="0 to 65535",
    ),
    Case("GFV-SYN-011", "gfv_chroma_key_purpose_idc", (gfv(with_key("^" + ue(3))),), value=3, allowed="0 to 2"),
    Case(
        "GFV-SYN-012",
        "gfv_chroma_key_thr_upper_delta_minus1",
        (gfv(with_key(thresholds="1" + u(7, 8) + "^" + ue(256))),),
        value=256,
        allowed="0 to 255",
    ),
    Case(
        "GFV-SYN-013",
        "gfv_matrix_type_idx[ 0 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(0) + "^" + ue(65) + ue(0) * 3 + element(1, 2, 4))),),
        syntax="draft-a",
        also=("GFV-MAT-001",),
        value=65,
        allowed="0 to 64",
    ),
    Case(
        "GFV-SYN-014",
        "gfve_pupil_right_eye_dx_coordinate_abs",
        (BASE, gfve(enhancement(NONE + "10" + ue(3) + "^" + number(33) + number(0)))),
        value=33,
        allowed="0 to 32",
    ),
    Case(
        "GFV-SYN-015",
        "gfv_nn_alignment_zero_bit_a",
        (gfv(with_uri(TAG, URI, "1")),),
        value=1,
        allowed="0",
    ),
    Case("GFV-SYN-016", "gfv_nn_uri", (raw(GFV, whole(ue(1) + ue(0) + "1" + "1" + ue(1)) + TAG + "^" + u(97, 8) * 9),)),
    Case("GFV-SYN-017", "payloadType", (BASE, plain(gfve(enhancement(PUPILS)))), syntax="draft-a", value=224),
    Case("GFV-PRED-001", "gfv_kps_pred_flag", (gfv(driving(differences(1, 1) + NONE)),), value=1),
    Case(
        "GFV-PRED-001",
        "gfv_matrix_pred_flag",
        (BASE, NEXT, gfv(driving(keypoints(3, 4) + "1^1" + ue(0)))),
        value=1,
    ),
    Case(
        "GFV-PRED-001",
        "gfve_matrix_pred_flag",
        (BASE, gfve(enhancement("1^1", flag="0"))),
        value=1,
    ),
    Case(
        "GFV-PRED-002",
        "gfv_kps_pred_flag",
        (
            gfv(base(TWO_POINTS)),
            plain(gfv(further(1))),
            gfv(further(2, differences(1, 1, 1, 1) + NONE)),
        ),
        value=1,
    ),
    Case(
        "GFV-PRED-003",
        "gfv_kps_pred_flag",
        (
            BASE,
            NEXT_IRAP,
            NEXT_IRAP,
            gfv(driving(differences(1, 1) + NONE)),
            NEXT,
            plain(gfv(driving(differences(1, 1) + NONE))),
        ),
    ),
    Case(
        "GFV-PRED-004",
        "gfv_kps_pred_flag",
        (
            BASE,
            NEXT,
            gfv(base(NONE + matrices((1, 2)))),
            NEXT,
            gfv(driving(differences(1, 1) + NONE)),
            NEXT,
            plain(gfv(driving(differences(1, 1) + NONE))),
        ),
        value=1,
    ),
    Case(
        "GFV-PRED-005",
        "gfv_kps_pred_flag",
        (
            BASE,
            plain(CUT),
            gfv(further(2, differences(1, 1) + NONE)),
            plain(gfv(further(3, differences(1, 1) + NONE))),
        ),
        also=("GFV-SYN-005",),
    ),
    Case(
        "GFV-PRED-006",
        "gfv_kps_pred_flag",
        (
            BASE,
            plain(gfv(further(1, NONE + NEW_MATRICES))),
            gfv(further(2, differences(0, 0) + NONE)),
            plain(gfv(further(3, NONE + NEW_MATRICES))),
            plain(gfv(further(4, differences(0, 0) + NONE))),
        ),
        value=1,
    ),
    Case(
        "GFV-PRED-007",
        "gfv_kps_pred_flag",
        (
            plain(gfv(base(network="1" + ue(2)))),
            NEXT,
            gfv(driving(differences(0, 0) + NONE)),
            plain(gfv(further(1))),
        ),
        also=("GFV-NN-001",),
    ),
    Case(
        "GFV-PRED-007",
        "gfv_kps_pred_flag",
        (
            BASE,
            plain(gfv(further(1, keypoints(3, 4) + "10" + matrices((1, 2), type_idx=u(32, 6))[1:]))),
            gfv(further(2, differences(0, 0) + NONE)),
        ),
        also=("GFV-MAT-001",),
    ),
    *(
        Case(
            "GFV-PRED-007",
            "gfv_cnt",
            (plain(gfv(base(network="1" + ue(2)))), *items),
            also=("GFV-NN-001",),
        )
        for items in (
            (gfv(further(1)),),
            (NEXT, plain(gfv(driving()))._replace(mark=3), plain(gfv(further(1)))),
        )
    ),
    Case("GFV-ID-001", "gfv_id", (gfv(base(gfv_id="^" + ue(256))),), value=256, allowed="0 to 255, 512 to 2^31 - 1"),
    Case(
        "GFV-ID-001",
        "gfv_id",
        (gfv(base(gfv_id="^" + ue(2**32 - 2))),),
        value=2**32 - 2,
        allowed="0 to 255, 512 to 2^31 - 1",
    ),
    Case(
        "GFV-ID-002",
        "gfve_gfv_id",
        (gfve(enhancement(PUPILS, gfv_id="^" + ue(2**31))),),
        value=2**31,
        allowed="0 to 255, 512 to 2^31 - 1",
    ),
    Case("GFV-CNT-001", "gfv_cnt", (BASE, gfv(further(2))), value=2, allowed="1"),
    Case("GFV-CNT-001", "gfv_cnt", (BASE, NEXT, gfv(further(1))), value=1, allowed="0"),
    Case("GFV-CNT-002", "gfv_cnt", (BASE, gfv(further(1)), gfv(further(1, keypoints(3, 5) + NONE))), value=1),
    Case(
        "GFV-CNT-003",
        "gfv_cnt",
        (BASE, *2 * (gfv(further(1, "11" + number(1) * 2 + NONE)),)),
        value=1,
    ),
    Case(
        "GFV-CNT-003",
        "gfv_cnt",
        (
            *(BASE, plain(gfv(further(1, "11" + number(1) * 2 + NONE))), BASE),
            gfv(further(2, "11" + number(1) * 2 + NONE)),
        ),
        value=2,
    ),
    Case(
        "GFV-CNT-003",
        "gfve_gfv_cnt",
        (
            *(BASE, *2 * (plain(gfve(enhancement(PUPILS))), plain(gfv(further(1))))),
            gfve(enhancement(NONE + STEP, cnt=1)),
            *(plain(gfve(enhancement(PUPILS))), plain(gfv(further(2)))),
            gfve(enhancement(NONE + STEP, cnt=2)),
        ),
        value=2,
    ),
    Case("GFV-BASE-001", "gfv_base_picture_flag", (gfv(driving()), NEXT, gfv(driving())), value=0),
    Case(
        "GFV-BASE-002",
        "gfv_base_picture_flag",
        (BASE, NEXT_IRAP, NEXT_IRAP, gfv(driving()), NEXT, plain(gfv(driving())), NEXT_IRAP),
    ),
    Case(
        "GFV-BASE-003",
        "gfv_base_picture_flag",
        (BASE._replace(temporal_id=2), NEXT, gfv(driving())._replace(temporal_id=1), NEXT, plain(gfv(driving()))),
    ),
    Case(
        "GFV-BASE-003",
        "gfve_pupil_coordinate_present_idx",
        (
            BASE,
            plain(gfve(enhancement(PUPILS)))._replace(temporal_id=1),
            NEXT,
            plain(gfv(driving())),
            gfve(enhancement(NONE + "^" + STEP, flag="0")),
        ),
    ),
    Case(
        "GFV-FUS-001",
        "gfv_drive_picture_fusion_flag",
        (BASE, gfv(ue(1) + ue(1) + "^1" + "0" + POINT)),
        syntax="draft-b",
        value=1,
        allowed="0",
    ),
    Case("GFV-NN-001", "gfv_nn_mode_idc", (gfv(base(network="1^" + ue(2))),), value=2, allowed="0, 1"),
    Case("GFV-NN-002", "gfv_nn_uri", (gfv(with_uri(TAG, "^" + zero_ended(b"https://\x80"))),), value="https://\\udc80"),
    Case(
        "GFV-NN-003",
        "gfv_nn_tag_uri",
        (gfv(with_uri("^" + zero_ended(b"urn:x"), URI)),),
        value="urn:x",
        allowed=TAG_URI,
    ),
    Case(
        "GFV-NN-004",
        "gfv_nn_uri",
        (
            gfv(
                with_uri(TAG, "^" + zero_ended(b"")),
            ),
        ),
        value="",
        allowed="scheme:path",
    ),
    Case("GFV-NN-005", "gfv_nn_payload_byte", (raw(GFV, whole(base(network="1" + ue(0)))),)),
    Case(
        "GFV-NN-006",
        "gfv_nn_mode_idc",
        (gfv(with_uri(TAG, URI)), NEXT, raw(GFV, whole(base(network="1^" + ue(0))) + u(7, 8))),
    ),
    Case(
        "GFV-CHR-001", "gfv_chroma_key_value_present_flag[ 1 ]", (gfv(with_key(values="1" + u(9, 8) + "^00")),), value=0
    ),
    Case(
        "GFV-CHR-002",
        "gfv_chroma_key_thr_upper_delta_minus1",
        (gfv(with_key(thresholds="1" + u(200, 8) + "^" + ue(55))),),
        value=55,
    ),
    Case(
        "GFV-CHR-002",
        "gfv_chroma_key_thr_value",
        (gfv(base(key="1" + "000" + "1" + "^" + ue(80) + "0")),),
        syntax="draft-b",
        value=[80, None],
    ),
    Case(
        "GFV-CRD-001",
        "x of keypoint 1",
        (gfv(base(keypoints(3, 4, 17, 5, at=2) + NONE)),),
        value=1.0625,
        allowed="-1 to 1",
    ),
    Case(
        "GFV-CRD-002",
        "z of keypoint 0",
        (gfv(base(keypoints(1, 1, 17, z="1" + ue(0), at=2) + NONE)),),
        value=1.0625,
        allowed="-1 to 1",
    ),
    Case(
        "GFV-MAT-001",
        "gfv_matrix_type_idx[ 0 ]",
        (gfv(base(NONE + matrices((1, 2), type_idx="^" + u(32, 6)))),),
        value=32,
        allowed="0 to 31",
    ),
    Case(
        "GFV-MAT-002",
        "gfv_matrix_delta_element_dec",
        (
            gfv(base(NONE + matrices((1, 2)))),
            gfv(further(1, NONE + "11" + ue(0) + "^" + ue(16) + "0")),
        ),
        value=16,
        allowed="0 to 15",
        cause="round a fraction up",
    ),
    Case(
        "GFV-MAT-003",
        "gfv_matrix_present_flag",
        (gfv(base(NONE + "^0")),),
        value=0,
        allowed="1 where gfv_coordinate_present_flag is 0",
    ),
    Case(
        "GFV-MAT-004",
        "gfv_matrix_type_idx[ 0 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(0) + "^" + u(1, 6) + "1")),),
        value=1,
        allowed="2 to 63 where gfv_coordinate_present_flag is 0",
    ),
    Case(
        "GFV-MAT-005",
        "gfv_num_matrix_types_minus1",
        (gfv(base(NONE + "1" + ue(3) + "^" + ue(64) + (u(2, 6) + ue(0) * 2) * 65 + element(1, 2, 4) * 65)),),
        value=64,
    ),
    Case("GFVE-ASC-001", "gfve_gfv_cnt", (BASE, gfve(enhancement(NO_PUPILS, cnt=1))), value=1),
    Case(
        "GFVE-ASC-002",
        "gfve_base_picture_flag",
        (
            BASE,
            NEXT,
            plain(gfv(driving())),
            gfve(enhancement(PUPILS, flag="^1")),
        ),
        value=1,
        allowed="0",
    ),
    Case("GFVE-ASC-003", "gfve_gfv_cnt", (gfve(enhancement(PUPILS)), BASE), value=0),
    Case(
        "GFVE-ASC-004",
        "gfve_gfv_cnt",
        (
            plain(gfv(base(NONE + matrices((1, 2), type_idx=u(63, 6))))),
            gfve(enhancement(PUPILS)),
        ),
        also=("GFV-MAT-001",),
        value=0,
    ),
    Case(
        "GFVE-ASC-004",
        "gfve_gfv_cnt",
        (
            *(BASE, plain(gfv(further(1, NONE + "10" + matrices((1, 2), type_idx=u(63, 6))[1:])))),
            gfve(enhancement(NO_PUPILS, cnt=1)),
        ),
        also=("GFV-MAT-001",),
        value=1,
    ),
    Case(
        "GFVE-CNT-001",
        "gfve_gfv_cnt",
        (BASE, gfve(enhancement(PUPILS)), gfve(enhancement(PUPILS[:-1] + "1"))),
        value=0,
    ),
    Case(
        "GFVE-CNT-002",
        "gfve_gfv_cnt",
        (BASE, plain(gfv(further(1))), gfve(enhancement(NO_PUPILS, cnt=1)), gfve(enhancement(PUPILS))),
        value=0,
        allowed="1 or more",
    ),
    Case(
        "GFVE-PUP-001",
        "gfve_pupil_coordinate_present_idx",
        (BASE, gfve(enhancement(NONE + "^01", flag="0"))),
        value=1,
        allowed="0 before a base message with pupils",
    ),
    Case(
        "GFVE-PUP-002",
        "gfve_pupil_coordinate_present_idx",
        (
            BASE,
            plain(gfve(enhancement(PUPILS))),
            NEXT,
            BASE,
            gfve(enhancement(NONE + "^00")),
        ),
        value=0,
        allowed="1 to 3",
    ),
    Case(
        "GFVE-PUP-003",
        "y of the left pupil",
        (BASE, gfve(enhancement(NONE + "01" + ue(3) + number(0) + "^" + number(17)))),
        value=1.0625,
        allowed="-1 to 1",
    ),
    # the same rules at other elements
    Case("GFV-SYN-005", "gfv_chroma_key_info_present_flag", (raw(GFV, ue(3) + ue(0) + "1" + NONE + "^"),)),
    Case(
        "GFV-SYN-009",
        "gfv_matrix_width_minus1[ 1 ]",
        (gfv(base(NONE + "1" + ue(0) + ue(1) + SMALL + u(7, 6) + ue(0) + "^" + ue(1024) + ue(0) + "10" * 1026)),),
        value=1024,
        allowed="0 to 1023",
    ),
    Case(
        "GFV-MAT-004",
        "gfv_matrix_type_idx[ 1 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(1) + SMALL + "^" + u(1, 6) + "1")),),
        value=1,
        allowed="2 to 63 where gfv_coordinate_present_flag is 0",
    ),
    Case(
        "GFV-SYN-006",
        "gfv_num_matrix_types_minus1",
        (
            gfv(base(NONE + "1" + ue(3) + ue(3) + SMALL * 4 + element(1, 2, 4) * 4)),
            raw(GFV, whole(ue(1) + ue(1) + "0" + NONE + "11^")),
        ),
    ),
    Case(
        "GFV-PRED-002",
        "gfv_kps_pred_flag",
        (
            gfv(base(TWO_POINTS)),
            plain(gfv(further(1))),
            gfv(further(2, differences(1, 1, 1, 1) + TOO_LARGE)),
        ),
        value=1,
        also=("GFV-SYN-007",),
    ),
    Case(
        "GFV-PRED-002",
        "gfve_matrix_pred_flag",
        (
            *(BASE, plain(gfve(enhancement(ENHANCING + "00")))),
            *(plain(gfv(further(1))), plain(gfve(enhancement(THREE + "00", cnt=1)))),
            *(plain(gfv(further(2))), gfve(enhancement("1^1" + SAME_ENHANCED + "00", cnt=2))),
        ),
        value=1,
    ),
    Case(
        "GFV-PRED-003",
        "gfv_matrix_pred_flag",
        (gfv(base(NONE + matrices((1, 2)))), NEXT, NEXT_IRAP, gfv(driving(NONE + SAME_MATRIX))),
    ),
    Case(
        "GFV-PRED-003",
        "gfve_matrix_pred_flag",
        (
            BASE,
            plain(gfve(enhancement(ENHANCING + "00"))),
            NEXT_IRAP,
            NEXT_IRAP,
            BASE,
            gfve(enhancement("1^1" + SAME_ENHANCED + "00", flag="0")),
        ),
    ),
    Case(
        "GFV-PRED-003",
        "gfve_pupil_coordinate_present_idx",
        (
            BASE,
            plain(gfve(enhancement(PUPILS))),
            NEXT_IRAP,
            NEXT_IRAP,
            BASE,
            gfve(enhancement(NONE + "^" + STEP, flag="0")),
        ),
    ),
    Case(
        "GFV-PRED-004",
        "gfv_matrix_pred_flag",
        (
            gfv(base(NONE + matrices((1, 2)))),
            NEXT,
            BASE,
            NEXT,
            gfv(driving(keypoints(3, 4) + SAME_MATRIX)),
            NEXT,
            plain(gfv(driving(keypoints(3, 4) + SAME_MATRIX))),
        ),
        value=1,
    ),
    Case(
        "GFV-PRED-005",
        "gfv_matrix_pred_flag",
        (
            gfv(base(NONE + matrices((1, 2)))),
            plain(CUT),
            gfv(further(2, NONE + SAME_MATRIX)),
        ),
        also=("GFV-SYN-005",),
    ),
    Case(
        "GFV-PRED-005",
        "gfve_pupil_coordinate_present_idx",
        (
            *(BASE, plain(gfve(enhancement(PUPILS)))),
            *(plain(gfv(further(1))), raw(GFVE, whole(ue(2) + ue(1) + ue(1) + "1"))),
            *(plain(gfv(further(2))), gfve(enhancement(NONE + "^11" + number(15) * 4, cnt=2))),
        ),
        also=("GFV-SYN-005",),
    ),
    Case(
        "GFV-ID-001",
        "gfve_id",
        (BASE, gfve("^" + ue(511) + ue(1) + ue(0) + "1" + NONE + NO_PUPILS)),
        value=511,
        allowed="0 to 255, 512 to 2^31 - 1",
    ),
    Case(
        "GFV-CNT-003",
        "gfve_gfv_cnt",
        (BASE, plain(gfve(enhancement(PUPILS))), plain(gfv(further(1))), *2 * (gfve(enhancement(NONE + STEP, cnt=1)),)),
        value=1,
    ),
    Case(
        "GFV-CNT-003",
        "gfve_gfv_cnt",
        (
            *(BASE, plain(gfve(enhancement(ENHANCING + "00")))),
            *(plain(gfv(further(1))), *2 * (gfve(enhancement("11" + SAME_ENHANCED + "00", cnt=1)),)),
        ),
        value=1,
    ),
    Case(
        "GFV-NN-001",
        "gfve_nn_mode_idc",
        (BASE, gfve(with_network("^" + ue(3) + NO_PUPILS))),
        value=3,
        allowed="0, 1",
    ),
    Case(
        "GFV-NN-002",
        "gfv_nn_tag_uri",
        (gfv(with_uri("^" + zero_ended(b"tag:example.org,2026:\xff"), URI)),),
        value="tag:example.org,2026:\\udcff",
    ),
    *(
        Case(rule, f"gfv_nn_{name}", (gfv(with_uri(tag, uri)),), text, allowed)
        for rule, name, tag, uri, text, allowed in (
            ("GFV-NN-003", "tag_uri", "^" + zero_ended(b"tag:a<b,2026:c"), URI, "tag:a<b,2026:c", TAG_URI),
            ("GFV-NN-003", "tag_uri", "^" + zero_ended("tag:a,२०२६:c".encode()), URI, "tag:a,२०२६:c", TAG_URI),
            ("GFV-NN-003", "tag_uri", "^" + zero_ended(b"tag:a,2026:c\x1b"), URI, "tag:a,2026:c\\x1b", TAG_URI),
            ("GFV-NN-004", "uri", TAG, "^" + zero_ended(b"gfv:{a}"), "gfv:{a}", "scheme:path"),
            ("GFV-NN-004", "uri", TAG, "^" + zero_ended("gfv:a\x80".encode()), "gfv:a\\x80", "scheme:path"),
        )
    ),
    Case(
        "GFV-NN-003",
        "gfve_nn_tag_uri",
        (BASE, gfve(whole(with_network(ue(1))) + "^" + zero_ended(b"x" * 81) + URI + NO_PUPILS)),
        value="x" * 77 + "...",
        allowed=TAG_URI,
    ),
    Case(
        "GFV-NN-003",
        "gfv_nn_tag_uri",
        (gfv(with_uri("^" + zero_ended(b"x" * 80), URI)),),
        value="x" * 80,
        allowed=TAG_URI,
    ),
    Case(
        "GFV-NN-006",
        "gfve_nn_mode_idc",
        (
            *(BASE, raw(GFVE, whole(with_network(ue(0)) + NO_PUPILS) + u(7, 8)), NEXT),
            *(BASE, raw(GFVE, whole(ue(2) + ue(1) + ue(0) + "1" + "1^" + ue(0) + NO_PUPILS) + u(8, 8))),
        ),
    ),
    *(
        Case("GFV-NN-006", "gfv_nn_mode_idc", (gfv(with_uri(TAG, URI)), NEXT, marked_mode(gfv(with_uri(tag, uri)))))
        for tag, uri in ((TAG, zero_ended(b"https://example.org/a")), (zero_ended(b"tag:example.org,2026:a"), URI))
    ),
    Case(
        "GFV-NN-006",
        "gfv_nn_mode_idc",
        (plain(gfv(base(network="1" + ue(2)))), NEXT, marked_mode(gfv(base(network="1" + ue(3))))),
        also=("GFV-NN-001", "GFV-NN-001"),
    ),
    Case("GFV-CRD-001", "y of keypoint 1", (gfv(base(keypoints(1, 16, 1, 17, at=3) + NONE)),), 1.0625, "-1 to 1"),
    Case(
        "GFV-CRD-001",
        "x of keypoint 0",
        (BASE, gfv(further(1, "11^" + number(15) + number(1) + NONE))),
        1.125,
        "-1 to 1",
    ),
    Case(
        "GFV-CRD-002",
        "z of keypoint 0",
        (gfv(base(keypoints(1, 1, 49, z="1" + ue(2), at=2) + NONE)),),
        3.0625,
        "-3 to 3",
    ),
    Case(
        "GFV-MAT-001",
        "gfv_matrix_type_idx[ 1 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(1) + SMALL + "^" + u(63, 6) + ue(0) * 3 + element(1, 2, 4) * 2)),),
        value=63,
        allowed="0 to 31",
    ),
    Case(
        "GFV-MAT-002",
        "gfv_matrix_delta_element_dec",
        (
            gfv(base(NONE + matrices((1, 2), (1, 2)))),
            gfv(further(1, NONE + "11" + ue(0) + ue(15) + "0" + ue(0) + "^" + ue(16) + "0")),
        ),
        value=16,
        allowed="0 to 15",
        cause="round a fraction up",
    ),
]
