"""What a caller of the Python interface gets wrong is a GfvError that names the argument."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams.records import face_records

import gfv_sei

Clip = Callable[[str], bytes]
READ: Any = gfv_sei.read_messages
PARSE: Any = gfv_sei.parse_payload
WRITE: Any = gfv_sei.write_payload
INJECT: Any = gfv_sei.inject
REMOVE: Any = gfv_sei.remove
FROM_VALUES: Any = gfv_sei.message_from_values

MESSAGE = gfv_sei.parse_payload(223, bytes.fromhex("36d4d11903107d06604c40"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda base: PARSE(223, "ff"), "payload = 'ff': a payload is bytes"),
        (lambda base: PARSE(223, None), "payload = None: a payload is bytes"),
        (lambda base: PARSE("223", b"\0"), "payload_type = '223': no message type of ours"),
        (lambda base: PARSE(223.0, b"\0"), "payload_type = 223.0: no message type of ours"),
        (lambda base: PARSE([], b"\0"), "payload_type = []: no message type of ours"),
        (lambda base: PARSE(223, b"\0", syntax="auto"), "syntax = auto: unknown syntax"),
        (lambda base: PARSE(223, b"\0", syntax=["vsei4"]), "syntax = ['vsei4']: unknown syntax"),
        (lambda base: PARSE(223, b"\0", state=5), "state = 5: is no state of prediction"),
        (lambda base: WRITE(MESSAGE, state={}), "state = {}: is no state of prediction"),
        (lambda base: FROM_VALUES(223, {"gfv_id": 0, "gfv_cnt": 0}, {}, state=5), "state = 5: is no state"),
        (lambda base: WRITE({"gfv_id": 0}), "msg = {'gfv_id': 0}: is no message"),
        (lambda base: list(READ(None)), "source = None: no stream"),
        (lambda base: list(READ(io.StringIO("text"))), "source = <_io.StringIO"),
        (lambda base: list(READ("zero\0byte")), r"cannot open 'zero\x00byte': "),
        (lambda base: list(READ(base, errors="skip")), "errors = 'skip': unknown (allowed: raise, record)"),
        (lambda base: list(READ(base, codec="av1")), "codec = av1: unknown codec"),
        (lambda base: list(READ(base, codec=["avc"])), "codec = ['avc']: unknown codec"),
        (lambda base: list(READ(base, compat=["vtm"])), "compat = ['vtm']: unknown reference software"),
        (lambda base: list(READ(base, payload_types=223)), "payload_types = 223: no set of payload types"),
        (lambda base: list(READ(base, payload_types="223")), "payload_types = '223': no set of payload types"),
        (lambda base: INJECT(base, None, io.BytesIO()), "records = None: no records"),
        (lambda base: INJECT(base, [None], io.BytesIO()), "record 0 must say its access unit"),
        (lambda base: INJECT(base, [{"au": 0, "payload_type": 223, "syntax": []}], io.BytesIO()), "a record needs"),
        (lambda base: INJECT(base, face_records(1), None), "target = None: cannot be written"),
        (lambda base: INJECT(base, face_records(1), io.StringIO()), "target = <_io.StringIO"),
        (lambda base: REMOVE(base, "zero\0byte"), r"cannot write 'zero\x00byte': "),
        (lambda base: INJECT(base, face_records(1), "x.mp4", fps="fast"), "fps = 'fast': the picture rate must be"),
        (lambda base: INJECT(base, face_records(1), "x.mp4", fps=float("nan")), "fps = nan: the picture rate must be"),
        (lambda base: INJECT(base, face_records(1), "x.mp4", fps=0), "fps = 0: the picture rate must be positive"),
        (lambda base: REMOVE(base, io.BytesIO(), 5), "payload_types = 5: "),
        (lambda base: REMOVE(base, io.BytesIO(), "223"), "payload_types = '223': no set of payload types"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_it_is_told(call: Callable[[bytes], object], words: str, clip: Clip) -> None:
    with pytest.raises(gfv_sei.GfvError) as refused:
        call(clip("avc-plain"))
    assert words in str(refused.value)


def test_all_that_a_stream_may_be(clip: Clip, tmp_path: Path) -> None:
    data = bytearray()

    class Writer:
        def write(self, piece: bytes) -> None:
            data.extend(piece)

    count = INJECT(clip("avc-plain"), face_records(2), Writer())
    file = tmp_path / "stream"
    file.write_bytes(data)
    with file.open("rb") as opened:
        for source in (file, str(file), bytes(data), data, memoryview(data), io.BytesIO(data), opened):
            assert len(list(READ(source))) == count
