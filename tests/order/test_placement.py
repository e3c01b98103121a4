"""Records that say by output order or picture order count which picture they are for."""

from __future__ import annotations

import io
import json
import random
import subprocess
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from order_material import UUID, Stream, encode, ours, pocs_by_ffmpeg, shown_by_ffmpeg

import gfv_sei
from gfv_sei.errors import PlanError

STREAMS = Path(__file__).parent / "streams"

REORDERED = {
    "avc": "bframes=3:b-adapt=0:b-pyramid=normal:keyint=10:min-keyint=10:scenecut=0",
    "hevc": "bframes=4:b-adapt=0:b-pyramid=1:keyint=10:min-keyint=10:open-gop=0:scenecut=0",
    "vvc": "gopsize=16:decodingrefreshtype=idr:intraperiod=16:poc0idr=1",
}
PICTURES = 40


def numbered(number: int, **key: int):
    """A message that decoders hand on, with a number."""
    return {**key, "payload_type": 5, "payload_hex": (UUID + f"{number:08}".encode()).hex()}


def face(number: int, **key: int):
    values = {"coordinates": [[number / 256, -0.25], [0.5, number / 128]]}
    return {**key, "payload_type": 223, "gfv_id": 1, "gfv_cnt": 0, "values": values}


def injected(base, records, **options) -> bytes:
    out = io.BytesIO()
    gfv_sei.inject(base, records, out, **options)
    return out.getvalue()


def read(data: bytes, *types: int):
    return list(gfv_sei.read_messages(data, payload_types=types or (5, 223, 224)))


def numbers(data: bytes) -> list[tuple[int, int]]:
    """Access unit and number of each message."""
    return [(r["au"], int(bytes.fromhex(r["payload_hex"])[16:])) for r in read(data, 5) if UUID.hex() in str(r)]


@pytest.fixture(params=REORDERED)
def codec(request) -> str:
    return request.param


@pytest.fixture
def base(codec: str) -> bytes:
    data = encode(codec, REORDERED[codec], PICTURES)
    units = ours(data, codec)
    assert [unit.display for unit in units] != [unit.au for unit in units]
    assert sum(unit.sequence != before.sequence for before, unit in pairwise(units)) >= 2
    return data


# Where they go, as a decoder sees it


def test_messages_by_display_come_out_with_the_picture_that_is_shown_then(codec, base):
    records = [numbered(number, display=number) for number in range(PICTURES)]
    expected = [[number] for number in range(PICTURES)]
    assert shown_by_ffmpeg(codec, injected(base, records, nal="prefix")) == expected
    random.Random(codec).shuffle(records)
    assert shown_by_ffmpeg(codec, injected(base, iter(records), nal="prefix")) == expected


@pytest.mark.parametrize("codec", ["hevc", "vvc"], indirect=True)
def test_messages_by_poc_come_out_with_the_pictures_for_which_the_decoder_says_it(codec, base):
    # The records are in output order, and all POCs stand there twice or more.
    twice = base + base
    records = [numbered(number, poc=poc) for number, poc in enumerate(pocs_by_ffmpeg(codec, twice)[1])]
    assert len(records) == 2 * PICTURES >= 2 * len({record["poc"] for record in records})
    assert shown_by_ffmpeg(codec, injected(twice, records, nal="prefix")) == [[n] for n in range(2 * PICTURES)]


@pytest.mark.parametrize("codec", ["avc", "hevc"], indirect=True)
def test_pocs_in_decoding_order(codec, base):
    records = [numbered(number, poc=poc) for number, poc in enumerate(pocs_by_ffmpeg(codec, base)[0])]
    assert numbers(injected(base, records)) == [(number, number) for number in range(PICTURES)]


