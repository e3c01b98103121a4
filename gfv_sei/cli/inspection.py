"""One pass over a stream for inspect: which of its records are shown, and the summary that follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gfv_sei.cli.names import AUTO
from gfv_sei.cli.selection import EVERYTHING, Selection
from gfv_sei.wording import counted

if TYPE_CHECKING:
    from gfv_sei.message import Message
    from gfv_sei.stream.records import MessageReader, Record
    from gfv_sei.stream.source import Source


@dataclass
class Inspection:
    """One pass over a stream that gives its records and then its summary.

    stream      what is read; syntax, codec and compat are as in :func:`~gfv_sei.stream.records.read_messages`
    selection   which records ``shown`` gives, and limit how many of them; None: all
    tracing     records say only where a message stands; its elements are those of ``message``
    on_syntax   called with the MessageReader when the syntax is known

    When the records have been read, ``summary`` is there, ``broken`` is how many of those that are asked for could not
    be read, and ``left_out`` how many there were beyond the limit.
    """

    stream: Source
    syntax: str = AUTO
    codec: str | None = None
    compat: str | None = None
    selection: Selection = EVERYTHING
    limit: int | None = None
    tracing: bool = False
    on_syntax: Callable[[MessageReader], None] | None = None
    summary: dict[str, Any] = field(default_factory=dict, init=False)
    broken: int = field(default=0, init=False)
    left_out: int = field(default=0, init=False)
    _shown: int = field(default=0, init=False)
    _reader: MessageReader | None = field(default=None, init=False)

    @property
    def reader(self) -> MessageReader:
        """What reads the stream; there is one from the first record on."""
        assert self._reader is not None
        return self._reader

    @property
    def message(self) -> Message | None:
        """The message behind the last record that has one."""
        return self.reader.message

    def shown(self) -> Iterator[Record]:
        """The records that are asked for; all are read."""
        return filter(self.takes, self.records())

    def takes(self, record: Record) -> bool:
        """Whether the record that was just read is to be shown."""
        if not self.selection.takes(record, self.message):
            return False
        if self.limit is None or self._shown < self.limit:
            self._shown += 1
            return True
        # Only a summary was asked for, or there are more than wanted: those are told by their number.
        self.left_out += 1
        return False

    def records(self) -> Iterator[Record]:
        """All SEI messages; the summary is there when they have been read."""
        from gfv_sei.stream.records import read_messages

        for record in read_messages(
            self.stream,
            self.syntax,
            payload_types=None,
            errors="record",
            codec=self.codec,
            on_syntax=self._begin,
            surveyed=True,
            tracing=self.tracing,
            compat=self.compat,
        ):
            if "error" in record and self.selection.takes(record, self.message):
                self.broken += 1
            yield record
            del record  # not to be there beside the next one
        reader = self.reader
        assert reader.survey is not None
        self.summary = reader.survey.summary(reader.scanner.position, reader.units.au + 1, reader.units.pictures)
        if reader.looked_at or reader.any_read:
            self.summary["syntax"] = reader.syntax
            self.summary["syntax_also"] = reader.others

    def _begin(self, reader: MessageReader) -> None:
        self._reader = reader
        if self.on_syntax is not None:
            self.on_syntax(reader)


def headline(record: Record) -> str:
    """Where a message stands, and of what kind it is: a line without its end."""
    from gfv_sei.sei.payload_types import payload_type_name

    where = f"au {record['au']}  nal {record['nal']}  byte {record['offset']}  {record['position']} SEI"
    if record["layer_id"]:
        where += f"  layer {record['layer_id']}"
    if "payload_type" not in record:
        return where
    name = payload_type_name(record["payload_type"])
    nested = f", inside of {payload_type_name(record['nested_in'])}" if "nested_in" in record else ""
    return f"{where}  {name} ({record['payload_type']}), {counted(record['payload_size'], 'byte')}{nested}"


def json_lines(inspection: Inspection) -> Iterator[str]:
    """The records that are asked for and the summary, as one JSON object in pieces."""
    from gfv_sei.stream.json_text import dumps, record_text

    yield '{"messages": ['
    separator = "\n"
    for record in inspection.shown():
        yield separator
        yield from record_text(record)
        separator = ",\n"
        del record  # not to be there beside the next one
    yield '],\n"summary": ' + dumps(inspection.summary) + "}\n"
