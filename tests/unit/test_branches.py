"""Every branch of every syntax description is reached; the table says by what: vectors, made-up messages, refusals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from unit.made_messages import SYNTAXES, some
from unit.refusals import REFUSALS
from unit.test_property_messages import check_sequence
from unit.vectors import all_vectors, payload_of

import gfv_sei
from conformance.branches import Branch, branches_of, decisions_of, recording
from gfv_sei.syntax import (
    coordinates,
    face_parameters,
    gfv,
    gfv_draft_a,
    gfv_draft_b,
    gfve,
    matrices,
    parts,
)

DESCRIPTIONS = [gfv, gfv_draft_b, gfv_draft_a, gfve, parts, face_parameters, coordinates, matrices]


def run_vectors() -> None:
    for vector in all_vectors():
        syntax = vector.software.syntax
        reading, writing = gfv_sei.DecodingState(), gfv_sei.DecodingState()
        for message in vector.messages:
            msg = gfv_sei.parse_payload(message["payload_type"], payload_of(message), syntax, reading)
            gfv_sei.write_payload(msg, syntax, writing)


def run_made_messages() -> None:
    """What the property tests do, on their generator with fixed seeds."""
    for syntax in SYNTAXES:
        for seed in range(60):
            check_sequence(some(seed, syntax, 8), syntax)


def run_refusals() -> None:
    for one in REFUSALS:
        for syntax in one.syntaxes:
            with suppress(gfv_sei.GfvError):
                gfv_sei.parse_payload(one.payload_type, one.payload, syntax)
            with suppress(gfv_sei.GfvError):
                gfv_sei.write_payload(gfv_sei.message_from_dict(one.payload_type, one.message), syntax)


RUNS: dict[str, Callable[[], None]] = {
    "vectors": run_vectors,
    "made up": run_made_messages,
    "refusals": run_refusals,
}


def table(branches: list[Branch], met: dict[str, set[Branch]]) -> str:
    lines = [f"{'branch':<84} {'  '.join(met)}"]
    module = ""
    for branch in branches:
        if branch.module != module:
            module = branch.module
            lines.append(f"{module}.py")
        where = f"  {branch.line:4}  {branch.decision[:60]:<62} {branch.outcome:<8}"
        marks = "  ".join(f"{'x' if branch in reached else '-':^{len(name)}}" for name, reached in met.items())
        lines.append(f"{where:<84} {marks}")
    lines.append(
        f"{len(branches)} branches; reached by "
        + ", ".join(f"{name}: {len(reached.intersection(branches))}" for name, reached in met.items())
    )
    return "\n".join(lines)


def test_every_branch_of_every_description_is_reached(record_property: Callable[[str, str], None]) -> None:
    decisions = decisions_of(DESCRIPTIONS)
    branches = branches_of(decisions)
    met: dict[str, set[Branch]] = {}
    for name, run in RUNS.items():
        with recording(decisions) as found:
            run()
        met[name] = found
    record_property("table", table(branches, met))
    missed = [branch for branch in branches if not any(branch in found for found in met.values())]
    assert not missed


def test_each_description_has_branches_in_the_table() -> None:
    """The table is read off the code: should that fail to see a description, it would not be missed there."""
    seen = {branch.module for branch in branches_of(decisions_of(DESCRIPTIONS))}
    assert seen == {module.__name__.rpartition(".")[2] for module in DESCRIPTIONS}
