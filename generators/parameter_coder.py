"""The parameter coder of the GFVC software, only to compare rates with published figures.

The papers on generative face video give rates of the software that JVET's AhG16 shared, and that software
writes no SEI message: it has a file format of its own, one file per inter picture. To set a rate of ours
beside one of theirs we need theirs for the same parameters, so it is rebuilt here, byte for byte, both ways
(reference/generators.md, 2.2). Nothing that a stream carries passes through this module.

How it codes a list of integers:

1. each becomes a natural number, s > 0 the odd 2 s - 1, the others the even -2 s, and that an Exp-Golomb
   codeword of order 0; all codewords in a row stand behind one bit 1;
2. every *bit* of that is a symbol of an adaptive arithmetic coder. A symbol that has not been seen yet is
   coded as an escape and then again, out of three equally likely ones, of which the third ends the data.

Parameters become integers in a closed loop (`quantise`): the difference to what the decoder has from the
picture before, in steps of 1 / q, so the error never grows past half a step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.errors import ParameterError
from gfv_sei.wording import counted

LARGEST = 2**31 - 1
"""Integers are coded from -LARGEST to LARGEST: what the difference of two sane parameters never reaches."""

_STATE = 256
"""Bits of the coder's interval."""
_MASK = (1 << _STATE) - 1
_HALF = 1 << (_STATE - 1)
_QUARTER = _HALF >> 1

_ESCAPE = 2
"""The third symbol: in the adaptive table a symbol not seen yet follows, in the flat table the data ends."""


def encode(values: Iterable[int]) -> bytes:
    """The bytes of one picture's file.

    Args:
        values: integers, -LARGEST to LARGEST.

    Raises:
        ParameterError: a value is outside of that.
    """
    coder = _Encoder()
    table = _Adaptive()
    for bit in _codewords(values):
        if table.seen(bit):
            coder.put(table.interval(bit), table.total)
        else:
            coder.put(table.interval(_ESCAPE), table.total)
            coder.put((bit, bit + 1), 3)
        table.count(bit)
    coder.put(table.interval(_ESCAPE), table.total)
    coder.put((_ESCAPE, _ESCAPE + 1), 3)
    return coder.finish()