def test_messages_move_to_a_stream_of_another_structure(codec, base):
    """The same video, encoded anew: messages are taken along to the pictures that show the same."""
    with_messages = injected(base, [face(n, display=n) for n in range(PICTURES)])
    records = list(gfv_sei.read_messages(with_messages, order=True))
    assert all(record["values"]["coordinates"][0][0] == record["display"] / 256 for record in records)
    other = encode("hevc", "bframes=0", PICTURES)
    assert [record["au"] for record in records] != [record["display"] for record in records]
    moved = list(gfv_sei.read_messages(injected(other, iter(records), place="display")))
    assert [record["au"] for record in moved] == list(range(PICTURES))
    assert [record["values"]["coordinates"][0][0] * 256 for record in moved] == list(range(PICTURES))


def test_the_result_is_that_of_access_units(codec, base):
    """Several messages to a picture, in the order of the plan; values are predicted in decoding order."""
    units = ours(base, codec)
    plan = [(unit, kind) for unit in units for kind in range(3)]
    random.Random(1).shuffle(plan)

    def records(*keys):
        for number, (unit, kind) in enumerate(plan):
            key = {name: getattr(unit, name) for name in keys}
            yield face(number, **key) if kind else numbered(number, **key)

    by_au = injected(base, list(records("au")))
    assert len(read(by_au)) >= 3 * PICTURES
    assert injected(base, records("display")) == by_au
    assert injected(base, records("display", "poc")) == by_au  # display goes first
    assert injected(base, list(records("au", "poc")), place="au") == by_au
    assert injected(base, records("poc", "au", "display"), place="display") == by_au


def test_the_first_record_says_which_key_counts(base):
    both = [face(0, au=0, display=7), face(1, au=5, display=1)]
    assert [r["au"] for r in read(injected(base, iter(both)), 223)] == [0, 5]
    with pytest.raises(PlanError, match="record 1 must say its display, a number from 0"):
        injected(base, [face(0, display=0), face(1, au=1)])
    with pytest.raises(PlanError, match="record 1 must say its access unit"):
        injected(base, [face(0, au=0), face(1, display=1)])


# Picture order counts that repeat


def test_a_poc_that_comes_back_is_of_a_later_sequence():
    base = encode("hevc", "bframes=0:open-gop=0:keyint=4:min-keyint=4:scenecut=0", 12)
    assert [unit.poc for unit in ours(base, "hevc")] == [0, 1, 2, 3] * 3

    def places(*pocs: int, **options) -> list[int]:
        records = [numbered(number, poc=poc) for number, poc in enumerate(pocs)]
        return [au for au, _ in sorted(numbers(injected(base, records, **options)), key=lambda found: found[1])]

    assert places(0, 0, 0, 3, 3) == [0, 0, 0, 3, 3]  # records of one picture
    assert places(0, 3, 0, 3, 0, 0, 3) == [0, 3, 4, 7, 8, 8, 11]
    assert places(3, 2, 1, 0, 3) == [3, 2, 1, 0, 7]
    assert places(2, 1, 2, 0) == [2, 1, 6, 4]
    with pytest.raises(PlanError, match=r"record 6 is for POC 0; there are records for 7 pictures, .* 12 in 3 seq"):
        places(0, 1, 0, 1, 0, 1, 0)


def test_a_poc_that_a_sequence_lacks_is_of_a_later_one():
    short, long = (encode("hevc", "bframes=0:keyint=-1", count) for count in (3, 6))
    records = [numbered(number, poc=poc) for number, poc in enumerate((1, 5, 4, 0))]
    assert numbers(injected(short + short + long, records)) == [(1, 0), (6, 3), (10, 2), (11, 1)]
    with pytest.raises(PlanError, match=r"record 2 is for POC 5; .* records for 3 pictures, .* 9 in 2 sequences"):
        injected(long + short, [numbered(number, poc=poc) for number, poc in enumerate((5, 0, 5))])


