"""Opening streams: paths, pipes, bytes and binary files; byte streams as they are, containers through ffmpeg."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any

from gfv_sei.errors import GfvError, StreamError
from gfv_sei.nal.codec import CODECS, Codec
from gfv_sei.nal.detect import detect_codec
from gfv_sei.wording import in_short

Source = str | Path | bytes | IO[bytes]
"""A path, ``-`` for standard input, the stream itself, or a binary file."""

_SNIFF = 1 << 16

_watcher: ContextVar[Callable[[int], object] | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(tell: Callable[[int], object]) -> Iterator[None]:
    """Streams that are opened within tell ``tell`` of each number of bytes that is read: a progress bar."""
    token = _watcher.set(tell)
    try:
        yield
    finally:
        _watcher.reset(token)


# Signatures of containers: some hold start codes, and an MP4 starts with zero bytes, too. The last three are MPEG
# program and transport streams (packets of 188 bytes, or of 192 with a time stamp before the sync byte).
_CONTAINERS = (
    re.compile(rb".{4}(ftyp|styp|moov|mdat|free|skip|wide)", re.S),
    re.compile(rb"\x1aE\xdf\xa3|FLV|RIFF"),
    re.compile(rb"\x00\x00\x01\xba"),
    re.compile(rb"G.{187}G", re.S),
    re.compile(rb".{4}G.{191}G", re.S),
)


class Resumed:
    """A file of which the first bytes were read already and come once more."""

    def __init__(self, raw: Any, head: bytes) -> None:
        self.raw = raw
        self.head = memoryview(head)
        self.watcher = _watcher.get()

    def readinto(self, buffer: memoryview) -> int:
        """As of a raw file."""
        if self.head:
            size = min(len(self.head), len(buffer))
            buffer[:size] = self.head[:size]
            self.head = self.head[size:]
        else:
            size = _read_into(self.raw, buffer)
        if self.watcher is not None:
            self.watcher(size)
        return size


class Opened(Resumed):
    """A byte stream that is open for reading from its start, the codec it is of, and the container it comes from."""

    def __init__(self, raw: Any, head: bytes, codec: Codec, container: Path | None = None) -> None:
        super().__init__(raw, head)
        self.codec = codec
        self.container = container


@contextmanager
def open_stream(source: Source, codec: str | None = None) -> Iterator[Opened]:
    """Open a stream for reading; ``codec`` forces one of vvc, hevc, avc where the content would not tell.

    Raises StreamError if it is no stream, OSError turned into StreamError if it cannot be opened.
    """
    if codec is not None and codec not in tuple(CODECS):
        raise StreamError("unknown codec", element="codec", value=codec, allowed=", ".join(CODECS))
    with ExitStack() as stack:
        raw, path = _open_raw(source, stack)
        try:
            opened = _look_inside(raw, path, codec, stack)
        except StreamError as error:
            error.at(file=_name_of(source))
            raise
        yield opened


def _look_inside(raw: Any, path: Path | None, codec: str | None, stack: ExitStack) -> Opened:
    head = _read_head(raw)
    container = None
    if not is_byte_stream(head):
        container = path
        # Not imported for byte streams: starting a program needs modules that they can do without.
        from gfv_sei.containers.demux import demux

        raw = stack.enter_context(demux(path, Resumed(raw, head)))
        head = _read_head(raw)
    return Opened(raw, head, CODECS[codec] if codec else detect_codec(head), container)


def is_byte_stream(head: bytes) -> bool:
    """Whether data that start like this are an Annex B byte stream."""
    if any(signature.match(head) for signature in _CONTAINERS):
        return False
    start = head.find(b"\0\0\1")
    return start >= 0 and (not head[:start].strip(b"\0") or b"\0\0\1" in head[:4096])


def is_reopenable(source: Source) -> bool:
    """Whether the stream can be read a second time from its start."""
    if isinstance(source, bytes):
        return True
    return isinstance(source, (str, Path)) and str(source) != "-" and Path(source).is_file()


@contextmanager
def rereadable(source: Source) -> Iterator[Source]:
    """The source itself if it can be read a second time, else a temporary copy of it on disk.

    Raises StreamError if it cannot be opened or copied.
    """
    if is_reopenable(source):
        yield source
        return
    import shutil
    import tempfile

    with ExitStack() as stack:
        raw, _ = _open_raw(source, stack)
        try:
            file = stack.enter_context(tempfile.NamedTemporaryFile(prefix="gfv-"))
            shutil.copyfileobj(raw, file)
            file.flush()
        except OSError as error:
            raise StreamError(f"cannot make a copy of the stream, which is read twice: {error.strerror}") from error
        try:
            yield file.name
        except GfvError as error:
            if error.file == file.name:
                error.file = _name_of(source)
            raise


@contextmanager
def as_file(source: str) -> Iterator[str]:
    """The path of a source, for who reads it twice or in another program; of standard input a temporary copy."""
    with rereadable(source) as path:
        yield str(path)


def standard_input() -> Any:
    """Standard input, for reading bytes. Raises StreamError if it is closed."""
    if sys.stdin is None:
        raise StreamError("standard input is closed")
    return sys.stdin.buffer


def _name_of(source: Source) -> str | None:
    """What a user calls a source; None where only the caller can know."""
    if not isinstance(source, (str, Path)):
        return None
    return "standard input" if str(source) == "-" else str(source)


def _open_raw(source: Source, stack: ExitStack) -> tuple[Any, Path | None]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return io.BytesIO(source), None
    if not isinstance(source, (str, Path)):
        if not hasattr(source, "readinto"):
            allowed = "a path, -, bytes, or a file that is open for reading bytes"
            raise StreamError("no stream", element="source", value=in_short(source), allowed=allowed)
        return source, None
    if str(source) == "-":
        file = standard_input()
        return getattr(file, "raw", file), None
    path = Path(source)
    try:
        return stack.enter_context(path.open("rb", buffering=0)), path
    except OSError as error:
        raise StreamError(f"cannot open {path}: {error.strerror}") from error
    except ValueError as error:  # a zero byte in the name
        raise StreamError(f"cannot open {str(path)!r}: {error}") from error


def _read_into(raw: Any, buffer: memoryview) -> int:
    try:
        return raw.readinto(buffer) or 0
    except OSError as error:
        raise StreamError(f"cannot read: {error.strerror}") from error


def _read_head(raw: Any) -> bytes:
    head = bytearray(_SNIFF)
    size = 0
    with memoryview(head) as view:
        while size < _SNIFF:
            got = _read_into(raw, view[size:])
            if not got:
                break
            size += got
    if not size:
        raise StreamError("the stream is empty")
    return bytes(head[:size])
