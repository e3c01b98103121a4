"""How a finding most likely came about: known habits of writers, and mistakes in reading."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.meaning.quirks import DESCRIPTIONS, WRITERS
from gfv_sei.meaning.state import DecodingState
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.layout import GfveLayout, GfvLayout
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.history import Track
from gfv_sei.validation.reading import Reading, other_editions
from gfv_sei.validation.rules import Finding

_BITS = frozenset((*(f"GFV-SYN-{number:03}" for number in range(1, 17)), "GFV-MAT-003", "GFV-MAT-004"))
"""Rules about the bits of a payload, which all break where it is read along the wrong description."""

_REFERENCES = frozenset(("GFV-PRED-001", "GFV-PRED-002"))
"""Rules that also break where a writer's references are not those of the standard."""

_VALUES = frozenset(("GFV-CRD-001", "GFV-CRD-002", "GFVE-PUP-003"))
"""Rules that values break where they were predicted from other references than the writer's."""

_WRITER_OF = {"avc": "jm", "hevc": "hm", "vvc": "vtm"}

FRACTION = "The writers of VTM, HM and JM round a fraction up to 2^q instead of carrying it into the integer part."


class Causes:
    """Looks for the cause of findings of one stream."""

    def __init__(self, syntax: str, codec: str, state: DecodingState, tracks: dict[tuple[int, ...], Track]) -> None:
        self.syntax, self.codec, self.state, self.tracks = syntax, codec, state, tracks

    def of(self, finding: Finding, reading: Reading) -> str | None:
        """The cause in words; None where nothing known fits."""
        rule = finding.rule.identifier
        if rule == "GFV-MAT-002":
            return FRACTION
        if rule in _BITS or rule in _REFERENCES:
            for name in other_editions(reading, self.syntax):
                return f"The message is well-formed in {name} ({EDITIONS[name].written_by})."
        quirk = next(self._quirks(rule, reading), None)
        return None if quirk is None else str(DESCRIPTIONS[quirk])

    def _quirks(self, rule: str, reading: Reading) -> Iterator[str]:
        """Switches of the reference writers that lead to such a finding, the likeliest first."""
        if rule in ("GFV-SYN-002", "GFV-SYN-003", "GFV-SYN-004") and not reading.base and _long_tail(reading):
            yield "network_everywhere"
        if rule in _BITS and reading.payload_type != GFV and self._layout_changed(reading):
            yield "first_layout_kept"
        if rule in _REFERENCES or (rule in _VALUES and _refers(reading)):
            if self._others_like(reading):
                yield "one_state"
            if rule in _VALUES and not reading.count:
                yield "base_follows_setting"
            elif rule in _VALUES and WRITERS[_WRITER_OF[self.codec]].every_second_stored:
                yield "every_second_stored"

    def _others_like(self, reading: Reading) -> bool:
        """Whether base messages of other identifiers of the same kind came before."""
        own = reading.identifier
        return own is not None and any(
            len(identifier) == len(own) and identifier != own and track.base_au is not None
            for identifier, track in self.tracks.items()
        )

    def _layout_changed(self, reading: Reading) -> bool:
        track = self.tracks.get(reading.identifier or ())
        if track is None or track.first_matrices is None or not reading.fields.get("gfve_matrix_pred_flag"):
            return False
        now = self.state.inherited_by(*(reading.identifier or ())).matrices
        return now is not None and now.types != track.first_matrices.types


def _long_tail(reading: Reading) -> bool:
    """Whether whole bytes follow the last element."""
    names = ("payload_trailing_bits", "reserved_payload_extension_data")
    return any(len(reading.fields.get(name, "")) >= 8 for name in names)


def _refers(reading: Reading) -> bool:
    layout = reading.msg.layout if reading.msg is not None else None
    if isinstance(layout, GfveLayout):
        return not layout.base and bool(layout.pupils.present_idx)
    return isinstance(layout, GfvLayout) and bool(layout.coordinates_predicted) and not layout.base
