"""Files that appear when they are complete: written beside their place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gfv_sei.errors import GfvError


@contextmanager
def whole_file(target: str | os.PathLike[str]) -> Iterator[Path]:
    """A path beside ``target`` to write to; it takes the place of ``target`` at the end, or vanishes on an error.

    So there is never half a file of the right name. What exists and is no plain file (a pipe, /dev/null) is given
    itself. Raises GfvError where nothing can be written.
    """
    path = Path(target)
    part = _begun(path)
    if part is None:
        yield path
        return
    try:
        yield part
        with suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o777)  # as the file that is replaced
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _begun(path: Path) -> Path | None:
    """A new empty file beside ``path``; None where what is there is written to itself."""
    try:
        if path.exists() and not path.is_file():
            return None
        start = path.name[:40]  # the longest names that file systems take leave no room for more
        part = path.parent / f".{start}.{os.urandom(6).hex()}.part"
        # Made by open and not by tempfile, so that the permissions are those that the umask leaves.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except OSError as error:
        raise GfvError(f"cannot write {path}: {error.strerror}") from error
    except ValueError as error:  # a zero byte in the name
        raise GfvError(f"cannot write {str(path)!r}: {error}") from error
    return part
