"""Networks at work: values arrive by role, work on the base picture is done once."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from tiny_networks import model, ports, scale_by_mean

from generators.checking import StreamFacts
from generators.contract import BaseGraph, Contract, Part, Size, Tensor
from generators.errors import ContractError, ModelError, ParameterError
from generators.model_file import ModelFile
from generators.parameters import FaceParameters, Matrices
from generators.registry import load_generator
from generators.roles import Network, Role
from generators.runtime import Generator, Translator
from generators.sessions import Session

IMAGE = [1, 3, "H", "W"]
SOURCE = Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W"))
OUT = Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, "H", "W"))


def generator(made, *inputs: Tensor, out: Tensor = OUT, base=None, base_model=None, **sizes) -> Generator:
    contract = Contract("tiny", Network.GENERATIVE, inputs, (out,), sizes=sizes, base=base)
    data = None if base_model is None else base_model.SerializeToString()
    return Generator(ModelFile(made.SerializeToString(), contract, data))


def points(value: float, count: int = 10) -> FaceParameters:
    return FaceParameters(np.full((count, 2), value))


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).random((3, 8, 12), dtype=np.float32)


def test_values_arrive_by_role(picture):
    tiny = generator(scale_by_mean(), SOURCE, Tensor("kp", Role.KEYPOINTS, (1, 10, 2)))
    tiny.set_base(picture, points(0.1))
    np.testing.assert_allclose(tiny.generate(points(0.5)), picture * 0.5, rtol=1e-6)
    assert tiny.generate(points(0.5)).dtype == np.float32
    assert tiny.provider == "CPUExecutionProvider"


def test_colours_and_ranges_are_those_of_the_network(picture):
    made = model([helper.make_node("Identity", ["source"], ["prediction"])], {"source": IMAGE}, {"prediction": IMAGE})
    as_bgr = Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W"), value_range=(-1.0, 1.0), colour="BGR")
    plain = generator(made, as_bgr)
    plain.set_base(picture, FaceParameters())
    np.testing.assert_allclose(plain.generate(FaceParameters()), picture[::-1] * 2 - 1, atol=1e-6)
    back = Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, "H", "W"), value_range=(-1.0, 1.0), colour="BGR")
    both = generator(made, as_bgr, out=back)
    both.set_base(picture, FaceParameters())
    np.testing.assert_allclose(both.generate(FaceParameters()), picture, atol=1e-6)


def test_the_base_graph_runs_once(picture, monkeypatch):
    base = model([helper.make_node("Neg", ["p"], ["source"])], {"p": IMAGE}, {"source": IMAGE})
    feature = Tensor("source", Role.BASE_FEATURE, (1, 3, "H", "W"))
    graph = BaseGraph("b.onnx", (Tensor("p", Role.BASE_PICTURE, (1, 3, "H", "W")),), (feature,))
    tiny = generator(scale_by_mean(), feature, Tensor("kp", Role.KEYPOINTS, (1, 10, 2)), base=graph, base_model=base)
    runs = []
    run = Session.run
    monkeypatch.setattr(Session, "run", lambda session, *rest: runs.append(session.name) or run(session, *rest))
    tiny.set_base(picture, points(0.1))
    for value in (0.25, 0.5, 1.0):
        np.testing.assert_allclose(tiny.generate(points(value)), -picture * value, rtol=1e-6)
    assert runs == ["b.onnx", *["the model"] * 3]


def test_base_parameters_from_the_message_or_from_the_picture(picture):
    analysis = model(
        [helper.make_node("ReduceMax", ["p"], ["kp"], axes=[1, 3], keepdims=0)],
        {"p": [1, 3, 8, 2]},
        {"kp": [1, 8]},
    )
    # The analysis network of this test: 8 numbers out of the picture, as 4 points.
    analysis.graph.node.append(helper.make_node("Reshape", ["kp", "form"], ["points"]))
    from onnx import numpy_helper

    analysis.graph.initializer.append(numpy_helper.from_array(np.array([1, 4, 2]), "form"))
    analysis.graph.output[0].CopyFrom(helper.make_tensor_value_info("points", 1, [1, 4, 2]))
    main = model(
        [
            helper.make_node("ReduceSum", ["points"], ["sum"], keepdims=0),
            helper.make_node("Mul", ["source", "sum"], ["prediction"]),
        ],
        {"source": [1, 3, 8, 2], "points": [1, 4, 2]},
        {"prediction": [1, 3, 8, 2]},
    )
    kp = Tensor("points", Role.BASE_KEYPOINTS, (1, 4, 2))
    graph = BaseGraph("b.onnx", (Tensor("p", Role.BASE_PICTURE, (1, 3, 8, 2)),), (kp,))
    source = Tensor("source", Role.BASE_PICTURE, (1, 3, 8, 2))
    out = Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, 8, 2))
    tiny = generator(main, source, kp, out=out, base=graph, base_model=analysis)
    ones = np.full((3, 8, 2), 0.5, np.float32)
    tiny.set_base(ones, points(0.25, 4))
    assert tiny.generate(points(0.25, 4))[0, 0, 0] == pytest.approx(0.5 * 8 * 0.25)
    tiny.set_base(ones, points(0.25, 4), recompute=True)
    assert tiny.generate(points(0.25, 4))[0, 0, 0] == pytest.approx(0.5 * 8 * 0.5)
    tiny.set_base(ones, FaceParameters())
    assert tiny.generate(FaceParameters())[0, 0, 0] == pytest.approx(0.5 * 8 * 0.5)


def test_flat_parameters_matrices_pupils_and_fusion(picture):
    names = ("flat", "base_matrix", "eyes", "signal")
    shapes = ([1, 6], [1, 4], [1, 2, 2], [1, 2])
    nodes = [helper.make_node("ReduceSum", [n], [f"s_{n}"], keepdims=0) for n in names]
    nodes.append(helper.make_node("Sum", [f"s_{n}" for n in names], ["sum"]))
    nodes.append(helper.make_node("Mul", ["source", "sum"], ["warped"]))
    nodes.append(helper.make_node("Add", ["warped", "coded"], ["prediction"]))
    made = model(
        nodes,
        {"source": IMAGE, "coded": IMAGE} | dict(zip(names, shapes, strict=True)),
        {"prediction": IMAGE},
    )
    parts = (Part(Role.KEYPOINTS, (1, 2)), Part(Role.MATRICES, (1, 2, 2), 0))
    tiny = generator(
        made,
        SOURCE,
        Tensor("coded", Role.CODED_PICTURE, (1, 3, "H", "W"), optional=True),
        Tensor("flat", Role.PARAMETERS, (1, 6), parts=parts),
        Tensor("base_matrix", Role.BASE_MATRICES, (1, 4), matrix_type=0),
        Tensor("eyes", Role.PUPILS, (1, 2, 2), optional=True),
        Tensor("signal", Role.ENHANCEMENT_MATRICES, (1, 2), matrix_index=0),
    )

    def parameters(value: float, eye: float | None) -> FaceParameters:
        matrices = (
            Matrices(0, (np.full((2, 2), value),)),
            Matrices(None, (np.full((1, 2), value),)),
        )
        pupils = None if eye is None else {"left": np.array([eye, 0.0])}
        return FaceParameters(np.full((1, 2), value), matrices, pupils)

    tiny.set_base(picture, parameters(1.0, None))
    expected = picture * (6 * 0.5 + 4 * 1.0 + 0 + 2 * 0.5)
    np.testing.assert_allclose(tiny.generate(parameters(0.5, None)), expected, rtol=1e-5)
    expected = picture * (6 * 0.5 + 4 * 1.0 + 0.125 + 2 * 0.5) + picture
    with_eye = tiny.generate(parameters(0.5, 0.125), coded_picture=picture)
    np.testing.assert_allclose(with_eye, expected, rtol=1e-5)
    with pytest.raises(ParameterError, match="size"):
        tiny.generate(parameters(0.5, None), coded_picture=picture[:, :4])


def test_messages_that_do_not_fit_their_base_message(picture):
    warp = load_generator("warp")
    with pytest.raises(ContractError, match="no base picture"):
        warp.generate(points(0.0))
    warp.set_base(picture, points(0.0, 5))
    with pytest.raises(ContractError, match="K of 'warp' is 6, it was 5"):
        warp.generate(points(0.0, 6))
    with pytest.raises(ContractError, match="gfv_coordinate_present_flag"):
        warp.generate(FaceParameters())


def test_a_stream_can_be_checked_before_the_first_picture():
    warp = load_generator("warp")
    warp.check(StreamFacts(256, 256, keypoints=20))
    with pytest.raises(ContractError, match="gfv_coordinate_present_flag"):
        warp.check(StreamFacts(256, 256))


@pytest.mark.parametrize("wrong", [np.zeros((8, 8, 3), np.float32), np.zeros((3, 8, 8)), np.zeros((8, 8), np.float32)])
def test_base_pictures_of_another_form(wrong):
    with pytest.raises(ParameterError, match=r"float32 \[3, H, W\]"):
        load_generator("warp").set_base(wrong, points(0.0))


def test_graph_and_contract_are_compared_when_loading():
    with pytest.raises(ContractError, match="input 'jacobian': the graph has no such input"):
        generator(
            scale_by_mean(),
            SOURCE,
            Tensor("kp", Role.KEYPOINTS, (1, 10, 2)),
            Tensor("jacobian", Role.MATRICES, (1, 10, 2, 2), matrix_type=0),
        )


def test_failures_inside_the_network_are_model_errors(picture):
    made = scale_by_mean(height=16, width=16)
    contract = Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W"))
    tiny = generator(made, contract, Tensor("kp", Role.KEYPOINTS, (1, 10, 2)), H=Size(1, 99), W=Size(1, 99))
    tiny.set_base(picture, points(0.0))
    with pytest.raises(ModelError, match="onnxruntime failed"):
        tiny.generate(points(0.0))


@pytest.mark.parametrize(
    ("axis", "says"),
    [
        (0, r"\[2, 3, 8, 12\], the contract says \[1, 3, 8, 12\]"),
        (1, r"\[1, 6, 8, 12\], the contract says \[1, 3, 8, 12\]"),
        (3, r"\[1, 3, 8, 24\], the contract says \[1, 3, 8, 12\]"),
    ],
)
def test_what_comes_out_has_the_shape_that_was_promised(picture, axis, says):
    """A graph whose sizes depend on the numbers tells nothing of them before it runs."""
    tiny = generator(repeated(axis), SOURCE, Tensor("times", Role.KEYPOINTS, (1, 1, 2)))
    tiny.set_base(picture, points(1.0, 1))
    np.testing.assert_array_equal(tiny.generate(points(1.0, 1)), picture)
    with pytest.raises(ContractError, match=f"output 'prediction' came out as {says}"):
        tiny.generate(points(2.0, 1))
    with pytest.raises(ContractError, match="output 'prediction' came out as"):
        tiny.generate(points(0.0, 1))


def repeated(axis):
    """The source picture so many times along an axis as the first keypoint says; its rank is not known before."""
    one = numpy_helper.from_array(np.array([1], np.int64), "one")
    parts = ["one"] * 4
    parts[axis] = "count"
    nodes = [
        helper.make_node("ReduceMax", ["times"], ["most"], keepdims=0),
        helper.make_node("Cast", ["most"], ["whole"], to=onnx.TensorProto.INT64),
        helper.make_node("Reshape", ["whole", "one"], ["count"]),
        helper.make_node("Concat", parts, ["repeats"], axis=0),
        helper.make_node("Tile", ["source", "repeats"], ["prediction"]),
    ]
    made = model(nodes, {"source": IMAGE, "times": [1, 1, 2]}, {"prediction": None}, [one])
    return made


def test_keypoints_of_a_translator_have_the_shape_that_was_promised():
    made = repeated(0)
    made.graph.input[0].CopyFrom(ports({"source": [1, 1, 1, 2]})[0])
    points_in = Tensor("times", Role.KEYPOINTS, (1, 1, 2))
    untaken = Tensor("source", Role.MATRICES, (1, 1, 1, 2), matrix_type=9)
    out = Tensor("prediction", Role.KEYPOINTS, (1, 1, 1, 2))
    contract = Contract("twice", Network.TRANSLATOR, (points_in, untaken), (out,))
    translator = Translator(ModelFile(made.SerializeToString(), contract))
    matrices = (Matrices(9, (np.ones((1, 2)),)),)
    assert translator.translate(FaceParameters(np.ones((1, 2)), matrices)).keypoints.shape == (1, 2)
    with pytest.raises(ContractError, match=r"'prediction' came out as \[2, 1, 1, 2\]"):
        translator.translate(FaceParameters(np.full((1, 2), 2.0), matrices))


def test_numbers_that_the_type_of_an_input_cannot_hold(picture):
    made = scale_by_mean()
    made.graph.input[1].type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
    made.graph.node.insert(0, helper.make_node("Cast", ["kp"], ["wide"], to=onnx.TensorProto.FLOAT))
    made.graph.node[1].input[0] = "wide"
    tiny = generator(made, SOURCE, Tensor("kp", Role.KEYPOINTS, (1, 10, 2), dtype="float16"))
    tiny.set_base(picture, points(1.0))
    np.testing.assert_array_equal(tiny.generate(points(1.0)), picture)
    with pytest.raises(ContractError, match="input 'kp' is float16, the message has 70000"):
        tiny.generate(points(-70000.0))


def test_zeros_for_what_is_absent_are_not_without_end(picture):
    made = model(
        [helper.make_node("Identity", ["source"], ["prediction"])],
        {"source": IMAGE, "m": ["A", "B", "C"]},
        {"prediction": IMAGE},
    )
    huge = Tensor("m", Role.MATRICES, (100_000, 100_000, 100), matrix_type=9, optional=True)
    tiny = generator(made, SOURCE, huge)
    tiny.set_base(picture, points(0.0))
    with pytest.raises(ContractError, match=r"input 'm' takes .* more than"):
        tiny.generate(points(0.0))


def test_providers_that_are_not_there():
    with pytest.raises(ModelError, match=r"no provider 'quantum' here \(allowed: .*cpu"):
        load_generator("warp", provider="quantum")


@pytest.mark.parametrize("wish", ["soon", "-1", "0", "nan", "inf", "1e99"])
def test_a_limit_that_is_no_number_of_seconds_is_refused(monkeypatch, wish):
    monkeypatch.setenv("GFV_NETWORK_TIMEOUT", wish)
    with pytest.raises(ModelError, match=rf"GFV_NETWORK_TIMEOUT says '{wish}' .*above 0"):
        Session(scale_by_mean().SerializeToString(), "tiny")
