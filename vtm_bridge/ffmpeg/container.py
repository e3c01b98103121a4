"""Elementary streams out of containers and into MP4.

Out of a container is one run. Into one is harder: raw streams have no time stamps, and ffmpeg does not make
them for pictures that are reordered (dts2pts knows AVC and HEVC but loses the last pictures; nothing knows
VVC). The order is in the pictures, though, so ``mux`` lets a decoder tell it, in three runs:

1. into an MP4 file whose time stamps simply count the packets,
2. decode that: each picture comes out with the number of its packet, so the sequence of numbers *is* the
order, 3. copy it into the final file, with the time stamps looked up in that order.

Step 3 hands the table over as an expression for ffmpeg's ``setts`` filter, a binary tree of ``if``, in a
file: at 20 bytes a picture it would not fit into a command line, and looking up takes log2(n) steps.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import DEFAULT_TIMEOUT, run, stream
from vtm_bridge.codec import Source
from vtm_bridge.ffmpeg.command import (
    RAW_FORMAT,
    file_name,
    rate,
    rate_text,
    start,
    take_from,
    whole_file,
    worth_keeping,
)
from vtm_bridge.ffmpeg.probe import probe


def demux_to_annexb(path: str | os.PathLike[str], *, timeout: float | None = DEFAULT_TIMEOUT) -> Iterator[bytes]:
    """The first video stream of a file (MP4, MKV, TS, ...) as pieces of an Annex B byte stream, nothing
    re-encoded.

    SEI messages come along. Where a container keeps parameter sets apart as well (MP4, MKV), HEVC and VVC
    streams get those in front of each random access picture, even if the stream repeats them itself.
    GfvError if the video is in another codec than VVC, HEVC and AVC, ToolError if ffmpeg cannot read the
    file.
    """
    codec = probe(path, timeout=timeout).codec
    if codec not in RAW_FORMAT:
        raise GfvError("not a video codec of ours", element="codec", value=codec, allowed=", ".join(RAW_FORMAT))
    words, _ = take_from(path)
    name = RAW_FORMAT[codec]
    copy = ["-map", "0:v:0", "-c", "copy", "-bsf:v", f"{name}_mp4toannexb", "-f", name, "pipe:1"]
    yield from stream([*start(), *words, *copy], timeout=timeout)


def mux(
    annexb: Source,
    out: str | os.PathLike[str],
    fps: Fraction | int | float = 25,
    *,
    codec: str | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Wrap a VVC, HEVC or AVC elementary stream into an MP4 file at a constant rate; returns the number of
    pictures.

    Nothing is re-encoded and SEI messages stay where they are. The stream is decoded once to learn the
    order of output. GfvError if access units and pictures are not one to one (fields, pictures that are not
    output), ToolError if ffmpeg fails; then there is no file.
    """
    fps = rate(fps)
    tick = rate_text(1 / fps)
    with TemporaryDirectory(prefix="gfv-mux-") as folder, whole_file(out) as part:
        counted, table = Path(folder, "counted.mp4"), Path(folder, "table")
        into_mp4 = ["-video_track_timescale", str(fps.numerator), "-f", "mp4", "-y"]

        words, stdin = take_from(annexb, codec)
        count_packets = f"setts=time_base={tick}:prescale=1:duration=1:ts=N"
        run(
            [
                *start(),
                *words,
                "-map",
                "0:v:0",
                "-c",
                "copy",
                "-bsf:v",
                count_packets,
                *into_mp4,
                file_name(counted),
            ],
            stdin=stdin,
            timeout=timeout,
            on_stderr=worth_keeping,
        )
        order = _output_order(counted, fps, timeout)
        shown = [0] * len(order)
        for position, packet in enumerate(order):
            shown[packet] = position
        delay = max(packet - position for packet, position in enumerate(shown))
        pts = _lookup(shown, 0, len(shown))
        table.write_text(f"setts=time_base={tick}:prescale=1:duration=1:dts=N-{delay}:pts='{pts}'")
        words, _ = take_from(counted)
        copy = ["-map", "0:v:0", "-c", "copy", "-/bsf:v", str(table)]
        run([*start(), *words, *copy, *into_mp4, file_name(part)], timeout=timeout, on_stderr=worth_keeping)
    return len(order)


def _output_order(counted: Path, fps: Fraction, timeout: float | None) -> list[int]:
    """The numbers of the packets in the order in which their pictures are shown."""
    words, _ = take_from(counted)
    # The statistics of what goes into an encoder, here the null one, are the time stamps of the pictures.
    numbers = ["-stats_enc_pre:v", "pipe:1", "-stats_enc_pre_fmt:v", "{pts} {tb}"]
    # Without dts: ffmpeg takes those instead where the pts of the pictures go backwards, as here they must.
    no_dts = ["-bsf:v", "setts=dts=NOPTS"]
    decode = ["-map", "0:v:0", "-fps_mode", "passthrough", *numbers, "-f", "null", "-"]
    order = []
    for line in run([*start("error"), *no_dts, *words, *decode], timeout=timeout).stdout.decode().splitlines():
        stamp, base = line.split()
        order.append(int(stamp) * Fraction(base) * fps)
    packets = _count(counted, timeout)
    if sorted(order) != list(range(packets)):
        raise GfvError(
            f"the stream has {packets} access units but shows {len(order)} pictures: "
            "the times of its pictures are not known"
        )
    return [int(number) for number in order]


def _count(counted: Path, timeout: float | None) -> int:
    words, _ = take_from(counted)
    command = [*start(), *words, "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "pipe:1"]
    lines = run(command, timeout=timeout, on_stderr=worth_keeping).stdout.splitlines()
    packets = sum(not line.startswith(b"#") for line in lines)
    if not packets:
        raise ToolError("ffmpeg found no picture in the stream")
    return packets


def _lookup(values: list[int], low: int, high: int) -> str:
    """An expression in N that is ``values[N]``."""
    if high - low == 1:
        return str(values[low])
    middle = (low + high) // 2
    return f"if(lt(N,{middle}),{_lookup(values, low, middle)},{_lookup(values, middle, high)})"
