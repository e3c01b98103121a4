"""Syntax that GFV and GFVE have in common: the network announced at the front and carried at the end."""

from __future__ import annotations

from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.payload_types import MESSAGE_TYPES

PAYLOAD_BYTES = tuple(one.element("nn_payload_byte") for one in MESSAGE_TYPES.values())
"""The elements that hold the bytes of a network."""

MODE_PAYLOAD = 0
"""nn_mode_idc: the payload ends with an ISO/IEC 15938-17 stream."""

MODE_URI = 1
"""nn_mode_idc: a tag URI says of what kind the network is, a URI where it is."""


def network_header(s: Coder, prefix: str) -> bool:
    """gfv_nn_present_flag to gfv_nn_uri; with ``prefix`` gfve the same of GFVE.

    Returns whether the payload ends with the bytes of a network. Modes above 1 are reserved: nothing follows them.
    """
    if not s.flag(prefix + "_nn_present_flag"):
        return False
    mode = s.ue(prefix + "_nn_mode_idc")
    if mode == MODE_URI:
        s.align(prefix + "_nn_alignment_zero_bit_a")
        s.st(prefix + "_nn_tag_uri")
        s.st(prefix + "_nn_uri")
    return mode == MODE_PAYLOAD


def network_payload(s: Coder, prefix: str) -> None:
    """gfv_nn_alignment_zero_bit_b and gfv_nn_payload_byte[ i ], to the end of the payload."""
    s.align(prefix + "_nn_alignment_zero_bit_b")
    s.payload_bytes(prefix + "_nn_payload_byte")
