"""What stands in the list of SEI messages that VTM's and HM's decoders write: coded elements, and derived values.

The lists mix both, under names that are not all those of the standard, and with numbers that are not all as coded; here
they are told apart and given the standard's names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vtm_bridge.sei_log import ListedMessage

COORDINATES = tuple(f"gfv_coordinate_{axis}tensor" for axis in "XYZ")
MATRICES = ("gfv_MatrixElement", "gfveMatrixElement")
PUPILS = "gfve_PupilCoordinate"

# Lines of values that VTM's decoder derives, among those of the elements. gfv_chroma_key_value is one of them where it
# stands without an index.
_DERIVED = {*COORDINATES, *MATRICES, PUPILS, "gfv_chroma_key_value", "gfveMatrixNumber", "gfveMatrixWidthXHeight"}
_NAMES = {
    "gfv_mode_idc": "gfv_nn_mode_idc",
    "gfv_uri_tag": "gfv_nn_tag_uri",
    "gfv_uri": "gfv_nn_uri",
    "gfve_nn_uri_tag": "gfve_nn_tag_uri",
    "gfv_Matrix3DSpaceFlag": "gfv_matrix_for_3D_space_flag",
}
# What VTM's decoder calls the network bytes of GFVE.
_GFVE_NAMES = {"gfv_nn_payload_byte": "gfve_nn_payload_byte"}
# A URI with line feeds in it makes lines of any kind, so looking at one takes no more time than its length.
_SUBSCRIPTS = re.compile(r"(?<!\s)\s*\[[^\[\]]*\]")
_THRESHOLDS = ("gfv_chroma_key_thr_lower", "gfv_chroma_key_thr_upper_delta_minus1")


def is_enhancement(message: ListedMessage) -> bool:
    """Whether it is a GFVE message; one that is neither GFV nor GFVE is not to be asked."""
    return message.title.endswith("enhancement")


def coded_elements(message: ListedMessage) -> Iterator[tuple[str, int | str]]:
    """The coded elements under the standard's names, without alignment bits; bytes from 0 to 255.

    ValueError for a line whose value is no number where it should be one.
    """
    thresholds = 0
    for printed, text in message.elements:
        name = _SUBSCRIPTS.sub("", printed)
        if printed in _DERIVED or "alignment_zero_bit" in name:
            continue
        if name in _THRESHOLDS:
            # It prints them once more for each chroma component.
            if not thresholds:
                continue
            thresholds -= 1
        if name == "gfv_chroma_key_thr_present_flag":
            thresholds = 2 * int(text)
        if is_enhancement(message):
            name = _GFVE_NAMES.get(name, name)
        name = _NAMES.get(name, name)
        if name.endswith("uri"):
            yield name, text
        else:
            # Bytes come out with a sign.
            yield name, int(text) % 256 if name.endswith("payload_byte") else int(text)


def derived_values(message: ListedMessage) -> dict[str, list[float]]:
    """The values that the decoder derives, by the names it prints, as far as COORDINATES, MATRICES and PUPILS go."""
    return {
        name: [float(value) for value in text.split()]
        for name, text in message.elements
        if name in (*COORDINATES, *MATRICES, PUPILS)
    }
