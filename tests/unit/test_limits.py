"""What this program refuses though the bits are there: more in one message than it reads, more faces than it keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.test_memory import BASE, K, payload_of, ue, within

import gfv_sei
from gfv_sei.errors import TooLargeError
from gfv_sei.meaning.state import MOST_IDENTIFIERS, MOST_NUMBERS
from gfv_sei.syntax.limit import ENTRIES, POINT, STRUCTURE, most_entries

MIB = 1 << 20
ZERO = "1 0"
MATRIX = f"{BASE} 0 1 {ue(0)}"


def packed(bits: str) -> bytes:
    """A payload, with the 1 of the alignment if there is any."""
    bits = bits.replace(" ", "")
    made: bytes = payload_of(bits + "1" * (len(bits) % 8 > 0))
    return made


def zeros(number: int, width: int = 1024, height: int = 1024, gfv_id: int = 0) -> bytes:
    head = f"{ue(gfv_id)} {BASE[2:]} 0 1 {ue(0)} {ue(0)} 000111 {ue(number - 1)} {ue(width - 1)} {ue(height - 1)}"
    return packed(head + ZERO * (number * width * height))


def points(number: int) -> bytes:
    return packed(f"{BASE} 1 0 {ue(0)} {ue(number - 1)} 0" + "1 1" * number + "0")


def types(number: int) -> bytes:
    return packed(MATRIX + ue(number - 1) + "000111 1 1 1" * number + ZERO * number)


def test_the_largest_matrix_is_read() -> None:
    read = gfv_sei.parse_payload(223, zeros(1))
    (one,) = read.values["matrices"][0]["elements"]
    assert one == [[0.0] * 1024] * 1024


def test_as_many_numbers_in_matrices_of_their_own() -> None:
    """1024 matrices of GFVE, each with a size of its own."""
    size = f"{ue(31)} {ue(31)}"
    payload = packed(f"1 1 1 1 0 1 {ue(0)} {K}" + size * 1024 + ZERO * (1 << 20) + "00")
    assert len(gfv_sei.parse_payload(224, payload).fields["gfve_matrix_element_int"]) == 1024


@pytest.mark.parametrize(
    ("good", "make", "entries"),
    [(1, zeros, lambda n: n << 20), (1000, points, lambda n: n * POINT), (1000, types, lambda n: 2 * n * STRUCTURE)],
)
def test_more_is_refused_before_it_takes_memory(
    good: int, make: Callable[[int], bytes], entries: Callable[[int], int]
) -> None:
    """Of types the layouts are there before their elements are announced."""
    gfv_sei.parse_payload(223, make(good))
    many = ENTRIES * 5 // 4 // entries(1) + 1
    payload = make(many)
    assert entries(many) > most_entries(len(payload))
    with within(6 * MIB), pytest.raises(TooLargeError) as refused:
        gfv_sei.parse_payload(223, payload)
    assert refused.value.element is not None
    assert str(most_entries(len(payload))) in str(refused.value)
    assert str(len(payload)) in str(refused.value)


def test_bits_allow_for_more() -> None:
    """What takes bytes may be many: the same number of entries is read from codes that are long."""
    number = ENTRIES // POINT + 1000
    with pytest.raises(TooLargeError):
        gfv_sei.parse_payload(223, points(number))
    long = "0" * 16 + "1" * 17 + "0"  # 2^17 - 2
    payload = packed(f"{BASE} 1 0 {ue(31)} {ue(number - 1)} 0" + long * (2 * number) + "0")
    assert len(gfv_sei.parse_payload(223, payload).fields["gfv_coordinate_x_abs"]) == number


def test_a_stream_with_such_a_message_goes_on() -> None:
    small = bytes.fromhex("e6221108d1")
    large = zeros(2, gfv_id=3)
    head = b"\0\0\1\x00\xc1"
    sizes = b"\xff" * (len(large) // 255) + bytes([len(large) % 255])
    stream = b"\0\0\0\1\x00\x79\x10\x20\0\0\1\x00\x01\x80\x55" + head + b"\xdf\x05" + small + b"\x80"
    stream += head + b"\xdf" + sizes + large + b"\x80" + head + b"\xdf\x05" + small + b"\x80"
    first, refused, last = gfv_sei.read_messages(stream, codec="vvc", errors="record")
    assert first["message"] == last["message"]
    assert bytes.fromhex(refused["payload_hex"]) == large
    assert "announces 2097152 entries" in refused["error"]
    found = list(gfv_sei.validate(stream, codec="vvc"))
    assert "GFV-LIM-001" in {one.rule.identifier for one in found}
    assert not [one for one in found if one.rule.severity == "error"]


def face(gfv_id: int, predicted: bool = False) -> bytes:
    """A base message with one keypoint, or one that predicts it."""
    rest = "0 0 0 1 1 1 1 0" if predicted else f"1 0 0 0 1 0 {ue(0)} {ue(0)} 0 1 1 0"
    return packed(f"{ue(gfv_id)} 1 {rest}")


def test_a_face_is_forgotten_that_was_not_used_for_long() -> None:
    state = gfv_sei.DecodingState()
    for gfv_id in range(600, 600 + MOST_IDENTIFIERS):
        gfv_sei.parse_payload(223, face(gfv_id), state=state)
    gfv_sei.parse_payload(223, face(600, True), state=state)
    with pytest.raises(gfv_sei.PredictionError) as never:
        gfv_sei.parse_payload(223, face(5, True), state=state)
    assert "forgotten" not in str(never.value)
    gfv_sei.parse_payload(223, face(5), state=state)  # one too many: 601, since 600 was used again
    gfv_sei.parse_payload(223, face(600, True), state=state)
    with pytest.raises(gfv_sei.PredictionError, match=f"forgotten: .* {MOST_IDENTIFIERS} identifiers"):
        gfv_sei.parse_payload(223, face(601, True), state=state)


def test_states_hold_no_more_than_some_numbers() -> None:
    """Of matrices with 262144 numbers each there is room for less than eight, as each counts for its lists as well."""
    state = gfv_sei.DecodingState()
    for gfv_id in range(7):
        assert state.forgotten == ""
        gfv_sei.parse_payload(223, zeros(1, height=256, gfv_id=gfv_id), state=state)
    assert 7 * 1024 * 256 < MOST_NUMBERS < 8 * (1024 * 256 + 1)
    for gfv_id in (7, 8):
        gfv_sei.parse_payload(223, zeros(1, height=256, gfv_id=gfv_id), state=state)
    assert str(MOST_NUMBERS) in state.forgotten
    assert state.inherited_by(1).matrices is None
    assert state.inherited_by(2).matrices is not None


def test_what_is_forgotten_is_not_called_an_error() -> None:
    from gfv_sei.validation.stream import Checker

    checker = Checker()
    for gfv_id in range(600, 601 + MOST_IDENTIFIERS):
        assert list(checker.message(223, face(gfv_id))) == []
        list(checker.end_of_access_unit())
    found = list(checker.message(223, face(600, True)))
    assert [one.rule.identifier for one in found] == ["GFV-LIM-001"]
    assert list(checker.message(223, face(600 + MOST_IDENTIFIERS, True))) == []


def test_a_picture_unit_of_many_messages_is_judged_in_part() -> None:
    """Whose counts cannot be known any more, of that nothing is said, and why is said once."""
    from gfv_sei.validation.picture_unit import MOST
    from gfv_sei.validation.stream import Checker

    checker = Checker()
    found = [one for gfv_id in range(600, 600 + MOST + 3) for one in checker.message(223, face(gfv_id))]
    found += checker.message(223, packed(f"{ue(3)} {ue(5)} 0 1 0 {ue(0)} {ue(0)} 0 1 1 0"))
    found += checker.end_of_access_unit()
    assert [one.rule.identifier for one in found] == ["GFV-LIM-001"]
    assert len(checker.history.tracks) == MOST_IDENTIFIERS


@pytest.mark.parametrize(("irap", "skipped"), [(True, False), (False, True)])
def test_identifiers_that_are_forgotten_before_their_picture_unit_ends(irap: bool, skipped: bool) -> None:
    """What they rely on was to be judged at its end, and no longer is."""
    from gfv_sei.validation.stream import Checker

    checker = Checker()
    for gfv_id in (600, 601, 602):
        list(checker.message(223, face(gfv_id)))
    list(checker.end_of_access_unit(True))
    absolute = packed(f"{ue(601)} 1 0 0 0 1 0 {ue(0)} {ue(0)} 0 1 1 0")
    assert [one for payload in (face(600, True), absolute, face(602)) for one in checker.message(223, payload)] == []
    for gfv_id in range(700, 700 + MOST_IDENTIFIERS):
        list(checker.message(223, face(gfv_id)))
    assert list(checker.end_of_access_unit(irap, skipped)) == []
