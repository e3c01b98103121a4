"""Finding NAL units in a byte stream, and copying the stream around them.

The stream goes through one buffer of a quarter megabyte. A regular expression finds start codes in it, so Python sees
a NAL unit once and its bytes never. Whoever iterates over the scanner decides for each NAL unit what happens to it:
``copy_to`` passes bytes on to the output, ``skip_to`` drops them, ``insert`` adds some. What was not decided when the
buffer moves on is copied.

Where a NAL unit ends
    A NAL unit never ends with a zero byte, so the zero bytes before a start code are not its own. The last of them,
    if there is one, counts as part of the start code (zero_byte in Annex B), others as trailing_zero_8bits that no
    operation touches.

Inserting so that removing restores the stream
    Removing takes a NAL unit and its start code, with the zero_byte where there is one. So an insertion must not
    lead to its start code being taken for longer than it is: behind a NAL unit's last byte three bytes of start code
    do (a byte a picture saved); behind a zero byte that stays, a start code of four bytes is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from gfv_sei.nal.codec import Codec

CHUNK = 1 << 18
"""Bytes read at a time. More does not make it faster, and less memory is better."""

HEAD = 64
"""Bytes of a NAL unit that its reader is sure to see; more than any slice header needs up to picture order count."""

_LOOK_BACK = 2
_START_CODE = re.compile(rb"\x00\x00\x01")


class Reader(Protocol):
    """What a scanner reads from."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from its start, return how many bytes, 0 at the end."""


class Writer(Protocol):
    """What a scanner copies to."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Take all of the bytes before returning."""


class NalUnit:
    """One NAL unit as it goes by.

    index           number in the stream (of those that the scanner reports)
    offset          byte position of its start code, zero_byte included
    prefix          length of the start code, 3 or 4
    after_zero      whether another zero byte stands before the start code
    nal_type, layer_id, temporal_id     from its header
    data            all of it from the header on for types that are read whole, else its first 64 bytes or more
    end             byte position behind its last byte; None where it was not read whole
    unit            the access unit, where its order is followed; for whoever reads on
    """

    __slots__ = (
        "after_zero",
        "data",
        "end",
        "index",
        "layer_id",
        "nal_type",
        "offset",
        "prefix",
        "temporal_id",
        "unit",
    )

    def __init__(
        self,
        index: int,
        offset: int,
        prefix: int,
        after_zero: bool,
        header: tuple[int, int, int],
        data: bytes,
        end: int | None,
    ) -> None:
        self.index = index
        self.offset = offset
        self.prefix = prefix
        self.after_zero = after_zero
        self.nal_type, self.layer_id, self.temporal_id = header
        self.data = data
        self.end = end
        self.unit: Any = None


