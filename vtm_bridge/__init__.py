"""Bridges to encoders and decoders, and the uncompressed pictures that go through them.

``gfv_sei`` knows GFV messages and no codecs. This package is the reverse: it converts pictures to an elementary stream
and back. Only ``option_files``, and ``sei_log`` with ``sei_elements``, deal with SEI messages. The parts::

    codec      the data types for requests to an encoder and its answers, and the two small interfaces
    registry   names of encoders and decoders; "auto" is the bundled ffmpeg
    option_files/  GFV messages to and from the option files of the reference encoders
    ffmpeg/    the adapter to ffmpeg: encode, decode, containers, any video or image, hashes
    programs/  the adapters to optional programs: VTM, HM, JM, x265, x264
    sei_log    the SEI messages of a stream as the decoder of VTM or HM lists them
    sei_elements   the names and numbers of such a list as syntax elements and values
    pictures/  picture format, picture, raw planar files, Y4M, PNG
    colour     Y'CbCr to R'G'B' and back, bit depths; it uses chroma, which does the resampling
    report_pictures    decoded pictures for the page of ``gfv inspect --format html``
    commands/  gfv vtm-cfg

An adapter to another program is one module with a class that has ``encode`` or ``decode`` as in ``codec``, and one
line in ``registry``, or a call of ``register_encoder`` from outside. Nothing else changes.

Three rules hold for the whole package:

*Streams, not files in memory.* Pictures are iterators of ``Picture``, and encoded bytes are passed on as they come.
Only a few pictures are in memory, whatever the length of the video.

*Programs, not libraries.* Each encoder and decoder runs as a separate process, through ``gfv_sei.process``. If it
crashes on a broken stream, there is an error with the last line that it printed. If it hangs, the time-out ends it. The
price is a process start (about 30 ms for ffmpeg) and one copy of each picture through a pipe.

*Nothing in a stream causes a fetch.* ffmpeg gets its input as an open file, and may open no other file and no network
connection. The other programs get file names only as file names, never as something to be interpreted.

Importing this package is cheap: numpy and the adapters load when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from vtm_bridge.codec import CODECS as CODECS
    from vtm_bridge.codec import STRUCTURES as STRUCTURES
    from vtm_bridge.codec import CodedPicture as CodedPicture
    from vtm_bridge.codec import Decoder as Decoder
    from vtm_bridge.codec import Encoder as Encoder
    from vtm_bridge.codec import EncodeReport as EncodeReport
    from vtm_bridge.codec import EncodeSettings as EncodeSettings
    from vtm_bridge.registry import decoder_names as decoder_names
    from vtm_bridge.registry import encoder_names as encoder_names
    from vtm_bridge.registry import get_decoder as get_decoder
    from vtm_bridge.registry import get_encoder as get_encoder
    from vtm_bridge.registry import register_decoder as register_decoder
    from vtm_bridge.registry import register_encoder as register_encoder

__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "codec": ("CODECS", "STRUCTURES", "CodedPicture", "Decoder", "Encoder", "EncodeReport", "EncodeSettings"),
        "registry": (
            "decoder_names",
            "encoder_names",
            "get_decoder",
            "get_encoder",
            "register_decoder",
            "register_encoder",
        ),
    },
)
