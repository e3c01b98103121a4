"""VTM, the reference software of VVC: EncoderApp and DecoderApp. Tried with 24.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from vtm_bridge.pictures import Picture, PictureFormat, Y4MReader
from vtm_bridge.programs import jvet
from vtm_bridge.programs.encoder import Job
from vtm_bridge.programs.program import Kind, ProgramError, named

CONFIGS = {"intra": "encoder_intra_vtm.cfg", "lowdelay": "encoder_lowdelay_vtm.cfg"}

ENCODER = Kind(
    label="VTM encoder",
    purpose="codes base pictures in vvc: --encoder vtm",
    variable="GFV_VTM_ENCODER",
    names=named("EncoderApp"),
    ask=("--help",),
    banner=re.compile(r"VTM Encoder Version (\d[\w.]*)"),
    oldest=(20,),
)
DECODER = Kind(
    label="VTM decoder",
    purpose="decodes vvc and lists its SEI messages: --decoder vtm",
    variable="GFV_VTM_DECODER",
    names=named("DecoderApp"),
    ask=("--help",),
    banner=re.compile(r"VTM Decoder Version (\d[\w.]*)"),
    oldest=(20,),
)


class VtmEncoder(jvet.JvetEncoder):
    """``Encoder`` on VTM's EncoderApp."""

    name = "vtm"
    codecs = ("vvc",)
    kind = ENCODER
    depths = (8, 9, 10, 12)
    configs = CONFIGS
    config_variable = "GFV_VTM_CFG"

    def command(self, job: Job) -> list[str]:
        """As ``encoder_command``."""
        return encoder_command(self.program, job)


def encoder_command(program: str, job: Job) -> list[str]:
    """The command line for a job."""
    fps = job.format.fps
    sited = [f"--ChromaSampleLocType={jvet.siting(job.format)}"] if job.format.chroma == "420" else []
    return [
        *jvet.options(program, job, f"{fps.numerator}/{fps.denominator}"),
        "--ProgressiveSource=1",
        *sited,
        *job.settings.extra,
    ]


class VtmDecoder(jvet.JvetDecoder):
    """``Decoder`` on VTM's DecoderApp.

    It writes Y4M, which says size, chroma format and depth; the siting of chroma only at 8 bits.
    """

    name = "vtm"
    codecs = ("vvc",)
    kind = DECODER
    output = "out.y4m"

    def open_output(self, file: BinaryIO, format: PictureFormat | None, log: list[str]) -> Iterator[Picture]:
        header = file.readline(256)
        if not header.startswith(b"YUV4MPEG2 "):
            raise ProgramError(f"VTM {self.version} wrote no Y4M file, which we need; 24.0 can", log)
        file.seek(0)
        reader = Y4MReader(file)
        # It says 50 pictures per second where it does not know, and the siting at 8 bits only.
        found = reader.format.but(fps=Fraction(25))
        if not re.search(rb" C420(jpeg|mpeg2|paldv)\b", header):
            found = found.but(siting="left")
        if format is not None:
            found = found.but(matrix=format.matrix, full_range=format.full_range, fps=format.fps)
        return (Picture(found, picture.planes) for picture in reader)
