"""Where output goes: a file that appears when it is complete, a pipe, or a binary file."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from gfv_sei.errors import GfvError

Target = str | Path | IO[bytes]
"""A path, ``-`` for standard output, or a binary file."""


@contextmanager
def open_target(target: Target) -> Iterator[Any]:
    """Open a target for writing bytes.

    A file is written beside its place under another name and renamed when the block ends well; if it does not, the
    place is as it was before. A device or a named pipe is written straight.
    """
    if not isinstance(target, (str, Path)):
        yield target
        return
    if str(target) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise GfvError(f"cannot write {path}: {error.strerror}") from error
    part = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor is no path
            yield file
        part.chmod(_mode(path))
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and error.filename in (None, name):
            raise GfvError(f"cannot write {path}: {error.strerror}") from error
        raise


def _mode(path: Path) -> int:
    """Permissions of the new file: those of the one it replaces, else what the umask leaves."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
