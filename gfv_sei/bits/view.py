"""Bits as people look at them. Off the hot path, so bitstring does the work; it is imported only here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Element = tuple[str, Any, int, str]


def element_bits(payload: bytes, elements: Iterable[Element], longest: int = 32) -> Iterator[tuple[int, str]]:
    """Bit position and bits as text of each element of a payload; what is long is cut in the middle."""
    from bitstring import Bits

    bits = Bits(payload)
    position = 0
    for _, _, length, _ in elements:
        text = bits[position : position + length].bin
        if length > longest:
            half = longest // 2 - 1
            text = f"{text[:half]}..{text[-half:]}"
        yield position, text
        position += length
