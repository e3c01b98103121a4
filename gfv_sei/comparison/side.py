"""The messages of one of two streams, with what is compared of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from gfv_sei.message import Message
from gfv_sei.sei.identify import Identity, identify
from gfv_sei.stream.records import AUTO, OURS, MessageReader, read_messages
from gfv_sei.stream.source import Source


class Place(NamedTuple):
    """Where a message stands, in terms that hold in every codec.

    in_nal      its index among such messages of its NAL unit: 0 for all that have one each
    nested_in   payload type of the scalable nesting around it
    """

    au: int
    position: str
    layer_id: int
    in_nal: int
    nested_in: int | None


class Item(NamedTuple):
    """One message.

    number      its index among the messages of its stream
    message     what was read; None for other payload types and where it cannot be read
    error       why it cannot be read
    nal         index of its NAL unit, offset its byte in the stream
    """

    number: int
    place: Place
    identity: Identity
    payload: bytes
    message: Message | None
    error: str | None
    nal: int
    offset: int


class Side:
    """Reads one stream; ``broken`` counts SEI NAL units that cannot be taken apart."""

    def __init__(
        self,
        source: Source,
        syntax: str = AUTO,
        codec: str | None = None,
        payload_types: Collection[int] = OURS,
    ) -> None:
        self.source, self.given, self.forced = source, syntax, codec
        self.payload_types = payload_types
        self.reader: MessageReader | None = None
        self.broken = 0
        self.messages = 0

    def __iter__(self) -> Iterator[Item]:
        nal, in_nal = -1, 0
        for record in read_messages(
            self.source,
            self.given,
            payload_types=self.payload_types,
            errors="record",
            codec=self.forced,
            on_syntax=self._begin,
            tracing=True,  # the values are not needed of every message
        ):
            if "payload_type" not in record:
                self.broken += 1
                continue
            in_nal = in_nal + 1 if record["nal"] == nal else 0
            nal = record["nal"]
            au, position, layer_id = (record[name] for name in ("au", "position", "layer_id"))
            yield self._item(record, Place(au, position, layer_id, in_nal, record.get("nested_in")))

    def _begin(self, reader: MessageReader) -> None:
        self.reader = reader

    def _item(self, record: dict[str, Any], place: Place) -> Item:
        message, payload_type = None, record["payload_type"]
        if "payload_hex" in record:
            payload = bytes.fromhex(record["payload_hex"])
        else:
            assert self.reader is not None
            message = self.reader.message
            assert message is not None
            assert message.payload is not None
            payload = message.payload
        number = self.messages
        self.messages += 1
        identity = identify(payload_type, payload)
        return Item(number, place, identity, payload, message, record.get("error"), record["nal"], record["offset"])

    def summary(self) -> dict[str, Any]:
        """What was read: codec, syntax, numbers of messages and of NAL units that cannot be taken apart."""
        assert self.reader is not None
        return {
            "codec": self.reader.codec.name,
            "syntax": self.reader.syntax,
            "messages": self.messages,
            "broken_sei_nal_units": self.broken,
        }
