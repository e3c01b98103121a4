"""HM, the reference software of HEVC: TAppEncoder and TAppDecoder. Tried with 18.0."""

from __future__ import annotations

import re

from vtm_bridge.programs import jvet
from vtm_bridge.programs.encoder import Job
from vtm_bridge.programs.program import Kind, named

CONFIGS = {"intra": "encoder_intra_main.cfg", "lowdelay": "encoder_lowdelay_main.cfg"}

PROFILES = {
    "400": {8: "monochrome", 12: "monochrome12"},
    "420": {8: "main", 10: "main10", 12: "main12"},
    "422": {10: "main_422_10", 12: "main_422_12"},
    "444": {8: "main_444", 10: "main_444_10", 12: "main_444_12"},
}
"""HM's names of the profiles, by chroma format and by the bit depth up to which they go."""

MAX_BIT_RATES = {"4.1": 20_000_000, "5.2": 60_000_000, "6.2": 240_000_000}
"""MaxBR of the levels in the Main tier (H.265, table A.9)."""

ENCODER = Kind(
    label="HM encoder",
    purpose="codes base pictures in hevc: --encoder hm",
    variable="GFV_HM_ENCODER",
    names=named("TAppEncoder"),
    ask=("--help",),
    banner=re.compile(r"HM software: Encoder Version \[(\d[\w.]*)"),
    oldest=(16,),
)
DECODER = Kind(
    label="HM decoder",
    purpose="decodes hevc and lists its SEI messages: --decoder hm",
    variable="GFV_HM_DECODER",
    names=named("TAppDecoder"),
    ask=("--help",),
    banner=re.compile(r"HM software: Decoder Version \[(\d[\w.]*)"),
    oldest=(16,),
)


class HmEncoder(jvet.JvetEncoder):
    """``Encoder`` on HM's TAppEncoder."""

    name = "hm"
    codecs = ("hevc",)
    kind = ENCODER
    depths = (8, 9, 10, 11, 12)
    configs = CONFIGS
    config_variable = "GFV_HM_CFG"

    def command(self, job: Job) -> list[str]:
        """As ``encoder_command``."""
        return encoder_command(self.program, job)


def encoder_command(program: str, job: Job) -> list[str]:
    """The command line for a job. The stream does not say the picture rate: HM has no option for that."""
    format = job.format
    profile = next(name for depth, name in PROFILES[format.chroma].items() if format.bit_depth <= depth)
    code = jvet.siting(format)
    sited = [f"--ChromaSampleLocType{field}Field={code}" for field in ("Top", "Bottom")]
    return [
        *jvet.options(program, job, str(max(1, round(format.fps)))),
        f"--Profile={profile}",
        "--ProgressiveSource=1",
        "--FrameOnly=1",
        "--VideoSignalTypePresent=1",
        # HM writes no VUI without HRD parameters, and wants a bit rate for those; it controls nothing.
        f"--TargetBitrate={MAX_BIT_RATES[jvet.level(format)]}",
        *(sited if format.chroma == "420" else []),
        *job.settings.extra,
    ]


class HmDecoder(jvet.JvetDecoder):
    """``Decoder`` on HM's TAppDecoder; size, chroma format and depth are those that ffmpeg finds in the stream."""

    name = "hm"
    codecs = ("hevc",)
    kind = DECODER
