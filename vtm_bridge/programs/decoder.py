"""What the adapters to decoder programs share: the stream into a file, run, pictures out of a file."""

from __future__ import annotations

import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, ClassVar

from gfv_sei.errors import GfvError, ToolError
from gfv_sei.nal.detect import detect_codec
from gfv_sei.process import CHUNK, DEFAULT_TIMEOUT
from gfv_sei.stream.source import is_byte_stream
from gfv_sei.wording import counted
from vtm_bridge.codec import CodedPicture, Progress, Source, require_codec
from vtm_bridge.ffmpeg import decode, demux_to_annexb, probe
from vtm_bridge.ffmpeg.command import pieces
from vtm_bridge.pictures import Picture, PictureFormat, RawReader
from vtm_bridge.programs.program import Kind, Log, ProgramError, disk, execute

_HEAD = 1 << 16
_PIXELS = re.compile(r"(?:gray|yuvj?(?P<chroma>4\d\d)p)(?P<depth>\d+)?(?:le)?")


class FileDecoder(ABC):
    """``Decoder`` on a program that reads a stream from a file and writes raw pictures to one.

    ``program`` is a path; None looks for it. ToolError if it is not here, is another program, or too old.
    """

    name: ClassVar[str]
    codecs: ClassVar[tuple[str, ...]]
    kind: ClassVar[Kind]
    output: ClassVar[str] = "out.yuv"

    def __init__(self, program: str | os.PathLike[str] | None = None) -> None:
        self.program = self.kind.find(program)
        self.version = self.kind.version(self.program)

    @abstractmethod
    def command(self, stream: str, output: str) -> list[str]:
        """The arguments for a run, the program first."""

    @abstractmethod
    def decoded_picture(self, line: str) -> CodedPicture | None:
        """The picture that a line of the log is about, None for any other line."""

    @abstractmethod
    def complaint(self, line: str) -> str | None:
        """What is wrong with the stream according to a line of the log, in our words; None where nothing is."""

    def check_first(self, stream: Path, timeout: float | None) -> None:  # noqa: B027  # there is nothing to check
        """Raise ToolError for a stream that the program must not see."""

    def open_output(self, file: BinaryIO, format: PictureFormat | None, log: list[str]) -> Iterator[Picture]:
        """The pictures in the output file; ``format`` as ``known_format``."""
        if format is None:
            raise ToolError("the size of the pictures is not known: ffmpeg does not understand the stream")
        return RawReader(file, format)

    def decode(
        self,
        source: Source,
        codec: str | None = None,
        *,
        timeout: float | None = DEFAULT_TIMEOUT,
        progress: Progress | None = None,
    ) -> Iterator[Picture]:
        """Yield the pictures in output order; see ``Decoder.decode``.

        The program has decoded the whole stream, and checked the picture hashes in it, before the first picture comes
        out. A hash that does not fit is a ProgramError, and so is all else that the log complains about; it has the
        whole log. ``progress`` is called with each picture as it is decoded; what it raises ends the program.
        Containers do as well as byte streams. Matrix, range, siting and rate are those that ffmpeg finds in the
        stream, else bt709, limited, left and 25.
        """
        if codec is not None:
            require_codec(codec)
        with disk("make a temporary folder"):
            folder = TemporaryDirectory(prefix="gfv-decode-")
        with folder as name:
            place = Path(name)
            stream = stream_file(source, place)
            # Some programs take names apart; behind a link of ours, any name will do.
            (place / "link.bin").symlink_to(stream)
            codec = self._require(stream, codec)
            self.check_first(stream, timeout)
            format = known_format(stream, codec, timeout)
            decoded: list[CodedPicture] = []
            complaints: list[str] = []

            def listen(line: str) -> None:
                picture = self.decoded_picture(line)
                if picture is not None:
                    decoded.append(picture)
                wrong = self.complaint(line)
                if wrong is not None:
                    complaints.append(wrong)
                if picture is not None and progress is not None:
                    progress(picture)

            log = Log()
            try:
                execute(self.command("link.bin", self.output), place, self.kind.label, timeout, log=log, on_line=listen)
            except ProgramError as error:
                if not complaints:
                    raise
                raise _complain(self.kind, complaints, log) from error
            if complaints:
                raise _complain(self.kind, complaints, log)
            output = place / self.output
            if not decoded:
                raise ProgramError(f"the {self.kind.label} found no picture to decode", log.lines)
            if not output.is_file() or not output.stat().st_size:
                raise ProgramError(
                    f"the {self.kind.label} decoded {counted(len(decoded), 'picture')} but wrote none", log.lines
                )
            count = 0
            with output.open("rb") as file:
                try:
                    for picture in self.open_output(file, format, log.lines):
                        yield picture
                        count += 1
                except ProgramError:
                    raise
                except GfvError as error:
                    # Reference decoders do not look whether the disk took what they wrote.
                    raise ProgramError(
                        f"the {self.kind.label} wrote pictures that cannot be read: {error}", log.lines
                    ) from error
            if count < len(decoded) and shutil.disk_usage(place).free < output.stat().st_size // max(count, 1):
                raise ProgramError(
                    f"the {self.kind.label} decoded {counted(len(decoded), 'picture')} but wrote {count}: "
                    "the disk is full",
                    log.lines,
                )

    def _require(self, stream: Path, codec: str | None) -> str:
        """The codec of the stream, if it is one of the decoder's."""
        with stream.open("rb") as file:
            head = file.read(_HEAD)
        if not head:
            raise ToolError("the stream is empty")
        codec = codec or detect_codec(head).name
        if codec not in self.codecs:
            raise GfvError(
                f"the {self.kind.label} does not decode this",
                element="codec",
                value=codec,
                allowed=", ".join(self.codecs),
            )
        return codec


