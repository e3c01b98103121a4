"""The real VTM encoder, where the environment says where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import gfv_sei
from gfv_sei.stream.inject import PayloadWriter

ENCODER = "GFV_VTM_ENCODER"

Payloads = list[tuple[int, bytes]]


@pytest.fixture(scope="session")
def vtm_encoder() -> Path:
    """The EncoderApp of VTM 24.0."""
    named = os.environ.get(ENCODER)
    if not named:
        pytest.skip(f"{ENCODER} does not name an EncoderApp of VTM 24.0")
    found = shutil.which(named)
    if found is None:
        pytest.skip(f"{ENCODER} = {named} is no program")
    return Path(found).resolve()


@pytest.fixture
def vtm_payloads(vtm_encoder: Path, tmp_path: Path) -> Callable[..., Payloads]:
    """Code one picture with an option file; the payloads that come out, in order."""

    def encode(options: str | bytes, networks: dict[str, bytes] | None = None) -> Payloads:
        (tmp_path / "options.cfg").write_bytes(options if isinstance(options, bytes) else options.encode())
        (tmp_path / "in.yuv").write_bytes(bytes([128]) * (64 * 64 * 3 // 2))
        for name, data in (networks or {}).items():
            (tmp_path / name).write_bytes(data)
        words = "-c options.cfg -i in.yuv -wdt 64 -hgt 64 -f 1 -fr 25 -b out.bit -ip 1 -g 1 --DecodingRefreshType=1"
        words += " --InputBitDepth=8 --InternalBitDepth=8"
        done = subprocess.run([vtm_encoder, *words.split()], cwd=tmp_path, capture_output=True, timeout=120)
        assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")[-800:]
        writer = PayloadWriter("vsei4")  # what was read from a payload is written as that payload
        return [writer.payload(record) for record in gfv_sei.read_messages(tmp_path / "out.bit", syntax="vsei4")]

    return encode
