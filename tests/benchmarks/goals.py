"""The goals, a function each. Numbers as in the table of goals that the project was given; 16 to 18 are elsewhere.

A function measures and yields rows. What several goals compare is measured once: ``removing`` serves goals 2, 3, 7
and 8, ``injecting`` 4 and 5.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import random
import shlex
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gfv_sei import DecodingState, message_from_dict, parse_payload, write_payload
from gfv_sei.nal.escape import escape, unescape
from tests.benchmarks.measure import Command, Rounds, Ruler, discard, expect, in_process
from tests.benchmarks.messages import large, message, records
from tests.benchmarks.streams import MUXER, Stream, Streams
from vtm_bridge.sei_log import CLEAN_MEMORY

BIG = ("avc_big", "hevc_big", "vvc_big")
SMALL = ("avc_small", "hevc_small", "vvc_small")
MSGS = ("avc_msgs", "hevc_msgs", "vvc_msgs")
TINY = ("vvc_tiny",)

SEI_TYPES = {"avc": "6", "hevc": "39|40", "vvc": "23|24"}

JSON_ONLY = """
import json, sys
with open(sys.argv[1], "rb") as given, open(sys.argv[2], "w") as out:
    for line in given:
        out.write(json.dumps(json.loads(line)) + "\\n")
"""
"""What every program that reads and writes JSON Lines has to do at the least."""


@dataclass
class Row:
    """One line of the result. ``values`` are of the rounds, or a single figure; ``basis`` is where they come from."""

    goal: str
    what: str
    stream: str
    values: list[float]
    limit: float
    basis: str
    unit: str = "x"

    @property
    def value(self) -> float:
        """The one that counts."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        """Whether it is within the goal."""
        return self.value <= self.limit


@dataclass
class Bench:
    """What goals work with."""

    ruler: Ruler
    streams: Streams
    gfv: str
    folder: Path
    rounds: int
    remembered: dict[tuple[str, str], Rounds] = field(default_factory=dict)

    def measure(self, what: str, name: str, commands: Sequence[Command], rounds: int | None = None) -> Rounds:
        """Run commands in turn; each ``what`` and ``name`` is measured once."""
        key = (what, name)
        if key not in self.remembered:
            self.streams.say(f"{what} {name}")
            self.remembered[key] = self.ruler.rounds(commands, rounds or self.rounds)
        return self.remembered[key]

    def run_gfv(
        self, name: str, *words: object, output: Path | None = None, prints: bool = False, check: Any = None
    ) -> Command:
        """A gfv command; its output file is added unless it prints."""
        target = () if prints or output is None else ("-o", str(output))
        return Command(name, (self.gfv, *map(str, words), *target), output, prints, check)

    def run_ffmpeg(
        self, name: str, stream: Stream, *words: str, output: Path | None = None, check: Any = None
    ) -> Command:
        """An ffmpeg command that copies; what comes out is thrown away without an output."""
        source = ("-f", MUXER[stream.codec], "-i", f"file:{stream.path}", "-c", "copy")
        target = ("-f", MUXER[stream.codec], f"file:{output}") if output else ("-f", "null", "-")
        start = (self.streams.ffmpeg, "-hide_banner", "-nostdin", "-y")
        quiet = () if "trace_headers" in words else ("-loglevel", "error")
        return Command(name, (*start, *quiet, *source, *words, *target), output, check=check)

    def out(self, name: str) -> Path:
        """A path for an output."""
        return self.folder / f"out.{name}"


# Checks of outputs


def digest(path: Path) -> str:
    """SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_same(expected: Path, output: Path) -> None:
    """Whether two files are the same, byte for byte."""
    expect(digest(output) == digest(expected), f"{output.name} differs from {expected.name}")


def is_as_large(expected: Path, output: Path) -> None:
    """Whether a peer wrote about as much as it should: it may choose other start codes and drop other messages."""
    ratio = output.stat().st_size / expected.stat().st_size
    expect(0.9 < ratio < 1.15, f"{output.name} has {ratio:.2f} times the size of {expected.name}")


def has_messages(params: Path, output: Path) -> None:
    """Whether the records of ``output`` are those of ``params``, in that order."""
    with params.open() as given, output.open() as found:
        for number, (one, other) in enumerate(zip(given, found, strict=True)):
            wanted, record = json.loads(one), json.loads(other)
            same = all(record.get(name) == value for name, value in wanted.items())
            expect(same and "values" in record, f"{output.name}: record {number} is not the one that was put in")


