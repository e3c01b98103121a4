"""How fast generators are here: per picture, by size and precision, and against what the machine can do.

Everything is measured in turn inside each round: every generator one picture, then the ruler, then the next round. So
a machine that slows down for a while slows all of them, and ratios stay. Of the rounds, the fastest and the median are
given; on a busy machine the fastest says more about the program, the median about the day. What the processor spent on
a picture (CPU ms) is not touched by waiting for other programs.

A picture's time is the whole of it: the payload of its message is parsed, its values become parameters, the network
runs, and 8-bit RGB comes out. Apart from it stands what is not inside onnxruntime, which is this toolkit's own.

The *ruler* is a stack of four 3x3 convolutions from 64 to 64 channels at 256x256, as dense as a network can be.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.contract import Contract
from generators.errors import ModelError
from generators.macs import count_model
from generators.model_file import ModelFile
from generators.observed import ObservedGenerator
from generators.parameters import FaceParameters, Matrices
from generators.pictures import to_pixels
from generators.roles import FLAT, POINTS, TYPED_MATRICES, Role
from generators.sessions import session
from gfv_sei import DecodingState, message_from_values, parse_payload, write_payload
from gfv_sei.syntax.payload_types import GFV
from gfv_sei.wording import counted

REAL_TIME = 25.0
"""Pictures per second that count as real time (goal 16)."""

OWN = 4.0
"""Milliseconds per picture outside onnxruntime that are allowed (goal 17)."""

SHARE = {"fp32": 0.7, "fp16": 0.7, "int8": 2.0}
"""Of the ruler's GMAC/s that a generator should reach, by precision (goal 18) ..."""

DENSE = 50.0
"""... from so many kMAC/pixel on."""

STEP = 0.004
"""Standard deviation of what a keypoint moves from picture to picture, the picture being 2 wide."""

RULER_CHANNELS, RULER_SIDE, RULER_LAYERS = 64, 256, 4


@dataclass(frozen=True)
class Timing:
    """One generator at one size. Times are milliseconds per picture.

    name, precision  of the model; precision is fp32 if its contract says nothing
    side             of the square pictures
    fastest, median  of the whole picture
    cpu              the median of what the processor spent on it, all threads together: other programs, which take
                     time from a picture on a busy machine, hardly touch it
    network          the median inside onnxruntime
    own              the median outside of it
    base             what a base picture takes, once
    gmac             thousand million MACs per picture; kmac_per_pixel the same by pixels
    share            GMAC/s of the fastest run of the network in terms of the ruler's fastest
    """

    name: str
    precision: str
    side: int
    fastest: float
    median: float
    cpu: float
    network: float
    own: float
    base: float
    gmac: float
    kmac_per_pixel: float
    share: float

    @property
    def pictures_per_second(self) -> float:
        """By the median."""
        return 1000 / self.median

    @property
    def goals(self) -> dict[int, bool | None]:
        """Goals 16, 17 and 18; None where a goal does not apply."""
        asked = SHARE.get(self.precision) if self.kmac_per_pixel >= DENSE else None
        return {
            16: self.pictures_per_second >= REAL_TIME if self.side == 256 else None,
            17: self.own <= OWN,
            18: None if asked is None else self.share >= asked,
        }


@dataclass(frozen=True)
class Bench:
    """What was measured: ``ruler`` in GMAC/s (fastest, median), with ``threads``."""

    timings: tuple[Timing, ...]
    ruler: tuple[float, float]
    threads: int

    def table(self) -> str:
        """For people, and for documents."""
        head = (
            f"| model | precision | size | kMAC/pixel | fastest ms | median ms | CPU ms | pictures/s | onnxruntime ms "
            f"| own ms | base ms | of ruler | real time/own ms/of ruler as asked |\n|{' --- |' * 13}\n"
        )
        lines = []
        for t in self.timings:
            met = "/".join("-" if goal is None else "yes" if goal else "no" for goal in t.goals.values())
            lines.append(
                f"| {t.name} | {t.precision} | {t.side} | {t.kmac_per_pixel:.1f} | {t.fastest:.1f} "
                f"| {t.median:.1f} | {t.cpu:.1f} | {t.pictures_per_second:.1f} | {t.network:.1f} | {t.own:.2f} "
                f"| {t.base:.1f} | {t.share:.2f} | {met} |"
            )
        tail = (
            f"\nruler {self.ruler[0]:.1f} GMAC/s at best, {self.ruler[1]:.1f} median, {counted(self.threads, 'thread')}"
        )
        return head + "\n".join(lines) + "\n" + tail


