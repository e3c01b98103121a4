"""generative_face_video( ) as VTM 23.9 to 23.11, HM and JM write it (``draft-b``; JVET-AK0238).

Against ``vsei4``: the fusion flag stands in every message that is not a base message, under another name; the chroma
key has no purpose, and each of its two thresholds a flag of its own.
"""

from __future__ import annotations

from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.face_parameters import MatrixPart, face_parameters
from gfv_sei.syntax.layout import GfvLayout, Known
from gfv_sei.syntax.matrices import matrices
from gfv_sei.syntax.parts import network_header


def generative_face_video(s: Coder, known: Known, matrix_part: MatrixPart = matrices) -> GfvLayout:
    """The whole message; ``matrix_part`` describes its matrices, which are all that ``draft-a`` has otherwise."""
    gfv_id = s.ue("gfv_id")
    gfv_cnt = s.ue("gfv_cnt")
    base = s.infer("gfv_base_picture_flag", 0) if gfv_cnt else s.flag("gfv_base_picture_flag")
    network_follows = False
    if base:
        network_follows = network_header(s, "gfv")
        chroma_key(s)
        s.infer("gfv_drive_picture_fusion_flag", 0)
    else:
        s.flag("gfv_drive_picture_fusion_flag")
    s.flag("gfv_low_confidence_face_parameter_flag")
    return face_parameters(s, known, gfv_id, gfv_cnt, base, network_follows, matrix_part)


def chroma_key(s: Coder) -> None:
    """gfv_chroma_key_info_present_flag to gfv_chroma_key_thr_value[ 1 ]."""
    if not s.flag("gfv_chroma_key_info_present_flag"):
        return
    for _ in s.loop("gfv_chroma_key_info_present_flag", 3, least=1):
        if s.flag("gfv_chroma_key_value_present_flag"):
            s.u("gfv_chroma_key_value", 8)
        else:
            s.infer("gfv_chroma_key_value", None)
    for _ in s.loop("gfv_chroma_key_info_present_flag", 2, least=1):
        if s.flag("gfv_chroma_key_thr_present_flag"):
            s.ue("gfv_chroma_key_thr_value")
        else:
            s.infer("gfv_chroma_key_thr_value", None)