def summary_fits(stream: Stream, output: Path) -> None:
    """Whether ``inspect --format json`` has seen all of a stream."""
    summary = json.loads(output.read_bytes())["summary"]
    seen = (summary["codec"], summary["bytes"], summary["access_units"], summary["pictures"])
    wanted = (stream.codec, stream.path.stat().st_size, stream.pictures, stream.pictures)
    expect(seen == wanted, f"inspect of {stream.name} sees {seen}, not {wanted}")


def trace_fits(stream: Stream, output: Path) -> None:
    """Whether a trace shows each message and all that is in them."""
    text = output.read_text()
    assert stream.params is not None
    given = [json.loads(line)["message"] for line in stream.params.read_text().splitlines()]
    matrix_elements = sum(len(row) for m in given for row in m["gfv_matrix_element_int"][0][0])
    keypoints = sum(len(m["gfv_coordinate_x_abs"]) for m in given)
    for name, count in (
        ("gfv_id ", len(given)),
        ("gfv_matrix_element_dec ", matrix_elements),
        ("gfv_coordinate_y_abs ", keypoints),
    ):
        expect(text.count(f" {name}") == count, f"trace of {stream.name}: not {count} lines of {name}")


# Measurements that several goals share


def removing(bench: Bench, name: str) -> tuple[Stream, Rounds]:
    """``gfv remove``, cat and filter_units, on a stream with a message to each picture."""
    many = name in SMALL + TINY
    stream = bench.streams.repeated(name) if many else bench.streams.injected(name)
    plain = bench.streams.plain(name).path
    types = f"filter_units=remove_types={SEI_TYPES[stream.codec]}"
    ours, theirs, cat = bench.out("remove"), bench.out("filter_units"), bench.out("cat")
    commands = (
        Command("cat", ("cat", str(stream.path)), cat, prints=True, check=partial(is_same, stream.path)),
        bench.run_gfv("gfv", "remove", stream.path, output=ours, check=partial(is_same, plain)),
        bench.run_ffmpeg("ffmpeg", stream, "-bsf:v", types, output=theirs, check=partial(is_as_large, plain)),
    )
    return stream, bench.measure("remove", name, commands)


def injecting(bench: Bench, name: str) -> tuple[Stream, Rounds]:
    """``gfv inject``, and on the same stream cat and filter_units, which only deletes."""
    stream = bench.streams.plain(name)
    params = bench.streams.params(name)
    types = f"filter_units=remove_types={SEI_TYPES[stream.codec]}"
    ours, theirs, cat = bench.out("inject"), bench.out("filter_units"), bench.out("cat")

    def restores(output: Path) -> None:
        back = bench.out("back")
        bench.ruler.run(bench.run_gfv("remove", "remove", output, output=back))
        is_same(stream.path, back)
        expect(output.stat().st_size > stream.path.stat().st_size + 50 * stream.pictures, "messages are missing")
        discard([back])

    commands = (
        Command("cat", ("cat", str(stream.path)), cat, prints=True),
        bench.run_gfv("gfv", "inject", stream.path, params, output=ours, check=restores),
        bench.run_ffmpeg("ffmpeg", stream, "-bsf:v", types, output=theirs, check=partial(is_as_large, stream.path)),
    )
    return stream, bench.measure("inject", name, commands)


def compared(goal: str, what: str, stream: Stream, runs: Rounds, peer: str, limit: float, of: str = "cpu") -> Row:
    """The row of ``gfv`` over a peer."""
    ours, theirs = runs.median("gfv", of), runs.median(peer, of)
    basis = f"{ours:.3f} s / {theirs:.3f} s, {stream.megabytes:.1f} MB"
    return Row(goal, what, stream.name, runs.ratios("gfv", peer, of), limit, basis)


# The goals


def goal_1(bench: Bench) -> Iterator[Row]:
    """Start-up."""
    python = sys.executable
    programs = {
        "pass": (python, "-c", "pass"),
        "click": (python, "-c", "import click"),
        "gfv --version": (bench.gfv, "--version"),
        "gfv --help": (bench.gfv, "--help"),
        "import gfv_sei": (python, "-c", "import gfv_sei"),
    }
    commands = [Command(name, words, times=10) for name, words in programs.items()]
    runs = bench.measure("start-up", "", commands, rounds=max(5, bench.rounds))
    for name, peer, limit in (
        ("gfv --version", "pass", 6),
        ("gfv --version", "click", 2),
        ("gfv --help", "click", 2),
        ("import gfv_sei", "click", 2),
    ):
        against = "python -c " + ("pass" if peer == "pass" else "'import click'")
        basis = f"{1000 * runs.median(name):.1f} ms / {1000 * runs.median(peer):.1f} ms"
        yield Row("1", f"{name} / {against}", "-", runs.ratios(name, peer), limit, basis)


