"""The rules about SEI NAL units: where they may stand, what their headers and bytes may be, in each codec."""

from __future__ import annotations

import pytest
from streams.annexb import message
from validation.breaking import (
    BASE,
    GFV,
    NONE,
    PUPILS,
    Sent,
    base,
    differences,
    driving,
    enhancement,
    further,
    gfv,
    gfve,
    keypoints,
    raw,
    u,
    ue,
    whole,
)

import gfv_sei

# NAL units with just enough behind their headers for access units to be told apart.
UNITS = {
    "vvc": {
        "aud": "00a128",
        "sps": "007900",
        "slice": "004180",
        "more": "004140",
        "trail": "000180",
        "cra": "004980",
        "rasl": "001980",
        "gdr": "005180",
        "trail more": "000140",
        "eos": "00a9",
        "eob": "00b1",
        "header": "009980",
        "prefix": "00b9",
        "suffix": "00c1",
    },
    "hevc": {
        "aud": "460150",
        "sps": "420100",
        "slice": "260180",
        "more": "260140",
        "trail": "020180",
        "cra": "2a0180",
        "rasl": "120180",
        "eos": "4801",
        "eob": "4a01",
        "prefix": "4e01",
        "suffix": "5001",
    },
    "avc": {
        "aud": "09f0",
        "sps": "674200",
        "slice": "658880",
        "more": "654880",
        "later": "656880",
        "trail": "419a80",
        "eos": "0a",
        "prefix": "06",
    },
}
MESSAGE = message(*BASE[:2])


def stream(codec: str, words: str, header: str = "", tail: bytes = b"\x80", body: bytes = MESSAGE) -> bytes:
    """A stream of these NAL units; prefix and suffix are SEI with a base message, with another header if given."""
    units = []
    for word in words.split():
        data = bytes.fromhex(UNITS[codec][word])
        if word in ("prefix", "suffix"):
            data = (bytes.fromhex(header) or data) + body + tail
        units.append(b"\0\0\1" + data)
    return b"".join(units)


def findings(data: bytes, codec: str) -> list[gfv_sei.Finding]:
    """All but the one about prefix SEI NAL units, each of which says what and where."""
    found = [one for one in gfv_sei.validate(data, "vsei4", codec=codec) if one.rule.identifier != "SEI-013"]
    for one in found:
        assert one.what
        assert None not in (one.au, one.nal, one.offset)
    return found


def broken(data: bytes, codec: str) -> list[str]:
    return [one.rule.identifier for one in findings(data, codec)]


GOOD = [
    ("vvc", "aud sps slice suffix"),
    ("vvc", "sps prefix slice more trail"),
    ("vvc", "sps slice more suffix trail eos slice suffix eob"),
    ("vvc", "sps header prefix more"),
    ("hevc", "aud sps slice suffix more trail"),
    ("hevc", "aud sps prefix slice more trail aud trail"),
    ("hevc", "sps slice eos prefix slice"),
    ("avc", "aud sps prefix slice more"),
    ("avc", "sps slice more eos aud prefix slice"),
]

SEI_TYPES = {
    ("vvc", "prefix"): 23,
    ("vvc", "suffix"): 24,
    ("hevc", "prefix"): 39,
    ("hevc", "suffix"): 40,
    ("avc", "prefix"): 6,
}

BAD = [
    ("SEI-005", "vvc", "sps slice prefix"),
    ("SEI-005", "hevc", "sps slice prefix eos slice"),
    ("SEI-005", "avc", "sps slice prefix"),
    ("SEI-006", "vvc", "sps prefix more"),  # a stream that begins in the middle of a picture
    ("SEI-006", "vvc", "sps slice prefix more"),
    ("SEI-006", "hevc", "sps slice prefix more"),
    ("SEI-006", "avc", "sps slice prefix more"),
    ("SEI-006", "avc", "sps slice prefix later"),
    ("SEI-007", "vvc", "aud sps suffix slice"),
    ("SEI-007", "hevc", "aud suffix sps slice"),
    ("SEI-008", "vvc", "sps slice eos suffix slice"),
    ("SEI-008", "hevc", "sps slice eob suffix slice"),
    ("SEI-009", "vvc", "sps slice prefix aud slice"),
    ("SEI-009", "hevc", "prefix aud sps slice"),
    ("SEI-009", "avc", "sps slice prefix aud slice"),
    ("SEI-010", "vvc", "prefix sps slice"),
    ("SEI-010", "hevc", "aud prefix sps slice"),
    ("SEI-010", "avc", "prefix sps slice"),
]

