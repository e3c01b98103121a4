"""How somebody gets a package that a command needs and this machine lacks: the extras of ``pyproject.toml``.

gfv is on no package index, so an extra is installed from a clone of the repository; editable, as ``make`` does it, so
that an environment set up by ``make`` stays as it is.
"""

from __future__ import annotations


def install(extra: str = "") -> str:
    """The command that installs gfv with an extra, in a clone; without one, gfv with what every command needs."""
    return f"pip install -e '.[{extra}]'" if extra else "pip install -e ."


def lacking(what: str, module: str | None, extra: str) -> str:
    """One sentence for an error: what needs which module, and how to get it."""
    return f"{what} needs {module}: in a clone of gfv, {install(extra)}"
