"""For each rule about messages some that break it and no other.

Written bit by bit from the syntax tables and not by the package. A ``^`` among the bits marks the element that a
finding must point to.
"""

from __future__ import annotations

from typing import NamedTuple

GFV, GFVE = 223, 224


def ue(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def u(value: int, n: int) -> str:
    return f"{value:0{n}b}"


def zero_ended(value: bytes) -> str:
    return "".join(u(byte, 8) for byte in (*value, 0))


def whole(bits: str, filler: str = "0") -> str:
    """Up to a whole byte."""
    return bits + filler * (-len(bits.replace("^", "")) % 8)


class Sent(NamedTuple):
    """A payload, and the bit that is marked in it."""

    payload_type: int
    payload: bytes
    mark: int | None = None


class UnitEnd(NamedTuple):
    """The picture unit is over."""

    irap: bool


NEXT, NEXT_IRAP = UnitEnd(False), UnitEnd(True)


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


PUPILS = NONE + "11" + ue(3) + "".join(map(number, (1, 2, 3, 4)))
NO_PUPILS = NONE + "00"

TAG, URI = zero_ended(b"tag:example.org,2026:gfv"), zero_ended(b"https://example.org/face.nnr")
BASE = gfv(base())
TWO_POINTS = keypoints(1, 2, 3, 4) + NONE
CUT = raw(GFV, whole(ue(1) + ue(1) + "0" + keypoints(3, 4, count=2) + "^"))


class Case(NamedTuple):
    """Messages that break one rule, at which element; and rules that cannot but break with it."""

    rule: str
    element: str
    items: tuple[Sent | UnitEnd, ...]
    syntax: str = "vsei4"
    codec: str = "vvc"
    also: tuple[str, ...] = ()

    @property
    def marks(self) -> set[int]:
        return {item.mark for item in self.items if isinstance(item, Sent) and item.mark is not None}


CASES = [
    Case("GFV-SYN-001", "gfv_id", (raw(GFV, "^" + "0" * 72 + "1" * 80),)),
    Case("GFV-SYN-002", "payload_trailing_bits", (raw(GFV, whole(base() + "^0")),)),
    Case("GFV-SYN-003", "reserved_payload_extension_data", (raw(GFV, whole(base() + "^1011" + "1")),)),
    Case("GFV-SYN-004", "reserved_payload_extension_data", (raw(GFV, whole(base() + "^1011" + "1")),), codec="avc"),
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
    ),
    Case("GFV-SYN-007", "gfv_id", (gfv(base(gfv_id="^" + ue(2**32 - 1))),)),
    Case(
        "GFV-SYN-008",
        "gfv_matrix_element_precision_factor_minus1",
        (gfv(base(NONE + "1^" + ue(32) + ue(0) + u(7, 6) + ue(0) * 3 + element(1, 2, 33))),),
    ),
    Case(
        "GFV-SYN-009",
        "gfv_matrix_width_minus1[ 0 ]",
        (gfv(base(NONE + "1" + ue(0) + ue(0) + u(7, 6) + ue(0) + "^" + ue(1024) + ue(0) + "10" * 1025)),),
    ),
    Case(
        "GFV-SYN-010",
        "gfv_coordinate_z_max_value_minus1",
        (gfv(base(keypoints(3, 4, 5, z="1^" + ue(65536)) + NONE)),),
    ),
    Case("GFV-SYN-011", "gfv_chroma_key_purpose_idc", (gfv(with_key("^" + ue(3))),)),
    Case(
        "GFV-SYN-012",
        "gfv_chroma_key_thr_upper_delta_minus1",
        (gfv(with_key(thresholds="1" + u(7, 8) + "^" + ue(256))),),
    ),
    Case(
        "GFV-SYN-013",
        "gfv_matrix_type_idx[ 0 ]",
        (gfv(base(NONE + "1" + ue(3) + ue(0) + "^" + ue(65) + ue(0) * 3 + element(1, 2, 4))),),
        syntax="draft-a",
        also=("GFV-MAT-001",),
    ),
    Case(
        "GFV-SYN-014",
        "gfve_pupil_right_eye_dx_coordinate_abs",
        (BASE, gfve(enhancement(NONE + "10" + ue(3) + "^" + number(33) + number(0)))),
    ),
    Case(
        "GFV-SYN-015",
        "gfv_nn_alignment_zero_bit_a",
        (gfv(with_uri(TAG, URI, "1")),),
    ),
    Case("GFV-SYN-016", "gfv_nn_uri", (raw(GFV, whole(ue(1) + ue(0) + "1" + "1" + ue(1)) + TAG + "^" + u(97, 8) * 9),)),
    Case("GFV-SYN-017", "payloadType", (BASE, plain(gfve(enhancement(PUPILS)))), syntax="draft-a"),
    Case("GFV-PRED-001", "gfv_kps_pred_flag", (gfv(driving(differences(1, 1) + NONE)),)),
    Case(
        "GFV-PRED-001",
        "gfv_matrix_pred_flag",
        (BASE, NEXT, gfv(driving(keypoints(3, 4) + "1^1" + ue(0)))),
    ),
    Case(
        "GFV-PRED-001",
        "gfve_matrix_pred_flag",
        (BASE, gfve(enhancement("1^1", flag="0"))),
    ),
    Case(
        "GFV-PRED-002",
        "gfv_kps_pred_flag",
        (
            gfv(base(TWO_POINTS)),
            plain(gfv(further(1))),
            gfv(further(2, differences(1, 1, 1, 1) + NONE)),
        ),
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
    Case("GFV-ID-001", "gfv_id", (gfv(base(gfv_id="^" + ue(256))),)),
    Case("GFV-ID-001", "gfv_id", (gfv(base(gfv_id="^" + ue(2**32 - 2))),)),
    Case("GFV-ID-002", "gfve_gfv_id", (gfve(enhancement(PUPILS, gfv_id="^" + ue(2**31))),)),
    Case("GFV-CNT-001", "gfv_cnt", (BASE, gfv(further(2)))),
    Case("GFV-CNT-001", "gfv_cnt", (BASE, NEXT, gfv(further(1)))),
    Case("GFV-CNT-002", "gfv_cnt", (BASE, gfv(further(1)), gfv(further(1, keypoints(3, 5) + NONE)))),
    Case(
        "GFV-CNT-003",
        "gfv_cnt",
        (BASE, *2 * (gfv(further(1, "11" + number(1) * 2 + NONE)),)),
    ),
    Case("GFV-BASE-001", "gfv_base_picture_flag", (gfv(driving()), NEXT, gfv(driving()))),
    Case(
        "GFV-FUS-001",
        "gfv_drive_picture_fusion_flag",
        (BASE, gfv(ue(1) + ue(1) + "^1" + "0" + POINT)),
        syntax="draft-b",
    ),
    Case("GFV-NN-001", "gfv_nn_mode_idc", (gfv(base(network="1^" + ue(2))),)),
    Case("GFV-NN-002", "gfv_nn_uri", (gfv(with_uri(TAG, "^" + zero_ended(b"https://\xff"))),)),
    Case("GFV-NN-003", "gfv_nn_tag_uri", (gfv(with_uri("^" + zero_ended(b"urn:x"), URI)),)),
    Case(
        "GFV-NN-004",
        "gfv_nn_uri",
        (
            gfv(
                with_uri(TAG, "^" + zero_ended(b"")),
            ),
        ),
    ),
    Case("GFV-NN-005", "gfv_nn_payload_byte", (raw(GFV, whole(base(network="1" + ue(0)))),)),
    Case(
        "GFV-NN-006",
        "gfv_nn_mode_idc",
        (gfv(with_uri(TAG, URI)), NEXT, raw(GFV, whole(base(network="1^" + ue(0))) + u(7, 8))),
    ),
    Case("GFV-CHR-001", "gfv_chroma_key_value_present_flag[ 1 ]", (gfv(with_key(values="1" + u(9, 8) + "^00")),)),
    Case(
        "GFV-CHR-002",
        "gfv_chroma_key_thr_upper_delta_minus1",
        (gfv(with_key(thresholds="1" + u(200, 8) + "^" + ue(55))),),
    ),
    Case(
        "GFV-CHR-002",
        "gfv_chroma_key_thr_value",
        (gfv(base(key="1" + "000" + "1" + "^" + ue(80) + "0")),),
        syntax="draft-b",
    ),
    Case("GFV-CRD-001", "x of keypoint 1", (gfv(base(keypoints(3, 4, 17, 5, at=2) + NONE)),)),
    Case("GFV-CRD-002", "z of keypoint 0", (gfv(base(keypoints(1, 1, 17, z="1" + ue(0), at=2) + NONE)),)),
    Case("GFV-MAT-001", "gfv_matrix_type_idx[ 0 ]", (gfv(base(NONE + matrices((1, 2), type_idx="^" + u(32, 6)))),)),
    Case(
        "GFV-MAT-002",
        "gfv_matrix_delta_element_dec",
        (
            gfv(base(NONE + matrices((1, 2)))),
            gfv(further(1, NONE + "11" + ue(0) + "^" + ue(16) + "0")),
        ),
    ),
    Case("GFV-MAT-003", "gfv_matrix_present_flag", (gfv(base(NONE + "^0")),)),
    Case("GFV-MAT-004", "gfv_matrix_type_idx[ 0 ]", (gfv(base(NONE + "1" + ue(3) + ue(0) + "^" + u(1, 6) + "1")),)),
    Case(
        "GFV-MAT-005",
        "gfv_num_matrix_types_minus1",
        (gfv(base(NONE + "1" + ue(3) + "^" + ue(64) + (u(2, 6) + ue(0) * 2) * 65 + element(1, 2, 4) * 65)),),
    ),
    Case("GFVE-ASC-001", "gfve_gfv_cnt", (BASE, gfve(enhancement(NO_PUPILS, cnt=1)))),
    Case(
        "GFVE-ASC-002",
        "gfve_base_picture_flag",
        (
            BASE,
            NEXT,
            plain(gfv(driving())),
            gfve(enhancement(PUPILS, flag="^1")),
        ),
    ),
    Case("GFVE-ASC-003", "gfve_gfv_cnt", (gfve(enhancement(PUPILS)), BASE)),
    Case(
        "GFVE-CNT-001",
        "gfve_gfv_cnt",
        (BASE, gfve(enhancement(PUPILS)), gfve(enhancement(PUPILS[:-1] + "1"))),
    ),
    Case(
        "GFVE-CNT-002",
        "gfve_gfv_cnt",
        (BASE, plain(gfv(further(1))), gfve(enhancement(NO_PUPILS, cnt=1)), gfve(enhancement(PUPILS))),
    ),
    Case(
        "GFVE-PUP-001",
        "gfve_pupil_coordinate_present_idx",
        (BASE, gfve(enhancement(NONE + "^01", flag="0"))),
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
    ),
    Case(
        "GFVE-PUP-003",
        "y of the left pupil",
        (BASE, gfve(enhancement(NONE + "01" + ue(3) + number(0) + "^" + number(17)))),
    ),
]
