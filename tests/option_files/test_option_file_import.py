"""Option files into records: against the streams of the real encoder, and whatever may stand in such a file."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from option_files.face_records import picture

import gfv_sei
from gfv_sei import GfvError
from gfv_sei.stream.inject import PayloadWriter
from vtm_bridge.option_files import make_option_files, read_option_files

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "vtm24-bitstreams"
FILES = sorted(FOLDER.glob("*.cfg"))
MISSING = pytest.param(None, marks=pytest.mark.skip(reason=f"the reference bitstreams are not here: no {FOLDER}"))
each_file = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES] or [MISSING])

GFV, GFVE = "SEIGenerativeFaceVideo", "SEIGenerativeFaceVideoEnhancement"


def carried(path: Path) -> list[tuple[int, bytes]]:
    """The payloads of a stream."""
    writer = PayloadWriter("vsei4")
    return [writer.payload(record) for record in gfv_sei.read_messages(path, syntax="vsei4")]


@each_file
def test_records_become_the_payloads_of_the_encoder(path: Path) -> None:
    stream = path.with_suffix(".bit")
    first = next(iter(gfv_sei.read_messages(stream)))["message"]

    def network(_: int, name: str) -> bytes:
        # nn_payload_mode0: the network file is not among the vectors, its bytes stand in the stream
        assert name == "payload.nnr"
        return base64.b64decode(first["gfv_nn_payload_byte"])

    found = read_option_files([path.read_bytes()], network=network)
    assert (found.dialect.name, found.dialect.syntax) == ("vtm", "vsei4")
    writer = PayloadWriter("vsei4", "vtm")
    assert [writer.payload(record) for record in found.records] == carried(stream)
    assert all(record["au"] == 0 for record in found.records)


@each_file
def test_export_of_the_stream_gives_its_payloads(path: Path) -> None:
    stream = path.with_suffix(".bit")
    made = make_option_files(list(gfv_sei.read_messages(stream)))
    assert made.payloads == carried(stream)


# Syntax of the files


def smallest(**options: str | None) -> str:
    """The least that VTM takes; `_` stands for an empty value, None leaves an option out."""
    found = {
        "Enabled": "1", "Number": "1", "Id": "3", "Cnt": "0", "FusionPicFlag": "0", "BasePicFlag": "1",
        "LowConfidenceFaceParameterFlag": "0", "CoordinatePresentFlag": "1", "CoordinatePredFlag": "0",
        "CoordinateQuantizationFactor": "8", "CoordinatePointNum": "1", "3DCoordinateFlag": "0",
        "XCoordinate": "0.5", "YCoordinate": "-0.5", "MatrixPresentFlag": "0", "MatrixPredFlag": "0",
        "MatrixElementPrecisionFactor": "0", "NumMatrixType": "0",
    } | options  # fmt: skip
    return "".join(f"{GFV}{name}: {value}\n" for name, value in found.items() if value is not None)


def test_comments_blanks_and_other_options() -> None:
    plain = read_option_files([smallest().encode()]).records
    text = smallest().replace(": ", "   :\t ").replace("\n", "  # it is so\r\n")
    text = f"\ufeff# a comment\n\n   \nno option here\nQP : 32\n{GFV}Number\n" + text + "SourceWidth: 64"
    assert read_option_files([text.encode()]).records == plain
    (record,) = plain
    assert record["values"] == {"coordinates": [[0.5, -0.5]]}
    assert record["gfv_coordinate_precision_factor_minus1"] == 7


def test_lists_take_commas_and_the_last_of_an_option_counts() -> None:
    text = smallest(CoordinatePointNum="3", XCoordinate=" .5,1e-1 ,, +1.", YCoordinate="0 0 0", Id="7")
    found = read_option_files([smallest(Id="9").encode(), text.encode()])
    assert [x for x, _ in found.records[0]["values"]["coordinates"]] == [0.5, 0.1, 1.0]
    assert found.records[0]["gfv_id"] == 7


def test_an_address_keeps_its_fragment() -> None:
    more = {"NNPresentFlag": "1", "NNModeIdc": "1", "NNTagURI": "two words # and a comment", "NNURI": "http://x/#y:z"}
    (record,) = read_option_files([smallest(**more).encode()]).records
    assert (record["gfv_nn_tag_uri"], record["gfv_nn_uri"]) == ("two words", "http://x/#y:z")


def test_switched_off_options_are_left_out_and_said() -> None:
    text = smallest() + f"{GFVE}Enabled: 0\n{GFVE}Number: 4\n"
    found = read_option_files([text.encode()])
    assert len(found.records) == 1
    assert "not switched on" in found.notes[0]


def test_a_purpose_of_2_is_coded_as_1() -> None:
    more = {"ChromaKeyInfoPresentFlag": "1", "ChromaKeyPurposeIdc": "2", "ChromaKeyValuePresentFlag": "0 0 0",
            "ChromaKeyValue": "0 0 0"}  # fmt: skip
    assert read_option_files([smallest(**more).encode()]).records[0]["gfv_chroma_key_purpose_idc"] == 1


def test_the_dialect_is_found_by_the_names() -> None:
    old = smallest(FusionPicFlag=None, DrivePicFusionFlag="0")  # type: ignore[arg-type]
    assert read_option_files([old.encode()]).dialect.name == "hm"
    with pytest.raises(GfvError, match=r"VTM 24\.0 has no such option; it is one of VTM 23\.9 to 23\.11 and HM"):
        read_option_files([old.encode()], "vtm")
    assert read_option_files([old.encode()], "vtm", syntax="draft-b").dialect.title.startswith("VTM 23")


def test_message_after_the_first_inherits_from_the_first_of_the_list() -> None:
    text = smallest(
        Number="2", Id="3 3", Cnt="0 1", FusionPicFlag="0 0", LowConfidenceFaceParameterFlag="0 0",
        CoordinatePresentFlag="1 1", CoordinatePredFlag="0 1", CoordinateQuantizationFactor="8 3",
        CoordinatePointNum="1 99", XCoordinate="0.5 0.25", YCoordinate="0 0", MatrixPresentFlag="0 0",
        MatrixPredFlag="0 0", NumMatrixType="0 0",
    )  # fmt: skip
    second = read_option_files([text.encode()]).records[1]
    assert second["gfv_coordinate_precision_factor_minus1"] == 7
    assert second["values"]["coordinates"] == [[0.25, 0.0]]


# What the encoder would stop at, or read wrong


WRONG = [
    ({"Id": "3 4"}, "one value per message"),
    ({"Id": "2551"}, "0 to 2550"),
    ({"Id": "-1"}, "no number"),
    ({"Id": "9" * 5000}, "no number"),
    ({"XCoordinate": "1.01"}, "-1 to 1"),
    ({"XCoordinate": "nan"}, "no number"),
    ({"XCoordinate": "0x1p-3"}, "no number"),
    ({"XCoordinate": "1" * 5000}, "no number"),
    ({"CoordinatePointNum": "2"}, "ends too soon"),
    ({"CoordinatePointNum": "0"}, "gfv_num_kps_minus1"),
    ({"CoordinateQuantizationFactor": "31"}, "32 bits"),
    ({"CoordinateQuantizationFactor": "0"}, "out of range"),
    ({"CoordinatePresentFlag": "0"}, "coordinates, matrices or both"),
    ({"Enabled": "2"}, "0 or 1"),
    ({"Number": "0"}, "switched on"),
    ({"Number": "1000000"}, "0 to 102400"),
    ({"Foo": "1"}, "no such option"),
    ({"3DCoordinateFlag": "1", "ZCoordinateMaxValue": "0", "ZCoordinate": "0"}, "gfv_coordinate_z_max_value_minus1"),
    ({"NNPresentFlag": "1"}, "another file"),
    ({"NNPresentFlag": "1", "NNModeIdc": "1", "NNURI": "\u00fc"}, "127"),
    ({"ChromaKeyInfoPresentFlag": "1"}, "ends too soon"),
    ({"ChromaKeyInfoPresentFlag": "1", "ChromaKeyValuePresentFlag": "1 0 0", "ChromaKeyValue": "256 0 0"}, "0 to 255"),
    ({"BasePicFlag": "1", "Cnt": "1", "FusionPicFlag": "1"}, "the encoder stops"),
    ({"BasePicFlag": "0", "CoordinatePredFlag": "1"}, "predict"),
    ({"MatrixPresentFlag": "1", "NumMatrixType": "1"}, "out of range"),
    (
        {
            "MatrixPresentFlag": "1", "NumMatrixType": "1", "MatrixTypeIdx": "4", "NumMatricestoNumKpsFlag": "0",
            "NumMatricesInfo": "0", "Matrix3DSpaceFlag": "1", "NumMatrices": "0", "MatrixWidth": "0",
            "MatrixHeight": "0", "MatrixElementPrecisionFactor": "4", "MatrixElement": "1 2 3 4",
        },
        "ends too soon",
    ),
]  # fmt: skip


# Read for the first message, whatever it has: where the list is missing the encoder crashes.
NEVER_LEFT_OUT = (
    "CoordinateQuantizationFactor", "CoordinatePointNum", "3DCoordinateFlag", "MatrixPredFlag",
    "MatrixElementPrecisionFactor", "NumMatrixType",
)  # fmt: skip
WRONG += [({name: None}, f"{name}: GFV message 0: the list ends too soon: it has 0 values") for name in NEVER_LEFT_OUT]
WRONG += [
    ({"XCoordinate": "0.5\u00a00.25"}, "no number that the encoder takes"),  # only blanks of ASCII are blanks
    ({"3DCoordinateFlag": "1", "CoordinatePresentFlag": "0"}, "ZCoordinateMaxValue: GFV message 0: the list ends too"),
]


@pytest.mark.parametrize(("options", "why"), WRONG)
def test_what_the_encoder_cannot_take_is_an_error(options: dict[str, str | None], why: str) -> None:
    with pytest.raises(GfvError, match=why):
        read_option_files([smallest(**options).encode()])


def test_errors_name_the_file_the_line_and_the_option() -> None:
    files = [smallest().encode(), b"# a comment\n\n" + f"{GFV}Id: 3000\n".encode()]
    with pytest.raises(GfvError) as caught:
        read_option_files(files, names=["a.cfg", "b.cfg"])
    assert str(caught.value) == (
        f"b.cfg: {GFV}Id = 3000: line 3: out of the range that the encoder takes (allowed: 0 to 2550)"
    )
    with pytest.raises(GfvError, match=rf"^b\.cfg: {GFV}NNModeIdc = 4294967295: line 1: .*allowed: 0 to 4294967294\)$"):
        read_option_files([files[0], f"{GFV}NNModeIdc: 4294967295\n".encode()], names=["a.cfg", "b.cfg"])
    with pytest.raises(GfvError, match=rf"^a\.cfg: {GFV}XCoordinate: GFV message 0: line 13: the list ends too soon"):
        read_option_files([files[0], f"{GFV}CoordinatePointNum: 2\n".encode()], names=["a.cfg", "b.cfg"])
    with pytest.raises(GfvError, match=r"^b\.cfg: gfv_foo: line 1: JM has no such key"):
        read_option_files([b"gfve_number = 1\n", b"gfv_foo = 1\n"], "jm", names=["a.cfg", "b.cfg"])


def test_jm_files_have_to_fit_themselves() -> None:
    (text,) = make_option_files(picture(Random(1))[:1], "jm").files.values()
    for wrong in (
        text.replace("gfv_number = 1", "gfv_number = 2"),
        text + "gfv_cnt = 7\n",
        text + "gfv_what = 7\n",
        "gfv_cnt = 7\n" + text,
    ):
        assert wrong != text
        with pytest.raises(GfvError):
            read_option_files([wrong.encode()], "jm")
    with pytest.raises(GfvError, match="a second file for gfv messages"):
        read_option_files([text.encode(), text.encode()], "jm")


# Anything at all


SEEDS = [
    text
    for dialect in ("vtm", "hm", "jm")
    for seed in (1, 5, 8)
    for text in make_option_files(picture(Random(seed), compat=dialect), dialect).files.values()
]


def read_or_refuse(data: bytes, dialect: str | None) -> None:
    try:
        found = read_option_files([data], dialect, lambda _, name: name.encode())
    except GfvError as error:
        assert str(error)  # noqa: PT017
        return
    assert len(found.payloads) == len(found.records) > 0


@given(st.binary(max_size=300), st.sampled_from((None, "vtm", "hm", "jm")))
def test_any_bytes_are_read_or_refused(data: bytes, dialect: str | None) -> None:
    read_or_refuse(data, dialect)


WORDS = ("", "0", "1", "-1", "2", "3", "63", "64", "255", "1023", "2550", "102400", "4294967295", "0.5", "1e999", "x")


@given(st.data())
def test_spoilt_files_are_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS))
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        what = data.draw(st.integers(0, 3))
        name, separator, value = lines[place].partition(": " if ": " in lines[place] else " = ")
        if what == 0:
            del lines[place]
            lines = lines or [""]
        elif what == 1:
            lines.insert(place, lines[data.draw(st.integers(0, len(lines) - 1))])
        elif what == 2:
            words = value.split()
            k = data.draw(st.integers(0, len(words)))
            words[k : k + 1] = [data.draw(st.sampled_from(WORDS))]
            lines[place] = f"{name}{separator}{' '.join(words)}"
        else:
            lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
    read_or_refuse("\n".join(lines).encode(), data.draw(st.sampled_from((None, "vtm", "hm", "jm"))))


def test_numbers_that_ask_for_much_are_refused_before_anything_is_made() -> None:
    """Sizes of 1024 x 1024 x 1024 in a short file, and thousands of empty matrices."""
    sizes = {
        "MatrixPresentFlag": "1", "NumMatrixType": "2550", "MatrixElementPrecisionFactor": "8",
        "MatrixTypeIdx": "7 " * 2550, "NumMatricestoNumKpsFlag": "0 " * 2550, "NumMatricesInfo": "0 " * 2550,
        "Matrix3DSpaceFlag": "0 " * 2550, "NumMatrices": "1024 " * 2550, "MatrixElement": "1",
    }  # fmt: skip
    for size in ("1024 ", "0 "):
        text = smallest(**sizes, MatrixWidth=size * 2550, MatrixHeight=size * 2550)
        with pytest.raises(GfvError, match=r"ends too soon|out of range"):
            read_option_files([text.encode()])
