"""Translators: the published form, training, ONNX."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from network_vectors import difference, files, torch

from generators.checking import Port, check_graph
from generators.errors import ModelError, ParameterError
from generators.model_file import read_model
from generators.models.representations import REPRESENTATIONS, find_representation
from generators.models.translator_export import export_translator
from generators.models.translators import (
    Training,
    load_translator,
    new_translator,
    save_translator,
    train_translator,
)
from generators.parameters import FaceParameters
from generators.roles import Network, Role
from generators.sessions import session

TOLERANCE = 1e-5

# How the vectors name what the profiles have: per method, the inputs and the outputs in the order of the row.
INPUTS = {"FOMM": ("fomm_kp", "fomm_jac"), "CFTE": ("cfte",), "FV2V": ("fv2v_exp", "fv2v_rot", "fv2v_t")}
PAIRS = list(permutations(INPUTS, 2))

# ../shared/reference/generators.md, section 10.6.
ENCODERS = {"CFTE": 13_568, "FOMM": 16_384, "FV2V": 16_192}
DECODERS = {"CFTE": 13_520, "FOMM": 16_380, "FV2V": 16_185}


def stored_params(vectors, method: str) -> dict[str, np.ndarray]:
    form = find_representation(method)
    arrays = [vectors.arrays[name] for name in INPUTS[method]]
    return {name: array.reshape(-1, *form.profile.shapes[name]) for name, array in zip(form.order, arrays, strict=True)}


def published_file(vectors, source: str, target: str, path) -> None:
    """The seeded weights in the layout of the published files."""
    start = f"sd/{source}2{target}/"
    state: dict[str, dict[str, torch.Tensor]] = {}
    for name in vectors.arrays:
        if name.startswith(start):
            module, key = name.removeprefix(start).split("/")
            state.setdefault(module, {})[key] = vectors.tensor(name)
    torch.save({"epoch": 1, "state_dict": state, "optimizer": {"state": {}, "param_groups": []}}, path)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("vectors", files("translators_"))
@torch.inference_mode()
def test_published_translators(vectors, source, target, tmp_path):
    published_file(vectors, source, target, tmp_path / "weights.pth")
    translator = load_translator(tmp_path / "weights.pth", source, target)
    params = stored_params(vectors, source)
    middle = translator.encoder(torch.from_numpy(translator.source.row(params)))
    assert difference(middle, vectors.tensor(f"{source}2{target}/mid")) <= TOLERANCE
    found = translator.translate(params)
    for i, name in enumerate(translator.target.order):
        expected = vectors.arrays[f"{source}2{target}/out{i}"].reshape(found[name].shape)
        assert np.abs(found[name] - expected).max() <= TOLERANCE, name


@pytest.mark.parametrize("method", ENCODERS)
def test_numbers_of_parameters(method):
    translator = new_translator(method, method)
    assert sum(p.numel() for p in translator.encoder.parameters()) == ENCODERS[method]
    assert sum(p.numel() for p in translator.decoder.parameters()) == DECODERS[method]


@pytest.mark.parametrize("method", REPRESENTATIONS)
def test_rows_and_back(method):
    form = find_representation(method)
    random = np.random.default_rng(1)
    params = {name: random.random((3, *shape), np.float32) for name, shape in form.profile.shapes.items()}
    rows = form.row(params)
    assert rows.shape == (3, form.values)
    again = form.params(rows)
    assert all(np.array_equal(again[name], params[name]) for name in params)
    assert len(again) == len(params)


def test_fv2v_begins_with_the_expression():
    form = find_representation("FV2V")
    params = {name: np.zeros((1, *shape)) for name, shape in form.profile.shapes.items()}
    params["expression"][0, 0, 1] = 1
    params["rotation"][0, 0, 0] = 2
    params["translation"][0, 2] = 3
    row = form.row(params)[0]
    assert (row[1], row[45], row[56]) == (1, 2, 3)


@pytest.mark.parametrize(("source", "target"), list(permutations(REPRESENTATIONS, 2)))
def test_every_pair_as_a_graph(source, target, tmp_path):
    torch.manual_seed(2)
    translator = new_translator(source, target)
    path = tmp_path / "translator.onnx"
    path.write_bytes(export_translator(translator, licence="none").SerializeToString())
    model = read_model(path)
    assert model.contract.network == Network.TRANSLATOR
    (given,), (made,) = model.contract.inputs, model.contract.outputs
    assert (given.role, made.role) == (Role.PARAMETERS, Role.PARAMETERS)
    graph = session(model.main, path.name, threads=1)
    ports = [
        [Port(p.name, tuple(p.shape), "float32") for p in side()] for side in (graph.get_inputs, graph.get_outputs)
    ]
    check_graph(model.contract, *ports)
    # What goes in is what the parts of the contract make of a message.
    form = translator.source
    random = np.random.default_rng(3)
    params = {name: random.random(shape) for name, shape in form.profile.shapes.items()}
    face = form.profile.to_parameters(params)
    row = np.concatenate([_part(face, part).ravel() for part in given.parts])[None].astype(np.float32)
    (found,) = graph.run([made.name], {given.name: row})
    expected = translator.translate({name: array[None] for name, array in params.items()})
    for name, array in translator.target.params(found).items():
        assert np.abs(array - expected[name]).max() <= TOLERANCE
    assert sum(np.prod(part.shape) for part in made.parts) == translator.target.values


def _part(face: FaceParameters, part) -> np.ndarray:
    return face.keypoints if part.role == Role.KEYPOINTS else face.of_type(part.matrix_type)[0].stacked


def pairs_of(source: str, target: str, number: int = 64) -> tuple[dict, dict]:
    """Parameters that depend on three things that a face does."""
    random = np.random.default_rng(4)
    does = random.standard_normal((number, 3))

    def of(method: str, scale: float) -> dict[str, np.ndarray]:
        form = find_representation(method)
        rows = scale * np.tanh(does @ random.standard_normal((3, form.values)) * 0.3) + 0.2
        return form.params(rows)

    return of(source, 0.5), of(target, 0.02)


def test_training_learns_and_is_the_same_twice():
    pairs = pairs_of("TPS", "FV2V")
    training = Training(seed=5, steps=300, batch=32)
    translator = train_translator("TPS", "FV2V", pairs, training)
    found = translator.target.row(translator.translate(pairs[0]))
    wanted = translator.target.row(pairs[1])
    assert ((found - wanted) ** 2).mean() < 0.05 * wanted.var(axis=0).mean()
    again = train_translator("TPS", "FV2V", pairs, training)
    assert all(torch.equal(a, b) for a, b in zip(translator.parameters(), again.parameters(), strict=True))
    other = train_translator("TPS", "FV2V", pairs, Training(seed=6, steps=300, batch=32))
    assert not torch.equal(other.encoder.linear[0].weight, translator.encoder.linear[0].weight)


def test_training_leaves_the_callers_chances_alone():
    torch.manual_seed(8)
    expected = torch.rand(3)
    torch.manual_seed(8)
    train_translator("CFTE", "DAC-10", pairs_of("CFTE", "DAC-10"), Training(steps=2))
    assert torch.equal(torch.rand(3), expected)


def test_what_never_changed_is_made_so_and_has_no_influence():
    source, target = pairs_of("CFTE", "DAC-10")
    source["feature"][:, 0, 0, 0] = 7.0
    target["keypoints"][:, 3] = -0.25
    translator = train_translator("CFTE", "DAC-10", (source, target), Training(steps=200))
    found = translator.translate(source)["keypoints"]
    assert np.abs(found[:, 3] + 0.25).max() < 1e-6
    source["feature"][:, 0, 0, 0] = -7.0
    assert np.array_equal(translator.translate(source)["keypoints"], found)


def test_saved_and_loaded(tmp_path):
    translator = new_translator("DAC-10", "TPS")
    save_translator(translator, tmp_path / "dac_to_tps.pth", epoch=3)
    again = load_translator(tmp_path / "dac_to_tps.pth", "DAC-10", "TPS")
    assert all(torch.equal(a, b) for a, b in zip(translator.parameters(), again.parameters(), strict=True))


def test_a_file_of_another_translator_is_refused(tmp_path):
    save_translator(new_translator("FOMM", "CFTE"), tmp_path / "weights.pth")
    with pytest.raises(ModelError, match="CFTE_Enc"):
        load_translator(tmp_path / "weights.pth", "CFTE", "FOMM")


def test_refusals():
    with pytest.raises(ParameterError, match="FOMM, DAC-10, CFTE, FV2V, TPS"):
        new_translator("FOMM", "HDAC")
    form = find_representation("FOMM")
    with pytest.raises(ParameterError, match="jacobians"):
        form.row({"keypoints": np.zeros((2, 10, 2))})
    with pytest.raises(ParameterError, match="numbers of pictures"):
        form.row({"keypoints": np.zeros((2, 10, 2)), "jacobians": np.zeros((3, 10, 2, 2))})
    with pytest.raises(ParameterError, match=r"'N', 60"):
        form.params(np.zeros((2, 57)))
    source, target = pairs_of("FOMM", "CFTE")
    with pytest.raises(ParameterError, match="same number"):
        train_translator("FOMM", "CFTE", (source, {"feature": target["feature"][:5]}))
    source["keypoints"][0, 0, 0] = np.nan
    with pytest.raises(ParameterError, match="not finite"):
        train_translator("FOMM", "CFTE", (source, target))
