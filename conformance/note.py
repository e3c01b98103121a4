"""The note that goes with a stream: a text of headings, as conformance packages of video standards have them."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from typing import NamedTuple

from conformance.case import Case
from conformance.package import CONTENTS
from conformance.pictures import PICTURE_RATE, STRUCTURES
from gfv_sei.nal import avc_headers, hevc_headers, vvc_headers
from gfv_sei.nal.codec import AVC, HEVC
from gfv_sei.nal.escape import unescape
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import open_stream
from gfv_sei.syntax.editions import EDITIONS

SPECIFICATIONS = {
    "vvc": "Rec. ITU-T H.266 | ISO/IEC 23090-3 (VVC)",
    "hevc": "Rec. ITU-T H.265 | ISO/IEC 23008-2 (HEVC)",
    "avc": "Rec. ITU-T H.264 | ISO/IEC 14496-10 (AVC)",
}

# By codec, the values of the profile element that the bundled encoders write.
PROFILES = {
    "vvc": {1: "Main 10", 65: "Main 10 Still Picture"},
    "hevc": {1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Format range extensions"},
    "avc": {66: "Baseline", 77: "Main", 100: "High"},
}


class Facts(NamedTuple):
    """What a note says of a stream beside what its case says."""

    messages: int
    pictures: int
    size: int
    depth: int


def profile_and_level(stream: bytes, codec: str) -> tuple[str, str]:
    """Profile and level in words, from the fixed places that they have in the first sequence parameter set."""
    with open_stream(stream, codec) as opened:
        sps_type = {AVC: avc_headers.SPS, HEVC: hevc_headers.SPS}.get(opened.codec, vvc_headers.SPS)
        sps = next(unescape(bytes(nal.data)) for nal in Scanner(opened, opened.codec) if nal.nal_type == sps_type)
    if codec == AVC.name:
        profile, level = sps[1], f"{sps[3] / 10:g}"
    elif codec == HEVC.name:
        profile, level = sps[3] & 31, f"{sps[14] / 30:g}"
    else:
        profile, level = sps[4] >> 1, f"{sps[5] // 16}.{sps[5] % 16 // 3}"
    return PROFILES[codec].get(profile, str(profile)), level


def note(case: Case, codec: str, stream: bytes, facts: Facts, expectation: list[str], files: Collection[str]) -> str:
    """The text; ``expectation`` says what a reader should make of the stream, ``files`` are endings of CONTENTS."""
    structure = STRUCTURES[case.structure]
    profile, level = profile_and_level(stream, codec)
    name = case.stream_name(codec)
    lines = [
        *("Bitstream name", name, ""),
        *("Specification", f"{SPECIFICATIONS[codec]} with SEI messages of Rec. ITU-T H.274 | ISO/IEC 23002-7", ""),
        *("Syntax of the messages", f"{case.syntax}: {EDITIONS[case.syntax].written_by}", ""),
        *("Size of the bitstream", f"{facts.size} bytes", ""),
        *("Functional stage", "Parsing and meaning of generative face video SEI messages (payload types 223, 224)", ""),
        *("Title", case.title, ""),
        *("Purpose", case.about[0], ""),
    ]
    if case.about[1:]:
        lines += ["Description", *case.about[1:], ""]
    lines += ["Expected result", *expectation, ""]
    lines += [
        *("Profile and level", f"{profile}, level {level}", ""),
        *("Coding structure", structure.about, ""),
        *("Picture size and format", f"{structure.width}x{structure.height}, 4:2:0, {facts.depth} bits", ""),
        *("Picture rate", f"{PICTURE_RATE} pictures per second", ""),
        *("Number of pictures", str(facts.pictures), ""),
        *("Number of GFV and GFVE messages", str(facts.messages), ""),
        *("Files", *(f"{name}{ending}: {CONTENTS[ending]}" for ending in files)),
    ]
    wrapped = [line for text in lines for line in (textwrap.wrap(text, 100) if len(text) > 100 else [text])]
    return "\n".join(wrapped) + "\n"
