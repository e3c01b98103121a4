"""Which branches of some modules run: read off their bytecode, and recorded while something runs.

A branch is one outcome of one conditional jump, so the halves of a conditional expression and of an ``and`` count by
themselves; an assertion is no branch. The source that each jump decides on comes from the positions that Python keeps
for its instructions.
"""

from __future__ import annotations

import ast
import dis
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple


class Branch(NamedTuple):
    """One outcome of one decision, as it reads; ``offset`` tells apart decisions that read alike."""

    module: str
    function: str
    line: int
    offset: int
    decision: str
    outcome: str


class Decision(NamedTuple):
    """A conditional jump: where it goes if it does not jump, and what both ways mean."""

    goes_on_at: int
    goes_on: Branch
    jumps: Branch


Decisions = dict[tuple[CodeType, int], Decision]
"""By code and offset of the jump."""

Place = tuple[int, int]
"""Line and column."""


def decisions_of(modules: list[ModuleType]) -> Decisions:
    """All decisions in the functions of some modules."""
    found: Decisions = {}
    for module in modules:
        source = Source(Path(str(module.__file__)).read_text())
        for function in vars(module).values():
            code = getattr(function, "__code__", None)
            if code is not None and function.__module__ == module.__name__:
                for one in _with_nested(code):
                    found |= _decisions(one, source, module.__name__.rpartition(".")[2])
    return found


def branches_of(decisions: Decisions) -> list[Branch]:
    """In the order of the source."""
    found = {branch for one in decisions.values() for branch in (one.goes_on, one.jumps)}
    return sorted(found, key=lambda branch: (branch.module, branch.line, branch.offset, branch.outcome))


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant)


def _decisions(code: CodeType, source: Source, module: str) -> Decisions:
    steps = [
        (now, following)
        for now, following in pairwise(dis.get_instructions(code))
        if "_IF_" in now.opname or now.opname == "FOR_ITER"
    ]
    places = [_place(now) for now, _ in steps]
    found: Decisions = {}
    for number, (now, following) in enumerate(steps):
        place = places[number]
        if place in source.asserted:
            continue
        text = source.decision(place, places[:number].count(place), set(places))
        jumps, goes_on = _outcomes(now.opname, text)
        found[code, now.offset] = Decision(
            following.offset,
            Branch(module, code.co_qualname.partition(".")[0], place[0], now.offset, text, goes_on),
            Branch(module, code.co_qualname.partition(".")[0], place[0], now.offset, text, jumps),
        )
    return found


def _place(instruction: dis.Instruction) -> Place:
    positions = instruction.positions
    assert positions is not None
    assert positions.lineno is not None
    assert positions.col_offset is not None
    return positions.lineno, positions.col_offset


def _outcomes(name: str, decision: str) -> tuple[str, str]:
    """What it means that the jump is taken, and that it is not."""
    if name == "FOR_ITER":
        return "ends", "goes on"
    if "NONE" in name:
        none, other = ("no", "yes") if "is not None" in decision else ("yes", "no")
        return (other, none) if "NOT_NONE" in name else (none, other)
    return ("yes", "no") if "TRUE" in name else ("no", "yes")


class Source:
    """The source of a module: which words a jump at a place decides on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.nodes: dict[Place, list[ast.AST]] = {}
        self.asserted: set[Place] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.expr, ast.stmt)):
                self.nodes.setdefault((node.lineno, node.col_offset), []).append(node)
            if isinstance(node, ast.Assert):
                inside = [one for one in ast.walk(node) if isinstance(one, (ast.expr, ast.stmt))]
                self.asserted |= {(one.lineno, one.col_offset) for one in inside}

    def decision(self, place: Place, number: int, others: set[Place]) -> str:
        """``number`` counts the jumps at the same place, ``others`` are the places of all jumps."""
        for node in self.nodes.get(place, ()):
            if isinstance(node, ast.For):
                return f"for {self._words(node.target)} in {self._words(node.iter)}"
            if isinstance(node, (ast.If, ast.IfExp)):
                operands = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
                plain = [one.operand if isinstance(one, ast.UnaryOp) else one for one in operands]
                mine = [one for one in plain if (one.lineno, one.col_offset) not in others - {place}]
                return self._words(mine[number] if number < len(mine) else node.test)
            if isinstance(node, (ast.Compare, ast.ListComp)):
                return self._words(node)
        return "?"

    def _words(self, node: ast.AST) -> str:
        return " ".join((ast.get_source_segment(self.text, node) or "").split())


@contextmanager
def recording(decisions: Decisions) -> Iterator[set[Branch]]:
    """Collects the branches that run in the block."""
    codes = {code for code, _ in decisions}
    met: set[Branch] = set()

    def begin(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code not in codes:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        code, before = frame.f_code, -1

        def step(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal before
            if event == "opcode":
                decision = decisions.get((code, before))
                if decision is not None:
                    met.add(decision.goes_on if frame.f_lasti == decision.goes_on_at else decision.jumps)
                before = frame.f_lasti
            return step

        return step

    outer = sys.gettrace()
    sys.settrace(begin)
    try:
        yield met
    finally:
        sys.settrace(outer)