class Scanner:
    """Iterates over the NAL units of a byte stream; with ``out`` copies the stream on the way.

    ``only_sei`` reports SEI NAL units alone (their ``index`` then counts those): Python is not bothered with the rest.
    ``position`` is the number of bytes read.
    """

    def __init__(self, source: Reader, codec: Codec, out: Writer | None = None, only_sei: bool = False) -> None:
        self.source = source
        self.codec = codec
        self.out = out
        self.pattern = codec.any_sei if only_sei else _START_CODE
        # What is read whole is told by one byte of the header.
        self.type_at = codec.type_at
        types = codec.sei_types if only_sei else codec.sei_types | codec.whole
        self.whole = frozenset(byte for byte in range(256) if codec.header(bytes([byte, byte])).nal_type in types)
        self.buffer = bytearray(CHUNK)
        self.view = memoryview(self.buffer)
        self.base = 0  # byte position in the stream of buffer[0]
        self.size = 0  # bytes in the buffer
        self.ended = False
        self.done = 0  # byte position up to which the stream is copied or skipped
        self.waiting: list[bytes | memoryview] = []
        self.inserted = 0  # bytes that wait and are not of the buffer
        self.hold: int | None = None  # byte position from which on nothing is to be copied yet

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self.base + self.size

    def __iter__(self) -> Iterator[NalUnit]:
        for index, (at, end) in enumerate(self.spans()):
            yield self.nal_unit(index, at, end)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where NAL units are in the buffer: of the 1 of their start code, and of their end, 0 if not read whole.

        They hold until the next is asked for. ``nal_unit`` makes a NAL unit of one; who can tell by the bytes alone
        what is to be done with it saves the time.
        """
        header_bytes, type_at, whole = self.codec.header_bytes, self.type_at, self.whole
        search_from = 0
        while True:
            buffer, size = self.buffer, self.size
            complete = size if self.ended else size - 3 - HEAD
            keep_from = max(search_from, size - _LOOK_BACK - 2)
            for match in self.pattern.finditer(buffer, search_from, size):
                at = match.start()
                if at >= complete:
                    keep_from = at
                    break
                first = at + 3
                if first + header_bytes > size:
                    break  # a start code at the very end has no NAL unit behind it
                end = 0
                if buffer[first + type_at] in whole:
                    end = buffer.find(b"\0\0\1", first, size)
                    if end < 0:
                        if not self.ended:
                            keep_from = at
                            break
                        end = size
                    if not buffer[end - 1]:
                        end = first + len(buffer[first:end].rstrip(b"\0"))
                    if end < first + header_bytes:
                        continue
                yield at, end
                keep_from = max(first, size - _LOOK_BACK - 2)
            if self.ended:
                break
            search_from = self._refill(keep_from)
        self.finish()

    def nal_unit(self, index: int, at: int, end: int) -> NalUnit:
        """The NAL unit of a span."""
        buffer, base, first = self.buffer, self.base, at + 3
        header = self.codec.header(buffer[first : first + self.codec.header_bytes])
        zero_byte = at > 0 and not buffer[at - 1]
        after_zero = zero_byte and at > 1 and not buffer[at - 2]
        data = bytes(buffer[first : end or min(first + HEAD, self.size)])
        return NalUnit(
            index, base + at - zero_byte, 3 + zero_byte, after_zero, header, data, base + end if end else None
        )

    @property
    def ends_with_zero(self) -> bool:
        """Whether the last byte read is zero; of use at the end of the stream."""
        return bool(self.size) and not self.buffer[self.size - 1]

    def finish(self) -> None:
        """Pass on what is left; the scanner does so itself at the end of the stream."""
        self.copy_to(self.position)
        self._flush()

    def copy_to(self, position: int) -> None:
        """Pass the stream on up to a byte position."""
        if position > self.done:
            if self.out is not None:
                self.waiting.append(self.view[self.done - self.base : position - self.base])
            self.done = position

    def drop(self, at: int, end: int) -> None:
        """Pass the stream on up to the NAL unit of a span, and leave that out, start code and all."""
        start = at - 1 if at and not self.buffer[at - 1] else at
        kept_from = self.done - self.base
        if start > kept_from and self.out is not None:
            self.waiting.append(self.view[kept_from:start])
        self.done = self.base + end

    def skip_to(self, position: int) -> None:
        """Drop what was not passed on up to a byte position."""
        self.done = max(self.done, position)

    def insert(self, data: bytes) -> None:
        """Add bytes to the output."""
        self.waiting.append(data)
        self.inserted += len(data)
        if self.inserted > CHUNK:
            self._flush()

    def _refill(self, keep_from: int) -> int:
        """Move on: keep the buffer from ``keep_from`` (and a little before), read more; where to search on."""
        start = max(0, min(keep_from - _LOOK_BACK, self.size))
        if self.hold is not None:
            start = min(start, max(0, self.hold - self.base))
        self.copy_to(self.base + start)
        self._flush()
        kept = self.buffer[start : self.size]
        if len(kept) > len(self.buffer) // 2:
            self.buffer = bytearray(2 * len(self.buffer))  # a NAL unit that is read whole and is this long
            self.view = memoryview(self.buffer)
        self.buffer[: len(kept)] = kept
        self.base += start
        self.size = len(kept)
        while self.size < len(self.view):
            got = self.source.readinto(self.view[self.size :])
            if not got:
                self.ended = True
                break
            self.size += got
        return keep_from - start

    def _flush(self) -> None:
        if self.out is not None and self.waiting:
            self.out.write(self.waiting[0] if len(self.waiting) == 1 else b"".join(self.waiting))
        self.waiting.clear()
        self.inserted = 0
