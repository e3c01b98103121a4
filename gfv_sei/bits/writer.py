"""Writing bits, through a small integer that spills into a byte array."""

from __future__ import annotations

# The integer spills when it holds more bits than this, so that it never grows with the payload.
SPILL = 512


def ue_length(value: int) -> int:
    """Bits of the ue(v) code of a value of 0 or more."""
    return 2 * (value + 1).bit_length() - 1


class BitSink:
    """Bytes that are ``done``, and behind them ``pending`` bits in an integer, the ``window``."""

    __slots__ = ("done", "pending", "window")

    def __init__(self) -> None:
        self.done = bytearray()
        self.window = 0
        self.pending = 0

    @property
    def position(self) -> int:
        """Number of bits written so far."""
        return 8 * len(self.done) + self.pending

    def spill(self) -> None:
        """Move all whole bytes of the window to ``done``."""
        rest = self.pending & 7
        self.done += (self.window >> rest).to_bytes(self.pending >> 3, "big")
        self.window &= (1 << rest) - 1
        self.pending = rest

    def write_bytes(self, data: bytes) -> None:
        """b(8) repeated; only at a whole byte."""
        self.spill()
        if self.pending:
            raise ValueError("bytes start at a whole byte")
        self.done += data

    def getvalue(self) -> bytes:
        """The bytes written; only at a whole byte."""
        self.spill()
        if self.pending:
            raise ValueError("the bits written are not a whole number of bytes")
        return bytes(self.done)


class BitWriter(BitSink):
    """Writes u(n) and ue(v)."""

    __slots__ = ()

    def u(self, value: int, n: int) -> None:
        """u(n): value in n bits, most significant first. The value must fit; the caller has checked it."""
        self.window = self.window << n | value
        self.pending += n
        if self.pending > SPILL:
            self.spill()

    def ue(self, value: int) -> int:
        """ue(v): unsigned Exp-Golomb. Returns the number of bits."""
        value += 1
        n = 2 * value.bit_length() - 1
        self.window = self.window << n | value
        self.pending += n
        if self.pending > SPILL:
            self.spill()
        return n
