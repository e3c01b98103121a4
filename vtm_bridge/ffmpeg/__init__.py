"""The adapter to ffmpeg (9.0 or later; the one in imageio-ffmpeg's wheel is found by itself).

Learnt by trying the bundled 9.0.2, and the reason for what the modules do:

- libvvenc takes 10-bit 4:2:0 only. Its wrapper drops the range and the chroma siting, so ``encode`` hands
them to
  the library itself. Intra pictures get qp - 2 unless told otherwise, and the temporal pre-filter shifts
  the QP by one here and there; both are off for the structure "intra".
- libvvenc prints warnings about its configuration on standard output, whatever its verbosity, in the middle of a
  stream that goes there. So encoders write to a pipe of their own (``gfv_sei.process.OUTPUT``).
- libx264 starts a stream with 600 bytes of user data that no option switches off; a bitstream filter takes
it out. - Raw streams carry no time stamps, and ffmpeg writes MP4 files with reordered pictures wrongly from
them. ``mux``
  learns the output order from a decoding run first.
- Y4M says nothing of the matrix, and says JPEG siting when it knows none, so ``decode`` reads both from what
  ffmpeg prints about the stream. ffmpeg does not read the siting of VVC: it comes out as "left", VVC's
  usual one.
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
