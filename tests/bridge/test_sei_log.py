"""What the decoders of VTM and HM list, against what was written: the reference's own reading of our streams."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import gfv_sei
import vtm_bridge
from gfv_sei.errors import GfvError, ToolError
from gfv_sei.meaning.quirks import READERS, quirks_of
from gfv_sei.stream.inject import inject
from vtm_bridge.ffmpeg import encode
from vtm_bridge.pictures import PictureFormat
from vtm_bridge.programs import ProgramError, hm, vtm
from vtm_bridge.sei_elements import coded_elements
from vtm_bridge.sei_log import ListedMessage, decoded_sei_messages, parse_sei_log

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "vtm24-payload"

VTM_FAILS = "quirk_matrix_order_1"  # its reader indexes out of range there; a test of its own, below
VTM_MISREADS = "two_base_pictures_1"  # its reader keeps the matrix sizes of the first base picture; we know how

# Bits at the end of a payload with extension data that VTM's reader does not list, those of the alignment included.
NOT_LISTED = 9

LOG = """\
---------------------------------
Generative face video SEI message (15 bytes)
                                                   gfv_id: 3
                                              gfv_nn_uri: https://a.b/c: d
                                     gfv_MatrixElement: 1.5 -2
---------------------------------
Decoded picture hash SEI message (17 bytes)
                                                hash_type: 0
