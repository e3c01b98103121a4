"""The picture of the architecture, drawn from the imports that the source files have."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = ("conformance", "generators", "vtm_bridge", "gfv_sei")
"""From the top down: each may import those behind it, and none before it."""

GREY, INK, FILL, BOX = "#8a8f98", "#24292f", "#eef2f7", "#ffffff"
WIDTH, RIGHT, GAP, TALL = 940, 800, 54, 30
ACROSS = 6


def part_of(module: str) -> tuple[str, str] | None:
    """Package and part of a module of ours: ``gfv_sei.syntax.gfv`` is the part ``syntax`` of ``gfv_sei``."""
    package, _, rest = module.partition(".")
    return (package, rest.partition(".")[0]) if package in PACKAGES else None


def imports() -> Counter[tuple[tuple[str, str], tuple[str, str]]]:
    """How many import statements go from one part to another, those inside of functions included."""
    found: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            here = part_of(module)
            for name in imported(path):
                there = part_of(name)
                if here is not None and there is not None and here != there:
                    found[here, there] += 1
    return found


def imported(path: Path) -> Iterator[str]:
    """The modules that a source file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module if "." in node.module else f"{node.module}.{node.names[0].name}"


def picture() -> str:
    """The picture as SVG: a box for each package with its parts, an arrow for each direction of imports."""
    counts = imports()
    between: Counter[tuple[str, str]] = Counter()
    for (here, there), number in counts.items():
        if here[0] != there[0]:
            between[here[0], there[0]] += number
    parts = {package: _parts(package) for package in PACKAGES}
    drawn: list[str] = []
    sides: dict[str, tuple[int, int]] = {}
    y = 16
    for package in PACKAGES:
        rows = -(-len(parts[package]) // ACROSS)
        height = 44 + rows * (TALL + 8) + 6
        drawn += _box(package, parts[package], y, height)
        sides[package] = (y, y + height)
        y += height + GAP
    lane = 0
    for (here, there), number in sorted(between.items(), key=lambda item: _steps(*item[0])):
        if _steps(here, there) == 1:
            drawn += _arrow(sides[here], sides[there], str(number))
        else:
            drawn += _detour(lane, sides[here], sides[there], str(number))
            lane += 1
    total = y - GAP + 16
    style = "font-family:system-ui,sans-serif"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total}" role="img" style="{style}">\n'
        "<title>Packages of gfv and their imports</title>\n"
        f'<rect width="{WIDTH}" height="{total}" fill="{BOX}"/>\n'
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>\n'
    )
    return head + "".join(f"{line}\n" for line in drawn) + "</svg>\n"


def _steps(here: str, there: str) -> int:
    return PACKAGES.index(there) - PACKAGES.index(here)


def _parts(package: str) -> list[str]:
    names = [
        path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    return sorted(name for name in names if not name.startswith("_"))


def _box(package: str, parts: list[str], y: int, height: int) -> Iterator[str]:
    yield f'<rect x="16" y="{y}" width="{RIGHT - 16}" height="{height}" rx="8" fill="{FILL}" stroke="{GREY}"/>'
    yield f'<text x="32" y="{y + 28}" font-size="18" font-weight="600" fill="{INK}">{escape(package)}</text>'
    wide = (RIGHT - 40) // ACROSS
    for number, name in enumerate(parts):
        row, column = divmod(number, ACROSS)
        x, top = 32 + column * wide, y + 44 + row * (TALL + 8)
        yield f'<rect x="{x}" y="{top}" width="{wide - 8}" height="{TALL}" rx="5" fill="{BOX}" stroke="{GREY}"/>'
        yield (
            f'<text x="{x + (wide - 8) // 2}" y="{top + 20}" font-size="13" text-anchor="middle" fill="{INK}">'
            f"{escape(name)}</text>"
        )


def _arrow(start: tuple[int, int], end: tuple[int, int], label: str) -> Iterator[str]:
    """To the box below: straight down."""
    x, y = RIGHT // 2, start[1]
    yield _line(f"M{x} {y}V{end[0] - 2}")
    yield _label(x + 10, (y + end[0]) // 2, label)


def _detour(lane: int, start: tuple[int, int], end: tuple[int, int], label: str) -> Iterator[str]:
    """To a box farther down: around those between, on the right."""
    x = RIGHT + 24 + lane * 34
    y, there = start[1] - 14 - 20 * lane, end[0] + 24 + 20 * lane
    yield _line(f"M{RIGHT} {y}H{x}V{there}H{RIGHT + 2}")
    yield _label(x + 5, (y + there) // 2, label)


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.5" marker-end="url(#tip)"/>'


def _label(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y + 4}" font-size="12" fill="{INK}">{escape(text)}</text>'
