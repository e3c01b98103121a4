"""Breaking rules: messages changed element by element, and byte streams changed NAL unit by NAL unit.

A writer that follows the syntax cannot write what breaks it. So a negative stream begins as a proper one; then an
element of a message gets a value that it cannot have, or bits are cut off or added, and everything else is put together
again as it was (:class:`Edit`). What is wrong with NAL units is done to the finished stream (:class:`Units`).

Bits are texts of 0s and 1s here: messages are short, and what happens to them can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from conformance.sketch import Sketch
from gfv_sei.errors import GfvError
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import parse_payload
from gfv_sei.nal.codec import CODECS, SLICE
from gfv_sei.nal.escape import escape, unescape
from gfv_sei.syntax.payload_types import GFV, GFVE

_START_CODE = re.compile(rb"\x00*\x00\x00\x01")
_ALIGNED = ("_nn_tag_uri", "_nn_payload_byte")


class Edit:
    """A message that was written last, taken out of the sketch to be changed and put back."""

    def __init__(self, sketch: Sketch) -> None:
        state = DecodingState()
        for before in sketch.written[:-1]:
            if before.payload_type in (GFV, GFVE):
                with suppress(GfvError):
                    parse_payload(before.payload_type, before.payload, sketch.syntax, state)
        self.sketch = sketch
        self.written = sketch.take()
        msg = parse_payload(self.written.payload_type, self.written.payload, sketch.syntax, state, trace=True)
        data = "".join(f"{byte:08b}" for byte in self.written.payload)
        position = 0
        self.parts: list[tuple[str, str]] = []
        self.alignment = 0  # value of alignment bits before texts and networks
        self.tail: str | None = None  # bits behind the last element; None: alignment as it must be
        if "reserved_payload_extension_data" in msg.fields:
            self.tail = "1"
        for name, _, bits, _ in msg.elements:
            if "alignment_zero_bit" not in name and not name.startswith("payload_bit_equal_to"):
                self.parts.append((name, data[position : position + bits]))
            position += bits

    def ue(self, name: str, value: int, number: int = 0) -> Edit:
        """Give the ``number``-th element of this name another value, as ue(v)."""
        code = f"{value + 1:b}"
        return self.bits(name, "0" * (len(code) - 1) + code, number)

    def u(self, name: str, value: int, bits: int, number: int = 0) -> Edit:
        """Give an element another value, as u(n)."""
        return self.bits(name, f"{value:0{bits}b}", number)

    def bits(self, name: str, bits: str, number: int = 0) -> Edit:
        """Put other bits in the place of an element."""
        self.parts[self._at(name, number)] = (name, bits)
        return self

    def add_behind(self, name: str, bits: str, number: int = -1) -> Edit:
        """Add bits behind an element, by default the last one of its name."""
        self.parts.insert(self._at(name, number) + 1, ("", bits))
        return self

    def end_before(self, name: str, number: int = 0) -> Edit:
        """Leave out this element and all behind it."""
        del self.parts[self._at(name, number) :]
        return self

    def element_at(self, bit: int) -> str:
        """The element that this bit of the payload belongs to, in a message without alignment inside.

        One of several of its name has its number as a subscript, which is right for loops that are not nested.
        """
        names = [name for name, _ in self.parts]
        for place, (name, bits) in enumerate(self.parts):
            if bit < len(bits):
                return f"{name}[ {names[:place].count(name)} ]" if names.count(name) > 1 else name
            bit -= len(bits)
        raise ValueError("the message has no such bit")

    def put(self, keep: int | None = None) -> bytes:
        """Write the message as it is now; ``keep`` cuts the payload off behind so many bytes."""
        found = ""
        aligned = False
        for name, bits in self.parts:
            if name.endswith(_ALIGNED) and not aligned:
                found += str(self.alignment) * (-len(found) % 8)
                aligned = True
            found += bits
        tail = self.tail
        if tail is None:
            tail = "1" if len(found) % 8 else ""
        found += tail
        found += "0" * (-len(found) % 8)
        payload = int("1" + found, 2).to_bytes(len(found) // 8 + 1, "big")[1:]
        return self.sketch.payload(self.written.payload_type, payload[:keep])

    def _at(self, name: str, number: int) -> int:
        places = [k for k, (one, _) in enumerate(self.parts) if one == name]
        return places[number]


class Units:
    """The NAL units of a byte stream, each with its start code, in a list that may be changed."""

    def __init__(self, stream: bytes, codec: str) -> None:
        self.codec = CODECS[codec]
        places = [*(match.span() for match in _START_CODE.finditer(stream)), (len(stream), len(stream))]
        self.units = [stream[end:after] for (_, end), (after, _) in pairwise(places)]

    def types(self) -> list[int]:
        """NAL unit types."""
        return [self.codec.header(unit).nal_type for unit in self.units]

    def sei(self, number: int = 0) -> int:
        """Index of an SEI NAL unit."""
        return [k for k, one in enumerate(self.types()) if one in self.codec.sei_types][number]

    def first_slice(self, number: int = 0) -> int:
        """Index of a slice."""
        return [k for k, one in enumerate(self.types()) if self.codec.kinds[one] == SLICE][number]

    def move(self, place: int, to: int) -> None:
        """Put a NAL unit before another one."""
        unit = self.units.pop(place)
        self.units.insert(to if to <= place else to - 1, unit)

    def stream(self) -> bytes:
        """The byte stream."""
        return b"".join(b"\x00\x00\x00\x01" + unit for unit in self.units)


def on_units(sketch: Sketch, change: Callable[[Units], object]) -> None:
    """Change the NAL units of the finished stream."""

    def finish(stream: bytes) -> bytes:
        units = Units(stream, sketch.codec)
        change(units)
        return units.stream()

    sketch.finish.append(finish)


def on_sei(sketch: Sketch, change: Callable[[bytes], bytes], number: int = 0) -> None:
    """Change the RBSP of an SEI NAL unit; emulation prevention follows."""

    def edit(units: Units) -> None:
        place, size = units.sei(number), units.codec.header_bytes
        unit = units.units[place]
        units.units[place] = unit[:size] + escape(change(unescape(unit[size:])))

    on_units(sketch, edit)


def on_sei_bytes(sketch: Sketch, change: Callable[[bytes], bytes], number: int = 0) -> None:
    """Change the bytes of an SEI NAL unit, its header among them; emulation prevention does not follow."""

    def edit(units: Units) -> None:
        place = units.sei(number)
        units.units[place] = change(units.units[place])

    on_units(sketch, edit)
