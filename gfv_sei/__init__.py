"""Generative face video SEI messages: syntax, NAL units, streams. Pure Python.

The package in one picture. Each layer uses only layers below it::

    cli            the gfv command; one module per command
    report         a stream as one HTML page
    comparison, codify, plot, explain
                   further uses of messages: compare two streams, print messages as Python, draw them, show where
                   reference software reads them differently
    validation     the rules that a stream must keep, and the checks for them
    schema         the JSON Schema of a record
    stream         files and pipes in one pass: read records, inject, remove, survey
    containers     elementary streams from MP4, Matroska and transport streams, and back into them, through ffmpeg
    message        one message: fields, bits, values
    meaning        values of elements, with the state that prediction needs; and elements for values
    sei            messages in NAL units, nesting, names of payload types
    syntax         one description per syntax structure and draft; coders that read and write with it
    nal            NAL unit headers, access units, emulation prevention, for AVC, HEVC and VVC
    bits           u(n) and ue(v) over integers
    process        external programs, run without a shell
    files          files that appear only when they are complete
    extras         how to install a missing package
    errors         the one family of errors
    wording        numbers and texts of a stream, made safe and short for messages
    lazily         public names that load on first use, for this and the other packages

Why one description
    A message is read, written, traced, converted to JSON and back, validated and documented. Six separate
    implementations would drift apart, as they have in the software that this project deals with. So each syntax table
    exists once, as a function that names each element in the words and order of the standard. Coders run this function
    (:mod:`gfv_sei.syntax.coder`). A draft is another such function.

Why streams are edited and not parsed
    The promise is that every byte that was not meant to change stays as it was. So a stream is never taken apart and
    put together again. The scanner copies it, and the operations decide what to leave out and what to add
    (:mod:`gfv_sei.stream.scanner`). Only SEI NAL units are opened.

What it costs
    A regular expression finds the start codes, so plain video passes at a large part of the speed of ``cat``. On real
    GFV streams, most of the time goes into the messages: some tens of microseconds to read a message, and as much to
    write it as JSON.

Nothing heavy is imported here: the names below are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei._version import __version__ as __version__
from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from gfv_sei.errors import GfvError as GfvError
    from gfv_sei.errors import MessageError as MessageError
    from gfv_sei.errors import PayloadError as PayloadError
    from gfv_sei.errors import PlanError as PlanError
    from gfv_sei.errors import PredictionError as PredictionError
    from gfv_sei.errors import StreamError as StreamError
    from gfv_sei.errors import TooLargeError as TooLargeError
    from gfv_sei.errors import ToolError as ToolError
    from gfv_sei.meaning.state import DecodingState as DecodingState
    from gfv_sei.message import Message as Message
    from gfv_sei.message import message_from_dict as message_from_dict
    from gfv_sei.message import message_from_values as message_from_values
    from gfv_sei.message import parse_payload as parse_payload
    from gfv_sei.message import write_payload as write_payload
    from gfv_sei.stream.extract import extract as extract
    from gfv_sei.stream.inject import inject as inject
    from gfv_sei.stream.records import read_messages as read_messages
    from gfv_sei.stream.remove import remove as remove
    from gfv_sei.validation.rules import RULES as RULES
    from gfv_sei.validation.rules import Finding as Finding
    from gfv_sei.validation.stream import validate as validate

__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "errors": (
            "GfvError",
            "MessageError",
            "PayloadError",
            "PlanError",
            "PredictionError",
            "StreamError",
            "TooLargeError",
            "ToolError",
        ),
        "meaning.state": ("DecodingState",),
        "message": ("Message", "message_from_dict", "message_from_values", "parse_payload", "write_payload"),
        "stream.extract": ("extract",),
        "stream.inject": ("inject",),
        "stream.records": ("read_messages",),
        "stream.remove": ("remove",),
        "validation.rules": ("RULES", "Finding"),
        "validation.stream": ("validate",),
    },
    "__version__",
)
