"""Decoded pictures for the page of ``gfv inspect --format html``; found there by the entry point of this package."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.report.pictures import DECODED, Picture, Wanted
from vtm_bridge.registry import get_decoder


def decoded_pictures(wanted: Wanted) -> Iterator[Picture]:
    """The decoded pictures of the access units that are wanted. ToolError where they cannot be decoded."""
    from vtm_bridge.colour import to_rgb8
    from vtm_bridge.ffmpeg.jpeg import to_jpeg

    units = {display: au for au, display in wanted.decoded}
    if not units:
        return
    last = max(units)
    for display, picture in enumerate(get_decoder(wanted.decoder).decode(wanted.source)):
        if display in units:
            yield Picture(DECODED, units[display], to_jpeg(to_rgb8(picture), wanted.longest))
        if display == last:
            return
