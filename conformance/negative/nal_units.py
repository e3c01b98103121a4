"""SEI NAL units: messages that do not fill them, bytes and headers that cannot be, places where they cannot stand."""

from __future__ import annotations

from collections.abc import Callable

from conformance.breaking import on_sei, on_sei_bytes, on_units
from conformance.case import SUFFIXED, negative
from conformance.numbers import keypoints
from conformance.sketch import Sketch
from gfv_sei.nal.codec import AVC, CODECS
from gfv_sei.sei.framing import frame_message

# Any slices, and the stop bit; in AVC the element that says so is a bit longer.
DELIMITER = {
    name: codec.make_header(codec.roles.delimiter, 0, 0) + (b"\xf0" if codec is AVC else b"\x50")
    for name, codec in CODECS.items()
}
END_OF_SEQUENCE = {name: codec.make_header(min(codec.roles.ends), 0, 0) for name, codec in CODECS.items()}


def plain(s: Sketch) -> bytes:
    """One base message in an SEI NAL unit of its own."""
    return s.face(1).base(coordinates=keypoints(3), predict=0)


def zeros(s: Sketch) -> bytes:
    """A base message with a network of many zero bytes."""
    return s.face(1).base(
        coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"\x01" + bytes(12) + b"\x04"
    )


# SEI-001, SEI-002: messages and trailing bits


def cut_short(title: str, change: Callable[[bytes], bytes]) -> None:
    """A case whose SEI NAL unit does not consist of whole messages."""

    def make(s: Sketch) -> None:
        plain(s)
        on_sei(s, change)
        s.breaks("SEI-001")

    make.__doc__ = f"The only SEI NAL unit with a GFV message: {title}. No message can be read."
    negative("SEI-001", f"an SEI NAL unit of parts of messages: {title}")(make)


