"""Messages from one edition of the syntax to that of an encoder, where both can say the same."""

from __future__ import annotations

from typing import Any

from gfv_sei.errors import MessageError
from vtm_bridge.option_files.options import Dialect

FUSION_NEW, FUSION_OLD = "gfv_fusion_pic_flag", "gfv_drive_picture_fusion_flag"
_KEY = "gfv_chroma_key_"
_THRESHOLDS = (48, 75)


def translated(header: dict[str, Any], dialect: Dialect, complete: bool) -> tuple[dict[str, Any], bool]:
    """The elements under the names of the dialect's edition, and whether anything had to be changed.

    ``complete``: the header is a whole message, in which an element that the edition codes must not be missing.
    """
    made = dict(header)
    for name in (FUSION_NEW, FUSION_OLD):
        if made.get(name) not in (None, 0, 1):
            raise MessageError("a flag is 0 or 1", element=name, value=ascii(made[name])[:80], allowed="0, 1")
    if dialect.syntax == "vsei4":
        _fusion_new(made)
        _chroma_key_new(made)
    else:
        _fusion_old(made, complete)
        _chroma_key_old(made)
    return made, made != header


def _fusion_new(made: dict[str, Any]) -> None:
    if FUSION_OLD not in made:
        return
    flag = made.pop(FUSION_OLD)
    if not made.get("gfv_cnt"):
        made.setdefault(FUSION_NEW, flag)
    elif flag:
        raise MessageError(
            "vsei4 has no such flag in messages with gfv_cnt above 0", element=FUSION_OLD, value=flag, allowed="0"
        )


def _fusion_old(made: dict[str, Any], complete: bool) -> None:
    if FUSION_NEW in made:
        made.setdefault(FUSION_OLD, made.pop(FUSION_NEW))
    elif complete and "gfv_id" in made and not made.get("gfv_base_picture_flag"):
        made.setdefault(FUSION_OLD, 0)


def _chroma_key_new(made: dict[str, Any]) -> None:
    flags = made.get(f"{_KEY}thr_present_flag")
    if not isinstance(flags, list):
        return
    values = made.pop(f"{_KEY}thr_value", None)
    if not isinstance(values, list) or len(values) != 2 or not all(v is None or type(v) is int for v in values):
        values = [None, None]
    made[f"{_KEY}thr_present_flag"] = int(any(flags))
    made.setdefault(f"{_KEY}purpose_idc", 0)
    if not any(flags):
        return
    lower, upper = (usual if value is None else value for value, usual in zip(values, _THRESHOLDS, strict=True))
    made[f"{_KEY}thr_lower"], made[f"{_KEY}thr_upper_delta_minus1"] = lower, upper - lower - 1


def _chroma_key_old(made: dict[str, Any]) -> None:
    purpose = made.pop(f"{_KEY}purpose_idc", 0)
    if purpose:
        raise MessageError("draft-b has no purpose", element=f"{_KEY}purpose_idc", value=purpose, allowed="0, absent")
    flag = made.get(f"{_KEY}thr_present_flag")
    if flag is None or isinstance(flag, list):
        return
    made[f"{_KEY}thr_present_flag"] = [flag, flag]
    lower = made.pop(f"{_KEY}thr_lower", None)
    delta = made.pop(f"{_KEY}thr_upper_delta_minus1", None)
    if flag and isinstance(lower, int) and isinstance(delta, int):
        made[f"{_KEY}thr_value"] = [lower, lower + delta + 1]
