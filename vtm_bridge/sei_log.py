"""The SEI messages of a stream as the decoder of VTM or HM lists them: a reading that shares nothing with ours.

Both decoders write a text file (``--OutputDecodedSEIMessagesFilename``): a line of dashes, a line with the title and
the size of the payload, then a line for each element with its name right-aligned, a colon, and its value as text.
Values that the decoder derives stand in between in the same form, so the names tell them apart.

Learnt from VTM 24.0 and HM 18.0: VTM crashes on GFV messages in prefix SEI, so those to be listed go into suffix SEI.
Whether a message that is not of a base picture announces a network VTM reads from memory that nothing has set, so in
long streams it finds bytes of networks where none are, by chance; `CLEAN_MEMORY` has it find none.
HM 18.0 does not know GFV messages and lists them as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.process import DEFAULT_TIMEOUT
from vtm_bridge.codec import Source
from vtm_bridge.programs.decoder import stream_file
from vtm_bridge.programs.hm import DECODER as HM
from vtm_bridge.programs.program import disk, execute
from vtm_bridge.programs.vtm import DECODER as VTM

CLEAN_MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.perturb=255:glibc.malloc.tcache_count=0"}
"""Has glibc fill new memory with zeros, the complement of that number; other C libraries do not hear it."""

_KINDS = {"vvc": VTM, "hevc": HM}

_TITLE = re.compile(r"^(?P<title>.*\S) SEI message \((?P<size>\d{1,18}) bytes\)$")
_UNKNOWN = re.compile(r"^(?P<what>Unknown \w+) SEI message \(payloadType = (?P<type>\d+)\) was found!$")
_DASHES = re.compile(r"^-{3,}$")
_END = re.compile(r"^End of scalable nesting SEI message$")  # what stands before it is nested


class ListedMessage(NamedTuple):
    """An SEI message of the list: "Generative face video", bytes of its payload, and (name, value) of each line.

    One that the decoder does not know is "Unknown suffix, payload type 223", of no size and without elements.
    """

    title: str
    size: int
    elements: tuple[tuple[str, str], ...]


def decoded_sei_messages(
    stream: Source, codec: str = "vvc", *, program: str | None = None, timeout: float | None = DEFAULT_TIMEOUT
) -> list[ListedMessage]:
    """The SEI messages of a stream in its order, as VTM ("vvc") or HM ("hevc") lists them.

    ``program`` is the path of the decoder, None looks for it. ToolError if it is not here; ProgramError, with its log,
    if it fails, which the decoders do on some messages that their own encoders write.
    """
    kind = _KINDS.get(codec)
    if kind is None:
        raise GfvError("no decoder lists its SEI messages", element="codec", value=codec, allowed=", ".join(_KINDS))
    path = kind.find(program)
    kind.version(path)
    with disk("make a temporary folder"):
        folder = TemporaryDirectory(prefix="gfv-sei-")
    with folder as name:
        place = Path(name)
        file = stream_file(stream, place)
        listed = place / "messages.txt"
        execute(
            [path, "-b", str(file), f"--OutputDecodedSEIMessagesFilename={listed.name}"],
            place,
            kind.label,
            timeout,
            environment=CLEAN_MEMORY,
        )
        if not listed.exists():
            return []
        with listed.open(encoding="utf-8", errors="surrogateescape") as text:
            return parse_sei_log(text)


def parse_sei_log(lines: Iterable[str]) -> list[ListedMessage]:
    """The messages of such a list. GfvError, with the line, for what is no such list."""
    messages: list[tuple[str, int, list[tuple[str, str]]]] = []
    for number, text in enumerate(lines, 1):
        line = text.rstrip("\r\n")
        if _DASHES.match(line) or _END.match(line) or not line.strip():
            continue
        title, unknown = _TITLE.match(line), _UNKNOWN.match(line)
        if unknown is not None:
            messages.append((f"{unknown['what']}, payload type {unknown['type']}", 0, []))
        elif title is not None:
            messages.append((title["title"], int(title["size"]), []))
        elif messages and ":" in line:
            name, _, value = line.partition(":")
            messages[-1][2].append((name.strip(), value[1:] if value.startswith(" ") else value))
        else:
            raise GfvError(f"line {number} belongs to no list of SEI messages", element="line", value=repr(line[:80]))
    return [ListedMessage(title, size, tuple(elements)) for title, size, elements in messages]
