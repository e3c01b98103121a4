"""Pictures in the page: decoded from vtm_bridge, generated from generators, none where these are missing."""

from __future__ import annotations

import base64
import re
import subprocess
import sys

import pytest
from streams.records import face_records, injected

from gfv_sei.report.page import write_report
from gfv_sei.report.pictures import wanted_units


@pytest.fixture(scope="module")
def stream(clip):
    records = [record for record in face_records(5) if record["payload_type"] == 223]
    for record in records:
        record["values"].pop("matrices", None)
        record["values"]["coordinates"].append([0.5, 0.5])
    return injected(clip("avc-baseline-intra"), records)


def face_pixels(browser) -> int:
    """Different colours in the picture that is shown."""
    browser.until("document.querySelector('canvas.face')")
    return browser.until(
        "(() => { const c = document.querySelector('canvas.face'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; const s = new Set();"
        "for (let i = 0; i < d.length; i += 4) s.add((d[i] << 16) | (d[i+1] << 8) | d[i+2]); return s.size; })()"
    )


def test_keypoints_over_decoded_and_generated_pictures(browser, stream, make_page) -> None:
    pytest.importorskip("onnxruntime", reason="generators run on onnxruntime")
    browser.open(make_page(stream, pictures=3, generator="warp"))
    assert browser.run("return [...gfv.store.pictures.keys()]") == [
        "decoded/0",
        "generated/0/3/1",
        "generated/1/3/0",
        "generated/1/3/1",
    ]
    browser.until("document.querySelector('.face-box button')")
    assert browser.texts(".face-box button") == ["base picture"]
    browser.until("document.querySelector('canvas.face').style.width === '300px'")
    assert face_pixels(browser) > 300
    browser.run("gfv.select({message: gfv.store.messages.byPlace.get('0/3/1')})")
    browser.until("document.querySelectorAll('.face-box button').length === 2")
    assert browser.texts(".face-box button") == ["generated", "base picture, then and now"]
    browser.click(".face-box button", 1)
    browser.until("document.querySelector('.face-box button[aria-pressed=true]').innerText.startsWith('base')")
    assert face_pixels(browser) > 300


def test_a_decoded_picture_is_that_of_its_access_unit_where_pictures_are_reordered(clip, tmp_path) -> None:
    import numpy as np

    from vtm_bridge import get_decoder
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg import read_image

    records = [record for record in face_records(5) if record["payload_type"] == 223 and record["gfv_cnt"] == 0]
    for record in records:
        record["gfv_base_picture_flag"] = 1
    source = tmp_path / "stream.vvc"
    source.write_bytes(injected(clip("vvc-plain"), records))
    page = tmp_path / "page.html"
    display = write_report(str(source), page)["display"]
    assert display != sorted(display)
    shown = [to_rgb8(picture).astype(np.int16) for picture in get_decoder().decode(source)]
    found = re.findall(
        rb'data-block="picture" data-kind="decoded" data-au="(\d)" data-format="jpeg">([^<]+)<', page.read_bytes()
    )
    assert len(found) == 5
    for au, data in found:
        (tmp_path / "picture.jpg").write_bytes(base64.b64decode(data))
        picture = read_image(tmp_path / "picture.jpg")
        far = [np.abs(picture - other).mean() for other in shown]
        assert far.index(min(far)) == display[int(au)]


def test_without_pictures_the_points_stand_on_a_grid_and_the_page_says_so(browser, stream, make_page) -> None:
    browser.open(make_page(stream))
    browser.until("document.querySelector('.face-box figcaption')")
    assert "no picture" in browser.text(".face-box figcaption")
    assert "without pictures" in browser.run("return document.getElementById('overview').textContent")


def test_a_tool_that_is_missing_is_a_note(stream, tmp_path, monkeypatch) -> None:
    source = tmp_path / "stream.264"
    source.write_bytes(stream)
    monkeypatch.setenv("GFV_VTM_DECODER", str(tmp_path / "no-such-program"))
    found = write_report(str(source), tmp_path / "page.html", decoder="vtm", generator="no-such-generator")
    assert any("no-such-program" in line for line in found["notes"])
    assert any("no-such-generator" in line for line in found["notes"])
    assert b'data-block="picture"' not in (tmp_path / "page.html").read_bytes()


def test_base_pictures_are_picked_evenly_and_asked_for_in_output_order() -> None:
    display = [0, 4, 2, 1, 3]
    assert wanted_units([0, 2, 4], display, 48) == ((0, 0), (2, 2), (4, 3))
    assert wanted_units([0, 1, 2, 3], display, 2) == ((0, 0), (2, 2))
    assert wanted_units([], display, 48) == ((0, 0),)
    assert wanted_units([], [], 48) == ()
    assert wanted_units([1], [0, None], 48) == ((0, 0),)


def test_the_package_needs_nobody_else_for_a_page_without_pictures(stream, tmp_path) -> None:
    source = tmp_path / "stream.264"
    source.write_bytes(stream)
    program = (
        "import sys; from gfv_sei.report.page import write_report\n"
        f"write_report({str(source)!r}, {str(tmp_path / 'page.html')!r}, pictures=0)\n"
        "print([m for m in ('numpy', 'vtm_bridge', 'generators', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
