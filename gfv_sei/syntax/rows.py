"""Arrays of signed numbers at C speed: a regular expression over the bits as text, and tables of codes.

A row of a message's arrays is a regular language: a ue(v) code, some bits, a sign flag if not all of it is 0. So its
pattern splits the text of a payload's bits into the codes of an array, and dictionaries turn the codes into numbers,
without a line of Python per element; writing is the same with the dictionaries the other way round. Nothing here
raises an error about a message: where an array is broken, or has numbers beyond the patterns, reading ends before
them and writing returns None, and :func:`gfv_sei.syntax.coder.signed` goes on element by element and says what is
wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import chain, islice
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from gfv_sei.syntax.coder import UE_MAX, SignedRow

if TYPE_CHECKING:
    from gfv_sei.syntax.reading import ReadingCoder

WORTH_IT = 3
"""Rows from which on an array is read faster this way."""

MANY = 512
"""Rows from which on all that a text has are found at once."""

CHUNK = 4096
"""Bytes of payload that are turned into text at a time, so that memory does not grow with the payload."""

LONGEST = 31
"""Leading zeros of the longest ue(v) code that the patterns know: that of UE_MAX."""

KEPT = 21
"""Codes of up to so many bits stay in the dictionaries; with these they come to 2047 and 4095 entries."""


Line = tuple[str, Any, int, str]
"""One line of a trace: name, value, bits, descriptor."""


class Text(NamedTuple):
    """The bits of ``CHUNK`` bytes of a payload, or of what is left of it, as text of 0s and 1s."""

    bits: str
    start: int
    """In bits from the start of the payload."""
    last: bool
    """Whether the payload ends with them."""


class _UeValues(dict[str, int]):
    """The values of ue(v) codes."""

    def __missing__(self, code: str) -> int:
        value = int(code, 2) - 1
        if len(code) <= KEPT:
            self[code] = value
        return value


class _UValues(dict[str, int]):
    """The values of u(n); those of flags too, of which one that is not coded is 0."""

    def __missing__(self, code: str) -> int:
        value = int(code or "0", 2)
        if len(code) < KEPT // 2 + 2:
            self[code] = value
        return value


_UE_VALUES = _UeValues()
_U_VALUES = _UValues()


class _Lines(dict[str, Line]):
    """The lines of a trace for the codes of one element, each once however often it comes."""

    def __init__(self, name: str, descriptor: str, values: Mapping[str, int]) -> None:
        super().__init__()
        self.name, self.descriptor, self.values_of = name, descriptor, values

    def __missing__(self, code: str) -> Line:
        line = (self.name, self.values_of[code], len(code), self.descriptor)
        if len(code) <= KEPT // 2:
            self[code] = line
        return line


class Column(NamedTuple):
    """One element of a row: which group of the pattern it is, and how its code is read."""

    group: int
    name: str
    most: int
    values: Mapping[str, int]
    lines: Mapping[str, Line]


@cache
def _row_pattern(row: SignedRow) -> tuple[re.Pattern[str], tuple[Column, ...]]:
    """The pattern of one row, or, with all groups empty, of the rest of a text in which no row comes next."""
    pattern = ""
    columns = []
    group = 0
    for parts, sign_flag in row.numbers:
        first, *others = parts
        # A number is 0 where each part is: a 1 for each ue(v), 0s for each u(n). An empty group says that it is so,
        # and the sign flag asks for it. What follows is looked at beforehand, so that nothing is ever tried twice.
        zeros = "".join("0" * part.bits or "1" for part in others)
        pattern += f"(1(?={zeros})()|1(?!{zeros})|{_LONGER})" if zeros else f"(1()|{_LONGER})"
        columns.append(_column(group, first.name, "ue(v)", first.most, _UE_VALUES))
        marker = group + 2  # groups are counted from 1 in a pattern
        group += 2
        for part in others:
            pattern += f"(.{{{part.bits}}})" if part.bits else f"(1|{_LONGER})"
            values = _U_VALUES if part.bits else _UE_VALUES
            columns.append(_column(group, part.name, part.descriptor, part.most, values))
            group += 1
        pattern += f"((?({marker})|.))"
        columns.append(_column(group, sign_flag, "u(1)", UE_MAX, _U_VALUES))
        group += 1
    return re.compile(f"{pattern}|.+"), tuple(columns)


def _column(group: int, name: str, descriptor: str, most: int, values: Mapping[str, int]) -> Column:
    return Column(group, name, most, values, _Lines(name, descriptor, values))


def _longer(zeros: int) -> str:
    """ue(v) codes with ``zeros`` leading zeros or more, up to LONGEST."""
    deeper = f"|{_longer(zeros + 1)}" if zeros < LONGEST else ""
    return f"0(?:1.{{{zeros}}}{deeper})"


_LONGER = _longer(1)


def read_rows(reader: ReadingCoder, row: SignedRow, turns: int) -> tuple[dict[str, list[int]], int]:
    """Read up to ``turns`` rows: the values by name, flat, and how many rows; the reader is behind them.

    If they are fewer, the next row is broken or beyond the patterns, or follows soon.
    """
    pattern, columns = _row_pattern(row)
    arrays: dict[str, list[int]] = {}
    position = reader.position
    missing = turns
    while True:
        text = reader.text
        if text is None or not 0 <= position - text.start < len(text.bits):
            text = reader.text = _text(reader.data, position >> 3)
        first = position - text.start
        found, end = _find(pattern, text.bits, first, missing, row.least)
        if found:
            if not _take(found, columns, arrays, reader.trace):
                break
            position = text.start + end
            missing -= len(found)
            if not missing:
                break
        # The rest of the text is not a row: broken, or it goes on in the next chunk.
        if text.last or (not found and first < 8):
            break
        reader.text = None
    reader.seek(position)
    return arrays, turns - missing


def _find(pattern: re.Pattern[str], bits: str, first: int, most: int, least: int) -> tuple[list[tuple[str, ...]], int]:
    """Up to ``most`` rows, each of ``least`` bits at the least, by the groups of the pattern; and where they end."""
    if most > MANY and most * least >= len(bits) - first:  # so there cannot be more of them
        found = pattern.findall(bits, first)
        if found and not found[-1][0]:
            del found[-1]
        return found, first + len("".join(chain.from_iterable(found)))
    matches = list(islice(pattern.finditer(bits, first), most))
    if matches and matches[-1][1] is None:
        del matches[-1]
    return [match.groups("") for match in matches], matches[-1].end() if matches else first


def _take(
    found: list[tuple[str, ...]], columns: tuple[Column, ...], arrays: dict[str, list[int]], trace: list[Any] | None
) -> bool:
    """Put the rows that were found into the arrays and the trace; False, and nothing is, if a value is out of range."""
    groups = list(zip(*found, strict=True))
    taken = {}
    for group, name, most, values, _ in columns:
        taken[name] = numbers = list(map(values.__getitem__, groups[group]))
        if most < UE_MAX and max(numbers) > most:
            return False
    if arrays:
        for name, numbers in taken.items():
            arrays[name] += numbers
    else:
        arrays |= taken
    if trace is not None:
        lines = [map(column.lines.__getitem__, groups[column.group]) for column in columns]
        trace += [line for line in chain.from_iterable(zip(*lines, strict=True)) if line[2]]
    return True


def _text(data: bytes, first: int) -> Text:
    chunk = data[first : first + CHUNK]
    bits = f"{int.from_bytes(chunk, 'big'):0{8 * len(chunk)}b}" if chunk else ""
    return Text(bits, 8 * first, first + len(chunk) == len(data))


class _UeCodes(dict[int, str]):
    """The ue(v) codes of values; KeyError for what has none."""

    def __missing__(self, value: int) -> str:
        if not 0 <= value <= UE_MAX:
            raise KeyError(value)
        n = 2 * (value + 1).bit_length() - 1
        code = f"{value + 1:0{n}b}"
        if n <= KEPT:
            self[value] = code
        return code


class _UCodes(dict[int, str]):
    """The values of u(n) in ``n`` bits; KeyError for those that do not fit."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def __missing__(self, value: int) -> str:
        if not 0 <= value < 1 << self.n:
            raise KeyError(value)
        code = f"{value:0{self.n}b}"
        if value < 1 << KEPT // 2:
            self[value] = code
        return code


