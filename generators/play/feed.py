"""The latest pictures of a player, for any number of clients that take them at their own pace."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any, NamedTuple

KEPT = 32
"""Pictures that stay to be fetched; a client that is slower than this misses some."""

KEPT_BASES = 4


class Frame(NamedTuple):
    """One picture of the output: its number from 0, what is told of it, and its JPEG."""

    number: int
    info: dict[str, Any]
    picture: bytes


class Feed:
    """Frames from one thread to those of clients, and who is there."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._bases: OrderedDict[int, bytes] = OrderedDict()
        self._waiting = 0
        self._last_seen: float | None = None
        self._ended = False

    def put(self, frame: Frame, base: bytes | None = None) -> None:
        """Add the next frame; ``base`` is its JPEG again where it is a new base picture."""
        with self._changed:
            self._frames[frame.number] = frame
            if base is not None:
                self._bases[frame.number] = base
            for kept, most in ((self._frames, KEPT), (self._bases, KEPT_BASES)):
                while len(kept) > most:
                    kept.popitem(last=False)
            self._changed.notify_all()

    def end(self) -> None:
        """No frame will come any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def ended(self, after: int) -> bool:
        """Whether no frame will come whose number is above ``after``, and none is there."""
        with self._changed:
            return self._ended and self._number() <= after

    def newest(self, after: int, wait: float) -> Frame | None:
        """The newest frame, if its number is above ``after``.

        None if there is none within ``wait`` seconds, and at once if none will come.
        """
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            try:
                self._changed.wait_for(lambda: self._number() > after or self._ended, wait)
                return next(reversed(self._frames.values())) if self._number() > after else None
            finally:
                self._waiting -= 1
                self._last_seen = time.monotonic()

    def picture(self, number: int) -> bytes | None:
        """The JPEG of a frame that is still kept."""
        with self._changed:
            frame = self._frames.get(number)
            return None if frame is None else frame.picture

    def base(self, number: int) -> bytes | None:
        """The JPEG of a base picture that is still kept."""
        with self._changed:
            return self._bases.get(number)

    def wait_for_client(self, seconds: float) -> bool:
        """Wait until somebody has asked for a frame; whether somebody has."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting > 0 or self._last_seen is not None, seconds)

    def deserted(self, seconds: float) -> bool:
        """Whether there were clients, and for some seconds there was none."""
        with self._changed:
            return not self._waiting and self._last_seen is not None and time.monotonic() - self._last_seen > seconds

    def _number(self) -> int:
        return next(reversed(self._frames), -1)