HEADERS = [
    ("SEI-004", "vvc", "suffix", "80c1", "forbidden_zero_bit", 1, "0"),
    ("SEI-004", "vvc", "suffix", "40c1", "nuh_reserved_zero_bit", 1, "0"),
    ("SEI-004", "hevc", "suffix", "d001", "forbidden_zero_bit", 1, "0"),
    ("SEI-004", "hevc", "suffix", "5000", "nuh_temporal_id_plus1", 0, "1 to 7"),
    ("SEI-004", "avc", "prefix", "26", "nal_ref_idc", 1, "0"),
    ("SEI-004", "avc", "prefix", "66", "nal_ref_idc", 3, "0"),
    ("SEI-004", "avc", "prefix", "86", "forbidden_zero_bit", 1, "0"),
    ("SEI-012", "vvc", "suffix", "00c2", "TemporalId", 1, "0"),
    ("SEI-012", "hevc", "suffix", "5002", "TemporalId", 1, "0"),
    ("SEI-012", "vvc", "suffix", "01c1", "nuh_layer_id", 1, "0"),
    ("SEI-012", "hevc", "suffix", "5009", "nuh_layer_id", 1, "0"),
    ("SEI-012", "hevc", "prefix", "4e02", "TemporalId", 1, "0"),
]


@pytest.mark.parametrize(("codec", "words"), GOOD)
def test_good_places(codec: str, words: str) -> None:
    assert broken(stream(codec, words), codec) == []


@pytest.mark.parametrize(("rule", "codec", "words"), BAD)
def test_bad_places(rule: str, codec: str, words: str) -> None:
    (one,) = findings(stream(codec, words), codec)
    kind = "prefix" if "prefix" in words else "suffix"
    before, _, _ = words.partition(kind)
    assert (one.rule.identifier, one.element, one.value) == (rule, "nal_unit_type", SEI_TYPES[codec, kind])
    # A start code behind a zero byte is one of four bytes.
    assert (one.nal, one.offset) == (len(before.split()), len(stream(codec, before)) - before.endswith("sps "))
    # A prefix SEI NAL unit behind a slice begins an access unit.
    assert one.au == ("slice" in before and kind == "prefix")


@pytest.mark.parametrize(("rule", "codec", "kind", "header", "element", "value", "allowed"), HEADERS)
def test_bad_headers(rule: str, codec: str, kind: str, header: str, element: str, value: int, allowed: str) -> None:
    words = "sps slice suffix" if kind == "suffix" else "sps prefix slice"
    (one,) = findings(stream(codec, words, header), codec)
    assert (one.rule.identifier, one.element, one.value, one.allowed) == (rule, element, value, allowed)
    assert (one.au, one.nal) == (0, words.split().index(kind))
    assert isinstance(one.value, int)


def test_a_layer_without_picture() -> None:
    picture = b"\0\0\1" + bytes.fromhex("014180")  # of layer 1
    (one,) = findings(stream("vvc", "sps slice") + picture + stream("vvc", "suffix", "02c1"), "vvc")
    assert (one.rule.identifier, one.value, one.allowed) == ("SEI-012", 2, "0, 1")


@pytest.mark.parametrize("codec", ["vvc", "hevc"])
def test_a_temporal_id_below_that_of_the_picture(codec: str) -> None:
    """The message would stay behind where the picture is dropped."""
    picture = {"vvc": "000280", "hevc": "020280"}[codec]
    data = stream(codec, "sps slice") + b"\0\0\1" + bytes.fromhex(picture) + stream(codec, "suffix")
    (one,) = findings(data, codec)
    assert (one.rule.identifier, one.element, one.value, one.allowed) == ("SEI-011", "TemporalId", 0, "1")
    assert (one.au, one.nal) == (1, 3)