cut_short("the size goes beyond its end", lambda rbsp: rbsp[:1] + bytes([rbsp[1] + 40]) + rbsp[2:])
cut_short("the size is one too large for it", lambda rbsp: rbsp[:1] + bytes([rbsp[1] + 2]) + rbsp[2:])
cut_short("it ends inside of the size", lambda rbsp: b"\xdf\xff\xff")
cut_short("it ends behind the payload type", lambda rbsp: b"\xdf")
cut_short("a whole message, and half of another", lambda rbsp: rbsp[:-1] + rbsp[: len(rbsp) // 2])


def trailing(title: str, change: Callable[[bytes], bytes]) -> None:
    """A case whose SEI NAL unit has no proper trailing bits."""

    def make(s: Sketch) -> None:
        plain(s)
        on_sei(s, change)
        s.breaks("SEI-002", "rbsp_trailing_bits")

    make.__doc__ = f"The trailing bits of an SEI NAL unit: {title}. The message itself can be read."
    negative("SEI-002", f"trailing bits: {title}")(make)


trailing("they are missing", lambda rbsp: rbsp[:-1])


# SEI-003: bytes that emulation prevention keeps out


@negative("SEI-003", "two zero bytes and a third")
def three_zeros(s: Sketch) -> None:
    """Emulation prevention bytes are missing between zero bytes of the payload."""
    zeros(s)
    on_sei_bytes(s, lambda unit: unit.replace(b"\0\0\3\0", b"\0\0\0"))
    s.breaks("SEI-003")


@negative("SEI-003", "two zero bytes and a 2")
def zeros_and_two(s: Sketch) -> None:
    """The emulation prevention byte between two zero bytes and a 2 is missing."""
    s.face(1).base(coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"\x01\x00\x00\x02\x05")
    on_sei_bytes(s, lambda unit: unit.replace(b"\0\0\3\2", b"\0\0\2"))
    s.breaks("SEI-003")


@negative("SEI-003", "emulation prevention where nothing is to be prevented")
def needless(s: Sketch) -> None:
    """An emulation prevention byte stands between two zero bytes and a 4, where none may stand."""
    s.face(1).base(coordinates=keypoints(1), gfv_nn_mode_idc=0, gfv_nn_payload_byte=b"\x01\x00\x00\x04\x05")
    on_sei_bytes(s, lambda unit: unit.replace(b"\0\0\4", b"\0\0\3\4"))
    s.breaks("SEI-003")


# SEI-004: headers


def header(title: str, element: str, change: Callable[[bytes], bytes], codecs: tuple[str, ...]) -> None:
    """A case whose SEI NAL unit has a header that cannot be."""

    def make(s: Sketch) -> None:
        plain(s)
        on_sei_bytes(s, change)
        s.breaks("SEI-004", element)

    make.__doc__ = f"The header of an SEI NAL unit: {title}."
    negative("SEI-004", title, codecs=codecs)(make)


def _first_byte(bit: int) -> Callable[[bytes], bytes]:
    return lambda unit: bytes([unit[0] | bit]) + unit[1:]


header("forbidden_zero_bit is 1", "forbidden_zero_bit", _first_byte(0x80), ("vvc", "hevc", "avc"))
header("nal_ref_idc is 1", "nal_ref_idc", _first_byte(0x20), ("avc",))
header("nal_ref_idc is 3", "nal_ref_idc", _first_byte(0x60), ("avc",))
header("nuh_reserved_zero_bit is 1", "nuh_reserved_zero_bit", _first_byte(0x40), ("vvc",))
header(
    "nuh_temporal_id_plus1 is 0",
    "nuh_temporal_id_plus1",
    lambda unit: unit[:1] + bytes([unit[1] & 0xF8]) + unit[2:],
    SUFFIXED,
)


# SEI-005 to SEI-013: places


def in_front(s: Sketch) -> None:
    """A message in a prefix SEI NAL unit, which VVC and HEVC streams of this kind draw a warning for."""
    s.position = "prefix"
    plain(s)
    if s.codec != "avc":
        s.breaks("SEI-013", "nal_unit_type")


@negative("SEI-005", "a message behind the last picture")
def behind_the_last(s: Sketch) -> None:
    """A prefix SEI NAL unit, which begins an access unit, stands at the end of the stream: no picture comes."""
    in_front(s)
    on_units(s, lambda units: units.move(units.sei(), len(units.units)))
    s.broken = [one._replace(au=1) for one in s.broken]
    s.au = 1
    s.breaks("SEI-005", "nal_unit_type")


@negative("SEI-005", "a message before the end of its sequence")
def before_the_end(s: Sketch) -> None:
    """Behind a prefix SEI NAL unit comes the end of the sequence and no picture."""
    behind_the_last(s)
    on_units(s, lambda units: units.units.append(END_OF_SEQUENCE[s.codec]))


@negative("SEI-006", "a message between the slices of a picture", "slices")
def between_slices(s: Sketch) -> None:
    """An SEI NAL unit stands before the second slice of its picture; it counts as the begin of an access unit."""
    in_front(s)
    on_units(s, lambda units: units.move(units.sei(), units.first_slice(1)))
    s.broken = [one._replace(au=1) for one in s.broken]
    s.au = 1
    s.breaks("SEI-006", "nal_unit_type")


@negative("SEI-006", "a message before the last slice of the second picture", "slices")
def before_last_slice(s: Sketch) -> None:
    """The message of the second picture stands before the last of its slices."""
    in_front(s)
    s.au = 1
    s.face(1).driving(coordinates=keypoints(3, 1))
    on_units(s, lambda units: units.move(units.sei(1), units.first_slice(3)))
    s.au = 2
    s.breaks("SEI-006", "nal_unit_type")


@negative("SEI-007", "a suffix message before the slices", codecs=SUFFIXED)
def suffix_in_front(s: Sketch) -> None:
    """A suffix SEI NAL unit stands behind the parameter sets and before the first slice of its picture."""
    plain(s)
    on_units(s, lambda units: units.move(units.sei(), units.first_slice()))
    s.breaks("SEI-007", "nal_unit_type")


@negative("SEI-008", "a suffix message behind the end of the sequence", codecs=SUFFIXED)
def behind_the_end(s: Sketch) -> None:
    """The end of the sequence stands between the slices of a picture and its suffix SEI NAL unit."""
    plain(s)
    on_units(s, lambda units: units.units.insert(units.sei(), END_OF_SEQUENCE[s.codec]))
    s.breaks("SEI-008", "nal_unit_type")


@negative("SEI-009", "a message before the access unit delimiter", "four")
def before_delimiter(s: Sketch) -> None:
    """The second picture has an access unit delimiter, and its SEI NAL unit stands before that."""
    plain(s) if s.codec == "avc" else in_front(s)
    s.position = "prefix"
    s.au = 1
    s.face(1).driving(coordinates=keypoints(3, 1))
    on_units(s, lambda units: units.units.insert(units.sei(1) + 1, DELIMITER[s.codec]))
    s.breaks("SEI-009", "nal_unit_type")


@negative("SEI-010", "a message before the parameter sets")
def before_parameter_sets(s: Sketch) -> None:
    """A prefix SEI NAL unit stands before the sequence parameter set of its access unit."""
    in_front(s)
    on_units(s, lambda units: units.move(units.sei(), 0))
    s.breaks("SEI-010", "nal_unit_type")


def _with_temporal_id(plus1: int) -> Callable[[bytes], bytes]:
    return lambda unit: unit[:1] + bytes([unit[1] & 0xF8 | plus1]) + unit[2:]


@negative("SEI-011", "a message of a lower temporal id than its picture", "reordered", codecs=("vvc",))
def lower_temporal_id(s: Sketch) -> None:
    """The SEI NAL unit of a picture of a higher temporal sub-layer has the temporal id 0."""
    s.au = 4
    plain(s)
    on_sei_bytes(s, _with_temporal_id(1))
    s.breaks("SEI-011", "TemporalId")


@negative("SEI-012", "a message of a higher temporal id than its picture", codecs=SUFFIXED)
def higher_temporal_id(s: Sketch) -> None:
    """The SEI NAL unit of a picture with temporal id 0 has the temporal id 2."""
    plain(s)
    on_sei_bytes(s, _with_temporal_id(3))
    s.breaks("SEI-012", "TemporalId")


@negative("SEI-012", "a message of another layer than its picture", codecs=SUFFIXED)
def other_layer(s: Sketch) -> None:
    """The SEI NAL unit has nuh_layer_id 1, and there is no picture of that layer."""
    plain(s)
    place, bit = (0, 1) if s.codec == "vvc" else (1, 8)
    on_sei_bytes(s, lambda unit: unit[:place] + bytes([unit[place] | bit]) + unit[place + 1 :])
    s.breaks("SEI-012", "nuh_layer_id")


@negative("SEI-013", "prefix messages", "four", codecs=SUFFIXED)
def prefix_messages(s: Sketch) -> None:
    """All messages stand in prefix SEI NAL units, which the reference decoders do not take. Noted once."""
    s.position = "prefix"
    face = s.face(1)
    face.base(coordinates=keypoints(3))
    for s.au in range(1, 4):
        face.driving(coordinates=keypoints(3, s.au))
    s.au = 0
    s.breaks("SEI-013", "nal_unit_type")


@negative("SEI-013", "one prefix message", codecs=SUFFIXED)
def prefix_and_suffix(s: Sketch) -> None:
    """The first message of a picture stands in a prefix SEI NAL unit, the second in a suffix one."""
    face = s.face(1)
    s.position = "prefix"
    face.base(coordinates=keypoints(3))
    s.position = "suffix"
    face.further(coordinates=keypoints(3, 1))
    s.breaks("SEI-013", "nal_unit_type")


@negative("SEI-002", "trailing bits: they are missing behind two messages")
def missing_behind_two(s: Sketch) -> None:
    """Two messages share an SEI NAL unit, which ends with the last of them."""
    s.pack = True
    first = plain(s)
    s.face(2).base(coordinates=keypoints(2))
    on_sei(s, lambda rbsp: rbsp[:-1] if rbsp.startswith(frame_message(223, first)) else rbsp)
    s.breaks("SEI-002", "rbsp_trailing_bits")
