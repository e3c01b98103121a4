"""From torch to ONNX: a generator as two graphs with their contract, checked.

The base graph does what depends on the base picture alone, and the main graph the rest; what the one gives to the
other is named ``kept_...``. With the analysis model in it, the base graph also gives the base parameters, for base
messages that carry none. Pictures are of one size, which is in the contract. A generator that takes several base
pictures gets what the base graph made of each, always of as many as it takes: where there are fewer yet, the oldest is
repeated, which changes nothing in MRDAC.

The exporter is torch's older one, by tracing: of the two it is the one that got all of these networks right. It
has two ways of being wrong without a word. It restores the training mode of the module that it is given over the
modules inside, so that norms run on the statistics of the picture: what it is given here is in evaluation mode
itself. And it keeps as a constant whatever leaves torch on the way: so each export is run by onnxruntime on other
inputs than those it was traced with, and has to give what torch gives.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from generators.contract import BaseGraph, Contract, Size, Tensor
from generators.errors import ModelError
from generators.model_file import ModelFile, with_contract
from generators.models import find_architecture
from generators.models.architecture import Architecture, Models
from generators.models.layout import KEYPOINTS, Profile, find_profile
from generators.roles import OF_EACH_REFERENCE, Network, Role, Shape
from generators.runtime import Generator
from gfv_sei.wording import first_line

OPSET = 17
"""Has everything but the sampling of volumes (opset 20); every onnxruntime from 1.18 on runs it."""

OPSETS = range(16, 24)
"""From the sampling of pictures to the last that torch knows."""

KEPT = "kept_"
OF_BASE = "base_"
PICTURE = "base_picture"
CODED = "coded_picture"
DISTANCES = "base_distances"
REFERENCES = "R"
MADE = "generated_picture"


class BaseHalf(nn.Module):
    """The base graph: base picture to features and, with the analysis model, base parameters."""

    def __init__(self, models: Models, names: Sequence[str], parameters: Sequence[str]) -> None:
        super().__init__()
        self.generator, self.analysis = models.generator, models.analysis
        self.kept, self.found = tuple(names), tuple(parameters)

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Features by name, then parameters by name."""
        features = _encoded(self.generator, picture)
        found = self.analysis(picture) if self.analysis is not None and self.found else {}
        return (*(features[name] for name in self.kept), *(found[name] for name in self.found))


class MainHalf(nn.Module):
    """The main graph: features, base parameters, current parameters, and what else it takes, to the picture.

    That is the coded picture, or the distances of several base pictures.
    """

    def __init__(self, generator: nn.Module | None, names: Sequence[str], parameters: Sequence[str]) -> None:
        super().__init__()
        self.generator: Any = generator
        self.groups = (tuple(names), tuple(parameters), tuple(parameters))

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        """The picture, [1, 3, H, W] in 0..1."""
        given = iter(tensors)
        features, base, current = ({name: next(given) for name in group} for group in self.groups)
        made: torch.Tensor = self.generator.generate(features, base, current, *given)
        return made


