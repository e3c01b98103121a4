"""gfv play in a real browser: pictures change, parameters move, and the page says when it is over."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from report.browser import Browser, missing
from terminal.playing import Playing

pytest.importorskip("onnxruntime", reason="the extra networks is not installed")

PIXELS = "document.getElementById('{}').toDataURL()"


@pytest.fixture(scope="module")
def one_browser() -> Iterator[Browser]:
    if reason := missing():
        pytest.skip(reason)
    browser = Browser()
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(one_browser: Browser, play: Callable[..., Playing]) -> Iterator[Browser]:
    """The browser, which leaves the page before the player is ended: nothing is asked of a server that is gone."""
    one_browser.complaints()
    yield one_browser
    one_browser.driver.get("about:blank")


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory, gfv: Callable[..., object]) -> Path:
    """A stream of a moving face: one base picture, 29 generated ones."""
    pytest.importorskip("skimage", reason="the demo's picture comes with scikit-image")
    from generators.demo import FPS, camera_path
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import write_mp4

    folder = tmp_path_factory.mktemp("moving")
    write_mp4((to_rgb8(picture) for picture in islice(camera_path(96, 96), 30)), folder / "face.mp4", FPS)
    done = gfv("encode", folder / "face.mp4", "-o", folder / "face.264", "--codec", "avc", "--new-base", "never")
    assert done.returncode == 0, done.stderr
    return folder / "face.264"


def changed(browser: Browser, expression: str) -> None:
    """Wait until an expression gives something else than now."""
    browser.run(f"window.before = {expression}")
    browser.until(f"{expression} !== window.before")


def shown(browser: Browser, image: str) -> None:
    """Wait until an image has a picture of the stream's size."""
    browser.until(f"document.getElementById('{image}').naturalWidth === 96")


def test_pictures_change_and_parameters_move(moving: Path, play: Callable[..., Playing], browser: Browser) -> None:
    playing = play(moving, "--fps", "10", "--loop")
    browser.driver.get(playing.url)
    browser.until("document.title === 'gfv play face.264'")
    for image in ("base", "shown"):
        shown(browser, image)
    base = browser.run("return document.getElementById('base').src")
    changed(browser, "document.getElementById('shown').src")
    for canvas in ("shown-points", "parameters", "bits"):
        changed(browser, PIXELS.format(canvas))
    browser.until("/^picture [0-9]+ · access unit 0, gfv_id 0, gfv_cnt [0-9]+, [0-9]+ bits, vsei4$/"
                  ".test(document.getElementById('state').textContent)")  # fmt: skip
    browser.until("/^-[01][.][0-9]{3} to [01][.][0-9]{3}$/"
                  ".test(document.getElementById('parameters-range').textContent)")  # fmt: skip
    browser.until("/^0 to [1-9][0-9]+$/.test(document.getElementById('bits-range').textContent)")
    browser.until("document.getElementById('kind').textContent === 'output: generated'")
    assert browser.run("return document.getElementById('base').src").startswith(base.partition("base/")[0])
    assert browser.complaints() == []


def test_it_says_when_the_stream_is_at_its_end(moving: Path, play: Callable[..., Playing], browser: Browser) -> None:
    playing = play(moving, "--fps", "200")
    browser.driver.get(playing.url)
    browser.until("document.getElementById('state').className === 'ended'")
    assert browser.text("#state") == "the stream is at its end, picture 29 was the last; gfv play --loop repeats it"
    shown(browser, "shown")
    assert playing.process.poll() is None
    # What is shown last stays, and can still be looked at: with its keypoints and without, narrow and wide.
    points = PIXELS.format("shown-points")
    browser.run(f"window.before = {points}")
    browser.click("#points")
    browser.until(f"{points} !== window.before")
    browser.click("#points")
    browser.until(f"{points} === window.before")
    assert browser.complaints() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_it_says_when_the_player_is_gone(
    number: signal.Signals, moving: Path, play: Callable[..., Playing], browser: Browser
) -> None:
    playing = play(moving, "--fps", "10", "--loop")
    browser.driver.get(playing.url)
    shown(browser, "shown")
    playing.end(number)
    browser.until("document.getElementById('state').className === 'ended'")
    assert browser.text("#state") == "gfv play has ended; its terminal says why"
    assert all("ERR_" in line for line in browser.complaints())  # of the connection alone


def test_light_and_dark(moving: Path, play: Callable[..., Playing], browser: Browser) -> None:
    playing = play(moving, "--loop")
    found = set()
    try:
        for scheme in ("light", "dark"):
            browser.media(prefers_color_scheme=scheme)
            browser.driver.get(playing.url)
            shown(browser, "shown")
            style = "getComputedStyle(document.body)"
            found.add(tuple(browser.run(f"return [{style}.color, {style}.backgroundColor]")))
    finally:
        browser.media()
    assert len(found) == 2
    assert all(text != page for text, page in found)