@pytest.mark.parametrize("codec", ["vvc", "hevc"])
def test_prefix_is_told_once(codec: str) -> None:
    data = stream(codec, "sps prefix slice trail prefix trail")
    found = [one for one in gfv_sei.validate(data, "vsei4", codec=codec) if one.rule.identifier == "SEI-013"]
    assert [(one.nal, one.element, one.value) for one in found] == [(1, "nal_unit_type", SEI_TYPES[codec, "prefix"])]
    assert ("VTM 24.0 crashes" in found[0].what) == (codec == "vvc")


@pytest.mark.parametrize("codec", UNITS)
def test_bytes_of_the_nal_unit(codec: str) -> None:
    words = "sps prefix slice" if codec == "avc" else "sps slice suffix"
    ends_80 = raw(GFV, whole(base(network="1" + ue(0))) + "10000000")  # the last byte of a network
    assert broken(stream(codec, words, body=message(*ends_80[:2])), codec) == []
    assert broken(stream(codec, words, body=message(*ends_80[:2]), tail=b""), codec) == ["SEI-002"]
    (one,) = findings(stream(codec, words, tail=b""), codec)
    assert (one.rule.identifier, one.element, one.allowed) == ("SEI-002", "rbsp_trailing_bits", "80")
    assert broken(stream(codec, words, tail=b"\x04"), codec) == ["SEI-001"]
    assert broken(stream(codec, words, body=MESSAGE[:-2]), codec) == ["SEI-001"]
    behind = MESSAGE + message(5, b"\1\x80")  # not ours, and the same byte
    assert broken(stream(codec, words, body=behind), codec) == []
    assert broken(stream(codec, words, body=behind, tail=b""), codec) == ["SEI-002"]
    not_prevented = message(5, b"\0\0\2\1")
    needlessly = message(5, b"\0\0\4\1").replace(b"\0\0\4", b"\0\0\3\4")
    for odd in (not_prevented, needlessly):
        assert broken(stream(codec, words, body=odd + MESSAGE), codec) == ["SEI-003"]


def test_every_rule_about_places_is_broken_by_some() -> None:
    rules = {rule for rule, *_ in (*BAD, *HEADERS)} | {"SEI-001", "SEI-002", "SEI-003", "SEI-011", "SEI-013"}
    assert rules == {name for name in gfv_sei.RULES if name.startswith("SEI")}


def test_layers_are_picture_units_of_their_own() -> None:
    """Two layers of an access unit, each with its own base message."""
    layers = b"".join(
        b"\0\0\1"
        + bytes.fromhex(f"{layer:02x}4180")
        + stream("vvc", "suffix", f"{layer:02x}c1", body=message(*sent[:2]))
        for layer, sent in enumerate((BASE, gfv(base(keypoints(5, 6) + NONE))))
    )
    assert broken(stream("vvc", "sps") + layers, "vvc") == []


NESTING = {
    "vvc": (133, "10" + ue(0) * 3, "0010" + ue(0)),
    "hevc": (133, "000000" + ue(0) + u(1, 6), "001"),
    "avc": (37, "00" + ue(0) + u(1, 10), "01"),
}
"""Payload type, and headers that list something, and that name all layers or views."""


