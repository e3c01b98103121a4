"""Contracts: JSON there and back, and everything that can be wrong with one by itself."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.contract import AnalysisGraph, BaseGraph, Contract, Part, Size, Tensor
from generators.errors import ContractError
from generators.roles import Network, Role
from generators.warp.graph import CONTRACT as WARP
from gfv_sei.errors import GfvError

PICTURE = Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W"), value_range=(-1.0, 1.0), colour="BGR")
OUT = Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, "H", "W"))

FOMM = Contract(
    name="fomm-256",
    network=Network.GENERATIVE,
    summary="first order motion model",
    variant={"align_corners": False, "first_order": True, "size": 256, "flow": "own"},
    sizes={"K": Size(10, 10), "H": Size(128, 1024, 128), "W": Size(128, 1024, 128)},
    inputs=(
        Tensor("features", Role.BASE_FEATURE, (1, 256, "h", "w")),
        PICTURE,
        Tensor("kp_source", Role.BASE_KEYPOINTS, (1, "K", 2), convention="centres"),
        Tensor("kp_driving", Role.KEYPOINTS, (1, "K", 2), convention="centres"),
        Tensor("jacobian", Role.MATRICES, (1, "K", 2, 2), matrix_type=0, dtype="float64"),
        Tensor("low", Role.CODED_PICTURE, (1, 3, "H", "W"), optional=True),
        Tensor("affine", Role.PREPARED, (1, 2, 2, 3), prepare="tps_affine"),
    ),
    outputs=(OUT,),
    base=BaseGraph(
        "fomm-256-base.onnx",
        (Tensor("picture", Role.BASE_PICTURE, (1, 3, "H", "W")),),
        (
            Tensor("features", Role.BASE_FEATURE, (1, 256, "h", "w")),
            Tensor("kp_source", Role.BASE_KEYPOINTS, (1, "K", 2), convention="centres"),
        ),
        sha256="0" * 64,
    ),
    analysis=AnalysisGraph("fomm-256.analysis.onnx", sha256="1" * 64),
    licence="MIT",
    source="seeded",
)

TRANSLATOR = Contract(
    name="fomm-to-cfte",
    network=Network.TRANSLATOR,
    inputs=(
        Tensor(
            "x",
            Role.PARAMETERS,
            (1, 60),
            parts=(Part(Role.KEYPOINTS, (10, 2)), Part(Role.MATRICES, (10, 2, 2), 0)),
        ),
    ),
    outputs=(Tensor("y", Role.MATRICES, (1, 4, 4), matrix_type=7),),
)

ENHANCER = Contract(
    name="pgen",
    network=Network.ENHANCER,
    inputs=(
        Tensor("picture", Role.GENERATED_PICTURE, (1, 3, "H", "W")),
        Tensor("signal", Role.ENHANCEMENT_MATRICES, (1, 2, 2), matrix_index=1),
        Tensor("eyes", Role.PUPILS, (1, 2, 2), optional=True),
    ),
    outputs=(Tensor("better", Role.ENHANCED_PICTURE, (1, 3, "H", "W")),),
)

ANALYSIS = Contract(
    name="fv2v-analysis",
    network=Network.ANALYSIS,
    inputs=(
        Tensor("picture", Role.SOURCE_PICTURE, (1, 3, "H", "W")),
        Tensor("canonical", Role.BASE_FEATURE, (1, 15, 3)),
    ),
    outputs=(Tensor("points", Role.KEYPOINTS, (1, 15, 3)),),
    base=BaseGraph(
        "canonical.onnx",
        (Tensor("base", Role.BASE_PICTURE, (1, 3, "H", "W")),),
        (Tensor("canonical", Role.BASE_FEATURE, (1, 15, 3)),),
    ),
    bits=8,
)


SEVERAL = Contract(
    name="mrdac",
    network=Network.GENERATIVE,
    sizes={"R": Size(2, 4)},
    references="R",
    inputs=(
        Tensor("features", Role.BASE_FEATURE, ("R", 256, 64, 64)),
        Tensor("kp_source", Role.BASE_KEYPOINTS, ("R", 10, 2)),
        Tensor("kp_driving", Role.KEYPOINTS, (1, 10, 2)),
        Tensor("ages", Role.BASE_DISTANCES, ("R",)),
    ),
    outputs=(OUT,),
    base=BaseGraph(
        "mrdac.base.onnx",
        (Tensor("base", Role.BASE_PICTURE, (1, 3, "H", "W")),),
        (Tensor("features", Role.BASE_FEATURE, (1, 256, 64, 64)),),
    ),
)


@pytest.mark.parametrize("contract", [WARP, FOMM, TRANSLATOR, ENHANCER, ANALYSIS, SEVERAL], ids=lambda c: c.name)
def test_json_there_and_back(contract):
    assert Contract.from_json(contract.to_json()) == contract


def changed(path: list, value, contract: Contract = FOMM) -> str:
    data = json.loads(contract.to_json())
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["format"], "other", "format"),
        (["version"], 2, "version 2"),
        (["version"], True, "version"),
        (["network"], "Generator", "TranslatorNN, GenerativeNN, EnhancerNN"),
        (["inputs"], {}, "'inputs' is not a list"),
        (["inputs", 0, "role"], "picture", "one of base_picture"),
        (["inputs", 0, "shape"], [1, 0], "shape"),
        (["inputs", 0, "shape"], [1, "a b"], "shape"),
        (["inputs", 1, "shape"], [1, 1, "H", "W"], r"not \[1, 3, H, W\]"),
        (["inputs", 1, "value_range"], [1, 0], "value_range"),
        (["inputs", 1, "value_range"], [0, float("nan")], "value_range"),
        (["inputs", 1, "colour"], "YUV", "RGB, BGR"),
        (["inputs", 1, "colur"], "RGB", "unknown keys: 'colur'"),
        (["inputs", 1, "name"], "features", "'features' twice"),
        (["inputs", 2, "shape"], [20], r"not \[K, 2\]"),
        (["inputs", 4, "matrix_type"], 64, "between 0 and 63"),
        (["inputs", 2, "matrix_type"], 1, "has a matrix_type"),
        (["outputs"], [], "no output of role generated_picture"),
        (["base", "file"], "../../etc/passwd.onnx", "bare name"),
        (["base", "file"], "other.bin", "bare name"),
        (["base", "sha256"], "abc", "sha256"),
        (["analysis", "file"], "../analysis.onnx", "bare name"),
        (["analysis", "sha256"], "abc", "sha256 of the analysis graph"),
        (["analysis", "bits"], 8, "unknown keys: 'bits'"),
        (["bits"], 8, "GenerativeNN codes nothing"),
        (["inputs", 1, "role"], "source_picture", "nothing feeds input 'source'"),
        (["sizes", "K"], {"min": 5, "max": 4}, "admits nothing"),
        (["sizes", "K", "step"], 4, "unknown keys: 'step'"),
        (["variant", "x"], [1], "variant"),
        (["name"], "\x1b[2Jnot\nhere", "is not one line of text"),
    ],
)
def test_what_is_wrong_is_named(path, value, says):
    with pytest.raises(ContractError, match=says):
        Contract.from_json(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["bits"], 33, "between 1 and 32"),
        (["analysis"], {"file": "a.onnx"}, "AnalysisNN has no analysis graph"),
        (["inputs", 0, "role"], "base_picture", "AnalysisNN has no input of role source_picture"),
        (["inputs", 0, "role"], "coded_picture", "nothing feeds input 'picture' of role coded_picture in AnalysisNN"),
        (["outputs"], [], "AnalysisNN has no output of role parameters or keypoints or matrices"),
    ],
)
def test_what_is_wrong_with_an_analysis(path, value, says):
    with pytest.raises(ContractError, match=says):
        Contract.from_json(changed(path, value, ANALYSIS))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["references"], "S", "no input is of 'S' references"),
        (["references"], 4, "'references' is not text"),
        (["sizes"], {}, "the number of references 'R' needs a size of at most 16"),
        (["sizes", "R", "max"], 17, "the number of references 'R' needs a size of at most 16"),
        (["sizes", "R", "multiple"], 2, "the number of references 'R' needs a size of at most 16"),
        (["inputs", 2, "shape"], ["R", 10, 2], "'kp_driving' is of 'R' references, but has role keypoints"),
        (["inputs", 1, "shape"], [1, "R", 2], "'kp_source' has 'R' elsewhere"),
        (["inputs", 3, "shape"], ["R", 1], r"'ages' holds distances of base pictures in shape \['R', 1\]"),
        (["outputs", 0, "shape"], ["R", 3, "H", "W"], "'prediction' has 'R' elsewhere"),
        (["base", "outputs", 0, "shape"], ["R", 256, 64, 64], "'features' has 'R' elsewhere"),
        (["base", "inputs", 0, "shape"], ["R", 3, "H", "W"], "'base' has 'R' elsewhere"),
    ],
)
def test_what_is_wrong_with_several_base_pictures(path, value, says):
    with pytest.raises(ContractError, match=says):
        Contract.from_json(changed(path, value, SEVERAL))


def test_distances_need_several_base_pictures():
    data = json.loads(SEVERAL.to_json())
    del data["references"]
    with pytest.raises(ContractError, match="distances of base pictures, but no references"):
        Contract.from_json(json.dumps(data))


def test_a_key_that_is_needed_is_missed():
    with pytest.raises(ContractError, match="lacks 'name'"):
        Contract.from_json('{"format": "gfv-network-contract", "version": 1}')


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_arbitrary_text_is_refused(text):
    with pytest.raises(GfvError):
        Contract.from_json(text)


def test_deep_nesting_is_refused():
    with pytest.raises(ContractError, match="not JSON"):
        Contract.from_json("[" * 100_000)


def leaves(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[key], (*path, key))


FULL = json.loads(FOMM.to_json())
PATHS = [p for p in leaves(FULL) if p]
JUNK = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.lists(st.integers(), max_size=3)
)


@given(st.sampled_from(PATHS), JUNK | st.dictionaries(st.text(max_size=3), JUNK, max_size=2), st.booleans())
def test_any_damage_is_harmless_or_refused(path, junk, remove):
    data = copy.deepcopy(FULL)
    place = data
    for step in path[:-1]:
        place = place[step]
    if remove:
        del place[path[-1]]
    else:
        place[path[-1]] = junk
    try:
        contract = Contract.from_json(json.dumps(data))
    except GfvError:
        return
    assert Contract.from_json(contract.to_json()) == contract
