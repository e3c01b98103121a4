"""Reading bits from the front of a byte string, through a window that is one Python integer."""

from __future__ import annotations

# Bytes that go into the window at a time. Small enough that an operation on the window costs next to nothing more
# than one on a machine word, large enough that refilling it is rare.
REFILL = 32

# More leading zeros than this are no Exp-Golomb code that any syntax element of ours may have: values end below 2^64.
LONGEST_PREFIX = 64


class EndOfBits(Exception):  # noqa: N818  # not an error yet: whoever reads knows what it means
    """The data end inside of what was to be read; ``missing`` tells by how many bits at least."""

    def __init__(self, missing: int) -> None:
        super().__init__(missing)
        self.missing = missing


class LongPrefix(Exception):  # noqa: N818
    """An Exp-Golomb code starts with more zeros than any value in use has."""


class BitWindow:
    """A byte string, and the part of it that is loaded into an integer.

    ``window`` holds the ``left`` bits that were loaded and not read yet; ``loaded`` is the number of bytes loaded.
    Readers work on these three directly.
    """

    __slots__ = ("data", "left", "loaded", "window")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.window = 0
        self.left = 0
        self.loaded = 0

    @property
    def position(self) -> int:
        """Number of bits read so far."""
        return 8 * self.loaded - self.left

    @property
    def remaining(self) -> int:
        """Number of bits not read yet."""
        return 8 * (len(self.data) - self.loaded) + self.left

    def fill(self, wanted: int) -> None:
        """Load until the window holds ``wanted`` bits; EndOfBits if the data do not have them."""
        missing = wanted - self.left
        size = max(REFILL, (missing + 7) >> 3)
        chunk = self.data[self.loaded : self.loaded + size]
        bits = 8 * len(chunk)
        if bits < missing:
            raise EndOfBits(missing - bits)
        self.window = self.window << bits | int.from_bytes(chunk, "big")
        self.left += bits
        self.loaded += len(chunk)

    def code_length(self) -> int:
        """Bits of the Exp-Golomb code that comes next, all of them in the window afterwards."""
        while True:
            zeros = self.left - self.window.bit_length()
            if zeros > LONGEST_PREFIX:
                raise LongPrefix
            length = 2 * zeros + 1
            if length <= self.left:
                return length
            # With an empty window the length is a guess from below; the loop comes back with more bits.
            self.fill(length)

    def seek_byte(self, byte: int) -> None:
        """Go on reading at the first bit of ``data[byte]``."""
        self.window = self.left = 0
        self.loaded = byte

    def seek(self, bit: int) -> None:
        """Go on reading at bit number ``bit`` of the data."""
        self.loaded = loaded = (bit + 7) >> 3
        self.left = left = -bit & 7
        self.window = self.data[loaded - 1] & ((1 << left) - 1) if left else 0


class BitReader(BitWindow):
    """Reads u(n), ue(v) and se(v) as in clause 9.2 of H.264 and its heirs."""

    __slots__ = ()

    def u(self, n: int) -> int:
        """u(n): n bits, most significant first."""
        if n > self.left:
            self.fill(n)
        self.left = left = self.left - n
        value = self.window >> left
        self.window &= (1 << left) - 1
        return value

    def ue(self) -> int:
        """ue(v): unsigned Exp-Golomb, first order 0."""
        length = self.code_length()  # may load more, so it comes before the subtraction
        self.left = left = self.left - length
        value = (self.window >> left) - 1
        self.window &= (1 << left) - 1
        return value

    def se(self) -> int:
        """se(v): signed Exp-Golomb, 1, -1, 2, -2 and so on from the code numbers 1, 2, 3, 4."""
        code = self.ue()
        return (code + 1) >> 1 if code & 1 else -(code >> 1)
