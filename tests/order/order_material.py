"""Streams of many structures, and what ffmpeg's decoders say of them.

The tie between access units and decoded pictures does not come from the code under test: each access unit gets an SEI
message with its number (user data unregistered), which the decoder hands on with the picture that it belongs to.
What numbers come out, in which order, is the output order of access units. HEVC's and VVC's decoders also print the
picture order count of each picture that they output, and ``trace_headers``, another reader of the syntax, gives the
least significant bits of each slice header.
"""

from __future__ import annotations

import io
import re
from functools import cache

from gfv_sei import inject
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.codec import CODECS, SLICE, Codec
from gfv_sei.process import find_ffmpeg, run
from gfv_sei.stream.order import display_order
from gfv_sei.stream.scanner import Scanner

ENCODERS = {"avc": "libx264", "hevc": "libx265", "vvc": "libvvenc"}
FORMATS = {"avc": "h264", "hevc": "hevc", "vvc": "vvc"}
QUIET = {"libx264": "", "libx265": "log-level=0:pools=1:frame-threads=1", "libvvenc": "verbosity=1:threads=1"}
OPTION = {"libx264": "-x264-params", "libx265": "-x265-params", "libvvenc": "-vvenc-params"}

END_OF_SEQUENCE = {
    "avc": b"\0\0\1\x0a",
    "hevc": b"\0\0\1" + bytes([36 << 1, 1]),
    "vvc": b"\0\0\1" + bytes([0, 21 << 3 | 1]),
}
UUID = bytes(range(16))
_USER_DATA = re.compile(r"User Data=((?:3[0-9]){8})$")
_FRAME = re.compile(r"\bn: *\d+ pts:")
_OUTPUT_POC = re.compile(r"Output frame with POC (?:\d+/)?(-?\d+)")
_LSB = re.compile(r"\] \d+ +(?:slice_|ph_)?pic_order_cnt_lsb .*= (\d+)$")
_CONTEXT = re.compile(r"^\[\w+ @ (0x[0-9a-f]+)\]")
_DECODED_POC = re.compile(r"Decoded frame with POC 0/(-?\d+)")
_AVC_POC = re.compile(r"slice:1 ([FTB]) .* poc:(-?\d+)/(-?\d+) ")
_PACKET = re.compile(r"Packet: \d+ bytes")


