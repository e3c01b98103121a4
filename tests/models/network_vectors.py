"""Vectors of the reference networks, and weights by their recipe.

The vectors lie in ``../shared/vectors/generators``; ``GFV_GENERATOR_VECTORS=FOLDER`` takes others. Files are
told by the beginning of their names (``fomm_``, ``dac_abc_``, ...) and by their ``meta_json``, so that other
seeds and sizes of the same kinds run as well. ``state_dict_keys.json`` is looked for in the folder, then in the
shared one. A file without weights of its own takes those of the file that its meta data names, or of the one
of the same seed beside it whose weights have the same sum, or the recipe's.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

# Test files take torch from here, before anything else of theirs needs it, so that they are skipped without it.
torch = pytest.importorskip("torch", reason="torch is not installed: pip install -e '.[train]'")

from generators.models import find_architecture  # noqa: E402
from generators.models.architecture import Models  # noqa: E402
from generators.models.blocks import HourglassSizes  # noqa: E402
from generators.models.settings import GeneratorSizes  # noqa: E402

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "generators"
FOLDER = Path(os.environ.get("GFV_GENERATOR_VECTORS", SHARED))
KEYS = "state_dict_keys.json"

torch.set_num_threads(1)


@dataclass(frozen=True)
class Vectors:
    """One file of vectors."""

    path: Path

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        with np.load(self.path) as file:
            return {name: file[name] for name in file.files}

    @cached_property
    def meta(self) -> dict[str, Any]:
        return json.loads(bytes(self.arrays["meta_json"])) if "meta_json" in self.arrays else {}

    @property
    def full(self) -> bool:
        """Whether the widths are the published ones; such files hold no weights."""
        return "_full_" in self.path.name

    @property
    def complete(self) -> bool:
        """Whether it has inputs, and weights of its own or by the recipe."""
        has_inputs = any(name.endswith("_u8") for name in self.arrays)
        return has_inputs and (self.full or any(name.startswith("sd/") for name in self.arrays))

    def __contains__(self, name: str) -> bool:
        return name in self.arrays

    def tensor(self, name: str) -> torch.Tensor:
        return torch.from_numpy(self.arrays[name])

    def picture(self, name: str) -> torch.Tensor:
        """``NAME_u8`` as networks take it; files without pictures have those of the file they belong to."""
        holder = self if f"{name}_u8" in self else self.twin
        return torch.from_numpy(holder.arrays[f"{name}_u8"].astype(np.float32) / np.float32(255))

    def state(self, module: str) -> dict[str, torch.Tensor]:
        """Weights of a module that the file itself holds."""
        start = f"sd/{module}/"
        return {k[len(start) :]: torch.from_numpy(v) for k, v in self.arrays.items() if k.startswith(start)}

    @cached_property
    def twin(self) -> Vectors:
        """The file whose inputs and weights this one was made with: itself, if it has them."""
        folders = (self.path.parent, SHARED)
        if "same_inputs_and_weights_as" in self.meta:
            paths = [folder / self.meta["same_inputs_and_weights_as"] for folder in folders]
            return Vectors(next((path for path in paths if path.is_file()), paths[0]))
        if self.complete:
            return self
        for path in (path for folder in folders for path in sorted(folder.glob(f"*_s{self.meta['seed']}_*.npz"))):
            other = Vectors(path)
            sums = [(other.meta.get(k), self.meta[k]) for k in ("sha_kp", "sha_gen") if k in self.meta]
            if other.complete and all(a == b for a, b in sums):
                return other
        raise LookupError(f"no file beside {self.path} has its weights")

    def load(self, module: str, network: torch.nn.Module, folder: Path | None = None) -> None:
        """Give a network the weights that this file was made with, strictly, and check their sum."""
        state = self.twin.state(module)
        if not state:
            state = recipe(self.meta["seed"], module, network.state_dict())
        expected = self.meta.get({"kp_detector": "sha_kp", "generator": "sha_gen"}.get(module, ""))
        assert expected is None or weights_sum(state) == expected, "these are not the weights of the vectors"
        network.load_state_dict(state, strict=True)


def recipe(seed: int, module: str, like: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Seeded weights, by the table in the vectors' README."""

    def value(key: str, tensor: torch.Tensor) -> np.ndarray:
        shape = tuple(tensor.shape)
        if key.endswith("num_batches_tracked"):
            return np.zeros(shape, np.int64)
        if key.endswith("down.weight"):
            return tensor.numpy()
        start = zlib.crc32(f"{seed}:{module}:{key}".encode()) & 0xFFFFFFFF
        n = np.random.RandomState(start).standard_normal(shape)
        f = np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 1.0
        if key.endswith("gamma"):
            return np.full(shape, np.sqrt(0.1 + 2.0**-36))
        if key.endswith("beta"):
            # The reference multiplied what it had, in float32.
            return np.float32(np.sqrt(1 + 2.0**-36)) * np.float32(1 + 0.1 * np.abs(n))
        if key.endswith("running_mean"):
            return 0.1 * n
        if key.endswith("running_var"):
            return 1 + 0.2 * np.abs(n)
        if key.endswith("jacobian.bias"):
            return np.tile([1.0, 0.0, 0.0, 1.0], shape[0] // 4) + 0.1 * n
        if key.endswith("jacobian.weight"):
            return 0.05 * n * f
        if key.endswith("bias"):
            return 0.05 * n
        if len(shape) == 1:
            return 1 + 0.1 * n
        if key.startswith("fc_"):
            return (0.02 if key.split(".")[0] in ("fc_yaw", "fc_pitch", "fc_roll") else 0.001) * n * f
        return n * f

    return {
        key: torch.from_numpy(np.asarray(value(key, tensor)).astype(tensor.numpy().dtype))
        for key, tensor in like.items()
    }


def weights_sum(state: dict[str, torch.Tensor]) -> str:
    """sha-256 over the keys in sorted order, each followed by its array's bytes."""
    digest = hashlib.sha256()
    for key in sorted(state):
        digest.update(key.encode())
        digest.update(np.ascontiguousarray(state[key].numpy()).tobytes())
    return digest.hexdigest()


def files(*beginnings: str, without: tuple[str, ...] = ()) -> list[Any]:
    """Parameters for `pytest.mark.parametrize`: the vector files whose names begin so, or one skip."""
    found = [
        path
        for path in (sorted(FOLDER.glob("*.npz")) if FOLDER.is_dir() else [])
        if path.name.startswith(beginnings) and not path.name.startswith(without or ("\0",))
    ]
    if not found:
        why = f"no vectors {' or '.join(b + '*' for b in beginnings)} in {FOLDER}"
        return [pytest.param(None, marks=pytest.mark.skip(reason=why), id="none")]
    return [pytest.param(Vectors(path), id=path.stem) for path in found]


def keys_of(network: str) -> dict[str, Any]:
    """``{"params": count, "tensors": [[name, shape, type], ...]}`` of a published network."""
    for folder in (FOLDER, SHARED):
        if (folder / KEYS).is_file():
            return json.loads((folder / KEYS).read_text())[network]
    pytest.skip(f"no {KEYS} in {FOLDER}")


def same_keys(network: torch.nn.Module, published: dict[str, Any]) -> None:
    """Hold a network's tensors, their order and the number of parameters against `keys_of` a published one."""
    found = [
        [key, list(tensor.shape), str(tensor.dtype).removeprefix("torch.")]
        for key, tensor in network.state_dict().items()
    ]
    assert found == published["tensors"]
    assert sum(p.numel() for p in network.parameters()) == published["params"]


def difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    """The greatest absolute difference; shapes have to agree."""
    assert found.shape == expected.shape
    return float((found - expected).abs().max())


def compare(
    vectors: Vectors,
    made: dict[str, torch.Tensor],
    ending: str,
    tolerance: float,
    left_out: tuple[str, ...] = (),
    **others: float,
) -> None:
    """Hold what a network made against everything that a file has of one run.

    The file's names are those of ``made`` with ``ending`` (``_ac0``, or nothing) behind them, and with
    ``_stride2``, ``_stride4`` where it holds only some rows and columns. ``others``: tolerances of single names.
    ``left_out``: names in the file that this run has nothing for.
    """
    given = {"source", "driving", "base_layer", "references", "ref_indices", "meta_json"}
    seen = set()
    for name in vectors.arrays:
        plain, _, stride = name.partition("_stride")
        ours = plain.removesuffix(ending) if ending else plain
        if ours in made and plain.endswith(ending):
            step = int(stride or 1)
            expected, found = vectors.tensor(name), made[ours]
            if stride:
                found = found[..., ::step, ::step]
            assert difference(found, expected) <= others.get(ours, tolerance), name
            seen.add(ours)
        elif plain.endswith(ending) and ours not in left_out and not name.startswith(("sd/", "kp_", "feat_")):
            assert plain.removesuffix("_u8") in given, f"nothing is compared with {name}"
    assert any(name.startswith("prediction") for name in seen), f"no prediction in {vectors.path}"


def sizes_of(vectors: Vectors, side: int) -> dict[str, Any]:
    """The settings that a file's meta data give, for pictures of that side."""
    meta = vectors.meta.get("config", vectors.meta)
    kp, gen = meta["kp"], meta["gen"]
    motion = gen["dense_motion_params"]
    hourglass = ("block_expansion", "max_features", "num_blocks")
    generator = ("block_expansion", "max_features", "num_down_blocks", "num_bottleneck_blocks")
    assert kp["scale_factor"] == motion["scale_factor"]
    settings = {
        "size": side,
        "inner": round(side * kp["scale_factor"]),
        "detector": HourglassSizes(*(kp[k] for k in hourglass)),
        "motion": HourglassSizes(*(motion[k] for k in hourglass)),
        "generator": GeneratorSizes(*(gen[k] for k in generator)),
    }
    if "num_down_blocks" in motion:
        return settings | {"motion_encoder": GeneratorSizes(*(motion[k] for k in generator))}
    return settings | {"keypoints": meta["common"]["num_kp"]}


def built(name: str, variant: str, vectors: Vectors, **changes: Any) -> Models:
    """The networks that a file was made with, with their weights."""
    known = find_architecture(name)
    side = vectors.picture("driving").shape[-1]
    models = known.build(known.variant(variant, **sizes_of(vectors, side), **changes))
    for module, network in models.modules.items():
        vectors.load(module, network)
    return models


def stored(vectors: Vectors, who: str) -> dict[str, torch.Tensor]:
    """The parameters of a picture that a file has, by our names."""
    names = {"keypoints": f"kp_{who}_value", "jacobians": f"kp_{who}_jacobian", "feature": f"feat_{who}"}
    return {ours: vectors.tensor(theirs) for ours, theirs in names.items() if theirs in vectors}


def check_analysis(models: Models, vectors: Vectors, tolerance: float, *who: str) -> None:
    """Hold the parameters of pictures against those in the file."""
    for name in who or ("source", "driving"):
        expected = stored(vectors, name)
        picture = vectors.picture(name)[: len(next(iter(expected.values())))]
        found = models.analysis(picture)
        assert set(found) >= set(expected)
        for key, tensor in expected.items():
            assert difference(found[key], tensor) <= tolerance, (name, key)
