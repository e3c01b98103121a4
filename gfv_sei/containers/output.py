"""A target that may be a container: the byte stream goes to a temporary file, and into the container at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gfv_sei.containers.mux import FORMATS, mux, remux


def is_container(target: Any) -> bool:
    """Whether a target is a file that holds a container, by its ending."""
    return isinstance(target, (str, Path)) and Path(target).suffix.lower() in FORMATS


@contextmanager
def open_container(target: str | Path, codec: str, original: Path | None, fps: Fraction | int | float) -> Iterator[Any]:
    """Open a container for writing its video, as a byte stream of ``codec``.

    With ``original``, the container that the stream came out of, times and other streams are taken over from there;
    without one the pictures get a constant rate.
    """
    with TemporaryDirectory(prefix="gfv-") as folder:
        path = Path(folder, "stream")
        with path.open("wb") as file:
            yield file
        if original is not None:
            remux(path, original, target, codec=codec)
        else:
            mux(path, target, fps, codec=codec)
