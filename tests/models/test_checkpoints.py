"""Loading weights: the layouts in which they are published, and what is refused."""

from __future__ import annotations

import pickle
import zipfile

import numpy as np
import pytest
from network_vectors import built, files, sizes_of, torch

from generators.errors import ModelError
from generators.models import ARCHITECTURES, find_architecture, load_checkpoint
from generators.models.blocks import HourglassSizes
from generators.models.checkpoints import save_archive
from generators.models.settings import GeneratorSizes

SMALL = {
    "size": 64,
    "inner": 16,
    "keypoints": 3,
    "detector": HourglassSizes(4, 8, 2),
    "motion": HourglassSizes(4, 8, 2),
    "generator": GeneratorSizes(4, 8, 1, 1),
}


def small(name="fomm"):
    known = find_architecture(name)
    return known.build(known.variant(**SMALL))


def states(models):
    return {name: module.state_dict() for name, module in models.modules.items()}


def same(found, expected):
    assert found.modules.keys() == expected.modules.keys()
    for name, module in expected.modules.items():
        loaded = found.modules[name].state_dict()
        assert all(torch.equal(loaded[key], tensor) for key, tensor in module.state_dict().items())


@pytest.mark.parametrize("recent", [True, False], ids=["zip", "torch-1.0"])
def test_published_layout_with_what_training_left_in_it(tmp_path, recent):
    models = small()
    optimiser = torch.optim.Adam(models.generator.parameters())
    sum(p.sum() for p in models.generator.parameters()).backward()
    optimiser.step()
    content = states(models) | {
        "discriminator": {"conv.weight": torch.zeros(1)},
        "optimizer_generator": optimiser.state_dict(),
        "epoch": 99,
    }
    torch.save(content, tmp_path / "vox.pth.tar", _use_new_zipfile_serialization=recent)
    loaded = load_checkpoint("fomm", tmp_path / "vox.pth.tar", models.settings)
    same(loaded, models)
    assert not any(module.training for module in loaded.modules.values())


def test_numpy_archive_written_here(tmp_path):
    models = small("dac")
    save_archive(tmp_path / "dac.npz", models.modules)
    same(load_checkpoint("dac", tmp_path / "dac.npz", models.settings), models)


@pytest.mark.parametrize("vectors", files("fomm_reduced"))
def test_vector_files_are_such_archives(vectors):
    models = built("fomm", "original", vectors)
    settings = find_architecture("fomm").variant(**sizes_of(vectors, vectors.picture("driving").shape[-1]))
    same(load_checkpoint("fomm", vectors.path, settings), models)


@pytest.mark.parametrize("nested", [True, False], ids=["state_dict", "bare"])
def test_one_file_per_module_and_the_prefix_of_several_gpus(tmp_path, nested):
    models = small()
    paths = {}
    for name, state in states(models).items():
        state = {f"module.{key}": tensor for key, tensor in state.items()}
        paths[name] = tmp_path / f"{name}.pth"
        torch.save({"state_dict": state, "epoch": 3} if nested else state, paths[name])
    same(load_checkpoint("fomm", paths, models.settings), models)


def test_the_generator_alone(tmp_path):
    models = small()
    torch.save({"generator": states(models)["generator"]}, tmp_path / "a.pth")
    loaded = load_checkpoint("fomm", tmp_path / "a.pth", models.settings, modules=("generator",))
    assert list(loaded.modules) == ["generator"]
    assert loaded.analysis is None
    with pytest.raises(ModelError, match="no module 'kp_detector'"):
        load_checkpoint("fomm", tmp_path / "a.pth", models.settings)


def test_half_precision_becomes_single(tmp_path):
    models = small()
    torch.save(states(models) | {"generator": models.generator.half().state_dict()}, tmp_path / "a.pth")
    loaded = load_checkpoint("fomm", tmp_path / "a.pth", models.settings)
    assert {p.dtype for p in loaded.generator.parameters()} == {torch.float32}


def test_the_picture_codec_of_animation_based_codecs_is_dropped(tmp_path):
    models = small("dac")
    content = states(models)
    content["generator"]["ref_coder.g_a.0.weight"] = torch.zeros(3)
    torch.save(content, tmp_path / "a.pth")
    same(load_checkpoint("dac", tmp_path / "a.pth", models.settings), models)


