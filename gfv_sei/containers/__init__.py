"""MP4, Matroska and transport streams: elementary streams out of them and into them, through ffmpeg.

A tool for SEI messages edits byte streams, but people keep video in containers. So :mod:`~gfv_sei.containers.demux`
opens a container as a byte stream, and :mod:`~gfv_sei.containers.mux` puts an edited byte stream back. The output has
the time stamps and the other streams of its source container; a bare stream gets a constant rate. Nothing is encoded
again. :mod:`~gfv_sei.containers.output` is a target that may be a container, and :mod:`~gfv_sei.containers.command` has
what all ffmpeg commands share. ffmpeg opens only the files that it is given, and no files that those name.
"""

from gfv_sei.containers.demux import demux, demux_to_annexb
from gfv_sei.containers.mux import FORMATS, mux, remux

__all__ = ["FORMATS", "demux", "demux_to_annexb", "mux", "remux"]
