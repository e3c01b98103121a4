"""The rules, each once: identifier, severity, what it demands, where that is said.

An identifier says what the rule is about: SEI NAL units and where they stand (SEI), the bits of a payload (SYN), what
prediction refers to (PRED), and the parts of a message (ID, CNT, BASE, FUS, NN, CHR, CRD, MAT; of GFVE also ASC and
PUP). LIM is about this program alone: what is beyond its limits is not judged. Identifiers are never given to another
rule.

Severity
    ERROR       the stream does not conform: a demand of the standard, or one that reference software quotes, is broken
    WARNING     the stream may be read, but something in it is doubtful: a range that no text settles yet, a reference
                that decoders do not agree about, a place that reference decoders do not take
    IGNORED     the stream conforms, but decoders shall ignore the message, so it is most likely a mistake
"""

from __future__ import annotations

from typing import Any, NamedTuple

ERROR, WARNING, IGNORED = "error", "warning", "ignored"
"""Severities."""

SEVERITIES = {
    ERROR: "the stream does not conform",
    WARNING: "it may be read, but something is doubtful",
    IGNORED: "it conforms, but decoders shall ignore the message",
}
"""What each severity says, the worst first."""

_GFV = "H.274 generative_face_video( )"
_GFVE = "H.274 generative_face_video_enhancement( )"
_BOTH = f"{_GFV}, {_GFVE}"
_UNSAID = "no text at hand: follows from "
"""Before what a rule follows from that nobody has said: most warnings."""
_ACCESS = "random access: H.264 7.4.1, H.265 8.1.3, H.266 8.1.1"
_EXTRACTION = "sub-bitstream extraction: H.265 10, H.266 C.6"
_SEI_RBSP = "sei_rbsp( ): H.264 7.3.2.3, H.265 7.3.2.4, H.266 7.3.2.8"
_SEI_PAYLOAD = "sei_payload( ): H.264 D.1, H.265 D.2, H.266 D.2"
_NAL_HEADER = "NAL unit header: H.264 7.4.1, H.265 7.4.2.2, H.266 7.4.2.2"
_NAL_BYTES = "nal_unit( ): H.264 7.4.1, H.265 7.4.2, H.266 7.4.2"
_ORDER = "order of NAL units: H.264 7.4.1.2.3, H.265 7.4.2.4.4, H.266 7.4.2.4"
_OWN = "no text: a limit of this program, gfv_sei.syntax.limit and gfv_sei.meaning.state"
_UE = "ue(v): H.264 9.1, H.265 9.2, H.266 9.2"


class Rule(NamedTuple):
    """One rule."""

    identifier: str
    severity: str
    demands: str
    clause: str


