"""Pictures for the page, from whoever can decode or generate them.

This package decodes no video. Packages that do name a function in the entry points ``gfv.report_pictures`` of their
``pyproject.toml``; it is called with a :class:`Wanted` and gives :class:`Picture` objects. Where none is installed,
or a tool that it needs is missing, the page goes without and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.report.blocks import picture_block
from gfv_sei.wording import counted

GROUP = "gfv.report_pictures"

DECODED, GENERATED = "decoded", "generated"

MOST_PICTURES = 48
"""Pictures of one kind that go into a page, unless it is told otherwise."""

LONGEST_SIDE = 320
"""Of a picture in the page, in samples."""

MOST_BYTES = 1 << 17
"""Of a picture in the page; a larger one is left out."""


class Wanted(NamedTuple):
    """What a page asks for.

    source      path of the stream
    syntax      edition of its messages
    codec       vvc, hevc or avc
    decoded     access units whose decoded pictures are wanted, with their index in output order; ascending by that
    generator   name of the generator for generated pictures; None: none are wanted
    decoder     name of the decoder
    most        pictures of each kind, at most
    longest     side of a picture, at most, in samples
    """

    source: str
    syntax: str
    codec: str
    decoded: tuple[tuple[int, int], ...]
    generator: str | None
    decoder: str
    most: int
    longest: int = LONGEST_SIDE


class Picture(NamedTuple):
    """One picture.

    kind            DECODED or GENERATED
    au              access unit of the picture, or of the message that it was generated from
    message         of a generated picture: gfv_id and gfv_cnt
    data            a JPEG or PNG file
    """

    kind: str
    au: int
    data: bytes
    message: tuple[int, int] | None = None


Source = Callable[[Wanted], Iterator[Picture]]
"""What an entry point names. It ignores kinds that it does not make, and raises GfvError where it cannot."""


def wanted_units(bases: list[int], display: list[int | None], most: int) -> tuple[tuple[int, int], ...]:
    """The access units whose decoded pictures a page shows: those of base messages, evenly picked if too many."""
    units = [au for au in bases if display[au] is not None] or list(range(min(1, len(display))))
    if len(units) > most:
        units = [units[i * len(units) // most] for i in range(most)]
    places = [(au, au if (place := display[au]) is None else place) for au in units]
    return tuple(sorted(places, key=lambda place: place[1]))


def add_pictures(wanted: Wanted, write: Callable[[bytes], Any]) -> list[str]:
    """Write the blocks of all pictures that come; what is missing and why, in words.

    Raises GfvError where no decoder has the name that is given.
    """
    counts = {DECODED: 0, GENERATED: 0}
    notes: list[str] = []
    large = 0
    for source in _sources(notes):
        try:
            for picture in source(wanted):
                if len(picture.data) > MOST_BYTES:
                    large += 1
                    continue
                counts[picture.kind] += 1
                place: dict[str, int | str] = {"kind": picture.kind, "au": picture.au}
                if picture.message is not None:
                    place |= {"id": picture.message[0], "count": picture.message[1]}
                kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
                write(picture_block(picture.data, **place, format=kind))
        except GfvError as error:
            if error.element == "decoder":  # a name that no decoder has, and no tool that is missing
                raise
            notes.append("; ".join(line.strip() for line in str(error).splitlines()))
    if large:
        notes.append(f"left out, for more than {MOST_BYTES} bytes each: {counted(large, 'picture')}")
    if not counts[DECODED] and not notes:
        notes.append("no decoded pictures: nothing that decodes is installed")
    if wanted.generator is not None and not counts[GENERATED] and not notes:
        notes.append(
            f"no generated pictures: the generator {wanted.generator} is not installed, or no message asks for any"
        )
    return notes


def _sources(notes: list[str]) -> Iterator[Source]:
    from importlib.metadata import entry_points

    for entry_point in sorted(entry_points(group=GROUP), key=lambda found: found.name):
        try:
            source: Source = entry_point.load()
        except ImportError as error:
            notes.append(f"no {entry_point.name} pictures: {error}")
            continue
        yield source
