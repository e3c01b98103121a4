"""Values, texts of a stream and counts as they may stand in an error, on a terminal, in a report."""

from __future__ import annotations

from typing import Any


def in_short(value: Any, longest: int = 80) -> str:
    """Any value as it may stand in an error text, however long it is and however deep."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # lists in lists in lists; an integer of more digits than Python writes
        return f"a value of type {type(value).__name__} that cannot be shown"
    return text if len(text) <= longest else text[: longest - 3] + "..."


def printable(text: str) -> str:
    """The text with escapes for all that is not to be printed: what a stream says must not reach the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def first_line(error: BaseException) -> str:
    """The first line of what an error of another package says, or its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return printable(lines[0].strip()) if lines else type(error).__name__


def quoted(text: str, longest: int = 200) -> str:
    """Text of a stream for a terminal and a shell: quoted where it has to be, escaped where it cannot be shown."""
    import shlex

    whole = text if len(text) <= longest else text[:longest] + "..."
    return shlex.quote(whole) if whole.isprintable() else ascii(whole)


def noun(number: int, singular: str, plural: str | None = None) -> str:
    """The noun that goes with a number; ``plural`` for one that does not just take an s."""
    return singular if number == 1 else plural or f"{singular}s"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: ``1 byte``, ``0 bytes``, ``2 matrices``."""
    return f"{number} {noun(number, singular, plural)}"
