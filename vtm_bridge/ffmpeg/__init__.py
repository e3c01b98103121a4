"""The adapter to ffmpeg (9.0 or later; the ffmpeg in imageio-ffmpeg's wheel is found automatically).

These properties were found by trying the bundled 9.0.2. They are the reasons for what the modules do:

- libvvenc accepts only 10-bit 4:2:0. ffmpeg's wrapper drops the range and the chroma siting, so ``encode`` passes them
  to the library directly. By default, intra pictures get qp - 2, and the temporal pre-filter shifts the QP by one in
  places. Neither happens for the structure "intra". With poc0idr=1 the first picture is the first IDR picture.
  Without it, the first IDR picture is the last picture of the first period, shown after pictures that precede it.
- libvvenc prints warnings about its configuration to standard output, whatever its verbosity. If the stream goes there,
  the warnings end up in the middle of it. So encoders write to a pipe of their own (``gfv_sei.process.OUTPUT``).
- The wrapper of libvvenc can lose a stream without an error when the encoder has little delay. So ``encode`` counts the
  pictures.
- libx264 starts a stream with 600 bytes of user data that no option switches off. A bitstream filter removes them.
  libx265 has an option for this (info=0).
- Raw streams have no time stamps. From such a stream, ffmpeg writes wrong MP4 files if pictures are reordered. So
  ``mux`` first finds the output order in a decoding run.
- Y4M does not tell the matrix, and claims JPEG siting if the siting is unknown. So ``decode`` reads both from what
  ffmpeg prints about the stream. ffmpeg does not read the siting of VVC, so it comes out as "left", the usual one.
"""

from vtm_bridge.ffmpeg.container import demux_to_annexb, mux
from vtm_bridge.ffmpeg.decode import FfmpegDecoder, decode
from vtm_bridge.ffmpeg.encode import FfmpegEncoder, encode
from vtm_bridge.ffmpeg.hashes import framemd5
from vtm_bridge.ffmpeg.image import read_image
from vtm_bridge.ffmpeg.probe import StreamInfo, probe
from vtm_bridge.ffmpeg.video import read_video, write_mp4

__all__ = [
    "FfmpegDecoder",
    "FfmpegEncoder",
    "StreamInfo",
    "decode",
    "demux_to_annexb",
    "encode",
    "framemd5",
    "mux",
    "probe",
    "read_image",
    "read_video",
    "write_mp4",
]
