"""The main job, once through: ``make demo``, or ``python -m generators.demo --video clip.mp4 --out demo-out``.

For each codec: base pictures coded, tracked points written as GFV messages, the stream inspected, base pictures
decoded again from it, all other pictures generated. What comes out: the input as an MP4, the streams, an MP4 with
source, repeated base picture and generated picture side by side, a contact sheet, and a table of bytes and quality.

Without a clip of one's own the input is made from the portrait that scikit-image ships (Eileen Collins, NASA, public
domain), set in motion by a camera path.
"""

from __future__ import annotations

import os

# OpenBLAS threads wait by spinning, which on small matrices only takes time from everybody else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from generators.commands.values import size
from generators.pictures import to_planes
from generators.pipeline.decode import Player
from generators.pipeline.encode import EncodeSummary, encode_video
from generators.pipeline.output import pixels
from generators.quality import psnr_luma
from generators.registry import load_generator
from gfv_sei.cli.inspect_text import text_lines
from gfv_sei.cli.inspection import Inspection
from gfv_sei.errors import GfvError
from gfv_sei.extras import lacking
from gfv_sei.stream.target import open_target
from gfv_sei.wording import counted
from vtm_bridge import EncodeSettings
from vtm_bridge.colour import from_rgb8, to_rgb8
from vtm_bridge.ffmpeg import probe, read_video, write_mp4
from vtm_bridge.pictures import Picture, PictureFormat
from vtm_bridge.pictures.png import write_png

Pixels = NDArray[np.uint8]

SIDE = 256
PICTURES = 100
LONGEST = 250
LARGEST = 512
FPS = Fraction(25)
ENDINGS = {"vvc": "266", "hevc": "265", "avc": "264"}
COLUMNS = 8


class Result(NamedTuple):
    """What the demo found for one codec."""

    summary: EncodeSummary
    repeated: float
    generated: float


@click.command()
@click.option("--video", type=click.Path(exists=True, dir_okay=False), help="A face video of your own.")
@click.option("--size", "wanted", metavar="WxH", help=f"Default: the clip's own, at most {LARGEST}.")
@click.option("--qp", type=click.IntRange(0, 51), default=30, show_default=True, help="Of the base pictures.")
@click.option("--out", type=click.Path(file_okay=False), default="demo-out", show_default=True)
def main(video: str | None, wanted: str | None, qp: int, out: str) -> None:
    """A face to VVC, HEVC and AVC with GFV messages, and back."""
    try:
        run(video, size(wanted), qp, Path(out))
    except GfvError as error:
        raise click.ClickException(str(error)) from None


def run(video: str | None, wanted: tuple[int, int] | None, qp: int, folder: Path) -> None:
    """All of the demo."""
    folder.mkdir(parents=True, exist_ok=True)
    source = list(_from_video(video, wanted) if video else camera_path(*(wanted or (SIDE, SIDE))))
    format = source[0].format
    click.echo(
        f"source: {video or 'portrait of scikit-image on a camera path'}, {counted(len(source), 'picture')} of ",
        nl=False,
    )
    click.echo(f"{format.width}x{format.height} at {float(format.fps):g} per second")
    write_mp4((to_rgb8(picture) for picture in source), folder / "face.mp4", format.fps)
    results = {}
    for codec, ending in ENDINGS.items():
        stream = folder / f"face.{ending}"
        coding = EncodeSettings(codec=codec, qp=qp)
        with open_target(stream) as file:
            summary = encode_video(source, file, coding)
        inspection = list(text_lines(Inspection(str(stream))))
        (folder / f"inspect-{codec}.txt").write_text("".join(inspection))
        click.echo(f"\n{stream}, as gfv inspect shows it ({counted(len(inspection), 'line')} in inspect-{codec}.txt):")
        click.echo("".join(inspection[:7]) + "  ..")
        results[codec] = _play(stream, source, summary, folder / f"side-by-side-{codec}.mp4", folder, codec)
    _report(results, len(source), format, folder)


