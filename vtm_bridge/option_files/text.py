"""The two file formats, as text: ``name: value`` of VTM and HM, ``name = value`` of JM. No option is known here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.wording import counted
from vtm_bridge.option_files.options import Kind, Option

BLANKS = " \t\n\r"
"""What the option parser of VTM takes for white space around names and values."""

_BETWEEN_NUMBERS = re.compile(r"[, \t\n\r\v\f]+")  # no others: a blank of Unicode is none to the encoders

LONGEST_NUMBER = 400

_INTEGER = re.compile(r"\+?[0-9]{1,18}|-0{1,18}")
_REAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Line(NamedTuple):
    """One option as it stands in a file."""

    name: str
    value: str
    number: int
    file: str | None = None

    def error(self, reason: str, value: object = None, allowed: str | None = None) -> GfvError:
        """The error for what stands in this line."""
        name = ascii(self.name)[1:-1][:80]
        return GfvError(f"line {self.number}: {reason}", file=self.file, element=name, value=value, allowed=allowed)


def split_lines(data: bytes, separator: str, file: str | None = None) -> list[Line]:
    """The lines of an option file that set something; ``file`` is its name in error messages.

    Comments start with # at the start of a word, so an address with a # in it stays whole. Lines without a separator
    or a value are passed over, as the encoders do (with a warning).
    """
    found = []
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(BLANKS)
        if not line or line[0] == "#":
            continue
        name, colon, value = line.partition(separator)
        name, value = name.strip(BLANKS), _without_comment(value).strip(BLANKS)
        if not colon or not value or any(blank in name for blank in BLANKS):
            continue
        found.append(Line(name, value, number, file))
    return found


def _without_comment(value: str) -> str:
    if "#" not in value:
        return value
    comment = re.search(rf"(?:^|(?<=[{BLANKS}]))#", value)
    return value[: comment.start()] if comment else value


def integers(option: Option, line: Line) -> list[int]:
    """The values of an option whose values are integers; of a single one the first word counts, as in VTM."""
    words = _words(line.value)
    if option.several == 1 and option.most == 1:
        words = words[:1]
    _limited(option, line, words)
    for word in words:
        if not _INTEGER.fullmatch(word):
            raise _wrong(line, "is no number that the encoder takes here", word)
        if not option.low <= int(word) <= option.high:
            raise _wrong(
                line, "out of the range that the encoder takes", word, f"{shown(option.low)} to {shown(option.high)}"
            )
    return [int(word) for word in words]


def reals(option: Option, line: Line) -> list[float]:
    """The values of an option whose values are real numbers."""
    words = _words(line.value)
    _limited(option, line, words)
    found = []
    for word in words:
        if len(word) > LONGEST_NUMBER or not _REAL.fullmatch(word):
            raise _wrong(line, "is no number that the encoder takes here", word)
        value = float(word)
        if not option.low <= value <= option.high or abs(value) == float("inf"):
            raise _wrong(
                line, "out of the range that the encoder takes", word, f"{shown(option.low)} to {shown(option.high)}"
            )
        found.append(value)
    return found


def _words(value: str) -> list[str]:
    return [word for word in _BETWEEN_NUMBERS.split(value) if word]


def shown(limit: float) -> str:
    """A limit of an option, in all its digits."""
    return f"{int(limit)}" if float(limit).is_integer() else f"{limit:g}"


def _limited(option: Option, line: Line, words: list[str]) -> None:
    if len(words) > option.most:
        raise _wrong(line, "has more values than the encoder takes", counted(len(words), "value"), f"{option.most}")


def _wrong(line: Line, reason: str, word: str, allowed: str | None = None) -> GfvError:
    short = word if len(word) <= 40 else word[:37] + "..."
    return line.error(reason, ascii(short)[1:-1], allowed)


def format_value(kind: Kind, values: Iterable[object]) -> str:
    """Values as they stand in a file; real numbers with every digit that tells them apart."""
    return " ".join(repr(value) if kind is Kind.REAL else str(value) for value in values)


def why_not_text(text: str, separator: str) -> str | None:
    """Why a URI cannot stand in an option file, None if it can."""
    if not text.isascii():
        return "the encoder stops at bytes above 127"
    if separator == "=" and re.search(r"[\s\"#\x00-\x20\x7f]", text):
        return "a value with blanks, quotation marks or # does not come through the option file"
    if text != text.strip(BLANKS):
        return "blanks at its start or end do not come through the option file"
    if "\n" in text or "\0" in text:
        return "a line of an option file ends there"
    if _without_comment(text) != text:
        return "a word that starts with # is a comment in an option file"
    return None
