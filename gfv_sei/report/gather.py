"""One pass over a stream that turns it into the blocks of the page."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable
from typing import Any

from gfv_sei.explain import Explainer
from gfv_sei.message import UNIT, Message
from gfv_sei.nal.access_units import is_slice
from gfv_sei.nal.codec import CODECS
from gfv_sei.report.blocks import block, json_block
from gfv_sei.report.outline import Outlines
from gfv_sei.report.references import REASONS, References
from gfv_sei.sei.payload_types import payload_type_name
from gfv_sei.stream.order import Delayed
from gfv_sei.stream.records import OURS, Broken, Carried, MessageReader, Record
from gfv_sei.stream.scanner import NalUnit
from gfv_sei.stream.source import open_stream
from gfv_sei.stream.survey import Survey
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.matrices import MATRIX_TYPES
from gfv_sei.syntax.payload_types import GFV

MESSAGES = 512
"""Messages in one block."""

NAL_UNITS = 4096
"""NAL units in one block."""

MOST_BYTES = 1 << 16
"""Bytes of one payload that go into the page."""

MOST_VALUES = 1 << 10
"""Values of one message that go into the page."""

ALL_VALUES = 1 << 22
"""Values of all messages that go into the page."""

MOST_BLOCK_BYTES = 1 << 22
"""Payload bytes after which a block is closed before it has all of its messages."""

_FLAGS = {
    "base": ("gfv_base_picture_flag", "gfve_base_picture_flag"),
    "kps": ("gfv_kps_pred_flag",),
    "matrices": ("gfv_matrix_pred_flag", "gfve_matrix_pred_flag"),
    "unsure": ("gfv_low_confidence_face_parameter_flag",),
    "fusion": tuple(dict.fromkeys(edition.fusion_flag for edition in EDITIONS.values())),
    "network": ("gfv_nn_present_flag", "gfve_nn_present_flag"),
    "key": ("gfv_chroma_key_info_present_flag",),
}
"""What the bits of a message's flags say, from the lowest on: one of these elements is 1. The page has the names."""


Write = Callable[[bytes], object]
"""Takes the blocks, in order."""


class NalUnits(Survey):
    """A survey that also writes every NAL unit down, and finds the place of every access unit in output order."""

    def __init__(self, reader: MessageReader, write: Write) -> None:
        super().__init__(reader.codec)
        self.access_units = reader.units
        self.write = write
        self.poc: list[int | None] = []
        self.display: list[int | None] = []
        self._known = 0
        self._waiting: Delayed[None] = Delayed()
        self._start()

    def nal(self, nal: NalUnit) -> None:
        super().nal(nal)
        au = max(self.access_units.au, 0)
        if au == self._known and self.access_units.unit is not None:
            self._known += 1
            self._waiting.put(self.access_units.unit, None)
            self._settle()
        for column, value in zip(
            self.columns.values(), (nal.nal_type, au, nal.offset, nal.layer_id, nal.temporal_id), strict=True
        ):
            column.append(value)
        if len(self.columns["offset"]) == NAL_UNITS:
            self._flush()

    def finish(self) -> None:
        """The stream has ended."""
        self.access_units.finish()
        self._settle()
        self._flush()

    def _settle(self) -> None:
        for unit, _ in self._waiting.ready():
            self.poc.append(unit.poc)
            self.display.append(unit.display)

    def _start(self) -> None:
        self.columns: dict[str, list[int]] = {name: [] for name in ("type", "au", "offset", "layer", "temporal")}

    def _flush(self) -> None:
        if self.columns["offset"]:
            self.write(json_block("nal", self.columns))
        self._start()


