"""Option files into records: what the encoder would make of the options, message by message."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.stream.inject import PayloadWriter
from gfv_sei.syntax.coder import nest
from gfv_sei.syntax.payload_types import GFV, GFVE
from gfv_sei.wording import counted
from vtm_bridge.option_files.forming import CARRIED, Size, TypeOptions, built_size, read_size
from vtm_bridge.option_files.listed import Settings, jm_sources, list_sources
from vtm_bridge.option_files.options import Dialect, dialect_named
from vtm_bridge.option_files.text import split_lines, why_not_text

Record = dict[str, Any]

Network = Callable[[int, str], bytes]
"""Gives the bytes of a network: payload type, and the file name that the options say."""

MOST_BYTES = 1 << 28
"""No option file is longer; the longest lists that the encoders take need less."""


class Imported(NamedTuple):
    """What an option file says.

    records     as `gfv inject --compat` takes them, all at access unit 0
    payloads    payload type and payload of each, as the encoder writes it
    dialect     whose option file it is
    notes       what a user should know
    """

    records: list[Record]
    payloads: list[tuple[int, bytes]]
    dialect: Dialect
    notes: list[str]


def read_option_files(
    files: Sequence[bytes],
    dialect: str | None = None,
    network: Network | None = None,
    syntax: str | None = None,
    *,
    names: Sequence[str] = (),
) -> Imported:
    """The records of one or several option files that an encoder is given together.

    dialect     vtm, hm or jm; None finds out. The names of VTM before 23.12 are those of HM
    network     gives the bytes of a network that stand in another file; without it such a file is an error
    names       of the files, for error messages

    Raises GfvError for anything that the encoder would stop at, or read wrong.
    """
    for data in files:
        if len(data) > MOST_BYTES:
            raise GfvError(f"an option file of {counted(len(data), 'byte')} is too long", allowed=f"{MOST_BYTES} bytes")
    chosen = dialect_named(dialect, syntax) if dialect else find_dialect(files)
    notes: list[str] = []
    titled = list(zip_longest(names, files))[: len(files)]
    sources = jm_sources(titled, chosen) if not chosen.lists else list_sources(titled, chosen, notes)
    records: list[Record] = []
    payloads: list[tuple[int, bytes]] = []
    writer = PayloadWriter(chosen.syntax, chosen.name)
    for payload_type, source in sources:
        interpret = _gfv if payload_type == GFV else _gfve
        title = "GFV" if payload_type == GFV else "GFVE"
        made = interpret(source, chosen, _NetworkBytes(payload_type, network))
        for i in range(source.number):
            try:
                record = next(made)
                payloads.append(writer.payload(record))
            except GfvError as error:
                raise _in_message(error, f"{title} message {i}") from None
            records.append(record)
    if not records:
        raise GfvError("no options of GFV or GFVE messages, or none that are switched on")
    return Imported(records, payloads, chosen, notes)


def _in_message(error: GfvError, where: str) -> GfvError:
    error.reason = f"{where}: {error.reason}"
    return error


def find_dialect(files: Sequence[bytes]) -> Dialect:
    """Whose option files these are, by the names of options that not all encoders have."""
    names = {line.name for data in files for line in split_lines(data, ":")}
    assigned = {line.name for data in files for line in split_lines(data, "=")}
    scores = []
    for dialect in (dialect_named("vtm"), dialect_named("hm"), dialect_named("jm")):
        known = {table.prefix + o.name for table in dialect.tables.values() for o in table.options}
        scores.append((len(known & (names if dialect.lists else assigned)), dialect))
    best, dialect = max(scores, key=lambda score: score[0])  # on a tie the first
    if not best:
        raise GfvError("no options of GFV or GFVE messages in this file")
    return dialect


# What the options mean


class _NetworkBytes:
    """The bytes of the network of a run, read once and only if the options call for them."""

    def __init__(self, payload_type: int, network: Network | None) -> None:
        self.payload_type = payload_type
        self.network = network
        self.text: str | None = None

    def base64(self, name: str) -> str:
        """The bytes as records hold them."""
        if self.text is None:
            if self.network is None:
                raise GfvError(
                    "the network stands in another file, which was not given",
                    element="network_file",
                    value=ascii(name)[1:-1][:80],
                )
            self.text = binascii.b2a_base64(self.network(self.payload_type, name), newline=False).decode()
        return self.text


def _header_of_network(
    source: Settings, i: int, elements: str, base: int, network: _NetworkBytes, dialect: Dialect
) -> Record:
    present = source.get(i, f"{elements}_nn_present_flag")
    header: Record = {f"{elements}_nn_present_flag": present} if base else {}
    if not present:
        return header
    mode = source.get(i, f"{elements}_nn_mode_idc")
    if mode == 0:  # the encoders append the bytes to every message, whether it announces them or not
        header[f"{elements}_nn_payload_byte"] = network.base64(source.get(i, "network_file"))
    if base:
        header[f"{elements}_nn_mode_idc"] = mode
        for name in (f"{elements}_nn_tag_uri", f"{elements}_nn_uri") if mode == 1 else ():
            header[name] = source.get(i, name)
            reason = why_not_text(header[name], ":" if dialect.lists else "=")
            if reason:
                raise GfvError(reason, element=name, value=ascii(header[name])[1:-1][:80])
    return header


def _within(name: str, value: int, low: int, high: int, why: str = "the encoder stops") -> int:
    if not low <= value <= high:
        raise GfvError(f"out of range; {why}", element=name, value=value, allowed=f"{low} to {high}")
    return value


OVERFLOW = "the encoder computes 2^q in 32 bits with a sign"


ALWAYS_LOOKED_UP = (
    "gfv_coordinate_precision_factor_minus1",
    "gfv_num_kps_minus1",
    "gfv_coordinate_z_present_flag",
    "gfv_matrix_pred_flag",
    "gfv_matrix_element_precision_factor_minus1",
    "gfv_num_matrix_types_minus1",
)
"""What the encoders look up for the first message, whatever it has; VTM crashes where there is no such list."""


def _gfv(source: Settings, dialect: Dialect, network: _NetworkBytes) -> Iterator[Record]:
    for carries in ALWAYS_LOOKED_UP:
        source.get(0, carries)
    for i in range(source.number):
        cnt = source.get(i, "gfv_cnt")
        base = int(cnt == 0 and source.get(i, "gfv_base_picture_flag"))
        record: Record = {"au": 0, "payload_type": GFV, "syntax": dialect.syntax}
        record |= {"gfv_id": source.get(i, "gfv_id"), "gfv_cnt": cnt}
        if cnt == 0:
            record["gfv_base_picture_flag"] = base
        record |= _header_of_network(source, i, "gfv", base, network, dialect)
        if base:
            record |= _chroma_key(source, i, dialect)
        record |= _fusion(source, i, dialect, cnt, base)
        record["gfv_low_confidence_face_parameter_flag"] = source.get(i, "gfv_low_confidence_face_parameter_flag")
        values: Record = {}
        three_d, points = _coordinates(source, i, dialect, base, record, values)
        _matrices(source, i, dialect, base, three_d, points, record, values)
        if not values:
            raise GfvError(
                "a message has coordinates, matrices or both; the encoder stops",
                element="gfv_matrix_present_flag",
                value=0,
            )
        yield {**record, "values": values}


def _chroma_key(source: Settings, i: int, dialect: Dialect) -> Record:
    name = "gfv_chroma_key"
    present = source.get(i, f"{name}_info_present_flag")
    header: Record = {f"{name}_info_present_flag": present}
    if not present:
        return header
    table = dialect.tables[GFV]
    flags = header[f"{name}_value_present_flag"] = source.get(i, f"{name}_value_present_flag")
    header[f"{name}_value"] = [
        _within(f"{name}_value", value, 0, 255) if flag else None
        for flag, value in zip(flags, source.get(i, f"{name}_value"), strict=True)
    ]
    flags = header[f"{name}_thr_present_flag"] = source.get(i, f"{name}_thr_present_flag")
    if table.has(f"{name}_purpose_idc"):
        purpose = _within(f"{name}_purpose_idc", source.get(i, f"{name}_purpose_idc"), 0, 2)
        header[f"{name}_purpose_idc"] = min(purpose, 1)  # it passes through a bool
    if table.has(f"{name}_thr_value"):
        values = source.get(i, f"{name}_thr_value")
        header[f"{name}_thr_value"] = [v if flag else None for flag, v in zip(flags, values, strict=True)]
    elif flags:
        for part in ("thr_lower", "thr_upper_delta_minus1"):
            header[f"{name}_{part}"] = _within(f"{name}_{part}", source.get(i, f"{name}_{part}"), 0, 255)
    return header


def _fusion(source: Settings, i: int, dialect: Dialect, cnt: int, base: int) -> Record:
    name = next(o.carries for o in dialect.tables[GFV].options if o.carries.endswith(FUSION))
    flag = source.get(i, name)
    if cnt and flag and source.get(i, "gfv_base_picture_flag"):
        raise GfvError("with the base flag on, the encoder stops", element=name, value=1, allowed="0")
    coded = not base and (cnt == 0 or name == "gfv_drive_picture_fusion_flag")
    return {name: flag} if coded else {}


FUSION = ("fusion_pic_flag", "picture_fusion_flag")
"""How the element ends that the fusion option carries."""


def _layout_from(source: Settings, i: int, dialect: Dialect, flag: str, predicted: int) -> int:
    """The message whose layout holds: VTM and HM take that of a predicted message from the first of the list."""
    if not (dialect.lists and i and predicted):
        return i
    if source.get(i, "gfv_id") != source.get(0, "gfv_id"):
        raise GfvError(
            "predicted, but of another gfv_id than the first message; the encoder stops",
            element=flag,
            value=1,
            allowed="0",
        )
    return 0


def _coordinates(
    source: Settings, i: int, dialect: Dialect, base: int, record: Record, values: Record
) -> tuple[int, int | None]:
    """Whether this message is in 3D, and its number of keypoints, None without."""
    predicted = source.get(i, "gfv_kps_pred_flag")
    at = _layout_from(source, i, dialect, "gfv_kps_pred_flag", predicted)
    three_d = source.get(at, "gfv_coordinate_z_present_flag")
    z_max = source.get(at, "gfv_coordinate_z_max_value_minus1") - 1 if three_d else None  # also without coordinates
    if not source.get(i, "gfv_coordinate_present_flag"):
        return three_d, None
    record["gfv_kps_pred_flag"] = predicted
    name = "gfv_coordinate_precision_factor_minus1"
    record[name] = _within(name, source.get(at, name) - 1, 0, 29, OVERFLOW)
    points = _within("gfv_num_kps_minus1", source.get(at, "gfv_num_kps_minus1") - 1, 0, 2**32 - 2) + 1
    columns = [source.take(i, axis, points) for axis in ("xyz" if three_d else "xy")]
    if z_max is not None:
        name = "gfv_coordinate_z_max_value_minus1"
        record[name] = _within(name, z_max, 0, 2**16 - 1)
    values["coordinates"] = [list(point) for point in zip(*columns, strict=True)]
    return three_d, points


def _matrices(
    source: Settings,
    i: int,
    dialect: Dialect,
    base: int,
    three_d: int,
    points: int | None,
    record: Record,
    values: Record,
) -> None:
    present = source.get(i, "gfv_matrix_present_flag")
    predicted = source.get(i, "gfv_matrix_pred_flag") if i or not dialect.lists else 0
    if base and predicted and present and dialect.lists:
        raise GfvError(
            "in a base message after the first the encoder writes differences without saying so: unreadable",
            element="gfv_matrix_pred_flag",
            value=1,
            allowed="0",
        )
    at = _layout_from(source, i, dialect, "gfv_matrix_pred_flag", predicted)
    types = source.get(at, "gfv_num_matrix_types_minus1")
    if present:
        if not source.get(at, "gfv_matrix_present_flag"):
            raise GfvError(
                "predicted, but the first message of the list has no matrices",
                element="gfv_matrix_pred_flag",
                value=1,
                allowed="0",
            )
        if not base:
            record["gfv_matrix_pred_flag"] = predicted
        name = "gfv_matrix_element_precision_factor_minus1"
        record[name] = _within(name, source.get(at, name) - 1, 0, 29, OVERFLOW)
        _within("gfv_num_matrix_types_minus1", types - 1, 0, 2549)
        values["matrices"] = [_one_type(source, i, at, k, dialect, three_d, points) for k in range(types)]
    source.end_of_message(i, types or 1)


def _one_type(
    source: Settings, i: int, at: int, k: int, dialect: Dialect, three_d: int, points: int | None
) -> dict[str, Any]:
    options = TypeOptions(*(source.of_type(at, carries, k) for carries in CARRIED))
    _within("gfv_matrix_type_idx", options.type_idx, 0, 63)
    built = built_size(options, points, three_d)
    read = read_size(options, points, three_d) if dialect.lists else built
    for name, value in zip(
        ("gfv_num_matrices_minus1", "gfv_matrix_height_minus1", "gfv_matrix_width_minus1"), built, strict=True
    ):
        _within(name, value - 1, 0, 1023)
    if any(b > r for b, r in zip(built, read, strict=True)):
        raise GfvError(
            f"the encoder keeps {_shown(read)} elements and then takes {_shown(built)}, beyond their end",
            element=f"gfv_matrix_type_idx[ {k} ]",
            value=options.type_idx,
        )
    number, height, width = read
    elements = nest(source.take(i, "element", number * height * width), read)
    if built != read:
        elements = [[row[: built[2]] for row in matrix[: built[1]]] for matrix in elements[: built[0]]]
    return {"type": options.type_idx, "elements": elements}


def _shown(size: Size) -> str:
    return " x ".join(str(count) for count in size)


def _gfve(source: Settings, dialect: Dialect, network: _NetworkBytes) -> Iterator[Record]:
    pupil_q: int | None = None
    first_sizes: list[tuple[int, int]] | None = None
    for i in range(source.number):
        cnt = source.get(i, "gfve_gfv_cnt")
        base = int(cnt == 0 and source.get(i, "gfve_base_picture_flag"))
        record: Record = {"au": 0, "payload_type": GFVE, "syntax": dialect.syntax}
        record |= {name: source.get(i, name) for name in ("gfve_id", "gfve_gfv_id", "gfve_gfv_cnt")}
        if cnt == 0:
            record["gfve_base_picture_flag"] = base
        record |= _header_of_network(source, i, "gfve", base, network, dialect)
        values: Record = {}
        present = source.get(i, "gfve_matrix_present_flag")
        number = source.get(i, "gfve_num_matrices_minus1")
        matrices = [_gfve_matrix(source, i, j) for j in range(number)] if present or dialect.lists else []
        source.end_of_message(i, number)
        if present:
            predicted = source.get(i, "gfve_matrix_pred_flag")
            if base and predicted:
                raise GfvError(
                    "in a base message the encoder writes differences without saying so: unreadable",
                    element="gfve_matrix_pred_flag",
                    value=1,
                    allowed="0",
                )
            if not base:
                record["gfve_matrix_pred_flag"] = predicted
            name = "gfve_matrix_element_precision_factor_minus1"
            record[name] = _within(name, source.get(i, name) - 1, 0, 29, OVERFLOW)
            _within("gfve_num_matrices_minus1", number - 1, 0, 1023)
            for j, (height, width, _) in enumerate(matrices):
                _within(f"gfve_matrix_height_minus1[ {j} ]", height - 1, 0, 1023)
                _within(f"gfve_matrix_width_minus1[ {j} ]", width - 1, 0, 1023)
                if dialect.lists and height != width:
                    raise GfvError(
                        "the encoder mixes up rows and columns, so only square matrices are read right",
                        element=f"gfve_matrix_width_minus1[ {j} ]",
                        value=width - 1,
                        allowed=str(height - 1),
                    )
            sizes = [(height, width) for height, width, _ in matrices]
            if base and first_sizes is None:
                first_sizes = sizes
            if dialect.lists and predicted and sizes != first_sizes:
                raise GfvError(
                    "the encoder goes on using the sizes of the first base message, which are others",
                    element="gfve_matrix_pred_flag",
                    value=1,
                    allowed="0",
                )
            values["matrices"] = [{"elements": [nest(flat, (h, w)) for h, w, flat in matrices]}]
        name = "gfve_pupil_coordinate_present_idx"
        idx = record[name] = _within(name, source.get(i, name), 0, 3)
        if idx:
            name = "gfve_pupil_coordinate_precision_factor_minus1"
            record[name] = _within(name, source.get(i, name) - 1, 0, 28, OVERFLOW)
            if base:
                pupil_q = record[name]
            if record[name] != pupil_q:
                raise GfvError(
                    "the encoder rounds to the precision of the message, readers take that of the base message",
                    element=name,
                    value=record[name],
                    allowed="that of the base message" if pupil_q is None else str(pupil_q),
                )
            values["pupils"] = {
                eye: [source.get(i, f"{eye}.{axis}") for axis in "xy"]
                for bit, eye in ((1, "left"), (2, "right"))
                if idx & bit
            }
        yield {**record, "values": values}


def _gfve_matrix(source: Settings, i: int, j: int) -> tuple[int, int, list[float]]:
    height = source.of_type(i, "gfve_matrix_height_minus1", j)
    width = source.of_type(i, "gfve_matrix_width_minus1", j)
    return height, width, source.take(i, "element", height * width)
