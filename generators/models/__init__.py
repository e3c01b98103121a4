"""The networks of the field, rebuilt: what a GenerativeNN of H.274 was in the papers that led to the message.

Each was published as a repository with weights somewhere else. Here they are written anew, from descriptions,
under the *same names of tensors*, so that weights made elsewhere load, strictly, and can be taken to ONNX. What
decodes a stream is the ONNX file (`generators.runtime`); this package is for those who train and export, and it
alone, with `generators.training`, imports torch. No weights are shipped: their licences are not ours.

=====================  ====================================================================================
``catalogue``          which architectures there are, in words; needs nothing
``layout``             how the parameters of each method are carried in GFV syntax; numpy only
``ranges``             what the whole numbers in settings may be
``blocks``             convolutions, hourglass, anti-aliasing: shared, each once
``geometry``           grids, heatmaps, points, warps: shared, each once
``architecture``       what an architecture is: settings, variants, and how its modules are built
``checkpoints``        loading published files, without trusting them
``export``             two ONNX graphs with a contract, checked against torch
``channels``           which channels of a network hang together
``pruning``            removing channels: soft while training, hard afterwards
``spreading``          the field of the generator ``warp``, in torch
``analysis_export``    the analysis model as a file of its own, for encoders
``requests``           what ``gfv models export`` is asked for: settings as text, weights, seeds
``detector``           pictures to points: FOMM, DAC, HDAC, MRDAC, RDAC
``dense_motion``       points to a field of motion: the same five
``residual_coder``     what RDAC codes beside GFV
``geometry3d``         ``geometry`` with a third axis: FV2V, as the next three
``blocks3d``           blocks for volumes
``head``               how a head is turned, where it is, what the face does
``spade``              the larger of FV2V's decoders
``spline``             thin-plate splines: TPS, as the next
``resnet``             ResNet-18
``fomm`` ...           one file per architecture
``representations``    parameters of a method as a row of numbers; numpy only
``translators``        rows of one method to rows of another: loading, training
``translator_export``  a translator as an ONNX graph with a contract
=====================  ====================================================================================

**An architecture is used in two halves.** The *analysis* model turns a picture into its parameters, at the
encoder, and at the decoder where a base message carries none. The *generator* turns base picture, base
parameters and current parameters into the current picture; what depends on the base picture alone is a method
of its own, ``encode_base``, so it is done once per base picture, and ``generate`` does the rest. Parameters
travel between the halves as dictionaries of tensors whose names are those of the method's `layout.Profile`.

**Variants.** The same weights load into copies of the code that compute something else (align_corners, the
use of Jacobians, how pictures are made smaller). All of that is settings here, and each published copy is a
named set of them, `architecture.Architecture.variants`. Which copy a checkpoint belongs to cannot be seen in
the file: whoever loads it has to say.

**Adding one:** a file with settings, modules and a constant ``ARCHITECTURE``, and its entry in `catalogue`.

Importing this package imports no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generators.errors import ModelError
from generators.models.catalogue import CATALOGUE
from generators.needing import needing
from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from generators.models.architecture import Architecture as Architecture
    from generators.models.architecture import Models as Models
    from generators.models.checkpoints import load_checkpoint as load_checkpoint

ARCHITECTURES = tuple(CATALOGUE)
"""Names of architectures: each is a module of this package with a constant ``ARCHITECTURE``."""


def find_architecture(name: str) -> Architecture:
    """The architecture of that name.

    Raises:
        ModelError: there is none, or torch is not installed.
    """
    if name not in ARCHITECTURES:
        raise ModelError(f"no architecture is called {name!r}", allowed=", ".join(ARCHITECTURES))
    with needing(f"the architecture {name!r}", "train"):
        found: Architecture = import_module(f"{__name__}.{name}").ARCHITECTURE
    return found


__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "architecture": ("Architecture", "Models"),
        "checkpoints": ("load_checkpoint",),
    },
    "ARCHITECTURES",
    "find_architecture",
)
