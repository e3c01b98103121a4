"""Byte streams into containers.

Raw streams have no time stamps, so those have to come from somewhere, packet by packet, as a table. Where the stream
came out of a container, ``remux`` takes the table from there. Otherwise ``mux`` makes one at a constant rate, and
needs the order in which the pictures are shown; ffmpeg does not work that out for pictures that are reordered
(dts2pts knows AVC and HEVC but loses the last pictures; nothing knows VVC). The order is in the pictures, though, so
a decoder tells it: a first run puts the stream into an MP4 file whose time stamps count the packets, a second one
decodes that, and each picture comes out with the number of its packet.

The table goes to ffmpeg's ``setts`` filter as an expression, a binary tree of ``if``, in a file: at 20 bytes a packet
it would not fit into a command line, and looking up takes log2(n) steps.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gfv_sei.containers.command import GIVEN, OUR_FILE, RAW_FORMAT, file_name, rate, start, worth_keeping
from gfv_sei.errors import GfvError, StreamError
from gfv_sei.files import whole_file
from gfv_sei.process import DEFAULT_TIMEOUT, run
from gfv_sei.wording import counted

FORMATS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".ts": "mpegts",
    ".m2ts": "mpegts",
}
"""The containers that are written, by the ending of their files, as ffmpeg calls them."""


class Times(NamedTuple):
    """Time stamps of the packets of a stream, in decoding order, in units of ``base`` seconds."""

    base: Fraction
    pts: list[int]
    dts: list[int]
    duration: list[int]


def mux(
    stream: str | os.PathLike[str],
    out: str | os.PathLike[str],
    fps: Fraction | int | float = 25,
    *,
    codec: str,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Wrap a byte stream in a file into a container at a constant rate; returns the number of pictures.

    Nothing is encoded again and SEI messages stay where they are. The stream is decoded once to learn the order of
    output. StreamError if access units and pictures are not one to one (fields, pictures that are not output),
    ToolError if ffmpeg fails; then there is no file.
    """
    exact_rate = rate(fps)
    with TemporaryDirectory(prefix="gfv-mux-") as folder:
        numbered = Path(folder, "numbered.mp4")
        tick = 1 / exact_rate
        count = f"setts=time_base={tick.numerator}/{tick.denominator}:prescale=1:duration=1:ts=N"
        into = ["-video_track_timescale", str(exact_rate.numerator), "-f", "mp4", "-y", file_name(numbered)]
        source = ["-f", RAW_FORMAT[codec], *OUR_FILE, file_name(stream)]
        _run([*source, "-map", "0:v:0", "-c", "copy", "-bsf:v", count, *into], timeout)
        order = _output_order(numbered, exact_rate, timeout)
    shown = [0] * len(order)
    for position, packet in enumerate(order):
        shown[packet] = position
    delay = max(packet - position for packet, position in enumerate(shown))
    times = Times(tick, shown, [n - delay for n in range(len(shown))], [1] * len(shown))
    _write(stream, out, codec, times, None, timeout)
    return len(order)


