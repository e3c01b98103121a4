"""Data blocks of the page: deflated, as base64, each in a script element that no browser runs."""

from __future__ import annotations

import binascii
import json
import zlib
from typing import Any

_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def block(name: str, data: bytes, **attributes: int | str) -> bytes:
    """A block of bytes. ``attributes`` become data attributes; their values are numbers or words of our own."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    text = binascii.b2a_base64(packer.compress(data) + packer.flush(), newline=False)
    said = "".join(f' data-{key}="{value}"' for key, value in attributes.items())
    return b'<script type="text/plain" data-block="%s"%s>%s</script>\n' % (name.encode(), said.encode(), text)


def json_block(name: str, value: Any) -> bytes:
    """A block of JSON."""
    return block(name, _dumps(value).encode())


def picture_block(data: bytes, **attributes: int | str) -> bytes:
    """A block with a JPEG or PNG file, which is not deflated again: the page hands its base64 on as it is."""
    text = binascii.b2a_base64(data, newline=False)
    said = "".join(f' data-{key}="{value}"' for key, value in attributes.items())
    return b'<script type="text/plain" data-block="picture"%s>%s</script>\n' % (said.encode(), text)
