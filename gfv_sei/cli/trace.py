"""The trace of a message: one line per coded syntax element."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.message import Message
from gfv_sei.validation.reading import Reading

# Text that comes again with every message: positions, and descriptors and names side by side.
_POSITIONS = [f"{i:8}" for i in range(4096)]
_MIDDLES: dict[tuple[str, str], str] = {}


def trace_lines(msg: Message | Reading, bits: bool = False) -> Iterator[str]:
    """Bit position in the payload, descriptor, name, value, each element on its line; with ``bits`` these, too."""
    elements = msg.elements
    if bits and msg.payload is not None:
        from gfv_sei.bits.view import element_bits

        shown = element_bits(msg.payload, elements)
        for (name, value, _, descriptor), (position, text) in zip(elements, shown, strict=True):
            yield f"{position:8} {descriptor:6} {name:<52} {_text(value):<12} {text}\n"
        return
    position = 0
    for name, value, length, descriptor in elements:
        try:
            middle = _MIDDLES[name, descriptor]
        except KeyError:
            middle = _MIDDLES[name, descriptor] = f" {descriptor:6} {name:<52} "
        at = _POSITIONS[position] if position < 4096 else f"{position:8}"
        yield at + middle + (str(value) if type(value) is int else _text(value)) + "\n"
        position += length


def _text(value: object) -> str:
    return ascii(value) if isinstance(value, str) else str(value)
