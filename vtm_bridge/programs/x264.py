"""x264, an AVC encoder, as a program. Tried with core 164."""

from __future__ import annotations

import re
from typing import ClassVar

from vtm_bridge.codec import CodedPicture
from vtm_bridge.pictures import SITINGS
from vtm_bridge.programs.encoder import FileEncoder, Job
from vtm_bridge.programs.program import Kind
from vtm_bridge.programs.x265 import MATRIX_NAMES

ENCODER = Kind(
    label="x264 encoder",
    purpose="codes base pictures in avc: --encoder x264",
    variable="GFV_X264",
    names=("x264",),
    ask=("--version",),
    banner=re.compile(r"^x264 (\d[\w.]*)"),
)

_CODED = re.compile(r"frame= *(\d+) QP=(-?\d+\.?\d*) .*?Slice:([IPBipb]) .*?size=(\d+) bytes(.*)")
_PSNR = re.compile(r"\b[YUV]:(\d+\.?\d*|inf)")


class X264Encoder(FileEncoder):
    """``Encoder`` on the x264 program, which writes its settings into the stream as an SEI message."""

    name = "x264"
    codecs = ("avc",)
    kind = ENCODER
    depths = (8, 10)
    chromas = ("420", "422", "444")
    hashes: ClassVar[bool] = False

    def command(self, job: Job) -> list[str]:
        """As ``encoder_command``."""
        return encoder_command(self.program, job)

    def coded_picture(self, line: str) -> CodedPicture | None:
        found = _CODED.search(line)
        if found is None:
            return None
        number, qp, kind, size, rest = found.groups()
        return CodedPicture(
            number=int(number),
            kind=kind.upper(),
            qp=float(qp),
            bits=8 * int(size),
            psnr=tuple(map(float, _PSNR.findall(rest))),
        )


def encoder_command(program: str, job: Job) -> list[str]:
    """The command line for a job."""
    format, settings = job.format, job.settings
    if settings.structure == "intra":
        structure = ["--keyint", "1", "--ipratio", "1"]
    else:
        structure = ["--keyint", str(settings.intra_period or "infinite"), "--bframes", "0"]
        structure += ["--min-keyint", str(settings.intra_period)] if settings.intra_period else []
    return [
        program,
        *("--demuxer", "raw", "--muxer", "raw", "--input-res", f"{format.width}x{format.height}"),
        *("--fps", f"{format.fps.numerator}/{format.fps.denominator}", "--frames", str(job.pictures)),
        *("--input-csp", f"i{format.chroma}", "--input-depth", str(format.bit_depth)),
        *("--output-csp", f"i{format.chroma}", "--output-depth", str(format.bit_depth), "--output", job.target),
        *("--preset", settings.preset or "medium", "--qp", str(settings.qp), *structure),
        *("--no-scenecut", "--threads", str(settings.threads), "--verbose", "--psnr", "--no-progress"),
        *("--colormatrix", MATRIX_NAMES[format.matrix], "--range", "pc" if format.full_range else "tv"),
        *("--input-range", "pc" if format.full_range else "tv"),
        *(["--chromaloc", str(SITINGS.index(format.siting))] if format.chroma == "420" else []),
        *settings.extra,
        job.source,
    ]
