"""MP4, Matroska, transport streams: elementary streams out of them and into them, through ffmpeg.

A tool for SEI messages edits byte streams; people keep video in containers. So :mod:`~gfv_sei.containers.demux` opens
a container as a byte stream, and :mod:`~gfv_sei.containers.mux` puts an edited byte stream back: with the times and
the other streams of the container that it came from, or, for a bare stream, at a constant rate. Nothing is encoded
again. ffmpeg opens the files that it is given and nothing that those name.
"""

from gfv_sei.containers.demux import demux, demux_to_annexb
from gfv_sei.containers.mux import FORMATS, mux, remux

__all__ = ["FORMATS", "demux", "demux_to_annexb", "mux", "remux"]
