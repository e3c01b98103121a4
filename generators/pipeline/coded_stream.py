"""The coded pictures of a stream: what a decoder gets to see, and what it makes of it.

Decoders get the stream without GFV and GFVE messages, and without SEI NAL units that cannot be taken apart. They need
neither, and do not all bear them: ffmpeg ends at a broken SEI NAL unit, VTM 24.0's decoder with a segmentation fault
at a GFV message in prefix SEI. So damage to messages costs messages and never pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gfv_sei.stream.records import OURS, Broken, sei_messages
from gfv_sei.stream.remove import take_out
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import Opened, open_stream
from vtm_bridge import get_decoder

if TYPE_CHECKING:
    from vtm_bridge.pictures import Picture


def decoded_pictures(source: str, decoder: str = "auto") -> Iterator[Picture]:
    """The pictures of a stream file in output order.

    Out of a container it is the byte stream that is decoded: the container may say that pictures are not to be shown,
    of which the messages know nothing.
    """
    with open_stream(source) as stream:
        codec = stream.codec.name
    return get_decoder(decoder).decode(_pieces(source, codec), codec)


def _pieces(source: str, codec: str) -> Iterator[bytes]:
    with open_stream(source, codec) as stream:
        yield from without_messages(stream)


def without_messages(stream: Opened) -> Iterator[bytes]:
    """The bytes of an open stream without our messages and without broken SEI NAL units."""
    out = _Written()
    scanner = Scanner(stream, stream.codec, out)
    for nal in scanner:
        if nal.nal_type in stream.codec.sei_types:
            if any(isinstance(one, Broken) for one in sei_messages(stream.codec, nal, 0, ())):
                assert nal.end is not None
                scanner.copy_to(nal.offset)
                scanner.skip_to(nal.end)
            else:
                take_out(scanner, nal, lambda payload_type, payload: payload_type in OURS)
        yield from out.taken()
    yield from out.taken()


class _Written:
    """Keeps what a scanner copies until it is taken."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes | memoryview) -> None:
        self.pieces.append(bytes(data))

    def taken(self) -> Iterator[bytes]:
        pieces, self.pieces = self.pieces, []
        yield from pieces
