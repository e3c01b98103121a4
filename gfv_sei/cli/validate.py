"""gfv validate"""

from __future__ import annotations

import click


@click.command("validate")
def command() -> None:
    """Being written."""
