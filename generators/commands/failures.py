"""What a command says of a program beside it that failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gfv_sei.cli.options import detail
from gfv_sei.errors import ToolError


@contextmanager
def in_one_line() -> Iterator[None]:
    """The error says how the program ended; the last lines that it wrote are for gfv --verbose."""
    try:
        yield
    except ToolError as error:
        first, *wrote = str(error).splitlines()
        if not wrote:
            raise
        for line in wrote:
            detail(line)
        reason = first.removesuffix("; the last lines it wrote:")
        raise ToolError(f"{reason}; gfv --verbose shows the last lines that it wrote") from error
