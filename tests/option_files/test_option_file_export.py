"""Records into option files: what comes back, what is refused and why, what a user is told."""

from __future__ import annotations

import base64
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from option_files.face_records import Record, complete, picture

from gfv_sei import GfvError
from gfv_sei.stream.inject import PayloadWriter
from vtm_bridge.option_files import make_option_files, read_option_files
from vtm_bridge.option_files.options import dialect_named

DIALECTS = {"vtm": "vsei4", "hm": "draft-b", "jm": "draft-b"}
each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


def payloads(records: list[Record], dialect: str, syntax: str | None = None) -> list[tuple[int, bytes]]:
    """What inject --compat writes, GFV before GFVE as the encoders order them."""
    writer = PayloadWriter(syntax or DIALECTS[dialect], dialect)
    return sorted((writer.payload(record) for record in records), key=lambda one: one[0])


def read_back(records: list[Record], dialect: str, syntax: str | None = None) -> list[tuple[int, bytes]]:
    """Export, import, and what inject --compat makes of the imported records."""
    made = make_option_files(records, dialect, syntax=syntax)
    files = [text.encode() for text in made.files.values()]
    found = read_option_files(files, dialect, lambda _, name: made.networks[name], syntax)
    assert found.payloads == made.payloads
    return payloads(found.records, dialect, syntax)


def base(**more: Any) -> Record:
    """A base message with three keypoints."""
    header = {"gfv_id": 1, "gfv_cnt": 0, "gfv_base_picture_flag": 1, "gfv_coordinate_precision_factor_minus1": 7}
    values = {"coordinates": [[0.5, -0.25], [0.125, 0.0], [-0.5, 0.75]]}
    return {"au": 0, "payload_type": 223, **header, "values": values, **more}


def only_matrices(values: dict[str, Any]) -> Record:
    record = base(values=values)
    del record["gfv_coordinate_precision_factor_minus1"]
    return record


def further(cnt: int = 1, **more: Any) -> Record:
    return base(**{"gfv_cnt": cnt, **more})


def matrices(*types: tuple[int, list[Any]], points: Any = None) -> dict[str, Any]:
    values: dict[str, Any] = {"matrices": [{"type": type_idx, "elements": elements} for type_idx, elements in types]}
    return values | ({"coordinates": points} if points else {})


def gfve(cnt: int = 0, values: dict[str, Any] | None = None, **more: Any) -> Record:
    header: Record = {"gfve_id": 1, "gfve_gfv_id": 1, "gfve_gfv_cnt": cnt}
    if values is None:
        values = {"pupils": {"left": [0.25, 0.5]}}
    return {"au": 0, "payload_type": 224, **header, "values": values, **more}


SQUARE = [[1.0, 2.0], [3.0, 4.5]]


# Round trips


LIMITS = ("32 bits", "one value for all", "and takes none", "appends the bytes")
"""Why some of the made up pictures cannot be said."""


@each_dialect
@pytest.mark.parametrize("rounded", ["by the encoder", "by us"])
def test_pictures_come_back_as_the_same_payloads(dialect: str, rounded: str) -> None:
    """Of messages rounded by us, each element has to be found by a number that the encoder's rounding turns into it."""
    said = 0
    for seed in range(60):
        records = picture(Random(seed), compat=dialect)
        if rounded == "by us":
            records = complete(records, DIALECTS[dialect])
            plain = PayloadWriter(DIALECTS[dialect])
            expected = sorted((plain.payload(record) for record in records), key=lambda one: one[0])
            assert payloads(records, dialect) == expected
        try:
            assert read_back(records, dialect) == payloads(records, dialect)
            said += 1
        except GfvError as error:
            assert any(reason in str(error) for reason in LIMITS), f"{seed}: {error}"  # noqa: PT017
    assert said >= (50 if rounded == "by the encoder" else 35)


def test_every_negative_unit_is_hit() -> None:
    """VTM cuts v * 2^q + 0.5 toward zero, so -k comes from another place than k."""
    points = [[k / 256, -k / 256] for k in range(255)]
    records = complete([base(values={"coordinates": points}, gfv_kps_pred_flag=0)])
    assert records[0]["message"]["gfv_coordinate_y_abs"] == list(range(255))
    assert read_back(records, "vtm") == payloads(records, "vtm")