def bench(models: Iterable[ModelFile], *, sides: Sequence[int] = (256,), threads: int = 2, rounds: int = 10) -> Bench:
    """Measure generators.

    Args:
        models: each at every side that its contract admits.
        sides: of the square pictures.
        threads: of onnxruntime.
        rounds: each gives one time per generator.

    Raises:
        ModelError: no model takes any of the sizes, or one cannot be run.
    """
    cases = [_Case(model, side, threads) for model in models for side in sides if _admits(model.contract, side)]
    if not cases:
        raise ModelError("no model takes pictures of these sizes", value=", ".join(map(str, sides)))
    ruler, macs = _ruler(threads)
    ruled = []
    for case in cases:
        case.warm()
    for _ in range(rounds):
        for case in cases:
            case.once()
        start = time.perf_counter()
        ruler()
        ruled.append(time.perf_counter() - start)
    best, usual = (macs / 1e9 / seconds for seconds in (min(ruled), float(np.median(ruled))))
    return Bench(tuple(case.timing(best) for case in cases), (best, usual), threads)


class _Case:
    """A generator at a size, with a short stream of its own to play again and again."""

    def __init__(self, model: ModelFile, side: int, threads: int) -> None:
        self.model, self.side = model, side
        sizes = {"H": side, "W": side, "K": 28, "D": 2}
        counted = count_model(model, sizes)
        self.macs, self.kmac = counted.picture.macs, counted.kmac_per_pixel
        self.generator = ObservedGenerator(model, threads=threads)
        self.faces = _face(model.contract, sizes, rounds=8)
        self.whole: list[float] = []
        self.cpu: list[float] = []
        self.inside: list[float] = []
        self.base: list[float] = []
        self.payloads: list[bytes] = []

    def warm(self) -> None:
        """Set the base picture a few times, as often as the network takes several, and write the messages."""
        random = np.random.default_rng(0)
        picture = random.random((3, self.side, self.side), dtype=np.float32)
        for _ in range(max(3, self.model.contract.most_references)):
            start = time.perf_counter()
            self.generator.set_base(picture, self.faces[0])
            self.base.append(time.perf_counter() - start)
        state = DecodingState()
        for count, face in enumerate(self.faces):
            header = {"gfv_id": 1, "gfv_cnt": max(count - 1, 0), "gfv_base_picture_flag": int(count == 0)}
            if face.keypoints is not None:
                header["gfv_coordinate_precision_factor_minus1"] = 7
            if face.matrices:
                header["gfv_matrix_element_precision_factor_minus1"] = 7
            message = message_from_values(GFV, header, face.to_values(), state=state)
            self.payloads.append(write_payload(message, state=state))
        self._restart()
        self.once()
        self.whole.clear()
        self.cpu.clear()
        self.inside.clear()

    def _restart(self) -> None:
        self.state = DecodingState()
        parse_payload(GFV, self.payloads[0], state=self.state)
        self.place = 1

    def once(self) -> None:
        """One picture, from the payload of its message to RGB."""
        if self.place == len(self.payloads):
            self._restart()
        before, start, spent = self.generator.seconds, time.perf_counter(), time.process_time()
        message = parse_payload(GFV, self.payloads[self.place], state=self.state)
        made = self.generator.generate(FaceParameters.from_values(message.values))
        to_pixels(made)
        self.cpu.append(time.process_time() - spent)
        self.whole.append(time.perf_counter() - start)
        self.inside.append(self.generator.seconds - before)
        self.place += 1

    def timing(self, ruler: float) -> Timing:
        """What came of it, given the ruler's best in GMAC/s."""
        whole, inside = np.array(self.whole) * 1000, np.array(self.inside) * 1000
        return Timing(
            name=self.model.contract.name,
            precision=str(self.model.contract.variant.get("precision", "fp32")),
            side=self.side,
            fastest=float(whole.min()),
            median=float(np.median(whole)),
            cpu=float(np.median(self.cpu)) * 1000,
            network=float(np.median(inside)),
            own=float(np.median(whole - inside)),
            base=min(self.base) * 1000,
            gmac=self.macs / 1e9,
            kmac_per_pixel=self.kmac,
            share=self.macs / 1e6 / float(inside.min()) / ruler,
        )


