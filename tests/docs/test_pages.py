"""The documentation tells the truth: examples run, generated pages are current, links lead somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from docs.running import ROOT, blocks, run

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


NEEDS = {"train": "torch", "see": "matplotlib"}
"""Of which extra a page is."""


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_every_example_runs(page, folder, face_stream):
    if page.stem in NEEDS:
        pytest.importorskip(NEEDS[page.stem], reason=f"the page needs {NEEDS[page.stem]}")
    if page.stem in ("inspect", "see", "codify", "shell", "python"):  # begin with a stream that the reader has
        shutil.copy(face_stream, folder)
    for block in blocks(page):
        run(block, folder)


def test_every_command_example_is_run():
    """A page shows gfv commands in blocks that are run; the few others need what a test does not have."""
    not_run = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for kind, block in re.findall(r"(?<!<!-- run -->\n)^```(sh|python)\n(.*?)^```", text, re.S | re.M):
            not_run.append((page.stem, kind, block.split("\n")[0]))
    assert not_run == [
        ("one-description", "python", "def chroma_key(s):"),  # a piece of the source, shortened
        ("see", "sh", "gfv play face.266"),  # plays until somebody ends it; tests/terminal/test_play_page.py
        ("train", "sh", "gfv models export fomm --weights vox.pth.tar --variant original -o fomm/"),  # asks for weights
        ("tutorial", "sh", "make venv"),  # sets up the environment that this test runs in
    ]


def test_generated_pages_are_current():
    pytest.importorskip("torch", reason="the page of networks is made with torch")
    pages = [sys.executable, str(DOCS / "_pages"), "--check"]
    done = subprocess.run(pages, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_old_pages_are_found(tmp_path):
    """The check fails where a page is not what it would be."""
    shutil.copytree(DOCS / "_pages", tmp_path / "docs" / "_pages")
    for folder in ("reference", "explanation"):
        (tmp_path / "docs" / folder).mkdir()
    (tmp_path / "docs" / "reference" / "quirks.md").write_text("old")
    check = [sys.executable, str(tmp_path / "docs" / "_pages"), "--check", "quirks"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "docs/reference/quirks.md is not current" in done.stdout


def test_links_between_pages_lead_somewhere():
    for page in [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_every_page_is_in_the_index():
    listed = re.findall(r"\]\(([^)]+)\.md\)", (DOCS / "index.md").read_text("utf-8"))
    assert {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES} - {"index"} == set(listed)


def test_html_builds_without_warnings(tmp_path):
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    pytest.importorskip("furo", reason="the extra docs is not installed")
    build = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", str(DOCS), str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tutorial.html").stat().st_size > 1000
