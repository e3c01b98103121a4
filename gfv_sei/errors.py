"""The one family of exceptions: everything that a file or a caller can get wrong is a GfvError.

An error is there to help somebody mend something, so each one carries the place, as far as it was known where the
error arose, and gathers more on its way up: the bit reader knows the bit in the payload and the element, the SEI
layer adds the message, the stream layer the NAL unit and the byte in the file. ``str(error)`` puts it together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gfv_sei.wording import in_short


class GfvError(Exception):
    """Something in a file, a payload or a call is wrong.

    ``reason`` is one sentence. The place is kept in attributes, each None where it is not known:

    file      the file that is none of its kind, where there may be several
    element   name of the syntax element with its subscripts, such as ``gfv_coordinate_x_abs[ 3 ]``
    value     what stands there
    allowed   what may stand there, in words
    bit       bit position in the SEI payload, counted from 0
    record    index of the record, among those that are to be put into a stream
    offset    byte position in the file of the NAL unit's start code
    nal       index of the NAL unit in the stream
    au        index of the access unit in decoding order
    clause    table or clause of the standard that says so
    """

    place = ("file", "record", "au", "nal", "offset", "bit", "element", "value", "allowed", "clause")

    def __init__(self, reason: str, **place: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.file: str | None = None
        self.record: int | None = None
        self.element: str | None = None
        self.value: Any = None
        self.allowed: str | None = None
        self.bit: int | None = None
        self.offset: int | None = None
        self.nal: int | None = None
        self.au: int | None = None
        self.clause: str | None = None
        self.at(**place)

    def at(self, **place: Any) -> GfvError:
        """Add what is known of the place; what was known nearer to the error stays. Returns the error itself."""
        for name, known in place.items():
            if name not in self.place:
                raise TypeError(f"an error has no place named {name!r}")
            if getattr(self, name) is None:
                setattr(self, name, known)
        return self

    @property
    def in_one_line(self) -> str:
        """The text, for a terminal."""
        return str(self)

    def __str__(self) -> str:
        where = place_in_words(self.au, self.nal, self.offset, self.bit, record=self.record)
        parts = [part for part in (self.file, where) if part]
        what = self.reason
        if self.element is not None:
            value = in_short(self.value) if isinstance(self.value, (list, dict, int)) else self.value
            what = f"{self.element}{'' if self.value is None else f' = {value}'}: {what}"
        parts.append(what)
        text = ": ".join(parts)
        if self.allowed is not None:
            text += f" (allowed: {self.allowed})"
        if self.clause is not None:
            text += f" [{self.clause}]"
        return text


def place_in_words(
    au: int | None,
    nal: int | None,
    offset: int | None,
    bit: int | None,
    *,
    record: int | None = None,
    message: int | None = None,
) -> str:
    """Where something is, as far as it is known; see GfvError for most, and Finding for ``message``."""
    known: tuple[tuple[str, int | None], ...] = (
        ("record {}", record),
        ("access unit {}", au),
        ("NAL unit {}", nal),
        ("byte {}", offset),
        ("message {} of it", message),
        ("bit {} of the payload", bit),
    )
    return ", ".join(text.format(number) for text, number in known if number is not None)


class PayloadError(GfvError):
    """The bits of an SEI payload do not follow the syntax, or end too soon."""


class TooLargeError(PayloadError):
    """A message announces more than this tool reads of one message; nothing need be wrong with it."""


class PredictionError(PayloadError):
    """A message predicts from values that are not there, or not of its shape."""


class MessageError(GfvError, ValueError):
    """A message that is to be written lacks an element, has one too many, or one out of range."""


class StreamError(GfvError):
    """The NAL unit or SEI layer of a stream is broken, or it is not a stream of a known kind."""


class PlanError(GfvError):
    """Records to inject do not fit the stream that they are for."""


class ToolError(GfvError):
    """A program that we run (ffmpeg, a reference encoder) is missing, failed, or took too long.

    ``wrote`` holds the last lines that it wrote. ``str(error)`` has all of them, ``in_one_line`` the very last.
    """

    def __init__(self, reason: str, wrote: Sequence[str] = (), **place: Any) -> None:
        super().__init__(reason, **place)
        self.wrote = tuple(wrote)

    def __str__(self) -> str:
        text = super().__str__()
        return "\n  ".join((f"{text}; the last lines it wrote:", *self.wrote)) if self.wrote else text

    @property
    def in_one_line(self) -> str:
        """What stands on one line of a terminal."""
        text = super().__str__()
        return f"{text}; the program's last line: {in_short(self.wrote[-1].strip(), 160)}" if self.wrote else text
