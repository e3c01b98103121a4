"""Whatever a stream says, the page shows it and does not do it; and it needs nothing but itself."""

from __future__ import annotations

import gfv_sei
from gfv_sei.report.page import write_report

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def hostile_stream(base: bytes) -> bytes:
    import io

    message = {
        "gfv_id": 0,
        "gfv_cnt": 0,
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 1,
        "gfv_nn_mode_idc": 1,
        "gfv_nn_tag_uri": HOSTILE,
        "gfv_nn_uri": f"https://example.org/{HOSTILE}",
        "gfv_chroma_key_info_present_flag": 0,
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_present_flag": 1,
        "gfv_kps_pred_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 7,
        "gfv_num_kps_minus1": 0,
        "gfv_coordinate_z_present_flag": 0,
        "gfv_coordinate_x_abs": [100],
        "gfv_coordinate_x_sign_flag": [0],
        "gfv_coordinate_y_abs": [100],
        "gfv_coordinate_y_sign_flag": [1],
        "gfv_matrix_present_flag": 0,
    }
    out = io.BytesIO()
    gfv_sei.inject(base, [{"au": 0, "payload_type": 223, "message": message}], out)
    return out.getvalue()


def test_markup_in_a_stream_stays_text(browser, clip, make_page) -> None:
    page = make_page(hostile_stream(clip("avc-plain")), "a<b>&[[script]]<script>alert(3)<(script>.264")
    source = page.read_text()
    assert "alert(" not in source.replace("&lt;script&gt;alert(3)", "")
    scripts = source.count("<script")
    watch = "window.alert = (text) => { window.alarmed = text; }"
    known = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    browser.open(page)
    browser.until("document.querySelectorAll('.tree .row').length > 5")
    values = browser.texts(".tree .row .value")
    assert any(HOSTILE in value for value in values)
    assert browser.run("return window.alarmed ?? null") is None
    assert browser.run("return document.scripts.length") == scripts
    assert browser.run("return document.images.length") == 0
    assert browser.text("#name") == "a<b>&[[script]]<script>alert(3)<(script>.264"
    browser.keys("234")
    browser.driver.execute_cdp_cmd("Page.printToPDF", {})
    assert browser.run("return window.alarmed ?? null") is None
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", known)


def test_a_name_with_control_characters_is_shown_with_escapes(clip, tmp_path) -> None:
    stream = tmp_path / "face\x1b[2J\x01\udcff.264"
    stream.write_bytes(clip("avc-plain"))
    page = tmp_path / "page.html"
    write_report(str(stream), page, pictures=0)
    source = page.read_text("utf-8")
    assert r"<title>face\x1b[2J\x01\udcff.264 · gfv</title>" in source
    assert all(c.isprintable() or c == "\n" for c in source)


def test_no_script_but_its_own_may_run(one_browser, clip, make_page) -> None:
    one_browser.open(make_page(clip("avc-plain")))
    one_browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.intruder = 1'; document.body.append(s)"
    )
    assert one_browser.run("return window.intruder ?? null") is None
    assert "Content Security Policy" in " ".join(one_browser.complaints())


def test_nothing_is_fetched(browser, faces, make_page) -> None:
    browser.open(make_page(faces("avc")))
    browser.keys("234")
    assert browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)") == []
