"""How much one message may hold: the one limit of reading that is this tool's own and no standard's.

A number of a matrix takes two bits at the least, a keypoint as well; read, derived and printed it takes some hundred
bytes. Counts that go beyond the bits of a payload are refused anyway, but those two bits would let a payload of a
megabyte take half a gigabyte. So the loops of a message are counted, and one that announces more than
``most_entries`` is refused before anything is allocated: gfv_sei.errors.TooLargeError.

The largest matrix that the syntax allows, 1024 x 1024, is always read, be it all zeros; beyond that a message may have
an entry for each ``BYTES_PER_ENTRY`` bytes of its payload. Nobody's messages come near either.

Measured: the worst message within the limit, such a matrix of zeros in 256 KiB, makes ``gfv extract`` take 65 MiB
beyond what it takes anyway, and 3 seconds. docs/measured.md has more.
"""

from __future__ import annotations

ENTRIES = (1 << 20) + (1 << 16) + (1 << 12)
"""Entries that any message may have: 1024 x 1024 numbers in one matrix or in 1024, and some besides."""

BYTES_PER_ENTRY = 8
"""Bytes of payload for each of which it may have one entry more."""

POINT = 8
"""Entries that a keypoint counts for: its values are a list of their own."""

STRUCTURE = 32
"""Entries that a turn of a loop counts for which holds more than numbers: a matrix with its lists, or its layout."""


def most_entries(size: int) -> int:
    """The entries that a message of ``size`` bytes may have. A number of a matrix is one."""
    return ENTRIES + size // BYTES_PER_ENTRY
