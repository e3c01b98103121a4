"""The real VTM encoder on exported option files, and import of its own sample configurations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from option_files.face_records import complete, picture

from gfv_sei import GfvError
from gfv_sei.stream.inject import PayloadWriter
from vtm_bridge.option_files import make_option_files, read_option_files

Payloads = list[tuple[int, bytes]]
Encode = Callable[..., Payloads]

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "vtm24-payload"
VECTORS = sorted(FOLDER.glob("*.json"))
MISSING = pytest.param(None, marks=pytest.mark.skip(reason=f"the reference vectors are not here: no {FOLDER}"))
each_vector = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in VECTORS] or [MISSING])

# Sequences that one run of the encoder cannot write, and why it cannot.
NOT_IN_ONE_RUN = {
    "coord2d_nonbase": "gfv_base_picture_flag",
    "gfve_matrix": "gfve_base_picture_flag",
    "gfve_pupil_nonbase": "gfve_base_picture_flag",
    "matrix_pred": "gfv_base_picture_flag",
    "ids_4": "gfv_id",
    "ids_6": "gfv_id",
    "ids_7": "gfv_id",
    "coord3d_3": "gfv_coordinate_z_max_value_minus1",
    "quirk_two_ids": "gfv_kps_pred_flag",
    "two_base_pictures_1": "gfv_kps_pred_flag",
}


@each_vector
def test_payloads_of_the_vectors(path: Path, vtm_payloads: Encode) -> None:
    messages = json.loads(path.read_text())["messages"]
    records = [{"au": 0, "payload_type": m["payload_type"], "payload_hex": m["payload_hex"]} for m in messages]
    element = next((why for name, why in NOT_IN_ONE_RUN.items() if path.stem.startswith(name)), None)
    if element is not None:
        with pytest.raises(GfvError) as caught:
            make_option_files(records)
        assert caught.value.element == element
        return
    made = make_option_files(records)
    expected = sorted(((r["payload_type"], bytes.fromhex(r["payload_hex"])) for r in records), key=lambda one: one[0])
    assert vtm_payloads(made.files[223], made.networks) == made.payloads == expected


@pytest.mark.parametrize("kind", ["values", "complete"])
@pytest.mark.parametrize("seed", range(30))
def test_stream_and_injection_carry_the_same_payloads(seed: int, kind: str, vtm_payloads: Encode) -> None:
    records = picture(Random(seed))
    if kind == "complete":
        records = complete(records)
    try:
        made = make_option_files(records)
    except GfvError as error:
        reasons = ("and takes none", "appends the bytes", "32 bits")
        assert any(reason in str(error) for reason in reasons)  # noqa: PT017
        return
    writer = PayloadWriter("vsei4", "vtm")
    expected = sorted((writer.payload(record) for record in records), key=lambda one: one[0])
    assert vtm_payloads(made.files[223], made.networks) == expected


def test_predicted_matrices_of_keypoints_in_a_message_without_keypoints(vtm_payloads: Encode) -> None:
    points = [[0.25, 0.5], [-0.5, 0.0]]
    affine = [[[1.0 + k, 0.5], [-0.25, 2.0]] for k in range(2)]
    typed = [{"type": 0, "elements": affine}, {"type": 4, "elements": [[[0.5, 1.0], [1.5, -1.0]]]}]
    one = {"au": 0, "payload_type": 223, "gfv_id": 1}
    records = [
        one | {"gfv_cnt": 0, "values": {"coordinates": points, "matrices": typed}},
        one | {"gfv_cnt": 1, "gfv_matrix_pred_flag": 1, "values": {"matrices": typed}},
    ]
    made = make_option_files(records)
    assert vtm_payloads(made.files[223]) == made.payloads


@pytest.mark.parametrize(
    ("name", "messages"), [("generative_face_video.cfg", 125), ("generative_face_video_enhancement.cfg", 4)]
)
def test_sample_configurations(name: str, messages: int, vtm_encoder: Path, vtm_payloads: Encode) -> None:
    path = next((folder / "cfg" / "sei_vui" / name for folder in vtm_encoder.parents[:3]), None)
    path = next((f / "cfg" / "sei_vui" / name for f in vtm_encoder.parents if (f / "cfg" / "sei_vui").is_dir()), path)
    if path is None or not path.is_file():
        pytest.skip(f"no sample configurations near {vtm_encoder}")
    found = read_option_files([path.read_bytes()])
    writer = PayloadWriter("vsei4", "vtm")
    injected = [writer.payload(record) for record in found.records]
    coded = vtm_payloads(path.read_bytes())
    assert len(coded) == messages
    assert injected == coded
    again = make_option_files(found.records)
    assert vtm_payloads(again.files[223]) == coded


def test_the_encoder_stops_where_we_refuse(vtm_payloads: Encode) -> None:
    """A few limits of ours, tried on the encoder itself: they are its own."""
    good = make_option_files(picture(Random(12))).files[223]
    vtm_payloads(good)
    lines = good.splitlines()
    for option, value in (("Id", "2551"), ("XCoordinate", "-1.001"), ("Foo", "1"), ("Enabled", "2")):
        spoilt = [line for line in lines if f"Video{option}:" not in line]
        text = "\n".join([*spoilt, f"SEIGenerativeFaceVideo{option}: {value}", ""])
        with pytest.raises(GfvError):
            read_option_files([text.encode()], "vtm")
        with pytest.raises(AssertionError, match=r"Error|error"):
            vtm_payloads(text)
    # Lists that it looks up whether the message needs them or not: without them it crashes.
    good = make_option_files([{"payload_type": 223, "gfv_id": 1, "values": {"coordinates": [[0.5, 0.25]]}}]).files[223]
    vtm_payloads(good)
    for option in ("MatrixPredFlag", "MatrixElementPrecisionFactor", "NumMatrixType"):
        text = "".join(line for line in good.splitlines(keepends=True) if f"Video{option}:" not in line)
        with pytest.raises(GfvError, match="ends too soon"):
            read_option_files([text.encode()], "vtm")
        with pytest.raises(AssertionError):
            vtm_payloads(text)
