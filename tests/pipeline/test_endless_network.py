"""A network that never comes to an end: the clock stops it, and so does Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper
from order.order_material import encode
from painting import BASE, IMAGE, OUT, file_of, gfv, graph, injected

from generators.contract import Contract
from generators.roles import Network


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Of ``gfv decode``, with a generator whose loop has a condition that stays true."""
    folder = tmp_path_factory.mktemp("endless")
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, None, None])
    turned = helper.make_tensor_value_info("turned", TensorProto.FLOAT, [1, 3, None, None])
    turn = helper.make_tensor_value_info("turn", TensorProto.INT64, [])
    go, on = (helper.make_tensor_value_info(name, TensorProto.BOOL, []) for name in ("go", "on"))
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Neg", ["picture"], ["turned"])],
        "body",
        [turn, go, picture],
        [on, turned],
    )
    loop = helper.make_node("Loop", ["", "true", "base"], ["out"], body=body)
    made = graph([loop], {"base": IMAGE}, {"out": IMAGE}, {"true": np.array(True)})
    model = folder / "endless.onnx"
    model.write_bytes(file_of(made, Contract("endless", Network.GENERATIVE, (BASE,), (OUT,))).main)
    stream = injected(encode("avc", "keyint=1", 1), [gfv(0, 0, 0.0, base=True), gfv(0, 1, 0.0)], folder / "s.264")
    return ["gfv", "decode", stream, "-o", folder / "out.yuv", "--generator", model, "--threads", "1"]


def test_the_clock_stops_it(words):
    limited = {**os.environ, "GFV_NETWORK_TIMEOUT": "0.3"}
    done = subprocess.run(words, env=limited, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "ran for 0.3 seconds without an end, and was stopped" in line
    assert "GFV_NETWORK_TIMEOUT" in line
    assert not words[4].exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells when the network is at work")
def test_ctrl_c_stops_it(words):
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        deadline = time.monotonic() + 60
        while not _in_the_network(child.pid):
            assert child.poll() is None, child.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Traceback" not in errors
    assert not words[4].exists()


def _in_the_network(pid: int) -> bool:
    """A second beyond all that comes before: reading a 64x64 picture and starting onnxruntime."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") > 3