_UE_CODES = _UeCodes()
_u_codes = cache(_UCodes)

_NUMBERS = {int}
_FLAGS = {int, bool, type(None)}

_SIGN_CODES: tuple[dict[int | None, str], ...] = ({0: "", None: ""}, {0: "0", 1: "1"})
"""The sign flag of numbers that are 0, and of others."""


def rows_as_text(row: SignedRow, arrays: Mapping[str, list[Any]]) -> str | None:
    """The bits of as many rows as the arrays have entries, as text."""
    columns: list[list[str]] = []
    try:
        for parts, sign_flag in row.numbers:
            any_part: list[int] = []
            for name, bits, most in parts:
                numbers = arrays[name]
                if set(map(type, numbers)) != _NUMBERS or (most < UE_MAX and max(numbers) > most):
                    return None
                codes: dict[int, str] = _u_codes(bits) if bits else _UE_CODES
                columns.append(list(map(codes.__getitem__, numbers)))
                any_part = list(map(or_, any_part, numbers)) if any_part else numbers
            signs = arrays[sign_flag]
            if not set(map(type, signs)) <= _FLAGS:
                return None
            columns.append([_SIGN_CODES[not_zero > 0][sign] for not_zero, sign in zip(any_part, signs, strict=True)])
    except KeyError:
        return None
    return "".join(chain.from_iterable(zip(*columns, strict=True)))
