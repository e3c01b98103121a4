"""Optional packages that are not installed, or are and do not load: one line that says which, and how to get it."""

from __future__ import annotations

import os
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from gfv_sei.cli import main

HOOK = """
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise {error}("no {module} in this test", name=name)

sys.meta_path.insert(0, Finder())
"""
"""A ``sitecustomize`` that keeps a package from being imported."""


def without(module: str, error: str, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run gfv where the import of ``module`` fails with ``error``."""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(HOOK.format(module=module, error=error))
    environment = os.environ | {"PYTHONPATH": str(folder / "hook")}
    command = ["gfv", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)


@pytest.mark.parametrize(
    ("module", "words", "extra"),
    [
        ("onnx", ("models", "info", "warp"), "networks"),
        ("onnx", ("models", "register", "urn:x", "x.onnx"), "networks"),
        ("onnx", ("models", "quantise", "warp", "-o", "half.onnx", "--precision", "fp16"), "networks"),
        ("onnxruntime", ("models", "bench", "warp", "--size", 64, "--rounds", 1), "networks"),
        ("cv2", ("encode", "clip.mp4", "-o", "face.266"), "networks"),
        ("torch", ("models", "export", "dac", "--untrained", 1, "-o", "dac"), "train"),
    ],
)
def test_a_package_that_is_not_installed(module, words, extra, face_clip, tmp_path):
    (tmp_path / "clip.mp4").symlink_to(face_clip)
    (tmp_path / "x.onnx").touch()
    done = without(module, "ModuleNotFoundError", tmp_path, *words)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"needs {module}: in a clone of gfv, pip install -e '.[{extra}]'" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "x.onnx", "hook"}


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("numpy", ("models", "list")),
        ("numpy", ("decode", "x.266", "-o", "x.mp4")),
        ("bitstring", ("payload", "decode", "36d4d11903107d06604c40", "--format", "trace")),
    ],
)
def test_a_package_that_every_installation_has(module, words, tmp_path):
    (tmp_path / "x.266").touch()
    done = without(module, "ModuleNotFoundError", tmp_path, "--quiet", *words)
    assert done.returncode == 1
    assert done.stderr == f"gfv: this command needs {module}: in a clone of gfv, pip install -e .\n"


def test_the_doctor_comes_to_the_end_without_numpy(tmp_path):
    done = without("numpy", "ModuleNotFoundError", tmp_path, "doctor")
    assert done.returncode == 1
    assert "not ready: no numpy in this test" in done.stdout
    assert not done.stderr


def test_a_package_that_does_not_load(tmp_path):
    done = without("torch", "ImportError", tmp_path, "models", "export", "dac", "--untrained", 1, "-o", "dac")
    assert done.returncode == 1
    assert done.stderr == (
        "gfv: exporting networks needs torch, which is here but does not load: no torch in this test\n"
    )


def test_the_doctor_tells_of_it(tmp_path):
    done = without("onnxruntime", "ImportError", tmp_path, "doctor")
    assert done.returncode == 1
    said = " ".join(done.stdout.split())  # on one line or two, as the terminal is wide
    assert "-- providers where networks run: decode --provider onnxruntime does not load: no onnxruntime in" in said
    assert not done.stderr


@pytest.mark.parametrize(
    ("package", "status"),
    [("matplotlib", 0), ("scikit-image", 0), ("torch", 0), ("onnxruntime", 1), ("opencv-python-headless", 1)],
)
def test_the_doctor_fails_for_what_coding_and_generating_need_alone(package, status, monkeypatch):
    known = metadata.version

    def version(name: str) -> str:
        if name == package:
            raise metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(metadata, "version", version)
    done = CliRunner().invoke(main, ["doctor"])
    assert f"  --  {package} " in done.output
    assert done.exit_code == status, done.output
