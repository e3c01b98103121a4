"""Text for a terminal: colour where there is one, lines that fit, nothing that a terminal would act on."""

from __future__ import annotations

import os
import textwrap
from typing import IO, Any

from gfv_sei.wording import printable

WIDTH = 100
"""Columns that text for reading stays within."""

_CODES = {"title": "1", "name": "36", "good": "32", "warning": "33", "error": "31", "dim": "2"}


def is_coloured(stream: IO[Any] | None) -> bool:
    """Whether to colour what goes to ``stream``: it is a terminal, and NO_COLOR is unset or empty (no-color.org)."""
    if stream is None or not stream.isatty():  # None: it is closed
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Painter:
    """Lines in styles, each at most WIDTH columns wide. Without colour the styles say nothing."""

    def __init__(self, coloured: bool = False) -> None:
        self.coloured = coloured

    def line(self, text: str, style: str | None = None, indent: str = "    ") -> str:
        """``text`` as one or more lines with their ends; further lines are set in by ``indent`` more."""
        text = printable(text)
        if len(text) > WIDTH:
            start = text[: len(text) - len(text.lstrip())]
            wrapped = textwrap.wrap(
                text[len(start) :],
                WIDTH,
                initial_indent=start,
                subsequent_indent=start + indent,
                break_on_hyphens=False,
                drop_whitespace=True,
            )
        else:
            wrapped = [text]
        if self.coloured and style is not None:
            wrapped = [f"\x1b[{_CODES[style]}m{line}\x1b[0m" for line in wrapped]
        return "".join(f"{line}\n" for line in wrapped)
