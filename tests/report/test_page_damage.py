"""Damaged streams: the page is written, or the error is one of ours; and what is written opens."""

from __future__ import annotations

import io
import random

import pytest

from gfv_sei.errors import GfvError
from gfv_sei.report.page import write_report


def damaged(stream: bytes, chance: random.Random) -> bytes:
    data = bytearray(stream)
    for _ in range(chance.randint(1, 25)):
        at = chance.randrange(len(data))
        kind = chance.random()
        if kind < 0.6:
            data[at] ^= 1 << chance.randrange(8)
        elif kind < 0.8:
            del data[at : at + chance.randint(1, 5)]
        else:
            data[at:at] = bytes(chance.choice((0, 0, 1, 0x23, 255)) for _ in range(chance.randint(1, 4)))
    return bytes(data)


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_no_damage_is_more_than_an_error(faces, tmp_path, codec) -> None:
    chance = random.Random(codec)
    source = tmp_path / "stream"
    written = 0
    for _ in range(60):
        source.write_bytes(damaged(faces(codec), chance))
        page = io.BytesIO()
        try:
            write_report(str(source), page, pictures=0, explain=False)
        except GfvError:
            continue
        assert page.getvalue().endswith(b"</html>\n")
        written += 1
    assert written > 40


def test_pages_of_damaged_streams_open(browser, faces, make_page) -> None:
    chance = random.Random(7)
    for codec in ("vvc", "hevc", "avc"):
        for _ in range(3):
            page = make_page(damaged(faces(codec), chance), syntax="vsei4", codec=codec)
            browser.open(page)
            count = browser.run("return gfv.store.messages.count")
            for message in range(0, count, 4):
                browser.run("gfv.select({message: arguments[0]})", message)
                browser.until(f"document.querySelector('#detail h2') && gfv.state.message === {message}")
            browser.keys("234")
