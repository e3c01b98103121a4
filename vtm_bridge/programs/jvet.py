"""What VTM and HM have in common: configuration files, options, log lines, levels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from vtm_bridge.codec import CodedPicture, EncodeSettings
from vtm_bridge.pictures import SITINGS, PictureFormat
from vtm_bridge.programs.config import find_config
from vtm_bridge.programs.decoder import FileDecoder
from vtm_bridge.programs.encoder import MATRIX_CODES, FileEncoder, Job

# The decoders set the QP in three columns: "QP 32", "QP  5", "QP-12".
_PICTURE = re.compile(
    r"^POC +(?P<poc>-?\d+) .*?\(.*?\b(?P<kind>[IPBipb])-SLICE,.*?\bQP *(?P<qp>-?\d+) \)"
    r"(?: +(?P<bits>\d+) bits)?(?P<rest>.*)"
)
_PSNR = re.compile(r"\b[YUV] +(-?\d+\.?\d*|inf|-?nan) dB")
_MISMATCH = re.compile(r"\(\*\*\*ERROR\*\*\*\)")

# Level, luma samples of a picture, of a side (the root of eight times as many); the same in H.265 and H.266. Lower
# levels would hold small pictures, too, but hardly their bits at a low QP.
_LEVELS = (("4.1", 2_228_224, 4222), ("5.2", 8_912_896, 8444), ("6.2", 35_651_584, 16888))


def level(format: PictureFormat) -> str:
    """A level whose limits on the picture size the format keeps."""
    for name, samples, side in _LEVELS:
        if format.width * format.height <= samples and max(format.width, format.height) <= side:
            return name
    return _LEVELS[-1][0]


def options(program: str, job: Job, frame_rate: str) -> list[str]:
    """The arguments that both encoders take."""
    format, settings = job.format, job.settings
    assert job.config is not None
    return [
        program,
        *("-c", str(job.config), "-i", job.source, "-b", job.target, "-o", "/dev/null"),
        f"--SourceWidth={format.width}",
        f"--SourceHeight={format.height}",
        f"--FrameRate={frame_rate}",
        f"--FramesToBeEncoded={job.pictures}",
        "--FrameSkip=0",
        "--TemporalSubsampleRatio=1",
        f"--InputBitDepth={format.bit_depth}",
        f"--InternalBitDepth={format.bit_depth}",
        f"--InputChromaFormat={format.chroma}",
        f"--ChromaFormatIDC={format.chroma}",
        "--ConformanceWindowMode=1",
        f"--QP={settings.qp}",
        f"--Level={level(format)}",
        f"--SEIDecodedPictureHash={int(job.picture_hash)}",
        "--VuiParametersPresent=1",
        "--ColourDescriptionPresent=1",
        "--ColourPrimaries=2",
        "--TransferCharacteristics=2",
        f"--MatrixCoefficients={MATRIX_CODES[format.matrix]}",
        f"--VideoFullRange={int(format.full_range)}",
        f"--ChromaLocInfoPresent={int(format.chroma == '420')}",
    ]


def siting(format: PictureFormat) -> int:
    """ChromaLocType of H.273."""
    return SITINGS.index(format.siting)


def picture_of(line: str) -> CodedPicture | None:
    """The picture of a log line of either program, encoder or decoder."""
    found = _PICTURE.match(line)
    if found is None:
        return None
    values = _PSNR.findall(found["rest"])
    bits = found["bits"]
    return CodedPicture(
        number=int(found["poc"]),
        kind=found["kind"].upper(),
        qp=float(found["qp"]),
        bits=None if bits is None else int(bits),
        psnr=tuple(map(float, values)),
    )


def complaint(line: str) -> str | None:
    """What either decoder says of a picture that does not fit its hash."""
    if not _MISMATCH.search(line):
        return None
    picture = picture_of(line)
    which = "a picture" if picture is None else f"the picture with POC {picture.number}"
    return f"{which} does not have the hash that the stream gives for it"


class JvetEncoder(FileEncoder):
    """``Encoder`` on VTM's or HM's; ``threads`` of the settings means nothing to them.

    configs           name of the configuration file beside the program, by structure
    config_variable   environment variable that names another
    """

    configs: ClassVar[Mapping[str, str]]
    config_variable: ClassVar[str]
    sequences_apart: ClassVar[bool] = True

    def coded_picture(self, line: str) -> CodedPicture | None:
        return picture_of(line)

    def find_config(self, settings: EncodeSettings) -> Path:
        wish = settings.preset or self.config
        return find_config(self.program, self.configs[settings.structure], self.config_variable, wish)


class JvetDecoder(FileDecoder):
    """``Decoder`` on VTM's or HM's."""

    def command(self, stream: str, output: str) -> list[str]:
        """The arguments for either decoder: native bit depth, hashes checked."""
        return [self.program, "-b", stream, "-o", output, "-d", "0", "--SEIDecodedPictureHash=1"]

    def decoded_picture(self, line: str) -> CodedPicture | None:
        return picture_of(line)

    def complaint(self, line: str) -> str | None:
        return complaint(line)
