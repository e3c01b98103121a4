"""Bridges to encoders and decoders, and the uncompressed pictures that go through them.

The packages that know GFV messages know nothing of codecs; this one is the reverse. It turns pictures into an
elementary stream and back, and never looks into an SEI message. How the parts use each other:

    codec      the words for what an encoder is asked and answers, and the two small interfaces
    registry   names of encoders and decoders; "auto" is the bundled ffmpeg
    option_files/  GFV messages to and from the option files of the reference encoders (the one part that reads them)
    ffmpeg/    the adapter to ffmpeg: encode, decode, containers, any video or image, hashes
    programs/  the adapters to programs that may be installed: VTM, HM, JM, x265, x264
    sei_log    the SEI messages of a stream as the VTM's or the HM's decoder lists them
    pictures/  picture format, picture, raw planar files, Y4M, PNG
    colour     Y'CbCr to R'G'B' and back, bit depths; chroma does the resampling below it
    report_pictures    decoded pictures for the page of ``gfv inspect --format html``

An adapter to another program is one module with a class that has ``encode`` or ``decode`` as in ``codec``, and one
line in ``registry``, or a call of ``register_encoder`` from outside. Nothing else changes.

Three rules hold for all of it:

*Streams, not files in memory.* Pictures are iterators of ``Picture``; encoded bytes go out as they come.
What is held is a few pictures, whatever the length of the video.

*Programs, not libraries.* Each encoder and decoder runs as a process of its own, through
``gfv_sei.process``: a crash on a broken stream is an error with the program's last words, and a hang ends
with the time-out. It costs a process start (about 30 ms for ffmpeg) and one copy of each picture through a
pipe.

*Nothing in a stream causes a fetch.* ffmpeg gets its input as a file that is open already and may open nothing
else, no network and no other file; other programs get file names as file names, never as something to be interpreted.

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