def test_pocs_may_be_negative_and_far():
    data = encode("hevc", "bframes=4:b-adapt=0:open-gop=1:keyint=8:min-keyint=8:scenecut=0", 30)
    stream = Stream("hevc", data)
    point = stream.types().index(21)
    units = ours(stream.start_at(point), "hevc")
    records = [numbered(unit.au, poc=unit.poc) for unit in units]
    assert numbers(injected(stream.start_at(point), records)) == [(unit.au, unit.au) for unit in units]
    for poc in (-1000, 1 << 31, -(1 << 31) - 1, 10**40):
        with pytest.raises(PlanError, match="record 0 is for POC"):
            injected(data, [numbered(0, poc=poc)])


def test_fields_share_their_place_in_output_order():
    base = (STREAMS / "fields.264").read_bytes()
    units = ours(base, "avc")
    frames = len(units) // 2
    found = numbers(injected(base, [numbered(n, display=n) for n in range(frames)]))
    firsts = {unit.display: unit.au for unit in reversed(units)}
    assert sorted((number, au) for au, number in found) == sorted(firsts.items())
    found = numbers(injected(base, [numbered(unit.au, poc=unit.poc) for unit in units]))
    assert found == [(unit.au, unit.au) for unit in units]


def test_pictures_that_are_not_shown_have_a_poc():
    stream = Stream("hevc", encode("hevc", "bframes=4:b-adapt=0:open-gop=1:keyint=8:min-keyint=8:scenecut=0", 30))
    data = stream.start_at(stream.types().index(21))
    units = ours(data, "hevc")
    skipped = [unit for unit in units if unit.display is None]
    assert skipped
    found = numbers(injected(data, [numbered(unit.au, poc=unit.poc) for unit in skipped]))
    assert found == [(unit.au, unit.au) for unit in skipped]
    shown = len(units) - len(skipped)
    with pytest.raises(PlanError, match=f"record 0 is for display {shown}.*the stream has {shown} "):
        injected(data, [numbered(0, display=shown)])


# What does not fit

MISFITS = {"au": (PICTURES, PICTURES + 7), "display": (PICTURES, 10**30), "poc": (999, 9999)}


def far(place: str, base: bytes, codec: str):
    """Records for each picture, and in between two for pictures that are not there; the last is at the end."""
    records = [numbered(unit.au, **{place: getattr(unit, place)}) for unit in ours(base, codec)]
    first, second = (numbered(1000 + n, **{place: key}) for n, key in enumerate(MISFITS[place]))
    return [*records, first, second] if place == "au" else [*records[:20], first, *records[20:], second]


@pytest.mark.parametrize("place", MISFITS)
def test_strict_gives_the_first_one_and_the_counts(place, base, codec):
    records = far(place, base, codec)
    number = PICTURES if place == "au" else 20
    for plan in (records, iter(records)):
        with pytest.raises(PlanError) as refused:
            injected(base, plan, place=place)
        text = str(refused.value)
        assert text.startswith(f"record {number} is for ")
        assert f"the stream has {PICTURES} " in text
        named = PICTURES + (1 if place == "au" else 2)
        assert f"records for {named} " in text or f"records for {named + 1} " in text


@pytest.mark.parametrize("place", MISFITS)
def test_skip_leaves_them_out(place, base, codec):
    told: list[str] = []
    records = far(place, base, codec)
    out = injected(base, iter(records), place=place, mismatch="skip", on_mismatch=told.append)
    assert [au for au, _ in numbers(out)] == list(range(PICTURES))
    assert len(told) == 2
    assert all(text.startswith("left out: record ") and f"the stream has {PICTURES}" in text for text in told)


def test_skip_leaves_out_what_names_no_picture_or_layer(base):
    told: list[str] = []
    records = [numbered(0, display=3), numbered(1), numbered(2, display=3, layer_id=1), numbered(3, display=3)]
    out = injected(base, records, mismatch="skip", on_mismatch=told.append)
    assert [number for _, number in numbers(out)] == [0, 3]
    assert len(told) == 2
    with pytest.raises(PlanError, match="record 1 must say its display"):
        injected(base, records)
    with pytest.raises(PlanError, match="record 1 must say its display"):
        injected(base, records, mismatch="hold")
    with pytest.raises(PlanError, match="display = x: record 0 must say"):
        injected(base, [numbered(0, display="x")], mismatch="skip")