def mux_at(
    stream: str | os.PathLike[str],
    out: str | os.PathLike[str],
    times: Times,
    *,
    codec: str,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Wrap a byte stream in a file into a container with times of the caller's; returns the number of pictures."""
    _write(stream, out, codec, times, None, timeout)
    return len(times.pts)


def remux(
    stream: str | os.PathLike[str],
    original: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    codec: str,
    timeout: float | None = DEFAULT_TIMEOUT,
) -> int:
    """Wrap a byte stream that came out of ``original`` into a container with its times, and its other streams.

    Returns the number of packets of video. StreamError if the stream has another number of access units than the
    original has packets.
    """
    times = read_times(original, timeout)
    found = len(read_times(stream, timeout, codec).pts)
    if found != len(times.pts):
        raise StreamError(
            f"the stream has {counted(found, 'access unit')}, the container that it is from "
            f"{counted(len(times.pts), 'packet')}"
        )
    _write(stream, out, codec, times, original, timeout)
    return found


def read_times(
    path: str | os.PathLike[str], timeout: float | None = DEFAULT_TIMEOUT, codec: str | None = None
) -> Times:
    """The time stamps of the first video stream of a file; ``codec`` says that it is a byte stream of this one."""
    raw = [] if codec is None else ["-f", RAW_FORMAT[codec]]
    words = [*raw, *GIVEN, "-copyts", "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "pipe:1"]
    listed = _run(words, timeout, given=path)
    base = Fraction(1, 25)
    columns: list[tuple[int, int, int]] = []
    for line in listed.decode().splitlines():
        if line.startswith("#tb 0:"):
            base = Fraction(line.split(":")[1].strip())
        elif not line.startswith("#"):
            stamps = [text.strip() for text in line.split(",")[1:4]]
            dts = int(stamps[0]) if stamps[0].lstrip("-").isdigit() else len(columns)
            pts = int(stamps[1]) if stamps[1].lstrip("-").isdigit() else dts
            columns.append((pts, dts, int(stamps[2])))
    if not columns:
        raise StreamError(f"no picture in {os.fspath(path)}")
    return Times(base, *(list(column) for column in zip(*columns, strict=True)))


def _write(
    stream: str | os.PathLike[str],
    out: str | os.PathLike[str],
    codec: str,
    times: Times,
    original: str | os.PathLike[str] | None,
    timeout: float | None,
) -> None:
    ending = Path(out).suffix.lower()
    if ending not in FORMATS:
        raise GfvError("no container of ours", element="output", value=ending, allowed=", ".join(FORMATS))
    base = f"{times.base.numerator}/{times.base.denominator}"
    with TemporaryDirectory(prefix="gfv-mux-") as folder, whole_file(out) as part:
        table = Path(folder, "table")
        table.write_text(
            f"setts=time_base={base}:prescale=1:duration='{_lookup(times.duration)}'"
            f":dts='{_lookup(times.dts)}':pts='{_lookup(times.pts)}'"
        )
        source = ["-f", RAW_FORMAT[codec], *OUR_FILE, file_name(stream)]
        others: list[str] = []
        if original is not None:
            source += GIVEN
            others = ["-map", "1", "-map", "-1:v:0", "-map_metadata", "1"]
        into = ["-f", FORMATS[ending], "-y", file_name(part)]
        if FORMATS[ending] == "mpegts":
            into = ["-muxpreload", "0", "-muxdelay", "0", *into]  # else all times are put off by 1.4 seconds
        if ending in (".mp4", ".m4v", ".mov"):
            into = ["-video_track_timescale", str(times.base.denominator), *into]
        copy = ["-copyts", "-map", "0:v:0", *others, "-c", "copy", "-/bsf:v:0", str(table)]
        _run([*source, *copy, *into], timeout, given=original)


def _output_order(numbered: Path, fps: Fraction, timeout: float | None) -> list[int]:
    """The numbers of the packets in the order in which their pictures are shown."""
    source = [*OUR_FILE, file_name(numbered)]
    # The statistics of what goes into an encoder, here the null one, are the time stamps of the pictures.
    numbers = ["-stats_enc_pre:v", "pipe:1", "-stats_enc_pre_fmt:v", "{pts} {tb}"]
    # Without dts: ffmpeg takes those instead where the pts of the pictures go backwards, as here they must.
    decode = ["-map", "0:v:0", "-fps_mode", "passthrough", *numbers, "-f", "null", "-"]
    order = []
    for line in _run(["-bsf:v", "setts=dts=NOPTS", *source, *decode], timeout, "error").decode().splitlines():
        stamp, base = line.split()
        order.append(int(int(stamp) * Fraction(base) * fps))
    packets = len(read_times(numbered, timeout).pts)
    if sorted(order) != list(range(packets)):
        raise StreamError(
            f"the stream has {counted(packets, 'access unit')} but shows {counted(len(order), 'picture')}: "
            "the times of its pictures are not known"
        )
    return order


def _lookup(values: list[int]) -> str:
    """An expression in N that is ``values[N]``; a run of values that go up evenly is one leaf."""
    if len(values) == 1:
        return str(values[0])
    return _tree(_runs(values))


def _runs(values: Iterable[int]) -> list[tuple[int, int, int]]:
    """(first N, value there, step) of each run."""
    runs: list[tuple[int, int, int]] = []
    before = 0
    for n, value in enumerate(values):
        if runs:
            first, start_value, step = runs[-1]
            if n == first + 1:
                runs[-1] = (first, start_value, value - start_value)
                before = value
                continue
            if value - before == step:
                before = value
                continue
        runs.append((n, value, 0))
        before = value
    return runs


def _tree(runs: list[tuple[int, int, int]]) -> str:
    if len(runs) == 1:
        first, value, step = runs[0]
        return str(value) if not step else f"{value}+(N-{first})*{step}"
    middle = len(runs) // 2
    return f"if(lt(N,{runs[middle][0]}),{_tree(runs[:middle])},{_tree(runs[middle:])})"


def _run(
    words: list[str],
    timeout: float | None,
    level: str = "warning",
    given: str | os.PathLike[str] | None = None,
) -> bytes:
    stdin = None if given is None else Path(given)
    return run([*start(level), *words], stdin=stdin, timeout=timeout, on_stderr=worth_keeping).stdout
