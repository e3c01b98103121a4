"""Where the standard and reference software read a message differently, and why.

Each message is read by several readers side by side: one as the standard has it, one with all quirks of each reference
decoder, and one for each single quirk, so that a difference can be put down to its cause. Besides values there are
things that a reader stumbles over whatever came before; those are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.meaning.quirks import DESCRIPTIONS, NO_QUIRKS, PREFIX_SEI, READERS, Quirks
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, parse_payload
from gfv_sei.syntax.layout import GfvLayout
from gfv_sei.syntax.matrices import HEAD, PER_KEYPOINT
from gfv_sei.wording import counted


class Difference(NamedTuple):
    """One thing that software does differently with a message: who, what, and why."""

    who: str
    what: str
    why: str


class Explainer:
    """Reads the messages of one stream in order and tells of each what is read differently."""

    def __init__(self, syntax: str) -> None:
        self.syntax = syntax
        self.standard = DecodingState()
        groups: dict[Quirks, list[str]] = {}
        for name, quirks in READERS.items():
            groups.setdefault(quirks, []).append(name.upper())
        self.readers = [(", ".join(names), quirks, DecodingState(quirks)) for quirks, names in groups.items()]
        switches = {name for quirks in groups for name in quirks.names}
        self.singly: dict[str, DecodingState] = {}
        for name in sorted(switches):
            only: dict[str, Any] = {name: True}
            self.singly[name] = DecodingState(replace(NO_QUIRKS, **only))

    def explain(self, payload_type: int, payload: bytes, codec: str, position: str) -> list[Difference]:
        """The differences of the next message; ``position`` is prefix or suffix."""
        values, msg = self._read(payload_type, payload, self.standard)
        singly = {name: self._read(payload_type, payload, state)[0] for name, state in self.singly.items()}
        by_text: dict[tuple[str, str], list[str]] = {}
        for who, quirks, state in self.readers:
            theirs, _ = self._read(payload_type, payload, state)
            if theirs != values:
                causes = [name for name in quirks.names if singly[name] != values] or quirks.names
                why = " ".join(DESCRIPTIONS[name] for name in causes)
                by_text.setdefault((_first_difference(values, theirs), why), []).append(who)
        found = [Difference(", ".join(who), *text) for text, who in by_text.items()]
        if msg is not None:
            found += stumbling_blocks(msg, codec, position)
        return found

    def _read(self, payload_type: int, payload: bytes, state: DecodingState) -> tuple[dict[str, Any], Message | None]:
        try:
            msg = parse_payload(payload_type, payload, self.syntax, state)
        except GfvError as error:
            return {"error": error.reason}, None
        return msg.values, msg


def stumbling_blocks(msg: Message, codec: str, position: str) -> Iterator[Difference]:
    """What reference software stumbles over in a message, whatever came before it."""
    if codec == "vvc" and position == "prefix":
        yield Difference("VTM", PREFIX_SEI, "It takes them in suffix SEI NAL units only.")
    if msg.ignored is not None:
        yield Difference("VTM, HM, JM", "the message is used", "They do not ignore reserved identifiers.")
    layout = msg.layout
    if isinstance(layout, GfvLayout) and layout.matrices is not None and not layout.matrices_predicted:
        flags = msg.fields.get("gfv_num_matrices_equal_to_num_kps_flag")
        if _out_of_step([kind.type_idx for kind in layout.matrices.types], flags, layout.coordinates is not None):
            yield Difference(
                "VTM, HM",
                "numbers or sizes of matrices are read out of range",
                "They look up flags by the number of the type in the message in lists that hold only the types "
                "which code them; types 0 and 1, or types 4 to 6, must come first.",
            )
    precisions = [part.precision for part in (layout and layout.matrices, _coordinates(msg)) if part]
    if max(precisions, default=0) > 30:
        yield Difference("VTM, HM, JM", "values are wrong", "1 << 31 and 1 << 32 do not fit their integers.")
    for name in ("payload_trailing_bits", "reserved_payload_extension_data"):
        if name in msg.fields and not msg.fields.get("gfv_base_picture_flag", 0):
            yield Difference(
                "VTM, HM, JM",
                f"behind the message there is more: {counted(len(msg.fields[name]), 'bit')}",
                "Their writers append network bytes to messages that announce none.",
            )


def _coordinates(msg: Message) -> Any:
    return msg.layout.coordinates if isinstance(msg.layout, GfvLayout) else None


def _out_of_step(types: list[int], equal_flags: list[Any] | None, has_coordinates: bool) -> bool:
    """Whether a list of the VTM and HM readers is shorter than the index that they use for it."""
    flags = infos = spaces = 0
    for i, type_idx in enumerate(types):
        if type_idx in PER_KEYPOINT and has_coordinates:
            if flags < i:
                return True
            flags += 1
            if not (equal_flags and equal_flags[i]):
                if infos < i:
                    return True
                infos += 1
        elif type_idx in HEAD and not has_coordinates:
            if spaces < i:
                return True
            spaces += 1
    return False


def _first_difference(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    if "error" in theirs:
        return f"the message is refused: {theirs['error']}"
    if "error" in ours:
        return f"the message is read, which by the standard cannot be: {ours['error']}"
    for part in ours:
        if part not in theirs:
            return f"{part} are missing"
        for path, one, other in zip(*_flat(part, ours[part]), _flat(part, theirs[part])[1], strict=False):
            if one != other:
                return f"{path} is {other:g} instead of {one:g}"
    return "other parts are derived"


def _flat(path: str, value: Any) -> tuple[list[str], list[float]]:
    """The numbers in a value, with the path to each."""
    if isinstance(value, dict):
        items = [(f"{path}.{key}", inner) for key, inner in value.items()]
    elif isinstance(value, list):
        items = [(f"{path}[ {i} ]", inner) for i, inner in enumerate(value)]
    else:
        return [path], [value]
    paths: list[str] = []
    numbers: list[float] = []
    for inner_path, inner in items:
        found = _flat(inner_path, inner)
        paths += found[0]
        numbers += found[1]
    return paths, numbers
