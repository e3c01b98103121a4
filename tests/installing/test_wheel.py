"""The wheel holds all that is needed, and nothing else."""

from __future__ import annotations

import zipfile

import pytest

from .trial import try_out
from .wheel import ROOT, Environment, build


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    return build(folder, folder / "dist")


def test_it_has_all_modules_and_data_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    packages = ("gfv_sei", "vtm_bridge", "generators", "conformance")
    there = {str(path.relative_to(ROOT)) for name in packages for path in (ROOT / name).rglob("*") if path.is_file()}
    assert inside == {name for name in there if "__pycache__" not in name}


def test_it_runs_in_an_environment_without_the_repository(wheel, tmp_path):
    pytest.importorskip("onnxruntime", reason="the extra networks is not installed")
    try_out(Environment(tmp_path / "venv", wheel, borrow=True), tmp_path)


def test_it_is_small(wheel, record_property):
    """A megabyte would mean that weights or test material came along."""
    size = wheel.stat().st_size
    record_property("table", f"{wheel.name}: {size} bytes")
    assert size < 1_000_000
