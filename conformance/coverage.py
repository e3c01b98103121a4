"""Which parts of the standard the streams of the suite reach, measured while they are read.

Three views, none of which is a list that somebody keeps:

branches    The syntax descriptions are functions, so each condition of a syntax table is a conditional jump, which
            goes one way or the other (:mod:`conformance.branches`). The way that ends in an error is reached by the
            negative streams. Where all branches are reached, so is every inferred value, since each one stands in a
            branch.
elements    the values with which each syntax element was coded, from the smallest to the largest
paths       what values are predicted from, in which kind of message: :func:`paths_of`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from conformance.branches import Branch, Decisions, branches_of, decisions_of, recording
from gfv_sei.errors import GfvError
from gfv_sei.message import Message
from gfv_sei.stream.records import MessageReader
from gfv_sei.stream.source import open_stream
from gfv_sei.syntax import coordinates, face_parameters, gfv, gfve, matrices, parts
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.layout import GfveLayout, GfvLayout

DESCRIPTIONS: tuple[ModuleType, ...] = (gfv, gfve, parts, face_parameters, coordinates, matrices)
"""The modules that describe the syntax of ``vsei4``; the drafts of it are no part of the standard."""

KINDS = ("base", "driving", "further")

PATHS = (
    *(
        f"{what}, {coded}, {kind} message"
        for what in ("2D keypoints", "3D keypoints")
        for coded in ("absolute", "predicted")
        for kind in KINDS
    ),
    *(f"{what}, absolute, {kind} message" for what in ("GFV matrices", "GFVE matrices") for kind in KINDS),
    *(f"{what}, predicted, {kind} message" for what in ("GFV matrices", "GFVE matrices") for kind in KINDS[1:]),
    *(f"pupils, {eyes}, {kind} message" for eyes in ("none", "left", "right", "both") for kind in KINDS),
)
"""Every way in which values come about, as :func:`paths_of` names them."""


class Reached(NamedTuple):
    """What one stream reaches. ``elements``: smallest and largest value, number of times, by name."""

    branches: frozenset[Branch]
    paths: frozenset[str]
    elements: dict[str, tuple[int, int, int]]


NOTHING = Reached(frozenset(), frozenset(), {})
"""Of a stream in another edition of the syntax."""


@cache
def described() -> Decisions:
    """The decisions of the syntax descriptions."""
    return decisions_of(list(DESCRIPTIONS))


def measure(stream: bytes, codec: str) -> Reached:
    """Read a stream and record what it reaches; messages that are broken count up to where they break."""
    paths: set[str] = set()
    elements: dict[str, tuple[int, int, int]] = {}
    with recording(described()) as branches, open_stream(stream, codec) as opened:
        reader = MessageReader(opened, DEFAULT, errors="record", elements=True)
        records = iter(reader)
        with suppress(GfvError):
            for record in records:
                if "error" in record or reader.message is None:
                    continue
                paths.update(paths_of(reader.message))
                for name, value, _, _ in record["elements"]:
                    if isinstance(value, int):
                        low, high, times = elements.get(name, (value, value, 0))
                        elements[name] = (min(low, value), max(high, value), times + 1)
    return Reached(frozenset(branches), frozenset(paths), elements)


def paths_of(msg: Message) -> Iterator[str]:
    """In what ways the values of a message come about."""
    layout = msg.layout
    assert layout is not None
    kind = "further" if layout.cnt else "base" if layout.base else "driving"
    if isinstance(layout, GfvLayout):
        if layout.coordinates is not None:
            coded = "predicted" if layout.coordinates_predicted else "absolute"
            yield f"{3 if layout.coordinates.z_present else 2}D keypoints, {coded}, {kind} message"
        if layout.matrices is not None:
            yield f"GFV matrices, {'predicted' if layout.matrices_predicted else 'absolute'}, {kind} message"
    if isinstance(layout, GfveLayout):
        if layout.matrices is not None:
            yield f"GFVE matrices, {'predicted' if layout.matrices_predicted else 'absolute'}, {kind} message"
        eyes = ("none", "left", "right", "both")[layout.pupils.present_idx]
        yield f"pupils, {eyes}, {kind} message"


class Map(NamedTuple):
    """The streams that reach each branch, path and element; ``values`` the smallest and largest of each element."""

    branches: dict[Branch, list[str]]
    paths: dict[str, list[str]]
    elements: dict[str, list[str]]
    values: dict[str, tuple[int, int]]

    @property
    def missed(self) -> list[str]:
        """What no stream reaches, in words."""
        return [
            *(f"{b.module}.py line {b.line}: {b.decision}: {b.outcome}" for b, by in self.branches.items() if not by),
            *(path for path, by in self.paths.items() if not by),
        ]


def collect(reached: dict[str, Reached]) -> Map:
    """The map of all streams, given by name."""
    branches: dict[Branch, list[str]] = {branch: [] for branch in branches_of(described())}
    paths: dict[str, list[str]] = {path: [] for path in PATHS}
    elements: dict[str, list[str]] = defaultdict(list)
    values: dict[str, tuple[int, int]] = {}
    for stream, found in reached.items():
        for branch in found.branches:
            branches[branch].append(stream)
        for path in found.paths:
            paths[path].append(stream)
        for name, (low, high, _) in found.elements.items():
            elements[name].append(stream)
            lowest, highest = values.get(name, (low, high))
            values[name] = (min(low, lowest), max(high, highest))
    return Map(branches, paths, dict(sorted(elements.items())), values)


def as_json(found: Map) -> dict[str, Any]:
    """The whole map, with all streams."""
    return {
        "branches": [{**branch._asdict(), "streams": by} for branch, by in found.branches.items()],
        "paths": [{"path": path, "streams": by} for path, by in found.paths.items()],
        "elements": [
            {"element": name, "smallest": found.values[name][0], "largest": found.values[name][1], "streams": by}
            for name, by in found.elements.items()
        ],
    }


def as_markdown(found: Map) -> str:
    """The map as a page: for each row how many streams reach it, and the first of them."""
    reached = sum(bool(by) for by in found.branches.values())
    lines = [
        "# What the suite reaches",
        "",
        f"{reached} of {len(found.branches)} branches of the syntax, "
        f"{sum(bool(by) for by in found.paths.values())} of {len(found.paths)} ways in which values come about. "
        "coverage.json has all streams of each row.",
        "",
        "## Branches of the syntax structures",
    ]
    heading = None
    functions = {f.__name__: f for module in DESCRIPTIONS for f in vars(module).values() if callable(f)}
    for branch, by in found.branches.items():
        if heading != (heading := (branch.module, branch.function)):
            about = " ".join((functions[branch.function].__doc__ or "").split("\n\n")[0].split())
            lines += ["", f"### {branch.function} ({branch.module}.py)", "", about, "", *_head("condition", "outcome")]
        lines.append(_row(by, f"`{branch.decision}`", branch.outcome))
    lines += ["", "## Where values come from", "", *_head("path")]
    lines += [_row(by, path) for path, by in found.paths.items()]
    lines += ["", "## Values of elements", "", *_head("element", "smallest", "largest")]
    lines += [_row(by, f"`{name}`", *map(str, found.values[name])) for name, by in found.elements.items()]
    return "\n".join(lines) + "\n"


def _head(*columns: str) -> list[str]:
    names = [*columns, "streams", "such as"]
    return [f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]


def _row(by: list[str], *columns: str) -> str:
    cells = [column.replace("|", "\\|") for column in columns]
    return f"| {' | '.join(cells)} | {len(by)} | {', '.join(by[:3])} |"
