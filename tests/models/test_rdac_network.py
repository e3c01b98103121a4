"""RDAC against the reference networks: animation, residual coder, refinement."""

from __future__ import annotations

import pytest
from network_vectors import Vectors, check_analysis, difference, files, keys_of, same_keys, sizes_of, stored, torch

from generators.models import find_architecture, load_checkpoint
from generators.models.architecture import Models

RDAC = find_architecture("rdac")
TOLERANCE = 1e-5


def loaded(vectors: Vectors) -> Models:
    coder = vectors.meta["residual_coder"]
    assert coder["residual_type"] == "residual"
    settings = RDAC.variant(
        "abc",
        residual_features=coder["residual_features"],
        residual_layers=coder["num_intermediate_layers"],
        levels=coder["levels"],
        refinement=vectors.meta["refine"]["block_expansion"],
        **sizes_of(vectors, vectors.picture("source").shape[-1]),
    )
    models = RDAC.build(settings)
    for name, network in models.modules.items():
        vectors.load(name, network)
    return models


@pytest.mark.parametrize("vectors", files("rdac_residual_"))
@torch.inference_mode()
def test_rdac(vectors):
    models = loaded(vectors)
    check_analysis(models, vectors, TOLERANCE, "source", "driving")
    generator, rate = models.generator, int(vectors.tensor("rate_idx"))
    target = vectors.picture("driving")
    base, current = stored(vectors, "source"), stored(vectors, "driving")
    animated = generator(vectors.picture("source"), base, current)
    latent = generator.sdc.latent(vectors.tensor("residual"))
    integers = generator.sdc.integers(latent, rate)
    # The vectors were made without the hyperprior, as for an entropy coder that is told nothing.
    residual = generator.sdc.residual(integers, rate)
    enhanced = generator.enhanced(vectors.tensor("animated"), residual)
    made = {
        "animated": animated,
        "residual": target - vectors.tensor("animated"),
        "latent_y": latent,
        "latent_y_q": integers,
        "residual_hat": residual,
        "enhanced": enhanced,
        "refined": generator.refined(vectors.tensor("animated"), residual),
        "warped_residual": generator.warped_residual(residual, enhanced, base, current),
    }
    assert torch.equal(integers, integers.round())
    for name, found in made.items():
        assert difference(found, vectors.tensor(name)) <= TOLERANCE, name


def unsettled(generator: torch.nn.Module) -> torch.nn.Module:
    """Gains and medians that are not those of a fresh network, so that it shows where they are used."""
    draw = torch.Generator().manual_seed(11)
    for name, tensor in generator.named_parameters():
        if name.endswith(("gain", "quantiles")):
            tensor.copy_(torch.rand(tensor.shape, generator=draw) * 9 - 3)
    return generator


def published(coder: torch.nn.Module, residual: torch.Tensor, rate: int) -> torch.Tensor:
    """What the published programs decode: whole steps from the means that the hyper-latent tells."""
    gains = [table[rate].abs()[:, None, None] for table in (coder.gain, coder.inverse_gain)]
    hyper_gains = [table[rate].abs()[:, None, None] for table in (coder.hyper_gain, coder.inverse_hyper_gain)]
    median = coder.entropy_bottleneck.quantiles[:, 0, 1][:, None, None]
    y = coder.g_a(residual) * gains[0]
    z = coder.h_a(y) * hyper_gains[0]
    mean = coder.h_s((torch.round(z - median) + median) * hyper_gains[1]).chunk(2, dim=1)[1]
    return coder.g_s((torch.round(y - mean) + mean) * gains[1])


@pytest.mark.parametrize("vectors", files("rdac_residual_"))
@torch.inference_mode()
def test_residuals_are_coded_around_the_means_of_the_hyperprior(vectors):
    generator = unsettled(loaded(vectors).generator)
    animated, target = vectors.tensor("animated"), vectors.picture("driving")
    previous = vectors.tensor("residual_hat")
    for rate in range(vectors.meta["residual_coder"]["levels"]):
        first = published(generator.sdc, target - animated, rate)
        later = previous + 2 * published(generator.tdc, (target - animated - previous) / 2, rate)
        assert difference(generator.first_residual(target, animated, rate), first) <= TOLERANCE
        assert difference(generator.next_residual(target, animated, previous, rate), later) <= TOLERANCE