def decode(data: bytes, most: int) -> list[int]:
    """The integers of one picture's file.

    Args:
        data: the bytes.
        most: how many integers there may be at the most. A few bytes can hold millions of bits that all are
            alike, so somebody has to say where to stop.

    Raises:
        ParameterError: the data is not what `encode` makes, or holds more integers.
    """
    bits = _bits(data)
    if next(bits, None) != 1:
        raise ParameterError("the parameters do not begin with a bit 1")
    values: list[int] = []
    zeros = 0
    for bit in bits:
        if len(values) == most:
            raise ParameterError("there are more parameters", allowed=f"{most} at the most")
        if not bit:
            zeros += 1
            if zeros > LARGEST.bit_length():
                raise ParameterError("a parameter is too large", allowed=f"{-LARGEST} to {LARGEST}")
            continue
        tail = list(islice(bits, zeros))
        if len(tail) < zeros:
            raise ParameterError("the parameters end within a codeword")
        mapped = int("1" + "".join(map(str, tail)), 2) - 1
        values.append((mapped + 1) // 2 if mapped % 2 else -(mapped // 2))
        zeros = 0
    if zeros:
        raise ParameterError("the parameters end within a codeword")
    return values


@dataclass(frozen=True, eq=False)
class Track:
    """What a sequence of parameters becomes.

    residuals      int64 [pictures - 1, values]: what is coded, of each inter picture
    reconstructed  float64 [pictures, values]: what the decoder has; the first as it came, it is not coded
    """

    residuals: NDArray[np.int64]
    reconstructed: NDArray[np.float64]

    def files(self) -> list[bytes]:
        """The file of each inter picture."""
        return [encode(row.tolist()) for row in self.residuals]


def quantise(parameters: NDArray[Any] | Sequence[Sequence[float]], q: int) -> Track:
    """Code parameters in the closed loop of the software.

    Args:
        parameters: [pictures, values], those of the base picture first, in the order of
            `generators.models.layout`.
        q: steps per unit: 2 to the power of the first of a `layout.Profile`'s ``bits``; 40 for CTTR.

    Raises:
        ParameterError: this is no such array, or not finite.
    """
    rows = np.asarray(parameters, dtype=np.float64)
    if rows.ndim != 2 or len(rows) < 1:
        raise ParameterError("parameters of a sequence", value=rows.shape, allowed="[pictures, values]")
    if not np.isfinite(rows).all():
        raise ParameterError("a parameter of the sequence is not finite")
    reconstructed = [rows[0]]
    residuals = []
    for row in rows[1:]:
        steps = np.rint((row - reconstructed[-1]) * q)
        if np.abs(steps).max(initial=0) > LARGEST:
            raise ParameterError("a parameter moves too far", allowed=f"{LARGEST} steps of 1 / {q}")
        residuals.append(steps.astype(np.int64))
        reconstructed.append(reconstructed[-1] + steps / q)
    return Track(np.array(residuals, dtype=np.int64).reshape(len(rows) - 1, -1), np.stack(reconstructed))


def reconstruct(base: NDArray[Any] | Sequence[float], files: Iterable[bytes], q: int) -> NDArray[np.float64]:
    """The decoder's side of `quantise`: [pictures, values] out of the base picture's [values] and the files.

    Raises:
        ParameterError: a file is malformed or holds another number of values.
    """
    rows = [np.asarray(base, dtype=np.float64)]
    for index, data in enumerate(files):
        steps = decode(data, len(rows[0]))
        if len(steps) != len(rows[0]):
            raise ParameterError(f"file {index} holds {counted(len(steps), 'value')}", allowed=str(len(rows[0])))
        rows.append(rows[-1] + np.array(steps) / q)
    return np.stack(rows)


def _codewords(values: Iterable[int]) -> Iterator[int]:
    """The bit in front, then the codewords, bit by bit."""
    yield 1
    for value in values:
        if not -LARGEST <= value <= LARGEST:
            raise ParameterError("a parameter is too large", value=value, allowed=f"{-LARGEST} to {LARGEST}")
        digits = f"{2 * value if value > 0 else 1 - 2 * value:b}"
        yield from (0 for _ in digits[1:])
        yield from map(int, digits)


class _Adaptive:
    """How often 0 and 1 have been seen; the escape always counts as seen once."""

    def __init__(self) -> None:
        self.counts = [0, 0]

    @property
    def total(self) -> int:
        return sum(self.counts) + 1

    def seen(self, bit: int) -> bool:
        return self.counts[bit] > 0

    def count(self, bit: int) -> None:
        self.counts[bit] += 1

    def interval(self, symbol: int) -> tuple[int, int]:
        zeros, ones = self.counts
        return ((0, zeros), (zeros, zeros + ones), (zeros + ones, self.total))[symbol]

    def symbol(self, at: int) -> int:
        zeros, ones = self.counts
        return 0 if at < zeros else 1 if at < zeros + ones else _ESCAPE


class _Interval(ABC):
    """The interval that encoder and decoder narrow in step: ``low`` to ``high``, both of them in it."""

    def __init__(self) -> None:
        self.low = 0
        self.high = _MASK

    def narrow(self, part: tuple[int, int], total: int) -> None:
        size = self.high - self.low + 1
        start, end = part
        self.low, self.high = self.low + size * start // total, self.low + size * end // total - 1
        while not (self.low ^ self.high) & _HALF:
            self.shift()
            self.low = self.low << 1 & _MASK
            self.high = self.high << 1 & _MASK | 1
        while self.low & ~self.high & _QUARTER:
            self.underflow()
            self.low = self.low << 1 & (_MASK >> 1)
            self.high = (self.high ^ _HALF) << 1 | _HALF | 1

    @abstractmethod
    def shift(self) -> None:
        """The top bits of both ends agree and are about to leave."""

    @abstractmethod
    def underflow(self) -> None:
        """The ends are 01... and 10...: the second bits are about to leave."""


class _Encoder(_Interval):
    def __init__(self) -> None:
        super().__init__()
        self.bits: list[int] = []
        self.waiting = 0

    def put(self, part: tuple[int, int], total: int) -> None:
        self.narrow(part, total)

    def shift(self) -> None:
        bit = self.low >> (_STATE - 1)
        self.bits += [bit] + [1 - bit] * self.waiting
        self.waiting = 0

    def underflow(self) -> None:
        self.waiting += 1

    def finish(self) -> bytes:
        """A closing 1, zeros up to a full byte."""
        digits = "".join(map(str, [*self.bits, 1]))
        digits += "0" * (-len(digits) % 8)
        return int(digits, 2).to_bytes(len(digits) // 8, "big")


class _Decoder(_Interval):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        # Behind the data the coder reads zeros, as far as it likes.
        self.source = (byte >> shift & 1 for byte in data for shift in range(7, -1, -1))
        self.code = 0
        for _ in range(_STATE):
            self.code = self.code << 1 | next(self.source, 0)

    def position(self, total: int) -> int:
        """Where in a table of this total the code points."""
        size = self.high - self.low + 1
        return ((self.code - self.low + 1) * total - 1) // size

    def shift(self) -> None:
        self.code = (self.code << 1 & _MASK) | next(self.source, 0)

    def underflow(self) -> None:
        self.code = self.code & _HALF | (self.code << 1 & (_MASK >> 1)) | next(self.source, 0)


def _bits(data: bytes) -> Iterator[int]:
    """The coded bits, without end if the data has none."""
    decoder = _Decoder(data)
    table = _Adaptive()
    while True:
        symbol = table.symbol(decoder.position(table.total))
        decoder.narrow(table.interval(symbol), table.total)
        if symbol == _ESCAPE:
            symbol = decoder.position(3)
            decoder.narrow((symbol, symbol + 1), 3)
            if symbol == _ESCAPE:
                return
        table.count(symbol)
        yield symbol
