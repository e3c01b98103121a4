"""What an encoder is asked for and what it answers, and the interfaces that adapters implement."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Protocol

from gfv_sei.errors import GfvError
from gfv_sei.nal.codec import CODEC_NAMES
from gfv_sei.process import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from vtm_bridge.pictures import Picture

CODECS = CODEC_NAMES
STRUCTURES = ("intra", "lowdelay", "randomaccess")

Source = str | os.PathLike[str] | bytes | BinaryIO | Iterable[bytes]
"""An encoded stream: a path (also as str), its bytes, an open binary file, or an iterable of pieces."""

Target = str | os.PathLike[str] | BinaryIO
"""Where an encoded stream goes: a path, or a binary file open for writing, which may be a pipe."""

MAX_QP = {"vvc": 63, "hevc": 51, "avc": 51}


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodeSettings:
    """What to encode and how; raises GfvError, naming the attribute, if one is out of range.

    codec         "vvc", "hevc" or "avc"
    qp            constant quantisation parameter, 0 to 63 for VVC, 0 to 51 for the others. Exact for every picture
                  of the structure "intra"; in the others it is the base to which the encoder adds its
                  offsets by picture type and layer, as the reference encoders do
    structure     "intra": each picture an IDR picture. "lowdelay": one IDR picture, then pictures in output order.
                  "randomaccess": IDR pictures at regular distance, between them pictures that are reordered
    intra_period  pictures from one IDR picture to the next. None is no further one for "lowdelay" and 32 for
                  "randomaccess"; "intra" has no choice
    preset        the encoder's own word for speed against rate, None for its "medium"
    threads       the same settings with the same number of threads give the same bytes each time
    extra         arguments for the encoder program as they are, after all others
    timeout       seconds, as in ``gfv_sei.process.Child``; None for no limit
    """

    codec: str
    qp: int = 32
    structure: str = "intra"
    intra_period: int | None = None
    preset: str | None = None
    threads: int = 2
    extra: tuple[str, ...] = ()
    timeout: float | None = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        require_codec(self.codec)
        if self.structure not in STRUCTURES:
            raise _not_so("structure", self.structure, ", ".join(STRUCTURES))
        if not 0 <= self.qp <= MAX_QP[self.codec]:
            raise _not_so("qp", self.qp, f"0 to {MAX_QP[self.codec]} for {self.codec}")
        if self.threads < 1:
            raise _not_so("threads", self.threads, "1 or more")
        if self.intra_period is not None:
            if self.structure == "intra":
                raise _not_so("intra_period", self.intra_period, 'None with the structure "intra"')
            if self.intra_period < 2:
                raise _not_so("intra_period", self.intra_period, "2 or more, or None")


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedPicture:
    """A coded picture as an encoder's or a decoder's log tells it.

    number   in output order from 0; in the log of a decoder of several coded video sequences, within its own
    kind     "I", "P" or "B"
    qp       of its slices
    bits     of its NAL units as the program counts them; None from a decoder
    psnr     Y, Cb and Cr in dB (Y alone for 4:0:0), empty where the log does not tell
    """

    number: int
    kind: str
    qp: float
    bits: int | None = None
    psnr: tuple[float, ...] = ()


Progress = Callable[[CodedPicture], object]
"""Called with each picture as soon as the program's log tells of it. What it raises ends the program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodeReport:
    """What came out of an encoder.

    bytes     of the elementary stream: all NAL units, parameter sets included, with their start codes
    pictures  pictures that went in; each gives one access unit
    seconds   wall-clock time of the whole run, which includes making the pictures where they come from a
              generator
    command   the program and its arguments; the last of several runs
    coded     each picture as the program's log tells it, in coding order; empty from ffmpeg
    """

    bytes: int
    pictures: int
    seconds: float
    command: tuple[str, ...]
    fps: Fraction
    coded: tuple[CodedPicture, ...] = ()

    @property
    def bits_per_second(self) -> float:
        """Rate at the pictures' own rate; counts what ``bytes`` counts."""
        return float(8 * self.bytes * self.fps / self.pictures)


class Encoder(Protocol):
    """Turns pictures into an elementary stream."""

    name: str
    codecs: tuple[str, ...]

    def encode(self, pictures: Iterable[Picture], out: Target, settings: EncodeSettings) -> EncodeReport:
        """Encode to an Annex B byte stream.

        All pictures have the first one's format. Raises GfvError if they do not, if there is none, or if
        the codec cannot hold the format; ToolError if the program is missing, fails, or takes too long. A
        path holds a whole stream or is not touched.
        """


class Decoder(Protocol):
    """Turns an elementary stream into pictures."""

    name: str
    codecs: tuple[str, ...]

    def decode(
        self, source: Source, codec: str | None = None, *, timeout: float | None = DEFAULT_TIMEOUT
    ) -> Iterator[Picture]:
        """Yield the pictures in output order; closing the iterator ends the program.

        ``codec`` None finds it out from the stream. Raises GfvError for a codec the decoder does not know and
        ToolError if the program is missing, fails, or takes too long.
        """


def require_codec(codec: str) -> None:
    """GfvError unless the codec is one of CODECS."""
    if codec not in CODECS:
        raise GfvError("not a codec of ours", element="codec", value=codec, allowed=", ".join(CODECS))


def _not_so(name: str, value: object, allowed: str) -> GfvError:
    return GfvError("this cannot be encoded", element=name, value=value, allowed=allowed)
