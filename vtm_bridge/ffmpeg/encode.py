"""Pictures to an elementary stream, with libvvenc, libx265 or libx264."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from gfv_sei.containers.command import RAW_FORMAT, rate_text, start, worth_keeping
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import CHUNK, DEFAULT_TIMEOUT, OUTPUT, Child
from gfv_sei.wording import counted
from vtm_bridge.codec import CODECS, EncodeReport, EncodeSettings, Target
from vtm_bridge.colour import with_bit_depth
from vtm_bridge.ffmpeg.command import ENVIRONMENT, give_to, params
from vtm_bridge.pictures import SITINGS, Picture, PictureFormat
from vtm_bridge.pictures.raw import require_format

RANDOM_ACCESS_PERIOD = 32

DEPTHS: dict[str, dict[str, tuple[int, ...]]] = {
    "vvc": {"420": (10,)},
    "hevc": {"400": (8, 10, 12), "420": (8, 10, 12), "422": (8, 10, 12), "444": (8, 10, 12)},
    "avc": {"420": (8, 10), "422": (8, 10), "444": (8, 10)},
}
"""Chroma formats and bit depths that the bundled encoders take. 8 bits are widened where only more will do.

libx264 does write 4:0:0, but ffmpeg's decoder makes 4:2:0 of it, so what goes in would not come out.
"""

_MATRIX_NAMES = {"bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020nc"}


class FfmpegEncoder:
    """``Encoder`` on ffmpeg."""

    name = "ffmpeg"
    codecs = CODECS

    def encode(self, pictures: Iterable[Picture], out: Target, settings: EncodeSettings) -> EncodeReport:
        """Encode to an Annex B byte stream; see ``Encoder.encode``.

        8-bit pictures are widened to 10 bits for VVC, exactly. 4:2:0 takes even sizes only, 4:2:2 an even
        width. Matrix, range and siting go into the VUI (H.274; the colour primaries and the transfer
        characteristics are written as unspecified). No SEI message and no access unit delimiter is written.
        """
        began = time.monotonic()
        source = iter(pictures)
        first = next(source, None)
        if first is None:
            raise GfvError("there is no picture to encode")
        depth = _depth(first.format, settings.codec)
        counted = _Counted(first.format, depth)
        command = _command(first.format.but(bit_depth=depth), settings)
        size = 0
        written = _Written()
        feed = counted.blocks(chain((first,), source), getattr(source, "close", None))
        with give_to(out) as file:
            with Child(
                command, stdin=feed, timeout=settings.timeout, on_stderr=written, environment=ENVIRONMENT
            ) as child:
                while piece := child.stdout.read1(CHUNK):
                    file.write(piece)
                    size += len(piece)
            written.require(counted.pictures, size)
        return EncodeReport(
            bytes=size,
            pictures=counted.pictures,
            seconds=time.monotonic() - began,
            command=child.command,
            fps=first.format.fps,
        )


def encode(
    pictures: Iterable[Picture],
    out: Target,
    codec: str = "vvc",
    qp: int = 32,
    structure: str = "intra",
    *,
    intra_period: int | None = None,
    preset: str | None = None,
    threads: int = 2,
    extra: tuple[str, ...] = (),
    timeout: float | None = DEFAULT_TIMEOUT,
) -> EncodeReport:
    """Encode with ffmpeg; the arguments are those of ``EncodeSettings``."""
    settings = EncodeSettings(
        codec=codec,
        qp=qp,
        structure=structure,
        intra_period=intra_period,
        preset=preset,
        threads=threads,
        extra=extra,
        timeout=timeout,
    )
    return FfmpegEncoder().encode(pictures, out, settings)


def pixel_format(format: PictureFormat) -> str:
    """The name that ffmpeg has for a picture format's sample layout."""
    deep = "" if format.bit_depth == 8 else f"{format.bit_depth}le"
    return f"gray{deep}" if format.chroma == "400" else f"yuv{format.chroma}p{deep}"


def raw_input(format: PictureFormat) -> list[str]:
    """Arguments for raw pictures of this format on standard input, with their colour properties."""
    return [
        *("-f", "rawvideo", "-pixel_format", pixel_format(format)),
        *("-video_size", f"{format.width}x{format.height}", "-framerate", rate_text(format.fps)),
        *("-protocol_whitelist", "pipe", "-i", "pipe:0"),
        *("-vf", f"setparams={params(**_colour(format))}"),
    ]


class _Written:
    """Reads from ffmpeg's words how many access units it wrote.

    Its libvvenc wrapper takes a call that returns nothing for the end of the stream, and then exits with status 0
    and half a stream or none. The settings here avoid it as far as known; this is the net below.
    """

    def __init__(self) -> None:
        self.units: int | None = None

    def __call__(self, line: str) -> bool:
        if (found := re.search(r"(\d+) packets muxed", line)) is not None:
            self.units = int(found[1])
        return worth_keeping(line)

    def require(self, pictures: int, size: int) -> None:
        units = self.units if size else 0
        if units is not None and units != pictures:
            raise ToolError(
                f"the encoder took {counted(pictures, 'picture')} but wrote {counted(units, 'access unit')}, "
                "without an error; another number of threads may help"
            )


