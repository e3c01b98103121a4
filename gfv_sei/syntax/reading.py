"""The coder that reads: bits in, a dictionary of elements out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import prod
from operator import length_hint
from typing import Any, NoReturn

from gfv_sei.bits import BitWindow, EndOfBits, LongPrefix
from gfv_sei.bits.reader import LONGEST_PREFIX
from gfv_sei.errors import PayloadError, TooLargeError
from gfv_sei.syntax.coder import UE_MAX, Arrays, SignedRow, nest, signed, subscripts
from gfv_sei.syntax.limit import ENTRIES, STRUCTURE, most_entries
from gfv_sei.syntax.rows import WORTH_IT, Line, Text, read_rows
from gfv_sei.wording import counted

Element = Line
"""One line of a trace: name, value, bits, descriptor."""

Known = dict[tuple[int, SignedRow, int], tuple[dict[str, list[int]], int]]
"""What a look at a payload leaves for a look along another edition: by position, row and turns of an array its values,
and the position behind them."""


class ReadingCoder(BitWindow):
    """Reads one payload along a description.

    After the description has run, ``fields`` holds the elements (see :mod:`gfv_sei.syntax.coder` for their shape),
    ``arrays`` the signed numbers once more, and, if asked for, ``trace`` one entry per coded element in coding order.
    Readers of the same payload can share what is ``known`` of its arrays; they do not trace then.
    """

    __slots__ = ("announced", "arrays", "begun", "ended", "fields", "known", "loops", "store", "text", "trace")

    def __init__(self, payload: bytes, trace: bool = False, known: Known | None = None) -> None:
        super().__init__(payload)
        self.fields: dict[str, Any] = {}
        self.store: Any = self.fields
        self.arrays: Arrays = defaultdict(list)
        self.ended: dict[str, list[Any]] = {}  # what the loop that ended last has held
        self.begun: dict[str, list[int]] | None = None  # what was read already of the loop that comes next
        self.announced = 0  # entries so far
        self.known = known
        self.text: Text | None = None  # of rows.py: the bits as text, from the first array on
        self.loops: list[tuple[tuple[int, ...], Any, Iterator[int]]] = []  # counts, elements, turns still to come
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

    def u_v(self, name: str, n: int) -> int:
        value = self.u(name, n)
        if self.trace is not None:
            self.trace[-1] = (name, value, n, "u(v)")
        return value

    def infer(self, name: str, value: int | None) -> int:
        # Outside of loops an absent element stays absent; inside, its place is kept.
        if self.loops:
            self.store[name].append(value)
        return value or 0

    def signed(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        turns = prod(counts)
        self.announced += turns * row.entries
        if turns * row.least > self.remaining or self.announced > ENTRIES:
            self._refuse_too_many(announced_by, turns, row.least)
        arrays, done = self.rows(row, turns) if turns >= WORTH_IT else ({}, 0)
        if done < turns:
            self.begun = arrays
            signed(self, announced_by, counts, row)
            arrays = self.ended
        else:
            self._keep(counts, arrays)
        for name, flat in arrays.items():
            self.arrays[name].append(flat)

    def rows(self, row: SignedRow, turns: int) -> tuple[dict[str, list[int]], int]:
        """The rows that can be read as a whole, see ``read_rows``; what is left is met element by element."""
        if self.known is None:
            return read_rows(self, row, turns)
        place = (self.position, row, turns)
        if place in self.known:
            arrays, end = self.known[place]
            self.seek(end)
            return arrays, turns
        arrays, done = read_rows(self, row, turns)
        if done == turns:
            self.known[place] = (arrays, self.position)
        return arrays, done

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        turns = prod(counts)
        inner: defaultdict[str, list[Any]] = defaultdict(list)
        done = 0
        if self.begun is None:
            self.announced += turns * STRUCTURE
            if turns * least > self.remaining or self.announced > ENTRIES:
                self._refuse_too_many(announced_by, turns, least)
        elif self.begun:
            inner |= self.begun
            done = len(next(iter(inner.values())))
        self.begun = None
        outer = self.store
        self.store = inner
        to_come = iter(range(done, turns))
        self.loops.append((counts, inner, to_come))
        yield from to_come
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
        value = int.from_bytes(self.data[position >> 3 :], "big") & ((1 << count) - 1)
        self.seek_byte(len(self.data))
        # Of a tail of megabytes the last byte alone is looked at, and text is made once.
        last = value & 0xFF
        zeros = (last & -last).bit_length() - 1
        if zeros < 0:
            self._tail_bits("payload_trailing_bits", f"{value:0{count}b}")
            return
        extension = count - zeros - 1
        if extension or count == 8:
            self._tail_bits(
                "reserved_payload_extension_data", f"{value >> zeros + 1:0{extension}b}" if extension else ""
            )
        if self.trace is not None:
            self.trace.append(("payload_bit_equal_to_one", 1, 1, "f(1)"))
            self.trace += [("payload_bit_equal_to_zero", 0, 1, "f(1)")] * zeros

    def fail(self, reason: str, element: str, **place: Any) -> PayloadError:
        kind = place.pop("kind", PayloadError)
        # The element may be some way back, and positions are not kept: who catches the error finds the bit.
        error: PayloadError = kind(reason, element=self._subscripted(element, last=True), **place)
        return error

    def _refuse_too_many(self, announced_by: str, turns: int, least: int) -> None:
        """Refuse the loop that comes next if the bits left cannot hold it, or if it is more than a message may have."""
        if turns * least > self.remaining:
            reason = (
                f"announces {counted(turns, 'entry', 'entries')}, which take at least {counted(turns * least, 'bit')}, "
                f"with {counted(self.remaining, 'bit')} left"
            )
            raise self.refusal(PayloadError, reason, announced_by)
        if self.announced > (most := most_entries(len(self.data))):
            reason = (
                f"announces {counted(turns, 'entry', 'entries')}, with which the message has {self.announced}; "
                f"this program reads {most} at "
                f"most of a payload of {counted(len(self.data), 'byte')}, a limit of its own and of no standard"
            )
            raise self.refusal(TooLargeError, reason, announced_by)

    def refusal(self, kind: type[PayloadError], reason: str, announced_by: str) -> Exception:
        """The error, to be raised, for a loop that cannot be. As in ``fail``, it does not know the bit."""
        return kind(reason, element=self._subscripted(announced_by, last=True))

    def _keep(self, counts: tuple[int, ...], inner: dict[str, list[Any]]) -> None:
        """Put the arrays of a loop that has ended into what stands around it."""
        turns = prod(counts)
        self.ended = inner
        for name, flat in inner.items():
            if flat[0] is None and flat.count(None) == turns:
                continue  # an element that no turn has is absent
            nested = nest(flat, counts) if len(counts) > 1 else flat[:]
            if self.loops:
                self.store[name].append(nested)
            else:
                self.store[name] = nested

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

    def _tail_bits(self, name: str, bits: str) -> None:
        self.fields[name] = bits
        if self.trace is not None and bits:
            self.trace.append((name, bits, len(bits), "u(v)"))

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

    def _ending(self, missing: int) -> str:
        return f"the payload of {counted(len(self.data), 'byte')} ends here, at least {counted(missing, 'bit')} short"

    def _ended(self, name: str, end: EndOfBits) -> NoReturn:
        raise PayloadError(
            self._ending(end.missing),
            element=self._subscripted(name),
            bit=self.position,
        ) from None

    def _subscripted(self, name: str, last: bool = False) -> str:
        """The name with the subscripts of the element that is being read (``last``: that was read last)."""
        found: list[int] = []
        for counts, store, to_come in self.loops:
            if name in store:
                turn = len(store[name])
                turn -= bool(last and store is self.store and turn)
            else:  # one of an earlier loop over the same subscripts
                turn = prod(counts) - length_hint(to_come) - 1
            found += subscripts(counts, turn)
        return name + "".join(f"[ {index} ]" for index in found)
