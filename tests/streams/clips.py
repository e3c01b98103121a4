"""Tiny real streams of many shapes, from the encoders in the bundled ffmpeg."""

from __future__ import annotations

from typing import NamedTuple


class Clip(NamedTuple):
    """How to encode a stream. ``words`` are for ffmpeg."""

    name: str
    codec: str
    pictures: int
    size: str
    words: tuple[str, ...]

    @property
    def command(self) -> list[str]:
        source = ["-f", "lavfi", "-i", f"testsrc2=size={self.size}:rate=25", "-frames:v", str(self.pictures)]
        return [*source, *self.words, "-threads", "1", "-f", {"avc": "h264"}.get(self.codec, self.codec)]


def _vvc(name: str, pictures: int, size: str, params: str = "") -> Clip:
    words = ("-pix_fmt", "yuv420p10le", "-c:v", "libvvenc", "-preset", "faster")
    return Clip(f"vvc-{name}", "vvc", pictures, size, (*words, "-vvenc-params", f"verbosity=0:{params}".rstrip(":")))


def _hevc(name: str, pictures: int, size: str, params: str = "", pixels: str = "yuv420p") -> Clip:
    words = ("-pix_fmt", pixels, "-c:v", "libx265", "-preset", "fast")
    return Clip(
        f"hevc-{name}",
        "hevc",
        pictures,
        size,
        (*words, "-x265-params", f"log-level=error:pools=1:{params}".rstrip(":")),
    )


def _avc(name: str, pictures: int, size: str, params: str = "", pixels: str = "yuv420p") -> Clip:
    words = ("-pix_fmt", pixels, "-c:v", "libx264", "-preset", "fast")
    return Clip(f"avc-{name}", "avc", pictures, size, (*words, *(("-x264-params", params) if params else ())))


LOW_DELAY = "picreordering=0:decodingrefreshtype=none:gopsize=8:numrefpics=0:intraperiod=-1"

CLIPS = {
    clip.name: clip
    for clip in (
        _vvc("plain", 5, "64x64"),
        _vvc(
            "intra",
            4,
            "64x64",
            "intraperiod=1:decodingrefreshtype=idr_no_radl:bim=0:mctfframe=8:mctfstrength=0",
        ),
        _vvc("lowdelay-aud", 9, "80x48", f"{LOW_DELAY}:accessunitdelimiter=1"),
        _vvc("hierarchical", 33, "64x64", "gopsize=16:intraperiod=16:decodingrefreshtype=cra"),
        _vvc("vui-hrd", 5, "128x96", "vuiparameterspresent=1:hrdparameterspresent=1:accessunitdelimiter=1"),
        _hevc("plain", 9, "64x64"),
        _hevc(
            "pyramid-open-gop", 16, "64x64", "bframes=4:b-pyramid=1:keyint=8:open-gop=1:aud=1:repeat-headers=1:hash=1"
        ),
        _hevc("slices", 6, "128x192", "slices=3:ctu=32:hrd=1:vbv-maxrate=500:vbv-bufsize=500"),
        _hevc("fields-10-bit", 6, "64x64", "interlace=tff", "yuv420p10le"),
        _hevc("intra-bare", 4, "72x56", "keyint=1:info=0:bframes=0"),
        _avc("plain", 9, "64x64"),
        _avc("slices-aud", 9, "64x128", "slices=4:aud=1:bframes=3:b-pyramid=normal"),
        _avc("interlaced", 9, "64x64", "interlaced=1:keyint=5"),
        _avc("baseline-intra", 5, "96x80", "keyint=1:bframes=0:cabac=0:8x8dct=0"),
        _avc("filler", 6, "64x64", "nal-hrd=cbr:bitrate=100:vbv-maxrate=100:vbv-bufsize=100:filler=1"),
        _avc("444-many-slices", 6, "64x64", "intra-refresh=1:slice-max-size=200", "yuv444p"),
    )
}
"""By name."""

PLAIN = ("vvc-plain", "hevc-plain", "avc-plain")