@pytest.mark.parametrize("codec", UNITS)
def test_what_a_nesting_message_lists_is_a_picture_unit_of_its_own(codec: str) -> None:
    """The same identifier and count with other keypoints is wrong twice for the same, and not for two things."""
    other, enhanced = (message(*one[:2]) for one in (gfv(base(keypoints(5, 6) + NONE)), gfve(enhancement(PUPILS))))
    words = "sps prefix slice" if codec == "avc" else "sps slice suffix"
    payload_type, *headers = NESTING[codec]
    listed, everything = (bytes.fromhex(f"{int(whole(bits), 2):0{len(whole(bits)) // 4}x}") for bits in headers)

    def rules(*messages: bytes) -> list[str]:
        return broken(stream(codec, words, body=b"".join(messages)), codec)

    assert rules(MESSAGE, message(payload_type, everything + other)) == ["GFV-CNT-002"]
    assert rules(MESSAGE, message(payload_type, listed + other)) == []
    assert rules(MESSAGE, message(payload_type, listed + MESSAGE + other)) == ["GFV-CNT-002"]
    assert rules(MESSAGE, message(payload_type, listed + enhanced)) == []
    assert rules(enhanced, message(payload_type, listed + MESSAGE)) == []
    assert rules(enhanced, message(payload_type, everything + MESSAGE)) == ["GFVE-ASC-003"]


def test_parameter_sets_between_two_layers() -> None:
    """x265 repeats them; what follows in the second layer belongs to the same access unit and to one picture unit."""
    enhanced = message(*gfve(enhancement(PUPILS))[:2])
    data = stream("hevc", "sps slice suffix sps") + stream("hevc", "prefix", "4e09")
    data += b"\0\0\1" + bytes.fromhex("260980") + stream("hevc", "suffix", "5009", body=enhanced)
    step = message(*gfv(driving(differences(0, 0) + NONE))[:2])
    data += stream("hevc", "trail suffix", body=step)
    assert broken(data, "hevc") == []
    (one,) = findings(data + stream("hevc", "slice suffix", body=step), "hevc")
    assert (one.rule.identifier, one.au) == ("GFV-PRED-003", 2)


@pytest.mark.parametrize("codec", ["vvc", "hevc"])
def test_base_messages_of_pictures_that_are_left_out(codec: str) -> None:
    """Where decoding begins at a CRA picture its RASL pictures are not decoded, nor are their messages."""
    same = gfv(driving(differences(0, 0) + NONE))
    begin = stream(codec, "sps") + picture(codec, "slice", BASE) + picture(codec, "cra")
    assert broken(begin + picture(codec, "rasl", same), codec) == []
    assert broken(begin + picture(codec, "rasl", BASE) + picture(codec, "rasl", same), codec) == []
    found = findings(begin + picture(codec, "rasl", BASE) + picture(codec, "trail", same), codec)
    assert [(one.rule.identifier, one.au) for one in found] == [("GFV-PRED-003", 3)]


def test_a_picture_of_which_a_part_alone_is_irap() -> None:
    """VVC pictures may have slices of two types; nothing can begin at such a picture."""
    begin = stream("vvc", "sps") + picture("vvc", "slice", BASE)
    mixed = stream("vvc", "cra") + b"\0\0\1" + bytes.fromhex(UNITS["vvc"]["trail more"])
    rest = picture("vvc", "trail", gfv(driving()))
    assert broken(begin + mixed + rest, "vvc") == []
    assert broken(begin + stream("vvc", "cra") + rest, "vvc") == ["GFV-BASE-002"]


@pytest.mark.parametrize(("codec", "beside"), [("vvc", "010180"), ("hevc", "020980"), ("avc", "748000")])
def test_the_lowest_layer_says_whether_decoding_may_begin(codec: str, beside: str) -> None:
    """A picture of an upper layer, or of another view, that is no IRAP picture changes nothing."""
    driven = gfv(driving(differences(0, 0) + NONE))
    data = stream(codec, "sps") + picture(codec, "slice", BASE) + picture(codec, "slice", driven)
    found = findings(data + b"\0\0\1" + bytes.fromhex(beside) + picture(codec, "trail"), codec)
    assert [(one.rule.identifier, one.au) for one in found] == [("GFV-PRED-003", 1)]


def test_an_end_of_sequence_where_no_picture_is() -> None:
    """Behind parameter sets that an encoder repeats between two layers, and before all."""
    upper = b"\0\0\1" + bytes.fromhex(LAYER_1["hevc"][0])
    assert broken(stream("hevc", "eos sps slice suffix sps eos") + upper + stream("hevc", "slice"), "hevc") == []


