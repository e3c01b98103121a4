"""The bit layer: u(n), ue(v) and bytes, read from and written to Python integers.

This layer knows no syntax elements. It raises plain :class:`EndOfBits` and :class:`LongPrefix`, which the coders of
:mod:`gfv_sei.syntax` turn into errors that name the element.

Why integers and not a bit library: this is the innermost loop of everything, and a windowed integer reads a message
several times faster than any general bit array (see the benchmark in ``tests/benchmarks``). Why a *window*: if one
integer held the whole payload, each element would cost time in proportion to the payload, and a megabyte of matrix
elements would take minutes. bitstring is used only outside of loops, where bits are displayed:
:mod:`gfv_sei.bits.view`.
"""

from gfv_sei.bits.reader import BitReader, BitWindow, EndOfBits, LongPrefix
from gfv_sei.bits.writer import BitSink, BitWriter

__all__ = ["BitReader", "BitSink", "BitWindow", "BitWriter", "EndOfBits", "LongPrefix"]
