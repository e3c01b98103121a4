"""Model files: where the contract comes from, and what is not loaded."""

from __future__ import annotations

import hashlib
import json
import os

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tiny_networks import FLOAT, model, ports, scale_by_mean

from generators.contract import METADATA_KEY, BaseGraph, Contract, Tensor
from generators.errors import ContractError, ModelError
from generators.model_file import read_model, with_contract
from generators.registry import known_generators, load_generator
from generators.roles import Network, Role
from gfv_sei.errors import GfvError

CONTRACT = Contract(
    "scale",
    Network.GENERATIVE,
    (Tensor("source", Role.BASE_PICTURE, (1, 3, "H", "W")), Tensor("kp", Role.KEYPOINTS, (1, 10, 2))),
    (Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, "H", "W")),),
)


def test_contract_in_the_file(tmp_path):
    path = tmp_path / "scale.onnx"
    path.write_bytes(with_contract(scale_by_mean(), CONTRACT).SerializeToString())
    assert read_model(path).contract == CONTRACT
    assert read_model(path.read_bytes()).contract == CONTRACT
    assert load_generator(str(path)).contract == CONTRACT


def test_a_contract_is_replaced_not_added():
    twice = with_contract(with_contract(scale_by_mean(), CONTRACT), CONTRACT)
    assert [entry.key for entry in twice.metadata_props] == [METADATA_KEY]


def test_contract_beside_the_file(tmp_path):
    path = tmp_path / "scale.onnx"
    path.write_bytes(scale_by_mean().SerializeToString())
    with pytest.raises(ContractError, match=r"scale\.json"):
        read_model(path)
    (tmp_path / "scale.json").write_text(CONTRACT.to_json())
    assert load_generator(path).contract == CONTRACT
    (tmp_path / "scale.json").write_text("{")
    with pytest.raises(ContractError, match=r"scale\.json is not JSON"):
        read_model(path)


def test_bytes_without_a_contract():
    data = scale_by_mean().SerializeToString()
    with pytest.raises(ContractError, match=METADATA_KEY):
        read_model(data)
    assert read_model(data, contract=CONTRACT).contract is CONTRACT


def test_malformed_metadata(tmp_path):
    broken = scale_by_mean()
    broken.metadata_props.add(key=METADATA_KEY, value='{"format": "gfv-network-contract", "version": 1, "name": 7')
    path = tmp_path / "broken.onnx"
    path.write_bytes(broken.SerializeToString())
    with pytest.raises(ContractError, match=r"broken\.onnx is not JSON"):
        load_generator(path)


@given(st.binary(max_size=64))
def test_bytes_that_are_no_onnx(data):
    with pytest.raises(GfvError):
        load_generator(data)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ModelError, match="cannot read"):
        load_generator(tmp_path / "absent.onnx")
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match=r"cannot read .*pipe\.onnx: it is not a plain file"):
        load_generator(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match=r"warp, or MODEL\.onnx"):
        load_generator("wrap")
    assert known_generators()[0] == "warp"


