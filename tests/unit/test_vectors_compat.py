"""Values into payloads the way a reference encoder does it: bit for bit what it wrote."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from unit.vectors import Vector, each_vector, uri_text

from gfv_sei.stream.inject import PayloadWriter


def record_of(message: dict[str, Any], syntax: str) -> dict[str, Any]:
    """The record that stands for the parameters of a writer."""
    make = gfv_record if message["payload_type"] == 223 else gfve_record
    header, values = make(message["params"], syntax)
    return {"payload_type": message["payload_type"], "message": header, "values": values}


def network(params: dict[str, Any], prefix: str) -> dict[str, Any]:
    header = {f"{prefix}_nn_present_flag": params["nn_present_flag"]}
    if params["nn_present_flag"]:
        header[f"{prefix}_nn_mode_idc"] = params["nn_mode_idc"]
        if params["nn_mode_idc"] == 1:
            header[f"{prefix}_nn_tag_uri"] = uri_text(params["nn_tag_uri"])
            header[f"{prefix}_nn_uri"] = uri_text(params["nn_uri"])
        elif params["nn_mode_idc"] == 0:
            header[f"{prefix}_nn_payload_byte"] = base64.b64encode(bytes.fromhex(params["nn_payload_hex"])).decode()
    return header


def where(present: list[int], values: list[int]) -> list[int | None]:
    return [value if flag else None for flag, value in zip(present, values, strict=True)]


def chroma_key(params: dict[str, Any], syntax: str) -> dict[str, Any]:
    header = {"gfv_chroma_key_info_present_flag": params["chroma_key_info_present_flag"]}
    if not params["chroma_key_info_present_flag"]:
        return header
    named = {f"gfv_{name}": value for name, value in params.items() if name.startswith("chroma_key_")}
    flags = "gfv_chroma_key_value_present_flag"
    header |= {flags: named[flags], "gfv_chroma_key_value": where(named[flags], named["gfv_chroma_key_value"])}
    flags = "gfv_chroma_key_thr_present_flag"
    header[flags] = named[flags]
    if syntax != "vsei4":
        header["gfv_chroma_key_thr_value"] = where(named[flags], named["gfv_chroma_key_thr_value"])
        return header
    header["gfv_chroma_key_purpose_idc"] = named["gfv_chroma_key_purpose_idc"]
    if named[flags]:
        for name in ("gfv_chroma_key_thr_lower", "gfv_chroma_key_thr_upper_delta_minus1"):
            header[name] = named[name]
    return header


def gfv_record(params: dict[str, Any], syntax: str) -> tuple[dict[str, Any], dict[str, Any]]:
    count = params["gfv_cnt"]
    base = bool(params["base_pic_flag"]) and count == 0
    header = {
        "gfv_id": params["gfv_id"],
        "gfv_cnt": count,
        "gfv_base_picture_flag": params["base_pic_flag"],
        "gfv_low_confidence_face_parameter_flag": params["low_confidence_face_parameter_flag"],
    }
    values: dict[str, Any] = {}
    # The encoders have their network and base flag set for all messages alike; of counts above 0 they code neither.
    header |= network(params, "gfv") if base or (count and params["nn_present_flag"]) else {}
    if base:
        header |= chroma_key(params, syntax)
    elif syntax != "vsei4" or count == 0:
        header["gfv_fusion_pic_flag"] = params["fusion_pic_flag" if syntax == "vsei4" else "drive_pic_fusion_flag"]
    if params["coordinate_present_flag"]:
        header["gfv_kps_pred_flag"] = params["kps_pred_flag"]
        header["gfv_coordinate_precision_factor_minus1"] = params["coordinate_precision_factor"] - 1
        axes = "xyz" if params["coordinate_z_present_flag"] else "xy"
        if len(axes) == 3:
            header["gfv_coordinate_z_max_value_minus1"] = params["coordinate_z_max_value"] - 1
        values["coordinates"] = [list(point) for point in zip(*(params[f"coordinate_{a}"] for a in axes), strict=True)]
    if params["matrix_present_flag"]:
        if not base:
            header["gfv_matrix_pred_flag"] = params["matrix_pred_flag"]
        header["gfv_matrix_element_precision_factor_minus1"] = params["matrix_element_precision_factor"] - 1
        values["matrices"] = [
            {
                "type": one["matrix_type_idx"],
                "elements": shaped(one["elements"], *(one["derived"][n] for n in ("num_matrices", "height", "width"))),
            }
            for one in params["matrix_types"]
        ]
    return header, values


def gfve_record(params: dict[str, Any], _: str) -> tuple[dict[str, Any], dict[str, Any]]:
    count = params["gfve_gfv_cnt"]
    base = bool(params["base_pic_flag"]) and count == 0
    header = {name: params[name] for name in ("gfve_id", "gfve_gfv_id", "gfve_gfv_cnt")}
    header["gfve_base_picture_flag"] = params["base_pic_flag"]
    header |= network(params, "gfve") if base or (count and params["nn_present_flag"]) else {}
    values: dict[str, Any] = {}
    if params["matrix_present_flag"]:
        if not base:
            header["gfve_matrix_pred_flag"] = params["matrix_pred_flag"]
        header["gfve_matrix_element_precision_factor_minus1"] = params["matrix_element_precision_factor"] - 1
        matrices = (shaped(m["elements"], 1, m["matrix_height"], m["matrix_width"])[0] for m in params["matrices"])
        values["matrices"] = [{"elements": list(matrices)}]
    index = header["gfve_pupil_coordinate_present_idx"] = params["pupil_coordinate_present_idx"]
    if index:
        header["gfve_pupil_coordinate_precision_factor_minus1"] = params["pupil_coordinate_precision_factor"] - 1
        values["pupils"] = {
            eye: [params[f"pupil_{eye}_eye_coordinate_{axis}"] for axis in "xy"]
            for bit, eye in ((1, "left"), (2, "right"))
            if index & bit
        }
    return header, values


def shaped(elements: list[float], number: int, height: int, width: int) -> list[list[list[float]]]:
    rest: Iterator[float] = iter(elements)
    matrices = [[[next(rest) for _ in range(width)] for _ in range(height)] for _ in range(number)]
    assert next(rest, None) is None
    return matrices


@each_vector()
def test_values_become_the_payload_of_the_reference_encoder(vector: Vector) -> None:
    syntax = vector.software.syntax
    writer = PayloadWriter(syntax, vector.software.compat)
    for number, message in enumerate(vector.messages):
        _, payload = writer.payload(record_of(message, syntax))
        assert payload.hex() == message["payload_hex"], f"message {number}"
