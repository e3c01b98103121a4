"""The adapters to programs that may be installed: VTM, HM, JM, x265, x264.

``program`` finds them, asks them who they are and runs them with their log kept; ``encoder`` and ``decoder`` are the
work around a run (raw pictures and streams in files of a temporary folder, which always goes away), ``config`` finds
the configuration files of the reference encoders; ``vtm``, ``hm`` (with ``jvet`` for what the two share), ``jm``,
``x265`` and ``x264`` each hold a command line and the log lines of one program. A command line is a function of a
``Job`` and nothing else.

Learnt by running VTM 24.0, HM 18.0, JM 19.1, x265 3.5 and x264 core 164, and the reason for what the modules do:

- On a full disk VTM, HM and lencod write what fits and exit with status 0. So the size of a stream is compared with
  the bits in the log, and the number of pictures with those that went in. ldecod writes the same line tens of
  thousands of times and crashes, so a program that repeats itself a thousand times is ended.
- VTM and HM refuse IDR pictures at a distance of a picture or of less than a group of pictures. So each coded video
  sequence is a run of its own, "intra" one for each picture, and the streams are put one after the other.
- VTM and HM say that a picture does not have its hash, and exit with status 1. Where a stream ends early, VTM says
  the same or that there is an error, HM aborts, and ldecod crashes, complains, notices nothing or runs for ever: there
  is no picture hash in AVC. So ffmpeg looks at the slices first.
- x265 writes hashes and PSNR values that do not always fit the pictures that its stream decodes to (chroma of P
  pictures; HM and ffmpeg agree with each other). So it is not asked for hashes. x264 measures before deblocking where
  it codes nothing but intra pictures. The PSNR of VTM and HM in low delay is that against their filtered input.
- lencod above 8 bits needs multiples of 16, else it codes something else than the picture.
- VTM's decoder crashes on an empty file, HM's finds no picture and is content.
- VTM's decoder writes Y4M. HM and JM write samples alone, 8-bit ones in bytes and others in two.
- x265 waits for a key when it cannot start, unless its standard input is empty (here it is); and a picture has to
  hold one of its coding tree units.

vvencapp and vvdecapp have no adapter: we had none to try one with. libvvenc is in the bundled ffmpeg.
"""

from __future__ import annotations

from vtm_bridge.programs.program import Kind, ProgramError

__all__ = ["Kind", "ProgramError", "kinds"]


def kinds() -> tuple[Kind, ...]:
    """All programs that there is an adapter for."""
    from vtm_bridge.programs import hm, jm, vtm, x264, x265

    return (
        *(vtm.ENCODER, vtm.DECODER, hm.ENCODER, hm.DECODER, jm.ENCODER, jm.DECODER),
        *(x265.ENCODER, x264.ENCODER),
    )
