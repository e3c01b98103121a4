"""Every way in which bits can follow the last element of a message: told apart by the rule of sei_payload( )."""

from __future__ import annotations

from itertools import product

import pytest
from unit.test_boundaries import BASE, keypoints

import gfv_sei
from gfv_sei.meaning.quirks import Quirks

MESSAGES = {"one keypoint": BASE, "two keypoints": keypoints(2), "another gfv_id": BASE | {"gfv_id": 1}}
NAMES = ("reserved_payload_extension_data", "payload_trailing_bits")


def elements_of(message: dict[str, object]) -> tuple[str, int]:
    """The bits of the elements, and how many elements there are."""
    payload = gfv_sei.write_payload(gfv_sei.message_from_dict(223, message))
    elements = gfv_sei.parse_payload(223, payload, trace=True).elements
    sizes = [bits for name, _, bits, _ in elements if not name.startswith("payload_bit")]
    return f"{int.from_bytes(payload, 'big'):0{8 * len(payload)}b}"[: sum(sizes)], len(sizes)


def tails(before: int) -> list[str]:
    """What can fill up to two bytes and a bit behind ``before`` bits: all short ones, and longer ones of few ones."""
    found = []
    for size in range(-before % 8, 26, 8):
        if size <= 8:
            found += ["".join(bits) for bits in product("01", repeat=size)]
        else:
            found += ["0" * at + "1" + "0" * (size - at - 1) for at in range(size)]
            found += ["0" * size, "1" * size, "10" * (size // 2) + "0" * (size % 2)]
    return found


@pytest.mark.parametrize("which", MESSAGES)
def test_what_follows_the_last_element(which: str) -> None:
    message = MESSAGES[which]
    elements, number = elements_of(message)
    for tail in tails(len(elements)):
        bits = elements + tail
        payload = int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:]
        msg = gfv_sei.parse_payload(223, payload, trace=True)
        last = tail.rfind("1")
        if tail and (last < 0 or len(tail) - last > 8):
            expected = {"payload_trailing_bits": tail}
        elif last > 0 or len(tail) == 8:
            expected = {"reserved_payload_extension_data": tail[:last]}
        else:
            expected = {}
        traced = [(name, bits, len(bits), "u(v)") for name, bits in expected.items() if bits]
        if tail and NAMES[1] not in expected:
            traced += [("payload_bit_equal_to_one", 1, 1, "f(1)")]
            traced += [("payload_bit_equal_to_zero", 0, 1, "f(1)")] * (len(tail) - last - 1)
        assert msg.elements[number:] == traced, tail
        assert {name: msg.fields[name] for name in NAMES if name in msg.fields} == expected, tail
        assert sum(size for _, _, size, _ in msg.elements) == len(bits)
        again = gfv_sei.message_from_dict(223, msg.to_dict())
        assert gfv_sei.write_payload(again) == payload, tail


def test_network_bytes_that_no_element_announces() -> None:
    """Writers of reference software append them, aligned with zeros and without a last 1; ours refuses them."""
    message = gfv_sei.message_from_dict(223, BASE | {"gfv_nn_payload_byte": b"\xfa\xb5"})
    elements, _ = elements_of(BASE)
    payload = gfv_sei.write_payload(message, "vsei4", gfv_sei.DecodingState(Quirks(network_everywhere=True)))
    size = -len(elements) % 8 + len(elements)
    assert payload == int(elements.ljust(size, "0"), 2).to_bytes(size // 8, "big") + b"\xfa\xb5"
    with pytest.raises(gfv_sei.MessageError, match="has no place in this message") as refused:
        gfv_sei.write_payload(message)
    assert refused.value.element == "gfv_nn_payload_byte"