@pytest.mark.parametrize("place", ["au", "display"])
def test_hold_puts_them_at_the_last_picture(place, base, codec):
    told: list[str] = []
    records = far(place, base, codec)
    out = injected(base, iter(records), place=place, mismatch="hold", on_mismatch=told.append)
    last = max(ours(base, codec), key=lambda unit: getattr(unit, place)).au
    in_the_plan = [int(bytes.fromhex(record["payload_hex"])[16:]) for record in records]
    assert [number for au, number in numbers(out) if au == last] == [n for n in in_the_plan if n in (last, 1000, 1001)]
    assert len(numbers(out)) == PICTURES + 2
    assert [text.endswith(f", held at access unit {last}") for text in told] == [True, True]


def test_hold_puts_them_at_the_next_lower_poc_of_the_sequence():
    base = encode("hevc", "bframes=0:open-gop=0:keyint=4:min-keyint=4:scenecut=0", 12)
    records = [numbered(n, poc=poc) for n, poc in enumerate((2, 9, 0, 3, 2, 7, -5, 0, 5))]
    found = numbers(injected(base, records, mismatch="hold"))
    # 0 to 3 are in the first sequence; with 2 the second begins, and with the 0 that is in it the third does not.
    assert sorted((n, au) for au, n in found) == [
        (0, 2), (1, 3), (2, 0), (3, 3), (4, 6), (5, 7), (6, 4), (7, 4), (8, 7)
    ]  # fmt: skip


@pytest.mark.parametrize("mismatch", ["strict", "skip", "hold"])
@pytest.mark.parametrize("place", ["au", "display", "poc"])
def test_a_stream_without_any_picture_that_can_be_placed(place, mismatch):
    """Parameter sets alone are missing, so nothing has a POC or is shown."""
    stream = Stream("hevc", encode("hevc", "", 5))
    data = stream.join(lambda nal_type, tid, au, first: nal_type not in (32, 33, 34))
    records = [numbered(0, **{place: 0})]
    if place == "au":
        assert len(numbers(injected(data, records, mismatch=mismatch))) == 1
    elif mismatch == "skip":
        assert injected(data, records, mismatch=mismatch) == data
    else:
        with pytest.raises(PlanError, match="the stream has 0"):
            injected(data, records, mismatch=mismatch)


def test_pictures_without_records_are_no_mismatch(base):
    assert len(numbers(injected(base, [numbered(0, display=30)]))) == 1
    for place in ("au", "display", "poc"):
        assert injected(base, iter(()), place=place) == base


@pytest.mark.parametrize("key", [None, -1, 1.0, True, "0"])
@pytest.mark.parametrize("place", ["display", "poc"])
def test_keys_that_are_none(place, key, base):
    if (place, key) == ("poc", -1):
        key = [1]
    for records in ([numbered(0, **{place: key})], iter([numbered(0, **{place: key})])):
        with pytest.raises(PlanError, match="record 0 must say its"):
            injected(base, records, place=place)


@pytest.mark.parametrize("record", [None, 1, "x", [], {}, {"display": 0}, {"display": 0, "payload_type": {1}}])
def test_records_that_are_none(record, base):
    for records in ([record], iter([record])):
        with pytest.raises(gfv_sei.GfvError):
            injected(base, records, place="display")


@pytest.mark.parametrize(("option", "value"), [("place", "pts"), ("mismatch", "ignore")])
def test_choices_that_are_none(option, value, base):
    with pytest.raises(PlanError, match=f"{option} = {value}.*allowed: "):
        injected(base, [], **{option: value})


# Pipes, files and memory


def lines(records) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def gfv(*words, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["gfv", *map(str, words)], input=stdin, capture_output=True, check=False)


