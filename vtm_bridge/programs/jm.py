"""JM, the reference software of AVC: lencod and ldecod. Tried with 19.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar

from gfv_sei.errors import ToolError
from vtm_bridge.codec import CodedPicture, EncodeSettings
from vtm_bridge.ffmpeg import framemd5
from vtm_bridge.pictures import SITINGS, Picture, PictureFormat
from vtm_bridge.programs.config import find_config
from vtm_bridge.programs.decoder import FileDecoder
from vtm_bridge.programs.encoder import MATRIX_CODES, FileEncoder, Job
from vtm_bridge.programs.program import Kind

CONFIG_VARIABLE = "GFV_JM_CFG"
CONFIG = "encoder.cfg"


def _names(stem: str) -> tuple[str, ...]:
    return (f"{stem}_static", stem, f"{stem}.exe", f"{stem}_staticd", f"{stem}d")


ENCODER = Kind(
    label="JM encoder",
    purpose="codes base pictures in avc: --encoder jm",
    variable="GFV_JM_ENCODER",
    names=_names("lencod"),
    ask=("-v",),
    banner=re.compile(r"^JM-(\d[\w.]*)"),
    oldest=(18,),
)
DECODER = Kind(
    label="JM decoder",
    purpose="decodes avc: --decoder jm",
    variable="GFV_JM_DECODER",
    names=_names("ldecod"),
    ask=("-v",),
    banner=re.compile(r"^JM (\d[\w.]*).*: compiled"),
    oldest=(18,),
)

_CODED = re.compile(r"^(\d+)\( *(IDR|[IPB]) *\) +(\d+) +(-?\d+)" + 3 * r" +(\d+\.?\d*|inf)" + " ")
_DECODED = re.compile(r"^(\d+)\( *(IDR|[IPBb]) *\) +-?\d+ +\d+ +(-?\d+) .*?\b4:(\d:\d)\b")
# ldecod goes on after all of these and exits with status 0.
_BROKEN = re.compile(
    r"(?i)^(warning: Intra_\w+ prediction mode not allowed|error:? |error concealment|missing poc|WARNING! \w+ motion"
    r"|.*unintentional loss|.*error writing to YUV)"
)
_LARGEST_FRAME = 8192  # macroblocks, of level 4


class JmEncoder(FileEncoder):
    """``Encoder`` on JM's lencod; ``threads`` of the settings means nothing to it. AVC has no picture hash."""

    name = "jm"
    codecs = ("avc",)
    kind = ENCODER
    depths = (8, 9, 10, 12, 14)
    least_side = 16
    hashes: ClassVar[bool] = False

    def require(self, format: PictureFormat) -> None:
        """Above 8 bits lencod pads pictures wrongly, and says that chroma that is not there has 8 bits."""
        super().require(format)
        if format.bit_depth == 8:
            return
        if format.chroma == "400":
            raise self._unfit("chroma", format.chroma, "420, 422, 444 above 8 bits")
        for name in ("width", "height"):
            if getattr(format, name) % 16:
                raise self._unfit(name, getattr(format, name), "multiples of 16 above 8 bits")

    def command(self, job: Job) -> list[str]:
        """As ``encoder_command``."""
        return encoder_command(self.program, job)

    def coded_picture(self, line: str) -> CodedPicture | None:
        found = _CODED.match(line)
        if found is None:
            return None
        number, kind, bits, qp, *psnr = found.groups()
        return CodedPicture(
            number=int(number),
            kind=kind[0],
            qp=float(qp),
            bits=int(bits),
            psnr=tuple(map(float, psnr)),
        )

    def find_config(self, settings: EncodeSettings) -> Path:
        return find_config(self.program, CONFIG, CONFIG_VARIABLE, settings.preset or self.config)


def profile_idc(format: PictureFormat) -> int:
    """The High profile that holds a format."""
    if format.bit_depth > 10 or format.chroma == "444":
        return 244
    if format.chroma == "422":
        return 122
    return 100 if format.bit_depth == 8 else 110


