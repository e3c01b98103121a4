"""Mismatches between contract, graph and stream: all of them, in the terms of the syntax."""

from __future__ import annotations

import numpy as np
import pytest

from generators.checking import Port, StreamFacts, check_graph, check_stream
from generators.contract import Contract, Part, Size, Tensor
from generators.errors import ContractError
from generators.parameters import FaceParameters
from generators.roles import Network, Role
from generators.warp.graph import CONTRACT as WARP

OUT = Tensor("out", Role.GENERATED_PICTURE, (1, 3, "H", "W"))
PICTURE = Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W"))
EXACT = {"H": Size(256, 256), "W": Size(256, 256)}


def generative(*inputs: Tensor, **sizes: Size) -> Contract:
    return Contract("net", Network.GENERATIVE, inputs, (OUT,), sizes=sizes)


FOMM = generative(
    PICTURE,
    Tensor("kp", Role.KEYPOINTS, (1, "K", 2)),
    Tensor("jac", Role.MATRICES, (1, "K", 2, 2), matrix_type=0),
    **EXACT,
    K=Size(10, 10),
)


def subjects(contract: Contract, facts: StreamFacts) -> list[str]:
    with pytest.raises(ContractError) as caught:
        check_stream(contract, facts)
    assert "\n" not in str(caught.value)
    return [m.subject for m in caught.value.mismatches]


def test_a_stream_that_fits():
    facts = StreamFacts(256, 256, keypoints=10, matrices=((0, 10, 2, 2),))
    assert check_stream(FOMM, facts) == {"H": 256, "W": 256, "K": 10}


def test_every_mismatch_is_listed_at_once():
    facts = StreamFacts(144, 176, keypoints=20, dimensions=3, matrices=((7, 1, 4, 4),))
    assert subjects(FOMM, facts) == [
        "picture height",
        "picture width",
        "gfv_num_kps_minus1",
        "gfv_coordinate_z_present_flag",
        "gfv_matrix_type_idx 0",
    ]


def test_the_message_says_what_is_there_and_what_would_fit():
    with pytest.raises(ContractError) as caught:
        check_stream(FOMM, StreamFacts(256, 256, keypoints=20, matrices=((0, 20, 2, 2),)))
    text = str(caught.value)
    assert "gfv_num_kps_minus1: 19, 20 keypoints, but the network takes 10 keypoints (coded as 9)" in text


def test_no_coordinates():
    assert "gfv_coordinate_present_flag" in subjects(FOMM, StreamFacts(256, 256))


def test_matrices_have_to_agree_with_keypoints():
    facts = StreamFacts(256, 256, keypoints=10, matrices=((0, 9, 2, 3),))
    assert subjects(FOMM, facts) == ["number of matrices of type 0", "gfv_matrix_width_minus1 of type 0"]


def test_picture_sizes_that_are_no_multiple():
    contract = generative(PICTURE, H=Size(64, 1024, 32), W=Size(64, 1024, 32))
    assert check_stream(contract, StreamFacts(96, 64)) == {"H": 96, "W": 64}
    assert subjects(contract, StreamFacts(100, 64)) == ["picture height"]


def test_types_without_a_meaning_are_told_by_their_total():
    contract = generative(PICTURE, Tensor("feature", Role.MATRICES, (1, 4, 4), matrix_type=7))
    check_stream(contract, StreamFacts(8, 8, matrices=((7, 1, 4, 4),)))
    check_stream(contract, StreamFacts(8, 8, matrices=((7, 1, 1, 16),)))
    assert subjects(contract, StreamFacts(8, 8, matrices=((7, 1, 4, 5),))) == ["size of the matrices of type 7"]
    assert subjects(contract, StreamFacts(8, 8, matrices=((7, 1, 4, 4), (7, 1, 4, 4)))) == ["gfv_matrix_type_idx 7"]


def test_flat_parameters_are_checked_part_by_part():
    parts = (Part(Role.KEYPOINTS, (10, 2)), Part(Role.MATRICES, (10, 2, 2), 0))
    contract = Contract(
        "t",
        Network.TRANSLATOR,
        (Tensor("x", Role.PARAMETERS, (1, 60), parts=parts),),
        (Tensor("y", Role.MATRICES, (1, 16), matrix_type=7),),
    )
    check_stream(contract, StreamFacts(8, 8, keypoints=10, matrices=((0, 10, 2, 2),)))
    assert subjects(contract, StreamFacts(8, 8, keypoints=9)) == [
        "gfv_num_kps_minus1",
        "gfv_matrix_type_idx 0",
    ]


