"""The line of inspect's summary that says how many rules a stream breaks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gfv_sei.cli.options import progress

if TYPE_CHECKING:
    from gfv_sei.stream.source import Source


def findings_line(stream: Source, syntax: str | None, codec: str | None) -> tuple[str, str]:
    """The line, and the style that it is painted in; the stream is read once more for it."""
    from gfv_sei.stream.records import AUTO
    from gfv_sei.validation.report import total
    from gfv_sei.validation.stream import validate

    counts: Counter[str] = Counter()
    with progress(stream, "checking"):
        for finding in validate(stream, syntax or AUTO, codec=codec):
            counts[finding.rule.severity] += 1
    if not counts:
        return "findings: none", "good"
    return f"findings: {total(counts)} (gfv validate says which)", "error" if counts["error"] else "warning"
