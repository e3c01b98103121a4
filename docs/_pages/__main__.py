"""Writes the pages of the documentation that are made from the code: ``python docs/_pages``.

With ``--check`` nothing is written, and the exit status is 1 where a page is not what it would be. Pages are kept in
the repository, so that they can be read there without building anything; a test says which ones have grown old.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import chapters
import commands
import imports
import licences
import models
import python
import quirks
import record
import syntax

from gfv_sei.schema.build import text as schema
from gfv_sei.validation.page import rules_page

ROOT = Path(__file__).resolve().parents[2]

PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/commands.md": commands.page,
    "docs/reference/record.md": record.page,
    "docs/reference/syntax.md": syntax.page,
    "docs/reference/quirks.md": quirks.page,
    "docs/reference/models.md": models.page,
    "docs/reference/python.md": python.page,
    "docs/explanation/chapters.md": chapters.page,
    "docs/rules.md": rules_page,
    "docs/licences.md": licences.page,
    "docs/explanation/architecture.svg": imports.picture,
    "gfv_sei/schema/record.schema.json": schema,
}
"""What is made, and what makes it."""

CHECKS: dict[str, Callable[[str], bool]] = {"docs/licences.md": licences.is_complete}
"""Pages that need not be the same in each environment: what has to hold for them."""


def main() -> int:
    """Write or check all; with names behind the options only those whose path contains one of them."""
    check = "--check" in sys.argv[1:]
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    old = 0
    for name, make in PAGES.items():
        if wanted and not any(word in name for word in wanted):
            continue
        path = ROOT / name
        if check and name in CHECKS and path.exists() and CHECKS[name](path.read_text("utf-8")):
            continue
        text = make()
        if not path.exists() or path.read_text("utf-8") != text:
            old += 1
            print(f"{name} {'is not current' if check else 'written'}")
            if not check:
                path.write_text(text, "utf-8")
    if check and old:
        print("make them again with: make pages")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