def encoder_command(program: str, job: Job) -> list[str]:
    """The command line for a job."""
    format, settings = job.format, job.settings
    period = 1 if settings.structure == "intra" else settings.intra_period or 0
    macroblocks = -(-format.width // 16) * -(-format.height // 16)
    parameters = {
        "InputFile": job.source,
        "OutputFile": job.target,
        "ReconFile": "/dev/null",
        "SourceWidth": format.width,
        "SourceHeight": format.height,
        "OutputWidth": format.width,
        "OutputHeight": format.height,
        "StartFrame": 0,
        "FramesToBeEncoded": job.pictures,
        "FrameSkip": 0,
        "FrameRate": f"{min(100.0, max(0.1, float(format.fps))):.6f}",
        "YUVFormat": ("400", "420", "422", "444").index(format.chroma),
        "SourceBitDepthLuma": format.bit_depth,
        "SourceBitDepthChroma": format.bit_depth,
        "OutputBitDepthLuma": format.bit_depth,
        "OutputBitDepthChroma": format.bit_depth,
        "ProfileIDC": profile_idc(format),
        "LevelIDC": 40 if macroblocks <= _LARGEST_FRAME else 51,
        "IDRPeriod": period,
        "IntraPeriod": period,
        "NumberBFrames": 0,
        "QPISlice": settings.qp,
        "QPPSlice": settings.qp,
        "EnableVUISupport": 1,
        "VUI_video_signal_type_present_flag": 1,
        "VUI_video_full_range_flag": int(format.full_range),
        "VUI_colour_description_present_flag": 1,
        "VUI_matrix_coefficients": MATRIX_CODES[format.matrix],
        "VUI_chroma_location_info_present_flag": int(format.chroma == "420"),
        "VUI_chroma_sample_loc_type_top_field": SITINGS.index(format.siting),
        "VUI_chroma_sample_loc_type_bottom_field": SITINGS.index(format.siting),
        "VUI_timing_info_present_flag": 1,
        "VUI_num_units_in_tick": format.fps.denominator,
        "VUI_time_scale": 2 * format.fps.numerator,
        "VUI_fixed_frame_rate_flag": 1,
    }
    words = [word for name, value in parameters.items() for word in ("-p", f"{name}={value}")]
    return [program, "-d", str(job.config), *words, *settings.extra]


class JmDecoder(FileDecoder):
    """``Decoder`` on JM's ldecod.

    Size and depth are those that ffmpeg finds in the stream, the chroma format that of the log: ffmpeg takes 4:0:0 for
    4:2:0. AVC has no picture hash, so ldecod can check nothing, and on slices that end early or are broken it makes
    something up, or runs for ever. So ffmpeg has to get through the slices first; what else it thinks of the stream
    does not count. What ldecod notices to be broken is an error, too.
    """

    name = "jm"
    codecs = ("avc",)
    kind = DECODER

    def command(self, stream: str, output: str) -> list[str]:
        """Without a configuration file, ldecod wants an empty one."""
        values = {"InputFile": stream, "OutputFile": output, "WriteUV": 0, "Silent": 0}
        words = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
        return [self.program, "-d", "/dev/null", *words]

    def check_first(self, stream: Path, timeout: float | None) -> None:
        try:
            framemd5(stream, "avc", timeout=timeout)
        except ToolError as error:
            if any(re.search(r"error while decoding MB \d+ \d+", line) for line in error.wrote):
                raise ToolError(
                    f"a slice ends early or is broken, so the JM decoder does not get it: {error.reason}", error.wrote
                ) from error

    def decoded_picture(self, line: str) -> CodedPicture | None:
        found = _DECODED.match(line)
        return found and CodedPicture(number=int(found[1]), kind=found[2][0].upper(), qp=float(found[3]))

    def complaint(self, line: str) -> str | None:
        return line.strip() if _BROKEN.match(line) else None

    def open_output(self, file: BinaryIO, format: PictureFormat | None, log: list[str]) -> Iterator[Picture]:
        chroma = next((f"4{found[4].replace(':', '')}" for line in log if (found := _DECODED.match(line))), None)
        return super().open_output(file, format and format.but(chroma=chroma or format.chroma), log)
