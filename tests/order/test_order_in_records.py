"""Records that carry picture order count and place in output order."""

import io
import json
import subprocess
import tracemalloc

import pytest

import gfv_sei
from gfv_sei.process import find_ffmpeg
from gfv_sei.stream.order import display_order

ENCODERS = {
    "avc": ("h264", ["-c:v", "libx264", "-bf", "3"]),
    "hevc": ("hevc", ["-c:v", "libx265", "-x265-params", "log-level=none:bframes=4"]),
    "vvc": ("vvc", ["-c:v", "libvvenc", "-pix_fmt", "yuv420p10le", "-preset", "faster"]),
}


@pytest.fixture(scope="module", params=ENCODERS)
def stream(request, tmp_path_factory):
    """Reordered pictures with a message at each."""
    name, options = ENCODERS[request.param]
    base, out = (tmp_path_factory.mktemp("order") / part for part in ("base", "out"))
    source = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1"]
    command = [find_ffmpeg(), "-loglevel", "error", "-y", *source, *options, "-f", name, base]
    subprocess.run(command, check=True, capture_output=True)
    values = {"coordinates": [[0.25, -0.5]]}
    records = [{"au": au, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": values} for au in range(25)]
    gfv_sei.inject(base, records, out)
    return out


def test_each_record_knows_its_place(stream):
    records = list(gfv_sei.read_messages(stream, order=True))
    assert [r["au"] for r in records] == list(range(25))
    assert sorted(r["display"] for r in records) == list(range(25))
    assert [r["display"] for r in records] != list(range(25))
    by_poc = sorted(records, key=lambda r: r["poc"])
    assert [r["display"] for r in by_poc] == list(range(25))
    order = {unit.au: (unit.poc, unit.display) for unit in display_order(stream)}
    assert {r["au"]: (r["poc"], r["display"]) for r in records} == order


def test_the_rest_of_the_record_is_the_same(stream):
    plain = list(gfv_sei.read_messages(stream))
    ordered = [
        {k: v for k, v in r.items() if k not in ("poc", "display")} for r in gfv_sei.read_messages(stream, order=True)
    ]
    assert ordered == plain


def test_on_the_command_line(stream):
    done = subprocess.run(["gfv", "extract", stream, "-o", "-", "--order"], capture_output=True, check=True)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert all({"poc", "display"} <= record.keys() for record in records)


def test_many_messages_of_a_picture_wait_on_disk(stream):
    """Their place in output order is known only with later pictures; memory is for few of them."""
    base = io.BytesIO()
    gfv_sei.remove(stream, base)
    values = {"coordinates": [[k / 100, -k / 100] for k in range(40)]}
    many = [{"au": au, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": values} for au in [0] * 4000 + [1]]
    out = io.BytesIO()
    gfv_sei.inject(base.getvalue(), many, out)
    tracemalloc.start()
    try:
        assert sum(1 for _ in gfv_sei.read_messages(out.getvalue(), "vsei4", order=True)) == len(many)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000  # with all of them in memory 33 million
    plain = gfv_sei.read_messages(out.getvalue(), elements=True)
    for placed, record in zip(gfv_sei.read_messages(out.getvalue(), order=True, elements=True), plain, strict=True):
        assert placed == record | {name: placed[name] for name in ("poc", "display")}