def goal_2(bench: Bench) -> Iterator[Row]:
    """Remove on big streams, against moving the bytes."""
    for name in BIG:
        yield compared("2", "remove / cat", *removing(bench, name), "cat", 4)


def goal_3(bench: Bench) -> Iterator[Row]:
    """Remove on big streams, against ffmpeg."""
    for name in BIG:
        stream, runs = removing(bench, name)
        yield compared("3", "remove / filter_units", stream, runs, "ffmpeg", 0.5)
        yield compared("3", "the same, wall clock", stream, runs, "ffmpeg", 0.7, "wall")


def goal_4(bench: Bench) -> Iterator[Row]:
    """Inject a message per picture from JSON Lines, against moving the bytes."""
    for name in BIG:
        yield compared("4", "inject / cat", *injecting(bench, name), "cat", 6)


def goal_5(bench: Bench) -> Iterator[Row]:
    """Inject, against ffmpeg deleting."""
    for name in BIG:
        yield compared("5", "inject / filter_units", *injecting(bench, name), "ffmpeg", 0.8)


def goal_6(bench: Bench) -> Iterator[Row]:
    """Inspect big streams without messages."""
    for name in BIG:
        stream = bench.streams.plain(name)
        words = ("inspect", "--format", "json", stream.path)
        check = partial(summary_fits, stream)
        commands = (
            bench.run_gfv("gfv", *words, output=bench.out("inspect"), prints=True, check=check),
            bench.run_ffmpeg("ffmpeg", stream),
        )
        yield compared("6", "inspect / ffmpeg -f null", stream, bench.measure("inspect", name, commands), "ffmpeg", 1.0)


def goal_7(bench: Bench) -> Iterator[Row]:
    """Remove from streams of small NAL units."""
    for name in SMALL:
        yield compared("7", "remove / filter_units", *removing(bench, name), "ffmpeg", 0.35)
        bench.streams.forget(name)


def goal_8(bench: Bench) -> Iterator[Row]:
    """Remove from a stream of the smallest NAL units."""
    for name in TINY:
        yield compared("8", "remove / filter_units", *removing(bench, name), "ffmpeg", 0.3)
        bench.streams.forget(name)


def goal_9(bench: Bench) -> Iterator[Row]:
    """Messages to JSON Lines."""
    for name in MSGS:
        stream = bench.streams.injected(name)
        assert stream.params is not None
        _, runs = parsing(bench, name, stream)
        yield per_message(compared("9", "extract / json loads + dumps", stream, runs, "json", 2.5), stream, runs)


def parsing(bench: Bench, name: str, stream: Stream) -> tuple[Path, Rounds]:
    """``gfv extract`` against JSON alone; also where the records are."""
    assert stream.params is not None
    extracted = bench.folder / f"{name}.extracted"
    out = bench.out("jsonl")
    check = partial(has_messages, stream.params)
    extract = bench.run_gfv("gfv", "extract", stream.path, output=extracted, check=check)
    if not extracted.exists():
        bench.ruler.run(extract)
    again = bench.run_gfv("gfv", "extract", stream.path, output=out, check=check)
    return extracted, bench.measure("extract", name, (again, json_only(bench, extracted)))


def json_only(bench: Bench, lines: Path) -> Command:
    """Python that reads JSON Lines and writes them, and does nothing else."""
    out = bench.out("json")
    words = (sys.executable, "-c", JSON_ONLY, str(lines), str(out))
    return Command("json", words, out, check=partial(is_same, lines))


def per_message(row: Row, stream: Stream, runs: Rounds) -> Row:
    """The row, with the time that one message takes."""
    row.basis += f", {1e6 * runs.median('gfv') / stream.pictures:.0f} us a message"
    return row


def goal_10(bench: Bench) -> Iterator[Row]:
    """The records that extract wrote, back into the stream that has none."""
    for name in MSGS:
        injected, plain = bench.streams.injected(name), bench.streams.plain(name)
        lines, _ = parsing(bench, name, injected)
        words = ("inject", plain.path, lines)
        check = partial(is_same, injected.path)
        ours = bench.run_gfv("gfv", *words, output=bench.out("inject"), check=check)
        runs = bench.measure("inject", name, (ours, json_only(bench, lines)))
        yield per_message(compared("10", "inject / json loads + dumps", plain, runs, "json", 2.5), plain, runs)


