"""Readers that are run against the suite: ours, any command that prints JSON Lines, the decoder of VTM."""

from __future__ import annotations

import json
import shlex
import shutil
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from conformance.comparing import Record, first_difference
from conformance.expected import elements_file, records_of
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import Child
from gfv_sei.stream.records import read_messages
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFVE
from gfv_sei.wording import counted, in_short

PASS, DIFFERS, FAILED, CRASHED, TIMED_OUT, SKIPPED = "pass", "differs", "failed", "crashed", "timed out", "skipped"
"""What may come of a stream. ``failed``: the reader refuses it, or the package is broken; ``skipped``: not for it."""

_MOST_OUTPUT = 1 << 28


class ReaderError(GfvError):
    """A reader did not get through a stream; ``verdict`` says how it ended."""

    def __init__(self, verdict: str, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict


class Reader(Protocol):
    """Reads a stream and says how that differs from what it should have read."""

    name: str

    def difference(self, stream: bytes, codec: str, expected: list[Record]) -> str | None:
        """The first difference in words, None if there is none. ReaderError where it does not get that far."""

    def survives(self, stream: bytes, codec: str) -> None:
        """Read a negative stream, whatever comes of it. ReaderError where the reader crashes or takes too long."""


class OurReader:
    """The reader of this project, in this process."""

    name = "gfv"

    def difference(self, stream: bytes, codec: str, expected: list[Record]) -> str | None:
        return first_difference(expected, records_of(elements_file(stream, codec)))

    def survives(self, stream: bytes, codec: str) -> None:
        elements_file(stream, codec)


class CommandReader:
    """Any command that prints one JSON object for each message, as ``gfv extract IN -o -`` does.

    ``command`` is split as a shell splits words, but no shell runs it; ``{}`` in it stands for the name of the stream,
    which otherwise becomes the last word. A status other than 0 means that it refuses the stream.
    """

    def __init__(self, command: str, timeout: float | None = 60.0) -> None:
        try:
            self.words = shlex.split(command)
        except ValueError as error:
            raise GfvError(f"the command cannot be taken apart: {error}", element="tool", value=command) from None
        if not self.words or shutil.which(self.words[0]) is None:
            raise GfvError("there is no such program", element="tool", value=command)
        self.name = command
        self.timeout = timeout

    def difference(self, stream: bytes, codec: str, expected: list[Record]) -> str | None:
        output = self._output(stream)
        found = []
        for number, line in enumerate(output.splitlines()):
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                return f"line {number + 1} of the output is no JSON: {in_short(line.decode(errors='replace'))}"
        return first_difference(expected, found)

    def survives(self, stream: bytes, codec: str) -> None:
        try:
            self._output(stream)
        except ReaderError as error:
            if error.verdict != FAILED:
                raise

    def _output(self, stream: bytes) -> bytes:
        with TemporaryDirectory(prefix="gfv-verify-") as folder:
            path = Path(folder) / "stream.bit"
            path.write_bytes(stream)
            words = [word.replace("{}", str(path)) for word in self.words]
            command = words if words != self.words else [*words, str(path)]
            try:
                with Child(command, timeout=self.timeout) as child:
                    output = child.stdout.read(_MOST_OUTPUT)
                    if len(output) == _MOST_OUTPUT:
                        raise ReaderError(FAILED, f"the output has more than {_MOST_OUTPUT} bytes")
                    return output
            except ToolError as error:
                raise _ended(error) from None


def _ended(error: ToolError) -> ReaderError:
    """How a program ended, from the words of gfv_sei.process, and the last line that it wrote, of an error if any."""
    verdict = CRASHED if "was ended by signal" in error.reason else FAILED
    if "kept us waiting" in error.reason:
        verdict = TIMED_OUT
    # Decoders print their error and then how long they took.
    lines = [line for line in error.wrote if "error" in line.lower()] or error.wrote
    return ReaderError(verdict, ToolError(error.reason, lines).in_one_line)


class VtmReader:
    """VTM's decoder, by its list of SEI messages: elements, and the values that it derives.

    VVC alone. Values are compared as far as six digits of its list go.
    """

    name = "VTM decoder"

    def __init__(self, program: str | None = None, timeout: float | None = 60.0) -> None:
        from vtm_bridge.programs.vtm import DECODER

        self.program = DECODER.find(program)
        self.name = f"VTM {DECODER.version(self.program)} decoder"
        self.timeout = timeout

    def difference(self, stream: bytes, codec: str, expected: list[Record]) -> str | None:
        listed = [one for one in self._list(stream, codec) if "enerative face video" in one.title]
        difference = self._compared(expected, listed)
        if difference is not None and self._compared(_as_vtm_reads(stream, codec), listed) is None:
            difference += "; --compat vtm reads the stream as it does"
        return difference

    def _compared(self, expected: list[Record], listed: list[Any]) -> str | None:
        from vtm_bridge.sei_elements import coded_elements

        if len(listed) != len(expected):
            return f"{counted(len(expected), 'message')} expected, {len(listed)} found"
        for number, (wanted, got) in enumerate(zip(expected, listed, strict=True)):
            if "elements" not in wanted:
                return f"message {number} cannot be read"
            ours = [tuple(one[:2]) for one in wanted["elements"] if not _is_alignment(one[0])]
            try:
                theirs = [one for one in coded_elements(got) if not _is_alignment(one[0])]
            except ValueError as error:
                return f"message {number}: {error}"
            for (name, value), (other, found) in zip_longest(ours, theirs, fillvalue=("the end", "")):
                if (name, value) != (other, found):
                    return f"message {number} (access unit {wanted['au']}): {name} {value}, found {other} {found}"
            if (different_value := _values(wanted, got)) is not None:
                return f"message {number} (access unit {wanted['au']}): {different_value}"
        return None

    def survives(self, stream: bytes, codec: str) -> None:
        with suppress(ReaderError):
            self._list(stream, codec)

    def _list(self, stream: bytes, codec: str) -> Any:
        from vtm_bridge.sei_log import decoded_sei_messages

        if codec != "vvc":
            raise ReaderError(SKIPPED, "VTM decodes VVC alone")
        try:
            return decoded_sei_messages(stream, program=self.program, timeout=self.timeout)
        except ToolError as error:
            raise _ended(error) from None


def _as_vtm_reads(stream: bytes, codec: str) -> list[Record]:
    """The records of a stream with the known deviations of VTM's reader."""
    return list(read_messages(stream, DEFAULT, elements=True, errors="record", codec=codec, compat="vtm"))


def _is_alignment(name: str) -> bool:
    return "alignment_zero_bit" in name or name.startswith(("payload_bit_equal_to", "reserved_payload_extension"))


def _values(wanted: Record, got: Any) -> str | None:
    """The first value that VTM derives otherwise."""
    from vtm_bridge.sei_elements import COORDINATES, MATRICES, PUPILS, derived_values

    theirs = derived_values(got)
    values = wanted["values"]
    ours: dict[str, list[float]] = {}
    for axis, name in enumerate(COORDINATES):
        if name in theirs:
            ours[name] = [point[axis] for point in values.get("coordinates", []) if axis < len(point)]
    name = MATRICES[wanted["payload_type"] == GFVE]
    if name in theirs:
        entries = values.get("matrices", [])
        ours[name] = [x for entry in entries for one in entry["elements"] for row in one for x in row]
    if PUPILS in theirs and "pupils" in values:
        ours[PUPILS] = [*values["pupils"]["left"], *values["pupils"]["right"]]
    for name, numbers in ours.items():
        if len(numbers) != len(theirs[name]):
            return f"{name}: {counted(len(numbers), 'value')} expected, {len(theirs[name])} found"
        for k, (a, b) in enumerate(zip(numbers, theirs[name], strict=True)):
            if abs(a - b) > 1e-5 * max(1.0, abs(a)):
                return f"{name}[ {k} ]: expected {a}, found {b}"
    return None
