"""What decode shows, and when: order of pictures and messages, several faces, fields, fusion, enhancement."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from random import Random

import numpy as np
import pytest
from order.order_material import encode, marked, shown_by_ffmpeg
from painting import UNIT, brightening, decoded, doubling, gfv, gfve, injected, levels, paint, player
from streams.annexb import Unit, put_together, take_apart

from generators.contract import Tensor
from generators.errors import ModelError
from generators.roles import Role
from generators.runtime import Enhancer, Generator, Translator
from gfv_sei.errors import GfvError, StreamError
from gfv_sei.stream.order import display_order

FIELDS = Path(__file__).parents[1] / "order" / "streams" / "fields.264"

REORDERED = {
    "avc": "bframes=3:b-pyramid=normal:b-adapt=0:keyint=10",
    "hevc": "bframes=4:b-pyramid=1:b-adapt=0:keyint=10",
    "vvc": "poc0idr=1:gopsize=16:intraperiod=16:decodingrefreshtype=idr",
}
LATE = "gopsize=16:intraperiod=16:decodingrefreshtype=cra"
"""The first picture that is decoded is shown after others, in VVC."""
PICTURES = 20


def order_of(codec: str, stream: bytes) -> list[int]:
    """Access units in output order, by what the decoder says of the marks that they carry."""
    return [units[-1] for units in shown_by_ffmpeg(codec, marked(codec, stream, PICTURES))]


@pytest.mark.parametrize(("codec", "params"), [*REORDERED.items(), ("vvc", LATE)])
def test_messages_go_with_their_own_pictures_where_pictures_are_reordered(codec, params, tmp_path):
    stream = encode(codec, params, PICTURES)
    order = order_of(codec, stream)
    assert order != sorted(order)
    records = [gfv(0, 0, 0.0, base=True)]
    records += [gfv(au, count, (4 * au + count) * UNIT) for au in range(PICTURES) for count in (0, 1) if au]
    path = injected(stream, records, tmp_path / "s")
    expected = [level for au in order for level in ((4 * au, 4 * au + 1) if au else ("coded",))]
    shown = list(player().play(str(path)))
    assert levels(shown) == expected
    assert [one.display for one in shown] == [n for n, au in enumerate(order) for _ in range(2 if au else 1)]
    assert (params == LATE) == (order[0] != 0)


@pytest.mark.parametrize("codec", REORDERED)
def test_a_base_picture_holds_from_its_message_on_in_decoding_order(codec, tmp_path):
    """The second picture that is decoded is shown late; pictures shown before it are generated from it."""
    stream = encode(codec, REORDERED[codec], PICTURES)
    order = order_of(codec, stream)
    late = order.index(1)
    assert late > 1
    records = [gfv(0, 0, 0.0, base=True), gfv(1, 0, 0.0, base=True)]
    records += [gfv(au, 0, 0.0, 1.0) for au in range(2, PICTURES)]
    path = injected(stream, records, tmp_path / "s")
    shown = list(player().play(str(path)))
    coded = decoded(path)
    assert [one.coded is not None for one in shown] == [n in (0, late) for n in range(PICTURES)]
    for n, one in enumerate(shown):
        if n not in (0, late):
            np.testing.assert_allclose(one.generated, coded[late], atol=1e-6)


def test_base_pictures_alternate_where_the_stream_does(tmp_path, monkeypatch):
    """A base picture in the middle of a pyramid: pictures decoded before it keep the old one, even if shown later.

    Each of them is worked on once all the same.
    """
    stream = encode("avc", REORDERED["avc"], PICTURES)
    order = order_of("avc", stream)
    records = [gfv(0, 0, 0.0, base=True), gfv(1, 0, 0.0, 1.0), gfv(2, 0, 0.0, base=True)]
    records += [gfv(au, 0, 0.0, 1.0) for au in range(3, PICTURES)]
    path = injected(stream, records, tmp_path / "s")
    coded = decoded(path)
    taken: list[int] = []
    set_base = Generator.set_base
    monkeypatch.setattr(Generator, "set_base", lambda *given, **more: taken.append(1) or set_base(*given, **more))
    for n, one in enumerate(player().play(str(path))):
        au = order[n]
        if au not in (0, 2):
            np.testing.assert_allclose(one.generated, coded[order.index(0 if au < 2 else 2)], atol=1e-6)
    assert len(taken) == 2


def test_a_container_plays_like_its_stream(tmp_path):
    from gfv_sei.containers import mux

    stream = encode("avc", REORDERED["avc"], PICTURES)
    records = [gfv(0, 0, 0.0, base=True), *(gfv(au, 0, au * UNIT) for au in range(1, PICTURES))]
    path = injected(stream, records, tmp_path / "s")
    mux(path, tmp_path / "s.mp4", codec="avc")
    assert levels(player().play(str(tmp_path / "s.mp4"))) == levels(player().play(str(path)))


@pytest.fixture(scope="module")
def intra() -> bytes:
    return encode("avc", "keyint=1", 4)


def play(stream, records, tmp_path, **options):
    """The levels, and the notes."""
    notes: list[str] = []
    path = injected(stream, records, tmp_path / "stream", **options.pop("inject", {}))
    return levels(player(notes=notes, **options).play(str(path))), notes


def test_counts_that_come_late_or_twice(intra, tmp_path):
    records = [
        gfv(0, 0, 0.0, base=True),
        gfv(0, 2, 2 * UNIT, gfv_kps_pred_flag=0),
        gfv(0, 1, UNIT, gfv_kps_pred_flag=0),
        gfv(0, 1, 9 * UNIT, gfv_kps_pred_flag=0),
        gfv(0, 4, 4 * UNIT, gfv_kps_pred_flag=0),
    ]
    shown, notes = play(intra, records, tmp_path)
    assert shown == ["coded", 1, 2, 4, "coded", "coded", "coded"]
    assert notes == [
        "access unit 0: gfv_cnt 1 comes again and is played once",
        "access unit 0: gfv_cnt goes to 4 without 3",
    ]


def test_a_list_that_is_repeated_at_each_base_picture(intra, tmp_path):
    """As VTM repeats it wherever it repeats parameter sets."""
    records = [gfv(au, count, count * UNIT, base=count == 0) for au in (0, 2) for count in range(3)]
    assert play(intra, records, tmp_path)[0] == ["coded", 1, 2, "coded", "coded", 1, 2, "coded"]


def test_one_face_of_several(intra, tmp_path):
    records = [
        *(gfv(0, count, count * UNIT, base=count == 0, gfv_id=5) for count in range(3)),
        *(gfv(0, count, (16 + count) * UNIT, base=count == 0, gfv_id=2) for count in range(2)),
        gfv(1, 0, 40 * UNIT, base=True, gfv_id=2),
        gfv(2, 0, 7 * UNIT, gfv_id=5),
        gfv(2, 0, 41 * UNIT, gfv_id=2),
    ]
    first, notes = play(intra, records, tmp_path)
    assert first == ["coded", 1, 2, 7, "coded"]  # the base picture of the other face is not of this one
    assert notes == ["playing gfv_id 5; gfv_id 2 is passed over"]
    assert play(intra, records, tmp_path, gfv_id=2)[0] == ["coded", 17, "coded", 41, "coded"]


def test_reserved_identifiers_are_noted_and_passed_over(intra, tmp_path):
    records = [gfv(0, 0, 0.0, base=True, gfv_id=300), gfv(1, 0, 0.0, base=True), gfv(1, 1, UNIT)]
    shown, notes = play(intra, records, tmp_path)
    assert shown == ["coded", "coded", 1, "coded", "coded"]
    assert notes == ["passed over: gfv_id 300 is reserved"]


def test_notes_come_to_an_end(tmp_path):
    records = [gfv(0, 0, 0.0, base=True)]
    records += [{"au": 0, "payload_type": 223, "payload_hex": "00" * 5} for _ in range(60)]
    shown, notes = play(encode("hevc", "keyint=1:bframes=0", 2), records, tmp_path)
    assert shown == ["coded"] * 2
    assert len(notes) == 21
    assert "cannot be read" in notes[0]
    assert notes[-1] == "further notes are left out"


def test_nothing_can_be_generated_before_a_base_message(intra, tmp_path):
    with pytest.raises(ModelError, match=r"access unit 1.*gfv_base_picture_flag"):
        play(intra, [gfv(1, 0, 0.0)], tmp_path)


def test_pictures_that_the_decoder_does_not_give(intra, tmp_path, monkeypatch):
    from vtm_bridge.ffmpeg import FfmpegDecoder

    decode = FfmpegDecoder.decode
    monkeypatch.setattr(FfmpegDecoder, "decode", lambda *given, **more: iter(list(decode(*given, **more))[:2]))
    with pytest.raises(StreamError, match="number 2 in output order, but the decoder gave 2"):
        play(intra, [gfv(0, 0, 0.0, base=True)], tmp_path)


def test_the_fields_of_a_frame(tmp_path):
    """JM writes the list into both fields; it is played once. A list in the second field alone is played, too."""
    stream = FIELDS.read_bytes()
    units = list(display_order(stream))
    assert [units[n].display == units[n + 1].display for n in (0, 2, 4)] == [True] * 3
    both = [gfv(au, n, n * UNIT, base=n == 0) for au in (0, 1) for n in range(3)]
    second = [gfv(3, 0, 20 * UNIT), gfv(3, 1, 21 * UNIT)]
    shown, notes = play(stream, [*both, *second], tmp_path)
    at = units[2].display
    assert shown[:3] == ["coded", 1, 2]
    assert shown[2 + at : 4 + at] == [20, 21]
    assert len(shown) == len({unit.display for unit in units}) + 3
    assert len(notes) == 1
    assert "second field" in notes[0]


@pytest.mark.parametrize("codec", ["avc", "hevc"])
def test_damage_to_messages_costs_messages_and_never_pictures(codec, tmp_path):
    """Bits changed, bytes cut off and units exchanged, in SEI NAL units of all kinds."""
    stream = encode(codec, "keyint=1" if codec == "avc" else "keyint=1:bframes=0", 4)
    records = [gfv(au, n, n * UNIT, base=n == 0) for au in (0, 2) for n in range(4)]
    records += [gfve(au, n, n * UNIT, base=n == 0) for au in (0, 2) for n in range(4)]
    units = take_apart(injected(stream, records, tmp_path / "s", pack=True).read_bytes())
    messages = [n for n, unit in enumerate(units) if unit.is_sei(codec)]
    choices = Random(7)
    outcomes = set()
    for _ in range(25):
        damaged = list(units)
        at = choices.choice(messages)
        nal = bytearray(units[at].nal)
        header = 1 if codec == "avc" else 2
        if choices.random() < 0.5:
            nal[choices.randrange(header, len(nal))] ^= 1 << choices.randrange(8)
        else:
            del nal[choices.randrange(header + 1, len(nal)) :]
        damaged[at] = Unit(units[at].start, bytes(nal))
        path = tmp_path / "damaged"
        path.write_bytes(put_together(damaged))
        notes: list[str] = []
        try:
            shown = list(player(notes=notes, enhancer=Enhancer(brightening(), threads=1)).play(str(path)))
        except GfvError as error:
            outcomes.add(type(error).__name__)
        else:
            outcomes.add("played")
            assert {one.display for one in shown} == set(range(4))
    assert "played" in outcomes
    assert "ToolError" not in outcomes


def test_low_confidence_is_played_or_held(intra, tmp_path):
    records = [gfv(0, n, n * UNIT, base=n == 0, gfv_low_confidence_face_parameter_flag=int(n == 2)) for n in range(4)]
    assert play(intra, records, tmp_path)[0][:4] == ["coded", 1, 2, 3]
    assert play(intra, records, tmp_path, low_confidence="hold")[0][:4] == ["coded", 1, 1, 3]


CODED = Tensor("coded", Role.CODED_PICTURE, (1, 3, "H", "W"))
OPTIONAL = Tensor("coded", Role.CODED_PICTURE, (1, 3, "H", "W"), optional=True)


@pytest.mark.parametrize("syntax", ["vsei4", "draft-b"])
def test_fusion_gives_the_network_the_decoded_picture_of_the_unit(intra, tmp_path, syntax):
    records = [gfv(0, 0, 0.0, base=True), gfv(1, 0, 0.0, gfv_fusion_pic_flag=1), gfv(2, 0, 3 * UNIT)]
    path = injected(intra, records, tmp_path / "s", syntax=syntax)
    _, fused, plain, _ = player(paint(OPTIONAL)).play(str(path), syntax=syntax)
    np.testing.assert_allclose(fused.generated, decoded(path)[1], atol=1e-6)
    assert levels([plain]) == [3]


def test_fusion_pictures_that_nobody_takes_or_that_are_missing(intra, tmp_path):
    fused = [gfv(0, 0, 0.0, base=True), gfv(1, 0, UNIT, gfv_fusion_pic_flag=1)]
    shown, notes = play(intra, fused, tmp_path)
    assert shown[1] == 1
    assert "no network here takes them" in notes[0]
    with pytest.raises(ModelError.__base__, match=r"access unit 1.*gfv_fusion_pic_flag: 0"):
        play(intra, [gfv(0, 0, 0.0, base=True), gfv(1, 0, 0.0)], tmp_path, model=paint(CODED))


def test_a_translator_stands_before_the_generator(intra, tmp_path):
    records = [gfv(0, n, n * UNIT, base=n == 0) for n in range(3)]
    shown, _ = play(intra, records, tmp_path, translator=Translator(doubling(), threads=1))
    assert shown[:3] == ["coded", 2, 4]


def test_enhancement_goes_with_its_own_picture(intra, tmp_path):
    """GFVE messages behind all GFV messages, as reference encoders write them; one picture has none."""
    records = [gfv(0, n, n * UNIT, base=n == 0) for n in range(4)]
    records += [gfve(0, n, 16 * n * UNIT, base=n == 0) for n in (0, 1, 3)]
    records += [gfve(0, n, 99 * UNIT, base=n == 0, gfve_id=6) for n in (0, 1)]
    records += [gfve(0, 1, 99 * UNIT, gfv_id=1), gfve(0, 7, 5 * UNIT)]
    enhancer = Enhancer(brightening(), threads=1)
    shown, notes = play(intra, records, tmp_path, enhancer=enhancer)
    assert shown[:4] == ["coded", 17, 2, 51]
    assert notes == [
        "playing gfve_id 0; gfve_id 6 is passed over",
        "access unit 0: GFVE messages without their GFV message, gfve_gfv_cnt 7",
    ]
    assert play(intra, records, tmp_path, enhancer=enhancer, gfve_id=6)[0][:3] == ["coded", 100, 2]


def test_enhancement_matrices_and_pupils_reach_the_generator_too(intra, tmp_path):
    eyes = Tensor("eyes", Role.PUPILS, (2, 2), optional=True)
    signal = Tensor("signal", Role.ENHANCEMENT_MATRICES, (1, 1), matrix_index=0, optional=True)
    records = [gfv(0, n, n * UNIT, base=n == 0) for n in range(2)]
    records += [gfve(0, n, 8 * n * UNIT, base=n == 0) for n in range(2)]
    for record in records[2:]:
        record["values"]["pupils"] = {"left": [0.25, 0.0], "right": [0.0, 0.0]}
    assert play(intra, records, tmp_path, model=paint(eyes, signal))[0][:2] == ["coded", 1 + 8 + 64]


def test_memory_does_not_grow_with_the_messages_of_a_picture(tmp_path):
    stream = encode("hevc", "keyint=1:bframes=0", 4)
    peaks = []
    for count in (300, 1500):
        records = [gfv(0, n, (n % 64) * UNIT, base=n == 0) for n in range(count)]
        path = injected(stream, records, tmp_path / "long")
        machine = player()
        tracemalloc.start()
        assert sum(1 for _ in machine.play(str(path))) == count + 3
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000
