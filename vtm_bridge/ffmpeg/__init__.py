"""The adapter to ffmpeg (9.0 or later; the one in imageio-ffmpeg's wheel is found by itself).

Learnt by trying the bundled 9.0.2, and the reason for what the modules do:

- libvvenc takes 10-bit 4:2:0 only. ffmpeg's wrapper drops the range and the chroma siting, so ``encode`` hands
  them to the library itself. Intra pictures get qp - 2 unless told otherwise, and the temporal pre-filter shifts
  the QP by one here and there; neither happens for the structure "intra". With poc0idr=1 the first picture is
  the first IDR picture; else that is the last of the first period, shown after pictures that precede it.
- libvvenc prints warnings about its configuration on standard output, whatever its verbosity, into the middle of
  a stream that goes there. So encoders write to a pipe of their own (``gfv_sei.process.OUTPUT``).
- The wrapper of libvvenc can lose a stream without an error when the encoder has little delay. ``encode`` counts.
- libx264 starts a stream with 600 bytes of user data that no option switches off; a bitstream filter takes them
  out. libx265 has an option for it (info=0).
- Raw streams carry no time stamps, and ffmpeg writes MP4 files with reordered pictures wrongly from them. ``mux``
  learns the output order from a decoding run first.
- Y4M says nothing of the matrix, and says JPEG siting when it knows none, so ``decode`` reads both from what
  ffmpeg prints about the stream. ffmpeg does not read the siting of VVC: it comes out as "left", the usual one.
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
