"""What the whole numbers in settings may be, so that -3 channels are refused here and not deep inside torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from generators.errors import ModelError

MOST = 8192
"""Of anything: four times the widest published layer, and the largest side of a picture."""

HALVINGS = 13
"""Of a picture: ``MOST`` halved so often is a single pixel."""


def check_numbers(
    settings: Any, *, least: Mapping[str, int] | None = None, most: Mapping[str, int] | None = None
) -> None:
    """Refuse settings of which a whole number is out of range.

    Args:
        settings: a dataclass; its fields that hold whole numbers are looked at.
        least: what fields begin at, where that is not 1.
        most: what they end at, where that is not `MOST`.

    Raises:
        ModelError: one is below or above.
    """
    for each in fields(settings):
        value = getattr(settings, each.name)
        if isinstance(value, bool) or not isinstance(value, int):
            continue
        low, high = (least or {}).get(each.name, 1), (most or {}).get(each.name, MOST)
        if not low <= value <= high:
            raise ModelError(
                "no network here has that number", element=each.name, value=value, allowed=f"{low} to {high}"
            )
