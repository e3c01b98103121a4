"""Configuration files of the reference encoders: found beside the program, or given."""

from __future__ import annotations

import os
from pathlib import Path

from gfv_sei.errors import ToolError


def find_config(program: str, name: str, variable: str, wish: str | os.PathLike[str] | None = None) -> Path:
    """A configuration file for a program.

    ``wish`` is a file, or a name to look for instead of ``name``. Names are looked for in the folder that the
    environment variable names, else in ``cfg`` beside the program and in the four folders above it, which covers
    the build trees of the reference software. Raises ToolError, saying where it looked.
    """
    if wish is not None:
        if Path(wish).is_file():
            return Path(wish).absolute()
        name = os.fspath(wish)
    folders = list(_folders(program, variable))
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise ToolError(
        f"no configuration file {name} for {program}: name its folder in the environment variable {variable}, "
        f"or give a file; looked in {', '.join(map(str, folders))}"
    )


def _folders(program: str, variable: str) -> dict[Path, None]:
    named = os.environ.get(variable)
    if named:
        return {Path(named).absolute(): None}
    places = (Path(program).parent, Path(program).resolve().parent)
    return {above / "cfg": None for place in places for above in (place, *list(place.parents)[:4])}
