"""An elementary stream, or the video of a file, to pictures in output order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

from gfv_sei.containers.command import start
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import DEFAULT_TIMEOUT, Child
from vtm_bridge.codec import CODECS, Source
from vtm_bridge.ffmpeg.command import ENVIRONMENT, take_from
from vtm_bridge.ffmpeg.probe import Listener
from vtm_bridge.pictures import Picture, PictureFormat, Y4MReader

_PATIENCE = 5.0  # seconds to wait for ffmpeg's words on a stream whose first picture is already there


class FfmpegDecoder:
    """``Decoder`` on ffmpeg."""

    name = "ffmpeg"
    codecs = CODECS

    def decode(
        self, source: Source, codec: str | None = None, *, timeout: float | None = DEFAULT_TIMEOUT
    ) -> Iterator[Picture]:
        """Yield the pictures in output order; see ``decode``."""
        return decode(source, codec, timeout=timeout)


def decode(
    source: Source,
    codec: str | None = None,
    *,
    matrix: str = "bt709",
    siting: str = "left",
    fps: Fraction | None = None,
    conceal: bool = False,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> Iterator[Picture]:
    """Yield the pictures of a stream in output order, cropped as it says, at its own chroma format and bit
    depth.

    ``codec`` None lets ffmpeg find out, and then containers will do as well. ``matrix`` and ``siting`` are
    for streams that do not say (the siting of VVC never arrives); a stream without range is limited range.
    ``fps`` None takes the stream's rate, or 25 where it has none.

    What ffmpeg notices to be broken is a ToolError, after some of the pictures before the break, unless
    ``conceal`` lets ffmpeg go on with what it makes up; also a stream without any picture. Changed bits inside
    a slice often decode to wrong samples and nobody notices. Pictures whose size or samples change on the way
    (ffmpeg would convert them to the first's) are a GfvError, after some of the pictures before, and so are those
    that are coded as G, B and R.

    Closing the iterator ends ffmpeg.
    """
    words, stdin = take_from(source, codec)
    strict = [] if conceal else ["-xerror", "-err_detect", "explode"]
    _, found = open_pictures([*strict, *words, "-map", "0:v:0"], stdin, matrix, siting, fps, timeout, as_coded=True)
    yield from found


def open_pictures(
    words: list[str],
    stdin: Iterable[bytes] | Path,
    matrix: str | None,
    siting: str,
    fps: Fraction | None,
    timeout: float | None,
    *,
    as_coded: bool = False,
) -> tuple[PictureFormat, Iterator[Picture]]:
    """Run ffmpeg with these arguments for input and filters; the format of what comes out, and the pictures.

    ``matrix`` None is for sources of any origin: unsaid, it is bt601 below 720 lines and bt709 from there, as
    video players have it. ``as_coded`` refuses pictures that ffmpeg has to convert. ffmpeg runs from here until the
    iterator is used up, closed or dropped.
    """
    run = _run(words, stdin, matrix, siting, fps, timeout, as_coded)
    format = cast(PictureFormat, next(run))
    return format, cast(Iterator[Picture], run)


def _run(
    words: list[str],
    stdin: Iterable[bytes] | Path,
    matrix: str | None,
    siting: str,
    fps: Fraction | None,
    timeout: float | None,
    as_coded: bool,
) -> Iterator[PictureFormat | Picture]:
    """First the format, then the pictures."""
    output = ["-fps_mode", "passthrough", "-strict", "-1", "-f", "yuv4mpegpipe", "pipe:1"]
    command = [*start("verbose"), *words, *output]
    listener = Listener()
    with Child(command, stdin=stdin, timeout=timeout, on_stderr=listener, environment=ENVIRONMENT) as child:
        try:
            found = child.stdout.peek(1)
        except ToolError:
            if listener.info is not None and listener.info.pixels.startswith("gbr"):  # Y4M cannot hold those
                raise GfvError(
                    "the pictures are coded as G, B and R (matrix_coeffs 0)", allowed="Y' alone, or Y', Cb and Cr"
                ) from None
            raise
        if not found:
            raise ToolError("ffmpeg found no picture to decode")
        reader = Y4MReader(cast(BinaryIO, child.stdout))
        # ffmpeg describes its output before the first picture, but through another pipe.
        listener.output_began.wait(_PATIENCE)
        info = listener.info
        if matrix is None:
            matrix = "bt601" if (info.height if info else reader.format.height) < 720 else "bt709"
        format = reader.format.but(
            matrix=(info and info.matrix) or matrix,
            siting=(info and info.siting) or siting,
            fps=fps or reader.format.fps,
        )
        yield format
        for picture in reader:
            if as_coded:
                _require_unchanged(listener)
            yield Picture(format, picture.planes)
    if as_coded:  # the last words of ffmpeg have come by now
        _require_unchanged(listener)


def _require_unchanged(listener: Listener) -> None:
    if listener.changed:
        raise GfvError(f"the decoded pictures change {listener.changed}", allowed="pictures of one size and one format")
