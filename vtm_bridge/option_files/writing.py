"""Records into option files: options such that the encoder writes exactly the payloads of the records.

In five steps. The records of one access unit are picked. Each becomes its payload, as ``inject --compat`` writes it,
and is read again, which gives its elements and the references of its prediction as the encoder has them. From these
come settings per message, with real numbers that the encoder's rounding turns into those very elements. Settings are
checked against the limits of the options, and written. At last the file is read as the encoder reads it, and its
payloads are compared: a file that would give others is never handed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gfv_sei.errors import MessageError
from gfv_sei.syntax.layout import GfvLayout
from gfv_sei.syntax.matrices import HEAD, PER_KEYPOINT
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.wording import counted
from vtm_bridge.option_files.listing import as_blocks, as_lists, title_of_file
from vtm_bridge.option_files.message_settings import message_settings
from vtm_bridge.option_files.options import Dialect, dialect_named
from vtm_bridge.option_files.prepared import Prepared, Record, pick, prepare, refuse
from vtm_bridge.option_files.reading import read_option_files
from vtm_bridge.option_files.run_settings import run_settings


class Exported(NamedTuple):
    """What is to be written.

    files       text by payload type: VTM and HM have one file for both, under GFV; JM has one each
    networks    contents of the files that the options name, by name; they belong beside the option file
    payloads    payload type and payload of each message in the order in which the encoder writes them
    au          the access unit that they come from
    notes       what a user should know
    """

    files: dict[int, str]
    networks: dict[str, bytes]
    payloads: list[tuple[int, bytes]]
    au: int
    notes: list[str]


def make_option_files(
    records: Iterable[Record],
    dialect: str = "vtm",
    *,
    syntax: str | None = None,
    au: int | None = None,
    name: str = "option-file",
) -> Exported:
    """The option file (JM: files) with which an encoder writes the messages of these records.

    dialect     vtm, hm or jm
    syntax      draft-b with vtm: the options of VTM 23.9 to 23.11
    au          the access unit whose messages are meant; by default the first that has any
    name        how names of network files begin

    Raises GfvError, with record, element, value and reason, where something cannot be said in an option file.
    """
    chosen = dialect_named(dialect, syntax)
    notes: list[str] = []
    unit, picked, earlier = pick(records, au, notes)
    prepared = prepare(picked, chosen, notes, earlier)
    if [one.payload_type for one in prepared] != sorted(one.payload_type for one in prepared):
        notes.append("the encoder writes all GFV messages before all GFVE messages, whatever the order of records")
    prepared.sort(key=lambda one: one.payload_type)
    _check_size(prepared, chosen)
    files: dict[int, str] = {}
    networks: dict[str, bytes] = {}
    for payload_type, table in sorted(chosen.tables.items()):
        mine = [one for one in prepared if one.payload_type == payload_type]
        if not mine:
            continue
        run = run_settings(mine, table, chosen, f"{name}.{table.elements}.nnr")
        if run["network_file"]:
            network = next(one.network for one in mine if one.network is not None)
            networks[run["network_file"]] = network
        settings = [message_settings(one, k, mine, chosen, run) for k, one in enumerate(mine)]
        if chosen.lists:
            files[GFV] = files.get(GFV, title_of_file(prepared, unit, chosen)) + as_lists(mine, settings, run, table)
        else:
            files[payload_type] = title_of_file(mine, unit, chosen) + as_blocks(mine, settings, run, table)
    if chosen.lists:
        for one in prepared:
            _warn_of_readers(one, chosen, notes)
    _compare(files, networks, prepared, chosen)
    return Exported(files, networks, [(one.payload_type, one.payload) for one in prepared], unit, notes)


def _check_size(prepared: list[Prepared], dialect: Dialect) -> None:
    if dialect.most_bytes is None:
        return
    total = sum(len(one.payload) + 2 + len(one.payload) // 255 for one in prepared)
    if total > dialect.most_bytes:
        raise MessageError(
            f"all SEI messages of a picture together are too long for {dialect.title}",
            element="payload_size",
            value=total,
            allowed=f"0 to {dialect.most_bytes}",
        )


def _warn_of_readers(one: Prepared, dialect: Dialect, notes: list[str]) -> None:
    """The readers of VTM and HM index short lists by the number of the type."""
    layout = one.message.layout
    if not isinstance(layout, GfvLayout) or layout.matrices is None or layout.matrices_predicted:
        return
    per_keypoint = info = space = 0
    for i, kind in enumerate(layout.matrices.types):
        if kind.type_idx in PER_KEYPOINT:
            number = layout.coordinates.num_kps if layout.coordinates else 0
            equal = kind.number == number
            wrong = i != per_keypoint or (not equal and i != info)
            per_keypoint, info = per_keypoint + 1, info + (not equal)
        elif kind.type_idx in HEAD and layout.coordinates is None:
            wrong = i != space
            space += 1
        else:
            wrong = False
        if wrong:
            notes.append(
                f"record {one.number}: gfv_matrix_type_idx[ {i} ] = {kind.type_idx} stands behind a type that codes "
                f"less; the encoder writes it right, but the decoder of {dialect.title.split()[0]} reads beyond a list"
            )
            return


def _compare(files: dict[int, str], networks: dict[str, bytes], prepared: list[Prepared], dialect: Dialect) -> None:
    """Read the files as the encoder does; what it would write has to be the payloads of the records."""
    data = [text.encode() for text in files.values()]
    found = read_option_files(data, dialect.name, lambda _, name: networks[name], dialect.syntax)
    for one, (_, payload) in zip(prepared, found.payloads, strict=True):
        if payload != one.payload:
            raise _difference(one, payload, dialect, networks)


def _difference(one: Prepared, payload: bytes, dialect: Dialect, networks: dict[str, bytes]) -> MessageError:
    elements = dialect.tables[one.payload_type].elements
    carried = next((data for name, data in networks.items() if name.endswith(f".{elements}.nnr")), None)
    if carried is not None and not one.base and payload.endswith(carried):
        return refuse(
            one,
            dialect,
            "the encoder appends the bytes of the network to every message, also to those that announce none, and this "
            f"record is without; give it the same {elements}_nn_payload_byte, or signal the network by a URI",
            f"{elements}_nn_payload_byte",
            "absent",
            f"the {counted(len(carried), 'byte')} of the base message",
        )
    tails = ("reserved_payload_extension_data", "payload_trailing_bits")
    extra = [name for name in tails if name in one.message.fields]
    if extra:
        why = "no option stands for bits after the last element"
        return refuse(one, dialect, why, extra[0], one.message.fields[extra[0]][:40], "absent")
    first = next((i for i, (a, b) in enumerate(zip(one.payload, payload, strict=False)) if a != b), len(payload))
    return refuse(
        one,
        dialect,
        f"the encoder would write another payload, from byte {first} on",
        "payload",
        one.payload[first : first + 8].hex(),
        payload[first : first + 8].hex(),
    )
