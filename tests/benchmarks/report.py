"""The table, and what it was measured on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.goals import Row

_TITLES = ("goal", "what", "stream", "reached", "limit", "", "from")
_RIGHT = (0, 4)


def table(rows: Sequence[Row]) -> str:
    """Aligned lines, one per row."""
    lines = [_TITLES, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_TITLES))]
    shown = [
        "  ".join(
            cell.rjust(w) if i in _RIGHT else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in shown)


def machine(ffmpeg: str) -> dict[str, Any]:
    """What the figures were measured on."""
    version = subprocess.run([ffmpeg, "-version"], capture_output=True, text=True, check=False).stdout
    words = version.split()
    return {
        "processors": len(os.sched_getaffinity(0)),
        "model": _model(),
        "python": platform.python_version(),
        "ffmpeg": words[2] if len(words) > 2 else "unknown",
        "kernel": platform.release(),
        "load": round(os.getloadavg()[1], 2),
    }


def closing(rows: Sequence[Row], failed: Sequence[str], about: dict[str, Any], seconds: float) -> str:
    """The line below the table."""
    missed = sum(not row.met for row in rows)
    verdict = f"{len(rows) - missed} met, {missed} missed" + (f", {len(failed)} FAILED" if failed else "")
    return (
        f"{verdict}, in {seconds:.0f} s. {about['processors']} processors ({about['model']}, load {about['load']}), "
        f"Linux {about['kernel']}, Python {about['python']}, ffmpeg {about['ffmpeg']}. Quote ratios only."
    )


def write_json(path: Path, rows: Sequence[Row], failed: Sequence[str], about: dict[str, Any], scale: float) -> None:
    """Everything, for programs."""
    found = [
        {
            "goal": int(row.goal),
            "what": row.what,
            "stream": row.stream,
            "unit": "ratio" if row.unit == "x" else row.unit,
            "values": [round(value, 4) for value in row.values],
            "median": round(row.value, 4),
            "limit": row.limit,
            "met": row.met,
            "basis": row.basis,
        }
        for row in rows
    ]
    path.write_text(json.dumps({"machine": about, "scale": scale, "failed": failed, "rows": found}, indent=1) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    unit = "" if row.unit == "x" else f" {row.unit}"
    reached = f"{_figure(row.value)}{unit}"
    if len(row.values) > 1:
        reached += f" [{_figure(min(row.values))}..{_figure(max(row.values))}]"
    verdict = "met" if row.met else "missed"
    return (row.goal, row.what, row.stream, reached, f"{row.limit:g}{unit}", verdict, row.basis)


def _figure(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