def test_extracted_hex_is_enough() -> None:
    records = complete([base(), further(1), gfve(0)])
    raw = [{"payload_type": t, "au": 3, "payload_hex": p.hex()} for t, p in payloads(records, "vtm")]
    assert make_option_files(raw).payloads == payloads(records, "vtm")


def test_given_numbers_stand_in_the_file_with_all_their_digits() -> None:
    made = make_option_files([base(values={"coordinates": [[0.1, 1 / 3]]})])
    assert "SEIGenerativeFaceVideoXCoordinate: 0.1\n" in made.files[223]
    assert "SEIGenerativeFaceVideoYCoordinate: 0.3333333333333333\n" in made.files[223]


def test_predicted_matrices_of_keypoints_in_a_message_without_keypoints() -> None:
    """VTM counts them by an option that the base message itself does not need."""
    affine = [SQUARE] * 3
    points = base()["values"]["coordinates"]
    records = [
        base(values=matrices((0, affine), points=points)),
        further(1, values=matrices((0, affine)), gfv_matrix_pred_flag=1),
    ]
    del records[1]["gfv_coordinate_precision_factor_minus1"]
    assert read_back(records, "vtm") == payloads(records, "vtm")


def test_old_vtm_has_the_options_of_hm() -> None:
    records = picture(Random(3), compat="hm")
    made = make_option_files(records, "vtm", syntax="draft-b")
    assert "DrivePicFusionFlag" in made.files[223]
    assert "ChromaKeyPurposeIdc" not in made.files[223]
    assert read_back(records, "vtm", "draft-b") == payloads(records, "hm")


def test_a_message_of_the_standard_is_translated_for_hm_and_jm() -> None:
    key = {
        "gfv_chroma_key_value": [None, 7, 255],
        "gfv_chroma_key_thr_present_flag": 1,
        "gfv_chroma_key_thr_lower": 10,
        "gfv_chroma_key_thr_upper_delta_minus1": 4,
    }
    records = complete([base(**key), further(1)])
    for dialect in ("hm", "jm"):
        made = make_option_files(records, dialect)
        text = made.files[223].replace("_", "").lower()
        assert "chromakeythrvalue: 10 15" in text or "chromakeythrvalue = 10 15" in text
        assert any("draft-b" in note for note in made.notes)
    back = read_option_files([make_option_files(records, "hm").files[223].encode()]).records
    assert make_option_files(complete(back, "draft-b", "hm"), "vtm").payloads == payloads(records, "vtm")


def test_jm_has_two_files_with_keys_in_a_fixed_order() -> None:
    made = make_option_files([base(), further(1), gfve(0)], "jm")
    assert sorted(made.files) == [223, 224]
    for payload_type, text in made.files.items():
        keys = [line.split(" =")[0] for line in text.splitlines() if not line.startswith("#")]
        table = dialect_named("jm").tables[payload_type]
        names = [table.prefix + option.name for option in table.options]
        run = [table.prefix + option.name for option in table.options if option.per.name == "RUN"]
        messages = 2 if payload_type == 223 else 1
        assert keys == run + names[len(run) :] * messages


# What a user is told


def test_one_access_unit_is_exported_and_the_user_told() -> None:
    records = [base(au=4), further(1, au=4), base(au=6), {"au": 4, "payload_type": 5, "payload_hex": "00"}]
    made = make_option_files(records)
    assert (made.au, len(made.payloads)) == (4, 2)
    assert "left out 1 message of 1 other access unit" in made.notes[0]
    assert "1 record of other payload types" in made.notes[1]
    assert make_option_files(records, au=6).au == 6
    with pytest.raises(GfvError, match="no GFV or GFVE messages of access unit 5"):
        make_option_files(records, au=5)


def test_order_of_types_that_readers_get_wrong_is_told() -> None:
    values = matrices((7, [[[1.0]]]), (4, [SQUARE]))
    record = only_matrices(values)
    (note,) = make_option_files([record]).notes
    assert "gfv_matrix_type_idx[ 1 ] = 4" in note
    values["matrices"].reverse()
    assert make_option_files([record]).notes == []