def picture(codec: str, kind: str, *sent: Sent) -> bytes:
    """A picture with messages, each in an SEI NAL unit of its own."""
    units = [stream(codec, "prefix" if codec == "avc" else "suffix", body=message(*one[:2])) for one in sent]
    slices = stream(codec, kind)
    return b"".join(units) + slices if codec == "avc" else slices + b"".join(units)


@pytest.mark.parametrize("codec", UNITS)
def test_picture_units_are_those_of_the_stream(codec: str) -> None:
    """Counts go on in the next SEI NAL unit of a picture and begin anew at the next picture."""
    same = gfv(driving(differences(0, 0) + NONE))
    first = stream(codec, "sps") + picture(codec, "slice", BASE, gfv(further(1)))
    assert broken(first + picture(codec, "trail", same, gfv(further(1, keypoints(5, 6) + NONE))), codec) == []
    first += picture(codec, "trail", same)
    for irap in ("slice", "trail"):
        for rest in (b"", picture(codec, "trail")):
            found = findings(first + picture(codec, irap, same) + rest, codec)
            assert [(one.rule.identifier, one.au) for one in found] == [("GFV-PRED-003", 2)] * (irap == "slice")


@pytest.mark.parametrize("codec", UNITS)
@pytest.mark.parametrize(("mode", "rule"), [("lenient", "GFV-PRED-005"), ("strict", "GFV-PRED-001")])
def test_a_base_message_in_a_broken_nal_unit(codec: str, mode: str, rule: str) -> None:
    """Whoever goes on has one loss to tell of, whoever is strict has no base message for either."""
    kind = "prefix" if codec == "avc" else "suffix"
    words = ("sps", kind, "slice") if codec == "avc" else ("sps", "slice", kind)
    data = b"".join(stream(codec, word, body=MESSAGE[:-2]) for word in words)
    data += 2 * picture(codec, "trail", gfv(driving(differences(0, 0) + NONE)))
    found = gfv_sei.validate(data, "vsei4", codec=codec, mode=mode)
    rules = [(one.rule.identifier, one.au) for one in found if one.rule.identifier != "SEI-013"]
    assert rules == [("SEI-001", 0), (rule, 1), *([(rule, 2)] if mode == "strict" else [])]


def test_what_is_missing_may_be_what_is_broken() -> None:
    """A GFVE message stands beside an SEI NAL unit that cannot be read."""
    enhancement_alone = stream("vvc", "suffix", body=message(*gfve(enhancement(PUPILS))[:2]))
    for body, rules in ((MESSAGE[:-2], ["SEI-001"]), (message(5, bytes(16)), ["GFVE-ASC-001"])):
        assert broken(stream("vvc", "sps slice suffix", body=body) + enhancement_alone, "vvc") == rules


