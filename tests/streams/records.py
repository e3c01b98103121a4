"""Records to inject, and what is read back of a stream."""

from __future__ import annotations

import io
from typing import Any

import gfv_sei

Record = dict[str, Any]


def face_records(access_units: int, per_unit: int = 2) -> list[Record]:
    """Messages for each access unit: keypoints that move, in the first unit with matrices, and an enhancement."""
    records: list[Record] = []
    for au in range(access_units):
        for count in range(per_unit):
            shift = (au * per_unit + count) / 256
            record: Record = {
                "au": au,
                "payload_type": 223,
                "gfv_id": 3,
                "gfv_cnt": count,
                "gfv_coordinate_precision_factor_minus1": 9,
                "values": {"coordinates": [[0.5 - shift, -0.25], [0.0, shift / 2]]},
            }
            if count == 0:
                record["gfv_base_picture_flag"] = int(au == 0)
                record["values"]["matrices"] = [{"type": 7, "elements": [[[shift, 0.0]]]}]
            records.append(record)
        records.append(
            {
                "au": au,
                "payload_type": 224,
                "gfve_id": 0,
                "gfve_gfv_id": 3,
                "gfve_gfv_cnt": 0,
                "gfve_base_picture_flag": int(au == 0),
                "values": {"pupils": {"left": [0.25, au / 64], "right": [0.5, -au / 64]}},
            }
        )
    return records


def injected(base: bytes, records: list[Record], **options: Any) -> bytes:
    out = io.BytesIO()
    assert gfv_sei.inject(base, records, out, **options) == len(records)
    return out.getvalue()


def removed(stream: bytes, *payload_types: int, codec: str | None = None) -> bytes:
    out = io.BytesIO()
    gfv_sei.remove(stream, out, payload_types or (223, 224), codec)
    return out.getvalue()


def read(source: Any, syntax: str = "auto", **options: Any) -> list[Record]:
    return list(gfv_sei.read_messages(source, syntax, **options))


def counted(stream: bytes) -> dict[str, Any]:
    """The summary of what is in a stream."""
    readers: list[Any] = []
    for _ in gfv_sei.read_messages(
        stream, payload_types=None, on_syntax=readers.append, surveyed=True, errors="record"
    ):
        pass
    (reader,) = readers
    return reader.survey.summary(reader.scanner.position, reader.units.au + 1, reader.units.pictures)
