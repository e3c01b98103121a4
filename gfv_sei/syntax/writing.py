"""The coder that writes: a dictionary of elements in, bits out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from math import prod
from operator import length_hint
from typing import Any

from gfv_sei.bits import BitSink
from gfv_sei.bits.writer import SPILL
from gfv_sei.errors import MessageError
from gfv_sei.syntax.coder import UE_MAX, Arrays, SignedRow, signed, subscripts
from gfv_sei.syntax.parts import PAYLOAD_BYTES
from gfv_sei.syntax.rows import rows_as_text
from gfv_sei.wording import counted, in_short

_END = object()
_LISTS = {list}


class WritingCoder(BitSink):
    """Writes one message along a description.

    Every value of ``fields`` must be consumed, and exactly once: a misspelt name, an element that is not coded in
    this message, or a list of another length is refused, never dropped in silence. ``arrays`` holds the signed numbers
    afterwards.
    """

    __slots__ = ("arrays", "given", "left", "loops", "network_everywhere", "opened")

    def __init__(self, fields: dict[str, Any], network_everywhere: bool = False) -> None:
        super().__init__()
        self.network_everywhere = network_everywhere
        self.arrays: Arrays = defaultdict(list)
        self.left = dict(fields)  # what has not been consumed yet
        # For each loop that is open: its counts, and of each array met in it the values still to come.
        self.loops: list[tuple[tuple[int, ...], dict[str, Iterator[Any]]]] = []
        self.given: dict[str, Iterator[Any]] | None = None
        self.opened: dict[str, Iterator[Any]] = {}  # arrays of the next loop that were looked at before it

    def flag(self, name: str) -> int:
        value = self.left.pop(name, None) if self.given is None else self._take(name)
        if type(value) not in (int, bool) or value not in (0, 1):
            raise self._refuse("a flag is 0 or 1", name, value, "0, 1")
        self.window = self.window << 1 | value
        self.pending += 1
        return int(value)

    def ue(self, name: str, most: int = UE_MAX) -> int:
        value = self.left.pop(name, None) if self.given is None else self._take(name)
        if type(value) is not int or not 0 <= value <= most:
            raise self._refuse("out of range", name, value, f"0 to {most}")
        code = value + 1
        n = 2 * code.bit_length() - 1
        self.window = self.window << n | code
        self.pending += n
        if self.pending > SPILL:
            self.spill()
        return value

    def u(self, name: str, n: int) -> int:
        value = self.left.pop(name, None) if self.given is None else self._take(name)
        if type(value) is not int or not 0 <= value < 1 << n:
            raise self._refuse("out of range", name, value, f"0 to {(1 << n) - 1}, in {counted(n, 'bit')}")
        self.window = self.window << n | value
        self.pending += n
        return value

    def u_v(self, name: str, n: int) -> int:
        return self.u(name, n)

    def infer(self, name: str, value: int | None) -> int:
        given = self.left.pop(name, None) if self.given is None else self._take(name, None)
        if given is not None and given != value:
            stands = "cannot have a value" if value is None else f"is inferred to be {value}"
            raise self._refuse(
                f"is not coded here and {stands}", name, given, "absent" if value is None else str(value)
            )
        return value or 0

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        outer = self.given
        inner, self.opened = self.opened, {}
        self.given = inner
        self.loops.append((counts, inner))
        # The values of an array are looked at only when its element is first met, so a count of 2^32 costs nothing
        # here: the list given for it has another length, and that is the error.
        yield from range(prod(counts))
        self.loops.pop()
        self.given = outer

    def signed(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        self.loops.append((counts, {}))
        arrays = {}
        for parts, sign_flag in row.numbers:
            for part in parts:
                arrays[part.name] = self._open(part.name, len(self.loops), False)
            arrays[sign_flag] = self._open(sign_flag, len(self.loops), True)
        self.loops.pop()
        for name, flat in arrays.items():
            self.arrays[name].append(flat[:])  # the caller's lists may change
        bits = rows_as_text(row, arrays)
        if bits is None:
            self.opened = {name: iter(values) for name, values in arrays.items()}
            signed(self, announced_by, counts, row)
            return
        self.window = self.window << len(bits) | int(bits, 2)
        self.pending += len(bits)
        if self.pending > SPILL:
            self.spill()

    def align(self, name: str) -> None:
        rest = -self.position % 8
        self.window <<= rest
        self.pending += rest

    def st(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or "\0" in value:
            raise self._refuse("must be text without a zero byte", name, value, "UTF-8 text")
        try:
            data = value.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise self._refuse("cannot be written as UTF-8", name, ascii(value), "UTF-8 text") from None
        self.write_bytes(data + b"\0")
        return value

    def payload_bytes(self, name: str) -> None:
        value = self._take(name)
        if not isinstance(value, bytes):
            raise self._refuse("must be bytes", name, value, "bytes; in JSON a string in base64")
        self.write_bytes(value)

    def tail(self) -> None:
        """Alignment, and what the message keeps of extension data; see ReadingCoder.tail."""
        if self.network_everywhere:
            self._unannounced_network()
        odd = self._take("payload_trailing_bits", None)
        if odd is not None:
            self._bit_text("payload_trailing_bits", odd)
        else:
            extension = self._take("reserved_payload_extension_data", None)
            if extension is not None:
                self._bit_text("reserved_payload_extension_data", extension)
            if extension is not None or self.position % 8:
                self.window = self.window << 1 | 1
                self.pending += 1
                self.align("payload_bit_equal_to_zero")
        if self.position % 8:
            raise MessageError("the payload is not a whole number of bytes", element="payload_trailing_bits", value=odd)
        if self.left:
            extra = min(self.left)
            raise MessageError(
                "has no place in this message: the elements before it say that it is not coded",
                element=extra,
                value=_short(self.left[extra]),
                allowed="absent",
            )

    def fail(self, reason: str, element: str, **place: Any) -> MessageError:
        """The error of a message that cannot be: the same words as in reading, but here the caller is at fault."""
        place.pop("kind", None)
        return MessageError(reason, element=element, **place)

    def _unannounced_network(self) -> None:
        """The quirk of that name: network bytes follow although no element announces them."""
        for name in PAYLOAD_BYTES:
            if name in self.left:
                self.align(name)
                self.payload_bytes(name)

    def _bit_text(self, name: str, text: Any) -> None:
        """Write bits that are given as text of 0s and 1s."""
        if not isinstance(text, str) or text.strip("01"):
            raise self._refuse("must be text of 0s and 1s", name, text, "0s and 1s")
        self.spill()
        whole = self.window << len(text) | int(text or "0", 2)
        self.pending += len(text)
        self.window = whole
        self.spill()

    def _take(self, name: str, *default: Any) -> Any:
        """The value given for an element, None where it is absent; inside of loops absence is refused by itself."""
        given = self.given
        if given is None:
            return self.left.pop(name, None)
        values = given.get(name)
        if values is None:
            values = given[name] = iter(self._open(name, len(self.loops), bool(default)))
        value = next(values, _END)
        if value is _END or (value is None and not default):
            raise self._refuse("is missing", name, None, None)
        return value

    def _open(self, name: str, depth: int, optional: bool) -> list[Any]:
        """The values of an array for the loop that is open at ``depth``, flat, checked to have its shape."""
        counts = self.loops[depth - 1][0]
        if depth > 1:
            outer = self.loops[depth - 2][1]
            if name not in outer:
                outer[name] = iter(self._open(name, depth - 1, optional))
            value = next(outer[name], None)
        else:
            value = self.left.pop(name, None)
        if value is None and optional:
            # nothing was given for an array of which this place is absent; a later place may still be missed then
            return [None] * prod(counts)
        flat = self._of_length(name, counts[0], value, depth - 1)
        for level, count in enumerate(counts[1:], 1):
            if set(map(type, flat)) != _LISTS or set(map(len, flat)) != {count}:
                for turn, part in enumerate(flat):
                    self._of_length(name, count, part, depth - 1, subscripts(counts[:level], turn))
            flat = flat[0] if len(flat) == 1 else list(chain.from_iterable(flat))
        return flat

    def _of_length(self, name: str, count: int, value: Any, depth: int, inner: Sequence[int] = ()) -> list[Any]:
        """The value, if it is a list of ``count``; it stands in ``depth`` loops, at the subscripts ``inner`` of one."""
        if type(value) is list and len(value) == count:
            return value
        have = counted(len(value), "value") if isinstance(value, list) else _short(value)
        raise self._refuse(f"must be a list of {count}", name, have, counted(count, "value"), depth, inner)

    def _refuse(
        self,
        reason: str,
        name: str,
        value: Any,
        allowed: str | None,
        depth: int | None = None,
        inner: Sequence[int] = (),
    ) -> MessageError:
        """The error at the element that is being written, or at a list on the way to it (see ``_of_length``)."""
        if value is None:
            reason = "is missing: the elements before it say that it is coded"
        found: list[int] = []
        for counts, given in self.loops[:depth]:
            values = given.get(name)
            left = length_hint(values) if values is not None else 0
            found += subscripts(counts, max(0, prod(counts) - left - 1))
        place = "".join(f"[ {i} ]" for i in (*found, *inner))
        return MessageError(reason, element=name + place, value=_short(value), allowed=allowed)


def _short(value: Any) -> Any:
    """A value as it may stand in an error text, however long it is."""
    if value is None or isinstance(value, (bool, int)):
        return value
    return in_short(value)
