"""Loading weights: published files as they are, and strictly.

A checkpoint of torch is a pickle, and a pickle can run code. Only torch's restricted reader is used
(``weights_only``): tensors and plain containers, nothing else; a file that holds more is refused. The second
form is a numpy archive with members ``sd/<module>/<key>``, of which each member's shape is compared with the
network's before a byte of it is unpacked.

Strict means: each tensor of the network is in the file, with its shape, and no tensor of the file is left
over. The published programs load some files with this switched off, which hides that a file belongs to another
network; here everything that does not fit is in one error.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generators.errors import ModelError
from generators.models import find_architecture
from generators.models.architecture import Architecture, Models, State
from gfv_sei.wording import first_line

SHOWN = 12
"""So many keys of each kind of fault are named in an error; of the others the number."""

ARCHIVE = "sd"
"""First part of the members' names in a numpy archive."""


def load_checkpoint(
    architecture: str | Architecture,
    path: str | Path | Mapping[str, str | Path],
    settings: Any | None = None,
    *,
    modules: Sequence[str] | None = None,
) -> Models:
    """The modules of an architecture with the weights of a file.

    Args:
        architecture: or its name.
        path: of a torch file (``.pth``, ``.pth.tar``, ``.pt``) or a numpy archive (``.npz``). Either has the
            tensors of several modules under the modules' names, other entries of a torch file (optimisers,
            discriminator, epoch) are passed over; or it is the plain state dict of one module: then a mapping
            of module name to path says of which.
        settings: what the weights were trained with; by default the architecture's first variant.
        modules: which ones to load: ``("generator",)`` is enough to generate. By default all.

    Raises:
        ModelError: the file cannot be read, holds more than tensors, or does not fit the network; all keys
            that are missing, left over, or of another shape are named at once.
    """
    known = find_architecture(architecture) if isinstance(architecture, str) else architecture
    settings = known.variant() if settings is None else settings
    wanted = tuple(known.modules) if modules is None else tuple(modules)
    for name in wanted:
        if name not in known.modules:
            raise ModelError(f"{known.name} has no module {name!r}", allowed=", ".join(known.modules))
    with torch.device("meta"):
        empty = {name: known.modules[name](settings) for name in wanted}
    found: dict[str, State] = {}
    if isinstance(path, Mapping):
        for name in wanted:
            if name not in path:
                raise ModelError(f"no file is given for the module {name!r} of {known.name}")
            found |= _read(Path(path[name]), {name: empty[name]}, known, alone=True)
        where = ", ".join(str(path[name]) for name in wanted)
    else:
        found = _read(Path(path), empty, known, alone=False)
        where = str(path)
    faults: list[str] = []
    for name in wanted:
        faults += _faults(name, found[name], empty[name].state_dict()) if name in found else [f"no module {name!r}"]
    if faults:
        raise ModelError(f"{where} does not fit {known.name} with {settings}: {'; '.join(faults)}")
    loaded = {name: known.modules[name](settings) for name in wanted}
    for name, module in loaded.items():
        module.load_state_dict(found[name], strict=True)
    return known.tied(settings, loaded)


def save_archive(path: str | Path, modules: Mapping[str, nn.Module]) -> None:
    """Write the weights of modules as a numpy archive, which `load_checkpoint` reads."""
    arrays = {
        f"{ARCHIVE}/{name}/{key}": tensor.detach().cpu().numpy()
        for name, module in modules.items()
        for key, tensor in module.state_dict().items()
    }
    with Path(path).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _read(path: Path, modules: Mapping[str, nn.Module], known: Architecture, *, alone: bool) -> dict[str, State]:
    """The tensors of the file, by module, without what the architecture drops."""
    if _is_numpy(path):
        return {name: _kept(state, known) for name, state in _numpy(path, modules).items()}
    data = _torch(path)
    states: dict[str, State] = {}
    for name in modules:
        inside = data.get(name)
        if inside is None:
            # One level down: the modules of a translator, or, in the file of one module alone, its tensors.
            nested = data.get("state_dict", data)
            inside = nested.get(name) if isinstance(nested, Mapping) else None
            if inside is None and alone:
                inside = nested
        if inside is not None:
            state = _kept(_state(inside, f"{path}: {name}"), known)
            fold = known.folded.get(name)
            states[name] = state if fold is None else fold(state)
    return states


