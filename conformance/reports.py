"""Verdicts on a suite as text, JSON, JUnit XML or Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from conformance.readers import SKIPPED
from conformance.verify import Verdict, counts
from gfv_sei.wording import counted, printable


def as_text(verdicts: list[Verdict], reader: str) -> str:
    """One line for each stream that does not pass, and the sum."""
    lines = [printable(f"{one.name}: {one.verdict}: {one.detail}") for one in verdicts if not one.good]
    return "\n".join([*lines, _sum(verdicts, reader)]) + "\n"


def as_json(verdicts: list[Verdict], reader: str) -> str:
    """Everything as one object."""
    found = {"reader": reader, "counts": dict(counts(verdicts)), "streams": [one._asdict() for one in verdicts]}
    return json.dumps(found, indent=1) + "\n"


def as_junit(verdicts: list[Verdict], reader: str) -> str:
    """As build servers read it: a test suite with a test for each stream."""
    bad, skipped = sum(not one.good for one in verdicts), sum(one.verdict == SKIPPED for one in verdicts)
    seconds = sum(one.seconds for one in verdicts)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name={quoteattr(f"GFV conformance: {_plain(reader)}")} tests="{len(verdicts)}" failures="{bad}" '
        f'errors="0" skipped="{skipped}" time="{seconds:.3f}">',
    ]
    for one in verdicts:
        head = f'  <testcase classname="{one.codec}" name={quoteattr(one.name)} time="{one.seconds:.3f}"'
        if one.verdict == SKIPPED:
            lines.append(f"{head}><skipped message={quoteattr(_plain(one.detail))}/></testcase>")
        elif one.good:
            lines.append(f"{head}/>")
        else:
            message = quoteattr(f"{one.verdict}: {_plain(one.detail)}")
            lines.append(f"{head}><failure message={message}>{escape(_plain(one.title))}</failure></testcase>")
    return "\n".join([*lines, "</testsuite>"]) + "\n"


def as_markdown(verdicts: list[Verdict], reader: str) -> str:
    """A table of all streams by case, a column for each codec."""
    codecs = list(dict.fromkeys(one.codec for one in verdicts))
    lines = [f"# {_cell(reader)} on the GFV conformance suite", "", _cell(_sum(verdicts, reader)), ""]
    lines += [f"| case | {' | '.join(codecs)} | title |", "|" + " --- |" * (len(codecs) + 2)]
    rows: dict[str, dict[str, Verdict]] = {}
    for one in verdicts:
        rows.setdefault(one.case, {})[one.codec] = one
    for case, row in rows.items():
        cells = [row[codec].verdict if codec in row else "" for codec in codecs]
        lines.append(f"| {case} | {' | '.join(cells)} | {_cell(next(iter(row.values())).title)} |")
    details = [one for one in verdicts if not one.good]
    if details:
        lines += ["", "| stream | verdict | where |", "| --- | --- | --- |"]
        lines += [f"| {one.name} | {one.verdict} | {_cell(one.detail)} |" for one in details]
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[list[Verdict], str], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "markdown": as_markdown,
}
"""The forms of a report by name."""


def _sum(verdicts: list[Verdict], reader: str) -> str:
    found = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts(verdicts).items()))
    return f"{_plain(reader)}: {counted(len(verdicts), 'stream')}: {found}"


def _cell(text: str) -> str:
    return escape(_plain(text)).replace("|", "\\|")


def _plain(text: str) -> str:
    """Text on one line, without what XML and tables cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)
