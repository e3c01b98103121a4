"""Generators: from a base picture and a few dozen numbers to a face picture, and back to the numbers.

A GFV stream (H.274, generative face video SEI) says two things: *this* coded picture is the base picture,
and for every further picture *these* are its facial parameters. It does not say how a picture is made of
them; the standard leaves GenerativeNN to the application. This package is that application's half, in
layers of which each knows only those above it in this list (``registry`` also the names in ``models.catalogue``):

===================  =====================================================================================
``errors``           ``ContractError``, ``ParameterError``, ``ModelError``: all of them ``gfv_sei.GfvError``
``needing``          what to say where an optional package is not there
``choices``          the words by which users choose how a stream is played
``parameters``       ``FaceParameters``: the ``values`` of a JSON record as arrays
``pictures``         8-bit pixels to the planes that networks take, and back
``quality``          PSNR in RGB and luma
``roles``            what networks are for, and what their inputs and outputs are
``soundness``        whether a contract makes sense by itself
``contract``         what a network takes and gives, and that description as JSON
``spline``           thin-plate splines, solved outside of a network's graph
``preparations``     what contracts may ask to be computed of the parameters, by name
``checking``         contract against graph and stream, every mismatch at once
``model_file``       reading ONNX files without trusting them; the contract inside or beside them
``patience``         runs of onnxruntime that the clock or Ctrl-C ends
``sessions``         onnxruntime on one graph
``feeding``          what a stream says to tensors and back, by role
``runtime``          the decoder's three networks; ``Generator``: ``set_base`` once, ``generate`` per picture
``analysis``         the encoder's network: pictures to parameters
``warp``             the generator that needs no training, as an ONNX graph built here
``registry``         names of generators; ``load_generator``, ``load_analyser``, ...
``nnr``              the units of a network that a stream carries (ISO/IEC 15938-17)
``known``            the user's own list of files for networks that streams name
``choosing``         the translator that fits between a stream and a generator
``signalled``        the networks that a stream names or carries
``face_region``      where the face is
``points``           which points of the base picture to follow
``refinement``       moving points so that the warped picture comes nearer to the real one
``tracking``         ``FaceTracker``: the encoder's side
``pipeline``         a video to a stream and back
``play``             a stream played in a browser
``models``           the published networks in torch, and ours: load their weights, export them to ONNX, prune them
``training``         generators that learn from a folder of clips
``macs``             arithmetic and weights of a network, counted in its graph
``observed``         a ``Generator`` that is watched at work
``quantisation``     models in 16-bit floating point and in 8-bit integers
``calibrating``      examples to find the ranges of those integers on, from clips of faces
``bench``            milliseconds per picture, and what the machine could do
``parameter_coder``  the GFVC software's coder of parameters, only to compare rates with published figures
``report_pictures``  generated pictures for the page of ``gfv inspect --format html``
``commands``         encode, decode, play, models, doctor: one module per command
``demo``             ``make demo``
===================  =====================================================================================

**Why a contract.** A network file says ``input_3: float32 [1, 10, 2]`` and nothing more. Whether these are
the points of the base picture or of the current one, whether pixels go from 0 to 1 or from -1 to 1, which
matrix type is which: this stands in the heads of those who trained it, and a wrong guess gives a plausible,
wrong picture. So each network carries a `contract.Contract`, and it is compared, before the first picture,
with the graph as it is and with the stream as it is, in the words of the syntax (``gfv_num_kps_minus1``).

**Why a warp as the default.** It needs no weights, so nothing about it depends on a licence, a download or
a training set; it works with any number of points at any picture size; it is deterministic; and it follows
the head well enough to see at once that a stream carries the right numbers. It cannot show what the base
picture does not (teeth behind closed lips). Networks that can are loaded through the same contract.

**What a stream can make this package do:** nothing but arithmetic. A stream names networks by URI or
carries them (``gfv_nn_uri``, ``gfv_nn_payload_byte``). A URI is looked up in the user's own list of files
(``gfv models register``), whose sha256 has to be right, and never fetched; bytes are written out on request, and
never run. Model files are those that the user names, and of these the ones that would read other files (external tensor
data) are refused. A network that comes to no end is stopped.

Importing this package imports no numpy, onnxruntime or OpenCV. Each public name is found on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from generators.analysis import Analyser as Analyser
    from generators.checking import StreamFacts as StreamFacts
    from generators.contract import Contract as Contract
    from generators.errors import ContractError as ContractError
    from generators.errors import ModelError as ModelError
    from generators.errors import ParameterError as ParameterError
    from generators.parameters import FaceParameters as FaceParameters
    from generators.registry import known_generators as known_generators
    from generators.registry import load_analyser as load_analyser
    from generators.registry import load_enhancer as load_enhancer
    from generators.registry import load_generator as load_generator
    from generators.registry import load_translator as load_translator
    from generators.runtime import Enhancer as Enhancer
    from generators.runtime import Generator as Generator
    from generators.runtime import Translator as Translator
    from generators.tracking import FaceTracker as FaceTracker

__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "analysis": ("Analyser",),
        "checking": ("StreamFacts",),
        "contract": ("Contract",),
        "errors": ("ContractError", "ModelError", "ParameterError"),
        "parameters": ("FaceParameters",),
        "registry": ("known_generators", "load_analyser", "load_enhancer", "load_generator", "load_translator"),
        "runtime": ("Enhancer", "Generator", "Translator"),
        "tracking": ("FaceTracker",),
    },
)
