"""The trace of a message: one line per coded syntax element."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.cli.inspection import Inspection, headline
from gfv_sei.message import Message
from gfv_sei.stream.records import Record
from gfv_sei.validation.reading import Reading
from gfv_sei.wording import counted

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


def traced(inspection: Inspection, bits: bool = False) -> Iterator[str]:
    """The records that are asked for, each with its trace; of one that cannot be read as far as it goes."""
    for record in inspection.shown():
        yield f"{headline(record)}\n"
        if "error" in record:
            yield f"         {record['error']}\n"
            if "payload_type" in record:
                yield from _as_far_as_it_goes(inspection, record, bits)
        elif "payload_hex" in record:
            yield f"{0:8} {'b(8)':6} {'payload':<52} {_shortened(record['payload_hex'])}\n"
        else:
            assert inspection.message is not None
            yield "".join(trace_lines(inspection.message, bits))


def _as_far_as_it_goes(inspection: Inspection, record: Record, bits: bool) -> Iterator[str]:
    """The elements of a message that cannot be read, up to where it breaks."""
    from gfv_sei.validation.reading import STRICT, read

    payload = bytes.fromhex(record["payload_hex"])
    reading = read(record["payload_type"], payload, record["syntax"], inspection.reader.state, STRICT)
    yield from trace_lines(reading, bits)


def _shortened(text: str, longest: int = 64) -> str:
    return text if len(text) <= longest else f"{text[:longest]}.. ({counted(len(text) // 2, 'byte')})"


def _text(value: object) -> str:
    return ascii(value) if isinstance(value, str) else str(value)