"""


def test_the_list_is_taken_apart() -> None:
    face, other = parse_sei_log(LOG.splitlines())
    assert face == ListedMessage(
        "Generative face video",
        15,
        (("gfv_id", "3"), ("gfv_nn_uri", "https://a.b/c: d"), ("gfv_MatrixElement", "1.5 -2")),
    )
    assert (other.title, other.size, other.elements) == ("Decoded picture hash", 17, (("hash_type", "0"),))
    assert parse_sei_log([]) == []
    assert parse_sei_log([*LOG.splitlines(), "End of scalable nesting SEI message"]) == [face, other]
    unknown = parse_sei_log(["Unknown suffix SEI message (payloadType = 223) was found!"])
    assert unknown == [ListedMessage("Unknown suffix, payload type 223", 0, ())]


@pytest.mark.parametrize(
    "line", ["gfv_id: 3", "something else", "SEI message (x bytes)", f"A SEI message ({'9' * 5000} bytes)"]
)
def test_what_is_no_list(line: str) -> None:
    with pytest.raises(GfvError, match="line 2 belongs to no list"):
        parse_sei_log(["-----", line])


def test_a_name_takes_no_longer_than_its_length() -> None:
    lines = (f"a{' ' * 100_000}b", f"a{'[' * 100_000}b", "gfv_matrix_width_minus1[ 0 ][ 1 ]")
    names = [
        name for name, _ in coded_elements(ListedMessage("Generative face video", 1, tuple((n, "1") for n in lines)))
    ]
    assert names == [*lines[:2], "gfv_matrix_width_minus1"]


def test_other_codecs() -> None:
    with pytest.raises(GfvError, match=r"codec = avc.*allowed: vvc, hevc"):
        decoded_sei_messages(b"", "avc")


def require(kind) -> None:
    try:
        kind.version(kind.find())
    except ToolError as error:
        pytest.skip(error.reason)


@pytest.fixture(scope="module")
def base(clip):
    """A stream of 64x64."""

    def make(codec: str, pictures: int = 1) -> bytes:
        file = io.BytesIO()
        encode(clip(PictureFormat(64, 64), pictures), file, codec, preset="faster")
        return file.getvalue()

    return make


def written(message: Any) -> Iterator[tuple[str, Any]]:
    """The elements of a message of ours as VTM lists them: a byte or an extension bit at a time, no alignment bits."""
    trailing = sum(name.startswith("payload_bit_equal_to") for name, *_ in message.elements)
    for name, value, *_ in message.elements:
        if name == "reserved_payload_extension_data":
            yield from ((name, int(bit)) for bit in value[: trailing - NOT_LISTED])
            continue
        if name.startswith("payload_bit_equal_to") or "alignment_zero_bit" in name:
            continue
        if isinstance(value, bytes | bytearray | list | tuple):
            yield from ((name, part) for part in value)
        else:
            yield name, value


def vector_files() -> list[Any]:
    if not VECTORS.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"the reference vectors are not here: no {VECTORS}"))]
    return [pytest.param(path, id=path.stem) for path in sorted(VECTORS.glob("*.json"))]


@pytest.fixture(scope="module")
def vvc(base) -> bytes:
    require(vtm.DECODER)
    return base("vvc")


@pytest.fixture(scope="module")
def picture(vvc: bytes):
    """What ffmpeg decodes of the stream without messages."""
    (decoded,) = vtm_bridge.get_decoder("ffmpeg").decode(vvc, "vvc")
    return decoded


@pytest.mark.parametrize("path", vector_files())
def test_vtm_lists_the_elements_that_we_wrote_and_decodes_the_same_picture(path: Path, vvc: bytes, picture) -> None:
    if path.stem == VTM_FAILS:
        pytest.skip("VTM's reader indexes out of range and fails; a test of its own, below")
    messages = json.loads(path.read_text())["messages"]
    quirks = quirks_of(READERS, "vtm" if path.stem == VTM_MISREADS else None)
    # What we read is written anew, as after extract.
    state = gfv_sei.DecodingState(quirks)
    records = []
    for vector in messages:
        payload = bytes.fromhex(vector["payload_hex"])
        ours = gfv_sei.parse_payload(vector["payload_type"], payload, syntax="vsei4", state=state)
        content = {"payload_hex": payload.hex()} if quirks.names else {"message": ours.to_dict()}
        records.append({"au": 0, "payload_type": vector["payload_type"], **content})
    stream = io.BytesIO()
    inject(vvc, records, stream, nal="suffix")
    theirs = decoded_sei_messages(stream.getvalue())
    assert len(theirs) == len(messages)
    state = gfv_sei.DecodingState(quirks)
    for vector, message in zip(messages, theirs, strict=True):
        payload = bytes.fromhex(vector["payload_hex"])
        ours = gfv_sei.parse_payload(vector["payload_type"], payload, syntax="vsei4", state=state)
        assert message.size == len(payload)
        assert message.title.startswith("Generative face video")
        assert message.title.endswith("enhancement") == (vector["payload_type"] == 224)
        assert list(coded_elements(message)) == list(written(ours))
    (after,) = vtm_bridge.get_decoder("vtm").decode(stream.getvalue(), "vvc")
    assert after.same_samples(picture)


def test_a_message_on_which_vtm_fails(vvc: bytes) -> None:
    path = VECTORS / f"{VTM_FAILS}.json"
    if not path.is_file():
        pytest.skip(f"the reference vectors are not here: no {path}")
    messages = json.loads(path.read_text())["messages"]
    records = [{"au": 0, "payload_type": m["payload_type"], "payload_hex": m["payload_hex"]} for m in messages]
    stream = io.BytesIO()
    inject(vvc, records, stream, nal="suffix")
    with pytest.raises(ProgramError, match="VTM decoder"):
        decoded_sei_messages(stream.getvalue())


def test_vtm_finds_no_network_where_none_is(base) -> None:
    """Its flag is not set by messages without a base picture; what it then holds is left over from others."""
    require(vtm.DECODER)
    points = {
        "gfv_low_confidence_face_parameter_flag": 0,
        "gfv_coordinate_present_flag": 1,
        "gfv_kps_pred_flag": 0,
        "gfv_coordinate_precision_factor_minus1": 7,
        "gfv_num_kps_minus1": 0,
        "gfv_coordinate_z_present_flag": 0,
        "gfv_coordinate_x_abs": [3],
        "gfv_coordinate_x_sign_flag": [1],
        "gfv_coordinate_y_abs": [4],
        "gfv_coordinate_y_sign_flag": [1],
        "gfv_matrix_present_flag": 0,
    }
    network = {
        "gfv_base_picture_flag": 1,
        "gfv_nn_present_flag": 1,
        "gfv_mode_idc": 0,
        "gfv_nn_payload_byte": "AQID/w==",
        "gfv_chroma_key_info_present_flag": 0,
    }
    counts = [number % 10 for number in range(100)]
    messages = [{"gfv_id": 1, "gfv_cnt": count, **({} if count else network), **points} for count in counts]
    records = [{"au": au, "payload_type": 223, "message": message} for au, message in enumerate(messages)]
    stream = io.BytesIO()
    inject(base("vvc", len(records)), records, stream, nal="suffix")
    theirs = decoded_sei_messages(stream.getvalue())
    assert [dict(message.elements)["gfv_cnt"] for message in theirs] == [str(count) for count in counts]


def test_a_stream_without_messages(vvc: bytes) -> None:
    assert decoded_sei_messages(vvc) == []


@pytest.mark.parametrize("name", ["coord2d_pred_chain_0", "matrix_multi_0", "gfve_pupil_0", "chroma_key_0"])
def test_hm_lists_messages_too(name: str, base) -> None:
    require(hm.DECODER)
    path = VECTORS.parent / "hm" / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"the reference vectors are not here: no {path}")
    messages = json.loads(path.read_text())["messages"]
    records = [{"au": 0, "payload_type": m["payload_type"], "payload_hex": m["payload_hex"]} for m in messages]
    stream = io.BytesIO()
    inject(base("hevc"), records, stream, nal="prefix")
    theirs = decoded_sei_messages(stream.getvalue(), "hevc")
    assert len(theirs) == len(messages)
    if theirs[0].title.startswith("Unknown"):
        assert {m.title for m in theirs} == {f"Unknown prefix, payload type {m['payload_type']}" for m in messages}
        pytest.skip("the HM decoder here knows no GFV messages, as HM 18.0 does not")
    state = gfv_sei.DecodingState()
    for vector, message in zip(messages, theirs, strict=True):
        payload = bytes.fromhex(vector["payload_hex"])
        ours = gfv_sei.parse_payload(vector["payload_type"], payload, syntax="draft-b", state=state)
        assert message.size == len(payload)
        assert list(coded_elements(message)) == list(written(ours))
