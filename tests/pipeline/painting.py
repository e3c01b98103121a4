"""Networks of a few nodes whose pictures tell what went into them, and streams for them to play.

``paint`` makes x of its keypoint plus y times the base picture: with y = 0 a flat picture whose level is known, with
y = 1 the base picture again.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from click.testing import CliRunner
from onnx import TensorProto, helper

import gfv_sei
from generators.contract import Contract, Part, Tensor
from generators.model_file import ModelFile, with_contract
from generators.pipeline.decode import Player, Settings, Shown
from generators.roles import Network, Role
from generators.runtime import Generator
from gfv_sei.cli import main
from vtm_bridge import get_decoder
from vtm_bridge.colour import to_rgb

IMAGE = [1, 3, "H", "W"]
SHAPE = (1, 3, "H", "W")
BASE = Tensor("base", Role.BASE_PICTURE, SHAPE)
POINT = Tensor("kp", Role.KEYPOINTS, (1, 2))
OUT = Tensor("out", Role.GENERATED_PICTURE, SHAPE)
UNIT = 1 / 256


def graph(nodes: Sequence[Any], inputs: dict[str, list], outputs: dict[str, list], constants: dict[str, Any] = {}):  # noqa: B006
    ports = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in side.items()]
        for side in (inputs, outputs)
    ]
    held = [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    made = helper.make_graph(list(nodes), "tiny", *ports, held)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def file_of(made, contract: Contract) -> ModelFile:
    return ModelFile(with_contract(made, contract).SerializeToString(), contract)


def paint(*others: Tensor) -> ModelFile:
    """``others`` are added to the picture: pictures as they are, all else as the sum of its values."""
    nodes = [
        helper.make_node("Split", ["kp", "halves"], ["x", "y"], axis=1),
        helper.make_node("Mul", ["base", "y"], ["part0"]),
    ]
    terms = ["part0", "x"]
    for tensor in others:
        terms.append(tensor.name)
        if tensor.role not in (Role.CODED_PICTURE,):
            nodes.append(helper.make_node("ReduceSum", [tensor.name], [f"sum_{tensor.name}"], keepdims=0))
            terms[-1] = f"sum_{tensor.name}"
    nodes.append(helper.make_node("Sum", terms, ["out"]))
    inputs = {"base": IMAGE, "kp": [1, 2], **{t.name: list(t.shape) for t in others}}
    made = graph(nodes, inputs, {"out": IMAGE}, {"halves": np.array([1, 1])})
    return file_of(made, Contract("paint", Network.GENERATIVE, (BASE, POINT, *others), (OUT,)))


def doubling() -> ModelFile:
    """A translator: the keypoint of the stream times two."""
    made = graph([helper.make_node("Add", ["p", "p"], ["q"])], {"p": [1, 2]}, {"q": [1, 2]})
    parts = (Part(Role.KEYPOINTS, (1, 2)),)
    return file_of(
        made,
        Contract(
            "doubling",
            Network.TRANSLATOR,
            (Tensor("p", Role.PARAMETERS, (1, 2), parts=parts),),
            (Tensor("q", Role.KEYPOINTS, (1, 2)),),
        ),
    )


def brightening() -> ModelFile:
    """An enhancer: the picture plus the value of a GFVE matrix of one element."""
    made = graph(
        [helper.make_node("Add", ["made", "gain"], ["better"])],
        {"made": IMAGE, "gain": [1, 1]},
        {"better": IMAGE},
    )
    return file_of(
        made,
        Contract(
            "brightening",
            Network.ENHANCER,
            (
                Tensor("made", Role.GENERATED_PICTURE, SHAPE),
                Tensor("gain", Role.ENHANCEMENT_MATRICES, (1, 1), matrix_index=0),
            ),
            (Tensor("better", Role.ENHANCED_PICTURE, SHAPE),),
        ),
    )


def gfv(au: int, count: int, x: float, y: float = 0.0, *, base: bool = False, gfv_id: int = 0, **more) -> dict:
    """The record of a GFV message with one keypoint."""
    return {
        "au": au,
        "payload_type": 223,
        "gfv_id": gfv_id,
        "gfv_cnt": count,
        "gfv_base_picture_flag": int(base),
        "values": {"coordinates": [[x, y]]},
        **more,
    }


def gfve(au: int, count: int, value: float, *, base: bool = False, gfve_id: int = 0, gfv_id: int = 0, **more) -> dict:
    """The record of a GFVE message with one matrix of one element."""
    return {
        "au": au,
        "payload_type": 224,
        "gfve_id": gfve_id,
        "gfve_gfv_id": gfv_id,
        "gfve_gfv_cnt": count,
        "gfve_base_picture_flag": int(base),
        "values": {"matrices": [{"elements": [[[value]]]}]},
        **more,
    }


def injected(stream: bytes, records: list[dict], path, **options):
    """A file with the messages in the stream."""
    out = io.BytesIO()
    gfv_sei.inject(stream, records, out, **options)
    path.write_bytes(out.getvalue())
    return path


def player(model: ModelFile | None = None, notes: list[str] | None = None, **options) -> Player:
    """A player; what is a setting goes to the settings."""
    settings = {name: options.pop(name) for name in list(options) if name in Settings.__dataclass_fields__}
    note = None if notes is None else notes.append
    return Player(Generator(model or paint(), threads=1), note=note, settings=Settings(**settings), **options)


def levels(shown: Sequence[Shown]) -> list[int | str]:
    """Flat generated pictures as multiples of 1/256; coded ones as ``coded``, others as ``picture``."""
    found: list[int | str] = []
    for one in shown:
        if one.coded is not None:
            found.append("coded")
        elif np.ptp(one.generated) > UNIT / 8:
            found.append("picture")
        else:
            found.append(round(float(one.generated.mean()) / UNIT))
    return found


class Run:
    """The ``gfv`` command in this process: what it printed, and its exit status."""

    def __init__(self, *arguments: Any) -> None:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="gfv")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.returncode, self.stdout, self.stderr = done.exit_code, done.stdout, done.stderr


def decoded(path) -> list[np.ndarray]:
    """The coded pictures of a stream in output order, as R'G'B' planes."""
    return [to_rgb(picture) for picture in get_decoder().decode(path)]
