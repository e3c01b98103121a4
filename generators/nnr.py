"""The units of a neural network representation, ISO/IEC 15938-17: what a stream carries in mode 0.

Such a stream is a row of units. Each begins with its size in bytes, itself included, as one flag and 15 or, where the
flag is 1, 31 bits; then six bits of type, a flag for units that are decodable by themselves, and a flag for a counter
of parts, which follows in a byte. That much tells what a stream carries and where it is broken. What is inside (an
entropy coder of its own) is left to a `Decoder` that the user brings.

The layout is that which the decoder of Fraunhofer HHI reads; the text of the standard was not at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from generators.errors import ModelError
from gfv_sei.wording import counted

TYPES = {
    0: "NNR_STR, start",
    1: "NNR_MPS, model parameter set",
    2: "NNR_LPS, layer parameter set",
    3: "NNR_TPL, topology",
    4: "NNR_QNT, quantisation",
    5: "NNR_NDU, compressed data",
    6: "NNR_AGG, aggregate",
}
"""nnr_unit_type."""


class Unit(NamedTuple):
    """One unit.

    offset         of its first byte in the payload
    size           in bytes, its header included, as it says itself
    type           nnr_unit_type, 0 to 63
    independent    independently_decodable_flag
    part           partial_data_counter, None where it has none
    complete       whether the payload has all of its bytes
    """

    offset: int
    size: int
    type: int
    independent: bool
    part: int | None
    complete: bool

    def __str__(self) -> str:
        name = TYPES.get(self.type, f"type {self.type}, unknown")
        part = "" if self.part is None else f", part {self.part}"
        return f"{name}: {counted(self.size, 'byte')}{part}{'' if self.complete else ', cut off'}"


def units(payload: bytes) -> Iterator[Unit]:
    """The units of a payload, up to its end or to what is none.

    Any bytes will do: a unit that says a size that cannot be is the last thing that is not listed, and one that goes
    on beyond the end is listed as cut off.
    """
    offset = 0
    while offset < len(payload):
        long = payload[offset] >> 7
        length = 4 if long else 2
        head = payload[offset : offset + length + 2]
        if len(head) < length + 1:
            return
        size = int.from_bytes(head[:length]) & ((1 << (8 * length - 1)) - 1)
        flags = head[length]
        is_part = bool(flags & 1)
        if size < length + 1 + is_part or len(head) < length + 1 + is_part:
            return
        part = head[length + 1] if is_part else None
        yield Unit(offset, size, flags >> 2, bool(flags & 2), part, offset + size <= len(payload))
        offset += size


def listed(payload: bytes) -> list[str]:
    """The units in words, one a line, and what follows them."""
    found = list(units(payload))
    lines = [str(unit) for unit in found]
    end = found[-1].offset + found[-1].size if found else 0
    if end < len(payload):
        lines.append(f"{counted(len(payload) - end, 'byte')} after the last unit")
    return lines


class Decoder(Protocol):
    """Decodes a payload onto a base model.

    None is built in. The package ``nncodec`` can be wrapped into one: its decoder gives a dictionary from parameter
    names to arrays, which are to be put into the initializers of the same names of the base model.
    """

    def __call__(self, payload: bytes, base: bytes) -> bytes:
        """The bytes of an ONNX file from those of a payload and of the base model."""


def decoded(payload: bytes, base: bytes, decoder: Decoder) -> bytes:
    """Decode a payload onto a base model by a decoder that the caller has chosen, and look the result over.

    Raises:
        ModelError: the payload holds no units, or what came out is no model that would be loaded.
    """
    from generators.model_file import look_over

    if next(units(payload), None) is None:
        raise ModelError("the payload holds no unit of ISO/IEC 15938-17")
    made = decoder(payload, base)
    look_over(made, "the decoded network")
    return made