@pytest.mark.parametrize("archive", [True, False], ids=["numpy", "torch"])
def test_everything_that_does_not_fit_is_said_at_once(tmp_path, archive):
    models = small()
    content = states(models)
    del content["generator"]["final.weight"]
    content["generator"]["final.conv.weight"] = torch.zeros(3)
    content["generator"]["final.bias"] = torch.zeros(4)
    content["kp_detector"]["kp.bias"] = torch.zeros(3, dtype=torch.int64)
    if archive:
        path = tmp_path / "a.npz"
        np.savez(path, **{f"sd/{m}/{k}": t.numpy() for m, state in content.items() for k, t in state.items()})
    else:
        path = tmp_path / "a.pth"
        torch.save(content, path)
    with pytest.raises(ModelError) as caught:
        load_checkpoint("fomm", path, models.settings)
    for words in (
        "1 missing: generator.final.weight",
        "1 unknown: generator.final.conv.weight",
        "generator.final.bias is [4], not [3]",
        "kp_detector.kp.bias holds torch.int64",
    ):
        assert words in str(caught.value)


def test_weights_of_another_network_are_told(tmp_path):
    models = small("dac")
    save_archive(tmp_path / "dac.npz", models.modules)
    with pytest.raises(ModelError, match=r"missing: kp_detector\.kp\.weight.*unknown: kp_detector\.kp\.conv\.weight"):
        load_checkpoint("fomm", tmp_path / "dac.npz", find_architecture("fomm").variant(**SMALL))


class Trap:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("form", ["torch", "pickle", "numpy"])
def test_code_in_a_file_is_not_run(tmp_path, form):
    path, sprung = tmp_path / "a.pth", tmp_path / "sprung"
    content = {"generator": Trap(sprung)}
    if form == "torch":
        torch.save(content, path)
    elif form == "pickle":
        path.write_bytes(pickle.dumps(content))
    else:
        with path.open("wb") as file:
            np.savez(file, **{"sd/generator/final.bias": np.array([Trap(sprung)], dtype=object)})
    with pytest.raises(ModelError):
        load_checkpoint("fomm", path, find_architecture("fomm").variant(**SMALL))
    assert not sprung.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"\x80\x02}q\x00.", b"\x80\x02]q\x00.", b"not a checkpoint at all\n" * 99],
    ids=["empty", "zip-head", "empty-dict", "list", "text"],
)
def test_other_files_are_errors_in_words(tmp_path, content):
    path = tmp_path / "a.pth"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        load_checkpoint("fomm", path, find_architecture("fomm").variant(**SMALL))


def test_a_cut_file_and_one_that_is_not_there(tmp_path):
    models = small()
    for name in ("a.npz", "a.pth"):
        path = tmp_path / name
        if name == "a.npz":
            save_archive(path, models.modules)
        else:
            torch.save(states(models), path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(ModelError):
            load_checkpoint("fomm", path, models.settings)
    with pytest.raises(ModelError, match="cannot read"):
        load_checkpoint("fomm", tmp_path / "missing.pth", models.settings)


def test_a_small_archive_of_a_large_array_is_not_unpacked(tmp_path):
    path = tmp_path / "a.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("sd/generator/final.bias.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(member, {"descr": "<f4", "fortran_order": False, "shape": (2**40,)})
        for _ in range(16):
            member.write(bytes(2**20))
    with pytest.raises(ModelError, match=r"final\.bias is \[1099511627776\], not \[3\]"):
        load_checkpoint("fomm", path, find_architecture("fomm").variant(**SMALL), modules=("generator",))


def test_a_compressed_torch_file_is_refused(tmp_path):
    models = small()
    torch.save(states(models), tmp_path / "a.pth")
    with (
        zipfile.ZipFile(tmp_path / "a.pth") as old,
        zipfile.ZipFile(tmp_path / "b.pth", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, old.read(member))
    with pytest.raises(ModelError, match="compressed"):
        load_checkpoint("fomm", tmp_path / "b.pth", models.settings)


def test_names_that_are_not_there():
    with pytest.raises(ModelError, match="no architecture is called 'x'"):
        load_checkpoint("x", "a.pth")
    with pytest.raises(ModelError, match=f"allowed: {', '.join(ARCHITECTURES)}"):
        find_architecture("x")
    fomm = find_architecture("fomm")
    with pytest.raises(ModelError, match="no variant 'x'"):
        fomm.variant("x")
    with pytest.raises(ModelError, match="no such setting"):
        fomm.variant(colour="blue")
    with pytest.raises(ModelError, match="FommSettings"):
        fomm.build(find_architecture("dac").variant())
    with pytest.raises(ModelError, match="has no module 'x'"):
        load_checkpoint(fomm, "a.pth", modules=("x",))
    with pytest.raises(ModelError, match="no file is given for the module 'generator'"):
        load_checkpoint(fomm, {}, modules=("generator",))
    with pytest.raises(ModelError, match="multiples of 64"):
        fomm.variant(size=300)
    with pytest.raises(ModelError, match=r"size = 96.*multiples of 128"):
        fomm.variant(size=96, inner=24)
