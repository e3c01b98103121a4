"""x265, an HEVC encoder, as a program. Tried with 3.5."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import ClassVar

from vtm_bridge.codec import CodedPicture
from vtm_bridge.pictures import SITINGS
from vtm_bridge.programs.encoder import FileEncoder, Job
from vtm_bridge.programs.program import Kind

ENCODER = Kind(
    label="x265 encoder",
    purpose="codes base pictures in hevc: --encoder x265",
    variable="GFV_X265",
    names=("x265",),
    ask=("--version",),
    banner=re.compile(r"HEVC encoder version (\d[\w.]*)"),
    oldest=(3,),
)

MATRIX_NAMES = {"bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020nc"}

_TABLE = "pictures.csv"


class X265Encoder(FileEncoder):
    """``Encoder`` on the x265 program.

    It tells of its pictures in a table, so ``progress`` comes at the end. It has an option for picture hashes, but
    those of 3.5 do not always fit.
    """

    name = "x265"
    codecs = ("hevc",)
    kind = ENCODER
    depths = (8, 10, 12)
    least_side = 16
    hashes: ClassVar[bool] = False

    def command(self, job: Job) -> list[str]:
        """As ``encoder_command``."""
        return encoder_command(self.program, job)

    def rest_of_log(self, place: Path) -> list[str]:
        table = place / _TABLE
        return table.read_text().splitlines() if table.exists() else []

    def coded_picture(self, line: str) -> CodedPicture | None:
        # Encode order, type, POC, QP, bits, scene cut, PSNR of Y, U, V, ...
        row = [cell.strip() for cell in next(csv.reader([line]), [])]
        if len(row) < 9 or not re.fullmatch(r"[IPBipb]-SLICE", row[1]):
            return None
        psnr = tuple(float(cell) for cell in row[6:9] if re.fullmatch(r"\d+(\.\d+)?", cell))
        return CodedPicture(
            number=int(row[0]),
            kind=row[1][0].upper(),
            qp=float(row[3]),
            bits=int(row[4]),
            psnr=psnr,
        )


def encoder_command(program: str, job: Job) -> list[str]:
    """The command line for a job."""
    format, settings = job.format, job.settings
    if settings.structure == "intra":
        structure = ["--keyint", "1", "--ipratio", "1"]
    else:
        period = settings.intra_period or -1
        structure = ["--keyint", str(period), "--bframes", "0"]
        structure += ["--min-keyint", str(period)] if settings.intra_period else []
    side = min(format.width, format.height)
    return [
        program,
        *("--input", job.source, "--input-res", f"{format.width}x{format.height}"),
        *("--fps", f"{format.fps.numerator}/{format.fps.denominator}", "--frames", str(job.pictures)),
        *("--input-csp", f"i{format.chroma}", "--input-depth", str(format.bit_depth)),
        *("--output-depth", str(format.bit_depth), "--output", job.target),
        *("--preset", settings.preset or "medium", "--qp", str(settings.qp), *structure),
        *("--no-open-gop", "--no-scenecut", "--no-info", "--no-progress"),
        *("--pools", str(settings.threads), "--frame-threads", "1"),
        # A picture has to hold a coding tree unit.
        *(["--ctu", "32" if side >= 32 else "16"] if side < 64 else []),
        *("--colormatrix", MATRIX_NAMES[format.matrix], "--range", "full" if format.full_range else "limited"),
        *(["--chromaloc", str(SITINGS.index(format.siting))] if format.chroma == "420" else []),
        *("--psnr", "--csv", _TABLE, "--csv-log-level", "1"),
        *settings.extra,
    ]