def export(
    models: Models,
    *,
    name: str | None = None,
    profile: str | None = None,
    analysis: bool = False,
    opset: int = OPSET,
    source: str = "",
    licence: str = "",
    tolerance: float | None = None,
) -> ModelFile:
    """A generator as ONNX, run by onnxruntime and compared with torch.

    Args:
        models: the architecture's modules with their weights.
        name: of the model; by default that of the architecture and the size.
        profile: how its parameters are carried, a name for `layout.find_profile`; by default the architecture's
            first, for as many keypoints as it has.
        analysis: whether the base graph gives base parameters too.
        opset: of both graphs, 16 or later.
        source: where the weights come from.
        licence: of the weights.
        tolerance: how far a picture may be from torch's, in 0..1; by default the architecture's.

    Raises:
        ModelError: a part of the model is missing, the profile is another method's, torch cannot export it, or
            the graphs give another picture than torch.
        ParameterError: no profile is called so.
    """
    known = find_architecture(models.architecture)
    carried = chosen_profile(known, models.settings, profile)
    if analysis and models.analysis is None:
        raise ModelError(f"the analysis model of {known.name} is not loaded")
    models = _for_graphs(known, models)
    side = models.settings.size
    name = f"{known.name}-{side}" if name is None else name
    parameters = tuple(carried.shapes)
    random = np.random.default_rng(0)
    check_shapes(known, models, carried)
    picture, example = patches(random, side), [_example(carried, random), _example(carried, random)]
    with torch.inference_mode():
        features = _encoded(models.generator, torch.from_numpy(picture))
    base = BaseHalf(models, tuple(features), parameters if analysis else ())
    main = MainHalf(models.generator, tuple(features), parameters)
    kept = tuple(KEPT + key for key in features)
    of_base = tuple(OF_BASE + key for key in parameters)
    coded = (CODED,) if carried.fusion else ()
    count = known.references(models.settings)
    given = [*features.values(), *(torch.from_numpy(example[0][key]) for key in parameters)]
    tensors = [torch.cat([tensor] * count) for tensor in given]
    tensors += [torch.from_numpy(example[1][key]) for key in parameters]
    tensors += [torch.from_numpy(patches(random, side)) for _ in coded]
    distances = (DISTANCES,) if count > 1 else ()
    tensors += [_distances(count) for _ in distances]
    base_graph = graph_of(base, (torch.from_numpy(picture),), (PICTURE,), kept + (of_base if analysis else ()), opset)
    names = (*kept, *of_base, *parameters, *coded, *distances)
    main_graph = graph_of(main, tuple(tensors), names, (MADE,), opset)
    model = _assembled(known, models, carried, name, base_graph, main_graph, source, licence)
    hold(parity(models, model), known.tolerance if tolerance is None else tolerance, model, "picture")
    return model


def _encoded(generator: Any, picture: torch.Tensor) -> dict[str, torch.Tensor]:
    features: dict[str, torch.Tensor] = generator.encode_base(picture)
    return features


def chosen_profile(known: Architecture, settings: Any, name: str | None) -> Profile:
    """The profile of that name; by default the architecture's usual one, for as many keypoints as it has."""
    if name is not None:
        return find_profile(name)
    usual = find_profile(known.about.profiles[0])
    if usual.keypoints is None or usual.keypoints.number == settings.keypoints:
        return usual
    return find_profile(usual.with_points(settings.keypoints).name)


def check_shapes(known: Architecture, models: Models, profile: Profile) -> None:
    """Compare what the analysis model gives, where it is loaded, with what the profile carries.

    Raises:
        ModelError: a parameter is missing, or of another shape.
    """
    if models.analysis is None:
        return
    side = models.settings.size
    with torch.inference_mode():
        found = models.analysis(torch.zeros(1, 3, side, side))
    for name, shape in profile.shapes.items():
        given = list(found[name].shape[1:]) if name in found else "nothing"
        if given != list(shape):
            raise ModelError(
                f"with these settings {known.name} has other parameters than the profile {profile.name} carries",
                element=name,
                value=given,
                allowed=str(list(shape)),
            )


def _for_graphs(known: Architecture, models: Models) -> Models:
    """The same weights under the settings that a graph can have."""
    if models.generator is None:
        raise ModelError(f"the generator of {known.name} is not loaded")
    settings = replace(models.settings, **known.in_graphs)
    if settings == models.settings:
        return models
    modules = {name: known.modules[name](settings) for name in models.modules}
    for name, module in modules.items():
        module.load_state_dict(models.modules[name].state_dict())
    return known.tied(settings, modules)


def patches(random: np.random.Generator, side: int) -> np.ndarray:
    """A picture of smooth patches, [1, 3, side, side]."""
    few = random.random((1, 3, 8, 8), dtype=np.float32)
    large = torch.nn.functional.interpolate(torch.from_numpy(few), size=(side, side), mode="bicubic")
    return large.clamp(0, 1).numpy()


