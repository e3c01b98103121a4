"""The rules, each once: identifier, severity, what it demands, where that is said."""

from __future__ import annotations

from typing import Any, NamedTuple

ERROR, WARNING, IGNORED = "error", "warning", "ignored"
"""Severities. ``ignored``: legal, but decoders shall ignore the message."""

_GFV = "H.274 generative_face_video( )"
_GFVE = "H.274 generative_face_video_enhancement( )"


class Rule(NamedTuple):
    """One rule."""

    identifier: str
    severity: str
    demands: str
    clause: str


class Finding(NamedTuple):
    """One place where a stream breaks a rule. What is not known is None."""

    rule: Rule
    what: str
    au: int | None = None
    nal: int | None = None
    offset: int | None = None
    bit: int | None = None
    element: str | None = None
    value: Any = None
    allowed: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As an object of the JSON report."""
        found: dict[str, Any] = {
            "rule": self.rule.identifier,
            "severity": self.rule.severity,
            "what": self.what,
            "demands": self.rule.demands,
            "clause": self.rule.clause,
        }
        for name in ("au", "nal", "offset", "bit", "element", "value", "allowed"):
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        return found


RULES = {
    rule.identifier: rule
    for rule in (
        Rule("SEI-001", ERROR, "An SEI NAL unit consists of whole SEI messages.", "sei_rbsp( )"),
        Rule(
            "GFV-SYN-001", ERROR, "A payload follows the syntax, with every element in its range.", f"{_GFV}, {_GFVE}"
        ),
        Rule(
            "GFV-SYN-002",
            ERROR,
            "After the last element come alignment bits: a 1, then 0s to the byte.",
            "sei_payload( )",
        ),
        Rule("GFV-SYN-003", WARNING, "Extension data behind the last element have no meaning yet.", "sei_payload( )"),
        Rule("GFV-SYN-004", ERROR, "AVC payloads have no extension data.", "H.264 clause 7.3.2.3.1"),
        Rule(
            "GFV-PRED-001", ERROR, "Prediction refers to values that earlier messages gave, of the same layout.", _GFV
        ),
        Rule("GFV-ID-001", IGNORED, "gfv_id and gfve_id are not in the reserved ranges.", f"{_GFV}, {_GFVE}"),
        Rule("GFV-NN-001", IGNORED, "gfv_nn_mode_idc and gfve_nn_mode_idc are 0 or 1.", f"{_GFV}, {_GFVE}"),
        Rule("GFV-MAT-001", IGNORED, "gfv_matrix_type_idx is not in the reserved range 32 to 63.", _GFV),
        Rule("GFV-MAT-002", WARNING, "The fraction of a matrix difference is below 2^q.", _GFV),
        Rule("GFV-CRD-001", WARNING, "Keypoints have x and y from -1 to 1.", _GFV),
        Rule("GFV-CRD-002", WARNING, "Keypoints have z within the maximum that the message announces.", _GFV),
        Rule("GFV-CNT-001", ERROR, "In a picture unit gfv_cnt of one gfv_id starts at 0 and goes up by 1.", _GFV),
        Rule("GFV-CNT-002", ERROR, "Messages of a picture unit with the same gfv_id and gfv_cnt are the same.", _GFV),
        Rule(
            "GFV-FUS-001", ERROR, "Beside a base message the further messages of its gfv_id have fusion flag 0.", _GFV
        ),
        Rule("GFVE-ASC-001", ERROR, "A GFVE message stands in a picture unit with the GFV message it is for.", _GFVE),
        Rule("GFVE-ASC-002", ERROR, "gfve_base_picture_flag is 1 only where the GFV message is a base message.", _GFVE),
    )
}
