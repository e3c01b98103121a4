"""Where the options of a message stand: VTM and HM list each option over all messages, JM has message after message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from gfv_sei.errors import GfvError
from gfv_sei.syntax.payload_types import GFV, GFVE
from gfv_sei.wording import counted
from vtm_bridge.option_files.options import DIALECTS, Dialect, Kind, Option, Per, Table
from vtm_bridge.option_files.text import Line, integers, reals, split_lines

File = tuple[str | None, bytes]
"""An option file: its name, if it has one, and what it holds."""


class Settings(Protocol):
    """Access to the options of one payload type, however the file lists them. Values are those of the options."""

    number: int

    def get(self, i: int, carries: str) -> Any:
        """The value (values, where there are several) for message ``i``."""

    def of_type(self, i: int, carries: str, k: int) -> int:
        """The value for matrix type ``k`` of message ``i``."""

    def take(self, i: int, carries: str, count: int) -> list[float]:
        """The next real numbers, for message ``i``."""

    def end_of_message(self, i: int, types: int) -> None:
        """Go on to the next message; ``types`` entries per matrix type were for this one."""


def _values(option: Option, line: Line) -> list[Any]:
    if option.kind is Kind.TEXT:
        return [line.value]
    if option.kind is Kind.REAL:
        return list(reals(option, line))
    values = integers(option._replace(most=1) if option.per is Per.RUN and option.several == 1 else option, line)
    if option.kind is Kind.FLAG:
        if option.per in (Per.RUN, Per.TYPE) and option.several == 1 and max(values, default=0) > 1:
            raise line.error("a flag is 0 or 1", max(values))
        values = [int(value > 0) for value in values]
    return list(values)


def _too_short(values: list[Any], k: int) -> str:
    return f"the list ends too soon: it has {counted(len(values), 'value')}, and number {k + 1} is needed"


def _required(name: str, values: list[Any], k: int) -> Any:
    if k >= len(values):
        raise GfvError(_too_short(values, k), element=name)
    return values[k]


class _Lists:
    """Options of VTM and HM: each is one list over all messages."""

    def __init__(self, table: Table, lines: dict[str, Line]) -> None:
        self.options = {option.carries: option for option in table.options}
        self.names = {carries: table.prefix + option.name for carries, option in self.options.items()}
        self.lines = {carries: lines[name] for carries, name in self.names.items() if name in lines}
        self.values = {
            carries: _values(option, self.lines[carries]) if carries in self.lines else []
            for carries, option in self.options.items()
        }
        self.number = (self.values["number"] or [0])[0] if (self.values["enabled"] or [0])[0] else 0
        self.taken: dict[str, int] = {}
        self.first_type = [0]
        for carries, option in self.options.items():
            have = len(self.values[carries])
            if self.number and option.counted and have != self.number:
                raise self._error(
                    carries,
                    "the encoder stops unless there is one value per message",
                    counted(have, "value"),
                    counted(self.number, "value"),
                )

    def get(self, i: int, carries: str) -> Any:
        option, values = self.options[carries], self.values[carries]
        if option.per is not Per.RUN:
            return self._required(carries, i)
        if option.several > 1:
            return [self._required(carries, k) for k in range(option.several)]
        return values[0] if values else "" if option.kind is Kind.TEXT else 0

    def of_type(self, i: int, carries: str, k: int) -> int:
        value: int = self._required(carries, self.first_type[i] + k)
        return value

    def take(self, i: int, carries: str, count: int) -> list[float]:
        start = self.taken.get(carries, 0)
        if count:
            self._required(carries, start + count - 1)
        self.taken[carries] = start + count
        return self.values[carries][start : start + count]

    def end_of_message(self, i: int, types: int) -> None:
        self.first_type.append(self.first_type[i] + types)

    def _required(self, carries: str, k: int) -> Any:
        values = self.values[carries]
        if k >= len(values):
            raise self._error(carries, _too_short(values, k))
        return values[k]

    def _error(self, carries: str, reason: str, value: str | None = None, allowed: str | None = None) -> GfvError:
        line = self.lines.get(carries)
        if line is not None:
            return line.error(reason, value, allowed)
        return GfvError(reason, element=self.names[carries], value=value, allowed=allowed)


def list_sources(files: Sequence[File], dialect: Dialect, notes: list[str]) -> list[tuple[int, _Lists]]:
    """The options of VTM and HM, by payload type. Options of other kinds are passed over, our own must be known."""
    found = []
    lines = {line.name: line for name, data in files for line in split_lines(data, ":", name)}  # the last one counts
    known = {table.prefix + o.name for table in dialect.tables.values() for o in table.options}
    for name, line in lines.items():
        if name.startswith(dialect.tables[GFV].prefix) and name not in known:
            others = [other.title for other in DIALECTS if other.lists and _knows(other, name)]
            hint = f"; it is one of {' and '.join(others)}" if others else ""
            raise line.error(f"{dialect.title} has no such option{hint}")
    for payload_type, table in sorted(dialect.tables.items()):
        source = _Lists(table, lines)
        if not source.number and any(name in lines for name in source.names.values()):
            notes.append(f"{table.prefix}: not switched on, or no messages; left out as the encoder does")
        found.append((payload_type, source))
    return found


def _knows(dialect: Dialect, name: str) -> bool:
    return any(name == table.prefix + o.name for table in dialect.tables.values() for o in table.options)


class _Blocks:
    """Options of JM: message after message."""

    def __init__(self, table: Table, lines: list[Line]) -> None:
        self.table = table
        self.options = {option.carries: option for option in table.options}
        named = {table.prefix + option.name: option for option in table.options}
        first = next(option.carries for option in table.options if option.per is Per.MESSAGE)
        self.run: dict[str, list[Any]] = {}
        self.blocks: list[dict[str, list[Any]]] = []
        self.taken: dict[str, int] = {}
        for line in lines:
            option = named.get(line.name)
            if option is None:
                raise line.error("JM has no such key")
            if option.carries == first:
                self.blocks.append({})
            if option.per is not Per.RUN and not self.blocks:
                raise line.error("stands before the first message")
            target = self.run if option.per is Per.RUN else self.blocks[-1]
            values = _values(option, line._replace(value=line.value.strip('"')))
            if option.carries in target and target[option.carries] != values:
                raise line.error("is given twice, differently")
            target[option.carries] = values
        self.number = len(self.blocks)
        announced = self.run.get("number", [0])[0]
        if announced != self.number:
            raise GfvError(
                f"{counted(self.number, 'message')} in the file",
                element=table.prefix + "number",
                value=announced,
                allowed=str(self.number),
            )

    def get(self, i: int, carries: str) -> Any:
        option = self.options[carries]
        name = self.table.prefix + option.name
        values = self.run.get(carries, []) if option.per is Per.RUN else self.blocks[i].get(carries, [])
        if option.several > 1:
            return [_required(name, values, k) for k in range(option.several)]
        if option.per is Per.RUN and not values:
            return "" if option.kind is Kind.TEXT else 0
        return _required(name, values, 0)

    def of_type(self, i: int, carries: str, k: int) -> int:
        option = self.options[carries]
        values = self.blocks[i].get(carries, [])
        value: int = _required(self.table.prefix + option.name, values, 0 if option.shared else k)
        return value

    def take(self, i: int, carries: str, count: int) -> list[float]:
        name = self.table.prefix + self.options[carries].name
        values = self.blocks[i].get(carries, [])
        start = self.taken.get(carries, 0)
        if count:
            _required(name, values, start + count - 1)
        self.taken[carries] = start + count
        return values[start : start + count]

    def end_of_message(self, i: int, types: int) -> None:
        self.taken = {}


def jm_sources(files: Sequence[File], dialect: Dialect) -> list[tuple[int, _Blocks]]:
    """The options of JM, by payload type: one file for each."""
    found: dict[int, list[Line]] = {}
    for name, data in files:
        lines = split_lines(data, "=", name)
        if not lines:
            continue
        payload_type = GFVE if lines[0].name.startswith(dialect.tables[GFVE].prefix) else GFV
        if payload_type in found:
            raise GfvError(f"a second file for {dialect.tables[payload_type].elements} messages", file=name)
        found[payload_type] = lines
    return [
        (payload_type, _Blocks(dialect.tables[payload_type], found[payload_type])) for payload_type in sorted(found)
    ]
