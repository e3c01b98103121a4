"""The editions of the syntax that are in the field, and which description each of them uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.syntax import gfv, gfv_draft_a, gfv_draft_b, gfve
from gfv_sei.syntax.coder import Coder
from gfv_sei.syntax.layout import GfveLayout, GfvLayout, Known
from gfv_sei.syntax.payload_types import GFV

Description = Callable[[Coder, Known], GfvLayout | GfveLayout]


class Edition(NamedTuple):
    """One edition of the syntax.

    fusion_flag             what it calls the flag that the decoded picture may be used besides the base picture
    matrix_type_bits        of gfv_matrix_type_idx; None: it is ue(v)
    chroma_key_defaults     what its chroma key elements are where a writer is given only some of them
    driving_predicts_from   where a message with gfv_cnt 0 that is no base message takes its references:
                            "base", the base message, or "previous", the message before
    gfve_came_with          the later edition that first had GFVE; None: this one has it
    """

    name: str
    written_by: str
    gfv: Callable[[Coder, Known], GfvLayout]
    fusion_flag: str = "gfv_drive_picture_fusion_flag"
    chroma_key_defaults: Mapping[str, Any] = MappingProxyType({"gfv_chroma_key_thr_present_flag": [0, 0]})
    driving_predicts_from: str = "base"
    matrix_type_bits: int | None = 6
    gfve: Callable[[Coder, Known], GfveLayout] = gfve.generative_face_video_enhancement
    gfve_came_with: str | None = None

    def describe(self, payload_type: int) -> Description:
        """The description of GFV or GFVE."""
        return self.gfv if payload_type == GFV else self.gfve


# In the order of preference where a stream fits several: C, then B, then A (section 6 of the comparison of drafts).
EDITIONS = {
    edition.name: edition
    for edition in (
        Edition(
            "vsei4",
            "H.274 version 4; VTM 23.12 and later",
            gfv.generative_face_video,
            "gfv_fusion_pic_flag",
            MappingProxyType({"gfv_chroma_key_purpose_idc": 0, "gfv_chroma_key_thr_present_flag": 0}),
        ),
        Edition("draft-b", "VTM 23.9 to 23.11, HM, JM", gfv_draft_b.generative_face_video),
        Edition(
            "draft-a",
            "VTM 23.7 and 23.8",
            gfv_draft_a.generative_face_video,
            driving_predicts_from="previous",
            matrix_type_bits=None,
            gfve_came_with="draft-b",
        ),
    )
}

DEFAULT = "vsei4"


def edition_named(name: str) -> Edition:
    """The edition of this name; GfvError for another."""
    try:
        return EDITIONS[name]
    except (KeyError, TypeError):  # what is no name at all may have no hash
        raise GfvError("unknown syntax", element="syntax", value=name, allowed=", ".join(EDITIONS)) from None
