"""Inputs to begin with, made from the cases of the suite. None is stored: a new case is a new seed.

Each function gives the seeds of one kind of input; ``every`` takes only every n-th case, where a few will do.
"""

from __future__ import annotations

import io
import json
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from conformance.case import cases
from conformance.expected import IDENTIFYING
from conformance.fuzz.packing import pack
from conformance.pictures import STRUCTURES, base_stream, pictures
from conformance.sketch import Sketch
from gfv_sei.errors import GfvError
from gfv_sei.nal.codec import CODEC_NAMES
from gfv_sei.stream.records import read_messages
from gfv_sei.syntax.editions import EDITIONS


def payloads(every: int = 1) -> list[bytes]:
    """The messages of each case, packed: :mod:`conformance.fuzz.packing`, the choice being the edition."""
    names = list(EDITIONS)
    found = []
    for case in list(cases().values())[::every]:
        sketch = Sketch(case.codecs[0], case.syntax)
        case.make(sketch)
        messages = [(one.payload_type, one.payload) for one in sketch.written]
        found.append(pack(names.index(case.syntax), messages))
    return found


def streams(every: int = 1) -> list[bytes]:
    """Whole streams, in the three codecs by turns; in all of them where every case is asked for."""
    found = []
    for number, case in enumerate(list(cases().values())[::every]):
        for codec in case.codecs if every == 1 else case.codecs[number % len(case.codecs) :][:1]:
            sketch = Sketch(codec, case.syntax)
            case.make(sketch)
            found.append(sketch.stream(base_stream(codec, case.structure)))
    return found


@cache
def _records(every: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for stream in streams(max(every, 3)):
        with suppress(GfvError):
            found += read_messages(stream, errors="record")
    return found


def messages(every: int = 1) -> list[bytes]:
    """Records of messages as JSON, one to an input: with elements, and with values to be written again."""
    found = []
    for number, record in enumerate(_records(every)):
        kept = {name: record[name] for name in ("payload_type", "message", "values") if name in record}
        if number % 2 and "values" in kept:
            names = (*IDENTIFYING, "gfv_base_picture_flag")
            kept["message"] = {name: value for name, value in kept["message"].items() if name in names}
        found.append(json.dumps(kept).encode())
    return found


def json_lines(every: int = 1) -> list[bytes]:
    """JSON Lines as ``gfv extract`` writes them, some records to an input."""
    lines = [json.dumps(record).encode() + b"\n" for record in _records(every)]
    return [b"".join(lines[start : start + 4]) for start in range(0, len(lines), 4)]


def option_files(every: int = 1) -> list[bytes]:
    """Option files of the three encoders, for what of the suite can be said in them."""
    from vtm_bridge.option_files import make_option_files

    found = []
    for stream in streams(max(every, 5)):
        for dialect in ("vtm", "hm", "jm"):
            with suppress(GfvError):
                records = list(read_messages(stream, errors="record"))
                made = make_option_files(records, dialect)
                found += [text.encode() for text in made.files.values()]
    return found


def contracts(every: int = 1) -> list[bytes]:
    """Contracts that between them have every key."""
    from generators.contract import BaseGraph, Contract, Part, Size, Tensor
    from generators.roles import Network, Role
    from generators.warp.graph import CONTRACT

    parts = (Part(Role.KEYPOINTS, ("K", 2)), Part(Role.MATRICES, ("K", 2, 2), 0))
    whole = Contract(
        name="all",
        network=Network.GENERATIVE,
        summary="has every key",
        licence="BSD-3-Clause",
        source="made for fuzzing",
        variant={"blocks": 3, "sharp": True, "gain": 0.5, "kind": "a"},
        sizes={"K": Size(1, 64), "H": Size(64, 1024, 64), "W": Size(64, 1024, 64)},
        base=BaseGraph(
            "base.onnx",
            (Tensor("base", Role.BASE_PICTURE, (1, 3, "H", "W")),),
            (Tensor("feature", Role.BASE_FEATURE, (1, 8, "H", "W"), dtype="float16"),),
            "0" * 64,
        ),
        inputs=(
            Tensor("feature", Role.BASE_FEATURE, (1, 8, "H", "W"), dtype="float16"),
            Tensor("flat", Role.PARAMETERS, (1, "N"), parts=parts, optional=True),
            Tensor("matrix", Role.ENHANCEMENT_MATRICES, (4, 4), matrix_index=0),
            Tensor("spline", Role.PREPARED, ("K", 3), prepare="spline"),
        ),
        outputs=(Tensor("y", Role.GENERATED_PICTURE, (1, 3, "H", "W"), value_range=(-1.0, 1.0), colour="BGR"),),
    )
    return [CONTRACT.to_json().encode(), whole.to_json().encode()]


def models(every: int = 1) -> list[bytes]:
    """ONNX files with a contract in their metadata: the generator of the project."""
    from generators.registry import GENERATORS

    return [entry.model().main for entry in GENERATORS.values()]


def containers(every: int = 1) -> list[bytes]:
    """The pictures of a structure in MP4, Matroska and transport streams."""
    from gfv_sei.containers.mux import mux

    found = []
    with tempfile.TemporaryDirectory(prefix="gfv-fuzz-") as folder:
        for codec in CODEC_NAMES:
            raw = Path(folder, f"stream.{codec}")
            raw.write_bytes(base_stream(codec, "one"))
            for ending in ("mp4", "mkv", "ts"):
                out = Path(folder, f"{codec}.{ending}")
                with suppress(GfvError):
                    mux(raw, out, codec=codec)
                    found.append(out.read_bytes())
    return found


def sei_logs(every: int = 1) -> list[bytes]:
    """Lists of SEI messages in the form that the decoders of VTM and HM give them, with our elements in it."""
    found = []
    for record in _records(every):
        lines = [f"Generative face video SEI message ({record.get('payload_size', 0)} bytes)"]
        lines += [f"{name:>55}: {value}" for name, value in record.get("message", {}).items()]
        found.append(
            "\n".join(["-" * 60, *lines, "End of scalable nesting SEI message", ""]).encode("utf-8", "surrogateescape")
        )
    found.append(b"Unknown suffix SEI message (payloadType = 223) was found!\n")
    return found


def y4m_files(every: int = 1) -> list[bytes]:
    """Pictures of a structure, and headers of all kinds before a picture that is too short."""
    from vtm_bridge.pictures import Y4MWriter

    out = io.BytesIO()
    picture = next(pictures(STRUCTURES["one"]))
    writer = Y4MWriter(out, picture.format)
    writer.write(picture)
    headers = (
        "W8 H8 F25:1 It A1:1 C420p10 XCOLORRANGE=FULL",
        "W2 H4 F30000:1001 Cmono16",
        "W3 H5 C422p12 XGFV_SITING=left",
    )
    return [out.getvalue(), *(f"YUV4MPEG2 {header}\nFRAME\n".encode() + bytes(300) for header in headers)]
