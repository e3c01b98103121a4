"""The payload vectors of the reference software, as parameters for tests."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vectors"


class Software(NamedTuple):
    """One reference software: its folder, the syntax that it writes, its name for compat."""

    folder: str
    syntax: str
    compat: str


SOFTWARE = (
    Software("vtm24-payload", "vsei4", "vtm"),
    Software("hm", "draft-b", "hm"),
    Software("jm", "draft-b", "jm"),
    Software("vtm23.7-payload", "draft-a", "vtm"),
)


class Vector(NamedTuple):
    """One file of vectors: a sequence of messages that share their state."""

    software: Software
    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def messages(self) -> list[dict[str, Any]]:
        return _messages(self.path)


@cache
def _messages(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text())["messages"]


def all_vectors() -> list[Vector]:
    return [
        Vector(software, path) for software in SOFTWARE for path in sorted((FOLDER / software.folder).glob("*.json"))
    ]


def each_vector(*, without: tuple[str, ...] = (), of: tuple[str, ...] = ("vtm", "hm", "jm")) -> pytest.MarkDecorator:
    """Run a test on each file of some software, those whose names start like ``without`` left out.

    Skips it where there are no vectors.
    """
    found = [
        pytest.param(vector, id=f"{vector.software.folder}-{vector.name}")
        for vector in all_vectors()
        if vector.software.compat in of and not vector.name.startswith(without or ("\0",))
    ]
    missing = pytest.param(None, marks=pytest.mark.skip(reason=f"the reference vectors are not here: no {FOLDER}"))
    return pytest.mark.parametrize("vector", found or [missing])


def payload_of(message: dict[str, Any]) -> bytes:
    return bytes.fromhex(message["payload_hex"])


def uri_text(one_character_per_byte: str) -> str:
    """A URI of the vectors as the text that its bytes are."""
    return one_character_per_byte.encode("latin-1").decode("utf-8", "surrogateescape")
