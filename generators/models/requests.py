"""What an export is asked for in words: settings as text, files of weights or a seed, and where the files go."""

from __future__ import annotations

import hashlib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from generators.errors import ModelError
from generators.model_file import save
from generators.models import find_architecture
from generators.models.analysis_export import export_analysis, naming
from generators.models.architecture import Models
from generators.models.checkpoints import load_checkpoint
from generators.models.export import OPSET, export

Text = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Request:
    """An export.

    architecture  its name
    weights       files, each a path or MODULE=path; see `checkpoints.load_checkpoint`; none: `untrained`
    untrained     seed of fresh weights
    variant       which published copy; None: the first
    settings      changes to it as text, by dotted name: ``{"size": "512", "detector.num_blocks": "4"}``
    profile       how parameters are carried; None: the usual one
    analysis      whether the AnalysisNN is written too, if the architecture has one
    base_analysis whether the base graph gives parameters of the base picture, for decoders that recompute them
    opset         of all graphs
    source        where the weights come from; empty: the file's name and sha256. Untrained ones are said to be
    licence       of the weights
    """

    architecture: str
    weights: Sequence[str] = ()
    untrained: int | None = None
    variant: str | None = None
    settings: Text = field(default_factory=dict)
    profile: str | None = None
    analysis: bool = True
    base_analysis: bool = False
    opset: int = OPSET
    source: str = ""
    licence: str = ""


def fulfil(request: Request, target: str | Path) -> list[Path]:
    """Export an architecture; return the files, the main graph of the generator first.

    Args:
        request: what is asked for.
        target: a folder, in which the model has the name of architecture and size, or the path of the main graph,
            which ends in .onnx.

    Raises:
        ModelError: no such architecture, variant or setting; weights that are missing, both given and not to be given,
            or do not fit; what `export.export` raises.
    """
    models, source = built(request)
    target = Path(target)
    name = f"{request.architecture}-{models.settings.size}"
    if target.suffix == ".onnx":
        target, name = target.parent, target.stem
    common: dict[str, Any] = {
        "name": name,
        "profile": request.profile,
        "opset": request.opset,
        "source": source,
        "licence": request.licence,
    }
    generator = export(models, analysis=request.base_analysis, **common)
    analysis = export_analysis(models, **common) if request.analysis and has_analysis(models) else None
    target.mkdir(parents=True, exist_ok=True)  # only now: an export that fails leaves nothing behind
    if analysis is None:
        return save(generator, target / f"{name}.onnx")
    written = save(analysis, target / analysis.name)
    return [*save(naming(generator, analysis), target / f"{name}.onnx"), *written]


def has_analysis(models: Models) -> bool:
    """Whether an architecture has an analysis model; one may only be missing with a module whose weights are."""
    return models.analysis is not None or set(models.modules) != set(find_architecture(models.architecture).modules)


def built(request: Request) -> tuple[Models, str]:
    """The modules with their weights, and where those come from."""
    known = find_architecture(request.architecture)
    settings = changed(known.variant(request.variant), request.settings)
    if bool(request.weights) == (request.untrained is not None):
        raise ModelError("weights are either files or untrained", allowed="one of --weights and --untrained")
    if request.untrained is not None:
        models = known.build(settings, seed=request.untrained)
        said = f"untrained, seed {request.untrained}"
        return models, f"{said}; {request.source}" if request.source else said
    named = dict(_of_module(text, known.modules) for text in request.weights)
    if None in named and len(named) > 1:
        raise ModelError("one file for all modules, or MODULE=FILE for each", allowed=", ".join(known.modules))
    files = {name: path for name, path in named.items() if name is not None}
    models = load_checkpoint(known, files or named[None], settings, modules=tuple(files) or None)
    return models, request.source or "; ".join(described(path) for path in named.values())


def described(path: Path) -> str:
    """A file of weights, as a contract says where its weights come from."""
    return f"{path.name}, sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _of_module(text: str, modules: Mapping[str, Any]) -> tuple[str | None, Path]:
    name, _, path = text.partition("=")
    return (name, Path(path)) if name in modules and path else (None, Path(text))


def changed(settings: Any, changes: Text) -> Any:
    """Settings with some of them changed, all at once, as some only go together.

    Args:
        settings: an architecture's.
        changes: values as text by dotted name; ``true``, ``false`` and ``none`` are what they say.

    Raises:
        ModelError: there is no such setting, it does not take that value, or settings do not go together.
    """
    own: dict[str, Any] = {}
    inner: dict[str, dict[str, str]] = {}
    kinds = typing.get_type_hints(type(settings))
    known = {each.name for each in fields(settings)}
    for name, text in changes.items():
        first, _, rest = name.partition(".")
        value = getattr(settings, first) if first in known else None
        if first not in known or is_dataclass(value) != bool(rest):
            raise ModelError("there is no such setting", element=name, allowed=", ".join(_names(settings)))
        if rest:
            inner.setdefault(first, {})[rest] = text
        else:
            own[name] = _value(name, text, kinds[name])
    for name, texts in inner.items():
        try:
            own[name] = changed(getattr(settings, name), texts)
        except ModelError as error:
            error.element = f"{name}.{error.element}"
            raise
    return replace(settings, **own)


def _names(settings: Any) -> list[str]:
    found = []
    for each in fields(settings):
        value = getattr(settings, each.name)
        found += [f"{each.name}.{name}" for name in _names(value)] if is_dataclass(value) else [each.name]
    return found


def _value(name: str, text: str, kind: Any) -> Any:
    """A text as a value of a type: bool, int, float, one of some words, or one of several types."""
    kinds = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    for one in kinds:
        if one is type(None) and text == "none":
            return None
        if one is bool and text in ("true", "false"):
            return text == "true"
        if typing.get_origin(one) is typing.Literal and text in typing.get_args(one):
            return text
        if one in (int, float):
            try:
                return one(text)
            except ValueError:
                continue
    raise ModelError("a setting does not take this value", element=name, value=text, allowed=_words(kinds))


def _words(kinds: Sequence[Any]) -> str:
    found: list[str] = []
    for one in kinds:
        if one is type(None):
            found.append("none")
        elif one is bool:
            found += ["true", "false"]
        elif typing.get_origin(one) is typing.Literal:
            found += map(str, typing.get_args(one))
        else:
            found.append({int: "a whole number", float: "a number"}.get(one, str(one)))
    return ", ".join(found)
