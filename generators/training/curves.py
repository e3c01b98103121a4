"""The run's numbers as CSV and as a picture (SVG), for people and for documents."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from gfv_sei.stream.target import open_target

Row = Mapping[str, float]

WIDTH, HEIGHT, MARGIN = 640, 220, 56
COLOURS = ("#1f5fa8", "#c2501b", "#4b8b3b", "#7a4b9a")


def write_csv(rows: Sequence[Row], path: str | Path) -> None:
    """One line per measurement, the columns those of all rows in order of appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(columns)]
    lines += [",".join(_number(row[name]) if name in row else "" for name in columns) for row in rows]
    with open_target(path) as file:
        file.write(("\n".join(lines) + "\n").encode())


def read_csv(path: str | Path) -> list[dict[str, float]]:
    """What `write_csv` wrote; empty cells are left out."""
    with Path(path).open(newline="") as file:
        return [{name: float(cell) for name, cell in row.items() if cell} for row in csv.DictReader(file)]


def write_svg(rows: Sequence[Row], path: str | Path) -> None:
    """Two panels over the steps: the loss, and every column whose name begins with ``psnr`` or ``warp``, in dB."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    quality = [name for name in names if name.startswith(("psnr", "warp"))]
    panels = [panel for panel in (["loss"], quality) if any(name in names for name in panel)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT * len(panels)}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT * len(panels)}" fill="white"/>',
    ]
    for index, panel in enumerate(panels):
        parts += _panel(rows, panel, HEIGHT * index, "loss" if index == 0 else "PSNR in dB")
    with open_target(path) as file:
        file.write("\n".join([*parts, "</svg>", ""]).encode())


def _panel(rows: Sequence[Row], names: Sequence[str], top: int, title: str) -> list[str]:
    lines = {
        name: [(row["step"], row[name]) for row in rows if isfinite(row.get(name, float("nan")))] for name in names
    }
    values = [y for line in lines.values() for _, y in line]
    if not values:
        return []
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    last = max(row["step"] for row in rows) or 1.0
    inner_width, inner_height = WIDTH - 2 * MARGIN - 90, HEIGHT - 60

    def at(step: float, value: float) -> str:
        x = MARGIN + inner_width * step / last
        return f"{x:.1f},{top + 30 + inner_height * (high - value) / span:.1f}"

    out = [
        f'<text x="{MARGIN}" y="{top + 18}">{title}</text>',
        f'<rect x="{MARGIN}" y="{top + 30}" width="{inner_width}" height="{inner_height}" fill="none" stroke="#999"/>',
        f'<text x="{MARGIN - 4}" y="{top + 36}" text-anchor="end">{high:.4g}</text>',
        f'<text x="{MARGIN - 4}" y="{top + 30 + inner_height}" text-anchor="end">{low:.4g}</text>',
        f'<text x="{MARGIN}" y="{top + 46 + inner_height}">0</text>',
        f'<text x="{MARGIN + inner_width}" y="{top + 46 + inner_height}" text-anchor="end">step {last:.0f}</text>',
    ]
    for index, (name, line) in enumerate(item for item in lines.items() if item[1]):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(at(*point) for point in line)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        out.append(f'<text x="{MARGIN + inner_width + 8}" y="{top + 40 + 14 * index}" fill="{colour}">{name}</text>')
    return out


def _number(value: float) -> str:
    if not isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else f"{value:.6g}"
