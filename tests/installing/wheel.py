"""Building the wheel and the source archive, and environments to try them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SOURCES = ("gfv_sei", "vtm_bridge", "generators", "conformance", "pyproject.toml", "README.md", "LICENSE")


def build(work: Path, out: Path, backend: str = "build_wheel") -> Path:
    """The wheel, or with ``build_sdist`` the source archive, from a copy of the sources: no build folder stays here.

    setuptools of this environment builds, so nothing is fetched.
    """
    copy = work / "sources"
    if not copy.exists():
        copy.mkdir(parents=True)
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
    out.mkdir(parents=True, exist_ok=True)
    code = f"from setuptools import build_meta; print(build_meta.{backend}({str(out.resolve())!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


class Environment:
    """A virtual environment with a wheel in it and no other code of ours."""

    def __init__(self, folder: Path, wheel: Path, *, borrow: bool, extras: str = "networks") -> None:
        """With ``borrow`` the dependencies are those of this environment, else they are installed."""
        self.folder = folder
        self.python = folder / "bin" / "python"
        venv.create(folder, with_pip=True)
        what = str(wheel) if borrow else f"{wheel}[{extras}]"
        words = ["--no-deps", "--no-index"] if borrow else []
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words, what]
        subprocess.run(pip, check=True)
        if borrow:
            site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
            # As plain paths: what an editable installation hooks in there stays out.
            paths = [path for path in sys.path if path.endswith("site-packages")]
            (site / "borrowed.pth").write_text("".join(f"{path}\n" for path in paths))

    def run(self, *words: str | os.PathLike[str], cwd: Path) -> str:
        """Run a program of the environment; what it prints. Any exit status but 0 is an error."""
        program, *rest = words
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        kept["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{kept['PATH']}"
        command = [self.folder / "bin" / program, *rest]
        done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
        return done.stdout
