"""Optional packages: one clear error where one is not there, or is there and does not load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from generators.errors import ModelError
from gfv_sei.extras import lacking


@contextmanager
def needing(what: str, extra: str) -> Iterator[None]:
    """Run a block that imports optional packages.

    Args:
        what: needs them, for the error: ``a generator``.
        extra: of ``pyproject.toml`` that has them.

    Raises:
        ModelError: a package cannot be imported.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelError(lacking(what, error.name, extra)) from error
    except ImportError as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise ModelError(
            f"{what} needs {error.name or 'a package'}, which is here but does not load: {reason}"
        ) from error