def _complain(kind: Kind, complaints: list[str], log: Log) -> ProgramError:
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    return ProgramError(f"the {kind.label} says: {complaints[0]}{more}", log.lines)


def stream_file(source: Source, place: Path) -> Path:
    """The source as a file of an Annex B byte stream: itself, where it is one, else a copy in the folder."""
    if isinstance(source, str | os.PathLike):
        path = Path(source).absolute()
        if not path.exists():
            raise GfvError(f"there is no file {path}")
        if path.is_file():
            with path.open("rb") as file:
                plain = is_byte_stream(file.read(_HEAD))
            if plain:
                return path
            return _copied(demux_to_annexb(path), place / "stream.bin")
        with path.open("rb") as file:  # a pipe
            return stream_file(iter(lambda: file.read(CHUNK), b""), place)
    path = _copied(pieces(source), place / "stream.bin")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head or is_byte_stream(head):
        return path
    return _copied(demux_to_annexb(path), place / "demuxed.bin")


def _copied(data: object, path: Path) -> Path:
    iterator = iter(data)  # type: ignore[call-overload]
    with disk("write the stream for the decoder"), path.open("wb") as file:
        for piece in iterator:
            file.write(piece)
    return path


def known_format(stream: Path, codec: str, timeout: float | None) -> PictureFormat | None:
    """The format of the pictures of a stream as far as ffmpeg knows it, None where it does not understand the stream.

    That is the format of the first picture that it decodes, which knows the rate better than the description of the
    stream; where it cannot decode the first picture, what it says of the stream.
    """
    with suppress(ToolError):
        pictures: Any = decode(stream, codec, timeout=timeout)
        with closing(pictures):
            first: Picture | None = next(pictures, None)
            if first is not None:
                return first.format
    with suppress(ToolError):
        info = probe(stream, timeout=timeout)
        found = _PIXELS.fullmatch(info.pixels)
        if found is not None:
            format = PictureFormat(info.width, info.height, found["chroma"] or "400", int(found["depth"] or 8))
            return format.but(
                matrix=info.matrix or format.matrix,
                full_range=bool(info.full_range),
                siting=info.siting or format.siting,
                fps=info.fps or format.fps,
            )
    return None
