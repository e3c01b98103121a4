"""Records of whole pictures, made up at random within what option files can say: values with some header."""

from __future__ import annotations

from random import Random
from typing import Any

from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import parse_payload
from gfv_sei.stream.inject import PayloadWriter

Record = dict[str, Any]


class Face:
    """One face: its identifier, its layout, and where its points are."""

    def __init__(self, r: Random, gfv_id: int) -> None:
        self.r = r
        self.gfv_id = gfv_id
        self.q = r.choice((1, 2, 5, 8, 9, 12, 20, 30))
        self.points = r.choice((0, 1, 2, 5, 10))
        self.dimensions = r.choice((2, 2, 3))
        self.z_max = r.choice((1, 3, 40))
        self.matrix_q = r.choice((1, 4, 8, 9, 16, 30))
        self.kinds = self._kinds()

    def _kinds(self) -> list[tuple[int, int, int, int]]:
        """type, number, height, width of each matrix type, in an order that VTM's reader takes."""
        r, kinds = self.r, []
        d = self.dimensions
        if self.points:
            for type_idx in r.choice(((), (), (0,), (1,), (0, 1))):
                number = self.points if r.random() < 0.6 else r.choice((1, 2, self.points + 1, self.points + 3))
                kinds.append((type_idx, number, d, d))
            kinds.sort(key=lambda kind: kind[1] == self.points)
        if not any(kind[0] < 2 for kind in kinds):
            for type_idx in r.choice(((), (4,), (4, 5), (4, 5, 6), (6,))):
                size = d if self.points else r.choice((2, 3))
                kinds.append((type_idx, 1, size, size if type_idx == 4 else 1))
        for type_idx in r.choice(((), (2,), (3, 2), (7,), (9, 31), (40,))):
            number = r.choice((1, 2, 3)) if type_idx > 6 else 1
            kinds.append((type_idx, number, r.choice((1, 2, 5)), r.choice((1, 2, 4))))
        return kinds if kinds or self.points else [(7, 2, 3, 2)]

    def number(self, limit: float, q: int) -> float:
        """A number up to limit: any, a whole number of units, or half a unit off.

        Not down to -limit: -1 is what no number from -1 to 1 is rounded to.
        """
        value = self.r.uniform(-limit, limit)
        kind = self.r.randint(0, 6)
        if kind == 0:
            value = round(value * 2**q) / 2**q
        elif kind == 1:
            value = (round(value * 2**q) + 0.5) / 2**q
        elif kind == 2:
            value = self.r.choice((0.0, limit))
        return min(max(value, -0.9 * limit), limit)

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if self.points:
            limits = (1.0, 1.0, float(self.z_max))[: self.dimensions]
            values["coordinates"] = [[self.number(limit, self.q) for limit in limits] for _ in range(self.points)]
        if self.kinds:
            limit = self.r.choice((0.5, 3.0, 400.0))
            values["matrices"] = [
                {"type": t, "elements": [[[self.number(limit, self.matrix_q) for _ in range(w)] for _ in range(h)]
                                         for _ in range(n)]}
                for t, n, h, w in self.kinds
            ]  # fmt: skip
        return values


def picture(r: Random, *, compat: str = "vtm") -> list[Record]:
    """The messages of one picture: a face with some messages, perhaps others, perhaps with enhancement."""
    face = Face(r, r.choice((0, 1, 7, 255, 512, 2550)))
    records: list[Record] = []
    base = r.random() < 0.9
    left_out = False
    for cnt in range(r.randint(1, 6)):
        header: Record = {"gfv_id": face.gfv_id, "gfv_cnt": cnt}
        if cnt == 0:
            header["gfv_base_picture_flag"] = int(base)
            header |= (
                network(r, "gfv", compat) | chroma_key(r, compat) if base else {"gfv_fusion_pic_flag": r.randint(0, 1)}
            )
        header["gfv_low_confidence_face_parameter_flag"] = r.randint(0, 1)
        values = face.values()
        if cnt and len(values) == 2 and r.random() < 0.3:
            del values["coordinates" if not any(k[0] < 7 for k in face.kinds) else "matrices"]
        if "coordinates" in values:
            header["gfv_coordinate_precision_factor_minus1"] = face.q - 1
            if face.dimensions == 3:
                header["gfv_coordinate_z_max_value_minus1"] = face.z_max - 1
            if r.random() < 0.5 and base and not left_out:
                header["gfv_kps_pred_flag"] = r.randint(0, 1)
        if "matrices" in values:
            header["gfv_matrix_element_precision_factor_minus1"] = face.matrix_q - 1
            if r.random() < 0.5 and base and cnt and not left_out:
                header["gfv_matrix_pred_flag"] = r.randint(0, 1)
        left_out = left_out or len(values) < bool(face.points) + bool(face.kinds)
        records.append({"au": 0, "payload_type": 223, **header, "values": values})
        spread_network(records, "gfv")
    if base and r.random() < 0.6:
        records += enhancement(r, face.gfv_id, len(records), compat)
    return records