class Finding(NamedTuple):
    """One place where a stream breaks a rule. What is not known is None.

    au, nal, offset     access unit, NAL unit, and byte position of its start code
    message             which of several GFV and GFVE messages in the NAL unit, from 0
    bit                 position in the SEI payload
    element, value      what stands there; ``allowed`` what may stand there, in words
    cause               how it most likely came about
    show                the command that shows the place
    """

    rule: Rule
    what: str
    au: int | None = None
    nal: int | None = None
    offset: int | None = None
    message: int | None = None
    bit: int | None = None
    element: str | None = None
    value: Any = None
    allowed: str | None = None
    cause: str | None = None
    show: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As an object of the JSON report."""
        found: dict[str, Any] = {
            "rule": self.rule.identifier,
            "severity": self.rule.severity,
            "what": self.what,
            "demands": self.rule.demands,
            "clause": self.rule.clause,
        }
        for name in self._fields[2:]:
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        return found


RULES = {
    rule.identifier: rule
    for rule in (
        # SEI NAL units
        Rule("SEI-001", ERROR, "An SEI NAL unit consists of whole SEI messages.", _SEI_RBSP),
        Rule(
            "SEI-002",
            ERROR,
            "Behind the last message of an SEI NAL unit come its trailing bits, the byte 80.",
            _SEI_RBSP,
        ),
        Rule(
            "SEI-003",
            ERROR,
            "A NAL unit holds no bytes 00 00 00, 00 00 01 or 00 00 02, and behind 00 00 03 only 00 to 03 or its end.",
            _NAL_BYTES,
        ),
        Rule(
            "SEI-004",
            ERROR,
            "In the header of an SEI NAL unit forbidden and reserved bits, and in AVC nal_ref_idc, are 0, and "
            "nuh_temporal_id_plus1 is not.",
            _NAL_HEADER,
        ),
        Rule("SEI-005", ERROR, "A message belongs to an access unit with a coded picture.", _ORDER),
        Rule("SEI-006", ERROR, "A prefix SEI NAL unit stands before the first slice of its picture.", _ORDER),
        Rule("SEI-007", ERROR, "A suffix SEI NAL unit stands behind the first slice of its picture.", _ORDER),
        Rule("SEI-008", ERROR, "No suffix SEI NAL unit follows the end of a sequence or of the bitstream.", _ORDER),
        Rule("SEI-009", ERROR, "Nothing of an access unit stands before its access unit delimiter.", _ORDER),
        Rule(
            "SEI-010",
            WARNING,
            "A prefix SEI NAL unit follows the parameter sets of its access unit.",
            "no text: the order in which reference encoders write",
        ),
        Rule("SEI-011", ERROR, "The temporal id of an SEI NAL unit is not below that of its picture.", _NAL_HEADER),
        Rule("SEI-012", WARNING, "An SEI NAL unit has the layer and the temporal id of its picture.", _NAL_HEADER),
        Rule(
            "SEI-013",
            WARNING,
            "In HEVC and VVC messages stand in suffix SEI NAL units, which alone the reference decoders take. "
            "(Reported once.)",
            "VTM 24.0, HM",
        ),
        # the bits of a payload
        Rule("GFV-SYN-001", ERROR, "A ue(v) code has at most 64 leading zero bits.", _UE),
        Rule(
            "GFV-SYN-002",
            ERROR,
            "After the last element come alignment bits: a 1, then 0s to the byte.",
            _SEI_PAYLOAD,
        ),
        Rule("GFV-SYN-003", WARNING, "Extension data behind the last element have no meaning yet.", _SEI_PAYLOAD),
        Rule(
            "GFV-SYN-004",
            WARNING,
            "Behind the last element stand alignment bits and, but for AVC, extension data, and nothing else.",
            _SEI_PAYLOAD,
        ),
        Rule("GFV-SYN-005", ERROR, "A payload does not end before its last element.", _BOTH),
        Rule("GFV-SYN-006", ERROR, "Announced keypoints, matrices and elements fit into the payload.", _BOTH),
        Rule(
            "GFV-SYN-007",
            ERROR,
            "Identifiers, counts, modes and other ue(v) elements without a narrower range are 0 to 2^32 - 2.",
            _BOTH,
        ),
        Rule("GFV-SYN-008", ERROR, "Precision factors are 1 to 32, coded as 0 to 31.", _BOTH),
        Rule("GFV-SYN-009", ERROR, "Numbers, widths and heights of matrices are coded as 0 to 1023.", _BOTH),
        Rule("GFV-SYN-010", ERROR, "gfv_coordinate_z_max_value_minus1 is 0 to 65535.", _GFV),
        Rule("GFV-SYN-011", ERROR, "gfv_chroma_key_purpose_idc is 0 to 2.", _GFV),
        Rule("GFV-SYN-012", ERROR, "gfv_chroma_key_thr_upper_delta_minus1 is 0 to 255.", _GFV),
        Rule("GFV-SYN-013", ERROR, "gfv_matrix_type_idx is at most 64 where it is ue(v), as in draft-a.", "VTM 23.7"),
        Rule("GFV-SYN-014", ERROR, "The difference of a pupil coordinate is coded as 0 to 2^(q + 1).", _GFVE),
        Rule("GFV-SYN-015", ERROR, "The alignment bits before a tag URI and before network bytes are 0.", _BOTH),
        Rule("GFV-SYN-016", ERROR, "A tag URI and a URI end with a zero byte.", _BOTH),
        Rule(
            "GFV-SYN-017",
            WARNING,
            "GFVE messages stand beside GFV messages of draft-b or later, with which they came. (Reported once.)",
            "JVET-AK0239; VTM 23.9",
        ),
        # prediction
        Rule("GFV-PRED-001", ERROR, "Prediction refers to values that an earlier base message gave.", _BOTH),
        Rule("GFV-PRED-002", ERROR, "Prediction refers to a message of the same layout.", _BOTH),
        Rule(
            "GFV-PRED-003",
            WARNING,
            "Prediction does not reach across an IRAP picture or the end of a sequence: decoding may begin there. "
            "(Reported once per base.)",
            _ACCESS,
        ),
        Rule(
            "GFV-PRED-004",
            WARNING,
            "Prediction refers to the last base message, not to values that it left from an earlier one. "
            "(Reported once per base.)",
            _UNSAID + _BOTH,
        ),
        Rule(
            "GFV-PRED-005",
            WARNING,
            "Prediction refers to messages that can be read; what follows is checked only in part. "
            "(Reported once per loss.)",
            _UNSAID + _BOTH,
        ),
        Rule(
            "GFV-PRED-006",
            WARNING,
            "What is predicted from the message before stands in it: which one is meant where it does not, is open. "
            "(Reported once per base.)",
            _UNSAID + _BOTH,
        ),
        Rule(
            "GFV-PRED-007",
            WARNING,
            "What a message is predicted from, and the base message of what it drives, is none that decoders ignore "
            "for a reserved mode or matrix type. (Reported once per base.)",
            _BOTH,
        ),
        # identifiers, counts, kinds of message
        Rule("GFV-ID-001", IGNORED, "gfv_id and gfve_id are not in the reserved ranges.", _BOTH),
        Rule("GFV-ID-002", IGNORED, "gfve_gfv_id is not in the reserved ranges of gfv_id.", _GFVE),
        Rule("GFV-CNT-001", ERROR, "In a picture unit gfv_cnt of one gfv_id starts at 0 and goes up by 1.", _GFV),
        Rule("GFV-CNT-002", ERROR, "Messages of a picture unit with the same gfv_id and gfv_cnt are the same.", _GFV),
        Rule(
            "GFV-CNT-003",
            WARNING,
            "Messages that are repeated in a picture unit leave the references of prediction as they are: what is "
            "predicted from the message before has the same one there without them.",
            _UNSAID + _BOTH,
        ),
        Rule(
            "GFV-BASE-001",
            WARNING,
            "Before the first driving message of a gfv_id comes a base message. (Reported once.)",
            _GFV,
        ),
        Rule(
            "GFV-BASE-002",
            WARNING,
            "From an IRAP picture or the end of a sequence on a base message comes before the first driving message: "
            "decoding may begin there. (Reported once per base.)",
            _ACCESS,
        ),
        Rule(
            "GFV-BASE-003",
            WARNING,
            "A base message has no higher temporal id or layer id than messages that rely on it, which would lose it "
            "with its sub-layer or layer. (Reported once per base.)",
            _EXTRACTION,
        ),
        Rule(
            "GFV-FUS-001", ERROR, "Beside a base message the further messages of its gfv_id have fusion flag 0.", _GFV
        ),
        # network and chroma key
        Rule("GFV-NN-001", IGNORED, "gfv_nn_mode_idc and gfve_nn_mode_idc are 0 or 1.", _BOTH),
        Rule("GFV-NN-002", ERROR, "A tag URI and a URI are UTF-8.", _BOTH),
        Rule("GFV-NN-003", WARNING, "A tag URI has the form tag:authority,date:name of RFC 4151.", _BOTH),
        Rule("GFV-NN-004", WARNING, "A URI has the form scheme:path of RFC 3986.", _BOTH),
        Rule("GFV-NN-005", WARNING, "A network in the message has bytes.", _UNSAID + _BOTH),
        Rule("GFV-NN-006", WARNING, "The base messages of one identifier announce the same network.", _UNSAID + _BOTH),
        Rule(
            "GFV-CHR-001",
            WARNING,
            "Of the three chroma key values all or none are coded: what an absent one beside others is, is open.",
            _UNSAID + _GFV,
        ),
        Rule(
            "GFV-CHR-002", WARNING, "Chroma key thresholds are at most 255, the upper above the lower.", _UNSAID + _GFV
        ),
        # keypoints and matrices
        Rule("GFV-CRD-001", WARNING, "Keypoints have x and y from -1 to 1.", "VTM 24.0, whose options take no others"),
        Rule("GFV-CRD-002", WARNING, "Keypoints have z within the maximum that the message announces.", _UNSAID + _GFV),
        Rule("GFV-MAT-001", IGNORED, "gfv_matrix_type_idx is not in the reserved range 32 to 63.", _GFV),
        Rule("GFV-MAT-002", WARNING, "The fraction of a matrix difference is below 2^q.", _UNSAID + _GFV),
        Rule("GFV-MAT-003", ERROR, "A message has coordinates, matrices or both.", _GFV),
        Rule("GFV-MAT-004", ERROR, "Matrices of types 0 and 1 stand in a message with coordinates.", _GFV),
        Rule("GFV-MAT-005", WARNING, "A message has at most 64 matrix types.", _UNSAID + _GFV),
        # this program
        Rule(
            "GFV-LIM-001",
            WARNING,
            "A message, what it predicts from, and the messages of its picture unit are no more than this program "
            "takes; what is beyond that is not judged.",
            _OWN,
        ),
        # enhancement
        Rule("GFVE-ASC-001", ERROR, "A GFVE message stands in a picture unit with the GFV message it is for.", _GFVE),
        Rule("GFVE-ASC-002", ERROR, "gfve_base_picture_flag is 1 only where the GFV message is a base message.", _GFVE),
        Rule("GFVE-ASC-003", WARNING, "A GFVE message follows the GFV message it is for.", _UNSAID + _GFVE),
        Rule(
            "GFVE-ASC-004",
            WARNING,
            "A GFVE message is for a GFV message that decoders do not ignore for a reserved mode or matrix type.",
            _GFVE,
        ),
        Rule(
            "GFVE-CNT-001",
            ERROR,
            "Messages of a picture unit with the same gfve_id, gfve_gfv_id and gfve_gfv_cnt are the same.",
            _GFVE,
        ),
        Rule(
            "GFVE-CNT-002",
            WARNING,
            "In a picture unit gfve_gfv_cnt of one pair of identifiers goes up.",
            _UNSAID + _GFVE,
        ),
        Rule("GFVE-PUP-001", ERROR, "Pupils stand in or after a base message with pupils.", _GFVE),
        Rule(
            "GFVE-PUP-002",
            WARNING,
            "A base message with pupils is not followed by one without, which sets them to 0.",
            _UNSAID + _GFVE,
        ),
        Rule("GFVE-PUP-003", WARNING, "Pupils have x and y from -1 to 1.", _UNSAID + _GFVE),
    )
}
"""Every rule by its identifier, in the order of the reference page."""

DEMANDED = {identifier: rule for identifier, rule in RULES.items() if rule.clause != _OWN}
"""The rules that are demands on streams; the others are limits of this program."""
