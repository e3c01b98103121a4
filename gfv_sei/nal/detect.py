"""Which codec a byte stream is of, told by its first NAL units.

Each codec gives points to each NAL unit: many for a parameter set that looks like one of its own, few for a
plausible header, negative ones for what it reserves. The highest sum wins. The three header layouts differ enough
that a few NAL units decide.
"""

from __future__ import annotations

import re

from gfv_sei.errors import StreamError
from gfv_sei.nal.codec import CODECS, HEVC, VVC, Codec

_NAL_START = re.compile(rb"\x00\x00\x01(...?)", re.S)
_NAL_UNITS = 64

_AVC_PROFILES = frozenset((44, 66, 77, 83, 86, 88, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244))


def detect_codec(start: bytes) -> Codec:
    """The codec of a byte stream that starts with ``start`` (64 KiB are plenty). Raises StreamError if none fits."""
    score = dict.fromkeys(CODECS, 0)
    for number, match in enumerate(_NAL_START.finditer(start)):
        if number == _NAL_UNITS:
            break
        head = match[1]
        if head[0] & 0x80:
            continue
        score["avc"] += _avc(head)
        score["hevc"] += _hevc(head)
        score["vvc"] += _vvc(head)
    best = max(score, key=lambda name: score[name])
    if score[best] <= 0:
        raise StreamError("no AVC, HEVC or VVC byte stream: no start code followed by a plausible NAL unit header")
    return CODECS[best]


def _avc(head: bytes) -> int:
    nal_type = head[0] & 31
    referenced = head[0] & 0x60
    if nal_type == 7:
        return 8 if referenced and head[1] in _AVC_PROFILES else -4
    if nal_type == 8:
        return 4 if referenced else -4
    if nal_type == 9:
        return 4 if not referenced and head[1] & 31 == 16 else -2
    if nal_type == 5:
        return 2 if referenced else -4
    if nal_type == 6:
        return 1 if not referenced else -2
    if nal_type in (1, 12, 14, 15, 20):
        return 1
    return -4 if nal_type == 0 or nal_type > 21 else 0


def _hevc(head: bytes) -> int:
    nal_type, layer_id, _ = HEVC.header(head)
    if not head[1] & 7:
        return -8
    if nal_type in (32, 33, 34):
        return 8 if head[1] & 7 == 1 and layer_id == 0 else -1
    if nal_type in (35, 39, 40, 19, 20, 21):
        return 2 if layer_id == 0 else 0
    if 10 <= nal_type <= 15 or 22 <= nal_type <= 31 or nal_type > 40:
        return -4
    return 1 if layer_id == 0 else -2


def _vvc(head: bytes) -> int:
    nal_type, layer_id, _ = VVC.header(head)
    if head[0] & 0x40 or not head[1] & 7:
        return -8
    if nal_type in (14, 15, 16):
        return 8 if head[1] & 7 == 1 and layer_id == 0 else -1
    if nal_type in (17, 18, 19, 20, 23, 24, 7, 8, 9, 10):
        return 2 if layer_id == 0 else 0
    if 4 <= nal_type <= 6 or nal_type == 11 or nal_type > 25:
        return -4
    return 1 if layer_id == 0 else -2
