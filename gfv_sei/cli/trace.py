"""The trace of a message: one line per coded syntax element."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.message import Message


def trace_lines(msg: Message, bits: bool = False) -> Iterator[str]:
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
        yield f"{position:8} {descriptor:6} {name:<52} {value if type(value) is int else _text(value)}\n"
        position += length


def _text(value: object) -> str:
    return ascii(value) if isinstance(value, str) else str(value)
