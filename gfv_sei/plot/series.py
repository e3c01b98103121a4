"""The numbers of a stream over its pictures."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from math import nan
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.picture_order import AccessUnit
from gfv_sei.stream.records import AUTO, read_messages
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.source import Source, open_stream
from gfv_sei.syntax.payload_types import MESSAGE_TYPES

MOST_PICTURES = 20_000
"""Pictures in one plot; more of them could not be told apart, and each holds up to a few hundred numbers."""

MOST_POINTS = 64
"""Keypoints that are drawn."""

MOST_ELEMENTS = 24
"""Elements that are drawn of the matrices of one type."""


@dataclass
class Series:
    """What is drawn of one face.

    pictures      shown pictures, coded and generated
    coded_bits    of each picture: bits of its access unit without the payloads of GFV and GFVE messages; 0 if generated
    sei_bits      of each picture: bits of the GFV and GFVE payloads that belong to it, of all faces
    bases         indices of base pictures
    points        by keypoint and axis, its coordinate in each picture, NaN where it has none
    matrices      by matrix type (-1: of GFVE) and element in coding order, likewise
    pupils        "left x", "left y", "right x", "right y", likewise
    num_points    keypoints of the message that has most of them, whether drawn or not
    num_elements  likewise elements, by matrix type
    """

    codec: str
    syntax: str
    gfv_id: int
    other_ids: list[int]
    pictures: int = 0
    coded_bits: array[float] = field(default_factory=lambda: array("d"))
    sei_bits: array[float] = field(default_factory=lambda: array("d"))
    bases: list[int] = field(default_factory=list)
    points: dict[tuple[int, str], array[float]] = field(default_factory=dict)
    matrices: dict[int, dict[int, array[float]]] = field(default_factory=dict)
    pupils: dict[str, array[float]] = field(default_factory=dict)
    num_points: int = 0
    num_elements: dict[int, int] = field(default_factory=dict)


@dataclass
class _Picture:
    """A picture to show: where in order, its bits, the values of its messages."""

    place: tuple[int, int, int]  # in output order: coded picture, access unit, gfv_cnt
    coded_bits: int = 0
    sei_bits: int = 0
    base: bool = False
    values: list[dict[str, Any]] = field(default_factory=list)


class _Sizes:
    """Bits of each access unit, and where its picture is in output order."""

    def __init__(self, source: Source, codec: str | None, wanted: Container[Any] | None) -> None:
        self.bits: dict[int, int] = {}
        self.units: dict[int, AccessUnit] = {}
        with open_stream(source, codec) as stream:
            units = AccessUnits(stream.codec, order=True)
            scanner = Scanner(stream, stream.codec)
            au, start = -1, 0
            for nal in scanner:
                self._add(au, nal.offset - start)
                start = nal.offset
                at = units.feed(nal.nal_type, nal.layer_id, nal.data)
                au = at if wanted is None or at in wanted else -1
                if au >= 0 and au not in self.units:
                    assert units.unit is not None
                    self.units[au] = units.unit
                    _check_number(len(self.units))
            self._add(au, scanner.position - start)
            units.finish()

    def _add(self, au: int, size: int) -> None:
        if au >= 0:
            self.bits[au] = self.bits.get(au, 0) + 8 * size


def read_series(
    source: Source,
    gfv_id: int | None = None,
    syntax: str = AUTO,
    *,
    codec: str | None = None,
    access_units: Container[Any] | None = None,
) -> Series:
    """The numbers of one face, by default that of the first message; the source is read twice.

    Raises GfvError where there is no such face, or too many pictures for a plot.
    """
    sizes = _Sizes(source, codec, access_units)
    pictures: dict[tuple[int, int], _Picture] = {}
    series: Series | None = None
    others: set[int] = set()
    for record in read_messages(source, syntax, codec=codec, errors="record"):
        au = record["au"]
        if au not in sizes.bits or "message" not in record:
            continue
        message = record["message"]
        face, cnt = (message[name] for name in MESSAGE_TYPES[record["payload_type"]].identifying[-2:])
        if gfv_id is None:
            gfv_id = face
        bits = 8 * record["payload_size"]
        sizes.bits[au] -= bits
        if face != gfv_id:
            others.add(face)
            cnt = 0
        elif series is None:
            series = Series(record["codec"], record["syntax"], face, [])
        picture = pictures.get((au, cnt))
        if picture is None:
            picture = pictures[au, cnt] = _Picture(_place(sizes, au, cnt))
            _check_number(len(pictures))
        picture.sei_bits += bits
        if face == gfv_id and series is not None:
            picture.base |= bool(message.get("gfv_base_picture_flag"))
            picture.values.append(record["values"])
    if series is None:
        what = "GFV message" if gfv_id is None else f"message of gfv_id {gfv_id}"
        raise GfvError(f"there is no {what} to plot in the stream")
    series.other_ids = sorted(others)
    for au, bits in sizes.bits.items():
        first = pictures.setdefault((au, 0), _Picture(_place(sizes, au, 0)))
        first.coded_bits = bits
    for picture in sorted(pictures.values(), key=lambda one: one.place):
        _add(series, picture)
    return series


def _check_number(pictures: int) -> None:
    if pictures > MOST_PICTURES:
        raise GfvError(
            "the stream has too many pictures for a plot; --au takes a part of them",
            element="pictures",
            value=f"more than {MOST_PICTURES}",
        )


def _place(sizes: _Sizes, au: int, cnt: int) -> tuple[int, int, int]:
    display = sizes.units[au].display
    return (au if display is None else display, au, cnt)


def _add(series: Series, picture: _Picture) -> None:
    number = series.pictures
    series.pictures += 1
    series.coded_bits.append(picture.coded_bits)
    series.sei_bits.append(picture.sei_bits)
    if picture.base:
        series.bases.append(number)
    for values in picture.values:
        points = values.get("coordinates", ())
        series.num_points = max(series.num_points, len(points))
        for point, coordinates in enumerate(points[:MOST_POINTS]):
            for axis, value in zip("xyz", coordinates, strict=False):
                _put(series.points.setdefault((point, axis), array("d")), number, value)
        for entry in values.get("matrices", ()):
            kind = entry.get("type", -1)
            elements = series.matrices.setdefault(kind, {})
            total = 0
            for value in _flat(entry["elements"]):
                if total < MOST_ELEMENTS:
                    _put(elements.setdefault(total, array("d")), number, value)
                total += 1
            series.num_elements[kind] = max(series.num_elements.get(kind, 0), total)
        for eye, (x, y) in values.get("pupils", {}).items():
            _put(series.pupils.setdefault(f"{eye} x", array("d")), number, x)
            _put(series.pupils.setdefault(f"{eye} y", array("d")), number, y)


def _put(column: array[float], number: int, value: float) -> None:
    while len(column) < number:
        column.append(nan)
    if len(column) == number:
        column.append(value)


def _flat(nested: list[list[list[float]]]) -> Iterator[float]:
    for matrix in nested:
        for row in matrix:
            yield from row
