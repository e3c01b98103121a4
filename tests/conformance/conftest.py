"""A small suite, built once by the command: some cases in three codecs, positive and negative."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CASES = ("KPS_B", "MAT_T", "SEI_E", "SEI_L", "BASE_C", "BASE_H", "PUP_A", "NN_C", "NEG_GFVSYN005", "NEG_SEI013")


class Suite:
    """A folder with a suite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.streams: list[dict[str, Any]] = json.loads((folder / "index.json").read_text())["streams"]

    @property
    def packages(self) -> list[Path]:
        return [self.folder / one["package"] for one in self.streams]


@pytest.fixture(scope="session")
def suite(gfv, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    folder = tmp_path_factory.mktemp("conformance") / "suite"
    wanted = [word for name in CASES for word in ("--case", name)]
    done = gfv("conformance", "build", folder, *wanted)
    assert done.returncode == 0, done.stderr
    return Suite(folder)
