"""What is fuzzed: a function for each thing that reads, with its seeds and its mutator.

Each takes an input and comes back, whatever the input is. It allows GfvError; any other exception, and any promise
that does not hold, is a finding.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import NamedTuple

from conformance.fuzz import seeds
from conformance.fuzz.elements import changed_messages, changed_stream
from conformance.fuzz.limits import BYTES, ELEMENTS, Allowance, refusing
from conformance.fuzz.mutation import Mutate, blind, changed_json, changed_lines, changed_words
from conformance.fuzz.packing import unpack
from conformance.pictures import base_stream
from gfv_sei.cli.inject import read_records
from gfv_sei.cli.inspect_text import text_lines
from gfv_sei.cli.inspection import Inspection
from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import message_from_dict, message_from_values, parse_payload, write_payload
from gfv_sei.stream.extract import extract
from gfv_sei.stream.inject import inject
from gfv_sei.stream.remove import remove
from gfv_sei.stream.source import open_stream
from gfv_sei.syntax.editions import EDITIONS
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.validation.reading import MODES
from gfv_sei.validation.report import FORMATS, Report
from gfv_sei.validation.stream import Checker, validate


class Target(NamedTuple):
    """Something that reads.

    run         takes an input
    seeds       gives inputs to begin with; takes every n-th case of the suite
    mutate      changes an input
    allowed     how much time and memory an input may take: :mod:`conformance.fuzz.limits`
    """

    run: Callable[[bytes], None]
    seeds: Callable[[int], list[bytes]]
    mutate: Mutate
    allowed: Allowance


TARGETS: dict[str, Target] = {}
"""By name."""


def target(
    name: str, given: Callable[[int], list[bytes]], mutate: Mutate, allowed: Allowance = ELEMENTS
) -> Callable[[Callable[[bytes], None]], None]:
    """Register a function as a target."""

    def register(run: Callable[[bytes], None]) -> None:
        TARGETS[name] = Target(run, given, mutate, allowed)

    return register


@target("payload", seeds.payloads, changed_messages)
def payload(data: bytes) -> None:
    """Payloads of both types along all editions, with the state of those before and alone; bits have to come back."""
    choice, messages = unpack(data)
    syntax = list(EDITIONS)[choice % len(EDITIONS)]
    state = DecodingState()
    for payload_type, one in messages:
        with refusing():
            parse_payload(payload_type, one, syntax, derive=False)
        before = deepcopy(state)
        with refusing():
            msg = parse_payload(payload_type, one, syntax, state, trace=True)
            assert sum(bits for _, _, bits, _ in msg.elements) == 8 * len(one), "elements and bits differ"
            json.dumps([msg.to_dict(), msg.values])
            again = message_from_dict(payload_type, msg.to_dict())
            assert write_payload(again, syntax, before) == one, "other bits come back"


@target("checker", seeds.payloads, changed_messages)
def checker(data: bytes) -> None:
    """The validator, which reads on behind what is wrong, on payloads alone."""
    choice, messages = unpack(data)
    mode = MODES[choice // len(EDITIONS) % len(MODES)]
    with refusing():
        check = Checker(list(EDITIONS)[choice % len(EDITIONS)], "avc" if choice & 64 else "vvc", mode)
        for payload_type, one in messages:
            list(check.message(payload_type, one))
            if choice & 128:
                list(check.end_of_access_unit())
        list(check.end_of_access_unit())


@target("extract", seeds.streams, changed_stream)
def extracting(data: bytes) -> None:
    """Records of a stream, with elements and picture order; and of all its SEI messages."""
    with refusing():
        extract(data, io.BytesIO(), elements=True, order=True)
    with refusing():
        extract(data, io.BytesIO(), payload_types=range(512), compat="vtm")


@target("remove", seeds.streams, changed_stream, BYTES)
def removing(data: bytes) -> None:
    """Removing nothing changes nothing; removing again removes nothing."""
    with refusing():
        same, once, twice = io.BytesIO(), io.BytesIO(), io.BytesIO()
        assert remove(data, same, payload_types=()) == 0, "nothing was to be removed"
        assert same.getvalue() == data, "bytes do not stay as they were"
        remove(data, io.BytesIO(), gfv_id=1)
        with open_stream(data) as stream:
            codec = stream.codec.name
        remove(data, once, codec=codec)
        if once.getvalue():
            with refusing():
                remove(once.getvalue(), twice, codec=codec)
                assert twice.getvalue() == once.getvalue(), "removed once, there is still something to remove"


@target("inject", seeds.streams, changed_stream)
def injecting(data: bytes) -> None:
    """Messages put into a stream and taken out again leave what taking them out alone leaves."""
    records = [{"au": au, "payload_type": GFV, "payload_hex": "e6221108d1"} for au in (0, 0, 1, 5)]
    with refusing(), open_stream(data) as stream:
        codec = stream.codec.name
    for options in ({}, {"nal": "prefix", "pack": True}):
        with refusing():
            out, there, back = io.BytesIO(), io.BytesIO(), io.BytesIO()
            inject(data, records, out, mismatch="skip", **options)  # type: ignore[arg-type]
            remove(data, there, codec=codec)
            remove(out.getvalue(), back, codec=codec)
            assert back.getvalue() == there.getvalue(), "not what it was before"
    with refusing():
        placed = [{**record, "poc": record["au"]} for record in records]
        inject(data, placed, io.BytesIO(), place="poc", mismatch="hold")
    # What takes the place of others need not leave the same bytes: a zero byte before a NAL unit that was taken out
    # may become part of the start code behind it.
    with refusing():
        inject(data, records, io.BytesIO(), mismatch="skip", on_conflict="replace")


@target("inspect", seeds.streams, changed_stream)
def inspecting(data: bytes) -> None:
    """The report for reading."""
    with refusing():
        assert all(text_lines(Inspection(data), explain=True))


@target("validate", seeds.streams, changed_stream)
def validating(data: bytes) -> None:
    """The findings of a stream, in both modes, as a report."""
    for mode, output_format in zip(MODES, FORMATS, strict=False):
        with refusing():
            assert all(Report("it").lines(validate(data, mode=mode), output_format))


@target("message", seeds.messages, changed_json)
def message(data: bytes) -> None:
    """Messages as JSON, with elements or with values, to be written; what is written can be read."""
    with refusing():
        for record in read_records(io.BytesIO(data.replace(b"\n", b" ")), "it"):
            payload_type, given, values = record.get("payload_type"), record.get("message"), record.get("values")
            for syntax in EDITIONS:
                with refusing():
                    written = write_payload(message_from_dict(payload_type, given), syntax)  # type: ignore[arg-type]
                    assert write_payload(parse_payload(payload_type, written, syntax), syntax) == written  # type: ignore[arg-type]
            with refusing():
                header = given if isinstance(given, dict) else {}
                write_payload(message_from_values(payload_type, header, values))  # type: ignore[arg-type]


@target("records", seeds.json_lines, changed_lines)
def records(data: bytes) -> None:
    """JSON Lines to be put into a stream, by each of the keys that say where."""
    base = base_stream("vvc", "four")
    for place in (None, "display", "poc"):
        with refusing():
            inject(base, read_records(io.BytesIO(data), "it"), io.BytesIO(), place=place, mismatch="skip")


def _changed_options(data: bytes, r: Random) -> bytes:
    return changed_lines(data, r, changed_words) if r.randrange(8) else blind(data, r)


@target("options", seeds.option_files, _changed_options)
def options(data: bytes) -> None:
    """Option files of the reference encoders."""
    from vtm_bridge.option_files import read_option_files

    for dialect in (None, "vtm", "hm", "jm"):
        with refusing():
            read_option_files([data], dialect, lambda payload_type, name: b"network")


@target("contract", seeds.contracts, changed_json)
def contract(data: bytes) -> None:
    """Contracts of networks; one that is taken comes back the same."""
    from generators.contract import Contract

    with refusing():
        read = Contract.from_json(data)
        assert Contract.from_json(read.to_json()) == read, "another contract comes back"


@target("model", seeds.models, blind, BYTES)
def model(data: bytes) -> None:
    """ONNX files with their metadata. Needs onnx."""
    from generators.model_file import read_model

    with refusing():
        read_model(data)


@target("container", seeds.containers, blind, BYTES)
def container(data: bytes) -> None:
    """Whatever is given as a stream and is none: through ffmpeg, as a byte stream."""
    with refusing(), open_stream(data) as stream:
        block = memoryview(bytearray(1 << 16))
        while stream.readinto(block):
            pass


@target("sei-log", seeds.sei_logs, changed_lines, BYTES)
def sei_log(data: bytes) -> None:
    """Lists of SEI messages of the reference decoders."""
    from vtm_bridge.sei_log import parse_sei_log

    with refusing():
        parse_sei_log(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape"))


@target("y4m", seeds.y4m_files, _changed_options, BYTES)
def y4m(data: bytes) -> None:
    """Y4M files."""
    from vtm_bridge.pictures import Y4MReader

    with refusing():
        for _ in Y4MReader(io.BytesIO(data)):
            pass
