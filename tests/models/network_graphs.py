"""Networks as graphs, run by onnxruntime."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping

import onnxruntime as ort
from network_vectors import torch


class Flat(torch.nn.Module):
    """A generator's second half with tensors for arguments, as a graph has them."""

    def __init__(self, generator: torch.nn.Module, names: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.generator, self.names = generator, names

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        given = iter(tensors)
        return self.generator.generate(*({name: next(given) for name in group} for group in self.names.values()))


def run_as_graph(generator: torch.nn.Module, example: list[dict], other: list[dict], opset: int) -> torch.Tensor:
    """What onnxruntime makes of ``other`` [features, base, current], with a graph traced on ``example``."""
    groups = {str(i): tuple(group) for i, group in enumerate(example)}
    names = [f"in{i}_{name}" for i, group in groups.items() for name in group]
    network = Flat(generator, groups).eval()
    file = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter warns that it is the old one, and that sizes become constants, as they should.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            tuple(tensor for group in example for tensor in group.values()),
            file,
            opset_version=opset,
            input_names=names,
            output_names=["picture"],
            dynamo=False,
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    wanted = {port.name for port in session.get_inputs()}
    tensors = [group[name] for group, keys in zip(other, groups.values(), strict=True) for name in keys]
    feeds = {n: t.numpy() for n, t in zip(names, tensors, strict=True) if n in wanted}
    return torch.from_numpy(session.run(None, feeds)[0])