@cache
def encode(
    codec: str,
    params: str = "",
    frames: int = 20,
    *,
    size: str = "64x64",
    pixels: str = "",
    encoder: str = "",
) -> bytes:
    """A short clip; ``params`` are the encoder's own."""
    encoder = encoder or ENCODERS[codec]
    words = [find_ffmpeg(), "-v", "error", "-nostdin", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=25"]
    words += ["-frames:v", str(frames), "-c:v", encoder, "-threads", "1"]
    words += ["-pix_fmt", pixels or ("yuv420p10le" if codec == "vvc" else "yuv420p")]
    if codec == "vvc":
        words += ["-preset", "faster"]
    if encoder in OPTION:
        words += [OPTION[encoder], ":".join(part for part in (QUIET[encoder], params) if part)]
    elif params:
        words += params.split()
    words += ["-f", FORMATS[codec], "pipe:1"]
    return run(words).stdout


class Stream:
    """A byte stream taken apart: each NAL unit with its start code, type, layer and access unit."""

    def __init__(self, codec: str, data: bytes) -> None:
        self.codec: Codec = CODECS[codec]
        units = AccessUnits(self.codec)
        found = [
            (nal.offset, nal.nal_type, nal.temporal_id, units.feed(nal.nal_type, nal.layer_id, nal.data), nal.data[0])
            for nal in Scanner(io.BytesIO(data), self.codec)
        ]
        ends = [offset for offset, *_ in found[1:]] + [len(data)]
        self.nals = [
            (data[offset:end], nal_type, tid, au, first)
            for (offset, nal_type, tid, au, first), end in zip(found, ends, strict=True)
        ]

    def types(self) -> list[int]:
        """The NAL unit type of each picture."""
        seen = {}
        for _, nal_type, _, au, _ in self.nals:
            if self.codec.kinds[nal_type] == SLICE:
                seen.setdefault(au, nal_type)
        return [seen[au] for au in sorted(seen)]

    def join(self, keep) -> bytes:
        """The NAL units for which ``keep(type, temporal id, access unit, first byte)`` is true."""
        return b"".join(data for data, *rest in self.nals if keep(*rest))

    def parameter_sets(self) -> bytes:
        kinds = {"avc": (7, 8), "hevc": (32, 33, 34), "vvc": (14, 15, 16, 17)}[self.codec.name]
        return self.join(lambda nal_type, tid, au, first: nal_type in kinds and au == 0)

    def start_at(self, au: int) -> bytes:
        """The stream from an access unit on, with the parameter sets of its start."""
        return self.parameter_sets() + self.join(lambda nal_type, tid, number, first: number >= au)

    def up_to(self, au: int) -> bytes:
        return self.join(lambda nal_type, tid, number, first: number < au)

    def without_layers_above(self, tid: int) -> bytes:
        return self.join(lambda nal_type, temporal_id, au, first: temporal_id <= tid)


def marked(codec: str, data: bytes, aus: int) -> bytes:
    """The stream with the number of each access unit in it."""
    out = io.BytesIO()
    records = [{"au": au, "payload_type": 5, "payload_hex": (UUID + f"{au:08}".encode()).hex()} for au in range(aus)]
    inject(data, records, out, nal="prefix", codec=codec)
    return out.getvalue()


def decoder() -> list[str]:
    """One thread, so that lines of the log stand in order. Strict: AVC pictures wait as long as the stream allows."""
    return [find_ffmpeg(), "-nostdin", "-threads", "1", "-strict", "1", "-max_error_rate", "1"]


def shown_by_ffmpeg(codec: str, data: bytes) -> list[list[int]]:
    """Per picture in output order the numbers of the access units that it is made of."""
    pictures: list[list[int]] = []

    def listen(line: str) -> None:
        if _FRAME.search(line):
            pictures.append([])
        elif found := _USER_DATA.search(line):
            pictures[-1].append(int(bytes.fromhex(found[1])))

    command = [
        *decoder(),
        "-v",
        "info",
        "-f",
        FORMATS[codec],
        "-i",
        "pipe:0",
        "-vf",
        "showinfo",
        "-fps_mode",
        "passthrough",
        "-f",
        "null",
        "-",
    ]
    run(command, stdin=data, on_stderr=lambda line: bool(listen(line)))
    return pictures


def pocs_by_ffmpeg(codec: str, data: bytes) -> tuple[list[int], list[int]]:
    """Picture order counts as ffmpeg's decoder logs them: in decoding order (not VVC), in output order (not AVC).

    The decoder runs twice, the first time over some pictures only, to probe the stream; the second run is taken.
    """
    decoded: dict[str, list[int]] = {}
    output: dict[str, list[int]] = {}

    def listen(line: str) -> None:
        if not (context := _CONTEXT.search(line)):
            return
        if found := _OUTPUT_POC.search(line):
            output.setdefault(context[1], []).append(int(found[1]))
        elif found := _DECODED_POC.search(line):
            decoded.setdefault(context[1], []).append(int(found[1]))
        elif found := _AVC_POC.search(line):
            # The decoder's counts of POC type 0 start at 2^16; a field that is not there yet has 2^31 - 1.
            top, bottom = (int(text) for text in found.groups()[1:])
            poc = {"F": min(top, bottom), "T": top, "B": bottom}[found[1]]
            decoded.setdefault(context[1], []).append(poc - (1 << 16) if poc > 1 << 15 else poc)

    command = [
        *decoder(),
        "-v",
        "debug",
        "-debug",
        "pict",
        "-f",
        FORMATS[codec],
        "-i",
        "pipe:0",
        "-fps_mode",
        "passthrough",
        "-f",
        "null",
        "-",
    ]
    run(command, stdin=data, on_stderr=lambda line: bool(listen(line)))
    return [*decoded.values(), []][-1 - bool(decoded)], [*output.values(), []][-1 - bool(output)]


def lsbs_by_ffmpeg(codec: str, data: bytes) -> list[int]:
    """pic_order_cnt_lsb of each packet of the stream, 0 where its slices have none."""
    found: list[int] = []
    fresh = False

    def listen(line: str) -> None:
        nonlocal fresh
        if _PACKET.search(line):
            found.append(0)
            fresh = True
        elif fresh and (lsb := _LSB.search(line)):
            found[-1] = int(lsb[1])
            fresh = False

    command = [find_ffmpeg(), "-v", "verbose", "-nostdin", "-f", FORMATS[codec], "-i", "pipe:0"]
    command += ["-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
    run(command, stdin=data, on_stderr=lambda line: bool(listen(line)))
    return found


def ours(data: bytes, codec: str):
    return list(display_order(data, codec))


def shown(units) -> list[list[int]]:
    """Per picture in output order the access units it is made of, as we say."""
    pictures: dict[int, list[int]] = {}
    for unit in units:
        assert unit.settled
        if unit.display is not None:
            pictures.setdefault(unit.display, []).append(unit.au)
    assert sorted(pictures) == list(range(len(pictures)))
    return [pictures[number] for number in sorted(pictures)]
