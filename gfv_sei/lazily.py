"""Public names of a package that are found on first use, so that importing the package imports nothing heavy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(
    package: str, home: Mapping[str, tuple[str, ...]], *here: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package.

    Type checkers look into no dictionary: the package imports the names as themselves under ``TYPE_CHECKING``, too.

    Args:
        package: its name.
        home: of each module in the package the public names that it has.
        here: public names that the package has from the start.
    """
    modules = {name: module for module, names in home.items() for name in names}

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)  # so that Python does not ask again
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *modules})

    return find, names, sorted([*here, *modules])
