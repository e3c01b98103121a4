"""Findings as text, JSON or JUnit, one after another; only JUnit has to hold something back, and that is bounded."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from gfv_sei.errors import place_in_words
from gfv_sei.validation.rules import ERROR, IGNORED, RULES, SEVERITIES, Finding
from gfv_sei.wording import counted, printable

FORMATS = ("text", "json", "junit")

SHOWN = 100
"""Findings of one rule that a JUnit report holds; more are only counted. It puts numbers first, so it must wait."""

_NOT_XML = re.compile(r"[^\t\n\x20-\x7e]")


class Report:
    """Writes a report while findings come in.

    name        of the stream
    syntax      the edition that it is checked against, to be set before the report ends
    counts      how many findings there are, by severity
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.syntax = ""
        self.counts: Counter[str] = Counter()

    @property
    def conforms(self) -> bool:
        """Whether no finding so far is an error."""
        return not self.counts[ERROR]

    def lines(self, findings: Iterable[Finding], output_format: str) -> Iterator[str]:
        """The report in one of ``FORMATS``, piece by piece."""
        write = {"text": self._text, "json": self._json, "junit": self._junit}[output_format]
        return write(self._counted(findings))

    def _counted(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        for finding in findings:
            self.counts[finding.rule.severity] += 1
            yield finding

    def _text(self, findings: Iterator[Finding]) -> Iterator[str]:
        for finding in findings:
            yield in_words(finding)
        yield self._total() + "\n"

    def _json(self, findings: Iterator[Finding]) -> Iterator[str]:
        separator = '{"findings": [\n'
        for finding in findings:
            yield separator + json.dumps(finding.to_dict())
            separator = ",\n"
        close = "\n]" if self.counts else '{"findings": []'
        counts = {severity: self.counts[severity] for severity in SEVERITIES}
        end = {"syntax": self.syntax, "conforms": self.conforms, "counts": counts}
        yield f"{close}, {json.dumps(end)[1:]}\n"

    def _junit(self, findings: Iterator[Finding]) -> Iterator[str]:
        by_rule: dict[str, list[str]] = {}
        broken: Counter[str] = Counter()
        for finding in findings:
            identifier = finding.rule.identifier
            broken[identifier] += 1
            if broken[identifier] <= SHOWN:
                by_rule.setdefault(identifier, []).append(in_words(finding))
        failures = sum(RULES[identifier].severity == ERROR for identifier in broken)
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        name = _attribute(f"gfv validate {self.name} ({self.syntax})")
        yield f'<testsuite name={name} tests="{len(RULES)}" failures="{failures}" errors="0">\n'
        for rule in RULES.values():
            group, _, _ = rule.identifier.rpartition("-")
            case = f"  <testcase classname={_attribute('gfv.' + group)} name={_attribute(rule.identifier)}"
            number = broken[rule.identifier]
            if not number:
                yield f"{case}/>\n"
                continue
            more = f"and {number - SHOWN} more\n" if number > SHOWN else ""
            text = _xml("".join(by_rule[rule.identifier]) + more)
            if rule.severity == ERROR:
                message = _attribute(f"{counted(number, 'time')}: {rule.demands}")
                yield f'{case}>\n    <failure type="error" message={message}>{text}</failure>\n  </testcase>\n'
            else:
                yield f"{case}>\n    <system-out>{text}</system-out>\n  </testcase>\n"
        yield "</testsuite>\n"

    def _total(self) -> str:
        return total(self.counts) or "conforms"


def total(counts: Counter[str]) -> str:
    """How many findings there are of each severity: ``2 errors, 1 warning, 3 ignored``; empty if there are none."""
    plurals = {IGNORED: IGNORED}
    return ", ".join(counted(counts[one], one, plurals.get(one)) for one in SEVERITIES if counts[one])


def in_words(finding: Finding) -> str:
    """A finding in some lines: place and value, then rule, cause, and the command that shows the place."""
    where = place_in_words(finding.au, finding.nal, finding.offset, finding.bit, message=finding.message)
    what = finding.what
    if finding.element is not None:
        value = "" if finding.value is None else f" = {finding.value}"
        what = f"{finding.element}{value}: {what}"
    allowed = f" (allowed: {finding.allowed})" if finding.allowed is not None else ""
    lines = [
        f"{finding.rule.severity} {finding.rule.identifier}: {where}: {what}{allowed}",
        f"    {finding.rule.demands} [{finding.rule.clause}]",
    ]
    if finding.cause is not None:
        lines.append(f"    likely cause: {finding.cause}")
    if finding.show is not None:
        lines.append(f"    to see it: {finding.show}")
    return "".join(f"{printable(line)}\n" for line in lines)


def _xml(text: str) -> str:
    safe = _NOT_XML.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub(lambda match: match[0].encode("unicode_escape").decode(), text))