class Messages:
    """Packs messages into blocks: an index of them, their payloads, their outlines, their values."""

    def __init__(self, write: Write, explainer: Explainer | None) -> None:
        self.write = write
        self.explainer = explainer
        self.number = 0
        self.values_left = ALL_VALUES
        self.cut = {"payloads": 0, "values": 0}
        self.broken = 0
        self.layouts: dict[Any, int] = {}
        self._start()

    def add(
        self, carried: Carried | Broken, record: Record, msg: Message | None, outline: array[int], refers: list[Any]
    ) -> None:
        """The next message: where it stands, its record, the message if it could be read, outline, references."""
        row = len(self.rows["nal"])
        payload = carried.payload if isinstance(carried, Carried) else b""
        kept = payload[:MOST_BYTES]
        self.cut["payloads"] += len(kept) < len(payload)
        values, layout = self._values(msg)
        known = self.layouts.setdefault(layout, len(self.layouts)) if layout is not None else -1
        index = {
            "nal": carried.nal.index,
            "type": record.get("payload_type", -1),
            "size": len(payload),
            "kept": len(kept),
            "entries": len(outline),
            "layout": known,
            "values": len(values),
            "id": _identifier(msg, record),
            "count": -1 if msg is None else msg.count,
            "flags": 0 if msg is None else _flags(msg),
        }
        for name, value in index.items():
            self.rows[name].append(value)
        self._seldom(row, record, msg, carried, refers)
        self.payloads += kept
        self.outlines += outline
        self.values.extend(values)
        self.number += 1
        if row + 1 == MESSAGES or len(self.payloads) >= MOST_BLOCK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the block that was begun."""
        if self.rows["nal"]:
            self.write(json_block("messages", self.rows | self.seldom))
            for name, data in (
                ("payloads", bytes(self.payloads)),
                ("outlines", _little(self.outlines)),
                ("values", _little(self.values)),
            ):
                self.write(block(name, data))
        self._start()

    def _start(self) -> None:
        names = ("nal", "type", "size", "kept", "entries", "layout", "values", "id", "count", "flags")
        self.rows: dict[str, list[Any]] = {name: [] for name in names}
        self.seldom: dict[str, dict[int, Any]] = {
            name: {} for name in ("nested_in", "error", "ignored", "refers", "differs")
        }
        self.payloads = bytearray()
        self.outlines = array("H")
        self.values = array("d")

    def _seldom(
        self, row: int, record: Record, msg: Message | None, carried: Carried | Broken, refers: list[Any]
    ) -> None:
        self.broken += "error" in record
        for name in ("nested_in", "error", "ignored"):
            if name in record:
                self.seldom[name][row] = record[name]
        if refers:
            self.seldom["refers"][row] = refers
        if self.explainer is not None and msg is not None and isinstance(carried, Carried):
            found = self.explainer.explain(carried.payload_type, carried.payload, record["codec"], record["position"])
            if found:
                self.seldom["differs"][row] = [list(difference) for difference in found]

    def _values(self, msg: Message | None) -> tuple[list[float], Any]:
        """The values of a message in one list, and what they are."""
        if msg is None or msg.exact is None or msg.layout is None or not self.values_left:
            return [], None
        flat: list[int] = []
        parts: list[tuple[Any, ...]] = []
        if msg.exact.coordinates is not None:
            columns = msg.exact.coordinates
            parts.append(("coordinates", len(columns), len(columns[0])))
            for column in columns:
                flat += column
        if msg.exact.matrices is not None and msg.layout.matrices is not None:
            for kind, elements in zip(msg.layout.matrices.types, msg.exact.matrices, strict=True):
                parts.append(("matrices", kind.type_idx if msg.payload_type == GFV else -1, *kind.size))
                flat += elements
        if msg.exact.pupils is not None:
            parts.append(("pupils",))
            flat += msg.exact.pupils
        kept = min(len(flat), MOST_VALUES, self.values_left)
        self.cut["values"] += kept < len(flat)
        self.values_left -= kept
        return [value * UNIT for value in flat[:kept]], tuple(parts)


def gather(
    source: str,
    syntax: str,
    write: Write,
    *,
    codec: str | None = None,
    compat: str | None = None,
    explain: bool = True,
) -> dict[str, Any]:
    """Write the blocks of a stream, read as ``syntax``; what the page needs to know besides them, as one object.

    ``compat`` is as in :func:`~gfv_sei.stream.records.read_messages`; ``explain`` says of each message where
    reference software reads it differently. Raises StreamError where the source is no stream; messages that are wrong
    are in the page with what is wrong.
    """
    with open_stream(source, codec) as stream:
        reader = MessageReader(stream, syntax, payload_types=None, errors="record", compat=compat, order=True)
        reader.survey = survey = NalUnits(reader, write)
        messages = Messages(write, Explainer(syntax) if explain else None)
        outlines, references = Outlines(syntax), References(syntax)
        bases: list[int] = []
        for carried in reader.carried():
            outline, refers, msg = array("H"), [], None
            ours = isinstance(carried, Carried) and carried.payload_type in OURS
            if isinstance(carried, Carried) and ours:
                state = reader.state
                outline = outlines.outline(carried.payload_type, carried.payload, state.inherited_by)
            record = reader.record(carried)
            if ours and "error" not in record:
                msg = reader.message
                assert msg is not None
                refers = references.add(messages.number, msg, carried.au)
                if msg.payload_type == GFV and msg.fields.get("gfv_base_picture_flag") and bases[-1:] != [carried.au]:
                    bases.append(carried.au)
            messages.add(carried, record, msg, outline, refers)
        survey.finish()
        messages.flush()
        summary = survey.summary(reader.scanner.position, reader.units.au + 1, reader.units.pictures)
        names = CODECS[summary["codec"]].names
        return {
            "summary": summary,
            "syntax": syntax,
            "compat": compat,
            "explained": explain,
            "poc": survey.poc,
            "display": survey.display,
            "bases": bases,
            "cut": messages.cut,
            "broken": messages.broken,
            "flags": list(_FLAGS),
            "reasons": REASONS,
            "matrix_types": MATRIX_TYPES,
            "kinds": list(outlines.kinds),
            "layouts": list(messages.layouts),
            "nal_types": {
                str(row["nal_type"]): [names[row["nal_type"]], _kind(reader, row["nal_type"])]
                for row in summary["nal_unit_types"]
            },
            "payload_types": {
                str(row["payload_type"]): payload_type_name(row["payload_type"]) for row in summary["sei_messages"]
            },
        }


def _kind(reader: MessageReader, nal_type: int) -> str:
    if nal_type in reader.codec.sei_types:
        return "sei"
    return "slice" if is_slice(reader.codec, nal_type) else "other"


def _identifier(msg: Message | None, record: Record) -> list[Any]:
    return [] if msg is None or record.get("payload_type") not in OURS else list(msg.identifier)


def _flags(msg: Message) -> int:
    return sum(1 << bit for bit, names in enumerate(_FLAGS.values()) if any(msg.fields.get(name) for name in names))


def _little(numbers: array[Any]) -> bytes:
    """The bytes as browsers have them."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
