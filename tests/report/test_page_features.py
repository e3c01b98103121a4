"""The page as its reader meets it: every feature is used with mouse and keys in a real browser."""

from __future__ import annotations

import pytest
from streams.records import face_records, injected, read

from gfv_sei.validation.stream import validate

ARROW_UP, ARROW_DOWN, ARROW_LEFT, ARROW_RIGHT = "\ue013", "\ue015", "\ue012", "\ue014"
ESCAPE, ENTER, BACKSPACE = "\ue00c", "\ue007", "\ue003"


@pytest.fixture(scope="module")
def vvc_page(faces, make_page):
    return make_page(faces("vvc"), "faces.vvc")


@pytest.fixture
def vvc(browser, vvc_page):
    browser.open(vvc_page)
    return browser


def select(browser, message):
    browser.run("gfv.select({message: arguments[0]})", message)
    browser.until(f"gfv.state.message === {message} && document.querySelector('#detail .tree .row')")


def list_only(browser, kind):
    script = "const k = document.getElementById('kinds'); k.value = arguments[0]; k.dispatchEvent(new Event('change'))"
    browser.run(script, kind)


def test_the_summary_has_the_counts_of_the_stream(vvc, faces) -> None:
    assert "faces.vvc" in vvc.text("#name")
    assert "VVC" in vvc.text("#facts")
    vvc.keys("4")
    summary = vvc.text("#overview")
    size = len(faces("vvc"))
    assert f"{size / 1000:.1f} kB" in summary or f"{size} bytes" in summary.replace("\u202f", "")
    rows = vvc.texts("#overview tbody tr")
    messages = read(faces("vvc"))
    of_faces = sum(1 for record in messages if record["payload_type"] == 223)
    assert any(row.startswith("223") and "generative_face_video" in row and str(of_faces) in row for row in rows)
    assert any(row.startswith("GFV 3") and str(of_faces) in row.split() for row in rows)
    assert any("SUFFIX_SEI_NUT" in row for row in rows)


def test_a_click_on_a_bar_selects_its_access_unit(vvc) -> None:
    vvc.click("#bars", x=0.95)
    assert vvc.run("return gfv.state.unit") == 4
    assert "AU 4" in vvc.text("#detail .place")
    vvc.hover("#bars", x=0.3)
    assert vvc.text("#pointed").startswith("AU 1 ")


def test_the_wheel_zooms_and_the_scroll_bar_scrolls(vvc) -> None:
    whole = vvc.run("return document.getElementById('thumb').style.width")
    wheel = "document.getElementById('bars').dispatchEvent(new WheelEvent('wheel', {deltaY: -300, offsetX: 700}))"
    vvc.run(wheel)
    vvc.until(f"document.getElementById('thumb').style.width !== '{whole}'")
    vvc.click("#scroller", x=0.99)
    vvc.until("parseFloat(document.getElementById('thumb').style.left) > 20")
    vvc.keys("0")
    vvc.until(f"document.getElementById('thumb').style.width === '{whole}'")
    vvc.click("#zoom-in")
    vvc.until(f"document.getElementById('thumb').style.width !== '{whole}'")


def test_bars_are_stacked_by_what_their_bits_are(vvc, faces) -> None:
    units = vvc.run("const u = gfv.store.units; return [[...u.slice], [...u.sei], [...u.other]]")
    assert sum(map(sum, units)) == len(faces("vvc"))
    assert all(size > 0 for size in units[0])
    assert all(size > 0 for size in units[1])
    # Both colours are in the picture.
    pixels = vvc.run(
        "const c = document.getElementById('bars'); const x = c.getContext('2d');"
        "const d = x.getImageData(0, 0, c.width, c.height).data; const n = new Map();"
        "for (let i = 0; i < d.length; i += 4)"
        " { const k = `${d[i]},${d[i+1]},${d[i+2]}`; n.set(k, (n.get(k) ?? 0) + 1); }"
        "return [n.get('143,166,196') ?? 0, n.get('224,138,46') ?? 0]"
    )
    assert min(pixels) > 200


