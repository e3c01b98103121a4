"""Whose message it is, without reading all of it: identifiers and count stand at the front of GFV and GFVE."""

from __future__ import annotations

from typing import NamedTuple

from gfv_sei.bits import BitReader, EndOfBits, LongPrefix
from gfv_sei.syntax.payload_types import GFV, GFVE


class Identity(NamedTuple):
    """Of which kind and face a message is.

    own     (gfv_id,), or (gfve_id, gfve_gfv_id); empty for other payload types and for payloads that end too soon
    face    the gfv_id that it is about, cnt the gfv_cnt; None where there is none
    """

    payload_type: int
    own: tuple[int, ...] = ()
    face: int | None = None
    cnt: int | None = None


def identify(payload_type: int, payload: bytes) -> Identity:
    """The identity of a message with this payload."""
    if payload_type not in (GFV, GFVE):
        return Identity(payload_type)
    reader = BitReader(payload[:32])
    try:
        own = (reader.ue(),) if payload_type == GFV else (reader.ue(), reader.ue())
        return Identity(payload_type, own, own[-1], reader.ue())
    except (EndOfBits, LongPrefix):
        return Identity(payload_type)
