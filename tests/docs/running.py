"""Runs the blocks of Markdown pages that are marked with ``<!-- run -->``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

BLOCK = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.S)


class Block(NamedTuple):
    """One block: its kind, sh or python, and its text."""

    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page that are run, in order."""
    return [Block(*found) for found in BLOCK.findall(page.read_text("utf-8"))]


def run(block: Block, folder: Path) -> None:
    """Run a block as its reader would, in a folder; any exit status but 0 fails."""
    shell = ["bash", "-euo", "pipefail", "-c", block.text]
    command = shell if block.kind == "sh" else [sys.executable, "-c", block.text]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{block.text}\n{done.stderr}"
