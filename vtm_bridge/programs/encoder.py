"""What the adapters to encoder programs share: raw pictures into a file, run, the stream out of a file."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import FileIO
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from gfv_sei.errors import GfvError
from gfv_sei.process import CHUNK
from gfv_sei.stream.target import open_target
from gfv_sei.wording import counted
from vtm_bridge.codec import CodedPicture, EncodeReport, EncodeSettings, Progress, Target, require_codec
from vtm_bridge.pictures import Picture, PictureFormat
from vtm_bridge.pictures.raw import require_format
from vtm_bridge.programs.program import Kind, ProgramError, disk, execute

MATRIX_CODES = {"bt709": 1, "bt601": 6, "bt2020": 9}
"""MatrixCoefficients of H.273."""

STRUCTURES = ("intra", "lowdelay")


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One run of an encoder; everything that its command line depends on.

    pictures       in the raw file ``source``; the stream goes to ``target``
    config         the configuration file, None for programs without
    picture_hash   whether an MD5 of each decoded picture goes along as an SEI message
    """

    format: PictureFormat
    settings: EncodeSettings
    pictures: int
    source: str
    target: str
    config: Path | None = None
    picture_hash: bool = False


class FileEncoder(ABC):
    """``Encoder`` on a program that reads a raw file and writes a stream.

    ``program`` is a path; None looks for it. ``config`` is a configuration file instead of the usual one; the
    ``preset`` of the settings does the same, as a path or as the name of one beside the program. ``picture_hash``
    asks for an MD5 of each picture in the stream, as an SEI message, which decoders then check. ToolError if the
    program is not here, is another program, or too old.
    """

    name: ClassVar[str]
    codecs: ClassVar[tuple[str, ...]]
    kind: ClassVar[Kind]

    depths: ClassVar[tuple[int, ...]]
    chromas: ClassVar[tuple[str, ...]] = ("400", "420", "422", "444")

    least_side: ClassVar[int] = 1

    sequences_apart: ClassVar[bool] = False
    """Whether a coded video sequence is a run of its own, because the program sets no IDR pictures where we need them.

    Their streams are put one after the other. In AVC that would not do: idr_pic_id has to change.
    """

    hashes: ClassVar[bool] = True

    def __init__(
        self,
        program: str | os.PathLike[str] | None = None,
        *,
        config: str | os.PathLike[str] | None = None,
        picture_hash: bool = False,
    ) -> None:
        self.program = self.kind.find(program)
        self.version = self.kind.version(self.program)
        self.config = config
        self.picture_hash = picture_hash
        if picture_hash and not self.hashes:
            raise GfvError(
                f"the {self.kind.label} writes no picture hashes that hold", element="picture_hash", value=True
            )

    @abstractmethod
    def command(self, job: Job) -> list[str]:
        """The arguments for a run, the program first."""

    @abstractmethod
    def coded_picture(self, line: str) -> CodedPicture | None:
        """The picture that a line of the log is about, None for any other line."""

    def rest_of_log(self, place: Path) -> list[str]:
        """Lines about the pictures that the program leaves in a file of its folder instead of its log."""
        return []

    def find_config(self, settings: EncodeSettings) -> Path | None:
        """The configuration file for these settings; None where the program has none."""
        return None

    def encode(
        self, pictures: Iterable[Picture], out: Target, settings: EncodeSettings, *, progress: Progress | None = None
    ) -> EncodeReport:
        """Encode to an Annex B byte stream; see ``Encoder.encode``.

        Bit depth and chroma format stay as they are. Matrix, range and siting go into the VUI. ``progress`` is called
        with each picture as it is coded; what it raises ends the encoder. The time-out is for each run of the
        program; where a coded video sequence is a run of its own, ``intra`` has a run for each picture.
        ProgramError, with the whole log, if the program fails or writes less than it says.
        """
        began = time.monotonic()
        require_codec(settings.codec)
        if settings.codec not in self.codecs:
            raise self._unfit("codec", settings.codec, ", ".join(self.codecs))
        if settings.structure not in STRUCTURES:
            raise self._unfit("structure", settings.structure, ", ".join(STRUCTURES))
        source = iter(pictures)
        try:
            first = next(source, None)
            if first is None:
                raise GfvError("there is no picture to encode")
            self.require(first.format)
            job = Job(
                format=first.format,
                settings=settings,
                pictures=0,
                source="in.yuv",
                target="out.bin",
                config=self.find_config(settings),
                picture_hash=self.picture_hash,
            )
            coded: list[CodedPicture] = []
            size = 0
            command: list[str] = []
            with open_target(Path(out) if isinstance(out, str | os.PathLike) else out) as file:
                for sequence in self._sequences(chain((first,), source), settings):
                    with disk("make a temporary folder"):
                        folder = TemporaryDirectory(prefix="gfv-encode-")
                    with folder as place:
                        command, more, written = self._run(sequence, Path(place), job, len(coded), progress, file)
                    coded += more
                    size += written
        finally:
            close = getattr(source, "close", None)
            if close is not None:
                close()
        return EncodeReport(
            bytes=size,
            pictures=len(coded),
            seconds=time.monotonic() - began,
            command=tuple(command),
            fps=first.format.fps,
            coded=tuple(coded),
        )

    def require(self, format: PictureFormat) -> None:
        """GfvError, saying what is allowed, unless the program takes this format."""
        if format.bit_depth not in self.depths:
            raise self._unfit("bit_depth", format.bit_depth, ", ".join(map(str, self.depths)))
        if format.chroma not in self.chromas:
            raise self._unfit("chroma", format.chroma, ", ".join(self.chromas))
        for name in ("width", "height"):
            if getattr(format, name) < self.least_side:
                raise self._unfit(name, getattr(format, name), f"{self.least_side} or more")
        for name, halved in (("width", ("420", "422")), ("height", ("420",))):
            if format.chroma in halved and getattr(format, name) % 2:
                raise self._unfit(name, getattr(format, name), f"even numbers with chroma {format.chroma}")

    def _unfit(self, name: str, value: object, allowed: str) -> GfvError:
        return GfvError(f"the {self.kind.label} does not take this", element=name, value=value, allowed=allowed)

    def _length(self, settings: EncodeSettings) -> float:
        if not self.sequences_apart:
            return float("inf")
        return 1 if settings.structure == "intra" else settings.intra_period or float("inf")

    def _sequences(self, pictures: Iterator[Picture], settings: EncodeSettings) -> Iterator[Iterator[Picture]]:
        """The pictures of each run; none of them is empty."""
        length = self._length(settings)
        for picture in pictures:
            rest = islice(pictures, int(length) - 1) if length != float("inf") else pictures
            yield chain((picture,), rest)

    def _run(
        self, pictures: Iterator[Picture], place: Path, job: Job, before: int, progress: Progress | None, out: Any
    ) -> tuple[list[str], list[CodedPicture], int]:
        count = 0
        with ExitStack() as stack:
            with disk("write the pictures for the encoder"):
                raw = stack.enter_context((place / job.source).open("wb", buffering=0))
            for picture in pictures:
                require_format(job.format, picture)
                with disk("write the pictures for the encoder"):
                    for block in picture.blocks():
                        _write(raw, block)
                count += 1
        coded: list[CodedPicture] = []

        def listen(line: str) -> None:
            picture = self.coded_picture(line)
            if picture is not None:
                # Without chroma, some print zeros for its PSNR.
                psnr = picture.psnr[:1] if job.format.chroma == "400" else picture.psnr
                coded.append(replace(picture, number=before + picture.number, psnr=psnr))
                if progress is not None:
                    progress(coded[-1])

        command = self.command(replace(job, pictures=count))
        log = execute(command, place, self.kind.label, job.settings.timeout, on_line=listen)
        for line in self.rest_of_log(place):
            log.append(line)
            listen(line)
        # Reference encoders do not look whether the disk took what they wrote.
        stream = place / job.target
        size = stream.stat().st_size if stream.is_file() else 0
        if len(coded) != count:
            raise ProgramError(f"the {self.kind.label} took {counted(count, 'picture')} but coded {len(coded)}", log)
        promised = sum(picture.bits or 0 for picture in coded)
        if not size or 8 * size < promised:
            raise ProgramError(
                f"the {self.kind.label} wrote {counted(size, 'byte')} of a stream of {promised / 8:.0f}: "
                "is the disk full?",
                log,
            )
        with stream.open("rb") as file:
            while piece := file.read(CHUNK):
                with disk("write the stream"):
                    out.write(piece)
        with disk("write the stream"):
            out.flush()
        return command, coded, size


def _write(raw: FileIO, block: memoryview) -> None:
    """Write all of a block: a raw file takes what fits on the disk, and says so only when nothing does."""
    while block:
        block = block[raw.write(block) :]
