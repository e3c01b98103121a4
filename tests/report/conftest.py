"""Pages of real streams, and the browser that shows them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from report.browser import Browser, missing
from streams.clips import CLIPS
from streams.records import face_records, injected

from gfv_sei.process import find_ffmpeg
from gfv_sei.report.page import write_report


@pytest.fixture(scope="session")
def clip() -> Callable[[str], bytes]:
    """The bytes of a clip by its name."""
    made: dict[str, bytes] = {}

    def encode(name: str) -> bytes:
        if name not in made:
            command = [find_ffmpeg(), "-hide_banner", "-loglevel", "error", *CLIPS[name].command, "-"]
            made[name] = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
        return made[name]

    return encode


@pytest.fixture(scope="session")
def faces(clip: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """A stream of a codec with two GFV messages and a GFVE message at each picture."""
    return lambda codec: injected(clip(f"{codec}-plain"), face_records(CLIPS[f"{codec}-plain"].pictures))


@pytest.fixture(scope="session")
def make_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write the page of a stream, given as bytes."""

    def make(stream: bytes, name: str = "stream.bin", **options: Any) -> Path:
        folder = tmp_path_factory.mktemp("page")
        source = folder / name
        source.write_bytes(stream)
        page = folder / "page.html"
        write_report(str(source), page, **{"pictures": 0, **options})
        return page

    return make


@pytest.fixture(scope="session")
def one_browser() -> Iterator[Browser]:
    """The browser of all tests of a worker."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    browser = Browser()
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(one_browser: Browser) -> Iterator[Browser]:
    """A browser without a page; the page that a test shows in it must have nothing to complain about."""
    one_browser.media()
    one_browser.complaints()
    yield one_browser
    assert one_browser.complaints() == []
