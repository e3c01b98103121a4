"""Emulation prevention (clause 7.4.1 of H.264, 7.4.2 of H.265 and H.266), both ways, in one pass of C code."""

from __future__ import annotations

import re

_NEEDS_PREVENTION = re.compile(rb"\x00\x00(?=[\x00-\x03])")


def unescape(data: bytes) -> bytes:
    """NAL unit bytes without the emulation prevention bytes."""
    return data.replace(b"\0\0\3", b"\0\0")


def escape(rbsp: bytes) -> bytes:
    """NAL unit bytes with emulation prevention bytes, also behind a zero byte at the very end."""
    data = _NEEDS_PREVENTION.sub(b"\0\0\3", rbsp)
    return data + b"\3" if data.endswith(b"\0") else data