def _admits(contract: Contract, side: int) -> bool:
    return all(contract.sizes[letter].admits(side) for letter in ("H", "W") if letter in contract.sizes)


def _face(contract: Contract, sizes: Mapping[str, int], *, rounds: int) -> list[FaceParameters]:
    """Parameters such as the network takes, of a base picture and ``rounds`` more, moving a little."""
    if any(tensor.role in FLAT for tensor in contract.inputs):
        raise ModelError(f"{contract.name} takes several parameters in one input, which is not measured here")
    random = np.random.default_rng(1)
    points: NDArray[Any] | None = None
    matrices: dict[int, NDArray[Any]] = {}
    for tensor in contract.inputs:
        shape = [size if isinstance(size, int) else sizes.get(size, 1) for size in tensor.shape]
        if tensor.role in POINTS:
            points = random.uniform(-0.7, 0.7, shape[-2:])
        elif tensor.role in TYPED_MATRICES and tensor.matrix_type is not None:
            inner = shape[-2:] if len(shape) > 2 else [shape[-1], 1]
            number = int(np.prod(shape)) // int(np.prod(inner))
            matrices[tensor.matrix_type] = np.broadcast_to(np.eye(inner[0], inner[1]), (number, *inner)).copy()
        elif tensor.role in (Role.CODED_PICTURE, Role.PUPILS, Role.ENHANCEMENT_MATRICES):
            raise ModelError(f"{contract.name} takes {tensor.role}, which is not measured here")
    found = []
    for _ in range(rounds + 1):
        found.append(
            FaceParameters(
                keypoints=None if points is None else points.copy(),
                matrices=tuple(Matrices(number, tuple(values.copy())) for number, values in matrices.items()),
            )
        )
        if points is not None:
            points = np.clip(points + random.normal(0, STEP, points.shape), -1, 1)
        matrices = {number: values + random.normal(0, STEP, values.shape) for number, values in matrices.items()}
    return found


def _ruler(threads: int) -> tuple[Any, int]:
    """Something to call, and how many MACs it is."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    shape = [1, RULER_CHANNELS, RULER_SIDE, RULER_SIDE]
    weights = [
        (random.standard_normal((RULER_CHANNELS, RULER_CHANNELS, 3, 3)) * 0.04).astype(np.float32)
        for _ in range(RULER_LAYERS)
    ]
    nodes = [
        helper.make_node("Conv", [f"x{i}", f"w{i}"], [f"x{i + 1}"], pads=[1, 1, 1, 1]) for i in range(RULER_LAYERS)
    ]
    graph = helper.make_graph(
        nodes,
        "ruler",
        [helper.make_tensor_value_info("x0", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(f"x{RULER_LAYERS}", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(weight, f"w{i}") for i, weight in enumerate(weights)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    running = session(model.SerializeToString(), "the ruler", threads=threads)
    feeds = {"x0": random.random(shape, dtype=np.float32)}
    running.run(None, feeds)
    macs = 9 * RULER_CHANNELS**2 * RULER_SIDE**2 * RULER_LAYERS
    return lambda: running.run(None, feeds), macs