def test_gfve_records_before_gfv_records_are_told() -> None:
    made = make_option_files([base(), gfve(0), further(1), gfve(1)])
    assert [payload_type for payload_type, _ in made.payloads] == [223, 223, 224, 224]
    assert any("all GFV messages before all GFVE" in note for note in made.notes)


# Refusals: the record, the element, its value, what is allowed, and why


BYTES = base64.b64encode(b"network").decode()
NETWORK = {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": BYTES}
URI = {"gfv_nn_present_flag": 1, "gfv_nn_mode_idc": 1, "gfv_nn_tag_uri": "tag:x"}
POINTS = base()["values"]["coordinates"]
SPATIAL = {"coordinates": [[0.5, 0.5, 2.0]]}


def uri(text: str) -> list[Record]:
    return [base(**URI, gfv_nn_uri=text)]


def minus_one() -> list[Record]:
    return complete([base(values={"coordinates": [[0.0, 0.0], [0.0, -1.0]]}, gfv_kps_pred_flag=0)])


def with_extension() -> list[Record]:
    (record,) = complete([base()])
    record["message"]["reserved_payload_extension_data"] = "101"
    return [record]


def wide_gfve() -> list[Record]:
    return [gfve(0, matrices((0, [[1.0, 2.0]]))) | {"values": {"matrices": [{"elements": [[[1.0, 2.0]]]}]}}]


LARGE = base64.b64encode(bytes(65496)).decode()


def mixed_dimensions() -> Record:
    values = matrices((4, [SQUARE]), (5, [[[1.0], [2.0], [3.0]]]))
    return only_matrices(values)


REFUSED = [
    ("vtm", [base(gfv_id=2551)], "gfv_id", "0 to 2550"),
    ("vtm", [further(2551, gfv_kps_pred_flag=0)], "gfv_cnt", "0 to 2550"),
    ("vtm", minus_one(), "gfv_coordinate_y_abs[ 1 ]", "takes none but those from -1 to 1"),
    ("vtm", [base(gfv_coordinate_precision_factor_minus1=30)], "gfv_coordinate_precision_factor_minus1", "32 bits"),
    ("vtm", [base(), base(gfv_base_picture_flag=0)], "gfv_base_picture_flag", "one value for all messages"),
    ("vtm", [base(), base(**URI, gfv_nn_uri="x")], "gfv_nn_present_flag", "record 0 has another"),
    ("vtm", [base(), base(gfv_chroma_key_info_present_flag=1)], "gfv_chroma_key_info_present_flag", "one value"),
    ("vtm", [base(gfv_chroma_key_purpose_idc=2)], "gfv_chroma_key_purpose_idc", "through a bool"),
    ("vtm", [base(), base(gfv_id=2), further(1, gfv_id=2, gfv_kps_pred_flag=1)], "gfv_kps_pred_flag", "gfv_id 1"),
    (
        "vtm",
        [base(), base(values={"coordinates": POINTS[:2]}), further(1, values={"coordinates": POINTS[:2]})],
        "gfv_kps_pred_flag",
        "from the first, record 0",
    ),
    ("vtm", [base(values={"coordinates": [[0.0, 0.0, 20000.0]]})], "gfv_coordinate_z_abs[ 0 ]", "-10240 to 10240"),
    ("vtm", [base(gfv_coordinate_z_max_value_minus1=65535, values=SPATIAL)], "gfv_coordinate_z_max_value", "10240"),
    ("vtm", uri("https://example.org/ü"), "gfv_nn_uri", "above 127"),
    ("vtm", uri("a #b"), "gfv_nn_uri", "comment"),
    ("vtm", uri(" a"), "gfv_nn_uri", "blanks at its start"),
    ("vtm", uri("a\nb"), "gfv_nn_uri", "a line"),
    ("jm", uri("a b"), "gfv_nn_uri", "with blanks"),
    ("vtm", [base(**NETWORK), further(1)], "gfv_nn_payload_byte", "give it the same"),
    (
        "vtm",
        [base(**NETWORK), further(1, gfv_nn_payload_byte="AAAA")],
        "gfv_nn_payload_byte",
        "one network for all messages",
    ),
    ("vtm", with_extension(), "reserved_payload_extension_data", "bits after the last element"),
    ("vtm", wide_gfve(), "gfve_matrix_width_minus1[ 0 ]", "only square"),
    ("vtm", [gfve(gfve_pupil_coordinate_precision_factor_minus1=29)], "gfve_pupil_coordinate_precision", "32 bits"),
    ("vtm", [gfve(gfve_gfv_id=2551)], "gfve_gfv_id", "0 to 2550"),
    (
        "vtm",
        [only_matrices(matrices((8, [[[60000.0]]])))],
        "gfv_matrix_element_int",
        "from -50960 to 50960",
    ),
    ("vtm", [base(gfv_chroma_key_thr_lower=3)], "gfv_chroma_key_thr_upper_delta_minus1", "missing"),
    ("hm", [base(gfv_chroma_key_purpose_idc=1)], "gfv_chroma_key_purpose_idc", "no purpose"),
    ("hm", [base(), further(1, gfv_fusion_pic_flag=1)], "gfv_drive_picture_fusion_flag", "the encoder stops"),
    ("jm", [base(gfv_id=2**31 - 1)], "gfv_id", "0 to 2147483646"),
    (
        "jm",
        [mixed_dimensions()],
        "gfv_matrix_for_3D_space_flag",
        "one value for all matrix types",
    ),
    ("jm", [base(**NETWORK | {"gfv_nn_payload_byte": LARGE})], "payload_size", "65496"),
    ("vtm", [further(1, gfv_kps_pred_flag=1)], "gfv_kps_pred_flag", "cannot predict"),
    ("vtm", [{"au": 0, "payload_type": 223, "error": "x", "payload_hex": "zz"}], "record", "hex"),
    ("vtm", [{"au": 0, "payload_type": 223, "payload_hex": "ff"}], "gfv_", "record 0, bit 5 of the payload"),
    ("vtm", [{"au": -1, "payload_type": 223}], "au", "a number from 0"),
    ("vtm", [{"au": 0, "payload_type": 223, "message": [1]}], "message", "object"),
    ("vtm", [], None, "no GFV or GFVE messages"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "records", "element", "why"), REFUSED)
def test_what_cannot_be_said_is_refused_with_the_reason(
    dialect: str, records: list[Record], element: str | None, why: str
) -> None:
    with pytest.raises(GfvError) as caught:
        make_option_files(records, dialect)
    error = caught.value
    assert why in str(error)
    if element is not None:
        assert error.element is not None
        assert error.element.startswith(element)
        if element not in ("au", "payload_size"):
            assert "record" in str(error)


def test_prediction_from_an_earlier_access_unit_is_refused() -> None:
    records = complete([base(), further(1, gfv_kps_pred_flag=1)])
    records[1]["au"] = 1
    with pytest.raises(GfvError, match="earlier access units are not in the option file"):
        make_option_files(records, au=1)


def test_unknown_encoders_and_editions() -> None:
    with pytest.raises(GfvError, match="vtm, hm, jm"):
        make_option_files([base()], "x265")
    with pytest.raises(GfvError, match="vsei4, draft-b"):
        make_option_files([base()], "vtm", syntax="draft-a")


ODD: list[Any] = [None, True, -1, 2**40, 0.5, float("nan"), "x", "", [], [[]], {}, [None, 1], {"left": [0]}]


@given(st.data())
def test_odd_records_are_written_or_refused(data: st.DataObject) -> None:
    """Whatever stands in place of some value of a record: a file that says it, or a GfvError."""
    dialect = data.draw(st.sampled_from(list(DIALECTS)))
    records = picture(Random(data.draw(st.integers(0, 30))), compat=dialect)
    if data.draw(st.booleans()):
        records = complete(records, DIALECTS[dialect])
    record = data.draw(st.sampled_from(records))
    parts = [record, *(part for part in record.values() if isinstance(part, dict))]
    part = data.draw(st.sampled_from(parts))
    name = data.draw(st.sampled_from(sorted(part) or [""]))
    part[name] = data.draw(st.sampled_from(ODD))
    try:
        made = make_option_files(records, dialect)
    except GfvError as error:
        assert str(error)  # noqa: PT017
        return
    assert made.payloads
