"""The analysis model as ONNX: an AnalysisNN, which encoders need, with its contract, checked against torch.

It is a model of its own, in files of its own: whoever only decodes never needs it. Its outputs have the shapes that
messages have, so that an encoder needs no `layout.Profile` to write them. What an analysis model has to know of the
base picture (the canonical points of FV2V, where moved points are sent) is made by a base graph, once per base picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from generators.analysis import Analyser
from generators.contract import AnalysisGraph, BaseGraph, Contract, Size, Tensor
from generators.errors import ModelError
from generators.model_file import ModelFile, with_contract
from generators.models import find_architecture
from generators.models.architecture import Models
from generators.models.export import (
    KEPT,
    OPSET,
    PICTURE,
    check_shapes,
    chosen_profile,
    graph_of,
    hold,
    patches,
    settings_of,
)
from generators.models.layout import KEYPOINTS, Profile, find_profile
from generators.roles import Network, Role

SOURCE = "source_picture"


class AnalysisHalf(nn.Module):
    """The main graph: a picture, and what is kept of the base picture, to parameters in the shapes of messages."""

    def __init__(self, analysis: Any, profile: Profile) -> None:
        super().__init__()
        self.analysis = analysis
        self.carried = _carried(profile)

    def forward(self, picture: torch.Tensor, *kept: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Parameters in the order of the profile."""
        found = self.analysis(picture, *kept)
        return tuple(found[name].reshape(shape) for name, shape in self.carried.items())


class BaseAnalysis(nn.Module):
    """The base graph: base picture to what the analysis of all further pictures has to know of it."""

    def __init__(self, analysis: Any) -> None:
        super().__init__()
        self.analysis = analysis

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Features in their order."""
        return tuple(self.analysis.encode_base(picture).values())


def export_analysis(
    models: Models,
    *,
    name: str | None = None,
    profile: str | None = None,
    opset: int = OPSET,
    source: str = "",
    licence: str = "",
    tolerance: float | None = None,
) -> ModelFile:
    """The analysis model as ONNX, run by onnxruntime and compared with torch.

    Arguments and errors are those of `export.export`; ``name`` is that of the generator, and ``tolerance`` how far
    parameters may be from torch's.
    """
    known = find_architecture(models.architecture)
    if models.analysis is None:
        raise ModelError(f"the analysis model of {known.name} is not loaded; --no-analysis exports the generator alone")
    analysis: Any = models.analysis
    carried = chosen_profile(known, models.settings, profile)
    check_shapes(known, models, carried)
    side = models.settings.size
    name = f"{known.name}-{side}" if name is None else name
    picture = torch.from_numpy(patches(np.random.default_rng(0), side))
    with torch.inference_mode():
        kept = analysis.encode_base(picture) if hasattr(analysis, "encode_base") else {}
    names = tuple(KEPT + key for key in kept)
    main = graph_of(
        AnalysisHalf(analysis, carried), (picture, *kept.values()), (SOURCE, *names), tuple(carried.shapes), opset
    )
    base = data = None
    if kept:
        data = graph_of(BaseAnalysis(analysis), (picture,), (PICTURE,), names, opset).SerializeToString()
        features = tuple(Tensor(KEPT + key, Role.BASE_FEATURE, tuple(array.shape)) for key, array in kept.items())
        base = BaseGraph(f"{name}.analysis.base.onnx", (_picture(PICTURE, Role.BASE_PICTURE),), features, _sum(data))
    contract = Contract(
        name=f"{name} analysis",
        network=Network.ANALYSIS,
        summary=f"Pictures to the parameters of {known.name}: {known.about.summary}",
        inputs=(_picture(SOURCE, Role.SOURCE_PICTURE), *(base.outputs if base else ())),
        outputs=_outputs(carried),
        sizes={letter: Size(side, side) for letter in ("H", "W")},
        base=base,
        bits=carried.bits[0],
        variant={"architecture": known.name, "profile": carried.name} | dict(settings_of(models.settings)),
        licence=licence or "not stated",
        source=source or "not stated",
    )
    model = ModelFile(_taken(main, contract), contract, data, f"{name}.analysis.onnx")
    for parameter, difference in analysis_parity(models, model).items():
        hold(difference, known.tolerance if tolerance is None else tolerance, model, parameter)
    return model


def naming(model: ModelFile, analysis: ModelFile) -> ModelFile:
    """A generator whose contract names the file of its AnalysisNN."""
    contract = replace(model.contract, analysis=AnalysisGraph(analysis.name, _sum(analysis.main)))
    graph = onnx.load_model_from_string(model.main)
    return replace(model, main=_taken(graph, contract), contract=contract)


def _taken(graph: onnx.ModelProto, contract: Contract) -> bytes:
    data: bytes = with_contract(graph, contract).SerializeToString()
    return data


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _picture(name: str, role: Role) -> Tensor:
    return Tensor(name, role, (1, 3, "H", "W"), value_range=(0.0, 1.0), colour="RGB")


def _carried(profile: Profile) -> dict[str, tuple[int, ...]]:
    """The parameters by name, in the shapes that messages have."""
    points = {} if profile.keypoints is None else {KEYPOINTS: (1, *profile.keypoints.shape)}
    return points | {part.name: (1, part.number, part.rows, part.columns) for part in profile.matrices}


def _outputs(profile: Profile) -> tuple[Tensor, ...]:
    types = {part.name: part.type for part in profile.matrices}
    return tuple(
        Tensor(name, Role.KEYPOINTS, shape, convention="centres")
        if name == KEYPOINTS
        else Tensor(name, Role.MATRICES, shape, matrix_type=types[name])
        for name, shape in _carried(profile).items()
    )


def analysis_parity(models: Models, model: ModelFile) -> dict[str, float]:
    """Of each parameter the greatest difference to torch's, on pictures that nothing was traced with.

    Args:
        models: what the graphs were made of.
        model: the graphs, with their contract.
    """
    analysis: Any = models.analysis
    profile = find_profile(str(model.contract.variant["profile"]))
    random = np.random.default_rng(1)
    pictures: Sequence[np.ndarray] = [patches(random, models.settings.size) for _ in range(2)]
    runner = Analyser(model, threads=1)
    found = [runner.start(pictures[0][0]), runner.follow(pictures[1][0])]
    apart: dict[str, float] = {}
    with torch.inference_mode():
        kept: tuple[torch.Tensor, ...] = ()
        if hasattr(analysis, "encode_base"):
            kept = tuple(analysis.encode_base(torch.from_numpy(pictures[0])).values())
        for ours, picture in zip(found, pictures, strict=True):
            theirs = analysis(torch.from_numpy(picture), *kept)
            for name, array in profile.from_parameters(ours).items():
                difference = float(np.abs(array - theirs[name][0].numpy().reshape(array.shape)).max())
                apart[name] = float(np.maximum(difference, apart.get(name, 0.0)))  # NaN stays NaN
    return apart