def test_arrows_walk_through_units_and_messages(vvc) -> None:
    vvc.keys("\ue011")  # Home
    assert vvc.run("return [gfv.state.nal, gfv.state.message]") == [0, -1]
    assert vvc.text("#detail h2") == "AUD_NUT"
    vvc.keys(ARROW_DOWN)
    assert vvc.run("return gfv.state.nal") == 1
    vvc.keys(ARROW_UP)
    assert vvc.run("return gfv.state.nal") == 0
    vvc.keys(ARROW_RIGHT + ARROW_RIGHT)
    assert vvc.run("return gfv.state.unit") == 2
    vvc.keys(ARROW_LEFT)
    assert vvc.run("return gfv.state.unit") == 1
    assert vvc.run("return gfv.state.message") >= 0  # of an access unit its first GFV message


def test_the_filter_leaves_what_fits(vvc, faces) -> None:
    whole = vvc.text("#listed")
    vvc.keys("/")
    assert vvc.run("return document.activeElement.id") == "filter"
    vvc.keys("id:3 au:1-2 gfv cnt:1")
    vvc.until("document.querySelectorAll('#list .row').length === 2")
    assert all("GFV 3" in row and "cnt 1" in row for row in vvc.texts("#list .what"))
    vvc.keys(ENTER)
    assert vvc.run("return gfv.state.unit") == 1
    vvc.keys("/")
    vvc.keys(ESCAPE)
    assert vvc.text("#listed") == whole
    list_only(vvc, "messages")
    count = len(read(faces("vvc"), payload_types=None))
    assert vvc.text("#listed").startswith(f"{count} of")


