"""Uncompressed pictures (``format``, ``picture``) and the files that hold them (``raw``, ``y4m``, ``png``).

Everything here works on one picture at a time. Readers are iterators over a binary file object, which may be a pipe.
Writers take pictures one by one. A format is checked when it is created, before any sample is allocated, so a header
that lies about the size costs nothing.
"""

from vtm_bridge.pictures.format import CHROMA, MATRICES, SITINGS, PictureFormat
from vtm_bridge.pictures.picture import Picture
from vtm_bridge.pictures.png import write_png
from vtm_bridge.pictures.raw import RawReader, RawWriter
from vtm_bridge.pictures.y4m import Y4MHeader, Y4MReader, Y4MWriter

__all__ = [
    "CHROMA",
    "MATRICES",
    "SITINGS",
    "Picture",
    "PictureFormat",
    "RawReader",
    "RawWriter",
    "Y4MHeader",
    "Y4MReader",
    "Y4MWriter",
    "write_png",
]
