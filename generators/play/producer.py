"""A thread that plays a stream into a feed."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import cv2

from generators.pipeline.output import pixels
from generators.play.feed import Feed, Frame
from gfv_sei.errors import GfvError

if TYPE_CHECKING:
    from generators.pipeline.decode import Shown

_QUALITY = 90
_MOST_POINTS = 64
_MOST_ELEMENTS = 48


class Producer:
    """Plays ``pictures()``, again and again with ``loop``, at ``fps`` pictures per second once somebody looks.

    error   what ended it, None as long as nothing did or where it was the end of the stream
    done    whether it has come to an end
    """

    def __init__(self, feed: Feed, pictures: Callable[[], Iterator[Shown]], fps: float, loop: bool = False) -> None:
        self.feed, self.pictures, self.fps, self.loop = feed, pictures, fps, loop
        self.error: BaseException | None = None
        self.done = threading.Event()
        self._stop = threading.Event()
        self._number = 0
        self._base = -1
        self._base_points: list[list[float]] = []
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="producer", daemon=True)
        self._first = threading.Event()

    def start(self) -> None:
        """Make the first picture, and begin to play when a client comes. Raises what playing raises until there."""
        self._thread.start()
        self._first.wait()
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        """Stop, and wait until decoder and network are through with their picture."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                before = self._number
                self._once()
                if not self.loop or self._number == before:
                    break
            if not self._number:
                raise GfvError("the stream has no pictures to play")
            self.feed.end()
        except Exception as error:
            self.error = error
        finally:
            self.done.set()
            self._first.set()

    def _once(self) -> None:
        shown = self.pictures()
        due: float | None = None
        try:
            for picture in shown:
                self._put(picture)
                self._first.set()
                if due is None:
                    while not self.feed.wait_for_client(0.1):
                        if self._stop.is_set():
                            return
                    due = time.monotonic()
                due = max(due + 1 / self.fps, time.monotonic())
                if self._stop.wait(due - time.monotonic()):
                    return
        finally:
            shown.close()  # type: ignore[attr-defined]  # the decoder ends now, not when somebody collects it

    def _put(self, shown: Shown) -> None:
        data = jpeg(shown)
        record = shown.record
        message = {} if record is None else record["message"]
        kind = "generated" if shown.coded is None else "base" if message.get("gfv_base_picture_flag") else "coded"
        parameters = _parameters({} if record is None else record["values"])
        if kind == "base":
            self._base, self._base_points = self._number, parameters["points"]
        info = {
            "number": self._number,
            "kind": kind,
            "base": self._base,
            "base_points": self._base_points,
            **parameters,
        }
        if record is not None:
            info |= {name: record[name] for name in ("au", "payload_size", "syntax")}
            info |= {name: message[name] for name in ("gfv_id", "gfv_cnt")}
        self.feed.put(Frame(self._number, info, data), data if kind == "base" else None)
        self._number += 1


def jpeg(shown: Shown) -> bytes:
    """A picture of the output as JPEG."""
    encoded, data = cv2.imencode(".jpg", pixels(shown)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not encoded:
        raise GfvError("a picture cannot be shown as JPEG", element="size", value=f"{shown.format.width} wide")
    return data.tobytes()


def _parameters(values: dict[str, Any]) -> dict[str, Any]:
    """Keypoints as x, y, and the elements of matrices in coding order, as many as a page can show."""
    found: dict[str, Any] = {"points": [point[:2] for point in values.get("coordinates", ())[:_MOST_POINTS]]}
    flat = (v for entry in values.get("matrices", ()) for matrix in entry["elements"] for row in matrix for v in row)
    found["elements"] = list(islice(flat, _MOST_ELEMENTS))
    return found
