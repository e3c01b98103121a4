"""The findings of the validator as blocks."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gfv_sei.report.blocks import json_block
from gfv_sei.report.gather import Write
from gfv_sei.stream.syntax_choice import SyntaxChoice
from gfv_sei.validation.stream import validate

_AT_ONCE = 2048
_OF_THE_RULE = ("rule", "severity", "demands", "clause")
_OF_THE_PLACE = ("show",)  # a command with the path of the stream: the page shows the place itself, and travels


def add_findings(source: str, syntax: str, codec: str | None, write: Write) -> dict[str, Any]:
    """Write what is wrong with a stream; the syntax that it was checked against, and the rules that are broken."""
    found: dict[str, Any] = {"syntax": syntax, "syntax_also": [], "syntax_by": 0}

    def tell(used: str, choice: SyntaxChoice | None) -> None:
        found["syntax"] = used
        if choice is not None:
            found["syntax_also"], found["syntax_by"] = choice.equals, choice.messages

    rules: dict[str, dict[str, Any]] = {}
    counts: Counter[str] = Counter()
    waiting: list[dict[str, Any]] = []
    hidden = {*_OF_THE_RULE, *_OF_THE_PLACE}
    for finding in validate(source, syntax, codec=codec, on_syntax=tell):
        told = finding.to_dict()
        rule = told["rule"]
        if rule not in rules:
            rules[rule] = {name: told[name] for name in _OF_THE_RULE if name in told}
        counts[told["severity"]] += 1
        waiting.append({"rule": rule} | {name: told[name] for name in told if name not in hidden})
        if len(waiting) == _AT_ONCE:
            write(json_block("findings", waiting))
            waiting.clear()
    if waiting:
        write(json_block("findings", waiting))
    return found | {"rules": rules, "severities": dict(counts)}