@pytest.mark.parametrize("codec", ["vvc", "hevc"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_nesting_message_may_be_for_other_layers(codec: str, turned: bool) -> None:
    """What is missing in a layer may be nested in another one, if that is of the same access unit."""
    payload_type, _, everything = NESTING[codec]
    header = bytes.fromhex(f"{int(whole(everything), 2):0{len(whole(everything)) // 4}x}")
    nested = stream(codec, "suffix", body=message(payload_type, header + MESSAGE))
    picture_1, suffix_1 = LAYER_1[codec]
    enhanced = message(*gfve(enhancement(PUPILS))[:2])
    begin = stream(codec, "sps slice") + (b"" if turned else nested) + b"\0\0\1" + bytes.fromhex(picture_1)
    alone = stream(codec, "suffix", suffix_1, body=enhanced)
    assert broken(begin + alone + (nested if turned else b""), codec) == []
    assert broken(
        stream(codec, "sps slice") + nested + picture(codec, "trail") + stream(codec, "suffix", body=enhanced), codec
    ) == ["GFVE-ASC-001"]
    gap = message(*gfv(further(2))[:2])
    assert broken(begin + (nested if turned else b"") + stream(codec, "suffix", body=gap), codec) == ["GFV-CNT-001"]


LAYER_1 = {"vvc": ("014180", "01c1"), "hevc": ("260980", "5009")}
"""A slice and a suffix SEI NAL unit of layer 1."""


@pytest.mark.parametrize("codec", LAYER_1)
@pytest.mark.parametrize(
    ("lower", "upper", "rules"),
    [
        ((), (BASE,), ["GFV-BASE-003"]),
        ((BASE,), (gfv(base(keypoints(5, 6) + NONE)),), ["GFV-BASE-003"]),  # one state for both of them
        ((BASE,), (BASE,), []),
        ((BASE,), (), []),
    ],
)
def test_a_base_message_that_goes_with_its_layer(
    codec: str, lower: tuple[Sent, ...], upper: tuple[Sent, ...], rules: list[str]
) -> None:
    """What the lowest layer predicts from is there without the others."""
    picture_1, header = LAYER_1[codec]
    data = stream(codec, "sps slice") + b"".join(stream(codec, "suffix", body=message(*one[:2])) for one in lower)
    data += b"\0\0\1" + bytes.fromhex(picture_1)
    data += b"".join(stream(codec, "suffix", header, body=message(*one[:2])) for one in upper)
    step = stream(codec, "suffix", body=message(*gfv(driving(differences(0, 0) + NONE))[:2]))
    found = findings(data + 2 * (stream(codec, "trail") + step), codec)
    assert [(one.rule.identifier, one.au) for one in found] == [(rule, 1) for rule in rules]
    assert all("nuh_layer_id is 0, that of the base message 1" in one.what for one in found)


ENDS = [("vvc", "eos", "gdr"), ("vvc", "eob", "slice"), ("hevc", "eos", "cra"), ("avc", "eos", "trail")]


@pytest.mark.parametrize(("codec", "end", "first"), ENDS)
def test_behind_the_end_of_a_sequence_decoding_begins(codec: str, end: str, first: str) -> None:
    """Also at a picture of another kind than IRAP, such as one of gradual decoding refresh."""
    begin = stream(codec, "sps") + picture(codec, "slice", BASE)
    driven = gfv(driving(differences(0, 0) + NONE))
    if first in ("gdr", "trail"):
        assert broken(begin + picture(codec, first, driven), codec) == []
    begin += stream(codec, end)
    (one,) = findings(begin + picture(codec, first, driven) + picture(codec, "trail", driven), codec)
    assert (one.rule.identifier, one.au) == ("GFV-PRED-003", 1)
    assert "access unit 1" in one.what
    (one,) = findings(begin + picture(codec, first, gfv(driving())), codec)
    assert (one.rule.identifier, one.au) == ("GFV-BASE-002", 1)
    assert broken(begin + picture(codec, first, BASE) + picture(codec, "trail", driven), codec) == []


@pytest.mark.parametrize(("codec", "ends", "rules"), [("vvc", "01a9", []), ("vvc", "00a9 01a9", ["GFV-PRED-003"])])
def test_the_end_of_the_sequence_of_an_upper_layer(codec: str, ends: str, rules: list[str]) -> None:
    """The pictures of the lowest layer go on."""
    data = stream(codec, "sps") + picture(codec, "slice", BASE) + b"\0\0\1" + bytes.fromhex(LAYER_1[codec][0])
    data += b"".join(b"\0\0\1" + bytes.fromhex(one) for one in ends.split())
    assert broken(data + picture(codec, "gdr", gfv(driving(differences(0, 0) + NONE))), codec) == rules


def test_many_messages_before_a_picture_are_all_looked_at() -> None:
    """As many as the sample configuration of VTM has, each in a prefix SEI NAL unit of its own."""
    messages = b"".join(stream("vvc", "prefix", body=message(*gfv(further(cnt))[:2])) for cnt in range(1, 125))
    data = stream("vvc", "sps slice prefix") + messages + stream("vvc", "more trail")
    found = [one for one in findings(data, "vvc") if one.rule.identifier == "SEI-006"]
    assert [one.nal for one in found] == list(range(2, 127))
