"""Option values that are more than a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import click

from gfv_sei.syntax.payload_types import GFV, GFVE

_NUMBER = r"[0-9]{1,9}"
"""No more digits, and no others: int would refuse them with words of its own, and Fraction write out 1e999999999."""


def new_base(text: str) -> str | int:
    """auto, never, or a number of pictures."""
    if text in ("auto", "never"):
        return text
    if not re.fullmatch(_NUMBER, text) or not int(text):
        raise click.BadParameter(f"{text!r} is not auto, never or a number of pictures", param_hint="--new-base")
    return int(text)


def size(text: str | None) -> tuple[int, int] | None:
    """Width and height."""
    if text is None:
        return None
    match = re.fullmatch(rf"({_NUMBER})x({_NUMBER})", text)
    if not match:
        raise click.BadParameter(f"{text!r} is not like 256x256", param_hint="--size")
    return int(match[1]), int(match[2])


def face(text: str | None) -> int | str | None:
    """A gfv_id, or all."""
    if text is None or text == "all":
        return text
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise click.BadParameter(f"{text!r} is neither a number nor all", param_hint="--id")
    return int(text)


def payload_type(network: str | None) -> int | None:
    """Of the messages that signal a translator or an enhancer."""
    return None if network is None else {"translator": GFV, "enhancer": GFVE}[network]


def rate(text: str, option: str = "--fps") -> Fraction:
    """Pictures per second."""
    sound = re.fullmatch(rf"{_NUMBER}(/0*[1-9][0-9]{{0,8}}|\.{_NUMBER})?", text)
    found = Fraction(text) if sound else Fraction(0)
    if found <= 0:
        raise click.BadParameter(f"{text!r} is not like 25 or 30000/1001", param_hint=option)
    return found


def settings(texts: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE, several times."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"{text!r} is not like detector.num_blocks=4", param_hint="--settings")
        found[name] = value
    return found
