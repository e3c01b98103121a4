"""The page of the packages' docstrings, which are the chapters of the architecture."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from imports import PACKAGES, ROOT
from markdown import MADE

HEAD = """\
# The packages in their own words

The docstring of each package is its architecture chapter. This page collects these docstrings. The
[picture](architecture.md) shows how the packages depend on each other.

"""


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_chapters())


def _chapters() -> Iterator[str]:
    for package in reversed(PACKAGES):
        for path in sorted((ROOT / package).rglob("__init__.py")):
            text = ast.get_docstring(ast.parse(path.read_text("utf-8")), clean=False)
            if text and len(text.splitlines()) > 3:
                name = ".".join(path.parent.relative_to(ROOT).parts)
                yield f"## {name}\n\n```text\n{inspect.cleandoc(text)}\n```\n\n"
