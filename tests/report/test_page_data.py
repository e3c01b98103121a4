"""What the page reads from payloads and outlines is what the package reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from streams.records import read

import gfv_sei
from gfv_sei.report.references import BASE, COORDINATES, FACE, References

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "vtm24-bitstreams"


def check_elements(browser, source) -> int:
    """Every element of every message: name, value, bits, descriptor."""
    records = read(source, elements=True, payload_types=None)
    for number, record in enumerate(records):
        if "elements" not in record:
            continue
        rows = browser.wait_for(f"gfv.elementsOf({number})")
        shown = [row for row in rows if not row.get("loop") and not row.get("inferred")]
        expected = []
        for name, value, bits, descriptor in record["elements"]:
            if descriptor == "b(8)" and expected and expected[-1][0] == name:
                expected[-1][2] += 8
            else:
                expected.append([name, value, bits, descriptor])
        assert [[row["name"], row["length"], row["descriptor"]] for row in shown] == [
            [n, b, d] for n, _, b, d in expected
        ]
        for row, (_, value, _, descriptor) in zip(shown, expected, strict=True):
            if descriptor == "st(v)":
                assert row["value"] == f'"{value}"'
            elif descriptor != "b(8)":
                assert row["value"] == str(value)
    return len(records)


def flattened(values) -> list[float]:
    found: list[float] = []
    for axis in zip(*values.get("coordinates", []), strict=True):
        found += axis
    for entry in values.get("matrices", []):
        found += [value for matrix in entry["elements"] for row in matrix for value in row]
    for eye in values.get("pupils", {}).values():
        found += eye
    return found


@pytest.mark.parametrize("codec", ["vvc", "hevc", "avc"])
def test_elements_and_values_of_our_streams(browser, faces, make_page, codec) -> None:
    stream = faces(codec)
    browser.open(make_page(stream))
    assert check_elements(browser, stream) > 10
    for number, record in enumerate(read(stream, payload_types=None)):
        if "values" in record:
            assert browser.wait_for(f"gfv.valuesOf({number}).then((v) => [...v])") == flattened(record["values"])


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the reference vectors are not here")
def test_elements_and_values_of_reference_streams(browser, make_page) -> None:
    for path in sorted(VECTORS.glob("*.bit")):
        browser.open(make_page(path.read_bytes(), path.name, explain=False))
        assert check_elements(browser, path) > 0
        for number, record in enumerate(read(path, payload_types=None)):
            if "values" in record:
                assert browser.wait_for(f"gfv.valuesOf({number}).then((v) => [...v])") == flattened(record["values"])


def test_nal_units_and_their_places(browser, faces, make_page) -> None:
    stream = faces("hevc")
    browser.open(make_page(stream))
    offsets = browser.run("return [...gfv.store.nal.offset]")
    assert all(stream[at : at + 5].find(b"\0\0\1") in (0, 1) for at in offsets)
    assert len(offsets) == stream.count(b"\0\0\1")
    records = read(stream, payload_types=None, order=True)
    units = browser.run("return [gfv.store.tables.poc, gfv.store.tables.display]")
    for record in records:
        assert units[0][record["au"]] == record["poc"]
        assert units[1][record["au"]] == record["display"]


def test_predicted_values_are_those_of_the_reference_and_a_difference(faces) -> None:
    references = References("vsei4")
    state = gfv_sei.DecodingState()
    messages = []
    predicted = enhanced = 0
    for number, record in enumerate(read(faces("vvc"))):
        payload = gfv_sei.write_payload(
            gfv_sei.message_from_dict(record["payload_type"], record["message"]), state=_copy(messages)
        )
        msg = gfv_sei.parse_payload(record["payload_type"], payload, state=state)
        refers = dict(references.add(number, msg, record["au"]))
        messages.append((record["payload_type"], payload, msg))
        if COORDINATES in refers:
            predicted += 1
            before = messages[refers[COORDINATES]][2].values["coordinates"]
            scale = 2.0**-msg.layout.coordinates.precision
            for i, (x, _) in enumerate(msg.values["coordinates"]):
                step = msg.fields["gfv_coordinate_dx_abs"][i] * scale
                sign = -1 if msg.fields["gfv_coordinate_dx_sign_flag"][i] else 1
                assert before[i][0] + sign * step == x
        if BASE in refers:
            assert messages[refers[BASE]][2].fields[
                f"{'gfv' if record['payload_type'] == 223 else 'gfve'}_base_picture_flag"
            ]
        if FACE in refers:
            enhanced += 1
            assert messages[refers[FACE]][2].fields["gfv_cnt"] == msg.fields["gfve_gfv_cnt"]
    assert predicted > 2
    assert enhanced == 5


def _copy(messages) -> gfv_sei.DecodingState:
    """The state behind some messages, for a writer of its own."""
    state = gfv_sei.DecodingState()
    for payload_type, payload, _ in messages:
        gfv_sei.parse_payload(payload_type, payload, state=state)
    return state