def camera_path(width: int, height: int) -> Iterator[Picture]:
    """The portrait, seen by a camera that pans, zooms and rolls a little."""
    try:
        import cv2
        import skimage.data
    except ModuleNotFoundError as error:
        raise GfvError(lacking("the demo's own picture", error.name, "demo")) from error
    portrait = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    format = PictureFormat(width, height, fps=FPS)
    scale = 1.15 * max(width, height) / SIDE
    for number in range(PICTURES):
        t = 2 * math.pi * number / PICTURES
        zoom = scale * (1 + 0.05 * math.sin(t))
        roll = math.radians(4 * math.sin(2 * t))
        x = 224 + 9 * math.sin(t)
        y = 128 + 5 * math.sin(2 * t + 0.5)
        a, b = zoom * math.cos(roll), zoom * math.sin(roll)
        matrix = np.array([[a, -b, width / 2 - a * x + b * y], [b, a, height / 2 - b * x - a * y]])
        seen = cv2.warpAffine(portrait, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
        yield from_rgb8(np.asarray(seen, np.uint8), format)


def _from_video(path: str, wanted: tuple[int, int] | None) -> Iterator[Picture]:
    if wanted is None:
        info = probe(path)
        factor = min(1.0, LARGEST / max(info.width, info.height))
        wanted = (2 * round(info.width * factor / 2), 2 * round(info.height * factor / 2))
    _, pictures = read_video(path, wanted, pictures=LONGEST)
    yield from pictures


def _play(stream: Path, source: list[Picture], summary: EncodeSummary, video: Path, folder: Path, codec: str) -> Result:
    """Play the stream beside its source, into an MP4; keep what the contact sheet and the table need."""
    sheet: list[Pixels] = []
    repeated, generated = [], []

    def frames() -> Iterator[Pixels]:
        base: Pixels | None = None
        for number, (picture, shown) in enumerate(zip(source, Player(load_generator()).play(str(stream)), strict=True)):
            original, made = to_rgb8(picture), pixels(shown)
            if shown.coded is not None or base is None:
                base = made
            else:
                repeated.append(psnr_luma(to_planes(original), to_planes(base)))
                generated.append(psnr_luma(to_planes(original), to_planes(made)))
            if number % max(1, len(source) // COLUMNS) == 0 and len(sheet) < COLUMNS:
                sheet.append(np.concatenate((original, base, made)))
            yield np.concatenate((original, base, made), axis=1)

    write_mp4(frames(), video, summary.fps)
    write_png(folder / f"contact-sheet-{codec}.png", np.concatenate(sheet, axis=1))
    return Result(summary, _mean(repeated), _mean(generated))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _report(results: dict[str, Result], pictures: int, format: PictureFormat, folder: Path) -> None:
    lines = [
        "codec  base pictures        GFV SEI        together   PSNR of luma, pictures that are not coded",
        "       number    bytes    bytes   kbit/s     kbit/s   base repeated  generated",
    ]
    for codec, (summary, repeated, generated) in results.items():
        total = summary.base_bytes + summary.sei_bytes
        lines.append(
            f"{codec:<6} {summary.base_pictures:6} {summary.base_bytes:8} {summary.sei_bytes:8} "
            f"{summary.kbit_per_second(summary.sei_bytes):8.2f} {summary.kbit_per_second(total):10.2f} "
            f"{repeated:12.2f} dB {generated:7.2f} dB"
        )
    seconds = float(pictures / format.fps)
    lines += [
        "",
        f"Bytes of base pictures: all NAL units but those of GFV messages, start codes included. {seconds:g} seconds.",
        "Side by side, and from top to bottom in the contact sheets: source, base picture repeated, generated.",
    ]
    text = "\n".join(lines) + "\n"
    (folder / "table.txt").write_text(text)
    click.echo("\n" + text)
    click.echo(f"in {folder}: " + ", ".join(sorted(path.name for path in folder.iterdir())))


if __name__ == "__main__":
    main()
