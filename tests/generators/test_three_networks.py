"""TranslatorNN, GenerativeNN and EnhancerNN by themselves: what goes in, what comes out, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import helper, numpy_helper
from tiny_networks import model

from generators.checking import StreamFacts, check_stream, translated
from generators.contract import BaseGraph, Contract, Part, Tensor
from generators.errors import ContractError
from generators.model_file import ModelFile
from generators.parameters import FaceParameters, Matrices
from generators.roles import Network, Role
from generators.runtime import Enhancer, Generator, Translator

IMAGE = [1, 3, "H", "W"]
SHAPE = (1, 3, "H", "W")
OUT = Tensor("out", Role.GENERATED_PICTURE, SHAPE)
BASE = Tensor("base", Role.BASE_PICTURE, SHAPE)


def sum_of(inputs: dict[str, list]):
    """A picture times the sum of all values of all other inputs; a letter in the shape of each is its own."""
    nodes = [helper.make_node("ReduceSum", [name], [f"sum_{name}"], keepdims=0) for name in inputs]
    nodes.append(helper.make_node("Sum", [f"sum_{name}" for name in inputs], ["sum"]))
    nodes.append(helper.make_node("Mul", ["base", "sum"], ["out"]))
    return model(nodes, {"base": IMAGE, **inputs}, {"out": IMAGE})


def loaded(kind, made, network, inputs, outputs, **more):
    return kind(ModelFile(made.SerializeToString(), Contract("tiny", network, inputs, outputs, **more)))


def generator(*tensors: Tensor) -> Generator:
    made = sum_of({t.name: list(t.shape) for t in tensors})
    return loaded(Generator, made, Network.GENERATIVE, (BASE, *tensors), (OUT,))


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).random((3, 8, 12), dtype=np.float32)


def filled(value: float, *kinds: tuple[int, int, int, int], points: int = 0) -> FaceParameters:
    matrices = tuple(
        Matrices(kind, tuple(np.full((rows, columns), value) for _ in range(number)))
        for kind, number, rows, columns in kinds
    )
    return FaceParameters(np.full((points, 2), value) if points else None, matrices)


@pytest.mark.parametrize(
    ("tensor", "kind", "points"),
    [
        (Tensor("j", Role.MATRICES, (1, 10, 2, 2), matrix_type=0), (0, 10, 2, 2), 10),
        (Tensor("j", Role.MATRICES, (1, "K", 2, 2), matrix_type=0), (0, 7, 2, 2), 7),
        (Tensor("f", Role.MATRICES, (1, 1, 4, 4), matrix_type=7), (7, 1, 4, 4), 0),
        (Tensor("r", Role.MATRICES, (1, 3, 3), matrix_type=4), (4, 1, 3, 3), 0),
        (Tensor("t", Role.MATRICES, (1, 3), matrix_type=5), (5, 1, 3, 1), 0),
        (Tensor("e", Role.MATRICES, (1, 15, 3), matrix_type=8), (8, 1, 15, 3), 0),
    ],
)
def test_matrices_of_the_known_methods(picture, tensor, kind, points):
    network = generator(tensor)
    network.set_base(picture, filled(1.0, kind, points=points))
    values = int(np.prod(kind[1:]))
    np.testing.assert_allclose(network.generate(filled(0.5, kind, points=points)), picture * values * 0.5, rtol=1e-5)


def test_a_prepared_input_comes_from_both_pictures(picture):
    from generators.spline import solve

    network = generator(
        Tensor("affine", Role.PREPARED, (1, 2, 2, 3), prepare="tps_affine"),
        Tensor("weights", Role.PREPARED, (1, 2, 5, 2), prepare="tps_weights"),
    )
    base, now = (FaceParameters(np.random.default_rng(seed).uniform(-1, 1, (10, 2))) for seed in (1, 2))
    network.set_base(picture, base)
    expected = sum(part.sum() for part in solve(base.keypoints, now.keypoints))
    np.testing.assert_allclose(network.generate(now), picture * expected, rtol=1e-3)
    with pytest.raises(ContractError, match=r"gfv_num_kps_minus1: 10, 11 keypoints, but .* groups of 5"):
        network.set_base(picture, filled(0.0, points=11))
    with pytest.raises(ContractError, match="gfv_coordinate_present_flag"):
        network.set_base(picture, FaceParameters())


def test_preparations_that_are_not_there():
    with pytest.raises(ContractError, match="asks for the preparation 'magic', but there are tps_affine"):
        generator(Tensor("p", Role.PREPARED, (1, 2), prepare="magic"))


def test_recomputed_base_parameters_reach_preparations_too(picture):
    """The base graph makes keypoints that only the preparation uses."""
    from generators.spline import solve

    points = np.random.default_rng(3).uniform(-1, 1, (1, 5, 2)).astype(np.float32)
    analysis = model(
        [helper.make_node("Identity", ["points"], ["found"])],
        {"picture": IMAGE},
        {"found": [1, 5, 2]},
        [numpy_helper.from_array(points, "points")],
    )
    affine = Tensor("affine", Role.PREPARED, (1, 1, 2, 3), prepare="tps_affine")
    graph = BaseGraph(
        "b.onnx", (Tensor("picture", Role.BASE_PICTURE, SHAPE),), (Tensor("found", Role.BASE_KEYPOINTS, (1, 5, 2)),)
    )
    made = sum_of({"affine": [1, 1, 2, 3]})
    contract = Contract("tiny", Network.GENERATIVE, (BASE, affine), (OUT,), base=graph)
    network = Generator(ModelFile(made.SerializeToString(), contract, analysis.SerializeToString()))
    assert network.analyses
    sent, now = (FaceParameters(np.random.default_rng(seed).uniform(-1, 1, (5, 2))) for seed in (1, 2))
    for recompute, base in ((False, sent.keypoints), (True, points[0].astype(np.float64))):
        network.set_base(picture, sent, recompute=recompute)
        expected = picture * solve(base, now.keypoints)[0].sum()
        np.testing.assert_allclose(network.generate(now), expected, rtol=1e-3, atol=1e-4)


TO_FEATURE = Contract(
    "to-feature",
    Network.TRANSLATOR,
    (
        Tensor(
            "x",
            Role.PARAMETERS,
            (1, 12),
            parts=(Part(Role.KEYPOINTS, (2, 2)), Part(Role.MATRICES, (2, 2, 2), 0)),
        ),
    ),
    (Tensor("y", Role.MATRICES, (1, 1, 3, 4), matrix_type=7),),
)


def to_feature() -> Translator:
    made = model(
        [helper.make_node("Reshape", ["x", "shape"], ["y"])],
        {"x": [1, 12]},
        {"y": [1, 1, 3, 4]},
        [numpy_helper.from_array(np.array([1, 1, 3, 4]), "shape")],
    )
    return Translator(ModelFile(made.SerializeToString(), TO_FEATURE))


def test_a_translator_gives_parameters_of_its_outputs():
    stream = FaceParameters(
        np.array([[0.0, 1.0], [2.0, 3.0]]),
        (Matrices(0, (np.array([[4.0, 5.0], [6.0, 7.0]]), np.array([[8.0, 9.0], [10.0, 11.0]]))),),
        {"left": np.array([0.5, 0.5])},
        low_confidence=True,
    )
    made = to_feature().translate(stream)
    assert made.keypoints is None
    assert made.low_confidence
    assert made.pupils is stream.pupils
    (feature,) = made.matrices
    assert feature.type == 7
    np.testing.assert_array_equal(feature.stacked, np.arange(12).reshape(1, 3, 4))


def test_a_translator_may_give_a_flat_vector():
    parts = (Part(Role.MATRICES, (3, 3), 4), Part(Role.KEYPOINTS, (1, 3)))
    made = model([helper.make_node("Identity", ["x"], ["y"])], {"x": [1, 12]}, {"y": [1, 12]})
    translator = loaded(
        Translator,
        made,
        Network.TRANSLATOR,
        (Tensor("x", Role.MATRICES, (1, 12), matrix_type=9),),
        (Tensor("y", Role.PARAMETERS, (1, 12), parts=parts),),
    )
    found = translator.translate(FaceParameters(None, (Matrices(9, (np.arange(12.0).reshape(4, 3),)),)))
    np.testing.assert_array_equal(found.of_type(4)[0].stacked, np.arange(9.0).reshape(1, 3, 3))
    np.testing.assert_array_equal(found.keypoints, [[9.0, 10.0, 11.0]])
    facts = StreamFacts(8, 8, matrices=((9, 1, 4, 3),), pupils=True)
    behind = translated(translator.contract, facts, check_stream(translator.contract, facts))
    assert behind == StreamFacts(8, 8, keypoints=1, dimensions=3, matrices=((4, 1, 3, 3),), pupils=True)


def test_a_translator_refuses_messages_of_another_form():
    with pytest.raises(ContractError) as caught:
        to_feature().translate(FaceParameters(np.zeros((3, 2))))
    assert [m.subject for m in caught.value.mismatches] == ["gfv_num_kps_minus1", "gfv_matrix_type_idx 0"]


def enhancer() -> Enhancer:
    made = model(
        [
            helper.make_node("ReduceSum", ["signal"], ["gain"], keepdims=0),
            helper.make_node("ReduceSum", ["eyes"], ["more"], keepdims=0),
            helper.make_node("Mul", ["made", "gain"], ["scaled"]),
            helper.make_node("Add", ["scaled", "more"], ["better"]),
        ],
        {"made": IMAGE, "signal": [1, 2, 2], "eyes": [1, 2, 2]},
        {"better": IMAGE},
    )
    inputs = (
        Tensor("made", Role.GENERATED_PICTURE, SHAPE, value_range=(-1.0, 1.0)),
        Tensor("signal", Role.ENHANCEMENT_MATRICES, (1, 2, 2), matrix_index=1),
        Tensor("eyes", Role.PUPILS, (1, 2, 2), optional=True),
    )
    return loaded(
        Enhancer,
        made,
        Network.ENHANCER,
        inputs,
        (Tensor("better", Role.ENHANCED_PICTURE, SHAPE, value_range=(-1.0, 1.0)),),
    )


def test_an_enhancer_takes_the_picture_and_its_gfve_message(picture):
    signal = Matrices(None, (np.zeros((1, 1)), np.full((2, 2), 0.125)))
    found = enhancer().enhance(picture, FaceParameters(None, (signal,)))
    np.testing.assert_allclose(found, (2 * picture - 1) * 0.5 / 2 + 0.5, atol=1e-6)
    eyes = FaceParameters(None, (signal,), {"right": np.array([0.25, 0.0])})
    np.testing.assert_allclose(enhancer().enhance(picture, eyes), found + 0.125, atol=1e-6)
    with pytest.raises(ContractError, match="gfve_num_matrices_minus1: 1 matrix, but input 'signal'"):
        enhancer().enhance(picture, FaceParameters(None, (Matrices(None, (np.zeros((2, 2)),)),)))


def test_networks_of_another_kind_are_refused():
    with pytest.raises(ContractError, match="is of TranslatorNN, where EnhancerNN is needed"):
        Enhancer(ModelFile(b"", TO_FEATURE))


@pytest.mark.parametrize(
    ("network", "role", "output"),
    [
        (Network.TRANSLATOR, Role.BASE_PICTURE, Tensor("o", Role.KEYPOINTS, (1, 2))),
        (Network.GENERATIVE, Role.GENERATED_PICTURE, OUT),
        (Network.ENHANCER, Role.BASE_FEATURE, Tensor("o", Role.ENHANCED_PICTURE, SHAPE)),
    ],
)
def test_inputs_that_nothing_feeds(network, role, output):
    with pytest.raises(ContractError, match=f"nothing feeds input 'i' of role {role}"):
        Contract("n", network, (Tensor("i", role, SHAPE),), (output,))


def test_a_coded_picture_is_asked_for_at_the_message_and_not_at_its_base(picture):
    coded = Tensor("coded", Role.CODED_PICTURE, SHAPE)
    made = model([helper.make_node("Add", ["base", "coded"], ["out"])], {"base": IMAGE, "coded": IMAGE}, {"out": IMAGE})
    network = loaded(Generator, made, Network.GENERATIVE, (BASE, coded), (OUT,))
    network.set_base(picture, FaceParameters())
    np.testing.assert_allclose(network.generate(FaceParameters(), coded_picture=picture), 2 * picture)
    with pytest.raises(ContractError, match="gfv_fusion_pic_flag: 0"):
        network.generate(FaceParameters())
