"""Options whose values are names that stand in a table somewhere else, in the one place where they are explained.

``gfv --help`` imports the module of every command, so what a command works with is not imported there. These options
say where their names are, and look when somebody asks: for the help of the command, a value, a completion.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class Names(click.Choice[Any]):
    """A choice among the entries of a table, and ``more``.

    Args:
        module: where the table is.
        table: name of the collection in it, or of a function that gives one.
        more: what the command takes besides.
    """

    def __init__(self, module: str, table: str, *more: str) -> None:
        # Without that of click, which wants the choices now.
        self.case_sensitive = True
        self._where = module, table
        self._more = more

    def __getattr__(self, name: str) -> Any:
        if name != "choices":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        module, table = self._where
        found = getattr(import_module(module), table)
        self.choices = (*(found() if callable(found) else found), *self._more)
        return self.choices


AUTO = "auto"

any_syntax = Names("gfv_sei.syntax.editions", "EDITIONS", AUTO)
one_syntax = Names("gfv_sei.syntax.editions", "EDITIONS")
one_codec = Names("gfv_sei.nal.codec", "CODECS")
message_type = Names("gfv_sei.syntax.payload_types", "MESSAGE_TYPES")
reference_decoder = Names("gfv_sei.meaning.quirks", "READERS")
reference_encoder = Names("gfv_sei.meaning.quirks", "WRITERS")