def refused(made: onnx.ModelProto, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        read_model(made.SerializeToString(), contract=CONTRACT)


def external(name: str) -> TensorProto:
    tensor = numpy_helper.from_array(np.zeros(4, np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return tensor


def test_external_data_is_refused_wherever_it_stands():
    made = scale_by_mean()
    made.graph.initializer.append(external("weights"))
    refused(made, "'weights' in another file")

    made = scale_by_mean()
    made.graph.node.append(helper.make_node("Constant", [], ["c"], value=external("constant")))
    refused(made, "'constant' in another file")

    branch = helper.make_graph(
        [helper.make_node("Identity", ["deep"], ["y"])], "b", [], ports({"y": [4]}), [external("deep")]
    )
    made = scale_by_mean()
    made.graph.node.append(helper.make_node("If", ["kp"], ["z"], then_branch=branch, else_branch=branch))
    refused(made, "'deep' in another file")

    made = scale_by_mean()
    inner = helper.make_node("Constant", [], ["o"], value=external("in_function"))
    made.functions.append(helper.make_function("local", "f", [], ["o"], [inner], [helper.make_opsetid("", 17)]))
    refused(made, "'in_function' in another file")

    made = scale_by_mean()
    function = helper.make_function("local", "f", [], ["o"], [inner], [helper.make_opsetid("", 17)])
    function.node[0].attribute[0].CopyFrom(onnx.AttributeProto(name="value", type=4, ref_attr_name="given"))
    function.attribute_proto.append(helper.make_attribute("given", external("by_default")))
    made.functions.append(function)
    refused(made, "'by_default' in another file")

    made = scale_by_mean()
    sparse = onnx.SparseTensorProto(values=external("sparse"), dims=[4])
    made.graph.node.append(onnx.NodeProto(op_type="Constant", output=["c"]))
    made.graph.node[-1].attribute.add(name="several", type=12).sparse_tensors.append(sparse)
    refused(made, "'sparse' in another file")


def test_foreign_operators_are_refused():
    made = scale_by_mean()
    made.graph.node.append(helper.make_node("Shell", ["kp"], ["z"], domain="evil.ops"))
    refused(made, r"evil\.ops\.Shell")
    made = scale_by_mean()
    made.graph.node.append(helper.make_node("EPContext", ["kp"], ["z"], domain="com.microsoft"))
    refused(made, "EPContext")
    made = scale_by_mean()
    made.graph.node.append(helper.make_node("\x1b[2J\n", ["kp"], ["z"], domain="evil.ops"))
    refused(made, r"'evil\.ops\.\\x1b\[2J\\n'")


@pytest.mark.parametrize("text", [b"ReduceMean", b"kp", METADATA_KEY.encode()])
def test_names_that_are_no_text_are_refused(text):
    made = scale_by_mean()
    made.metadata_props.add(key=METADATA_KEY, value="{}")
    data = made.SerializeToString()
    assert text in data
    with pytest.raises(ModelError, match="no UTF-8"):
        read_model(data.replace(text, b"\xff" * len(text)))


def test_a_local_function_does_not_hide_what_is_refused():
    made = scale_by_mean()
    inner = helper.make_node("Identity", ["a"], ["b"])
    imports = [helper.make_opsetid("", 17)]
    made.functions.append(helper.make_function("com.microsoft", "EPContext", ["a"], ["b"], [inner], imports))
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    made.graph.node.append(helper.make_node("EPContext", ["kp"], ["z"], domain="com.microsoft"))
    refused(made, "EPContext")


def test_local_functions_are_no_foreign_operators():
    made = scale_by_mean()
    inner = helper.make_node("Identity", ["a"], ["b"])
    made.functions.append(helper.make_function("local", "same", ["a"], ["b"], [inner], [helper.make_opsetid("", 17)]))
    made.opset_import.append(helper.make_opsetid("local", 1))
    made.graph.node.append(helper.make_node("same", ["kp"], ["z"], domain="local"))
    assert read_model(made.SerializeToString(), contract=CONTRACT).main


def two_graphs(sha256: str | None = None) -> Contract:
    feature = Tensor("f", Role.BASE_FEATURE, (1, 3, "H", "W"))
    return Contract(
        "two",
        Network.GENERATIVE,
        (feature, Tensor("kp", Role.KEYPOINTS, (1, 10, 2))),
        (Tensor("prediction", Role.GENERATED_PICTURE, (1, 3, "H", "W")),),
        base=BaseGraph("base.onnx", (Tensor("p", Role.BASE_PICTURE, (1, 3, "H", "W")),), (feature,), sha256),
    )


def chain_of_functions(length: int, circle: bool = False) -> onnx.ModelProto:
    """Each function calls the one before it twice."""
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)]
    made = scale_by_mean()
    made.opset_import.append(opsets[1])
    for number in range(length):
        called, domain = (f"f{number - 1}", "local") if number or circle else ("Neg", "")
        called = f"f{length - 1}" if circle and not number else called
        calls = [helper.make_node(called, [a], [b], domain=domain) for a, b in (("a", "b"), ("b", "c"))]
        made.functions.append(helper.make_function("local", f"f{number}", ["a"], ["c"], calls, opsets))
    made.graph.node.append(helper.make_node(f"f{length - 1}", ["kp"], ["q"], domain="local"))
    return made


def test_functions_that_grow_without_end_are_refused():
    read_model(chain_of_functions(8).SerializeToString(), contract=CONTRACT)
    refused(chain_of_functions(30), "too many nodes")
    refused(chain_of_functions(3, circle=True), "too many nodes")


def test_the_base_graph_lies_in_the_same_folder(tmp_path):
    base = model([helper.make_node("Neg", ["p"], ["f"])], {"p": [1, 3, "H", "W"]}, {"f": [1, 3, "H", "W"]})
    main = scale_by_mean()
    main.graph.input[0].name = main.graph.node[1].input[0] = "f"
    path = tmp_path / "main.onnx"
    digest = hashlib.sha256(base.SerializeToString()).hexdigest()
    path.write_bytes(with_contract(main, two_graphs(digest)).SerializeToString())
    with pytest.raises(ModelError, match=r"base\.onnx"):
        load_generator(path)
    with pytest.raises(ModelError, match="given as bytes alone"):
        load_generator(path.read_bytes())
    (tmp_path / "base.onnx").write_bytes(base.SerializeToString())
    assert load_generator(path).contract.base is not None
    base.doc_string = "changed"
    (tmp_path / "base.onnx").write_bytes(base.SerializeToString())
    with pytest.raises(ModelError, match="sha256"):
        load_generator(path)


def test_a_model_that_onnxruntime_refuses_is_a_model_error():
    made = model([helper.make_node("Nonsense", ["x"], ["y"])], {"x": [1]}, {"y": [1]})
    with pytest.raises(ModelError, match="does not take"):
        load_generator(made.SerializeToString(), contract=CONTRACT)
    newer = scale_by_mean()
    newer.ir_version = 99
    with pytest.raises(ModelError, match=r"does not take the model: FAIL : \w[\w ]+: 99"):
        load_generator(newer.SerializeToString(), contract=CONTRACT)
    assert FLOAT == TensorProto.FLOAT


def test_the_contract_in_an_exported_file_is_readable_json():
    from generators.warp.graph import build

    (entry,) = [e for e in build().metadata_props if e.key == METADATA_KEY]
    assert json.loads(entry.value)["network"] == "GenerativeNN"