def goal_11(bench: Bench) -> Iterator[Row]:
    """Messages against the reference decoder, where ``GFV_VTM_DECODER`` names one."""
    decoder = os.environ.get("GFV_VTM_DECODER")
    if not decoder:
        bench.streams.say("goal 11 needs VTM: GFV_VTM_DECODER names no decoder")
        return
    name = "vvc_even"
    stream = bench.streams.injected(name)
    assert stream.params is not None
    dump = bench.out("sei")
    # On 18,000 messages VTM does not come to the end otherwise; clearing memory costs it some 15 %.
    clean = (f"{name}={value}" for name, value in CLEAN_MEMORY.items())
    words = ("env", *clean, *shlex.split(decoder), "-b", str(stream.path), f"--OutputDecodedSEIMessagesFilename={dump}")
    check = partial(has_messages, stream.params)
    commands = (
        bench.run_gfv("gfv", "extract", stream.path, output=bench.out("jsonl"), check=check),
        Command("vtm", words, dump, check=lambda output: expect(output.stat().st_size, "VTM wrote no SEI messages")),
    )
    yield compared("11", "extract / VTM decoder", stream, bench.measure("vtm", name, commands), "vtm", 0.7)


def goal_12(bench: Bench) -> Iterator[Row]:
    """One line per syntax element, against ffmpeg's."""
    for name in MSGS:
        stream = bench.streams.injected(name)
        words = ("inspect", "--format", "trace", stream.path)
        check = partial(trace_fits, stream)
        commands = (
            bench.run_gfv("gfv", *words, output=bench.out("trace"), prints=True, check=check),
            bench.run_ffmpeg("ffmpeg", stream, "-bsf:v", "trace_headers"),
        )
        runs = bench.measure("trace", name, commands, rounds=(bench.rounds + 1) // 2)
        yield per_message(compared("12", "trace / trace_headers", stream, runs, "ffmpeg", 1.5), stream, runs)


def goal_13(bench: Bench) -> Iterator[Row]:
    """Peak memory, at any size of the input and any number of messages."""
    peaks: dict[tuple[str, str, bool], float] = {}
    streams = bench.streams
    for name in (*BIG, "vvc_msgs"):
        for part in (1, 0):
            stream, plain = streams.injected(name, part), streams.plain(name, part)
            params = streams.params(name, part)
            for command, words in (
                ("extract", ("extract", stream.path)),
                ("inject", ("inject", plain.path, params)),
                ("remove", ("remove", stream.path)),
                ("inspect", ("inspect", "--format", "json", stream.path)),
                ("trace", ("inspect", "--format", "trace", stream.path)),
            ):
                prints = command in ("inspect", "trace")
                out = bench.out("peak")
                sample = bench.ruler.run(bench.run_gfv(command, *words, output=out, prints=prints))
                peaks[command, name, bool(part)] = sample.peak
                discard([out])
    for command in ("extract", "inject", "remove", "inspect", "trace"):
        large = {name: peaks[command, name, True] for name in (*BIG, "vvc_msgs")}
        small = {name: peaks[command, name, False] for name in large}
        worst = max(large, key=lambda name: large[name])
        grown = max(large, key=lambda name: large[name] - small[name])
        basis = ", ".join(f"{name} {value:.1f}" for name, value in large.items())
        yield Row("13", f"peak memory of {command}", worst, [large[worst]], 40, basis, "MB")
        basis = f"{large[grown]:.1f} MB of {grown}, {small[grown]:.1f} MB of one piece"
        yield Row("13", f"{command}: big minus small", grown, [large[grown] - small[grown]], 8, basis, "MB")


def goal_14(bench: Bench) -> Iterator[Row]:
    """Twice the bytes, the messages, or the payload."""
    start = Command("start", (bench.gfv, "--version"))
    streams = bench.streams

    def row(what: str, name: str, half: Command, whole: Command) -> Row:
        runs = bench.measure(what, name, (start, half, whole))
        began = runs.median("start")
        # Start-up does not grow, so it would hide what does.
        pairs = zip(runs.samples["whole"], runs.samples["half"], strict=True)
        values = [(one.cpu - began) / max(other.cpu - began, 1e-3) for one, other in pairs]
        basis = f"{runs.median('whole'):.3f} s / {runs.median('half'):.3f} s, less {began:.3f} s each"
        return Row("14", what, name, values, 2.2, basis)

    name = "hevc_small"
    half, whole = (streams.repeated(name, part).path for part in (0.5, 1))
    out = bench.out("growth")
    pair = (bench.run_gfv(label, "remove", path, output=out) for label, path in (("half", half), ("whole", whole)))
    yield row("remove, twice the bytes", name, *pair)
    streams.forget(name)
    name = "hevc_msgs"
    parts = {"half": 0.5, "whole": 1.0}
    sources = {label: (streams.injected(name, part), streams.plain(name, part)) for label, part in parts.items()}
    pair = (bench.run_gfv(label, "extract", one.path, output=out) for label, (one, _) in sources.items())
    yield row("extract, twice the messages", name, *pair)
    pair = (
        bench.run_gfv(label, "inject", plain.path, one.params, output=out) for label, (one, plain) in sources.items()
    )
    yield row("inject, twice the messages", name, *pair)
    yield from payload_growth(bench)


def payload_growth(bench: Bench) -> Iterator[Row]:
    """Twice the payload: matrices of 33 and 66 thousand elements, and as many zero bytes in emulation prevention."""
    rows = 128 if bench.streams.scale == 1 else 32
    actions: dict[str, Callable[[], object]] = {}
    sizes = {}
    for factor in (1, 2):
        msg = message_from_dict(223, large(factor * rows))
        payload = write_payload(msg)
        sizes[factor] = len(payload)
        read = parse_payload(223, payload)
        expect(read.fields == msg.fields, "a large payload is not read as it was written")
        zeros = bytes(1_000_000 * factor)
        escaped = escape(zeros)
        expect(unescape(escaped) == zeros, "emulation prevention is not undone")
        actions |= {
            f"read {factor}": partial(parse_payload, 223, payload),
            f"trace {factor}": lambda read=read: read.elements,
            f"write {factor}": partial(write_payload, msg),
            f"escape {factor}": partial(escape, zeros),
            f"unescape {factor}": partial(unescape, escaped),
        }
    gc.collect()
    bench.streams.say("payloads of twice the size")
    seconds = in_process(actions, max(3, bench.rounds // 2))
    for action in ("read", "trace", "write", "escape", "unescape"):
        one, two = seconds[f"{action} 1"], seconds[f"{action} 2"]
        values = [b / a for a, b in zip(one, two, strict=True)]
        size = (1000, 2000) if "escape" in action else (sizes[1] / 1000, sizes[2] / 1000)
        basis = f"{1000 * statistics.median(two):.1f} ms / {1000 * statistics.median(one):.1f} ms"
        what = f"{action}, twice the payload"
        yield Row("14", what, f"{size[0]:.0f} and {size[1]:.0f} kB", values, 2.2, basis)


def goal_15(bench: Bench) -> Iterator[Row]:
    """One message in this process, against turning it into JSON."""
    shapes = {
        "4x4": message(random.Random(1), 1, 4, 4),
        "5x8": message(random.Random(2), 1, 5, 8),
        "base": next(records(1))["message"],
    }
    bench.streams.say("one payload")
    for shape, fields in shapes.items():
        msg = message_from_dict(223, fields)
        payload = write_payload(msg)
        read = parse_payload(223, payload)
        expect(read.to_dict() == fields, f"message {shape} is not read as it was written")
        elements = read.elements
        expect(sum(bits for _, _, bits, _ in elements) == 8 * len(payload), f"message {shape}: bits are missing")
        state, other_state = DecodingState(), DecodingState()
        actions: dict[str, Callable[[], object]] = {
            "dumps": partial(json.dumps, read.to_dict()),
            "read": partial(parse_payload, 223, payload, state=state),
            "trace": lambda read=read: read.elements,
            "write": partial(write_payload, msg, state=other_state),
        }
        seconds = in_process(actions, max(5, bench.rounds))
        for action, what in (
            ("trace", "read with trace / json.dumps"),
            ("read", "read with values / json.dumps"),
            ("write", "write / json.dumps"),
        ):
            values = [a / b for a, b in zip(seconds[action], seconds["dumps"], strict=True)]
            ours, theirs = 1e6 * statistics.median(seconds[action]), 1e6 * statistics.median(seconds["dumps"])
            basis = f"{ours:.1f} us / {theirs:.1f} us, {1000 * ours / len(elements):.0f} ns an element"
            yield Row("15", what, f"{shape}, {len(elements)} el., {len(payload)} B", values, 2, basis)


GOALS: dict[int, Callable[[Bench], Iterator[Row]]] = {
    int(name.removeprefix("goal_")): function for name, function in list(globals().items()) if name.startswith("goal_")
}
"""By number, in the order in which they run."""