class _Counted:
    """Feeds an encoder: checks and counts the pictures on their way."""

    def __init__(self, format: PictureFormat, depth: int) -> None:
        self.pictures = 0
        self._format = format
        self._depth = depth

    def blocks(self, pictures: Iterable[Picture], close: Callable[[], None] | None) -> Iterator[memoryview]:
        try:
            for picture in pictures:
                require_format(self._format, picture)
                yield from with_bit_depth(picture, self._depth).blocks()
                self.pictures += 1
        finally:
            if close is not None:
                close()


def _depth(format: PictureFormat, codec: str) -> int:
    """The bit depth to encode at; GfvError if the codec cannot hold the format."""
    depths = DEPTHS[codec].get(format.chroma)
    if depths is None:
        raise _unfit(codec, "chroma", format.chroma, ", ".join(DEPTHS[codec]))
    if format.bit_depth not in depths and format.bit_depth != 8:
        raise _unfit(codec, "bit_depth", format.bit_depth, ", ".join(map(str, sorted({8, *depths}))))
    for name, chromas in (("width", ("420", "422")), ("height", ("420",))):
        if format.chroma in chromas and getattr(format, name) % 2:
            raise _unfit(codec, name, getattr(format, name), f"even numbers with chroma {format.chroma}")
    return format.bit_depth if format.bit_depth in depths else min(depths)


def _unfit(codec: str, name: str, value: object, allowed: str) -> GfvError:
    what = f"the bundled {codec} encoder does not take this format"
    return GfvError(what, element=name, value=value, allowed=allowed)


def _colour(format: PictureFormat) -> dict[str, str]:
    colour = {"colorspace": _MATRIX_NAMES[format.matrix], "range": "pc" if format.full_range else "tv"}
    if format.chroma in ("420", "422"):
        colour["chroma_location"] = format.siting
    return colour


def _command(format: PictureFormat, settings: EncodeSettings) -> list[str]:
    library = {"vvc": _vvenc, "hevc": _x265, "avc": _x264}[settings.codec]
    return [
        *start("verbose"),
        *raw_input(format),
        *("-fps_mode", "passthrough"),
        *library(format, settings),
        *("-preset", settings.preset or "medium", "-threads", str(settings.threads)),
        *settings.extra,
        *("-f", RAW_FORMAT[settings.codec], f"pipe:{OUTPUT}"),
    ]


def _vvenc(format: PictureFormat, settings: EncodeSettings) -> list[str]:
    if settings.structure == "intra":
        # The temporal pre-filter (mctf) mixes neighbouring pictures in and shifts the QP, so it gets strength 0;
        # switched off altogether, the encoder has no delay, and ffmpeg then loses the whole stream now and then.
        prefilter = "bim=0:mctfframe=8:mctfstrength=0"
        structure = f"intraperiod=1:decodingrefreshtype=idr_no_radl:intraqpoffset=0:{prefilter}"
    elif settings.structure == "lowdelay":
        # These four only work together; without numrefpics=0 the predefined structure is refused.
        period = -1 if settings.intra_period is None else settings.intra_period
        structure = f"picreordering=0:decodingrefreshtype=none:gopsize=8:numrefpics=0:intraperiod={period}"
    else:
        structure = f"poc0idr=1:intraperiod={settings.intra_period or RANDOM_ACCESS_PERIOD}:decodingrefreshtype=idr"
    vui = params(
        vuiparameterspresent=1,
        videofullrange=int(format.full_range),
        chromalocinfopresent=1,
        chromasampleloctype=SITINGS.index(format.siting),
    )
    words = f"accessunitdelimiter=0:verbosity=1:{structure}:{vui}"
    return ["-c:v", "libvvenc", "-qp", str(settings.qp), "-qpa", "0", "-vvenc-params", words]


def _x26x_structure(settings: EncodeSettings) -> dict[str, object]:
    """What x265 and x264 have in common; both call "keep the distance whatever the content" min-keyint."""
    if settings.structure == "intra":
        return {"keyint": 1, "ipratio": 1}
    if settings.structure == "lowdelay":
        never = -1 if settings.codec == "hevc" else "infinite"
        return {"bframes": 0, "keyint": settings.intra_period or never, "min_keyint": settings.intra_period}
    period = settings.intra_period or RANDOM_ACCESS_PERIOD
    return {"keyint": period, "min_keyint": period}


def _x265(format: PictureFormat, settings: EncodeSettings) -> list[str]:
    words = params(
        qp=settings.qp,
        info=0,
        log_level="error",
        open_gop=0,
        scenecut=0,
        pools=settings.threads,
        frame_threads=1,
        **_x26x_structure(settings),
    )
    return ["-c:v", "libx265", "-x265-params", words]


def _x264(format: PictureFormat, settings: EncodeSettings) -> list[str]:
    words = params(open_gop=0, scenecut=0, **_x26x_structure(settings))
    without_sei = ["-bsf:v", "filter_units=remove_types=6"]
    return ["-c:v", "libx264", "-qp", str(settings.qp), "-x264-params", words, *without_sei]
