"""Where output goes: a file that appears when it is complete, a pipe, or a binary file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gfv_sei.errors import GfvError
from gfv_sei.files import whole_file
from gfv_sei.wording import in_short

if TYPE_CHECKING:
    from fractions import Fraction

    from gfv_sei.stream.source import Opened

Target = str | Path | IO[bytes]
"""A path, ``-`` for standard output, or a binary file."""


@contextmanager
def open_target(target: Target) -> Iterator[Any]:
    """Open a target for writing bytes.

    A file is written beside its place under another name and renamed when the block ends well; if it does not, the
    place is as it was before. A device or a named pipe is written straight.
    """
    if not isinstance(target, (str, Path)):
        if not hasattr(target, "write") or hasattr(target, "encoding"):
            allowed = "a path, -, or a file that is open for writing bytes"
            raise GfvError("cannot be written", element="target", value=in_short(target), allowed=allowed)
        yield target
        return
    if str(target) == "-":
        with standard_output() as out:
            yield out
            out.flush()
        return
    with whole_file(target) as part:
        try:
            with part.open("wb") as file:
                yield file
        except OSError as error:
            if error.filename in (None, str(part)):
                raise GfvError(f"cannot write {target}: {error.strerror}") from error
            raise


@contextmanager
def standard_output() -> Iterator[Any]:
    """Standard output, for writing bytes; it is not flushed at the end of the block.

    Raises GfvError if it is closed or what it goes to is full. That nobody reads it any more is no such error:
    BrokenPipeError.
    """
    if sys.stdout is None:
        raise GfvError("standard output is closed")
    try:
        yield sys.stdout.buffer
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is None:
            raise GfvError(f"cannot write standard output: {error.strerror}") from error
        raise


@contextmanager
def open_stream_target(target: Target, stream: Opened, fps: Fraction | float = 25) -> Iterator[Any]:
    """Open a target for the byte stream that ``stream`` becomes; one that ends like a container becomes one."""
    if isinstance(target, (str, Path)) and Path(target).suffix:
        # Not imported for byte streams that are piped or have no ending: it starts programs.
        from gfv_sei.containers.output import is_container, open_container

        if is_container(target):
            with open_container(target, stream.codec.name, stream.container, fps) as file:
                yield file
            return
    with open_target(target) as file:
        yield file