def test_an_element_and_its_bits_light_up_together(vvc, faces) -> None:
    select(vvc, 0)
    elements = read(faces("vvc"), elements=True)[0]["elements"]
    name, _, bits, descriptor = elements[3]
    at = sum(element[2] for element in elements[:3])
    row = vvc.texts(".tree .row .name").index(name)
    vvc.hover(".tree .row", row)
    assert descriptor in vvc.texts(".tree .row.hovered")[0]
    touched = vvc.run("return [...document.querySelectorAll('.hex .touched')].map((b) => Number(b.dataset.at))")
    assert touched == list(range(at // 8, (at + bits - 1) // 8 + 1))
    assert f"bit{'' if bits == 1 else 's'} {at}" in vvc.text(".bits-head output")
    # And the other way round, bit by bit: the second byte, in its first and in its last bit.
    for place, bit in ((0.06, 8), (0.94, 15)):
        vvc.hover(".hex .byte", 1, x=place)
        total = 0
        for expected, _, length, _ in elements:  # noqa: B007
            total += length
            if total > bit:
                break
        assert vvc.texts(".tree .row.hovered .name")[0].startswith(expected)


def test_loops_fold_and_inferred_elements_can_be_hidden(vvc) -> None:
    select(vvc, 1)
    names = vvc.texts(".tree .row .name")
    assert any("times, by gfv_num_kps_minus1" in name for name in names)
    inferred = len(vvc.texts(".tree .row.inferred"))
    assert inferred > 0
    loop = next(i for i, name in enumerate(names) if "gfv_num_kps_minus1" in name and "times" in name)
    vvc.click(".tree .row", loop)
    assert len(vvc.texts(".tree .row")) < len(names)
    vvc.click("#show-inferred")
    assert vvc.texts(".tree .row.inferred") == []
    vvc.click("#show-inferred")


def test_hex_turns_into_bits(vvc, faces) -> None:
    select(vvc, 0)
    payload = vvc.run("return [...document.querySelectorAll('.hex .byte')].map((b) => b.innerText).join('')")
    vvc.keys("h")
    bits = vvc.run("return [...document.querySelectorAll('.hex .byte')].map((b) => b.innerText).join('')")
    vvc.keys("h")
    assert int(bits, 2) == int(payload, 16)
    assert len(bits) == 8 * read(faces("vvc"))[0]["payload_size"]


def test_references_are_links(vvc) -> None:
    refers = vvc.run("return [...gfv.store.messages.refers]")
    message, ((_, other), *_) = refers[-1]
    select(vvc, message)
    vvc.keys("r")
    vvc.until(f"gfv.state.message === {other}")
    vvc.keys(BACKSPACE)
    vvc.until(f"gfv.state.message === {message}")
    vvc.until("document.querySelector('.references .link')")
    vvc.click(".references .link", 0)
    assert vvc.run("return gfv.state.message") == other


def test_tracks_show_every_parameter(vvc, faces) -> None:
    vvc.keys("2")
    vvc.until("document.querySelectorAll('canvas.plot').length === 4")
    assert [text.splitlines()[0].split("  ")[0] for text in vvc.texts("#tracks figcaption b")] == [
        "Keypoints, x",
        "Keypoints, y",
        "Compact feature",
        "Pupils",
    ]
    vvc.hover("canvas.plot", 0, x=0.06 + 0.1, y=0.4)
    said = vvc.until("document.querySelector('#tracks output').textContent")
    unit = int(said.split()[1])
    value = float(said.rpartition("= ")[2].replace("−", "-"))
    assert "x of keypoint" in said
    records = [r for r in read(faces("vvc")) if r["payload_type"] == 223 and r["au"] == unit]
    assert any(value == pytest.approx(point[0], abs=1e-6) for r in records for point in r["values"]["coordinates"])
    vvc.click("canvas.plot", 0, x=0.06 + 0.1, y=0.4)
    assert vvc.run("return gfv.state.unit") == unit


def test_views_and_help_have_keys(vvc) -> None:
    for key, view in zip("2341", ("tracks", "findings", "overview", "stream"), strict=True):
        vvc.keys(key)
        assert vvc.run("return document.getElementById(arguments[0]).hidden", view) is False
        assert vvc.run("return document.querySelectorAll('main > section:not([hidden])').length") == 1
    vvc.keys("?")
    assert vvc.run("return document.getElementById('help').open") is True
    vvc.keys(ESCAPE)
    assert vvc.run("return document.getElementById('help').open") is False


def test_light_and_dark(browser, vvc_page) -> None:
    background = "return getComputedStyle(document.body).backgroundColor"
    browser.media(prefers_color_scheme="light")
    browser.open(vvc_page)
    light = browser.run(background)
    browser.keys("t")
    dark = browser.run(background)
    browser.media(prefers_color_scheme="dark")
    browser.open(vvc_page)
    assert browser.run(background) == dark != light
    browser.click("#theme")
    assert browser.run(background) == light


def test_on_paper_nothing_is_hidden_in_lists(vvc, faces) -> None:
    select(vvc, 0)
    done = vvc.driver.execute_cdp_cmd("Page.printToPDF", {})
    assert len(done["data"]) > 20_000
    elements = read(faces("vvc"), elements=True)[0]["elements"]
    printed = vvc.run("return document.getElementById('printed').textContent")
    assert all(name in printed for name, *_ in elements)
    vvc.media(media="print")
    assert vvc.run("return getComputedStyle(document.getElementById('list-panel')).display") == "none"
    assert vvc.run("return getComputedStyle(document.getElementById('overview')).display") == "block"
    assert vvc.run("return getComputedStyle(document.getElementById('printed')).display") == "block"


def test_findings_stand_where_they_belong(browser, clip, make_page) -> None:
    records = face_records(5)
    records[3]["gfv_cnt"] = 1  # of the second picture, which has no message with 0 then
    records[7]["values"]["coordinates"][0][0] = 1.5
    stream = injected(clip("vvc-plain"), records)
    found = [finding.to_dict() for finding in validate(stream)]
    assert len(found) >= 2
    browser.open(make_page(stream))
    assert browser.text("#tab-findings .count") == str(len(found))
    browser.keys("3")
    assert {finding["rule"] for finding in found} == {
        text.splitlines()[0] for text in browser.texts(".rule-box b:last-of-type")
    }
    place = next(i for i, finding in enumerate(found) if finding.get("element", "").startswith("gfv_cnt"))
    assert found[place]["what"] in browser.texts(".finding-list .what")[place]
    browser.click(".finding-list .row", place)
    assert browser.run("return gfv.state.nal") == found[place]["nal"]
    browser.until("document.querySelector('.tree .row.bad')")
    assert browser.texts(".tree .row.bad .name")[0].startswith("gfv_cnt")
    assert found[place]["rule"] in browser.text("#detail .box")
    before = browser.run("return gfv.state.nal")
    browser.keys("n")
    assert browser.run("return gfv.state.nal") >= before


def test_a_finding_of_one_of_several_messages_of_a_nal_unit(browser, clip, make_page) -> None:
    records = face_records(5)
    records[4]["values"]["coordinates"][0][0] = 1.5  # the second message of the second picture
    (found,) = validate(injected(clip("vvc-plain"), records, pack=True))
    assert found.message == 1
    browser.open(make_page(injected(clip("vvc-plain"), records, pack=True)))
    browser.keys("3")
    browser.click(".finding-list .row", 0)
    browser.until("document.querySelector('#detail .box.warning')")
    assert browser.run("return gfv.state.nal") == found.nal
    assert browser.run("return gfv.state.message") == 4
    browser.run("gfv.select({ message: 3, nal: gfv.state.nal })")
    browser.until("document.querySelector('#detail h2')")
    assert browser.run("return document.querySelector('#detail .box.warning')") is None


def test_a_message_that_cannot_be_read_says_why_and_how_far(browser, clip, make_page) -> None:
    records = [record for record in face_records(5) if record["payload_type"] == 223]
    stream = bytearray(injected(clip("vvc-plain"), records))
    message = read(bytes(stream))[-1]
    del stream[message["offset"] + 9 : message["offset"] + 11]  # two bytes of a payload are lost
    broken = [record for record in read(bytes(stream), "vsei4", errors="record") if "error" in record]
    assert broken
    browser.open(make_page(bytes(stream), syntax="vsei4"))
    list_only(browser, "findings")
    browser.keys("\ue010")  # End
    browser.until("document.querySelector('#detail .box.error')")
    assert broken[-1]["error"].split(": ")[-1][:30] in browser.text("#detail")


def test_what_reference_decoders_make_of_a_message(browser, clip, make_page) -> None:
    stream = injected(clip("vvc-plain"), face_records(5), nal="prefix")
    browser.open(make_page(stream))
    browser.run("gfv.select({message: 0})")
    browser.until("document.querySelector('.box.differs')")
    assert "VTM" in browser.text(".box.differs")
    browser.keys("/")
    browser.keys("differs")
    browser.until("document.getElementById('listed').innerText.startsWith('15 of')")
    browser.open(make_page(stream, explain=False))
    assert browser.run("return gfv.store.messages.differs.size") == 0
    assert "without looking for messages" in browser.run("return document.getElementById('overview').textContent")


def test_a_stream_without_any_message(browser, clip, make_page) -> None:
    browser.open(make_page(clip("avc-plain"), "plain.264"))
    assert "no GFV message" in browser.run("return document.getElementById('overview').textContent")
    browser.keys("2")
    browser.until("document.querySelector('#tracks .empty')")
    assert browser.run("return gfv.state.unit") == 0
    assert browser.text("#detail h2") != ""


@pytest.fixture
def small(browser):
    """The browser with a window of 1024 pixels."""
    size = {"width": 1024, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield browser
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "width": 1440, "height": 1000})


def test_all_keypoints_of_a_face_are_in_sight_on_a_small_screen(small, clip, make_page) -> None:
    """Picture and the 28 points that gfv encode tracks stand beside each other, nothing is cut."""
    points = [[number / 32 - 0.5, -number / 64] for number in range(28)]
    record = {**face_records(1)[0], "values": {"coordinates": points}}
    small.open(make_page(injected(clip("vvc-plain"), [record])))
    select(small, 0)
    small.until("document.querySelectorAll('.values .numbers tbody tr').length === 28")
    small.until("document.querySelector('.values').scrollHeight <= document.querySelector('.values').clientHeight")
    assert small.run("return document.documentElement.scrollWidth") == 1024


def test_no_table_of_the_summary_is_cut_on_a_small_screen(small, clip, make_page) -> None:
    small.open(make_page(injected(clip("vvc-plain"), face_records(5))))
    small.keys("4")
    small.until("document.querySelector('.cards .plain')?.clientWidth")
    cut = "return [...document.querySelectorAll('.cards > section')].filter((one) => one.scrollWidth > one.clientWidth)"
    assert small.run(cut + ".map((one) => one.textContent)") == []