@pytest.mark.parametrize("vectors", files("rdac_residual_"))
@torch.inference_mode()
def test_statistics_for_an_entropy_coder(vectors):
    coder = loaded(vectors).generator.sdc
    latent = vectors.tensor("latent_y")
    hyper = coder.hyper_integers(latent, 2)
    assert torch.equal(hyper, hyper.round())
    scales, means = coder.statistics(hyper, 2)
    assert scales.shape == means.shape == latent.shape
    assert not torch.equal(scales, coder.statistics(hyper + 1, 2)[0])


def unfilled(variant: str) -> torch.nn.Module:
    with torch.device("meta"):
        return RDAC.modules["generator"](RDAC.variant(variant))


def test_keys_are_the_published_ones():
    same_keys(unfilled("abc"), keys_of("RDAC(ABC)/generator"))


@pytest.mark.parametrize(("variant", "count"), [("goluck", 47_771_805), ("abc-conditional", 50_810_192)])
def test_parameters_of_the_other_copies(variant, count):
    """Counts: ../shared/reference/generators.md, section 10.2."""
    assert sum(p.numel() for p in unfilled(variant).parameters()) == count


SMALL = {"size": 64, "inner": 64, "residual_features": 4, "residual_layers": 1, "levels": 2, "refinement": 2}


@torch.inference_mode()
def test_conditional_coders_look_at_their_condition():
    torch.manual_seed(7)
    generator = RDAC.build(RDAC.variant("abc-conditional", **SMALL)).generator
    target, animated, other, previous = torch.rand(4, 1, 3, 64, 64)
    for table in (generator.sdc.gain, generator.tdc.gain):
        table.fill_(50.0)
    first = generator.first_residual(target, animated, 1)
    # The same residual beside another animated picture.
    assert not torch.equal(generator.first_residual(target - animated + other, other, 1), first)
    later = generator.next_residual(target, animated, previous, 1)
    assert later.shape == target.shape
    assert not torch.equal(generator.next_residual(target, animated, first, 1), later)


def test_files_written_after_an_entropy_coder_was_set_up(tmp_path):
    """Its tables have sizes that the training decided; the networks do without them."""
    settings = RDAC.variant("abc", **SMALL)
    models = RDAC.build(settings)
    state = models.modules["generator"].state_dict()
    trained = {**state, "sdc.entropy_bottleneck._quantized_cdf": torch.zeros(4, 31, dtype=torch.int32)}
    torch.save({"generator": trained}, tmp_path / "rdac.pth")
    found = load_checkpoint("rdac", tmp_path / "rdac.pth", settings, modules=("generator",))
    again = found.modules["generator"].state_dict()
    assert all(torch.equal(again[key], value) for key, value in state.items())


@torch.inference_mode()
def test_what_a_conditional_coder_is_told_is_in_the_published_order():
    """A later residual is coded beside the residual before, then the animated picture."""
    torch.manual_seed(7)
    generator = unsettled(RDAC.build(RDAC.variant("abc-conditional", **SMALL)).generator)
    generator.tdc.g_a.inp.conv.weight[:, :3] = 0  # of the residual itself
    generator.tdc.g_a.inp.conv.weight[:, 6:] = 0
    generator.tdc.g_a_p.inp.conv.weight[:, 3:] = 0
    target, animated, other, previous = torch.rand(4, 1, 3, 64, 64)
    later = generator.next_residual(target, animated, previous, 1)
    assert torch.equal(generator.next_residual(target, other, previous, 1), later)
    assert not torch.equal(generator.next_residual(target, animated, other, 1) - other, later - previous)
