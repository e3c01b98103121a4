"""The networks of the field, rebuilt: the GenerativeNNs of the papers that led to the GFV message.

Each network was published as a repository, with its weights in another place. Here the networks are written anew from
descriptions, with the *same names of tensors*. So published weights load strictly and can be exported to ONNX. A stream
is decoded with the ONNX file (`generators.runtime`). This package is for training and export. Only this package and
`generators.training` import torch. No weights are included, because none that were available may be redistributed.

=====================  ====================================================================================
``catalogue``          the architectures, in words; needs nothing
``layout``             how the parameters of each method are carried in GFV syntax; numpy only
``ranges``             the allowed ranges of whole numbers in settings
``settings``           settings that FOMM and its descendants share
``blocks``             convolutions, hourglass, anti-aliasing: shared, each once
``geometry``           grids, heatmaps, points, warps: shared, each once
``architecture``       what an architecture is: settings, variants, and how its modules are built
``checkpoints``        loading published files, without trusting them
``export``             two ONNX graphs with a contract, checked against torch
``channels``           which channels of a network depend on each other
``pruning``            removing channels: soft while training, hard afterwards
``spreading``          the field of the generator ``warp``, in torch
``analysis_export``    the analysis model as a file of its own, for encoders
``requests``           the requests of ``gfv models export``: settings as text, weights, seeds
``detector``           pictures to points: FOMM, DAC, HDAC, MRDAC, RDAC
``dense_motion``       points to a field of motion: the same five
``animation``          base picture and motion to the current picture: FOMM and its descendants
``residual_coder``     what RDAC codes beside GFV
``geometry3d``         ``geometry`` with a third axis: for FV2V, like the next three
``blocks3d``           blocks for volumes
``head``               the rotation, the position and the expression of a head
``spade``              the larger of FV2V's two decoders
``spline``             thin-plate splines: for TPS, like the next
``resnet``             ResNet-18
``fomm`` ...           one file per architecture
``representations``    parameters of a method as a row of numbers; numpy only
``translators``        rows of one method to rows of another: loading, training
``translator_export``  a translator as an ONNX graph with a contract
``relative``           relative motion: the movement of one face, transferred to another; numpy only
=====================  ====================================================================================

**An architecture has two halves.** The *analysis* model computes the parameters of a picture. It runs at the encoder,
and at the decoder if a base message carries no parameters. The *generator* computes the current picture from the base
picture, its parameters and the current parameters. The part that depends only on the base picture is a separate method,
``encode_base``, which runs once per base picture. ``generate`` does the rest. Parameters travel between the halves as
dictionaries of tensors, with the names of the method's `layout.Profile`.

**Variants.** The same weights load into copies of the code that compute different things (align_corners, the use of
Jacobians, the way to make pictures smaller). Here all of these are settings, and each published copy is a named set of
them, `architecture.Architecture.variants`. A checkpoint does not show which copy it belongs to, so the user has to name
it.

**To add an architecture,** write a file with settings, modules and a constant ``ARCHITECTURE``, and add its entry to
`catalogue`.

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
