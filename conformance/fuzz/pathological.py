"""Streams that nobody writes, of any size, made while they are read: nothing of them is ever whole in memory.

What goes through a stream has to take work in proportion to its size, and memory that does not depend on it, or, where
one NAL unit is as long as the stream, at most in proportion. ``measure`` finds out, at two sizes; the tests do so with
small ones, and ``python -m conformance.fuzz.pathological`` with those that the kinds name: ten million NAL units, a
NAL unit of a gigabyte.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import click

from conformance.fuzz.limits import MEMORY, MEMORY_PER_BYTE, MIB, peak_memory, refusing

_BLOCK = 1 << 20


class Pieces(io.RawIOBase):
    """A file that is made of pieces when it is read; ``size`` is the number of bytes read so far."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = memoryview(b"")
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """As of a raw file."""
        if not self.rest:
            self.rest = memoryview(b"".join(_some(self.pieces, len(buffer))))
        size = min(len(self.rest), len(buffer))
        buffer[:size] = self.rest[:size]
        self.rest = self.rest[size:]
        self.size += size
        return size


def _some(pieces: Iterator[bytes], wanted: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        if size >= wanted:
            break


class Kind(NamedTuple):
    """A kind of stream.

    make        gives its pieces for a number of NAL units, messages or bytes
    full, small that number, for a run in full size and for a test
    growing     whether its NAL units grow with it, so that memory may
    """

    make: Callable[[int], Iterator[bytes]]
    full: int
    small: int
    growing: bool


KINDS: dict[str, Kind] = {}
"""By name."""


def kind(
    full: int, small: int, growing: bool = False
) -> Callable[[Callable[[int], Iterator[bytes]]], Callable[[int], Iterator[bytes]]]:
    """Register a function as a kind; its name with blanks is that of the kind."""

    def register(make: Callable[[int], Iterator[bytes]]) -> Callable[[int], Iterator[bytes]]:
        KINDS[make.__name__.replace("_", " ")] = Kind(make, full, small, growing)
        return make

    return register


# VVC: sequence parameter set (broken, but its header counts), slice with a picture header, suffix SEI.
_SPS = b"\0\0\0\1\x00\x79\x10\x20"
_SLICE = b"\0\0\1\x00\x01\x80\x55"
_SEI = b"\0\0\1\x00\xc1"
_FACE = b"\xdf\x05\xe6\x22\x11\x08\xd1"


def _bytes(size: int, filling: bytes) -> Iterator[bytes]:
    block = filling * (_BLOCK // len(filling))
    yield from repeat(block, size // len(block))
    yield block[: size % len(block)]


def _many(number: int, one: bytes) -> Iterator[bytes]:
    yield from _bytes(number * len(one), one)


@kind(10_000_000, 8_000)
def slices(number: int) -> Iterator[bytes]:
    """Pictures of a few bytes."""
    yield _SPS
    yield from _many(number, _SLICE)


@kind(10_000_000, 8_000)
def delimiters(number: int) -> Iterator[bytes]:
    """Access unit delimiters and nothing else."""
    yield _SPS
    yield from _many(number, b"\0\0\1\x00\xa1\x28")


@kind(200_000, 800)
def messages_of_one_picture(number: int) -> Iterator[bytes]:
    """A picture with a message in each of its SEI NAL units, always the same one."""
    yield _SPS + _SLICE
    yield from _many(number, _SEI + _FACE + b"\x80")


@kind(200_000, 800)
def pictures_with_messages(number: int) -> Iterator[bytes]:
    """A message to each picture."""
    yield _SPS
    yield from _many(number, _SLICE + _SEI + _FACE + b"\x80")


@kind(200_000, 800)
def faces(number: int) -> Iterator[bytes]:
    """A base message to each picture, each of another gfv_id: a state for each is what the standard asks for."""
    yield _SPS
    for face in range(number):
        code = f"{face + 1:b}"
        bits = "0" * (len(code) - 1) + code + "1" + "1" + "000" + "10" + "11" + "0" + "11" + "0"
        bits += "1" + "0" * (-(len(bits) + 1) % 8)
        payload = int(bits, 2).to_bytes(len(bits) // 8, "big")
        yield _SLICE + _SEI + bytes([223, len(payload)]) + payload.replace(b"\0\0", b"\0\0\3") + b"\x80"


@kind(1 << 30, 1 << 22)
def one_slice(size: int) -> Iterator[bytes]:
    """A single slice as long as the stream."""
    yield _SPS + _SLICE
    yield from _bytes(size, b"\x5a\xa5\x33")


@kind(1 << 27, 1 << 21, growing=True)
def one_message(size: int) -> Iterator[bytes]:
    """An SEI NAL unit with one message of bytes that are nothing to us."""
    yield _SPS + _SLICE + _SEI + b"\x05" + b"\xff" * (size // 255) + bytes([size % 255])
    yield from _bytes(size, b"\x5a\xa5\x33")
    yield b"\x80"


@kind(1 << 25, 1 << 17, growing=True)
def empty_messages(size: int) -> Iterator[bytes]:
    """An SEI NAL unit full of messages without payload."""
    yield _SPS + _SLICE + _SEI
    yield from _bytes(size, b"\x05\x00")
    yield b"\x80"


@kind(1 << 20, 1 << 13, growing=True)
def short_messages(size: int) -> Iterator[bytes]:
    """An SEI NAL unit full of messages of ours that end at once."""
    yield _SPS + _SLICE + _SEI
    yield from _bytes(size, b"\xdf\x00")
    yield b"\x80"


@kind(1 << 27, 1 << 21, growing=True)
def run_of_ff(size: int) -> Iterator[bytes]:
    """An SEI NAL unit whose first payload type does not end."""
    yield _SPS + _SLICE + _SEI
    yield from _bytes(size, b"\xff")


@kind(1 << 24, 1 << 18, growing=True)
def nesting_inside_nesting(size: int) -> Iterator[bytes]:
    """Scalable nesting messages inside of each other, to the end."""
    yield _SPS + _SLICE + _SEI
    inner = b""
    # Built from inside; each is as long as what it holds, so all of them are there at once.
    while len(inner) < min(size, 1 << 18):
        payload = b"\x30\x80" + inner
        inner = b"\x85" + b"\xff" * (len(payload) // 255) + bytes([len(payload) % 255]) + payload
        if len(inner) > 4096:
            break
    yield from _bytes(size // len(inner) * len(inner), inner)
    yield b"\x80"


@kind(500_000, 2_000)
def sizes_that_lie(number: int) -> Iterator[bytes]:
    """SEI NAL units whose message says that it is longer than they are."""
    yield _SPS + _SLICE
    yield from _many(number, _SEI + b"\xdf\xff\xff\x20\x11\x80")


@kind(200_000, 1_000)
def counts_that_lie(number: int) -> Iterator[bytes]:
    """Messages that announce four billion keypoints."""
    bits = "111000101" + "0" * 31 + "1" * 32
    payload = int(bits.ljust(72, "0"), 2).to_bytes(9, "big")
    yield _SPS
    yield from _many(number, _SLICE + _SEI + bytes([223, len(payload)]) + payload.replace(b"\0\0", b"\0\0\3") + b"\x80")


@kind(1 << 30, 1 << 22)
def zero_bytes(size: int) -> Iterator[bytes]:
    """Zero bytes behind a slice, up to the end."""
    yield _SPS + _SLICE
    yield from _bytes(size, b"\0")


@kind(5_000_000, 15_000)
def start_codes(number: int) -> Iterator[bytes]:
    """Start codes with nothing between them."""
    yield _SPS + _SLICE
    yield from _many(number, b"\0\0\1")


@kind(2_000_000, 3_000)
def sei_without_messages(number: int) -> Iterator[bytes]:
    """SEI NAL units of a header and trailing bits, or of a header alone."""
    yield _SPS + _SLICE
    yield from _many(number, _SEI + b"\x80" + _SEI)


@kind(2_000_000, 2_000)
def parameter_sets(number: int) -> Iterator[bytes]:
    """Parameter sets of all identifiers, none of them whole."""
    yield _SPS
    for which in range(number):
        yield b"\0\0\1\x00" + (b"\x79", b"\x81")[which & 1] + bytes([which >> 1 & 255 or 1, which >> 9 & 255 or 1, 7])
        if not which % 3:
            yield _SLICE


@kind(1 << 28, 1 << 22)
def all_bytes_the_same(size: int) -> Iterator[bytes]:
    """A slice of bytes that look like the begin of an emulation prevention byte again and again."""
    yield _SPS + _SLICE
    yield from _bytes(size, b"\0\0\3")


_NOWHERE = Path(os.devnull)


def _extract(file: Any) -> None:
    from gfv_sei.stream.extract import extract

    extract(file, _NOWHERE, codec="vvc")


def _inject(file: Any) -> None:
    from gfv_sei.stream.inject import inject

    records = ({"au": au, "payload_type": 223, "payload_hex": "e6221108d1"} for au in range(1000))
    inject(file, records, _NOWHERE, codec="vvc", mismatch="skip")


def _remove(file: Any) -> None:
    from gfv_sei.stream.remove import remove

    remove(file, _NOWHERE, codec="vvc")


def _inspect(file: Any) -> None:
    from gfv_sei.cli.inspect_text import text_lines
    from gfv_sei.cli.inspection import Inspection

    for _ in text_lines(Inspection(file, codec="vvc")):
        pass


def _validate(file: Any) -> None:
    from gfv_sei.validation.report import Report
    from gfv_sei.validation.stream import validate

    for _ in Report("it").lines(validate(file, codec="vvc"), "junit"):
        pass


OPERATIONS = {"extract": _extract, "inject": _inject, "remove": _remove, "inspect": _inspect, "validate": _validate}
"""What goes through a stream."""


class Measured(NamedTuple):
    """One run: bytes of the stream, seconds of processor time, bytes by which the peak of memory grew.

    ``calls``, where they are counted, are those of functions, the ones in C as well: work that no other process
    disturbs, and the same each time.
    """

    size: int
    seconds: float
    memory: int
    calls: int = 0


def measure(operation: str, name: str, number: int, counting: bool = False) -> Measured:
    """Let an operation go through a stream. Any exception but GfvError comes out."""
    file = Pieces(KINDS[name].make(number))
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before, start = peak_memory(), time.process_time()
    if counting:
        sys.setprofile(count)
    try:
        with refusing():
            OPERATIONS[operation](file)
    finally:
        sys.setprofile(None)
    return Measured(file.size, time.process_time() - start, peak_memory() - before, calls)


def allowed_memory(name: str, size: int, besides: int = MEMORY) -> int:
    """Bytes that an operation may take for a stream of this kind, of ``size`` bytes."""
    return besides + (MEMORY_PER_BYTE * size if KINDS[name].growing else 0)


@click.command("pathological")
@click.option("--operation", "operations", multiple=True, type=click.Choice(list(OPERATIONS)), help="Only this one.")
@click.option("--kind", "names", multiple=True, type=click.Choice(list(KINDS)), help="Only this one.")
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, help="Of the full sizes.")
@click.option("--small", is_flag=True, help="The sizes of the tests, and four times those; one line of JSON for each.")
def command(operations: tuple[str, ...], names: tuple[str, ...], scale: float, small: bool) -> None:
    """Let operations go through pathological streams. Exit status 1 where memory is exceeded."""
    good = True
    for operation in operations or OPERATIONS:
        for name in names or KINDS:
            if small:
                runs = [measure(operation, name, size * KINDS[name].small, counting=True) for size in (1, 4)]
                click.echo(json.dumps([operation, name, *runs]))
                continue
            number = max(1, int(scale * KINDS[name].full))
            done = measure(operation, name, number)
            good &= done.memory <= allowed_memory(name, done.size)
            click.echo(
                f"{operation:9} {name:24} {done.size / MIB:9.1f} MiB {done.seconds:8.1f} s "
                f"{done.memory / MIB:8.1f} MiB more memory"
            )
            sys.stdout.flush()
    if not good:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    command()
