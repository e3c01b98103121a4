"""A page in a real browser: Debian's Chromium without a screen, driven by its own driver."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "headless",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "hide-scrollbars",
)

LONGEST_WAIT = 60.0


def missing() -> str | None:
    """Why there is no browser here, None if there is one."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: apt-get install chromium chromium-driver)"
    try:
        import selenium  # noqa: F401
    except ModuleNotFoundError:
        return "selenium is not installed"
    return None


class Browser:
    """One browser window; ``open`` shows a page and waits until it has its data."""

    def __init__(self) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for flag in FLAGS:
            options.add_argument(f"--{flag}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        size = {"width": 1440, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def media(self, **features: str) -> None:
        """Pretend preferences of the user, and with ``media`` another medium."""
        words = {"media": features.pop("media", "")}
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {**words, "features": listed})

    def open(self, page: Path) -> float:
        """Show a page; the seconds until it was ready, by the browser's own clock."""
        self.driver.get(page.as_uri())
        self.until("document.documentElement.dataset.ready")
        taken: float = self.run("return performance.now()")
        return taken / 1000

    def run(self, script: str, *words: Any) -> Any:
        return self.driver.execute_script(script, *words)

    def wait_for(self, promise: str) -> Any:
        """What a promise gives."""
        script = f"const done = arguments[0]; Promise.resolve({promise}).then(done, (e) => done(String(e)))"
        return self.driver.execute_async_script(script)

    def until(self, expression: str) -> Any:
        """Wait until an expression is true."""
        end = time.monotonic() + LONGEST_WAIT
        while True:
            found = self.run(f"return {expression}")
            if found:
                return found
            assert time.monotonic() < end, f"never true: {expression}; {self.complaints()}"
            time.sleep(0.02)

    def keys(self, text: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(text).perform()

    def hover(self, selector: str, number: int = 0, x: float = 0.5, y: float = 0.5) -> None:
        """Put the mouse on an element, at shares of its width and height."""
        self._mouse(selector, number, x, y).perform()

    def click(self, selector: str, number: int = 0, x: float = 0.5, y: float = 0.5) -> None:
        actions = self._mouse(selector, number, x, y)
        actions.pointer_action.click()
        actions.perform()

    def _mouse(self, selector: str, number: int, x: float, y: float) -> Any:
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        # By place and not by element: lists make their rows anew.
        place = self.run(
            "const one = document.querySelectorAll(arguments[0])[arguments[1]]; "
            "one.scrollIntoView({block: 'nearest'}); const box = one.getBoundingClientRect(); "
            "return [box.left + arguments[2] * box.width, box.top + arguments[3] * box.height]",
            *(selector, number, x, y),
        )
        actions = ActionBuilder(self.driver, duration=0)
        actions.pointer_action.move_to_location(*place)
        return actions

    def text(self, selector: str) -> str:
        found: str = self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
        return found

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)"
        found: list[str] = self.run(script, selector)
        return found

    def complaints(self) -> list[str]:
        """What the console says: nothing, if the page is in order."""
        return [entry["message"] for entry in self.driver.get_log("browser")]
