"""The adapters to optional programs: VTM, HM, JM, x265, x264.

``program`` finds the programs, asks for their versions, and runs them with their log kept. ``encoder`` and ``decoder``
do the work around a run: raw pictures and streams are files in a temporary folder, which is always removed. ``config``
finds the configuration files of the reference encoders. ``vtm``, ``hm`` (with ``jvet`` for what the two share), ``jm``,
``x265`` and ``x264`` each hold the command line and the log lines of one program. A command line is a function of a
``Job`` and nothing else.

These properties were found by running VTM 24.0, HM 18.0, JM 19.1, x265 3.5 and x264 core 164. They are the reasons for
what the modules do:

- On a full disk, VTM, HM and lencod write what fits and exit with status 0. So the size of a stream is compared with
  the bits in the log, and the number of pictures with the number of input pictures. ldecod writes the same line tens of
  thousands of times and crashes, so a program that repeats itself a thousand times is stopped.
- VTM and HM refuse IDR pictures at a distance of one picture, or of less than a group of pictures. So each coded video
  sequence is a separate run ("intra": one run per picture), and the streams are concatenated.
- If a picture does not match its hash, VTM and HM say so and exit with status 1. If a stream ends early, VTM says the
  same or reports an error, and HM aborts. ldecod crashes, complains, notices nothing or runs forever, because AVC has
  no picture hash. So ffmpeg checks the slices first.
- x265 writes hashes and PSNR values that do not always match the pictures that its stream decodes to (chroma of P
  pictures; HM and ffmpeg agree with each other). So it is not asked for hashes. x264 measures before deblocking if all
  pictures are intra pictures. In low delay, VTM and HM measure PSNR against their filtered input.
- Above 8 bits, lencod needs sizes that are multiples of 16. With other sizes it does not code the picture that it was
  given.
- VTM's decoder crashes on an empty file. HM's decoder finds no picture and reports success.
- VTM's decoder writes Y4M. HM and JM write only samples, in one byte for 8 bits and in two bytes otherwise.
- If x265 cannot start, it waits for a key unless its standard input is empty, so its standard input is empty here. A
  picture must hold at least one of its coding tree units.

vvencapp and vvdecapp have no adapter, because neither was available for testing. libvvenc is in the bundled ffmpeg.
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
