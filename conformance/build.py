"""Building the suite: every case in every codec becomes a package, each checked on the way.

What is checked while a stream is built
    Our reader finds what the case wrote (:mod:`conformance.expected`). The validator finds nothing but the notices that
    the case declares; in a negative stream exactly the findings that it declares. The messages change no sample of the
    base pictures: ffmpeg decodes the same pictures with them and without.

What is checked at the end
    Some stream reaches every branch of the syntax and every path of values (:mod:`conformance.coverage`), and every
    rule of the validator is broken by some stream. Either is checked only where the whole suite is built.

Streams are independent of each other, so they are built by several processes. Base pictures are coded before, once for
each structure and codec.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from conformance import expected, package, pages
from conformance.case import Case, cases, is_of
from conformance.coverage import NOTHING, Map, Reached, as_json, as_markdown, collect, measure
from conformance.note import Facts, note
from conformance.pictures import base_stream
from conformance.sketch import Sketch
from gfv_sei.errors import GfvError
from gfv_sei.nal.codec import CODEC_NAMES
from gfv_sei.schema import record_schema
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFV, GFVE
from gfv_sei.validation.rules import DEMANDED, IGNORED, RULES, Finding
from gfv_sei.validation.stream import validate

VERSION = 1

Base = tuple[bytes, list[str], int]
"""Coded base pictures, MD5 of all and of each of them, bits of a sample."""


class IncompleteError(GfvError):
    """The suite that was built leaves something out."""


class Job(NamedTuple):
    """One stream to build."""

    case: str
    codec: str


class Built(NamedTuple):
    """What came of a job: the entry in the index, what the stream reaches, rules that it breaks."""

    entry: dict[str, Any]
    reached: Reached
    rules: frozenset[str]


class Outcome(NamedTuple):
    """What came of a build."""

    streams: int
    negatives: int
    cases: int
    bytes: int
    branches: tuple[int, int]
    rules: tuple[int, int]


_ALLOWED = "a case such as KPS_A, or a subject such as KPS; gfv conformance list names them"


def chosen(names: Collection[str] = (), codecs: Collection[str] = ()) -> list[Case]:
    """The cases of these names or subjects; all without names."""
    every = cases()
    unknown = [name for name in names if not any(is_of(one, name) for one in every)]
    if unknown:
        raise GfvError("there is no such case or subject", element="case", value=unknown[0], allowed=_ALLOWED)
    picked = [case for case in every.values() if not names or any(is_of(case.name, name) for name in names)]
    return [case for case in picked if not codecs or set(case.codecs) & set(codecs)]


def build(
    folder: Path,
    names: Collection[str] = (),
    codecs: Collection[str] = CODEC_NAMES,
    jobs: int = 1,
    watch: Callable[[Iterable[Built], int], Iterable[Built]] = lambda built, total: built,
) -> Outcome:
    """Build the suite, or the chosen part of it, into ``folder``.

    ``watch`` may look at the streams as they come, their number being known. Raises UnexpectedError where a stream is
    not what its case says, IncompleteError where the whole suite leaves a branch, a path or a rule out; the packages
    are written nevertheless.
    """
    picked = chosen(names, codecs)
    plan = [Job(case.name, codec) for case in picked for codec in case.codecs if codec in codecs]
    wanted = sorted({(case.structure, codec) for case in picked for codec in case.codecs if codec in codecs})
    bases = {(structure, codec): coded_pictures(structure, codec) for structure, codec in wanted}
    built = list(watch(_all(plan, bases, folder, jobs), len(plan)))
    return _finish(folder, built, complete=not names and set(codecs) == set(CODEC_NAMES))


def coded_pictures(structure: str, codec: str) -> Base:
    """The base pictures of a structure."""
    stream = base_stream(codec, structure)
    hashes, depth = decoded(stream, codec)
    return stream, hashes, depth


def decoded(stream: bytes, codec: str) -> tuple[list[str], int]:
    """MD5 of all pictures and of each one, in output order; and the bits of a sample."""
    from hashlib import md5

    from vtm_bridge.ffmpeg import decode

    whole, each, depth = md5(usedforsecurity=False), [], 0
    for picture in decode(stream, codec):
        one = md5(usedforsecurity=False)
        for block in picture.blocks():
            whole.update(block)
            one.update(block)
        each.append(one.hexdigest())
        depth = picture.format.bit_depth
    return [whole.hexdigest(), *each], depth


def _all(plan: list[Job], bases: dict[tuple[str, str], Base], folder: Path, jobs: int) -> Iterator[Built]:
    every = cases()
    arguments = [(job, bases[every[job.case].structure, job.codec], folder) for job in plan]
    if jobs == 1:
        for one in arguments:
            yield make(*one)
        return
    # Forked processes would share what ffmpeg's reading threads hold; spawned ones begin clean.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(make, *zip(*arguments, strict=True), chunksize=4)


def make(job: Job, base: Base, folder: Path) -> Built:
    """Build one stream, check it, and write its package."""
    case = cases()[job.case]
    name = case.stream_name(job.codec)
    try:
        return _make(case, job.codec, base, folder)
    except GfvError as error:
        error.reason = f"{name}: {error.reason}"
        raise


def _make(case: Case, codec: str, base: Base, folder: Path) -> Built:
    name = case.stream_name(codec)
    sketch = Sketch(codec, case.syntax)
    case.make(sketch)
    stream = sketch.stream(base[0])
    findings = list(validate(stream, case.syntax, codec=codec))
    reached = measure(stream, codec) if case.syntax == DEFAULT else NOTHING
    entry: dict[str, Any] = {
        "name": name,
        "case": case.name,
        "codec": codec,
        "title": case.title,
        "syntax": case.syntax,
        "package": f"{'negative/' if case.negative else ''}{codec}/{name}.zip",
        "bitstream_md5": package.digest(stream),
    }
    if case.negative:
        files, summary = _negative(sketch, findings, name)
        shown = [
            f"{one['rule']} ({one['severity']}), {one.get('element', 'SEI NAL unit')}" for one in summary["findings"]
        ]
        expectation = [f"A validator reports {'; '.join(shown)}, and nothing else."]
        pictures: list[str] = []
    else:
        files, summary = _positive(case, codec, sketch, stream, findings, name)
        expectation = ["A reader finds the elements of the .jsonl file and derives the values in it."]
        if case.notices_in(codec):
            expectation.append(f"A validator may note {', '.join(case.notices_in(codec))}.")
        if any(RULES[rule].severity == IGNORED for rule in case.notices):
            expectation.append("Some messages are such that decoders shall ignore them; a reader may leave them out.")
        pictures = decoded(stream, codec)[0]
        if pictures != base[1]:
            raise expected.UnexpectedError("the messages change the decoded pictures")
        files[name + package.PICTURES] = _listing(pictures, name)
        summary["pictures"] = len(pictures) - 1
        summary["pictures_md5"] = pictures[0]
        summary["bit_depth"] = base[2]
    asked = sum(one.payload_type in (GFV, GFVE) for one in sketch.written)
    facts = Facts(summary.get("messages", asked), len(base[1]) - 1, len(stream), base[2])
    files = {
        name + package.BITSTREAM: stream,
        name + package.DIGEST: f"{entry['bitstream_md5']}  {name}{package.BITSTREAM}\n".encode(),
        **files,
    }
    endings = [one.removeprefix(name) for one in files]
    files[name + package.NOTE] = note(case, codec, stream, facts, expectation, [*endings, package.NOTE]).encode()
    package.write(folder / entry["package"], package.zipped(files))
    return Built({**entry, **summary}, reached, frozenset(found.rule.identifier for found in findings))


def _positive(
    case: Case, codec: str, sketch: Sketch, stream: bytes, findings: list[Finding], name: str
) -> tuple[dict[str, bytes], dict[str, Any]]:
    elements = expected.elements_file(stream, codec)
    records = expected.records_of(elements)
    expected.check(sketch.written, records)
    rules = {found.rule.identifier for found in findings}
    if rules != set(case.notices_in(codec)):
        found = next((f for f in findings if f.rule.identifier not in case.notices), None)
        said = f"{found.rule.identifier}, {found.what}" if found else "less than the case declares"
        raise expected.UnexpectedError(f"the validator finds {said}", au=found.au if found else None)
    files = {name + package.ELEMENTS: elements, name + package.VALUES: expected.values_file(records)}
    return files, {
        "messages": len(records),
        "elements_md5": package.digest(elements),
        "notices": list(case.notices_in(codec)),
    }


def _negative(sketch: Sketch, findings: list[Finding], name: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    asked = sorted((one.rule, one.au, one.element or "") for one in sketch.broken)
    found = sorted((one.rule.identifier, one.au or 0, one.element or "") for one in findings)
    if asked != found:
        less = [one for one in asked if one not in found]
        more = [one for one in found if one not in asked]
        raise expected.UnexpectedError(f"the validator finds {more or found} and was to find {less or asked}")
    listed = [{key: value for key, value in one.to_dict().items() if key not in ("show", "cause")} for one in findings]
    data = json.dumps(listed, indent=1).encode() + b"\n"
    return {name + package.FINDINGS: data}, {"findings": listed}


def _listing(pictures: list[str], name: str) -> bytes:
    names = [f"{name}.yuv", *(f"picture {number}" for number in range(len(pictures) - 1))]
    return "".join(f"{one}  {what}\n" for one, what in zip(pictures, names, strict=True)).encode()


def _finish(folder: Path, built: list[Built], complete: bool) -> Outcome:
    """Write what is about the suite as a whole, and see whether it is whole."""
    found = collect({one.entry["name"]: one.reached for one in built})
    streams = [one.entry for one in built]
    index = {"suite": "GFV conformance", "version": VERSION, "syntax": DEFAULT, "streams": streams}
    package.write(folder / "coverage.md", as_markdown(found).encode())
    package.write(folder / "coverage.json", _json(as_json(found)))
    package.write(folder / "cases.md", pages.catalogue(streams).encode())
    package.write(folder / "README.md", pages.readme(streams).encode())
    package.write(folder / "record.schema.json", _json(record_schema()))
    package.write(folder / package.INDEX, _json(index))
    broken = {rule for one in built if "findings" in one.entry for rule in one.rules}
    if complete:
        require_complete(found, broken)
    return Outcome(
        sum("findings" not in one for one in streams),
        sum("findings" in one for one in streams),
        len({one["case"] for one in streams}),
        sum((folder / one["package"]).stat().st_size for one in streams),
        (sum(bool(by) for by in found.branches.values()), len(found.branches)),
        (len(broken), len(DEMANDED)),
    )


def require_complete(found: Map, broken: Collection[str]) -> None:
    """Raise IncompleteError unless streams reach everything, and break every rule."""
    left = [*found.missed, *(f"rule {rule}" for rule in DEMANDED if rule not in broken)]
    if left:
        raise IncompleteError(f"no stream reaches: {'; '.join(left)}")


def _json(found: Any) -> bytes:
    return json.dumps(found, indent=1).encode() + b"\n"
