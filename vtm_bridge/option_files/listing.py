"""Settings as the text of an option file, checked against the limits of the options on the way."""

from __future__ import annotations

from typing import Any

from gfv_sei.errors import MessageError
from gfv_sei.syntax.matrices import HEAD, PER_KEYPOINT
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.wording import counted
from vtm_bridge.option_files.message_settings import Settings
from vtm_bridge.option_files.options import Dialect, Kind, Option, Per, Table
from vtm_bridge.option_files.prepared import Prepared
from vtm_bridge.option_files.text import format_value, shown


def title_of_file(prepared: list[Prepared], au: int, dialect: Dialect) -> str:
    """Comment lines that say what the file is."""
    return (
        f"# GFV and GFVE messages for {dialect.title}: {len(prepared)}, of access unit {au}. Made by gfv vtm-cfg.\n"
        "# A network file is opened relative to the folder that the encoder runs in.\n"
    )


def _option_value(one: Prepared, option: Option, settings: Settings, table: Table) -> list[Any]:
    """The values of an option that is per message, checked against its limits."""
    element = settings.single.get(option.carries)
    if option.several > 1:
        values = [value or 0 for value in element or [0] * option.several]
    elif element is None:
        return [option.filler]
    else:
        values = [element]
    return [limited(one, option, value + option.plus, option.carries, table) for value in values]


def limited(one: Prepared, option: Option, value: Any, element: str, table: Table) -> Any:
    """The value of an option; MessageError where the option cannot have it."""
    if not option.low <= value <= option.high:
        name = table.prefix + option.name
        raise MessageError(
            f"cannot be said in an option file: {name} goes from {shown(option.low)} to {shown(option.high)}",
            record=one.number,
            element=element,
            value=value - option.plus,
            allowed=f"{shown(max(0, option.low - option.plus))} to {shown(option.high - option.plus)}",
        )
    return value


def _type_values(one: Prepared, option: Option, settings: Settings, table: Table, dialect_lists: bool) -> list[int]:
    elements = settings.types.get(option.carries, [])
    values = [
        limited(one, option, value + option.plus, f"{option.carries}[ {i} ]", table) for i, value in enumerate(elements)
    ]
    if option.shared and values:
        values = _shared(one, option, values, settings)
    if not values and (not dialect_lists or table.payload_type == GFV):
        return [option.filler]  # one entry also where there are no matrices
    return values


def _shared(one: Prepared, option: Option, values: list[int], settings: Settings) -> list[int]:
    """JM has one value for all types; of types that do not code the element any will do."""
    flag = "gfv_num_matrices_equal_to_num_kps_flag"
    kinds = settings.types["gfv_matrix_type_idx"]
    without_points = not settings.single.get("gfv_coordinate_present_flag")
    if option.carries == "gfv_matrix_for_3D_space_flag":
        coded = [type_idx in HEAD and without_points for type_idx in kinds]
    else:
        equal = settings.types[flag] if option.carries != flag else [0] * len(kinds)
        coded = [type_idx in PER_KEYPOINT and not e for type_idx, e in zip(kinds, equal, strict=True)]
    needed = [i for i, matters in enumerate(coded) if matters] or [0]
    for i in needed:
        if values[i] != values[needed[0]]:
            raise MessageError(
                "cannot be said in an option file: JM has one value for all matrix types of a message",
                record=one.number,
                element=f"{option.carries}[ {i} ]",
                value=values[i],
                allowed=str(values[needed[0]]),
            )
    return [values[needed[0]]]


def _run_values(mine: list[Prepared], option: Option, run: dict[str, Any], table: Table) -> list[Any]:
    value = run.get(option.carries)
    if option.kind is Kind.TEXT:
        return [value] if value else []
    if option.several > 1:
        values = [part or 0 for part in value or [0] * option.several]
    else:
        values = [0 if value is None else value]
    return [limited(mine[0], option, part, option.carries, table) for part in values]


def as_lists(mine: list[Prepared], settings: list[Settings], run: dict[str, Any], table: Table) -> str:
    """One file for all messages, each option a list, as VTM and HM read it."""
    lines = []
    for option in table.options:
        if option.per is Per.RUN:
            values = _run_values(mine, option, run, table)
        elif option.per is Per.MESSAGE:
            values = [v for o, s in zip(mine, settings, strict=True) for v in _option_value(o, option, s, table)]
        elif option.per is Per.TYPE:
            values = [v for o, s in zip(mine, settings, strict=True) for v in _type_values(o, option, s, table, True)]
        else:
            values = [v for s in settings for v in s.numbers.get(option.carries, ())]
        if len(values) > option.most:
            raise MessageError(
                f"the list of {table.prefix}{option.name} is too long",
                element=option.carries,
                value=counted(len(values), "value"),
                allowed=counted(option.most, "value"),
            )
        if values:
            lines.append(f"{table.prefix}{option.name}: {format_value(option.kind, values)}\n")
    return "".join(lines)


def as_blocks(mine: list[Prepared], settings: list[Settings], run: dict[str, Any], table: Table) -> str:
    """One file for the messages of a payload type, one after another, as JM reads it."""
    lines = []
    for option in table.options:
        if option.per is Per.RUN:
            values = _run_values(mine, option, run, table)
            lines.append(f"{table.prefix}{option.name} = {format_value(option.kind, values)}")
    for one, its in zip(mine, settings, strict=True):
        for option in table.options:
            if option.per is Per.RUN:
                continue
            if option.per is Per.MESSAGE:
                values = _option_value(one, option, its, table)
            elif option.per is Per.TYPE:
                values = _type_values(one, option, its, table, False)
            else:
                values = its.numbers.get(option.carries) or [0.0]
            lines.append(f"{table.prefix}{option.name} = {format_value(option.kind, values)}")
    return "".join(line.rstrip() + "\n" for line in lines)