def _example(profile: Profile, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Parameters as a network might give them; square matrices are near the identity, so they have an inverse."""
    example = {}
    for name, shape in profile.shapes.items():
        values = random.uniform(-0.7, 0.7, shape) if name == KEYPOINTS else random.uniform(-0.1, 0.1, shape)
        if name != KEYPOINTS and len(shape) > 1 and shape[-1] == shape[-2]:
            values = values + np.eye(shape[-1])
        example[name] = values[None].astype(np.float32)
    return example


def _distances(count: int) -> torch.Tensor:
    """To base pictures that come one behind the other, the last one just before the current picture."""
    return torch.arange(count, 0, -1, dtype=torch.float32)


def graph_of(
    network: nn.Module,
    inputs: tuple[torch.Tensor, ...],
    names: tuple[str, ...],
    outputs: tuple[str, ...],
    opset: int,
) -> onnx.ModelProto:
    """A module as a graph with names.

    Raises:
        ModelError: torch cannot export it, or takes another opset.
    """
    if opset not in OPSETS:  # asked for another one, torch would print the whole graph before it fails
        raise ModelError("torch cannot export it", element="opset", value=opset, allowed=f"{OPSETS[0]} to {OPSETS[-1]}")
    file = io.BytesIO()
    network.eval()
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            # That it is the older exporter, and that sizes become constants, as they should.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network,
                inputs,
                file,  # type: ignore[arg-type]
                opset_version=opset,
                input_names=list(names),
                output_names=list(outputs),
                dynamo=False,
            )
    except KeyError as error:
        raise ModelError(f"the network takes {error}, which the profile does not carry") from error
    except (RuntimeError, ValueError, torch.onnx.errors.OnnxExporterError) as error:
        raise ModelError(f"torch cannot export it with opset {opset}: {first_line(error)}") from error
    graph = onnx.load_model_from_string(file.getvalue())
    onnx.checker.check_model(graph)
    (found,) = (entry.version for entry in graph.opset_import if entry.domain == "")
    if found != opset:
        raise ModelError(f"torch made it opset {found}, where {opset} was asked for")
    return graph


def _assembled(
    known: Architecture,
    models: Models,
    profile: Profile,
    name: str,
    base: onnx.ModelProto,
    main: onnx.ModelProto,
    source: str,
    licence: str,
) -> ModelFile:
    """The two graphs under one contract. Inputs that a variant does not use are not in its graph."""
    side = models.settings.size
    taken = {port.name: port for port in main.graph.input}
    given = {port.name: port for port in base.graph.output}
    roles = _roles(profile)

    most = known.references(models.settings)

    def tensor(port: onnx.ValueInfoProto) -> Tensor:
        shape: Shape = tuple(size.dim_value for size in port.type.tensor_type.shape.dim)
        found = roles.get(port.name) or Tensor(port.name, Role.BASE_FEATURE, shape)
        if most > 1 and port is taken.get(port.name) and found.role in OF_EACH_REFERENCE:
            shape = (REFERENCES, *shape[1:])
        return replace(found, shape=shape)

    data = _without(base, set(given) - set(taken)).SerializeToString()
    file = f"{name}.base.onnx"
    contract = Contract(
        name=name,
        network=Network.GENERATIVE,
        summary=f"{known.about.summary}; {known.about.paper}",
        inputs=tuple(tensor(port) for port in taken.values()),
        outputs=(roles[MADE],),
        sizes={letter: Size(side, side) for letter in ("H", "W")}
        | ({REFERENCES: Size(most, most)} if most > 1 else {}),
        references=REFERENCES if most > 1 else None,
        base=BaseGraph(
            file=file,
            inputs=(roles[PICTURE],),
            outputs=tuple(tensor(port) for key, port in given.items() if key in taken),
            sha256=hashlib.sha256(data).hexdigest(),
        ),
        variant={"architecture": known.name, "profile": profile.name} | dict(settings_of(models.settings)),
        licence=licence or "not stated",
        source=source or "not stated",
    )
    return ModelFile(with_contract(main, contract).SerializeToString(), contract, data, f"{name}.onnx")


def _without(model: onnx.ModelProto, outputs: set[str]) -> onnx.ModelProto:
    """The graph without outputs that nothing takes."""
    for port in list(model.graph.output):
        if port.name in outputs:
            model.graph.output.remove(port)
    return model


def _roles(profile: Profile) -> dict[str, Tensor]:
    """What every input and output is, but for the features; shapes of parameters as networks have them."""
    picture = (1, 3, "H", "W")
    found = {
        PICTURE: Tensor(PICTURE, Role.BASE_PICTURE, picture, value_range=(0.0, 1.0), colour="RGB"),
        CODED: Tensor(CODED, Role.CODED_PICTURE, picture, value_range=(0.0, 1.0), colour="RGB"),
        DISTANCES: Tensor(DISTANCES, Role.BASE_DISTANCES, (REFERENCES,)),
        MADE: Tensor(MADE, Role.GENERATED_PICTURE, picture, value_range=(0.0, 1.0), colour="RGB"),
    }
    if profile.keypoints is not None:
        for name, role in ((OF_BASE + KEYPOINTS, Role.BASE_KEYPOINTS), (KEYPOINTS, Role.KEYPOINTS)):
            found[name] = Tensor(name, role, (1, *profile.keypoints.shape), convention=profile.keypoints.convention)
    for part in profile.matrices:
        for name, role in ((OF_BASE + part.name, Role.BASE_MATRICES), (part.name, Role.MATRICES)):
            found[name] = Tensor(name, role, (1, *part.shape), matrix_type=part.type)
    return found


def settings_of(settings: Any, prefix: str = "") -> list[tuple[str, str | int | float | bool]]:
    """Settings as the contract's ``variant`` has them, flat."""
    flat: list[tuple[str, str | int | float | bool]] = []
    for each in fields(settings):
        value = getattr(settings, each.name)
        if is_dataclass(value):
            flat += settings_of(value, f"{prefix}{each.name}.")
        elif value is not None:
            flat.append((prefix + each.name, value))
    return flat


def parity(models: Models, model: ModelFile) -> float:
    """How far a picture of the graphs is from that of torch at most, 0..1, on inputs that nothing was traced with.

    Args:
        models: what the graphs were made of.
        model: the graphs, with their contract.
    """
    known = find_architecture(models.architecture)
    models = _for_graphs(known, models)
    profile = find_profile(str(model.contract.variant["profile"]))
    random = np.random.default_rng(1)
    side = models.settings.size
    coded = patches(random, side) if profile.fusion else None
    count = known.references(models.settings)
    pictures = [patches(random, side) for _ in range(count)]
    bases, current = [_example(profile, random) for _ in range(count)], _example(profile, random)
    runner = Generator(model, threads=1)
    for number, (picture, base) in enumerate(zip(pictures, bases, strict=True)):
        runner.set_base(picture[0], profile.to_parameters(base), fusion=profile.fusion, number=number)
    coded_picture = None if coded is None else coded[0]
    found = runner.generate(profile.to_parameters(current), coded_picture=coded_picture, number=count)
    more = () if coded is None else (torch.from_numpy(coded),)
    if count > 1:
        more = (_distances(count),)
    network: Any = models.generator
    with torch.inference_mode():
        expected = network(
            torch.from_numpy(np.concatenate(pictures)),
            _tensors({name: np.concatenate([base[name] for base in bases]) for name in current}),
            _tensors(current),
            *more,
        )
    return float(np.abs(found - expected.numpy()[0]).max())


def hold(difference: float, tolerance: float, model: ModelFile, what: str) -> None:
    """Raises ModelError where graphs are further from torch than they may be."""
    if not difference <= tolerance:
        raise ModelError(
            f"the graphs of {model.name} give another {what} than torch",
            value=f"{difference:.2g} apart",
            allowed=f"{tolerance:.2g}",
        )


def _tensors(params: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in params.items()}
