"""What a user should know about a stream, each thing once."""

from __future__ import annotations

from collections.abc import Callable

MOST = 20
"""Notes of one stream: a broken one would have one for each of its messages."""


class Notes:
    """Passes on what it is called with, unless it was there before, and no more than `MOST` of it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()

    def __call__(self, text: str) -> None:
        if text in self._told or len(self._told) > MOST:
            return
        self._told.add(text)
        self._tell(text if len(self._told) <= MOST else "further notes are left out")
