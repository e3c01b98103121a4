"""The coder that reads: bits in, a dictionary of elements out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import prod
from typing import Any, NoReturn

from gfv_sei.bits import BitWindow, EndOfBits, LongPrefix
from gfv_sei.bits.reader import LONGEST_PREFIX
from gfv_sei.errors import PayloadError
from gfv_sei.syntax.coder import UE_MAX, Arrays, SignedRow, nest, signed, subscripts
from gfv_sei.syntax.rows import WORTH_IT, Text, read_rows

Element = tuple[str, Any, int, str]
"""One line of a trace: name, value, bits, descriptor."""


class ReadingCoder(BitWindow):
    """Reads one payload along a description.

    After the description has run, ``fields`` holds the elements (see :mod:`gfv_sei.syntax.coder` for their shape),
    ``arrays`` the signed numbers once more, and, if asked for, ``trace`` one entry per coded element in coding order.
    """

    __slots__ = ("arrays", "ended", "fields", "loops", "store", "text", "trace")

    def __init__(self, payload: bytes, trace: bool = False) -> None:
        super().__init__(payload)
        self.fields: dict[str, Any] = {}
        self.store: Any = self.fields
        self.arrays: Arrays = defaultdict(list)
        self.ended: dict[str, list[Any]] = {}  # what the loop that ended last has held
        self.text: Text | None = None  # of rows.py: the bits as text, from the first array on
        self.loops: list[tuple[tuple[int, ...], Any]] = []
        self.trace: list[Element] | None = [] if trace else None

    # The four methods of the hot path come first. They repeat the few lines of BitReader instead of calling it:
    # a call costs as much as the work.

    def flag(self, name: str) -> int:
        if not self.left:
            self._fill(1, name)
        self.left = left = self.left - 1
        value = self.window >> left
        if value:
            self.window -= 1 << left
        if self.loops:
            self.store[name].append(value)
        else:
            self.store[name] = value
        if self.trace is not None:
            self.trace.append((name, value, 1, "u(1)"))
        return value

    def ue(self, name: str, most: int = UE_MAX) -> int:
        window = self.window
        length = 2 * (self.left - window.bit_length()) + 1
        if length > self.left:
            length = self._code_length(name)
            window = self.window
        self.left = left = self.left - length
        value = (window >> left) - 1
        self.window = window & (1 << left) - 1
        if value > most:
            self._out_of_range(name, value, most, length)
        if self.loops:
            self.store[name].append(value)
        else:
            self.store[name] = value
        if self.trace is not None:
            self.trace.append((name, value, length, "ue(v)"))
        return value

    def u(self, name: str, n: int) -> int:
        if n > self.left:
            self._fill(n, name)
        self.left = left = self.left - n
        value = self.window >> left
        self.window &= (1 << left) - 1
        if self.loops:
            self.store[name].append(value)
        else:
            self.store[name] = value
        if self.trace is not None:
            self.trace.append((name, value, n, f"u({n})"))
        return value

    def infer(self, name: str, value: int | None) -> int:
        # Outside of loops an absent element stays absent; inside, its place is kept.
        if self.loops:
            self.store[name].append(value)
        return value or 0

    def signed(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        turns = self._turns(announced_by, counts, row.least)
        arrays = read_rows(self, row, turns) if turns >= WORTH_IT else None
        if arrays is None:
            self.element_by_element(announced_by, counts, row)
        else:
            self._keep(counts, arrays)
            self._remember(arrays)

    def element_by_element(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        """``signed`` in the other words, so that each element of the arrays is met."""
        signed(self, announced_by, counts, row)
        self._remember(self.ended)

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        turns = self._turns(announced_by, counts, least)
        outer = self.store
        inner: defaultdict[str, list[Any]] = defaultdict(list)
        self.store = inner
        self.loops.append((counts, inner))
        yield from range(turns)
        self.loops.pop()
        self.store = outer
        for name, values in inner.items():
            if len(values) != turns:
                raise AssertionError(f"the description meets {name} in {len(values)} of {turns} turns of its loop")
        self._keep(counts, inner)

    def align(self, name: str) -> None:
        while self.left & 7:
            position = self.position
            if self._alignment_bit(name):
                raise PayloadError("an alignment bit is not 0", element=name, value=1, allowed="0", bit=position)

    def st(self, name: str) -> str:
        start = self.position
        first = start >> 3
        end = self.data.find(0, first)
        if end < 0:
            raise PayloadError("the text has no zero byte at its end", element=name, bit=start)
        value = self.data[first:end].decode("utf-8", "surrogateescape")
        self.seek_byte(end + 1)
        self.fields[name] = value
        if self.trace is not None:
            self.trace.append((name, value, 8 * (end + 1 - first), "st(v)"))
        return value

    def payload_bytes(self, name: str) -> None:
        data = self.data[self.position >> 3 :]
        self.seek_byte(len(self.data))
        self.fields[name] = data
        if self.trace is not None:
            self.trace += [(name, byte, 8, "b(8)") for byte in data]

    def tail(self) -> None:
        """What follows the last element: nothing, alignment, or extension data and alignment (sei_payload( )).

        Ordinary alignment leaves no field behind, since it follows from the length. Extension data are kept as text
        of 0s and 1s in ``reserved_payload_extension_data``; a tail without the final 1, or with more zeros after it
        than reach the end of its byte, is kept whole in ``payload_trailing_bits``: no standard allows it, but it
        must not be lost.
        """
        count = self.remaining
        if not count:
            return
        position = self.position
        bits = f"{int.from_bytes(self.data[position >> 3 :], 'big') & ((1 << count) - 1):0{count}b}"
        self.seek_byte(len(self.data))
        last_one = bits.rfind("1")
        if last_one < 0 or count - last_one > 8:
            self.fields["payload_trailing_bits"] = bits
            self._trace_tail("payload_trailing_bits", bits, "u(v)")
            return
        if last_one or count == 8:
            self.fields["reserved_payload_extension_data"] = bits[:last_one]
            self._trace_tail("reserved_payload_extension_data", bits[:last_one], "u(v)")
        if self.trace is not None:
            self.trace.append(("payload_bit_equal_to_one", 1, 1, "f(1)"))
            self.trace += [("payload_bit_equal_to_zero", 0, 1, "f(1)")] * (count - last_one - 1)

    def fail(self, reason: str, element: str, **place: Any) -> PayloadError:
        kind = place.pop("kind", PayloadError)
        error: PayloadError = kind(reason, element=self._subscripted(element, last=True), **place)
        error.at(bit=self.position)
        return error

    def _turns(self, announced_by: str, counts: tuple[int, ...], least: int) -> int:
        """How often a loop runs; refused if the bits left cannot hold that."""
        turns = prod(counts)
        if turns * least > self.remaining:
            raise PayloadError(
                f"announces {turns} entries, which take at least {turns * least} bits; {self.remaining} bits are left",
                element=self._subscripted(announced_by, last=True),
                bit=self.position,
            )
        return turns

    def _keep(self, counts: tuple[int, ...], inner: dict[str, list[Any]]) -> None:
        """Put the arrays of a loop that has ended into what stands around it."""
        turns = prod(counts)
        self.ended = inner
        for name, flat in inner.items():
            if flat[0] is None and flat.count(None) == turns:
                continue  # an element that no turn has is absent
            nested = nest(flat, counts) if len(counts) > 1 else flat
            if self.loops:
                self.store[name].append(nested)
            else:
                self.store[name] = nested

    def _remember(self, arrays: dict[str, list[int]]) -> None:
        for name, flat in arrays.items():
            self.arrays[name].append(flat[:])  # whoever has the fields may change them

    def _out_of_range(self, name: str, value: int, most: int, length: int) -> NoReturn:
        raise PayloadError(
            "out of range",
            element=self._subscripted(name),
            value=value,
            allowed=f"0 to {most}",
            bit=self.position - length,
        )

    def _alignment_bit(self, name: str) -> int:
        self.left -= 1
        value = self.window >> self.left
        self.window &= (1 << self.left) - 1
        if self.trace is not None:
            self.trace.append((name, value, 1, "u(1)"))
        return value

    def _trace_tail(self, name: str, bits: str, descriptor: str) -> None:
        if self.trace is not None and bits:
            self.trace.append((name, bits, len(bits), descriptor))

    def _fill(self, wanted: int, name: str) -> None:
        try:
            self.fill(wanted)
        except EndOfBits as end:
            self._ended(name, end)

    def _code_length(self, name: str) -> int:
        try:
            return self.code_length()
        except EndOfBits as end:
            self._ended(name, end)
        except LongPrefix:
            raise PayloadError(
                f"starts with more than {LONGEST_PREFIX} zero bits, which no ue(v) in use does",
                element=self._subscripted(name),
                bit=self.position,
            ) from None

    def _ended(self, name: str, end: EndOfBits) -> NoReturn:
        raise PayloadError(
            f"the payload of {len(self.data)} bytes ends here; at least {end.missing} more bits are needed",
            element=self._subscripted(name),
            bit=self.position,
        ) from None

    def _subscripted(self, name: str, last: bool = False) -> str:
        """The name with the subscripts of the element that is being read (``last``: that was read last)."""
        found: list[int] = []
        for counts, store in self.loops:
            turn = len(store[name]) if name in store else 0
            if last and store is self.store and turn:
                turn -= 1
            found += subscripts(counts, turn)
        return name + "".join(f"[ {index} ]" for index in found)