@pytest.mark.parametrize("place", ["display", "poc"])
def test_pipes_at_both_ends(place, base, codec, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    records = [face(unit.au, au=0, **{place: getattr(unit, place)}) for unit in ours(base, codec)]
    (tmp_path / "base").write_bytes(base)
    (tmp_path / "params.jsonl").write_bytes(lines(records))
    expected = injected(base, records, place=place)
    done = gfv("inject", "-", tmp_path / "params.jsonl", "-o", "-", "--place", place, stdin=base)
    assert (done.returncode, done.stdout) == (0, expected), done.stderr
    done = gfv("inject", tmp_path / "base", "-", "-o", "-", "--place", place, stdin=lines(records))
    assert (done.returncode, done.stdout) == (0, expected), done.stderr
    assert not list((tmp_path / "temporary").iterdir())


def test_extract_order_gives_what_inject_takes(base, codec, tmp_path):
    stream, params = tmp_path / "stream", tmp_path / "params.jsonl"
    stream.write_bytes(injected(base, [face(n, display=n) for n in range(PICTURES)]))
    assert gfv("extract", stream, "-o", params, "--order").returncode == 0
    (tmp_path / "base").write_bytes(base)
    for place in ("au", "display", "poc"):
        done = gfv("inject", tmp_path / "base", params, "-o", tmp_path / "back", "--place", place)
        assert (done.returncode, done.stderr) == (0, b"")
        assert (tmp_path / "back").read_bytes() == stream.read_bytes()


def test_mismatches_on_the_command_line(base, tmp_path):
    (tmp_path / "base").write_bytes(base)
    params = lines(numbered(n, display=n) for n in range(PICTURES + 3))
    words = ["inject", tmp_path / "base", "-", "-o", tmp_path / "out"]
    done = gfv(*words, stdin=params)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"gfv: record {PICTURES} is for display {PICTURES}; there are records for {PICTURES + 3} pictures, "
        f"the stream has {PICTURES} (0 to {PICTURES - 1})\n"
    )
    assert not (tmp_path / "out").exists()
    for mismatch, word, count in (("skip", "left out", 0), ("hold", "held", 3)):
        done = gfv(*words, "--mismatch", mismatch, stdin=params)
        assert done.returncode == 0
        first, last = done.stderr.decode().splitlines()
        assert f"record {PICTURES} is for display {PICTURES}" in first
        assert last == f"gfv: 3 records {word}"
        assert len(numbers((tmp_path / "out").read_bytes())) == PICTURES + count
    assert gfv(*words, "--mismatch", "never", stdin=params).returncode == 2
    assert gfv(*words, "--place", "pts", stdin=params).returncode == 2


def test_a_binary_file_is_read_twice_by_way_of_a_copy(base):
    records = [numbered(n, display=n) for n in range(PICTURES)]
    assert injected(io.BytesIO(base), records) == injected(base, records)


@pytest.mark.parametrize("place", ["display", "poc"])
def test_messages_wait_on_disk(place, tmp_path):
    piece = encode("hevc", REORDERED["hevc"], 10)
    repeats = 150
    path = tmp_path / "long.bit"
    path.write_bytes(piece * repeats)
    units = ours(piece, "hevc")
    size = 10_000

    def records():
        for repeat in range(repeats):
            for unit in sorted(units, key=lambda unit: unit.display):
                key = unit.poc if place == "poc" else 10 * repeat + unit.display
                yield {place: key, "payload_type": 600, "payload_hex": "ab" * size}

    tracemalloc.start()
    try:
        count = gfv_sei.inject(path, records(), tmp_path / "out.bit")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 10 * repeats
    assert (tmp_path / "out.bit").stat().st_size > count * size
    assert peak < 6_000_000 < count * size
    found = [r["au"] for r in gfv_sei.read_messages(tmp_path / "out.bit", payload_types=[600])]
    assert found == list(range(10 * repeats))
