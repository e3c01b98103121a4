"""Ten thousand messages: the page stays small and opens, with few rows in the document."""

from __future__ import annotations

from benchmarks.messages import records
from streams.records import injected

MESSAGES = 10_000


def test_ten_thousand_messages(browser, clip, make_page, record_property) -> None:
    piece = clip("avc-plain")
    stream = injected(piece * (MESSAGES // 9 + 1), list(records(MESSAGES)))
    page = make_page(stream, explain=False)
    size = page.stat().st_size
    assert size < 15_000_000
    # How long it takes is told and not asserted: on a busy machine that would say nothing about the page.
    seconds = browser.open(page)
    record_property("table", f"{MESSAGES} messages: {size / 1e6:.2f} MB, ready after {seconds:.2f} s")
    assert browser.run("return gfv.store.messages.type.filter((type) => type === 223).length") == MESSAGES
    assert browser.run("return document.querySelectorAll('#list .row').length") < 80
    browser.keys("\ue010")  # End
    assert browser.run("return gfv.state.nal") == browser.run("return gfv.store.nal.count - 1")
    assert browser.run("return document.querySelectorAll('#list .row').length") < 80
    browser.run("gfv.select({unit: 9999})")
    browser.until("document.querySelector('.tree .row')")
    browser.keys("2")
    browser.until("document.querySelectorAll('canvas.plot').length === 3")
