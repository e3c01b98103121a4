"""Counting what is in a stream, while its messages are read."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gfv_sei.nal.codec import Codec
from gfv_sei.nal.formats import Formats
from gfv_sei.sei.payload_types import payload_type_name
from gfv_sei.stream.scanner import NalUnit


class Survey:
    """Numbers of NAL units, access units, pictures and SEI messages, and their bytes; and the picture formats.

    The bytes of a NAL unit count from its start code to the next one, zero bytes between them included, so the sum
    is the size of the stream.
    """

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.units: Counter[int] = Counter()
        self.bytes: Counter[int] = Counter()
        self.sei: Counter[int] = Counter()
        self.sei_bytes: Counter[int] = Counter()
        self.layers: set[int] = set()
        self.formats = Formats(codec)
        self.broken = 0
        self._open: tuple[int, int] | None = None

    def nal(self, nal: NalUnit) -> None:
        """Count a NAL unit."""
        self._close(nal.offset)
        self._open = (nal.nal_type, nal.offset)
        self.units[nal.nal_type] += 1
        self.layers.add(nal.layer_id)
        if nal.nal_type in self.codec.whole:
            self.formats.feed(nal.nal_type, nal.layer_id, nal.data)

    def message(self, payload_type: int, size: int) -> None:
        """Count an SEI message by the size of its payload."""
        self.sei[payload_type] += 1
        self.sei_bytes[payload_type] += size

    def _close(self, offset: int) -> None:
        if self._open is not None:
            nal_type, start = self._open
            self.bytes[nal_type] += offset - start
            self._open = None

    def summary(self, size: int, access_units: int, pictures: int) -> dict[str, Any]:
        """Everything as one object; ``size`` is the size of the stream in bytes."""
        self._close(size)
        return {
            "codec": self.codec.name,
            "bytes": size,
            "access_units": access_units,
            "pictures": pictures,
            "layers": sorted(self.layers),
            "formats": [{"layer_id": layer_id} | found.to_dict() for layer_id, found in self.formats.found],
            "nal_units": sum(self.units.values()),
            "nal_unit_types": [
                {"nal_type": t, "name": self.codec.names[t], "count": n, "bytes": self.bytes[t]}
                for t, n in sorted(self.units.items())
            ],
            "sei_messages": [
                {
                    "payload_type": t,
                    "name": payload_type_name(t),
                    "count": n,
                    "payload_bytes": self.sei_bytes[t],
                }
                for t, n in sorted(self.sei.items())
            ],
            "broken_sei_nal_units": self.broken,
        }