def spread_network(records: list[Record], elements: str) -> None:
    """Give the bytes of the network to the last message as well, as the encoders append them to every one."""
    name = f"{elements}_nn_payload_byte"
    if name in records[0]:
        records[-1][name] = records[0][name]


def network(r: Random, elements: str, compat: str) -> Record:
    kind = r.choice((None, None, None, 0, 1, 5))
    if kind is None:
        return {f"{elements}_nn_present_flag": 0}
    header: Record = {f"{elements}_nn_present_flag": 1, f"{elements}_nn_mode_idc": kind}
    if kind == 0:
        header[f"{elements}_nn_payload_byte"] = r.choice(("", "AAAB", "/wD/gA=="))
    if kind == 1:
        header[f"{elements}_nn_tag_uri"] = r.choice(
            ("", "tag:example.org,2026:gfv", "a" if compat == "jm" else "two words")
        )
        header[f"{elements}_nn_uri"] = r.choice(
            ("https://example.org/net.onnx", "x", "urn:a=b:c#d"[: 9 if compat == "jm" else None])
        )
    return header


def chroma_key(r: Random, compat: str) -> Record:
    if r.random() < 0.6:
        return {"gfv_chroma_key_info_present_flag": 0}
    flags = [r.randint(0, 1) for _ in range(3)]
    header: Record = {
        "gfv_chroma_key_info_present_flag": 1,
        "gfv_chroma_key_value_present_flag": flags,
        "gfv_chroma_key_value": [r.choice((0, 50, 255)) if flag else None for flag in flags],
    }
    if compat == "vtm":
        header["gfv_chroma_key_purpose_idc"] = r.randint(0, 1)
        header["gfv_chroma_key_thr_present_flag"] = r.randint(0, 1)
        if header["gfv_chroma_key_thr_present_flag"]:
            header["gfv_chroma_key_thr_lower"] = r.choice((0, 48, 255))
            header["gfv_chroma_key_thr_upper_delta_minus1"] = r.choice((0, 26, 255))
        return header
    flags = [r.randint(0, 1) for _ in range(2)]
    header["gfv_chroma_key_thr_present_flag"] = flags
    header["gfv_chroma_key_thr_value"] = [r.choice((0, 48, 1000)) if flag else None for flag in flags]
    return header


def enhancement(r: Random, gfv_id: int, messages: int, compat: str) -> list[Record]:
    """GFVE messages for the first messages of a face."""
    q, pupil_q = r.choice((1, 5, 8, 16)), r.choice((1, 5, 9, 20, 29))
    sizes = [r.choice((1, 2, 3)) for _ in range(r.choice((0, 1, 2, 4)))]
    with_pupils = r.random() < 0.7 or not sizes
    gfve_id = r.choice((0, 2, 255))
    records: list[Record] = []
    for cnt in range(messages):
        header: Record = {"gfve_id": gfve_id, "gfve_gfv_id": gfv_id, "gfve_gfv_cnt": cnt}
        values: dict[str, Any] = {}
        if cnt == 0:
            header |= {"gfve_base_picture_flag": 1} | network(r, "gfve", compat)
        if sizes:
            header["gfve_matrix_element_precision_factor_minus1"] = q - 1
            # A difference that rounds up to a whole number stops the encoder; steps of whole units never do.
            values["matrices"] = [
                {"elements": [[[r.randint(-(2**q) * 9, 2**q * 9) / 2**q for _ in range(d)] for _ in range(d)]
                              for d in sizes]}
            ]  # fmt: skip
        if with_pupils and (cnt == 0 or r.random() < 0.8):
            header["gfve_pupil_coordinate_precision_factor_minus1"] = pupil_q - 1
            eyes = r.choice((("left",), ("right",), ("left", "right")))
            values["pupils"] = {eye: [r.uniform(-0.5, 0.5), r.uniform(-0.5, 0.5)] for eye in eyes}
        records.append({"au": 0, "payload_type": 224, **header, "values": values})
        spread_network(records, "gfve")
    return records


def complete(records: list[Record], syntax: str = "vsei4", compat: str | None = None) -> list[Record]:
    """The same messages as extract writes them, rounded by us (or as ``compat`` does)."""
    writer, state = PayloadWriter(syntax, compat), DecodingState()
    found = []
    for record in records:
        first = not record.get("gfv_cnt", record.get("gfve_gfv_cnt"))
        if compat is None and not (first and record.get("gfv_base_picture_flag", 1)):
            # bytes that are not announced, which only the reference encoders write
            record = {name: value for name, value in record.items() if not name.endswith("nn_payload_byte")}
        payload_type, payload = writer.payload(record)
        message = parse_payload(payload_type, payload, syntax, state)
        found.append({"au": 0, "payload_type": payload_type, "syntax": syntax, "message": message.to_dict()})
    return found
