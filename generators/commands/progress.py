"""A progress bar over pictures, where somebody can see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

T = TypeVar("T")


@contextmanager
def shown_progress(pictures: Iterator[T], label: str, length: Callable[[], int | None]) -> Iterator[Iterator[T]]:
    """The pictures, with a bar on standard error if that is a terminal.

    ``length`` says how many there will be, None where that is not known; it is only asked where there is a bar.
    """
    if not sys.stderr.isatty():
        yield pictures
        return
    with click.progressbar(pictures, length=length(), label=label, show_pos=True, file=sys.stderr) as bar:
        yield iter(bar)
