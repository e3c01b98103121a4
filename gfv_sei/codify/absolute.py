"""A message coded anew so that it is predicted from nothing."""

from __future__ import annotations

from gfv_sei.meaning.header import header_of
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, message_from_values
from gfv_sei.syntax.layout import GfvLayout


def absolute(message: Message, syntax: str, state: DecodingState) -> Message:
    """A message with the values of one that was read, coded absolutely with its precisions.

    ``state`` is that before the message. Pupils, which the syntax always codes as differences, stay predicted.
    """
    layout = message.layout
    assert layout is not None
    header = header_of(message.fields)
    if isinstance(layout, GfvLayout) and layout.coordinates is not None:
        header["gfv_kps_pred_flag"] = 0
        header["gfv_coordinate_precision_factor_minus1"] = layout.coordinates.precision - 1
        if layout.coordinates.z_max is not None:
            header["gfv_coordinate_z_max_value_minus1"] = layout.coordinates.z_max - 1
    if layout.matrices is not None:
        header[message.type.element("matrix_element_precision_factor_minus1")] = layout.matrices.precision - 1
        if not layout.base:
            header[message.type.element("matrix_pred_flag")] = 0
    return message_from_values(message.payload_type, header, message.values, syntax, state)