def test_enhancement_pupils_and_fusion():
    contract = generative(
        PICTURE,
        Tensor("m", Role.ENHANCEMENT_MATRICES, (1, 2, 2), matrix_index=1),
        Tensor("eyes", Role.PUPILS, (1, 2, 2)),
        Tensor("coded", Role.CODED_PICTURE, (1, 3, "H", "W")),
    )
    check_stream(contract, StreamFacts(8, 8, enhancement=((1, 1), (2, 2)), pupils=True, fusion=True))
    assert subjects(contract, StreamFacts(8, 8, enhancement=((1, 1),))) == [
        "gfve_num_matrices_minus1",
        "gfve_pupil_coordinate_present_idx",
        "gfv_fusion_pic_flag",
    ]
    facts = StreamFacts(8, 8, enhancement=((1, 1), (3, 2)), pupils=True, fusion=True)
    assert subjects(contract, facts) == ["gfve_matrix_height_minus1[ 1 ]"]


def test_optional_inputs_may_be_absent():
    check_stream(
        generative(
            PICTURE,
            Tensor("eyes", Role.PUPILS, (1, 2, 2), optional=True),
            Tensor("kp", Role.KEYPOINTS, (1, 10, 2), optional=True),
            Tensor("m", Role.MATRICES, (1, 4), matrix_type=3, optional=True),
            Tensor("e", Role.ENHANCEMENT_MATRICES, (1, 2, 2), matrix_index=0, optional=True),
            Tensor("coded", Role.CODED_PICTURE, (1, 3, "H", "W"), optional=True),
        ),
        StreamFacts(8, 8),
    )


def test_the_warp_takes_any_number_of_points_with_or_without_z():
    for number, dimensions in ((1, 2), (1024, 3)):
        check_stream(WARP, StreamFacts(271, 33, keypoints=number, dimensions=dimensions))
    assert subjects(WARP, StreamFacts(8, 8, keypoints=1025)) == ["gfv_num_kps_minus1"]


def test_facts_of_a_message():
    parameters = FaceParameters.from_values(
        {
            "coordinates": [[0, 0, 1]],
            "matrices": [{"type": 4, "elements": [np.eye(3).tolist()]}, {"elements": [[[1, 2]]]}],
            "pupils": {"left": [0, 0]},
        }
    )
    assert StreamFacts.of(parameters, 5, 6, fusion=True) == StreamFacts(
        5, 6, 1, 3, ((4, 1, 3, 3),), ((1, 2),), pupils=True, fusion=True
    )


def test_graph_and_contract():
    inputs = [Port("source", (1, 3, "a", "b"), "float32"), Port("kp", (1, 10, 2), "float32")]
    jacobian = Port("jac", (1, 10, 2, 2), "float32")
    out = Port("out", (1, 3, "x", "y"), "float32")
    check_graph(FOMM, [*inputs, jacobian], [out])
    with pytest.raises(ContractError) as caught:
        check_graph(FOMM, [inputs[0], Port("kp", (1, 10, 3), "float16"), Port("noise", (1,), "float32")], [jacobian])
    assert [str(m) for m in caught.value.mismatches] == [
        "input 'kp': the graph has float16, but the contract says float32",
        "input 'kp': the graph has shape [1, 10, 3], but the contract says [1, K, 2]",
        "input 'jac': the graph has no such input, but the contract gives it role matrices",
        "input 'noise': the graph has it, [1], but the contract does not know it",
        "output 'out': the graph has no such output, but the contract gives it role generated_picture",
        "output 'jac': the graph has it, [1, 10, 2, 2], but the contract does not know it",
    ]


def test_features_need_somebody_to_make_them():
    contract = generative(PICTURE, Tensor("f", Role.BASE_FEATURE, (1, 8)))
    with pytest.raises(ContractError, match="no base graph"):
        check_graph(
            contract,
            [Port("source", (1, 3, 8, 8), "float32"), Port("f", (1, 8), "float32")],
            [Port("out", (1, 3, 8, 8), "float32")],
        )
