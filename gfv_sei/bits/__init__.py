"""The bit layer: u(n), ue(v) and bytes, read from and written to Python integers.

It knows no syntax element and raises plain :class:`EndOfBits` and :class:`LongPrefix`, which the coders of
:mod:`gfv_sei.syntax` turn into errors that name the element.

Why integers of our own and not a bit library: this is the innermost loop of everything, and a windowed integer reads
a message several times faster than any general bit array (the benchmark in ``tests/benchmarks`` shows it). Why a
*window*: one integer for a whole payload costs time in proportion to the payload for each element, which turns a
megabyte of matrix elements into minutes. bitstring is used where bits are looked at and not read in a loop:
:mod:`gfv_sei.bits.view`.
"""

from gfv_sei.bits.reader import BitReader, BitWindow, EndOfBits, LongPrefix
from gfv_sei.bits.writer import BitSink, BitWriter

__all__ = ["BitReader", "BitSink", "BitWindow", "BitWriter", "EndOfBits", "LongPrefix"]
