"""generative_face_video( ), payloadType 223, as in H.274 version 4 (``vsei4``; JVET-AM0334, VTM 23.12 and later)."""

from __future__ import annotations

from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.face_parameters import face_parameters
from gfv_sei.syntax.layout import GfvLayout, Known
from gfv_sei.syntax.parts import network_header


def generative_face_video(s: Coder, known: Known) -> GfvLayout:
    """The whole message."""
    gfv_id = s.ue("gfv_id")
    gfv_cnt = s.ue("gfv_cnt")
    base = s.infer("gfv_base_picture_flag", 0) if gfv_cnt else s.flag("gfv_base_picture_flag")
    network_follows = False
    if base:
        network_follows = network_header(s, "gfv")
        chroma_key(s)
    if gfv_cnt == 0 and not base:
        s.flag("gfv_fusion_pic_flag")
    else:
        s.infer("gfv_fusion_pic_flag", 0)
    s.flag("gfv_low_confidence_face_parameter_flag")
    return face_parameters(s, known, gfv_id, gfv_cnt, base, network_follows)


def chroma_key(s: Coder) -> None:
    """gfv_chroma_key_info_present_flag to gfv_chroma_key_thr_upper_delta_minus1."""
    if not s.flag("gfv_chroma_key_info_present_flag"):
        return
    s.ue("gfv_chroma_key_purpose_idc", 2)
    for _ in s.loop("gfv_chroma_key_info_present_flag", 3, least=1):
        if s.flag("gfv_chroma_key_value_present_flag"):
            s.u("gfv_chroma_key_value", 8)
        else:
            s.infer("gfv_chroma_key_value", None)
    if s.flag("gfv_chroma_key_thr_present_flag"):
        s.u("gfv_chroma_key_thr_lower", 8)
        s.ue("gfv_chroma_key_thr_upper_delta_minus1", 255)