def _kept(state: State, known: Architecture) -> State:
    return {key: tensor for key, tensor in state.items() if not key.startswith(known.dropped)}


def _torch(path: Path) -> Mapping[str, Any]:
    """A torch file, read by the reader that takes nothing but tensors and plain containers."""
    try:
        data = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # the reader has many ways to fail on a file that is none of its own
        first = f": {first_line(error)}" if isinstance(error, RuntimeError | UnpicklingError) else ""
        raise ModelError(f"{path} is not a torch file of tensors alone, and others are not loaded{first}") from error
    if not isinstance(data, Mapping):
        raise ModelError(f"{path} holds a {type(data).__name__}", allowed="a dictionary of modules, or of tensors")
    return data


def _state(data: Any, where: str) -> State:
    """A state dict, the prefix of torch's DataParallel removed."""
    if not isinstance(data, Mapping):
        raise ModelError(f"{where} is of type {type(data).__name__}", allowed="a dictionary of tensors")
    state: State = {}
    for key, value in data.items():
        if isinstance(key, str) and isinstance(value, Tensor) and value.layout == torch.strided:
            state[key.removeprefix("module.")] = value
        else:
            raise ModelError(f"{where}: {key!r} is of type {type(value).__name__}", allowed="a tensor")
    return state


def _is_numpy(path: Path) -> bool:
    """Whether the file is a numpy archive; refuses what torch's reader would unpack without end."""
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                return False
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ModelError(f"cannot read {path}: {error}") from error
    if any(member.filename.endswith(".npy") for member in members):
        return True
    # torch never compresses; a small file that does may unpack to any size.
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise ModelError(f"{path} is compressed, which no file written by torch is")
    return False


def _numpy(path: Path, modules: Mapping[str, nn.Module]) -> dict[str, State]:
    """Members ``sd/<module>/<key>`` of a numpy archive.

    What a network has no use for is not unpacked: of a member that does not fit only the shape is kept (as a
    tensor without storage), which is what the comparison needs.
    """
    states: dict[str, State] = {}
    expected = {name: module.state_dict() for name, module in modules.items()}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                parts = member.removesuffix(".npy").split("/", 2)
                if len(parts) != 3 or parts[0] != ARCHIVE or parts[1] not in modules:
                    continue
                name, key = parts[1:]
                states.setdefault(name, {})[key] = _member(archive, member, expected[name].get(key))
    except (OSError, zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{path} is not a numpy archive of tensors: {error}") from error
    return states


def _member(archive: zipfile.ZipFile, member: str, expected: Tensor | None) -> Tensor:
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"{member} is of an unknown format {version}")
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
        if dtype.kind not in "fiu" or fortran:
            raise ValueError(f"{member} holds {dtype}, not rows of numbers")
        if expected is None or tuple(expected.shape) != shape:
            return torch.empty(shape, device="meta")
        size = dtype.itemsize * expected.numel()
        data = file.read(size)
        if len(data) != size:
            raise ValueError(f"{member} ends too soon")
        return torch.from_numpy(np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("=")))


def _faults(name: str, found: State, expected: Mapping[str, Tensor]) -> list[str]:
    """Everything that keeps a state from being loaded into a module, in words."""
    shapes = [
        f"{name}.{key} is {list(tensor.shape)}, not {list(expected[key].shape)}"
        for key, tensor in found.items()
        if key in expected and tensor.shape != expected[key].shape
    ]
    kinds = [
        f"{name}.{key} holds {tensor.dtype}"
        for key, tensor in found.items()
        if key in expected and tensor.is_floating_point() != expected[key].is_floating_point()
    ]
    missing = [f"{name}.{key}" for key in expected if key not in found]
    over = [f"{name}.{key}" for key in found if key not in expected]
    return [
        *_listed("missing", missing),
        *_listed("unknown", over),
        *_listed("of another shape", shapes),
        *_listed("of another type", kinds),
    ]


def _listed(what: str, keys: list[str]) -> Iterator[str]:
    if keys:
        rest = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
        yield f"{len(keys)} {what}: {', '.join(keys[:SHOWN])}{rest}"
