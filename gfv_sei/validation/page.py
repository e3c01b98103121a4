"""The reference page of the rules, made from the registry; docs/rules.md keeps what ``gfv validate --rules`` prints."""

from __future__ import annotations

from collections.abc import Iterator

from gfv_sei.validation.rules import RULES, SEVERITIES

GROUPS = {
    "SEI": "SEI NAL units: their bytes, headers, and places",
    "GFV-SYN": "The bits of a payload",
    "GFV-PRED": "What prediction refers to",
    "GFV-ID": "Identifiers",
    "GFV-CNT": "Counts",
    "GFV-BASE": "Base messages",
    "GFV-FUS": "Fusion",
    "GFV-NN": "Networks",
    "GFV-CHR": "Chroma key",
    "GFV-CRD": "Keypoints",
    "GFV-MAT": "Matrices",
    "GFV-LIM": "Limits of this program",
    "GFVE-ASC": "GFVE: the GFV message that it is for",
    "GFVE-CNT": "GFVE: counts",
    "GFVE-PUP": "GFVE: pupils",
}
"""Title by what comes before the number of an identifier."""

_HEAD = """\
# Rules of `gfv validate`

Made by `gfv validate --rules`; do not edit. Identifiers are stable: an identifier is never given to another rule.

All positions are counted from 0. The byte is the position of the start code before the NAL unit. The bit is a position
in the payload. If a NAL unit has several GFV and GFVE messages, a finding tells which one it is about.

Exit status: 1 if a rule of severity error is broken, otherwise 0. Warnings alone do not count.

Messages are read in one of two modes:

- `--mode lenient`: after a wrong element, reading continues if the value of the element can still be used. So the
  validator finds everything in a message. The consequences of a lost message are reported once (GFV-PRED-005).
- `--mode strict`: a message is dropped at the first error, as a strict decoder would do. If later messages then lack
  what they need, this is reported under the rule for it.

| severity | |
| --- | --- |
"""


def rules_page() -> str:
    """The page as Markdown."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for severity, says in SEVERITIES.items():
        yield f"| {severity} | {says} |\n"
    for group, title in GROUPS.items():
        yield f"\n## {title}\n\n| rule | severity | what it demands | where that is said |\n| --- | --- | --- | --- |\n"
        for rule in RULES.values():
            if rule.identifier.rpartition("-")[0] == group:
                yield f"| {rule.identifier} | {rule.severity} | {rule.demands} | {rule.clause} |\n"
