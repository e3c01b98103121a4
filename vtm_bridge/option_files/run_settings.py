"""Settings that hold for all messages of an option file: base flag, network, chroma key."""

from __future__ import annotations

from typing import Any

from gfv_sei.wording import counted
from vtm_bridge.option_files.options import Dialect, Per, Table
from vtm_bridge.option_files.prepared import Prepared, refuse
from vtm_bridge.option_files.text import why_not_text


def run_settings(mine: list[Prepared], table: Table, dialect: Dialect, network_file: str) -> dict[str, Any]:
    """Settings by what they carry. Those that base messages code have to be the same in all of them."""
    elements = table.elements
    run: dict[str, Any] = {"enabled": 1, "number": len(mine), "network_file": ""}
    announcing = [one for one in mine if one.base]
    counted = [one for one in mine if one.message.count == 0]
    flag = f"{elements}_base_picture_flag"
    run[flag] = _common(counted, dialect, flag) or 0
    for option in table.options:
        if option.carries not in run and (option.per is Per.RUN or option.carries.startswith("gfv_chroma_key")):
            run[option.carries] = _common(announcing, dialect, option.carries)
    _check_network(mine, announcing, dialect, elements, run)
    if run[f"{elements}_nn_present_flag"] and run[f"{elements}_nn_mode_idc"] == 0:
        run["network_file"] = network_file
    purpose = run.get("gfv_chroma_key_purpose_idc")
    if purpose == 2 and dialect.syntax == "vsei4":
        raise refuse(
            announcing[0],
            dialect,
            "the encoder passes it through a bool and would code 1",
            "gfv_chroma_key_purpose_idc",
            2,
            "0, 1",
        )
    return run


def _common(among: list[Prepared], dialect: Dialect, element: str) -> Any:
    if not among:
        return None
    first = among[0].message.fields.get(element)
    for one in among[1:]:
        if one.message.fields.get(element) != first:
            raise refuse(
                one,
                dialect,
                f"there is one value for all messages, and record {among[0].number} has another",
                element,
                one.message.fields.get(element, "absent"),
                "absent" if first is None else str(first),
            )
    return first


def _check_network(
    mine: list[Prepared], announcing: list[Prepared], dialect: Dialect, elements: str, run: dict[str, Any]
) -> None:
    name = f"{elements}_nn_payload_byte"
    carried = [one for one in mine if one.network is not None]
    if carried and not announcing:
        run |= {f"{elements}_nn_present_flag": 1, f"{elements}_nn_mode_idc": 0}  # appended without being announced
    for one in carried:
        if one.network != carried[0].network:
            raise refuse(
                one,
                dialect,
                f"there is one network for all messages, and record {carried[0].number} has another",
                name,
                counted(len(one.network or b""), "byte"),
                f"the {counted(len(carried[0].network or b''), 'byte')} of that record",
            )
    for uri in (f"{elements}_nn_tag_uri", f"{elements}_nn_uri"):
        why = why_not_text(run[uri], ":" if dialect.lists else "=") if run.get(uri) else None
        if why:
            raise refuse(announcing[0], dialect, why, uri, ascii(run[uri])[1:-1][:80], "printable ASCII")
